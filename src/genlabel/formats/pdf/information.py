"""The document information dictionary: what a PDF says of itself beside all XMP.

ISO 32000-2 §14.3.3; text strings by §7.9.2.2.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from genlabel.formats.format import FormatSurvey
from genlabel.formats.pdf import parser
from genlabel.formats.pdf.document import Document
from genlabel.formats.pdf.parser import Dictionary
from genlabel.formats.slots import Slot, numbered
from genlabel.model.errors import MalformedAsset

_CODINGS = {b"\xfe\xff": "utf-16-be", b"\xff\xfe": "utf-16-le", b"\xef\xbb": "utf-8"}


def texts(survey: FormatSurvey[Document]) -> Mapping[Slot, bytes]:
    """The entries that are texts, by their keywords; none of an encrypted document."""
    return numbered(_entries(survey.parsed))


def _entries(document: Document) -> Iterator[tuple[str, bytes]]:
    if document.dictionary is None:
        return
    objects = document.objects
    try:
        information = objects.value(objects.trailer.get(b"Info"))
        if not isinstance(information, Dictionary):
            return
        for key, value in information.values.items():
            text = parser.text(objects.value(value))
            if text is not None:
                yield key.decode("latin-1"), _in_utf8(text)
    except MalformedAsset:
        return


def _in_utf8(text: bytes) -> bytes:
    """A text string, which is UTF-16 or UTF-8 behind its mark, or else nearly Latin-1."""
    return text.decode(_CODINGS.get(text[:2], "latin-1"), "replace").strip("\ufeff").encode()
