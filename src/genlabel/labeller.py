"""The desk: signer, trust and rule book bound once, for one picture or for many files."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from genlabel import (
    batch,
    explaining,
    files,
    inspecting,
    signing,
    stamping,
    stripping,
    verifying,
)
from genlabel.binding import Signed
from genlabel.containers import CONTAINERS, recognise
from genlabel.containers.large import contents, strides
from genlabel.credentials.identity import Identity
from genlabel.credentials.signer import Signer
from genlabel.credentials.time_authorities import TimeAuthorities
from genlabel.errors import ConfigurationError
from genlabel.explaining import Explanation
from genlabel.inspecting import Inspection
from genlabel.label import Label
from genlabel.manifests.apart import Apart
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
from genlabel.signing import Existing
from genlabel.stamping import Stamp, Stamped, Stamping
from genlabel.trust import Trust
from genlabel.words import language
from genlabel.words.catalogue import ENGLISH

if TYPE_CHECKING:
    from PIL.Image import Image

PathLike = str | Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Labeller:
    """What is the same for many pictures, bound once. A value; safe to share between threads."""

    signer: Signer | None = None
    """Needed for signing only."""
    identity: Identity | None = None
    """Who attests the labels beside the signer, by an identity assertion; nobody unless given."""
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
        sidecar: bool = False,
        marks: Collection[Mark | str] = (),
        remote_url: str | None = None,
        existing_sidecar: bytes | None = None,
    ) -> Signed:
        """`image` labelled and signed: the bytes of a picture, or a PIL image not saved yet.

        A PIL image is encoded once, as `format` with the encoder's options `save`, its ICC profile
        and Exif taken along; bytes are never re-encoded. With `sidecar` the manifest is in
        `Signed.sidecar`, and of the metadata only `marks` are written; `remote_url`, where that
        manifest will be served, goes into the XMP. `existing_sidecar` is a manifest that is kept
        beside the picture already. Raises what `signing.sign` raises.
        """
        return signing.sign(
            image if isinstance(image, bytes) else _encoded(image, format, save),
            label,
            self._signer(),
            identity=self.identity,
            title=title or "picture",
            parent=parent,
            existing=self.existing,
            accept_broken_parent=self.accept_broken_parent,
            trust=self.trust,
            stamping=Stamping.of(self.stamp, self.tsa),
            ocsp=self.ocsp,
            apart=Apart.asked(sidecar, marks, remote_url),
            sidecar=existing_sidecar,
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
        sidecar: bool = False,
        marks: Collection[Mark | str] = (),
        remote_url: str | None = None,
    ) -> SignReport:
        """The file at `path` labelled and signed, into `out` or in place, all or nothing.

        `out` is a file or an existing directory. With `dry_run` everything is done but the writing.
        With `sidecar` the manifest goes into a file beside the target (``cat.png.c2pa``); without
        `marks` and `remote_url` the picture's bytes stay as they are, and neither `out` nor
        `in_place` is needed. Raises `GenlabelError` or `OSError`; then no file has changed.
        """
        source = Path(path)
        apart = Apart.asked(sidecar, marks, remote_url)
        untouched = apart is not None and apart.leaves_bytes
        target = _target(source, out, in_place=in_place or (untouched and out is None))
        data = contents(source)
        place, store = files.read_sidecar(source)
        signed = signing.sign(
            data,
            label,
            self._signer(),
            identity=self.identity,
            title=source.name,
            parent=contents(Path(parent)) if parent is not None else None,
            parent_title=Path(parent).name if parent is not None else "parent",
            existing=self.existing,
            accept_broken_parent=self.accept_broken_parent,
            trust=self.trust,
            stamping=Stamping.of(self.stamp, self.tsa),
            ocsp=self.ocsp,
            apart=apart,
            sidecar=store,
            parent_sidecar=files.read_sidecar(parent)[1] if parent is not None else None,
        )
        moved = target.resolve() != source.resolve()
        beside: Path | None = None
        if signed.sidecar is not None:
            beside = files.sidecar_for(target) if moved or place is None else place
        if not dry_run:
            stays = signed.outcome not in (Outcome.SIGNED, Outcome.STAMPED) or untouched
            if moved or not stays:
                files.write_atomically(
                    target,
                    strides(signed.content),
                    like=source,
                    overwrite=overwrite or not moved,
                    fsync=fsync,
                )
            if (
                beside is not None
                and signed.sidecar is not None
                and (moved or signed.sidecar != store)
            ):
                # An own sidecar's manifest is the new one's parent, or was dropped when asked.
                files.write_atomically(
                    beside, [signed.sidecar], overwrite=overwrite or beside == place, fsync=fsync
                )
        return SignReport(
            path=str(path),
            output=str(target),
            sidecar=str(beside) if beside is not None else None,
            outcome=signed.outcome,
            manifest_id=signed.manifest_id,
            replaced=signed.replaced,
            verifies_until=signed.verifies_until,
            stamped_at=signed.stamped_at,
            needs_stamp=signed.needs_stamp,
            report=replace(
                self._judged(signed.report),
                path=str(target),
                sidecar=str(beside) if beside is not None else None,
            ),
            findings=(
                *signed.findings,
                *_superseded(place if not moved and beside is None else None),
                *_misleading(source, signed.report),
            ),
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
        sidecar: bool = False,
        marks: Collection[Mark | str] = (),
        remote_url: str | None = None,
        jobs: int = 1,
    ) -> Iterator[SignReport]:
        """Every picture below `paths` labelled and signed, one report each, in order.

        Directories are walked; `out` mirrors what is below each argument. A file that cannot be
        signed stops no other: its report has an `error`. Raises `ConfigurationError` before
        anything is written when two inputs meet in one target or a target exists.
        """
        found = files.expand(paths, known=_is_known)
        apart = Apart.asked(sidecar, marks, remote_url)
        untouched = apart is not None and apart.leaves_bytes
        targets = files.plan(
            found.files,
            out=out,
            in_place=in_place or (untouched and out is None),
            overwrite=overwrite,
            sidecars=apart is not None,
        )
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
                sidecar=sidecar,
                marks=marks,
                remote_url=remote_url,
            )

        for path, error in found.unreadable:
            yield SignReport(path=str(path), error=Trouble.of(error))
        for done in batch.run(targets, work, jobs=jobs):
            if done.result is not None:
                yield done.result
            elif done.error is not None:
                yield SignReport(path=str(done.item.source.path), error=Trouble.of(done.error))

    def add_stamp(
        self, data: bytes | memoryview, *, title: str = "picture", sidecar: bytes | None = None
    ) -> Stamped:
        """The labelled picture in `data` with a time-stamp; see `stamping.stamp`.

        `sidecar` is its manifest where that is kept beside it.
        """
        if self.tsa is None:
            raise ConfigurationError(
                "no time-stamping authority is named",
                remedy="name one with --tsa URL, or as authorities in [time] of genlabel.toml",
            )
        return stamping.stamp(data, self.tsa, title=title, trust=self.trust, sidecar=sidecar)

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

        A manifest beside it is stamped there, and the picture stays as it is.
        Raises `GenlabelError` or `OSError`; then no file has changed.
        """
        source = Path(path)
        target = _target(source, out, in_place=in_place)
        data = contents(source)
        place, store = files.read_sidecar(source)
        done = self.add_stamp(data, title=source.name, sidecar=store)
        moved = target.resolve() != source.resolve()
        beside: Path | None = None
        if moved or (done.outcome is Outcome.STAMPED and done.sidecar is None):
            files.write_atomically(
                target,
                strides(done.data),
                like=source,
                overwrite=overwrite or not moved,
                fsync=fsync,
            )
        if done.sidecar is not None:
            beside = files.sidecar_for(target) if moved or place is None else place
            if moved or done.sidecar != store:
                files.write_atomically(
                    beside, [done.sidecar], overwrite=overwrite or not moved, fsync=fsync
                )
        return SignReport(
            path=str(path),
            output=str(target),
            sidecar=str(beside) if beside is not None else None,
            outcome=done.outcome,
            manifest_id=done.report.manifest_id,
            stamped_at=done.moment,
            report=replace(
                self._judged(done.report),
                path=str(target),
                sidecar=str(beside) if beside is not None else None,
            ),
        )

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
        place, store = files.read_sidecar(path)
        report = self.verify(data, sidecar=store)
        ignored = any(each.code == "genlabel.sidecar.ignored" for each in report.findings)
        return replace(
            report,
            path=str(path),
            sidecar=str(place) if place is not None and not ignored else None,
            sha256=_sha256(data),
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
        store = files.read_sidecar(against)[1] if against is not None else None
        if path is not None:
            report = self.strip_check(
                Path(path).read_bytes(),
                against=original,
                require=require,
                sidecar=files.read_sidecar(path)[1],
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
        store = files.read_sidecar(path)[1]
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

    def _signer(self) -> Signer:
        if self.signer is None:
            raise ConfigurationError(
                "no signer: a label is signed with a key and its certificates",
                remedy="make a development credential with `genlabel keys new`",
            )
        return self.signer


def _superseded(place: Path | None) -> Iterator[Finding]:
    """A sidecar that is left beside a picture with an embedded manifest."""
    if place is not None:
        yield Finding(
            "genlabel.sidecar.superseded",
            severity=Severity.WARNING,
            where=str(place),
            explanation="the manifest beside the picture is now the embedded one's past: the file "
            "can be removed",
        )


def _sha256(data: bytes | memoryview) -> str:
    digest = hashlib.sha256()
    for part in strides(data):
        digest.update(part)
    return digest.hexdigest()


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
