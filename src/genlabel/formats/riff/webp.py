"""WebP: marks in EXIF, XMP and C2PA chunks; simple files become extended ones on the way.

RFC 9649 §2.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from genlabel.formats.edits import Edit, put, spans
from genlabel.formats.format import Format, FormatSurvey
from genlabel.formats.jpeg.segments import EXIF_HEADER
from genlabel.formats.riff import chunks as riff, coverage
from genlabel.formats.riff.chunks import Chunk, RiffList
from genlabel.formats.slots import (
    EXIF,
    FURTHER_EXIF,
    MANIFEST,
    MAX_FURTHER,
    MAX_METADATA,
    MAX_TEXT,
    XMP,
    Slot,
    SlotChanges,
    further_exif,
    placed,
    texts_of,
)
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import MalformedAsset
from genlabel.model.expression import expression
from genlabel.storage.buffers import Pieces

NAME = "webp"

# RFC 9649 §2.7: the flags of VP8X
_ANIMATION, _XMP, _EXIF, _ALPHA = 0x02, 0x04, 0x08, 0x10
_EXTENDED = 10  # bytes of VP8X
_CHUNK_OF = {XMP: b"XMP ", EXIF: b"EXIF", MANIFEST: b"C2PA"}  # C2PA 2.4 A.3.2.5
_FLAG_OF = {XMP: _XMP, EXIF: _EXIF}
_IMAGE = frozenset({b"VP8X", b"ICCP", b"ANIM", b"ANMF", b"ALPH", b"VP8 ", b"VP8L"})
_KNOWN = _IMAGE | frozenset(_CHUNK_OF.values())
_RUN = expression(rb"[\x20-\x7e]{6,}")
_BREAKS = str.maketrans("", "", "\t\n\r")
_DECODED = frozenset({"ICCP", "ANIM", "ANMF", "ALPH", "VP8", "VP8L"})


@dataclass(frozen=True, slots=True)
class _Features:
    """What a decoder is told before the first image byte."""

    flags: int
    width: int
    height: int

    def packed(self) -> bytes:
        """The data of a VP8X chunk that says this."""
        width, height = ((side - 1).to_bytes(3, "little") for side in (self.width, self.height))
        return self.flags.to_bytes(4, "little") + width + height


def _parse(view: memoryview) -> FormatSurvey[RiffList]:
    """The chunks, payloads and anomalies; image data is not read."""
    riff_list = riff.walk(view, NAME)
    chunks = riff_list.chunks
    features = _features(view, chunks)
    blocks, odd_end = riff.blocks(view, riff_list, whole="the picture")
    types = {slot: (kind,) for slot, kind in _CHUNK_OF.items()}
    payloads, anomalies = riff.payloads(view, chunks, types)
    if EXIF in payloads:
        payloads[EXIF] = payloads[EXIF].removeprefix(EXIF_HEADER)
    further = (bytes(each.content(view)) for each in _further_exif(view, chunks))
    if chunks[0].type == b"VP8X":
        for slot, flag in _FLAG_OF.items():
            if bool(features.flags & flag) != any(c.type == _CHUNK_OF[slot] for c in chunks):
                anomalies.append(f"the flag for {slot.kind} in VP8X does not tell the truth")
    return FormatSurvey(
        data=view,
        format=NAME,
        parsed=riff_list,
        width=features.width,
        height=features.height,
        frames=max(1, sum(each.type == b"ANMF" for each in chunks)),
        blocks=tuple(blocks),
        payloads=payloads,
        further={EXIF: tuple(each.removeprefix(EXIF_HEADER) for each in further)},
        anomalies=(*anomalies, *odd_end),
        repairs=tuple(each.mended for each in riff_list.wrong),
        manifest_spans=spans(blocks, "C2PA"),
        stores=max(1, sum(each.type == b"C2PA" for each in chunks)),
        store_span=riff.unpadded(chunks, (b"C2PA",)),
        # c2pa-rs 0.91 leaves out what follows the list, and what is no whole chunk in a list
        embeds=blocks[-1].name == "trailing data" or riff.irregular(view, chunks),
    )


def _edits(survey: FormatSurvey[RiffList], wanted: SlotChanges) -> list[Edit]:
    """Edits of the chunks that carry some slots; image chunks stay as they are.

    A simple file gets a VP8X chunk. New chunks come behind the image in the order EXIF, XMP; the
    manifest comes last.
    """
    view = survey.data
    chunks, end = survey.parsed[:2]
    features = _features(view, chunks)
    behind_image = max(each.end for each in chunks if each.type in _IMAGE)
    behind_exif = max([behind_image, *(c.end for c in chunks if c.type == b"EXIF")])
    anchors = {EXIF: behind_image, XMP: behind_exif, MANIFEST: end}
    flags = features.flags
    edits: list[Edit] = []
    for slot in (EXIF, XMP, MANIFEST):
        if slot not in wanted:
            continue
        payload = wanted[slot]
        kind = _CHUNK_OF[slot]
        carriers = [each for each in chunks if each.type == kind]
        new = b""
        flag = _FLAG_OF.get(slot, 0)
        flags &= ~flag
        if payload is not None:
            if slot == EXIF and carriers and carriers[0].content(view)[:6] == EXIF_HEADER:
                payload = EXIF_HEADER + payload
            if slot == EXIF:
                del carriers[1:]  # others say their own
            new = riff.chunk(kind, payload)
            flags |= flag
        edits += put(carriers, new, anchors[slot])
    for number, each in enumerate(_further_exif(view, chunks), 2):
        if (block := wanted.get(further_exif(number))) is not None:
            lead = EXIF_HEADER if bytes(each.content(view)[:6]) == EXIF_HEADER else b""
            edits.append(Edit(each.start, each.end, riff.chunk(b"EXIF", lead + block)))
    for slot, _, each in placed(_unknown(survey)):
        if wanted.get(slot, b"") is None:
            edits.append(Edit(each.start, each.end, b""))
    if not edits:
        return edits
    first = chunks[0]
    if first.type == b"VP8X":
        if flags != features.flags:
            edits.append(Edit(first.start + 8, first.start + 9, bytes((flags & 0xFF,))))
    elif any(edit.new for edit in edits):
        extended = _Features(flags, features.width, features.height).packed()
        edits.append(Edit(riff.HEADER, riff.HEADER, riff.chunk(b"VP8X", extended)))
    return riff.sized(NAME, survey.parsed, edits)


def _essence(survey: FormatSurvey[RiffList]) -> Iterator[memoryview]:
    """Alpha and animation flags with the canvas, then ICC profile, image chunks and frames."""
    chunks = survey.parsed.chunks
    features = _features(survey.data, chunks)
    # As decoders see it: the same for a simple file and for the extended one made of it.
    flags = features.flags & (_ALPHA | _ANIMATION)
    yield memoryview(_Features(flags, features.width, features.height).packed())
    for each in chunks:
        if each.name in _DECODED:
            yield survey.data[each.start : each.start + 8 + each.length]


def _texts(survey: FormatSurvey[RiffList]) -> Mapping[Slot, bytes]:
    """What can be read in chunks of no kind that the format knows (§2.3), such as an editor's."""
    return texts_of(_unknown(survey))


def _unknown(survey: FormatSurvey[RiffList]) -> Iterator[tuple[str, bytes, Chunk]]:
    for each in survey.parsed.chunks:
        if each.type not in _KNOWN:
            yield each.name, _readable(each.content(survey.data)[:MAX_TEXT]), each


def _readable(raw: memoryview) -> bytes:
    """A text as it is; of anything else the runs of letters in it."""
    whole = bytes(raw).rstrip(b"\0")
    try:
        if whole.decode().translate(_BREAKS).isprintable():
            return whole
    except UnicodeDecodeError:
        pass
    return b" | ".join(_RUN.findall(whole))


def _recoded(old: FormatSurvey[RiffList], new: FormatSurvey[RiffList]) -> Pieces:
    """The new picture's chunks among the old file's others; a manifest binds the old picture."""
    size = _features(new.data, new.parsed.chunks)
    before = _features(old.data, old.parsed.chunks)
    kept = [each for each in old.parsed.chunks if each.type not in (*_IMAGE, b"C2PA")]
    profile = [each for each in old.parsed.chunks if each.type == b"ICCP"]
    coded = [each for each in new.parsed.chunks if each.type in _IMAGE - {b"VP8X", b"ICCP"}]
    flags = (before.flags & ~(_ANIMATION | _ALPHA)) | (size.flags & (_ANIMATION | _ALPHA))
    pieces: Pieces = []
    if old.parsed.chunks[0].type == b"VP8X" or new.parsed.chunks[0].type == b"VP8X" or kept:
        features = _Features(flags, size.width, size.height).packed()
        pieces.append(riff.chunk(b"VP8X", features))
    for survey, chunks in ((old, profile), (new, coded), (old, kept)):
        for each in chunks:
            pieces.append(riff.chunk(each.type, bytes(each.content(survey.data))))
    length = 4 + sum(len(each) for each in pieces)
    behind = old.data[old.parsed.end :]
    return [b"RIFF", length.to_bytes(4, "little"), b"WEBP", *pieces, behind]


def _further_exif(view: memoryview, chunks: list[Chunk]) -> list[Chunk]:
    others = [each for each in chunks if each.type == b"EXIF"][1:]
    return [each for each in others[:MAX_FURTHER] if each.length <= MAX_METADATA]


def _features(view: memoryview, chunks: list[riff.Chunk]) -> _Features:
    """Flags and size from VP8X or from the image itself; checks that there is an image."""
    if not any(each.type in (b"VP8 ", b"VP8L", b"ANMF") for each in chunks):
        raise MalformedAsset(NAME, "holds no VP8, VP8L or ANMF chunk, so no picture")
    first = chunks[0]
    content = first.content(view)
    if first.type == b"VP8X" and len(content) >= _EXTENDED:
        return _Features(
            int.from_bytes(content[:4], "little"),
            1 + int.from_bytes(content[4:7], "little"),
            1 + int.from_bytes(content[7:10], "little"),
        )
    # RFC 6386 §9.1: start code, then 14 bits of width and of height
    if first.type == b"VP8 " and len(content) >= 10 and bytes(content[3:6]) == b"\x9d\x01\x2a":
        width = int.from_bytes(content[6:8], "little") & 0x3FFF
        height = int.from_bytes(content[8:10], "little") & 0x3FFF
        if width and height:
            return _Features(0, width, height)
    # RFC 9649 §3.4: signature, 14 bits of width-1 and of height-1, alpha_is_used
    if first.type == b"VP8L" and len(content) >= 5 and content[0] == 0x2F:
        bits = int.from_bytes(content[1:5], "little")
        alpha = _ALPHA if bits >> 28 & 1 else 0
        return _Features(alpha, 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF))
    what = f"chunk {first.name} at {first.start:,} is no image header"
    raise MalformedAsset(NAME, what, offset=first.start)


WEBP = Format(
    name=NAME,
    media_type="image/webp",
    suffixes=(".webp",),
    slots=frozenset({XMP, EXIF, MANIFEST}),
    written=FURTHER_EXIF,
    accepts=riff.has_form(b"WEBP"),
    parse=_parse,
    edits=_edits,
    wrapped=riff.wrapped,
    essence=_essence,
    boxes=coverage.boxes,
    unseen=coverage.unseen,
    coded=frozenset({"VP8", "VP8L", "ALPH", "ANMF"}).__contains__,
    texts=_texts,
    recoded=_recoded,
)
