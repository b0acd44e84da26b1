"""Options as values: how pictures are verified, and what `sign_options` has in common."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field, fields
from datetime import date, timedelta
from functools import partial
from typing import Any, ClassVar

from genlabel.credentials.trust import Trust
from genlabel.credentials.trust.anchor_pem import Source
from genlabel.model.dataclass import dataclass
from genlabel.operations.convenient_forms import (
    day_of,
    declarations_of,
    instance_of,
    policies_of,
    require_bool,
    trust_of,
)
from genlabel.policies import LABELLED, Policy
from genlabel.policies.declarations import NOTHING_DECLARED, Declarations

Trusted = Trust | Source | Iterable[Source] | None
"""A `Trust`, or the PEM files (or PEM itself) of the signers whom you know."""


@dataclass(frozen=True, kw_only=True)
class Options:
    """What both kinds of options share: convenient forms become the values that are kept."""

    READ: ClassVar[Mapping[str, Callable[[Any], object]]] = {}
    """How the convenient forms of its fields are read."""

    def __post_init__(self) -> None:
        readers, flags = _PLANS.get(type(self)) or _plan(type(self))
        given = self.__dict__
        for name, read, usual in readers:
            if (form := given[name]) is not usual and (value := read(form)) is not form:
                object.__setattr__(self, name, value)
        for name in flags:
            if given[name] is not True and given[name] is not False:
                require_bool(name, given[name])


_Plan = tuple[tuple[tuple[str, Callable[[Any], object], object], ...], tuple[str, ...]]
_PLANS: dict[type[Options], _Plan] = {}


def _plan(kind: type[Options]) -> _Plan:
    """The fields of a kind that are read from convenient forms, each with how and with what stands
    there unless given, and those that are flags; found once."""
    usual = {each.name: each.default for each in fields(kind)}
    read: dict[str, Callable[[Any], object]] = {}
    for each in reversed(kind.__mro__):
        read |= each.__dict__.get("READ", {})
    readers = tuple((name, reader, usual[name]) for name, reader in read.items())
    flags = tuple(each.name for each in fields(kind) if each.type == "bool")  # texts here
    _PLANS[kind] = readers, flags
    return readers, flags


def require_known(books: Iterable[Policy], day: date | None) -> None:
    """Raise `ConfigurationError` for a day before the first rules of one of the books."""
    if day is not None:
        for each in books:
            each.in_force(day)


@dataclass(frozen=True, kw_only=True)  # no slots: `Labeller` has two bases with fields
class VerifyOptions(Options):
    """How pictures are judged. `genlabel.verify` takes every field as a keyword, too."""

    READ: ClassVar[Mapping[str, Callable[[Any], object]]] = {
        "trust": trust_of,
        "policy": policies_of,
        "declarations": declarations_of,
        "as_of": day_of,
        "expiring": partial(instance_of, "expiring", timedelta),
    }

    trust: Trust = field(default_factory=Trust)
    """Whom to believe; nobody unless given, so that every signer is unknown. As a keyword also PEM
    files, PEM bytes or several of them; `TrustError` where one cannot be read."""
    policy: tuple[Policy, ...] = (LABELLED,)
    """The rule books whose judgements and findings are added to reports, ``labelled`` unless given;
    none for no rule book. As a keyword also None, one book, its name, or several of them;
    `ConfigurationError` where there is none of a name."""
    declarations: Declarations = NOTHING_DECLARED
    """What no file shows and the rule books ask. As a keyword also a TOML file, or its content;
    `ConfigurationError` for what no book asks."""
    as_of: date | None = None
    """The day whose rules are judged by; None for today. As a keyword also ``"2026-12-02"``;
    `ConfigurationError` for no day, and for one before a book's first rules."""
    expiring: timedelta | None = None
    """With a span, pictures that stop verifying within it from now get a finding. Off unless
    given."""
    hash: bool = False
    """Report the SHA-256 of files without any mark, too, whose pictures need not be read else."""

    def __post_init__(self) -> None:
        super().__post_init__()
        require_known(self.policy, self.as_of)
