"""Pairing: which published file came from which original, by name, by identifier, by picture.

Published files and originals are read only where names do not say which belong together.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import KW_ONLY, replace
from pathlib import Path
from typing import TypeVar

from genlabel import formats
from genlabel.manifests.store import ancestry, manifest_store
from genlabel.manifests.store.cbor import Unreadable
from genlabel.metadata.xmp import identifiers
from genlabel.model.cached_property import cached_property
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import ConfigurationError, GenlabelError
from genlabel.model.report import Trouble
from genlabel.model.results import ALONE, MatchedBy, StripReport
from genlabel.operations.beside import read_asset
from genlabel.operations.strip_check import by_picture
from genlabel.operations.strip_check.by_picture import ByPicture
from genlabel.storage import ByName, Expansion, Found, Pair, batch, chosen

Item = TypeVar("Item")
Result = TypeVar("Result")

Unopened = tuple[tuple[Path, OSError], ...]
"""What could not be looked into."""


def pairs(
    published: Expansion,
    originals: Expansion | None,
    *,
    one: bool,
    found: Callable[[], object] = lambda: None,
    jobs: int = 1,
    loading: Sequence[str] | None = None,
) -> tuple[tuple[Pair, ...], Unopened]:
    """Every published file, with its original where there are `originals`; then the originals that
    nothing came of, if whole directories were published.

    With `one` the original was named, and belongs to all of them whatever they are called. A pair
    with `candidates` is one that cannot be told. `found` is called after each that was looked for.
    What only its picture tells is looked for `jobs` at a time; for `loading` see `batch.reports`.
    Raises `ConfigurationError` where no original is, or nothing that was published but the
    originals themselves.
    """
    if originals is None:
        alone = tuple(Pair(published=each.path, original=None) for each in published.files)
        return alone, published.unreadable
    unreadable = (*published.unreadable, *originals.unreadable)
    if one:
        return _with_one(published.files, originals.files), unreadable
    public, own = _told_apart(published.files, originals.files)
    shared = jobs > 1 and bool(published.shared and originals.shared)
    paired = _paired(public, own, found, _Several(jobs, loading, is_shared=shared))
    _none_is_an_original(public, paired, originals.files)
    paired = [replace(each, is_sought=each.original is None) for each in paired]
    if published.files and all(each.named for each in published.files):
        return tuple(paired), unreadable
    used = {each.original for each in paired}.union(*(each.candidates for each in paired))
    left = (each.path for each in own if each.path not in used)
    return (*paired, *(Pair(published=None, original=each) for each in left)), unreadable


def settled(pair: Pair) -> Pair:
    """`pair`, if it is known which original is meant; else raises `ConfigurationError`, or
    `GenlabelError` where it could not be looked for."""
    if pair.trouble is not None:
        raise GenlabelError(
            f"{pair.published}: its original could not be looked for ({pair.trouble.message})",
            remedy=pair.trouble.remedy,
        )
    if not pair.candidates:
        return pair
    names = ", ".join(map(str, pair.candidates))
    raise ConfigurationError(
        f"{pair.published}: several originals could be its own ({names})",
        remedy="check it alone, with --against FILE",
    )


def with_pair(report: StripReport, pair: Pair) -> StripReport:
    """The report on the files of `pair`, with how they were found; or that no original was."""
    if not pair.is_sought:
        return replace(report, matched_by=pair.matched_by)
    findings = (
        replace(each, explanation=_NONE_FOUND) if each.code == ALONE else each
        for each in report.findings
    )
    return replace(report, findings=tuple(findings))


_NONE_FOUND = (
    "no original was found for it, by its name, identifiers or picture: what was lost cannot be "
    "told"
)


def _told_apart(
    published: Sequence[Found], originals: Sequence[Found]
) -> tuple[Sequence[Found], Sequence[Found]]:
    """Both without what is in both: no file is its own original.

    Originals that lie in the folder that was published are not published; otherwise what was
    published lies among the originals, and is none.
    """
    places = [
        {_place(each.path): each for each in files if not each.is_stdin}
        for files in (published, originals)
    ]
    both = places[0].keys() & places[1].keys()
    if not both:
        return published, originals
    if both < places[1].keys():
        return published, [each for place, each in places[1].items() if place not in both]
    left = [each for each in published if _place(each.path) not in both]
    itself = next((places[0][place] for place in both if places[0][place].named), None)
    if itself is not None or not left:
        raise _is_the_original((itself or published[0]).path)
    return left, originals


def _none_is_an_original(
    public: Sequence[Found], paired: Sequence[Pair], originals: Sequence[Found]
) -> None:
    """Raise `ConfigurationError` for an original that was named as published among the others: it
    has a label, and not that of another."""
    among = {_place(each.path) for each in originals}
    for found, pair in zip(public, paired, strict=True):
        surely = pair.original is not None and pair.matched_by is not MatchedBy.PICTURE
        if (
            surely
            or pair.candidates
            or pair.trouble
            or not found.named
            or _place(found.path) not in among
        ):
            continue
        if _Identified.of(found.path).active:
            raise _is_the_original(found.path)


def _is_the_original(path: Path) -> ConfigurationError:
    return ConfigurationError(
        f"--against: {path} is the original itself",
        remedy="name what was published, and with --against what it was made from",
    )


def _place(path: Path) -> str:
    """Where a file lies; one that is a link to another is a file of its own."""
    folder, name = os.path.split(path)
    return os.path.join(os.path.realpath(folder), name)  # noqa: PTH118  names alone


def _with_one(published: Sequence[Found], originals: Sequence[Found]) -> tuple[Pair, ...]:
    if len(originals) != 1:
        raise ConfigurationError(
            "--against: no picture is there", remedy="name the labelled original, or its directory"
        )
    original = originals[0].path
    return tuple(
        Pair(published=each.path, original=original, matched_by=MatchedBy.ARGUMENT)
        for each in published
    )


@dataclass(frozen=True, slots=True)
class _Several:
    """How many files are worked on at a time, and by whom."""

    jobs: int
    loading: Sequence[str] | None
    _: KW_ONLY
    is_shared: bool
    """May other processes work on them?"""

    def done(
        self,
        items: Sequence[Item],
        work: Callable[[Item], Result],
        failed: Callable[[Item | Path, Trouble], Result],
    ) -> Iterator[Result]:
        """What `work` makes of each, in order."""
        expected = len(items) if self.is_shared else 0
        loading = self.loading if self.is_shared else None
        return batch.reports(
            items, work, failed=failed, jobs=self.jobs, expected=expected, loading=loading
        )


def _paired(
    public: Sequence[Found],
    originals: Sequence[Found],
    found: Callable[[], object],
    several: _Several,
) -> list[Pair]:
    """Each of `public` with its original; `found` is called after each that was looked for."""
    search = _Search(originals)
    paired = []
    left = list[int]()
    for number, each in enumerate(public):
        paired.append(search.pair(each))
        if paired[-1].original is None:
            left.append(number)
        else:
            found()
    if not any(by_picture.sought_in(public[number].path) for number in left):
        for _ in left:
            found()
        return paired
    places = [each.path for each in originals]
    shown = zip(places, several.done(places, by_picture.shown, lambda *_: None), strict=True)
    by_what_is_shown = ByPicture({path: each for path, each in shown if each is not None})
    answers = several.done([paired[number] for number in left], by_what_is_shown, _not_looked_for)
    for number, pair in zip(left, answers, strict=True):
        paired[number] = pair
        found()
    return paired


def _not_looked_for(pair: Pair | Path, trouble: Trouble) -> Pair:
    assert isinstance(pair, Pair)
    return replace(pair, trouble=trouble)


class _Search:
    """The originals, asked by names and identifiers until one of them fits."""

    def __init__(self, originals: Sequence[Found]) -> None:
        self._originals = originals
        self._by_path = ByName(originals)

    def pair(self, published: Found) -> Pair:
        """`published` with its original; with candidates if several fit, and nothing else tells."""
        pair = self._by_path.pair(published)
        for way in (self._by_identifiers, self._by_file_name):
            if pair.original is not None:
                return pair
            pair = way(published, pair)
        return pair

    def _by_identifiers(self, published: Found, pair: Pair) -> Pair:
        """By what survived in the file: a manifest of the original's, or an identifier of it."""
        mine = _Identified.of(published.path)
        for how, index, wanted in (
            (MatchedBy.MANIFEST, self._by_manifest, mine.manifests),
            (MatchedBy.INSTANCE, self._by_instance, mine.instances),
        ):
            fitting = _fitting(index, wanted, pair.candidates)
            if fitting:
                return chosen(published.path, fitting, how)
        return pair

    def _by_file_name(self, published: Found, pair: Pair) -> Pair:
        return pair if pair.candidates else self._by_name.pair(published)

    @cached_property
    def _by_name(self) -> ByName:
        return ByName(self._originals, anywhere=True)

    @cached_property
    def _identified(self) -> Mapping[Path, _Identified]:
        return {each.path: _Identified.of(each.path) for each in self._originals}

    @cached_property
    def _by_manifest(self) -> Mapping[str, list[Path]]:
        return _indexed((path, each.active) for path, each in self._identified.items())

    @cached_property
    def _by_instance(self) -> Mapping[str, list[Path]]:
        return _indexed((path, each.instances) for path, each in self._identified.items())


def _indexed(entries: Iterable[tuple[Path, Iterable[str]]]) -> Mapping[str, list[Path]]:
    index: dict[str, list[Path]] = {}
    for path, names in entries:
        for name in names:
            index.setdefault(name, []).append(path)
    return index


def _fitting(
    index: Mapping[str, list[Path]], wanted: Iterable[str], candidates: Sequence[Path]
) -> list[Path]:
    """The originals of these names, among the candidates if there are some."""
    found = dict.fromkeys(path for name in wanted for path in index.get(name, ()))
    return [path for path in found if not candidates or path in candidates]


class _Identified:
    """The identifiers in one file; none in what cannot be read."""

    def __init__(self, manifests: Sequence[str], instances: frozenset[str]) -> None:
        self.manifests = manifests
        """Of the active manifest, then of its ingredients."""
        self.active = manifests[:1]
        self.instances = instances

    @classmethod
    def of(cls, path: Path) -> _Identified:
        try:
            asset = read_asset(path)
            survey = formats.identify(asset.data).survey(asset.data)
        except (GenlabelError, OSError):
            return cls((), frozenset())
        store = survey.manifest or asset.manifest
        labels = tuple(_labels(store)) if store is not None else ()
        return cls(labels, identifiers.read(survey.payloads))


def _labels(store: bytes) -> Iterator[str]:
    try:
        read = manifest_store.read(store)
    except Unreadable:
        return
    if read.active is None:
        return
    yield read.active.label
    for link in ancestry.walk(read).links:
        if link.manifest is not None:
            yield link.manifest.label
