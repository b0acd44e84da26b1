"""What the engine has made of a signer, kept for the next file for as long as somebody has it.

There are keys in it: with the signer it goes, and its memory is given back.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Hashable
from contextlib import suppress

from genlabel.credentials.identity import Identity
from genlabel.credentials.signer import Signer
from genlabel.manifests.engine.c_api import Handle

_MOST = 16

_References = tuple[weakref.ref[object], ...]


class WhileHeld:
    """Handles by signers, which are values, and by what else they depend on.

    None of a signer to which nobody can refer weakly: a handle is made each time.
    """

    def __init__(self) -> None:
        self._kept: dict[tuple[_References, Hashable], Handle | None] = {}

    def get(
        self,
        signer: Signer,
        identity: Identity | None,
        further: Hashable,
        make: Callable[[], Handle | None],
    ) -> Handle | None:
        """The handle of these, which `make` makes where there is none yet."""
        signers: list[object] = [signer]
        if identity is not None:
            signers.append(identity.signer)
            further = further, identity.roles, identity.form
        try:
            key = tuple([weakref.ref(each, self._forget) for each in signers]), further
        except TypeError:
            return make()
        with suppress(KeyError):  # other threads may clear it at any time
            return self._kept[key]
        made = make()
        if len(self._kept) >= _MOST:
            self._kept.clear()
        self._kept[key] = made
        return made

    def _forget(self, gone: weakref.ref[object]) -> None:
        for key in [*self._kept]:
            if any(each is gone for each in key[0]):
                self._kept.pop(key, None)
