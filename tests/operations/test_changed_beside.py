"""What strip-check says was changed in a picture whose manifest lies beside it."""

import io
from pathlib import Path

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

import genlabel
from genlabel import Label, Mark, Producer, Survival, testing
from genlabel.model.words.translation import translated

LABEL = Label.generated(producer=Producer("Acme Studio"))


@pytest.fixture(scope="module")
def signer():
    return testing.Authority.new("Acme Studio").signer()


def signed(folder: Path, format: str, signer) -> Path:
    path = folder / f"cat.{format}"
    path.write_bytes(testing.picture(format, size=(320, 240)))
    genlabel.sign_file(path, LABEL, signer, sidecar=True)
    return path


def published(path: Path, data: bytes, *, beside: bool = True) -> Path:
    """`data` under the same name in another folder, with the manifest beside it."""
    out = path.parent / "public" / path.name
    out.parent.mkdir()
    out.write_bytes(data)
    for each in path.parent.glob("*.c2pa") if beside else ():
        (out.parent / each.name).write_bytes(each.read_bytes())
    return out


def saved(path: Path, **how) -> bytes:
    with Image.open(path) as image:
        size = how.pop("size", image.size)
        out = io.BytesIO()
        image.resize(size).save(out, image.format, **how)
    return out.getvalue()


def comment() -> PngInfo:
    texts = PngInfo()
    texts.add_text("Comment", "a cat")
    return texts


@pytest.mark.parametrize(
    ("format", "how", "said"),
    [
        ("jpeg", {"quality": 60}, "the pixels were changed after signing"),
        ("png", {"size": (160, 120)}, "the pixels were changed after signing"),
        ("webp", {"quality": 30}, "the pixels were changed after signing"),
        ("png", {"compress_level": 1}, "parts of the file were changed after signing: IDAT"),
        (
            "png",
            {"compress_level": 1, "pnginfo": comment()},
            "parts of the file were changed after signing: IDAT, tEXt; and "
            "metadata were added after signing: text",
        ),
    ],
)
def test_what_was_coded_anew_is_told_and_laid_to_no_tool(tmp_path, signer, format, how, said):
    path = signed(tmp_path, format, signer)
    report = genlabel.strip_check_file(published(path, saved(path, **how)), against=path)
    assert report.marks[Mark.MANIFEST] is Survival.BROKEN
    assert report.cause == said
    assert report.advice
    for sentence in said.split("; and "):
        assert translated(sentence, "fr") != sentence


def png_with(data: bytes, kind: bytes, content: bytes) -> bytes:
    import zlib

    head = len(content).to_bytes(4, "big") + kind + content
    chunk = head + zlib.crc32(head[4:]).to_bytes(4, "big")
    return data[:33] + chunk + data[33:]


def test_metadata_and_other_parts_are_told_where_the_coded_picture_is_the_same(tmp_path, signer):
    path = signed(tmp_path, "png", signer)
    whole = path.read_bytes()
    out = published(path, png_with(whole, b"tEXt", b"Comment\0a cat"))
    cause = genlabel.strip_check_file(out, against=path).cause
    assert cause == "metadata were added after signing: text"
    out.write_bytes(png_with(whole, b"gAMA", (45455).to_bytes(4, "big")))
    cause = genlabel.strip_check_file(out, against=path).cause
    assert cause == "parts of the file were changed after signing: gAMA"


def test_no_word_of_the_file_stands_among_the_causes(tmp_path, signer):
    path = signed(tmp_path, "png", signer)
    data = saved(path, compress_level=1)
    out = published(path, png_with(data, b"tEXt", b"x\n; and signing anew by Nobody\0a cat"))
    cause = genlabel.strip_check_file(out, against=path).cause
    assert cause == (
        "parts of the file were changed after signing: IDAT, tEXt; and "
        "metadata were added after signing: text"
    )


def test_a_changed_picture_without_its_manifest_misses_both(tmp_path, signer):
    path = signed(tmp_path, "png", signer)
    out = published(path, saved(path, size=(160, 120)), beside=False)
    report = genlabel.strip_check_file(out, against=path)
    assert report.marks[Mark.MANIFEST] is Survival.LOST
    assert report.cause == (
        "publishing without the manifest file that lies beside it; and "
        "the pixels were changed after signing"
    )
    out.write_bytes(path.read_bytes())
    cause = genlabel.strip_check_file(out, against=path).cause
    assert cause == "publishing without the manifest file that lies beside it"


def test_a_file_converted_beside_its_manifest_says_from_what_to_what(tmp_path, signer):
    path = signed(tmp_path, "png", signer)
    out = published(path, b"")
    with Image.open(path) as image:
        image.save(out, "WEBP")
    report = genlabel.strip_check_file(out, against=path)
    assert report.marks[Mark.MANIFEST] in (Survival.BROKEN, Survival.LOST)
    assert "the file was converted after signing: png to webp" in (report.cause or "")


def test_an_embedded_manifest_that_no_known_tool_breaks_so_has_the_same_sentences(signer):
    whole = genlabel.sign(testing.picture("webp", size=(320, 240)), LABEL, signer).data
    at = whole.index(b"VP8 ")
    at += int.from_bytes(whole[at + 4 : at + 8], "little") - 20
    other = whole[:at] + bytes((whole[at] ^ 0x10,)) + whole[at + 1 :]
    report = genlabel.strip_check(other, against=whole)
    assert report.marks[Mark.MANIFEST] is Survival.BROKEN
    assert report.cause == "the pixels were changed after signing"
