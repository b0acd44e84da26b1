"""Which generator wrote which of a file's texts.

The forms are those of the programs themselves, of which each has its own keywords and words;
a common keyword (``Comment``, ``Description``) counts only beside a sign of its program. Evidence
and no proof: whoever wants to can write any of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace

from genlabel.formats.format import EXTENDED_XMP, IIM, Slot, SlotKind
from genlabel.formats.tiff import directories
from genlabel.formats.tiff.directories import EXIF_POINTER
from genlabel.metadata import generator_signs, iim
from genlabel.metadata.exif import below
from genlabel.metadata.generator_signs import GRAPHS, JOB, MAX_READ, SETTINGS, WORDED
from genlabel.metadata.generator_traces import comment
from genlabel.metadata.iim import Dataset
from genlabel.metadata.xmp import parse, values
from genlabel.metadata.xmp.graph import Name
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import ConfigurationError, MalformedMetadata
from genlabel.model.expression import expression
from genlabel.model.nearest import did_you_mean

ALL = "all"
_USER_COMMENT, _MAKER_NOTE = 0x9286, 0x927C  # Exif 3.0 §4.6.6.3
_TAGS = {0x010E: "ImageDescription", 0x010F: "Make", 0x0110: "Model", 0x0131: "Software"}
_INNER = {_USER_COMMENT: "UserComment", _MAKER_NOTE: "MakerNote"}
_PROPERTIES = {
    Name("http://purl.org/dc/elements/1.1/", "description"): "dc:description",
    Name("http://ns.adobe.com/exif/1.0/", "UserComment"): "exif:UserComment",
    Name("http://ns.adobe.com/xap/1.0/", "CreatorTool"): "xmp:CreatorTool",
    Name("http://ns.adobe.com/tiff/1.0/", "Software"): "tiff:Software",
}
parse.usual(_PROPERTIES)
_IN_WORDS = ("exif UserComment", "exif ImageDescription", "xmp exif:UserComment", "text Comment")
_IN_NAMES = ("exif Software", "text Software", "xmp xmp:CreatorTool", "xmp tiff:Software")
_NAMING = frozenset(
    {
        *(*_IN_NAMES, "exif Make", "exif Model", "exif MakerNote", "exif 0x013B"),
        *("text Source", "text Author", "text fooocus_scheme", "iim 2:65"),
    }
)
_NEVER = r"(?!)"
_BEHIND = expression(r"(?: in (?:ExtendedXMP|block \d+)| \(\d+\))+$")
_XP = range(0x9C9B, 0x9CA0)
"""Windows' own texts, as bytes in UTF-16."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """One program or a few that write alike."""

    name: str
    """As ``--drop-traces`` calls it."""
    sign: re.Pattern[str]
    """What only its own texts say; a text that says it is taken for its own."""
    named: re.Pattern[str]
    """Its name, where software names itself: elsewhere people write of it, too."""
    own: tuple[str, ...] = ()
    """Places that nothing else uses."""
    beside: tuple[str, ...] = ()
    """Places that are its own where a sign of it is in the file."""


def _family(
    name: str, sign: str, own: str = "", beside: tuple[str, ...] = (), *, named: str = ""
) -> Family:
    keys = tuple(f"text {key}" for key in own.split(",") if key)
    signs = (re.compile(each or _NEVER, re.IGNORECASE) for each in (sign, named))
    return Family(name=name, sign=next(signs), named=next(signs), own=keys, beside=beside)


def _texts(*keys: str) -> tuple[str, ...]:
    return tuple(f"text {key}" for key in keys)


FAMILIES = (
    _family("swarmui", GRAPHS["swarmui"], named=r"\bSwarmUI\b"),
    _family(
        "fooocus",
        GRAPHS["fooocus"],
        "fooocus_scheme",
        (*_IN_NAMES, *_IN_WORDS, "exif MakerNote", *_texts("parameters")),
        named=r"^Fooocus\b",
    ),
    _family(
        "invokeai",
        GRAPHS["invokeai"],
        "invokeai_metadata,invokeai_workflow,invokeai_graph,sd-metadata,Dream,dream",
        named=r"^InvokeAI\b",
    ),
    _family(
        "comfyui",
        GRAPHS["comfyui"] + r"|^(?:prompt|workflow):\{",
        beside=_texts("prompt", "workflow"),
        named=r"^ComfyUI\b",
    ),
    _family(
        "easy-diffusion",
        WORDED["easy-diffusion"],
        "use_stable_diffusion_model,use_vae_model,use_lora_model,use_hypernetwork_model,"
        "num_inference_steps,Stable Diffusion model",
        _texts(
            *("prompt", "negative_prompt", "Negative Prompt", "Prompt", "seed", "Seed", "width"),
            *("height", "sampler_name", "guidance_scale", "prompt_strength", "Sampler", "Width"),
            *("Height", "Steps", "Guidance Scale", "clip_skip", "Clip Skip", "VAE model"),
        ),
        named=r"^Easy ?Diffusion\b",
    ),
    _family(
        "novelai",
        WORDED["novelai"],
        beside=_texts("Title", "Description", "Software", "Source", "Comment", "Generation time"),
        named=r"^NovelAI\b",
    ),
    _family(
        "draw-things",
        "",
        beside=("xmp xmp:CreatorTool", "xmp exif:UserComment", "xmp dc:description"),
        named=r"^Draw Things\b",
    ),
    _family("midjourney", JOB, named=r"^Midjourney\b"),
    _family(
        "flux",
        WORDED["flux"],
        beside=("exif Software", "exif Make", "exif Model", "exif ImageDescription"),
        named=r"^Black Forest Labs$",
    ),
    _family(
        "mochi-diffusion",
        WORDED["mochi-diffusion"],
        beside=("iim 2:65", "iim 2:70", "xmp xmp:CreatorTool"),
        named=r"^Mochi Diffusion\b",
    ),
    _family(
        "a1111",
        SETTINGS,
        "parameters,postprocessing,extras",
    ),
)
"""The programs that are known by name; the first whose sign a text bears counts."""
NAMES = (*(each.name for each in FAMILIES), ALL)
_OTHERS = frozenset(_texts("prompt", "workflow", "negative_prompt", "generation_data", "hf-job-id"))
"""What no known program wrote and is a generator's all the same: taken out with ``all``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One text of a generator's."""

    where: str
    """Block and name, e.g. ``text parameters`` or ``exif UserComment``."""
    family: str
    """One of `NAMES`; ``all`` where the program is not known."""
    text: str
    """As found, at most `MAX_READ` characters: to be escaped before it is shown."""
    slot: Slot
    tag: tuple[int, int] | None = None
    """In Exif: the pointer to its directory, 0 for the first, and the tag."""
    property: Name | None = None
    """In XMP."""
    dataset: Dataset | None = None
    """In IIM."""


def chosen(names: str | Iterable[str] | None) -> frozenset[str]:
    """Names of generators, as a list or a text with commas; none without `names`.

    Raises `ConfigurationError` for an unknown one, with the nearest, and for a text without one:
    it is a variable that a script left unset, and what was to go would be published.
    """
    if names is None:
        return frozenset()
    if isinstance(names, str) and not names.strip(" ,"):
        raise ConfigurationError(
            "drop_traces: names no generator", remedy=f"choose among {', '.join(NAMES)}"
        )
    listed = names.split(",") if isinstance(names, str) else list(names)
    words = [str(each).strip().lower() for each in listed if str(each).strip()]
    for word in words:
        if word not in NAMES:
            raise ConfigurationError(
                f"drop_traces: {word!r} is no generator whose traces are known",
                remedy=did_you_mean(word, NAMES),
            )
    return frozenset(words)


def found(payloads: Mapping[Slot, bytes], *, most: int = MAX_READ) -> tuple[Note, ...]:
    """The texts of generators in a file, each with its writer, as far as `most` characters."""
    texts = list(texts_of(payloads, most))
    signed = [_signed_by(each) for each in texts]
    present = [each for each in FAMILIES if each in signed]
    notes = []
    for text, family in zip(texts, signed, strict=True):
        place = _place(text.where)
        family = family or next((each for each in present if place in each.beside), None)
        if family is not None:
            notes.append(replace(text, family=family.name))
        elif place in _OTHERS or generator_signs.tells(place, text.text):
            notes.append(text)
    return tuple(notes)


def _signed_by(note: Note) -> Family | None:
    """The program whose sign a text bears, or in whose own place it stands."""
    place = _place(note.where)
    signed = next((each for each in FAMILIES if each.sign.search(note.text)), None)
    if signed is None and place in _NAMING:
        signed = next((each for each in FAMILIES if each.named.search(note.text)), None)
    return signed or next((each for each in FAMILIES if place in each.own), None)


def _place(where: str) -> str:
    """The place without which of several blocks, or of texts with the same keyword, it is."""
    return _BEHIND.sub("", where)


def texts_of(payloads: Mapping[Slot, bytes], most: int) -> Iterator[Note]:
    """Every text in which generators write, whoever wrote it."""
    for slot, payload in payloads.items():
        if slot.kind is SlotKind.TEXT:
            text = payload[:most].decode("utf-8", errors="replace")
            yield Note(where=f"text {slot.key}".rstrip(), family=ALL, text=text, slot=slot)
        elif slot.kind is SlotKind.EXIF:
            yield from _in_exif(payload, slot, most)
        elif slot.kind is SlotKind.XMP:
            yield from _in_xmp(payload, slot, most)
    with suppress(MalformedMetadata):  # the mark's finding
        for where, each in iim.texts(payloads):
            yield Note(where=where, family=ALL, text=each.text[:most], slot=IIM, dataset=each)


def _in_exif(block: bytes, slot: Slot, most: int) -> Iterator[Note]:
    try:
        structure = directories.opened(block)
        main = structure.directory(structure.first)
    except MalformedMetadata:
        return  # the mark's finding
    for pointer, holder, names in (
        (0, main, _TAGS),
        (EXIF_POINTER, below(structure, main, EXIF_POINTER), _INNER),
    ):
        for entry in holder.entries if holder is not None else ():
            texts = (directories.ASCII, directories.UTF8)
            coded = entry.tag in _XP and entry.type == directories.BYTE
            if entry.tag not in names and (pointer or not (coded or entry.type in texts)):
                continue
            raw = (structure.value(entry) or b"")[:most]
            if entry.tag == _USER_COMMENT:
                text = comment(raw, structure.order, most=most)
            elif coded:
                text = raw.decode("utf-16-le", errors="replace").strip("\0 ")
            else:
                text = raw.decode("utf-8", errors="replace").strip("\0 ")
            if text:
                behind = f" in block {slot.key}" if slot.key else ""
                where = f"exif {names.get(entry.tag, f'0x{entry.tag:04X}')}{behind}"
                tag = (pointer, entry.tag)
                yield Note(where=where, family=ALL, text=text, slot=slot, tag=tag)


def _in_xmp(payload: bytes, slot: Slot, most: int) -> Iterator[Note]:
    try:
        graph = parse.parse(payload, _PROPERTIES.keys())
    except MalformedMetadata:
        return
    for name, where in _PROPERTIES.items() if graph is not None else ():
        for value in graph.values.get(name, ()) if graph is not None else ():
            if text := "; ".join(filter(None, values.texts(value)))[:most]:
                behind = " in ExtendedXMP" if slot == EXTENDED_XMP else ""
                place = f"xmp {where}{behind}"
                yield Note(where=place, family=ALL, text=text, slot=slot, property=name)
