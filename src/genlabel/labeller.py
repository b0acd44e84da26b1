"""The desk: signer, trust and rule book bound once, for one picture or for many files."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from genlabel import batch, files, inspecting, signing, stamping, stripping, verifying
from genlabel.containers import CONTAINERS, recognise
from genlabel.credentials.signer import Signer
from genlabel.credentials.time_authorities import TimeAuthorities
from genlabel.errors import ConfigurationError
from genlabel.inspecting import Inspection
from genlabel.label import Label
from genlabel.policies import Policy
from genlabel.report import (
    Finding,
    Mark,
    Outcome,
    Report,
    Severity,
    SignReport,
    StripReport,
    Trouble,
)
from genlabel.signing import Existing, Signed
from genlabel.stamping import Stamp, Stamped, Stamping
from genlabel.trust import Trust

if TYPE_CHECKING:
    from PIL.Image import Image

PathLike = str | Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Labeller:
    """What is the same for many pictures, bound once. A value; safe to share between threads."""

    signer: Signer | None = None
    """Needed for signing only."""
    trust: Trust = field(default_factory=Trust)
    """Whom to believe; nobody unless given."""
    policy: Policy | None = None
    """The rule book whose findings are added to every report."""
    existing: Existing = Existing.WRAP
    accept_broken_parent: bool = False
    stamp: Stamp | None = None
    """Whether labels get a time-stamp; None: required if `tsa` names authorities, else off."""
    tsa: TimeAuthorities | None = None
    """Whom to ask for time-stamps; nobody unless given."""
    ocsp: bool = False
    """Does the authority's word that the certificate is not revoked go into labels?"""
    expiring: timedelta | None = None
    """Reports say until when pictures verify; those that stop within this span get a finding."""

    def sign(
        self,
        image: bytes | Image,
        label: Label,
        *,
        parent: bytes | None = None,
        title: str | None = None,
        format: str = "png",
        save: Mapping[str, object] | None = None,
    ) -> Signed:
        """`image` labelled and signed: the bytes of a picture, or a PIL image not saved yet.

        A PIL image is encoded once, as `format` with the encoder's options `save`, its ICC profile
        and Exif taken along; bytes are never re-encoded. Raises what `signing.sign` raises.
        """
        return signing.sign(
            image if isinstance(image, bytes) else _encoded(image, format, save),
            label,
            self._signer(),
            title=title or "picture",
            parent=parent,
            existing=self.existing,
            accept_broken_parent=self.accept_broken_parent,
            trust=self.trust,
            stamping=Stamping.of(self.stamp, self.tsa),
            ocsp=self.ocsp,
        )

    def sign_file(
        self,
        path: PathLike,
        label: Label,
        *,
        out: PathLike | None = None,
        in_place: bool = False,
        overwrite: bool = False,
        parent: PathLike | None = None,
        fsync: bool = True,
        dry_run: bool = False,
    ) -> SignReport:
        """The file at `path` labelled and signed, into `out` or in place, all or nothing.

        `out` is a file or an existing directory. With `dry_run` everything is done but the writing.
        Raises `GenlabelError` or `OSError`; then no file has changed.
        """
        source = Path(path)
        target = _target(source, out, in_place=in_place)
        signed = signing.sign(
            source.read_bytes(),
            label,
            self._signer(),
            title=source.name,
            parent=Path(parent).read_bytes() if parent is not None else None,
            parent_title=Path(parent).name if parent is not None else "parent",
            existing=self.existing,
            accept_broken_parent=self.accept_broken_parent,
            trust=self.trust,
            stamping=Stamping.of(self.stamp, self.tsa),
            ocsp=self.ocsp,
        )
        moved = target.resolve() != source.resolve()
        if not dry_run and (signed.outcome in _CHANGED or moved):
            files.write_atomically(
                target, [signed.data], like=source, overwrite=overwrite or not moved, fsync=fsync
            )
        return SignReport(
            path=str(path),
            output=str(target),
            outcome=signed.outcome,
            manifest_id=signed.manifest_id,
            replaced=signed.replaced,
            verifies_until=signed.verifies_until,
            stamped_at=signed.stamped_at,
            needs_stamp=signed.needs_stamp,
            report=replace(self._judged(signed.report), path=str(target)),
            findings=(*signed.findings, *_misleading(source, signed.report)),
        )

    def sign_files(
        self,
        paths: Iterable[PathLike],
        label: Label,
        *,
        out: PathLike | None = None,
        in_place: bool = False,
        overwrite: bool = False,
        fsync: bool = True,
        jobs: int = 1,
    ) -> Iterator[SignReport]:
        """Every picture below `paths` labelled and signed, one report each, in order.

        Directories are walked; `out` mirrors what is below each argument. A file that cannot be
        signed stops no other: its report has an `error`. Raises `ConfigurationError` before
        anything is written when two inputs meet in one target or a target exists.
        """
        found = files.expand(paths, known=_is_known)
        targets = files.plan(found.files, out=out, in_place=in_place, overwrite=overwrite)
        for folder in {target.output.absolute().parent for target in targets}:
            files.sweep(folder)

        def work(target: files.Target) -> SignReport:
            return self.sign_file(
                target.source.path,
                label,
                out=None if target.in_place else target.output,
                in_place=target.in_place,
                overwrite=overwrite,
                fsync=fsync,
            )

        for path, error in found.unreadable:
            yield SignReport(path=str(path), error=Trouble.of(error))
        for done in batch.run(targets, work, jobs=jobs):
            if done.result is not None:
                yield done.result
            elif done.error is not None:
                yield SignReport(path=str(done.item.source.path), error=Trouble.of(done.error))

    def add_stamp(self, data: bytes, *, title: str = "picture") -> Stamped:
        """The labelled picture in `data` with a time-stamp; see `stamping.stamp`."""
        if self.tsa is None:
            raise ConfigurationError(
                "no time-stamping authority is named",
                remedy="name one with --tsa URL, or as authorities in [time] of genlabel.toml",
            )
        return stamping.stamp(data, self.tsa, title=title, trust=self.trust)

    def stamp_file(
        self,
        path: PathLike,
        *,
        out: PathLike | None = None,
        in_place: bool = False,
        overwrite: bool = False,
        fsync: bool = True,
    ) -> SignReport:
        """The labelled file at `path` with a time-stamp, into `out` or in place, all or nothing.

        Raises `GenlabelError` or `OSError`; then no file has changed.
        """
        source = Path(path)
        target = _target(source, out, in_place=in_place)
        done = self.add_stamp(source.read_bytes(), title=source.name)
        moved = target.resolve() != source.resolve()
        if done.outcome in _CHANGED or moved:
            files.write_atomically(
                target, [done.data], like=source, overwrite=overwrite or not moved, fsync=fsync
            )
        return SignReport(
            path=str(path),
            output=str(target),
            outcome=done.outcome,
            manifest_id=done.report.manifest_id,
            stamped_at=done.moment,
            report=replace(self._judged(done.report), path=str(target)),
            findings=done.findings,
        )

    def verify(self, data: bytes) -> Report:
        """What the picture in `data` declares and whether it holds, judged by the rule book."""
        return self._judged(verifying.verify(data, trust=self.trust, expiring=self.expiring))

    def verify_file(self, path: PathLike) -> Report:
        """The same for a file, with its path and SHA-256. Raises `GenlabelError` or `OSError`."""
        data = Path(path).read_bytes()
        report = self.verify(data)
        return replace(
            report,
            path=str(path),
            sha256=hashlib.sha256(data).hexdigest(),
            findings=(*report.findings, *_misleading(Path(path), report)),
        )

    def verify_files(self, paths: Iterable[PathLike], *, jobs: int = 1) -> Iterator[Report]:
        """A report on every picture below `paths`, in order; directories are walked.

        A file that cannot be judged stops no other: its report has an `error`.
        """
        found = files.expand(paths, known=_is_known)
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
    ) -> StripReport:
        """What publication did to the marks of `against`; alone, which marks are there.

        A lost or broken mark is an error where `require` names it (default: all there were).
        """
        return stripping.strip_check(published, against=against, require=require, trust=self.trust)

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
        if path is not None:
            published = Path(path).read_bytes()
            report = self.strip_check(published, against=original, require=require)
        elif original is not None:
            report = stripping.unpublished(original, require=require, trust=self.trust)
        else:
            raise ConfigurationError("strip-check: neither a published file nor an original")
        return replace(
            report,
            path=str(path) if path is not None else None,
            against=str(against) if against is not None else None,
        )

    def inspect(self, data: bytes) -> Inspection:
        """Everything that can be seen in the picture in `data`, without any judgement."""
        return inspecting.inspect(data)

    def inspect_file(self, path: PathLike) -> Inspection:
        """The same for a file, with its path."""
        return replace(inspecting.inspect(Path(path).read_bytes()), path=str(path))

    def _judged(self, report: Report) -> Report:
        return report if self.policy is None else self.policy.apply(report)

    def _signer(self) -> Signer:
        if self.signer is None:
            raise ConfigurationError(
                "no signer: a label is signed with a key and its certificates",
                remedy="make a development credential with `genlabel keys new`",
            )
        return self.signer


_CHANGED = (Outcome.SIGNED, Outcome.STAMPED)


def _is_known(head: bytes) -> bool:
    return recognise(head) is not None


def _misleading(path: Path, report: Report) -> Iterator[Finding]:
    """A picture whose name promises another format: it keeps its name, and somebody should know."""
    promised = next((each for each in CONTAINERS if path.suffix.lower() in each.SUFFIXES), None)
    if promised is not None and report.format != promised.NAME:
        yield Finding(
            "genlabel.name.misleading",
            severity=Severity.WARNING,
            where=path.suffix,
            explanation=f"the name says {promised.NAME}, the content is {report.format}",
        )


def _encoded(image: Image, format: str, save: Mapping[str, object] | None) -> bytes:
    from genlabel.pixels import encode

    return encode.encode(image, format=format, options=save or {})


def _target(source: Path, out: PathLike | None, *, in_place: bool) -> Path:
    if in_place and out is not None:
        raise ConfigurationError(f"{source}: both an output and in-place were asked for")
    if in_place:
        return source
    if out is None:
        raise ConfigurationError(
            f"{source}: no output was named", remedy="give an output, or ask for in-place"
        )
    target = Path(out)
    return target / source.name if target.is_dir() else target
