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
from pathlib import Path

from genlabel.credentials.development_ca import Authority
from genlabel.credentials.timestamps.development_tsa import TimeAuthority, time_server
from genlabel.credentials.trust import Trust
from genlabel.model.errors import ConfigurationError
from genlabel.pixels.draw import example, picture
from genlabel.pixels.samples import samples as drawn_samples
from genlabel.storage import write_atomically

__all__ = ["Authority", "TimeAuthority", "example", "picture", "samples", "time_server", "trust"]


def trust(*authorities: Authority, tsa: Iterable[TimeAuthority] = ()) -> Trust:
    """The trust under which what these authorities sign is by a known signer or identity.

    And under which the time-stamps of `tsa` prove something.
    """
    return Trust.of(
        signers=[each.anchors for each in authorities if not each.identity],
        identity=[each.anchors for each in authorities if each.identity],
        tsa=[each.anchors for each in tsa],
    )


def samples(folder: str | Path) -> tuple[Path, ...]:
    """Write the files with which the documentation works into `folder`, as `genlabel demo` does.

    They are drawn here and are in nobody's way: what is there already stays as it is, and another
    file under one of their names raises `ConfigurationError` before anything is written. Gives all
    their paths.
    """
    wanted = {Path(folder, name): content for name, content in drawn_samples()}
    for path, content in wanted.items():
        if path.is_symlink() or (path.exists() and not _is_same(path, content)):
            raise ConfigurationError(
                f"{path}: is there already and something else", remedy="name another directory"
            )
    for path, content in wanted.items():
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(path, content, fsync=False)
    return tuple(wanted)


def _is_same(path: Path, content: bytes) -> bool:
    return path.is_file() and path.stat().st_size == len(content) and path.read_bytes() == content
