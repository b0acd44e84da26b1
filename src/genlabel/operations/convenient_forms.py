"""Convenient forms: what callers may write for an option, made the value that is kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar, cast

from genlabel.credentials.trust import Trust
from genlabel.credentials.trust.anchor_pem import Source
from genlabel.model.errors import ConfigurationError
from genlabel.model.report import Mark
from genlabel.policies import Books, Policy, named
from genlabel.policies.declarations import NOTHING_DECLARED, Declarations
from genlabel.storage import PathLike

Choice = TypeVar("Choice", bound=StrEnum)


def one_of(kind: type[Choice], option: str, given: Any) -> Choice:
    """`given` as a value of an enumeration; raises `ConfigurationError`, which names them all."""
    try:
        return kind(given)
    except ValueError as error:
        raise ConfigurationError(
            f"{option}: {given!r} is none of its values",
            remedy="choose " + ", ".join(str(each.value) for each in kind),
        ) from error


def marks_of(option: str, given: object) -> tuple[Mark, ...]:
    """Several marks, by their names; raises `ConfigurationError` for what is none or no list."""
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise ConfigurationError(
            f"{option}: {given!r} is no list of marks", remedy="write ['iptc']"
        )
    return tuple(one_of(Mark, option, each) for each in given)


def trust_of(given: object) -> Trust:
    """What `given` means: nobody, a `Trust`, or the anchors of those whom you know."""
    if given is None:
        return Trust()
    if isinstance(given, Trust):
        return given
    return Trust.of(signers=cast("Source | Iterable[Source]", given))


def policies_of(given: object) -> tuple[Policy, ...]:
    """Rule books, by their names or as values."""
    return named(cast("Books", given))


def declarations_of(given: object) -> Declarations:
    """Declarations as a value, a file or a table."""
    if given is None:
        return NOTHING_DECLARED
    if isinstance(given, Declarations):
        return given
    from genlabel.policies.declaration_files import declarations

    return declarations(cast("PathLike | Mapping[str, object]", given))


def day_of(given: object) -> date | None:
    """A day, also as text; raises `ConfigurationError` for what is none."""
    if given is None or (isinstance(given, date) and not isinstance(given, datetime)):
        return given
    try:
        return date.fromisoformat(str(given))
    except ValueError:
        raise ConfigurationError(
            f"as_of: {given!r} is no day", remedy="write it as 2026-12-02"
        ) from None


def instance_of(option: str, kind: type[Any], given: Any) -> Any:
    """`given`, None or of that kind; else raises `TypeError`."""
    if given is None or isinstance(given, kind):
        return given
    raise TypeError(f"{option}: {given!r} is no {kind.__name__}")


def require_whole_number(option: str, given: object) -> None:
    """Raise `TypeError` for what is no whole number above 0."""
    if not isinstance(given, int) or isinstance(given, bool) or given < 1:
        raise TypeError(f"{option}: {given!r} is no int above 0")


def require_bool(option: str, given: object) -> None:
    """Raise `TypeError` for what is neither True nor False."""
    if not isinstance(given, bool):
        raise TypeError(f"{option}: {given!r} is no bool; give True or False")


def media_type_of(given: object) -> str:
    """A text; what it may be is the encoder's to know."""
    if not isinstance(given, str):
        raise TypeError(f"media_type: {given!r} is no str; give 'image/png'")
    return given


def signer_of(given: object) -> object:
    """None or what signs; else raises `TypeError`."""
    if given is None or callable(getattr(given, "sign", None)):
        return given
    raise TypeError(f"signer: {type(given).__name__} is no Signer; genlabel.signer(URI) makes one")
