"""The engine's contexts that only read, kept for the next file where that is small."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import lru_cache

from genlabel.credentials.trust import Trust
from genlabel.manifests.engine.c_api import Handle, Refused, native
from genlabel.manifests.engine.cancel import Stop
from genlabel.manifests.engine.settings import settings_under
from genlabel.model.errors import EngineError
from genlabel.storage import buffers


@contextmanager
def reading_context(
    size: int, stop: Stop, trust: Trust, *, identities: bool = False
) -> Iterator[Handle]:
    """The engine's context for one look at a file of `size` bytes.

    A large file gets one of its own, in which the engine stops between two looks at the file, too.
    """
    if size < buffers.LARGE:
        yield kept_context(trust, os.getpid(), identities=identities)
        return
    with ExitStack() as stack:
        try:
            settings = json.dumps(settings_under(trust, identities=identities))
            context = stack.enter_context(native().stoppable(settings, stop))
        except Refused as error:
            raise EngineError(f"the C2PA engine refused its settings: {error}") from error
        yield context


@lru_cache(maxsize=16)
def kept_context(trust: Trust, process: int, *, identities: bool) -> Handle:
    """A context with frozen settings, kept for as long as its process lasts.

    `process` is part of the key because a context does not survive a fork.
    """
    try:
        return native().context(json.dumps(settings_under(trust, identities=identities)))
    except Refused as error:
        raise EngineError(f"the C2PA engine refused its settings: {error}") from error
