"""PDF: revisions stay, hostile cross-references end quickly, and what cannot be done is said."""

from __future__ import annotations

import shutil
import subprocess
import time
import zlib

import pytest

from drawn_documents import BODY, appended, crossed, documents, header, laid, stream, tabled
from drawn_kinds import essence, look, packet, pixels, rewritten, store
from genlabel.formats import identify
from genlabel.formats.format import MANIFEST, MAX_METADATA, XMP
from genlabel.formats.pdf.incremental_update import update
from genlabel.formats.pdf.object_lookup import Objects
from genlabel.formats.pdf.parser import Dictionary, Reference
from genlabel.model.errors import MalformedAsset, MalformedMetadata
from oracles import raw
from oracles.absence import absent

DOCUMENTS = documents(packet("old"))
each_document = pytest.mark.parametrize("data", DOCUMENTS.values(), ids=list(DOCUMENTS))
PLAIN = DOCUMENTS["pdf"]


def _checked(data: bytes, folder) -> list[str]:
    """What qpdf finds wrong with a document."""
    program = shutil.which("qpdf")
    if program is None:
        absent("qpdf is not installed")
    path = folder / "document.pdf"
    path.write_bytes(data)
    done = subprocess.run([program, "--check", str(path)], capture_output=True, timeout=30)
    said = (done.stdout + done.stderr).decode("utf-8", "replace").splitlines()
    return [line for line in said if "WARNING" in line or "rror:" in line]


@each_document
def test_metadata_comes_in_an_update_and_every_byte_before_it_stays(data, tmp_path):
    made = rewritten(data, {XMP: packet("new")})
    assert made.startswith(data)
    assert len(made) < len(data) + len(packet("new")) + 700
    assert _checked(made, tmp_path) == _checked(data, tmp_path) == []
    # of the kind that the file has
    tail = made[len(data) :]
    assert (b"/XRef" in tail) == (b"\nxref\n" not in data)
    assert tail.count(b"%%EOF") == 1


@each_document
def test_the_manifest_comes_in_the_same_update(data, tmp_path):
    made = rewritten(data, {XMP: packet("new"), MANIFEST: store(9_000)})
    assert made.startswith(data)
    assert len(made) < len(data) + 9_000 + len(packet("new")) + 1_500
    assert made[len(data) :].count(b"%%EOF") == 1
    assert _checked(made, tmp_path) == []
    assert pixels(made) == pixels(data)
    # what takes its place and is as long moves nothing
    other = rewritten(data, {XMP: packet("new"), MANIFEST: store(9_000)[:-1] + b"!"})
    assert [at for at in range(len(made)) if made[at] != other[at]] == [
        made.index(store(9_000)) + 8_999
    ]


@each_document
def test_the_next_update_of_ours_takes_the_place_of_the_last(data):
    once = rewritten(data, {XMP: packet("once")})
    assert rewritten(once, {XMP: packet("twice")}) == rewritten(data, {XMP: packet("twice")})
    if XMP not in look(data).payloads:
        assert rewritten(once, {XMP: None}) == data


@pytest.mark.parametrize("name", ["pdf", "pdf with xmp", "pdf drawn", "pdf updated"])
def test_somebody_elses_revision_is_never_taken_off(name):
    ours = rewritten(DOCUMENTS[name], {XMP: packet("ours")})
    theirs = appended(ours, {5: b"<</Title(theirs)>>"})
    made = rewritten(theirs, {XMP: packet("again")})
    assert made.startswith(theirs)
    assert look(made).payloads[XMP] == packet("again")


def test_an_update_that_changes_pages_is_not_taken_off_whoever_it_pretends_to_be():
    ours = rewritten(PLAIN, {XMP: packet("ours")})
    catalog = b"<</Type/Catalog/Pages 2 0 R/Metadata"
    other = ours[: len(PLAIN)] + ours[len(PLAIN) :].replace(b"Pages 2 0", b"Pages 6 0")
    assert catalog in ours[len(PLAIN) :]
    made = rewritten(other, {XMP: packet("again")})
    assert made.startswith(other)


def test_an_update_that_adds_what_a_page_referred_to_in_vain_is_not_taken_off():
    vain = appended(PLAIN, {4: b"<</Length 7 0 R>>\nstream\nendstream", 6: b"[99 0 R]"})
    forged = vain + update(Objects(memoryview(vain)), {Reference(99, 0): b"(shown at last)"})
    made = rewritten(forged, {XMP: packet("again")})
    assert made.startswith(forged)


def test_a_page_that_changes_changes_the_essence():
    assert essence(PLAIN) != essence(PLAIN.replace(b"1 0 0 rg", b"0 1 0 rg"))
    assert essence(PLAIN) != essence(appended(PLAIN, {4: BODY[4].replace(b"50 50", b"50 51")}))
    assert essence(PLAIN) != essence(PLAIN.replace(b"/Rotate -90", b"/Rotate -00"))


def test_the_size_of_the_update_does_not_hang_on_the_size_of_the_file():
    large = tabled(BODY | {7: b"<</Length 3000000>>\nstream\n" + bytes(3_000_000) + b"\nendstream"})
    container = identify(large)
    pieces = container.rewrite(container.survey(large), {XMP: packet()})
    assert [piece.obj is large for piece in pieces if isinstance(piece, memoryview)] == [True]
    assert sum(len(piece) for piece in pieces if isinstance(piece, bytes)) < 2_000


CERTIFIED = BODY | {1: b"<</Type/Catalog/Pages 2 0 R/Perms<</DocMDP 7 0 R>>>>", 7: b"<<>>"}


@pytest.mark.parametrize(
    "objects", [BODY | {7: b"<</Type/Sig/ByteRange [0 10 20 30]/Contents<00>>>"}, CERTIFIED]
)
def test_a_digital_signature_forbids_labels_and_not_looking(objects):
    signed = tabled(objects)
    survey = look(signed)
    assert survey.frames == 2
    assert "digital signature" in (survey.unsignable or "")
    for changes in ({XMP: packet()}, {MANIFEST: store(99)}):
        with pytest.raises(MalformedMetadata, match="digital signature") as told:
            rewritten(signed, changes)
        assert "--sidecar" in (told.value.remedy or "")
    assert rewritten(signed, {XMP: None, MANIFEST: None}) == signed


def test_an_encrypted_document_is_looked_at_and_left_alone():
    encrypted = tabled(BODY, b"/Encrypt 4 0 R")
    survey = look(encrypted)
    assert "encrypted" in survey.anomalies[0]
    assert "encrypted" in (survey.unsignable or "")
    assert b"".join(identify(encrypted).essence(survey)) == encrypted
    with pytest.raises(MalformedMetadata, match="is encrypted"):
        rewritten(encrypted, {XMP: packet()})


# The engine leaves the address of a hybrid file's stream as it was, where nothing is any more.
@pytest.mark.parametrize("name", sorted(DOCUMENTS.keys() - {"pdf hybrid"}))
def test_a_manifest_that_the_engine_embeds_is_read(name, chain):
    signed = raw.sign(DOCUMENTS[name], "application/pdf", chain)
    survey = look(signed)
    assert raw.read(signed, "application/pdf", anchors=chain.anchor).state == "Trusted"
    assert (survey.manifest or b"")[4:8] == b"jumb"
    ((start, end),) = survey.manifest_spans
    assert survey.manifest == signed[start:end]
    assert pixels(signed) == pixels(DOCUMENTS[name])


def test_why_the_engine_does_not_embed(chain):
    """It keeps no revision: the day it does, this fails, and it could be left to it."""
    updated = DOCUMENTS["pdf updated"]
    signed = raw.sign(updated, "application/pdf", chain)
    assert not signed.startswith(updated)
    assert signed.count(b"%%EOF") == 1
    assert updated.count(b"%%EOF") == 2
    assert look(updated).embeds


def _with_table(table: bytes, trailer: bytes = b"<</Size 7/Root 1 0 R>>") -> bytes:
    data, _ = laid(header(), BODY)
    end = b"\ntrailer\n" + trailer + b"\nstartxref\n%d\n%%%%EOF\n" % len(data)
    return data + b"xref\n" + table + end


def _circle(length: int) -> bytes:
    """Revisions, each of which names the one before, and the first the last."""
    data = header()
    places = [len(data) + 60 * number for number in range(length)]
    for number, place in enumerate(places):
        table = b"xref\n0 0\ntrailer\n<</Size 1/Prev %d>>" % places[number - 1]
        assert len(data) == place
        data += table.ljust(59) + b"\n"
    return data + b"startxref\n%d\n%%%%EOF\n" % places[-1]


def _bomb() -> bytes:
    """An object stream that decompresses to 200 MB, with the catalog in it."""
    return crossed({4: BODY[4]}, {1: BODY[1] + b" " * 200_000_000})


HOSTILE = {
    "nothing": (header(), "ends without saying"),
    "start outside": (PLAIN.replace(b"startxref\n", b"startxref\n99"), "outside the file"),
    "start elsewhere": (PLAIN[:-30] + b"\nstartxref\n20\n%%EOF\n", "no cross-reference at 20"),
    "previous is itself": (_circle(1), "in a circle"),
    "previous in a circle": (_circle(40), "in a circle"),
    "revisions without number": (_circle(2_001), "more than 2,000 revisions"),
    "many entries promised": (_with_table(b"0 4294967295\n"), "runs past the end"),
    "a table that is none": (_with_table(b"0 3\nnonsense\n"), "is damaged|runs past"),
    "object outside": (_with_table(b"1 1\n9999999999 00000 n \n"), "object 1 at 9,999,999,999"),
    "catalog elsewhere": (_with_table(b"1 1\n0000000009 00000 n \n"), "object 1 is not at 9"),
    "no catalog": (_with_table(b"0 0\n", b"<</Size 7/Root 5 0 R>>"), "no catalog"),
    "no root": (_with_table(b"0 0\n", b"<</Size 7>>"), "names no catalog"),
    "no trailer": (_with_table(b"0 0\n", b"[1 2]"), "has no trailer"),
    "trailer without an end": (_with_table(b"0 0\n", b"<</Size"), "no value|no key"),
    "catalog is itself": (tabled(BODY | {1: b"1 0 R"}), "in a circle"),
    "very deep": (tabled(BODY | {1: b"<</A" + b"[" * 100_000}), "too deep"),
    "very long": (tabled(BODY | {1: b"[" + b"0 " * 300_000 + b"]"}), "too long"),
    "string without an end": (tabled(BODY | {1: b"<</A(" + b"(" * 200_000 + b"/>>"}), "not end"),
    "bomb": (_bomb(), "more than 16,777,216"),
    "widths of a cross-reference": (
        crossed(BODY, predicted=False).replace(b"/W[1 3 1]", b"/W[9 9 9]"),
        "impossible widths",
    ),
    "no widths": (crossed(BODY).replace(b"/W[1 3 1]", b"/V[1 3 1]"), "without widths"),
    "length of a cross-reference": (
        crossed(BODY).replace(b"/Filter/FlateDecode/Length ", b"/Filter/FlateDecode/Length 9"),
        "length that lies",
    ),
}


@pytest.mark.parametrize(("data", "sentence"), HOSTILE.values(), ids=list(HOSTILE))
def test_a_cross_reference_that_lies_is_malformed_soon(data, sentence):
    started = time.perf_counter()
    with pytest.raises(MalformedAsset, match=f"^pdf: .*({sentence})"):
        identify(data).survey(data)
    assert time.perf_counter() - started < 30


def test_as_many_objects_as_are_allowed_take_no_long_time():
    count = 100_000
    rows = b"0000000015 00000 n \n" * count
    data = tabled(BODY)[:-9] + b"\n"
    whole = data + b"xref\n100 %d\n" % count + rows
    previous = int(PLAIN.rsplit(b"startxref", 1)[1].split()[0])
    whole += b"trailer\n<</Size %d/Root 1 0 R/Prev %d>>\n" % (count + 100, previous)
    whole += b"startxref\n%d\n%%%%EOF\n" % len(data)
    started = time.perf_counter()
    assert len(essence(whole)) < 2 * len(PLAIN)
    assert look(rewritten(whole, {XMP: packet()})).payloads[XMP] == packet()
    assert time.perf_counter() - started < 30


def test_xmp_that_is_a_bomb_is_an_anomaly_and_can_be_replaced():
    bomb = zlib.compress(bytes(MAX_METADATA + 1), 9)
    said = b"<</Type/Metadata/Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream"
    catalog = {1: b"<</Type/Catalog/Pages 2 0 R/Metadata 7 0 R>>"}
    data = tabled(BODY | catalog | {7: said % (len(bomb), bomb)})
    survey = look(data)
    assert XMP not in survey.payloads
    assert "more than 16,777,216 bytes" in survey.anomalies[0]
    assert look(rewritten(data, {XMP: packet()})).payloads[XMP] == packet()


def test_an_index_that_promises_billions_costs_nothing():
    data = crossed(BODY, predicted=False)
    lying = data.replace(b"/W[1 3 1]", b"/W[1 3 1]/Index[0 4294967295]")
    started = time.perf_counter()
    assert look(lying).frames == 2
    assert time.perf_counter() - started < 30


def test_what_follows_the_last_revision_is_noticed():
    assert look(PLAIN + b"\n\n").anomalies == ()
    assert look(PLAIN + b"trailing").anomalies == ("8 bytes behind the last revision",)


def test_what_a_hybrid_table_calls_free_is_found_in_the_stream_beside_it():
    objects = Objects(memoryview(rewritten(DOCUMENTS["pdf hybrid"], {MANIFEST: store(99)})))
    described = objects.value(Reference(5, 0))
    assert isinstance(described, Dictionary)
    assert described.get(b"Title") == b"<feff 00e9>"


def test_a_stream_helper_makes_what_qpdf_reads(tmp_path):
    assert stream(7, b"/A 1", b"abc").startswith(b"7 0 obj\n<</A 1/Filter/FlateDecode/Length ")
    for name in ("pdf object stream", "pdf cross-reference stream"):
        assert _checked(DOCUMENTS[name], tmp_path) == []
