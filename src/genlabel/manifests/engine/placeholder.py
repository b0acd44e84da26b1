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

from genlabel.formats.format import Buffer
from genlabel.model.errors import SigningError

Put = Callable[[bytes], tuple[Buffer, Sequence[tuple[int, int]]]]
"""Puts a store of any content into the picture: the whole file, and (start, end) of all that the
store takes there, which is what its hash leaves out (C2PA 2.4 §18.6, exclusions)."""

Open = Callable[[Buffer], AbstractContextManager[int]]
"""Opens a file's bytes as a stream of the engine's: a pointer, as long as the manager lasts."""

_STORE = b"application/c2pa"  # the bare store, without a container's wrapping
_ROUNDS = 6
"""The store names its own place, so its length can depend on where it comes to lie."""
_GUESS = ((3_000, 8_000),)
"""Where it may come to lie: often the first round is enough."""
_ZEROS = 1 << 20
"""Most bytes that are hashed for nothing."""

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

    def bind(data: Buffer, spans: Sequence[tuple[int, int]]) -> None:
        flat = [number for start, end in spans for number in (start, end - start)]
        done(exclude, (ctypes.c_uint64 * len(flat))(*flat), len(spans))
        with stream(data) as opened:
            done(hashed, _STORE, opened)

    made(placeholder)  # with room for ten exclusions, which is too much
    usual = _usual(_GUESS)
    data: Buffer = bytes(usual[-1][-1])
    spans: Sequence[tuple[int, int]] = usual
    for _ in range(_ROUNDS):
        # A hash of zeros is as long as the one to come.
        bind(*((bytes(usual[-1][-1]), usual) if usual[-1][-1] <= _ZEROS else (data, spans)))
        store = made(placeholder)
        length = len(store)
        data, spans = put(store)
        if _usual(spans) == usual:
            bind(data, spans)
            break
        usual = _usual(spans)
    else:
        raise SigningError("the manifest finds no place whose address is as long as it should be")
    signed = made(finish)
    if len(signed) != length or int.from_bytes(signed[:4], "big") != length:
        raise SigningError(
            f"the manifest is {len(signed):,} bytes long, and {length:,} were kept for it"
        )
    return signed


def _usual(spans: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """The smallest spans whose starts and lengths take as many bytes each as those of `spans`, in
    the engine's CBOR; one behind the other, as it wants them.
    """
    found: list[tuple[int, int]] = []
    for start, end in spans:
        first = max(_smallest(start), found[-1][1] if found else 0)
        found.append((first, first + _smallest(end - start)))
    return tuple(found)


def _smallest(number: int) -> int:
    """The smallest number whose CBOR is as long (RFC 8949 §3)."""
    return max(least for least in (0, 24, 1 << 8, 1 << 16, 1 << 32) if least <= number)


def _function(library: Any, name: str, answer: Any, *takes: Any) -> Any:
    function = library[name]  # a new object each time, so nobody else's declaration is changed
    function.restype, function.argtypes = answer, (_pointer, *takes)
    return function
