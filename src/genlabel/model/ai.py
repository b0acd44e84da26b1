"""Whether AI made or changed a picture, in one word, and the fields in which others want that said.

One dated table of those who take a declaration with an upload. A field that no source describes is
not in it; a case of which a source is silent has no value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import cache
from typing import Any

from genlabel.model.dataclass import dataclass
from genlabel.model.vocabulary import DigitalSourceType


class Ai(StrEnum):
    """What the file declares about the part of AI; never what was found in the picture itself."""

    GENERATED = "generated"
    """A model, or another algorithm, made all of it."""
    EDITED = "edited"
    """A generative model changed it."""
    ENHANCED = "enhanced"
    """An algorithm made it larger, sharper or cleaner, and added nothing."""
    COMPOSITE = "composite"
    """It was put together of parts of which one at least is generated."""
    NONE = "none"
    """A camera or a human made it."""
    UNKNOWN = "unknown"
    """Nothing is declared, or nothing that tells."""


_KINDS = DigitalSourceType
_WORDS: Mapping[DigitalSourceType, Ai] = {
    _KINDS.TRAINED_ALGORITHMIC_MEDIA: Ai.GENERATED,
    _KINDS.TRAINED_ALGORITHMIC_DATA: Ai.GENERATED,
    _KINDS.ALGORITHMIC_MEDIA: Ai.GENERATED,
    _KINDS.COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA: Ai.EDITED,
    _KINDS.COMPOSITE_SYNTHETIC: Ai.COMPOSITE,
    _KINDS.ALGORITHMICALLY_ENHANCED: Ai.ENHANCED,
    _KINDS.DIGITAL_CAPTURE: Ai.NONE,
    _KINDS.COMPUTATIONAL_CAPTURE: Ai.NONE,
    _KINDS.NEGATIVE_FILM: Ai.NONE,
    _KINDS.POSITIVE_FILM: Ai.NONE,
    _KINDS.PRINT: Ai.NONE,
    _KINDS.HUMAN_EDITS: Ai.NONE,
    _KINDS.DIGITAL_CREATION: Ai.NONE,
    _KINDS.COMPOSITE_CAPTURE: Ai.NONE,
}
"""Source types that tell. ``composite``, ``screenCapture`` and ``virtualRecording`` may hold what a
model made, or not (IPTC NewsCodes)."""


def ai_of(source_type: str | None, origin: str | None = None) -> Ai:
    """The word for a declared source type; `origin` names the action that states it.

    One and the same source type is stated of an edit and of a composite with generated parts; the
    action ``c2pa.created`` is the composite's.
    """
    known = DigitalSourceType.understand(source_type) if source_type else None
    word = _WORDS.get(known, Ai.UNKNOWN) if known is not None else Ai.UNKNOWN
    is_made_so = word is Ai.EDITED and (origin or "").endswith(" c2pa.created")
    return Ai.COMPOSITE if is_made_so else word


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """A field in which somebody wants it said."""

    consumer: str
    """For machines, e.g. ``instagram``."""
    field: str
    """As it is called there."""
    value: Callable[[Ai, DigitalSourceType | None], Any]
    """What is to be sent; None where no source says."""
    source: str
    published: str
    """The date of the source."""
    checked: str = "2026-11-29"
    """When somebody last looked whether it says so."""


def _flag(word: Ai, _: DigitalSourceType | None) -> bool | None:
    if word in (Ai.GENERATED, Ai.EDITED, Ai.COMPOSITE):
        return True
    return False if word is Ai.NONE else None


def _concept(_: Ai, known: DigitalSourceType | None) -> dict[str, str] | None:
    if known is None or not known.ours_to_write_in_xmp:
        return None
    return {"name": known.code, "uri": known.uri}


DISCLOSURES: tuple[Disclosure, ...] = (
    Disclosure(
        consumer="instagram",
        field="is_ai_generated",
        value=_flag,
        source="https://developers.facebook.com/documentation/instagram-platform/changelog",
        published="2026-06-22",
    ),
    Disclosure(
        consumer="tiktok",
        field="is_aigc",
        value=_flag,
        source="https://developers.tiktok.com/doc/content-posting-api-reference-direct-post",
        published="undated; the name is that of programs which send it",
    ),
    Disclosure(
        consumer="youtube",
        field="status.containsSyntheticMedia",
        value=_flag,
        source="https://developers.google.com/youtube/v3/revision_history",
        published="2024-10-30",
    ),
    Disclosure(
        consumer="ninjs",
        field="digitalSourceType",
        value=_concept,
        source="https://github.com/iptc/newsinjson/blob/main/specification/ninjs-schema_3.1.json",
        published="2025-05-21",
    ),
)
"""YouTube asks of realistic pictures only, which no label says."""


def disclosures(word: Ai, source_type: str | None) -> dict[str, dict[str, Any]]:
    """Consumer → field → value, for a file that declares this; without what no source says."""
    known = DigitalSourceType.understand(source_type) if source_type else None
    return {
        consumer: {name: dict(value) if isinstance(value, dict) else value}
        for consumer, name, value in _values(word, known)
    }


@cache
def _values(word: Ai, known: DigitalSourceType | None) -> tuple[tuple[str, str, Any], ...]:
    """Consumer, field and value: every report has them, and there are few."""
    values = ((each, each.value(word, known)) for each in DISCLOSURES)
    return tuple((each.consumer, each.field, value) for each, value in values if value is not None)
