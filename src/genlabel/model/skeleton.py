"""Names that look alike: the skeleton of a text (Unicode Technical Standard 39, section 4).

The table (`confusables.txt` beside this module) names its Unicode version and its licence.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path

from genlabel.model.escape import IGNORABLE
from genlabel.model.expression import expression

MAX_NAME = 512
"""Most characters of a name that is compared; certificates hold 64."""

_NOTHING = expression(f"[{IGNORABLE}]+")


def skeleton(text: str) -> str:
    """What `text` looks like: equal for two texts that differ in confusable characters only.

    Wide and other compatibility forms count as their letters, which the standard leaves open.
    """
    plain = _NOTHING.sub("", unicodedata.normalize("NFKD", text))
    return unicodedata.normalize("NFKD", plain.translate(_prototypes()))


def looks_like(name: str, trusted: Iterable[str]) -> str | None:
    """The first of the `trusted` names that `name` looks like and is not; None for none."""
    known = frozenset(trusted)
    if name in known or len(name) > MAX_NAME:
        return None
    return _looks_like(name, known)


@lru_cache(maxsize=256)  # the files of one maker name the same ones
def _looks_like(name: str, known: frozenset[str]) -> str | None:
    own, composed = skeleton(name), unicodedata.normalize("NFC", name)
    alike = (each for each in sorted(known) if _skeleton_of_known(each) == own)
    return next((each for each in alike if unicodedata.normalize("NFC", each) != composed), None)


@cache
def _prototypes() -> Mapping[int, str]:
    rows = dict(_rows(Path(__file__).with_name("confusables.txt").read_text("ascii")))
    return {source: _settled(shape, rows) for source, shape in rows.items()}


def _settled(shape: str, rows: Mapping[int, str]) -> str:
    """A prototype whose compatibility forms are prototypes, too: per cent is ``o/O``."""
    for _ in range(4):
        shape = unicodedata.normalize("NFKD", shape).translate(rows)
    return shape


def _rows(table: str) -> Iterator[tuple[int, str]]:
    for line in table.splitlines():
        prototype, separator, sources = line.partition(";")
        if separator and not line.startswith("#"):
            shape = "".join(chr(int(each, 16)) for each in prototype.split())
            yield from ((int(each, 16), shape) for each in sources.split())


@cache
def _skeleton_of_known(name: str) -> str:
    """Of names that the user chose, which are few."""
    return skeleton(name)
