"""What is said to have been done to a picture is what ImageMagick and libvips did."""

import io
import random
import shutil
import time
import zlib

import pytest
from alterations import ALONE, TOGETHER
from PIL import Image, ImageChops, ImageDraw, ImageOps
from relations import NEAR, NEAR_TOGETHER, made, wrong

import genlabel
from genlabel.model.pixels import Crop, Frame, Frames
from genlabel.pixels.compare import compare
from genlabel.testing import picture

needs_tools = pytest.mark.skipif(
    not (shutil.which("convert") and shutil.which("vips")),
    reason="ImageMagick and libvips are not installed",
)
SIZE = (720, 480)


def detailed(seed=3, size=SIZE):
    """Hills with something to see everywhere: stones of all sizes lie on them."""
    chance = random.Random(seed)
    with Image.open(io.BytesIO(picture("png", size=size, seed=seed))) as image:
        hills = image.convert("RGB")
    for _ in range(160):
        side = chance.randint(6, 60)
        stone = Image.new("RGB", (side, side), tuple(chance.choices(range(40, 230), k=3)))
        at = chance.randint(0, size[0] - side), chance.randint(0, size[1] - side)
        hills.paste(stone.rotate(chance.randint(0, 90), expand=False, fillcolor=(90, 90, 90)), at)
    return hills


def encoded(image, format="PNG", **options):
    file = io.BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def smallest(name):
    """Pictures that are to be 96 pixels or more after scaling, and not too large."""
    return (2400, 1920) if name in ("scale to 5%", "scale to 10%") else SIZE


@needs_tools
@pytest.mark.parametrize(
    ("name", "suffix"),
    [(name, ".png" if index % 2 else ".jpg") for index, name in enumerate([*ALONE, *TOGETHER])],
)
def test_what_was_done_is_named_and_measured(name, suffix):
    size = smallest(name)
    kinds = {".png": ("PNG", {"compress_level": 1}), ".jpg": ("JPEG", {"quality": 92})}
    format, options = kinds[suffix]
    original = encoded(detailed(size=size), format, **options)
    done = {**ALONE, **TOGETHER}[name](size, random.Random(name + suffix))
    found = compare(original, made(original, suffix, done))
    near = NEAR_TOGETHER if name in TOGETHER else NEAR
    assert wrong(found, done, size, near) is None
    assert found.certainty == "high"
    expected = "converted" if done.suffix not in (None, suffix) else None
    assert ("converted" in found.relations) == (expected is not None)
    assert found.change == found.relations[0]


@needs_tools
@pytest.mark.parametrize("seed", range(4, 10))
def test_another_picture_is_another_whatever_was_done_to_it(seed):
    chance = random.Random(seed)
    name = chance.choice([each for each in ALONE if "scale to 5%" not in each])
    done = ALONE[name](SIZE, chance)
    found = compare(encoded(detailed()), made(encoded(detailed(seed)), ".png", done))
    assert (found.same_picture, found.relations, found.certainty) == (False, ("another",), "high")
    assert found.crop is found.frame is found.overlay is found.scale is None


def stripes(size, period, colours=((0, 0, 0), (255, 255, 255)), *, across=False):
    """Bars of `period` pixels side by side, or one above the other."""
    wide, high = size[::-1] if across else size
    row = b"".join(bytes(colours[at // period % 2]) for at in range(wide))
    image = Image.frombytes("RGB", (wide, high), row * high)
    return image.transpose(Image.Transpose.ROTATE_90) if across else image


@pytest.mark.parametrize("across", [False, True])
@pytest.mark.parametrize("period", [1, 2])
@pytest.mark.parametrize("size", [(300, 200), (720, 480), (1000, 750)])
def test_stripes_as_fine_as_pixels_within_a_frame_are_not_surely_another_picture(
    size, period, across
):
    whole = stripes(size, period, across=across)
    original = encoded(whole, compress_level=1)
    for part in (0.02, 0.25):
        sides = tuple(round(side * part / 2) for side in size) * 2
        framed = encoded(ImageOps.expand(whole, sides, "#3050a0"), compress_level=1)
        found = compare(original, framed)
        assert found.same_picture is not False
        assert found.relations != ("another",) or found.certainty == "low"
    colours = ((200, 30, 30), (240, 200, 60))
    other = compare(original, encoded(stripes(size, 7 * period, colours, across=across)))
    assert (other.same_picture, other.certainty) == (False, "high")


@pytest.mark.parametrize(
    ("format", "options"),
    [
        ("JPEG", {"quality": 30}),
        ("WEBP", {"quality": 40}),
        ("AVIF", {"quality": 30, "subsampling": "4:2:0"}),
    ],
)
def test_colours_that_coding_blurred_are_not_called_recoloured(format, options):
    """Saturated specks lose their colour to what is around them, and it gains theirs."""
    chance = random.Random(8)
    image = Image.new("RGB", (256, 256), (70, 60, 40))
    for _ in range(4000):
        at = chance.randrange(255), chance.randrange(255)
        colour = chance.choice([(230, 30, 20), (20, 60, 220), (190, 160, 0)])
        image.paste(colour, (*at, at[0] + 2, at[1] + 1))
    assert compare(encoded(image), encoded(image, format, **options)).relations == ("converted",)
    graded = image.point([min(255, round(level * 1.3)) for level in range(256)] * 3)
    assert "recoloured" in compare(encoded(image), encoded(graded, format, **options)).relations


@pytest.mark.parametrize(("width", "seed"), [(320, 2), (480, 3), (640, 4)])
def test_a_pattern_cut_to_another_shape_in_its_middle_is_cropped(width, seed):
    """Tiles that repeat agree in many places; sites cut what does not fit above and below."""
    tile = detailed(seed, (128, 128))
    image = Image.new("RGB", (512, 512))
    for at in range(16):
        image.paste(tile, (at % 4 * 128, at // 4 * 128))
    cut = image.crop((0, 112, 512, 400)).resize((width, width * 9 // 16))
    found = compare(encoded(image), encoded(cut))
    assert (found.relations, found.certainty) == (("resized", "cropped"), "high")
    assert found.crop == Crop(left=0, top=112, width=512, height=288)


def rainbow(size=(1024, 128)):
    """A bar with every hue from left to right, within a dark rim, between two arrows."""
    wide, high = size
    image = Image.new("RGB", size, (128, 128, 128))
    hues = Image.linear_gradient("L").rotate(90).resize((wide - 200, high - 40))
    full = Image.new("L", hues.size, 255)
    image.paste((30, 30, 30), (96, 16, wide - 96, high - 16))
    image.paste(Image.merge("HSV", (hues, full, full)).convert("RGB"), (100, 20))
    drawing = ImageDraw.Draw(image)
    drawing.polygon([(70, 24), (70, high - 24), (30, high // 2)], (70, 70, 75))
    drawing.polygon([(wide - 70, 24), (wide - 70, high - 24), (wide - 30, high // 2)], (90, 90, 95))
    return image


def arrow(factor=1.0, edge=8):
    """A triangle with a dark rim, on a ground that is transparent."""
    image = Image.new("RGBA", (128, 128))
    drawing = ImageDraw.Draw(image)
    drawing.polygon([(16, 16), (16, 112), (96, 64)], (0, 0, 0, 255))
    inner = [(16 + edge, 16 + 2 * edge), (16 + edge, 112 - 2 * edge), (96 - 2 * edge, 64)]
    drawing.polygon(inner, (*(min(255, round(each * factor)) for each in (240, 100, 0)), 255))
    return image


def test_a_rectangle_is_measured_although_part_of_it_has_the_colour_it_lies_on():
    image = rainbow()
    image.paste((0, 0, 255), (322, 28, 842, 91))
    found = compare(encoded(rainbow()), encoded(image))
    assert (found.relations, found.certainty) == (("overlaid",), "high")
    truth = {"left": 322, "top": 28, "width": 520, "height": 63}
    assert {name: getattr(found.overlay, name) for name in truth} == pytest.approx(truth, abs=2)
    assert found.overlay.share == pytest.approx(520 * 63 / (1024 * 128), abs=0.02)


def test_a_long_picture_that_was_cut_is_not_called_resized():
    found = compare(encoded(rainbow()), encoded(rainbow().crop((16, 5, 1024, 128))))
    assert found.relations == ("cropped",)
    truth = {"left": 16, "top": 5, "width": 1008, "height": 123}
    assert {name: getattr(found.crop, name) for name in truth} == pytest.approx(truth, abs=2)


def test_a_caption_is_seen_of_a_picture_that_shows_little():
    plain = Image.new("RGB", (448, 112), (255, 102, 0))
    ImageDraw.Draw(plain).polygon([(8, 8), (420, 8), (440, 104), (30, 104)], (250, 100, 0), 0, 6)
    barred = Image.new("RGB", (448, 126), "#203040")
    ImageDraw.Draw(barred).text((150, 2), "A view of the hills", "#ffffee")
    barred.paste(plain, (0, 14))
    found = compare(encoded(plain), encoded(barred))
    assert (found.relations, found.frame) == (("framed",), Frame(left=0, top=14, right=0, bottom=0))


@pytest.mark.parametrize("box", [(1, 0, 511, 127), (20, 0, 512, 120)])
def test_where_a_part_of_a_ramp_lies_is_left_undecided(box):
    """It looks the same at every height, and cut as if it were scaled."""
    ramp = Image.linear_gradient("L").rotate(90).resize((512, 128))
    image = Image.merge("RGB", [ramp, ramp.point(lambda level: 160 - level // 2), ramp])
    assert compare(encoded(image), encoded(image.crop(box))).certainty == "low"
    assert compare(encoded(image), encoded(image, "JPEG")).certainty == "high"


@pytest.mark.parametrize("factor", [0.7, 1.3])
def test_a_symbol_on_an_empty_ground_that_was_made_darker_is_recoloured(factor):
    assert compare(encoded(arrow()), encoded(arrow(factor))).relations == ("recoloured",)


def test_transparency_that_coding_made_coarse_is_nothing_laid_over():
    several = [detailed(5, (256, 128)).convert("RGBA") for _ in range(2)]
    for image, alpha in zip(several, (128, 80), strict=True):
        clear = Image.new("L", image.size, 255)
        clear.paste(alpha, (100, 30, 160, 90))
        image.putalpha(clear)
    assert compare(*map(encoded, several)).relations == ("re-encoded",)


@pytest.mark.parametrize("factor", [1.5, 2, 4])
def test_a_rim_that_scaling_made_soft_is_nothing_laid_over(factor):
    image = Image.new("RGB", (128, 128), "black")
    image.paste((225, 225, 230), (3, 3, 125, 122))
    image.paste(arrow().convert("RGB").resize((80, 80)), (24, 20))
    sides = (round(128 * factor),) * 2
    larger = image.resize(sides, Image.Resampling.LANCZOS)
    assert compare(encoded(image), encoded(larger)).relations == ("resized",)


@pytest.mark.parametrize("turn", [Image.Transpose.FLIP_TOP_BOTTOM, Image.Transpose.ROTATE_180])
def test_which_way_round_a_nearly_symmetric_picture_stands_is_told_by_its_small_parts(turn):
    half = detailed(6, (256, 128))
    image = Image.new("RGB", (256, 256))
    image.paste(half, (0, 0))
    image.paste(half.transpose(Image.Transpose.FLIP_TOP_BOTTOM), (0, 128))
    image.paste((240, 240, 60), (60, 20, 68, 28))
    found = compare(encoded(image), encoded(image.transpose(turn), "JPEG", quality=80))
    assert (found.rotation, found.mirrored) == (180, turn is Image.Transpose.FLIP_TOP_BOTTOM)


def animation(frames, format="GIF", **options):
    first, *others = frames
    return encoded(first, format, save_all=True, append_images=others, **options)


def moving(count, seed=3, size=(240, 160)):
    frames = []
    for index in range(count):
        frame = detailed(seed, size)
        frame.paste((250, 10, 10), (10 + 20 * index, 20, 40 + 20 * index, 60))
        frames.append(frame)
    return frames


@pytest.mark.parametrize(("format", "options"), [("GIF", {}), ("WEBP", {"duration": 90}),
                                                 ("TIFF", {})])  # fmt: skip
def test_frames_and_pages_are_compared_one_by_one(format, options):
    frames = moving(4)
    original = animation(frames, format, **options)
    smaller = animation([each.resize((180, 120)) for each in frames], format, **options)
    found = compare(original, smaller)
    assert (found.same_picture, found.relations, found.scale) == (True, ("resized",), 0.75)
    exchanged = [*frames[:2], detailed(8, (240, 160)), frames[3]]
    found = compare(original, animation(exchanged, format, **options))
    assert (found.same_picture, found.relations) == (False, ("another",))
    assert found.reason == "frame 3 shows another picture"
    touched = [each.copy() for each in frames]
    touched[2].paste((10, 10, 250), (150, 90, 220, 150))
    found = compare(original, animation(touched, format, **options))
    assert found.same_picture is True
    assert "overlaid" in found.relations


def test_frames_that_are_fewer_leave_it_open_which_belong_together():
    frames = [detailed(seed, (240, 160)) for seed in (3, 4, 5)]
    found = compare(animation(frames), animation([frames[0], frames[2]]))
    assert (found.same_picture, found.relations, found.certainty) == (None, ("another",), "low")
    for rest in (animation(frames[1:]), encoded(frames[1], "PNG")):
        found = compare(animation(frames), rest)
        assert (found.same_picture, found.relations, found.certainty) == (None, ("another",), "low")
        assert found.reason == "the numbers of frames differ, and only the first ones were compared"
    left = compare(animation(frames), animation(frames[:2]))
    assert (left.same_picture, left.frames) == (True, Frames(original=3, published=2))
    still = compare(animation(frames), encoded(frames[0], "PNG"))
    assert (still.relations, still.frames.more) == (("converted",), -2)
    assert compare(animation(frames), animation(frames)).frames is None  # the same bytes


def test_frames_that_are_more_were_compared_with_nothing_and_that_is_told():
    frames = [detailed(seed, (240, 160)) for seed in (3, 4, 5)]
    report = genlabel.strip_check(animation(frames), against=animation(frames[:2]))
    assert (report.pixels.same_picture, report.pixels.frames.more) == (True, 1)
    (finding,) = (each for each in report.findings if each.code == "genlabel.strip.undecided")
    assert finding.explanation.startswith("1 of the published file's frames or pages are more")
    assert "3 frames of 2" in genlabel.render([report], "text")
    fewer = genlabel.strip_check(animation(frames[:2]), against=animation(frames))
    assert "2 frames of 3" in genlabel.render([fewer], "text")
    assert not [each for each in fewer.findings if each.code == "genlabel.strip.undecided"]


def test_an_orientation_that_changes_what_is_shown_is_a_turn_although_no_pixel_changed():
    exif = Image.Exif()
    exif[0x0112] = 6
    plain, flagged = (encoded(detailed(), "JPEG", exif=each) for each in (Image.Exif(), exif))
    found = genlabel.strip_check(flagged, against=plain).pixels
    assert (found.relations, found.rotation, found.mirrored) == (("rotated",), 90, False)
    assert genlabel.strip_check(plain, against=plain).pixels.change == "identical"


def test_what_cannot_be_decided_is_a_warning_and_no_error(monkeypatch):
    from genlabel.pixels import compare as comparing

    one, other = encoded(detailed()), encoded(detailed(9), "JPEG", quality=60)
    agreements = {"sure": (0.9, True, "high"), "perhaps": (0.42, None, "low"),
                  "hardly": (0.38, None, "low"), "no": (0.2, False, "high")}  # fmt: skip
    for agreement, same, certainty in agreements.values():
        monkeypatch.setattr(comparing, "_agreement", lambda _, given=agreement: given)
        report = genlabel.strip_check(other, against=one, allow_unlabelled=True)
        assert (report.pixels.same_picture, report.pixels.certainty) == (same, certainty)
        codes = {each.code: each.severity.value for each in report.findings}
        assert codes.get("genlabel.strip.undecided") == ("warning" if same is None else None)
        assert ("genlabel.strip.another-picture" in codes) == (same is False)


def test_a_picture_that_claims_to_be_huge_is_refused_by_its_header():
    data = bytearray(encoded(Image.new("RGB", (8, 8))))
    data[16:24] = (100_000).to_bytes(4, "big") * 2
    data[29:33] = zlib.crc32(data[12:29]).to_bytes(4, "big")
    start = time.process_time()
    found = compare(bytes(data), encoded(detailed()))
    assert (found.change, found.reason) == ("undecodable", "too-large")
    assert time.process_time() - start < 0.5


def test_a_pair_of_twelve_megapixels_costs_little_beside_decoding_both_in_draft_mode():
    grain = Image.merge("RGB", [Image.effect_noise((4000, 3000), 14) for _ in range(3)])

    def photograph(seed, box=None, quality=90):
        hills = detailed(seed, (1000, 750)).resize((4000, 3000))
        grained = ImageChops.add(hills, grain, 1, -128)
        return encoded(grained.crop(box) if box else grained, "JPEG", quality=quality)

    original, again = photograph(3), photograph(3, quality=70)
    cut, other = photograph(3, (300, 200, 3500, 2700)), photograph(9)

    def drafts(*pictures):
        for data in pictures:
            with Image.open(io.BytesIO(data)) as image:
                image.draft(None, (1024, 1024))
                image.load()

    def cost(work, *pictures):
        times = []
        for _ in range(3):
            start = time.process_time()
            work(*pictures)
            times.append(time.process_time() - start)
        return min(times)

    decoding = cost(drafts, original, again)
    assert cost(compare, original, again) < 2.5 * decoding
    assert cost(compare, original, cut) < 8 * decoding
    assert cost(compare, original, other) < 8 * decoding
