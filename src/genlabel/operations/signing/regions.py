"""The regions of a label's steps: masks looked at, and all of them held against the picture."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from genlabel.model.errors import LabelError, MalformedAsset, UnsupportedFormat
from genlabel.model.label import Label
from genlabel.model.regions import Region, RegionUnit
from genlabel.model.steps import Step
from genlabel.storage.file_contents import contents


def settled(label: Label, picture: bytes | memoryview) -> Label:
    """`label`, its masks made rectangles. Raises `LabelError` for a region outside of `picture`."""
    if all(step.region is None for step in label.steps):
        return label
    from genlabel.pixels import masks

    size = masks.size(picture)
    steps = tuple(_settled(step, number, size) for number, step in enumerate(label.steps, 1))
    return replace(label, steps=steps)


def _settled(step: Step, number: int, size: tuple[int, int] | None) -> Step:
    region = step.region
    if region is None or region.unit is RegionUnit.PERCENT:
        return step
    try:
        if size is None:
            raise LabelError(
                "region: how many pixels the picture has cannot be told here",
                remedy="give the region in percent",
            )
        if region.mask is not None:
            region = _around(region.mask, size)
        region.require_inside(*size)
    except LabelError as error:
        raise LabelError(f"step {number} ({step.action}): {error}", remedy=error.remedy) from error
    return replace(step, region=region)


def _around(mask: Path | bytes, size: tuple[int, int]) -> Region:
    """The smallest rectangle around what `mask` covers."""
    from genlabel.pixels import masks

    try:
        data = mask if isinstance(mask, bytes) else contents(mask)
        whole, box = masks.covered(bytes(data))
    except OSError as error:
        raise LabelError(f"{mask!s}: the mask cannot be read ({error.strerror})") from error
    except (MalformedAsset, UnsupportedFormat) as error:
        raise LabelError(f"mask: {error}", remedy=error.remedy) from error
    if whole != size:
        raise LabelError(
            f"mask: {whole[0]} by {whole[1]} pixels, and the picture has {size[0]} by {size[1]}",
            remedy="give a mask of the same size",
        )
    if box is None:
        raise LabelError(
            "mask: all of it is black or transparent, so nothing was changed",
            remedy="paint white what was changed",
        )
    return Region(rectangle=box)
