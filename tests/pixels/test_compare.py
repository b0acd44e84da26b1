"""Comparing says first whether it is the same picture, and then what was done to it."""

import functools
import io
import itertools
import os
import random
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageOps

from genlabel.pixels.compare import compare
from genlabel.testing import picture

CORPUS = Path(
    os.environ.get("GENLABEL_CORPUS", Path(__file__).parents[2].parent / "shared" / "corpus")
)
# Photographs and graphics of the corpus that show different things, two by two.
DIFFERENT = (
    "unmarked/P1000827.jpg", "unmarked/iptc.jpg", "unmarked/hopper.webp", "unmarked/mars.webp",
    "unmarked/sample1.webp", "unmarked/paris_icc_exif_xmp.png", "unmarked/minnie-320x240-yuv.jpg",
    "unmarked/event-speakers-admin-modal.png", "unmarked/iss634.webp", "unmarked/matt-egol.png",
    "signed/adobe-20220124-A.jpg", "signed/cards_trusted.jpg", "signed/cloud.jpg",
    "signed/bing_creator_cloud_surfing_puppy.jpg", "signed/ren-castillo.png",
    "signed/tomoko-hara.png",
)  # fmt: skip


def encoded(image, format="PNG", **options):
    file = io.BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


@functools.cache
def drawn(seed=1, size=(300, 200)):
    with Image.open(io.BytesIO(picture("png", size=size, seed=seed))) as image:
        return image.convert("RGB")


def with_logo(image):
    copy = image.copy()
    box = (copy.width * 3 // 4, copy.height * 5 // 6, copy.width, copy.height)
    ImageDraw.Draw(copy).rectangle(box, fill="white")
    return copy


PUBLISHED = {
    "JPEG q20": (lambda i: encoded(i, "JPEG", quality=20), "converted"),
    "WebP q50": (lambda i: encoded(i, "WEBP", quality=50), "converted"),
    "128 pixels": (lambda i: encoded(ImageOps.contain(i, (128, 128))), "resized"),
    "twice as large": (lambda i: encoded(i.resize((i.width * 2, i.height * 2))), "resized"),
    "squeezed": (lambda i: encoded(i.resize((i.width, i.height // 2))), "resized"),
    "cut square": (lambda i: encoded(ImageOps.fit(i, (min(i.size),) * 2)), "cropped"),
    "brighter": (lambda i: encoded(ImageEnhance.Brightness(i).enhance(1.25)), "recoloured"),
    "darker": (lambda i: encoded(ImageEnhance.Brightness(i).enhance(0.6)), "recoloured"),
    "more contrast": (lambda i: encoded(ImageEnhance.Contrast(i).enhance(1.5)), "recoloured"),
    "grey": (lambda i: encoded(i.convert("L")), "recoloured"),
    "256 colours": (lambda i: encoded(i.quantize(256)), "re-encoded"),
    "a logo on it": (lambda i: encoded(with_logo(i)), "overlaid"),
}
pictures = pytest.mark.parametrize("seed", range(4))


@pictures
@pytest.mark.parametrize("way", PUBLISHED)
def test_a_published_picture_is_still_the_same(way, seed):
    image = drawn(seed)
    publish, change = PUBLISHED[way]
    found = compare(encoded(image), publish(image))
    assert found.same_picture is True
    assert found.change == change
    assert 0 <= found.distance <= 255


def test_the_same_bytes_are_identical_even_when_nobody_can_decode_them():
    for data in (picture("jpeg"), b"nonsense"):
        found = compare(data, memoryview(data))
        assert (found.same_picture, found.change, found.distance) == (True, "identical", 0.0)


def test_pixels_compressed_anew_without_loss_are_identical():
    image = drawn()
    found = compare(encoded(image), encoded(image, compress_level=1))
    assert (found.same_picture, found.change) == (True, "identical")


def test_one_pixel_is_enough_not_to_be_identical():
    image = drawn()
    touched = image.copy()
    touched.putpixel((0, 0), (255, 0, 0))
    assert compare(encoded(image), encoded(touched)).change == "re-encoded"


def test_a_jpeg_saved_again_is_re_encoded():
    data = encoded(drawn(), "JPEG", quality=95)
    with Image.open(io.BytesIO(data)) as image:
        again = encoded(image, "JPEG", quality=70)
    assert compare(data, again).change == "re-encoded"


def test_a_later_frame_that_changes_is_noticed():
    animation = picture("png", frames=3)
    still = picture("png")
    assert compare(animation, still).change == "re-encoded"
    assert compare(animation, picture("png", frames=3)).change == "identical"


@pytest.mark.parametrize(("one", "other"), list(itertools.combinations(range(6), 2)))
def test_other_hills_are_another_picture(one, other):
    found = compare(picture("png", size=(300, 200), seed=one),
                    picture("png", size=(300, 200), seed=other))  # fmt: skip
    assert (found.same_picture, found.change) == (False, "another")


def test_the_mirror_image_is_mirrored():
    image = drawn()
    found = compare(encoded(image), encoded(ImageOps.mirror(image)))
    assert (found.same_picture, found.relations) == (True, ("mirrored",))
    assert (found.mirrored, found.rotation, found.scale) == (True, 0, 1.0)


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not here")
def test_photographs_of_different_things_are_told_apart_and_their_thumbnails_are_not():
    small = {}
    for name in DIFFERENT:
        with Image.open(CORPUS / name) as image:
            image.thumbnail((200, 200))
            small[name] = image.convert("RGB")
    for one, other in itertools.combinations(small, 2):
        found = compare(encoded(small[one]), encoded(small[other], "JPEG"))
        assert found.same_picture is False, (one, other)
    for name, image in small.items():
        found = compare(encoded(image), encoded(ImageOps.contain(image, (128, 128)), "JPEG"))
        assert found.same_picture is True, name


def test_flat_pictures_are_compared_by_their_colour():
    def flat(colour, format="PNG"):
        return encoded(Image.new("RGB", (64, 64), colour), format)

    assert compare(flat("teal"), flat("teal", "JPEG")).same_picture is True
    assert compare(flat("teal"), flat("red")).same_picture is False
    assert compare(flat("white"), encoded(drawn())).same_picture is False
    assert compare(encoded(drawn()), flat("white")).same_picture is False


LOST = {
    **{2: {"mirrored"}, 3: {"rotated"}, 4: {"mirrored", "rotated"}, 5: {"mirrored", "rotated"}},
    **{6: {"rotated"}, 7: {"mirrored", "rotated"}, 8: {"rotated"}},
}
"""What is seen when an orientation of Exif is lost: both pictures are compared as shown."""


@pytest.mark.parametrize("orientation", range(2, 9))
@pytest.mark.parametrize("format", ["JPEG", "PNG"])
def test_an_orientation_applied_is_no_turn_and_one_lost_is(orientation, format):
    exif = Image.Exif()
    exif[0x0112] = orientation
    image = drawn(size=(300, 200))
    original = encoded(image, format, exif=exif)
    lost = encoded(image, format)
    with Image.open(io.BytesIO(original)) as stored:
        applied = encoded(ImageOps.exif_transpose(stored), format)
    found = compare(original, applied)
    assert found.same_picture is True
    assert found.change in ("re-encoded", "identical")
    found = compare(original, lost)
    assert found.same_picture is True
    assert set(found.relations) == LOST[orientation]


@pytest.mark.parametrize("ground", ["white", "black"])
@pytest.mark.parametrize("format", ["PNG", "WEBP"])
def test_a_transparent_picture_may_be_flattened_on_any_ground(ground, format):
    clear = drawn().convert("RGBA")
    fade = Image.linear_gradient("L").resize(clear.size)
    clear.putalpha(ImageChops.invert(fade))
    flat = Image.new("RGBA", clear.size, ground)
    flat.alpha_composite(clear)
    original = encoded(clear, format)
    for published in (flat.convert("RGB"), clear.convert("RGB")):
        assert compare(original, encoded(published, "JPEG")).same_picture is True
    assert compare(original, encoded(clear.resize((150, 100)), "WEBP")).same_picture is True


def test_deep_and_cmyk_pictures_are_compared_as_well():
    grey = drawn().convert("L")
    deep = grey.convert("I").point(lambda value: value * 257).convert("I;16")
    assert compare(encoded(deep, "PNG"), encoded(grey, "JPEG")).same_picture is True
    cmyk = encoded(drawn().convert("CMYK"), "JPEG")
    assert compare(cmyk, encoded(drawn(), "WEBP")).same_picture is True


@pytest.mark.parametrize("damaged", [b"", b"hello", b"\x89PNG\r\n\x1a\n", None])
def test_what_cannot_be_decoded_is_said_to_be_so(damaged):
    data = picture("png", size=(100, 100))
    damaged = data[: len(data) // 2] if damaged is None else damaged
    for pair in ((data, damaged), (damaged, data)):
        found = compare(*pair)
        assert (found.same_picture, found.change) == (None, "undecodable")
        assert found.distance is None


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
def test_damaged_exif_does_not_hide_the_picture():
    data = encoded(drawn(), "JPEG", exif=b"Exif\0\0II*\0\xff\xff\xff\xff" + b"\xff" * 40)
    assert compare(data, encoded(drawn(), "JPEG", quality=40)).same_picture is True


@pytest.mark.parametrize(
    ("more", "same"), [(0, True), (10, True), (14, None), (30, None), (80, False), (150, False)]
)
def test_flat_pictures_differ_by_more_than_compression_and_brightness_may_change(more, same):
    one, other = (encoded(Image.new("RGB", (64, 64), (grey,) * 3)) for grey in (100, 100 + more))
    assert compare(one, other).same_picture is same


@pytest.mark.parametrize("cut", [8, 12, 20, 40])
def test_a_centred_crop_is_the_same_picture_however_little_was_cut(cut):
    chance = random.Random(1)
    grey = Image.frombytes("L", (48, 32), chance.randbytes(48 * 32))
    fine = grey.convert("RGB").resize((288, 192), Image.Resampling.BICUBIC)
    found = compare(encoded(fine), encoded(fine.crop((cut, 0, fine.width - cut, fine.height))))
    assert (found.same_picture, found.relations) == (True, ("cropped",))
    assert (found.crop.left, found.crop.width) == (cut, fine.width - 2 * cut)


def test_much_at_once_on_a_small_picture_is_never_certain():
    """Hills are alike: turned, cut, framed and recoloured, some of one picture fit another's."""
    found = [
        compare(picture("png", seed=one), picture("webp", size=(320, 240), seed=other))
        for one in range(4)
        for other in (100, 102)
    ]
    assert not any(each.same_picture for each in found)


def test_a_few_pixels_are_not_another_picture_for_certain():
    original = picture("png", size=(320, 240), seed=3)
    found = compare(original, picture("png", size=(1, 1), seed=3))
    assert (found.same_picture, found.certainty) == (None, "low")
    honest = compare(original, picture("png", size=(160, 120), seed=3))
    assert (honest.same_picture, honest.certainty) == (True, "high")


def deep(image, format):
    """Grey of 16 bits, whose white is 65,535."""
    grey = image.convert("L").convert("I").point(lambda level: level * 257).convert("I;16")
    return encoded(grey, format)


@pytest.mark.parametrize("format", ["PNG", "TIFF"])
@pytest.mark.parametrize("size", [(300, 200), (1500, 1100)])
def test_grey_of_16_bits_and_of_8_is_the_same_however_few_levels_it_uses(format, size):
    image = drawn(size=size).point(lambda level: 40 + level // 3)
    found = compare(deep(image, format), encoded(image.convert("L"), "PNG"))
    assert (found.same_picture, set(found.relations) - {"converted", "re-encoded"}) == (True, set())
    darker = image.point(lambda level: level * 2 // 3)
    found = compare(deep(image, format), encoded(darker.convert("L"), "PNG"))
    assert (found.same_picture, "recoloured" in found.relations) == (True, True)
