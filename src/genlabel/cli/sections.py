"""The sections of a command's help: its options by what they are about, codes, exit statuses.

The pages `docs/commands.md` and `docs/genlabel.1` are made of the same sections.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import click

from genlabel.model.dataclass import dataclass
from genlabel.model.histories import History
from genlabel.model.plus import DataMining, MinorModelAge, ModelRelease, PropertyRelease
from genlabel.model.report import WRITTEN, Mark
from genlabel.model.vocabulary import DigitalSourceType, Role

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

Line = tuple[str, str]
"""What is typed, and what it means."""
Lines = Sequence[Line]

ENDED = ("130 (143, 129)", "ended by an interrupt (SIGTERM, SIGHUP); complete results are kept")
CHECKED: Lines = (
    ("0", "nothing to object to"),
    ("1", "findings: an error, or what --fail-on names"),
    ("2", "wrong usage, nothing matched, or a file that could not be judged"),
    ENDED,
)
SIGNED: Lines = (
    ("0", "every file has its label, and was read back"),
    ("1", "written, with findings: an error, or what --fail-on names"),
    ("2", "wrong usage, nothing matched, or a file that was not written; the others are"),
    ENDED,
)
MARKED: Lines = (
    ("0", "every file has its visible label, and was measured"),
    ("1", "written, with findings: an error, or what --fail-on names"),
    ("2", "wrong usage, nothing matched, or a file that was not written; the others are"),
    ENDED,
)
LOOKED: Lines = (
    ("0", "every file was read; nothing is judged"),
    ("2", "wrong usage, nothing matched, or a file that could not be read"),
    ENDED,
)

FEW = 15
"""So many options need no sections."""
_OTHER = "Other options"
CODES_TITLE = "Codes"
_SECTIONS: Mapping[str, Sequence[str]] = {
    "What it is": (
        *(each.value for each in History),
        *("source_type", "generator", "generator_version", "generator_provider", "parent"),
        *("ingredient", "created", "title", "description", "alt_text", "keyword"),
        *("prompt", "prompt_writer"),
        *("steps", "oversight", "all_actions", "assertion", "overrule", "label"),
    ),
    "Who answers for it": ("producer", "producer_url", "role", "person", "attribution"),
    "Rights": (
        *("creator", "credit", "copyright", "usage_terms", "web_statement", "licensor"),
        *("licensor_url", "data_mining", "data_mining_constraint"),
        *("model_release", "property_release", "minor_model_age"),
    ),
    "Visible label": (
        *("visible", "style", "words", "position", "languages", "national_acronym"),
        *("with_producer", "law", "font", "badge", "add_alt_text"),
    ),
    "Output": (
        *("out", "in_place", "overwrite", "existing", "accept_broken_parent", "sidecar", "marks"),
        *(
            "remote_url",
            "drop_traces",
            "using_traces",
            "prompt_from_traces",
            "prompt_as",
            "repair",
            "tiff_manifest",
            "sealing",
            "force",
            "preserve_times",
            "show_public",
            "dry_run",
            "fsync",
        ),
    ),
    "What is asked": (
        *(
            "against",
            "require",
            "allow_unlabelled",
            "policy",
            "require_policy",
            "declarations",
            "paths",
            "as_of",
            "expiring",
            "hash",
            "fail_on",
            "expect",
        ),
        *("baseline", "write_baseline"),
    ),
    "Keys": (
        *("signer", "key", "certificates", "passphrase_file", "identity_key"),
        *("identity_certificates", "identity_passphrase_file", "identity_roles", "identity_form"),
    ),
    "Time": ("tsa", "tsa_logins", "stamp", "ocsp"),
    "Trust": (
        *("trust", "trust_lists", "trust_tsa", "trust_identity", "trust_producers"),
        "max_list_age",
    ),
    "Which files": (
        *("files_from", "base", "batch", "state", "changed_since", "include", "exclude"),
        *("ignore_case", "allow_empty", "ignore_missing", "jobs", "max_bytes", "max_pixels"),
    ),
    "Reports": ("format", "report", "root", "lang", "quiet", "verbose"),
    _OTHER: ("config", "no_config", "help"),
}
"""Title → names of parameters, both in the order of the help."""


def _source_types() -> Iterable[str]:
    return (each.code for each in DigitalSourceType)


def _oversights() -> Iterable[str]:
    from genlabel.model.steps import Oversight

    return (each.value for each in Oversight)


def _generators() -> Iterable[str]:
    from genlabel.metadata.generator_notes import NAMES

    return NAMES


def _policies() -> Iterable[str]:
    from genlabel.policies import BOOKS

    return BOOKS


def _laws() -> Iterable[str]:
    from genlabel.policies.visible import LAWS

    return (each.name for each in LAWS)


def _languages() -> Iterable[str]:
    from genlabel.model.words.catalogue import LANGUAGES

    return LANGUAGES


CODES: Mapping[str, Callable[[], Iterable[str]]] = {
    "source_type": _source_types,
    "role": lambda: (each.short for each in Role),
    "oversight": _oversights,
    "data_mining": lambda: (each.code for each in DataMining),
    "model_release": lambda: (each.code for each in ModelRelease),
    "property_release": lambda: (each.code for each in PropertyRelease),
    "minor_model_age": lambda: (each.code for each in MinorModelAge),
    "drop_traces": _generators,
    "marks": lambda: (each.value for each in WRITTEN if each is not Mark.MANIFEST),
    "require": lambda: (each.value for each in Mark),
    "policy": _policies,
    "require_policy": _policies,
    "lang": _languages,
    "law": _laws,
}
"""Name of a parameter → the codes that it takes."""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a command's help."""

    title: str
    lines: Lines


def completed(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """An option's answer to a shell: its codes; of several, separated by commas, the last."""
    from click.shell_completion import CompletionItem

    before, comma, begun = incomplete.rpartition(",")
    codes = CODES[parameter.name or ""]() if not comma or "MARK" in str(parameter.metavar) else ()
    return [
        CompletionItem(before + comma + code)
        for code in codes
        if code.lower().startswith(begun.lower())
    ]


def files(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """The answer of a parameter that is a path and may be something else, such as ``-``."""
    from click.shell_completion import CompletionItem

    return [CompletionItem(incomplete, type="file")]


def of(command: click.Command, context: click.Context) -> Iterator[Section]:
    """All sections of a command, empty ones left out."""
    records = dict(_records(command, context))
    if len(records) <= FEW:
        yield from _section("Options", records.values())
    else:
        known = {name for names in _SECTIONS.values() for name in names}
        unknown = [name for name in records if name not in known]
        for title, names in _SECTIONS.items():
            listed = (*names, *unknown) if title == _OTHER else names
            yield from _section(title, (records[name] for name in listed if name in records))
    yield from _section(CODES_TITLE, _codes(command))
    yield from _section("Exit status", getattr(command, "statuses", ()))


def commands(
    group: click.Group, context: click.Context, said: Callable[[str], str] = str
) -> list[Line]:
    """The commands of a group, each with its first sentence, in the language of `said`."""
    several = ((name, group.get_command(context, name)) for name in group.list_commands(context))
    return [
        (name, sentence(command, said))
        for name, command in several
        if command is not None and not command.hidden
    ]


def sentence(command: click.Command, said: Callable[[str], str] = str) -> str:
    """The first sentence of a command's help, whole."""
    first = said(" ".join((command.help or "").partition("\n\n")[0].split()))
    return first.partition(". ")[0].rstrip(".") + "."


def _section(title: str, lines: Iterable[Line]) -> Iterator[Section]:
    if listed := list(lines):
        yield Section(title, listed)


def _records(command: click.Command, context: click.Context) -> Iterator[tuple[str, Line]]:
    """Name → how the option is written and what it means."""
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context)
        if record is not None and record[1]:  # arguments have no help
            yield parameter.name or "", record


def _codes(command: click.Command) -> Iterator[Line]:
    for parameter in command.params:
        if codes := CODES.get(parameter.name or ""):
            yield parameter.opts[0], ", ".join(codes())
