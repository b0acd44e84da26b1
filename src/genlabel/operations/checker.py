"""The reading half of a `Labeller`: trust and rule book bound once, and nothing is written."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Self, Unpack

from genlabel import storage
from genlabel.formats import is_known, is_promised, misleading
from genlabel.model.asset import Asset
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import ConfigurationError
from genlabel.model.report import Finding, Mark, Report, Severity, Trouble, but
from genlabel.model.words import language
from genlabel.model.words.catalogue import ENGLISH
from genlabel.operations import verify as verifying
from genlabel.operations.beside import read_asset
from genlabel.operations.convenient_forms import marks_of, require_bool, require_whole_number
from genlabel.operations.keywords import VerifyKeywords, described, values_of
from genlabel.operations.options import VerifyOptions
from genlabel.operations.verify import Examination
from genlabel.pixels.decode import MAX_PIXELS
from genlabel.policies.evidence import Evidence
from genlabel.policies.rule import applied
from genlabel.storage import Found, PathLike, Picture, batch
from genlabel.storage.cut_short import intact
from genlabel.storage.file_hash import FileHash

if TYPE_CHECKING:
    from genlabel.model.results import StripReport
    from genlabel.operations.explain import Explanation
    from genlabel.operations.inspect import Inspection
    from genlabel.storage.pairs import Pair


@dataclass(frozen=True, kw_only=True)
class Checker(VerifyOptions):
    """What is the same for all pictures that are looked at; it needs no key.

    Every method takes the fields as keywords, too, for one call. Pictures are paths, bytes, files
    open for reading bytes, or an `Asset`. All raise `GenlabelError`, `OSError` where a path cannot
    be read, and `TypeError` for what is no picture.
    """

    def verify(self, image: Picture, **keywords: Unpack[VerifyKeywords]) -> Report:
        """What a picture declares and whether it holds, judged by the rule book.

        Of a path the report has path, SHA-256 and the manifest file beside it; the SHA-256 of a
        file without any mark only with `hash`.
        """
        asset = described(image, manifest=keywords.pop("sidecar", None))
        checker = self._with(keywords)
        with intact(asset):
            if asset.path is None:
                return checker._judged(asset, checker._seen(asset))
            with FileHash(asset.data) as file_hash:
                seen = checker._seen(asset)
                is_hashed = checker.hash or verifying.tells_anything(seen)
                digest = file_hash.hexdigest() if is_hashed else None
                report = checker._judged(asset, seen, digest)
                findings = tuple(_about_file(asset, report))
                return replace(report, findings=report.findings + findings) if findings else report

    def _seen(self, asset: Asset) -> Examination:
        return verifying.examine(asset, trust=self.trust, crjson=self._reads_crjson)

    @property
    def _reads_crjson(self) -> bool:
        return True in [each.reads_crjson for each in self.policy]

    def _judged(self, asset: Asset, seen: Examination, digest: str | None = None) -> Report:
        report = seen.report
        if self.expiring is not None:
            from genlabel.operations import expiring

            report = expiring.told(report, self.expiring)
        if asset.path is not None:  # rules may be about files below a folder
            ignored = any(each.code == "genlabel.sidecar.ignored" for each in report.findings)
            sidecar = asset.manifest_path if not ignored else None
            report = but(
                report,
                path=asset.path,
                sidecar=str(sidecar) if sidecar is not None else None,
                sha256=digest,
            )
        whole = self._reads_crjson
        alone = not whole and True in [each.reads_manifest for each in self.policy]
        manifest = None
        if alone:
            from genlabel.manifests.validation import active_view

            manifest = active_view.of(seen.reading)
        evidence = Evidence(
            report,
            crjson=report.crjson() if whole else None,
            manifest=manifest,
            declarations=self.declarations.at(asset.path),
        )
        return applied(self.policy, evidence.as_of(self.as_of))

    def verify_file(self, path: PathLike, **keywords: Unpack[VerifyKeywords]) -> Report:
        """The same for the file at `path`."""
        return self.verify(read_asset(path), **keywords)

    def verify_files(
        self, paths: Iterable[PathLike], *, jobs: batch.Jobs = 1, **keywords: Unpack[VerifyKeywords]
    ) -> Iterator[Report]:
        """A report on every picture below `paths`, in order; directories are walked.

        `jobs` is how many are worked on at a time, see `genlabel.verify_files`. A file that cannot
        be judged stops no other: its report has an `error`.
        """
        at_a_time = batch.how_many(jobs)
        files = storage.expand(paths, known=is_known, promised=is_promised)
        return batch.reports(
            [file.path for file in files.files],
            self._with(keywords).verify_file,
            failed=lambda path, error: not_judged(str(path), error),
            unreadable=files.unreadable,
            jobs=at_a_time,
            expected=files.shared,
        )

    def strip_check(
        self,
        published: Picture,
        *,
        against: Picture | None = None,
        require: Collection[Mark] | None = None,
        max_pixels: int = MAX_PIXELS,
        allow_unlabelled: bool = False,
        **keywords: Unpack[VerifyKeywords],
    ) -> StripReport:
        """What publication did to the marks of `against`; alone, which marks are there.

        Pictures of more than `max_pixels` pixels are not decoded. A lost or broken mark is an error
        where `require` names it (default: all there were). Alone, a picture without any mark is an
        error, unless `allow_unlabelled`.
        """
        from genlabel.operations.strip_check import strip_check as stripping

        require_whole_number("max_pixels", max_pixels)
        require_bool("allow_unlabelled", allow_unlabelled)
        asset = described(published, manifest=keywords.pop("sidecar", None))
        original = None
        if against is not None:
            original = described(against, manifest=keywords.pop("against_sidecar", None))
        trust = self._with(keywords).trust
        with intact(asset, original):
            report = stripping.strip_check(
                asset,
                against=original,
                require=_required(require),
                trust=trust,
                max_pixels=max_pixels,
                allow_unlabelled=allow_unlabelled,
            )
        return replace(report, path=asset.path, against=original.path if original else None)

    def strip_check_file(
        self,
        path: PathLike | None,
        *,
        against: PathLike | None = None,
        require: Collection[Mark] | None = None,
        max_pixels: int = MAX_PIXELS,
        allow_unlabelled: bool = False,
        **keywords: Unpack[VerifyKeywords],
    ) -> StripReport:
        """The same for files; without `path`, for an original of which nothing was published."""
        from genlabel.operations.strip_check import strip_check as stripping

        original = read_asset(against) if against is not None else None
        if path is not None:
            published = read_asset(path)
            return self.strip_check(
                published,
                against=original,
                require=require,
                max_pixels=max_pixels,
                allow_unlabelled=allow_unlabelled,
                **keywords,
            )
        if original is None:
            raise ConfigurationError("strip-check: neither a published file nor an original")
        trust = self._with(keywords).trust
        with intact(original):
            report = stripping.unpublished(original, require=_required(require), trust=trust)
        return replace(report, against=original.path)

    def strip_check_files(
        self,
        paths: Iterable[PathLike],
        *,
        against: PathLike | None = None,
        jobs: batch.Jobs = 1,
        require: Collection[Mark] | None = None,
        allow_unlabelled: bool = False,
        **keywords: Unpack[VerifyKeywords],
    ) -> Iterator[StripReport]:
        """A report on every picture below `paths` and on every original that has none there.

        `against` is the original of them all, or a directory of originals, which are found by
        their names, or else by identifiers that survived. A file that cannot be judged stops no
        other: its report has an `error`.
        """
        from genlabel.operations.strip_check import pairing

        checker, required, at_a_time = (
            self._with(keywords),
            _required(require),
            batch.how_many(jobs),
        )
        found = storage.expand(paths, known=is_known, promised=is_promised)
        originals, one = None, False
        if against is not None:
            originals = storage.expand([against], known=is_known, promised=is_promised)
            one = not Path(against).is_dir()
        pairs, unreadable = pairing.pairs(found, originals, one=one, jobs=at_a_time)
        shared = len(pairs) if found.shared and (originals is None or originals.shared) else 0
        return batch.reports(
            pairs,
            partial(_stripped, checker, required, allow_unlabelled),
            failed=stripped_failed,
            unreadable=unreadable,
            jobs=at_a_time,
            expected=shared,
        )

    def inspect(self, image: Picture, **keywords: Unpack[VerifyKeywords]) -> Inspection:
        """Everything that can be seen in a picture, without any judgement."""
        from genlabel.operations import inspect as inspecting

        asset = described(image, manifest=keywords.pop("sidecar", None))
        values_of(keywords, ("trust",))
        trust = self._with(keywords).trust
        with intact(asset):
            return replace(inspecting.inspect(asset, trust=trust), path=asset.path)

    def inspect_file(self, path: PathLike, **keywords: Unpack[VerifyKeywords]) -> Inspection:
        """The same for the file at `path`."""
        return self.inspect(read_asset(path), **keywords)

    def explain(
        self, image: Picture, *, lang: str = ENGLISH, **keywords: Unpack[VerifyKeywords]
    ) -> Explanation:
        """A picture in sentences, and what public readers are known to derive.

        Raises `ConfigurationError` for a language that genlabel does not speak.
        """
        from genlabel.operations import explain as explaining

        return explaining.explain(self.verify(image, **keywords), language.chosen(lang, {}))

    def explain_file(
        self, path: PathLike, *, lang: str = ENGLISH, **keywords: Unpack[VerifyKeywords]
    ) -> Explanation:
        """The same for the file at `path`."""
        from genlabel.operations import explain as explaining

        return explaining.explain(self.verify_file(path, **keywords), language.chosen(lang, {}))

    def _with(self, keywords: VerifyKeywords) -> Self:
        if not keywords:
            return self
        values = values_of(keywords, VerifyOptions.__dataclass_fields__)
        return replace(self, **values) if values else self


def verified(checker: Checker, most: int, file: Found) -> Report:
    """What `checker` says of one of several files; of a pipe at most `most` bytes are read."""
    return checker.verify(storage.picture(file.path, most=most))


def _stripped(
    checker: Checker, require: tuple[Mark, ...] | None, allow_unlabelled: bool, pair: Pair
) -> StripReport:
    """What `checker` says of one of several pairs."""
    from genlabel.operations.strip_check import pairing

    report = checker.strip_check_file(
        pairing.settled(pair).published,
        against=pair.original,
        require=require,
        allow_unlabelled=allow_unlabelled,
    )
    return pairing.with_pair(report, pair)


def not_judged(path: str, error: Trouble) -> Report:
    """The report on a file that could not be judged, with as much as is known of it."""
    return Report(path=path, size=error.size or storage.size_of(path), error=error)


def stripped_failed(item: Pair | Path, error: Trouble) -> StripReport:
    """The report on a pair, or a place, that could not be judged."""
    from genlabel.model.results import StripReport
    from genlabel.storage.pairs import Pair

    pair = Pair(published=item, original=None) if isinstance(item, Path) else item
    return StripReport(
        path=str(pair.published) if pair.published else None,
        against=str(pair.original) if pair.original else None,
        error=error,
    )


def _required(require: Collection[Mark] | None) -> tuple[Mark, ...] | None:
    return None if require is None else marks_of("require", require)


def _about_file(asset: Asset, report: Report) -> Iterator[Finding]:
    """Whether its name says what it is, and what lies beside it."""
    path = str(asset.path)
    yield from misleading(path, report.format_name)
    yield from _linked(path)
    yield from _left_over(path)


def _linked(path: str) -> Iterator[Finding]:
    link = storage.linked_sidecar(path)
    if link is not None:
        yield Finding(
            "genlabel.sidecar.linked",
            severity=Severity.NOTE,
            where=str(link),
            explanation="a symbolic link lies where the manifest would lie; it was not followed",
        )


def _left_over(path: str) -> Iterator[Finding]:
    """What an earlier run of ours has left of this picture."""
    for each in storage.left_for(path):
        yield Finding(
            "genlabel.file.left-over",
            severity=Severity.NOTE,
            where=str(each),
            explanation="a run of genlabel that was ended has left this file: signing the picture "
            f"again removes it, as does genlabel doctor --sweep {each.parent}",
        )
