"""Files signed by the raw engine with what it lets pass: genlabel says what is wrong with each."""

from __future__ import annotations

from copy import deepcopy

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

import genlabel
from genlabel.credentials.trust import Trust
from genlabel.formats import identify
from genlabel.model.report import (
    Integrity,
    Lineage,
    Report,
    Severity,
    SigningTime,
    TrustLevel,
    Validity,
)
from oracles import corpus, pictures, raw, small_files
from oracles.chain import Chain
from oracles.pictures import flipped

PICTURE = pictures.draw()
PARENTS = [
    raw.Ingredient(data=pictures.draw(shade=shade), mime="image/jpeg", label=label)
    for shade, label in ((1, "one"), (2, "two"))
]


@pytest.fixture(scope="module")
def theirs(chain: Chain) -> Trust:
    """The liar is known and trusted: nothing here hangs on a stranger."""
    return Trust.of(signers=chain.anchor)


def errors(report: Report) -> list[str]:
    """The codes of the errors among the findings."""
    return [each.code for each in report.findings if each.severity is Severity.ERROR]


def codes(report: Report) -> list[str]:
    """The codes of all findings."""
    return [each.code for each in report.findings]


# The engine damages HEIC, leaves bytes of BigTIFF open (test_what_a_hash_leaves_out.py), and knows
# no naked codestream of JPEG XL.
@pytest.mark.parametrize("name", sorted({*small_files.NAMES} - {"heic", "bigtiff", "jxl naked"}))
def test_an_honest_file_of_the_raw_engine_has_no_finding(chain, theirs, name):
    drawn = small_files.small(name)
    data = raw.sign(drawn, identify(drawn).media_type, chain)
    report = genlabel.verify(data, trust=theirs, policy=None)
    assert report.integrity is Integrity.INTACT
    assert codes(report) == []
    assert report.declared.attested


def test_a_source_type_of_no_vocabulary_is_an_error(chain, theirs):
    lie = raw.generated("https://lies.example/handmade")
    report = genlabel.verify(raw.sign(PICTURE, "image/jpeg", chain, lie), trust=theirs, policy=None)
    assert errors(report) == ["genlabel.source-type.unknown"]
    assert report.declared.source_type == "https://lies.example/handmade"


def test_gathered_actions_are_nobodys_word(chain, theirs):
    lie = raw.generated(created=False)
    report = genlabel.verify(raw.sign(PICTURE, "image/jpeg", chain, lie), trust=theirs, policy=None)
    assert codes(report) == ["genlabel.claim.gathered"]
    assert report.signer is not None
    assert report.signer.trust is TrustLevel.KNOWN
    assert not report.declared.attested


def test_a_gathered_statement_beside_an_attested_one_stays_nobodys(chain, theirs):
    manifest = raw.generated("digitalCapture")
    gathered = deepcopy(raw.generated(created=False)["assertions"][0])
    gathered["data"]["actions"][0]["action"] = "c2pa.edited"
    manifest["assertions"].append(gathered)
    report = genlabel.verify(
        raw.sign(PICTURE, "image/jpeg", chain, manifest), trust=theirs, policy=None
    )
    assert report.declared.source_type == raw.IPTC + "trainedAlgorithmicMedia"
    assert not report.declared.attested
    assert "genlabel.claim.gathered" in codes(report)


def test_two_parents_are_one_too_many(chain, theirs):
    lie = raw.sign(PICTURE, "image/jpeg", chain, raw.edited("one"), ingredients=PARENTS)
    assert errors(genlabel.verify(lie, trust=theirs, policy=None)) == ["manifest.multipleParents"]


@pytest.mark.parametrize("hops", [1, 2, 3])
def test_a_tampered_parent_breaks_the_lineage_however_far_below(chain, theirs, hops):
    data = flipped(raw.sign(pictures.draw(shade=9), "image/jpeg", chain), -20)
    for hop in range(hops):
        parent = raw.Ingredient(data=data, mime="image/jpeg", label="p")
        data = raw.sign(
            pictures.draw(shade=hop), "image/jpeg", chain, raw.edited("p"), ingredients=[parent]
        )
    assert raw.read(data, "image/jpeg", anchors=chain.anchor).state == "Trusted"
    report = genlabel.verify(data, trust=theirs, policy=None)
    assert report.integrity is Integrity.INTACT
    assert report.lineage is Lineage.BROKEN
    assert errors(report) == ["assertion.dataHash.mismatch"]
    assert [each.integrity for each in report.ingredients][-1] is Integrity.BROKEN
    assert report.ingredients[-1].depth == hops


def test_a_tampered_parents_word_is_not_attested(chain, theirs):
    tampered = flipped(raw.sign(pictures.draw(shade=9), "image/jpeg", chain), -20)
    parent = raw.Ingredient(data=tampered, mime="image/jpeg", label="p")
    manifest = raw.edited("p", source_type="humanEdits")
    report = genlabel.verify(
        raw.sign(PICTURE, "image/jpeg", chain, manifest, ingredients=[parent]), trust=theirs
    )
    assert report.declared.source_type == raw.IPTC + "trainedAlgorithmicMedia"
    assert not report.declared.attested


@pytest.mark.parametrize("kind", ["own", "listed"])
def test_a_time_stampers_root_vouches_for_no_signer(chain, kind):
    data = raw.sign(PICTURE, "image/jpeg", chain)
    trust = Trust.of(tsa=chain.anchor) if kind == "own" else Trust.of(lists=[("tsa", chain.anchor)])
    report = genlabel.verify(data, trust=trust, policy=None)
    assert report.integrity is Integrity.INTACT
    assert report.signer is not None
    assert report.signer.trust is TrustLevel.UNKNOWN
    assert report.signer.trust_list is None
    assert report.state.value == "valid"
    assert not report.declared.attested


def test_an_unknown_signer_claims_and_attests_nothing(chain):
    data = raw.sign(PICTURE, "image/jpeg", chain)
    for trust in (Trust(), Trust.of(signers=Chain.new().anchor)):
        report = genlabel.verify(data, trust=trust, policy=None)
        assert report.integrity is Integrity.INTACT
        assert report.signer is not None
        assert report.signer.trust is TrustLevel.UNKNOWN
        assert report.signer.organisation == "Raw Signer Ltd"
        assert not report.declared.attested


def test_a_producer_in_an_assertion_is_not_the_signer(chain, theirs):
    manifest = raw.generated()
    manifest["assertions"].append(
        {
            "label": "cawg.metadata",
            "kind": "Json",
            "created": True,
            "data": {
                "@context": {
                    "plus": "http://ns.useplus.org/ldf/xmp/1.0/",
                },
                "plus:ImageSupplier": [{"plus:ImageSupplierName": "Famous Agency"}],
            },
        }
    )
    report = genlabel.verify(
        raw.sign(PICTURE, "image/jpeg", chain, manifest), trust=theirs, policy=None
    )
    assert report.declared.producer == "Famous Agency"
    assert report.signer is not None
    assert report.signer.organisation == "Raw Signer Ltd"


PIXEL = "signed/PXL_20260208_202351558.jpg"


def _named(list_name: str, words: str) -> bytes:
    """The certificates of an official list whose subject has these words."""
    folder = corpus.beside("trust-lists")
    if folder is None:
        pytest.skip(corpus.NO_CORPUS)
    found = [
        each.public_bytes(Encoding.PEM)
        for each in x509.load_pem_x509_certificates((folder / list_name).read_bytes())
        if words in each.subject.rfc4514_string()
    ]
    assert found, words
    return b"".join(found)


def _times_and_trust(**anchors: bytes) -> tuple[SigningTime, TrustLevel]:
    report = genlabel.verify(
        corpus.specimen(PIXEL).data, trust=Trust.of(lists=list(anchors.items()))
    )
    assert report.signer is not None
    known = report.signer.trust is not TrustLevel.UNKNOWN
    assert report.declared.attested is (known and report.signer.validity is Validity.WITHIN)
    return report.signer.time, report.signer.trust


def test_each_kind_of_anchor_answers_for_its_own_question_only():
    """The official lists share Google's root, so each is cut down to its intermediate."""
    stamps = _named("C2PA-TSA-TRUST-LIST.pem", "Time-Stamping")
    root = _named("C2PA-TRUST-LIST.pem", "Google C2PA Root CA G3")
    proven, claimed = SigningTime.PROVEN, SigningTime.CLAIMED
    listed, unknown = TrustLevel.LISTED, TrustLevel.UNKNOWN
    assert _times_and_trust(signer=root, tsa=stamps) == (proven, listed)
    assert _times_and_trust(signer=root) == (claimed, listed)
    assert _times_and_trust(tsa=stamps) == (proven, unknown)
    assert _times_and_trust(signer=stamps) == (claimed, unknown)
    assert _times_and_trust(tsa=root) == (proven, unknown)
    assert _times_and_trust(signer=stamps, tsa=root) == (proven, unknown)
    assert _times_and_trust() == (claimed, unknown)
