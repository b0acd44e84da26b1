"""PDF's streams: their content with the one filter that metadata and cross-references use, bounded.

ISO 32000-2 §7.3.8, §7.4.4.
"""

from __future__ import annotations

import zlib

from genlabel.formats.pdf.parser import NAME, Dictionary, Name, Value
from genlabel.formats.slots import MAX_METADATA
from genlabel.model.errors import MalformedAsset, MalformedMetadata

_FLATE = (b"FlateDecode", b"Fl")
_MAX_ROW = 64  # bytes of a predicted row; those of cross-references have 3 to 12


def content(dictionary: Dictionary, raw: memoryview | bytes) -> bytes:
    """A stream's content, decompressed. `raw` is what stands in the file.

    Raises `MalformedMetadata` for a filter that is not read, damage, or more than 16 MiB.
    """
    filters, parameters = dictionary.get(b"Filter"), dictionary.get(b"DecodeParms")
    if filters is None or filters == []:
        if len(raw) > MAX_METADATA:
            raise MalformedMetadata(f"stream of more than {MAX_METADATA:,} bytes, not read")
        return bytes(raw)
    if isinstance(filters, list) and len(filters) == 1:
        filters = filters[0]
        parameters = parameters[0] if isinstance(parameters, list) and parameters else parameters
    if not isinstance(filters, Name) or filters not in _FLATE:
        raise MalformedMetadata("stream with a filter other than FlateDecode, not read")
    unpacker = zlib.decompressobj()
    try:
        unpacked = unpacker.decompress(raw, MAX_METADATA + 1)
    except zlib.error as error:
        raise MalformedMetadata(f"stream cannot be decompressed ({error})") from error
    if len(unpacked) > MAX_METADATA:
        raise MalformedMetadata(f"stream of more than {MAX_METADATA:,} bytes, not read")
    return _unpredicted(unpacked, parameters)


def rows(data: bytes, widths: Value) -> tuple[list[int], int]:
    """The widths of a cross-reference stream's fields and how many rows `data` holds (§7.5.8.2)."""
    if not isinstance(widths, list) or len(widths) < 3:
        raise MalformedAsset(NAME, "cross-reference stream without widths")
    checked = [each for each in widths[:3] if isinstance(each, int) and 0 <= each <= 8]
    if len(checked) < 3 or not sum(checked):
        raise MalformedAsset(NAME, "cross-reference stream with impossible widths")
    return checked, len(data) // sum(checked)


def _unpredicted(data: bytes, parameters: Value) -> bytes:
    """`data` after a PNG predictor (§7.4.4.4), as it is before one."""
    if not isinstance(parameters, Dictionary):
        return data
    predictor = parameters.integer(b"Predictor") or 1
    if predictor == 1:
        return data
    columns = parameters.integer(b"Columns") or 1
    plain = all((parameters.integer(key) or one) == one for key, one in _PLAIN.items())
    if predictor < 10 or not plain or not 0 < columns <= _MAX_ROW:
        raise MalformedMetadata("stream with a predictor that is not read")
    plain_rows, above = bytearray(), bytes(columns)
    for at in range(0, len(data) - columns, columns + 1):
        kind, row = data[at], bytearray(data[at + 1 : at + 1 + columns])
        if kind == 2:
            row = bytearray((one + other) & 0xFF for one, other in zip(row, above, strict=True))
        elif kind == 1:
            for place in range(1, columns):
                row[place] = (row[place] + row[place - 1]) & 0xFF
        elif kind:
            raise MalformedMetadata("stream with a predictor that is not read")
        plain_rows += row
        above = bytes(row)
    return bytes(plain_rows)


_PLAIN = {b"Colors": 1, b"BitsPerComponent": 8}
