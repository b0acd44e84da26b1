"""Pairing by name: which published file came from which original.

Names are compared in Unicode NFC, with ``%20`` and the like decoded, and without regard to case
where nothing of exact case fits.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from genlabel.model.dataclass import dataclass
from genlabel.model.expression import expression
from genlabel.model.report import Trouble
from genlabel.model.results import MatchedBy
from genlabel.storage.names import composed
from genlabel.storage.selection import Found


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A published file and its original; one of them may be missing."""

    published: Path | None
    """None: the original was not published, and all its marks count as lost."""
    original: Path | None
    """None: nothing is known to compare with."""
    matched_by: MatchedBy | None = None
    candidates: tuple[Path, ...] = ()
    """Several originals that fit equally; then none is chosen."""
    is_sought: bool = False
    """Was an original looked for, and none found?"""
    trouble: Trouble | None = None
    """Why its original could not be looked for."""


_SIZES = expression(
    r"(?:[-_.]\d{1,5}x\d{1,5}|[-_](?:\d{2,5}x|x\d{2,5})|-e\d{10,13}|@\d(?:\.\d+)?x|[-_.]\d{2,5}[wh]|[-_]\d{3,4}|[-_.]min|-scaled)$",
    re.IGNORECASE,
)
"""What WordPress, Shopify, srcset generators and minifiers put behind a name."""
_HASH = expression(
    r"[-_.](?:(?=[^\W_]*\d)[0-9a-f]{6,64}"
    r"|(?=[\w-]*\d)(?=[\w-]*[A-Z])[\w-]{8}"
    r"|(?=[\w-]*(?:\d|[a-z][A-Z]))[\w-]{8}_[0-9A-Za-z]{5,6})$"
)
"""What bundlers put behind a name: hexadecimal digits, or Vite's eight of base64, behind which
Astro puts six more for what it made of the picture."""

_CUTS = 3
"""Most sizes and hashes that are cut from one name."""


def _without_suffix(path: PurePosixPath) -> PurePosixPath:
    stem = path.name.removesuffix(path.suffix)
    return path.with_name(stem) if stem.strip(".") else path  # "." names no file


def _keys(path: PurePosixPath) -> Iterator[tuple[MatchedBy, PurePosixPath]]:
    """What is compared of a published file, in this order: its path; that without suffix; without
    one size or content hash after the other, which stand behind each other in any order; the same
    without what was asked of a server, ``?w=640``, as downloads keep it in their names."""
    yield MatchedBy.PATH, path
    stems = [_without_suffix(path)]
    yield MatchedBy.NAME, stems[0]
    hashed = set[PurePosixPath]()
    for _ in range(_CUTS):
        shorter = dict[PurePosixPath, bool]()
        for pattern in (_SIZES, _HASH):
            for stem in stems:
                cut = _cut(pattern, stem)
                if cut is not None:
                    shorter.setdefault(cut, pattern is _HASH or stem in hashed)
        hashed.update(each for each, was_hashed in shorter.items() if was_hashed)
        for each, was_hashed in shorter.items():
            yield MatchedBy.CONTENT_HASH if was_hashed else MatchedBy.SIZE_SUFFIX, each
        stems = list(shorter)
    asked = path.name.partition("?")[0]
    if asked not in (path.name, "", ".", ".."):
        for how, key in _keys(path.parent / asked):
            whole = how in (MatchedBy.PATH, MatchedBy.NAME)
            yield MatchedBy.SIZE_SUFFIX if whole else how, key


def _cut(pattern: re.Pattern[str], stem: PurePosixPath) -> PurePosixPath | None:
    """`stem` without what `pattern` finds at its end; None where that is nothing, or all."""
    shorter = pattern.sub("", stem.name)
    if shorter in ("", ".", "..") or shorter == stem.name:
        return None
    return stem.parent / shorter


class ByName:
    """Originals by their names, to be asked for each published file."""

    def __init__(self, originals: Sequence[Found], *, anywhere: bool = False) -> None:
        """With `anywhere` the directories that files lie in do not count."""
        self._anywhere = anywhere
        self._exact: dict[tuple[bool, PurePosixPath], list[Path]] = defaultdict(list)
        self._folded: dict[tuple[bool, PurePosixPath], list[Path]] = defaultdict(list)
        self._as_written = {each.relative: each.path for each in originals}
        for each in originals:
            place = self._place(each)
            for whole, key in ((True, place), (False, _without_suffix(place))):
                self._exact[whole, key].append(each.path)
                self._folded[whole, _folded(key)].append(each.path)

    def pair(self, published: Found) -> Pair:
        """`published` with its original, or with the candidates that fit equally, or alone."""
        written = None if self._anywhere else self._as_written.get(published.relative)
        if written is not None:
            return chosen(published.path, [written], MatchedBy.PATH)
        place = self._place(published)
        for stage, key in _keys(place):
            # what a converter calls cat.png.webp was made of cat.png
            wholes = (True,) if stage is MatchedBy.PATH else (False, True)
            for whole in wholes:
                fitting = self._exact.get((whole, key)) or self._folded.get(
                    (whole, _folded(key)), []
                )
                if fitting:
                    how = MatchedBy.FILE_NAME if self._anywhere else stage
                    return chosen(published.path, fitting, how)
        return Pair(published=published.path, original=None)

    def _place(self, found: Found) -> PurePosixPath:
        """Where it lies below its argument, as names are compared."""
        place = composed(PurePosixPath(unquote(str(found.relative))))
        return PurePosixPath(place.name) if self._anywhere else place


def chosen(published: Path, fitting: Sequence[Path], how: MatchedBy) -> Pair:
    """The pair that the one fitting original makes; of several none is chosen."""
    if len(fitting) == 1:
        return Pair(published=published, original=fitting[0], matched_by=how)
    return Pair(published=published, original=None, candidates=tuple(fitting))


def _folded(path: PurePosixPath) -> PurePosixPath:
    return PurePosixPath(str(path).casefold())
