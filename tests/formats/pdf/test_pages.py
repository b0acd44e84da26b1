"""Pages of two documents side by side: written anew by other programs, and with another text."""

import random
import shutil
import subprocess

import pytest
from tests.support.drawn_documents import tabled

import genlabel
from genlabel.formats.pdf import pages


def document(*texts: str) -> bytes:
    """One page a text, in Helvetica."""
    kids = b" ".join(b"%d 0 R" % (5 + 2 * number) for number in range(len(texts)))
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(texts), kids),
        3: b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    }
    for number, text in enumerate(texts):
        drawn = b"BT /F1 24 Tf 72 700 Td (%s) Tj ET" % text.encode()
        objects[4 + 2 * number] = b"<</Length %d>>stream\n%s\nendstream" % (len(drawn), drawn)
        objects[5 + 2 * number] = (
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %d 0 R"
            b"/Resources<</Font<</F1 3 0 R>>>>>>" % (4 + 2 * number)
        )
    return tabled(objects)


OURS = document("Price 10 Euro", "Second page")
TOOLS = {
    "qpdf": ("qpdf", "--object-streams=generate", "in.pdf", "out.pdf"),
    "mutool": ("mutool", "clean", "-gggg", "-z", "in.pdf", "out.pdf"),
    "gs": ("gs", "-q", "-sDEVICE=pdfwrite", "-o", "out.pdf", "in.pdf"),
}


@pytest.mark.parametrize("tool", TOOLS)
def test_a_document_that_a_program_wrote_anew_is_the_same(tool, tmp_path, signer):
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} is not installed")
    signed = genlabel.sign(
        OURS, genlabel.Label.generated(producer=genlabel.Producer("Acme")), signer
    ).data
    (tmp_path / "in.pdf").write_bytes(signed)
    subprocess.run(TOOLS[tool], cwd=tmp_path, check=True, capture_output=True)
    report = genlabel.strip_check((tmp_path / "out.pdf").read_bytes(), against=signed)
    assert report.pixels is not None
    assert (report.pixels.same_picture, report.pixels.change) == (True, "re-encoded")


@pytest.mark.parametrize(
    ("other", "same", "reason"),
    [
        (document("Price 20 Euro", "Second page"), False, "page 1 has another text"),
        (document("Price 10 Euro"), False, "pages: 1, and the original has 2"),
        (document("Price 10 Euro", ""), None, "document: page 2 has the same text"),
        (b"%PDF-1.7\njunk", None, "document: pypdf does not read it"),
    ],
)
def test_another_text_is_another_document_and_what_cannot_be_read_is_undecided(other, same, reason):
    found = pages.compare(OURS, other)
    assert found.same_picture is same
    assert (found.reason or "").startswith(reason)


def drawn(contents: bytes, more: bytes = b"", objects: dict[int, bytes] | None = None) -> bytes:
    """One page with these contents, and `more` in its dictionary; `objects` from 5 on."""
    stream = b"<</Length %d>>stream\n%s\nendstream" % (len(contents), contents)
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R%s>>" % more
    return tabled(
        {
            1: b"<</Type/Catalog/Pages 2 0 R>>",
            2: b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
            3: page,
            4: stream,
            **(objects or {}),
        }
    )


def form(data: bytes) -> dict[int, bytes]:
    """A form with a picture in it, whose one pixel is `data`."""
    return {
        5: b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Length 6"
        b"/Resources<</XObject<</P 6 0 R>>>>>>stream\n/P Do \nendstream",
        6: b"<</Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent 8"
        b"/ColorSpace/DeviceGray/Length 1>>stream\n%s\nendstream" % data,
    }


RED, BLUE = b"1 0 0 rg 10 10 50 50 re f", b"0 0 1 rg 10 10 5 150 re f"
NOTE = b"/Annots[<</Type/Annot/Subtype/FreeText/Rect[0 0 9 9]/Contents(%s)>>]"
FIELD = b"/Annots[<</Subtype/Widget/Rect[0 0 9 9]/Parent<</FT/Tx/T(a)/V(%s)>>>>]"
LINK = b"/Annots[<</Subtype/Link/Rect[0 0 9 9]>>]"
FORM = b"/Resources<</XObject<</F 5 0 R>>>>"
ALONE = "document: page 1 has the same text, as far as it can be read, alone"
SHAPES = "document: page 1 has shapes alone, which were not compared"
ALL = "document: the same text, pictures and shapes on each page"


@pytest.mark.parametrize(
    ("one", "other", "same", "reason"),
    [
        (drawn(RED), drawn(BLUE), None, SHAPES),
        (drawn(RED), drawn(RED, LINK), True, ALL),
        (drawn(RED), drawn(RED, NOTE % b"VOID"), None, ALONE),
        (drawn(RED, NOTE % b"a"), drawn(RED, NOTE % b"a"), True, ALL),
        (drawn(RED, FIELD % b"10"), drawn(RED, FIELD % b"20"), None, ALONE),
        (drawn(b"/F Do", FORM, form(b"0")), drawn(b"/F Do", FORM, form(b"1")), None, ALONE),
        (drawn(b"/F Do", FORM, form(b"0")), drawn(b"/F Do", FORM, form(b"0")), True, ALL),
    ],
)
def test_a_page_without_text_is_compared_by_all_that_draws_it(one, other, same, reason):
    found = pages.compare(one, other)
    assert (found.same_picture, found.reason) == (same, reason)


def test_without_the_extra_it_is_undecided_and_names_the_extra(monkeypatch):
    monkeypatch.setattr(pages, "find_spec", lambda _: None)
    found = pages.compare(OURS, document("Price 20 Euro", "Second page"))
    assert found.same_picture is None
    assert "genlabel[pdf]" in (found.reason or "")


def test_damaged_documents_end_in_an_answer():
    chance = random.Random(1)
    for _ in range(6):
        damaged = bytearray(OURS)
        for _ in range(5):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        assert pages.compare(OURS, bytes(damaged)).change in (
            "re-encoded",
            "another",
            "undecodable",
        )
