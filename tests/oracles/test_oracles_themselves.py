"""An oracle that accepts everything proves nothing: each must accept good files and reject bad."""

from __future__ import annotations

import csv
import hashlib
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from oracles import absence, corpus, exempi, pictures, raw, riff_files, rubric as rubrics
from oracles.chain import Chain
from oracles.corpus import Specimen, each_specimen
from oracles.exiftool import ExiftoolError

FORMATS = sorted(pictures.MIMES)


@pytest.fixture(scope="module")
def signed(chain):
    """One raw-signed picture a format."""
    return {
        format: raw.sign(pictures.draw(format), mime, chain)
        for format, mime in pictures.MIMES.items()
    }


@pytest.mark.parametrize("format", FORMATS)
def test_the_raw_engine_trusts_a_good_file_only_with_its_anchor(signed, chain, format):
    mime = pictures.MIMES[format]
    assert raw.read(signed[format], mime, anchors=chain.anchor).state == "Trusted"
    assert raw.read(signed[format], mime).failures == {"signingCredential.untrusted"}
    assert raw.read(pictures.draw(format), mime).state == "none"


@pytest.mark.parametrize("format", FORMATS)
def test_encypher_accepts_a_good_file(encypher, signed, chain, format):
    result = encypher.verify(signed[format], pictures.MIMES[format], chain.anchor)
    assert result.accepted, result.codes
    assert result.state == "Trusted"


@pytest.mark.parametrize("format", FORMATS)
def test_encypher_rejects_a_changed_pixel_a_stranger_and_an_unsigned_file(
    encypher, signed, chain, format
):
    mime = pictures.MIMES[format]
    # WebP has its manifest last, so the pixel is taken right behind the RIFF and chunk headers.
    pixel = 40 if format == "webp" else -20
    tampered = encypher.verify(pictures.flipped(signed[format], pixel), mime, chain.anchor)
    assert not tampered.accepted
    assert "assertion.dataHash.mismatch" in tampered.codes
    stranger = encypher.verify(signed[format], mime, Chain.new().anchor)
    assert not stranger.accepted
    assert "signingCredential.untrusted" in stranger.codes
    assert not encypher.verify(signed[format], mime, None).accepted
    unsigned = encypher.verify(pictures.draw(format), mime, chain.anchor)
    assert not unsigned.accepted
    assert not unsigned.present


def test_encypher_judges_at_the_moment_it_is_told(encypher):
    now = datetime.now(UTC)
    chain = Chain.new(not_before=now - timedelta(days=2), not_after=now + timedelta(days=2))
    data = raw.sign(pictures.draw(), "image/jpeg", chain)
    assert encypher.verify(data, "image/jpeg", chain.anchor, at=now).accepted
    later = encypher.verify(data, "image/jpeg", chain.anchor, at=now + timedelta(days=30))
    assert not later.accepted
    assert "claimSignature.outsideValidity" in later.codes


@pytest.mark.parametrize("format", ["jpeg", "png"])
def test_c2pa_ts_accepts_a_good_file_and_rejects_changed_and_unsigned_ones(c2pats, signed, format):
    good = c2pats.validate(signed[format])
    assert good.accepted, good.codes
    assert {"claimSignature.validated", "assertion.dataHash.match"} <= good.successes
    tampered = c2pats.validate(pictures.flipped(signed[format], -20))
    assert not tampered.accepted
    assert "assertion.dataHash.mismatch" in tampered.codes
    unsigned = c2pats.validate(pictures.draw(format))
    assert not unsigned.accepted
    assert not unsigned.present


def test_c2pa_ts_answers_again_after_a_file_that_it_cannot_read(c2pats, signed):
    with pytest.raises(RuntimeError, match="neither JPEG, PNG nor ISO media"):
        c2pats.validate(signed["webp"])
    assert not c2pats.validate(signed["jpeg"][:900]).accepted
    assert c2pats.validate(signed["jpeg"]).accepted


def test_the_validators_see_a_tampered_parent(encypher, chain):
    parent = raw.sign(pictures.draw(shade=9), "image/jpeg", chain)
    for data, good in ((parent, True), (pictures.flipped(parent, -20), False)):
        ingredient = raw.Ingredient(data=data, mime="image/jpeg", label="p")
        edited = raw.sign(
            pictures.draw(), "image/jpeg", chain, raw.edited("p"), ingredients=[ingredient]
        )
        # The engine's overall state does not show it: that is why the tree has to be walked.
        assert raw.read(edited, "image/jpeg", anchors=chain.anchor).state == "Trusted"
        result = encypher.verify(edited, "image/jpeg", chain.anchor)
        assert result.accepted is good, result.codes


PARENTS = [
    raw.Ingredient(data=pictures.draw(shade=shade), mime="image/jpeg", label=label)
    for shade, label in ((1, "one"), (2, "two"))
]


@pytest.mark.parametrize(
    ("manifest", "ingredients"),
    [
        pytest.param(raw.generated("https://lies.example/handmade"), [], id="bogus source type"),
        pytest.param(raw.generated(created=False), [], id="actions only gathered"),
        pytest.param(raw.edited("one"), PARENTS, id="two parents"),
    ],
)
def test_the_raw_engine_signs_lies_and_trusts_them(chain, manifest, ingredients):
    data = raw.sign(pictures.draw(), "image/jpeg", chain, manifest, ingredients=ingredients)
    assert raw.read(data, "image/jpeg", anchors=chain.anchor).state == "Trusted"


def test_exiftool_writes_and_reads_words_of_every_script(exiftool, tmp_path):
    path = tmp_path / "grün 猫.jpg"
    path.write_bytes(pictures.draw())
    words = "Zoë 株式会社 🐈 עברית <b>&\"'"
    exiftool.run("-overwrite_original", f"-XMP-iptcExt:AISystemUsed={words}", path)
    assert exiftool.read(path)["XMP-iptcExt:AISystemUsed"] == words
    assert exiftool.read(path.read_bytes())["XMP-iptcExt:AISystemUsed"] == words


def test_exiftool_says_errors_and_goes_on(exiftool, tmp_path):
    with pytest.raises(ExiftoolError, match="not found"):
        exiftool.run("-j", tmp_path / "nothing.jpg")
    assert exiftool.read(pictures.draw("png"))["File:FileType"] == "PNG"


def test_exiftool_is_current_enough_for_the_fields_of_2025(exiftool):
    assert float(exiftool.run("-ver")) >= 13.4


@each_specimen(lambda each: each.name.startswith("marked-xmp-only/"))
def test_exiftool_reads_the_source_type_of_others(exiftool, specimen: Specimen):
    expected = specimen.notes.partition("xmp_dst=")[2].partition(";")[0]
    found = exiftool.read(specimen.path)["XMP-iptcExt:DigitalSourceType"]
    assert found.endswith("/" + expected)


def _published_verdicts(name: str) -> list[dict[str, str]]:
    with (rubrics.folder() / "verdicts.tsv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t")
        return [row for row in rows if row["rubric"] == name]


@pytest.mark.parametrize(
    ("name", "checks"),
    [(rubrics.CONFORMANCE_2_4, 31), (rubrics.CONFORMANCE_2_2, 23), (rubrics.INTEGRITY, 6)],
)
def test_the_rubrics_are_judged_as_the_official_evaluator_judges_them(rubric, name, checks):
    lists = corpus.beside("trust-lists")
    if lists is None:
        pytest.skip(corpus.NO_CORPUS)
    anchors = (lists / "C2PA-TRUST-LIST.pem").read_bytes()
    clocks = (lists / "C2PA-TSA-TRUST-LIST.pem").read_bytes()
    rows = _published_verdicts(name)
    assert len(rows) == 29
    for row in rows:
        specimen = corpus.specimen(row["path"])
        reading = raw.read(specimen.data, specimen.mime, anchors=anchors, time_stamp_anchors=clocks)
        verdicts = rubric.judge(reading.crjson, name)
        assert len(verdicts) == checks
        # Whether somebody is trusted changes as certificates end; everything else is for ever.
        verdicts.pop("trusted_success", None)
        wrong = {check: said for check, said in verdicts.items() if said is not True}
        expected: dict[str, rubrics.Verdict] = dict.fromkeys(row["false"].split(), False)
        expected.update(dict.fromkeys(row["warning"].split(), "warning"))
        expected.pop("trusted_success", None)
        assert wrong == expected, row["path"]


def test_the_rubric_of_2_4_finds_what_is_wrong_and_passes_what_is_right(rubric, chain):
    good = raw.sign(pictures.draw(), "image/jpeg", chain)
    verdicts = rubric.judge(raw.read(good, "image/jpeg", anchors=chain.anchor).crjson)
    assert [check for check, said in verdicts.items() if said is not True] == []
    manifest = raw.generated()
    manifest["assertions"][0]["data"].pop("allActionsIncluded")
    poor = raw.sign(pictures.draw(), "image/jpeg", chain, manifest)
    verdicts = rubric.judge(raw.read(poor, "image/jpeg", anchors=chain.anchor).crjson)
    wrong = {check for check, said in verdicts.items() if said is not True}
    assert wrong == {"mandatory_all_actions_included"}


@each_specimen()
def test_the_corpus_is_what_its_index_says(specimen: Specimen):
    assert hashlib.sha256(specimen.data).hexdigest() == specimen.sha256


@pytest.mark.parametrize("name", ["jpegtran", "optipng", "cwebp", "strace"])
def test_the_strippers_are_here(name):
    assert absence.program(name).is_file()


def test_a_missing_tool_is_a_skip_at_home_and_a_failure_under_ci(tmp_path: Path):
    asking = tmp_path / "test_asking.py"
    asking.write_text(
        "from oracles.absence import program\n"
        "def test_it():\n    program('no-such-program-anywhere')\n"
    )
    outcomes = {}
    for ci in ("", "true"):
        run = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(asking)],
            cwd=tmp_path,
            env={**os.environ, "CI": ci, "PYTHONPATH": str(corpus.REPOSITORY / "tests")},
            capture_output=True,
            text=True,
        )
        outcomes[ci] = run.stdout.splitlines()[-1]
    assert "1 skipped" in outcomes[""]
    assert "1 failed" in outcomes["true"]


def test_exempi_writes_what_exiftool_reads_and_fails_on_what_it_does_not_know(exiftool):
    named = riff_files.form(b"WAVE", *riff_files.sound(), riff_files.INFO)
    made = exempi.written(named, {"dc:source": "An agency"}, ".wav")
    assert exiftool.read(made)["XMP-dc:Source"] == "An agency"
    with pytest.raises(AssertionError, match="dc:source"):
        exempi.written(b"hello, world", {"dc:source": "An agency"}, ".wav")
