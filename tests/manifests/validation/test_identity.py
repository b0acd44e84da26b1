"""An identity assertion: who attests a label beside the signer, and who cannot pretend to."""

from __future__ import annotations

import gc
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

import genlabel
from genlabel import sign, testing, verify
from genlabel.credentials.identity import Identity
from genlabel.credentials.signer import KeySigner
from genlabel.credentials.trust import Trust
from genlabel.credentials.x509 import chain, key
from genlabel.manifests.engine import engine, signing
from genlabel.model.errors import ConfigurationError, CredentialError, LabelError, SigningError
from genlabel.model.label import Label
from genlabel.model.parties import Producer
from genlabel.model.report import (
    Integrity,
    NamedActor,
    Report,
    Severity,
    TrustLevel,
    Validity,
)
from genlabel.model.results import Outcome
from genlabel.model.vocabulary import Role
from genlabel.operations.signing import rewriting
from genlabel.policies import LABELLED
from genlabel.testing import Authority, picture
from histories import ACME, FLUX, MIMES
from oracles import raw
from oracles.chain import Chain
from oracles.pictures import flipped
from resigning import JPEG

LABEL = Label.generated(producer=ACME, generator=FLUX)
REFERENCED = ("c2pa.actions.v2", "c2pa.ai-disclosure", "cawg.metadata", "c2pa.hash.data")
ALGORITHMS = ("es256", "es384", "es512", "ps256", "ps384", "ps512", "ed25519")


@pytest.fixture(scope="module")
def vendor() -> Authority:
    """Who signs claims: the maker of a software, say."""
    return Authority.new("Software Vendor")


@pytest.fixture(scope="module")
def acme() -> Authority:
    """Whose pictures they are."""
    return Authority.new("Acme Studio", identity=True)


@pytest.fixture(scope="module")
def attested(vendor, acme) -> bytes:
    """A picture that the vendor's key signs and Acme attests."""
    return sign(picture("jpeg"), LABEL, vendor.signer(), identity=Identity(acme.signer())).data


@pytest.fixture(scope="module")
def both(vendor, acme) -> Trust:
    """Either known, for what it does."""
    return testing.trust(vendor, acme)


def only(report: Report) -> NamedActor:
    (actor,) = report.identities
    return actor


# --- what is signed


@pytest.mark.parametrize("format", MIMES)
def test_the_identity_attests_everything_that_the_label_says(format, vendor, acme, both):
    signed = sign(picture(format), LABEL, vendor.signer(), identity=Identity(acme.signer()))
    report = verify(signed.data, trust=both, policy=None)
    actor = only(report)
    assert (report.signer.organisation, actor.organisation) == ("Software Vendor", "Acme Studio")
    assert actor.references == REFERENCED
    assert actor.roles == ("cawg.producer",)
    assert (actor.trust, actor.trust_list) == (TrustLevel.KNOWN, "given certificates")
    assert (actor.holds, actor.validity) == (True, Validity.WITHIN)
    assert report.declared.producer_attested


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_another_validator_trusts_it_by_its_anchors_and_by_those_alone(
    algorithm, vendor, encypher, c2pats
):
    holder = Authority.new("Acme Studio", algorithm=algorithm, identity=True)
    data = sign(
        picture("jpeg", size=(64, 64)), LABEL, vendor.signer(), identity=Identity(holder.signer())
    ).data
    known = encypher.verify(data, JPEG, vendor.anchors, identity_pem=holder.anchors)
    assert known.accepted
    assert {"cawg.identity.trusted", "cawg.x509.credential.trusted"} <= known.successes
    for others in (None, vendor.anchors):
        unknown = encypher.verify(data, JPEG, vendor.anchors, identity_pem=others)
        assert not {"cawg.identity.trusted", "cawg.x509.credential.trusted"} & unknown.successes
    assert c2pats.validate(data).accepted


def test_two_validators_read_the_same_names_and_roles(attested, vendor, acme, encypher):
    found = encypher.verify(attested, JPEG, vendor.anchors, identity_pem=acme.anchors)
    details = next(
        each["details"]
        for each in found.report["validation_results"]["success"]
        if each["code"] == "cawg.identity.trusted"
    )
    actor = only(verify(attested, policy=None))
    assert details["subject_organization"] == actor.organisation
    assert details["subject_common_name"] == actor.common_name
    assert details["trust_source"] == "document_signing"


def test_a_manifest_that_is_kept_beside_its_picture_is_attested_too(vendor, acme, both, tmp_path):
    path = tmp_path / "cat.png"
    path.write_bytes(picture("png"))
    identity = Identity(acme.signer())
    genlabel.sign_file(path, LABEL, vendor.signer(), identity=identity, sidecar=True, in_place=True)
    assert path.read_bytes() == picture("png")
    assert only(genlabel.verify_file(path, trust=both)).known


def test_nobody_attests_unless_asked(vendor, both):
    report = verify(sign(picture("png"), LABEL, vendor.signer()).data, trust=both, policy=None)
    assert report.identities == ()
    assert not report.declared.producer_attested


def test_the_roles_are_the_producers_unless_named(vendor, acme):
    editor = Label.generated(producer=Producer("Acme Studio", role=Role.EDITOR))
    several = Identity(acme.signer(), roles=(Role.PUBLISHER, Role.CREATOR))
    for identity, roles in (
        (Identity(acme.signer()), ("cawg.editor",)),
        (several, ("cawg.publisher", "cawg.creator")),
    ):
        signed = sign(picture("png", size=(32, 32)), editor, vendor.signer(), identity=identity)
        assert only(signed.report).roles == roles


def test_roles_may_be_named_and_each_counts_once(acme):
    identity = Identity(acme.signer(), roles=("publisher", Role.EDITOR, "cawg.publisher"))
    assert identity.roles == (Role.PUBLISHER, Role.EDITOR)
    with pytest.raises(LabelError):
        Identity(acme.signer(), roles=("king",))


def test_the_official_rubric_has_nothing_against_it(attested, both, rubric):
    verdicts = rubric.judge(raw.crjson(attested, JPEG, both))
    assert [check for check, said in verdicts.items() if said is not True] == []


def test_an_identity_in_the_form_of_c2pa_rs_costs_less_than_five_kilobytes(vendor, acme):
    without = sign(picture("jpeg"), LABEL, vendor.signer()).data
    identity = Identity(acme.signer(), form="c2pa-rs")
    attested = sign(picture("jpeg"), LABEL, vendor.signer(), identity=identity).data
    assert 0 < len(attested) - len(without) < 5_000


def test_one_in_the_standard_s_form_costs_less_than_fifteen(attested, vendor):
    """The engine pads every signature that it is not given the key for."""
    without = sign(picture("jpeg"), LABEL, vendor.signer()).data
    assert 0 < len(attested) - len(without) < 15_000


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize(
    ("form", "read", "mismatches"),
    [
        ("standard", "deterministic", True),
        ("c2pa-rs", "as-stored", False),
    ],
)
def test_each_form_is_signed_and_c2pa_rs_accepts_only_its_own(
    vendor, form, read, mismatches, algorithm
):
    holder = Authority.new("Acme Studio", identity=True, algorithm=algorithm)
    identity = Identity(holder.signer(), form=form)
    signed = sign(picture("jpeg"), LABEL, vendor.signer(), identity=identity, sidecar=True)
    actor = only(signed.report)
    assert (actor.holds, actor.form) == (True, read)
    answer = engine.read_store(signed.sidecar, identities=True)
    failures = answer.document["validation_results"]["activeManifest"]["failure"]
    codes = {each["code"] for each in failures if each["code"].startswith("cawg.")}
    assert codes - {"cawg.x509.signature.mismatch"} == {"cawg.x509.credential.untrusted"}
    assert ("cawg.x509.signature.mismatch" in codes) == mismatches


def test_a_form_that_nobody_knows_is_refused(acme):
    with pytest.raises(ConfigurationError, match="identity form"):
        Identity(acme.signer(), form="canonical")


def test_native_signers_come_and_go_without_harm(vendor, acme):
    """The engine takes both over, so neither may be freed twice nor kept for the next picture."""
    small, signer = picture("jpeg", size=(16, 16)), vendor.signer()
    for _ in range(12):
        role = Identity(Authority.new("Acme Studio").signer())
        assert only(sign(small, LABEL, signer, identity=role).report).holds
        assert sign(small, LABEL, signer).report.identities == ()
        gc.collect()


@pytest.mark.parametrize(
    ("form", "refusal"), [("c2pa-rs", SigningError), ("standard", CredentialError)]
)
def test_a_key_that_the_engine_cannot_take_is_an_error_and_no_unattested_picture(
    vendor, acme, form, refusal
):
    broken = replace(acme.signer(), chain_pem=b"no certificate")
    with pytest.raises(refusal):
        sign(picture("png"), LABEL, vendor.signer(), identity=Identity(broken, form=form))


# --- the second time


def test_the_same_label_and_identity_change_no_byte(attested, vendor, acme):
    again = sign(attested, LABEL, vendor.signer(), identity=Identity(acme.signer()))
    assert (again.outcome, again.data) == (Outcome.UNCHANGED, attested)
    assert sign(attested, LABEL, vendor.signer()).outcome is Outcome.UNCHANGED


def test_an_identity_that_is_not_there_yet_is_added(vendor, acme, both):
    plain = sign(picture("png"), LABEL, vendor.signer()).data
    added = sign(plain, LABEL, vendor.signer(), identity=Identity(acme.signer()), trust=both)
    assert added.outcome is Outcome.SIGNED
    assert only(added.report).known


def test_a_new_certificate_of_the_same_house_relabels_nothing_and_another_house_does(
    attested, vendor
):
    renewed = Identity(Authority.new("Acme Studio", identity=True).signer())
    again = sign(attested, LABEL, vendor.signer(), identity=renewed)
    assert again.outcome is Outcome.UNCHANGED
    other = Identity(Authority.new("Acme Holding", identity=True).signer())
    assert sign(attested, LABEL, vendor.signer(), identity=other).outcome is Outcome.SIGNED


# --- reading back


def _drops(identity):
    return None


def _uses_another(identity):
    return Identity(Authority.new("Acme Studio").signer(), roles=identity.roles)


def _gives_another_role(identity):
    return Identity(identity.signer, roles=(Role.SPONSOR,))


@pytest.mark.parametrize("lie", [_drops, _uses_another, _gives_another_role])
def test_an_engine_that_attests_otherwise_is_not_believed(lie, vendor, acme, monkeypatch):
    for name, way in (("sign", rewriting.by_engine), ("sign_into", nullcontext)):
        honest = getattr(signing, name)

        def lying(*given, identity, honest=honest, **how):
            return honest(*given, identity=lie(identity), **how)

        monkeypatch.setattr(signing, name, lying)
        with way(), pytest.raises(SigningError, match="identity assertion"):
            sign(picture("png"), LABEL, vendor.signer(), identity=Identity(acme.signer()))


def test_a_certificate_that_has_ended_attests_nothing_anew(vendor):
    now = datetime.now(UTC)
    ended = Chain.new(
        "Acme Studio", not_before=now - timedelta(days=9), not_after=now - timedelta(days=1)
    )
    holder = KeySigner.unchecked(key.load(ended.key), chain.load(ended.certificates), "es256")
    with pytest.raises(SigningError, match="identity assertion is expired"):
        sign(picture("png"), LABEL, vendor.signer(), identity=Identity(holder))


def test_an_engine_that_leaves_something_out_is_not_believed(vendor, acme, monkeypatch):
    monkeypatch.setattr(signing, "_labels", lambda definition: ("c2pa.actions.v2",))
    with pytest.raises(SigningError, match=r"leaves out .*cawg\.metadata"):
        sign(picture("png"), LABEL, vendor.signer(), identity=Identity(acme.signer()))


def test_an_identity_that_nobody_asked_for_is_not_accepted(vendor, acme, monkeypatch):
    uninvited = Identity(acme.signer(), roles=(Role.PRODUCER,))
    for name, way in (("sign", rewriting.by_engine), ("sign_into", nullcontext)):
        honest = getattr(signing, name)
        inviting = partial(honest, identity=uninvited)
        monkeypatch.setattr(
            signing, name, lambda *given, asks=inviting, identity, **how: asks(*given, **how)
        )
        with way(), pytest.raises(SigningError, match="assertions are not those"):
            sign(picture("png"), LABEL, vendor.signer())


# --- whom to believe


def test_an_anchor_of_one_kind_never_serves_another(attested, vendor, acme):
    for trust in (
        Trust.of(signers=[vendor.anchors, acme.anchors]),
        Trust.of(signers=vendor.anchors, tsa=acme.anchors),
        Trust.of(lists=[("signer", vendor.anchors), ("signer", acme.anchors)]),
    ):
        report = verify(attested, trust=trust, policy=None)
        assert only(report).trust is TrustLevel.UNKNOWN
        assert report.signer.trust is not TrustLevel.UNKNOWN
        assert not report.declared.producer_attested
    for trust in (
        Trust.of(identity=[vendor.anchors, acme.anchors]),
        Trust.of(identity=[vendor.anchors, acme.anchors], tsa=vendor.anchors),
    ):
        report = verify(attested, trust=trust, policy=None)
        assert report.signer.trust is TrustLevel.UNKNOWN
        assert only(report).trust is TrustLevel.KNOWN
        assert not report.declared.attested
        assert report.declared.producer_attested


def test_one_root_on_lists_of_both_kinds_serves_both(vendor):
    house = Authority.new("Acme Studio", keep_authority=True, identity=True)
    identity = Identity(house.renewed().signer())
    data = sign(picture("png"), LABEL, house.signer(), identity=identity).data
    for trust in (
        Trust.of(signers=house.anchors, identity=house.anchors),
        Trust.of(lists=[("identity", house.anchors), ("signer", house.anchors)]),
    ):
        report = verify(data, trust=trust, policy=None)
        assert report.signer.trust is only(report).trust is trust.entries[0].level


def test_a_published_list_is_named(attested, acme, tmp_path):
    (tmp_path / "publishers.pem").write_bytes(acme.anchors)
    trust = Trust.of(lists=[("identity", tmp_path / "publishers.pem")])
    actor = only(verify(attested, trust=trust, policy=None))
    assert (actor.trust, actor.trust_list) == (TrustLevel.LISTED, "publishers.pem")


def test_an_unknown_identity_is_a_warning(attested, vendor):
    report = verify(attested, trust=testing.trust(vendor), policy=None)
    (found,) = [each for each in report.findings if each.code.startswith("cawg.")]
    assert (found.code, found.severity) == ("cawg.x509.credential.untrusted", Severity.WARNING)


# --- what names whom


def judged(data: bytes, trust: Trust) -> dict[str, Severity]:
    return {
        each.code: each.severity
        for each in LABELLED.objections(verify(data, trust=trust, policy=None))
    }


def test_another_name_in_the_same_role_is_a_finding(vendor, both):
    other = Authority.new("Borrowed Plumes", identity=True)
    data = sign(picture("png"), LABEL, vendor.signer(), identity=Identity(other.signer())).data
    found = judged(data, testing.trust(vendor, other))
    assert found["genlabel.identity.differs"] is Severity.WARNING
    assert found["genlabel.identity.other-signer"] is Severity.NOTE
    assert not verify(
        data, trust=testing.trust(vendor, other), policy=None
    ).declared.producer_attested


def test_a_publisher_may_have_another_name_than_the_producer(vendor):
    paper = Authority.new("The Daily Paper", identity=True)
    role = Identity(paper.signer(), roles=(Role.PUBLISHER,))
    data = sign(picture("png"), LABEL, vendor.signer(), identity=role).data
    assert "genlabel.identity.differs" not in judged(data, testing.trust(vendor, paper))


def test_one_name_everywhere_is_no_finding(acme):
    house = Authority.new("Acme Studio")
    data = sign(picture("png"), LABEL, house.signer(), identity=Identity(acme.signer())).data
    assert judged(data, testing.trust(house, acme)) == {}


# --- what is changed afterwards


def test_a_changed_picture_is_attested_by_nobody(attested, both):
    report = verify(flipped(attested, attested.rindex(b"\xff\xda") + 200), trust=both, policy=None)
    assert report.integrity is Integrity.BROKEN
    assert not only(report).holds
    assert not report.declared.producer_attested


def test_changed_metadata_is_attested_by_nobody(attested, both):
    place = attested.index(b'"Acme Studio"', attested.index(b"cawg.metadata")) + 1
    report = verify(attested[:place] + b"Akme" + attested[place + 4 :], trust=both, policy=None)
    assert report.integrity is Integrity.BROKEN
    assert not report.declared.producer_attested
    assert not any(each.holds for each in report.identities)
