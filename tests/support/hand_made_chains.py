"""Certificates with any fault that one asks for: what no authority would issue."""

import datetime
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

EMAIL = ExtendedKeyUsageOID.EMAIL_PROTECTION
CLAIM_SIGNING = ObjectIdentifier("1.3.6.1.4.1.62558.2.1")
DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")

NOW = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
DAY = datetime.timedelta(days=1)
ALWAYS = (NOW - DAY, NOW + 30 * DAY)
OVER = (NOW - 30 * DAY, NOW - DAY)
SOON = (NOW + DAY, NOW + 30 * DAY)

KEY_USAGES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)


@dataclass(frozen=True)
class Link:
    certificate: x509.Certificate
    key: object

    @property
    def pem(self):
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def key_pem(self):
        return self.key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )


def p256():
    return ec.generate_private_key(ec.SECP256R1())


def link(
    common_name,
    issuer=None,
    *,
    key=None,
    organisation="Acme Ltd",
    valid=ALWAYS,
    ca=None,
    path_length=None,
    usages=("digital_signature",),
    usage_critical=True,
    extended=(EMAIL,),
    identifies_issuer=True,
    names_key=True,
    digest=None,
    pss=False,
    ca_critical=True,
    more=(),
):
    """One certificate; `ca=None` leaves basic constraints out, `more` are (extension, critical)."""
    key = key or p256()
    names = [x509.NameAttribute(NameOID.COMMON_NAME, common_name)]
    if organisation:
        names.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation))
    subject = x509.Name(names)
    signing_key = issuer.key if issuer else key
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(valid[0])
        .not_valid_after(valid[1])
    )
    if ca is not None:
        constraints = x509.BasicConstraints(ca, path_length)
        builder = builder.add_extension(constraints, critical=ca_critical)
    if usages is not None:
        flags = {name: name in usages for name in KEY_USAGES}
        builder = builder.add_extension(x509.KeyUsage(**flags), critical=usage_critical)
    if extended is not None:
        builder = builder.add_extension(x509.ExtendedKeyUsage(list(extended)), critical=False)
    if names_key:
        builder = builder.add_extension(
            x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False
        )
    if identifies_issuer:
        builder = builder.add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signing_key.public_key()),
            critical=False,
        )
    for extension, critical in more:
        builder = builder.add_extension(extension, critical=critical)
    if digest is None and not isinstance(signing_key, ed25519.Ed25519PrivateKey):
        digest = hashes.SHA256()
    extra = (
        {"rsa_padding": padding.PSS(padding.MGF1(digest), padding.PSS.DIGEST_LENGTH)} if pss else {}
    )
    return Link(builder.sign(signing_key, digest, **extra), key)


AUTHORITY = {"ca": True, "usages": ("key_cert_sign", "crl_sign"), "extended": None}


def root(**changes):
    return link("Root", **{**AUTHORITY, **changes})


def intermediate(issuer, **changes):
    return link("Intermediate", issuer, **{**AUTHORITY, "path_length": 0, **changes})


def leaf(issuer, **changes):
    return link("Leaf", issuer, **{"ca": False, **changes})


def as_version_1(made, issuer):
    """The same certificate as X.509 v1: without version and extensions (RFC 5280 §4.1)."""

    def split(data):
        """The elements of a DER sequence's content, whole."""
        parts = []
        while data:
            length, header = data[1], 2
            if length & 0x80:
                header += length & 0x7F
                length = int.from_bytes(data[2:header], "big")
            parts.append(data[: header + length])
            data = data[header + length :]
        return parts

    def sequence(content):
        size = len(content)
        width = (size.bit_length() + 7) // 8
        head = bytes([size]) if size < 128 else bytes([0x80 | width]) + size.to_bytes(width, "big")
        return b"\x30" + head + content

    def content(element):
        return element[2 + (element[1] & 0x7F if element[1] & 0x80 else 0) :]

    fields = split(content(made.certificate.tbs_certificate_bytes))
    plain = sequence(b"".join(field for field in fields if field[0] not in (0xA0, 0xA3)))
    signature = issuer.key.sign(plain, ec.ECDSA(hashes.SHA256()))
    bits = b"\x03" + bytes([len(signature) + 1]) + b"\x00" + signature
    return Link(x509.load_der_x509_certificate(sequence(plain + fields[2] + bits)), made.key)
