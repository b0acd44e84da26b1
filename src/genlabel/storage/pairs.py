"""Pairing: which published file came from which original."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from genlabel.model.errors import ConfigurationError
from genlabel.storage.names import composed
from genlabel.storage.selection import Expansion, Found


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A published file and its original; one of them may be missing."""

    published: Path | None
    """None: the original was not published, and all its marks count as lost."""
    original: Path | None
    """None: nothing is known to compare with."""


def pairs(
    published: Expansion, originals: Expansion | None, *, one: bool
) -> tuple[tuple[Pair, ...], tuple[tuple[Path, OSError], ...]]:
    """Every published file, with its original where there are `originals`, and what could not be
    looked into. Otherwise as `pair`."""
    if originals is None:
        alone = tuple(Pair(published=each.path, original=None) for each in published.files)
        return alone, published.unreadable
    paired = pair(published.files, originals.files, one=one)
    return paired, (*published.unreadable, *originals.unreadable)


def pair(
    published: Sequence[Found], originals: Sequence[Found], *, one: bool = False
) -> tuple[Pair, ...]:
    """Each published file with its original, then the originals that nothing came of.

    With `one`, a single file against a single file, whatever they are called. Otherwise by the path
    below their arguments: the same name first, then the same name in NFC, then without suffix,
    because publication converts. Raises `ConfigurationError` when that does not say which one is
    meant.
    """
    if one:
        if len(published) != 1 or len(originals) != 1:
            raise ConfigurationError(
                f"--against: one original for {len(published)} published files",
                remedy="give a directory of originals, or one published file",
            )
        return (Pair(published=published[0].path, original=originals[0].path),)
    by_name = {each.relative: each for each in originals}
    composed_names, stems = _listed(originals, PurePosixPath), _listed(originals, _stem)
    used: set[Path] = set()
    pairs: list[Pair] = []
    for each in published:
        original = (
            by_name.get(each.relative)
            or _only(each, composed_names[composed(each.relative)])
            or _only(each, stems[composed(_stem(each.relative))])
        )
        if original is not None:
            used.add(original.path)
        pairs.append(Pair(published=each.path, original=original.path if original else None))
    pairs.extend(
        Pair(published=None, original=each.path) for each in originals if each.path not in used
    )
    return tuple(pairs)


def _listed(
    files: Sequence[Found], name: Callable[[PurePosixPath], PurePosixPath]
) -> defaultdict[PurePosixPath, list[Found]]:
    """The files by what `name` makes of their paths, in NFC."""
    by_name: defaultdict[PurePosixPath, list[Found]] = defaultdict(list)
    for each in files:
        by_name[composed(name(each.relative))].append(each)
    return by_name


def _stem(path: PurePosixPath) -> PurePosixPath:
    return path.with_suffix("") if path.suffix else path


def _only(published: Found, candidates: Sequence[Found]) -> Found | None:
    if len(candidates) > 1:
        names = ", ".join(str(each.relative) for each in candidates)
        raise ConfigurationError(
            f"{published.path}: several originals could be its own ({names})",
            remedy="check it alone, with --against FILE",
        )
    return candidates[0] if candidates else None
