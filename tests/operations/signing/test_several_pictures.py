"""JPEG files of several pictures (MPO, Ultra HDR, CIPA DC-007): signed, with an index that is true.

The engine leaves the first picture's size as it was before the manifest came in, so for these
files our own rewriting puts the manifest in.
"""

from __future__ import annotations

import io
import struct

from PIL import Image

import genlabel
from genlabel import (
    Generator,
    Integrity,
    Label,
    Mark,
    Producer,
    Survival,
    formats,
)
from genlabel.credentials.identity import Identity
from genlabel.credentials.signers.callback import CallbackSigner
from genlabel.formats.format import MANIFEST
from genlabel.model.results import Outcome
from oracles.corpus import Specimen, each_specimen
from oracles.pictures import flipped

LABEL = Label.generated(producer=Producer("Acme Studio"), generator=Generator("FLUX.1 [dev]"))
INDEX = b"MPF\0"
indexed = each_specimen(
    lambda s: s.format == "jpeg" and s.manifest == "no" and INDEX in s.data[:200_000]
)


def mpo(pictures: int = 3) -> bytes:
    frames = [Image.new("RGB", (96, 64), (40 * number, 90, 160)) for number in range(pictures)]
    made = io.BytesIO()
    frames[0].save(made, "MPO", save_all=True, append_images=frames[1:])
    return made.getvalue()


def entries(data: bytes) -> list[tuple[int, int]]:
    """(start, size) of every picture as the MP index says, read without genlabel (§5.2.3.3)."""
    header = data.index(INDEX) + 4
    order = {b"II": "<", b"MM": ">"}[data[header : header + 2]]
    (directory,) = struct.unpack_from(order + "I", data, header + 4)
    (count,) = struct.unpack_from(order + "H", data, header + directory)
    for number in range(count):
        tag, _, length, value = struct.unpack_from(
            order + "HHII", data, header + directory + 2 + 12 * number
        )
        if tag == 0xB002:
            found = [
                struct.unpack_from(order + "4xII", data, header + value + at)
                for at in range(0, length, 16)
            ]
            return [(offset and header + offset, size) for size, offset in found]
    raise AssertionError("no MP entries")


def pictures(data: bytes) -> list[bytes]:
    return [data[start : start + size] for start, size in entries(data)]


def shown(data: bytes) -> list[tuple[tuple[int, int], bytes]]:
    with Image.open(io.BytesIO(data)) as opened:
        frames = []
        for number in range(getattr(opened, "n_frames", 1)):
            opened.seek(number)
            frames.append((opened.size, opened.convert("RGB").tobytes()))
        return frames


def assert_index_is_true(data: bytes) -> None:
    for each in pictures(data):
        assert each[:2] == b"\xff\xd8"
        assert each[-2:] == b"\xff\xd9"


def test_the_index_counts_the_manifest(signer, trust, exiftool):
    data = mpo()
    assert_index_is_true(data)
    signed = genlabel.sign(data, LABEL, signer)
    assert_index_is_true(signed.data)
    assert shown(signed.data) == shown(data)
    assert pictures(signed.data)[1:] == pictures(data)[1:]
    assert len(pictures(signed.data)[0]) == len(pictures(data)[0]) + len(signed.data) - len(data)
    assert genlabel.verify(signed.data, trust=trust).integrity is Integrity.INTACT
    assert "ExifTool:Warning" not in exiftool.read(signed.data)


@indexed
def test_the_index_of_other_peoples_files_counts_it_too(specimen: Specimen, signer, trust):
    signed = genlabel.sign(specimen.data, LABEL, signer)
    before, after = pictures(specimen.data), pictures(signed.data)
    assert after[1:] == before[1:]
    assert shown(signed.data)[0] == shown(specimen.data)[0]
    (first, *_) = entries(signed.data)
    survey = formats.identify(signed.data).survey(signed.data)
    scan = next(block for block in survey.blocks if block.name == "scan data")
    assert first[1] >= scan.start + scan.length
    assert genlabel.verify(signed.data, trust=trust).integrity is Integrity.INTACT


def test_two_strangers_accept_what_was_put_in_by_us(authority, signer, encypher, c2pats):
    signed = genlabel.sign(mpo(), LABEL, signer).data
    tampered = flipped(signed, signed.index(b"\xff\xda") + 20)
    assert encypher.verify(signed, "image/jpeg", authority.anchors).accepted
    assert not encypher.verify(tampered, "image/jpeg", authority.anchors).accepted
    assert c2pats.validate(signed).accepted
    assert not c2pats.validate(tampered).accepted


def test_every_byte_outside_the_manifest_counts(signer, trust):
    signed = genlabel.sign(mpo(2), LABEL, signer).data
    container = formats.identify(signed)
    ((start, end),) = container.survey(signed).manifest_spans
    index = signed.index(INDEX)
    places = {*range(0, start), *range(end, len(signed), 41), *range(index, index + 90)}
    for place in sorted(places - set(range(start, end))):
        try:
            report = genlabel.verify(flipped(signed, place), trust=trust)
        except genlabel.GenlabelError:
            continue
        assert report.integrity is not Integrity.INTACT, place


def test_identity_elements_parents_and_relabelling_work_there_too(authority, signer, trust):
    first = genlabel.sign(mpo(), LABEL, signer, identity=Identity(signer=authority.signer()))
    report = genlabel.verify(first.data, trust=trust)
    assert [actor.holds for actor in report.identities] == [True]
    edited = Label.edited(producer=Producer("Acme Studio"), generator=Generator("Firefly"))
    second = genlabel.sign(first.data, edited, signer)
    assert_index_is_true(second.data)
    assert [each.relationship for each in second.report.ingredients] == ["parentOf"]
    again = genlabel.sign(second.data, edited, signer)
    assert again.outcome is Outcome.UNCHANGED
    assert again.data == second.data


def test_a_stripped_file_is_the_one_that_was_labelled(signer):
    data = mpo()
    signed = genlabel.sign(data, LABEL, signer).data
    container = formats.identify(signed)
    survey = container.survey(signed)
    without = dict.fromkeys((*survey.payloads, MANIFEST))
    assert b"".join(container.rewrite(survey, without)) == data


def test_a_signer_that_keeps_its_key_is_asked_once(signer):
    asked: list[int] = []

    def ask(data: bytes) -> bytes:
        asked.append(len(data))
        return signer.sign(data)

    kept = CallbackSigner.asking(ask, signer.chain_pem)
    signed = genlabel.sign(mpo(), LABEL, kept)
    assert_index_is_true(signed.data)
    assert len(asked) == 1


GAIN_MAP_XMP = """\
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/"
  xmlns:Container="http://ns.google.com/photos/1.0/container/"
  xmlns:Item="http://ns.google.com/photos/1.0/container/item/" hdrgm:Version="1.0">
 <Container:Directory><rdf:Seq>
  <rdf:li rdf:parseType="Resource">
   <Container:Item Item:Semantic="Primary" Item:Mime="image/jpeg"/></rdf:li>
  <rdf:li rdf:parseType="Resource">
   <Container:Item Item:Semantic="GainMap" Item:Mime="image/jpeg" Item:Length="{length}"/></rdf:li>
 </rdf:Seq></Container:Directory>
</rdf:Description></rdf:RDF></x:xmpmeta>"""


def ultra_hdr() -> tuple[bytes, bytes]:
    """A picture with a gain map behind it, as phones write it, and the gain map alone."""

    def jpeg(mode: str, colour: object) -> bytes:
        made = io.BytesIO()
        Image.new(mode, (64, 48), colour).save(made, "JPEG")
        return made.getvalue()

    base, gain = jpeg("RGB", (200, 120, 40)), jpeg("L", 90)
    packet = b"http://ns.adobe.com/xap/1.0/\0" + GAIN_MAP_XMP.format(length=len(gain)).encode()
    xmp = b"\xff\xe1" + struct.pack(">H", len(packet) + 2) + packet
    tags = ((0xB000, 7, 4, b"0100"), (0xB001, 4, 1, struct.pack(">I", 2)), (0xB002, 7, 32, b""))
    table = 8 + 2 + 12 * len(tags) + 4
    size = 4 + 4 + table + 32  # of the whole segment
    start = len(base) + len(xmp) + size
    index = b"MM\0*\0\0\0\x08" + struct.pack(">H", len(tags))
    for tag, kind, count, value in tags:
        index += struct.pack(">HHI", tag, kind, count) + (value or struct.pack(">I", table))
    header = 2 + len(xmp) + 8
    index += bytes(4) + struct.pack(">IIIHH", 0x030000, start, 0, 0, 0)
    index += struct.pack(">IIIHH", 0, len(gain), start - header, 0, 0)
    segment = b"\xff\xe2" + struct.pack(">H", len(index) + 6) + INDEX + index
    assert len(segment) == size
    return base[:2] + xmp + segment + base[2:] + gain, gain


def test_a_picture_with_a_gain_map_keeps_it_and_what_is_said_of_it(signer, trust, exiftool):
    data, gain = ultra_hdr()
    assert_index_is_true(data)
    assert pictures(data)[1] == gain
    signed = genlabel.sign(data, LABEL, signer)
    assert_index_is_true(signed.data)
    assert pictures(signed.data)[1] == gain
    assert shown(signed.data) == shown(data)
    assert genlabel.verify(signed.data, trust=trust).integrity is Integrity.INTACT
    before, after = (
        exiftool.read(each, "-struct", "-XMP-hdrgm:all", "-XMP-GContainer:all")
        for each in (data, signed.data)
    )
    said = {key: value for key, value in before.items() if key.startswith("XMP")}
    assert len(said) == 2
    assert {key: after[key] for key in said} == said
    alone = genlabel.strip_check(pictures(signed.data)[0], against=signed.data)
    assert alone.marks[Mark.MANIFEST] is Survival.BROKEN
    assert alone.marks[Mark.IPTC] is Survival.KEPT
