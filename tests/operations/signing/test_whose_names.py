"""Whose names are signed: never one against what the file goes on saying, and what they name."""

from __future__ import annotations

import pytest

import genlabel
from drawn_kinds import after_header, after_jfif, chunk, picture, save, segment
from genlabel import Label, Mark, Producer
from genlabel.manifests import cawg_metadata
from genlabel.manifests.engine import engine
from oracles import raw

GENERATED = Label.generated(producer=Producer("Acme"))
PERSON = Label.generated(producer=Producer("Ann Artist", person=True))
NAMED = "<plus:ImageSupplierName>Agency</plus:ImageSupplierName>"
NUMBERED = "<plus:ImageSupplierID>PLUS-7</plus:ImageSupplierID>"


def packet(inner):
    names = (
        'xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:plus="http://ns.useplus.org/ldf/xmp/1.0/"'
    )
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description rdf:about="" {names}>{inner}</rdf:Description></rdf:RDF></x:xmpmeta>'
    ).encode()


def supplied(*members):
    item = f'<rdf:li rdf:parseType="Resource">{"".join(members)}</rdf:li>'
    return packet(f"<plus:ImageSupplier><rdf:Seq>{item}</rdf:Seq></plus:ImageSupplier>")


def jpeg(xmp):
    data = save(picture(), "JPEG")
    return after_jfif(data, segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + xmp))


def png(xmp):
    text = chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + xmp)
    return after_header(save(picture(), "PNG"), text)


def metadata_of(signed, mime="image/png"):
    """The signed ``cawg.metadata``, as the engine shows it."""
    document = engine.read(signed.data, mime).document
    active = document["manifests"][document["active_manifest"]]
    (found,) = (each for each in active["assertions"] if each["label"] == "cawg.metadata")
    return found["data"]


@pytest.mark.parametrize("draw", [jpeg, png])
@pytest.mark.parametrize("members", [(NAMED,), (NUMBERED,), (NUMBERED, NAMED)])
def test_a_supplier_that_stays_is_not_contradicted_under_signature(
    draw, members, signer, trust, exiftool, tmp_path
):
    signed = genlabel.sign(draw(supplied(*members)), GENERATED, signer, trust=trust)
    assert signed.report.marks[Mark.MANIFEST].supplier is None
    assert not [each for each in signed.report.findings if "disagree" in each.code]
    assert not [each for each in signed.replaced if "upplier" in each]
    path = tmp_path / "signed"
    path.write_bytes(signed.data)
    (kept,) = exiftool.read(path, "-struct")["XMP-plus:ImageSupplier"]
    assert len(kept) == len(members)
    assert "Acme" not in kept.values()
    again = genlabel.sign(signed.data, GENERATED, signer, trust=trust)
    assert again.outcome == "unchanged"


@pytest.mark.parametrize("draw", [jpeg, png])
def test_where_nobody_is_named_the_producer_is_the_supplier_in_both(draw, signer, trust):
    marks = genlabel.sign(draw(packet("")), GENERATED, signer, trust=trust).report.marks
    assert marks[Mark.MANIFEST].supplier == marks[Mark.IPTC].supplier == "Acme"


def test_a_supplier_beside_whom_only_the_manifest_is_written_is_not_contradicted(signer, trust):
    data = png(supplied(NAMED))
    signed = genlabel.sign(data, GENERATED, signer, trust=trust, sidecar=True)
    assert signed.data == data
    assert signed.report.marks[Mark.MANIFEST].supplier is None


@pytest.mark.parametrize(("label", "kind"), [(GENERATED, "Organization"), (PERSON, "Person")])
def test_the_contributor_is_said_to_be_a_person_or_an_organisation(label, kind, signer, trust):
    signed = genlabel.sign(save(picture(), "PNG"), label, signer, trust=trust)
    data = metadata_of(signed)
    (node,) = data["Iptc4xmpExt:Contributor"]
    assert node["@type"] == f"schema:{kind}"
    assert data["@context"]["schema"] == "https://schema.org/"
    report = genlabel.verify(signed.data, trust=trust)
    assert report.marks[Mark.MANIFEST].producer_type == kind
    assert report.to_dict()["marks"]["manifest"]["producer_type"] == kind


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ({}, None),  # as genlabel wrote it before
        ({"@type": "schema:Person"}, "Person"),
        ({"@type": "https://schema.org/Organization"}, "Organization"),
        ({"@type": ["http://schema.org/Person", "x:y"]}, "Person"),
        ({"@type": "Person"}, "Person"),
        ({"@type": "schema:Robot"}, None),
        ({"@type": {"@id": "schema:Person"}}, None),
        ({"@type": [["schema:Person"]]}, None),
    ],
)
def test_what_others_say_of_a_contributor_is_read(said, read):
    from genlabel.manifests.json_ld import resolved

    node = {"Iptc4xmpExt:Name": "Ann", "Iptc4xmpExt:Role": ["cawg.producer"], **said}
    fields = cawg_metadata.read(resolved({"Iptc4xmpExt:Contributor": [node]}))
    assert (fields["producer"], fields.get("producer_type")) == ("Ann", read)


def test_who_is_a_person_now_is_labelled_anew_and_an_organisation_is_not(signer, trust):
    first = genlabel.sign(save(picture(), "PNG"), GENERATED, signer, trust=trust)
    same = genlabel.sign(first.data, GENERATED, signer, trust=trust)
    person = Label.generated(producer=Producer("Acme", person=True))
    assert same.outcome == "unchanged"
    assert genlabel.sign(first.data, person, signer, trust=trust).outcome == "signed"


def test_a_person_is_accepted_by_everyone_elses_validators(
    signer, authority, trust, encypher, c2pats, rubric
):
    signed = genlabel.sign(save(picture(), "PNG"), PERSON, signer, trust=trust)
    assert encypher.verify(signed.data, "image/png", authority.anchors).accepted
    assert c2pats.validate(signed.data).accepted
    verdicts = rubric.judge(raw.crjson(signed.data, "image/png", trust))
    assert set(verdicts.values()) == {True}


def contributor(name, role):
    """A contributor as IPTC 2025.1 has it."""
    names = 'xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"'
    return (
        f'<rdf:li rdf:parseType="Resource" {names}>'
        f'<Iptc4xmpExt:Name><rdf:Alt><rdf:li xml:lang="x-default">{name}</rdf:li></rdf:Alt>'
        "</Iptc4xmpExt:Name><Iptc4xmpExt:Role><rdf:Bag>"
        f"<rdf:li>{role}</rdf:li></rdf:Bag></Iptc4xmpExt:Role></rdf:li>"
    )


@pytest.mark.parametrize(
    ("role", "replaced"), [("cawg.editor", ()), ("cawg.producer", ("iptc producer: 'Ed'",))]
)
def test_what_stays_is_not_said_to_be_replaced(role, replaced, signer, trust):
    bag = f"<rdf:Bag>{contributor('Ed', role)}</rdf:Bag>"
    names = 'xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"'
    whole = f"<Iptc4xmpExt:Contributor {names}>{bag}</Iptc4xmpExt:Contributor>"
    signed = genlabel.sign(png(packet(whole)), GENERATED, signer, trust=trust)
    assert (b"Ed</rdf:li>" in signed.data) is not bool(replaced)
    assert signed.replaced == replaced


JANE = packet(
    "<dc:creator><rdf:Seq><rdf:li>Jane</rdf:li></rdf:Seq></dc:creator>"
    '<photoshop:Credit xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/">AFP\u202e'
    "</photoshop:Credit>"
    f"<plus:ImageSupplier><rdf:Seq><rdf:li rdf:parseType='Resource'>{NAMED}</rdf:li></rdf:Seq>"
    "</plus:ImageSupplier>"
)


def kept(signed):
    return {each.where: each for each in signed.findings if each.code == "genlabel.name.kept"}


@pytest.mark.parametrize("options", [{}, {"sidecar": True}])
def test_others_who_stay_in_a_generated_picture_are_a_warning_by_field(options, signer, trust):
    signed = genlabel.sign(png(JANE), GENERATED, signer, trust=trust, **options)
    told = kept(signed)
    assert set(told) == {"iptc creator", "iptc credit", "iptc supplier"}
    assert {each.severity for each in told.values()} == {"warning"}
    assert "'Jane'" in told["iptc creator"].explanation
    assert "\\u202e" in told["iptc credit"].explanation


def test_who_is_displaced_or_is_the_producer_is_nobody_else(signer, trust):
    rights = genlabel.Rights(creator=("Zoë",), credit="Acme")
    label = Label.generated(producer=Producer("Agency"), rights=rights)
    assert kept(genlabel.sign(png(JANE), label, signer, trust=trust)) == {}
    again = genlabel.sign(save(picture(), "PNG"), GENERATED, signer, trust=trust)
    assert kept(again) == {}
    same = genlabel.sign(again.data, GENERATED, signer, trust=trust, existing="replace")
    assert kept(same) == {}


def test_of_an_edited_picture_other_peoples_names_are_no_warning(signer, trust):
    label = Label.edited(producer=Producer("Acme"))
    assert kept(genlabel.sign(png(JANE), label, signer, trust=trust)) == {}


def test_a_name_in_exif_is_told_with_its_mark(signer, trust):
    image = picture()
    image.getexif()[0x013B] = "Jane; Joe"
    data = save(image, "JPEG", exif=image.getexif())
    (told,) = kept(genlabel.sign(data, GENERATED, signer, trust=trust)).values()
    assert told.where == "exif creator"
    assert "Jane; Joe" in told.explanation
