"""The reading half of the desk: trust and rule book bound once, and nothing is ever written."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from genlabel import storage
from genlabel.credentials.trust import Trust
from genlabel.formats import is_known, misleading
from genlabel.model.errors import ConfigurationError
from genlabel.model.report import Mark, Report, Trouble
from genlabel.model.results import StripReport
from genlabel.model.words import language
from genlabel.model.words.catalogue import ENGLISH
from genlabel.operations import (
    explain as explaining,
    inspect as inspecting,
    verify as verifying,
)
from genlabel.operations.explain import Explanation
from genlabel.operations.inspect import Inspection
from genlabel.operations.strip_check import strip_check as stripping
from genlabel.policies import Policy
from genlabel.storage import batch
from genlabel.storage.buffers import contents, strides

PathLike = str | Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Checker:
    """What is the same for all pictures that are looked at; it needs no key."""

    trust: Trust = field(default_factory=Trust)
    """Whom to believe; nobody unless given."""
    policy: Policy | None = None
    """The rule book whose findings are added to every report."""
    expiring: timedelta | None = None
    """Reports say until when pictures verify; those that stop within this span get a finding."""

    def verify(self, data: bytes | memoryview, *, sidecar: bytes | None = None) -> Report:
        """What the picture in `data` declares and whether it holds, judged by the rule book.

        `sidecar` is a manifest that is kept beside it; an embedded one wins.
        """
        return self._judged(
            verifying.verify(data, trust=self.trust, sidecar=sidecar, expiring=self.expiring)
        )

    def verify_file(self, path: PathLike) -> Report:
        """The same for a file, with its path and SHA-256, and the manifest beside it if one is.

        Raises `GenlabelError` or `OSError`.
        """
        data = contents(Path(path))
        place, store = storage.read_sidecar(path)
        report = self.verify(data, sidecar=store)
        ignored = any(each.code == "genlabel.sidecar.ignored" for each in report.findings)
        return replace(
            report,
            path=str(path),
            sidecar=str(place) if place is not None and not ignored else None,
            sha256=_sha256(data),
            findings=(*report.findings, *misleading(path, report.format)),
        )

    def verify_files(self, paths: Iterable[PathLike], *, jobs: int = 1) -> Iterator[Report]:
        """A report on every picture below `paths`, in order; directories are walked.

        A file that cannot be judged stops no other: its report has an `error`.
        """
        found = storage.expand(paths, known=is_known)
        for path, error in found.unreadable:
            yield Report(path=str(path), error=Trouble.of(error))
        for done in batch.run([each.path for each in found.files], self.verify_file, jobs=jobs):
            if done.result is not None:
                yield done.result
            elif done.error is not None:
                yield Report(path=str(done.item), error=Trouble.of(done.error))

    def strip_check(
        self,
        published: bytes,
        *,
        against: bytes | None = None,
        require: Collection[Mark] | None = None,
        sidecar: bytes | None = None,
        against_sidecar: bytes | None = None,
    ) -> StripReport:
        """What publication did to the marks of `against`; alone, which marks are there.

        A lost or broken mark is an error where `require` names it (default: all there were).
        `sidecar` and `against_sidecar` are manifests that are kept beside the two.
        """
        return stripping.strip_check(
            published,
            against=against,
            require=require,
            trust=self.trust,
            sidecar=sidecar,
            against_sidecar=against_sidecar,
        )

    def strip_check_file(
        self,
        path: PathLike | None,
        *,
        against: PathLike | None = None,
        require: Collection[Mark] | None = None,
    ) -> StripReport:
        """The same for files; without `path`, for an original of which nothing was published.

        Raises `GenlabelError` or `OSError`.
        """
        original = Path(against).read_bytes() if against is not None else None
        store = storage.read_sidecar(against)[1] if against is not None else None
        if path is not None:
            report = self.strip_check(
                Path(path).read_bytes(),
                against=original,
                require=require,
                sidecar=storage.read_sidecar(path)[1],
                against_sidecar=store,
            )
        elif original is not None:
            report = stripping.unpublished(
                original, require=require, trust=self.trust, against_sidecar=store
            )
        else:
            raise ConfigurationError("strip-check: neither a published file nor an original")
        return replace(
            report,
            path=str(path) if path is not None else None,
            against=str(against) if against is not None else None,
        )

    def inspect(self, data: bytes, *, sidecar: bytes | None = None) -> Inspection:
        """Everything that can be seen in the picture in `data`, without any judgement."""
        return inspecting.inspect(data, sidecar=sidecar)

    def inspect_file(self, path: PathLike) -> Inspection:
        """The same for a file, with its path, and with the manifest beside it."""
        store = storage.read_sidecar(path)[1]
        return replace(self.inspect(Path(path).read_bytes(), sidecar=store), path=str(path))

    def explain(self, data: bytes, *, lang: str = ENGLISH) -> Explanation:
        """The picture in `data` in sentences, and what public readers are known to derive.

        Raises `ConfigurationError` for a language that genlabel does not speak.
        """
        return explaining.explain(self.verify(data), language.chosen(lang, {}))

    def explain_file(self, path: PathLike, *, lang: str = ENGLISH) -> Explanation:
        """The same for a file. Raises `GenlabelError` or `OSError`."""
        return explaining.explain(self.verify_file(path), language.chosen(lang, {}))

    def _judged(self, report: Report) -> Report:
        return report if self.policy is None else self.policy.apply(report)


def _sha256(data: bytes | memoryview) -> str:
    digest = hashlib.sha256()
    for part in strides(data):
        digest.update(part)
    return digest.hexdigest()
