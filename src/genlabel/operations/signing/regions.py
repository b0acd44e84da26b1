"""The regions of a label's steps: masks looked at, and all of them held against the picture."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import fields, replace
from pathlib import Path

from genlabel.manifests.validation.actions import MASK
from genlabel.model.errors import LabelError, MalformedAsset, UnsupportedFormat, remedy_of
from genlabel.model.label import Label
from genlabel.model.regions import Region, RegionUnit
from genlabel.model.steps import OwnStep, Step
from genlabel.storage.file_contents import contents

MAX_MASK = 32 * 1024
"""Most bytes of a mask that is written."""


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
            return _masked(step, region, size)
        region.require_inside(*size)
    except LabelError as error:
        raise LabelError(f"step {number} ({step.action}): {error}", remedy=error.remedy) from error
    return step


def _masked(step: Step, region: Region, size: tuple[int, int]) -> Step:
    """`step` with the rectangle around what its mask covers, and with the mask if that is asked."""
    from genlabel.pixels import masks

    mask = region.mask
    try:
        data = mask if isinstance(mask, bytes) else bytes(contents(Path(str(mask))))
        around = _around(*masks.covered(data), size)
        if not region.with_mask:
            return replace(step, region=around)
        shown = masks.in_two_colours(data)
    except OSError as error:
        raise LabelError(
            f"{mask!s}: the mask cannot be read ({error.strerror})", remedy=remedy_of(error)
        ) from error
    except (MalformedAsset, UnsupportedFormat) as error:
        raise LabelError(f"mask: {error}", remedy=error.remedy) from error
    if len(shown) > MAX_MASK:
        raise LabelError(
            f"mask: {len(shown):,} bytes as PNG in black and white, and {MAX_MASK:,} go into a "
            "manifest",
            remedy="leave with_mask out, or simplify it",
        )
    values = {each.name: getattr(step, each.name) for each in fields(step)}
    written = {MASK: {"format": "image/png", "base64": b64encode(shown).decode("ascii")}}
    values |= {"region": around, "parameters": {**step.parameters, **written}}
    return OwnStep(**values)


def _around(
    whole: tuple[int, int], box: tuple[int, int, int, int] | None, size: tuple[int, int]
) -> Region:
    """The rectangle `box` of a mask of the size `whole` in a picture of `size`."""
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
