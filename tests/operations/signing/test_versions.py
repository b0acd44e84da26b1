"""Each signed file is a new version of the same document, by its XMP and by its claim alike."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from genlabel import Existing, Signed
from genlabel.formats import identify
from genlabel.formats.slots import XMP
from genlabel.manifests.store import manifest_store
from genlabel.metadata.xmp import parse, values
from genlabel.metadata.xmp.graph import NAMESPACES, name_of
from genlabel.model.label import Label
from genlabel.model.results import Outcome
from genlabel.operations.labeller import Labeller
from histories import ACME
from oracles.corpus import Specimen, each_specimen
from oracles.small_files import NAMES, small

LABEL = Label.generated(producer=ACME)
OTHER = Label.generated(producer=ACME, title="Other")
OURS = ("xmpMM:InstanceID", "xmpMM:DocumentID", "xmpMM:OriginalDocumentID")
DATES = ("xmp:ModifyDate", "xmp:MetadataDate")


@pytest.fixture(scope="module")
def labeller(signer, trust) -> Labeller:
    return Labeller(signer=signer, trust=trust)


def packet(**properties: str) -> bytes:
    """A packet in which somebody else wrote these properties, in their own prefixes."""
    inner = "".join(
        f"<{name.replace('_', ':')}>{text}</{name.replace('_', ':')}>"
        for name, text in properties.items()
    )
    return (
        f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="{NAMESPACES["rdf"]}">'
        f'<rdf:Description rdf:about="" xmlns:xapMM="{NAMESPACES["xmpMM"]}"'
        f' xmlns:xap="{NAMESPACES["xmp"]}" xmlns:xmpMM="{NAMESPACES["xmpMM"]}">'
        f"{inner}</rdf:Description></rdf:RDF></x:xmpmeta>"
    ).encode()


def with_packet(name: str, xmp: bytes) -> bytes:
    data = small(name)
    container = identify(data)
    return b"".join(map(bytes, container.rewrite(container.survey(data), {XMP: xmp})))


def said(data: bytes, *names: str) -> list[list[str]]:
    """Every text of each property in the XMP of a file."""
    payload = identify(data).survey(data).payloads.get(XMP, b"")
    graph = parse.parse(payload, {name_of(each) for each in names})
    listed = graph.values if graph is not None else {}
    return [[values.text(each) for each in listed.get(name_of(name), ())] for name in names]


def of_claim(signed: Signed) -> str:
    store = signed.sidecar or identify(signed.data).survey(signed.data).manifest
    claim = manifest_store.read(store).active.claim
    return claim["instanceID"]


def signed_by(labeller: Labeller, data: bytes, label: Label = LABEL, **more: object) -> Signed:
    beside = identify(data).survey(data).unsignable is not None
    return labeller.sign(data, label, sidecar=beside, marks=["iptc"] if beside else [], **more)


@pytest.mark.parametrize("name", NAMES)
def test_a_new_document_gets_identifiers_and_the_claim_names_the_instance(name, labeller):
    signed = signed_by(labeller, small(name))
    instance, document, original = said(signed.data, *OURS)
    assert instance == [of_claim(signed)]
    assert document == original
    assert len(document) == 1


@pytest.mark.parametrize("name", NAMES)
def test_a_document_keeps_its_identifiers_and_gets_another_instance(name, labeller):
    old = packet(
        xapMM_InstanceID="uuid:old", xapMM_DocumentID="uuid:doc", xapMM_OriginalDocumentID="uuid:o"
    )
    signed = signed_by(labeller, with_packet(name, old))
    instance, document, original = said(signed.data, *OURS)
    assert instance == [of_claim(signed)]
    assert instance != ["uuid:old"]
    assert (document, original) == (["uuid:doc"], ["uuid:o"])


@pytest.mark.parametrize("name", ["jpeg", "png", "tiff", "heic", "svg"])
def test_every_version_is_another_instance_of_the_same_document(name, labeller):
    first = signed_by(labeller, small(name))
    second = signed_by(labeller, first.data, OTHER)
    one, two = said(first.data, *OURS), said(second.data, *OURS)
    assert one[0] != two[0] == [of_claim(second)]
    assert one[1:] == two[1:]


@pytest.mark.parametrize("name", ["jpeg", "png", "tiff", "svg"])
def test_what_says_the_same_stays_the_same_version(name, labeller, tmp_path):
    once = signed_by(labeller, small(name))
    again = signed_by(labeller, once.data)
    assert again.outcome is Outcome.UNCHANGED
    assert again.data == once.data
    source = tmp_path / f"source.{name}"
    source.write_bytes(small(name))
    out = tmp_path / f"out.{name}"
    labeller.sign_file(source, LABEL, out=out)
    before = out.read_bytes()
    report = labeller.sign_file(source, LABEL, out=out, overwrite=True)
    assert report.outcome is Outcome.UNCHANGED
    assert out.read_bytes() == before


@pytest.mark.parametrize("name", ["jpeg", "png", "tiff"])
def test_a_picture_that_stays_untouched_stays_the_version_that_it_is(name, labeller):
    data = with_packet(name, packet(xmpMM_InstanceID="xmp.iid:mine"))
    signed = labeller.sign(data, LABEL, sidecar=True)
    assert signed.data == data
    assert of_claim(signed) == "xmp.iid:mine"


def test_without_xmp_the_claim_of_an_untouched_picture_has_an_instance_of_its_own(labeller):
    one, two = (of_claim(labeller.sign(small("png"), LABEL, sidecar=True)) for _ in range(2))
    assert one != two
    assert one.startswith("xmp.iid:")


@pytest.mark.parametrize("name", ["jpeg", "png", "tiff"])
def test_an_address_in_a_picture_makes_another_version_of_it(name, labeller):
    data = with_packet(name, packet(xmpMM_InstanceID="xmp.iid:mine", xmpMM_DocumentID="d"))
    signed = labeller.sign(data, LABEL, remote_url="https://example.com/cat.c2pa")
    instance, document, _ = said(signed.data, *OURS)
    assert instance == [of_claim(signed)] != ["xmp.iid:mine"]
    assert document == ["d"]


def test_an_edit_comes_from_the_document_of_its_parent(labeller):
    parent = with_packet(
        "jpeg", packet(xmpMM_DocumentID="uuid:p", xmpMM_OriginalDocumentID="uuid:o")
    )
    edited = labeller.sign(small("png"), Label.edited(producer=ACME), parent=parent)
    _, document, original = said(edited.data, *OURS)
    assert document[0].startswith("xmp.did:")
    assert original == ["uuid:o"]
    own = with_packet("png", packet(xmpMM_DocumentID="uuid:a", xmpMM_OriginalDocumentID="uuid:b"))
    edited = labeller.sign(own, Label.edited(producer=ACME), parent=parent)
    assert said(edited.data, *OURS)[1:] == [["uuid:a"], ["uuid:b"]]


def test_a_renewal_is_a_version_too(labeller):
    once = labeller.sign(small("png"), LABEL)
    again = labeller.sign(once.data, OTHER, existing=Existing.REPLACE)
    instances = [said(each.data, *OURS)[0] for each in (once, again)]
    assert instances[0] != instances[1] == [of_claim(again)]


@pytest.mark.parametrize(
    "modified",
    ["2019-05-01T12:00:00+02:00", "2019", "2199-05-01T12:00:00+02:00", "2199-05-01T12:00"],
)
def test_the_metadata_are_never_older_than_the_picture(modified, labeller, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1800000000")
    data = with_packet("png", packet(xap_ModifyDate=modified))
    signed = labeller.sign(data, Label.generated(producer=ACME, created="unknown"))
    (modify,), (metadata,) = said(signed.data, *DATES)
    assert modify == modified
    assert metadata == (modified if modified > "2100" else "2027-01-15T08:00:00Z")


def test_a_file_without_dates_gets_none(labeller):
    signed = labeller.sign(small("png"), Label.generated(producer=ACME, created="unknown"))
    assert said(signed.data, *DATES) == [[], []]


def test_a_later_time_of_making_is_that_of_the_metadata(labeller, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1000000000")
    later = datetime(2019, 1, 2, 3, 4, 5, tzinfo=UTC)
    signed = labeller.sign(small("png"), Label.generated(producer=ACME, created=later))
    assert said(signed.data, *DATES) == [["2019-01-02T03:04:05Z"]] * 2


@pytest.mark.parametrize("name", ["jpeg", "png", "webp", "tiff", "heic", "mov"])
def test_exiftool_and_the_engine_read_the_same_instance(name, labeller, exiftool):
    signed = labeller.sign(small(name), LABEL)
    tags = exiftool.read(signed.data)
    assert tags["XMP-xmpMM:InstanceID"] == of_claim(signed)


@each_specimen(lambda s: s.name.endswith(("P1000827.jpg", "paris_exif_xmp_icc.jpg")))
def test_dates_of_others_stay_in_exif_and_xmp_alike(specimen: Specimen, labeller, exiftool):
    """Their Exif has a date of change, so XMP says no other one: MetadataDate alone is ours."""
    created = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
    label = Label.edited(producer=ACME, created=created)
    before = exiftool.read(specimen.data)
    after = exiftool.read(labeller.sign(specimen.data, label).data)
    changed = {
        tag
        for tag in {*before, *after}
        if "Date" in tag and before.get(tag) != after.get(tag) and not tag.startswith("Composite")
    }
    ours = {tag for tag in changed if tag.startswith(("XMP", "IFD", "Exif"))}
    assert ours == {"XMP-xmp:MetadataDate"}
