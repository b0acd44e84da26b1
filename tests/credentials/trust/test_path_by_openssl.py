"""Our path and OpenSSL's (RFC 5280 §6) are of one mind, but where C2PA asks for more."""

import shutil
import subprocess

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID as Usage, NameOID

import forged_certificates as forged
import hand_made_chains as made
from genlabel.credentials.trust import Trust, path as paths
from hand_made_chains import CLAIM_SIGNING, EMAIL

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")

ROOT = made.root()
MIDDLE = made.intermediate(ROOT)
RSA = made.intermediate(ROOT, key=rsa.generate_private_key(65537, 2048))


def openssl(tmp_path, chain, root, *purpose):
    """Does OpenSSL find a path, whatever the dates?"""
    for name, links in (("leaf", chain[:1]), ("middle", chain[1:]), ("root", [root])):
        (tmp_path / name).write_bytes(b"".join(each.pem for each in links))
    words = ["-no_check_time", *purpose, "-CAfile", tmp_path / "root"]
    words += ["-untrusted", tmp_path / "middle"] if chain[1:] else []
    done = subprocess.run(
        ["openssl", "verify", *words, tmp_path / "leaf"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.returncode == 0


def ours(chain, root):
    found = paths.path([each.certificate for each in chain], Trust.of(signers=root.pem))
    return found is not None


def under(middle, **how):
    return [made.leaf(middle, **how), middle]


def constrained(permitted=None, excluded=None):
    return made.intermediate(ROOT, more=[(x509.NameConstraints(permitted, excluded), True)])


def named(*alternative):
    return {"more": [(x509.SubjectAlternativeName(alternative), False)]}


def name(*pairs):
    listed = [x509.NameAttribute(oid, text) for oid, text in pairs]
    return x509.DirectoryName(x509.Name(listed))


LEAF = name((NameOID.COMMON_NAME, "Leaf"))
ACME = [x509.DNSName("acme.example"), x509.RFC822Name("acme.example")]
DEEP = made.link("Deep", MIDDLE, **made.AUTHORITY)
RENEWED = made.link("Intermediate", MIDDLE, **made.AUTHORITY)
STRANGER = made.intermediate(made.root())

CASES = {
    "in order": under(MIDDLE),
    "the root as its issuer": [made.leaf(ROOT)],
    "another root of the name": under(STRANGER),
    "an authority too many": [made.leaf(DEEP), DEEP, MIDDLE],
    "an authority that names itself": [made.leaf(RENEWED), RENEWED, MIDDLE],
    "no authority": under(made.intermediate(ROOT, ca=False, path_length=None)),
    "no right to sign": under(made.intermediate(ROOT, usages=("crl_sign",), path_length=None)),
    "another key is named": under(
        MIDDLE, identifies_issuer=False,
        more=[(x509.AuthorityKeyIdentifier(b"another", None, None), False)],
    ),
    "a host inside": under(constrained(ACME), **named(x509.DNSName("www.acme.example"))),
    "a host outside": under(constrained(ACME), **named(x509.DNSName("xacme.example"))),
    "a host that is forbidden": under(
        constrained(None, ACME), **named(x509.DNSName("www.ACME.example"))
    ),
    "a mailbox inside": under(constrained(ACME), **named(x509.RFC822Name("a@acme.example"))),
    "a mailbox outside": under(constrained(ACME), **named(x509.RFC822Name("a@b.acme.example"))),
    "a mailbox that is forbidden": under(
        constrained(None, ACME), **named(x509.RFC822Name("a@acme.example"))
    ),
    "an address inside": under(
        constrained([x509.UniformResourceIdentifier(".acme.example")]),
        **named(x509.UniformResourceIdentifier("https://www.acme.example/x")),
    ),
    "an address outside": under(
        constrained([x509.UniformResourceIdentifier(".acme.example")]),
        **named(x509.UniformResourceIdentifier("https://acme.example/x")),
    ),
    "a subject inside": under(constrained([LEAF])),
    "a subject outside": under(constrained([name((NameOID.COMMON_NAME, "Other"))])),
    "a subject that is forbidden": under(constrained(None, [LEAF])),
    "RSA-PSS": [forged.with_pss(made.leaf(RSA), RSA, "sha256", "sha256"), RSA],
    "on another curve": under(
        made.intermediate(ROOT, key=ec.generate_private_key(ec.SECP384R1()))
    ),
}  # fmt: skip


@pytest.mark.parametrize("chain", CASES.values(), ids=CASES)
def test_both_find_a_path_or_none(chain, tmp_path):
    assert ours(chain, ROOT) is openssl(tmp_path, chain, ROOT)


@pytest.mark.parametrize(
    ("usages", "goes"),
    [((EMAIL,), True), ((EMAIL, CLAIM_SIGNING), True), ((Usage.SERVER_AUTH,), False)],
    ids=lambda each: "",
)
def test_both_ask_for_what_an_authority_is(usages, goes, tmp_path):
    """OpenSSL where it is told the purpose, `smimesign`; ours for claims by e-mail's usage."""
    middle = made.intermediate(ROOT, more=[(x509.ExtendedKeyUsage(usages), False)])
    chain = under(middle, extended=(EMAIL,))
    assert ours(chain, ROOT) is openssl(tmp_path, chain, ROOT, "-purpose", "smimesign") is goes
