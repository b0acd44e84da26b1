"""`sign --state`: which orders an earlier run has done, and what this one begins and does."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from genlabel.cli.orders import Order, Refusal
from genlabel.model import materials
from genlabel.model.dataclass import dataclass
from genlabel.model.results import Outcome, SignReport
from genlabel.storage import Target
from genlabel.storage.state_file import StateFile, Writer
from genlabel.storage.versions import version_of

if TYPE_CHECKING:
    from genlabel.model.label import Label
    from genlabel.operations.labeller import Labeller

_OF_WRITING = ("overwrite", "force", "fsync", "dry_run", "preserve_times", "trust")
"""Options that change nothing of what a label says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Writes down what is begun and done; a value, which other processes get too."""

    writer: Writer
    run: str
    """What is the same for all pictures of the run: who signs, and how."""

    def begin(self, order: Order) -> None:
        """From here on what lies at the target may be ours, until `done` or `gave_up`."""
        self.writer.add({"key": _key(order.target), "is": "begun"}, lasting=True)

    def gave_up(self, order: Order) -> None:
        """Nothing was written."""
        self.writer.add({"key": _key(order.target), "is": "failed"})

    def done(self, order: Order, report: SignReport, source: object) -> None:
        """The result is in its place; `source` is the version of the picture that was read."""
        target = order.target
        written = [str(target.output), *([report.sidecar] if report.sidecar else [])]
        self.writer.add(
            {
                **{"key": _key(target), "is": "done", "label": self.digest(order)},
                "source": seen(target.output) if target.in_place else source,
                "files": {each: seen(each) for each in written},
                **{"sidecar": report.sidecar, "manifest": report.manifest_id},
            }
        )

    def digest(self, order: Order) -> str:
        """Changes with all that a label says, and with the pictures that it says it of."""
        label = order.label
        masks = [each.region.mask for each in label.steps if each.region is not None]
        pictures = [each.source for each in materials.pictures(label)]
        others = [order.parent, *pictures, *masks]
        versions = [seen(each) if isinstance(each, Path) else None for each in others]
        return _digest((_plain(label), versions, self.run))


@dataclass(frozen=True, slots=True)
class State:
    """What an earlier run has written down; nothing where no state is kept."""

    file: StateFile | None

    @classmethod
    def of(cls, path: Path | None) -> State:
        """The state in the file at `path`, which is ours while the command lasts.

        Raises `ConfigurationError`.
        """
        if path is None:
            return cls(None)
        file = StateFile.opened(path)
        click.get_current_context().call_on_close(file.close)
        return cls(file)

    def resumed(self, target: Target) -> Target:
        """The target; what an earlier run has left there may be replaced, another's not."""
        entry = self._entry(target)
        ours = entry.get("is") == "begun" or (entry.get("is") == "done" and _stands(entry))
        return replace(target, resumed=True) if ours else target

    def settled(
        self, orders: Sequence[Order | Refusal], labeller: Labeller
    ) -> tuple[Sequence[Order | Refusal], Record | None]:
        """The orders, those that are done with the reports on them, and what writes down more."""
        if self.file is None:
            return orders, None
        writer = Writer(self.file.path, labeller.fsync)
        writer.opened()
        click.get_current_context().call_on_close(writer.close)
        record = Record(writer=writer, run=run_of(labeller))
        reported = tuple(
            replace(each, report=self._report(each, record)) if isinstance(each, Order) else each
            for each in orders
        )
        return reported, None if labeller.dry_run else record

    def _entry(self, target: Target) -> dict[str, Any]:
        return {} if self.file is None else self.file.entries.get(_key(target), {})

    def _report(self, order: Order, record: Record) -> SignReport | None:
        target = order.target
        entry = self._entry(target)
        if entry.get("is") != "done" or not _stands(entry):
            return None
        if entry.get("source") != seen(target.source.path):
            return None
        if entry.get("label") != record.digest(order):
            return None
        return SignReport(
            path=str(target.source.path),
            output=str(target.output),
            sidecar=_text(entry, "sidecar"),
            outcome=Outcome.UNCHANGED,
            manifest_id=_text(entry, "manifest"),
        )


def run_of(labeller: Labeller) -> str:
    """What is the same for all pictures that `labeller` signs."""
    from genlabel.operations.sign_options import SignOptions

    own = {each.name: getattr(labeller, each.name) for each in fields(SignOptions)}
    options = {name: str(value) for name, value in own.items() if name not in _OF_WRITING}
    identity = labeller.identity
    options["identity"] = (
        f"{identity.signer.chain_pem!r} {identity.roles} {identity.form}" if identity else ""
    )
    signer = labeller.signer.chain_pem if labeller.signer else b""
    return _digest((options, signer))


def seen(path: str | os.PathLike[str]) -> list[int] | None:
    """The version of a file as it is written down: inode, size, time of change; None without one.

    Without the device, whose number may be another one after the machine has started anew.
    """
    try:
        version = version_of(path)
    except OSError:
        return None
    return list(version[1:]) if version else None


def _stands(entry: dict[str, Any]) -> bool:
    """Is everything there as it was written?"""
    files = entry.get("files")
    return isinstance(files, dict) and all(
        version is not None and seen(path) == version for path, version in files.items()
    )


def _key(target: Target) -> str:
    whole = (os.path.abspath(target.source.path), os.path.abspath(target.output))  # noqa: PTH100
    return "\0".join(whole)


def _text(entry: dict[str, Any], name: str) -> str | None:
    value = entry.get(name)
    return value if isinstance(value, str) else None


def _plain(label: Label) -> str:
    return repr(asdict(label))


def _digest(value: object) -> str:
    return hashlib.sha256(repr(value).encode("utf-8", "surrogatepass")).hexdigest()
