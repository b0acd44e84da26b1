"""WAV: sound in the chunks of RIFF."""

from __future__ import annotations

from collections.abc import Iterator

from genlabel.containers import recording, riff
from genlabel.containers.container import Buffer, Survey
from genlabel.containers.recording import SLOTS, manifest_spans, rewrite
from genlabel.errors import MalformedAsset

__all__ = [
    "MIME",
    "NAME",
    "SLOTS",
    "SUFFIXES",
    "XMP_LIMIT",
    "accepts",
    "essence",
    "manifest_spans",
    "rewrite",
    "survey",
]

NAME = "wav"
MIME = "audio/wav"
SUFFIXES = (".wav", ".wave", ".bwf")
XMP_LIMIT: int | None = None

_FORMAT = 14  # bytes of WAVEFORMAT, the shortest description of samples
_DECODED = frozenset({b"fmt ", b"fact", b"data"})


def accepts(head: Buffer) -> bool:
    """Is it a RIFF file of the form WAVE?"""
    return bytes(head[:4]) == b"RIFF" and bytes(head[8:12]) == b"WAVE"


def survey(data: Buffer) -> Survey:
    """The chunks, payloads and anomalies; no sample is read.

    Raises `MalformedAsset` when a chunk runs past the end or there is nothing to play.
    """
    view = memoryview(data).cast("B")
    chunks, end = riff.walk(view, NAME)
    described = recording.needed(NAME, chunks, b"fmt ", "nothing says what its samples are")
    if described.length < _FORMAT:
        raise MalformedAsset(
            NAME, f"chunk fmt at {described.start:,} is cut off", offset=described.start
        )
    recording.needed(NAME, chunks, b"data", "there is nothing to play")
    return recording.survey(view, NAME, chunks, end)


def essence(survey: Survey) -> Iterator[memoryview]:
    """How samples are described, how many there are, and the samples."""
    for each in recording.walked(survey)[0]:
        if each.type in _DECODED:
            yield survey.data[each.start : each.start + 8 + each.length]
