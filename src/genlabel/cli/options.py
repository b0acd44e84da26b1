"""Options that several commands share, and the values in which commands get them."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Sequence
from dataclasses import field, fields
from datetime import date, timedelta
from functools import reduce, wraps
from pathlib import Path
from typing import Any

import click

from genlabel.cli.sections import completed
from genlabel.cli.settings import Settings, load
from genlabel.cli.settings.kinds import span_of
from genlabel.cli.speech import speech
from genlabel.cli.stderr import message
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import ConfigurationError
from genlabel.model.report import Mark
from genlabel.pixels.decode import MAX_PIXELS

Command = Callable[..., Any]
Decorator = Callable[[Command], Command]

ALGORITHMS = ("es256", "es384", "es512", "ps256", "ps384", "ps512", "ed25519")
"""C2PA's signature algorithms, written out here so that help needs no cryptography."""
FORMATS = ("text", "json", "jsonl", "html")
"""Forms of the results of many files."""
REPORTS = (
    *("text", "concise", "json", "jsonl", "html"),
    *("junit", "sarif", "github", "gitlab", "csv"),
)
"""Forms of the results of checks, those for builds among them (`rendering.formats`)."""
VERIFIED = (*REPORTS, "crjson")
"""Those of `verify`."""
ONE_DOCUMENT = ("text", "json")
"""Forms of a result that is about no file."""


class _File(click.Path):
    """A path; an empty one is a variable that a script left unset, and not the directory here."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if not os.fspath(value):
            self.fail("an empty path: is a variable unset?", param, ctx)
        return super().convert(value, param, ctx)


FILE = _File(path_type=Path)
_LONGEST_SPAN = timedelta(days=36_500)
_OPTION = "option"
"""Where a dataclass's field keeps what adds its option to a command."""
_SETTINGS = "genlabel.settings"
"""Where a run's click context keeps the settings that options have set, by name."""


def together(*decorators: Decorator) -> Decorator:
    """One decorator of several; the help shows their options in this order."""
    return lambda command: reduce(lambda inner, each: each(inner), reversed(decorators), command)


def option(*declarations: str, **attributes: Any) -> Any:
    """A field of a dataclass that holds the value of this option; see `collected`."""
    missing = False if attributes.get("is_flag") else None
    return field(
        default=missing,
        metadata={_OPTION: lambda name: click.option(name, *declarations, **attributes)},
    )


def argument(**attributes: Any) -> Any:
    """The same for an argument."""
    return field(metadata={_OPTION: lambda name: click.argument(name, **attributes)})


def collected(
    name: str, kind: type, *options: Decorator, without: Collection[str] = ()
) -> Decorator:
    """Add the options of a dataclass to a command, which gets their values as one `kind`.

    It gets them in its parameter `name`. `options` fill fields that have no option of their own;
    the fields `without` keep their defaults.
    """
    own = [
        one.metadata[_OPTION](one.name)
        for one in fields(kind)
        if one.metadata and one.name not in without
    ]

    def decorate(command: Command) -> Command:
        @wraps(command)
        def collecting(*positional: object, **values: object) -> object:
            names = [field.name for field in fields(kind) if field.name in values]
            collection = kind(**{name: values.pop(name) for name in names})
            return command(*positional, **{name: collection}, **values)

        return together(*options, *own)(collecting)

    return decorate


class SettingOption(click.Option):
    """An option that sets the setting called `sets`."""

    def __init__(self, *arguments: Any, sets: str, **attributes: Any) -> None:
        super().__init__(*arguments, **attributes)
        self.sets = sets


def setting(*declarations: str, sets: str, **attributes: Any) -> Decorator:
    """An option that sets the setting called `sets`: `RunOptions.settings` has it, no parameter."""

    def keep(context: click.Context, _: click.Parameter, value: object) -> None:
        if value is not False:  # a flag that is absent sets nothing
            set_options(context)[sets] = value

    return click.option(
        *declarations, cls=SettingOption, sets=sets, callback=keep, expose_value=False, **attributes
    )


def set_options(context: click.Context) -> dict[str, object]:
    """The settings that the options of this run have set so far."""
    settings: dict[str, object] = context.meta.setdefault(_SETTINGS, {})
    return settings


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """Where settings come from, in which form results go out, and how much is said."""

    format: str = "text"
    config: Path | None = option(
        "--config",
        metavar="FILE",
        type=FILE,
        help="Read FILE instead of the nearest genlabel.toml.",
    )
    no_config: bool = option("--no-config", is_flag=True, help="Read no configuration file.")
    max_pixels: int = option(
        "--max-pixels", metavar="N", type=click.IntRange(1), default=MAX_PIXELS,
        help="Most pixels of a picture that is decoded; 50 million unless set.",
    )  # fmt: skip
    quiet: bool = option("-q", "--quiet", is_flag=True, help="Show only what is wrong.")
    verbose: bool = option("-v", "--verbose", is_flag=True, help="Show everything, notes included.")

    def settings(self, *, label: Path | None = None) -> Settings:
        """Everything that is set, `label` being a label file; each file found is named on stderr.

        Raises `ConfigurationError`.
        """
        options = set_options(click.get_current_context())
        settings = load(options, label=label, config=self.config, no_config=self.no_config)
        speech.language = settings.language()
        for path in settings.files:
            message(f"configuration from {path}", quiet=self.quiet)
        for sentence in settings.unheard:
            message(sentence)
        return settings

    def language(self, settings: Settings) -> str:
        """The language of verdicts; a language that nobody has reviewed is named on stderr."""
        from genlabel.model.words.catalogue import catalogue

        chosen = settings.language()
        sentences = catalogue(chosen)
        if not sentences.reviewed:
            message(
                f"{sentences.name}: sentences that nobody has reviewed yet; the rest is English",
                quiet=self.quiet,
            )
        return chosen


language_option = setting(
    "--lang", sets="words.language", metavar="CODE", shell_complete=completed,
    help="The language of results and messages: en, fr (prepared: de, zh); else the locale's.",
)  # fmt: skip


def run_options(
    forms: Sequence[str] = FORMATS,
    *,
    configurable: bool = True,
    verbose: bool = True,
) -> Decorator:
    """Options whose values a command gets as a `RunOptions` in its parameter `run`.

    `forms` are those in which it writes results; with none there is no --format.
    """
    several = "s" if "html" in forms else ""
    format_option = click.option(
        "--format", type=click.Choice(forms), default="text", show_default=True,
        help=f"The form of the result{several} on stdout.",
    )  # fmt: skip
    first: list[Decorator] = [format_option] if forms else []
    first.append(language_option)
    without: tuple[str, ...] = () if configurable else ("config", "no_config")
    without += () if verbose else ("verbose",)
    without += () if "html" in forms else ("max_pixels",)  # nothing is decoded
    return collected("run", RunOptions, *first, without=without)


quiet_option = together(
    language_option,
    click.option("-q", "--quiet", is_flag=True, help="Say nothing but what goes wrong."),
)
"""How a command speaks that reads no settings."""


def key_options(certificates_help: str) -> Decorator:
    """Who signs claims."""
    return together(
        setting("--signer", sets="signer.uri", metavar="URI",
                help="Where the key is: file:, env:, exec:, pkcs11:, awskms:."),
        setting("--key", sets="signer.key", metavar="FILE", type=FILE,
                help="The private key, or PKCS#12."),
        setting("--certificates", sets="signer.certificates", metavar="FILE", type=FILE,
                help=certificates_help),
        setting("--passphrase-file", sets="signer.passphrase_file", metavar="FILE", type=FILE,
                help="Holds the key's passphrase."),
    )  # fmt: skip


trust_options = together(
    setting("--trust", sets="trust.signers", metavar="PEM", multiple=True, type=FILE,
            help="Signers that you know."),
    setting("--trust-tsa", sets="trust.tsa", metavar="PEM", multiple=True, type=FILE,
            help="Time-stamping authorities that you know."),
    setting("--trust-identity", sets="trust.identity", metavar="PEM", multiple=True, type=FILE,
            help="Those whose identity assertions you know."),
    setting("--trust-producer", "trust_producers", sets="trust.producers",
            metavar="ORGANISATION=NAME", multiple=True,
            help="A name that an organisation may use beside its certificate's: a brand."),
    setting("--max-list-age", sets="trust.max_age", metavar="SPAN",
            help="From which age on a fetched list is a finding; 90d unless set."),
    setting("--trust-list", "trust_lists", sets="trust.lists", metavar="NAME|KIND=FILE",
            multiple=True,
            help="A kept list, such as official; or a file: c2pa=FILE for the C2PA trust list, "
                 "signer=FILE, tsa=FILE, identity=FILE."),
)  # fmt: skip
"""Whom to believe."""
tsa_option = together(
    setting("--tsa", sets="time.authorities", metavar="URL", multiple=True,
            help="A time-stamping authority; several are asked in turn."),
    setting("--tsa-login", "tsa_logins", sets="time.logins", metavar="'URL KIND=SOURCE'",
            multiple=True,
            help="How to log in there: KIND is basic, header, certificate or netrc, SOURCE "
                 "env:NAME or file:FILE; a secret itself is not taken."),
)  # fmt: skip


def _day(context: click.Context, parameter: click.Parameter, value: str | None) -> date | None:
    try:
        return None if value is None else date.fromisoformat(value)
    except ValueError:
        raise click.BadParameter(
            f"{value!r} is no day such as 2026-12-02", ctx=context, param=parameter
        ) from None


AS_OF: Any = {
    "metavar": "DATE",
    "callback": _day,
    "help": "Judge by the rules in force on DATE; today unless set.",
}
as_of_option = click.option("--as-of", **AS_OF)
declarations_option = setting(
    "--declarations", sets="verify.declarations", metavar="FILE", type=FILE,
    help="What is declared to the rule books; `genlabel policy ask NAME` writes the form.",
)  # fmt: skip
policy_options = together(
    setting("--policy", sets="verify.policy", metavar="NAME|FILE.toml", multiple=True,
            shell_complete=completed, help="A rule book; labelled unless set."),
    declarations_option,
    as_of_option,
)  # fmt: skip
"""By what is judged."""
fail_on_option = setting(
    "--fail-on", sets="verify.fail_on", type=click.Choice(["error", "warning", "note"]),
    help="The least severity for exit status 1; error unless set.",
)  # fmt: skip


def parse_marks(
    _: click.Context, parameter: click.Parameter, value: str | None
) -> tuple[Mark, ...] | None:
    """An option's callback: marks, separated by commas; None where the option is not given."""
    if value is None:
        return None
    try:
        return tuple(Mark(word.strip().lower()) for word in value.split(",") if word.strip())
    except ValueError:
        raise ConfigurationError(
            f"{parameter.opts[0]}: {value!r} names no marks",
            remedy="choose among " + ", ".join(Mark),
        ) from None


def parse_span(
    context: click.Context, parameter: click.Parameter, value: str | None
) -> timedelta | None:
    """An option's callback: days, weeks, months of 30 and years of 365 days, such as ``90d``."""
    if value is None:
        return None
    span = span_of(value)
    if span is None or not timedelta() < span <= _LONGEST_SPAN:
        raise click.BadParameter(
            f"{value!r} is no span such as 90d, 6w, 3m or 1y", ctx=context, param=parameter
        )
    return span
