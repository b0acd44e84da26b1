"""Draws `docs/visible.png`: each style of visible label on a light, dark, busy and small picture.

python docs/visible_pictures.py
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from PIL import Image

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "src"))
GAP = 12
SIZES = ((420, 300), (420, 300), (420, 300), (200, 200))


def main() -> int:
    """Draws the sheet; the exit status."""
    from genlabel import mark
    from genlabel.model.visible import VisibleStyle

    rows = []
    for style in VisibleStyle:
        marked = (mark(_file(each), words="generated", style=style) for each in _pictures())
        rows.append([Image.open(io.BytesIO(each.data)).convert("RGB") for each in marked])
    width = sum(size[0] + GAP for size in SIZES) + GAP
    height = sum(max(each.height for each in row) + GAP for row in rows) + GAP
    sheet = Image.new("RGB", (width, height), (225, 225, 225))
    top = GAP
    for row in rows:
        left = GAP
        for each in row:
            sheet.paste(each, (left, top))
            left += each.width + GAP
        top += max(each.height for each in row) + GAP
    sheet.quantize(96).save(HERE / "visible.png", optimize=True)
    return 0


def _pictures() -> list[Image.Image]:
    """Light, dark, busy, small."""
    light = Image.linear_gradient("L").resize(SIZES[0]).point(lambda tone: 200 + tone // 5)
    dark = Image.linear_gradient("L").resize(SIZES[1]).point(lambda tone: 60 - tone // 5)
    busy = Image.new("RGB", SIZES[2])
    tones = ((20, 20, 20), (240, 240, 240), (119, 119, 119), (190, 60, 40), (40, 90, 160))
    for row in range(0, SIZES[2][1], 12):
        for column in range(0, SIZES[2][0], 12):
            tone = tones[(column // 12 * 7 + row // 12 * 3 + column * row // 900) % len(tones)]
            busy.paste(tone, (column, row, column + 12, row + 12))
    small = Image.linear_gradient("L").resize(SIZES[3])
    return [light.convert("RGB"), dark.convert("RGB"), busy, small.convert("RGB")]


def _file(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "png")
    return file.getvalue()


if __name__ == "__main__":
    sys.exit(main())
