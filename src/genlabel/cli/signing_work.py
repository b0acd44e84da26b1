"""What is done with each picture that `genlabel sign` signs."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from genlabel import storage
from genlabel.cli.inputs import InputOptions
from genlabel.cli.orders import Order, Refusal
from genlabel.cli.run_state import Record, seen
from genlabel.cli.signing import Signing
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import ConfigurationError
from genlabel.storage import STDIN, Found, Target, streams

if TYPE_CHECKING:
    from genlabel.model.asset import Asset
    from genlabel.model.label import Label
    from genlabel.model.results import SignReport
    from genlabel.operations.labeller import Labeller


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What is done with each order; other processes get it too."""

    inputs: InputOptions
    signing: Signing
    to_stdout: bool
    beside: bool
    """Does the manifest go beside the picture?"""
    record: Record | None = None

    def __call__(self, order: Order | Refusal) -> SignReport:
        """The report on one picture. Raises what signing raises, and why a row is no order."""
        if isinstance(order, Refusal):
            raise order.error
        if order.report is not None:
            return order.report
        labeller, target = self.signing.labeller, order.target
        if not self.to_stdout and not is_stream(target.source):
            return self._signed(order)
        picture = self.inputs.picture(target.source.path)
        _require_place(target, beside=self.beside and not self.to_stdout)
        return _sign_stream(
            target, picture, labeller, order.label, order.parent, to_stdout=self.to_stdout
        )

    def _signed(self, order: Order) -> SignReport:
        """The picture signed, and that written down where the run keeps its state."""
        from genlabel.operations.labeller import sign_target

        labeller, target, record = self.signing.labeller, order.target, self.record
        if target.resumed:
            labeller = replace(labeller, overwrite=True)
        if record is None:
            return sign_target(labeller, target, order.label, parent=order.parent)
        source = seen(target.source.path)
        record.begin(order)
        try:
            report = sign_target(labeller, target, order.label, parent=order.parent)
        except BaseException:
            record.gave_up(order)
            raise
        record.done(order, report, source)
        return report


def _require_place(target: Target, *, beside: bool) -> None:
    if target.in_place or beside:
        raise ConfigurationError(
            f"{target.source.path}: is a pipe, which has no place", remedy="use -o FILE"
        )


def is_stream(source: Found) -> bool:
    """Does the picture come through a pipe?"""
    return source.is_stdin or not streams.is_regular(source.path)


def _sign_stream(
    target: Target,
    picture: Asset | Path,
    labeller: Labeller,
    label: Label,
    parent: Path | None,
    *,
    to_stdout: bool,
) -> SignReport:
    """Sign where the picture comes through a pipe, or its result goes to standard output."""
    source = target.source
    signed = labeller.sign(picture, label, parent=parent)
    if to_stdout and not labeller.dry_run:
        sys.stdout.buffer.write(signed.content)
        sys.stdout.buffer.flush()
    elif not labeller.dry_run:
        storage.write_atomically(
            target.output,
            signed.data,
            overwrite=labeller.overwrite,
            force=labeller.force,
            fsync=labeller.fsync,
        )
    return signed.reported(str(source.path), STDIN if to_stdout else str(target.output))
