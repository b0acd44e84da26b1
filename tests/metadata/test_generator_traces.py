"""Traces are found in whatever byte order software left them."""

from __future__ import annotations

import struct

import pytest

from genlabel.formats.format import EXIF
from genlabel.metadata import generator_traces


def commented(order, comment):
    """A block with a UserComment in its Exif directory."""
    value = b"UNICODE\0" + comment
    head = (b"II" if order == "<" else b"MM") + struct.pack(order + "HI", 42, 8)
    pointer = struct.pack(order + "HHHII", 1, 0x8769, 4, 1, 26) + bytes(4)
    row = struct.pack(order + "HHHII", 1, 0x9286, 7, len(value), 44) + bytes(4)
    return {EXIF: head + pointer + row + value}


@pytest.mark.parametrize(
    ("order", "text", "encoding"),
    [
        ("<", "a cat", "utf-16-le"),
        ("<", "a cat", "utf-16-be"),
        (">", "a cat", "utf-16-le"),
        (">", "a cat", "utf-16-be"),
        ("<", "猫の絵", "utf-16-le"),  # no zero halves: the block's own order decides
        (">", "猫の絵", "utf-16-be"),
    ],
)
def test_a_comment_is_read_in_either_byte_order(order, text, encoding):
    traces = generator_traces.generators(commented(order, text.encode(encoding)))
    assert [(each.where, each.value) for each in traces] == [("exif UserComment", text)]
