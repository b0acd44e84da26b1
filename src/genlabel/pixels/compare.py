"""Comparing: is it the same picture, and what happened to its pixels on the way?"""

from __future__ import annotations

from dataclasses import replace
from itertools import zip_longest

from genlabel.model.errors import MalformedAsset, UnsupportedFormat
from genlabel.model.pixels import Pixels
from genlabel.pixels.decode import MAX_PIXELS, TooLarge, digests, opened, turn
from genlabel.pixels.registration import ANOTHER, COPY, FEW, Match, registered
from genlabel.pixels.relations import related
from genlabel.pixels.views import looked_at, orientation
from genlabel.pixels.windows import WHOLE, Window, sampled

RASTER = 32
"""Pixels of the longer side of the raster on which the distance is measured."""
NEAR = 12.0
"""Largest mean difference of two pictures without detail that are one."""
FAR = 32.0
"""Largest of two with little detail."""

IDENTICAL = Pixels(
    same_picture=True,
    change="identical",
    distance=0.0,
    relations=("identical",),
    scale=1.0,
    mirrored=False,
    rotation=0,
    certainty="high",
)
METADATA_ONLY = replace(IDENTICAL, change="metadata-only", relations=("metadata-only",))


def compare(
    original: bytes | memoryview, published: bytes | memoryview, *, max_pixels: int = MAX_PIXELS
) -> Pixels:
    """What happened to the pixels of `original` on the way to `published`.

    ``undecodable`` when one of the two cannot be decoded, with the reason ``too-large`` when it has
    more than `max_pixels` pixels. Never raises for what the bytes hold.
    """
    if original == published:
        return IDENTICAL
    try:
        sizes = [_size(each, max_pixels) for each in (original, published)]
        with turn(*sizes):
            found = _compared(original, published, max_pixels)
            if found.change == "re-encoded" and not found.distance and len(found.relations) == 1:
                # Equal pixels leave equal views; only then is it worth decoding both in full.
                return IDENTICAL if _equal(original, published, max_pixels) else found
            return found
    except TooLarge:
        return undecodable("too-large")
    except (MalformedAsset, UnsupportedFormat):
        return undecodable()


def of_same_coding(
    original: bytes | memoryview, published: bytes | memoryview, *, max_pixels: int = MAX_PIXELS
) -> Pixels:
    """The same of two files whose coded pictures are equal, byte for byte: ``metadata-only``,
    unless one of them is shown turned or mirrored, as its Exif says."""
    try:
        shown = []
        for data in (original, published):
            with opened(data, most=max_pixels) as image:
                shown.append(orientation(image))
    except (MalformedAsset, UnsupportedFormat):
        return METADATA_ONLY
    if shown[0] == shown[1]:
        return METADATA_ONLY
    return compare(original, published, max_pixels=max_pixels)


def undecodable(reason: str | None = None) -> Pixels:
    """The answer where nothing could be compared."""
    return Pixels(
        same_picture=None, change="undecodable", relations=("undecodable",), reason=reason
    )


def _size(data: bytes | memoryview, most: int) -> int:
    with opened(data, most=most) as image:
        return image.width * image.height


def _equal(original: bytes | memoryview, published: bytes | memoryview, max_pixels: int) -> bool:
    both = (digests(each, most=max_pixels) for each in (original, published))
    return all(one == other for one, other in zip_longest(*both))


def _compared(
    original: bytes | memoryview, published: bytes | memoryview, max_pixels: int
) -> Pixels:
    with (
        looked_at(original, most=max_pixels) as ours,
        looked_at(published, most=max_pixels) as theirs,
    ):
        match = registered(ours.view(), theirs.view())
        return _judged(match, converted=ours.format != theirs.format)


def _judged(match: Match, *, converted: bool) -> Pixels:
    agreement = match.agreement
    if match.shown < FEW:
        agreement = _by_colours(match)
    certainty = "low" if ANOTHER <= agreement < COPY else "high"
    if agreement < (ANOTHER + COPY) / 2:
        return Pixels(
            same_picture=None if certainty == "low" else False,
            change="another",
            distance=_distance(match, WHOLE),
            relations=("another",),
            certainty=certainty,
        )
    relation = related(match)
    names = ("converted",) * converted + relation.names
    names = names or ("re-encoded",)
    return Pixels(
        same_picture=None if certainty == "low" else True,
        change=names[0],
        distance=_distance(match, relation.window),
        relations=names,
        scale=relation.scale,
        crop=relation.crop,
        frame=relation.frame,
        overlay=relation.overlay,
        mirrored=relation.mirrored,
        rotation=relation.rotation,
        certainty=certainty,
    )


def _by_colours(match: Match) -> float:
    """Agreement of two pictures of which at least one shows next to nothing."""
    distance = _distance(match, WHOLE)
    if not match.shown:
        return 1.0 if distance <= NEAR else 0.0
    return match.agreement if distance <= FAR else 0.0


def _distance(match: Match, window: Window) -> float:
    from PIL import ImageChops, ImageStat

    pair = sampled(match.ours.image, match.theirs.image, window, RASTER)
    if pair is None:
        return 255.0
    return sum(ImageStat.Stat(ImageChops.difference(*pair)).mean) / 3
