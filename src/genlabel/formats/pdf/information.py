"""The document information dictionary: what a PDF says of itself beside all XMP.

ISO 32000-2 §14.3.3; text strings by §7.9.2.2.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from genlabel.formats.edits import Edit, Span
from genlabel.formats.format import FormatSurvey
from genlabel.formats.pdf import parser
from genlabel.formats.pdf.document import Document
from genlabel.formats.pdf.object_lookup import Placed
from genlabel.formats.pdf.parser import Dictionary, Value
from genlabel.formats.slots import Slot, placed, texts_of
from genlabel.model.errors import MalformedAsset

_CODINGS = {b"\xfe\xff": "utf-16-be", b"\xff\xfe": "utf-16-le", b"\xef\xbb": "utf-8"}


def texts(survey: FormatSurvey[Document]) -> Mapping[Slot, bytes]:
    """The entries that are texts, by their keywords; none of an encrypted document."""
    return texts_of(_entries(survey.parsed))


def blanked(survey: FormatSurvey[Document], slots: Collection[Slot]) -> list[Edit]:
    """Edits that blank these strings where they are written, so that nothing moves; none of those
    that are written in a compressed object, or a second time in another revision.
    """
    edits: list[Edit] = []
    for slot, _, span in placed(_entries(survey.parsed)) if slots else ():
        if slot not in slots or span is None:
            continue
        written = bytes(survey.data[slice(*span)])
        if bytes(survey.data).count(written) == 1:
            new = written[:1] + b" " * (len(written) - 2) + written[-1:]
            edits.append(Edit(*span, new))
    return edits


def _entries(document: Document) -> Iterator[tuple[str, bytes, Span | None]]:
    """Key, text and where the string is written, if that is in the file itself."""
    if document.dictionary is None:
        return
    objects = document.objects
    try:
        place = objects.trailer.get(b"Info")
        holder = objects.placed(place)
        information = objects.value(place)
        if not isinstance(information, Dictionary):
            return
        for key, value in information.values.items():
            text = parser.text(objects.value(value))
            if text is not None:
                span = _string(holder, information, key, value)
                yield key.decode("latin-1"), _in_utf8(text), span
    except MalformedAsset:
        return


def _string(holder: Placed | None, within: Dictionary, key: bytes, value: Value) -> Span | None:
    if holder is None or not isinstance(holder.buffer, memoryview) or not isinstance(value, bytes):
        return None
    end = within.spans[key][1]
    return end - len(value), end


def _in_utf8(text: bytes) -> bytes:
    """A text string, which is UTF-16 or UTF-8 behind its mark, or else nearly Latin-1."""
    return text.decode(_CODINGS.get(text[:2], "latin-1"), "replace").strip("\ufeff").encode()
