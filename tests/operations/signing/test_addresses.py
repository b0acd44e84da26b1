"""An address of a manifest in a file: no parent, and never one of a stranger under our label."""

from __future__ import annotations

import pytest

import genlabel
from drawn_kinds import look, rewritten
from genlabel import Asset, Existing, Labeller, testing
from genlabel.formats.format import XMP
from genlabel.manifests.validation import actions
from genlabel.model.label import Label
from genlabel.model.report import Integrity, Mark, Survival
from genlabel.operations.verify import examine
from genlabel.testing import Authority, picture
from histories import ACME, FLUX, MIMES

STRANGER = "https://stranger.example/manifests/1.c2pa"
OWN = "https://acme.example/cat.c2pa"
LABEL = Label.generated(producer=ACME, generator=FLUX)
EDIT = Label.edited(producer=ACME, generator=FLUX)
PACKET = f"""<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"
 dc:source="an archive" dcterms:provenance="{STRANGER}"/></rdf:RDF></x:xmpmeta>"""


@pytest.fixture(scope="module")
def other() -> Authority:
    return Authority.new("Other Studio")


def naming(format: str) -> bytes:
    return rewritten(picture(format), {XMP: PACKET.encode()})


def codes(findings: object) -> set[str]:
    return {each.code for each in findings}  # type: ignore[attr-defined]


@pytest.mark.parametrize("format", MIMES)
def test_a_generated_picture_keeps_its_generator_whatever_address_it_names(format, signer, trust):
    signed = genlabel.sign(naming(format), LABEL, signer, trust=trust)
    assert signed.report.declared.generator == FLUX.name
    document = examine(Asset(signed.data), trust=trust).reading.document
    (created,) = [each for each, _ in actions.actions(actions.active(document))]
    assert created["action"] == "c2pa.created"
    assert created["softwareAgent"]["name"] == FLUX.name
    assert signed.report.ingredients == ()
    (told,) = [each for each in signed.findings if each.code == "genlabel.remote.removed"]
    assert STRANGER in told.explanation
    assert STRANGER.encode() not in signed.data
    assert b"an archive" in signed.data
    assert "genlabel.remote.other" not in codes(signed.report.findings)
    assert genlabel.sign(signed.data, LABEL, signer, trust=trust).data == signed.data


@pytest.mark.parametrize("existing", [Existing.WRAP, Existing.REPLACE])
def test_a_strangers_address_does_not_stand_beside_our_manifest(existing, signer, other):
    theirs = genlabel.sign(naming("png"), EDIT, other.signer())
    data = rewritten(theirs.data, {XMP: PACKET.encode()})
    assert genlabel.verify(data, policy=None).integrity is Integrity.BROKEN
    signed = genlabel.sign(data, EDIT, signer, existing=existing, accept_broken_parent=True)
    assert "genlabel.remote.removed" in codes(signed.findings)
    assert STRANGER.encode() not in look(signed.data).payloads[XMP]


def test_beside_a_picture_that_is_left_as_it_is_the_address_stays_and_is_told(signer, trust):
    data = naming("png")
    signed = genlabel.sign(data, LABEL, signer, trust=trust, sidecar=True)
    assert signed.data == data
    assert "genlabel.remote.other" in codes(signed.report.findings)
    marked = genlabel.sign(data, LABEL, signer, trust=trust, sidecar=True, marks=["iptc"])
    assert STRANGER.encode() not in marked.data


def test_ones_own_address_is_set_and_stays(signer, trust):
    labeller = Labeller(signer=signer, trust=trust)
    served = labeller.sign(naming("png"), LABEL, remote_url=OWN)
    assert OWN.encode() in served.data
    assert STRANGER.encode() not in served.data
    again = labeller.sign(
        Asset(served.data, manifest=served.sidecar), EDIT, sidecar=True, marks=["iptc"]
    )
    assert OWN.encode() in again.data


def test_strip_check_sends_nobody_to_a_strangers_manifest(signer, trust):
    labelled = genlabel.sign(picture("png"), LABEL, signer, trust=trust).data
    published = naming("png")
    report = genlabel.strip_check(published, against=labelled, trust=trust)
    assert report.marks[Mark.MANIFEST] is Survival.LOST
    alone = genlabel.strip_check(published, trust=trust)
    assert alone.marks[Mark.MANIFEST] is Survival.ABSENT
    served = genlabel.sign(picture("png"), LABEL, signer, trust=trust, remote_url=OWN)
    beside = Asset(served.data, manifest=served.sidecar)
    report = genlabel.strip_check(served.data, against=beside, trust=trust)
    assert report.marks[Mark.MANIFEST] is Survival.KEPT
    assert genlabel.strip_check(testing.picture("png"), against=beside, trust=trust).lost
