"""Signing through streams: standard input as the picture, standard output as the result."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from genlabel import storage
from genlabel.cli.inputs import stdin
from genlabel.model.errors import ConfigurationError
from genlabel.model.label import Label
from genlabel.model.results import SignReport
from genlabel.operations.labeller import Labeller
from genlabel.storage import STDIN, Found


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Where the bytes of one picture come from and go to."""

    source: Found
    out: Path | None
    """None for standard output."""
    overwrite: bool
    fsync: bool


def route(
    sources: tuple[Found, ...],
    out: str | None,
    *,
    in_place: bool,
    overwrite: bool,
    fsync: bool,
) -> Route | None:
    """The way through a stream; None when only files are concerned.

    Raises `ConfigurationError` when several pictures would go through one stream.
    """
    to_stdout = out == STDIN
    if not to_stdout and not any(each.is_stdin for each in sources):
        return None
    if len(sources) != 1:
        raise ConfigurationError(
            "-: stands for one picture, and several were named", remedy="sign the others apart"
        )
    if in_place:
        raise ConfigurationError("-: a stream has no place", remedy="leave --in-place out")
    source = sources[0]
    target = None
    if out is not None and not to_stdout:
        (planned,) = storage.plan(sources, out=out, overwrite=overwrite)
        target = planned.output
    return Route(source=source, out=target, overwrite=overwrite, fsync=fsync)


def check_output(way: Route, *, format: str, dry_run: bool) -> None:
    """Raise `ConfigurationError` where a picture on stdout would meet something else there."""
    if way.out is not None or dry_run:
        return
    if format != "text":
        raise ConfigurationError(
            f"--format {format}: stdout carries the picture",
            remedy="send the picture to a file with -o FILE",
        )
    if sys.stdout.isatty():
        raise ConfigurationError(
            "stdout: is a terminal, and no place for a picture",
            remedy="send it to a file or program, or use -o FILE",
        )


def sign(
    labeller: Labeller, label: Label, way: Route, *, parent: Path | None, dry_run: bool
) -> SignReport:
    """One picture signed through the stream. Raises `GenlabelError` or `OSError`."""
    source = way.source
    data = stdin() if source.is_stdin else source.path.read_bytes()
    signed = labeller.sign(
        data,
        label,
        parent=parent.read_bytes() if parent is not None else None,
        title=None if source.is_stdin else source.path.name,
    )
    if not dry_run:
        if way.out is None:
            sys.stdout.buffer.write(signed.data)
            sys.stdout.buffer.flush()
        else:
            storage.write_atomically(way.out, signed.data, overwrite=way.overwrite, fsync=way.fsync)
    return SignReport(
        path=str(source.path),
        output=str(way.out or STDIN),
        outcome=signed.outcome,
        manifest_id=signed.manifest_id,
        replaced=signed.replaced,
        verifies_until=signed.verifies_until,
        stamped_at=signed.stamped_at,
        needs_stamp=signed.needs_stamp,
        report=signed.report,
        findings=signed.findings,
    )
