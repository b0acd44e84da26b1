"""By what a text tells that an image generator was at work, as against an editor or a camera.

Each sign is the form that one family of programs writes, wherever it stands; a mere name counts
only where software or a maker names itself. Evidence and no proof: whoever wants to can write any.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from genlabel.formats.format import Container, Slot, SlotKind, Survey
from genlabel.metadata import generator_names
from genlabel.metadata.generator_names import NAME, STATEMENT, WHOLE_NAME
from genlabel.metadata.generator_traces import MAX_SHOWN, Trace
from genlabel.model.expression import expression
from genlabel.model.vocabulary import OF_A_MODEL, strength_within

MAX_READ = 1 << 18
"""Most characters of a text in which signs are looked for."""
GRAPHS = {
    "swarmui": r"\"sui_image_params\"\s*:",
    "fooocus": r"\"fooocus",
    "invokeai": r"\"(?:sd-metadata|app_version)\"\s*:\s*\"invoke",
    "comfyui": r"\"class_type\"\s*:|\"KSampler|\"last_node_id\"\s*:",
}
"""The JSON that programs write into pictures, by what only theirs says."""
SETTINGS = (
    r"\bSteps: \d{1,4}, |\bNegative prompt: "
    r"|\bSteps: ?\d{1,4}\s*[,;\n]\s*(?:Sampler|Schedule|CFG|Guidance|Seed|Size|Model)\b"
)
"""AUTOMATIC1111 and its kin: the line of settings."""
JOB = r"\bJob ID: [0-9a-f]{8}-[0-9a-f]{4}-"
"""Midjourney."""
WORDED = {
    "easy-diffusion": r"\"?use_stable_diffusion_model\"?\s*:",
    "novelai": r"\"signed_hash\"\s*:",
    "flux": r"^AI generated;(?:txt2img|img2img|\w+);flux",
    "mochi-diffusion": r"\bExclude from Image: |\bML Compute Unit: ",
}
"""What other programs write into their texts and nobody else does."""
_SAMSUNG = r"\"genAIType\"\s*:\s*[1-9]"
"""Samsung's editor."""
_BEGINNING = r"^(?:prompt|workflow):\{|^fooocus(?:\s*v\d|$)|^AI generated;"
_SETTING = (
    r"\"(?:negative_?prompt|num_inference_steps|uc)\\?\"\s*:"
    r"|<lora:[^<>:]{1,200}:-?\d"
)
"""One setting, in JSON or within a prompt, of whatever program."""
_FLAGS = r"(?:^|\s)--(?:ar \d{1,4}:\d{1,4}|niji \d)"
"""What only a prompt for Midjourney has."""
_STATED = (
    r"digitalsourcetype/(?:(?:compositeWith)?TrainedAlgorithmicMedia|compositeSynthetic"
    r"|trainedAlgorithmicData)\b"
)
"""A generative source type by its whole address, in whatever text."""
_SAYS = "|".join((*GRAPHS.values(), *WORDED.values(), _BEGINNING, _SETTING, _FLAGS, _STATED))
_SIGN = expression(f"(?i:{_SAYS}|{SETTINGS})|{JOB}|{_SAMSUNG}")
_KEYS = frozenset(
    f"text {key}"
    for key in (
        *("invokeai_metadata", "invokeai_graph", "invokeai_workflow", "sd-metadata", "dream"),
        *("fooocus_scheme", "extras", "generation_data", "use_stable_diffusion_model"),
        *("negative_prompt", "negative prompt", "num_inference_steps", "hf-job-id", "sd:prompt"),
        *("parameters-json", "smproj"),
    )
)
"""Keywords of PNG that nothing else uses, in lower case."""
_NAMING = frozenset(
    {
        *("exif software", "exif make", "exif model"),
        *("xmp xmp:creatortool", "xmp tiff:software", "xmp tiff:make", "xmp tiff:model"),
        *("xmp pdf:producer", "xmp xmpmm:history softwareagent"),
        *("text software", "text source", "text creator", "text producer", "iim 2:65"),
        *("text tenc", "text tsse", "text model", "text provider", "text generator"),
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
_OWN_SOURCE_TYPE = "xmp Iptc4xmpExt:DigitalSourceType"
_SOURCE_TYPES = ("digitalsourcetype", "digitalsourcefiletype")
"""Also in another namespace or in a structure; the latter is how IPTC's first draft spelt it."""
_ANSWERS = ("containsaigeneratedcontent", "ai_generated", "aigenerated")
"""Canva and others, who write "No", too."""
_LONGEST_STATEMENT = 120
_DESCRIPTION = "exif imagedescription"
_CREDIT = expression(
    r"(?:Made|Created|Edited) with Google AI\b|Apple Photos Clean Up$", re.IGNORECASE
)
"""Google's generators and Apple's eraser, in the credit line."""
_SIGNATURE = expression(r"Signature: [A-Za-z0-9+/]{40,}={0,2}")
"""Grok, in the description of its pictures."""
_KEYWORDS = frozenset({"xmp dc:subject", "iim 2:25", "exif xpkeywords", "text keywords"})
"""Where words say what is to be seen."""
_AIGC_SAYS = r"\"(?:Label\\?\"\s*:\s*(?:\\?\")?1\b|ServiceProvider\\?\")"
_AIGC = expression(_AIGC_SAYS)
"""China's label (GB 45438-2025, annex E): 1 is generated; 2 and 3 are guesses. One provider names
itself instead."""
_AIGC_INSIDE = expression(rf"\bAIGC(?:\\?\")?\s*:?\s*\{{[^{{}}]{{0,1000}}?{_AIGC_SAYS}")
_YES = frozenset({"yes", "true", "1"})
_NEEDLES = (
    *(b"class_type", b"ksampler", b"last_node_id", b"sui_image_params", b"fooocus", b"invoke"),
    *(b"sd-metadata", b"use_stable", b"signed_hash", b"generated", b"steps:", b"negative"),
    *(b"job id", b"prompt:{", b"workflow:{", b"genaitype", b"google ai", b"clean up", b"aigc"),
    *(b"sourcefiletype", b"signature: ", b"algorithmic", b"synthetic", b"from image: "),
    *(b"ml compute", b"num_inference", b'"uc', b"lora:", b"--ar ", b"--niji"),
    *(b"created ", b"imagined ", b"made ", b"&#"),
)
"""One of these is in whatever tells but a name, in lower case; a character of XML may be spelt by
number."""
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
    return any(each in plain for each in _NEEDLES) or generator_names.may_stand_in(block, plain)


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
    return NAME.search(name) is not None


def tells(where: str, text: str) -> bool:
    """Does a text in that place say that a generator was at work?"""
    place = _place(where)
    text = _plain(text)
    if where.startswith(_OWN_SOURCE_TYPE):  # read and judged as what it is
        return False
    if place in _KEYS or _SIGN.search(text) or _AIGC_INSIDE.search(text):
        return True
    if len(text) <= _LONGEST_STATEMENT and place not in _KEYWORDS and STATEMENT.fullmatch(text):
        return True
    return _tells_there(place, text)


def _tells_there(place: str, text: str) -> bool:
    """Does a text say it that would say nothing in other places?"""
    if place in _NAMING:
        return NAME.search(text) is not None
    if place in _MAKERS and WHOLE_NAME.fullmatch(text):
        return True
    if place in _CREDITS:
        return _CREDIT.match(text) is not None
    if place == _DESCRIPTION:
        return _SIGNATURE.fullmatch(text) is not None
    if place.endswith(_SOURCE_TYPES):
        return strength_within(text) == OF_A_MODEL
    if place.endswith(_ANSWERS):
        return text.strip().lower() in _YES
    return place.endswith("aigc") and _AIGC.search(text) is not None


def _plain(text: str) -> str:
    """The text, also where it is UTF-16 and nobody says so, as in a comment of JPEG."""
    return text.replace("\0", "").lstrip("ÿþ\ufeff") if "\0" in text else text


@lru_cache(maxsize=512)  # fields have few names
def _place(where: str) -> str:
    return _NUMBER.sub("", where.lower())
