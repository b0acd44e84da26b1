"""Chains that others made against the rules: refused with the rule named (faults/certificates)."""

import pytest
from cryptography import x509

import genlabel
from genlabel.credentials.trust import Trust, path as paths
from genlabel.credentials.x509 import chain as chains, profile
from genlabel.manifests.store import manifest_store
from genlabel.manifests.store.cose import claim_signature
from genlabel.model.report import Severity, TrustLevel
from oracles import corpus

FOLDER = corpus.beside("faults")
pytestmark = pytest.mark.skipif(FOLDER is None, reason="the folder of faults is not here")

# the chain, the rule that it fails
CHAINS = [
    ("inter_no_ku", "key usage"),
    ("inter_no_skid", "subject key identifier"),
    ("issuer_unique_id", "unique identifiers"),
    ("ku_no_digsig", "key usage"),
    ("rsa_issuer_pss_mgf_mismatch", "certificate signature"),
    ("subject_unique_id", "unique identifiers"),
    ("unknown_critical_ext", "critical extensions"),
]
SIGNED = ["inter_no_ku", "inter_no_skid", "ku_no_digsig", "ok_email_only"]


def place(name):
    assert FOLDER is not None
    return FOLDER / "certificates" / name


def signers(name):
    """The certificates with which the active manifest of a picture is signed."""
    data = place(f"{name}.jpg").read_bytes()
    store = genlabel.formats.identify(data).survey(data).manifest
    return chains.parsed(claim_signature(manifest_store.read(store).active).certificates)


@pytest.mark.parametrize(("name", "rule"), CHAINS)
def test_keys_check_refuses_with_the_rule_named(name, rule):
    result = genlabel.check_keys(place(f"{name}.pem"))
    assert not result.ok
    errors = [each for each in result.problems if each.severity is Severity.ERROR]
    assert [each.name for each in errors] == [rule]
    assert all(each.source and each.remedy for each in errors)
    chain = x509.load_pem_x509_certificates(place(f"{name}.pem").read_bytes())
    assert [each.name for each in profile.faults(chain, algorithm="es256")] == [rule]


def test_another_curve_is_allowed_and_the_engine_named():
    result = genlabel.check_keys(place("p384_key_es256.pem"), algorithm="es256")
    assert (result.ok, result.algorithm) == (True, "es256")
    assert "engine" in result.problems[0].message
    chain = x509.load_pem_x509_certificates(place("p384_key_es256.pem").read_bytes())
    assert profile.faults(chain, algorithm="es256") == ()
    own = Trust.of(signers=place("p384_key_es256.root"))
    assert paths.trust_anchor(chain, own).level is TrustLevel.KNOWN


@pytest.mark.parametrize("name", SIGNED)
def test_signed_pictures_are_judged_by_the_same_rules(name):
    found = [each.name for each in profile.faults(signers(name), algorithm="es256")]
    assert found == [rule for chain, rule in CHAINS if chain == name]


def test_an_email_certificate_is_on_no_c2pa_list():
    chain, root = signers("ok_email_only"), place("ok_email_only.root")
    assert paths.trust_anchor(chain, Trust.of(lists=[("c2pa", root)])) is None
    assert paths.trust_anchor(chain, Trust.of(signers=root)).level is TrustLevel.KNOWN
