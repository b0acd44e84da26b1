"""What publication does to pictures, as arguments of ImageMagick and libvips, with the truth.

The truth of a crop, a scale or a frame is what the arguments say; genlabel has no part in it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

Size = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Done:
    """One operation on one picture: the command, and what is true of its result."""

    command: tuple[str, ...]
    """IN and OUT stand for the files."""
    names: frozenset[str] = frozenset()
    """Relations beside ``re-encoded`` and ``converted``."""
    figures: Mapping[str, Any] = field(default_factory=dict)
    """Fields of `Pixels` that are known."""
    suffix: str | None = None
    """Of the result; that of the original when None."""


Operation = Callable[[Size, Random], Done]


def _convert(*arguments: str) -> tuple[str, ...]:
    return ("convert", "IN", *arguments, "OUT")


def cropped(part: float) -> Operation:
    """`part` of the area is left, at any place, in any shape that allows it."""

    def operation(size: Size, chance: Random) -> Done:
        across = min(1.0, part ** chance.choice((0.0, 0.3, 0.5, 0.7, 1.0)))
        width, height = round(size[0] * across), round(size[1] * part / across)
        left = round((size[0] - width) * chance.choice((0, 0.5, 1, chance.random())))
        top = round((size[1] - height) * chance.choice((0, 0.5, 1, chance.random())))
        if (width, height) == size:
            return Done(_convert())
        return Done(
            _convert("-crop", f"{width}x{height}+{left}+{top}", "+repage"),
            frozenset({"cropped"}),
            {"crop": {"left": left, "top": top, "width": width, "height": height}, "scale": 1.0},
        )

    return operation


def scaled(factor: float, tool: str = "convert") -> Operation:
    def operation(size: Size, _: Random) -> Done:
        width, height = (max(1, round(side * factor)) for side in size)
        command = (
            ("vips", "resize", "IN", "OUT", f"{factor}")
            if tool == "vips"
            else _convert("-resize", f"{width}x{height}!")
        )
        return Done(command, frozenset({"resized"}), {"scale": factor})

    return operation


def framed(part: float) -> Operation:
    """A border all around, `part` of the picture's sides in all, in one colour."""

    def operation(size: Size, chance: Random) -> Done:
        across, down = (max(2, round(side * part / 2)) for side in size)
        colour = chance.choice(("white", "black", "#c8a060", "#3050a0"))
        return Done(
            _convert("-compose", "copy", "-bordercolor", colour, "-border", f"{across}x{down}"),
            frozenset({"framed"}),
            {
                "frame": {"left": across, "top": down, "right": across, "bottom": down},
                "scale": 1.0,
            },
        )

    return operation


def captioned(part: float) -> Operation:
    """A bar with words, above or below."""

    def operation(size: Size, chance: Random) -> Done:
        bar = max(4, round(size[1] * part))
        below = chance.random() < 0.7
        ground, ink = chance.choice((("white", "black"), ("black", "white"), ("#203040", "#ffe")))
        gravity = "South" if below else "North"
        words = chance.choice(("A view of the hills", "Photograph: Acme Studio, 2026", "Breaking"))
        return Done(
            _convert(
                *("-gravity", gravity, "-background", ground, "-splice", f"0x{bar}"),
                *("-fill", ink, "-pointsize", f"{max(3, bar // 3)}"),
                *("-annotate", f"+0+{bar // 4}", words),
            ),
            frozenset({"framed"}),
            {
                "frame": {"left": 0, "top": 0, "right": 0, "bottom": 0}
                | {"bottom" if below else "top": bar},
                "scale": 1.0,
            },
        )

    return operation


def overlaid(part: float) -> Operation:
    """A rectangle of one colour over `part` of the area."""

    def operation(size: Size, chance: Random) -> Done:
        across = part**0.5 * chance.uniform(0.8, 1.25)
        width, height = round(size[0] * across), round(size[1] * part / across)
        left = chance.randint(0, size[0] - width)
        top = chance.randint(0, size[1] - height)
        colour = chance.choice(("#ff0040", "#00ff60", "#2020ff", "#ff00ff"))
        box = f"rectangle {left},{top} {left + width - 1},{top + height - 1}"
        share = width * height / (size[0] * size[1])
        overlay = {"left": left, "top": top, "width": width, "height": height, "share": share}
        return Done(
            _convert("-fill", colour, "-draw", box),
            frozenset({"overlaid"}),
            {"overlay": overlay, "scale": 1.0},
        )

    return operation


def _plain(
    *arguments: str, names: str = "", suffix: str | None = None, **figures: Any
) -> Operation:
    def operation(_size: Size, _chance: Random) -> Done:
        return Done(_convert(*arguments), frozenset(names.split()), figures, suffix)

    return operation


def article(size: Size, chance: Random) -> Done:
    """Cut to 16:9, scaled, with a caption below: what a publisher's site does."""
    width, height = size
    wide, high = (width, width * 9 // 16) if width * 9 < height * 16 else (height * 16 // 9, height)
    left, top = (width - wide) // 2, (height - high) // 2
    factor = chance.choice((0.4, 0.5, 0.75, 1.25))
    across, down = round(wide * factor), round(high * factor)
    bar = round(down * 0.12)
    names = {"resized", "framed"} | ({"cropped"} if (wide, high) != size else set())
    figures: dict[str, Any] = {"scale": factor}
    if (wide, high) != size:
        figures["crop"] = {"left": left, "top": top, "width": wide, "height": high}
    return Done(
        _convert(
            *("-crop", f"{wide}x{high}+{left}+{top}", "+repage", "-resize", f"{across}x{down}!"),
            *("-gravity", "South", "-background", "white", "-splice", f"0x{bar}"),
            *("-fill", "black", "-pointsize", f"{max(3, bar // 3)}"),
            *("-annotate", f"+0+{bar // 4}", "The hills, seen from the north"),
        ),
        frozenset(names),
        figures,
    )


def thumbnail(size: Size, chance: Random) -> Done:
    """A square cut out of the middle, and scaled."""
    side = min(size)
    factor = chance.choice((0.4, 0.6, 0.8))
    left, top = (size[0] - side) // 2, (size[1] - side) // 2
    out = round(side * factor)
    names = {"resized"} | ({"cropped"} if size[0] != size[1] else set())
    figures: dict[str, Any] = {"scale": factor}
    if size[0] != size[1]:
        figures["crop"] = {"left": left, "top": top, "width": side, "height": side}
    return Done(
        _convert("-crop", f"{side}x{side}+{left}+{top}", "+repage", "-resize", f"{out}x{out}!"),
        frozenset(names),
        figures,
    )


def reposted(size: Size, chance: Random) -> Done:
    """Mirrored, cut and made brighter, as by somebody who hides whence it comes."""
    width, height = round(size[0] * 0.85), round(size[1] * 0.85)
    left, top = (size[0] - width) // 2, chance.randint(0, size[1] - height)
    crop = {"left": size[0] - width - left, "top": top, "width": width, "height": height}
    return Done(
        _convert(
            *("-crop", f"{width}x{height}+{left}+{top}", "+repage", "-flop"),
            *("-channel", "RGB", "-evaluate", "multiply", "1.2"),
        ),
        frozenset({"cropped", "mirrored", "recoloured"}),
        {"crop": crop | {"left": left}, "mirrored": True, "scale": 1.0},
    )


ALONE: Mapping[str, Operation] = {
    **{f"crop to {part:.0%}": cropped(part) for part in (0.99, 0.95, 0.9, 0.75, 0.5)},
    **{f"scale to {f:.0%}": scaled(f) for f in (0.05, 0.1, 0.25, 0.5, 0.8, 1.5, 2.0, 4.0)},
    "scale to 30%, libvips": scaled(0.3, "vips"),
    "scale to 120%, libvips": scaled(1.2, "vips"),
    **{f"frame of {part:.0%}": framed(part) for part in (0.02, 0.1, 0.25)},
    **{f"caption bar of {part:.0%}": captioned(part) for part in (0.05, 0.12, 0.25)},
    "mirror": _plain("-flop", names="mirrored", mirrored=True, rotation=0, scale=1.0),
    "flip": _plain("-flip", names="mirrored rotated", mirrored=True, rotation=180, scale=1.0),
    **{
        f"turn by {degrees}°": _plain(
            *("-rotate", f"{degrees}"), names="rotated", rotation=degrees, mirrored=False, scale=1.0
        )
        for degrees in (90, 180, 270)
    },
    **{f"overlay on {part:.0%}": overlaid(part) for part in (0.01, 0.02, 0.05, 0.1, 0.25)},
    "greyscale": _plain("-colorspace", "Gray", names="recoloured", scale=1.0),
    **{
        f"brightness {factor - 1:+.0%}": _plain(
            *("-channel", "RGB", "-evaluate", "multiply", f"{factor}"),
            names="recoloured",
            scale=1.0,
        )
        for factor in (0.7, 1.3)
    },
    "JPEG quality 30": _plain("-quality", "30", suffix=".jpg", scale=1.0),
    "WebP quality 40": _plain("-quality", "40", suffix=".webp", scale=1.0),
    "AVIF quality 30": _plain("-quality", "30", suffix=".avif", scale=1.0),
    "64 colours": _plain("-colors", "64", suffix=".png", scale=1.0),
    "64 colours, undithered": _plain("+dither", "-colors", "64", suffix=".png", scale=1.0),
}
TOGETHER: Mapping[str, Operation] = {
    "16:9, scaled, caption": article,
    "square thumbnail": thumbnail,
    "mirrored, cut, brighter": reposted,
}
