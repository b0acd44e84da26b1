"""One label, written, signed and accepted by everyone else's readers and validators.

That the picture stays and that a changed one is rejected does not depend on what the label says:
`tests/docs/test_formats.py` asks both of every kind of file.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Any

import pytest

import genlabel
import histories
from genlabel import Signed
from genlabel.model import carried, fields
from genlabel.model.element import Element
from genlabel.model.label import History, Label
from genlabel.model.report import Integrity, Mark, Severity, SigningTime, TrustLevel
from genlabel.model.results import Outcome
from genlabel.model.vocabulary import DigitalSourceType
from genlabel.testing import picture
from histories import ACME, DESCRIBED, FLUX, MIMES
from oracles import raw, rubric as rubrics

STORIES = histories.stories()
SOURCES = {
    "jpeg": picture("jpeg"),
    "png": picture("png", mode="RGBA"),
    "webp": picture("webp"),
}
CASES = tuple(product(MIMES, STORIES))


@pytest.fixture(scope="session")
def signed(signer, trust) -> Mapping[tuple[str, str], Signed]:
    """Every story in every format."""
    return {
        (format, name): genlabel.sign(
            SOURCES[format],
            STORIES[name].label,
            signer,
            title="hill",
            parent=STORIES[name].parent,
            trust=trust,
        )
        for format, name in CASES
    }


@pytest.mark.parametrize(("format", "name"), CASES)
def test_a_signed_picture_holds_and_says_the_label(signed, trust, format, name):
    label = STORIES[name].label
    report = genlabel.verify(signed[format, name].data, trust=trust, policy=None)
    assert report.integrity is Integrity.INTACT
    assert [each for each in report.findings if each.severity is not Severity.NOTE] == []
    assert report.signer is not None
    assert report.signer.trust is TrustLevel.KNOWN
    assert report.signer.organisation == "Acme Studio"
    assert report.signer.time is SigningTime.NONE
    assert report.declared.attested
    assert report.declared.producer == "Acme Studio"
    assert report.declared.source_type == label.source_type.uri
    expected = label.generator.name if label.generator else None
    assert report.declared.generator == expected
    assert report.manifest_id == signed[format, name].manifest_id


@pytest.mark.parametrize(("format", "name"), CASES)
def test_encypher_accepts_it(signed, encypher, authority, format, name):
    data, mime = signed[format, name].data, MIMES[format]
    good = encypher.verify(data, mime, authority.anchors)
    if STORIES[name].label.source_type is DigitalSourceType.TRAINED_ALGORITHMIC_DATA:
        # encypher-c2pa 1.7 knows C2PA's `empty` only; C2PA 2.4 §18.15.4 has this one beside it.
        assert good.codes == {"assertion.action.malformed"}
    else:
        assert good.accepted, good.codes


@pytest.mark.parametrize(("format", "name"), [case for case in CASES if case[0] != "webp"])
def test_c2pa_ts_accepts_it(signed, c2pats, format, name):
    good = c2pats.validate(signed[format, name].data)
    assert good.accepted, good.codes


@pytest.mark.parametrize(("format", "name"), CASES)
def test_every_check_of_the_official_rubric_passes(signed, rubric, trust, format, name):
    crjson = raw.crjson(signed[format, name].data, MIMES[format], trust)
    verdicts = rubric.judge(crjson)
    assert len(verdicts) == 31
    assert [check for check, said in verdicts.items() if said is not True] == []


def test_the_rubric_of_2_2_only_misses_what_2_4_has_changed(signed, rubric, trust):
    for (format, name), each in signed.items():
        verdicts = rubric.judge(
            raw.crjson(each.data, MIMES[format], trust), rubrics.CONFORMANCE_2_2
        )
        assert len(verdicts) == 23
        wrong = {check for check, said in verdicts.items() if said is not True}
        # 2.2 wants its own version in specVersion, and has not heard of c2pa.ai-disclosure.
        expected = {"mandatory_spec_version"}
        if STORIES[name].label.source_type.generative:
            expected.add("no_unsupported_assertions")
        assert wrong == expected, name


@pytest.mark.parametrize("format", MIMES)
def test_the_rubric_passes_over_histories_of_several_hands(
    signer, authority, trust, rubric, encypher, format
):
    first = genlabel.sign(SOURCES[format], Label.generated(producer=ACME), signer, trust=trust)
    human = genlabel.sign(first.data, Label.edited(producer=ACME), signer, trust=trust)
    machine = genlabel.sign(
        human.data, Label.edited(producer=ACME, generator=FLUX), signer, trust=trust
    )
    whole = genlabel.sign(
        SOURCES[format],
        Label.composite(producer=ACME, of=[Element(machine.data), Element(first.data)]),
        signer,
        trust=trust,
    )
    other = genlabel.sign(
        first.data, Label.generated(producer=ACME, generator=FLUX, **DESCRIBED), signer, trust=trust
    )
    theirs = encypher.verify(other.data, MIMES[format], authority.anchors)
    assert theirs.state == "Trusted"
    # The parent was recorded under the signer's own trust.
    assert theirs.codes == frozenset()
    for each in (human, machine, whole, other):
        verdicts = rubric.judge(raw.crjson(each.data, MIMES[format], trust))
        assert [check for check, said in verdicts.items() if said is not True] == []
        assert each.report.declared.source_type is not None
        assert "trainedalgorithmicmedia" in each.report.declared.source_type.lower()
    assert human.report.marks[Mark.IPTC].source_type == first.report.declared.source_type
    assert whole.report.marks[Mark.IPTC].source_type == (
        DigitalSourceType.COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA.uri
    )


@pytest.mark.parametrize(("format", "name"), CASES)
def test_exiftool_reads_each_field_where_the_table_puts_it(signed, exiftool, format, name):
    tags = exiftool.read(signed[format, name].data, "-api", "StructFormat=JSONQ")
    label, marks = STORIES[name].label, signed[format, name].report.marks
    described = {Mark.IPTC, *((Mark.EXIF,) if format != "png" else ())}
    if format == "jpeg":
        described.add(Mark.IIM)
    asked = 0
    for field in fields.FIELDS:
        for mark, place in field.places.items():
            if mark not in described:
                continue
            value = (field.places[mark].of or field.of)(label)
            if value is None and mark in marks:  # fallbacks alone call for no legacy block
                value = field.fallback(label)
            held = place.carry(value) if value else None
            if not held or field.name in _SETTLED_WHILE_SIGNING:
                continue
            assert _shown(tags, mark, field.name) == held, field.name
            asked += 1
    assert asked >= 4


def test_a_picture_without_iim_and_exif_gets_them_only_where_the_label_has_words_for_them(signed):
    bare = signed["jpeg", "captured"].report.marks
    assert Mark.IIM in bare
    assert Mark.EXIF in bare
    assert Mark.IIM not in signed["jpeg", "source type digitalCapture"].report.marks


@pytest.mark.parametrize(("format", "name"), CASES)
def test_all_marks_of_a_picture_say_the_same(signed, format, name):
    report = signed[format, name].report
    assert report.marks[Mark.MANIFEST].producer == report.marks[Mark.IPTC].producer
    for field in fields.FIELDS:
        said = {
            mark: value
            for mark, declaration in report.marks.items()
            if (value := dict(declaration).get(field.name))
        }
        for (mark, value), (other, value_there) in product(said.items(), repeat=2):
            assert carried.agree(field.name, value, mark, value_there, other)


def test_no_name_of_a_person_stands_in_an_action(signed, trust):
    data = signed["jpeg", "generated, everything said"].data
    manifest = raw.crjson(data, "image/jpeg", trust)["manifests"][0]
    actions = str(manifest["assertions"]["c2pa.actions.v2"])
    for name in ("Ada", "Grace", "Zoë"):
        assert name not in actions
    assert "FLUX" in actions


def test_only_the_generated_picture_has_its_producer_for_creator(signed):
    for name, story in STORIES.items():
        said = signed["jpeg", name].report.marks[Mark.IPTC].creator
        if story.label.rights.creator:
            assert said == story.label.rights.creator
        else:
            generated = story.label.history is History.GENERATED
            assert said == (("Acme Studio",) if generated else ())


_SETTLED_WHILE_SIGNING = {"created", "identifier"}
"""Times and identifiers that labels leave open are chosen while signing."""

_XMP = {
    "source_type": "XMP-iptcExt:DigitalSourceType",
    "producer": ("XMP-iptcExt:Contributor", "Name"),
    "producer_role": ("XMP-iptcExt:Contributor", "Role"),
    "producer_url": ("XMP-iptcExt:Contributor", "Identifier"),
    "producer_identifier": ("XMP-iptcExt:Contributor", "Identifier"),
    "supplier": ("XMP-plus:ImageSupplier", "ImageSupplierName"),
    "generator": "XMP-iptcExt:AISystemUsed",
    "generator_version": "XMP-iptcExt:AISystemVersionUsed",
    "title": "XMP-dc:Title",
    "description": "XMP-dc:Description",
    "creator": "XMP-dc:Creator",
    "credit": "XMP-photoshop:Credit",
    "copyright": "XMP-dc:Rights",
    "usage_terms": "XMP-xmpRights:UsageTerms",
    "web_statement": "XMP-xmpRights:WebStatement",
    "licensor": ("XMP-plus:Licensor", "LicensorName"),
    "licensor_url": ("XMP-plus:Licensor", "LicensorURL"),
    "data_mining": "XMP-plus:DataMining",
    "prompt": "XMP-iptcExt:AIPromptInformation",
    "prompt_writer": "XMP-iptcExt:AIPromptWriterName",
}
_IIM = {
    "title": "IPTC:ObjectName",
    "description": "IPTC:Caption-Abstract",
    "creator": "IPTC:By-line",
    "credit": "IPTC:Credit",
    "copyright": "IPTC:CopyrightNotice",
}
_EXIF = {
    "software": "IFD0:Software",
    "description": "IFD0:ImageDescription",
    "creator": "IFD0:Artist",
    "copyright": "IFD0:Copyright",
}
_TAGS: Mapping[Mark, Mapping[str, str | tuple[str, str]]] = {
    Mark.IPTC: _XMP,
    Mark.IIM: _IIM,
    Mark.EXIF: _EXIF,
}


def _shown(tags: Mapping[str, Any], mark: Mark, name: str) -> str | tuple[str, ...] | None:
    """What ExifTool shows for one field, in the table's form."""
    tag = _TAGS[mark][name]
    if isinstance(tag, str):
        value = tags.get(tag)
    else:
        structure = tags.get(tag[0]) or [{}]
        value = structure[0].get(tag[1])
    if name in ("producer_url", "producer_identifier"):
        here = ACME.url if name == "producer_url" else ACME.identifier
        return here if here in value else None
    if name == "creator":
        return tuple(value) if isinstance(value, list) else (value,)
    if isinstance(value, list):
        value = value[0]
    if name == "data_mining" and value:
        return f"http://ns.useplus.org/ldf/vocab/{value}"
    return value


def test_a_by_line_that_was_there_stays_the_only_creator(signer, exiftool, tmp_path):
    path = tmp_path / "agency.jpg"
    label = Label.generated(producer=ACME)
    for tag in ("IPTC:By-line", "EXIF:Artist", "XMP-dc:Creator"):
        path.write_bytes(SOURCES["jpeg"])
        exiftool.run("-overwrite_original", f"-{tag}=Jane Doe", path)
        labelled = genlabel.sign(path.read_bytes(), label, signer)
        creators = {said.creator for said in labelled.report.marks.values() if said.creator}
        assert creators == {("Jane Doe",)}, tag
        assert [each.code for each in labelled.report.findings] == []
        assert labelled.replaced == ()
        again = genlabel.sign(labelled.data, label, signer)
        assert again.outcome is Outcome.UNCHANGED
