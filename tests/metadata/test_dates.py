"""Dates in metadata count only where they are unambiguous."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from genlabel import formats
from genlabel.metadata import dates
from genlabel.testing import picture

NOON = datetime(2019, 5, 1, 12, 0, 0, tzinfo=UTC)
ORIGINAL, OFFSET = "-EXIF:DateTimeOriginal=2019:05:01 14:00:00", "-EXIF:OffsetTimeOriginal=+02:00"


def _payloads(exiftool, tmp_path, *tags, format="jpeg"):
    path = tmp_path / f"dated.{format}"
    path.write_bytes(picture(format))
    if tags:
        exiftool.run("-overwrite_original", *tags, path)
    data = path.read_bytes()
    return formats.identify(data).survey(data).payloads


@pytest.mark.parametrize("format", ["jpeg", "png", "webp", "tiff"])
@pytest.mark.parametrize(
    ("tags", "moment"),
    [
        ((), None),
        ((ORIGINAL,), None),
        ((ORIGINAL, OFFSET), NOON),
        ((ORIGINAL, OFFSET, "-EXIF:SubSecTimeOriginal=99"), NOON),
        (("-XMP-photoshop:DateCreated=2019:05:01 14:00:00+02:00",), NOON),
        (("-XMP-exif:DateTimeOriginal=2019:05:01 14:00:00+02:00",), NOON),
        (("-XMP-photoshop:DateCreated=2019:05:01 14:00:00",), None),
        (("-XMP-photoshop:DateCreated=2019:05:01",), None),
        ((ORIGINAL, "-XMP-photoshop:DateCreated=2019:05:01 14:00:00+02:00"), NOON),
        ((ORIGINAL, OFFSET, "-XMP-photoshop:DateCreated=2019:05:01"), NOON),
        ((ORIGINAL, OFFSET, "-XMP-photoshop:DateCreated=2019:05:01 12:00:00Z"), NOON),
        ((ORIGINAL, OFFSET, "-XMP-photoshop:DateCreated=2019:05:02"), None),
        ((ORIGINAL, OFFSET, "-XMP-photoshop:DateCreated=2019:05:01 14:00:01+02:00"), None),
        (("-EXIF:CreateDate=2019:05:01 14:00:00", "-EXIF:OffsetTimeDigitized=+02:00"), None),
        (("-EXIF:DateTimeOriginal=2919:05:01 14:00:00", OFFSET), None),
        (("-EXIF:DateTimeOriginal=1970:01:01 00:00:00", OFFSET), None),
    ],
)
def test_a_capture_date_counts_where_all_that_state_one_agree(
    exiftool, tmp_path, tags, moment, format
):
    listed = dates.stated(_payloads(exiftool, tmp_path, *tags, format=format), dates.TAKEN)
    assert dates.unambiguous(listed) == moment


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Wed, 1 May 2019 12:00:00 GMT", NOON),
        ("Wed, 1 May 2019 14:00:00 +0200", NOON),
        ("2019-05-01T14:00:00+02:00", NOON),
        ("2019:05:01 14:00:00+02:00", NOON),
        ("Wed, 1 May 2019 12:00:00 -0000", None),
        ("2019:05:01 14:00:00", None),
        ("yesterday", None),
    ],
)
def test_a_generators_own_time_is_read(text, moment):
    written, info = BytesIO(), PngInfo()
    info.add_text("Creation Time", text)
    Image.open(BytesIO(picture("png"))).save(written, "PNG", pnginfo=info)
    payloads = formats.identify(written.getvalue()).survey(written.getvalue()).payloads
    assert dates.unambiguous(dates.stated(payloads, dates.MADE)) == moment


def test_what_was_made_and_what_was_changed_are_told_apart(exiftool, tmp_path):
    payloads = _payloads(exiftool, tmp_path, "-XMP-xmp:CreateDate=2019:05:01 14:00:00+02:00")
    assert dates.unambiguous(dates.stated(payloads, dates.MADE)) == NOON
    assert dates.unambiguous(dates.stated(payloads, dates.CHANGED)) is None


@pytest.mark.parametrize(
    "text",
    [
        "2019-13-01T00:00:00Z",
        "2019-02-30T00:00:00Z",
        "2019-05-01T12:00:00+99:99",
        "2019-05-01T25:00:00Z",
        "0000-00-00T00:00:00Z",
        "2019-05-01T12:00:00Z" * 1000,
        "٢٠١٩-٠٥-٠١T١٢:٠٠:٠٠Z",
        "9999-12-31T23:59:59-14:00",
        "",
    ],
)
def test_what_is_no_date_is_none(text):
    xmp = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
        'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description '
        f'xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:ModifyDate="{text}"/></rdf:RDF></x:xmpmeta>'
    )
    listed = dates.stated({formats.format.XMP: xmp.encode()}, dates.CHANGED)
    assert dates.unambiguous(listed) is None
