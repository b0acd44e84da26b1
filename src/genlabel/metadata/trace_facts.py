"""What generators' traces state of themselves: system, version, provider and prompt.

The forms are those of the programs (see `generator_notes`). Text from files is hostile: it is
parsed and never evaluated, bounded, and only what looks like a name or a version is taken.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from genlabel.formats.format import XMP, Slot
from genlabel.metadata import generator_notes, generator_traces
from genlabel.metadata.generator_notes import Note
from genlabel.metadata.xmp import parse, values
from genlabel.metadata.xmp.graph import Name
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import MalformedMetadata
from genlabel.model.expression import expression
from genlabel.model.text import MAX_TEXT

MAX_READ = 10 * 1024 * 1024
"""Most characters of one trace that are read."""
MAX_NODES = 10_000
"""Most values of one trace that are looked at."""
_WORD = expression(r"[\w][\w .:+()\[\]/&·,'-]{0,95}")
"""What a name or version may look like; anything else is not taken."""
_SETTINGS = expression(r"\n?(?:Negative prompt: |Steps: \d{1,4}, )")
_SETTING_VERSION = expression(r"\bVersion: ([^,\n]{1,80})")
_SETTING_APP = expression(r"\bApp: ([^,\n]{1,40})")
_MODEL_FLAG = expression(r"--(v|version|niji) (\d[\d.]{0,5})\b")
_JOB = expression(r"(?: --.{0,2000})? Job ID: [0-9a-f-]{36}.*", re.DOTALL)
_VERSION = expression(r"\bv?(\d[\w.+-]{0,63})")
_AIGC = Name("http://www.tc260.org.cn/ns/AIGC/1.0/", "AIGC")
parse.usual([_AIGC])
_CREDIT = "Made with Google AI"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What one generator's traces state."""

    system: str
    version: str | None = None
    provider: str | None = None
    where: str
    """The place of the trace that names the system."""
    prompt: str | None = None
    prompt_where: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Form:
    """How one family of programs writes."""

    system: str
    provider: str | None = None
    versions: tuple[str, ...] = ()
    """Keys whose value states the version."""
    prompts: tuple[str, ...] = ()
    """Keys whose value is the prompt, and places that hold nothing else."""


_FORMS: Mapping[str, _Form] = {
    "swarmui": _Form(system="SwarmUI", versions=("swarm_version",), prompts=("prompt",)),
    "fooocus": _Form(system="Fooocus", versions=("version", "exif Software"), prompts=("prompt",)),
    "invokeai": _Form(
        system="InvokeAI", versions=("app_version",), prompts=("positive_prompt", "prompt")
    ),
    "comfyui": _Form(system="ComfyUI", versions=("comfyui_version",)),
    "easy-diffusion": _Form(
        system="Easy Diffusion", prompts=("prompt", "text prompt", "text Prompt")
    ),
    "novelai": _Form(
        system="NovelAI",
        provider="NovelAI",
        versions=("text Source",),
        prompts=("text Description", "prompt"),
    ),
    "draw-things": _Form(system="Draw Things", prompts=("c", "xmp dc:description")),
    "midjourney": _Form(system="Midjourney", provider="Midjourney"),
    "flux": _Form(system="FLUX", provider="Black Forest Labs", prompts=("exif ImageDescription",)),
    "a1111": _Form(system="AUTOMATIC1111"),
}
"""By the names of the families (`generator_notes.FAMILIES`)."""


def read(payloads: Mapping[Slot, bytes]) -> tuple[Facts, ...]:
    """What each generator that left traces in a file states, in the order of the families."""
    notes: dict[str, list[Note]] = {}
    for note in generator_notes.found(payloads, most=MAX_READ):
        notes.setdefault(note.family, []).append(note)
    known: dict[str, Facts] = {}
    for facts in (_facts(family, notes[family]) for family in _FORMS if family in notes):
        other = known.setdefault(facts.system, facts)
        if other.version is None and other.prompt is None:  # a mere sign of the same program
            known[facts.system] = facts
    return (*known.values(), *_tc260(payloads), *_credit(payloads))


def word(text: object) -> str | None:
    """`text` where it looks like a name or a version."""
    plain = text.strip() if isinstance(text, str) else ""
    return plain if _WORD.fullmatch(plain) else None


def _facts(family: str, notes: list[Note]) -> Facts:
    form = _FORMS[family]
    stated = [(key, value, note.where) for note in notes for key, value in _said(note)]
    by_key = {key: value for key, value, _ in reversed(stated)}
    version = next(filter(None, (word(by_key.get(key)) for key in form.versions)), None)
    prompts = (
        (key, value, where)
        for wanted in form.prompts
        for key, value, where in stated
        if key == wanted
    )
    prompt, prompt_where = next(
        ((value, where) for _, value, where in prompts if value.strip()), (None, None)
    )
    system, where = form.system, notes[0].where
    lines = next((note for note in notes if _SETTINGS.search(note.text)), None)
    if family in ("a1111", "fooocus") and lines is not None:
        system, version, prompt = _settings(lines.text)
        where = prompt_where = lines.where
    elif family == "midjourney":
        flag = _MODEL_FLAG.search(notes[0].text)
        version = ("niji " if flag[1] == "niji" else "") + flag[2] if flag else None
        prompt, prompt_where = _JOB.sub("", notes[0].text[: 2 * MAX_TEXT]).strip() or None, where
    elif family == "comfyui":
        prompt, prompt_where = _of_graph(notes)
    elif family == "flux":
        system = word(by_key.get("exif Model")) or system
    if version is not None and family in ("fooocus", "invokeai"):
        numbered = _VERSION.search(version)  # "Fooocus v2.5.0"
        version = numbered[1] if numbered else None
    if prompt is not None and len(prompt.encode(errors="replace")) > MAX_TEXT:
        prompt, prompt_where = None, None
    return Facts(
        system=system,
        version=version,
        provider=form.provider,
        where=where,
        prompt=prompt,
        prompt_where=prompt_where if prompt else None,
    )


def _settings(text: str) -> tuple[str, str | None, str | None]:
    """System, version and prompt of the text of AUTOMATIC1111 and its kin."""
    prompt = _SETTINGS.split(text, maxsplit=1)[0].strip() or None
    stated, app = _SETTING_VERSION.search(text), _SETTING_APP.search(text)
    version = word(stated[1]) if stated else None
    if app and (named := word(app[1])):
        return named, version, prompt
    for name in ("Fooocus", "ComfyUI"):
        if version and version.startswith(name):
            return name, version.removeprefix(name).strip(" v") or None, prompt
    is_forge = version is not None and re.match(r"f\d|.*forge|neo", version, re.IGNORECASE)
    return ("Forge" if is_forge else "AUTOMATIC1111"), version, prompt


def _said(note: Note) -> Iterator[tuple[str, str]]:
    """Keys and texts of a note: its place with the whole text, then what its JSON holds."""
    yield re.sub(r" \(\d+\)$", "", note.where), note.text
    for key, value in _members(_parsed(note.text)):
        if isinstance(value, str):
            yield key, value


def _parsed(text: str) -> object:
    """The JSON in a text, which may stand behind ``prompt:``; None where there is none."""
    body = text.removeprefix("prompt:").removeprefix("workflow:").strip()
    if len(text) > MAX_READ or not body.startswith("{"):
        return None
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _members(content: object) -> Iterator[tuple[str, object]]:
    """Keys and values of objects, outer ones first, at most `MAX_NODES` of them."""
    waiting, seen = [content], 0
    for node in waiting:  # grows while it is read
        pairs = node.items() if isinstance(node, dict) else ()
        items = node if isinstance(node, list) else ()
        for key, value in (*pairs, *(("", each) for each in items[: MAX_NODES - seen])):
            if seen >= MAX_NODES:
                return
            seen += 1
            yield str(key), value
            if isinstance(value, dict | list):
                waiting.append(value)


def _of_graph(notes: list[Note]) -> tuple[str | None, str | None]:
    """The prompt of ComfyUI's graph: the text that a sampler's positive input leads to."""
    for note in notes:
        graph = _parsed(note.text)
        if not isinstance(graph, dict) or len(graph) > MAX_NODES:
            continue
        nodes = [each.get("inputs") for each in graph.values() if isinstance(each, dict)]
        for inputs in nodes:
            link = inputs.get("positive") if isinstance(inputs, dict) else None
            if text := _text_at(graph, link):
                return text, note.where
    return None, None


def _text_at(graph: Mapping[str, object], link: object) -> str | None:
    """The text of the node that a link names, or of the ones that it leads to."""
    for _ in range(16):
        node = graph.get(str(link[0])) if isinstance(link, list) and link else None
        inputs = node.get("inputs") if isinstance(node, dict) else None
        if not isinstance(inputs, dict):
            return None
        text = next((inputs[key] for key in ("text", "text_g", "string") if key in inputs), None)
        if isinstance(text, str):
            return text.strip() or None
        link = text if isinstance(text, list) else inputs.get("conditioning")
    return None


def _tc260(payloads: Mapping[Slot, bytes]) -> Iterator[Facts]:
    """China's label (GB 45438-2025): the producer of what it says is generated."""
    texts = [
        (note.where, note.text)
        for note in generator_notes.texts_of(payloads, MAX_READ)
        if note.where.startswith("text AIGC") or '"AIGC"' in note.text[:64]
    ]
    try:
        graph = parse.parse(payloads.get(XMP, b""), {_AIGC})
    except MalformedMetadata:
        graph = None
    for value in graph.values.get(_AIGC, ()) if graph is not None else ():
        texts.append(("xmp TC260:AIGC", values.text(value)))
    for where, text in texts:
        said = dict(reversed(list(_members(_parsed(text)))))
        producer = word(said.get("ContentProducer"))
        if producer is not None and str(said.get("Label")) == "1":
            yield Facts(system=producer, provider=producer, where=where)


def _credit(payloads: Mapping[Slot, bytes]) -> Iterator[Facts]:
    """Google's generators name themselves in the credit line."""
    for trace in generator_traces.captions(payloads):
        if trace.where.endswith("Credit") and trace.value.startswith(_CREDIT):
            yield Facts(system="Google AI", provider="Google", where=trace.where)
            return
