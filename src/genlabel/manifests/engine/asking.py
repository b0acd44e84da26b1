"""Asking a signer from inside the engine: what it raises is carried out past the native code."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from genlabel.credentials.signer import Signer
from genlabel.model.errors import GenlabelError


class Asked:
    """What the engine calls for a signature. One object serves one signing."""

    def __init__(self, signer: Signer) -> None:
        self._signer = signer
        self.failure: BaseException | None = None
        """What the signer raised; the engine itself would only say that there was no signature."""

    def __call__(self, data: bytes) -> bytes:
        """The signature over `data`, checked with the certificate's key; empty after a failure.

        Whoever wrote the signer, what goes into a picture was checked here.
        """
        from genlabel.credentials.signers import callback, signature

        signer = self._signer
        name = str(getattr(signer, "name", type(signer).__name__))
        try:
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
