"""The CAWG identity assertion (CAWG Identity 1.0 to 1.3, "CBOR schema"), read and not checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import Any

from genlabel.manifests.store import cbor_value
from genlabel.manifests.store.cbor import Unreadable
from genlabel.manifests.store.cbor_encoding import as_it_stands, deterministic
from genlabel.manifests.store.manifest_store import Superbox
from genlabel.model.dataclass import dataclass
from genlabel.model.named_tuple import NamedTuple

MAX_REFERENCES = 1000
"""Most assertions that one identity may reference."""


class Reference(NamedTuple):
    """One entry of ``referenced_assertions``: a hashed URI (C2PA 2.4 §8.4.2)."""

    url: str
    hash: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityAssertion:
    """What an identity assertion holds; fields that no version knows are left aside."""

    signature_type: str
    """``signer_payload.sig_type``."""
    references: tuple[Reference, ...]
    roles: tuple[str, ...]
    signature: bytes = field(repr=False)
    padding: tuple[bytes, ...] = field(repr=False)
    """``pad1`` and, where there is one, ``pad2``."""
    payload: Mapping[str, Any] = field(repr=False)
    """The whole ``signer_payload``, the ``expected_…`` fields of 1.1 and 1.2 included."""
    stored: bytes = field(repr=False)
    """The payload's CBOR as it stands."""

    @property
    def deterministic(self) -> bytes:
        """The payload in the encoding that every version asks for (RFC 8949 §4.2.1)."""
        return deterministic(self.payload)

    @property
    def as_stored(self) -> Iterator[bytes]:
        """The payload with its keys in the order that is stored: its very bytes, then anew.

        c2pa-rs signs the order in which it writes; others who do write indefinite lengths.
        """
        yield self.stored
        yield as_it_stands(self.payload)


def read(box: Superbox) -> IdentityAssertion:
    """The identity assertion in its box. Raises `Unreadable`."""
    data = box.content(b"cbor")
    fields = cbor_value.value(data)
    if not isinstance(fields, dict):
        raise Unreadable("an identity assertion that is no map")
    payload, signature = fields.get("signer_payload"), fields.get("signature")
    if not isinstance(payload, dict) or not isinstance(signature, bytes):
        raise Unreadable("no signer_payload, or no signature of bytes")
    padding: list[Any] = [fields.get("pad1"), fields.get("pad2", b"")]
    signature_type = payload.get("sig_type")
    if not isinstance(signature_type, str) or not all(isinstance(each, bytes) for each in padding):
        raise Unreadable("no sig_type, or padding that is no bytes")
    return IdentityAssertion(
        signature_type=signature_type,
        references=tuple(map(_reference, _listed(payload, "referenced_assertions"))),
        roles=tuple(map(_role, _listed(payload, "role"))),
        signature=signature,
        padding=tuple(padding),
        payload=payload,
        stored=cbor_value.members(data)["signer_payload"],
    )


def _listed(payload: Mapping[str, Any], key: str) -> list[Any]:
    listed = payload.get(key, [] if key == "role" else None)
    if not isinstance(listed, list) or len(listed) > MAX_REFERENCES:
        raise Unreadable(f"{key!r} is no list of at most {MAX_REFERENCES:,}")
    return listed


def _reference(entry: Any) -> Reference:
    fields = entry if isinstance(entry, dict) else {}
    url, value = fields.get("url"), fields.get("hash")
    if not isinstance(url, str) or not isinstance(value, bytes):
        raise Unreadable("a reference without address or hash")
    return Reference(url, value)


def _role(entry: Any) -> str:
    if not isinstance(entry, str):
        raise Unreadable("a role that is no text")
    return entry
