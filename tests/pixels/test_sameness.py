"""Symbols, soft gradients and patterns, whose detail says little, are told by their levels."""

import io
import random
import shutil

import pytest
from alterations import ALONE, TOGETHER, overlaid
from PIL import Image, ImageDraw, ImageFilter
from relations import NEAR, made, wrong

from genlabel.pixels.compare import compare
from genlabel.pixels.sameness import sameness

needs_tools = pytest.mark.skipif(
    not (shutil.which("convert") and shutil.which("vips")),
    reason="ImageMagick and libvips are not installed",
)


def encoded(image, format):
    output = io.BytesIO()
    image.save(output, format)
    return output.getvalue()


def symbol():
    """Nearly symmetric, on a transparent ground."""
    image = Image.new("RGBA", (256, 192))
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((24, 20, 232, 170), 40, fill="#c02020", outline="black", width=8)
    draw.rectangle((60, 50, 90, 70), fill="#f0d040")
    return image


def pattern():
    """Grass, of which each part looks like every other."""
    chance = random.Random(5)
    image = Image.new("RGB", (512, 512), "#305020")
    draw = ImageDraw.Draw(image)
    for _ in range(2600):
        x, y = chance.randrange(512), chance.randrange(512)
        draw.line((x, y, x + 3, y - 14), fill=(60, chance.randrange(90, 140), 40), width=2)
    return image.filter(ImageFilter.GaussianBlur(0.6))


@needs_tools
@pytest.mark.parametrize(
    "name", ["mirror", "flip", "turn by 180°", "overlay on 25%", "overlay on 10%", "greyscale"]
)
def test_of_a_symbol_it_is_known_which_way_round_it_stands_and_what_covers_it(name):
    original = encoded(symbol(), "PNG")
    done = ALONE[name]((256, 192), random.Random(2))
    assert wrong(compare(original, made(original, ".png", done)), done, (256, 192), NEAR) is None


@needs_tools
@pytest.mark.parametrize("name", ["crop to 50%", "crop to 75%", "crop to 90%"])
def test_a_part_of_a_pattern_is_found_where_it_was(name):
    original = encoded(pattern(), "PNG")
    for seed in range(3):
        done = ALONE[name]((512, 512), random.Random(seed))
        found = compare(original, made(original, ".png", done))
        assert wrong(found, done, (512, 512), NEAR) is None


@needs_tools
def test_what_was_covered_does_not_count_and_other_pictures_stay_others():
    one = symbol()
    done = overlaid(0.25)((256, 192), random.Random(4))
    with Image.open(io.BytesIO(made(encoded(one, "PNG"), ".png", done))) as covered:
        flat = [Image.new("RGB", one.size, "white") for _ in range(2)]
        for ground, each in zip(flat, (one, covered), strict=True):
            ground.paste(each, mask=each.convert("RGBA").getchannel("A"))
    assert sameness(*flat) > 0.9
    other = Image.new("RGB", one.size, "white")
    ImageDraw.Draw(other).ellipse((40, 20, 200, 180), fill="#c02020", outline="black", width=8)
    assert sameness(flat[0], other) < 0.5
    assert compare(encoded(flat[0], "PNG"), encoded(other, "PNG")).same_picture is not True


@needs_tools
@pytest.mark.parametrize("seed", range(4))
def test_a_part_that_lost_its_transparency_is_compared(seed):
    """Its own size, not that of the original's transparency, is what its levels are asked at."""
    image = Image.new("RGBA", (240, 240), "#406080")
    ImageDraw.Draw(image).ellipse((60, 60, 180, 180), fill="#d0a030", outline="black", width=9)
    image.paste((0, 0, 0, 0), (0, 0, 240, 30))
    original = encoded(image, "PNG")
    done = TOGETHER["16:9, scaled, caption"]((240, 240), random.Random(seed))
    found = compare(original, made(original, ".png", done))
    assert found.same_picture is True
    assert {"cropped", "framed"} <= set(found.relations)
