"""The engine's contexts that have a signer, kept for the next file where that has its key."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

from genlabel.credentials.identity import Identity
from genlabel.credentials.signer import Signer
from genlabel.credentials.trust import Trust
from genlabel.manifests.engine.c_api import Handle, native
from genlabel.manifests.engine.settings import settings_under as _settings
from genlabel.manifests.engine.signers import holding, native_signer
from genlabel.manifests.engine.while_held import WhileHeld


def signing_context(
    signer: Signer,
    identity: Identity | None,
    referenced: tuple[str, ...],
    trust: Trust,
    *,
    room: bool,
) -> AbstractContextManager[Handle]:
    """A context that has its signer; kept for the next file where that has its key."""
    kept = None if room else _shared(signer, identity, referenced, trust)
    return _made(signer, identity, referenced, trust, room) if kept is None else nullcontext(kept)


@contextmanager
def _made(
    signer: Signer,
    identity: Identity | None,
    referenced: tuple[str, ...],
    trust: Trust,
    room: bool,
) -> Iterator[Handle]:
    with native_signer(signer, identity, referenced, room=room, new=True) as signing:
        yield native().context(json.dumps(_settings(trust)), signer=signing)


def _shared(
    signer: Signer, identity: Identity | None, referenced: tuple[str, ...], trust: Trust
) -> Handle | None:
    """The same for as long as this process and the signer last; None where a key stays put."""

    def make() -> Handle | None:
        signing = holding(signer, identity, referenced)
        if signing is None:
            return None
        return native().context(json.dumps(_settings(trust)), signer=signing)

    return _kept.get(signer, identity, (referenced, trust, os.getpid()), make)


_kept = WhileHeld()
