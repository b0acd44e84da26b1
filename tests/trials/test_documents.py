"""PDF documents: the label goes beside them and into their XMP, and every byte of them stays."""

from __future__ import annotations

import io

import pypdf
import pytest
from histories import ACME
from PIL import Image

from genlabel.errors import MalformedAsset, MalformedMetadata, SigningError
from genlabel.label import Generator, Label
from genlabel.labeller import Labeller
from genlabel.report import Integrity, Mark, Survival
from genlabel.testing import picture
from oracles import pictures, raw

LABEL = Label.generated(by=ACME, using=Generator("ModelX"), title="Hills")


@pytest.fixture
def labeller(signer, trust):
    return Labeller(signer=signer, trust=trust)


@pytest.fixture(scope="module")
def document() -> bytes:
    encoded = io.BytesIO()
    Image.open(io.BytesIO(picture("png"))).convert("RGB").save(encoded, "PDF", title="drawn")
    return encoded.getvalue()


def _encrypted(document: bytes) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(document))
    writer.encrypt("secret", algorithm="RC4-128")
    encoded = io.BytesIO()
    writer.write(encoded)
    return encoded.getvalue()


def test_a_manifest_is_not_embedded_and_the_sentence_says_why(labeller, document):
    with pytest.raises(SigningError, match=r"not embedded in a PDF: .* revisions") as told:
        labeller.sign(document, LABEL)
    assert told.value.remedy == "write the manifest beside it with --sidecar"


@pytest.mark.parametrize("encrypted", [False, True])
def test_beside_a_document_it_holds_for_every_byte(encrypted, labeller, document):
    data = _encrypted(document) if encrypted else document
    signed = labeller.sign(data, LABEL, sidecar=True)
    assert signed.data == data
    assert signed.report.integrity is Integrity.INTACT
    assert signed.report.declared.attested
    assert labeller.verify(data, sidecar=signed.sidecar).integrity is Integrity.INTACT
    for at in range(100, len(data), len(data) // 7):
        try:
            changed = labeller.verify(pictures.flipped(data, at), sidecar=signed.sidecar)
        except MalformedAsset:  # a cross-reference that no longer leads anywhere
            continue
        assert changed.integrity is Integrity.BROKEN


def test_the_label_goes_into_the_xmp_too_where_it_is_asked_for(labeller, document, exiftool):
    signed = labeller.sign(document, LABEL, sidecar=True, marks=[Mark.IPTC])
    assert signed.data.startswith(document)
    assert set(signed.report.marks) == {Mark.MANIFEST, Mark.IPTC}
    assert signed.report.integrity is Integrity.INTACT
    assert exiftool.read(signed.data)["XMP-iptcExt:DigitalSourceType"] == LABEL.source_type.uri
    pages = pypdf.PdfReader(io.BytesIO(signed.data), strict=True).pages
    assert [page.get_contents().get_data() for page in pages] == [
        page.get_contents().get_data() for page in pypdf.PdfReader(io.BytesIO(document)).pages
    ]
    stripped = labeller.strip_check(document, against=signed.data)
    assert stripped.marks[Mark.IPTC] is Survival.LOST
    assert stripped.pixels.change == "metadata-only"


def test_no_metadata_goes_into_an_encrypted_document(labeller, document):
    with pytest.raises(MalformedMetadata, match="encrypted"):
        labeller.sign(_encrypted(document), LABEL, sidecar=True, marks=[Mark.IPTC])


def test_a_manifest_that_another_program_embedded_is_verified(document, chain):
    signed = raw.sign(document, "application/pdf", chain)
    labeller = Labeller()
    report = labeller.verify(signed)
    assert report.integrity is Integrity.INTACT
    assert report.declared.source_type == LABEL.source_type.uri
    at = signed.index(b"/MediaBox") + 2
    assert labeller.verify(pictures.flipped(signed, at)).integrity is Integrity.BROKEN


def test_another_document_is_told_from_the_same(labeller, document):
    other = document.replace(b"/MediaBox", b"/MediaBoy")
    assert labeller.strip_check(other, against=document).pixels.same_picture is None


def test_a_folder_is_labelled_without_its_documents_unless_they_go_beside(
    labeller, document, tmp_path
):
    (tmp_path / "cat.png").write_bytes(picture("png"))
    (tmp_path / "text.pdf").write_bytes(document)
    (done,) = labeller.sign_files([tmp_path], LABEL, in_place=True)
    assert (done.path, done.error) == (str(tmp_path / "cat.png"), None)
    named = list(labeller.sign_files([tmp_path / "text.pdf"], LABEL, in_place=True))
    assert "not embedded in a PDF" in named[0].error.message
    for each in tmp_path.glob("*.png"):
        each.unlink()
    (beside,) = labeller.sign_files([tmp_path], LABEL, sidecar=True)
    assert beside.sidecar == str(tmp_path / "text.pdf.c2pa")
