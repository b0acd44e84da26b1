"""Signing into a place that is not the engine's: it makes the store, somebody else puts it in.

The engine embeds well in most formats. Where it would leave an index stale or write a document
anew, our own rewriting puts the store in, and the engine binds it to the bytes around it by the
functions of its C interface for that ("embeddable"), which its Python package does not offer.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any

from genlabel.containers.container import Buffer
from genlabel.errors import SigningError

Put = Callable[[bytes], tuple[Buffer, Sequence[tuple[int, int]]]]
"""Puts a store of any content into the picture: the whole file, and (start, end) of all that the
store takes there, which is what its hash leaves out (C2PA 2.4 §18.6, exclusions)."""

Open = Callable[[Buffer], AbstractContextManager[int]]
"""Opens a file's bytes as a stream of the engine's: a pointer, as long as the manager lasts."""

_STORE = b"application/c2pa"  # the bare store, without a container's wrapping
_ROUNDS = 6
"""The store names its own place, so its length can depend on where it comes to lie."""
_GUESS = (1 << 12, 1 << 14)
"""Where it may come to lie: numbers of the usual size, so that mostly the first round is enough."""

_pointer, _text, _bytes = ctypes.c_void_p, ctypes.c_char_p, ctypes.POINTER(ctypes.c_ubyte)
_filled = ctypes.POINTER(_bytes)


def placed(c2pa: Any, builder: Any, put: Put, *, stream: Open) -> bytes:
    """The signed store of `builder`, bound to the file into which `put` puts it.

    `c2pa` is the engine's module; the signer stands in the builder's context. What `put` makes of
    the returned store differs from what it was last asked for in the store alone: both are of the
    same length. `stream` opens a file's bytes for the engine. Raises `C2paError`, or
    `SigningError` when the store does not become as long as its place.
    """
    package = c2pa.c2pa
    library, number = package._lib, ctypes.c_int64
    placeholder = _function(library, "c2pa_builder_placeholder", number, _text, _filled)
    exclude = _function(
        library, "c2pa_builder_set_data_hash_exclusions", ctypes.c_int, _pointer, ctypes.c_size_t
    )
    hashed = _function(
        library, "c2pa_builder_update_hash_from_stream", ctypes.c_int, _text, _pointer
    )
    finish = _function(library, "c2pa_builder_sign_embeddable", number, _text, _filled)

    def done(function: Any, *arguments: Any) -> int:
        with package._native_section():
            answer: int = function(builder._handle, *arguments)
            package._check_ffi_operation_result(
                answer, "the manifest was refused", check=lambda answer: answer < 0
            )
        return answer

    def made(function: Any) -> bytes:
        found = _bytes()
        length = done(function, _STORE, ctypes.byref(found))
        try:
            return ctypes.string_at(found, length)
        finally:
            library.c2pa_free(found)

    def bound(data: Buffer, spans: Sequence[tuple[int, int]]) -> bytes:
        flat = [number for start, end in spans for number in (start, end - start)]
        done(exclude, (ctypes.c_uint64 * len(flat))(*flat), len(spans))
        with stream(data) as opened:
            done(hashed, _STORE, opened)
        return made(placeholder)

    made(placeholder)
    store = bound(bytes(_GUESS[1]), (_GUESS,))
    for _ in range(_ROUNDS):
        length = len(store)
        store = bound(*put(store))
        if len(store) == length:
            break
    else:
        raise SigningError("the manifest finds no place whose address is as long as it should be")
    signed = made(finish)
    if len(signed) != length or int.from_bytes(signed[:4], "big") != length:
        raise SigningError(
            f"the manifest is {len(signed):,} bytes long, and {length:,} were kept for it"
        )
    return signed


def _function(library: Any, name: str, answer: Any, *takes: Any) -> Any:
    function = library[name]  # a new object each time, so nobody else's declaration is changed
    function.restype, function.argtypes = answer, (_pointer, *takes)
    return function
