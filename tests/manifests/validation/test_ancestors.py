"""Forged ancestors, each beside an honest one: what is below the active manifest we check."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

import genlabel
from forgeries import forge
from forgeries.forge import Assertion, Draft
from genlabel.manifests.store import ancestry, manifest_store
from genlabel.manifests.validation import claims
from genlabel.manifests.validation.ancestors import Ancestors
from genlabel.manifests.validation.ingredients import lineage_of
from genlabel.model.report import Integrity, Lineage, Report, Severity, TrustLevel
from genlabel.testing import picture
from oracles.chain import Chain
from resigning import ES256, X5CHAIN, cbor, ders, signature_of

PARENT = "urn:c2pa:aaaaaaaa-2222-4333-8444-555555555555"
CHILD = "urn:c2pa:11111111-2222-4333-8444-555555555555"
MIDDLE = "urn:c2pa:bbbbbbbb-2222-4333-8444-555555555555"
NOTE = Assertion(label="com.example.note", value={"text": "somebody's address"})


@pytest.fixture(scope="module")
def us() -> Chain:
    return forge.forger()


def sealed(draft: Draft) -> Draft:
    """`draft`, signed once for all: signatures on curves are other ones each time."""
    guarded = cbor({1: ES256, X5CHAIN: ders(draft.chain)})
    what = cbor(["Signature1", guarded, b"", draft.claim_bytes])
    return replace(draft, signed=signature_of(draft.chain, what))


def parent_of(us: Chain, *more: Assertion, label: str = PARENT) -> Draft:
    """An honest manifest of a generated picture, bound to some file."""
    draft = forge.generated(us, label=label)
    return sealed(draft.with_(forge.data_hash(b"a picture", ()), *more))


def middle_of(us: Chain, parent: Draft, *, label: str = MIDDLE, **record: Any) -> Draft:
    """An honest edit of `parent`, bound to some file."""
    return sealed(over(us, parent, label=label, **record).with_(forge.data_hash(b"b", ())))


def over(us: Chain, parent: Draft, *, label: str = CHILD, **record: Any) -> Draft:
    """An honest edit of `parent`, not bound yet."""
    return Draft(chain=us, label=label, assertions=forge.opened(parent, **record))


def report_on(us: Chain, active: Draft, *ancestors: Draft | bytes) -> Report:
    data = forge.embedded(picture("png", seed=7), active, *ancestors)
    return genlabel.verify(data, trust=us.anchor, policy=None)


def lineage_in(active: Draft, *ancestors: Draft | bytes) -> Lineage:
    """The verdict of our code alone, for what the engine does not even read."""
    store = manifest_store.read(forge.store(*ancestors, active))
    return lineage_of({}, Ancestors(store, signer_of=lambda _: None))[0]


def errors(report: Report) -> set[str]:
    return {each.code for each in report.findings if each.severity is Severity.ERROR}


def rest(report: Report) -> set[str]:
    return {each.code for each in report.findings if each.severity is not Severity.ERROR}


def photographed(parent: Draft) -> bytes:
    """The manifest of `parent` with its statement overwritten: "generated" with "photograph"."""
    generated = forge.created().boxed
    stored = tuple(
        replace(each, value=forge.created("digitalCapture").value, hash=forge.sha256(generated))
        if each.label == "c2pa.actions.v2"
        else each
        for each in parent.assertions
    )
    return replace(parent, assertions=stored).boxed


def mismatch(parent: Draft, label: str = "c2pa.actions.v2", **more: Any) -> dict[str, Any]:
    where = f"self#jumbf=/c2pa/{parent.label}/c2pa.assertions/{label}"
    return {"code": "assertion.hashedURI.mismatch", "url": where, **more}


def record(**lists: Any) -> dict[str, Any]:
    empty = {"success": [], "informational": [], "failure": []}
    return {"activeManifest": {**empty, **lists}}


def rehashed(boxed: bytes, parent: Draft) -> dict[str, Any]:
    """The reference to a manifest as its forger writes it."""
    url = f"self#jumbf=/c2pa/{parent.label}"
    return {"url": url, "alg": "sha256", "hash": forge.sha256(boxed)}


def test_an_honest_ancestor_holds(us):
    parent = parent_of(us)
    report = report_on(us, over(us, parent), parent)
    assert report.integrity is Integrity.INTACT
    assert report.lineage is Lineage.INTACT
    assert errors(report) == set()
    (ingredient,) = report.ingredients
    assert ingredient.title == "parent.png"
    assert ingredient.relationship == "parentOf"
    assert ingredient.manifest_id == PARENT
    assert ingredient.source_type == forge.IPTC + "trainedAlgorithmicMedia"


LISTS = ("failure", "informational", "success")


@pytest.mark.parametrize("listed", [*LISTS, "nowhere", "delta"])
def test_an_overwritten_statement_breaks_the_lineage_whatever_the_record_says(us, listed):
    parent = parent_of(us)
    boxed = photographed(parent)
    status = mismatch(parent)
    told = record() if listed in ("nowhere", "delta") else record(**{listed: [status]})
    if listed == "delta":
        told["ingredientDeltas"] = [
            {
                "ingredientAssertionURI": f"self#jumbf=/c2pa/{CHILD}/c2pa.assertions/x",
                "validationDeltas": record(failure=[status])["activeManifest"],
            }
        ]
    child = over(us, parent, validationResults=told, activeManifest=rehashed(boxed, parent))
    report = report_on(us, child, boxed)
    assert report.lineage is Lineage.BROKEN
    assert "assertion.hashedURI.mismatch" in errors(report)
    assert report.ingredients[0].integrity is Integrity.BROKEN
    assert not report.declared.attested


def test_an_exchanged_manifest_breaks_the_lineage(us):
    parent = parent_of(us)
    other = sealed(parent_of(us).with_(forge.created("digitalCapture")))
    report = report_on(us, over(us, parent), other)
    assert report.lineage is Lineage.BROKEN
    assert "ingredient.manifest.mismatch" in errors(report)


def test_a_stripped_ancestor_breaks_the_lineage(us):
    parent = parent_of(us)
    report = report_on(us, over(us, parent))
    assert report.lineage is Lineage.BROKEN
    assert "ingredient.manifest.missing" in errors(report)


@pytest.mark.parametrize("said", [True, False])
def test_a_signature_of_nobody_breaks_the_lineage(us, said):
    parent = parent_of(us)
    forged = replace(parent, signed=bytes(64))
    status = {"code": "claimSignature.mismatch"}
    status["url"] = f"self#jumbf=/c2pa/{PARENT}/c2pa.signature"
    told = record(failure=[status]) if said else forge.whole(parent)
    report = report_on(us, over(us, forged, validationResults=told), forged)
    assert report.lineage is Lineage.BROKEN
    assert "claimSignature.mismatch" in errors(report)


@pytest.mark.parametrize(
    ("status", "lineage"),
    [
        ({"code": "assertion.dataHash.mismatch"}, Lineage.BROKEN),
        ({"code": "claimSignature.missing"}, Lineage.BROKEN),
        ({"code": "assertion.missing"}, Lineage.BROKEN),
        ({"code": "assertion.somethingHash.mismatch"}, Lineage.BROKEN),
        ({"code": "signingCredential.untrusted"}, Lineage.INTACT),
        ({"code": "signingCredential.expired"}, Lineage.INTACT),
        ({"code": "timeStamp.mismatch"}, Lineage.INTACT),
        ({"code": "assertion.action.malformed"}, Lineage.INTACT),
        ({"code": "nobody.knows"}, Lineage.INTACT),
        ({"code": "cawg.x509.signature.mismatch"}, Lineage.INTACT),
    ],
    ids=lambda each: each["code"] if isinstance(each, dict) else "",
)
def test_a_recorded_failure_touches_what_it_is_about(us, status, lineage):
    parent = parent_of(us)
    told = record(failure=[{**status, "url": f"self#jumbf=/c2pa/{PARENT}/c2pa.assertions/x"}])
    report = report_on(us, over(us, parent, validationResults=told), parent)
    assert report.lineage is lineage
    assert report.integrity is Integrity.INTACT
    if lineage is Lineage.INTACT:
        assert status["code"] not in errors(report)
        assert (status["code"] in rest(report)) is (
            status["code"] in ("assertion.action.malformed", "nobody.knows")
        )


@pytest.mark.parametrize("key", ["validationStatus", "validation_status"])
def test_old_records_count_the_same(us, key):
    parent = parent_of(us)
    old = Assertion(
        label="c2pa.ingredient.v2",
        value={
            "dc:title": "old.png",
            "dc:format": "image/png",
            "relationship": "parentOf",
            key: [mismatch(parent, "c2pa.hash.data", success=False)],
            "c2pa_manifest": rehashed(parent.boxed, parent),
        },
    )
    child = Draft(chain=us, assertions=(forge.created("humanEdits"), old))
    assert report_on(us, child, parent).lineage is Lineage.BROKEN
    honest = replace(old, value={k: v for k, v in old.value.items() if k != key})
    child = Draft(chain=us, assertions=(forge.created("humanEdits"), honest))
    assert report_on(us, child, parent).lineage is Lineage.INTACT


def test_what_is_recorded_of_another_ingredient_counts_for_nothing(us):
    parent, other = parent_of(us), parent_of(us, label=MIDDLE)
    told = record(failure=[mismatch(other)])
    beside = Assertion(
        label="c2pa.ingredient.v3__1",
        value={
            "dc:title": "other.png",
            "relationship": "componentOf",
            "validationResults": forge.whole(other),
            "activeManifest": rehashed(other.boxed, other),
        },
    )
    child = over(us, parent, validationResults=told).with_(beside)
    report = report_on(us, child, parent, other)
    assert report.lineage is Lineage.INTACT
    assert [each.title for each in report.ingredients] == ["parent.png", "other.png"]


def test_a_failure_below_breaks_however_deep(us):
    parent = parent_of(us)
    boxed = photographed(parent)
    middle = middle_of(us, parent, activeManifest=rehashed(boxed, parent))
    report = report_on(us, over(us, middle), boxed, middle)
    assert report.lineage is Lineage.BROKEN
    assert [each.integrity for each in report.ingredients] == [Integrity.INTACT, Integrity.BROKEN]


def redacting(us: Chain, parent: Draft, label: str = NOTE.label, **record: Any) -> Draft:
    """An honest edit of an edit of `parent`, which redacts an assertion of `parent`."""
    uri = f"self#jumbf=/c2pa/{parent.label}/c2pa.assertions/{label}"
    return over(us, parent, **record).with_(claim={"redacted_assertions": [uri]})


def without(parent: Draft, label: str = NOTE.label) -> Draft:
    """`parent` as redaction leaves it: its claim lists what is no longer there."""
    gone = tuple(
        replace(each, stored=False) if each.label == label else each for each in parent.assertions
    )
    return replace(parent, assertions=gone)


def test_a_redaction_is_told_and_breaks_nothing(us):
    parent = parent_of(us, NOTE)
    report = report_on(us, redacting(us, parent), without(parent))
    assert report.lineage is Lineage.INTACT
    (told,) = [each for each in report.findings if each.code == "genlabel.assertion.redacted"]
    assert told.severity is Severity.NOTE
    assert repr(NOTE.label) in told.explanation


def test_a_redacted_only_declaration_is_a_warning(us):
    said = Assertion(label="cawg.metadata", value={"@context": {}, "x:y": "z"})
    for statement, severity in (
        (forge.actions({"action": "c2pa.published"}), Severity.WARNING),
        (None, Severity.NOTE),
    ):
        parent = parent_of(us, said)
        if statement is not None:
            parent = sealed(parent.with_(statement))
        active = redacting(us, parent, said.label)
        report = report_on(us, active, without(parent, said.label))
        assert report.lineage is Lineage.INTACT
        (told,) = [each for each in report.findings if each.code == "genlabel.assertion.redacted"]
        assert told.severity is severity


@pytest.mark.parametrize("label", ["c2pa.actions.v2", "c2pa.hash.data"])
def test_a_history_and_a_binding_are_not_redacted(us, label):
    parent = parent_of(us, NOTE)
    report = report_on(us, redacting(us, parent, label), without(parent, label))
    assert report.integrity is not Integrity.INTACT or report.lineage is Lineage.BROKEN


def test_what_nobody_redacted_is_missing(us):
    parent = parent_of(us, NOTE)
    child = over(us, without(parent))
    report = report_on(us, child, without(parent))
    assert report.lineage is Lineage.BROKEN
    assert "assertion.missing" in errors(report)


def test_a_stranger_outside_of_the_lineage_redacts_nothing(us):
    parent = parent_of(us, NOTE)
    stranger = replace(redacting(us, parent), label=MIDDLE)
    store = manifest_store.read(forge.store(stranger, without(parent), over(us, parent)))
    assert ancestry.redactions(store, ancestry.walk(store).links) == {}
    codes = {each.code for each in claims.checked(store, store.manifests[PARENT])}
    assert "assertion.missing" in codes


def test_redaction_is_no_door_for_another_manifest(us):
    """Where a redaction has changed the manifest, its claim signature must be the one recorded."""
    parent = parent_of(us, NOTE)
    other = without(sealed(parent.with_(forge.created("digitalCapture"))))
    report = report_on(us, redacting(us, parent), other)
    assert report.lineage is Lineage.BROKEN
    assert "ingredient.claimSignature.mismatch" in errors(report)


def test_redaction_is_no_door_for_other_content(us):
    parent = parent_of(us, NOTE)
    lies = replace(NOTE, value={"text": "something else"}, hash=forge.sha256(NOTE.boxed))
    forged = parent.with_(lies)
    report = report_on(us, redacting(us, parent), forged)
    assert report.lineage is Lineage.BROKEN
    assert "assertion.hashedURI.mismatch" in errors(report)


def test_redaction_is_no_door_for_another_part(us):
    parent = parent_of(us, NOTE)
    more = without(parent).with_(Assertion(label="com.example.more", value={}, listed=False))
    assert lineage_in(redacting(us, parent), more) is Lineage.BROKEN
    assert lineage_in(redacting(us, parent), without(parent)) is Lineage.INTACT


@pytest.mark.parametrize("tampered", [False, True])
def test_a_chain_of_66_is_walked_to_its_end(us, tampered):
    first = parent_of(us, label=f"urn:c2pa:{0:08x}-2222-4333-8444-555555555555")
    boxed = photographed(first) if tampered else first.boxed
    made: list[Draft | bytes] = [boxed]
    below, reference = first, rehashed(boxed, first)
    for number in range(1, 66):
        label = f"urn:c2pa:{number:08x}-2222-4333-8444-555555555555"
        draft = middle_of(us, below, label=label, activeManifest=reference)
        made.append(draft.boxed)
        below, reference = draft, rehashed(draft.boxed, draft)
    report = report_on(us, over(us, below), *made)
    assert report.ingredients[-1].depth == 66
    assert report.lineage is (Lineage.BROKEN if tampered else Lineage.INTACT)


def test_a_walk_that_is_cut_concludes_nothing(us, monkeypatch):
    first = parent_of(us)
    middle = middle_of(us, first)
    monkeypatch.setattr(ancestry, "MAX_DEPTH", 1)
    report = report_on(us, over(us, middle), first, middle)
    assert report.lineage is Lineage.UNKNOWN
    assert "genlabel.lineage.cut" in rest(report)
    monkeypatch.setattr(ancestry, "MAX_LINKS", 0)
    assert report_on(us, over(us, first), first).lineage is Lineage.UNKNOWN


def test_a_circle_ends(us):
    """No honest hash closes one, so it is broken wherever it is entered."""
    first = parent_of(us)
    middle = middle_of(us, first)
    again = middle_of(us, middle, label=PARENT)
    store = manifest_store.read(forge.store(again, middle, over(us, middle)))
    walk = ancestry.walk(store)
    assert not walk.cut
    assert [link.depth for link in walk.links] == [1, 2, 3]
    assert lineage_in(over(us, middle), again, middle) is Lineage.BROKEN


def test_two_ancestors_under_one_label_are_known_to_nobody(us):
    parent = parent_of(us)
    other = sealed(parent_of(us).with_(forge.created("digitalCapture")))
    report = report_on(us, over(us, parent), parent, other)
    assert report.lineage is not Lineage.INTACT or report.integrity is not Integrity.INTACT


def test_an_ancestor_of_the_first_claims_holds_by_the_hash_of_its_claim(us):
    """Until C2PA 1.1 an ingredient had the hash of its claim's CBOR."""
    parent = sealed(replace(parent_of(us), version=1))
    claim = forge.hashlib.sha256(parent.claim_bytes).digest()
    url = f"self#jumbf=/c2pa/{PARENT}"
    store = manifest_store.read(
        forge.store(parent, over(us, parent, activeManifest={"url": url, "hash": claim}))
    )
    from genlabel.manifests.validation import ingredient_hash

    (link,) = ancestry.walk(store).links
    assert ingredient_hash.checked(store, link, redacted=False) == (None, False)


def test_the_binding_of_an_update_is_that_of_its_parent(us):
    parent = parent_of(us)
    update = replace(over(us, parent, label=MIDDLE), content_type=forge.UPDATE)
    second = replace(over(us, update), content_type=forge.UPDATE)
    store = manifest_store.read(forge.store(parent, update, second))
    bound = ancestry.binding_manifest(store, store.manifests[CHILD])
    assert bound is store.manifests[PARENT]
    assert ancestry.binding_manifest(store, bound) is bound
    alone = manifest_store.read(forge.store(update))
    assert ancestry.binding_manifest(alone, alone.manifests[MIDDLE]) is None
    itself = replace(over(us, update, label=MIDDLE), content_type=forge.UPDATE)
    circle = manifest_store.read(forge.store(itself))
    assert ancestry.binding_manifest(circle, circle.manifests[MIDDLE]) is None


def test_a_strangers_name_says_that_no_list_names_it(us):
    from genlabel.rendering import phrases

    parent = parent_of(us)
    (ingredient,) = report_on(us, over(us, parent), parent).ingredients
    stranger = replace(ingredient, trust=TrustLevel.UNKNOWN, trust_list=None)
    assert phrases.signer_of(stranger) == "'Forger Ltd', on none of your trust lists"
