"""What the nearest configuration file may not do, since a stranger may have made its folder.

Whom it trusts is said in its own name ("known by this folder's keys/anchors.pem"), beside what the
reader trusts and never in place of it; what would ask the network is not heard at all. A file that
``--config`` or ``GENLABEL_CONFIG`` names speaks for the reader.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from genlabel.cli.settings.values import Layer, Rank, Setting
from genlabel.model.report import TrustLevel
from genlabel.model.words.sentences import FOLDER

if TYPE_CHECKING:
    from genlabel.credentials.trust import Trust
    from genlabel.credentials.trust.anchors import Anchors

ASKING = ("time.authorities", "signer.ocsp")
"""Settings that cause requests."""
_TRUSTING = ("trust.signers", "trust.tsa", "trust.identity", "trust.lists")
ADDING = ("verify.policy",)
"""Settings that add to what the reader asks, and take nothing away."""
_END = b"-----END CERTIFICATE-----"


def parted(layer: Layer) -> tuple[Layer, Layer, tuple[str, ...]]:
    """What a nearest file sets for the reader, whom it trusts itself, and what is not heard.

    The rule books that it names are added to those of the reader.
    """
    own = {name: each for name, each in layer.items() if name in (*_TRUSTING, *ADDING)}
    unheard = tuple(
        f"{layer[name].origin}: {name}: asks the network, which only your own file may, or one "
        "that --config names: it is not asked"
        for name in ASKING
        if name in layer and layer[name].value
    )
    rest = {name: each for name, each in layer.items() if name not in (*own, *ASKING)}
    return rest, own, unheard


def with_folder(trust: Trust, folder: Layer, values: Mapping[str, Setting]) -> Trust:
    """`trust` and behind it what `folder` trusts, in the folder's name.

    What an option or a variable among `values` sets takes the place of it. Raises `TrustError`.
    """
    from genlabel.credentials.trust import Trust

    known = {(each.kind, pem) for each in trust.entries for pem in _certificates(each.pem)}
    entries = list(trust.entries)
    for name, setting in folder.items():
        if name in ADDING or (name in values and values[name].rank > Rank.PROJECT):
            continue
        for item in setting.value if isinstance(setting.value, tuple) else ():
            kind, is_file, place = _kind_of(name, str(item))
            if not is_file:  # a list that the reader keeps speaks for itself
                entries += Trust.of(lists=[place]).entries
                continue
            said = FOLDER + _seen_from_here(Path(place), Path(setting.origin))
            for each in Trust.of(lists=[(kind, Path(place))]).entries:
                fresh = [pem for pem in _certificates(each.pem) if (each.kind, pem) not in known]
                known.update((each.kind, pem) for pem in fresh)
                if fresh:
                    entries.append(_renamed(each, said, fresh, len(entries)))
    return replace(trust, entries=tuple(entries))


def _kind_of(name: str, item: str) -> tuple[str, bool, str]:
    """What a setting's item vouches for, whether it is a file, and where or what it is."""
    if name != "trust.lists":
        return name.partition(".")[2].removesuffix("s"), True, item
    kind, sign, place = item.partition("=")
    return kind, bool(sign), place or item


def _renamed(anchors: Anchors, said: str, certificates: list[bytes], number: int) -> Anchors:
    return replace(
        anchors,
        name=said,
        level=TrustLevel.KNOWN,  # no folder says what a published list says
        c2pa=False,
        pem=b"".join(certificates),
        count=len(certificates),
        uri=f"genlabel:folder:{number}",
    )


def _certificates(pem: bytes) -> Iterator[bytes]:
    *whole, _ = pem.split(_END)
    for each in whole:
        yield each.strip() + b"\n" + _END + b"\n"


def _seen_from_here(place: Path, file: Path) -> str:
    """The path of a list below the folder of the file that names it, or from where one stands."""
    folder = file.absolute().parent
    if not place.is_relative_to(folder) or not Path.cwd().is_relative_to(folder):
        return str(place)
    return Path(os.path.relpath(place)).as_posix()
