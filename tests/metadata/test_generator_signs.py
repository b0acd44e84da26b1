"""A generator's trace is told from an editor's, a camera's, and from words about generators."""

from __future__ import annotations

import pytest

from genlabel.metadata.generator_signs import of_generators
from genlabel.metadata.generator_traces import Trace


def trace(where: str, value: str) -> Trace:
    return Trace(where=where, size=len(value), value=value)


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
    ],
)
def test_what_generators_write_is_known(where: str, value: str) -> None:
    assert of_generators([trace(where, value)])


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
    ],
)
def test_what_people_and_cameras_write_is_none(where: str, value: str) -> None:
    assert of_generators([trace(where, value)]) == ()
