"""Every row of the certificate tables: refused with its rule named, and what the engine says."""

from datetime import timedelta

import pytest

import hand_made_chains as made
import raw_engine
from chain_cases import ACCEPTED, MIDDLE, P384, REFUSED, ROOT, alone, holder, leaf, pem, public
from genlabel.credentials.x509 import profile
from genlabel.model.errors import CredentialError
from genlabel.model.report import Severity
from genlabel.testing import picture
from hand_made_chains import NOW, OVER

JPEG = picture("jpeg", size=(32, 32))


def problems(chain, algorithm="es256", key=None, at=NOW):
    own = (key or holder(chain)).key.public_key()
    return profile.problems(public(chain), own, algorithm=algorithm, at=at)


def name(problem):
    return problem.rule.split(": ")[1]


@pytest.mark.parametrize(
    ("chain", "algorithm", "rule", "engine"),
    [row[1:] for row in REFUSED],
    ids=[row[0] for row in REFUSED],
)
def test_a_faulty_chain_is_refused_with_its_rule_named(chain, algorithm, rule, engine):
    with pytest.raises(CredentialError) as refusal:
        profile.require(
            profile.problems(
                public(chain), holder(chain).key.public_key(), algorithm=algorithm, at=NOW
            )
        )
    assert refusal.value.rule.endswith(f": {rule}")
    assert refusal.value.rule.startswith("C2PA 2.4 §1")
    assert refusal.value.remedy
    key = holder(chain).key_pem
    assert raw_engine.verdict(JPEG, algorithm, pem(chain), key, ROOT.pem) == engine


@pytest.mark.parametrize(
    ("chain", "algorithm", "remarks"),
    [row[1:] for row in ACCEPTED],
    ids=[row[0] for row in ACCEPTED],
)
def test_a_sound_chain_passes_and_the_engine_trusts_it(chain, algorithm, remarks):
    found = problems(chain, algorithm)
    assert [name(problem) for problem in found] == remarks
    assert Severity.ERROR not in {problem.severity for problem in found}
    key = holder(chain).key_pem
    assert raw_engine.verdict(JPEG, algorithm, pem(chain), key, ROOT.pem) == "Trusted"


@pytest.mark.parametrize("algorithm", ["es256", "es512"])
def test_any_curve_goes_with_any_hash_and_the_engine_cannot_do_it(algorithm):
    """C2PA 2.4 §13.2.1: implementations shall accept keys on any of these curves."""
    chain = leaf(**P384)
    (found,) = problems(chain, algorithm)
    assert (name(found), found.severity) == ("signature algorithm", Severity.NOTE)
    assert (found.remedy, profile.faults(public(chain), algorithm=algorithm)) == ("use es384", ())
    assert problems(chain, "es384") == ()
    verdict = raw_engine.verdict(JPEG, algorithm, pem(chain), chain[0].key_pem, ROOT.pem)
    assert verdict == "refused"


def test_a_missing_organisation_is_a_warning():
    (found,) = problems(leaf(organisation=None))
    assert found.severity is Severity.WARNING
    assert "no company" in found.message


def test_a_root_in_the_chain_is_a_note():
    (found,) = problems([*leaf(), ROOT])
    assert found.severity is Severity.NOTE


def test_an_expired_root_does_harm_only_inside_the_chain():
    old = made.root(valid=OVER)
    middle = made.intermediate(old)
    chain = [made.leaf(middle), middle]
    key = chain[0].key_pem
    assert problems(chain) == ()
    assert raw_engine.verdict(JPEG, "es256", pem(chain), key, old.pem) == "Trusted"
    with pytest.raises(CredentialError, match="'Root' expired") as refusal:
        profile.require(problems([*chain, old]))
    assert refusal.value.remedy == "leave this root out of the chain"
    assert raw_engine.verdict(JPEG, "es256", pem([*chain, old]), key, old.pem) == "Valid"


def test_a_leaf_without_its_intermediate_is_a_warning_and_stays_untrusted():
    chain = leaf()[:1]
    (found,) = problems(chain)
    assert (name(found), found.severity) == ("intermediates", Severity.WARNING)
    assert raw_engine.verdict(JPEG, "es256", pem(chain), chain[0].key_pem, ROOT.pem) == "Valid"


def test_a_self_signed_leaf_is_a_warning_and_is_trusted_only_as_its_own_anchor():
    chain = alone()
    (found,) = problems(chain)
    assert (name(found), found.severity) == ("self-signed", Severity.WARNING)
    key = chain[0].key_pem
    assert raw_engine.verdict(JPEG, "es256", pem(chain), key, ROOT.pem) == "Valid"
    assert raw_engine.verdict(JPEG, "es256", pem(chain), key, chain[0].pem) == "Trusted"


def test_a_key_of_another_certificate_is_refused():
    stranger = made.leaf(MIDDLE)
    with pytest.raises(CredentialError, match="does not belong") as refusal:
        profile.require(
            profile.problems(public(leaf()), stranger.key.public_key(), algorithm="es256", at=NOW)
        )
    assert refusal.value.rule.endswith(": key")
    assert raw_engine.verdict(JPEG, "es256", pem(leaf()), stranger.key_pem, ROOT.pem) == "refused"


def test_the_moment_of_signing_decides_on_validity():
    chain = leaf()
    assert problems(chain) == ()
    (late,) = [
        each for each in problems(chain, at=NOW + timedelta(days=31)) if "Leaf" in each.message
    ]
    assert name(late) == "validity"


def test_all_rows_are_listed_and_not_only_the_first():
    chain = leaf(extended=None, usages=None, identifies_issuer=False, organisation=None)
    assert [name(problem) for problem in problems(chain)] == [
        "key usage",
        "extended key usage",
        "authority key identifier",
        "organisation",
    ]


@pytest.mark.parametrize("count", [0, 11])
def test_no_chain_and_an_endless_chain_are_refused(count):
    (found,) = profile.problems(
        public(leaf())[:1] * count, MIDDLE.key.public_key(), algorithm="es256", at=NOW
    )
    assert name(found) == "chain"
