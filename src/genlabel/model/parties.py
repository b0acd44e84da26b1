"""Whom and what a label names: producer, generator, licensor, and the rights in the picture."""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum

from genlabel.model.dataclass import dataclass
from genlabel.model.element_rights import Training
from genlabel.model.errors import LabelError
from genlabel.model.mining import BY_CODE, Mining, code_of, differing, entries
from genlabel.model.plus import DataMining, MinorModelAge, ModelRelease, PropertyRelease
from genlabel.model.text import clean, listed_texts
from genlabel.model.vocabulary import Role

PERSON, ORGANIZATION = "Person", "Organization"
"""What a named party is, by schema.org's words for it."""


class ProducerBasis(StrEnum):
    """By whose word the file's producer is called so."""

    SIGNER = "signer"
    """The signer's certificate bears this name, and the signer is known."""
    IDENTITY = "identity"
    """An identity assertion of somebody known names it."""
    CONFIGURED = "configured"
    """You said yourself that this signer may use the name."""
    CLAIM = "claim"
    """Only the file says so."""


@dataclass(frozen=True, slots=True)
class Producer:
    """The person or company that answers for the picture.

    ``Producer("Acme Studio", url="https://acme.example")``. An organisation unless `person` is set:
    who publishes the name of a natural person says so, and is shown it before
    (``sign --show-public``). Written as ``Iptc4xmpExt:Contributor`` with a role (IPTC 2025.1; CAWG
    Identity 1.3, named actors).

    Raises `LabelError` for an empty name, for a `url` that is no http or https address, and for any
    text over 16,384 bytes of UTF-8 or with control, direction-override or tag characters.
    """

    name: str
    """As it shall be shown, e.g. ``Acme Studio``."""
    url: str | None = field(default=None, kw_only=True)
    """A web page of the producer, http or https."""
    identifier: str | None = field(default=None, kw_only=True)
    """An identifier in a public register as a URI, e.g. ``https://isni.org/isni/0000000121032683``,
    an LEI or a Wikidata address."""
    role: Role = field(default=Role.PRODUCER, kw_only=True)
    """What the producer did for the picture (CAWG named actor role), e.g. `Role.EDITOR`."""
    person: bool = field(default=False, kw_only=True)
    """True for a natural person; the signed metadata say it (``@type`` of the contributor)."""

    def __post_init__(self) -> None:
        clean(self, required=("name",), urls=("url",))


@dataclass(frozen=True, slots=True)
class Generator:
    """The AI system or software that made or changed the picture.

    ``Generator("FLUX.1-dev", provider="Black Forest Labs")``. Written as ``softwareAgent`` of the
    action (C2PA 2.4 §18.15) and as ``Iptc4xmpExt:AISystemUsed`` (IPTC 2025.1). Raises `LabelError`
    for an empty name and for texts that a label cannot hold (see `Producer`).
    """

    name: str
    """The system as its provider calls it."""
    version: str | None = field(default=None, kw_only=True)
    """Its version in the provider's own form, e.g. ``1.0`` or ``2026-03``."""
    provider: str | None = field(default=None, kw_only=True)
    """The company that offers the system."""
    identifier: str | None = field(default=None, kw_only=True)
    """A URI or package URL of the model, e.g. ``pkg:huggingface/black-forest-labs/FLUX.1-dev``."""
    model_type: str = field(default="c2pa.types.model", kw_only=True)
    """C2PA asset type of the model, e.g. ``c2pa.types.model.pytorch`` (C2PA 2.4 §18.25)."""
    training: Training | None = field(default=None, kw_only=True)
    """On what the model was trained, and by what right."""

    def __post_init__(self) -> None:
        clean(self, required=("name", "model_type"))


@dataclass(frozen=True, slots=True)
class Licensor:
    """Who sells licences for the picture (``plus:Licensor``, PLUS LDF 2.0).

    Raises `LabelError` without either name or url, and for a `url` that is no http or https
    address.
    """

    name: str | None = None
    """The person or company, e.g. ``Acme Pictures``."""
    url: str | None = field(default=None, kw_only=True)
    """The page on which a licence is sold, http or https."""

    def __post_init__(self) -> None:
        clean(self, urls=("url",))
        if self.name is None and self.url is None:
            raise LabelError("licensor: neither name nor url given")


_LISTS = {
    "creator": "Ada Lovelace",
    "model_release_ids": "MR-2026-17",
    "property_release_ids": "PR-2026-4",
}
"""Fields of several texts, each with an example."""
_NO_RELEASE = (
    *(ModelRelease.NONE, ModelRelease.NOT_APPLICABLE),
    *(PropertyRelease.NONE, PropertyRelease.NOT_APPLICABLE),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """Who made the picture, who owns it and what may be done with it (IPTC 2025.1, PLUS LDF 2.0).

    ``Rights(creator=("Ada Lovelace",), copyright="© 2026 Acme Studio")``. What is not given leaves
    the file's own words as they are. Raises `LabelError` for a `web_statement` that is no http or
    https address and for texts that a label cannot hold (see `Producer`).
    """

    creator: tuple[str, ...] = ()
    """Names of the human creators, in order (``dc:creator``, IIM By-line, Exif Artist); one text is
    taken as one name. IIM holds 32 bytes of each."""
    credit: str | None = None
    """The credit line, e.g. ``Acme Studio / Ada`` (``photoshop:Credit``; IIM holds 32 bytes)."""
    copyright: str | None = None
    """The copyright notice, e.g. ``© 2026 Acme Studio`` (``dc:rights``; IIM holds 128 bytes)."""
    usage_terms: str | None = None
    """How the picture may be used, in words (``xmpRights:UsageTerms``)."""
    web_statement: str | None = None
    """Address of the page that states the rights (``xmpRights:WebStatement``)."""
    licensor: Licensor | None = None
    """Who sells licences (``plus:Licensor``)."""
    data_mining: DataMining | None = None
    """Whether data mining and AI training are allowed (``plus:DataMining``)."""
    data_mining_constraint: str | None = None
    """What a code refers to that refers to something: a text or address of the constraint
    (``plus:OtherConstraints``), an encoded rights expression, or the address of one; also of what
    is constrained in `mining`."""
    mining: Mining | None = None
    """Which uses are allowed, finer than a code says (``cawg.training-mining``)."""
    model_release: ModelRelease | None = None
    """Whether the people in the picture agree (``plus:ModelReleaseStatus``)."""
    model_release_ids: tuple[str, ...] = ()
    """Identifiers of their releases (``plus:ModelReleaseID``); in the file only if `public`."""
    property_release: PropertyRelease | None = None
    """Whether the owners of what is in the picture agree (``plus:PropertyReleaseStatus``)."""
    property_release_ids: tuple[str, ...] = ()
    """Identifiers of their releases (``plus:PropertyReleaseID``); in the file only if `public`."""
    minor_model_age: MinorModelAge | None = None
    """Age of the youngest person in the picture (``plus:MinorModelAgeDisclosure``)."""
    public: bool = False
    """Are the releases' identifiers written into the file, where anybody reads them?"""

    def __post_init__(self) -> None:
        for name, example in _LISTS.items():
            object.__setattr__(self, name, listed_texts(name, getattr(self, name), example))
        clean(self, urls=("web_statement",))
        self._check_constraint()
        self._check_releases()

    def _check_uses(self) -> None:
        """Code and uses say the same: what they both speak of is in two carriers."""
        if self.data_mining is None or self.mining is None:
            return
        for use in differing(self.data_mining, self.mining):
            raise LabelError(
                f"mining: {use} is {getattr(self.mining, use)}, and {self.data_mining.code} says "
                "something else",
                remedy="leave data_mining out, or choose a code that says the same",
            )

    @property
    def mining_code(self) -> DataMining | None:
        """The PLUS code that is written: the one given, else the one that `mining` comes to."""
        if self.data_mining is not None or self.mining is None:
            return self.data_mining
        return code_of(self.mining)

    @property
    def mining_entries(self) -> dict[str, dict[str, str]]:
        """The entries of ``cawg.training-mining``; empty where nothing is said."""
        code = self.data_mining
        if code is None and self.mining is None:
            return {}
        by_code = BY_CODE[code] if code is not None else Mining()
        said = self.mining.over(by_code) if self.mining is not None else by_code
        limited = DataMining.PROHIBITED_EXCEPT_SEARCH
        constraint = self.data_mining_constraint or (limited.value if code is limited else None)
        return entries(said, constraint)

    def _check_releases(self) -> None:
        """Where there is no release, none has an identifier."""
        for kind in ("model", "property"):
            status = getattr(self, f"{kind}_release")
            if getattr(self, f"{kind}_release_ids") and status in _NO_RELEASE:
                raise LabelError(
                    f"{kind}_release_ids: {status.code} says that there is no release",
                    remedy="leave the identifiers out, or name the status that they prove",
                )

    def _check_constraint(self) -> None:
        """A code that refers to another property is half a sentence without it."""
        mining, constraint = self.mining_code, self.data_mining_constraint
        self._check_uses()
        if mining is not None and mining.refers and constraint is None:
            raise LabelError(
                f"{mining.code}: refers to a constraint, and none is given",
                remedy="give its words or address with --data-mining-constraint "
                "(`data_mining_constraint`), or choose a code that speaks for itself",
            )
        if constraint is not None and (mining is None or not mining.refers):
            raise LabelError(
                "data_mining_constraint: no data-mining code refers to it",
                remedy=f"give {DataMining.PROHIBITED_SEE_CONSTRAINT.code} with it",
            )
        if mining is DataMining.PROHIBITED_SEE_LINKED_RIGHTS:
            clean(self, urls=("data_mining_constraint",))
