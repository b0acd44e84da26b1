"""MP3: MPEG audio frames with an ID3 tag in front, and other people's tags behind.

ISO/IEC 11172-3 §2.4.1.3; the tag by ID3v2.3 and ID3v2.4.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from genlabel.formats.edits import Block
from genlabel.formats.format import Format, FormatSurvey, as_it_is
from genlabel.formats.id3 import coverage, tag, xmp_and_geob
from genlabel.formats.id3.tag import Tag
from genlabel.model.errors import MalformedAsset
from genlabel.storage.buffers import Buffer

NAME = "mp3"

_AUDIO = "MPEG audio"
_LOST = 64 * 1024
"""Most bytes between the tag and the first audio frame."""
_HEAD = 64
_FLAC = b"fLaC"
# ISO/IEC 11172-3 §2.4.2.3, 13818-3 §2.4.2.3: kbit/s by index, in layers II and III
_RATES = {
    (True, 2): (0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (True, 3): (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (False, 2): (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (False, 3): (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_SAMPLE_RATES = (44_100, 48_000, 32_000)


def _accepts(head: Buffer) -> bool:
    """Does it begin with an ID3 tag that no FLAC file follows, or with an audio frame?"""
    end = tag.extent(head)
    if end is not None:
        return bytes(head[end : end + len(_FLAC)]) != _FLAC
    start = bytes(head[:_HEAD])
    return _frame_length(start.lstrip(b"\0")[:4]) is not None


def _parse(view: memoryview) -> FormatSurvey[Tag | None]:
    """The frames of the tag, the recording as one block, and what lies behind it."""
    tagged = xmp_and_geob.survey(view, NAME)
    end = tagged.parsed.end if tagged.parsed else 0
    behind = _behind(view, end)
    stop = behind[0].start if behind else len(view)
    start = _first_frame(view, end, stop)
    anomalies = list(tagged.anomalies)
    before = [Block("before the audio", end, start - end)] if start > end else []
    if any(view[end:start]):
        anomalies.append(f"{start - end:,} bytes before the first audio frame")
    return replace(
        tagged,
        blocks=(*tagged.blocks, *before, Block(_AUDIO, start, stop - start), *behind),
        payloads={**tagged.payloads, **xmp_and_geob.foreign((*before, *behind), view)},
        anomalies=tuple(anomalies),
    )


def _essence(survey: FormatSurvey[Tag | None]) -> Iterator[memoryview]:
    """The audio frames, the Xing or LAME frame among them."""
    for each in survey.blocks:
        if each.name == _AUDIO:
            yield survey.data[each.start : each.end]


def _behind(view: memoryview, floor: int) -> list[Block]:
    """The tags at the end of the file: APE, then ID3v1."""
    end = len(view)
    blocks: list[Block] = []
    if end - 128 >= floor and bytes(view[end - 128 : end - 125]) == b"TAG":
        blocks.append(Block("ID3v1 tag", end - 128, 128))
        end -= 128
    # APEv2 footer: preamble, version, size with footer, items, flags (bit 31: has a header)
    if end - 32 >= floor and bytes(view[end - 32 : end - 24]) == b"APETAGEX":
        size = int.from_bytes(view[end - 20 : end - 16], "little")
        size += 32 * (view[end - 9] >> 7)
        if 32 <= size <= end - floor:
            blocks.insert(0, Block("APE tag", end - size, size))
    return blocks


def _first_frame(view: memoryview, start: int, stop: int) -> int:
    """Where the first audio frame begins: one with another behind it, or with the end."""
    limit = min(stop, start + _LOST)
    window = bytes(view[start:limit])
    at = window.find(b"\xff")
    while at >= 0:
        length = _frame_length(bytes(view[start + at : min(start + at + 4, stop)]))
        if length is not None:
            after = start + at + length
            following = bytes(view[after : min(after + 4, stop)])
            if length == 0 or len(following) < 4 or _frame_length(following) is not None:
                return start + at
        at = window.find(b"\xff", at + 1)
    raise MalformedAsset(NAME, f"holds no MPEG audio frame behind {start:,}", offset=start)


def _frame_length(header: bytes) -> int | None:
    """Bytes of the frame with this header, 0 when it does not say; None when it is no header."""
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE0 != 0xE0:
        return None
    version, layer = header[1] >> 3 & 3, 4 - (header[1] >> 1 & 3)
    rate, sampling, padding = header[2] >> 4, header[2] >> 2 & 3, header[2] >> 1 & 1
    # Layer 4 is AAC's mark; layer I is in no MP3 file, and UTF-16 text begins like it.
    if version == 1 or layer not in (2, 3) or rate == 15 or sampling == 3:
        return None
    full = version == 3  # MPEG 1; else MPEG 2, or 2.5 with half of its sample rates
    hertz = _SAMPLE_RATES[sampling] >> (0 if full else 1 if version == 2 else 2)
    samples = 1152 if full or layer == 2 else 576
    return samples // 8 * _RATES[full, layer][rate] * 1000 // hertz + padding if rate else 0


MP3 = Format(
    name=NAME,
    media_type="audio/mpeg",
    suffixes=(".mp3", ".mp2", ".mpga"),
    slots=xmp_and_geob.SLOTS,
    accepts=_accepts,
    parse=_parse,
    edits=xmp_and_geob.edits,
    wrapped=as_it_is,
    essence=_essence,
    unseen=coverage.unseen,
    coded=lambda name: name in (_AUDIO, *xmp_and_geob.COVERS),
    hidden=lambda survey: xmp_and_geob.trailing(survey, _AUDIO),
)
