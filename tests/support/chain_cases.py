"""Chains of every kind, accepted and refused by the certificate profile, with the rule named."""

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID as Usage

import hand_made_chains as made
from hand_made_chains import CLAIM_SIGNING, DOCUMENT_SIGNING, EMAIL, OVER, SOON

ROOT = made.root()
MIDDLE = made.intermediate(ROOT)
P521 = ec.generate_private_key(ec.SECP521R1())


def leaf(**changes):
    return [made.leaf(MIDDLE, **changes), MIDDLE]


def under(middle, **changes):
    return [made.leaf(middle, **changes), middle]


def alone(**changes):
    return [made.leaf(None, **changes)]


def deep():
    shallow = made.intermediate(ROOT, path_length=0)
    below = made.link("Too deep", shallow, **made.AUTHORITY)
    return [made.leaf(below), below, shallow]


def turned_round():
    return leaf()[::-1]


def shuffled():
    first, second = leaf()
    return [first, ROOT, second]


ONLY = {"ca": True, "usages": ("digital_signature", "key_cert_sign")}
SMALL_RSA = {"key": rsa.generate_private_key(65537, 1024)}
RSA = {"key": rsa.generate_private_key(65537, 2048)}
P384 = {"key": ec.generate_private_key(ec.SECP384R1())}
KOBLITZ = {"key": ec.generate_private_key(ec.SECP256K1())}

# what, the chain, its algorithm, the rule that refuses it, what the engine makes of it
REFUSED = [
    ("email and any usage", leaf(extended=(Usage.ANY_EXTENDED_KEY_USAGE, EMAIL)), "es256",
     "extended key usage", "refused"),
    ("any usage", leaf(extended=(Usage.ANY_EXTENDED_KEY_USAGE,)), "es256",
     "extended key usage", "refused"),
    ("no extended key usage", leaf(extended=None), "es256", "extended key usage", "refused"),
    ("client authentication", leaf(extended=(Usage.CLIENT_AUTH,)), "es256",
     "extended key usage", "refused"),
    ("server authentication", leaf(extended=(Usage.SERVER_AUTH,)), "es256",
     "extended key usage", "refused"),
    ("code signing", leaf(extended=(Usage.CODE_SIGNING,)), "es256",
     "extended key usage", "refused"),
    ("time-stamping and email", leaf(extended=(Usage.TIME_STAMPING, EMAIL)), "es256",
     "extended key usage", "refused"),
    ("OCSP and claims", leaf(extended=(Usage.OCSP_SIGNING, CLAIM_SIGNING)), "es256",
     "extended key usage", "refused"),
    # The engine is lenient with these two; the specification is not.
    ("time-stamping", leaf(extended=(Usage.TIME_STAMPING,)), "es256",
     "extended key usage", "Trusted"),
    ("OCSP", leaf(extended=(Usage.OCSP_SIGNING,)), "es256", "extended key usage", "Trusted"),
    ("no key usage", leaf(usages=None), "es256", "key usage", "refused"),
    ("key encipherment only", leaf(usages=("key_encipherment",)), "es256", "key usage", "refused"),
    ("may sign certificates", leaf(usages=("digital_signature", "key_cert_sign")), "es256",
     "key usage", "refused"),
    ("an authority", leaf(ca=True), "es256", "basic constraints", "refused"),
    ("no authority key identifier", leaf(identifies_issuer=False), "es256",
     "authority key identifier", "refused"),
    ("a self-signed authority", alone(**ONLY), "es256", "basic constraints", "refused"),
    ("version 1", [made.as_version_1(made.leaf(MIDDLE), MIDDLE), MIDDLE], "es256",
     "version", "refused"),
    ("RSA of 1024 bits", leaf(**SMALL_RSA), "ps256", "signature algorithm", "refused"),
    ("a key on secp256k1", leaf(**KOBLITZ), "es256", "signature algorithm", "refused"),
    ("expired", leaf(valid=OVER), "es256", "validity", "refused"),
    ("not yet valid", leaf(valid=SOON), "es256", "validity", "refused"),
    ("an expired intermediate", under(made.intermediate(ROOT, valid=OVER)), "es256",
     "validity", "Valid"),
    ("an intermediate that begins tomorrow", under(made.intermediate(ROOT, valid=SOON)), "es256",
     "validity", "Valid"),
    ("authority first", turned_round(), "es256", "order", "refused"),
    ("root between", shuffled(), "es256", "order", "Valid"),
    ("a foreign intermediate", [made.leaf(MIDDLE), made.intermediate(ROOT)], "es256",
     "chain", "Valid"),
    ("an intermediate that is no authority",
     under(made.intermediate(ROOT, ca=False, path_length=None)), "es256",
     "basic constraints", "Valid"),
    ("an intermediate without constraints",
     under(made.intermediate(ROOT, ca=None)), "es256", "basic constraints", "Valid"),
    ("an intermediate that may not sign certificates",
     under(made.intermediate(ROOT, usages=("crl_sign",))), "es256", "key usage", "Valid"),
    ("one authority too many", deep(), "es256", "basic constraints", "Valid"),
    ("signed with SHA-224", leaf(digest=hashes.SHA224()), "es256",
     "certificate signature", "refused"),
    ("signed on P-521 with SHA-256", under(made.intermediate(ROOT, key=P521)), "es256",
     "certificate signature", "Valid"),
]  # fmt: skip

# what, the chain, its algorithm, what we remark
ACCEPTED = [
    ("email", leaf(), "es256", []),
    ("claims and email", leaf(extended=(CLAIM_SIGNING, EMAIL)), "es256", []),
    ("claims", leaf(extended=(CLAIM_SIGNING,)), "es256", ["extended key usage"]),
    ("documents", leaf(extended=(DOCUMENT_SIGNING,)), "es256", ["extended key usage"]),
    ("client authentication and email", leaf(extended=(Usage.CLIENT_AUTH, EMAIL)), "es256", []),
    ("non-repudiation", leaf(usages=("digital_signature", "content_commitment")), "es256", []),
    ("key usage not critical", leaf(usage_critical=False), "es256", ["key usage"]),
    ("no subject key identifier", leaf(names_key=False), "es256", []),
    ("no basic constraints", leaf(ca=None), "es256", []),
    ("no organisation", leaf(organisation=None), "es256", ["organisation"]),
    ("root included", [*leaf(), ROOT], "es256", ["root"]),
    ("RSA of 2048 bits", leaf(**RSA), "ps384", []),
    ("signed on P-521 with SHA-512",
     under(made.intermediate(ROOT, key=P521), digest=hashes.SHA512()), "es256", []),
    ("signed with RSA-PSS", under(made.intermediate(ROOT, **RSA), pss=True), "es256", []),
]  # fmt: skip


def public(chain):
    return [link.certificate for link in chain]


def pem(chain):
    return b"".join(link.pem for link in chain)


def holder(chain):
    """The link whose key signs: the leaf, wherever it stands."""
    return next(each for each in chain if each.certificate not in (MIDDLE.certificate,))
