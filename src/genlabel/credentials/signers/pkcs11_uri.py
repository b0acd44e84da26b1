"""PKCS#11 URIs (RFC 7512): which key on which card or in which module is meant."""

from __future__ import annotations

import os
import urllib.parse
from pathlib import Path

from genlabel.credentials.signers.file import path_in
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import ConfigurationError

MODULE_VARIABLE = "PKCS11_MODULE_PATH"
"""Names the module where the URI does not, as for OpenSSL's own engine."""
MAX_URI = 4096

_IN_PATH = frozenset(
    {"token", "serial", "manufacturer", "model", "slot-id", "object", "id", "type"}
)
_IN_QUERY = frozenset({"module-path", "pin-source"})
# RFC 7512 §2.3 and §2.4 have more (library, slot and module names): they are refused.
_EXAMPLE = "say pkcs11:token=NAME;object=KEY?module-path=/usr/lib/softhsm/libsofthsm2.so"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pkcs11Uri:
    """One key. What is None is not asked for."""

    module: str
    """The path of the library that knows the token."""
    token: str | None = None
    """The token's label."""
    serial: str | None = None
    manufacturer: str | None = None
    model: str | None = None
    slot: int | None = None
    object: str | None = None
    """The key's label."""
    id: bytes | None = None
    """The key's CKA_ID."""
    pin_file: Path | None = None
    """The file that holds the PIN."""

    def __str__(self) -> str:
        """The key alone, for sentences: neither module nor PIN."""
        attributes = {
            "token": self.token,
            "serial": self.serial,
            "slot-id": str(self.slot) if self.slot is not None else None,
            "object": self.object,
        }
        parts = [f"{name}={urllib.parse.quote(text)}" for name, text in attributes.items() if text]
        if self.id is not None:
            parts.append("id=" + "".join(f"%{each:02X}" for each in self.id))
        return "pkcs11:" + ";".join(parts)


def parse(rest: str) -> Pkcs11Uri:
    """The key that ``pkcs11:`` and `rest` mean. Raises `ConfigurationError`, secrets unsaid."""
    if len(rest) > MAX_URI:
        raise ConfigurationError(f"pkcs11: more than {MAX_URI:,} characters", remedy=_EXAMPLE)
    path, _, query = rest.partition("?")
    path_attributes = _attributes(path, ";", _IN_PATH)
    query_attributes = _attributes(query, "&", _IN_QUERY)
    if path_attributes.get("type", b"private") != b"private":
        raise ConfigurationError(
            "pkcs11: type: only a private key signs", remedy="say type=private, or leave it out"
        )
    slot = _text(path_attributes, "slot-id")
    if slot is not None and not (slot.isascii() and slot.isdigit() and len(slot) <= 20):
        raise ConfigurationError(f"pkcs11: slot-id: {slot!r} is no number", remedy=_EXAMPLE)
    if "object" not in path_attributes and "id" not in path_attributes:
        raise ConfigurationError("pkcs11: neither object nor id names the key", remedy=_EXAMPLE)
    module = _text(query_attributes, "module-path") or os.environ.get(MODULE_VARIABLE)
    if not module:
        raise ConfigurationError(
            "pkcs11: no module-path names the token's library",
            remedy=f"add ?module-path=/path/to/module.so, or set {MODULE_VARIABLE}",
        )
    return Pkcs11Uri(
        module=module,
        token=_text(path_attributes, "token"),
        serial=_text(path_attributes, "serial"),
        manufacturer=_text(path_attributes, "manufacturer"),
        model=_text(path_attributes, "model"),
        slot=int(slot) if slot is not None else None,
        object=_text(path_attributes, "object"),
        id=path_attributes.get("id"),
        pin_file=_pin_file(_text(query_attributes, "pin-source")),
    )


def _attributes(text: str, separator: str, known: frozenset[str]) -> dict[str, bytes]:
    attributes: dict[str, bytes] = {}
    for part in text.split(separator) if text else ():
        name, sign, value = part.partition("=")
        if name in attributes:
            raise ConfigurationError(f"pkcs11: {name}: twice", remedy="say it once")
        if not sign or name not in known:
            shown = name if name.replace("-", "").isalnum() and len(name) < 32 else "an attribute"
            raise ConfigurationError(
                f"pkcs11: {shown}: not understood here",
                remedy=f"known are {', '.join(sorted(_IN_PATH))}; "
                f"after the question mark {' and '.join(sorted(_IN_QUERY))}",
            )
        attributes[name] = urllib.parse.unquote_to_bytes(value)
    return attributes


def _text(attributes: dict[str, bytes], name: str) -> str | None:
    value = attributes.get(name)
    if value is None:
        return None
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"pkcs11: {name}: no UTF-8", remedy=_EXAMPLE) from error


def _pin_file(source: str | None) -> Path | None:
    if source is None:
        return None
    if source.startswith("|"):  # RFC 7512 §2.4 lets it be a program
        raise ConfigurationError(
            "pkcs11: pin-source: genlabel runs no program for a PIN",
            remedy="name a file with pin-source=file:/path",
        )
    return Path(path_in(source.removeprefix("file:"))).expanduser()
