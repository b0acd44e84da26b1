"""For your own tests: a throw-away authority, drawn pictures and the trust that goes with them.

    authority = testing.Authority.new("Acme Studio")
    signed = genlabel.sign(testing.picture("png"), label, authority.signer())
    report = genlabel.verify(signed.data, trust=testing.trust(authority))

Nothing here is for publishing: no trust list knows such an authority.
"""

from __future__ import annotations

from genlabel.credentials.authority import Authority
from genlabel.pixels.draw import example, picture
from genlabel.trust import Trust

__all__ = ["Authority", "example", "picture", "trust"]


def trust(*authorities: Authority) -> Trust:
    """The trust under which what these authorities sign is by a known signer or identity."""
    return Trust.of(
        signers=[each.anchors for each in authorities if not each.identity],
        identity=[each.anchors for each in authorities if each.identity],
    )
