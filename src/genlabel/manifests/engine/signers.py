"""The engine's own signers, made from ours: with the key itself where it is to be had."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import lru_cache
from typing import Any

from genlabel.credentials.identity import Identity
from genlabel.credentials.signer import Signer
from genlabel.manifests.engine import load
from genlabel.manifests.engine.asking import Asked
from genlabel.manifests.engine.c_api import Refused
from genlabel.manifests.engine.joined import joined


@contextmanager
def native_signer(
    signer: Signer,
    identity: Identity | None,
    referenced: tuple[str, ...],
    *,
    room: bool,
    given: bool = False,
) -> Iterator[Any]:
    """The engine's own signer for `signer`: with the key if it can be had, else by callback.

    With `identity` it signs an identity assertion over the assertions `referenced` along. For
    `room` in the claim's signature, that is made by callback: for those the engine pads as it does
    for a `ta_url`, and asks no authority itself. One that is `given` away, to a context, is new.
    """
    kept = None if room or given else _holding(signer, identity, referenced)
    if kept is not None:
        yield kept
        return
    c2pa = load.module()
    with ExitStack() as stack:
        natives = []
        for each in (signer, *((identity.signer,) if identity else ())):
            native = None if room and each is signer else _with_key(each)
            if native is None:
                asked = Asked(each)
                stack.enter_context(asked.heard(c2pa.C2paError, Refused))
                number = c2pa.C2paSigningAlg[each.algorithm.upper()]
                native = c2pa.Signer.from_callback(asked, number, each.chain_pem.decode("ascii"))
            natives.append(native)
        yield stack.enter_context(_one(natives, identity, referenced))


def holding(signer: Signer, identity: Identity | None, referenced: tuple[str, ...]) -> Any:
    """A new one with all keys in it; None where one of them stays in its place."""
    natives = []
    for each in (signer, *((identity.signer,) if identity else ())):
        native = _with_key(each)
        if native is None:
            return None
        natives.append(native)
    return _one(natives, identity, referenced)


_holding = lru_cache(maxsize=8)(holding)


def _one(natives: Sequence[Any], identity: Identity | None, referenced: tuple[str, ...]) -> Any:
    if identity is None:
        return natives[0]
    roles = [role.value for role in identity.roles]
    return joined(load.module(), *natives, referenced=referenced, roles=roles)


def _with_key(signer: Signer) -> Any:
    """The engine's signer with the key itself; None for a key that stays in its place."""
    c2pa = load.module()
    key = signer.private_key_pem()
    if key is None:
        return None
    info = c2pa.C2paSignerInfo(signer.algorithm.encode(), signer.chain_pem, key, None)
    return c2pa.Signer.from_info(info)
