"""Time-stamp tokens, right ones and forged ones, made without genlabel's own authority."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from asn1crypto import algos, cms, core, tsp, x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from genlabel import formats
from genlabel.manifests.store import cbor, cose, manifest_store, sigtst

NOW = datetime.now(UTC).replace(microsecond=0)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
STAMPING = (ExtendedKeyUsageOID.TIME_STAMPING,)
_ALGORITHMS = {"es256": "sha256_ecdsa", "rs256": "sha256_rsa", "ed25519": "ed25519"}


@dataclass(frozen=True)
class Clock:
    """An authority's key, its certificate, and the root above."""

    key: object
    certificate: x509.Certificate
    root: x509.Certificate

    @classmethod
    def new(
        cls,
        name: str = "Acme Clock",
        *,
        key: object = None,
        ekus=STAMPING,
        critical: bool = True,
        usage: str = "digital_signature",
        authority: bool = False,
        depth: int | None = 1,
        begins: datetime = NOW - 400 * DAY,
        ends: datetime = NOW + 400 * DAY,
    ) -> Clock:
        root_key = ec.generate_private_key(ec.SECP256R1())
        own = key or ec.generate_private_key(ec.SECP256R1())
        always = (NOW - 4000 * DAY, NOW + 4000 * DAY)
        root_name = _name("Acme Time Root")
        root = _certificate(
            root_name, root_key.public_key(), root_name, root_key, always, ca=True, depth=depth
        )
        extensions = [(x509.ExtendedKeyUsage(ekus), critical)] if ekus else []
        leaf = _certificate(
            _name(name), own.public_key(), root_name, root_key, (begins, ends),
            ca=authority, usage=usage, extensions=extensions,
        )  # fmt: skip
        return cls(own, leaf, root)

    @property
    def anchors(self) -> bytes:
        return self.root.public_bytes(serialization.Encoding.PEM)


def _name(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _certificate(
    subject, public, issuer, issuer_key, validity, *, ca, depth=None, usage="key_cert_sign",
    extensions=(),
) -> x509.Certificate:  # fmt: skip
    names = (
        *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment"),
        *("key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
    )
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(validity[0])
        .not_valid_after(validity[1])
        .add_extension(x509.BasicConstraints(ca, depth if ca else None), critical=True)
        .add_extension(x509.KeyUsage(**{each: each == usage for each in names}), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()),
            critical=False,
        )
    )
    for value, critical in extensions:
        builder = builder.add_extension(value, critical=critical)
    return builder.sign(issuer_key, hashes.SHA256())


def token(
    message: bytes,
    clock: Clock,
    *,
    moment: datetime = NOW - HOUR,
    digest: str = "sha256",
    accuracy: dict[str, int] | None = None,
    without: Sequence[str] = (),
    naming: str | None = None,
    named: Clock | None = None,
    signers: int = 1,
    embedded: bool = True,
    pss: bool = False,
    answered: bool = False,
) -> bytes:
    """A ``TimeStampToken`` over `message`, DER, with what the options make of it.

    `without` names signed attributes that are left out, `naming` is the kind of attribute that
    names the certificate, `named` whose it names. `answered`: a whole ``TimeStampResp``.
    """
    info = tsp.TSTInfo(
        {
            "version": "v1",
            "policy": "1.3.6.1.4.1.32473.1",
            "message_imprint": {
                "hash_algorithm": {"algorithm": digest},
                "hashed_message": hashlib.new(digest, message).digest(),
            },
            "serial_number": 7,
            "gen_time": moment,
            **({} if accuracy is None else {"accuracy": accuracy}),
        }
    ).dump()
    own = asn1_x509.Certificate.load(_der(clock.certificate))
    meant = _der((named or clock).certificate)
    listed = {
        "content_type": "tst_info",
        "message_digest": hashlib.sha256(info).digest(),
        "signing_certificate_v2": tsp.SigningCertificateV2(
            {"certs": [{"cert_hash": hashlib.sha256(meant).digest()}]}
        ),
        "signing_certificate": tsp.SigningCertificate(
            {"certs": [{"cert_hash": hashlib.sha1(meant).digest()}]}
        ),
    }
    names = ["content_type", "message_digest", naming or "signing_certificate_v2"]
    attributes = [{"type": name, "values": [listed[name]]} for name in names if name not in without]
    signed = cms.CMSAttributes(attributes)
    algorithm, value = _signature(clock.key, signed.dump() if attributes else info, pss=pss)
    signer = cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier(
                name="issuer_and_serial_number",
                value={"issuer": own.issuer, "serial_number": own.serial_number},
            ),
            "digest_algorithm": {"algorithm": "sha256"},
            **({"signed_attrs": signed} if attributes else {}),
            "signature_algorithm": algorithm,
            "signature": value,
        }
    )
    data = {
        "version": "v3",
        "digest_algorithms": [algos.DigestAlgorithm({"algorithm": "sha256"})],
        "encap_content_info": {
            "content_type": "tst_info",
            "content": core.ParsableOctetString(info),
        },
        "signer_infos": [signer] * signers,
        **({"certificates": [own]} if embedded else {}),
    }
    outer = cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(data)})
    if answered:
        return tsp.TimeStampResp(
            {"status": {"status": "granted"}, "time_stamp_token": outer}
        ).dump()
    return outer.dump()


def _der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)


def _signature(key: object, data: bytes, *, pss: bool) -> tuple[dict, bytes]:
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return {"algorithm": "ed25519"}, key.sign(data)
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return {"algorithm": "sha256_ecdsa"}, key.sign(data, ec.ECDSA(hashes.SHA256()))
    assert isinstance(key, rsa.RSAPrivateKey)
    if not pss:
        return {"algorithm": "sha256_rsa"}, key.sign(data, padding.PKCS1v15(), hashes.SHA256())
    parameters = algos.RSASSAPSSParams(
        {
            "hash_algorithm": {"algorithm": "sha256"},
            "mask_gen_algorithm": {"algorithm": "mgf1", "parameters": {"algorithm": "sha256"}},
            "salt_length": 32,
        }
    )
    salt = padding.PSS(padding.MGF1(hashes.SHA256()), 32)
    signature = key.sign(data, salt, hashes.SHA256())
    return {"algorithm": "rsassa_pss", "parameters": parameters}, signature


def stamped(data: bytes, made: Callable[[bytes], bytes], *, legacy: bool = False) -> bytes:
    """The JPEG file `data` with a time-stamp by `made` in the padding of its signature.

    `legacy`: as up to C2PA 2.0, over the claim.
    """
    survey = formats.identify(data).survey(data)
    store = survey.manifest
    assert store is not None
    manifest = manifest_store.read(store).active
    assert manifest is not None
    signature = cose.claim_signature(manifest)
    message = sigtst.over(signature)
    if legacy:
        message = signature.structure(b"CounterSignature", signature.claim)
    return in_padding(data, {"sigTst" if legacy else "sigTst2": [made(message)]})


def in_padding(data: bytes, headers: dict[str, list[bytes]]) -> bytes:
    """The JPEG file `data` with containers of tokens in its signature."""
    store = formats.identify(data).survey(data).manifest
    assert store is not None
    manifest = manifest_store.read(store).active
    assert manifest is not None
    filled = store
    for name, tokens in headers.items():
        value = cbor.mapping(
            {
                b"tstTokens": cbor.array(
                    *(cbor.mapping({b"val": cbor.string(each)}) for each in tokens)
                )
            }
        )
        filled = cose.fill_padding(filled, manifest.label, name.encode(), value)
    return data.replace(store, filled)
