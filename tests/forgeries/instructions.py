"""Forgeries of words that say how something is shown, under a hash that leaves out words.

C2PA 2.4 §18.5.1: what is left out must not change how the file is understood. Most words do not;
some are read by viewers and players.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import brotli

from drawn_kinds import kinds, rewritten
from forgeries.case import Case, by_data
from forgeries.forge import box, embedded, forger, generated
from forgeries.ranges import UNCOVERED, WORDS, leaving
from genlabel.formats.format import XMP

FAMILY = "instructions"
_WHY = "They compare what is hashed, and do not ask what is shown from elsewhere."
_case = by_data(FAMILY, _WHY)
SAID: dict[str, str] = {
    "how bright a gain map makes it": "http://ns.adobe.com/hdr-gain-map/1.0/",
    "what film lies behind it": "http://ns.google.com/photos/1.0/container/",
    "how it lies around the viewer": "http://ns.google.com/photos/1.0/panorama/",
    "how a raw picture is developed": "http://ns.adobe.com/camera-raw-settings/1.0/",
    "what its small picture is": "http://ns.adobe.com/xap/1.0/g/img/",
}
"""What XMP may say, and the namespace in which it does."""
PLACES = {
    "jpeg full": ("APP1 XMP", 33, 0),
    "png full": ("iTXt XML:com.adobe.xmp", 26, 4),
    "webp full": ("XMP", 8, 0),
    "jxl full": ("xml", 8, 0),
    "jxl": ("brob xml", 12, 0),
    "mp3": ("PRIV XMP", 20, 0),
}
"""Where each kind of file has XMP, and what of it is kept at its start and end."""


def packet(namespace: str, encoding: str = "utf-8") -> bytes:
    """XMP with one property of a namespace."""
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
        'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
        f'xmlns:said="{namespace}" said:Value="1.5"/></rdf:RDF></x:xmpmeta>'
    ).encode(encoding)


@cache
def signed(kind: str, namespace: str, encoding: str = "utf-8") -> bytes:
    """A file whose signer leaves out what its XMP says."""
    said = packet(namespace, encoding)
    if kind == "jxl":
        data = kinds()[kind] + box(b"brob", b"xml " + brotli.compress(said))
    else:
        data = rewritten(kinds()[kind], {XMP: said})
    return embedded(data, generated(forger()), binding=leaving(PLACES[kind]))


def comment(name: str) -> bytes:
    """A recording with a comment of a name, of which the signer leaves out the text."""
    content = b"\0eng" + name.encode() + b"\0 00000000 00000210 000007C0 00000000000A2C70"
    frame = b"COMM" + len(content).to_bytes(4, "big") + bytes(2) + content
    data = kinds()["mp3 bare"]
    size = len(frame)
    tag = b"ID3\3\0\0" + bytes([size >> 21 & 127, size >> 14 & 127, size >> 7 & 127, size & 127])
    audio = data[data.index(b"\xff\xfb") :] if data[:3] == b"ID3" else data
    return embedded(tag + frame + audio, generated(forger()), binding=leaving(("COMM", 10, 0)))


def _cases() -> Iterator[Case]:
    words = "http://purl.org/dc/elements/1.1/"
    for kind in PLACES:
        honest = f"{kind}, words are left out, honest"
        yield _case(honest, lambda kind=kind: signed(kind, words), WORDS)
        every = SAID if kind == "jpeg full" else dict([next(iter(SAID.items()))])
        for name, namespace in every.items():
            yield _case(
                f"{kind}, {name} is left out",
                lambda kind=kind, namespace=namespace: signed(kind, namespace),
                UNCOVERED,
                honest,
            )
    yield _case(
        "jpeg full, the same in UTF-16",
        lambda: signed("jpeg full", next(iter(SAID.values())), "utf-16-le"),
        UNCOVERED,
        "jpeg full, words are left out, honest",
    )
    honest = "mp3, a comment is left out, honest"
    yield _case(honest, lambda: comment("note"), WORDS)
    for name, what in (("iTunSMPB", "where it begins and ends"), ("iTunNORM", "how loud it is")):
        yield _case(f"mp3, {what} is left out", lambda name=name: comment(name), UNCOVERED, honest)


CASES: tuple[Case, ...] = tuple(_cases())
