"""What Pillow leaves of drawings and pages, and which cause is named."""

from __future__ import annotations

import io
from itertools import chain

import pytest
from PIL import Image

import genlabel
from genlabel import Mark
from genlabel.operations.strip_check.tool_traces import FATES
from survival.bench import source


def _assert_fate(published: bytes, before: str, fates: str, cause: str) -> None:
    report = genlabel.strip_check(published, against=source(before))
    order = (Mark.IPTC, Mark.EXIF, Mark.IIM, Mark.MANIFEST)
    assert [report.marks[mark] for mark in order] == [FATES[each] for each in fates]
    assert report.cause is not None
    assert cause in report.cause
    if report.pixels is not None:
        assert report.pixels.same_picture is not False


@pytest.mark.parametrize(
    ("before", "after", "fates"),
    [
        ("gif", "gif", "L--L"),
        ("tiff", "tiff", "KLKL"),
        ("tiff pages", "tiff", "KLKL"),
        *chain.from_iterable(
            ((each, "jpeg", fates), (each, "png", fates), (each, "webp", fates))
            for each, fates in (("gif", "L--L"), ("tiff", "LLLL"))
        ),
        ("png", "gif", "LL-L"),
        ("png", "tiff", "LL-L"),
    ],
)
def test_what_pillow_leaves_is_seen_and_named(before, after, fates):
    encoded = io.BytesIO()
    with Image.open(io.BytesIO(source(before))) as opened:
        picture = opened if before.split()[0] == after else opened.convert("RGB")
        picture.save(encoded, after.upper())
    _assert_fate(encoded.getvalue(), before, fates, "Pillow")
