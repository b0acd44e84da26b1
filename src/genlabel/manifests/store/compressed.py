"""Compressed manifests (C2PA 2.4 §11.2.4): a Brotli stream that holds a manifest's superbox."""

from __future__ import annotations

from genlabel.manifests.store.cbor import Unreadable

MAX_DECOMPRESSED = 32 * 1024 * 1024
"""Most bytes that the compressed manifests of one store come to, in sum."""


def decompressed(stream: bytes, before: int = 0) -> bytes:
    """What a stream holds, if that and the `before` bytes of others are within bounds.

    Raises `Unreadable`.
    """
    import brotli

    most = MAX_DECOMPRESSED - before
    decompressor = brotli.Decompressor()
    try:
        whole = bytes(decompressor.process(stream, output_buffer_limit=max(0, most) + 1))
        while not decompressor.is_finished() and len(whole) <= most:
            more = decompressor.process(b"", output_buffer_limit=most + 1 - len(whole))
            if not more:
                break
            whole += more
    except brotli.error as error:
        raise Unreadable("a compressed manifest that is no Brotli stream") from error
    if len(whole) > most:
        raise Unreadable(f"compressed manifests come to more than {MAX_DECOMPRESSED:,} bytes")
    if not decompressor.is_finished():
        raise Unreadable("a compressed manifest that ends early")
    return whole
