"""Certificates changed below what cryptography builds, and signed again: fields nobody writes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from asn1crypto import algos, core, x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.serialization import Encoding

from hand_made_chains import Link

Change = Callable[[Any], None]
HASHES = {"sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512()}


def changed(made: Link, issuer: Link, change: Change) -> Link:
    """`made` with its TBSCertificate changed, signed by `issuer` (P-256) once more."""
    certificate = asn1.Certificate.load(made.certificate.public_bytes(Encoding.DER))
    change(certificate["tbs_certificate"])
    body = certificate["tbs_certificate"].dump(force=True)
    return _signed(made, certificate, issuer.key.sign(body, ec.ECDSA(hashes.SHA256())))


def with_unique_identifier(made: Link, issuer: Link, field: str) -> Link:
    """`field` is ``issuer_unique_id`` or ``subject_unique_id`` (RFC 5280 §4.1.2.8)."""

    def change(body: Any) -> None:
        body[field] = core.OctetBitString(b"\x01\x02")

    return changed(made, issuer, change)


def with_pss(made: Link, issuer: Link, digest: str | None, mask: str | None) -> Link:
    """Signed with RSA-PSS over `digest`, MGF1 with `mask`; None leaves it out, so SHA-1."""
    parameters: dict[str, Any] = {"salt_length": 32}
    if digest is not None:
        parameters["hash_algorithm"] = {"algorithm": digest}
    if mask is not None:
        parameters["mask_gen_algorithm"] = {
            "algorithm": "mgf1",
            "parameters": {"algorithm": mask},
        }
    algorithm = algos.SignedDigestAlgorithm(
        {"algorithm": "rsassa_pss", "parameters": algos.RSASSAPSSParams(parameters)}
    )
    certificate = asn1.Certificate.load(made.certificate.public_bytes(Encoding.DER))
    certificate["tbs_certificate"]["signature"] = algorithm.copy()
    certificate["signature_algorithm"] = algorithm
    body = certificate["tbs_certificate"].dump(force=True)
    hashed = HASHES[digest] if digest else hashes.SHA1()  # what is forbidden
    mgf = padding.MGF1(HASHES[mask] if mask else hashes.SHA1())
    return _signed(made, certificate, issuer.key.sign(body, padding.PSS(mgf, 32), hashed))


def _signed(made: Link, certificate: Any, signature: bytes) -> Link:
    certificate["signature_value"] = core.OctetBitString(signature)
    return Link(x509.load_der_x509_certificate(certificate.dump(force=True)), made.key)
