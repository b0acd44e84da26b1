"""`awskms:` signers: a key in AWS Key Management Service, which signs by its `Sign` operation.

Credentials, region and endpoint are AWS's own business: boto3 finds them where it always does.
"""

from __future__ import annotations

import threading
import urllib.parse
from dataclasses import field
from functools import partial
from typing import Any

from genlabel.credentials.signers.key_source import KeyMaterial, KeyOptions
from genlabel.credentials.x509 import delivery, files, key as keys
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import ConfigurationError, SigningError

MAX_RAW = 4096
"""Most bytes that the service hashes itself (AWS KMS API reference, Sign: Message)."""
CONNECT, READ, TRIES = 5, 15, 3
"""Seconds for a connection and for an answer, and how often either is tried."""

_NAMES = {
    "es256": "ECDSA_SHA_256",
    "es384": "ECDSA_SHA_384",
    "es512": "ECDSA_SHA_512",
    "ps256": "RSASSA_PSS_SHA_256",
    "ps384": "RSASSA_PSS_SHA_384",
    "ps512": "RSASSA_PSS_SHA_512",
    "ed25519": "ED25519_SHA_512",
}
_MAKING: threading.Lock = threading.Lock()
"""boto3's default session makes one client at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AwsKey:
    """A key of the service, by its id, ARN, alias or alias ARN."""

    key: str
    region: str | None
    options: KeyOptions = field(repr=False)

    @property
    def name(self) -> str:
        """The key's URI."""
        return f"awskms:{self.key}"

    def read(self) -> bytes:
        """The chain's file: the service holds none."""
        if self.options.certificates is None:
            raise ConfigurationError(
                f"{self.name}: the key service holds no certificates",
                remedy="give the chain with --certificates FILE (`certificates` in [signer])",
            )
        return files.read(self.options.certificates)

    def material(self, pem: bytes, /) -> KeyMaterial:
        """The chain, and the service to ask."""
        source = str(self.options.certificates)
        certs = delivery.read(pem, source=source).chain
        return KeyMaterial(
            chain=certs,
            chain_source=source,
            key=partial(self.sign, self._client(), self.options.algorithm_for(certs)),
            algorithm=self.options.algorithm,
        )

    def _client(self) -> Any:
        boto3, botocore = _boto3()
        settings = botocore.config.Config(
            connect_timeout=CONNECT,
            read_timeout=READ,
            retries={"total_max_attempts": TRIES, "mode": "standard"},
        )
        try:
            with _MAKING:
                return boto3.client("kms", region_name=self.region, config=settings)
        except (botocore.exceptions.BotoCoreError, ValueError) as error:
            raise ConfigurationError(
                f"{self.name}: {error}", remedy="set AWS_REGION, or add ?region=NAME to the URI"
            ) from error

    def sign(self, client: Any, algorithm: str, data: bytes) -> bytes:
        """The service's answer: ECDSA as DER. Raises `SigningError` with the service's own."""
        _, botocore = _boto3()
        message, kind = data, "RAW"
        if len(data) > MAX_RAW:
            if algorithm == "ed25519":
                raise SigningError(
                    f"{self.name}: signs at most {MAX_RAW:,} bytes with Ed25519, "
                    f"and the claim has {len(data):,}",
                    remedy="use an ECDSA key, or fewer ingredients",
                )
            message, kind = keys.digest(algorithm, data), "DIGEST"
        try:
            answer = client.sign(
                KeyId=self.key,
                Message=message,
                MessageType=kind,
                SigningAlgorithm=_NAMES[algorithm],
            )
        except botocore.exceptions.ClientError as error:
            refusal = error.response.get("Error", {})
            code, message = refusal.get("Code", "unknown error"), refusal.get("Message")
            raise SigningError(
                f"{self.name}: AWS KMS refused: {code}" + (f": {message}" if message else ""),
                remedy=_REMEDIES.get(code, "nothing was signed; see the service's answer"),
            ) from error
        except botocore.exceptions.BotoCoreError as error:
            raise SigningError(
                f"{self.name}: AWS KMS was not reached: {error}",
                remedy="see AWS credentials, region and network; nothing was signed",
            ) from error
        return bytes(answer["Signature"])


_REMEDIES = {
    "AccessDeniedException": "allow kms:Sign on this key",
    "NotFoundException": "check key, account and region",
    "DisabledException": "enable the key",
    "KMSInvalidStateException": "enable the key, or take another",
    "InvalidKeyUsageException": "take a key made for SIGN_VERIFY",
}


def of(rest: str, options: KeyOptions) -> AwsKey:
    """The key source that ``awskms:`` and `rest` mean: ``KEY``, ``///KEY``, ``KEY?region=NAME``."""
    _boto3()
    text, _, query = rest.partition("?")
    if text.startswith("//"):
        host, slash, text = text[2:].partition("/")
        if host or not slash:
            raise ConfigurationError(
                f"awskms:{rest}: an endpoint is not named here",
                remedy="set AWS_ENDPOINT_URL_KMS, and say awskms:///KEY",
            )
    key = urllib.parse.unquote(text)
    asked = urllib.parse.parse_qs(query, keep_blank_values=True)
    if not key or asked.keys() - {"region"} or any(len(each) > 1 for each in asked.values()):
        raise ConfigurationError(
            f"awskms:{rest}: not understood",
            remedy="say awskms:KEY, by id, ARN or alias/NAME, and if need be ?region=NAME",
        )
    region = asked.get("region", [None])[0] or _region_in(key)
    return AwsKey(key=key, region=region, options=options)


def _region_in(key: str) -> str | None:
    """An ARN names its region: arn:partition:kms:REGION:account:key/…"""
    parts = key.split(":")
    return parts[3] if len(parts) == 6 and parts[0] == "arn" else None


def _boto3() -> tuple[Any, Any]:
    try:
        import boto3
        import botocore.config
        import botocore.exceptions
    except ImportError as error:
        raise ConfigurationError(
            "awskms: needs boto3, which is not installed", remedy="pip install 'genlabel[aws]'"
        ) from error
    return boto3, botocore
