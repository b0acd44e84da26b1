"""Real strippers of films, sounds, drawings and documents: the survival table measured again."""

from __future__ import annotations

import io
from functools import cache
from itertools import chain

import pytest
from PIL import Image

import genlabel
from fieldbook import generated, signer
from genlabel import Mark, Rights, Survival, testing
from oracles import films, libjxl
from oracles.absence import program
from oracles.small_files import small

SUFFIX = {"jpeg": "jpg", "tiff": "tif", "tiff pages": "tif"}
FILMS = ("mp4", "mov", "m4a", "mp3", "wav", "flac", "avi")
_FATES = {
    **{"K": Survival.KEPT, "B": Survival.BROKEN, "L": Survival.LOST, "C": Survival.CHANGED},
    "-": Survival.ABSENT,
}


def _drawn(kind: str) -> bytes:
    if kind == "pdf":
        return small("pdf")
    if kind == "jxl":
        return libjxl.encoded(testing.picture("png", size=(320, 240)), "png")
    if kind in FILMS:
        program("ffmpeg")
        return films.film(f"small {kind}" if kind in ("mp4", "mov", "m4a") else kind)
    if kind == "tiff pages":
        return testing.picture("tiff", size=(160, 120), frames=3)
    return testing.picture(kind, size=(320, 240), quality=95)


@cache
def source(kind: str) -> bytes:
    """A labelled file with every mark that its container has a place for."""
    label = generated(
        title="Hills",
        description="Hills at dusk",
        rights=Rights(creator=("Ana Müller",), copyright="© Acme"),
    )
    return genlabel.sign(_drawn(kind), label, signer()).data


def _assert_fate(published: bytes, before: str, fates: str, cause: str) -> None:
    report = genlabel.strip_check(published, against=source(before))
    order = (Mark.IPTC, Mark.EXIF, Mark.IIM, Mark.MANIFEST)
    assert [report.marks[mark] for mark in order] == [_FATES[each] for each in fates]
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
