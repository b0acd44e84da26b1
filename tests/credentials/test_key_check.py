"""A credential is checked before anything is signed: every fault is a row, none is raised."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

import genlabel
import hand_made_chains as made
from chain_cases import ACCEPTED, MIDDLE, REFUSED, ROOT, holder, leaf, pem
from genlabel.credentials.x509 import certificate_policy
from genlabel.model.errors import CredentialError
from genlabel.model.report import Severity
from genlabel.operations import doctor
from genlabel.rendering import text
from genlabel.rendering.text import Style
from genlabel.testing import Authority
from hand_made_chains import CLAIM_SIGNING, EMAIL


@pytest.fixture
def acme(tmp_path):
    return Authority.new("Acme Studio").write(tmp_path / "keys")


@pytest.fixture
def check(tmp_path):
    """Checks hand-made links as files, with the key of one of them."""

    def checked(chain, key=None, algorithm=None):
        (tmp_path / "chain.pem").write_bytes(pem(chain))
        if key is not None:
            (tmp_path / "own.key").write_bytes(key.key_pem)
            (tmp_path / "own.key").chmod(0o600)
        return genlabel.check_keys(
            tmp_path / "chain.pem",
            key=tmp_path / "own.key" if key is not None else None,
            algorithm=algorithm,
        )

    return checked


def errors(result):
    return [each.name for each in result.problems if each.severity is Severity.ERROR]


def test_a_good_credential_is_probed_and_says_what_viewers_will_show(acme):
    result = genlabel.check_keys(acme.certificates, key=acme.key)
    assert (result.ok, result.probed, result.problems) == (True, True, ())
    assert (result.organisation, result.common_name) == ("Acme Studio", "Acme Studio Development")
    assert result.algorithm == "es256"
    signer = genlabel.KeySigner.from_files(acme.key, acme.certificates)
    assert result.verifies_until == signer.not_valid_after


def test_a_chain_alone_is_checked_without_a_probe(acme):
    result = genlabel.check_keys(acme.certificates)
    assert (result.ok, result.probed, result.key) == (True, None, None)


SETTLED = ("authority first", "root between", "root included")
"""What a delivery may be like; it is put right and told (test_delivery)."""


def unsettled(rows):
    return [row for row in rows if row[0] not in SETTLED]


@pytest.mark.parametrize(
    ("chain", "algorithm", "rule", "engine"),
    [row[1:] for row in unsettled(REFUSED)],
    ids=[row[0] for row in unsettled(REFUSED)],
)
@pytest.mark.parametrize("with_key", [True, False], ids=["with key", "chain alone"])
def test_a_faulty_chain_is_a_row_with_source_and_remedy(
    chain, algorithm, rule, engine, with_key, check
):
    result = check(chain, holder(chain) if with_key else None, algorithm)
    assert not result.ok
    assert rule in errors(result)
    assert result.probed is None
    assert all(each.source and each.name and each.remedy for each in result.problems)


@pytest.mark.parametrize(
    ("chain", "algorithm", "remarks"),
    [row[1:] for row in unsettled(ACCEPTED)],
    ids=[row[0] for row in unsettled(ACCEPTED)],
)
def test_a_sound_chain_signs_its_probe(chain, algorithm, remarks, check):
    result = check(chain, holder(chain), algorithm)
    assert (result.ok, result.probed) == (True, True)
    assert [each.name for each in result.problems][: len(remarks)] == remarks


def test_the_wrong_order_does_not_hide_what_else_is_wrong(check):
    first, second = leaf(extended=None, usages=None)
    result = check([second, first], first)
    assert errors(result) == ["key usage", "extended key usage"]
    assert errors(check([second, first])) == ["key usage", "extended key usage"]
    assert result.prepared == ("ordered",)


def test_a_foreign_key_does_not_hide_what_is_wrong_with_the_chain(check):
    result = check(leaf(identifies_issuer=False), made.leaf(MIDDLE))
    assert errors(result) == ["key", "authority key identifier"]


def test_a_key_that_no_algorithm_takes_is_a_row(check):
    small = made.leaf(MIDDLE, key=rsa.generate_private_key(65537, 1024))
    result = check([small, MIDDLE], small)
    assert set(errors(result)) == {"signature algorithm"}
    assert result.algorithm is None


def test_an_algorithm_of_another_curve_is_allowed_and_named_as_beyond_the_engine(check):
    chain = leaf(key=ec.generate_private_key(ec.SECP384R1()))
    result = check(chain, None, "es256")
    assert (result.ok, result.algorithm) == (True, "es256")
    beyond = result.problems[0]
    assert (beyond.severity, beyond.name) == (Severity.NOTE, "signature algorithm")
    assert beyond.remedy == "use es384"
    signed = check(chain, chain[0], "es256")  # with the key it is tried, and does not come off
    assert (signed.ok, signed.probed, errors(signed)) == (False, False, ["probe signature"])


def test_an_algorithm_of_another_kind_of_key_is_a_row(check):
    chain = leaf(key=ec.generate_private_key(ec.SECP384R1()))
    result = check(chain, chain[0], "ps256")
    assert errors(result) == ["signature algorithm"]
    assert result.problems[0].remedy == "use es384"


def test_a_chain_that_the_published_list_cannot_name_is_a_note(check):
    (found,) = check(leaf(extended=(EMAIL,))).problems
    assert (found.severity, "c2pa-kp-claimSigning" in found.message) == (Severity.NOTE, True)
    rows = check(leaf(extended=(CLAIM_SIGNING, EMAIL))).problems
    assert {(each.source, each.severity) for each in rows} == {
        (certificate_policy.SOURCE, Severity.NOTE)
    }


def test_too_long_a_chain_is_a_row(check):
    others = [made.intermediate(ROOT) for _ in range(10)]
    assert errors(check([made.leaf(MIDDLE), *others])) == ["chain"]


def test_what_no_rule_knows_is_found_by_the_probe(acme, monkeypatch):
    authority = Authority.new("Acme Studio")
    signer = authority.signer()
    monkeypatch.setattr(type(signer), "private_key_pem", lambda self: None)
    monkeypatch.setattr(type(signer), "sign", lambda self, data: b"\0" * 64)
    found = doctor.probe(signer)
    assert found.severity is Severity.ERROR
    assert found.rule == doctor.PROBE_RULE
    result = genlabel.check_keys(acme.certificates, key=acme.key)
    assert (result.ok, result.probed) == (False, False)
    assert errors(result) == ["probe signature"]


def test_a_key_that_is_refused_while_the_probe_is_signed_is_a_row_too(monkeypatch):
    """As a token does that refuses the PIN: `CredentialError` in place of a signature."""
    signer = Authority.new("Acme Studio").signer()

    def refuses(data):
        raise CredentialError("pkcs11:token=x: the token refuses the PIN", remedy="give the right")

    monkeypatch.setattr(type(signer), "private_key_pem", lambda self: None)
    monkeypatch.setattr(type(signer), "sign", lambda self, data: refuses(data))
    problem = doctor.probe(signer)
    assert problem.rule == doctor.PROBE_RULE
    assert "the token refuses the PIN" in problem.message
    assert problem.remedy == "give the right"


@pytest.mark.parametrize("missing", ["certificates", "key"])
def test_what_cannot_be_read_is_raised(acme, missing, tmp_path):
    files = {"certificates": acme.certificates, "key": acme.key, missing: tmp_path / "none"}
    with pytest.raises(CredentialError, match="cannot be read"):
        genlabel.check_keys(files["certificates"], key=files["key"])


def test_an_encrypted_key_without_passphrase_is_raised(tmp_path):
    written = Authority.new("Acme Studio").write(tmp_path / "k", passphrase="sesame")
    with pytest.raises(CredentialError, match="no passphrase"):
        genlabel.check_keys(written.certificates, key=written.key)
    assert genlabel.check_keys(written.certificates, key=written.key, passphrase="sesame").probed


def test_an_algorithm_that_nobody_knows_is_raised(acme):
    with pytest.raises(CredentialError, match="rs256"):
        genlabel.check_keys(acme.certificates, algorithm="rs256")


def test_the_root_in_a_shuffled_chain_is_not_taken_for_the_signer(check):
    first, second = leaf()
    result = check([ROOT, second, first])
    assert result.common_name == "Leaf"
    assert errors(result) == []
    assert result.prepared == ("ordered", "root-left-out")


def test_a_hostile_name_in_a_certificate_commands_no_terminal(check):
    result = check([made.leaf(ROOT, organisation="Acme\x1b[31m\u202e::error::")])
    shown = text.rendered(result, Style())
    assert "Acme" in shown
    assert not {"\x1b", "\u202e"} & set(shown)
    assert "::error" not in shown
