"""What was appended to a signed document as updates, by other programs and by hand."""

import io
from collections.abc import Callable

import pypdf
import pytest
from pypdf.annotations import FreeText
from pypdf.generic import DecodedStreamObject, NameObject
from tests.formats.pdf.test_pages import OURS
from tests.support.drawn_documents import appended, documents, hybrid

import genlabel
from genlabel.formats.pdf import revisions
from genlabel.model.words.translation import translated

NOTE = "notes, links or form fields were changed on page 1"
DRAWN = "what is drawn was changed on page 2"


@pytest.fixture(scope="module")
def signed() -> bytes:
    label = genlabel.Label.generated(producer=genlabel.Producer("Acme"))
    return genlabel.sign(OURS, label, genlabel.testing.Authority.new("Acme").signer()).data


def note(writer: pypdf.PdfWriter) -> None:
    writer.add_annotation(0, FreeText(text="hi", rect=(1, 1, 50, 50)))


def other_price(writer: pypdf.PdfWriter) -> None:
    content = DecodedStreamObject()
    content.set_data(b"BT /F1 24 Tf 72 700 Td (Price 99 Euro) Tj ET")
    writer.pages[1][NameObject("/Contents")] = writer._add_object(content)


def more_pages(writer: pypdf.PdfWriter) -> None:
    writer.add_blank_page(100, 100)


def attached(writer: pypdf.PdfWriter) -> None:
    writer.add_attachment("a.txt", b"hi")


def other_xmp(writer: pypdf.PdfWriter) -> None:
    writer.root_object["/Metadata"].get_object()._data = b"<x/>"


def updated(data: bytes, change: Callable[[pypdf.PdfWriter], object]) -> bytes:
    """`data` with one more revision, as pypdf writes it."""
    writer = pypdf.PdfWriter(io.BytesIO(data), incremental=True)
    change(writer)
    written = io.BytesIO()
    writer.write(written)
    assert written.getvalue().startswith(data)
    return written.getvalue()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ([note], (NOTE,)),
        ([other_price], (DRAWN,)),
        ([note, other_price], (DRAWN, NOTE)),
        ([more_pages], ("the number of pages is 3 instead of 2",)),
        ([attached], ("attached files were changed", "the catalog was written anew")),
        ([other_xmp], ("the XMP metadata were changed",)),
    ],
)
def test_an_update_says_how_many_there_are_and_what_they_changed(signed, changes, said):
    published = signed
    for each in changes:
        published = updated(published, each)
    found = revisions.appended(signed, published)
    assert found is not None
    assert (found.updates, found.size) == (len(changes), len(published) - len(signed))
    assert found.changes == said
    report = genlabel.strip_check(published, against=signed)
    assert report.marks[genlabel.Mark.MANIFEST] is genlabel.Survival.BROKEN
    assert report.cause is not None
    number = "an incremental update" if len(changes) == 1 else f"{len(changes)} incremental updates"
    assert report.cause.startswith(f"{number} of the document")
    assert report.cause.endswith("; and ".join(said))
    assert report.advice
    for sentence in report.cause.split("; and "):
        assert translated(sentence, "fr") != sentence


def test_a_title_that_exiftool_appends_is_told(tmp_path, exiftool):
    path, before = tmp_path / "a.pdf", documents(b"<x/>")["pdf drawn"]
    path.write_bytes(before)
    exiftool.run("-overwrite_original", "-PDF:Title=x", path)
    found = revisions.appended(before, path.read_bytes())
    assert found is not None
    assert found.changes == ("the document information (title, author, dates) was changed",)


def test_what_says_the_same_again_and_a_signature_are_told(signed):
    objects = pypdf.PdfReader(io.BytesIO(signed))
    assert objects.pages[0].indirect_reference is not None
    number = objects.pages[0].indirect_reference.idnum
    page = (
        b"<< /Contents 4 0 R /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842]"
        b" /Resources << /Font << /F1 3 0 R >> >> >>"
    )
    same = revisions.appended(OURS, appended(OURS, {number: page}))
    assert same is not None
    assert same.changes == ("no object of it says anything else",)
    signature = appended(OURS, {30: b"<</Type/Sig/Filter/Adobe.PPKLite>>"})
    found = revisions.appended(OURS, signature)
    assert found is not None
    assert found.changes == ("a digital signature was added, or changed",)
    other = revisions.appended(OURS, appended(OURS, {30: b"<</Type/Group>>"}))
    assert other is not None
    assert other.changes == ("objects of other kinds were changed",)


@pytest.mark.parametrize("behind", [b"\njunk", OURS, b"\nstartxref\n9\n%%EOF\n"])
def test_what_is_no_update_of_the_document_is_bytes_alone(signed, behind):
    assert revisions.appended(signed, signed + behind) is None
    cause = genlabel.strip_check(signed + behind, against=signed).cause
    assert cause == f"{len(behind):,} bytes were appended behind the end of the file"


@pytest.mark.parametrize("kind", ["hybrid", *documents(b"<x/>")])
def test_every_kind_of_document_takes_an_update(kind):
    data = hybrid() if kind == "hybrid" else documents(b"<x/>")[kind]
    found = revisions.appended(data, updated(data, note))
    assert found is not None
    assert (found.updates, found.changes) == (1, (NOTE,))


def test_hostile_updates_end_in_an_answer(signed):
    whole = updated(signed, other_price)
    for at in range(len(signed), len(whole), 3):
        for byte in (0, 0xFF):
            damaged = whole[:at] + bytes((byte,)) + whole[at + 1 :]
            found = revisions.appended(signed, damaged)
            assert found is None or found.updates >= 1
