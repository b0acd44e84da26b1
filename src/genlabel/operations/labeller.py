"""`Labeller`: signer, trust and options bound once, for one picture or for many files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Unpack, cast

from genlabel import storage
from genlabel.credentials.signer import Signer
from genlabel.formats import is_known, is_promised, misleading
from genlabel.model.asset import Asset
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import ConfigurationError
from genlabel.model.label import Label
from genlabel.model.report import Finding, Trouble
from genlabel.model.results import Outcome, Signed, SignReport
from genlabel.operations import log
from genlabel.operations.beside import RECOGNITION, asset_of
from genlabel.operations.checker import Checker
from genlabel.operations.convenient_forms import signer_of
from genlabel.operations.file_job import FileJob
from genlabel.operations.keywords import described, values_of
from genlabel.operations.sign_keywords import (
    FOR_FILES,
    FOR_IMAGES,
    Progress,
    SignKeywords,
    refuse_unfit,
)
from genlabel.operations.sign_options import SignOptions, external
from genlabel.storage import PathLike, Picture, Target, batch
from genlabel.storage.buffers import made_in
from genlabel.storage.cut_short import intact

if TYPE_CHECKING:
    from PIL.Image import Image


_ENCODED = "only a PIL image is encoded, a file or its bytes never again"


@dataclass(frozen=True, kw_only=True)
class Labeller(Checker, SignOptions):
    """What is the same for many pictures, bound once. A value; safe to share between threads.

    Every method takes the fields of its options as keywords, too, for one call.
    """

    READ: ClassVar[Mapping[str, Callable[[Any], object]]] = {"signer": signer_of}

    signer: Signer | None = None
    """Needed for signing only."""

    def sign(
        self,
        image: Picture | Image,
        label: Label,
        *,
        parent: Picture | None = None,
        **keywords: Unpack[SignKeywords],
    ) -> Signed:
        """A picture labelled and signed; see `genlabel.sign`. Nothing is written."""
        manifest = keywords.pop("existing_sidecar", None)
        title = keywords.pop("title", None)
        labeller = self._for(keywords)
        refuse_unfit(keywords, FOR_FILES, "nothing is written here; sign_file writes files")
        if not storage.is_image(image):
            refuse_unfit(keywords, FOR_IMAGES, _ENCODED)
        asset = described(labeller._asset(image), title=title, manifest=manifest)
        signed = labeller._signed(asset, label, parent)
        if log.is_on():
            log.done(signed.reported(asset.path or asset.name))
        return signed

    def sign_file(
        self,
        path: PathLike,
        label: Label,
        *,
        out: PathLike | None = None,
        in_place: bool = False,
        parent: Picture | None = None,
        **keywords: Unpack[SignKeywords],
    ) -> SignReport:
        """The file at `path` labelled and signed, into `out` or in place; see `genlabel.sign_file`.

        Raises `GenlabelError` or `OSError`; then no file has changed.
        """
        labeller = self._for_files(keywords)
        in_place = in_place or (labeller._leaves_bytes() and out is None)
        labeller._settle(path)
        job = FileJob.of(path, out, in_place=in_place)
        return log.done(labeller._signed_job(job, label, parent))

    def sign_files(
        self,
        paths: Iterable[PathLike],
        label: Label,
        *,
        out: PathLike | None = None,
        in_place: bool = False,
        jobs: batch.Jobs = 1,
        progress: Progress | None = None,
        **keywords: Unpack[SignKeywords],
    ) -> list[SignReport]:
        """Every picture below `paths` labelled and signed, one report each, in order.

        Directories are walked; `out` mirrors what is below each argument. `jobs` is how many files
        are worked on at a time and `progress` what is called after each, see `genlabel.sign_files`.
        A file that cannot be signed stops no other: its report has an `error`. Raises
        `ConfigurationError` before anything is written when two inputs meet in one target or a
        target exists.
        """
        at_a_time = batch.how_many(jobs)
        labeller = self._for_files(keywords)
        labeller._check(label)
        files = storage.expand(paths, known=is_known, promised=is_promised)
        targets = storage.plan(
            files.files,
            out=out,
            in_place=in_place or (labeller._leaves_bytes() and out is None),
            overwrite=labeller.overwrite,
            beside=RECOGNITION if external(labeller) is not None else None,
        )
        if not labeller.dry_run:
            for folder in {target.output.absolute().parent for target in targets}:
                storage.sweep(folder)

        reports = batch.reports(
            targets,
            partial(sign_target, labeller, label=label),
            failed=not_signed,
            unreadable=files.unreadable,
            jobs=at_a_time,
            expected=files.shared,
        )
        done: list[SignReport] = []
        with closing(reports):
            for report in reports:
                done.append(log.done(report))
                if progress is not None:
                    progress(len(done), len(targets) + len(files.unreadable), report)
        return done

    def add_stamp(
        self, image: Picture, *, title: str | None = None, sidecar: bytes | None = None
    ) -> Signed:
        """The labelled picture with a time-stamp by one of `tsa`; one that has one is left alone.

        Raises `ConfigurationError` where `tsa` names nobody, `SigningError` for what cannot be
        stamped and `TimeStampError` when nobody answers.
        """
        from genlabel.operations.signing import timestamp

        if self.tsa is None:
            raise ConfigurationError(
                "no time-stamping authority is named",
                remedy="name one with --tsa URL, or in [time] of your own genlabel.toml",
            )
        asset = described(image, title=title, manifest=sidecar)
        with intact(asset):
            return timestamp.stamp(asset, self.tsa, trust=self.trust)

    def stamp_file(
        self,
        path: PathLike,
        *,
        out: PathLike | None = None,
        in_place: bool = False,
        **keywords: Unpack[SignKeywords],
    ) -> SignReport:
        """The labelled file at `path` with a time-stamp, into `out` or in place, all or nothing.

        A manifest beside it is stamped there, and the picture stays as it is.
        Raises `GenlabelError` or `OSError`; then no file has changed.
        """
        labeller = self._for_files(keywords)
        labeller._settle(path)
        return log.done(labeller._stamped_job(FileJob.of(path, out, in_place=in_place)))

    def _for(self, keywords: SignKeywords) -> Labeller:
        values = values_of(keywords, SignOptions.__dataclass_fields__)
        return replace(self, **values) if values else self

    def _for_files(self, keywords: SignKeywords) -> Labeller:
        labeller = self._for(keywords)
        refuse_unfit(keywords, FOR_IMAGES, _ENCODED)
        return labeller

    def _leaves_bytes(self) -> bool:
        """Does the picture stay as it is, byte for byte?"""
        beside = external(self)
        return beside is not None and beside.leaves_bytes and self.visible is None

    def _check(self, label: Label) -> Signer:
        """The signer; raises `TypeError` or `ConfigurationError` for what cannot sign any file."""
        if self.signer is None:
            raise ConfigurationError(
                "no signer: a label is signed with a key and its certificates",
                remedy="make a development credential with `genlabel keys new`",
            )
        if not isinstance(label, Label):
            raise TypeError(f"label: {label!r} is no Label; write Label.generated(producer=…)")
        return self.signer

    def _signed(
        self, asset: Asset, label: Label, parent: Picture | None, standing: Asset | None = None
    ) -> Signed:
        from genlabel.operations.signing import required, sign as signing

        signer = self._check(label)
        origin = asset_of(parent, name="parent") if parent is not None else None
        required.require_order(asset, label, self)
        with intact(asset, origin, standing):
            if self.visible is None:
                signed = signing.sign(asset, label, signer, self, parent=origin, standing=standing)
            else:
                from genlabel.operations.signing import drawing

                signed = drawing.sign_visibly(
                    asset, label, signer, self, self.visible, parent=origin, standing=standing
                )
            signed = required.passed(asset, signed, self)
            if not self.show_public:
                return signed
            from genlabel.operations import public_words

            words = public_words.of(signed.content, signed.sidecar, before=asset.data)
            return replace(signed, public=words)

    def _signed_job(self, job: FileJob, label: Label, parent: Picture | None) -> SignReport:
        if self.visible is not None and not job.is_moved and not self.overwrite:
            from genlabel.operations import visible as visible_label

            raise visible_label.not_in_place()
        standing = job.standing() if self.overwrite else None
        with job.as_it_was_read(), made_in(self._folder_of(job)):
            signed = self._signed(job.asset, label, parent, standing)
        notes: tuple[Finding, ...] = ()
        if not job.stands(signed, standing):
            signs = signed.outcome in (Outcome.SIGNED, Outcome.STAMPED)
            notes = self._write(job, signed, changed=signs and not self._leaves_bytes())
        names, kind = (str(job.asset.path), job.target), signed.report.format_name
        # whoever reads either of them is misled; the finding is the same where the suffixes are
        misled = dict.fromkeys(each for name in names for each in misleading(name, kind))
        more = (*job.superseded(signed.sidecar), *misled, *job.left_to_git(signed), *notes)
        return job.reported(signed, more)

    def _stamped_job(self, job: FileJob) -> SignReport:
        with made_in(self._folder_of(job)):
            stamped = self.add_stamp(job.asset)
        changed = stamped.outcome is Outcome.STAMPED and stamped.sidecar is None
        return job.reported(stamped, self._write(job, stamped, changed=changed))

    def _folder_of(self, job: FileJob) -> Path | None:
        """Where a large result is put together: where it goes, so that it only needs a name."""
        return None if self.dry_run else job.target.absolute().parent

    def _write(self, job: FileJob, signed: Signed, *, changed: bool) -> tuple[Finding, ...]:
        with intact(job.asset):
            return job.write(signed, self, changed=changed)

    def _settle(self, path: PathLike) -> None:
        """Finish or undo what an ended run has left of the pair at `path`, before it is read."""
        storage.require_path(path)
        if not self.dry_run:
            storage.settle(path)

    def _asset(self, image: Picture | Image) -> Asset:
        if not storage.is_image(image):
            return asset_of(cast("Picture", image))
        from genlabel.pixels import encode

        media_type = self.media_type.removeprefix("image/")
        options = self.save or {}
        return Asset(encode.encode(cast("Image", image), format=media_type, options=options))


def sign_target(
    labeller: Labeller, target: Target, label: Label, *, parent: Picture | None = None
) -> SignReport:
    """What `Labeller.sign_file` does, for one of several files that `storage.plan` has placed.

    Links that nobody has named are not followed.
    """
    labeller._settle(target.source.path)
    return labeller._signed_job(FileJob.planned(target), label, parent)


def stamp_target(labeller: Labeller, target: Target) -> SignReport:
    """What `Labeller.stamp_file` does, in the same way."""
    labeller._settle(target.source.path)
    return labeller._stamped_job(FileJob.planned(target))


def not_signed(item: Target | Path, error: Trouble) -> SignReport:
    """The report on a file that could not be signed or stamped.

    What a process that was ended has left of it is finished or removed.
    """
    if isinstance(item, Path):
        return SignReport(path=str(item), error=error)
    if error.kind == ChildProcessError.__name__:
        storage.sweep(item.output.absolute().parent)
    return SignReport(path=str(item.source.path), error=error, report=error.refused)
