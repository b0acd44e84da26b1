"""Differences: how the colours changed between two pictures that lie over each other, and where
something else is shown."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import TYPE_CHECKING

from genlabel.model.dataclass import dataclass
from genlabel.pixels.alignment import detail, tiles
from genlabel.pixels.sameness import covered, widest
from genlabel.pixels.windows import Edges

if TYPE_CHECKING:
    from PIL import Image

POINTS = 24_000
"""Pixels of the raster on which two pictures are compared point by point."""
SHIFT = 6.0
"""Root mean square, in levels of 255, by which the tones are moved where colours are another's."""
GAIN, LEAST_MOVE = 0.1, 5
"""Proportion in which all levels moved, and levels by which the most moved did, where that shift is
less because the picture is dark."""
DRAINED = 0.3
"""Share of its colour below which a picture that had some is grey."""
CHROMA = 6.0
"""Mean difference of channels, in levels, of a picture that has colour."""
APART = 18.0
"""Least difference, in levels, of a point that shows something else."""
FAR = 96
"""Difference from which on a greater one says no more."""
SPECK = 0.004
"""Least part of the picture that something laid over it covers."""

BLOCKS = 16
"""Tiles along the longer side in which the detail is compared."""
ALIKE = 0.6
"""Correlation of the detail of a tile from which on both show the same there."""
JUTS = 0.1
"""Part of the longest covered line below which a line belongs to no box."""
GAP = 3
"""Lines of words in a bar that are by chance what was there before."""
BAR = 0.6
"""Part of a line that is covered where it belongs to a bar."""
EQUAL = 0.8
"""Correlation from which on the tones can be compared."""
SAMPLE = 3
"""Every so manieth point is asked for its tones."""
EDGE = 24
"""Difference, in levels, of neighbours between which there is an edge."""
LEAST = 0.02
"""Part of the picture whose tones speak for all of it."""

THIN = 3
"""Lines of the raster from which on what is covered is no seam."""
CORNER, FILLED = 5, 0.6
"""Part of a box's sides that its corners have, and part of it that is covered, of a rectangle."""

_BIN = 16
_HALF = [255 * (16 <= value < 240) for value in range(256)]


@dataclass(frozen=True, slots=True)
class Differences:
    """What compression does not explain."""

    recoloured: bool
    box: Edges | None
    """Of what was laid over, in sides of what both show."""
    share: float
    """Part of what both show that is covered."""
    bars: Edges
    """Thickness of the bars along the edges that are something else all along."""


def differences(
    one: Image.Image, other: Image.Image, solids: Sequence[Image.Image] = ()
) -> Differences:
    """Between two RGB pictures on one raster; where one of `solids`, the transparency of the first
    or of both, is dark, a ground is seen."""
    from PIL import ImageChops

    solid = reduce(ImageChops.darker, solids) if solids else None
    agreeing, asked = _agreeing(one.convert("L"), other.convert("L"), solid)
    box = covered(widest(ImageChops.difference(one, other)))
    if box is not None:
        outside = asked.copy()
        outside.paste(0, box)
        # one level beside the box says nothing of what may have become of the others
        asked = outside if _lit(outside) >= LEAST and _levels(one, outside) > 1 else asked
    grey = _is_drained(one, other)
    pairs = [*zip(one.split(), other.split(), strict=True), (one.convert("L"), other.convert("L"))]
    *tones, luma = (_tones(*pair, asked) for pair in pairs)
    recoloured = grey or any(each.shift > SHIFT or each.is_scaled() for each in (luma, *tones))
    if abs(luma.gain) >= GAIN:  # then two levels of a channel are enough
        recoloured = recoloured or any(each.is_scaled(2) for each in tones)
    kept = list(range(256))
    curve = luma.curve() if recoloured else kept
    apart = _moved(one.convert("L"), curve, other.convert("L"), solid)
    if not grey:
        curve = [value for each in tones for value in (each.curve() if recoloured else kept)]
        colours = _moved(one, curve, other, solid).point([value * 3 // 5 for value in range(256)])
        apart = ImageChops.lighter(apart, colours)
    if len(solids) == 2:
        apart = ImageChops.lighter(apart, ImageChops.difference(*solids))
        # what is laid over hides: what stays half transparent was coded anew
        half = ImageChops.darker(*(each.point(_HALF) for each in solids))
        apart.paste(0, mask=half)
    noise = sorted(apart.tobytes())[apart.width * apart.height // 2]
    return Differences(recoloured, *_covered(apart, max(APART, 6 * noise), agreeing))


def _agreeing(
    one: Image.Image, other: Image.Image, solid: Image.Image | None
) -> tuple[Image.Image, Image.Image]:
    """Light where the detail of both is the same; and where their tones can be compared: there,
    but not at edges, which blur, nor where a ground is seen."""
    from PIL import Image, ImageChops, ImageFilter

    measured = tiles(detail(one), detail(other), BLOCKS)
    agreeing, sure = (Image.new("L", measured.size) for _ in range(2))
    agreeing.putdata([255 * (value > ALIKE) for value in measured.correlations()])
    sure.putdata([255 * (value > EQUAL) for value in measured.correlations()])
    agreeing, sure = (each.resize(one.size, Image.Resampling.NEAREST) for each in (agreeing, sure))
    high, low = one.filter(ImageFilter.MaxFilter(3)), one.filter(ImageFilter.MinFilter(3))
    even = ImageChops.difference(high, low).point([255 * (value < EDGE) for value in range(256)])
    every = solid or Image.new("L", one.size, 255)
    for asked in (ImageChops.darker(sure, even), sure, agreeing):
        asked = ImageChops.darker(asked, every)
        if _lit(asked) >= LEAST:
            return agreeing, asked
    return agreeing, every


def _moved(
    one: Image.Image, curve: list[int], other: Image.Image, solid: Image.Image | None
) -> Image.Image:
    """How far `other` is from `one` with its tones moved, at each point."""
    moved = one.point(curve)
    if solid is not None:
        moved.paste(one, mask=solid.point([255 * (value < 128) for value in range(256)]))
    return _apart(moved, other)


def _apart(one: Image.Image, other: Image.Image) -> Image.Image:
    """The greatest difference of a channel at each point."""
    from PIL import ImageChops

    return widest(ImageChops.difference(one, other))


@dataclass(frozen=True, slots=True)
class _Tones:
    known: dict[int, int]
    """Level → how far it moved, of levels that are seen often."""
    shift: float
    """Root mean square of the way that the levels moved, as told from either picture: of colours
    that coding blurred, those of before moved, but each that is now was the same on average."""

    @property
    def gain(self) -> float:
        """In which proportion the levels moved, but for the darkest."""
        squares = sum(level * level for level in self._moves)
        return sum(level * move for level, move in self._moves.items()) / max(1, squares)

    @property
    def _moves(self) -> dict[int, int]:
        return {level: move for level, move in self.known.items() if level >= _BIN}

    def is_scaled(self, least: int = 3) -> bool:
        """Did all levels move in one proportion, `least` of them or more? In a dark picture that is
        few levels."""
        moves, gain = self._moves, self.gain
        return (
            len(moves) >= least
            and abs(gain) >= GAIN
            and max(map(abs, moves.values())) >= LEAST_MOVE
            and all(0.7 <= move / (gain * level) <= 1.3 for level, move in moves.items())
        )

    def curve(self) -> list[int]:
        """What each of 256 levels became, at most points that have it."""
        moved = (level + round(_between(self.known, level)) for level in range(256))
        return [max(0, min(255, level)) for level in moved]


def _tones(one: Image.Image, other: Image.Image, asked: Image.Image) -> _Tones:
    """How one channel's levels moved: the middle of what became of each sixteenth of them, where
    `asked` is light, or everywhere when that is next to nowhere."""
    where = asked.tobytes() if _lit(asked) >= LEAST else b"\xff" * one.width * one.height
    became: list[list[int]] = [[] for _ in range(256 // _BIN)]
    came: list[list[int]] = [[] for _ in became]
    data = (each.tobytes()[::SAMPLE] for each in (one, other))
    for before, after, is_asked in zip(*data, where[::SAMPLE], strict=True):
        if is_asked > 127:
            became[before // _BIN].append(after - before)
            came[after // _BIN].append(after - before)
    count = sum(map(len, became))
    often = {
        index * _BIN + _BIN // 2: sorted(moves)
        for index, moves in enumerate(became)
        if len(moves) >= max(4, count // 60)
    }
    known = {level: moves[len(moves) // 2] for level, moves in often.items()}
    surely = {level: _least(moves) for level, moves in often.items()}
    forth = sum(
        len(moves) * _between(surely, index * _BIN + _BIN // 2) ** 2
        for index, moves in enumerate(became)
    )
    back = sum(sum(moves) ** 2 / len(moves) for moves in came if moves)
    return _Tones(known, (min(forth, back) / max(1, count)) ** 0.5)


def _least(moves: Sequence[int]) -> int:
    """How far three of four went at least, and to the same side, of these moves in their order."""
    low, high = moves[len(moves) // 4], moves[-1 - len(moves) // 4]
    return max(low, 0) + min(high, 0)


def _levels(image: Image.Image, asked: Image.Image) -> int:
    """How many sixteenths of the levels have a twentieth of the points where `asked` is light."""
    lit = asked.point([255 * (value > 127) for value in range(256)])
    counts = image.convert("L").histogram(lit)
    often = [sum(counts[start : start + _BIN]) for start in range(0, 256, _BIN)]
    return sum(count * 20 >= sum(counts) for count in often)


def _lit(image: Image.Image) -> float:
    """The part of a grey picture that is light."""
    return sum(image.histogram()[128:]) / (image.width * image.height)


def _between(known: dict[int, int], level: int) -> float:
    """The move of a level between those that are known."""
    below = max((each for each in known if each <= level), default=None)
    above = min((each for each in known if each >= level), default=None)
    if below is None or above is None:
        only = above if below is None else below
        return 0.0 if only is None else known[only]
    if below == above:
        return known[below]
    part = (level - below) / (above - below)
    return known[below] * (1 - part) + known[above] * part


def _is_drained(one: Image.Image, other: Image.Image) -> bool:
    before, after = chroma(one), chroma(other)
    return before > CHROMA and after < DRAINED * before


def chroma(image: Image.Image) -> float:
    """How far the channels of an RGB picture are apart, on average, in levels."""
    from PIL import ImageChops, ImageStat

    red, green, blue = image.split()
    pairs = ((red, green), (green, blue), (red, blue))
    return max(ImageStat.Stat(ImageChops.difference(*pair)).mean[0] for pair in pairs)


def _covered(
    apart: Image.Image, least: float, agreeing: Image.Image
) -> tuple[Edges | None, float, Edges]:
    """The box about all larger regions that are `least` apart, the part that they cover, and the
    bars that they make."""
    from PIL import ImageFilter

    width, height = apart.size
    plain, apart = apart, apart.point([min(value, FAR) for value in range(256)])
    mask = apart.point([255 * (value >= least) for value in range(256)])
    solid = mask.filter(ImageFilter.MinFilter(3)).filter(ImageFilter.MaxFilter(3))
    closed = solid.filter(ImageFilter.MaxFilter(5)).filter(ImageFilter.MinFilter(5))
    same, levels = agreeing.tobytes(), apart.tobytes()
    large = [
        each
        for each in _regions(closed.tobytes(), width, height)
        if len(each) >= SPECK * width * height
        and _thickness(each, width) >= THIN
        and (
            sum(same[point] > 127 for point in each) < len(each) * 0.5
            or sum(levels[point] for point in each) > len(each) * 2.5 * least
        )
    ]
    if not large:
        return None, 0.0, (0.0, 0.0, 0.0, 0.0)
    points = [point for each in large for point in _core(each, levels)]
    columns, rows = [0] * width, [0] * height
    for point in points:
        columns[point % width] += 1
        rows[point // width] += 1
    across, down = _stretch(columns), _stretch(rows)
    share = len(points) / (width * height)
    edges: Edges = (*across, *down)
    if _is_rectangle([point for each in large for point in each], width, edges):
        edges = _finely(plain, edges)
        share = (edges[1] - edges[0]) * (edges[3] - edges[2]) / (width * height)
    box = (edges[0] / width, edges[2] / height, edges[1] / width, edges[3] / height)
    bars = (
        _bar(columns, height) / width,
        _bar(rows, width) / height,
        _bar(columns[::-1], height) / width,
        _bar(rows[::-1], width) / height,
    )
    return box, share, bars


def _thickness(region: Sequence[int], width: int) -> int:
    """Lines of the shorter side of the box about a region."""
    across = [point % width for point in region]
    return min(max(across) - min(across), (max(region) - min(region)) // width) + 1


def _is_rectangle(points: Sequence[int], width: int, edges: Edges) -> bool:
    """Do `points` fill the box of these edges, and each of its corners? What is missing of it then
    had the colour that was laid over."""
    left, right, top, bottom = (int(edge) for edge in edges)
    wide, high = right - left, bottom - top
    across, down = max(1, wide // CORNER), max(1, high // CORNER)
    corners, count = [0] * 4, 0
    for point in points:
        y, x = divmod(point, width)
        if left <= x < right and top <= y < bottom:
            count += 1
            if not left + across <= x < right - across and not top + down <= y < bottom - down:
                corners[2 * (y >= bottom - down) + (x >= right - across)] += 1
    return count >= FILLED * wide * high and min(corners) >= FILLED * across * down


def _finely(apart: Image.Image, edges: Edges) -> Edges:
    """The edges of a rectangle in fractions of pixels, by how much its outermost lines differ."""
    from PIL import Image

    left, right, top, bottom = (int(edge) for edge in edges)
    box = Image.Resampling.BOX
    columns = apart.crop((0, top, apart.width, bottom)).resize((apart.width, 1), box).tobytes()
    rows = apart.crop((left, 0, right, apart.height)).resize((1, apart.height), box).tobytes()
    return (
        _edge(columns, left),
        len(columns) - _edge(columns[::-1], len(columns) - right),
        _edge(rows, top),
        len(rows) - _edge(rows[::-1], len(rows) - bottom),
    )


def _edge(line: Sequence[int], first: int) -> float:
    """Where what starts at about `first` does: its first two lines and the two before count as far
    as they differ, between the line outside and the one inside."""
    if first < 1 or first + 2 >= len(line):
        return float(first)
    outside, inside = line[max(0, first - 3)], line[first + 2]
    if inside - outside < APART:
        return float(first)
    parts = (
        (level - outside) / (inside - outside) for level in line[max(0, first - 2) : first + 2]
    )
    return max(0.0, first + 2 - sum(max(0.0, min(1.0, part)) for part in parts))


def _core(region: list[int], levels: bytes) -> list[int]:
    """The points of a region without its blurred rim."""
    middle = sorted(levels[point] for point in region)[len(region) // 2]
    return [point for point in region if 2 * levels[point] >= middle]


def _stretch(counts: Sequence[int]) -> tuple[int, int]:
    """From the first to behind the last line that is covered, but for what merely juts out."""
    least = max(1, max(counts) * JUTS)
    covered = [index for index, count in enumerate(counts) if count >= least]
    return covered[0], covered[-1] + 1


def _bar(counts: Sequence[int], length: int) -> int:
    """How many lines from the edge on are covered for the most part, with the last, blurred one."""
    gap, end = 0, 0
    for at, count in enumerate(counts):
        gap = 0 if count >= BAR * length else gap + 1
        if not gap:
            end = at + 1
        elif gap > GAP:
            break
    while 0 < end < len(counts) and counts[end] >= JUTS * length:
        end += 1
    return end


def _regions(mask: bytes, width: int, height: int) -> Sequence[list[int]]:
    """The points of each connected region."""
    left = {index for index, value in enumerate(mask) if value}
    regions = []
    while left:
        start = left.pop()
        region, border = [start], [start]
        while border:
            point = border.pop()
            near = [point - width, point + width]
            if point % width:
                near.append(point - 1)
            if point % width < width - 1:
                near.append(point + 1)
            for each in near:
                if each in left:
                    left.remove(each)
                    region.append(each)
                    border.append(each)
        regions.append(region)
    return regions
