"""FLAC: metadata blocks and audio frames, with an ID3 tag in front where there are marks.

RFC 9639 §6 to §9. C2PA 2.4 A.3.4 puts the manifest into the ID3 tag, and XMP goes along; in the
blocks of FLAC itself XMP has no place.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from genlabel.formats.edits import Block, Edit
from genlabel.formats.format import Format, FormatSurvey, as_it_is
from genlabel.formats.id3 import coverage, tag, vorbis_comments, xmp_and_geob
from genlabel.formats.id3.tag import Tag
from genlabel.formats.malformed import past_end
from genlabel.formats.slots import MAX_BLOCKS, SlotChanges, placed, texts_of
from genlabel.model.errors import MalformedAsset
from genlabel.storage.buffers import Buffer

NAME = "flac"

_SIGNATURE = b"fLaC"
_AUDIO = "FLAC audio"
_COMMENTS = "VORBIS_COMMENT"
_HEADER = 4
"""Bytes of a block's header (RFC 9639 §8.1)."""
_OWN = ("fLaC", "STREAMINFO", "PADDING", _AUDIO)
_NAMES = {  # RFC 9639 §8.1
    **{0: "STREAMINFO", 1: "PADDING", 2: "APPLICATION", 3: "SEEKTABLE", 4: _COMMENTS},
    **{5: "CUESHEET", 6: "PICTURE"},
}


def _accepts(head: Buffer) -> bool:
    """Does it begin with ``fLaC``, or with an ID3 tag that this follows?

    When the tag is longer than `head` it looks like MP3: only the whole file tells.
    """
    at = tag.extent(head) or 0
    return bytes(head[at : at + len(_SIGNATURE)]) == _SIGNATURE


def _parse(view: memoryview) -> FormatSurvey[Tag | None]:
    """The frames of the tag, the metadata blocks, and the recording as one block."""
    tagged = xmp_and_geob.survey(view, NAME)
    own = _blocks(view, tagged.parsed.end if tagged.parsed else 0)
    others = [each for each in own if each.name not in _OWN]
    named = [replace(each, name=f"{each.name} {number}") for number, each in enumerate(others, 1)]
    payloads = {**tagged.payloads, **xmp_and_geob.foreign(named, view)}
    return replace(tagged, blocks=(*tagged.blocks, *own), payloads=payloads)


def _essence(survey: FormatSurvey[Tag | None]) -> Iterator[memoryview]:
    """STREAMINFO, which decoders need, and the audio frames."""
    for each in survey.blocks:
        if each.name in ("STREAMINFO", _AUDIO):
            # The first byte of a block also says whether it is the last one.
            start = each.start + (each.name == "STREAMINFO")
            yield survey.data[start : each.end]


def _edits(survey: FormatSurvey[Tag | None], wanted: SlotChanges) -> list[Edit]:
    """Edits of the tag, and of the comments where some of them shall go; seek points count from the
    first frame.
    """
    gone: dict[Block, list[int]] = {}
    texts = wanted.keys() - xmp_and_geob.SLOTS
    for slot, _, (block, number) in placed(_comments(survey)) if texts else ():
        if slot in texts:
            gone.setdefault(block, []).append(number)
    edits = xmp_and_geob.edits(survey, wanted)
    for block, numbers in gone.items():
        new = vorbis_comments.without(survey.data[block.start + _HEADER : block.end], numbers)
        edits.append(Edit(block.start + 1, block.end, len(new).to_bytes(3, "big") + new))
    return edits


def _comments(
    survey: FormatSurvey[Tag | None],
) -> Iterator[tuple[str, bytes, tuple[Block, int]]]:
    """The comments, each with its block and its number in that."""
    for block in survey.blocks:
        if block.name == _COMMENTS:
            listed = vorbis_comments.read(survey.data[block.start + _HEADER : block.end])
            for number, (name, text) in enumerate(listed):
                yield name, text, (block, number)


def _blocks(view: memoryview, start: int) -> list[Block]:
    """Signature, metadata blocks and audio from `start` on."""
    size = len(view)
    if bytes(view[start : start + 4]) != _SIGNATURE:
        raise MalformedAsset(NAME, f"no fLaC at {start:,}", offset=start)
    blocks = [Block("fLaC", start, 4)]
    at, last = start + 4, False
    while not last:
        if len(blocks) > MAX_BLOCKS:
            raise MalformedAsset(NAME, f"more than {MAX_BLOCKS:,} blocks", offset=at)
        if at + 4 > size:
            raise MalformedAsset(NAME, f"ends at {size:,} among its blocks", offset=at)
        kind, last = view[at] & 0x7F, bool(view[at] & 0x80)
        stop = at + 4 + int.from_bytes(view[at + 1 : at + 4], "big")
        name = _NAMES.get(kind, f"block {kind}")
        if stop > size:
            raise past_end(NAME, f"{name} at {at:,}", stop - size, at)
        if (len(blocks) == 1) != (kind == 0):
            raise MalformedAsset(NAME, f"{name} at {at:,} is not where it belongs", offset=at)
        blocks.append(Block(name, at, stop - at))
        at = stop
    # RFC 9639 §9.1.1: fifteen bits of sync code
    if size - at < 2 or view[at] != 0xFF or view[at + 1] & 0xFE != 0xF8:
        raise MalformedAsset(NAME, f"no audio frame at {at:,}", offset=at)
    blocks.append(Block(_AUDIO, at, size - at))
    return blocks


FLAC = Format(
    name=NAME,
    media_type="audio/flac",
    suffixes=(".flac",),
    slots=xmp_and_geob.SLOTS,
    accepts=_accepts,
    parse=_parse,
    edits=_edits,
    wrapped=as_it_is,
    essence=_essence,
    unseen=coverage.unseen,
    texts=lambda survey: texts_of(_comments(survey)),
    coded=lambda name: name in (_AUDIO, *xmp_and_geob.COVERS),
    hidden=lambda survey: xmp_and_geob.trailing(survey, _AUDIO),
)
