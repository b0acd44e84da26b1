"""Which pictures `genlabel sign` signs, with which labels, and where the results go."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from genlabel.cli import orders
from genlabel.cli.inputs import InputOptions
from genlabel.cli.orders import Order, Refusal
from genlabel.cli.placement import PlacementOptions
from genlabel.cli.stderr import message
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import ConfigurationError
from genlabel.model.escape import quoted
from genlabel.storage import STDIN, Found, Target

if TYPE_CHECKING:
    from genlabel.cli.settings import Settings
    from genlabel.model.label import Label
    from genlabel.operations.sign_options import ExternalManifest


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a run signs."""

    orders: tuple[Order | Refusal, ...]
    unreadable: tuple[tuple[Path, OSError], ...] = ()
    shared: int
    """How many there are, if other processes can work on them all; else 0."""
    to_stdout: bool = False
    """Does standard output carry the picture?"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the options of a run ask for."""

    inputs: InputOptions
    settings: Settings
    placement: PlacementOptions
    external: ExternalManifest | None
    parent: Path | None
    quiet: bool
    resumed: Callable[[Target], Target]
    """Marks a target that an earlier run has begun."""

    def of_files(self) -> Plan:
        """One label for all files that are meant."""
        label = self.settings.label()
        _tell_unused(self.settings, label)
        files = self.inputs.expand(quiet=self.quiet)
        _check_parent(self.parent, files.files)
        return Plan(
            orders=tuple(
                Order(target=target, label=label, parent=self.parent)
                for target in self._targets(files.files)
            ),
            unreadable=files.unreadable,
            shared=files.shared,
            to_stdout=_goes_to_stdout(files.files, self.placement),
        )

    def of_rows(self, batch: Path) -> Plan:
        """A label for each row of a batch file."""
        from genlabel.cli.settings import rows

        inputs = self.inputs
        orders.check_rows_alone(
            self.placement,
            (inputs.paths, inputs.files_from, inputs.changed_since, inputs.include, inputs.exclude),
        )
        base = inputs.base if inputs.base is not None else batch.parent
        read = rows.read(batch, below=base)
        if self.parent is not None and len(read) > 1:
            raise ConfigurationError(
                f"--parent: {self.parent} cannot be the parent of {len(read)} pictures",
                remedy="name the parents in a column parent",
            )
        drawn = orders.of_rows(
            read,
            self.settings,
            self.placement,
            self.external,
            base=base,
            parent=self.parent,
            resumed=self.resumed,
        )
        return Plan(orders=drawn, shared=len(drawn))

    def _targets(self, files: Sequence[Found]) -> tuple[Target, ...]:
        """Where each result goes. Raises `ConfigurationError` where streams do not fit."""
        placement, external = self.placement, self.external
        if placement.out != STDIN and not any(file.is_stdin for file in files):
            # Where the manifest alone is written, the picture stays as it is.
            beside = external is not None and external.leaves_bytes and placement.out is None
            return placement.plan(
                files,
                in_place=placement.in_place or beside,
                with_sidecars=external is not None,
                resumed=self.resumed,
            )
        if external is not None:
            raise ConfigurationError(
                "--sidecar: nothing lies beside a stream", remedy="name files instead of -"
            )
        if len(files) != 1:
            raise ConfigurationError(
                "-: stands for one picture, and several were named", remedy="sign the others apart"
            )
        if placement.in_place:
            raise ConfigurationError("-: a stream has no place", remedy="leave --in-place out")
        if _goes_to_stdout(files, placement):
            return (Target(source=files[0], output=Path(STDIN), in_place=False),)
        return placement.plan(files)


def _tell_unused(settings: Settings, declared: Label) -> None:
    """A generator that is configured never changes what was said of the picture."""
    if (unused := settings.unused_generator()) is not None:
        how = declared.history.value.replace("_", " ")
        message(
            f"generator: {quoted(unused)} is configured and left out, since {how} asks for none; "
            "name it with --using if it was at work"
        )


def _check_parent(parent: Path | None, files: Sequence[Found]) -> None:
    """Raise `ConfigurationError` where one picture would be the parent of several."""
    if parent is not None and len(files) > 1:
        raise ConfigurationError(
            f"--parent: {parent} cannot be the parent of {len(files)} pictures",
            remedy="sign them one by one",
        )


def _goes_to_stdout(files: Sequence[Found], placement: PlacementOptions) -> bool:
    """Does standard output carry the picture?"""
    return placement.out == STDIN or (
        placement.out is None and any(file.is_stdin for file in files)
    )
