"""What we declare about a picture: Label, Producer, Generator, rights, history, elements.

A `Label` is strict and complete by construction: a contradiction is a `LabelError` here and not a
finding later. What a *file* declares is a `Declaration` (see `report`), lenient and never complete.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TypedDict, Unpack
from urllib.parse import urlsplit

from genlabel.errors import LabelError
from genlabel.vocabulary import DataMining, DigitalSourceType, Role

MAX_TEXT = 16_384
"""Most UTF-8 bytes of one field: JPEG has 65,502 bytes for all of XMP, and ours stays in it."""


class History(StrEnum):
    """The plain question that a label answers: how did this picture come to be?"""

    GENERATED = "generated"
    EDITED = "edited"
    COMPOSITE = "composite"
    CAPTURED = "captured"
    CREATED_BY_HUMAN = "created_by_human"


_D = DigitalSourceType
_SOURCE_TYPES = {
    History.GENERATED: (
        _D.TRAINED_ALGORITHMIC_MEDIA,
        _D.ALGORITHMIC_MEDIA,
        _D.DATA_DRIVEN_MEDIA,
        _D.VIRTUAL_RECORDING,
        _D.TRAINED_ALGORITHMIC_DATA,
    ),
    History.EDITED: (
        _D.COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA,
        _D.HUMAN_EDITS,
        _D.ALGORITHMICALLY_ENHANCED,
    ),
    History.COMPOSITE: (
        _D.COMPOSITE,
        _D.COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA,
        _D.COMPOSITE_CAPTURE,
        _D.COMPOSITE_SYNTHETIC,
    ),
    History.CAPTURED: (
        _D.DIGITAL_CAPTURE,
        _D.COMPUTATIONAL_CAPTURE,
        _D.NEGATIVE_FILM,
        _D.POSITIVE_FILM,
        _D.PRINT,
        _D.SCREEN_CAPTURE,
        _D.VIRTUAL_RECORDING,
    ),
    History.CREATED_BY_HUMAN: (_D.DIGITAL_CREATION, _D.DATA_DRIVEN_MEDIA, _D.EMPTY),
}

_NO_SYSTEM = frozenset(
    {
        _D.DIGITAL_CAPTURE,
        _D.NEGATIVE_FILM,
        _D.POSITIVE_FILM,
        _D.PRINT,
        _D.HUMAN_EDITS,
        _D.DIGITAL_CREATION,
        _D.SCREEN_CAPTURE,
        _D.COMPOSITE_CAPTURE,
        _D.EMPTY,
    }
)


@dataclass(frozen=True, slots=True)
class Producer:
    """The person or company that answers for the picture.

    An organisation unless `person` is set: the name of a natural person is published only when
    somebody says that it is one.
    """

    name: str
    url: str | None = field(default=None, kw_only=True)
    """A web page of the producer, http or https."""
    identifier: str | None = field(default=None, kw_only=True)
    """A register's identifier as a URI, e.g. an ISNI, LEI or Wikidata address."""
    role: Role = field(default=Role.PRODUCER, kw_only=True)
    """What the producer did for the picture (CAWG named actor role)."""
    person: bool = field(default=False, kw_only=True)
    """True for a natural person."""

    def __post_init__(self) -> None:
        _clean(self, required=("name",), urls=("url",))


@dataclass(frozen=True, slots=True)
class Generator:
    """The AI system or software that made or changed the picture (C2PA softwareAgent)."""

    name: str
    version: str | None = field(default=None, kw_only=True)
    provider: str | None = field(default=None, kw_only=True)
    """The company that offers the system."""
    identifier: str | None = field(default=None, kw_only=True)
    """A URI or package URL of the model, e.g. ``pkg:huggingface/black-forest-labs/FLUX.1-dev``."""
    model_type: str = field(default="c2pa.types.model", kw_only=True)
    """C2PA asset type of the model, e.g. ``c2pa.types.model.pytorch`` (C2PA 2.4 §18.25)."""

    def __post_init__(self) -> None:
        _clean(self, required=("name", "model_type"))


@dataclass(frozen=True, slots=True)
class Licensor:
    """Who sells licences for the picture (``plus:Licensor``)."""

    name: str | None = None
    url: str | None = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        _clean(self, urls=("url",))
        if self.name is None and self.url is None:
            raise LabelError("licensor: neither name nor url given")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """Who made the picture, who owns it and what may be done with it (IPTC 2025.1, PLUS)."""

    creator: tuple[str, ...] = ()
    """Human creators, in order (``dc:creator``, IIM By-line, Exif Artist)."""
    credit: str | None = None
    """The credit line (``photoshop:Credit``)."""
    copyright: str | None = None
    """The copyright notice (``dc:rights``)."""
    usage_terms: str | None = None
    web_statement: str | None = None
    """Address of the page that states the rights (``xmpRights:WebStatement``)."""
    licensor: Licensor | None = None
    data_mining: DataMining | None = None

    def __post_init__(self) -> None:
        names = (self.creator,) if isinstance(self.creator, str) else tuple(self.creator)
        object.__setattr__(self, "creator", tuple(_text("creator", name) for name in names))
        _clean(self, urls=("web_statement",))


@dataclass(frozen=True, slots=True)
class Element:
    """A picture that a composite was made of, to be recorded as a ``componentOf`` ingredient."""

    source: bytes | Path
    """The element's own bytes or file, read when the composite is signed."""
    title: str | None = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        if isinstance(self.source, str):
            object.__setattr__(self, "source", Path(self.source))
        _clean(self)


class Details(TypedDict, total=False):
    """What every label may say besides; the meanings are those of `Label`'s fields."""

    title: str | None
    description: str | None
    created: datetime | None
    identifier: str | None
    rights: Rights


class PromptedDetails(Details, total=False):
    """What the label of a generative picture may say besides; a prompt is public once written."""

    prompt: str | None
    prompt_writer: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """One label: what a picture is, how it was made and who answers for it.

    Use the classmethods; they ask the plain questions. All text is stored in Unicode NFC with
    ``\\n`` line ends. Raises `LabelError` for any contradiction.
    """

    source_type: DigitalSourceType
    history: History
    producer: Producer
    generator: Generator | None = None
    title: str | None = None
    description: str | None = None
    """What is seen: the caption (``dc:description``)."""
    created: datetime | None = None
    """When this version of the picture was made; timezone-aware."""
    identifier: str | None = None
    """A globally unique identifier of the picture (``Iptc4xmpExt:DigImageGUID``)."""
    rights: Rights = field(default_factory=Rights)
    prompt: str | None = None
    """The prompt; public once written."""
    prompt_writer: str | None = None
    """The person who wrote the prompt; not the picture's creator."""
    elements: tuple[Element, ...] = ()
    """What a composite was made of."""
    inherited: DigitalSourceType | None = None
    """The stronger source type that the signed history already states, set by signing only."""

    fallback_identifier: str | None = None
    """An identifier for where neither label nor file has one, set by signing only."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "elements", tuple(self.elements))
        _clean(self)
        if self.created is not None:
            if self.created.tzinfo is None:
                raise LabelError(
                    f"created: {self.created.isoformat()} has no time zone",
                    remedy="give a timezone-aware datetime, such as datetime.now(timezone.utc)",
                )
            object.__setattr__(self, "created", self.created.astimezone(UTC))
        self._check_contradictions()

    def _check_contradictions(self) -> None:
        code = self.source_type.code
        if self.source_type not in _SOURCE_TYPES[self.history]:
            raise LabelError(
                f"{code}: contradicts {self.history.value}",
                remedy="choose one of "
                + ", ".join(known.code for known in _SOURCE_TYPES[self.history]),
            )
        if self.generator is not None and self.source_type in _NO_SYSTEM:
            raise LabelError(
                f"{code}: says that no AI system made the picture, but a generator is named "
                f"({self.generator.name})",
                remedy="leave the generator out, or choose a source type that names its part",
            )
        if not self.source_type.generative and (self.prompt or self.prompt_writer):
            raise LabelError(f"{code}: a prompt belongs to generative pictures only")
        if self.elements and self.history is not History.COMPOSITE:
            raise LabelError(f"{self.history.value}: only a composite is made of elements")

    @classmethod
    def generated(
        cls, *, by: Producer, using: Generator | None = None, **details: Unpack[PromptedDetails]
    ) -> Label:
        """Made wholly by a generative model: ``trainedAlgorithmicMedia``."""
        return cls(
            source_type=DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA,
            history=History.GENERATED,
            producer=by,
            generator=using,
            **details,
        )

    @classmethod
    def edited(
        cls, *, by: Producer, using: Generator | None = None, **details: Unpack[PromptedDetails]
    ) -> Label:
        """An existing picture, changed: by a generative model if `using` names one, else by hand.

        ``compositeWithTrainedAlgorithmicMedia`` with `using`, ``humanEdits`` without.
        """
        return cls(
            source_type=DigitalSourceType.COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA
            if using
            else DigitalSourceType.HUMAN_EDITS,
            history=History.EDITED,
            producer=by,
            generator=using,
            **details,
        )

    @classmethod
    def composite(
        cls,
        *,
        by: Producer,
        of: Iterable[Element],
        using: Generator | None = None,
        **details: Unpack[Details],
    ) -> Label:
        """Put together from several pictures.

        ``compositeWithTrainedAlgorithmicMedia`` with `using`, else ``composite``; signing raises
        ``composite`` to the former when an element turns out to be generative.
        """
        return cls(
            source_type=DigitalSourceType.COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA
            if using
            else DigitalSourceType.COMPOSITE,
            history=History.COMPOSITE,
            producer=by,
            generator=using,
            elements=tuple(of),
            **details,
        )

    @classmethod
    def captured(cls, *, by: Producer, **details: Unpack[Details]) -> Label:
        """Taken from life with a camera: ``digitalCapture``."""
        return cls(
            source_type=DigitalSourceType.DIGITAL_CAPTURE,
            history=History.CAPTURED,
            producer=by,
            **details,
        )

    @classmethod
    def created_by_human(cls, *, by: Producer, **details: Unpack[Details]) -> Label:
        """Drawn, painted or composed by a human without generative tools: ``digitalCreation``."""
        return cls(
            source_type=DigitalSourceType.DIGITAL_CREATION,
            history=History.CREATED_BY_HUMAN,
            producer=by,
            **details,
        )

    @staticmethod
    def history_of(source_type: DigitalSourceType) -> History:
        """The history that a source type alone implies, e.g. captured for ``print``."""
        return next(history for history, types in _SOURCE_TYPES.items() if source_type in types)

    @staticmethod
    def admits_generator(source_type: DigitalSourceType) -> bool:
        """May a label with this source type name a generator, or does it say there was none?"""
        return source_type not in _NO_SYSTEM

    def at(self, moment: datetime) -> Label:
        """The same label with `created` set to `moment`, unless it says already when."""
        return self if self.created is not None else replace(self, created=moment)

    @property
    def marked_source_type(self) -> DigitalSourceType:
        """The source type that every mark says: a generative history outlives a human's edit."""
        return self.inherited or self.source_type

    def inheriting(self, stated: DigitalSourceType | None) -> Label:
        """The same label over a history that states `stated`: generative beats non-generative."""
        if stated is None or not stated.generative or self.source_type.generative:
            return self
        return replace(self, inherited=stated)

    def with_source_type(self, source_type: DigitalSourceType) -> Label:
        """The same label with another source type of the same history."""
        return replace(self, source_type=source_type)


def _clean(value: object, *, required: tuple[str, ...] = (), urls: tuple[str, ...] = ()) -> None:
    """Normalise every text field of a frozen dataclass in place; empty ones become None."""
    for each in fields(value):  # type: ignore[arg-type]  # only dataclasses come here
        found = getattr(value, each.name)
        if not isinstance(found, str) or isinstance(found, (StrEnum, DataMining)):
            continue
        text = _text(each.name, found)
        if text and each.name in urls:
            _check_url(each.name, text)
        if not text and each.name in required:
            raise LabelError(f"{each.name}: is empty")
        object.__setattr__(value, each.name, text or None)


def _text(name: str, text: str) -> str:
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").strip()
    for position, char in enumerate(text):
        if _forbidden(ord(char)):
            raise LabelError(
                f"{name}: character U+{ord(char):04X} at {position} is not allowed in a label",
                remedy="remove control, direction-override and tag characters",
            )
    if len(text.encode()) > MAX_TEXT:
        raise LabelError(f"{name}: longer than {MAX_TEXT:,} bytes of UTF-8")
    return text


def _forbidden(point: int) -> bool:
    """C2PA 2.4 §7.1.3 (bidi overrides, tags, C1) and what XML 1.0 cannot carry."""
    return (
        (point < 0x20 and point not in (0x09, 0x0A))
        or 0x7F <= point <= 0x9F
        or 0x202A <= point <= 0x202E
        or 0x2066 <= point <= 0x2069
        or 0xD800 <= point <= 0xDFFF
        or point in (0xFFFE, 0xFFFF)
        or 0xE0000 <= point <= 0xE007F
    )


def _check_url(name: str, text: str) -> None:
    try:
        parts = urlsplit(text)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        usable = False
    if not usable or any(char.isspace() for char in text):
        raise LabelError(f"{name}: {text!r} is no http or https address")
