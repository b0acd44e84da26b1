"""Slots: the places in a file where the bytes of marks live, and how many there may be of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from itertools import islice
from typing import TypeVar

from genlabel.model.named_tuple import NamedTuple

MAX_METADATA = 16 * 1024 * 1024
"""Most bytes of one metadata payload after joining or decompressing; more is an attack."""
MAX_BLOCKS = 32_000
"""Most blocks of one file; a run of IDAT or fdAT chunks counts as one. More is an attack."""
MAX_FURTHER = 16
"""Most payloads of one slot behind the first that are looked at."""


class SlotKind(StrEnum):
    """Which mark's bytes live in a slot."""

    XMP = "xmp"
    IIM = "iim"
    EXIF = "exif"
    TEXT = "text"
    MANIFEST = "manifest"


class Slot(NamedTuple):
    """A place in a file where one mark's bytes live: a tuple, since it is hashed all the time."""

    kind: SlotKind
    key: str = ""
    """The keyword of a text slot; ``extended`` for JPEG's ExtendedXMP."""

    def __str__(self) -> str:
        return f"{self.kind.value} {self.key}".rstrip()


def text_slot(key: str, number: int = 1) -> Slot:
    """The slot of the text with this keyword, or of one more: ``Comment``, ``Comment (2)``."""
    return Slot(SlotKind.TEXT, key if number == 1 else f"{key} ({number})")


XMP = Slot(SlotKind.XMP)
"""The main XMP packet, without the format's own headers, padding included."""
EXTENDED_XMP = Slot(SlotKind.XMP, "extended")
"""JPEG only: the joined ExtendedXMP packet that the main one points to (XMP part 3 §1.1.3.1)."""
IIM = Slot(SlotKind.IIM)
"""The IIM datasets (IRB resource 0x0404), without the Photoshop wrapper."""
EXIF = Slot(SlotKind.EXIF)
"""The TIFF structure, beginning with ``II*`` or ``MM``, without ``Exif\\0\\0``. A file that is a
TIFF itself gathers the texts of its directories into one."""


def further_exif(number: int) -> Slot:
    """The slot of one more Exif block; the second one is 2."""
    return Slot(SlotKind.EXIF, str(number))


FURTHER_EXIF = frozenset(map(further_exif, range(2, 2 + MAX_FURTHER)))
"""Those that JPEG, PNG and WebP write: a block that is there gets another payload."""


MANIFEST = Slot(SlotKind.MANIFEST)
"""The C2PA manifest store: one JUMBF superbox, reassembled."""
OWN_DIRECTORY = Slot(SlotKind.MANIFEST, "own directory")
"""TIFF only: a manifest store to be written, in a directory that holds nothing else. Read, it is
the `MANIFEST` like one in any other place."""

SlotChanges = Mapping[Slot, bytes | None]
"""Payloads to set, by slot; None takes the slot's payload out."""

MAX_TEXTS, MAX_TEXT = 64, 64 * 1024
"""Most texts of a container's own that are read, and most bytes of one."""
_KEYWORDS = {
    **dict.fromkeys(("comment", "icmt", "cmt"), "Comment"),
    **dict.fromkeys(("description", "isbj", "subject", "desc", "des", "inf"), "Description"),
    **dict.fromkeys(
        ("software", "encoder", "encoded_by", "encoded-by", "isft", "too", "swr", "enc"), "Software"
    ),
    **dict.fromkeys(("title", "inam", "nam"), "Title"),
    **dict.fromkeys(("author", "artist", "iart", "art", "aut"), "Author"),
    **dict.fromkeys(("copyright", "icop", "cpy"), "Copyright"),
    **{each: each for each in ("parameters", "prompt", "workflow")},
}


def keyword(own: str) -> str:
    """The keyword that PNG has for what a container calls `own`; that name where there is none."""
    return _KEYWORDS.get(own.lower(), own)


Place = TypeVar("Place")
"""Where a text stands, as its format has it."""


def numbered(texts: Iterable[tuple[str, bytes]]) -> dict[Slot, bytes]:
    """Slots for a container's own texts, by `keyword`: the first `MAX_TEXTS` that say anything."""
    return texts_of((own, text, None) for own, text in texts)


def texts_of(texts: Iterable[tuple[str, bytes, object]]) -> dict[Slot, bytes]:
    """What `numbered` gives for texts that have their places with them."""
    return {slot: text[:MAX_TEXT] for slot, text, _ in placed(texts)}


def placed(texts: Iterable[tuple[str, bytes, Place]]) -> Iterator[tuple[Slot, bytes, Place]]:
    """The slots of `numbered` with each text and its place."""
    counts: Counter[str] = Counter()
    for own, text, place in islice((each for each in texts if each[1]), MAX_TEXTS):
        name = keyword(own)
        counts[name] += 1
        yield text_slot(name, counts[name]), text, place
