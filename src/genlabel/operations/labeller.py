"""The desk: signer, trust and rule book bound once, for one picture or for many files."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from genlabel import storage
from genlabel.credentials.identity import Identity
from genlabel.credentials.signer import Signer
from genlabel.credentials.timestamps.authorities import TimeAuthorities
from genlabel.formats import is_known, misleading
from genlabel.manifests.external import Apart
from genlabel.model.errors import ConfigurationError
from genlabel.model.label import Label
from genlabel.model.report import Mark, Report, Trouble
from genlabel.model.results import Outcome, SignReport
from genlabel.operations.checker import Checker, PathLike
from genlabel.operations.file_job import Placing
from genlabel.operations.signing import sign as signing, timestamp
from genlabel.operations.signing.seal import Signed
from genlabel.operations.signing.sign import Existing
from genlabel.operations.signing.timestamp import Stamp, Stamped, Stamping
from genlabel.storage import batch
from genlabel.storage.buffers import contents

if TYPE_CHECKING:
    from PIL.Image import Image


@dataclass(frozen=True, slots=True, kw_only=True)
class Labeller(Checker):
    """What is the same for many pictures, bound once. A value; safe to share between threads."""

    signer: Signer | None = None
    """Needed for signing only."""
    identity: Identity | None = None
    """Who attests the labels beside the signer, by an identity assertion; nobody unless given."""
    existing: Existing = Existing.WRAP
    accept_broken_parent: bool = False
    stamp: Stamp | None = None
    """Whether labels get a time-stamp; None: required if `tsa` names authorities, else off."""
    tsa: TimeAuthorities | None = None
    """Whom to ask for time-stamps; nobody unless given."""
    ocsp: bool = False
    """Does the authority's word that the certificate is not revoked go into labels?"""

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
        apart = Apart.asked(sidecar, marks, remote_url)
        untouched = apart is not None and apart.leaves_bytes
        placing = Placing.of(path, out, in_place=in_place or (untouched and out is None))
        signed = signing.sign(
            placing.data,
            label,
            self._signer(),
            identity=self.identity,
            title=placing.source.name,
            parent=contents(Path(parent)) if parent is not None else None,
            parent_title=Path(parent).name if parent is not None else "parent",
            existing=self.existing,
            accept_broken_parent=self.accept_broken_parent,
            trust=self.trust,
            stamping=Stamping.of(self.stamp, self.tsa),
            ocsp=self.ocsp,
            apart=apart,
            sidecar=placing.store,
            parent_sidecar=storage.read_sidecar(parent)[1] if parent is not None else None,
        )
        if not dry_run:
            changed = signed.outcome in (Outcome.SIGNED, Outcome.STAMPED) and not untouched
            placing.put(
                signed.content, signed.sidecar, changed=changed, overwrite=overwrite, fsync=fsync
            )
        report = self._placed(signed.report, placing, signed.sidecar)
        return SignReport(
            path=str(path),
            output=report.path,
            sidecar=report.sidecar,
            outcome=signed.outcome,
            manifest_id=signed.manifest_id,
            replaced=signed.replaced,
            verifies_until=signed.verifies_until,
            stamped_at=signed.stamped_at,
            needs_stamp=signed.needs_stamp,
            report=report,
            findings=(
                *signed.findings,
                *placing.superseded(signed.sidecar),
                *misleading(placing.source, signed.report.format),
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
        apart = Apart.asked(sidecar, marks, remote_url)
        found = storage.expand(paths, known=is_known)
        untouched = apart is not None and apart.leaves_bytes
        targets = storage.plan(
            found.files,
            out=out,
            in_place=in_place or (untouched and out is None),
            overwrite=overwrite,
            sidecars=apart is not None,
        )
        for folder in {target.output.absolute().parent for target in targets}:
            storage.sweep(folder)

        def work(target: storage.Target) -> SignReport:
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
        return timestamp.stamp(data, self.tsa, title=title, trust=self.trust, sidecar=sidecar)

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
        placing = Placing.of(path, out, in_place=in_place)
        done = self.add_stamp(placing.data, title=placing.source.name, sidecar=placing.store)
        changed = done.outcome is Outcome.STAMPED and done.sidecar is None
        placing.put(done.data, done.sidecar, changed=changed, overwrite=overwrite, fsync=fsync)
        report = self._placed(done.report, placing, done.sidecar)
        return SignReport(
            path=str(path),
            output=report.path,
            sidecar=report.sidecar,
            outcome=done.outcome,
            manifest_id=done.report.manifest_id,
            stamped_at=done.moment,
            report=report,
        )

    def _placed(self, report: Report, placing: Placing, sidecar: bytes | None) -> Report:
        """What reading the result back said, judged, with the files where it went."""
        beside = placing.beside(sidecar)
        return replace(
            self._judged(report),
            path=str(placing.target),
            sidecar=str(beside) if beside is not None else None,
        )

    def _signer(self) -> Signer:
        if self.signer is None:
            raise ConfigurationError(
                "no signer: a label is signed with a key and its certificates",
                remedy="make a development credential with `genlabel keys new`",
            )
        return self.signer


def _encoded(image: Image, format: str, save: Mapping[str, object] | None) -> bytes:
    from genlabel.pixels import encode

    return encode.encode(image, format=format, options=save or {})
