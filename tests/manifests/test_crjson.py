"""crJSON: the programme's own form and schema, and what a whole-file reading of the engine says."""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import genlabel
from genlabel import Label
from genlabel.credentials.trust import Trust
from genlabel.manifests import crjson
from genlabel.operations import verify
from genlabel.testing import picture
from histories import ACME, FLUX
from oracles import corpus, raw
from oracles.corpus import Specimen, each_specimen

SCHEMA = Path(raw.__file__).with_name("crJSON-schema.json")
LABEL = Label.generated(generator=FLUX, producer=ACME)
KINDS = ("success", "informational", "failure")

# Beginnings of the codes in which ours may differ from the engine's reading of the whole file, and
# why. Every other code is the same, at the same place.
ABOUT_THE_SIGNER = {
    "claimSignature.": "a certificate is valid when it counts, whichever time-stamp proves when",
    "signingCredential.": "profile, trust and end are judged here; of a signature that does not "
    "hold, nothing more is told",
    "timeStamp.": "the engine trusts the time-stamps of old manifests by no list, and calls those "
    "of new ones validated whoever made them",
    "cawg.x509.": "the engine does not tell that an identity's certificate was valid",
}
ABOUT_THE_WAY = {
    "ingredient.manifest.": "told at the assertion that refers to it, the first claims' too",
}


@cache
def validator() -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(
        json.loads(SCHEMA.read_bytes()), format_checker=jsonschema.FormatChecker()
    )


def official() -> Trust:
    lists = corpus.beside("trust-lists")
    assert lists is not None
    return Trust.of(
        lists=[
            ("signer", lists / "C2PA-TRUST-LIST.pem"),
            ("tsa", lists / "C2PA-TSA-TRUST-LIST.pem"),
        ]
    )


def codes(results: Mapping[str, Any], kind: str) -> set[tuple[str, str]]:
    """Codes and places; the engine at times gives a manifest's label for its JUMBF URI."""
    listed = results.get(kind, ())
    return {(each["code"], f"#jumbf=/c2pa/{_place(each.get('url', ''))}") for each in listed}


def _place(url: str) -> str:
    return url.partition("#jumbf=/c2pa/")[2] or url


def differing(ours: set[tuple[str, str]], others: set[tuple[str, str]]) -> Iterator[str]:
    named = (*ABOUT_THE_SIGNER, *ABOUT_THE_WAY)
    return (code for code, _ in ours ^ others if not code.startswith(named))


@each_specimen(lambda each: each.manifest == "yes" and each.name.startswith("signed/"))
@pytest.mark.parametrize("trust", [Trust, official])
def test_it_is_what_the_engine_says_of_the_whole_file_but_for_what_is_named(
    specimen: Specimen, trust
):
    anchors = trust()
    document = genlabel.verify(specimen.data, trust=anchors).crjson()
    whole = raw.crjson(specimen.data, specimen.mime, anchors)
    assert document["jsonGenerator"] == {"name": "genlabel", "version": genlabel.__version__}
    assert document["@context"] == whole["@context"]
    active = True
    for ours, others in zip(document["manifests"], whole["manifests"], strict=True):
        for flag in ("isUpdateManifest", "isCompressedManifest"):
            del others[flag]  # which the schema of 2.4 does not know
        assert ours["signature"].pop("algorithm").lower() == others["signature"].pop("algorithm")
        if "timestamp" not in others["signature"].get("timeStampInfo", {}):
            others["signature"].pop("timeStampInfo", None)  # which the schema asks for
        results, told = ours.pop("validationResults"), others.pop("validationResults")
        deltas, before = ours.pop("ingredientDeltas", []), others.pop("ingredientDeltas", [])
        assert ours == others
        for kind in KINDS:
            found, expected = codes(results, kind), codes(told, kind)
            if not active:  # of ancestors the engine tells only what was not recorded before
                found &= expected
            assert not list(differing(found, expected)), (kind, found ^ expected)
        assert [each["ingredientAssertionURI"] for each in deltas] == [
            each["ingredientAssertionURI"] for each in before
        ]
        for one, another in zip(deltas, before, strict=True):
            pair = one["validationDeltas"], another["validationDeltas"]
            for kind in KINDS:
                assert not list(differing(*(codes(each, kind) for each in pair)))
        active = False


@each_specimen(lambda each: each.manifest == "yes" and each.name.startswith("signed/"))
def test_the_documents_of_others_files_keep_the_programmes_schema(specimen: Specimen):
    document = genlabel.verify(specimen.data).crjson()
    assert not [each.message for each in validator().iter_errors(document)]


@pytest.mark.parametrize("name", ["jpeg", "png", "webp"])
def test_our_own_keep_it_and_say_what_the_report_says(signer, trust, name):
    signed = genlabel.sign(picture(name), LABEL, signer)
    report = genlabel.verify(signed.data, trust=trust)
    document = report.crjson()
    validator().validate(document)
    active = document["manifests"][0]
    assert active["label"] == report.manifest_id
    results = active["validationResults"]
    assert results["failure"] == []
    told = {code for code, _ in codes(results, "success")}
    assert {"claimSignature.validated", "signingCredential.trusted"} <= told
    assert any(code.endswith("Hash.match") for code in told)
    assert results["specVersion"] == "2.4.0"
    untrusted = genlabel.verify(signed.data).crjson()["manifests"][0]["validationResults"]
    assert {code for code, _ in codes(untrusted, "failure")} == {"signingCredential.untrusted"}


def test_what_was_altered_is_in_it(signer, trust):
    data = bytearray(genlabel.sign(picture("jpeg"), LABEL, signer).data)
    data[-20] ^= 1
    results = genlabel.verify(bytes(data), trust=trust).crjson()["manifests"][0][
        "validationResults"
    ]
    assert {code for code, _ in codes(results, "failure")} == {"assertion.dataHash.mismatch"}
    assert not any(code == "assertion.dataHash.match" for code, _ in codes(results, "success"))


def test_an_ancestors_codes_stand_at_the_ancestor_and_at_the_ingredient(signer, trust):
    first = genlabel.sign(picture("jpeg"), LABEL, signer)
    second = genlabel.sign(first.data, Label.edited(producer=ACME), signer)
    document = genlabel.verify(second.data, trust=trust).crjson()
    validator().validate(document)
    active, ancestor = document["manifests"]
    assert ancestor["label"] == first.manifest_id
    signed = f"#jumbf=/c2pa/{first.manifest_id}/c2pa.signature"
    assert ("signingCredential.trusted", signed) in codes(ancestor["validationResults"], "success")
    (delta,) = active["ingredientDeltas"]
    assert delta["validationDeltas"]["failure"] == []
    assert "ingredientDeltas" not in ancestor


def test_read_along_or_later_from_this_process_or_another_it_is_the_same(signer, trust):
    data = genlabel.sign(picture("png"), LABEL, signer).data
    asset = genlabel.Asset(data)
    along = verify.examine(asset, trust=trust, crjson=True).report
    later = verify.verify(asset, trust=trust)
    assert along == later
    documents = [along.crjson(), later.crjson(), pickle.loads(pickle.dumps(later)).crjson()]
    for each in documents:
        del each["manifests"][0]["validationResults"]["validationTime"]
    assert documents[0] == documents[1] == documents[2]


def test_without_a_manifest_the_document_lists_none_and_of_no_report_there_is_none():
    document = genlabel.verify(picture("png")).crjson()
    assert document == crjson.empty()
    assert document["manifests"] == []
    validator().validate(document)
    assert genlabel.Report().crjson() is None


@pytest.mark.parametrize("name", ["no_alg.jpg", "prerelease.jpg"])
def test_a_store_that_the_engine_does_not_open_has_none(name):
    specimen = corpus.specimen(f"signed/{name}")
    assert genlabel.verify(specimen.data).crjson() is None
