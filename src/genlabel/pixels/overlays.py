"""Overlays: what was laid over a picture, its box and the bars along the edges."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from genlabel.pixels.windows import Edges

if TYPE_CHECKING:
    from PIL import Image

APART = 18.0
"""Least difference, in levels, of a point that shows something else."""
FAR = 96
"""Difference from which on a greater one says no more."""
SPECK = 0.004
"""Least part of the picture that something laid over it covers."""
JUTS = 0.1
"""Part of the longest covered line below which a line belongs to no box."""
GAP = 3
"""Lines of words in a bar that are by chance what was there before."""
BAR = 0.6
"""Part of a line that is covered where it belongs to a bar."""
THIN = 3
"""Lines of the raster from which on what is covered is no seam."""
CORNER, FILLED = 5, 0.6
"""Part of a box's sides that its corners have, and part of it that is covered, of a rectangle."""


def overlaid(
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
