"""What `genlabel sign` signs with: its signers are opened in each process that signs."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import field, replace
from typing import TYPE_CHECKING

from genlabel.model.dataclass import dataclass

if TYPE_CHECKING:
    from genlabel.cli.settings import Settings
    from genlabel.operations.labeller import Labeller
    from genlabel.operations.sign_options import SignOptions


@dataclass(slots=True)
class Asked:
    """Asks for a passphrase, and knows whether somebody was asked."""

    ask: Callable[[], str]
    was_asked: bool = False

    def __call__(self) -> str:
        """The passphrase."""
        self.was_asked = True
        return self.ask()


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """A labeller with the signers that the settings name.

    Other processes get the settings, never a key: they open the same files, programs or tokens.
    """

    settings: Settings = field(repr=False)
    labeller: Labeller = field(repr=False)
    asked: Asked | None = None

    @classmethod
    def of(cls, settings: Settings, options: SignOptions, ask: Callable[[], str]) -> Signing:
        """As set. Raises `ConfigurationError`, `CredentialError` or `TrustError`."""
        from genlabel.operations.labeller import Labeller

        labeller = replace(
            Labeller(**vars(options)),
            trust=settings.trust(),
            stamp=settings.stamp(),
            tsa=settings.tsa(),
            ocsp=settings.ocsp(),
            sealing=settings.sealing(),
            declarations=settings.declarations(options.require_policy),
        )
        return cls._opened(settings, labeller, Asked(ask))

    @classmethod
    def _opened(cls, settings: Settings, labeller: Labeller, asked: Asked | None) -> Signing:
        signers = replace(
            labeller, signer=settings.signer(ask=asked), identity=settings.identity(ask=asked)
        )
        return cls(settings=settings, labeller=signers, asked=asked)

    @property
    def is_in_memory(self) -> bool:
        """Are all keys here, and none in a token or with a service, to which libraries talk?"""
        from genlabel.credentials.signer import KeySigner

        identity = self.labeller.identity
        signers = [self.labeller.signer, *([identity.signer] if identity is not None else [])]
        return all(isinstance(each, KeySigner) for each in signers)

    def __reduce__(self) -> tuple[object, ...]:
        if self.asked is not None and self.asked.was_asked:
            raise pickle.PicklingError("a passphrase that somebody was asked for stays here")
        return Signing._opened, (
            self.settings,
            replace(self.labeller, signer=None, identity=None),
            None,
        )
