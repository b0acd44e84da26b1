"""A context of the engine that asks whether to go on with a large file, so that it can be stopped.

Between two looks at a stream the engine may be busy for seconds: it hashes what it holds in memory.
At every 256 MB it reports progress then, and gives up where the answer says so.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from genlabel.manifests.engine.cancel import Stop

_pointer = ctypes.c_void_p
# ProgressCCallback of c2pa.h: user data, phase, step, total; it answers whether to go on
_Progress = ctypes.CFUNCTYPE(ctypes.c_int, _pointer, ctypes.c_int, ctypes.c_uint32, ctypes.c_uint32)
_GO_ON, _GIVE_UP = 1, 0


class Contexts:
    """Makes contexts that are asked for one call each, by functions of the engine's C interface."""

    def __init__(self, function: Callable[..., Callable[..., Any]]) -> None:
        """`function` finds one by name, the type of its answer and those of what it takes."""
        self._new_settings = function("c2pa_settings_new", _pointer)
        self._fill = function(
            "c2pa_settings_update_from_string",
            ctypes.c_int,
            *(_pointer, ctypes.c_char_p, ctypes.c_char_p),
        )
        self._new = function("c2pa_context_builder_new", _pointer)
        self._set = function("c2pa_context_builder_set_settings", ctypes.c_int, _pointer, _pointer)
        self._watch = function(
            "c2pa_context_builder_set_progress_callback",
            ctypes.c_int,
            *(_pointer, _pointer, _Progress),
        )
        self._build = function("c2pa_context_builder_build", _pointer, _pointer)
        self._free = function("c2pa_free", ctypes.c_int, _pointer)

    @contextmanager
    def stopping(self, settings: str, stop: Stop) -> Iterator[int | None]:
        """A context with these settings (JSON) for one call, None where the engine refuses them.

        The engine gives up as soon as there is a reason in `stop`. How far it says to be is not
        passed on: a step may be a quarter of a gigabyte, or one number in a film.
        """

        def progress(_: object, phase: int, step: int, total: int) -> int:
            return _GO_ON if stop.reason is None else _GIVE_UP

        heard = _Progress(progress)  # it lives as long as the context
        context = self._made(settings, heard)
        try:
            yield context
        finally:
            if context is not None:
                self._free(context)

    def _made(self, settings: str, heard: Any) -> int | None:
        options = self._new_settings()
        try:
            if self._fill(options, settings.encode(), b"json"):
                return None
            builder = self._new()
            if self._set(builder, options) or self._watch(builder, None, heard):
                self._free(builder)
                return None
            built: int | None = self._build(builder)  # which takes the builder over
            return built
        finally:
            self._free(options)
