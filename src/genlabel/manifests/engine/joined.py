"""Two of the engine's signers become one that signs a claim and an identity assertion beside it.

The engine has a setting for that (``cawg_x509_signer``), which it ignores wherever a signer is
given. Its C interface has a function, which its Python package does not offer.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from typing import Any


def joined(
    c2pa: Any, claim: Any, identity: Any, *, referenced: Sequence[str], roles: Sequence[str]
) -> Any:
    """A signer of claims that adds a ``cawg.identity`` assertion over `referenced`, with `roles`.

    `c2pa` is the engine's module; `claim` and `identity` are two signers of it, made for this
    call: the engine takes both over, even where it refuses, and they are closed afterwards. The
    hard binding is referenced whatever is named; a label that no assertion has is passed over, so
    read the result back. Raises `C2paError`.
    """
    package = c2pa.c2pa
    create = package._lib.c2pa_identity_signer_create
    signer, texts = ctypes.POINTER(package.C2paSigner), ctypes.POINTER(ctypes.c_char_p)
    create.argtypes, create.restype = [signer, signer, texts, texts], signer
    callbacks = claim._callback_cb, identity._callback_cb
    try:
        with package._native_section():
            made = create(claim._handle, identity._handle, _strings(referenced), _strings(roles))
            package._check_ffi_operation_result(made, "the signer of the identity was refused")
    finally:
        for each in (claim, identity):
            each._teardown(free_handle=False)
    both = c2pa.Signer(made)
    both._callback_cb = callbacks  # of signers that keep their keys: as long as `both` lives
    return both


def _strings(texts: Sequence[str]) -> Any:
    """A NULL-terminated array of C strings."""
    return (ctypes.c_char_p * (len(texts) + 1))(*(text.encode() for text in texts), None)
