"""For your own tests: a throw-away authority, drawn pictures and the trust that goes with them.

    authority = testing.Authority.new("Acme Studio")
    signed = genlabel.sign(testing.picture("png"), label, authority.signer())
    report = genlabel.verify(signed.data, trust=testing.trust(authority))

Time-stamps, too, without any network but this machine's own:

    clock = testing.TimeAuthority.new()
    with testing.time_server(clock) as url:
        signed = genlabel.sign(testing.picture("png"), label, authority.signer(), tsa=url)
    report = genlabel.verify(signed.data, trust=testing.trust(authority, tsa=[clock]))

Nothing here is for publishing: no trust list knows such an authority.
"""

from __future__ import annotations

from collections.abc import Iterable

from genlabel.credentials.development_ca import Authority
from genlabel.credentials.timestamps.development_tsa import TimeAuthority, time_server
from genlabel.credentials.trust import Trust
from genlabel.pixels.draw import example, picture

__all__ = ["Authority", "TimeAuthority", "example", "picture", "time_server", "trust"]


def trust(*authorities: Authority, tsa: Iterable[TimeAuthority] = ()) -> Trust:
    """The trust under which what these authorities sign is by a known signer or identity.

    And under which the time-stamps of `tsa` prove something.
    """
    return Trust.of(
        signers=[each.anchors for each in authorities if not each.identity],
        identity=[each.anchors for each in authorities if each.identity],
        tsa=[each.anchors for each in tsa],
    )
