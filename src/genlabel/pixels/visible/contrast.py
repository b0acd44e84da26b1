"""Contrast as WCAG 2.1 defines it, and where a plate's edge stands out from what is around it."""

from __future__ import annotations

from collections.abc import Sequence

Colour = tuple[float, float, float]
"""sRGB, 0 to 255 a channel."""

BLACK: Colour = (0.0, 0.0, 0.0)
WHITE: Colour = (255.0, 255.0, 255.0)
LETTERS = 4.5
"""WCAG 2.1 success criterion 1.4.3: letters against what is behind them."""
EDGE = 3.0
"""Success criterion 1.4.11: what is not text against what is beside it."""
MOST = 0.95
"""Part of the surroundings that the edge must stand out from."""


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4


_LINEAR = tuple(_linear(value / 255) for value in range(256))
"""Of whole values: thousands of pixels are asked for."""


def luminance(colour: Sequence[float]) -> float:
    """Relative luminance of an sRGB colour, 0 to 1 (WCAG 2.1, definitions)."""
    red, green, blue = (_linear(value / 255) for value in colour[:3])
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def luminances(pixels: bytes, step: int = 1) -> list[float]:
    """Those of every pixel in `step` of RGB bytes."""
    at = 3 * step
    return [
        0.2126 * _LINEAR[red] + 0.7152 * _LINEAR[green] + 0.0722 * _LINEAR[blue]
        for red, green, blue in zip(pixels[::at], pixels[1::at], pixels[2::at], strict=True)
    ]


def ratio(one: Sequence[float], other: Sequence[float]) -> float:
    """The contrast ratio of two colours, 1 to 21."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def edge(tones: Sequence[Sequence[float]], around: Sequence[float]) -> float:
    """The ratio that the best of an edge's `tones` has at least against `MOST` of the luminances
    `around`; 21 where nothing is around.
    """
    levels = [luminance(tone) + 0.05 for tone in tones]
    best = []
    for each in around:
        level = each + 0.05
        best.append(max(level / tone if level > tone else tone / level for tone in levels))
    best.sort()
    return best[int(len(best) * (1 - MOST))] if best else 21.0
