"""Whom and what a label names: producer, generator, licensor, and the rights in the picture."""

from __future__ import annotations

from dataclasses import dataclass, field

from genlabel.model.errors import LabelError
from genlabel.model.text import clean, cleaned
from genlabel.model.vocabulary import DataMining, Role


@dataclass(frozen=True, slots=True)
class Producer:
    """The person or company that answers for the picture.

    An organisation unless `person` is set: who publishes the name of a natural person says so, and
    is shown it before (``sign --show-public``).
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
        clean(self, required=("name",), urls=("url",))


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
        clean(self, required=("name", "model_type"))


@dataclass(frozen=True, slots=True)
class Licensor:
    """Who sells licences for the picture (``plus:Licensor``)."""

    name: str | None = None
    url: str | None = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        clean(self, urls=("url",))
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
        object.__setattr__(self, "creator", tuple(cleaned("creator", name) for name in names))
        clean(self, urls=("web_statement",))
