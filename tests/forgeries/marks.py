"""Forgeries by marks: a statement where one reader looks, another one where others do.

Who says "photograph" in the packet that a viewer shows, and "generated" where a checker looks, or
the other way round, is told from who says the same twice.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from drawn_kinds import after_header, after_jfif, chunk, segment
from forgeries.binding import pictures
from forgeries.case import Case, Made
from forgeries.forge import (
    IPTC,
    JSON,
    Assertion,
    Draft,
    actions,
    box,
    created,
    embedded,
    forger,
    generated,
    superbox,
)
from forgeries.xmp_places import PLACES, Place, bare, packet
from genlabel import formats
from genlabel.credentials.trust import Trust
from genlabel.formats.format import XMP
from genlabel.testing import picture
from oracles.chain import Chain

CAPTURED, TRAINED = "digitalCapture", "trainedAlgorithmicMedia"
UNSIGNED: Mapping[str, Any] = {
    "integrity": "absent",
    "form": "none",
    "state": "none",
    "trust": None,
    "validity": None,
    "time": None,
    "attested": False,
    "warnings": ("genlabel.claim.unsigned",),
}
"""The answer about a picture without manifest that says how it came to be."""
DIFFER = {"errors": ("genlabel.marks.disagree.source_type",)}
_ALONE = "they read the manifest alone, and no XMP"


def marked(kind: str, main: bytes | None) -> bytes:
    """A picture with this main packet, where its format has it."""
    data = pictures()[kind] if kind not in ("jpeg", "png", "webp") else picture(kind)
    container = formats.identify(data)
    return b"".join(container.rewrite(container.survey(data), {XMP: main}))


def _unsigned(
    family: str,
    name: str,
    make: Callable[[], Made],
    differs: Mapping[str, Any],
    control: str | None = None,
) -> Case:
    return Case(
        family=family, name=name, make=make, differs={**UNSIGNED, **differs}, control=control
    )


# Hiding: a second packet


def _hidden(kind: str, where: str, place: Place) -> Iterator[Case]:
    def made(second: str) -> Callable[[], Made]:
        first = packet(CAPTURED)
        return lambda: Made(data=place(marked(kind, first), packet(second, form="element")))

    honest = f"{kind}, {where} says the same, honest"
    yield _unsigned("hiding", honest, made(CAPTURED), {"source_type": CAPTURED})
    yield _unsigned(
        "hiding",
        f"{kind}, {where} says generated",
        made(TRAINED),
        {"source_type": TRAINED, **DIFFER},
        honest,
    )


# Marks: one packet, and one manifest


def _one(name: str, main: Callable[[], bytes], differs: Mapping[str, Any]) -> Case:
    control = None if name.endswith("honest") else SAME
    return _unsigned("marks", name, lambda: Made(data=marked("png", main())), differs, control)


SAME = "one packet, one word, honest"
_TWO_RDF = b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'


def _two_rdfs() -> bytes:
    """Two ``rdf:RDF`` elements in one ``x:xmpmeta``, which readers that stop at the first miss."""
    first, second = packet(CAPTURED), bare(packet(TRAINED))
    inner = second[second.index(b"<rdf:RDF") : second.index(b"</x:xmpmeta>")]
    return first.replace(b"</x:xmpmeta>", inner + b"</x:xmpmeta>")


PACKETS: dict[str, tuple[Callable[[], bytes], Mapping[str, Any]]] = {
    SAME: (lambda: packet(CAPTURED), {"source_type": CAPTURED}),
    "in other letters and over https, honest": (
        lambda: packet(TRAINED.upper(), IPTC.replace("http:", "HTTPS:") + TRAINED),
        {"source_type": TRAINED.upper()},
    ),
    "two descriptions": (
        lambda: packet(CAPTURED, TRAINED),
        {"source_type": TRAINED, **DIFFER},
    ),
    "two descriptions with resources": (
        lambda: packet(CAPTURED, TRAINED, form="resource"),
        {"source_type": TRAINED, **DIFFER},
    ),
    "a bag of two": (
        lambda: packet(CAPTURED, TRAINED, form="bag"),
        {"source_type": TRAINED, **DIFFER},
    ),
    "two rdf:RDF elements": (
        _two_rdfs,
        {
            "source_type": TRAINED,
            **DIFFER,
            "warnings": ("genlabel.claim.unsigned", "genlabel.metadata.malformed"),
        },
    ),
    "a code of no vocabulary": (
        lambda: packet("photographedByHand"),
        {
            "source_type": "photographedByHand",
            "warnings": ("genlabel.claim.unsigned", "genlabel.source-type.unknown"),
        },
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Described(Assertion):
    """A metadata assertion, which is JSON (CAWG Metadata 1.1)."""

    @property
    def boxed(self) -> bytes:
        return superbox(self.label, JSON, box(b"json", self.value))


def described(code: str) -> Assertion:
    text = (
        '{"@context":{"Iptc4xmpExt":"http://iptc.org/std/Iptc4xmpExt/2008-02-29/"},'
        f'"Iptc4xmpExt:DigitalSourceType":"{IPTC}{code}"}}'
    )
    return Described(label="cawg.metadata", value=text.encode())


DISCLOSED = Assertion(label="c2pa.ai-disclosure", value={"modelType": "c2pa.types.model"})
EDITED = actions({"action": "c2pa.created", "digitalSourceType": IPTC + TRAINED})


def draft(code: str, *more: Assertion) -> Draft:
    return Draft(chain=forger(), assertions=(created(code), *more))


def _manifest(
    name: str,
    make: Callable[[], Draft],
    differs: Mapping[str, Any],
    *,
    on: Callable[[], bytes] = lambda: picture("png"),
) -> Case:
    honest = name.endswith("honest")
    return Case(
        family="claims",
        name=name,
        make=lambda: Made(data=embedded(on(), make())),
        differs=differs,
        control=None if honest else SIGNED,
        why="" if honest else _ALONE,
    )


SIGNED = "manifest and XMP say the same, honest"
_SECOND: tuple[tuple[str, str], ...] = (
    ("jpeg", "its trailer"),
    ("jpeg", "a stranger's APP9"),
    ("png", "a compressed raw profile"),
    ("webp", "a second chunk"),
    ("gif", "a comment"),
    ("mp4", "QuickTime's place"),
)
NO_ADDRESS, OWN_ADDRESS = "no address, honest", "its signer's own address, honest"


def _signed_over(kind: str, where: str) -> Iterator[Case]:
    def second(code: str) -> Callable[[], bytes]:
        return lambda: PLACES[kind, where](marked(kind, packet(TRAINED)), packet(code))

    yield _manifest(
        f"{kind}, signed as generated, {where} says photograph",
        lambda: draft(TRAINED),
        DIFFER,
        on=second(CAPTURED),
    )
    yield _manifest(
        f"{kind}, signed as photograph, {where} says generated",
        lambda: draft(CAPTURED),
        {**DIFFER, "attested": False},
        on=lambda: PLACES[kind, where](marked(kind, packet(CAPTURED)), packet(TRAINED)),
    )


# Traces


def _texts(**words: str) -> bytes:
    chunks = [chunk(b"tEXt", f"{key}\0{value}".encode("latin-1")) for key, value in words.items()]
    return after_header(marked("png", packet(CAPTURED)), *chunks)


def _commented(words: str) -> bytes:
    return after_jfif(marked("jpeg", packet(CAPTURED)), segment(0xFE, words.encode()))


SETTINGS = "a cat\nNegative prompt: dog\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1"
GRAPH = '{"3": {"class_type": "KSampler", "inputs": {"seed": 1}}}'
PLAIN = "a photograph with a note, honest"
TOLD = {
    "source_type": CAPTURED,
    "warnings": ("genlabel.claim.unsigned", "genlabel.trace.contradicts"),
}
TRACES: dict[str, Callable[[], bytes]] = {
    "settings in a PNG's text": lambda: _texts(parameters=SETTINGS),
    "a graph in a PNG's text": lambda: _texts(prompt=GRAPH),
    "a generator that names itself": lambda: _texts(Software="NovelAI"),
    "the number of a job": lambda: _texts(
        Description="a cat --v 6 Job ID: 11111111-2222-4333-8444-555555555555"
    ),
    "settings in a JPEG's comment": lambda: _commented(SETTINGS),
    "a generator as creator tool": lambda: marked(
        "png", packet(CAPTURED, more=' xmp:CreatorTool="Adobe Firefly 3"')
    ),
}


# Addresses and files beside


def addressed(url: str, *source_types: str) -> bytes:
    return packet(*source_types, more=f' dcterms:provenance="{url}"')


@cache
def with_host() -> Chain:
    """A credential whose certificate names a host."""
    return Chain.new("Forger Ltd", hosts=("forger.example",))


def _addressed(url: str | None) -> Made:
    main = packet(TRAINED) if url is None else addressed(url, TRAINED)
    data = embedded(marked("png", main), generated(with_host()))
    return Made(data=data, trust=Trust.of(signers=with_host().anchor))


ELSEWHERE = {
    **UNSIGNED,
    "integrity": "unknown",
    "form": "unknown",
    "state": "unknown",
    "source_type": None,
    "warnings": ("genlabel.manifest.remote-only",),
}
MANIFEST_URL = "https://manifests.example/cat.c2pa"


@cache
def _stores() -> tuple[bytes, bytes, bytes]:
    """A picture, the manifest that is right beside it, and one about something else."""
    from forgeries.forge import data_hash, store

    data = picture("png")
    right = store(generated(forger()).with_(data_hash(data, ())))
    other = store(generated(forger()).with_(data_hash(data + b"?", ())))
    return data, right, other


def _beside(**files: bytes) -> Callable[[], Made]:
    """A picture ``cat.png``, with files beside it by suffix; ``_`` stands for a dot."""
    named = {"cat" + suffix.replace("_", "."): data for suffix, data in files.items()}
    return lambda: Made(data=picture("png"), files=named)


def _with_stores(*suffixes: str, wrong: bool = False) -> Callable[[], Made]:
    def made() -> Made:
        data, right, other = _stores()
        stores = (right, other if wrong else right)
        files = {f"cat{suffix}": each for suffix, each in zip(suffixes, stores, strict=False)}
        return Made(data=data, files=files)

    return made


SIDE = "an XMP file says generated, honest"
ONE_STORE = "one manifest file, honest"

CASES: tuple[Case, ...] = (
    *(
        case
        for (kind, where), place in PLACES.items()
        if kind in pictures()
        for case in _hidden(kind, where, place)
    ),
    *(_one(name, make, differs) for name, (make, differs) in PACKETS.items()),
    _unsigned(
        "marks",
        PLAIN,
        lambda: Made(data=_texts(Comment="holiday", Software="GIMP 3.0")),
        {"source_type": CAPTURED},
    ),
    _unsigned(
        "marks",
        "a generated picture with settings, honest",
        lambda: Made(
            data=after_header(
                marked("png", packet(TRAINED)),
                chunk(b"zTXt", b"parameters\0\0" + zlib.compress(SETTINGS.encode())),
            )
        ),
        {},
    ),
    *(
        _unsigned("marks", f"a photograph with {name}", lambda m=make: Made(data=m()), TOLD, PLAIN)
        for name, make in TRACES.items()
    ),
    _manifest(SIGNED, lambda: draft(TRAINED), {}, on=lambda: marked("png", packet(TRAINED))),
    *(case for kind, where in _SECOND for case in _signed_over(kind, where)),
    _manifest(
        "actions, metadata and disclosure agree, honest",
        lambda: draft(TRAINED, described(TRAINED), DISCLOSED),
        {},
    ),
    _manifest(
        "metadata say photograph, the actions generated",
        lambda: draft(TRAINED, described(CAPTURED)),
        DIFFER,
    ),
    _manifest(
        "metadata say generated, the actions photograph",
        lambda: draft(CAPTURED, described(TRAINED)),
        DIFFER,
    ),
    _manifest(
        "an AI system is disclosed, the actions say photograph",
        lambda: draft(CAPTURED, DISCLOSED),
        {"source_type": CAPTURED, **DIFFER},
    ),
    _unsigned(
        "sidecars",
        "nothing says anything, honest",
        _beside(),
        {"source_type": None, "warnings": ()},
    ),
    _unsigned("sidecars", SIDE, _beside(_png_xmp=packet(TRAINED)), {}),
    _unsigned("sidecars", "the XMP file of the stem, honest", _beside(_xmp=packet(TRAINED)), {}),
    _unsigned(
        "sidecars",
        "the XMP file of another picture of that stem, honest",
        _beside(_xmp=packet(TRAINED), _jpg=b""),
        {"source_type": None, "warnings": ()},
    ),
    _unsigned(
        "sidecars",
        "two XMP files that differ",
        _beside(_xmp=packet(CAPTURED), _png_xmp=packet(TRAINED)),
        DIFFER,
        SIDE,
    ),
    _unsigned(
        "sidecars",
        "an XMP file says generated, the picture photograph",
        lambda: Made(data=marked("png", packet(CAPTURED)), files={"cat.png.xmp": packet(TRAINED)}),
        DIFFER,
        SIDE,
    ),
    Case(
        family="sidecars",
        name=ONE_STORE,
        make=_with_stores(".png.c2pa"),
        differs={},
    ),
    Case(
        family="sidecars",
        name="two manifest files that are the same, honest",
        make=_with_stores(".png.c2pa", ".c2pa"),
        differs={},
    ),
    Case(
        family="sidecars",
        name="two manifest files that differ",
        make=_with_stores(".png.c2pa", ".c2pa", wrong=True),
        differs={"warnings": ("genlabel.sidecar.several",)},
        control=ONE_STORE,
        why=_ALONE,
    ),
    Case(
        family="sidecars",
        name="a signed photograph, and an XMP file that says generated",
        make=lambda: Made(
            data=embedded(picture("png"), draft(CAPTURED)), files={"cat.png.xmp": packet(TRAINED)}
        ),
        differs={"source_type": CAPTURED, **DIFFER},
        control=ONE_STORE,
        why="they look at one file, and not beside it",
    ),
    Case(
        family="addresses",
        name=NO_ADDRESS,
        make=lambda: _addressed(None),
        differs={},
    ),
    Case(
        family="addresses",
        name=OWN_ADDRESS,
        make=lambda: _addressed("https://cdn.forger.example/cat.c2pa"),
        differs={},
    ),
    Case(
        family="addresses",
        name="somebody else's address",
        make=lambda: _addressed("https://forger.example.evil.example/cat.c2pa"),
        differs={"warnings": ("genlabel.remote.other",)},
        control=OWN_ADDRESS,
        why=_ALONE,
    ),
    _unsigned(
        "addresses",
        "a manifest elsewhere and no word, honest",
        lambda: Made(data=marked("png", addressed(MANIFEST_URL))),
        ELSEWHERE,
    ),
    _unsigned(
        "addresses",
        "a manifest elsewhere, and photograph in XMP",
        lambda: Made(data=marked("png", addressed(MANIFEST_URL, CAPTURED))),
        {
            **ELSEWHERE,
            "source_type": CAPTURED,
            "warnings": ("genlabel.claim.unsigned", "genlabel.manifest.remote-only"),
        },
        "a manifest elsewhere and no word, honest",
    ),
)
