"""WAV: sound in the chunks of RIFF, or of RF64 and BW64, whose lengths have 64 bits.

EBU Tech 3306 and ITU-R BS.2088: such files are labelled beside, as the engine does not read them.
"""

from __future__ import annotations

from collections.abc import Iterator

from genlabel.formats.format import Format, FormatSurvey
from genlabel.formats.riff import chunks as riff, coverage, info_texts, wav_avi
from genlabel.formats.riff.chunks import RiffList
from genlabel.model.errors import MalformedAsset

NAME = "wav"

_FORMAT = 14  # bytes of WAVEFORMAT, the shortest description of samples
_LONG = (b"RF64", b"BW64")
_DECODED = frozenset({b"fmt ", b"fact", b"data"})


def _parse(view: memoryview) -> FormatSurvey[RiffList]:
    """The chunks, payloads and anomalies; no sample is read."""
    riff_list = riff.walk(view, NAME, _lengths(view), streamed=(b"data",))
    described = next((each for each in riff_list.chunks if each.type == b"fmt "), None)
    if described is None:
        raise MalformedAsset(NAME, "holds no fmt chunk, so nothing says what its samples are")
    start = described.start
    if described.length < _FORMAT:
        raise MalformedAsset(NAME, f"chunk fmt at {start:,} is cut off", offset=start)
    if not any(each.type == b"data" for each in riff_list.chunks):
        raise MalformedAsset(NAME, "holds no data chunk, so there is nothing to play")
    unsignable = None
    if bytes(view[:4]) in _LONG:
        unsignable = f"{bytes(view[:4]).decode()} has no place for a manifest that readers know"
    return wav_avi.survey(view, NAME, riff_list, unsignable=unsignable)


def _essence(survey: FormatSurvey[RiffList]) -> Iterator[memoryview]:
    """How samples are described, how many there are, and the samples."""
    for each in survey.parsed.chunks:
        if each.type in _DECODED:
            yield survey.data[each.start : each.start + 8 + each.length]


def _lengths(view: memoryview) -> dict[bytes, int]:
    """What the first chunk says of a file with longer lengths: its own length, and the samples'."""
    if bytes(view[:4]) not in _LONG:
        return {}
    # EBU Tech 3306 §3: ds64 comes first, and begins with the two lengths
    if bytes(view[12:16]) != b"ds64" or len(view) < 36:
        raise MalformedAsset(NAME, "begins with no ds64 chunk, so its lengths are unknown")
    whole, samples = (int.from_bytes(view[at : at + 8], "little") for at in (20, 28))
    return {bytes(view[:4]): whole, b"data": samples}


WAV = Format(
    name=NAME,
    media_type="audio/wav",
    suffixes=(".wav", ".wave", ".bwf"),
    slots=wav_avi.SLOTS,
    accepts=riff.has_form(b"WAVE", *_LONG),
    parse=_parse,
    edits=wav_avi.edits,
    wrapped=riff.wrapped,
    essence=_essence,
    boxes=coverage.boxes,
    unseen=coverage.unseen,
    texts=info_texts.texts,
    coded=lambda name: name in ("data", *wav_avi.ROOM),
)
