"""The conformance programme's books: the official verdicts on others' files and bent manifests."""

from __future__ import annotations

import copy
import csv
import json
import random
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

import genlabel
from genlabel import Label, Report
from genlabel.credentials.trust import Trust
from genlabel.manifests.engine.c_api import Native
from genlabel.manifests.validation import active_view
from genlabel.model.asset import Asset
from genlabel.model.judgement import Judgement, Level, RuleSource, Verdict
from genlabel.operations import verify
from genlabel.policies import policy
from genlabel.policies.answers import compared
from genlabel.policies.conformance import vocabulary
from genlabel.policies.evidence import Evidence
from genlabel.policies.rule import Policy, Rule
from genlabel.testing import picture
from histories import ACME, FLUX
from oracles import corpus, rubric as rubrics

BOOKS = {
    "c2pa-conformance": (rubrics.CONFORMANCE_2_4, 31),
    "c2pa-conformance-2.2": (rubrics.CONFORMANCE_2_2, 23),
    "c2pa-integrity": (rubrics.INTEGRITY, 6),
}
Document = dict[str, Any]


def judged(book: str, document: Mapping[str, Any] | None) -> tuple[Judgement, ...]:
    return policy(book).judge(Evidence(Report(), crjson=document))


def verdicts(book: str, document: Mapping[str, Any] | None) -> dict[str, rubrics.Verdict]:
    """As the official evaluator tells them."""
    said: dict[str, rubrics.Verdict] = {}
    for each in judged(book, document):
        assert each.verdict in (Verdict.PASSED, Verdict.FAILED), each
        wrong: rubrics.Verdict = "warning" if each.level is Level.SHOULD else False
        said[each.rule] = wrong if each.verdict is Verdict.FAILED else True
    return said


def bent(document: Document, *keys: Any, to: Any = None) -> None:
    """Set what lies at `keys` below the active manifest."""
    *way, last = keys
    place: Any = document["manifests"][0]
    for each in way:
        place = place[each]
    place[last] = to


def assertions(document: Document) -> Document:
    return document["manifests"][0]["assertions"]


def actions(document: Document) -> list[Document]:
    return assertions(document)["c2pa.actions.v2"]["actions"]


def act(document: Document, name: str, **more: Any) -> None:
    source = {"digitalSourceType": "x"} if name != "c2pa.opened" else {}
    actions(document).append({"action": name, **source, **more})


def hold(document: Document, label: str, /, **content: Any) -> None:
    assertions(document)[label] = content


def fail(document: Document, code: str) -> None:
    document["manifests"][0]["validationResults"]["failure"].append({"code": code})


def unvalidated(document: Document) -> None:
    del document["manifests"][0]["validationResults"]


def ingredient(document: Document, **content: Any) -> None:
    hold(document, "c2pa.ingredient.v3__9", relationship="componentOf", **content)


def opened_alone(document: Document) -> None:
    alone = {"action": "c2pa.opened", "parameters": {"ingredients": [{"url": "x"}]}}
    bent(document, "assertions", "c2pa.actions.v2", "actions", to=[alone])
    bent(document, "assertions", "c2pa.actions.v2", "allActionsIncluded", to=False)


def boxed_tiff(document: Document) -> None:
    hold(document, "c2pa.hash.boxes", boxes=[])
    hold(document, "c2pa.asset-type.v2", **{"dc:format": "image/tiff"})


_CLAIM = ("claim.v2", "claim_generator_info", "specVersion")
BREAKING: dict[str, Callable[[Document], object]] = {
    "mandatory_dst_for_perceptible_transformations": lambda it: act(
        it, "c2pa.cropped", digitalSourceType=None
    ),
    "mandatory_spec_version": lambda it: bent(it, *_CLAIM, to="2.1"),
    "mandatory_all_actions_included": lambda it: hold(it, "c2pa.actions.v2__1", actions=[]),
    "no_dst_for_opened_action": lambda it: act(it, "c2pa.opened", digitalSourceType="x"),
    "well_formed_data_present": unvalidated,
    "well_formed_success": lambda it: fail(it, "assertion.cbor.invalid"),
    "valid_data_present": unvalidated,
    "valid_success": lambda it: fail(it, "assertion.dataHash.mismatch"),
    "trusted_data_present": unvalidated,
    "trusted_success": lambda it: fail(it, "signingCredential.untrusted"),
    "inception_action_position": lambda it: actions(it).insert(
        0, {"action": "c2pa.edited", "digitalSourceType": "x"}
    ),
    "no_deprecated_assertions": lambda it: hold(it, "stds.exif"),
    "no_unsupported_assertions": lambda it: hold(it, "c2pa.thumbnail.claim.jpeg"),
    "no_deprecated_actions": lambda it: act(it, "c2pa.saved"),
    "no_unsupported_actions": lambda it: act(it, "c2pa.painted"),
    "no_unrecognized_custom_assertions": lambda it: hold(it, "acme"),
    "no_unrecognized_custom_actions": lambda it: act(it, "painted"),
    "no_unrecognized_custom_action_parameters": lambda it: act(
        it, "c2pa.edited", parameters={"strength": 1}
    ),
    "discouraged_legacy_action_parameters": lambda it: act(
        it, "c2pa.edited", parameters={"description": "x"}
    ),
    "active_manifest_urn": lambda it: bent(it, "label", to="urn:uuid:1"),
    "review_ratings_datasource": lambda it: hold(
        it, "acme.rated", reviewRatings=[{}], dataSource={"type": "humanEntry.anonymous"}
    ),
    "ingredient_v3_no_active_manifest": lambda it: ingredient(it, validationResults={}),
    "ingredient_v3_mandatory_validation_results": lambda it: ingredient(it, activeManifest={}),
    "ingredient_relationship_values": lambda it: hold(
        it, "c2pa.ingredient.v3__9", relationship="cousinOf"
    ),
    "mandatory_dst_for_created_action": lambda it: act(it, "c2pa.created", digitalSourceType=None),
    "no_deprecated_claim_fields": lambda it: bent(it, "claim.v2", "specVersion", to="2.4"),
    "ingredient_v3_choice": lambda it: ingredient(
        it, activeManifest={}, validationResults={}, digitalSourceType="x"
    ),
    "alternative_content_representation_choice": lambda it: hold(
        it, "acme.alternative", type="exif.originalPreservationImage", parameters={}
    ),
    "forbidden_labels_in_external_references": lambda it: hold(
        it, "acme.reference", label="c2pa.hash.data", url="https://acme.example"
    ),
    "no_url_in_hashes": lambda it: hold(it, "c2pa.hash.bmff.v3", url="https://acme.example"),
    "all_actions_included_opened": opened_alone,
    "opened_action_ingredient_reference": lambda it: act(it, "c2pa.opened"),
    "no_box_hash_for_tiff": boxed_tiff,
}
SPARED = {"c2pa-conformance-2.2": {"no_dst_for_opened_action"}}
"""Rules that a book has and never objects by: from 2.4 on they ask for something."""
EACH = [
    (book, rule.id)
    for book in BOOKS
    for rule in policy(book).rules
    if rule.id not in SPARED.get(book, ())
]


@pytest.fixture(scope="module")
def good(signer, trust) -> Callable[[str], Document]:
    """crJSON of a file of ours, of the version that a book is about."""
    signed = genlabel.sign(
        picture("jpeg"), Label.generated(generator=FLUX, producer=ACME), signer
    ).data
    document = json.dumps(genlabel.verify(signed, trust=trust).crjson())

    def made(book: str) -> Document:
        copied: Document = json.loads(document)
        version = vocabulary.OF_2_2 if book.endswith("2.2") else vocabulary.OF_2_4
        bent(copied, *_CLAIM, to=".".join(map(str, version.version)))
        if version is vocabulary.OF_2_2:
            del assertions(copied)["c2pa.ai-disclosure"]  # which 2.2 has not heard of
        return copied

    return made


def official_lists() -> Trust:
    lists = corpus.beside("trust-lists")
    if lists is None:
        pytest.skip(corpus.NO_CORPUS)
    files = (("signer", "C2PA-TRUST-LIST.pem"), ("tsa", "C2PA-TSA-TRUST-LIST.pem"))
    return Trust.of(lists=[(kind, lists / name) for kind, name in files])


@pytest.mark.parametrize("book", BOOKS)
def test_on_others_files_the_verdicts_are_the_published_ones(book):
    name, rules = BOOKS[book]
    with (rubrics.folder() / "verdicts.tsv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t") if row["rubric"] == name]
    assert len(rows) == 29
    lists = official_lists()
    for row in rows:
        report = genlabel.verify(corpus.specimen(row["path"]).data, trust=lists, policy=None)
        said = verdicts(book, report.crjson())
        assert len(said) == rules
        wrong: dict[str, rubrics.Verdict] = dict.fromkeys(row["false"].split(), False)
        wrong |= dict.fromkeys(row["warning"].split(), "warning")
        # Whether somebody is trusted changes as certificates end; everything else is for ever.
        for each in (said, wrong):
            each.pop("trusted_success", None)
        assert {rule: each for rule, each in said.items() if each is not True} == wrong, row["path"]


@pytest.mark.parametrize("book", BOOKS)
def test_a_file_of_ours_of_that_version_passes_every_rule(good, book):
    assert set(verdicts(book, good(book)).values()) == {True}


@pytest.mark.parametrize(("book", "rule"), EACH)
def test_what_breaks_a_rule_fails_by_it_as_it_does_officially(good, request, book, rule):
    document = good(book)
    BREAKING[rule](document)
    said = verdicts(book, document)
    level = "warning" if rule == "discouraged_legacy_action_parameters" else False
    assert said[rule] == level
    if corpus.beside("rubric") is not None:
        assert said == request.getfixturevalue("rubric").judge(document, BOOKS[book][0])


def _places(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield way
    if isinstance(value, dict):
        for key in value:
            yield from _places(value[key], (*way, key))
    elif isinstance(value, list):
        for number in range(len(value)):
            yield from _places(value[number], (*way, number))


WORDS = sorted(
    {
        *vocabulary.OF_2_4.assertions,
        *vocabulary.OF_2_4.actions,
        *vocabulary.OF_2_4.deprecated_actions,
        *vocabulary.OF_2_4.parameters,
        *vocabulary.DEPRECATED_ASSERTIONS,
        *vocabulary.RELATIONSHIPS,
        *vocabulary.HUMAN_ENTRIES,
        *vocabulary.TIFF,
        *vocabulary.MALFORMED,
        *vocabulary.NOT_VALID,
        *vocabulary.NOT_TRUSTED,
        *("urn:c2pa:1", "acme", "acme.tool", "2.2", "2.4", "2.4.1", "2", "c2pa.painted"),
        *("stds.iptc", "exif.originalPreservationImage"),
    }
)
KEYS = (
    *("digitalSourceType", "action", "actions", "parameters", "ingredients", "ingredient"),
    *("description", "specVersion", "allActionsIncluded", "validationResults", "relationship"),
    *("activeManifest", "reviewRatings", "dataSource", "type", "url", "label", "dc:format"),
    *("multiAssetPartIndex", "embeddedOriginalPreservationImage", "failure", "code"),
    *("created_assertions", "claim.v2", "claim_generator_info", "acme"),
)


def _value(chance: random.Random) -> Any:
    word = chance.choice(WORDS)
    opened = {"action": "c2pa.opened", "parameters": {"ingredients": [{}] * chance.randrange(3)}}
    others = (None, "", [], {}, True, False, [{"action": word}], {"type": word})
    return chance.choice((*[word] * 4, *others, {"actions": [opened]}))


def _mutated(document: Document, chance: random.Random) -> Document:
    document = copy.deepcopy(document)
    manifest = document["manifests"][0]
    looked_at = ("assertions", "claim.v2", "validationResults", "label")
    for _ in range(chance.randrange(1, 4)):
        ways = [way for way in _places(manifest) if way and way[0] in looked_at]
        *way, last = chance.choice(ways)
        place: Any = manifest
        for each in way:
            place = place[each]
        within = place[last]
        match chance.choice(("remove", "replace", "add", "rename")):
            case "remove":
                del place[last]
            case "add" if isinstance(within, dict):
                within[chance.choice((*KEYS, *WORDS))] = _value(chance)
            case "add" if isinstance(within, list):
                within.append(_value(chance))
            case "rename" if isinstance(place, dict):
                place[chance.choice((*KEYS, *WORDS))] = place.pop(last)
            case _:
                place[last] = _value(chance)
        if not any(way for way in _places(manifest) if way and way[0] in looked_at):
            break
    return document


@pytest.mark.parametrize("book", BOOKS)
def test_on_manifests_bent_anyhow_every_verdict_is_the_official_one(good, rubric, book):
    """Where json-formula has no answer, since it meets a kind that its functions do not take,
    there is nothing to compare with: that is one in a hundred."""
    if corpus.beside("rubric") is None:
        pytest.skip(rubrics.NO_RUBRIC)
    chance = random.Random(2026)
    bases = [good(book)]
    bases += [
        dict(document)
        for each in corpus.specimens()
        if each.manifest == "yes" and each.name.startswith("signed/")
        if (document := genlabel.verify(each.data, policy=None).crjson()) is not None
    ]
    unanswered, failing = 0, set()
    for _ in range(400):
        document = _mutated(chance.choice(bases), chance)
        try:
            official = rubric.judge(document, BOOKS[book][0])
        except RuntimeError as refusal:
            if "TypeError" not in str(refusal):
                raise
            unanswered += 1
            judged(book, document)
            continue
        assert verdicts(book, document) == official, json.dumps(document["manifests"][0])
        failing |= {rule for rule, said in official.items() if said is not True}
    assert unanswered < 20
    assert len(failing) > len(policy(book).rules) // 2


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(WORDS) | st.text(max_size=4),
    lambda within: (
        st.lists(within, max_size=3)
        | st.dictionaries(st.sampled_from((*KEYS, *WORDS[:20])), within, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None)
@given(_JSON, st.sampled_from(["", "assertions", "claim.v2", "validationResults", "label"]))
def test_whatever_stands_there_no_rule_raises_and_what_fails_says_what_to_do(value, key):
    document = {"manifests": [{key: value} if key else value]}
    for book in BOOKS:
        for each in judged(book, document):
            assert each.verdict is not Verdict.FAILED or (each.fix and each.explanation)


@pytest.mark.parametrize("book", BOOKS)
def test_of_a_file_without_a_manifest_nothing_passes(book):
    report = genlabel.verify(picture("png"), policy=None)
    said = policy(book).judge(report)
    wrong = {each.rule for each in said if each.verdict is Verdict.FAILED}
    assert wrong == {each.rule for each in said if each.rule.endswith("_data_present")}
    assert {each.verdict for each in said} == {Verdict.FAILED, Verdict.NOT_APPLICABLE}


@pytest.mark.parametrize("name", ["no_alg.jpg", "prerelease.jpg"])
def test_a_manifest_that_cannot_be_opened_decides_nothing(name):
    report = genlabel.verify(
        corpus.specimen(f"signed/{name}").data, policy=policy("c2pa-conformance")
    )
    assert {each.verdict for each in report.judgements} == {Verdict.UNDECIDED}


def test_what_a_rule_names_is_quoted_and_cut(good):
    document = good("c2pa-conformance")
    for number in range(20):
        act(document, f"painted\u202e{number}\n")
    rule = "no_unrecognized_custom_actions"
    (one,) = [each for each in judged("c2pa-conformance", document) if each.rule == rule]
    assert "\u202e" not in one.explanation
    assert "\n" not in one.explanation
    assert one.explanation.count("painted") == 8


def test_crjson_is_read_only_where_a_book_asks_for_it(signer, monkeypatch):
    data = genlabel.sign(
        picture("png"), Label.generated(generator=FLUX, producer=ACME), signer
    ).data
    views: list[str] = []
    seen = Native._seen

    def spied(self: Native, reader: int, view: Any) -> bytes:
        views.append(view)
        return seen(self, reader, view)

    monkeypatch.setattr(Native, "_seen", spied)
    genlabel.verify(data)
    assert views == ["json"]
    views.clear()
    report = genlabel.verify(data, policy=policy("c2pa-conformance"))
    assert views == ["json"]
    assert len(report.judgements) == 31
    views.clear()
    asked = genlabel.verify(data, policy=[policy("c2pa-conformance"), OF_THE_WHOLE])
    assert sorted(views) == ["crjson", "json"]
    assert asked.judgements[:-1] == report.judgements
    assert asked.judgements[-1].verdict is Verdict.PASSED
    asked.crjson()
    assert len(views) == 2


OF_THE_WHOLE = Policy(
    name="whole",
    title="the signature's algorithm is named",
    rules=(
        Rule(
            "algorithm",
            asks="the signature's algorithm is named",
            source=RuleSource(title="a text"),
            check=lambda evidence: compared(
                bool((evidence.crjson or {})["manifests"][0]["signature"]["algorithm"]), "", ""
            ),
            fix="name it",
            reads_crjson=True,
        ),
    ),
)


def test_others_manifests_are_seen_by_our_own_view_as_by_the_engines():
    with (rubrics.folder() / "verdicts.tsv").open(encoding="utf-8", newline="") as file:
        paths = sorted({row["path"] for row in csv.DictReader(file, delimiter="\t")})
    books = [policy(name) for name in (*BOOKS, "eu-provider")]
    viewed = 0
    for path in paths:
        seen = verify.examine(Asset(corpus.specimen(path).data), trust=Trust())
        own = active_view.of(seen.reading)
        viewed += own is not None
        whole = seen.report.crjson()
        for book in books:
            by_ours = book.judge(Evidence(seen.report, manifest=own))
            assert by_ours == book.judge(Evidence(seen.report, crjson=whole)), path
    assert viewed


def test_a_result_is_judged_by_its_crjson_before_it_is_handed_out(signer, trust):
    label = Label.generated(generator=FLUX, producer=ACME)
    signed = genlabel.sign(
        picture("png"), label, signer, trust=trust, require_policy="c2pa-conformance"
    )
    assert {each.verdict for each in signed.report.judgements} == {Verdict.PASSED}
    with pytest.raises(genlabel.PolicyFailure, match="specVersion"):
        genlabel.sign(picture("png"), label, signer, require_policy="c2pa-conformance-2.2")
