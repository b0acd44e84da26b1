"""What others find in the forgeries by marks, and whatever XMP may be: an answer, in good time."""

from __future__ import annotations

import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from forgeries import marks
from forgeries.forge import IPTC
from forgeries.xmp_places import PLACES, bare, packet, trailer, wide
from genlabel import formats
from genlabel.formats import xmp_packets
from genlabel.formats.format import XMP
from genlabel.metadata import claims
from genlabel.model.asset import Asset
from genlabel.model.errors import GenlabelError
from genlabel.model.report import Declaration
from genlabel.model.vocabulary import same_source_type
from genlabel.operations.verify import verify
from genlabel.testing import picture
from oracles.absence import program
from oracles.exiftool import Exiftool

KINDS = frozenset(marks.pictures())
FIRST, SECOND = packet(marks.CAPTURED), packet(marks.TRAINED, form="element")


def claimed(data: bytes) -> list[str]:
    """Every source type that genlabel finds in a file."""
    container = formats.identify(data)
    survey = container.survey(data)
    read = claims.read(container.packets(survey), survey.payloads, Declaration(), {})
    return [each.source_type for each in read.source_types]


def in_exiftool(exiftool: Exiftool, data: bytes) -> list[str]:
    """Every source type that ExifTool finds, in all groups and with embedded files."""
    tags: dict[str, Any] = exiftool.read(data, "-ee", "-G3", "-u")
    found: list[str] = []
    for name, value in tags.items():
        if name.rpartition(":")[2].lower() == "digitalsourcetype":
            found += [str(each) for each in (value if isinstance(value, list) else [value])]
    return found


@pytest.mark.parametrize(("kind", "where"), PLACES, ids=[": ".join(each) for each in PLACES])
def test_whatever_source_type_exiftool_finds_genlabel_finds(
    exiftool: Exiftool, kind: str, where: str
) -> None:
    if kind not in marks.pictures():
        pytest.skip(f"{kind} cannot be drawn here")
    data = PLACES[kind, where](marks.marked(kind, FIRST), SECOND)
    ours = claimed(data)
    for theirs in in_exiftool(exiftool, data):
        assert any(same_source_type(theirs, each) for each in ours), (theirs, ours)
    assert {IPTC + marks.CAPTURED, IPTC + marks.TRAINED} <= set(ours)


@pytest.mark.parametrize(
    ("kind", "where"),
    [each for each in PLACES if each[0] in ("jpeg", "png", "webp", "gif", "tiff", "mp4", "mov")],
)
def test_what_exempi_takes_for_the_packet_is_among_the_claims(kind: str, where: str) -> None:
    if kind not in marks.pictures():
        pytest.skip(f"{kind} cannot be drawn here")
    data = PLACES[kind, where](marks.marked(kind, FIRST), SECOND)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "file" + formats.identify(data).suffixes[0])
        path.write_bytes(data)
        words = [program("exempi"), "-x", path]
        told = subprocess.run(words, capture_output=True, timeout=60).stdout
    theirs = [code for code in (marks.CAPTURED, marks.TRAINED) if code.encode() in told]
    assert {IPTC + code for code in theirs} <= set(claimed(data))


@pytest.mark.parametrize("kind", ["jpeg", "png", "webp", "gif", "svg"])
def test_a_packet_in_utf_16_behind_the_picture_is_read(kind: str) -> None:
    for encoding in ("utf-16-le", "utf-16-be"):
        data = trailer(marks.marked(kind, FIRST), b"?" + wide(SECOND, encoding))
        assert IPTC + marks.TRAINED in claimed(data) or kind == "svg"


def test_coded_data_are_not_searched() -> None:
    data = picture("jpeg")
    at = data.rindex(b"\xff\xd9")
    inside = data[:at] + bare(SECOND) + data[at:]
    assert claimed(inside) == []


def test_more_packets_than_are_read_are_told() -> None:
    data = marks.marked("png", FIRST)
    for number in range(xmp_packets.MAX_PACKETS + 4):
        data += packet(marks.CAPTURED, more=f' xmp:Label="{number}"')
    report = verify(Asset(data))
    assert "genlabel.metadata.malformed" in [each.code for each in report.findings]


def test_names_of_places_come_from_the_file_and_are_escaped() -> None:
    data = marks.PLACES["jpeg", "a stranger's APP9"](marks.marked("jpeg", FIRST), SECOND)
    data = data.replace(b"other\0", b"\x1b[2J!\0")
    (told,) = [
        each
        for each in verify(Asset(data)).findings
        if each.code == "genlabel.marks.disagree.source_type"
    ]
    assert "\x1b" not in (told.where or "") + told.explanation


@given(st.binary(max_size=400), st.integers(0, 400), st.integers(0, 6))
@settings(deadline=None, max_examples=150)
def test_no_xmp_whatever_stops_a_verdict(junk: bytes, at: int, copies: int) -> None:
    torn = SECOND[:at] + junk + SECOND[at:] * copies
    data = marks.marked("png", FIRST) + torn
    report = verify(Asset(data, xmp={"cat.png.xmp": torn}))
    assert report.declared.source_type is not None


PIECES = (b"<?xpacket begin", b"<x:xmpmeta ", b"<rdf:RDF ", b"</rdf:RDF>", b"</x:xmpmeta>", b">")


@given(st.lists(st.sampled_from((*PIECES, bare(SECOND), b":\0R\0D\0F\0>\0")), max_size=60))
@settings(deadline=None, max_examples=150)
def test_packets_are_found_within_the_bytes_and_in_order(pieces: list[bytes]) -> None:
    data = b"".join(pieces)
    found = list(xmp_packets.within(data))
    plain = [(start, each) for start, each in found if data[start : start + len(each)] == each]
    assert [start for start, _ in plain] == sorted(start for start, _ in plain)
    if bare(SECOND) in data and b"\0" not in data:
        assert any(b"DigitalSourceType" in each for _, each in found)


@pytest.mark.parametrize("piece", PIECES, ids=repr)
def test_a_million_beginnings_take_no_more_than_a_look_at_each(piece: bytes) -> None:
    data = piece * (1_000_000 // len(piece))
    assert list(xmp_packets.within(data)) == []
    assert claimed(marks.marked("png", FIRST) + data) == [IPTC + marks.CAPTURED]


def test_the_survey_keeps_its_main_packet() -> None:
    data = trailer(marks.marked("png", FIRST), SECOND)
    assert formats.identify(data).survey(data).payloads[XMP] == FIRST


@given(st.data())
@settings(deadline=None, max_examples=120)
def test_a_torn_file_has_an_answer_or_is_no_file(data: st.DataObject) -> None:
    """Whatever a survey lets pass, its packets can be looked for."""
    kind, where = data.draw(st.sampled_from([each for each in PLACES if each[0] in KINDS]))
    whole = bytearray(torn(kind, where))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(whole) - 1))
        whole[at] = data.draw(st.integers(0, 255))
    try:
        verify(Asset(bytes(whole)))
    except GenlabelError:
        return  # its container lies, which is said


@cache
def torn(kind: str, where: str) -> bytes:
    return PLACES[kind, where](marks.marked(kind, FIRST), SECOND)
