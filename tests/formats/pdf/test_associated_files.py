"""PDF: the manifest among a document's attached files, as qpdf and pypdf find it, and damage."""

from __future__ import annotations

import io
import shutil
import subprocess
import time
import zlib

import pypdf
import pytest

from drawn_documents import ATTACHED, BODY, appended, attached, crossed, documents, tabled
from drawn_kinds import essence, look, packet, pixels, rewritten, store
from genlabel.formats.pdf import associated_files
from genlabel.formats.pdf.object_lookup import Objects
from genlabel.formats.pdf.parser import Reference, text
from genlabel.formats.slots import MANIFEST, MAX_METADATA, XMP
from genlabel.model.errors import MalformedAsset, MalformedMetadata
from oracles import raw
from oracles.absence import absent

DOCUMENTS = documents(packet("old"))
STORE, OTHER = store(5_000), store(700)
NAME = "Content Credentials"
LEAVES = range(19, 12_000)
LONG = {n: b"<</Kids[%d 0 R]>>" % (n + 1) for n in range(19, 70)} | {70: b"<</Names[]>>"}


def _qpdf(data: bytes, folder, *words: str) -> bytes:
    """What qpdf prints; it follows the limits of a tree of names, and warns where they lie."""
    program = shutil.which("qpdf")
    if program is None:
        absent("qpdf is not installed")
    path = folder / "document.pdf"
    path.write_bytes(data)
    done = subprocess.run([program, *words, str(path)], capture_output=True, timeout=30)
    assert b"WARNING" not in done.stderr
    assert not done.returncode, done.stderr
    return done.stdout


def _names(data: bytes, folder) -> list[str]:
    """The names of the attached files in the order of the tree."""
    listed = _qpdf(data, folder, "--list-attachments").decode().splitlines()
    return [line.rpartition(" -> ")[0] for line in listed if " -> " in line]


def _catalog(data: bytes) -> pypdf.generic.DictionaryObject:
    return pypdf.PdfReader(io.BytesIO(data), strict=True).root_object


def _foreign(manifest: bytes = OTHER, **written: bytes) -> bytes:
    """A document into which another program put a manifest, `written` otherwise."""
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R/AF[9 0 R 7 0 R]/Names<</EmbeddedFiles 10 0 R>>>>",
        7: b"<</Type/Filespec/AFRelationship/C2PA_Manifest/F(a)/UF(a)/EF<</F 8 0 R>>>>",
        8: b"<</Length %d>>\nstream\n%s\nendstream" % (len(manifest), manifest),
        9: b"<</Type/Filespec/F(b)/UF(b)/EF<</F 11 0 R>>/AFRelationship/Data>>",
        10: b"<</Names[(a)7 0 R(b)9 0 R]>>",
        11: b"<</Length 1>>\nstream\n1\nendstream",
    }
    return tabled(BODY | objects | {int(key[1:]): body for key, body in written.items()})


@pytest.mark.parametrize("name", DOCUMENTS)
def test_other_programs_find_the_manifest_among_the_attached_files(name, tmp_path):
    data = DOCUMENTS[name]
    made = rewritten(data, {MANIFEST: STORE})
    assert _qpdf(made, tmp_path, f"--show-attachment={NAME}") == STORE
    assert (
        sorted(_names(made, tmp_path))
        == _names(made, tmp_path)
        == sorted([*_names(data, tmp_path), NAME])
    )
    *others, last = _catalog(made)["/AF"]
    assert isinstance(last, pypdf.generic.IndirectObject)  # C2PA 2.4 A.4
    described = last.get_object()
    assert described["/AFRelationship"] == "/C2PA_Manifest"
    stream = described["/EF"]["/F"]
    assert stream["/Subtype"] == "/application/c2pa"
    assert stream["/Type"] == "/EmbeddedFile"
    assert "/Filter" not in stream
    assert stream.get_data() == STORE
    assert [each.idnum for each in others] == [each.idnum for each in _catalog(data).get("/AF", ())]


@pytest.mark.parametrize("name", ["A", "Annex!", "Ca", "Drafts ", "n", "zz", "Content"])
def test_the_name_comes_to_stand_in_its_order_wherever_that_is(name, tmp_path, monkeypatch):
    monkeypatch.setattr(associated_files, "_TITLE", name.encode())
    for data in (attached(), DOCUMENTS["pdf with packed attachments"]):
        made = rewritten(data, {MANIFEST: STORE})
        assert _names(made, tmp_path) == sorted([*_names(data, tmp_path), name])
        assert _qpdf(made, tmp_path, f"--show-attachment={name}") == STORE
        for other in _names(data, tmp_path):
            assert _qpdf(made, tmp_path, f"--show-attachment={other}") == b"hello"
        # put behind somebody's revision it is taken out by another update
        theirs = appended(made, {5: b"<</Title(theirs)>>"}) if data[:4] == made[:4] else made
        if b"\nxref\n" in data:
            without = rewritten(theirs, {MANIFEST: None})
            assert without.startswith(theirs)
            assert _names(without, tmp_path) == _names(data, tmp_path)
            assert _qpdf(without, tmp_path, "--list-attachments").count(b"->") == 4
            assert "/AF" in _catalog(without)
            assert essence(without) == essence(theirs)


def test_a_name_that_is_taken_is_left_to_who_has_it(tmp_path):
    mine = attached(
        {11: b"<</Limits[(Annex)(Content Credentials)]/Names[(Content Credentials)13 0 R]>>"}
    )
    made = rewritten(mine, {MANIFEST: STORE})
    assert f"{NAME} 2" in _names(made, tmp_path)
    assert look(made).manifest == STORE


def test_a_manifest_that_others_attached_is_replaced_where_it_is(tmp_path):
    data = _foreign()
    made = rewritten(data, {MANIFEST: STORE})
    assert made.startswith(data)
    assert look(made).payloads == {MANIFEST: STORE}
    assert look(made).anomalies == ()
    assert essence(made) == essence(data)
    assert len(made) < len(data) + len(STORE) + 400  # neither catalog nor tree are written anew
    assert _qpdf(made, tmp_path, "--show-attachment=a") == STORE
    again = rewritten(made, {MANIFEST: store(60)})
    assert again == rewritten(data, {MANIFEST: store(60)})


def test_a_manifest_that_others_attached_is_taken_out_of_the_last_revision(tmp_path):
    data = _foreign()
    without = rewritten(data, {MANIFEST: None})
    assert without.startswith(data)
    assert MANIFEST not in look(without).payloads
    assert essence(without) == essence(data)
    assert _names(without, tmp_path) == ["b"]
    assert len(_catalog(without)["/AF"]) == 1
    _qpdf(without, tmp_path, "--check")
    # also where one of ours is in between
    assert rewritten(rewritten(data, {MANIFEST: STORE}), {MANIFEST: None}) == without


def test_what_the_engine_attached_is_replaced_and_taken_out(chain, tmp_path):
    for name in ("pdf", "pdf with attachments", "pdf object stream"):
        signed = raw.sign(DOCUMENTS[name], "application/pdf", chain)
        made = rewritten(signed, {MANIFEST: STORE})
        assert essence(made) == essence(signed)
        assert raw.read(made, "application/pdf").state in ("error", "Invalid")  # our store is none
        without = rewritten(signed, {MANIFEST: None})
        assert raw.read(without, "application/pdf").state == "none"
        assert essence(without) == essence(signed)
        assert pixels(without) == pixels(signed)
        _qpdf(without, tmp_path, "--check")


def test_of_several_manifests_one_is_left():
    second = {
        "o1": b"<</Type/Catalog/Pages 2 0 R"
        b"/AF[7 0 R 12 0 R 7 0 R<</AFRelationship/C2PA_Manifest>>]>>",
        "o12": b"<</AFRelationship/C2PA_Manifest/EF<</F 13 0 R>>>>",
        "o13": b"<</Length 12>>\nstream\n\0\0\0\x0cjumb1234\nendstream",
    }
    data = _foreign(**second)
    assert "4 manifests" in look(data).anomalies
    made = rewritten(data, {MANIFEST: STORE})
    assert look(made).payloads[MANIFEST] == STORE
    assert look(made).anomalies == ("2 manifests",)  # the same one, twice
    assert essence(made) == essence(data)
    without = rewritten(data, {MANIFEST: None})
    assert MANIFEST not in look(without).payloads
    assert "/AF" not in _catalog(without)


def test_which_manifest_counts_is_not_read_otherwise_than_by_the_engine(chain):
    signed = raw.sign(DOCUMENTS["pdf"], "application/pdf", chain)
    theirs = look(signed).manifest
    catalog = b"<</Type/Catalog/Pages 2 0 R/AF[%s]>>"
    direct = b"<</AFRelationship/C2PA_Manifest/EF<</F 12 0 R>>>>"
    other = b"<</Length %d>>\nstream\n%s\nendstream" % (len(OTHER), OTHER)
    for files, seen in ((direct + b" 7 0 R", theirs), (b"13 0 R 7 0 R", None)):
        objects = {"o1": catalog % files, "o12": other, "o13": b"<</AFRelationship/C2PA_Manifest>>"}
        data = _foreign(theirs, **objects)
        assert look(data).manifest == seen
        state = raw.read(data, "application/pdf").state
        assert state == ("Invalid" if seen else "error")  # Invalid: it belongs to another file


@pytest.mark.parametrize(
    "written",
    [
        {"o7": b"<</AFRelationship/C2PA_Manifest>>"},
        {"o7": b"<</AFRelationship/C2PA_Manifest/EF 7 0 R>>"},
        {"o7": b"<</AFRelationship/C2PA_Manifest/EF<</F 7 0 R>>>>"},
        {"o7": b"<</AFRelationship/C2PA_Manifest/EF<</F 4 0 R>>>>"},
        {"o8": b"<</Length 9>>\nstream\n123\nendstream"},
        {"o8": b"null"},
    ],
)
def test_a_manifest_that_is_none_is_left_behind_and_its_objects_are_left_alone(written):
    """Among them a page's content that calls itself a manifest: it is not written over."""
    data = _foreign(**written)
    made = rewritten(data, {MANIFEST: STORE})
    assert look(made).payloads[MANIFEST] == STORE
    assert pixels(made) == pixels(data)
    assert essence(made) == essence(data)
    assert len(_catalog(made)["/AF"]) == 2


@pytest.mark.parametrize(
    ("objects", "sentence"),
    [
        ({18: b"<</Type/Filespec>>"}, "associated files that cannot be read"),
        ({18: b"[" + b"13 0 R " * 10_001 + b"]"}, "associated files that cannot be read"),
        ({18: b"18 0 R"}, "associated files that cannot be read"),
        ({7: b"[1 2]"}, "names cannot be read"),
        ({8: b"[1 2]"}, "names cannot be read"),
        ({9: b"<</Kids[8 0 R]>>"}, "names cannot be read"),
        ({9: b"<</Kids[9 0 R]>>"}, "names cannot be read"),
        ({9: b"<</Kids[10 0 R 10 0 R]>>"}, "names cannot be read"),
        ({9: b"<</Kids[99 0 R]>>"}, "names cannot be read"),
        ({1: ATTACHED[1].replace(b"Names 7 0", b"Names 1 0")}, "names cannot be read"),
        ({7: ATTACHED[7].replace(b"Files 8 0", b"Files 7 0")}, "names cannot be read"),
        ({9: b"<</Kids[17 0 R]>>"}, "names cannot be read"),
        ({12: b"<</Names 19 0 R>>"}, "names cannot be read"),
        ({11: b"<</Names[(Annex)]>>"}, "names cannot be read"),
        ({11: b"<</Names[/Annex 13 0 R]>>"}, "names cannot be read"),
        ({8: b"<</Kids[" + b"<</Kids[" * 60 + b"]>>" * 61}, "names cannot be read"),
        ({11: b"<</Kids[19 0 R]>>", **LONG}, "names cannot be read"),
    ],
)
def test_where_the_lists_are_damaged_nothing_is_attached_and_metadata_still_is(objects, sentence):
    data = attached(objects)
    started = time.perf_counter()
    survey = look(data)
    assert sentence in (survey.unsignable or "")
    with pytest.raises(MalformedMetadata, match=sentence) as told:
        rewritten(data, {MANIFEST: STORE})
    assert "--sidecar" in (told.value.remedy or "")
    made = rewritten(data, {XMP: packet("new")})
    assert look(made).payloads[XMP] == packet("new")
    assert essence(made) == essence(data)
    assert time.perf_counter() - started < 30


@pytest.mark.parametrize(
    "objects",
    [
        {18: b"[" + b"13 0 R " * 1_000_000 + b"]"},
        {16: b"[" + b"(a)14 0 R" * 300_000 + b"]"},
        {8: b"<</Kids[%s]>>" % b" ".join(b"%d 0 R" % number for number in LEAVES)}
        | dict.fromkeys(LEAVES, b"<</Names[]>>"),
    ],
)
def test_lists_of_millions_are_given_up_soon(objects):
    started = time.perf_counter()
    assert "cannot be read" in (look(attached(objects)).unsignable or "")
    assert time.perf_counter() - started < 15


@pytest.mark.parametrize("limits", [b"[(a)(b)]", b"[(b)(a)]", b"[1 2]", b"[]", b"(a)"])
def test_limits_that_lie_are_not_believed(limits, tmp_path):
    data = attached({9: ATTACHED[9].replace(b"[(Annex)(Drafts)]", limits)})
    made = rewritten(data, {MANIFEST: STORE})
    assert look(made).payloads[MANIFEST] == STORE
    assert sorted(_names(made, tmp_path)) == sorted([*_names(data, tmp_path), NAME])


def test_objects_that_are_looked_up_again_and_again_are_read_once():
    large = b"[" + b"1 " * 150_000 + b"]"
    data = attached({13: b"<</A %s>>" % large, 18: b"[" + b"13 0 R " * 9_000 + b"]"})
    started = time.perf_counter()
    assert look(data).unsignable is None
    assert time.perf_counter() - started < 20
    many = dict.fromkeys(range(19, 70), b"<</A(%s)>>" % (b"x" * 400_000))
    files = b"[" + b" ".join(b"%d 0 R" % number for number in many) + b"]"
    assert "cannot be read" in (look(attached({18: files} | many)).unsignable or "")


def test_many_object_streams_are_opened_as_far_as_memory_allows():
    body = BODY | {1: ATTACHED[1].replace(b"7 0 R", b"<<>>")}
    packed = {n: body[n] for n in (1, 2, 3, 5, 6)} | {18: b"[]"}
    assert look(crossed({4: BODY[4]}, packed)).unsignable is None


def test_an_object_stream_behind_64_mib_of_others_is_not_opened():
    objects = Objects(memoryview(DOCUMENTS["pdf object stream"]))
    number = next(each for each, entry in objects.live.items() if entry.within is not None)
    assert objects.placed(Reference(number, 0)) is not None
    crowded = Objects(memoryview(DOCUMENTS["pdf object stream"]))
    crowded._opened[99] = (bytes(4 * MAX_METADATA + 1), {})
    with pytest.raises(MalformedAsset, match="cannot be opened"):
        crowded.placed(Reference(number, 0))


def test_new_objects_are_nothing_that_is_referred_to_in_vain(tmp_path):
    data = attached({18: b"[13 0 R 20 0 R]", 16: b"[(Drafts)22 0 R(Else)9000000 0 R]"})
    made = rewritten(data, {MANIFEST: STORE})
    assert essence(made) == essence(data)
    assert _qpdf(made, tmp_path, f"--show-attachment={NAME}") == STORE
    assert [each.idnum for each in _catalog(made)["/AF"]] == [13, 20, 24]


def test_a_manifest_that_is_something_else_too_is_left_as_that():
    theirs = {
        "o1": b"<</Type/Catalog/Pages 2 0 R/AF[7 0 R]/Metadata 8 0 R>>",
        "o3": BODY[3],
    }
    data = _foreign(**theirs)
    made = rewritten(data, {MANIFEST: STORE})
    assert look(made).manifest == STORE
    assert look(made).payloads[XMP] == OTHER
    tangled = _foreign(o10=b"<</Kids[7 0 R]>>")
    assert "names cannot be read" not in (look(tangled).unsignable or "")
    made = rewritten(tangled, {MANIFEST: STORE})
    assert look(made).manifest == STORE
    assert essence(made) == essence(tangled)


def test_objects_keep_their_generations(tmp_path):
    data = attached().replace(b"\n1 0 obj", b"\n1 3 obj").replace(b"/Root 1 0", b"/Root 1 3")
    data = data.replace(b"0000000015 00000 n", b"0000000015 00003 n")
    _qpdf(data, tmp_path, "--check")
    made = rewritten(data, {MANIFEST: STORE, XMP: packet("new")})
    assert b"\n1 3 obj" in made[len(data) :]
    _qpdf(made, tmp_path, "--check")
    assert _qpdf(made, tmp_path, f"--show-attachment={NAME}") == STORE
    assert rewritten(made, {MANIFEST: None, XMP: None}) == data


def test_a_compressed_manifest_is_replaced_by_one_that_is_not():
    packed = zlib.compress(OTHER)
    data = _foreign(
        o8=b"<</Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream" % (len(packed), packed)
    )
    assert look(data).manifest == OTHER
    made = rewritten(data, {MANIFEST: STORE})
    ((start, end),) = look(made).manifest_spans
    assert made[start:end] == STORE


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (b"(plain)", b"plain"),
        (b"(a\\(b\\)\\\\c)", b"a(b)\\c"),
        (b"(a(b)c)", b"a(b)c"),
        (b"(\\101\\7\\0539\\n)", b"A\x07+9\n"),
        (b"(a\\\r\nb\r\nc\rd)", b"ab\nc\nd"),
        (b"<41 4>", b"A@"),
        (b"<>", b""),
        (b"12.5", None),
        (None, None),
    ],
)
def test_strings_say_what_they_say_however_they_are_written(written, said):
    assert text(written) == said
