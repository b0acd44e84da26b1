"""By what right others' work is in a picture: of its elements, and of what a model learnt from."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from genlabel.model.dataclass import dataclass
from genlabel.model.errors import LabelError
from genlabel.model.plus import ModelRelease, PropertyRelease
from genlabel.model.text import clean, listed_texts


class RightsBasis(StrEnum):
    """On what the use of somebody's work rests."""

    LICENCE = "licence"
    AGREEMENT = "agreement"
    """A contract about this very use."""
    PERMISSION = "permission"
    OWN_WORK = "own-work"
    PUBLIC_DOMAIN = "public-domain"
    TDM_EXCEPTION = "tdm-exception"
    """The law's exception for text and data mining (Directive (EU) 2019/790, Articles 3 and 4)."""
    STATUTORY_EXCEPTION = "statutory-exception"
    """Another exception of the law, such as quotation."""
    NOT_REQUIRED = "not-required"
    """Nobody has a right in it."""
    UNKNOWN = "unknown"
    """An answer, too: it is written down and shown as such."""


_IDS = {"model_release_ids": "MR-2026-17", "property_release_ids": "PR-2026-4"}
PRIVATE = ("reference", "consent", *_IDS)
"""What is written into a file only where `ElementRights.public` says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ElementRights:
    """By what right an element is in the picture.

    ``ElementRights(basis="licence", licence="CC-BY-4.0", holder="Acme Stock")``. `reference`,
    `consent`, the releases' identifiers and the name of a holder who is a person are written into
    the file only if `public`; else they are in the result of signing alone. Raises `LabelError` for
    a `web_statement` that is no http or https address and for texts that a label cannot hold.
    """

    basis: RightsBasis | None = None
    """On what the use rests; None: nobody has said it."""
    licence: str | None = None
    """An SPDX identifier, the address of a Creative Commons licence, or words."""
    holder: str | None = None
    """Who holds the rights."""
    holder_is_person: bool = False
    """Is that a natural person? Then the name is in the file only if `public`."""
    until: date | None = None
    """The last day of the licence; an ISO date will do."""
    territory: str | None = None
    """Where it counts, e.g. ``worldwide`` or ``EU``."""
    model_release: ModelRelease | None = None
    """Whether the people in the element agree (PLUS)."""
    model_release_ids: tuple[str, ...] = ()
    """Identifiers of their releases; one text is taken as one of them."""
    property_release: PropertyRelease | None = None
    """Whether the owners of what is in the element agree (PLUS)."""
    property_release_ids: tuple[str, ...] = ()
    """Identifiers of their releases."""
    consent: str | None = None
    """Who agreed to what, and where that is kept."""
    reference: str | None = None
    """One's own reference: an order, an invoice, a file of one's own."""
    web_statement: str | None = None
    """Address of the page that states the rights."""
    public: bool = False
    """Is everything written into the file, where anybody reads it?"""

    def __post_init__(self) -> None:
        for name, example in _IDS.items():
            ids = listed_texts(name, getattr(self, name), example)
            object.__setattr__(self, name, tuple(filter(None, ids)))
        object.__setattr__(self, "until", _day(self.until))
        clean(self, urls=("web_statement",))

    @property
    def private(self) -> tuple[str, ...]:
        """Names of the fields that are kept out of the file."""
        if self.public:
            return ()
        return (*PRIVATE, "holder") if self.holder_is_person else PRIVATE


@dataclass(frozen=True, slots=True, kw_only=True)
class Training:
    """On what a model was trained, and by what right.

    ``Training(basis="licence", statement="https://acme.example/training-data")``. Raises
    `LabelError` for a `statement` that is no http or https address.
    """

    basis: RightsBasis
    """``unknown`` is an answer, and is shown as one."""
    statement: str | None = None
    """Address of the page on which the model's provider says it."""

    def __post_init__(self) -> None:
        clean(self, urls=("statement",))


def _day(given: object) -> date | None:
    """`given` as a day: a date, a time, or the text of an ISO date. Raises `LabelError`."""
    if isinstance(given, datetime):
        return given.date()
    if given is None or isinstance(given, date):
        return given
    try:
        return date.fromisoformat(str(given).strip())
    except ValueError:
        raise LabelError(
            f"until: {str(given)[:60]!r} is no day", remedy="write it as 2027-12-31"
        ) from None
