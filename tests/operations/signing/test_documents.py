"""PDF documents: labels go into an update behind them, or beside them, and every byte stays."""

from __future__ import annotations

import io

import pypdf
import pytest
from PIL import Image
from pypdf.generic import ArrayObject, DictionaryObject, NameObject

from genlabel import Stamp, testing
from genlabel.credentials.identity import Identity
from genlabel.credentials.timestamps.authorities import TimeAuthorities
from genlabel.formats.pdf.incremental_update import MARKER
from genlabel.formats.pdf.pdf import PDF
from genlabel.model.errors import (
    ExistingManifest,
    MalformedAsset,
    MalformedMetadata,
    SigningError,
)
from genlabel.model.label import Generator, Label
from genlabel.model.report import Integrity, Mark, Severity, SigningTime, Survival
from genlabel.operations.labeller import Labeller
from genlabel.testing import Authority, TimeAuthority, picture
from histories import ACME
from oracles import pictures, raw

LABEL = Label.generated(producer=ACME, generator=Generator("ModelX"), title="Hills")


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


def test_the_manifest_goes_into_an_update_which_other_validators_accept(
    labeller, document, authority, encypher, exiftool
):
    signed = labeller.sign(document, LABEL)
    assert signed.data.startswith(document)
    assert set(signed.report.marks) == {Mark.MANIFEST, Mark.IPTC}
    assert signed.report.integrity is Integrity.INTACT
    found = encypher.verify(signed.data, "application/pdf", authority.anchors)
    assert found.accepted
    assert "assertion.dataHash.match" in found.successes
    assert raw.read(signed.data, "application/pdf", anchors=authority.anchors).state == "Trusted"
    tags = exiftool.read(signed.data, "-XMP:all", "-JUMBF:all", "-PDF:all")
    assert tags["XMP-iptcExt:DigitalSourceType"] == LABEL.source_type.uri
    assert tags["PDF:Title"] == "drawn"
    assert _pages(signed.data) == _pages(document)
    attached = pypdf.PdfReader(io.BytesIO(signed.data), strict=True).attachments
    assert len(attached["Content Credentials"][0]) == len(_store(signed.data))


def test_every_byte_outside_of_the_manifest_counts(labeller, document, encypher, authority):
    data = labeller.sign(document, LABEL).data
    ((start, end),) = PDF.survey(data).manifest_spans
    outside = [*range(5, start, 97), *range(start - 90, start, 7), *range(end, len(data), 7)]
    for at in outside:
        changed = pictures.flipped(data, at)
        assert not encypher.verify(changed, "application/pdf", authority.anchors).accepted
        try:
            assert labeller.verify(changed).integrity is not Integrity.INTACT
        except MalformedAsset:  # a cross-reference that no longer leads anywhere
            continue


def test_labelled_again_the_first_label_is_the_parent_and_the_file_does_not_grow(
    labeller, document, authority
):
    once = labeller.sign(document, LABEL)
    other = Label.generated(producer=ACME, generator=Generator("ModelY"), title="Hills")
    twice = labeller.sign(once.data, other)
    (parent,) = twice.report.ingredients
    assert (parent.relationship, parent.manifest_id) == ("parentOf", once.manifest_id)
    assert twice.data.startswith(document)
    assert twice.data.count(MARKER) == 1
    assert len(twice.data) - len(once.data) < len(_store(twice.data)) - len(_store(once.data)) + 900
    assert raw.read(twice.data, "application/pdf", anchors=authority.anchors).state == "Trusted"


def test_over_another_programs_manifest_that_is_the_verified_parent(
    labeller, document, chain, authority, encypher
):
    foreign = raw.sign(document, "application/pdf", chain)
    signed = labeller.sign(foreign, LABEL)
    assert signed.data.startswith(foreign)
    (parent,) = signed.report.ingredients
    assert parent.relationship == "parentOf"
    assert parent.manifest_id == labeller.verify(foreign).manifest_id
    assert signed.report.integrity is Integrity.INTACT
    assert not [each for each in signed.report.findings if each.severity is Severity.ERROR]
    # one manifest is left in the document as it is now, and it has the old one inside
    assert PDF.survey(signed.data).anomalies == ()
    pem = authority.anchors + chain.anchor
    found = encypher.verify(signed.data, "application/pdf", pem)
    assert found.state == "Trusted"
    assert found.codes <= {"signingCredential.untrusted"}  # as recorded of the parent's signer
    with pytest.raises(ExistingManifest, match="wins over one beside it") as told:
        labeller.sign(foreign, LABEL, sidecar=True)
    assert "without a sidecar" in told.value.remedy


def test_what_has_a_manifest_and_a_digital_signature_can_take_no_other(labeller, document, chain):
    writer, encoded = pypdf.PdfWriter(clone_from=io.BytesIO(document)), io.BytesIO()
    signature = DictionaryObject({NameObject("/ByteRange"): ArrayObject()})
    writer.root_object[NameObject("/Signature")] = writer._add_object(signature)
    writer.write(encoded)
    foreign = raw.sign(encoded.getvalue(), "application/pdf", chain)
    with pytest.raises(SigningError, match="digital signature"):
        labeller.sign(foreign, LABEL)
    with pytest.raises(ExistingManifest, match="wins over one beside it") as told:
        labeller.sign(foreign, LABEL, sidecar=True)
    assert told.value.remedy == "label what it was made from"


def test_an_identity_attests_a_document_too(signer, trust, document, tmp_path):
    holder = Authority.new("Acme Studio").signer()
    labeller = Labeller(signer=signer, trust=trust, identity=Identity(holder))
    signed = labeller.sign(document, LABEL)
    (actor,) = signed.report.identities
    assert actor.holds


def test_a_time_stamp_is_put_into_a_document_at_once_or_later(signer, document, authority):
    clock = TimeAuthority.new()
    with testing.time_server(clock) as url:
        labeller = Labeller(signer=signer, tsa=TimeAuthorities.of(url))
        at_once = labeller.sign(document, LABEL)
        later = Labeller(signer=signer, stamp=Stamp.LATER).sign(document, LABEL)
        stamped = labeller.add_stamp(later.data)
    assert len(stamped.data) == len(later.data)
    for data in (at_once.data, stamped.data):
        assert data.startswith(document)
        seen = raw.read(data, "application/pdf", anchors=authority.anchors)
        assert seen.state == "Trusted"
        trust = testing.trust(authority, tsa=[clock])
        assert Labeller(trust=trust).verify(data).signer.time is SigningTime.PROVEN


def test_a_digitally_signed_document_is_labelled_beside_only(labeller, document):
    signed = document + b"%/ByteRange [0 1 2 3]\n"
    with pytest.raises(SigningError, match="carries a digital signature") as told:
        labeller.sign(signed, LABEL)
    assert told.value.remedy == "write the manifest beside it with --sidecar"
    beside = labeller.sign(signed, LABEL, sidecar=True)
    assert beside.data == signed
    assert beside.report.integrity is Integrity.INTACT


def test_an_encrypted_document_is_labelled_beside_only(labeller, document):
    with pytest.raises(SigningError, match="is encrypted") as told:
        labeller.sign(_encrypted(document), LABEL)
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
    assert _pages(signed.data) == _pages(document)
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


def test_a_folder_is_labelled_with_its_documents(labeller, document, tmp_path):
    (tmp_path / "cat.png").write_bytes(picture("png"))
    (tmp_path / "text.pdf").write_bytes(document)
    done = list(labeller.sign_files([tmp_path], LABEL, in_place=True))
    assert [(each.path, each.error) for each in done] == [
        (str(tmp_path / "cat.png"), None),
        (str(tmp_path / "text.pdf"), None),
    ]
    assert labeller.verify_file(tmp_path / "text.pdf").integrity is Integrity.INTACT
    (tmp_path / "cat.png").unlink()
    (tmp_path / "text.pdf").write_bytes(document)
    (beside,) = labeller.sign_files([tmp_path], LABEL, sidecar=True)
    assert beside.sidecar == str(tmp_path / "text.c2pa")
    assert (tmp_path / "text.pdf").read_bytes() == document


def _store(data: bytes) -> bytes:
    return PDF.survey(data).manifest or b""


@pytest.mark.parametrize(("at", "damage"), [(-4, bytes(4)), (-1, bytes(2)), (0, b"JUMB")])
def test_a_manifest_whose_header_was_destroyed_is_no_silence(labeller, document, at, damage):
    signed = bytearray(labeller.sign(document, LABEL).data)
    start = signed.index(b"jumb") + at
    signed[start : start + len(damage)] = damage
    report = labeller.verify(bytes(signed))
    assert (report.integrity, report.reason) == (Integrity.BROKEN, "unreadable")


def _pages(data: bytes) -> list[bytes]:
    reader = pypdf.PdfReader(io.BytesIO(data), strict=True)
    return [page.get_contents().get_data() for page in reader.pages]
