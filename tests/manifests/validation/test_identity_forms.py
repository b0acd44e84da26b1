"""What an identity's signature is over, and whose name it attests."""

from __future__ import annotations

import pytest
from cryptography.x509.oid import ObjectIdentifier

import identities
from genlabel import verify
from genlabel.credentials.identity import Identity
from genlabel.credentials.signer import KeySigner
from genlabel.credentials.trust import Trust
from genlabel.manifests.engine import signing
from genlabel.model.report import Integrity, Validity
from genlabel.model.vocabulary import Role
from genlabel.testing import picture
from oracles import corpus, raw
from oracles.chain import Chain
from resigning import JPEG, Verbatim, cbor

DOCUMENTS = ObjectIdentifier("1.3.6.1.5.5.7.3.36")  # id-kp-documentSigning, RFC 9336


def ordered(said):
    """The deterministic encoding: every key here is shorter than 24 bytes."""
    if isinstance(said, dict):
        keys = sorted(said, key=lambda each: (len(each), each))
        return {each: ordered(said[each]) for each in keys}
    return [ordered(each) for each in said] if isinstance(said, list) else said


@pytest.fixture(scope="module")
def claimer() -> Chain:
    return Chain.new("Claimer")


@pytest.fixture(scope="module")
def holder() -> Chain:
    return Chain.new("Acme Studio", ekus=(DOCUMENTS,))


@pytest.fixture(scope="module")
def mould(claimer, holder) -> bytes:
    made = raw.generated()
    data = {
        "@context": {"plus": "http://ns.useplus.org/ldf/xmp/1.0/"},
        "plus:ImageSupplier": [{"plus:ImageSupplierName": "Acme Studio"}],
    }
    made["assertions"].append(
        {"label": "cawg.metadata", "kind": "Json", "created": True, "data": data}
    )
    signers = [
        KeySigner.from_pem(roomy.key, roomy.certificates)
        for roomy in map(identities.roomy, (claimer, holder))
    ]
    return signing.sign(
        picture("jpeg", size=(64, 64)),
        JPEG,
        made,
        signers[0],
        identity=Identity(signers[1], roles=(Role.PRODUCER,)),
    )


@pytest.fixture
def judged(mould, claimer, holder):
    def judge(said, value=None):
        content = identities.assertion(said, value or identities.signature(said, holder))
        trust = Trust.of(signers=claimer.anchor, identity=holder.anchor)
        return verify(identities.replaced(mould, content, claimer), trust=trust, policy=None)

    return judge


def test_every_form_that_holds_is_told(mould, holder, judged):
    said = identities.payload(mould, "c2pa.hash.data", roles=("cawg.producer",))
    other = {key: said[key] for key in ("sig_type", "role", "referenced_assertions")}
    for stored, over, form in (
        (said, ordered(said), "deterministic"),
        (ordered(said), ordered(said), "deterministic"),
        (said, said, "as-stored"),
        (other, other, "as-stored"),
    ):
        (actor,) = judged(stored, identities.signature(over, holder)).identities
        assert (actor.holds, actor.form) == (True, form)
    (actor,) = judged(said, identities.signature(other, holder)).identities
    assert (actor.holds, actor.form, actor.names) == (False, None, frozenset())


@pytest.mark.parametrize(
    ("names", "roles", "attested"),
    [
        (("c2pa.hash.data", "cawg.metadata"), ("cawg.producer",), True),
        (("c2pa.hash.data",), ("cawg.producer",), False),
        (("c2pa.hash.data", "cawg.metadata"), ("cawg.sponsor",), False),
        (("c2pa.hash.data", "cawg.metadata"), (), False),
    ],
)
def test_the_name_is_attested_by_whom_references_it_in_his_role(
    names, roles, attested, mould, judged
):
    report = judged(identities.payload(mould, *names, roles=roles))
    (actor,) = report.identities
    assert (actor.known, actor.validity) == (True, Validity.WITHIN)
    assert report.declared.producer == "Acme Studio"
    assert report.declared.producer_attested is attested


def test_another_manifests_assertion_is_a_mismatch(mould, judged):
    said = identities.payload(mould, "c2pa.hash.data", "cawg.metadata")
    url = "self#jumbf=/c2pa/urn:c2pa:other/c2pa.assertions/cawg.metadata"
    said["referenced_assertions"][1]["url"] = url
    report = judged(said)
    (actor,) = report.identities
    assert report.integrity is Integrity.INTACT
    assert "cawg.identity.assertion.mismatch" in actor.codes
    assert (actor.holds, actor.references) == (False, ("c2pa.hash.data", url))


def test_one_that_cannot_be_read_is_a_finding_and_breaks_nothing(mould, claimer):
    good = identities.filled(mould, {"signature": b"", "signer_payload": Verbatim(cbor({}))})
    report = verify(identities.replaced(mould, good, claimer), policy=None)
    assert report.integrity is Integrity.INTACT
    assert report.signer is not None
    assert "cawg.identity.cbor.invalid" in {each.code for each in report.findings}


@pytest.mark.parametrize("name", ["x509-es256-jpeg.jpg", "x509-es256-png.png"])
def test_other_peoples_deterministic_identities_hold(name):
    folder = corpus.beside("faults")
    if folder is None:
        pytest.skip(corpus.NO_CORPUS)
    folder /= "identity"
    trust = Trust.of(signers=folder / "claim-allowed.pem", identity=folder / "cawg-allowed.pem")
    (actor,) = verify((folder / name).read_bytes(), trust=trust, policy=None).identities
    assert (actor.known, actor.form) == (True, "deterministic")
