"""How a symmetric picture was turned is said as far as that can be told."""

import io

import pytest
from PIL import Image
from tests.pixels.test_relations import detailed

from genlabel.model.pixels import Turned
from genlabel.pixels.compare import compare
from genlabel.pixels.matches import TURNS
from genlabel.pixels.unscaled import _both


def jpeg(image: Image.Image, *, quality: int) -> bytes:
    file = io.BytesIO()
    image.save(file, "JPEG", quality=quality)
    return file.getvalue()


def symmetric(*, across: bool = False, down: bool = False) -> Image.Image:
    """Hills that look the same mirrored left to right (`across`), or top to bottom (`down`)."""
    picture = detailed(size=(240, 160))
    if across:
        half = picture.crop((0, 0, 120, 160)).transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        picture.paste(half, (120, 0))
    if down:
        half = picture.crop((0, 0, 240, 80)).transpose(Image.Transpose.FLIP_TOP_BOTTOM)
        picture.paste(half, (0, 80))
    return picture


LEFT_RIGHT = Turned(mirrored=True, rotation=0)
TOP_BOTTOM = Turned(mirrored=True, rotation=180)
HALF = Turned(mirrored=False, rotation=180)
ASIDE = Turned(mirrored=False, rotation=0)


@pytest.mark.parametrize(
    ("sides", "method", "true", "certainty", "others"),
    [
        ({"across": True}, None, ASIDE, "high", {LEFT_RIGHT}),
        ({"across": True}, Image.Transpose.FLIP_LEFT_RIGHT, ASIDE, "high", {LEFT_RIGHT}),
        ({"across": True}, Image.Transpose.ROTATE_180, HALF, "low", {TOP_BOTTOM}),
        ({"across": True}, Image.Transpose.FLIP_TOP_BOTTOM, HALF, "low", {TOP_BOTTOM}),
        ({"down": True}, Image.Transpose.ROTATE_180, LEFT_RIGHT, "low", {HALF}),
        ({"across": True, "down": True}, None, ASIDE, "high", {LEFT_RIGHT, TOP_BOTTOM, HALF}),
        ({}, None, ASIDE, "high", set()),
        ({}, Image.Transpose.ROTATE_180, HALF, "high", set()),
    ],
)
def test_a_symmetric_picture_is_said_to_be_turned_as_far_as_that_can_be_told(
    sides, method, true, certainty, others
):
    picture = symmetric(**sides)
    turned = picture if method is None else picture.transpose(method)
    found = compare(jpeg(picture, quality=95), jpeg(turned, quality=80))
    said = Turned(mirrored=found.mirrored, rotation=found.rotation)
    assert {said, *found.or_turned} == {true, *others}
    assert (found.same_picture, found.certainty) == (True, certainty)


@pytest.mark.parametrize("one", TURNS)
@pytest.mark.parametrize("other", TURNS)
def test_two_turns_together_are_one(one, other):
    def turned(image: Image.Image, mirrored: bool, rotation: int) -> Image.Image:
        if mirrored:
            image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        return image.rotate(-rotation, expand=True)

    image = Image.effect_noise((7, 5), 80)
    both = _both(one, other)
    after = turned(image, other.mirrored, other.rotation)
    after = turned(after, one.mirrored, one.rotation)
    assert after.tobytes() == turned(image, both.mirrored, both.rotation).tobytes()
