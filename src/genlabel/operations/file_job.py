"""A file job: one picture that was read, and where its result goes, all or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from genlabel import storage
from genlabel.model.asset import Asset
from genlabel.model.errors import ConfigurationError
from genlabel.model.report import Finding, Report, Severity
from genlabel.model.results import Signed, SignReport
from genlabel.storage import PathLike
from genlabel.storage.buffers import strides


@dataclass(frozen=True, slots=True, kw_only=True)
class FileJob:
    """A picture that was read, and the file that its result becomes."""

    asset: Asset
    target: Path
    is_moved: bool
    """Is the target another file than the source? Settled before anything is written."""

    @classmethod
    def of(cls, path: PathLike, out: PathLike | None, *, in_place: bool) -> FileJob:
        """The file at `path`, read, and its target: itself, or in or at `out`.

        Raises `ConfigurationError` where both or neither are named, `OSError` and `MalformedAsset`
        for what cannot be read.
        """
        source = Path(path)
        target = _target(source, out, in_place=in_place)
        asset = storage.read_asset(path)
        return cls(asset=asset, target=target, is_moved=target.resolve() != source.resolve())

    def sidecar_path(self, sidecar: bytes | None) -> Path | None:
        """The file for the manifest `sidecar` of the result; None without one."""
        if sidecar is None:
            return None
        if self.is_moved or self.asset.manifest_path is None:
            return storage.sidecar_for(self.target)
        return self.asset.manifest_path

    def write(self, signed: Signed, *, changed: bool, overwrite: bool, fsync: bool) -> None:
        """Write the result: the picture if it was `changed` or moved, and its manifest beside it.

        What is there already is replaced only with `overwrite`, the source and its own sidecar in
        place always. Raises `OSError` or `ConfigurationError`.
        """
        is_moved, sidecar = self.is_moved, signed.sidecar
        if is_moved or changed:
            storage.write_atomically(
                self.target,
                strides(signed.content),
                like=Path(self.asset.path or ""),
                overwrite=overwrite or not is_moved,
                fsync=fsync,
            )
        path = self.sidecar_path(sidecar)
        if path is not None and sidecar is not None:
            # An own sidecar's manifest is the new one's parent, or was dropped when asked.
            own = not is_moved and path == self.asset.manifest_path
            if is_moved or sidecar != self.asset.manifest:
                storage.write_atomically(path, [sidecar], overwrite=overwrite or own, fsync=fsync)

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
