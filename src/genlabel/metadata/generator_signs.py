"""By what a trace tells that an image generator was at work, as against an editor or a camera.

Each sign is the form that one family of programs writes; a mere name counts only where software
names itself. Evidence and no proof: whoever wants to can write any of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from genlabel.formats.format import Slot
from genlabel.metadata import generator_traces
from genlabel.metadata.generator_traces import Trace

GRAPHS = {
    "swarmui": r"\"sui_image_params\"\s*:",
    "fooocus": r"\"fooocus",
    "invokeai": r"\"(?:sd-metadata|app_version)\"\s*:\s*\"invoke",
    "comfyui": r"\"class_type\"\s*:|\"KSampler|\"last_node_id\"\s*:",
}
"""The JSON that programs write into pictures, by what only theirs says."""
SETTINGS = r"\bSteps: \d{1,4}, |\bNegative prompt: "
"""AUTOMATIC1111 and its kin: the line of settings."""
JOB = r"\bJob ID: [0-9a-f]{8}-[0-9a-f]{4}-"
"""Midjourney."""
_SIGNS = (
    re.compile("|".join(GRAPHS.values()), re.IGNORECASE),
    re.compile(SETTINGS),
    re.compile(JOB),
)
_KEYS = frozenset(
    {"invokeai_metadata", "invokeai_graph", "sd-metadata", "dream", "fooocus_scheme", "extras"}
)
"""Keywords of PNG that nothing else uses."""
_NAMING = (
    *("exif Software", "exif Make", "exif Model", "xmp xmp:CreatorTool", "text Software"),
    "iim OriginatingProgram",
)
_CREDIT = re.compile(r"Made with Google AI\b")
"""Google's generators, in the credit line."""
_NAME = re.compile(
    r"\b(?:NovelAI|Midjourney|Stable ?Diffusion|DALL[·-]?E|Adobe Firefly|ComfyUI|InvokeAI|Fooocus"
    r"|SwarmUI|Draw Things|Leonardo\.Ai|Ideogram|Imagen|GPT-4o|gpt-image)\b"
    r"|^(?:prompt|workflow):\{",
    re.IGNORECASE,
)


def left_in(payloads: Mapping[Slot, bytes]) -> tuple[Trace, ...]:
    """What image generators left in the metadata of a file."""
    traces = (*generator_traces.generators(payloads), *generator_traces.captions(payloads))
    return of_generators(traces)


def is_generator(name: str) -> bool:
    """Is it the name of a program or model that generates pictures?"""
    return _NAME.search(name) is not None


def of_generators(traces: Iterable[Trace]) -> tuple[Trace, ...]:
    """Those of the traces that image generators leave."""
    return tuple(each for each in traces if _tells(each))


def _tells(trace: Trace) -> bool:
    kind, _, key = trace.where.partition(" ")
    if kind == "text" and key.lower() in _KEYS:
        return True
    if any(sign.search(trace.value) for sign in _SIGNS):
        return True
    if key.endswith("Credit") and _CREDIT.match(trace.value):
        return True
    return trace.where in _NAMING and _NAME.search(trace.value) is not None
