"""What generators left in a file stays and is told, or goes by name, with every byte of it."""

from __future__ import annotations

import struct
import zlib

import pytest

import genlabel
from drawn_kinds import after_header, after_jfif, chunk, picture, save, segment
from genlabel import ConfigurationError, Label, MalformedMetadata, Producer, testing
from genlabel.formats import identify
from genlabel.formats.gif.blocks import screen_end
from genlabel.metadata import generator_notes
from genlabel.metadata.generator_notes import FAMILIES

LABEL = Label.generated(producer=Producer("Acme"))
SECRET = "a castle for client QJX"
A1111 = f"{SECRET}\nNegative prompt: blurry\nSteps: 20, Sampler: Euler a, Seed: 7, Model: m"
COMFY = f'{{"3": {{"class_type": "KSampler", "inputs": {{"text": "{SECRET}"}}}}}}'
SWARM = f'{{"sui_image_params": {{"prompt": "{SECRET}"}}}}'
FOOOCUS = f'{{"prompt": "{SECRET}", "metadata_scheme": "fooocus"}}'
LONG = "word " * 400 + A1111


def text(key, words):
    return chunk(b"tEXt", key.encode() + b"\0" + words.encode("latin-1", "replace"))


def png(*pairs):
    return after_header(save(picture(), "PNG"), *(text(*each) for each in pairs))


def user_comment(words):
    return b"UNICODE\0" + words.encode("utf-16-le")


def exif(main=(), inner=()):
    """A little-endian block with texts, by tag, in the first directory and in that of Exif."""
    entries = [(tag, 2, words.encode() + b"\0") for tag, words in main]
    below = [(tag, 7, raw) for tag, raw in inner]
    size = 2 + 12 * (len(entries) + bool(below)) + 4
    at = 8 + size + (2 + 12 * len(below) + 4 if below else 0)
    tail = b""

    def row(tag, kind, raw):
        nonlocal tail
        if len(raw) <= 4:
            return struct.pack("<HHI", tag, kind, len(raw)) + raw.ljust(4, b"\0")
        place = at + len(tail)
        tail += raw + bytes(len(raw) % 2)
        return struct.pack("<HHII", tag, kind, len(raw), place)

    rows = [row(*each) for each in entries]
    inner_rows = [row(*each) for each in below]
    if below:
        rows.append(struct.pack("<HHII", 0x8769, 4, 1, 8 + size))
    whole = b"II*\0\x08\0\0\0" + struct.pack("<H", len(rows)) + b"".join(rows) + bytes(4)
    if below:
        whole += struct.pack("<H", len(below)) + b"".join(inner_rows) + bytes(4)
    return whole + tail


def jpeg(*segments):
    return after_jfif(save(picture(), "JPEG"), *segments)


def in_exif(block, format="JPEG"):
    if format == "JPEG":
        return jpeg(segment(0xE1, b"Exif\0\0" + block))
    if format == "PNG":
        return after_header(save(picture(), "PNG"), chunk(b"eXIf", block))
    return save(picture(), format, exif=b"Exif\0\0" + block)


def xmp(inner):
    names = (
        'xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"'
    )
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description rdf:about="" {names}>{inner}</rdf:Description></rdf:RDF></x:xmpmeta>'
    ).encode()


DRAWN = xmp(
    "<xmp:CreatorTool>Draw Things</xmp:CreatorTool><exif:UserComment><rdf:Alt>"
    f'<rdf:li xml:lang="x-default">{{"c": "{SECRET}"}}</rdf:li></rdf:Alt></exif:UserComment>'
)


def gif(*comments):
    data = save(picture(), "GIF")
    at = screen_end(memoryview(data))
    blocks = b"".join(b"!\xfe" + bytes([len(c)]) + c.encode() + b"\0" for c in comments)
    return b"GIF89a" + data[6:at] + blocks + data[at:]


COMMENT = 0x9286
CASES = {
    "a1111 png": (png(("parameters", A1111)), "a1111"),
    "a1111 png, a long prompt": (png(("parameters", LONG)), "a1111"),
    "a1111 png, compressed": (
        after_header(
            save(picture(), "PNG"),
            chunk(b"zTXt", b"parameters\0\0" + zlib.compress(A1111.encode())),
        ),
        "a1111",
    ),
    "a1111 png, a second time": (png(("Comment", "mine"), ("Comment", A1111)), "a1111"),
    "a1111 jpeg": (in_exif(exif(inner=[(COMMENT, user_comment(A1111))])), "a1111"),
    "a1111 webp": (in_exif(exif(inner=[(COMMENT, user_comment(A1111))]), "WEBP"), "a1111"),
    "a1111 avif": (in_exif(exif(inner=[(COMMENT, user_comment(A1111))]), "AVIF"), "a1111"),
    "a1111 png exif": (in_exif(exif(inner=[(COMMENT, user_comment(A1111))]), "PNG"), "a1111"),
    "a1111 gif": (gif("mine", A1111), "a1111"),
    "a1111 comment": (jpeg(segment(0xFE, b"mine"), segment(0xFE, A1111.encode())), "a1111"),
    "a1111 tiff": (save(picture(), "TIFF", tiffinfo={270: A1111}), "a1111"),
    "comfyui png": (png(("prompt", COMFY), ("workflow", '{"n": "QJX"}')), "comfyui"),
    "comfyui webp": (
        in_exif(exif([(0x010F, f"workflow:{COMFY}"), (0x0110, f"prompt:{COMFY}")]), "WEBP"),
        "comfyui",
    ),
    "swarmui png": (png(("parameters", SWARM)), "swarmui"),
    "swarmui jpeg": (in_exif(exif(inner=[(COMMENT, user_comment(SWARM))])), "swarmui"),
    "fooocus png": (png(("parameters", FOOOCUS), ("fooocus_scheme", "fooocus")), "fooocus"),
    "fooocus jpeg": (
        in_exif(
            exif(
                [(0x0131, "Fooocus v2.5")],
                [(0x927C, b"fooocus QJX\0"), (COMMENT, user_comment(SECRET))],
            )
        ),
        "fooocus",
    ),
    "invokeai png": (png(("invokeai_metadata", f'{{"p": "{SECRET}"}}')), "invokeai"),
    "novelai png": (
        png(
            *(("Title", "AI generated image QJX"), ("Description", SECRET)),
            *(("Software", "NovelAI"), ("Comment", '{"uc": "QJX"}')),
        ),
        "novelai",
    ),
    "easy diffusion png": (
        png(("use_stable_diffusion_model", "sd"), ("prompt", SECRET)),
        "easy-diffusion",
    ),
    "draw things png": (
        after_header(
            save(picture(), "PNG"), chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + DRAWN)
        ),
        "draw-things",
    ),
    "draw things jpeg": (
        jpeg(segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + DRAWN)),
        "draw-things",
    ),
    "midjourney png": (
        png(("Description", f"{SECRET} --v 6 Job ID: 0f8fad5b-d9cb-469f-a165-70867728950e")),
        "midjourney",
    ),
    "flux jpeg": (
        in_exif(
            exif(
                [
                    *((0x010E, SECRET), (0x010F, "Black Forest Labs")),
                    *((0x0110, "flux-dev QJX"), (0x0131, "AI generated;txt2img;flux")),
                ]
            )
        ),
        "flux",
    ),
}


def everywhere(data):
    """The file's bytes and what is compressed in it, in the encodings of texts."""
    survey = identify(data).survey(data)
    whole = b"\n".join([bytes(data), *survey.payloads.values()])
    return whole + whole.replace(b"\0", b"")


@pytest.mark.parametrize("case", CASES)
def test_traces_stay_and_are_told_unless_they_are_named(case, signer, trust):
    data, family = CASES[case]
    assert family in {each.family for each in generator_notes.found(_payloads(data))}
    kept = genlabel.sign(data, LABEL, signer, trust=trust)
    told = [each for each in kept.findings if each.code == "genlabel.trace.kept"]
    assert [f"--drop-traces {family} " in each.explanation for each in told] == [True]
    assert told[0].severity == "note"
    assert b"QJX" in everywhere(kept.data)
    assert kept.replaced == ()


@pytest.mark.parametrize("names", ["the family", "all"])
@pytest.mark.parametrize("case", CASES)
def test_what_is_named_goes_with_every_byte_and_is_listed(case, names, signer, trust):
    data, family = CASES[case]
    wanted = [family] if names == "the family" else "all"
    signed = genlabel.sign(data, LABEL, signer, trust=trust, drop_traces=wanted)
    assert b"QJX" not in everywhere(signed.data)
    assert generator_notes.found(_payloads(signed.data)) == ()
    assert signed.replaced
    assert "QJX" in "".join(signed.replaced) or "a long prompt" in case
    assert all(len(each) < 300 for each in signed.replaced)
    assert not [each for each in signed.findings if each.code == "genlabel.trace.kept"]
    again = genlabel.sign(signed.data, LABEL, signer, trust=trust, drop_traces=wanted)
    assert again.outcome == "unchanged"


@pytest.mark.parametrize("case", CASES)
def test_another_name_takes_nothing(case, signer, trust):
    data, family = CASES[case]
    other = next(each.name for each in FAMILIES if each.name != family)
    signed = genlabel.sign(data, LABEL, signer, trust=trust, drop_traces=[other])
    assert b"QJX" in everywhere(signed.data)


@pytest.mark.parametrize(
    "data",
    [CASES["a1111 png, a second time"][0], CASES["a1111 comment"][0], CASES["a1111 gif"][0]],
)
def test_what_others_wrote_in_the_same_place_stays(data, signer, trust):
    signed = genlabel.sign(data, LABEL, signer, trust=trust, drop_traces=["a1111"])
    assert b"mine" in signed.data


def test_a_label_that_stands_is_made_anew_where_traces_shall_go(signer, trust):
    first = genlabel.sign(CASES["a1111 png"][0], LABEL, signer, trust=trust)
    again = genlabel.sign(first.data, LABEL, signer, trust=trust, drop_traces=["a1111"])
    assert again.outcome == "signed"
    assert again.report.integrity == "intact"
    assert again.report.lineage == "intact"
    assert b"QJX" not in again.data


def test_they_count_as_evidence_all_the_same(signer, trust):
    with pytest.raises(genlabel.GenlabelError, match="cannot be labelled"):
        genlabel.sign(
            CASES["comfyui png"][0],
            Label.captured(producer=Producer("Acme")),
            signer,
            trust=trust,
            drop_traces="all",
        )


def test_what_stands_in_extended_xmp_goes_and_the_rest_of_it_stays(tmp_path, signer, exiftool):
    """ExifTool puts the longest property there as soon as a packet has more than 64 KB."""
    photo, note = tmp_path / "cat.jpg", tmp_path / "note.txt"
    photo.write_bytes(testing.picture("jpeg"))
    note.write_text(A1111 + " " + "x" * 70_000, "utf-8")
    exiftool.run("-overwrite_original", f"-XMP-exif:UserComment<={note}", photo)
    note.write_text("mine " * 15_000, "utf-8")
    exiftool.run("-overwrite_original", f"-XMP-photoshop:History<={note}", photo)
    assert b"http://ns.adobe.com/xmp/extension/" in photo.read_bytes()
    place = "xmp exif:UserComment in ExtendedXMP"
    kept = genlabel.sign(photo, LABEL, signer).findings
    assert {each.where for each in kept if each.code == "genlabel.trace.kept"} == {place}
    assert place in {each.where for each in genlabel.inspect(photo).traces}
    signed = genlabel.sign(photo, LABEL, signer, drop_traces="all")
    assert [each.startswith(place) for each in signed.replaced] == [True]
    assert b"QJX" not in signed.data
    photo.write_bytes(signed.data)
    assert exiftool.run("-s3", "-XMP-photoshop:History", photo).startswith("mine mine")
    assert not exiftool.run("-s3", "-XMP-exif:UserComment", "-Warning", photo).strip()
    genlabel.sign(photo, LABEL, signer, drop_traces=["comfyui"])


def test_an_extended_packet_of_nothing_else_goes_as_a_whole(tmp_path, signer, exiftool):
    photo, note = tmp_path / "cat.jpg", tmp_path / "note.txt"
    photo.write_bytes(testing.picture("jpeg"))
    note.write_text(A1111 + " " + "x" * 70_000, "utf-8")
    exiftool.run("-overwrite_original", f"-XMP-exif:UserComment<={note}", photo)
    signed = genlabel.sign(photo, LABEL, signer, drop_traces=["a1111"])
    assert b"http://ns.adobe.com/xmp/extension/" not in signed.data
    assert b"HasExtendedXMP" not in signed.data


def test_a_caption_of_iim_that_a_generator_wrote_goes_and_others_stay(tmp_path, signer, exiftool):
    photo = tmp_path / "cat.jpg"
    photo.write_bytes(testing.picture("jpeg"))
    caption = "-IPTC:Caption-Abstract=" + A1111.replace("\n", ", ")
    exiftool.run("-overwrite_original", caption, "-IPTC:City=Rom", photo)
    kept = genlabel.sign(photo, LABEL, signer).findings
    assert {each.where for each in kept if each.code == "genlabel.trace.kept"} == {
        "iim description"
    }
    signed = genlabel.sign(photo, LABEL, signer, drop_traces=["a1111"])
    assert b"QJX" not in signed.data
    assert [each[:17] for each in signed.replaced] == ["iim description: "]
    photo.write_bytes(signed.data)
    assert exiftool.run("-s3", "-IPTC:City", photo).strip() == "Rom"
    exiftool.run("-overwrite_original", "-IPTC:Caption-Abstract=A castle", photo)
    genlabel.sign(photo, LABEL, signer, drop_traces="all", existing="replace")


SECOND = exif(inner=[(COMMENT, user_comment(A1111))])


def test_a_second_exif_block_is_cleaned_in_jpeg(signer, trust):
    first = segment(0xE1, b"Exif\0\0" + exif([(0x010F, "Camera")]))
    data = jpeg(first, segment(0xE1, b"Exif\0\0" + SECOND))
    told = genlabel.sign(data, LABEL, signer, trust=trust).findings
    assert "exif UserComment in block 2" in {each.where for each in told}
    signed = genlabel.sign(data, LABEL, signer, trust=trust, drop_traces=["a1111"])
    assert b"QJX" not in everywhere(signed.data)
    assert b"Camera" in signed.data
    assert any(each.startswith("exif UserComment in block 2: ") for each in signed.replaced)


def test_words_for_windows_go_too(signer, trust):
    raw = A1111.encode("utf-16-le")
    entry = struct.pack("<HHII", 0x9C9C, 1, len(raw), 26)
    data = in_exif(b"II*\0\x08\0\0\0\1\0" + entry + bytes(4) + raw)
    signed = genlabel.sign(data, LABEL, signer, trust=trust, drop_traces=["a1111"])
    assert b"QJX" not in everywhere(signed.data)
    assert signed.replaced[0].startswith("exif 0x9C9C: ")


def test_no_byte_of_a_packet_stays_behind_in_tiff(signer, trust):
    data = save(picture(), "TIFF", tiffinfo={700: DRAWN})
    signed = genlabel.sign(data, LABEL, signer, trust=trust, drop_traces="all")
    assert b"QJX" not in everywhere(signed.data)


def test_what_is_out_of_reach_is_refused_by_name(signer, trust):
    packet = DRAWN.replace(b"Draw Things", b"Camera").replace(b'{"c": "', b'{"class_type": "')
    data = save(picture(), "JPEG") + b"<?xpacket begin=''?>" + packet
    told = genlabel.sign(data, LABEL, signer, trust=trust).findings
    assert any("in trailing data" in str(each.where) for each in told)
    with pytest.raises(MalformedMetadata, match=r"in trailing data .* cannot be taken out"):
        genlabel.sign(data, LABEL, signer, trust=trust, drop_traces="all")


@pytest.mark.parametrize("words", ["Midjourney's office, Berlin", "NovelAI, a book", "ComfyUI day"])
def test_a_caption_about_a_program_is_none_of_its_traces(words, signer, trust):
    data = in_exif(exif([(0x010E, words)]))
    signed = genlabel.sign(data, LABEL, signer, trust=trust, drop_traces="all")
    assert signed.replaced == ()
    assert words.encode() in signed.data


def test_what_cannot_be_is_said_before_anything_is_read(signer):
    with pytest.raises(ConfigurationError, match="drop_traces: 'comfy-ui'") as caught:
        genlabel.sign(b"", LABEL, signer, drop_traces=["comfy-ui"])
    assert "did you mean comfyui?" in str(caught.value.remedy)
    with pytest.raises(ConfigurationError, match="drop_traces: beside a manifest"):
        genlabel.sign(CASES["a1111 png"][0], LABEL, signer, drop_traces="all", sidecar=True)


def test_beside_a_manifest_they_go_where_metadata_are_written(signer, trust):
    data = CASES["a1111 png"][0]
    signed = genlabel.sign(
        data, LABEL, signer, trust=trust, drop_traces="all", sidecar=True, marks=["iptc"]
    )
    assert b"QJX" not in signed.data


def _payloads(data):
    return identify(data).survey(data).payloads
