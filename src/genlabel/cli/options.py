"""Options that several commands share, and the settings that follow from them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar, cast

import click

from genlabel.cli.settings import Settings, load
from genlabel.cli.stderr import talk
from genlabel.model.errors import ConfigurationError
from genlabel.model.report import Mark

Command = TypeVar("Command", bound=Callable[..., Any])

ALGORITHMS = ("es256", "es384", "es512", "ps256", "ps384", "ps512", "ed25519")
"""C2PA's signature algorithms, written out here so that help needs no cryptography."""

_FILE = click.Path(path_type=Path)


def inputs(command: Command) -> Command:
    """Which files."""
    for option in (
        click.option("--exclude", metavar="GLOB", multiple=True, help="Pass over what fits."),
        click.option("--include", metavar="GLOB", multiple=True, help="Take only what fits."),
        click.option(
            "--files-from",
            metavar="FILE|-",
            type=_FILE,
            help="Read the names of files, one a line or separated by NUL.",
        ),
    ):
        command = option(command)
    return command


def trust(command: Command) -> Command:
    """Whom to believe: the command gets as `trusted` the settings that follow."""

    @wraps(command)
    def gathered(
        *positional: object,
        trust: tuple[Path, ...],
        trust_tsa: tuple[Path, ...],
        trust_identity: tuple[Path, ...],
        trust_lists: tuple[str, ...],
        max_list_age: str | None,
        **others: object,
    ) -> object:
        trusted = {
            "trust.signers": trust,
            "trust.tsa": trust_tsa,
            "trust.identity": trust_identity,
            "trust.lists": trust_lists,
            "trust.max_age": max_list_age,
        }
        return command(*positional, trusted=trusted, **others)

    result: Any = gathered
    for option in (
        click.option(
            "--trust-list",
            "trust_lists",
            metavar="NAME|KIND=FILE",
            multiple=True,
            help="A kept list, such as official; or a file: signer=FILE, tsa=FILE, identity=FILE.",
        ),
        click.option(
            "--max-list-age",
            metavar="SPAN",
            help="From which age on a fetched list is a finding; 90d unless set.",
        ),
        click.option(
            "--trust-identity",
            metavar="PEM",
            multiple=True,
            type=_FILE,
            help="Those whose identity assertions you know.",
        ),
        click.option(
            "--trust-tsa",
            metavar="PEM",
            multiple=True,
            type=_FILE,
            help="Time-stamping authorities that you know.",
        ),
        click.option(
            "--trust", metavar="PEM", multiple=True, type=_FILE, help="Signers that you know."
        ),
    ):
        result = option(result)
    return cast(Command, result)


def identity(command: Command) -> Command:
    """Who attests the label beside the signer."""
    for option in (
        click.option(
            "--identity-role",
            "identity_roles",
            metavar="ROLE",
            multiple=True,
            help="What the identity did for the picture; else the producer's role.",
        ),
        click.option(
            "--identity-passphrase-file",
            metavar="FILE",
            type=_FILE,
            help="Holds the passphrase of that key.",
        ),
        click.option(
            "--identity-certificates", metavar="FILE", type=_FILE, help="Its certificates, PEM."
        ),
        click.option(
            "--identity-key",
            metavar="FILE",
            type=_FILE,
            help="Sign an identity assertion, too, with this key, or PKCS#12.",
        ),
    ):
        command = option(command)
    return command


def configuration(command: Command) -> Command:
    """Where settings come from, and how much is said."""
    for option in (
        click.option("-v", "--verbose", is_flag=True, help="Show everything, notes included."),
        click.option("-q", "--quiet", is_flag=True, help="Show only what is wrong."),
        click.option("--no-config", is_flag=True, help="Read no configuration file."),
        click.option(
            "--config",
            metavar="FILE",
            type=_FILE,
            help="Read FILE instead of the nearest genlabel.toml.",
        ),
    ):
        command = option(command)
    return command


def language(command: Command) -> Command:
    """In which language verdicts are said."""
    return click.option(
        "--lang",
        metavar="CODE",
        help="The language of verdicts: en, fr (prepared: de, zh); the locale's unless set.",
    )(command)


def output_format(command: Command) -> Command:
    """In which form results are written."""
    return click.option(
        "--format",
        type=click.Choice(["text", "json", "jsonl", "html"]),
        default="text",
        show_default=True,
        help="The form of the results on stdout.",
    )(command)


def authorities(command: Command) -> Command:
    """Whom to ask for time-stamps."""
    return click.option(
        "--tsa",
        metavar="URL",
        multiple=True,
        help="A time-stamping authority; several are asked in turn.",
    )(command)


def fail_on(command: Command) -> Command:
    """From which severity on a run fails."""
    return click.option(
        "--fail-on",
        type=click.Choice(["error", "warning", "note"]),
        help="The least severity for exit status 1; error unless set.",
    )(command)


def settings(
    given: Mapping[str, object],
    *,
    config: Path | None,
    no_config: bool,
    quiet: bool,
    label: Path | None = None,
) -> Settings:
    """Everything that is set; a run that found a file says so."""
    found = load(given, label=label, config=config, no_config=no_config)
    for path in found.files:
        talk(f"configuration from {path}", quiet=quiet)
    return found


def ask() -> str:
    """The passphrase of an encrypted key, from whoever sits at the terminal."""
    entered: str = click.prompt("Passphrase of the key", hide_input=True, err=True, default="")
    return entered


def speaking(settings: Settings, *, quiet: bool) -> str:
    """The language of verdicts; a run in one that nobody has reviewed says so."""
    from genlabel.model.words.catalogue import catalogue

    chosen = settings.language()
    found = catalogue(chosen)
    if not found.reviewed:
        talk(
            f"{found.name}: sentences that nobody has reviewed yet; the rest is English",
            quiet=quiet,
        )
    return chosen


def marks(text: str | None, *, option: str) -> tuple[Mark, ...] | None:
    """The marks that `option` names, separated by commas; None where it is not given."""
    if text is None:
        return None
    try:
        return tuple(Mark(word.strip().lower()) for word in text.split(",") if word.strip())
    except ValueError:
        raise ConfigurationError(
            f"{option}: {text!r} names no marks", remedy="choose among " + ", ".join(Mark)
        ) from None
