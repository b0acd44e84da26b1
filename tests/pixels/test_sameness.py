"""Symbols, soft gradients and patterns, whose detail says little, are told by their levels."""

import io
import random
import shutil
import subprocess

import pytest
from alterations import ALONE, TOGETHER, overlaid
from PIL import Image, ImageDraw, ImageFilter
from relations import NEAR, asked, made, wrong

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


FLAT = {
    "white": ("xc:white",),
    "black": ("xc:black",),
    "grey": ("xc:gray50",),
    "gradient": ("gradient:navy-orange",),
    "round gradient": ("radial-gradient:white-navy",),
    "lines": ("xc:white", "-stroke", "black", "-draw", "line 50,50 600,400 line 400,40 580,180"),
    "page": ("xc:white", "-pointsize", "28", "-annotate", "+30+60", "Minutes of the meeting"),
    "logo": ("xc:none", "-fill", "#d02020", "-draw", "circle 300,200 300,60"),
    "dark frame": ("xc:black", "-fill", "#0a0a0a", "-draw", "rectangle 100,100 200,200"),
    "stripes": ("pattern:VERTICAL2",),
    "checks": ("pattern:checkerboard",),
}  # fmt: skip


def flat(name):
    command = ["convert", "-size", "640x480", *FLAT[name], "png:-"]
    return subprocess.run(command, check=True, capture_output=True).stdout


@needs_tools
@pytest.mark.parametrize("name", [each for each in FLAT if each != "stripes"])
def test_of_what_shows_little_no_copy_is_surely_another_picture(name):
    """Where a caption or a frame is all there is to see, that it is another cannot be known."""
    chance, size = random.Random(3), (640, 480)
    original = flat(name)
    for operation, work in {**ALONE, **TOGETHER}.items():
        done = work(size, chance)
        if asked(done, size):
            found = compare(original, made(original, ".png", done))
            assert (found.change, found.certainty) != ("another", "high"), operation


@needs_tools
@pytest.mark.parametrize(
    ("one", "other"),
    [("white", "black"), ("white", "gradient"), ("gradient", "round gradient"), ("page", "black"),
     ("stripes", "gradient"), ("page", "checks"), ("lines", "gradient")],
)  # fmt: skip
def test_flat_pictures_that_differ_are_others(one, other):
    found = compare(flat(one), flat(other))
    assert (found.change, found.certainty) == ("another", "high")


@needs_tools
def test_of_two_pages_with_words_neither_is_a_copy():
    lines = [each for at in range(9) for each in ("-annotate", f"+40+{110 + 40 * at}", "A line")]
    other = ["convert", "-size", "900x600", "xc:#f4f4f4", "-pointsize", "20", *lines, "png:-"]
    page = subprocess.run(other, check=True, capture_output=True).stdout
    assert compare(page, flat("page")).same_picture is not True


@needs_tools
@pytest.mark.parametrize("darkness", [72, 90])
def test_a_dark_picture_that_was_made_brighter_is_recoloured(darkness):
    chance = random.Random(2)
    noise = Image.frombytes("L", (24, 18), bytes(chance.randrange(darkness) for _ in range(432)))
    dark = noise.convert("RGB").resize((384, 288), Image.Resampling.BICUBIC)
    for work, names in (("1.2", ("recoloured",)), ("1.0", ("identical", "re-encoded"))):
        done = ["convert", "png:-", "-channel", "RGB", "-evaluate", "multiply", work, "png:-"]
        brighter = subprocess.run(done, input=encoded(dark, "PNG"), check=True, capture_output=True)
        found = compare(encoded(dark, "PNG"), brighter.stdout)
        assert set(found.relations) <= set(names)


@needs_tools
def test_what_is_nearly_symmetric_is_found_mirrored_by_its_colours():
    """Its detail agrees as well with the one as with the other way round."""
    colours = ["-size", "1x400", "gradient:red-blue", "-rotate", "90", "-resize", "400x200!"]
    drawn = ["convert", *colours, "-fill", "white", "-stroke", "black", "-draw",
             "rectangle 40,40 120,160 rectangle 280,40 360,160", "png:-"]  # fmt: skip
    original = subprocess.run(drawn, check=True, capture_output=True).stdout
    cut = ["convert", "png:-", "-crop", "360x170+20+20", "+repage", "-flop", "png:-"]
    part = subprocess.run(cut, input=original, check=True, capture_output=True).stdout
    found = compare(original, part)
    assert (found.mirrored, found.rotation) == (True, 0)
    assert set(found.relations) == {"cropped", "mirrored"}
