"""Placing: one picture and what lies beside it, and where its result goes, all or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from genlabel import storage
from genlabel.model.errors import ConfigurationError
from genlabel.model.report import Finding, Severity
from genlabel.storage.buffers import contents, strides


@dataclass(frozen=True, slots=True, kw_only=True)
class Placing:
    """A picture that was read, and the file that its result becomes."""

    source: Path
    target: Path
    moved: bool
    """Is the target another file than the source? Settled before anything is written."""
    data: bytes | memoryview = field(repr=False)
    place: Path | None
    """The manifest that lies beside the source."""
    store: bytes | None = field(repr=False)
    """What that file holds."""

    @classmethod
    def of(cls, path: str | Path, out: str | Path | None, *, in_place: bool) -> Placing:
        """The file at `path`, read, and its target: itself, or in or at `out`.

        Raises `ConfigurationError` where both or neither are named, `OSError` and `MalformedAsset`
        for what cannot be read.
        """
        source = Path(path)
        target = _target(source, out, in_place=in_place)
        data = contents(source)
        place, store = storage.read_sidecar(source)
        return cls(
            source=source,
            target=target,
            moved=target.resolve() != source.resolve(),
            data=data,
            place=place,
            store=store,
        )

    def beside(self, sidecar: bytes | None) -> Path | None:
        """The file for the manifest `sidecar` of the result; None without one."""
        if sidecar is None:
            return None
        if self.moved or self.place is None:
            return storage.sidecar_for(self.target)
        return self.place

    def put(
        self,
        content: bytes | memoryview,
        sidecar: bytes | None,
        *,
        changed: bool,
        overwrite: bool,
        fsync: bool,
    ) -> None:
        """Write the result: the picture if it was `changed` or moved, and its manifest beside it.

        What is there already is replaced only with `overwrite`, the source and its own sidecar in
        place always. Raises `OSError` or `ConfigurationError`.
        """
        moved, beside = self.moved, self.beside(sidecar)
        if moved or changed:
            storage.write_atomically(
                self.target,
                strides(content),
                like=self.source,
                overwrite=overwrite or not moved,
                fsync=fsync,
            )
        if beside is not None and sidecar is not None and (moved or sidecar != self.store):
            # An own sidecar's manifest is the new one's parent, or was dropped when asked.
            own = not moved and beside == self.place
            storage.write_atomically(beside, [sidecar], overwrite=overwrite or own, fsync=fsync)

    def superseded(self, sidecar: bytes | None) -> Iterator[Finding]:
        """A manifest that is left beside a picture with an embedded one."""
        if self.place is not None and not self.moved and sidecar is None:
            yield Finding(
                "genlabel.sidecar.superseded",
                severity=Severity.WARNING,
                where=str(self.place),
                explanation="the manifest beside the picture is now the embedded one's past: the "
                "file can be removed",
            )


def _target(source: Path, out: str | Path | None, *, in_place: bool) -> Path:
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
