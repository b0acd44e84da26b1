"""Of many originals those are compared that a published picture may be a copy or a part of."""

import io
import random

import pytest
from PIL import Image, ImageDraw

from genlabel.pixels.fingerprint import FOUND, NEAR, fingerprint, sought


def scene(seed):
    chance = random.Random(seed)
    image = Image.new("RGB", (480, 320), tuple(chance.randrange(256) for _ in range(3)))
    draw = ImageDraw.Draw(image)
    for _ in range(90):
        x, y, size = chance.randrange(480), chance.randrange(320), chance.randrange(6, 70)
        colour = tuple(chance.randrange(256) for _ in range(3))
        draw.ellipse((x, y, x + size, y + size), fill=colour)
    return image


def encoded(image):
    output = io.BytesIO()
    image.save(output, "PNG")
    return output.getvalue()


def may_be_of(published, original):
    return published.apart(original) <= NEAR or published.score(original) >= FOUND


SCENES = [scene(seed) for seed in range(10)]


def test_copies_and_parts_are_worth_a_comparison():
    for image in SCENES:
        original = fingerprint(encoded(image))
        for copy in (image, image.resize((180, 120)), image.crop((70, 40, 440, 310))):
            assert may_be_of(sought(encoded(copy)), original)


def test_strangers_are_not():
    """Each comparison with one costs what thirty of these do."""
    originals = [fingerprint(encoded(image)) for image in SCENES]
    asked = [
        may_be_of(sought(encoded(one)), original)
        for at, one in enumerate(SCENES)
        for other, original in enumerate(originals)
        if at != other
    ]
    assert sum(asked) <= len(asked) / 20


@pytest.mark.parametrize("make", [fingerprint, sought])
def test_what_is_no_picture_or_too_large_has_none(make):
    assert make(b"no picture") is None
    assert make(encoded(SCENES[0]), max_pixels=1000) is None


def test_what_a_part_was_cut_from_has_its_colours():
    originals = [fingerprint(encoded(image)) for image in SCENES]
    for at, image in enumerate(SCENES):
        part = sought(encoded(image.crop((0, 0, 340, 230)).convert("P", palette=Image.ADAPTIVE)))
        common = [part.common(original) for original in originals]
        assert max(common) == common[at] <= 1.0
