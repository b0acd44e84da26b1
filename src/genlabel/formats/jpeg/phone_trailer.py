"""What a phone's editor says behind the end of a picture: whether a model took part in an edit.

Samsung's trailer (SEFT) holds JSON under the name ``PhotoEditor_Re_Edit_Data``.
"""

from __future__ import annotations

from collections.abc import Mapping

from genlabel.formats.format import Survey
from genlabel.formats.slots import Slot, numbered
from genlabel.model.expression import expression

_NAME = "PhotoEditor_Re_Edit_Data"
_MODEL = expression(rb"\"genAIType\"\s{0,8}:\s{0,8}[0-9]{1,8}")


def texts(survey: Survey, trailer: str) -> Mapping[Slot, bytes]:
    """What the block called `trailer` says of models, under the trailer's own name."""
    for block in survey.blocks:
        if block.name == trailer:
            said = _MODEL.search(survey.data, block.start, block.end)
            return numbered(((_NAME, said[0]),)) if said else {}
    return {}
