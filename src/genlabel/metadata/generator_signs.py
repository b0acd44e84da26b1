"""By what a text tells that an image generator was at work, as against an editor or a camera.

Each sign is the form that one family of programs writes, wherever it stands; a mere name counts
only where software or a maker names itself. Evidence and no proof: whoever wants to can write any.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from genlabel.formats.format import Container, Slot, SlotKind, Survey
from genlabel.metadata.generator_traces import MAX_SHOWN, Trace
from genlabel.model.expression import expression
from genlabel.model.vocabulary import OF_A_MODEL, strength_of

MAX_READ = 1 << 18
"""Most characters of a text in which signs are looked for."""
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
WORDED = {
    "easy-diffusion": r"\"?use_stable_diffusion_model\"?\s*:",
    "novelai": r"\"signed_hash\"\s*:",
    "flux": r"^AI generated;(?:txt2img|img2img|\w+);flux",
}
"""What other programs write into their texts and nobody else does."""
_SAMSUNG = r"\"genAIType\"\s*:\s*[1-9]"
"""Samsung's editor."""
_BEGINNING = r"^(?:prompt|workflow):\{|^fooocus(?:\s*v\d|$)"
_SAYS = "|".join((*GRAPHS.values(), *WORDED.values(), _BEGINNING))
_SIGN = expression(f"(?i:{_SAYS})|{SETTINGS}|{JOB}|{_SAMSUNG}")
_KEYS = frozenset(
    f"text {key}"
    for key in (
        *("invokeai_metadata", "invokeai_graph", "invokeai_workflow", "sd-metadata", "dream"),
        *("fooocus_scheme", "extras", "generation_data", "use_stable_diffusion_model"),
    )
)
"""Keywords of PNG that nothing else uses, in lower case."""
_NAMING = frozenset(
    {
        *("exif software", "exif make", "exif model"),
        *("xmp xmp:creatortool", "xmp tiff:software", "xmp tiff:make", "xmp tiff:model"),
        *("xmp pdf:producer", "xmp xmpmm:history softwareagent"),
        *("text software", "text source", "text creator", "text producer", "iim 2:65"),
        *("text tenc", "text tsse"),
    }
)
"""Where software names itself."""
_MAKERS = frozenset(
    {
        *("exif artist", "xmp dc:creator", "xmp photoshop:credit", "iim 2:80", "iim 2:110"),
        *("text author", "text artist", "text tpe1"),
    }
)
"""Where whoever made a picture is named: persons, too, who may be called nearly anything."""
_CREDITS = frozenset({"xmp photoshop:credit", "iim 2:110"})
_DESCRIPTION = "exif imagedescription"
_CREDIT = expression(
    r"(?:Made|Created|Edited) with Google AI\b|Apple Photos Clean Up$", re.IGNORECASE
)
"""Google's generators and Apple's eraser, in the credit line."""
_SIGNATURE = expression(r"Signature: [A-Za-z0-9+/]{40,}={0,2}")
"""Grok, in the description of its pictures."""
_NAMES = (
    r"NovelAI|Midjourney|Stable ?Diffusion|DALL[·-]?E|Adobe Firefly|ComfyUI|InvokeAI|Fooocus"
    r"|SwarmUI|Draw Things|Leonardo\.Ai|GPT-4o|gpt-image"
)
_NAME = expression(
    rf"\b(?:{_NAMES}|Ideogram|Imagen)\b|^(?:prompt|workflow):\{{|^Grok(?: Imagine)?\b",
    re.IGNORECASE,
)
_WHOLE_NAME = expression(rf"(?:{_NAMES})(?:[ -]v?[\w.]{{1,12}}){{0,2}}", re.IGNORECASE)
_TITLE = expression(r"AI[ -]generated image\.?", re.IGNORECASE)
"""NovelAI's title, and a plain word of anybody's."""
_AIGC = expression(r"\"Label\"\s*:\s*\"?1\b")
"""China's label (GB 45438-2025, annex E): 1 is generated; 2 and 3 are guesses."""
_AIGC_INSIDE = expression(r"\"AIGC\"\s*:\s*\{[^{}]{0,1000}?\"Label\"\s*:\s*\"?1\b")
_NEEDLES = (
    *(b"class_type", b"ksampler", b"last_node_id", b"sui_image_params", b"fooocus", b"invoke"),
    *(b"sd-metadata", b"use_stable", b"signed_hash", b"ai generated", b"ai-generated"),
    *(b"steps: ", b"negative prompt", b"job id", b"prompt:{", b"workflow:{", b"genaitype"),
    *(b"novelai", b"midjourney", b"stable", b"dall", b"firefly", b"comfyui", b"swarmui"),
    *(b"draw things", b"leonardo", b"ideogram", b"imagen", b"gpt-", b"grok", b"google ai"),
    *(b"clean up", b"aigc", b"aigenerated", b"sourcefiletype", b"signature: ", b"&#"),
)
"""One of these is in whatever tells, in lower case; a character of XML may be spelt by number."""
_NUMBER = expression(r" \(\d+\)$")


def left_in(words: Iterable[tuple[str, str]]) -> Iterator[Trace]:
    """What generators left of a file's texts, each as far as a trace shows it."""
    for where, text in telling(words):
        yield Trace(where=where, size=len(text), value=text[:MAX_SHOWN])


def telling(words: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Those of a file's texts (place and text, as `every_text` has them) that generators left."""
    return (each for each in words if tells(each[0], each[1][:MAX_READ]))


def passage(text: str, most: int) -> str:
    """Of a text that tells, the `most` characters to show: those with its sign."""
    text = _plain(text)
    sign = _SIGN.search(text[:MAX_READ])
    start = sign.start() if sign is not None and sign.end() > most else 0
    return f"{'…' if start else ''}{text[start : start + most]}"


def may_stand_in(block: bytes) -> bool:
    """May a text in a block of XMP, Exif or IIM be telling? A look at its bytes, so that what says
    nothing of generators need not be read."""
    plain = block.replace(b"\0", b"").lower()
    return any(each in plain for each in _NEEDLES)


def telling_blocks(container: Container, survey: Survey) -> dict[Slot, bytes]:
    """The payloads and texts of a file, but for blocks in which no generator's can be."""
    everything = {**survey.payloads, **container.texts(survey)}
    return {
        slot: block
        for slot, block in everything.items()
        if slot.kind is not SlotKind.MANIFEST
        and (slot.kind is SlotKind.TEXT or may_stand_in(block))
    }


def is_generator(name: str) -> bool:
    """Is it the name of a program or model that generates pictures?"""
    return _NAME.search(name) is not None


def tells(where: str, text: str) -> bool:
    """Does a text in that place say that a generator was at work?"""
    place = _place(where)
    text = _plain(text)
    if place in _KEYS or _SIGN.search(text):
        return True
    if place in _NAMING:
        return _NAME.search(text) is not None
    if place in _MAKERS and _WHOLE_NAME.fullmatch(text):
        return True
    if place in _CREDITS:
        return _CREDIT.match(text) is not None
    if place == _DESCRIPTION:
        return _SIGNATURE.fullmatch(text) is not None
    if place.endswith("digitalsourcefiletype"):  # as IPTC's first draft spelt it
        return strength_of(text) == OF_A_MODEL
    if place.endswith("containsaigeneratedcontent"):  # Canva, which writes "No", too
        return text.strip().lower() == "yes"
    if place.endswith("aigc"):
        return _AIGC.search(text) is not None
    return _AIGC_INSIDE.search(text) is not None or (
        place == "text title" and _TITLE.fullmatch(text) is not None
    )


def _plain(text: str) -> str:
    """The text, also where it is UTF-16 and nobody says so, as in a comment of JPEG."""
    return text.replace("\0", "").lstrip("ÿþ\ufeff") if "\0" in text else text


@lru_cache(maxsize=512)  # fields have few names
def _place(where: str) -> str:
    return _NUMBER.sub("", where.lower())
