"""`pkcs11:` signers: a key on a smart card or in a hardware security module, by PKCS#11.

Modules, tokens and sessions are the state of the whole process, so one lock is around all of them.
"""

from __future__ import annotations

import hashlib
import itertools
import os
import threading
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from types import ModuleType
from typing import Any, TypeVar

from cryptography import x509

from genlabel.credentials.signers import pkcs11_uri
from genlabel.credentials.signers.key_source import KeyMaterial, KeyOptions
from genlabel.credentials.signers.pkcs11_uri import Pkcs11Uri
from genlabel.credentials.x509 import chain, delivery, files, key as keys
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import ConfigurationError, CredentialError, SigningError

MAX_OBJECTS = 64
"""Most certificates of a token that are looked at."""

_LOCK = threading.RLock()

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Certificates:
    """The chain's file, or else the token's certificates: their CKA_ID and DER, the key's own."""

    file: bytes | None = None
    key_id: bytes = b""
    certificates: tuple[tuple[bytes, bytes], ...] = ()


class TokenKey:
    """A key that never leaves its token. Holds a session open; opens another when that is lost."""

    def __init__(self, uri: Pkcs11Uri, options: KeyOptions) -> None:
        self._uri = uri
        self._options = options
        self._session: Any = None
        self._process = 0
        self._pin: str | None = None
        self._refused: set[bytes] = set()
        """Hashes of PINs that the token refused: tokens lock themselves after a few of them."""

    def __repr__(self) -> str:
        return f"TokenKey({self.name!r})"

    @property
    def name(self) -> str:
        """The key's URI, without module and PIN."""
        return str(self._uri)

    def read(self) -> _Certificates:
        """The chain as it is; that the key is there is made sure of too."""
        return self._do(self._on_token if self._options.certificates is None else self._in_file)

    def material(self, state: _Certificates, /) -> KeyMaterial:
        """The chain, and the token to ask."""
        source = self.name if state.file is None else str(self._options.certificates)
        loaded = None if state.file is None else delivery.read(state.file, source=source).chain
        certs = loaded or _in_order(state, source)
        algorithm = self._options.algorithm_for(certs)
        return KeyMaterial(
            chain=certs,
            chain_source=source,
            key=lambda data: self.sign(data, algorithm),
            algorithm=self._options.algorithm,
        )

    def sign(self, data: bytes, algorithm: str) -> bytes:
        """The token's signature over `data`; ECDSA as r||s. Raises `GenlabelError`."""
        pkcs11 = _pkcs11()
        mechanism, parameter = _mechanism(pkcs11, algorithm)
        value = data if algorithm == "ed25519" else keys.digest(algorithm, data)

        def work(session: Any) -> bytes:
            key = self._key(session)
            pin = {"pin": self._secret()} if _always_asks(pkcs11, key) else {}
            return bytes(key.sign(value, mechanism=mechanism, mechanism_param=parameter, **pin))

        return self._do(work)

    def _in_file(self, session: Any) -> _Certificates:
        self._key(session)
        file = self._options.certificates
        return _Certificates(file=files.read(file) if file is not None else None)

    def _on_token(self, session: Any) -> _Certificates:
        """The certificates on the token, as bytes."""
        pkcs11 = _pkcs11()
        attribute = pkcs11.Attribute
        own = bytes(self._key(session)[attribute.ID])
        wanted = {
            attribute.CLASS: pkcs11.ObjectClass.CERTIFICATE,
            attribute.CERTIFICATE_TYPE: pkcs11.CertificateType.X_509,
        }
        objects = _some(session.get_objects(wanted))
        certificates = tuple((bytes(o[attribute.ID]), bytes(o[attribute.VALUE])) for o in objects)
        return _Certificates(key_id=own, certificates=certificates)

    def _key(self, session: Any) -> Any:
        pkcs11 = _pkcs11()
        template = {pkcs11.Attribute.CLASS: pkcs11.ObjectClass.PRIVATE_KEY}
        if self._uri.object is not None:
            template[pkcs11.Attribute.LABEL] = self._uri.object
        if self._uri.id is not None:
            template[pkcs11.Attribute.ID] = self._uri.id
        private_keys = _some(session.get_objects(template))
        if len(private_keys) != 1:
            how_many = f"{len(private_keys)} keys" if private_keys else "no such key"
            raise CredentialError(
                f"{self.name}: {how_many} on the token",
                remedy="name one key by object and id; `pkcs11-tool --list-objects` shows them",
            )
        return private_keys[0]

    def _do(self, work: Callable[[Any], T]) -> T:
        """`work` with a session; once more with a new one when the first turns out to be lost."""
        pkcs11 = _pkcs11()
        lost = (
            pkcs11.SessionHandleInvalid,
            pkcs11.SessionClosed,
            pkcs11.UserNotLoggedIn,
            pkcs11.KeyHandleInvalid,
            pkcs11.ObjectHandleInvalid,
            pkcs11.DeviceRemoved,
            pkcs11.TokenNotPresent,
        )
        with _LOCK:
            try:
                if self._session is not None and self._process == os.getpid():
                    try:
                        return work(self._session)
                    except lost:
                        self._session = None
                self._session = self._opened(pkcs11)
                self._process = os.getpid()
                return work(self._session)
            except pkcs11.PKCS11Error as error:
                self._session = None
                raise self._refusal(pkcs11, error) from error

    def _opened(self, pkcs11: ModuleType) -> Any:
        token = self._token(pkcs11)
        flags = pkcs11.TokenFlag
        if token.flags & flags.PROTECTED_AUTHENTICATION_PATH:  # the reader asks for the PIN itself
            return token.open(user_pin=pkcs11.PROTECTED_AUTH)
        if not token.flags & flags.LOGIN_REQUIRED:
            return token.open()
        pin = self._secret()
        mark = hashlib.sha256(pin.encode()).digest()
        if mark in self._refused:
            raise CredentialError(
                f"{self.name}: the token refused this PIN, and it is not tried again",
                remedy="give the right PIN; a token locks itself after a few wrong ones",
            )
        try:
            return token.open(user_pin=pin)
        except pkcs11.UserAlreadyLoggedIn:
            return token.open()  # by another signer of this process
        except (pkcs11.PinIncorrect, pkcs11.PinInvalid, pkcs11.PinLenRange):
            self._refused.add(mark)
            self._pin = None
            raise

    def _token(self, pkcs11: ModuleType) -> Any:
        """The one token that is meant. Raises `CredentialError`."""
        asked = self._uri
        try:
            library = pkcs11.lib(asked.module)
            if self._process not in (0, os.getpid()):
                library.reinitialize()  # a fork does not take the module along
        except (pkcs11.PKCS11Error, OSError) as error:
            raise ConfigurationError(
                f"{asked.module}: no PKCS#11 module that can be loaded ({error})",
                remedy="give the path of the token's module as module-path",
            ) from error
        tokens = [each for each in _some(library.get_tokens()) if _is_meant(each, asked)]
        if len(tokens) != 1:
            how = "no such token is there" if not tokens else f"{len(tokens)} tokens fit"
            raise CredentialError(
                f"{self.name}: {how}",
                remedy="insert it, or name it by token and serial; "
                "`pkcs11-tool --list-token-slots` shows what is there",
            )
        return tokens[0]

    def _secret(self) -> str:
        """The PIN: from its file, which may change, else as given, asked for once."""
        if self._uri.pin_file is not None:
            return _text(files.passphrase_in(self._uri.pin_file), self.name)
        if self._pin is None:
            passphrase = self._options.passphrase
            secret = passphrase() if callable(passphrase) else passphrase
            if not secret:
                raise CredentialError(
                    f"{self.name}: the token wants a PIN and none was given",
                    remedy="name a file with pin-source=file:/path, or set GENLABEL_PASSPHRASE",
                )
            self._pin = secret if isinstance(secret, str) else _text(secret, self.name)
        return self._pin

    def _refusal(self, pkcs11: ModuleType, error: Exception) -> CredentialError | SigningError:
        if isinstance(error, pkcs11.PinIncorrect | pkcs11.PinInvalid | pkcs11.PinLenRange):
            return CredentialError(
                f"{self.name}: the token refuses the PIN",
                remedy="give the right PIN; a token locks itself after a few wrong ones",
            )
        if isinstance(error, pkcs11.PinLocked | pkcs11.PinExpired):
            return CredentialError(
                f"{self.name}: the token's PIN is locked or has ended",
                remedy="unlock it with the token's own tools",
            )
        if isinstance(error, pkcs11.MechanismInvalid | pkcs11.MechanismParamInvalid):
            return SigningError(
                f"{self.name}: the token does not know this signature algorithm",
                remedy="choose another algorithm, or a key of another kind",
            )
        return SigningError(
            f"{self.name}: the token failed with {type(error).__name__}"
            + (f": {error}" if str(error) else ""),
            remedy="nothing was signed; see whether the token is there and works",
        )


def of(rest: str, options: KeyOptions) -> TokenKey:
    """The key source that ``pkcs11:`` and `rest` mean."""
    _pkcs11()
    return TokenKey(pkcs11_uri.parse(rest), options)


def _pkcs11() -> Any:
    try:
        import pkcs11
    except ImportError as error:
        raise ConfigurationError(
            "pkcs11: needs python-pkcs11, which is not installed",
            remedy="pip install 'genlabel[pkcs11]'",
        ) from error
    return pkcs11


def _some(objects: Iterable[Any]) -> list[Any]:
    """The first of them: a broken token may never come to an end."""
    return list(itertools.islice(objects, MAX_OBJECTS))


def _is_meant(token: Any, asked: Pkcs11Uri) -> bool:
    serial = token.serial
    attributes = (
        (asked.token, token.label),
        (asked.serial, serial.decode("utf-8", "replace") if isinstance(serial, bytes) else serial),
        (asked.manufacturer, token.manufacturer_id),
        (asked.model, token.model),
        (asked.slot, token.slot.slot_id),
    )
    return all(wanted is None or wanted == present for wanted, present in attributes)


def _mechanism(pkcs11: ModuleType, algorithm: str) -> tuple[Any, Any]:
    """Mechanism and parameter (PKCS#11 2.40 §2.3.6, §2.1.9; 3.0 §2.3.13) that sign a hash."""
    if algorithm == "ed25519":
        return pkcs11.Mechanism.EDDSA, None
    if algorithm.startswith("es"):
        return pkcs11.Mechanism.ECDSA, None
    bits = algorithm.removeprefix("ps")
    hashed, mask = pkcs11.Mechanism[f"SHA{bits}"], pkcs11.MGF[f"SHA{bits}"]
    # RFC 8230 §2: the salt is as long as the hash.
    return pkcs11.Mechanism.RSA_PKCS_PSS, (hashed, mask, int(bits) // 8)


def _always_asks(pkcs11: ModuleType, key: Any) -> bool:
    """Does the key want the PIN for each signature, as the signature key of many cards does?"""
    try:
        return bool(key[pkcs11.Attribute.ALWAYS_AUTHENTICATE])
    except pkcs11.AttributeTypeInvalid:
        return False


def _text(secret: bytes, name: str) -> str:
    try:
        return secret.decode("utf-8")
    except UnicodeDecodeError:  # without the cause, which would show the PIN
        raise CredentialError(f"{name}: the PIN is no text", remedy="give it in UTF-8") from None


def _in_order(state: _Certificates, source: str) -> tuple[x509.Certificate, ...]:
    """The key's certificate and its issuers among the token's, no root.

    Of several for the same key, as after a renewal, the youngest that is valid.
    """
    every = [
        (number, certificate)
        for number, data in state.certificates
        for certificate in chain.load(data, source=source)
    ]
    now = datetime.now(UTC)
    own = [each for number, each in every if number == state.key_id]
    own.sort(key=lambda each: (each.not_valid_after_utc > now, each.not_valid_before_utc))
    if not own:
        raise CredentialError(
            f"{source}: no certificate with the key's id on the token",
            remedy="give the chain with --certificates FILE (`certificates` in [signer])",
        )
    return chain.build(own[-1], [each for _, each in every])
