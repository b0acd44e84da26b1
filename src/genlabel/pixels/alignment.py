"""Alignment: a window that is nearly right is moved and stretched until both pictures agree."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from genlabel.model.dataclass import dataclass
from genlabel.pixels.windows import Window, sampled

if TYPE_CHECKING:
    from PIL import Image

TILES = 12
"""Tiles along the longer side; each is weighed by how well both pictures agree in it."""
FLOOR = 1.5
"""Root mean square, in grey levels, of the detail below which a tile shows nothing."""


@dataclass(frozen=True, slots=True)
class Tiles:
    """Mean products of the detail of two pictures, tile by tile, row by row."""

    size: tuple[int, int]
    ours: list[float]
    theirs: list[float]
    both: list[float]

    def correlations(self) -> list[float]:
        """-1 to 1; 0 where one of the two shows nothing."""
        floor = FLOOR * FLOOR / 4
        return [
            both / (one * other) ** 0.5 if one > floor and other > floor else 0.0
            for one, other, both in zip(self.ours, self.theirs, self.both, strict=True)
        ]

    def agreement(self) -> tuple[float, float]:
        """How well the tiles agree that show something (-1 to 1), and how many these are."""
        energy = [max(pair) for pair in zip(self.ours, self.theirs, strict=True)]
        shown = [each for each in energy if each > FLOOR * FLOOR]
        if not shown:
            return 0.0, 0.0
        most = sorted(shown)[len(shown) // 2] ** 0.5
        weights = [min(each**0.5, most) if each > FLOOR * FLOOR else 0.0 for each in energy]
        pairs = zip(weights, self.correlations(), strict=True)
        return sum(weight * value for weight, value in pairs) / sum(weights), len(shown)


def _grid(size: tuple[int, int], most: int) -> tuple[int, int]:
    width, height = size
    longer = max(size)
    return max(2, round(most * width / longer)), max(2, round(most * height / longer))


def _means(image: Image.Image, size: tuple[int, int]) -> list[float]:
    from PIL import Image

    return list(memoryview(image.resize(size, Image.Resampling.BOX).tobytes()).cast("f"))


def _product(one: Image.Image, other: Image.Image) -> Image.Image:
    return _computed(lambda of: of["a"] * of["b"], one, other)


def _computed(
    rule: Callable[[dict[str, Any]], Any], one: Image.Image, other: Image.Image
) -> Image.Image:
    """`rule` of the pictures ``a`` and ``b``, point by point, in floating point."""
    from PIL import ImageMath

    result: Image.Image = ImageMath.lambda_eval(rule, a=one, b=other)
    return result


def detail(image: Image.Image) -> Image.Image:
    """The picture less its own blur, in floating point."""
    from PIL import Image

    small = (max(2, image.width // 8), max(2, image.height // 8))
    plain = image.convert("F")
    blur = plain.resize(small, Image.Resampling.BOX).resize(image.size, Image.Resampling.BILINEAR)
    return _computed(lambda of: of["a"] - of["b"], plain, blur)


def tiles(one: Image.Image, other: Image.Image, most: int = TILES) -> Tiles:
    """Of two pictures of detail, with `most` tiles along the longer side."""
    size = _grid(one.size, most)
    return Tiles(
        size,
        _means(_product(one, one), size),
        _means(_product(other, other), size),
        _means(_product(one, other), size),
    )


def _slopes(image: Image.Image) -> tuple[Image.Image, Image.Image]:
    """Half the difference of the neighbours on both sides; nothing at the rim."""
    from PIL import Image

    width, height = image.size
    sides = (
        ((2, 0, width, height), (0, 0, width - 2, height), (1, 0)),
        ((0, 2, width, height), (0, 0, width, height - 2), (0, 1)),
    )
    slopes = []
    for after, before, at in sides:
        slope = Image.new("F", image.size)
        pair = image.crop(after), image.crop(before)
        slope.paste(_computed(lambda of: (of["a"] - of["b"]) * 0.5, *pair), at)
        slopes.append(slope)
    return slopes[0], slopes[1]


def aligned(
    ours: Image.Image, theirs: Image.Image, window: Window, side: int, steps: int
) -> Window | None:
    """`window` after some steps of Gauss and Newton on a raster of `side` pixels; None where it
    leads nowhere."""
    for _ in range(steps):
        pair = sampled(ours, theirs, window, side)
        if pair is None:
            return None
        step = _step(*pair)
        if step is None:
            return None
        (a, b), (c, d) = step
        left, top, right, bottom = window.common
        # in pixels of the raster from its middle; now in the original's sides
        width, height = right - left, bottom - top
        across = width / pair[0].width
        down = height / pair[0].height
        beta, delta = b / pair[0].width * 2, d / pair[0].height * 2
        middle = ((left + right) / 2, (top + bottom) / 2)
        window = window.moved(
            (a * across - beta * middle[0], beta), (c * down - delta * middle[1], delta)
        )
        if not (0.2 < window.width < 5 and 0.2 < window.height < 5):
            return None
        if max(abs(a), abs(b), abs(c), abs(d)) < 0.02:
            break
    return window


def _step(
    one: Image.Image, other: Image.Image
) -> tuple[tuple[float, float], tuple[float, float]] | None:
    """By how many pixels `one` is to move and, at its rim, to be stretched, to fit `other`."""
    ours, theirs = detail(one), detail(other)
    measured = tiles(ours, theirs)
    # each tile counts for what agrees in it, and not for how strong its edges are
    weights = [
        max(0.05, value) ** 2 / (one + other + FLOOR * FLOOR)
        for value, one, other in zip(
            measured.correlations(), measured.ours, measured.theirs, strict=True
        )
    ]
    power = sum(w * each for w, each in zip(weights, measured.ours, strict=True))
    common = sum(w * each for w, each in zip(weights, measured.both, strict=True))
    if power <= 0:
        return None
    gain = min(4.0, max(0.25, common / power))
    rest = _computed(lambda of: of["b"] - of["a"] * gain, ours, theirs)
    mean = _computed(lambda of: (of["b"] + of["a"] * gain) * 0.5, ours, theirs)
    across, down = _slopes(mean)
    size = measured.size
    sums = [
        _means(_product(*pair), size)
        for pair in (
            (across, across), (across, down), (down, down), (across, rest), (down, rest),
        )
    ]  # fmt: skip
    matrix = [[0.0] * 5 for _ in range(4)]
    for index, weight in enumerate(weights):
        x = (index % size[0] + 0.5) / size[0] * 2 - 1
        y = (index // size[0] + 0.5) / size[1] * 2 - 1
        xx, xy, yy, xr, yr = (weight * each[index] for each in sums)
        rows = (
            (xx, xx * x, xy, xy * y, xr),
            (xx * x, xx * x * x, xy * x, xy * x * y, xr * x),
            (xy, xy * x, yy, yy * y, yr),
            (xy * y, xy * x * y, yy * y, yy * y * y, yr * y),
        )
        for sum_row, row in zip(matrix, rows, strict=True):
            for column in range(5):
                sum_row[column] += row[column]
    solved = _solved(matrix)
    if solved is None:
        return None
    a, b, c, d = (max(-4.0, min(4.0, each)) for each in solved)
    return (a, b), (c, d)


def _solved(matrix: list[list[float]]) -> list[float] | None:
    """The solution of four equations, slightly damped; None where there is none."""
    size = len(matrix)
    trace = sum(matrix[i][i] for i in range(size))
    if trace <= 0:
        return None
    for i in range(size):
        matrix[i][i] += 1e-3 * trace / size
    for i in range(size):
        pivot = max(range(i, size), key=lambda row: abs(matrix[row][i]))
        if abs(matrix[pivot][i]) < 1e-12 * trace:
            return None
        matrix[i], matrix[pivot] = matrix[pivot], matrix[i]
        for row in range(size):
            if row != i:
                factor = matrix[row][i] / matrix[i][i]
                matrix[row] = [
                    one - factor * other for one, other in zip(matrix[row], matrix[i], strict=True)
                ]
    return [matrix[i][size] / matrix[i][i] for i in range(size)]
