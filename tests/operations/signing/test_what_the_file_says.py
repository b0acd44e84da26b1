"""AI stays AI: what a picture says in any place stands against a label that says less."""

from __future__ import annotations

import zlib
from dataclasses import replace

import pytest

import genlabel
from genlabel import formats
from genlabel.credentials.trust import Trust
from genlabel.formats.format import EXIF, IIM, XMP, Slot
from genlabel.model.asset import Asset
from genlabel.model.element import Element
from genlabel.model.errors import LabelError
from genlabel.model.label import Label
from genlabel.model.parties import Rights
from genlabel.model.report import Mark
from genlabel.model.vocabulary import DigitalSourceType
from genlabel.storage.buffers import joined
from histories import ACME, FLUX
from oracles import corpus, raw
from oracles.pictures import draw, flipped

pytestmark = pytest.mark.frozen

LESS = {
    "captured": Label.captured(producer=ACME),
    "drawn": Label.created_by_human(producer=ACME),
    "by hand": Label.edited(producer=ACME),
}
GENERATED = DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA
ALGORITHMIC = DigitalSourceType.ALGORITHMIC_MEDIA
REASON = "a test pattern of ours: the editor wrote that by mistake"
BING = "signed/bing_creator_cloud_surfing_puppy.jpg"


def packet(code: str = "", more: str = "") -> bytes:
    """An XMP packet with a source type, in whatever spelling, and more attributes."""
    said = f'Iptc4xmpExt:DigitalSourceType="{code}"' if code else ""
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
        'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
        'xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" '
        'xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" '
        'xmlns:xmp="http://ns.adobe.com/xap/1.0/" '
        f"{said} {more}/></rdf:RDF></x:xmpmeta>"
    ).encode()


def holding(kind: str, slot: Slot, payload: bytes) -> bytes:
    data = draw(kind)
    container = formats.identify(data)
    return joined(container.rewrite(container.survey(data), {slot: payload}))


def with_text(png: bytes, key: bytes, text: bytes) -> bytes:
    """A tEXt chunk behind IHDR."""
    chunk = b"tEXt" + key + b"\0" + text
    whole = (len(chunk) - 4).to_bytes(4, "big") + chunk + zlib.crc32(chunk).to_bytes(4, "big")
    return png[:33] + whole + png[33:]


def dataset(number: int, value: bytes) -> bytes:
    return bytes((0x1C, 2, number)) + len(value).to_bytes(2, "big") + value


def software(name: bytes) -> bytes:
    """A little-endian Exif block with one entry: 0x0131 Software."""
    entry = b"\x31\x01\x02\0" + len(name).to_bytes(4, "little") + (26).to_bytes(4, "little")
    return b"II*\0\x08\0\0\0\x01\0" + entry + bytes(4) + name


SAID = {
    "XMP": Asset(holding("jpeg", XMP, packet(GENERATED.uri))),
    "XMP, other case": Asset(holding("png", XMP, packet(GENERATED.uri.upper()))),
    "XMP, prefix": Asset(holding("webp", XMP, packet("digsrctype:TrainedAlgorithmicMedia"))),
    "second packet": Asset(draw("jpeg") + b"<?xpacket begin=''?>" + packet(GENERATED.uri)),
    "tool in a second packet": Asset(
        draw("jpeg") + b"<?xpacket begin=''?>" + packet(more='xmp:CreatorTool="Midjourney 6"')
    ),
    "system in a second packet": Asset(
        draw("jpeg") + b"<?xpacket begin=''?>" + packet(more='Iptc4xmpExt:AISystemUsed="FLUX"')
    ),
    "tool in a sidecar": Asset(
        draw("png"), xmp={"cat.xmp": packet(more='xmp:CreatorTool="Midjourney 6"')}
    ),
    "sidecar": Asset(draw("png"), xmp={"cat.xmp": packet(GENERATED.uri)}),
    "system used": Asset(holding("jpeg", XMP, packet(more='Iptc4xmpExt:AISystemUsed="FLUX"'))),
    "credit": Asset(holding("jpeg", XMP, packet(more='photoshop:Credit="Made with Google AI"'))),
    "creator tool": Asset(holding("jpeg", XMP, packet(more='xmp:CreatorTool="Midjourney 6"'))),
    "IIM": Asset(holding("jpeg", IIM, dataset(65, b"Adobe Firefly"))),
    "IIM caption": Asset(
        holding("jpeg", IIM, dataset(120, b"hills Job ID: 0a1b2c3d-0000-4000-8000-000000000000"))
    ),
    "Exif": Asset(holding("jpeg", EXIF, software(b"NovelAI\0"))),
    "trace": Asset(with_text(draw("png"), b"parameters", b"hills\nSteps: 20, Sampler: Euler a")),
}
HONEST = {
    "nothing": Asset(draw("jpeg")),
    "a capture": Asset(holding("jpeg", XMP, packet(DigitalSourceType.DIGITAL_CAPTURE.uri))),
    "a camera": Asset(holding("jpeg", EXIF, software(b"Camera 1.0\0"))),
    "a camera in a second packet": Asset(
        draw("jpeg") + b"<?xpacket begin=''?>" + packet(more='xmp:CreatorTool="Camera 1.0"')
    ),
    "an editor": Asset(holding("jpeg", IIM, dataset(65, b"Adobe Photoshop"))),
    "a caption": Asset(holding("jpeg", IIM, dataset(120, b"A talk about Midjourney"))),
}


def codes(report: genlabel.Report) -> list[str]:
    return [each.code for each in report.findings]


@pytest.mark.parametrize("place", SAID)
@pytest.mark.parametrize("less", LESS)
def test_a_label_that_says_less_is_refused_with_the_evidence(place, less, signer, trust):
    with pytest.raises(LabelError, match=r"says .*: so it cannot be labelled"):
        genlabel.sign(SAID[place], LESS[less], signer, trust=trust)


@pytest.mark.parametrize("place", SAID)
def test_overruled_with_a_reason_that_is_signed_and_told(place, signer, trust):
    signed = genlabel.sign(SAID[place], LESS["captured"], signer, trust=trust, overrule=REASON)
    report = genlabel.verify(signed.data, trust=trust, policy=None)
    (told,) = [each for each in report.findings if each.code == "genlabel.claim.overruled"]
    assert REASON in told.explanation
    again = genlabel.sign(
        Asset(signed.data), LESS["captured"], signer, trust=trust, overrule=REASON
    )
    assert again.outcome.value == "unchanged"


@pytest.mark.parametrize("place", HONEST)
@pytest.mark.parametrize("less", LESS)
def test_what_says_nothing_of_models_is_labelled_as_before(place, less, signer, trust):
    signed = genlabel.sign(HONEST[place], LESS[less], signer, trust=trust, overrule=REASON)
    report = genlabel.verify(signed.data, trust=trust, policy=None)
    assert "genlabel.claim.overruled" not in codes(report)
    assert report.declared.inherited_from is None
    assert report.declared.attested


@pytest.mark.parametrize("place", SAID)
def test_a_label_that_says_as_much_is_not_asked(place, signer, trust):
    label = Label.generated(producer=ACME)
    signed = genlabel.sign(SAID[place], label, signer, trust=trust)
    report = genlabel.verify(signed.data, trust=trust, policy=None)
    assert report.declared.source_type == GENERATED.uri
    assert report.declared.attested


@pytest.mark.parametrize("less", LESS)
def test_a_credential_that_says_it_in_words_only(less, signer, trust):
    data = corpus.specimen(BING).data
    with pytest.raises(LabelError, match="AI Generated Image"):
        genlabel.sign(data, LESS[less], signer, trust=trust)
    with pytest.raises(LabelError, match="AI Generated Image"):
        genlabel.sign(data, LESS[less], signer, trust=trust, existing="replace")
    signed = genlabel.sign(data, Label.generated(producer=ACME), signer, trust=trust)
    report = genlabel.verify(signed.data, trust=trust, policy=None)
    assert report.declared.source_type == GENERATED.uri


def by_agent(action: str, **more: object) -> raw.Manifest:
    """A manifest of a picture that was opened and changed, without source types."""
    return raw.actions([{"action": "c2pa.opened"}, {"action": action, **more}])


def numbered(name: str) -> raw.Manifest:
    """The same, its agent by its number in a list."""
    manifest = by_agent("c2pa.edited", softwareAgentIndex=1)
    manifest["assertions"][0]["data"]["softwareAgents"] = [{"name": "Editor"}, {"name": name}]
    return manifest


def beside_an_assertion(label: str) -> raw.Manifest:
    manifest = by_agent("c2pa.edited")
    said = {"description": "Adobe Clio", "version": "1.0.0"}
    manifest["assertions"].append({"label": label, "data": said})
    return manifest


IN_WORDS = {
    "an edit by a model": by_agent("c2pa.edited", softwareAgent={"name": "DALL·E"}),
    "a drawing by a model": by_agent("c2pa.drawing", softwareAgent={"name": "gpt-image"}),
    "a part by a model": by_agent("c2pa.placed", softwareAgent={"name": "Adobe Firefly"}),
    "an edit by the agent of a number": numbered("Adobe Firefly"),
    "a placed picture, described": by_agent("c2pa.placed", description="AI-generated image."),
    "Adobe's assertion of 2023": beside_an_assertion("com.adobe.generative-ai"),
}
NO_WORDS = {
    "an edit by an editor": by_agent("c2pa.edited", softwareAgent={"name": "Adobe Photoshop"}),
    "what a generator's service converts": by_agent(
        "c2pa.converted", softwareAgent={"name": "Adobe Firefly"}
    ),
    "a description about a generator": by_agent(
        "c2pa.edited", description="Removed a sticker of Midjourney"
    ),
    "an edit by the editor of a number": numbered("GIMP"),
    "a generator that did nothing": {
        **by_agent("c2pa.edited"),
        "claim_generator_info": [{"name": "Adobe_Firefly"}],
    },
    "another's assertion": beside_an_assertion("com.example.generative-ai"),
}


@pytest.mark.parametrize("case", IN_WORDS)
def test_actions_without_source_type_that_say_it_in_words(case, chain, signer, trust):
    data = raw.sign(draw("png"), "image/png", chain, IN_WORDS[case])
    with pytest.raises(LabelError, match=r"manifest [\w.-]+ says .*cannot be labelled humanEdits"):
        genlabel.sign(data, LESS["by hand"], signer, trust=trust)
    generated = genlabel.sign(data, Label.edited(producer=ACME, generator=FLUX), signer)
    assert generated.outcome == "signed"


@pytest.mark.parametrize("case", NO_WORDS)
def test_words_that_say_nothing_of_a_model(case, chain, signer, trust):
    data = raw.sign(draw("png"), "image/png", chain, NO_WORDS[case])
    assert genlabel.sign(data, LESS["by hand"], signer, trust=trust).outcome == "signed"


@pytest.mark.parametrize("less", LESS)
def test_dropping_a_manifest_does_not_drop_what_it_said(less, signer, trust):
    made = genlabel.sign(draw("png"), Label.generated(producer=ACME), signer, trust=trust).data
    with pytest.raises(LabelError, match=r"manifest c2pa\.created says"):
        genlabel.sign(made, LESS[less], signer, trust=trust, existing="replace")


def test_a_signed_history_that_stays_cannot_be_overruled(signer, trust):
    made = genlabel.sign(draw("png"), Label.generated(producer=ACME), signer, trust=trust).data
    with pytest.raises(LabelError, match="cannot be overruled"):
        genlabel.sign(made, LESS["by hand"], signer, trust=trust, overrule=REASON)


def test_a_manifest_beside_a_signed_picture_counts(signer, trust):
    aside = genlabel.sign(
        draw("png"), Label.generated(producer=ACME), signer, trust=trust, sidecar=True
    )
    asset = Asset(draw("png"), manifest=aside.sidecar)
    with pytest.raises(LabelError, match=r"manifest c2pa\.created"):
        genlabel.sign(asset, LESS["captured"], signer, trust=trust, existing="replace")


def test_a_second_manifest_beside_a_picture_counts(signer, trust, tmp_path):
    cat = tmp_path / "cat.png"
    cat.write_bytes(draw("png"))
    captured, made = (
        genlabel.sign(draw("png"), label, signer, trust=trust, sidecar=True).sidecar
        for label in (LESS["captured"], Label.generated(producer=ACME))
    )
    (tmp_path / "cat.png.c2pa").write_bytes(captured)
    (tmp_path / "cat.c2pa").write_bytes(made)
    with pytest.raises(LabelError, match=r"manifest in a second sidecar c2pa\.created"):
        genlabel.sign(cat, LESS["drawn"], signer, trust=trust, existing="replace")
    (tmp_path / "cat.c2pa").write_bytes(captured[:-1])
    genlabel.sign(cat, LESS["captured"], signer, trust=trust, existing="replace")


@pytest.mark.parametrize("kind", ["png", "tiff"])
def test_a_manifest_that_nobody_can_read_says_what_stands_in_it(kind, signer, trust):
    for label, said in ((Label.generated(producer=ACME), True), (LESS["captured"], False)):
        data = bytearray(genlabel.sign(draw(kind), label, signer, trust=trust).data)
        store = formats.identify(bytes(data)).survey(bytes(data)).manifest
        at = data.index(store[:64])
        box = data.index(b"c2pa.assertions", at)
        data[box - 33 : box - 25] = bytes(8)  # the header of a box, so that none can be walked
        if kind == "png":
            start = data.rindex(b"caBX", 0, at)
            length = int.from_bytes(data[start - 4 : start], "big")
            end = start + 4 + length
            data[end : end + 4] = zlib.crc32(data[start:end]).to_bytes(4, "big")
        ruin = bytes(data)
        if said:
            with pytest.raises(LabelError, match="manifest that cannot be read says"):
                genlabel.sign(ruin, LESS["captured"], signer, trust=trust, existing="replace")
        else:
            genlabel.sign(ruin, LESS["captured"], signer, trust=trust, existing="replace")


def test_an_algorithm_is_inherited_as_a_model_is(signer, trust):
    drawn = Label(source_type=ALGORITHMIC, history=genlabel.History.GENERATED, producer=ACME)
    made = genlabel.sign(draw("png"), drawn, signer, trust=trust).data
    edited = genlabel.sign(made, LESS["by hand"], signer, trust=trust)
    report = genlabel.verify(edited.data, trust=trust, policy=None)
    assert report.declared.source_type == ALGORITHMIC.uri
    assert report.marks[Mark.IPTC].source_type == ALGORITHMIC.uri
    assert report.declared.attested
    assert "genlabel.marks.disagree.source_type" not in codes(report)
    with pytest.raises(LabelError, match="algorithmicMedia"):
        genlabel.sign(
            holding("jpeg", XMP, packet(ALGORITHMIC.uri)), LESS["captured"], signer, trust=trust
        )


def test_a_composite_may_have_parts_that_an_algorithm_drew(signer, trust):
    part = holding("jpeg", XMP, packet(ALGORITHMIC.uri))
    label = Label.composite(producer=ACME, of=(Element(part), Element(draw("jpeg"))))
    signed = genlabel.sign(draw("png"), label, signer, trust=trust)
    report = genlabel.verify(signed.data, trust=trust, policy=None)
    assert str(report.declared.source_type).endswith("composite")


def test_an_edit_by_a_model_over_what_was_wholly_generated(signer, trust):
    first = Label.generated(producer=ACME, generator=genlabel.Generator("First"))
    made = genlabel.sign(draw("png"), first, signer, trust=trust).data
    edit = Label.edited(producer=ACME, generator=FLUX)
    for kinds in ({}, {"parent": made}):
        picture = draw("png") if kinds else made
        edited = genlabel.sign(picture, edit, signer, trust=trust, **kinds)
        report = genlabel.verify(edited.data, trust=trust, policy=None)
        assert report.declared.source_type == GENERATED.uri
        assert report.marks[Mark.IPTC].source_type == GENERATED.uri
        assert report.marks[Mark.MANIFEST].generator == FLUX.name
        assert report.declared.attested
        assert report.declared.inherited_from is None
        assert "genlabel.marks.disagree.source_type" not in codes(report)
        assert b"compositeWithTrainedAlgorithmicMedia" in bytes(edited.data)
        again = genlabel.sign(edited.data, edit, signer, trust=trust)
        assert again.outcome.value == "unchanged"


class TestWhoseWord:
    """What is taken over from somebody else is inherited, and never attested."""

    XMP_ONLY = holding("jpeg", XMP, packet(GENERATED.uri))

    def inherited(self, signed: genlabel.Signed, trust: Trust) -> genlabel.Report:
        told = [each.code for each in (*signed.findings, *signed.report.findings)]
        assert told.count("genlabel.claim.inherited") == 1
        report = genlabel.verify(signed.data, trust=trust, policy=None)
        assert report.declared.source_type == GENERATED.uri
        assert report.declared.inherited_from
        assert not report.declared.attested
        assert "genlabel.claim.inherited" in codes(report)
        assert "inherited_from" in report.to_dict()["declared"]
        return report

    @pytest.mark.parametrize("generator", [None, FLUX])
    def test_unsigned_metadata_of_a_parent(self, generator, signer, trust):
        label = Label.edited(producer=ACME, generator=generator)
        signed = genlabel.sign(draw("jpeg"), label, signer, trust=trust, parent=self.XMP_ONLY)
        report = self.inherited(signed, trust)
        assert report.declared.inherited_from == "iptc"

    def test_the_file_itself_where_a_model_edited_it(self, signer, trust):
        label = Label.edited(producer=ACME, generator=FLUX)
        self.inherited(genlabel.sign(self.XMP_ONLY, label, signer, trust=trust), trust)

    def test_a_signer_whom_nobody_knows(self, signer, trust):
        data = corpus.specimen("signed/amazon-titan-g1.png").data
        report = self.inherited(genlabel.sign(data, LESS["by hand"], signer, trust=trust), trust)
        assert "c2pa.created" in str(report.declared.inherited_from)

    def test_a_broken_parent_attests_nothing(self, signer, trust):
        made = genlabel.sign(draw("png"), Label.generated(producer=ACME), signer, trust=trust).data
        broken = flipped(bytes(made), bytes(made).index(b"IDAT") + 12)
        signed = genlabel.sign(
            draw("png"),
            LESS["by hand"],
            signer,
            trust=trust,
            parent=broken,
            accept_broken_parent=True,
        )
        self.inherited(signed, trust)

    def test_an_inherited_word_stays_inherited(self, signer, trust):
        label = Label.edited(producer=ACME, generator=FLUX)
        once = genlabel.sign(draw("jpeg"), label, signer, trust=trust, parent=self.XMP_ONLY).data
        twice = genlabel.sign(once, LESS["by hand"], signer, trust=trust)
        assert self.inherited(twice, trust).declared.inherited_from == "iptc"

    def test_a_parent_by_somebody_known_is_no_inheritance(self, signer, trust):
        made = genlabel.sign(draw("png"), Label.generated(producer=ACME), signer, trust=trust).data
        signed = genlabel.sign(draw("png"), LESS["by hand"], signer, trust=trust, parent=made)
        report = genlabel.verify(signed.data, trust=trust, policy=None)
        assert report.declared.attested
        assert report.declared.inherited_from is None
        assert "genlabel.claim.inherited" not in codes(signed.report)


def _overruled(signer, trust) -> bytes:
    picture = Asset(holding("jpeg", XMP, packet(GENERATED.uri)))
    return genlabel.sign(picture, LESS["captured"], signer, trust=trust, overrule=REASON).data


def _inherited(signer, trust) -> bytes:
    stated = holding("jpeg", XMP, packet(GENERATED.uri))
    return genlabel.sign(draw("jpeg"), LESS["by hand"], signer, trust=trust, parent=stated).data


def _edited_by_a_model(signer, trust) -> bytes:
    made = genlabel.sign(draw("jpeg"), Label.generated(producer=ACME), signer, trust=trust).data
    edit = Label.edited(producer=ACME, generator=FLUX)
    return genlabel.sign(made, edit, signer, trust=trust).data


@pytest.mark.parametrize("shape", [_overruled, _inherited, _edited_by_a_model])
def test_others_accept_these_shapes(shape, authority, signer, trust, encypher, c2pats, rubric):
    data = shape(signer, trust)
    assert encypher.verify(data, "image/jpeg", authority.anchors).accepted
    assert c2pats.validate(data).accepted
    verdicts = rubric.judge(raw.crjson(data, "image/jpeg", trust))
    assert [check for check, said in verdicts.items() if said is not True] == []
    assert len(verdicts) == 31


@pytest.mark.parametrize("nothing", ["", "  ", 7])
def test_a_reason_has_words(nothing, signer):
    with pytest.raises(LabelError, match="says nothing"):
        genlabel.sign(draw("png"), LESS["captured"], signer, overrule=nothing)


def test_a_reason_names_nobody_whom_the_label_names(signer, trust):
    place = next(iter(SAID))
    label = replace(LESS["captured"], rights=Rights(creator=("Ada Lovelace",)))
    reason = "Ada Lovelace says that it is a photograph"
    with pytest.raises(LabelError, match="overrule: names Ada Lovelace"):
        genlabel.sign(SAID[place], label, signer, trust=trust, overrule=reason)
    genlabel.sign(SAID[place], LESS["captured"], signer, trust=trust, overrule=reason)
