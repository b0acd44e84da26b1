"""Keys in Google Cloud KMS or Azure Key Vault: two small classes that genlabel can ask.

    pip install genlabel google-cloud-kms
    python examples/key_services.py google KEY_VERSION chain.pem cat.png

    pip install genlabel azure-keyvault-keys azure-identity
    python examples/key_services.py azure https://VAULT.vault.azure.net/keys/NAME/VERSION \
        chain.pem cat.png

KEY_VERSION is projects/…/locations/…/keyRings/…/cryptoKeys/…/cryptoKeyVersions/…; both keys are on
P-256 here. Writes labelled-cat.png beside you. Both services are asked for the signature of a
SHA-256 hash; nothing else leaves the machine.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import genlabel
from genlabel import CallbackSigner, Label, Producer


class GoogleAnswer(Protocol):
    """The part of `AsymmetricSignResponse` that is looked at."""

    @property
    def signature(self) -> bytes: ...

    @property
    def name(self) -> str: ...


class GoogleClient(Protocol):
    """The one method of `google.cloud.kms.KeyManagementServiceClient` that is needed."""

    def asymmetric_sign(self, request: Mapping[str, object]) -> GoogleAnswer: ...


@dataclass(frozen=True)
class GoogleKey:
    """A key of Cloud KMS on P-256 (EC_SIGN_P256_SHA256). It answers in DER."""

    client: GoogleClient
    version: str

    def __call__(self, data: bytes) -> bytes:
        digest = {"sha256": hashlib.sha256(data).digest()}
        answer = self.client.asymmetric_sign(request={"name": self.version, "digest": digest})
        if answer.name != self.version:
            raise RuntimeError(f"Cloud KMS signed with {answer.name}")
        return answer.signature


class AzureAnswer(Protocol):
    """The part of `SignResult` that is looked at."""

    @property
    def signature(self) -> bytes: ...


class AzureClient(Protocol):
    """The one method of `azure.keyvault.keys.crypto.CryptographyClient` that is needed."""

    def sign(self, algorithm: Any, digest: bytes) -> AzureAnswer: ...


@dataclass(frozen=True)
class AzureKey:
    """A key of Key Vault on P-256. It answers with r and s, one after the other."""

    client: AzureClient
    algorithm: Any
    """`SignatureAlgorithm.es256`."""

    def __call__(self, data: bytes) -> bytes:
        return self.client.sign(self.algorithm, hashlib.sha256(data).digest()).signature


def google(version: str, chain: str) -> CallbackSigner:
    """A signer with a key of Cloud KMS."""
    from google.cloud import kms

    key = GoogleKey(kms.KeyManagementServiceClient(), version)
    return CallbackSigner.asking(key, chain, name="Cloud KMS")


def azure(key_id: str, chain: str) -> CallbackSigner:
    """A signer with a key of Key Vault."""
    from azure.identity import DefaultAzureCredential
    from azure.keyvault.keys.crypto import CryptographyClient, SignatureAlgorithm

    client = CryptographyClient(key_id, DefaultAzureCredential())
    key = AzureKey(client, SignatureAlgorithm.es256)
    return CallbackSigner.asking(key, chain, name="Key Vault")


def main() -> None:
    service, key, chain, picture = sys.argv[1:]
    signer = {"google": google, "azure": azure}[service](key, chain)
    label = Label.generated(producer=Producer(signer.organisation or "Acme Studio"))
    out = f"labelled-{Path(picture).name}"
    report = genlabel.sign_file(picture, label, signer, out=out)
    print(f"{report.output}: {report.outcome}")


if __name__ == "__main__":
    main()
