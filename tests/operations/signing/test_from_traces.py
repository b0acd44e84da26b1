"""What a generator wrote of itself fills the label where that is asked, and nothing else does."""

from __future__ import annotations

import json
import time

import pytest
from PIL import Image

import genlabel
import genlabel.testing
from drawn_kinds import after_header, chunk, picture, save
from genlabel import Generator, Label, Producer
from genlabel.formats import identify
from genlabel.metadata import trace_facts
from genlabel.metadata.trace_facts import Facts
from oracles.corpus import NO_CORPUS, folder

LABEL = Label.generated(producer=Producer("Acme"))
SECRET = "a castle for client QJX"
A1111 = f"{SECRET}\nNegative prompt: blurry\nSteps: 20, Sampler: Euler a, Seed: 7, Model: m"
GRAPH = {
    "3": {"class_type": "KSampler", "inputs": {"seed": 7, "positive": ["9", 0]}},
    "9": {"class_type": "ControlNetApply", "inputs": {"conditioning": ["6", 0]}},
    "6": {"class_type": "CLIPTextEncode", "inputs": {"text": SECRET}},
    "7": {"class_type": "CLIPTextEncode", "inputs": {"text": "blurry"}},
}
AIGC = {"Label": "1", "ContentProducer": "001191110000MA01ABCD", "ProduceID": "1"}
XMP = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
    'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
    'xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" '
    'xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" '
    'xmlns:TC260="http://www.tc260.org.cn/ns/AIGC/1.0/">%s</rdf:Description></rdf:RDF></x:xmpmeta>'
)


def png(*pairs: tuple[str, str]) -> bytes:
    chunks = [
        chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + (XMP % words).encode())
        if key == "xmp"
        else chunk(b"tEXt", key.encode() + b"\0" + words.encode("latin-1", "replace"))
        for key, words in pairs
    ]
    return after_header(save(picture(), "PNG"), *chunks)


def exif(**tags: str) -> bytes:
    block = Image.Exif()
    numbers = {"make": 0x010F, "model": 0x0110, "software": 0x0131, "description": 0x010E}
    for name, text in tags.items():
        block[numbers[name]] = text
    return save(picture(), "JPEG", exif=block.tobytes())


CASES = {
    "a1111": (png(("parameters", f"{A1111}, Version: v1.10.1")), "AUTOMATIC1111", "v1.10.1", None),
    "forge": (
        png(("parameters", f"{A1111}, Version: f2.0.1v1.10.1-previous-664-gd557aef9")),
        *("Forge", "f2.0.1v1.10.1-previous-664-gd557aef9", None),
    ),
    "comfyui": (png(("prompt", json.dumps(GRAPH))), "ComfyUI", None, None),
    "invokeai": (
        png(("invokeai_metadata", json.dumps({"app_version": "4.2.8", "positive_prompt": SECRET}))),
        *("InvokeAI", "4.2.8", None),
    ),
    "swarmui": (
        png(
            (
                "parameters",
                json.dumps({"sui_image_params": {"prompt": SECRET, "swarm_version": "0.9.5.0"}}),
            )
        ),
        *("SwarmUI", "0.9.5.0", None),
    ),
    "fooocus": (
        png(("parameters", json.dumps({"prompt": SECRET, "version": "Fooocus v2.5.0"}))),
        *("Fooocus", "2.5.0", None),
    ),
    "fooocus in the a1111 scheme": (
        png(("parameters", f"{A1111}, Version: Fooocus v2.5.0"), ("fooocus_scheme", "a1111")),
        *("Fooocus", "2.5.0", None),
    ),
    "novelai": (
        png(
            *(("Software", "NovelAI"), ("Source", "NovelAI Diffusion V4 4F49EC75")),
            *(("Description", SECRET), ("Comment", '{"uc": "x", "signed_hash": "y"}')),
        ),
        *("NovelAI", "NovelAI Diffusion V4 4F49EC75", "NovelAI"),
    ),
    "easy diffusion": (
        png(("use_stable_diffusion_model", "sd"), ("prompt", SECRET)),
        *("Easy Diffusion", None, None),
    ),
    "draw things": (
        png(
            (
                "xmp",
                "<xmp:CreatorTool>Draw Things</xmp:CreatorTool><exif:UserComment><rdf:Alt>"
                f'<rdf:li xml:lang="x-default">{{"c": "{SECRET}"}}</rdf:li></rdf:Alt>'
                "</exif:UserComment>",
            )
        ),
        *("Draw Things", None, None),
    ),
    "midjourney": (
        png(
            (
                "Description",
                f"{SECRET} --ar 3:2 --v 6.1 Job ID: 0f8fad5b-d9cb-469f-a165-70867728950e",
            )
        ),
        *("Midjourney", "6.1", "Midjourney"),
    ),
    "flux": (
        exif(
            make="Black Forest Labs",
            model="flux-dev",
            software="AI generated;txt2img;flux",
            description=SECRET,
        ),
        *("flux-dev", None, "Black Forest Labs"),
    ),
    "google": (
        png(("xmp", "<photoshop:Credit>Made with Google AI</photoshop:Credit>")),
        *("Google AI", None, "Google"),
    ),
    "tc260 xmp": (
        png(("xmp", f"<TC260:AIGC>{json.dumps(AIGC)}</TC260:AIGC>")),
        *(AIGC["ContentProducer"], None, AIGC["ContentProducer"]),
    ),
    "tc260 png": (
        png(("AIGC", json.dumps({"AIGC": AIGC}))),
        *(AIGC["ContentProducer"], None, AIGC["ContentProducer"]),
    ),
}
NO_PROMPT = ("google", "tc260 xmp", "tc260 png")


def facts(data: bytes) -> tuple[Facts, ...]:
    survey = identify(data).survey(data)
    return trace_facts.read({**survey.payloads, **survey.texts})


@pytest.mark.parametrize("case", CASES)
def test_what_the_trace_states_fills_the_label_and_is_told(case, signer, trust):
    data, system, version, provider = CASES[case]
    signed = genlabel.sign(data, LABEL, signer, trust=trust, using_traces=True)
    said = signed.report.marks["manifest"]
    assert (said.generator, said.generator_version) == (system, version)
    assert said.generator_provider == provider
    assert signed.taken[0].startswith(f"system {system!r} from ")
    assert len(signed.taken) == 1 + (version is not None) + (provider is not None)
    assert "genlabel.trace.taken" in {each.code for each in signed.findings}
    assert not any("QJX" in each for each in signed.taken)
    # the prompt goes nowhere: it stands where it stood
    assert said.prompt is None
    again = genlabel.sign(signed.data, LABEL, signer, trust=trust, using_traces=True)
    assert again.outcome == "unchanged"


@pytest.mark.parametrize("case", CASES)
def test_nothing_is_taken_unless_it_is_asked(case, signer, trust):
    signed = genlabel.sign(CASES[case][0], LABEL, signer, trust=trust)
    assert signed.report.marks["manifest"].generator is None
    assert signed.taken == ()


@pytest.mark.parametrize("case", CASES)
def test_the_prompt_is_known_with_its_place(case):
    (first, *_) = facts(CASES[case][0])
    assert first.prompt == (None if case in NO_PROMPT else SECRET)
    assert bool(first.prompt_where) is (case not in NO_PROMPT)


def test_a_prompt_is_taken_only_where_that_is_asked_and_in_clear_only_as_text(signer, trust):
    data = CASES["comfyui"][0]
    options = {"using_traces": True, "prompt_from_traces": True}
    public = genlabel.sign(data, LABEL, signer, trust=trust, prompt_as="text", **options)
    assert public.report.marks["iptc"].prompt == SECRET
    assert public.report.marks["manifest"].prompt == SECRET
    assert public.taken[-1] == "prompt, as text, from text prompt"
    hidden = genlabel.sign(data, LABEL, signer, trust=trust, **options)
    assert hidden.report.marks["iptc"].prompt is None
    assert hidden.taken[-1] == "prompt, as hash, from text prompt"
    # the generator's own trace stays, and the words stand nowhere else
    assert hidden.data.count(SECRET.encode()) == data.count(SECRET.encode())
    assert not any("QJX" in each for each in (*public.taken, *hidden.taken))
    own = Label.generated(producer=Producer("Acme"), prompt="mine")
    assert genlabel.sign(data, own, signer, trust=trust, prompt_from_traces=True).taken == ()


def test_what_the_label_says_itself_stays(signer, trust):
    label = Label.generated(producer=Producer("Acme"), generator=Generator("Own", version="1"))
    data = CASES["comfyui"][0]
    signed = genlabel.sign(data, label, signer, trust=trust, using_traces=True)
    assert signed.report.marks["manifest"].generator == "Own"
    assert signed.taken == ()
    plain = genlabel.sign(save(picture(), "PNG"), LABEL, signer, trust=trust, using_traces=True)
    assert plain.taken == ()


def test_a_credential_speaks_before_the_traces(signer, trust):
    label = Label.generated(
        producer=Producer("Acme"), generator=Generator("GPT-4o", version="2026-03")
    )
    signed = genlabel.sign(CASES["a1111"][0], label, signer, trust=trust)
    other = Label.generated(producer=Producer("Acme"), title="Again")
    again = genlabel.sign(signed.data, other, signer, trust=trust, using_traces=True)
    assert again.taken[:2] == (
        "system 'GPT-4o' from manifest c2pa.created",
        "version '2026-03' from manifest c2pa.created",
    )
    assert "provider 'OpenAI' from manifest c2pa.created" in again.taken


@pytest.mark.parametrize(
    "text",
    [
        '{"class_type":' * 100_000,
        "[" * 200_000 + '"class_type":',
        json.dumps({"app_version": "invoke\u202e evil\n" * 9, "class_type": 1}),
        '{"class_type": ' + "9" * 50_000 + "}",
        "Steps: 20, Version: " + "\x1b[31m" * 90,
        json.dumps({n: {"class_type": 1, "inputs": {"positive": [f"{n}"]}} for n in range(9000)}),
        " --" * 100_000 + " Job ID: 0f8fad5b-d9cb-",
        "__import__('os').system('x') Steps: 20, Version: __import__('os')",
    ],
)  # fmt: skip
def test_hostile_traces_are_bounded_and_give_no_odd_word(text):
    data = png(("parameters", text))
    begun = time.perf_counter()
    for each in facts(data):
        for value in (each.system, each.version, each.provider):
            assert value is None or trace_facts.word(value) == value
    assert time.perf_counter() - begun < 5


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("ChatGPT_Image.png", "system 'GPT-4o' from manifest c2pa.created"),
        ("DALL-E_cloud_surfing_puppy.webp", "system 'DALL·E' from manifest c2pa.created"),
        ("tomoko-hara.png", "system 'Google AI' from manifest c2pa.created"),
    ],
)
def test_the_credentials_of_real_pictures_are_read(signer, name, first):
    if (corpus := folder()) is None:
        pytest.skip(NO_CORPUS)
    options = {"using_traces": True, "accept_broken_parent": True}
    signed = genlabel.sign(corpus / "signed" / name, LABEL, signer, **options)
    assert signed.taken[0] == first


def test_how_a_prompt_is_written_is_said_of_no_prompt(signer):
    with pytest.raises(genlabel.ConfigurationError, match="taken from traces, and none is"):
        genlabel.sign(genlabel.testing.picture("png"), LABEL, signer, prompt_as="text")
    genlabel.sign(genlabel.testing.picture("png"), LABEL, signer, prompt_as="hash")
