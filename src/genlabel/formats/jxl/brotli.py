"""Brotli boxes of JPEG XL, decompressed within bounds.

ISO/IEC 18181-2 §9.7: four bytes of the type that the content would have, then a Brotli stream.
"""

from __future__ import annotations

from genlabel.formats.slots import MAX_METADATA
from genlabel.model.errors import MalformedMetadata

TYPE = b"brob"


def inner_type(content: memoryview) -> bytes:
    """The type of what is compressed."""
    return bytes(content[:4])


def decompressed(content: memoryview) -> bytes:
    """What a box holds. Raises `MalformedMetadata` for a stream that is damaged or comes to more
    than `MAX_METADATA` bytes.
    """
    import brotli

    stream = brotli.Decompressor()
    try:
        whole = bytes(stream.process(bytes(content[4:]), output_buffer_limit=MAX_METADATA + 1))
    except brotli.error as error:
        raise MalformedMetadata("is no Brotli stream", remedy="remove the damaged block") from error
    if len(whole) > MAX_METADATA:
        raise MalformedMetadata(
            f"decompresses to more than {MAX_METADATA:,} bytes", remedy="remove the block"
        )
    if not stream.is_finished():
        raise MalformedMetadata("ends early", remedy="remove the damaged block")
    return whole
