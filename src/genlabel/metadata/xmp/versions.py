"""Which version of which document a file is: its identifiers in XMP, and when they were written.

ISO 16684-1 §8.4 (xmp:MetadataDate) and §8.6 (xmpMM). A label makes a new version of the same
document: the instance is new, the document stays, and one that has no identifier yet gets one.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime

from genlabel.formats.slots import XMP, Slot
from genlabel.metadata.xmp import parse, values
from genlabel.metadata.xmp.graph import Graph, Name, name_of
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import MalformedMetadata
from genlabel.model.serialise import rfc3339

INSTANCE, DOCUMENT, ORIGINAL = "xmpMM:InstanceID", "xmpMM:DocumentID", "xmpMM:OriginalDocumentID"
DATED = "xmp:MetadataDate"
NAMES = frozenset(map(name_of, (INSTANCE, DOCUMENT, ORIGINAL, DATED)))
"""The properties that tell versions apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """What a file says of itself once it is written."""

    instance: str
    """``xmpMM:InstanceID``, and the ``instanceID`` of the claim."""
    document: str
    """``xmpMM:DocumentID`` of a file that has none yet."""
    original: str
    """``xmpMM:OriginalDocumentID`` of one that has none: of the parent, or empty."""
    dated: str
    """``xmp:MetadataDate``, RFC 3339."""

    @classmethod
    def new(cls, moment: datetime, parent: Mapping[Slot, bytes] | None = None) -> Version:
        """One that was not there before, made at `moment` from a file with `parent` as payloads."""
        origin = _texts(parent or {})
        return cls(
            instance=f"xmp.iid:{uuid.uuid4()}",
            document=f"xmp.did:{uuid.uuid4()}",
            original=origin.get(name_of(ORIGINAL)) or origin.get(name_of(DOCUMENT)) or "",
            dated=rfc3339(moment),
        )

    @classmethod
    def stated(cls, payloads: Mapping[Slot, bytes]) -> Version | None:
        """What a file says already; None where it says nothing of the kind."""
        texts = _texts(payloads)
        if not (instance := texts.get(name_of(INSTANCE))):
            return None
        return cls(
            instance=instance,
            document=texts.get(name_of(DOCUMENT), ""),
            original=texts.get(name_of(ORIGINAL), ""),
            dated=texts.get(name_of(DATED), ""),
        )

    def properties(self, graphs: tuple[Graph | None, ...], modified: str | None) -> dict[str, str]:
        """Property and text of all that is written anew into a file with these `graphs`.

        `modified` is its xmp:ModifyDate. The metadata are never older, and have no date of their
        own where nothing in the file is dated.
        """
        there = _first(graphs)
        document = there.get(name_of(DOCUMENT)) or self.document
        anew = {INSTANCE: self.instance}
        if not there.get(name_of(DOCUMENT)):
            anew[DOCUMENT] = document
        if not there.get(name_of(ORIGINAL)):
            anew[ORIGINAL] = self.original or document
        if modified or there.get(name_of(DATED)):
            anew[DATED] = modified if modified and _is_later(modified, self.dated) else self.dated
        return anew


def _texts(payloads: Mapping[Slot, bytes]) -> dict[Name, str]:
    """What the main packet says; nothing where it cannot be read."""
    try:
        return _first((parse.parse(payloads.get(XMP, b""), NAMES),))
    except MalformedMetadata:
        return {}


def _first(graphs: tuple[Graph | None, ...]) -> dict[Name, str]:
    """Of each property the first text that says anything."""
    texts: dict[Name, str] = {}
    for graph in graphs:
        for name in NAMES if graph is not None else ():
            for value in graph.values.get(name, ()) if graph is not None else ():
                if name not in texts and (text := values.text(value)):
                    texts[name] = text
    return texts


def _is_later(one: str, other: str) -> bool:
    """Is `one` a time behind `other`? By UTC where no zone is named; no where it is no time."""
    try:
        moments = [datetime.fromisoformat(each) for each in (one, other)]
        first, second = (each if each.tzinfo else each.replace(tzinfo=UTC) for each in moments)
    except ValueError:
        return False
    return first > second
