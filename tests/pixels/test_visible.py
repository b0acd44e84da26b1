"""The visible label as pixels: where it is, whether it can be read, and what else is touched."""

import io
import itertools
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec

import pytest
from PIL import Image, ImageChops, ImageCms

from genlabel import ConfigurationError, LabelError, UnsupportedFormat, mark, testing
from genlabel.model.visible import VisibleStyle

FORMATS = ("jpeg", "png", "webp")
STYLES = [each.value for each in VisibleStyle]


def opened(data):
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def luminance(colour):
    def linear(value):
        value /= 255
        return value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4

    red, green, blue = map(linear, colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def flat(colour, size=(400, 300), format="png", **options):
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, format, **options)
    return file.getvalue()


def busy(size=(400, 300)):
    image = Image.new("RGB", size)
    tones = [(0, 0, 0), (255, 255, 255), (119, 119, 119), (200, 30, 30)]
    for x, y in itertools.product(range(0, size[0], 10), range(0, size[1], 10)):
        image.paste(tones[(x // 10 * 7 + y // 10 * 3) % 4], (x, y, x + 10, y + 10))
    file = io.BytesIO()
    image.save(file, "png")
    return file.getvalue()


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("style", ["text", "badge"])
def test_the_box_is_where_pixels_differ_and_nowhere_else(format, style):
    picture = testing.picture(format, size=(640, 480))
    marked = mark(picture, words="generated", style=style)
    before, after = opened(picture).convert("RGB"), opened(marked.data).convert("RGB")
    apart = ImageChops.difference(before, after).convert("L")
    left, top, right, bottom = apart.point([0] * 40 + [255] * 216).getbbox()
    box = marked.visible.box
    slack = 8 if format != "png" else 0
    assert box.left - slack <= left
    assert box.top - slack <= top
    assert right <= box.right + slack
    assert bottom <= box.bottom + slack
    assert (right - left) * (bottom - top) >= 0.9 * box.width * box.height
    apart.paste(0, (box.left - 8, box.top - 8, box.right + 8, box.bottom + 8))
    total = sum(tone * count for tone, count in enumerate(apart.histogram()))
    assert total / (640 * 480) <= 2
    assert marked.visible.changed <= 2


@pytest.mark.parametrize("ground", ["white", "black", (119, 119, 119), (200, 30, 30), (0, 0, 180)])
@pytest.mark.parametrize("style", STYLES)
def test_letters_and_edge_stand_out_on_every_ground(ground, style):
    marked = mark(flat(ground, format="jpeg", quality=90), words="ai", style=style)
    image = opened(marked.data).convert("RGB")
    box = marked.visible.box
    inside = image.crop((box.left + 1, box.top + 1, box.right - 1, box.bottom - 1))
    tones = sorted((luminance(colour), colour) for _, colour in inside.getcolors(1 << 20))
    assert contrast(tones[0][1], tones[-1][1]) >= 4.5
    beside = (max(0, box.left - 4), (box.top + box.bottom) // 2)
    if style == "strip":
        beside = (200, box.top - 4)
    around = image.getpixel(beside)
    edge = [contrast(around, colour) for _, colour in (tones[0], tones[-1])]
    assert max(edge) >= 3
    assert marked.visible.contrast >= 4.5
    assert marked.visible.edge_contrast >= 3


def test_a_busy_picture_gets_a_second_outline():
    marked = mark(busy(), words="ai")
    image = opened(marked.data)
    box = marked.visible.box
    across = [image.getpixel((box.left + step, box.top + box.height // 2)) for step in range(6)]
    assert across[0] == (255, 255, 255)
    assert (0, 0, 0) in across
    assert marked.visible.edge_contrast >= 3


@pytest.mark.parametrize("format", FORMATS)
def test_a_strip_covers_no_pixel(format):
    picture = testing.picture(format, size=(640, 480), lossless=True)
    for position in ("top", "bottom"):
        marked = mark(picture, words="generated", style="strip", position=position)
        before, after = opened(picture).convert("RGB"), opened(marked.data).convert("RGB")
        bar = marked.visible.box.height
        assert after.size == (640, 480 + bar)
        top = bar if position == "top" else 0
        apart = ImageChops.difference(before, after.crop((0, top, 640, top + 480)))
        if format == "jpeg":  # coded again: next to the bar colours are shared, and nowhere else
            assert sum(t % 256 * n for t, n in enumerate(apart.histogram())) / (640 * 480) < 0.1
            apart = apart.crop((0, 8, 640, 472))
        assert max(high for _, high in apart.getextrema()) <= (4 if format == "jpeg" else 0)
        assert marked.visible.reencoded is (format == "jpeg")


@pytest.mark.parametrize("style", STYLES)
def test_the_letters_are_as_high_as_they_must_be(style):
    for size in ((400, 300), (1200, 800), (2400, 300)):
        marked = mark(testing.picture("png", size=size), words="ai", style=style)
        shorter = min(opened(marked.data).size)
        assert marked.visible.height_share * shorter >= max(12, 0.025 * min(size)) - 0.5
        box = marked.visible.box
        if style != "strip":
            assert box.width * box.height <= 0.15 * size[0] * size[1]
            half = marked.visible.height_share * shorter / 2
            assert min(box.top, size[0] - box.right) >= half - 1


def test_a_small_picture_is_refused_with_the_strip_as_the_way_out():
    small = testing.picture("png", size=(95, 200))
    with pytest.raises(UnsupportedFormat, match="96 pixels") as refusal:
        mark(small, words="ai")
    assert "--style strip" in refusal.value.remedy
    assert mark(small, words="ai", style="strip").visible.box.top == 200


@pytest.mark.parametrize("width", [1, 27, 28])
def test_the_strip_is_named_only_where_it_has_room(width):
    narrow = testing.picture("png", size=(width, 300))
    with pytest.raises(UnsupportedFormat) as refusal:
        mark(narrow, words="ai")
    assert ("--style strip" in refusal.value.remedy) == (width == 28)
    if width == 28:
        assert mark(narrow, words="ai", style="strip").visible.box.top == 300
    else:
        with pytest.raises(UnsupportedFormat, match="too narrow") as refusal:
            mark(narrow, words="ai", style="strip")
        assert "larger" in refusal.value.remedy


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("style", STYLES)
def test_the_label_is_upright_for_the_viewer(orientation, style):
    from PIL import ImageOps

    file = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.new("RGB", (400, 300), (90, 140, 180)).save(file, "jpeg", exif=exif.tobytes())
    marked = mark(file.getvalue(), words="generated", style=style)
    shown = ImageOps.exif_transpose(opened(marked.data)).convert("L")
    upright = shown.crop(marked.visible.box.edges)
    plain = mark(flat((90, 140, 180), shown_size(orientation), "jpeg"), words="generated",
                 style=style)  # fmt: skip
    other = opened(plain.data).convert("L").crop(plain.visible.box.edges)
    assert marked.visible.box == plain.visible.box
    apart = ImageChops.difference(upright, other)
    assert sum(t * n for t, n in enumerate(apart.histogram())) / (other.width * other.height) < 6


def shown_size(orientation):
    return (300, 400) if orientation >= 5 else (400, 300)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
@pytest.mark.parametrize("style", STYLES)
def test_modes_stay(mode, style):
    image = opened(testing.picture("png", size=(400, 300)))
    image = image.convert("L").convert("I;16") if mode == "I;16" else image.convert(mode)
    file = io.BytesIO()
    image.save(file, "png")
    marked = mark(file.getvalue(), words="ai", style=style)
    after = opened(marked.data)
    assert after.mode == mode
    assert marked.visible.contrast >= 4.5
    if style == "strip":
        kept = after.crop((0, 0, 400, 300))
        assert kept.convert("RGBA").tobytes() == opened(file.getvalue()).convert("RGBA").tobytes()


def test_a_cmyk_jpeg_stays_one():
    file = io.BytesIO()
    opened(testing.picture("png", size=(400, 300))).convert("CMYK").save(file, "jpeg", quality=92)
    marked = mark(file.getvalue(), words="ai")
    assert opened(marked.data).mode == "CMYK"
    assert marked.visible.contrast >= 4.5


def test_deep_colour_is_refused_by_name():
    picture = bytearray(testing.picture("png", size=(400, 300)))
    picture[24] = 16
    import zlib

    picture[29:33] = zlib.crc32(picture[12:29]).to_bytes(4, "big")
    with pytest.raises(UnsupportedFormat, match="16 bits"):
        mark(bytes(picture), words="ai")


def test_quantisation_subsampling_and_coding_stay():
    image = opened(testing.picture("png", size=(400, 300)))
    for quality, sampling, progressive in ((60, 2, False), (88, 1, True), (97, 0, False)):
        file = io.BytesIO()
        image.save(file, "jpeg", quality=quality, subsampling=sampling, progressive=progressive)
        before = Image.open(io.BytesIO(file.getvalue()))
        after = Image.open(io.BytesIO(mark(file.getvalue(), words="ai").data))
        assert after.quantization == before.quantization
        assert after.layer == before.layer
        assert bool(after.info.get("progressive")) is progressive


def test_an_icc_profile_stays_and_the_label_is_black_and_white_in_it():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for format in FORMATS:
        file = io.BytesIO()
        opened(testing.picture("png", size=(400, 300))).save(file, format, icc_profile=profile)
        marked = mark(file.getvalue(), words="ai")
        assert opened(marked.data).info["icc_profile"] == profile
        assert marked.visible.contrast >= 15


def test_words_that_no_font_has_are_refused_with_the_characters():
    with pytest.raises(ConfigurationError, match=r"U\+E000") as refusal:
        mark(testing.picture("png", size=(400, 300)), words="AI \ue000")
    assert "--font" in refusal.value.remedy


@pytest.mark.parametrize("style", ["text", "strip"])
def test_each_line_may_have_a_font_of_its_own(style, monkeypatch):
    from genlabel.pixels.visible import fonts

    one, other = (fonts.Font(fonts.SHIPPED, name, False) for name in ("One", "Other"))
    paths = {"AI GENERATED": one.path, "AI生成": fonts.SHIPPED.with_name("other.ttf")}
    monkeypatch.setattr(fonts, "_having", lambda text: paths.get(text, "生"))  # none has both
    monkeypatch.setattr(fonts, "_font", lambda path, _: one if path == one.path else other)
    picture = testing.picture("png", size=(800, 600))
    seen = mark(picture, words="generated", languages="en,zh", style=style).visible
    assert (seen.words, seen.font) == ("AI GENERATED\nAI生成", "One, Other")
    assert seen.height_share >= 0.025


@pytest.mark.parametrize("tone", [0, 128, 255])
def test_a_badge_of_one_tone_stands_out_whatever_it_is(tone, tmp_path):
    Image.new("L", (64, 64), tone).save(tmp_path / "own.png")
    picture = testing.picture("png", size=(400, 300))
    seen = mark(picture, style="badge", badge=tmp_path / "own.png").visible
    assert seen.contrast >= 4.5
    assert seen.edge_contrast >= 3


@pytest.mark.parametrize("colour", [(0, 0, 0, 0), (0, 0, 0, 25), (255, 255, 255, 60)])
def test_a_badge_that_is_too_faint_is_refused_as_such(colour, tmp_path):
    Image.new("RGBA", (64, 64), colour).save(tmp_path / "own.png")
    with pytest.raises(ConfigurationError, match=r"badge: stands out by \d\.\d : 1") as refused:
        mark(testing.picture("png", size=(400, 300)), style="badge", badge=tmp_path / "own.png")
    assert "black or white" in refused.value.remedy


def test_a_decompression_bomb_is_refused_before_it_is_decoded():
    from genlabel.pixels.decode import TooLarge

    with pytest.raises(TooLarge):
        mark(testing.picture("png", size=(400, 300)), words="ai", max_pixels=10_000)


def test_a_badge_of_ones_own_is_drawn(tmp_path):
    own = Image.new("RGBA", (64, 64), (0, 0, 0, 0))
    own.paste((255, 255, 255, 255), (8, 8, 56, 56))
    own.save(tmp_path / "own.png")
    marked = mark(
        testing.picture("png", size=(400, 300)), style="badge", badge=tmp_path / "own.png"
    )
    assert marked.visible.font == ""


def with_badge(path, drawing):
    path.write_text(drawing)
    picture = testing.picture("png", size=(400, 300))
    return picture, mark(picture, style="badge", badge=path)


@pytest.fixture
def resvg():
    if find_spec("resvg_py") is None:
        assert not os.environ.get("CI"), "the extra svg is missing"
        pytest.skip("resvg_py is not here")


SVG = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 20 10'>{}</svg>"


@pytest.mark.usefixtures("resvg")
def test_mark_says_nothing_of_ai_that_neither_picture_nor_caller_says(tmp_path):
    (tmp_path / "own.png").write_bytes(testing.picture("png", size=(96, 96)))
    bare = testing.picture("png", size=(400, 300))
    for style in STYLES:
        with pytest.raises(LabelError, match="nothing in the picture says that AI") as refused:
            mark(bare, style=style)
        assert "--words ai" in refused.value.remedy
    assert mark(bare, badge=tmp_path / "own.png").visible.style is VisibleStyle.BADGE


def test_an_svg_badge_is_drawn_as_it_looks(tmp_path):
    drawing = SVG.format("<rect width='10' height='10'/>")
    before, marked = with_badge(tmp_path / "own.svg", drawing)
    box = marked.visible.box
    part = opened(marked.data).convert("L").crop(box.edges)
    width, height = part.size
    assert (width - 8) / (height - 8) == pytest.approx(2, abs=0.2)  # within two lines a side
    assert part.getpixel((width // 4, height // 2)) != part.getpixel((width * 3 // 4, height // 2))
    assert marked.visible.contrast > 20
    assert ImageChops.difference(opened(before), opened(marked.data)).getbbox() == box.edges


@pytest.mark.usefixtures("resvg")
@pytest.mark.parametrize(
    ("drawing", "wrong"),
    [
        ("<svg xmlns='http://www.w3.org/2000/svg'><g>", "cannot be rendered"),
        (SVG.format("<g opacity='0.5'>" * 60_000 + "</g>" * 60_000), "more than 1 megabyte"),
        (SVG.format("<g opacity='.5'>" * 30_000 + "</g>" * 30_000), "cannot be rendered"),
        (SVG.format("<image href='/etc/motd.png' width='9' height='9'/>"), "outside of its file"),
        ("<!DOCTYPE svg [<!ENTITY a 'a'>]>" + SVG.format("&a;"), "outside of its file"),
        (SVG.format(""), "stands out by"),
    ],
)
def test_a_bad_svg_badge_is_refused_and_ends_nothing(drawing, wrong, tmp_path):
    with pytest.raises(ConfigurationError, match=wrong):
        with_badge(tmp_path / "own.svg", drawing)


def test_an_svg_badge_without_the_extra_is_refused_in_a_sentence(tmp_path, monkeypatch):
    from genlabel.pixels.visible import badge

    monkeypatch.setattr(badge, "find_spec", lambda _: None)
    with pytest.raises(ConfigurationError, match=r"genlabel\[svg\]") as refused:
        with_badge(tmp_path / "own.svg", SVG.format("<circle r='3'/>"))
    assert "rsvg-convert" in refused.value.remedy


def test_a_badge_in_another_format_is_refused_without_naming_an_object_in_memory(tmp_path):
    (tmp_path / "own.jpg").write_bytes(testing.picture("jpeg"))
    with pytest.raises(ConfigurationError) as refused:
        mark(testing.picture("png", size=(400, 300)), style="badge", badge=tmp_path / "own.jpg")
    assert str(refused.value) == "badge: is no SVG, PNG or WebP"


ANIMATED = ("gif", "png", "webp", "avif")


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("format", ANIMATED)
def test_every_frame_has_the_label_and_its_time(format, style):
    picture = testing.picture(format, size=(400, 300), frames=8)
    marked = mark(picture, words="ai", style=style)
    before, after = Image.open(io.BytesIO(picture)), Image.open(io.BytesIO(marked.data))
    assert after.n_frames == before.n_frames
    assert after.info.get("loop") == before.info.get("loop")
    box = marked.visible.box
    for index in range(8):
        before.seek(index)
        after.seek(index)
        before.load()
        after.load()
        assert after.info.get("duration") == before.info.get("duration")
        inside = after.convert("RGB").crop(box.edges)
        low, high = inside.convert("L").getextrema()
        assert contrast((low,) * 3, (high,) * 3) >= 4.5
        apart = ImageChops.difference(
            before.convert("RGB"), after.convert("RGB").crop((0, 0, 400, 300))
        )
        apart.paste(0, (box.left - 8, box.top - 8, box.right + 8, box.bottom + 8))
        total = sum(tone % 256 * count for tone, count in enumerate(apart.histogram()))
        assert total / (400 * 300 * 3) <= 2


def test_a_gif_keeps_its_palette_and_its_clear_pixels():
    image = opened(testing.picture("png", size=(400, 300))).quantize(64)
    image.paste(63, (0, 200, 100, 300))
    file = io.BytesIO()
    image.save(file, "gif", transparency=63)
    marked = mark(file.getvalue(), words="ai")
    after = opened(marked.data)
    assert after.mode == "P"
    assert after.convert("RGBA").getpixel((10, 290))[3] == 0
    assert after.convert("RGBA").getpixel((300, 150))[3] == 255


def moving(format, *, clear=False, **options):
    """Four frames of as many colours as a palette has, of four durations."""
    frames = [opened(testing.picture("png", size=(400, 300), seed=each)) for each in range(4)]
    frames = [each.convert("RGB").quantize(255).convert("RGB") for each in frames]
    for frame in frames if clear else ():
        frame.putalpha(frame.convert("L").point(lambda tone: 255 if tone > 90 else 0))
    file, times = io.BytesIO(), [40, 1000, 70, 130]
    more = {"save_all": True, "append_images": frames[1:], "duration": times}
    frames[0].save(file, format, **{**more, **options})
    return file.getvalue()


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize(
    ("format", "options"),
    [
        ("gif", {"disposal": 1}),
        ("gif", {"disposal": 2, "clear": True, "loop": 3}),
        ("png", {"disposal": 1, "blend": 1, "clear": True}),
        ("png", {"default_image": True, "duration": [1000, 70, 130], "loop": 2}),
        ("webp", {"lossless": True, "clear": True}),
    ],
)
def test_frames_without_losses_stay_as_they_are_but_for_the_label(format, options, style):
    picture = moving(format, **options)
    marked = mark(picture, words="ai", style=style)
    before, after = Image.open(io.BytesIO(picture)), Image.open(io.BytesIO(marked.data))
    assert (after.n_frames, after.info.get("loop")) == (4, before.info.get("loop"))
    assert marked.visible.changed == 0
    box = marked.visible.box
    for index in range(4):
        before.seek(index)
        after.seek(index)
        assert after.info.get("duration") == before.info.get("duration"), index
        seen = [each.convert("RGBA").convert("RGBa") for each in (before, after)]
        apart = ImageChops.difference(seen[0], seen[1].crop((0, 0, 400, 300)))
        if style != "strip":
            apart.paste((0, 0, 0, 0), box.edges)
        assert apart.getbbox() is None


def test_what_is_behind_clear_pixels_is_no_change():
    image = opened(testing.picture("png", size=(400, 300))).convert("RGBA")
    image.putalpha(Image.linear_gradient("L").resize(image.size).point(lambda x: x & 128 and 255))
    file = io.BytesIO()
    image.save(file, "webp", quality=80, exact=True)
    assert mark(file.getvalue(), words="ai").visible.changed <= 2


@pytest.mark.parametrize("lead", [b"", b"\xff\xee\0\x0eAdobe\0\x64\0\0\0\0\1"])
def test_a_jpeg_without_jfif_gets_none_and_keeps_adobes_segment(lead):
    plain = testing.picture("jpeg", size=(400, 300))
    assert plain[2:4] == b"\xff\xe0"
    picture = plain[:2] + lead + plain[4 + int.from_bytes(plain[4:6], "big") :]
    marked = mark(picture, words="ai")
    assert b"JFIF\0" not in marked.data
    assert marked.data.count(b"\xff\xee\0\x0eAdobe") == bool(lead)
    apart = ImageChops.difference(opened(picture), opened(marked.data))
    apart.paste(0, marked.visible.box.edges)
    assert max(high for _, high in apart.getextrema()) < 60
    assert marked.visible.changed < 1


SCRIPT = """
import re, sys
from genlabel import mark_file
mark_file(sys.argv[1], out=sys.argv[2], words="ai")
print(re.search("VmHWM: *([0-9]+)", open("/proc/self/status").read().replace("\\t", " "))[1])
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the most memory is read from /proc")
def test_a_hundred_frames_are_worked_on_one_by_one(tmp_path):
    frames = []
    for index in range(100):
        frame = Image.new("RGB", (1000, 700), (30, 90, 160))
        frame.paste((200, 160, 20), (index * 8, 200, index * 8 + 100, 500))
        frames.append(frame)
    path, out = tmp_path / "long.webp", tmp_path / "marked.webp"
    frames[0].save(path, save_all=True, append_images=frames[1:], duration=40)
    frames.clear()
    done = subprocess.run([sys.executable, "-c", SCRIPT, path, out], capture_output=True, text=True,
                          check=True)  # fmt: skip
    assert Image.open(out).n_frames == Image.open(path).n_frames == 100
    assert int(done.stdout) < 300 << 10  # KiB, of which decoded at once the frames would be 280 MB


def test_a_multi_picture_jpeg_is_refused_by_name():
    first, second = (opened(testing.picture("png", size=(400, 300), seed=n)) for n in (1, 2))
    file = io.BytesIO()
    first.save(file, "mpo", save_all=True, append_images=[second])
    with pytest.raises(UnsupportedFormat, match="mpo"):
        mark(file.getvalue(), words="ai")


def missing(what):
    """Skips here; where everything is installed it is a failure."""
    if os.environ.get("CI"):
        pytest.fail(f"{what} is missing")
    pytest.skip(f"{what} is not here")


def read_back(picture, box, language):
    """What tesseract reads in a box, spaces left out; it takes capital I for l at times."""
    here = (
        shutil.which("tesseract")
        and language
        in subprocess.run(
            ["tesseract", "--list-langs"], capture_output=True, text=True, check=False
        ).stdout.split()
    )
    if not here:
        missing(f"tesseract with {language}")
    part = opened(picture).convert("L").crop(box.edges)
    file = io.BytesIO()
    part.resize((part.width * 2, part.height * 2), Image.Resampling.LANCZOS).save(file, "png")
    done = subprocess.run(
        ["tesseract", "-", "-", "-l", language, "--psm", "6"],
        input=file.getvalue(), capture_output=True, check=True,
    )  # fmt: skip
    return "".join(done.stdout.decode().replace("l", "I").split())


def marked_or_skipped(*arguments, **keywords):
    try:
        return mark(*arguments, **keywords)
    except ConfigurationError as error:
        if "characters" not in str(error):
            raise
    return missing("a font with Chinese characters, such as fonts-wqy-microhei")


@pytest.mark.parametrize(
    ("language", "trained", "wanted"),
    [
        ("en", "eng", "AIGENERATED"),
        ("de", "eng", "GENERIERT"),
        ("zh", "chi_sim", "生成"),
        ("ar", "ara", "بواسطة"),
    ],
)
@pytest.mark.parametrize("style", ["text", "strip"])
def test_the_words_are_read_back_by_tesseract(language, trained, wanted, style):
    picture = testing.picture("jpeg", size=(1200, 800))
    marked = marked_or_skipped(picture, words="generated", languages=[language], style=style)
    assert wanted in read_back(marked.data, marked.visible.box, trained)


@pytest.mark.parametrize("law", ["eu-deployer", "cn-gb45438", "in-sgi"])
def test_a_law_chooses_words_size_and_place(law):
    from genlabel.policies.visible import law as row

    picture = testing.picture("png", size=(1200, 800))
    marked = marked_or_skipped(picture, words="generated", law=law)
    assert marked.visible.height_share >= row(law).least_share
    assert marked.visible.position is row(law).position
    assert marked.visible.law == law
    if law == "cn-gb45438":
        assert marked.visible.words == "AI生成"
        assert marked.visible.height_share >= 0.05
        with pytest.raises(ConfigurationError, match=r"5\.2 b"):
            mark(picture, words="AI ART", law=law)
        with pytest.raises(ConfigurationError, match=r"5\.2 a"):
            mark(picture, words="ai", style="badge", law=law)


@pytest.mark.parametrize("style", STYLES)
def test_what_is_measured_of_a_large_jpeg_is_what_it_shows(style, monkeypatch):
    from genlabel.pixels.visible import measure

    image = opened(testing.picture("png", size=(1807, 1211)))
    file = io.BytesIO()
    image.save(file, "jpeg", quality=85)
    parts = mark(file.getvalue(), words="ai", style=style)
    monkeypatch.setattr(measure, "_WHOLE", 1 << 40)
    whole = mark(file.getvalue(), words="ai", style=style)
    assert parts.data == whole.data
    assert parts.visible.contrast == whole.visible.contrast
    assert abs(parts.visible.edge_contrast - whole.visible.edge_contrast) < 0.1
    assert abs(parts.visible.changed - whole.visible.changed) < 0.2


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
@pytest.mark.parametrize("position", ["top-left", "bottom-right", "top"])
def test_a_bar_on_a_large_jpeg_is_measured_at_its_letters(orientation, position, monkeypatch):
    from genlabel.pixels.visible import measure

    exif = Image.Exif()
    exif[0x0112] = orientation
    file = io.BytesIO()
    opened(testing.picture("png", size=(1807, 1211))).save(file, "jpeg", quality=85, exif=exif)
    parts = mark(file.getvalue(), words="ai", style="strip", position=position)
    monkeypatch.setattr(measure, "_WHOLE", 1 << 40)
    whole = mark(file.getvalue(), words="ai", style="strip", position=position)
    assert parts.data == whole.data
    assert parts.visible.contrast == pytest.approx(whole.visible.contrast, abs=0.1)
    assert parts.visible.edge_contrast >= 3


@pytest.mark.parametrize(("law", "share"), [("cn-gb45438", 0.05), ("in-sgi", 0.05), (None, 0.025)])
@pytest.mark.parametrize("size", [(1600, 1200), (1600, 900), (600, 600)])
@pytest.mark.parametrize("format", ["jpeg", "png"])
def test_letters_in_a_bar_are_high_enough_for_the_picture_with_the_bar(law, share, size, format):
    marked = mark(testing.picture(format, size=size), words="ai", style="strip", law=law)
    assert marked.visible.height_share >= share
    width, height = opened(marked.data).size
    shown = marked.visible.height_share * min(width, height)
    assert shown == pytest.approx(round(shown), abs=0.1)
    assert 12 <= round(shown) < marked.visible.box.height


def test_a_text_of_ones_own_is_never_shortened_to_ai():
    narrow = testing.picture("png", size=(60, 400))
    assert mark(narrow, words="generated", style="strip").visible.words == "AI"
    with pytest.raises(UnsupportedFormat, match="too narrow"):
        mark(narrow, words="Photomontage", style="strip")
    with pytest.raises(UnsupportedFormat, match="too narrow"):
        mark(testing.picture("png", size=(40, 400)), words="ai", style="strip", law="cn-gb45438")
    french = mark(narrow, words="generated", style="strip", languages="fr", national_acronym=True)
    assert french.visible.words == "IA"


def test_formats_that_no_label_is_drawn_on_are_refused_by_name():
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" width="400" height="300"/>'
    with pytest.raises(UnsupportedFormat, match=r"^svg: no label is drawn") as refused:
        mark(svg, words="ai")
    assert refused.value.remedy == "give one of jpeg, png, webp, gif, avif"
