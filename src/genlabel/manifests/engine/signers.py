"""The engine's signers made from ours: with the key where it is to be had, else by a callback."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext

from genlabel.credentials.identity import Identity, IdentityForm
from genlabel.credentials.signer import Signer
from genlabel.credentials.signers import callback
from genlabel.manifests.engine.c_api import Handle, Refused, native
from genlabel.manifests.engine.while_held import WhileHeld
from genlabel.manifests.store import cbor, cbor_value
from genlabel.manifests.store.cbor_encoding import deterministic
from genlabel.model.errors import GenlabelError


class Callback:
    """What the engine calls for a signature. One object serves one signing.

    What the signer raises is kept, and raised once the native code is back. `prepare` makes what is
    signed of what the engine gives.
    """

    def __init__(self, signer: Signer, prepare: Callable[[bytes], bytes] = bytes) -> None:
        self._signer, self._prepare = signer, prepare
        self.failure: BaseException | None = None
        """What the signer raised; the engine itself would only say that there was no signature."""

    def __call__(self, data: bytes) -> bytes:
        """The signature over `data`, prepared and checked with the certificate's key.

        Empty after a failure. Whoever wrote the signer, what goes into a picture was checked here.
        """
        from genlabel.credentials.signers import signature

        signer = self._signer
        name = str(getattr(signer, "name", type(signer).__name__))
        try:
            data = self._prepare(data)
            return signature.settled(
                signer.sign(data),
                data,
                algorithm=signer.algorithm,
                chain_pem=signer.chain_pem,
                name=name,
            )
        except GenlabelError as error:
            self.failure = error
        except Exception as error:  # noqa: BLE001  anybody's signer: nothing may be lost in native code
            self.failure = callback.failed(name, error)
            self.failure.__cause__ = error
        except BaseException as error:  # noqa: BLE001  an exit asked for in a signer happens outside
            self.failure = error
        return b""

    @contextmanager
    def heard(self, *refusals: type[Exception]) -> Iterator[None]:
        """Raises what the signer raised, in place of the engine's own `refusals` of it."""
        try:
            yield
        except refusals as error:
            if self.failure is None:
                raise
            raise self.failure from (self.failure.__cause__ or error)
        if self.failure is not None:
            raise self.failure


def native_signer(
    signer: Signer,
    identity: Identity | None,
    referenced: tuple[str, ...],
    *,
    room: bool,
    new: bool = False,
) -> AbstractContextManager[Handle]:
    """The engine's own signer for `signer`: with the key if it can be had, else by callback.

    With `identity` it signs an identity assertion over the assertions `referenced` along. For
    `room` in the claim's signature, that is made by callback: for those the engine pads as it does
    for a `ta_url`, and asks no authority itself. So is that of an identity in the standard's form.
    A `new` one is for a context, which takes it over.
    """
    shared = None if room or new else _shared(signer, identity, referenced)
    return _made(signer, identity, referenced, room) if shared is None else nullcontext(shared)


@contextmanager
def _made(
    signer: Signer, identity: Identity | None, referenced: tuple[str, ...], room: bool
) -> Iterator[Handle]:
    with ExitStack() as stack:
        natives = [(None if room else _with_key(signer)) or _asking(signer, stack)]
        if identity is not None:
            natives.append(
                _attester(identity) or _asking(identity.signer, stack, _prepare(identity))
            )
        yield _one(natives, identity, referenced)


def holding(
    signer: Signer, identity: Identity | None, referenced: tuple[str, ...]
) -> Handle | None:
    """A new one with all keys in it; None where one of them stays in its place."""
    claim = _with_key(signer)
    if claim is None or identity is None:
        return claim
    attester = _attester(identity)
    return None if attester is None else _one([claim, attester], identity, referenced)


def _shared(
    signer: Signer, identity: Identity | None, referenced: tuple[str, ...]
) -> Handle | None:
    """`holding`, made once for each process: what is native does not survive a fork."""
    further = referenced, os.getpid()
    return _kept.get(signer, identity, further, lambda: holding(signer, identity, referenced))


_kept = WhileHeld()


def _attester(identity: Identity) -> Handle | None:
    """The engine's signer of an identity; None where ours has to be asked."""
    return _with_key(identity.signer) if identity.form is IdentityForm.C2PA_RS else None


def _prepare(identity: Identity) -> Callable[[bytes], bytes]:
    """What makes of the engine's bytes those that the identity signs."""
    return bytes if identity.form is IdentityForm.C2PA_RS else _in_order


def _in_order(structure: bytes) -> bytes:
    """COSE's ``Sig_structure`` (RFC 9052 §4.4) with its payload in Core Deterministic Encoding.

    The engine gives the payload in the order of its own struct; CAWG Identity 1.3 ("Signer
    payload") has it in that of RFC 8949 §4.2.1.
    """
    *head, payload = cbor_value.value(structure)
    context, protected, external = head
    return cbor.array(
        cbor.text(context.encode()),
        cbor.string(protected),
        cbor.string(external),
        cbor.string(deterministic(cbor_value.value(payload))),
    )


def _with_key(signer: Signer) -> Handle | None:
    """The engine's signer with the key itself; None for a key that stays in its place."""
    key = signer.private_key_pem()
    return None if key is None else native().signer(signer.algorithm, signer.chain_pem, key)


def _asking(signer: Signer, stack: ExitStack, prepare: Callable[[bytes], bytes] = bytes) -> Handle:
    """The engine's signer that asks ours, whose failures are raised where `stack` ends."""
    callback = Callback(signer, prepare)
    stack.enter_context(callback.heard(Refused))
    return native().asking(signer.algorithm, signer.chain_pem, callback)


def _one(
    natives: Sequence[Handle], identity: Identity | None, referenced: tuple[str, ...]
) -> Handle:
    """The claim's signer; of two, one that adds a ``cawg.identity`` assertion over `referenced`.

    The engine has a setting for that (``cawg_x509_signer``), which it ignores wherever a signer is
    given. It takes both over, even where it refuses. The hard binding is referenced whatever is
    named; a label that no assertion has is passed over, so read the result back.
    """
    if identity is None:
        return natives[0]
    claim, attester = natives
    roles = [role.value for role in identity.roles]
    return native().identity_signer(claim, attester, referenced, roles)
