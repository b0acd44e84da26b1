"""A generator's trace is told from an editor's, a camera's, and from words about generators."""

from __future__ import annotations

import pytest

from genlabel.metadata.generator_signs import MAX_READ, left_in, may_stand_in, tells
from genlabel.metadata.generator_traces import MAX_SHOWN


@pytest.mark.parametrize(
    ("where", "value"),
    [
        ("text parameters", "a cat\nSteps: 20, Sampler: Euler a, CFG scale: 7"),
        ("exif UserComment", "a cat\nNegative prompt: dog"),
        ("text Comment", "a cat\nSteps: 20, Sampler: Euler a"),
        ("text prompt", '{"3": {"class_type": "KSampler"}}'),
        ("text workflow", '{"last_node_id": 9, "nodes": []}'),
        ("exif Model", 'prompt:{"3": {}}'),
        ("text parameters", '{"sui_image_params": {"seed": 1}}'),
        ("text Software", "NovelAI"),
        ("exif Software", "Midjourney 7"),
        ("xmp xmp:CreatorTool", "Adobe Firefly 3.0"),
        ("text Description", "a cat --v 6 Job ID: 11111111-2222-4333-8444-555555555555"),
        ("text invokeai_metadata", "{}"),
        ("text Dream (2)", "a cat -s 50"),
        ("text use_stable_diffusion_model", "sd-v1-4"),
        ("text Source", "Stable Diffusion XL 9CC2F394"),
        ("text software", "midjourney"),
        ("text Author", "DALL-E 3"),
        ("text Title", "AI generated image"),
        ("text AIGC", '{"Label": "1", "ContentProducer": "X"}'),
        ("exif UserComment", '{"AIGC": {"Label":"1","ContentProducer":"X"}}'),
        ("xmp http://www.tc260.org.cn/ns/AIGC/1.0/:AIGC", '{"Label":"1"}'),
        ("exif XPComment", "a cat Job ID: 11111111-2222-4333-8444-555555555555"),
        ("exif page 2 ImageDescription", "a cat\nNegative prompt: dog"),
        ("exif ImageDescription", f"Signature: {'aB+/' * 22}=="),
        ("exif Software", "Grok Imagine"),
        ("exif Artist", "Midjourney v6.1"),
        ("exif MakerNote", "fooocus"),
        ("xmp dc:creator", "Adobe Firefly"),
        ("xmp pdf:Producer", "Midjourney"),
        ("xmp xmpMM:History softwareAgent", "Adobe Firefly 3.0"),
        ("xmp photoshop:Credit", "edited with Google AI"),
        ("iim 2:110", "Made with Google AI"),
        ("xmp Iptc4xmpExt:DigitalSourcefileType", "trainedAlgorithmicMedia"),
    ],
)
def test_what_generators_write_is_known(where: str, value: str) -> None:
    assert tells(where, value)
    assert where.startswith("text ") or may_stand_in(f"{where} {value}".encode("utf-16-le"))


@pytest.mark.parametrize(
    ("where", "value"),
    [
        ("text Comment", "Created with GIMP"),
        ("text Description", "Midjourney's office, seen from the street"),
        ("exif UserComment", "Steps: 20 up to the door"),
        ("exif Software", "Adobe Photoshop 25.0 (Windows)"),
        ("exif Model", "Pixel 9 Pro"),
        ("xmp xmp:CreatorTool", "darktable 5"),
        ("text prompt", "please return this picture"),
        ("text Title", "AI generated image of the year: a debate"),
        ("text Source", "Canon EOS R5"),
        ("text Author", "Ada Lovelace for Midjourney magazine"),
        ("text AIGC", '{"Label": "2", "ContentProducer": "X"}'),
        ("exif XPComment", "Job ID: 4711"),
        ("exif ImageDescription", "Signature: A. Lovelace"),
        ("exif ImageDescription", "A painting prompt on the wall, Steps: 12 up to the door"),
        ("exif ImageDescription", "Midjourney"),
        ("exif Artist", "Imagen"),
        ("xmp dc:creator", "Estudio Imagen, Grok Brothers"),
        ("xmp dc:title", "Adobe Firefly"),
        ("xmp photoshop:Credit", "Google AI conference / Acme"),
        ("xmp xmpMM:History softwareAgent", "Adobe Photoshop 25.0 (Macintosh)"),
        ("xmp Iptc4xmpExt:DigitalSourcefileType", "digitalCapture"),
    ],
)
def test_what_people_and_cameras_write_is_none(where: str, value: str) -> None:
    assert not tells(where, value)


def test_a_sign_far_behind_the_beginning_is_seen_and_the_beginning_is_shown() -> None:
    long = "masterpiece, a castle on a hill, " * 200 + "\nSteps: 20, Sampler: Euler a"
    (trace,) = left_in([("text parameters", long), ("text Comment", long[:4000])])
    assert (trace.where, trace.value) == ("text parameters", long[:MAX_SHOWN])
    assert not list(left_in([("text parameters", "x" * MAX_READ + long[-30:])]))
