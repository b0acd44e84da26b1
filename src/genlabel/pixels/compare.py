"""Comparing: is it the same picture, and what happened to its pixels on the way?"""

from __future__ import annotations

from dataclasses import replace
from itertools import zip_longest

from genlabel.model.errors import MalformedAsset, UnsupportedFormat
from genlabel.model.pixels import Frames, Pixels
from genlabel.pixels.decode import MAX_PIXELS, TooLarge, digests, opened, turn
from genlabel.pixels.frames import later
from genlabel.pixels.matches import ANOTHER, COPY, FEW, LIKELY, Match
from genlabel.pixels.registration import registered
from genlabel.pixels.relations import NEARLY, Relation, distance, related
from genlabel.pixels.sameness import (
    are_like_stripes,
    common_colours,
    is_even_along,
    is_striped,
    share_shown,
)
from genlabel.pixels.unscaled import or_turned
from genlabel.pixels.views import looked_at, orientation
from genlabel.pixels.windows import WHOLE

RASTER = 32
"""Pixels of the longer side of the raster on which the distance is measured."""
NEAR = 12.0
"""Largest mean difference of two pictures without detail that are one."""
FAR = 32.0
"""Largest of two with little detail."""
HARDLY, PLAINLY = 2.5, 80.0
"""Mean difference from which on two pictures are two, and two with little detail."""
GROUND, LITTLE = 0.5, 0.1
"""Part of the points in common colours, and part that shows something, of a picture that is ground
for the most part: of 1,500 pairs of different pictures 1 was so."""
COLOURS = 0.8
"""Part of their points with common colours from which on stripes may be the same: of 1,500 pairs of
different pictures 1 in 100 had as much."""
SMALL = 96
"""Pixels of the shorter side below which much can be made of little."""
MUCH = 3
"""So many changes at once are not believed of a picture that is `SMALL`."""
TINY = 16
"""Pixels of the shorter side below which nothing tells another picture from the same."""
_CHANGES = frozenset({"cropped", "framed", "mirrored", "rotated", "recoloured", "overlaid"})

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
        several = max(ours.frames, theirs.frames) > 1
        frames = Frames(original=ours.frames, published=theirs.frames) if several else None
        match = registered(ours.view(), theirs.view())
        found = _judged(match)
        if found is not None:
            if ours.frames == theirs.frames:
                return replace(found, frames=frames)
            # The first of one can be a later one of the other.
            reason = "the numbers of frames differ, and only the first ones were compared"
            return replace(_another(found.distance, certain=False, reason=reason), frames=frames)
        relation = related(match)
        rest = later(ours, theirs, match, relation)
        converted = ours.format != theirs.format
        found = _copied(match, rest.relation, converted=converted)
        if rest.another:
            found = _another(
                found.distance,
                certain=ours.frames == theirs.frames,
                reason=f"frame {rest.another[0]} shows another picture",
            )
        return replace(found, frames=frames)


def _judged(match: Match) -> Pixels | None:
    """Another picture, or perhaps one; None for a copy."""
    agreement = _agreement(match)
    if agreement >= LIKELY:
        return None
    certain = agreement < ANOTHER and _shorter(match) >= TINY and not _may_be_one(match)
    return _another(distance(match, WHOLE, RASTER), certain=certain)


def _may_be_one(match: Match) -> bool:
    """Can the two not be told apart? They are the same from afar; or too little is shown, by both,
    or by one in the other's colours; or they are stripes in the same colours, of which the detail
    agrees nowhere once they are cut and scaled."""
    if distance(match, WHOLE, RASTER) < (PLAINLY if match.shown < FEW else HARDLY):
        return True
    both = match.ours.image, match.theirs.image
    common = common_colours(*both)
    if common >= GROUND and min(map(share_shown, both)) < LITTLE:
        return True
    return (common >= COLOURS and all(map(is_striped, both))) or are_like_stripes(*both)


def _shorter(match: Match) -> int:
    """Pixels of the shortest side of both."""
    return min(*match.ours.size, *match.theirs.size)


def _another(apart: float | None, *, certain: bool, reason: str | None = None) -> Pixels:
    return Pixels(
        same_picture=False if certain else None,
        change="another",
        distance=apart,
        reason=reason,
        relations=("another",),
        certainty="high" if certain else "low",
    )


def _copied(match: Match, relation: Relation, *, converted: bool) -> Pixels:
    names = ("converted",) * converted + relation.names
    names = names or ("re-encoded",)
    changes = len(_CHANGES.intersection(names))
    much = _shorter(match) < SMALL and changes >= MUCH
    both = match.ours.image, match.theirs.image
    vague = relation.overlay is not None and changes > 1 and min(map(share_shown, both)) < LITTLE
    vague = vague or (_is_moved(relation) and is_even_along(match.ours.image))
    certain = _agreement(match) >= COPY and not much and not vague
    others = or_turned(match) if certain and relation.window == WHOLE else ()
    is_turned = (match.turn.mirrored or match.turn.rotation) and all(
        each.mirrored or each.rotation for each in others
    )
    return Pixels(
        same_picture=True if certain else None,
        change=names[0],
        distance=distance(match, relation.window, RASTER),
        relations=names,
        scale=relation.scale,
        crop=relation.crop,
        frame=relation.frame,
        overlay=relation.overlay,
        mirrored=relation.mirrored,
        rotation=relation.rotation,
        certainty="high" if certain and not (others and is_turned) else "low",
        or_turned=others,
    )


def _is_moved(relation: Relation) -> bool:
    """Is it said where a part lies? Stripes do not tell how far along them, nor a small scale."""
    near_one = relation.scale is not None and 0 < abs(relation.scale - 1) <= NEARLY
    return relation.window != WHOLE or near_one


def _agreement(match: Match) -> float:
    return match.agreement if match.shown >= FEW else _by_colours(match)


def _by_colours(match: Match) -> float:
    """Agreement of two pictures of which at least one shows next to nothing."""
    apart = distance(match, WHOLE, RASTER)
    if not match.shown:
        return 1.0 if apart <= NEAR else 0.0
    return match.agreement if apart <= FAR else 0.0
