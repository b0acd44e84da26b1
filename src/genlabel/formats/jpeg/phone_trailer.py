"""What stands in a picture outside of all metadata and tells whether a model took part.

Samsung's trailer (SEFT) holds JSON under the name ``PhotoEditor_Re_Edit_Data``. Generators of China
put their label (GB 45438-2025, annex E) into an application segment of its own, or behind the end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from genlabel.formats.format import Survey
from genlabel.formats.slots import Slot, numbered
from genlabel.model.expression import expression

_NAME = "PhotoEditor_Re_Edit_Data"
_MODEL = expression(rb"\"genAIType\"\s{0,8}:\s{0,8}[0-9]{1,8}")
_LABEL = expression(rb"AIGC\"?\s{0,8}:?\s{0,8}\{[^{}]{1,4000}\}")
_UNKNOWN = expression(r"APP\d+(?: \".*)?")
"""The name of a segment whose identifier, in quotes, is not one of those that are known."""


def texts(survey: Survey, trailer: str) -> Mapping[Slot, bytes]:
    """What the block called `trailer` says of models, under the trailer's own name; and labels."""
    return numbered(_listed(survey, trailer))


def _listed(survey: Survey, trailer: str) -> Iterator[tuple[str, bytes]]:
    for block in survey.blocks:
        behind = block.name == trailer
        if behind and (said := _MODEL.search(survey.data, block.start, block.end)):
            yield _NAME, said[0]
        if behind or _UNKNOWN.fullmatch(block.name):
            label = _LABEL.search(survey.data, block.start, block.end)
            if label:
                yield "AIGC", label[0].rpartition(b"AIGC")[2].lstrip(b'": ')
