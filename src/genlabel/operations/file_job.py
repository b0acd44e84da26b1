"""A file job: one picture that was read, and where its result goes, all or nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from genlabel import storage
from genlabel.model.asset import Asset
from genlabel.model.cached_property import cached_property
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import ConfigurationError, MalformedAsset, SigningError
from genlabel.model.report import Finding, Report, Severity
from genlabel.model.results import Signed, SignReport
from genlabel.operations.beside import RECOGNITION, read_asset
from genlabel.operations.sign_options import SignOptions
from genlabel.storage import Output, PathLike, Target, Times
from genlabel.storage.buffers import is_mapped, strides
from genlabel.storage.pending import sha256
from genlabel.storage.versions import Seen


@dataclass(frozen=True, kw_only=True)  # no slots: the place of a manifest is looked for once
class FileJob:
    """A picture that was read, and the file that its result becomes."""

    asset: Asset
    target: Path
    times: Times
    """Of the source, from before it was read."""
    is_moved: bool
    """Is the target another file than the source? Settled before anything is written."""
    in_place: bool = False
    """Was it asked for that the source is replaced? An output that is the source says no such."""
    follow: bool = True
    """Is a symbolic link at the target followed? Only where somebody has named it."""
    below: Path | None = None
    """The directory that was named, below which no link on the way to the target is followed."""
    planned_sidecar: Path | None = None
    """Where a new manifest beside the target goes, if that was settled for several targets."""

    @classmethod
    def of(cls, path: PathLike, out: PathLike | None, *, in_place: bool) -> FileJob:
        """The file at `path`, read, and its target: itself, or in or at `out`.

        Raises `ConfigurationError` where both or neither are named, `OSError` and `MalformedAsset`
        for what cannot be read.
        """
        storage.require_path(path)
        source = Path(path)
        if in_place and out is not None:
            raise ConfigurationError(f"{source}: both an output and in-place were asked for")
        if in_place:
            return cls.at(path, source, in_place=True)
        if out is None:
            raise ConfigurationError(
                f"{source}: no output was named", remedy="give an output, or ask for in-place"
            )
        storage.require_path(out)
        place = Path(out)
        if place.is_dir():
            return cls.at(path, place / source.name, follow=False, below=place)
        return cls.at(path, place)

    @classmethod
    def at(
        cls,
        path: PathLike,
        target: Path,
        *,
        follow: bool = True,
        below: Path | None = None,
        sidecar: Path | None = None,
        in_place: bool = False,
    ) -> FileJob:
        """The file at `path`, read, and its target as it was planned."""
        is_moved = not _is_one_file(path, target)
        times = storage.times_of(path)  # reading sets the first of them
        return cls(
            asset=read_asset(path),
            times=times,
            target=target,
            is_moved=is_moved,
            in_place=in_place,
            follow=follow,
            below=below,
            planned_sidecar=sidecar,
        )

    @classmethod
    def planned(cls, target: Target) -> FileJob:
        """The job of one input among several; what a walk has found is no link that was named."""
        source = target.source
        if target.in_place:
            return cls.at(
                source.path,
                source.path,
                follow=source.named,
                sidecar=target.sidecar,
                in_place=True,
            )
        return cls.at(
            source.path,
            target.output,
            follow=target.below is None,
            below=target.below,
            sidecar=target.sidecar,
        )

    def sidecar_path(self, sidecar: bytes | None) -> Path | None:
        """The file for the manifest `sidecar` of the result; None without one."""
        if sidecar is None:
            return None
        return self._place

    @cached_property
    def _place(self) -> Path:
        if not self.is_moved and self.asset.manifest_path is not None:
            return self.asset.manifest_path
        if self.planned_sidecar is not None:
            return self.planned_sidecar
        return storage.place_for(self.target, recognition=RECOGNITION)

    def standing(self) -> Asset | None:
        """The result of an earlier run where the new one goes; None where nothing is read there."""
        if not self.is_moved or self.target.is_symlink() or not self.target.is_file():
            return None
        try:
            return storage.read_asset(self.target)
        except (OSError, MalformedAsset):
            return None

    def stands(self, signed: Signed, standing: Asset | None) -> bool:
        """Is the result in its place already, byte for byte?"""
        if standing is None or signed.content != standing.data:
            return False
        if signed.sidecar is None:
            return True
        return (signed.sidecar, self._place) == (standing.manifest, standing.manifest_path)

    def write(self, signed: Signed, options: SignOptions, *, changed: bool) -> tuple[Finding, ...]:
        """Write the result: the picture if it was `changed` or moved, and its manifest beside it.

        At every moment what is there verifies. What is there already is replaced only with the
        option `overwrite`, the source and its own sidecar in place always, and what is
        write-protected only with `force`. With `dry_run` that alone is looked at. Returns notes on
        what the system did not allow. Raises `OSError`, `ConfigurationError`, or `SigningError`
        where source or sidecar changed after they were read; then nothing has changed.
        """
        picture = sidecar = None
        digest = ""
        if self.is_moved or changed:
            picture = self._picture(signed, options)
        # An own sidecar's manifest is the new one's parent, or was dropped when asked.
        if signed.sidecar is not None and (self.is_moved or signed.sidecar != self.asset.manifest):
            # alone it is the manifest of the very bytes that were read
            bound = () if picture is not None else self._picture_read
            sidecar = self._sidecar(signed.sidecar, options, bound=bound)
        if options.dry_run:
            storage.look_at(picture, sidecar)
            return ()
        if picture is not None and sidecar is not None:
            digest = sha256(strides(signed.content))
        return storage.write_outputs(picture, sidecar, sha256=digest, fsync=options.fsync)

    def _picture(self, signed: Signed, options: SignOptions) -> Output:
        return Output(
            path=self.target,
            data=signed.content,
            like=None if self.is_moved else self.target,
            overwrite=options.overwrite or self.in_place,
            follow=self.follow,
            below=self.below,
            unchanged=self._picture_read,
            force=options.force,
            times=self.times if options.preserve_times else None,
        )

    def _sidecar(self, store: bytes, options: SignOptions, *, bound: tuple[Seen, ...]) -> Output:
        path = self.sidecar_path(store)
        assert path is not None
        own = not self.is_moved and path == self.asset.manifest_path
        return Output(
            path=path,
            data=store,
            like=path if own and path.is_file() else None,
            overwrite=options.overwrite or own,
            follow=False,
            below=self.below,
            unchanged=(*bound, *self._sidecar_read),
            force=options.force,
        )

    @contextmanager
    def as_it_was_read(self) -> Iterator[None]:
        """Where signing finds fault with a picture that has changed meanwhile, that is what is
        raised: a mapped one changes under our hands.
        """
        try:
            yield
        except (SigningError, MalformedAsset):
            for seen in self._picture_read:
                seen.require_unchanged()
            raise

    @property
    def _picture_read(self) -> tuple[Seen, ...]:
        """The version of the picture that its result may replace, or that must not have changed
        while it was read, page by page; nothing of one that was read whole and is moved.
        """
        version, path = self.asset.version, self.asset.path
        if version is None or path is None:
            return ()
        if self.is_moved:
            return (Seen(Path(path), version),) if is_mapped(self.asset.data) else ()
        return (Seen(self.target, version, self.follow),)

    @property
    def _sidecar_read(self) -> tuple[Seen, ...]:
        path, version = self.asset.manifest_path, self.asset.manifest_version
        if self.is_moved or path is None or version is None:
            return ()
        return (Seen(path, version),)

    def reported(self, signed: Signed, findings: tuple[Finding, ...] = ()) -> SignReport:
        """The report on the result, with the files where it went and more `findings`."""
        path = self.sidecar_path(signed.sidecar)
        sidecar = str(path) if path is not None else None
        report: Report = replace(signed.report, path=str(self.target), sidecar=sidecar)
        signed = replace(signed, report=report, findings=(*signed.findings, *findings))
        return signed.reported(str(self.asset.path), str(self.target), sidecar)

    def superseded(self, sidecar: bytes | None) -> Iterator[Finding]:
        """A manifest that is left beside a picture with an embedded one."""
        if self.asset.manifest_path is not None and not self.is_moved and sidecar is None:
            yield Finding(
                "genlabel.sidecar.superseded",
                severity=Severity.WARNING,
                where=str(self.asset.manifest_path),
                explanation="the manifest beside the picture is now the embedded one's past: the "
                "file can be removed",
            )

    def left_to_git(self, signed: Signed) -> Iterator[Finding]:
        """A drawing whose line ends git may change, which breaks its manifest."""
        if signed.report.format_name == "svg" and storage.left_to_git(self.target):
            yield Finding(
                "genlabel.svg.line-ends",
                severity=Severity.NOTE,
                where=str(self.target),
                explanation="the drawing is text in a work tree of git, which may change the ends "
                "of its lines: a line *.svg -text in .gitattributes keeps them",
            )


def _is_one_file(source: PathLike, target: Path) -> bool:
    """Do both names, by the links on the way, lead to one file?

    Asked of each of many files: where nothing is at the target it is another one.
    """
    if os.fspath(source) == os.fspath(target):
        return True
    return os.path.lexists(target) and Path(source).resolve() == target.resolve()
