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
