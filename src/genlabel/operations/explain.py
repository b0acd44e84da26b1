"""Explaining: a picture's verdicts in sentences, and what others are known to derive from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any, ClassVar

from genlabel.model.ai import Ai
from genlabel.model.dataclass import dataclass
from genlabel.model.old_names import Renamed
from genlabel.model.report import Integrity, Report, Severity, Trouble, TrustLevel
from genlabel.model.results import StripReport
from genlabel.model.serialise import Result, in_json, same_names
from genlabel.model.words import language
from genlabel.model.words.catalogue import ENGLISH, LANGUAGES, catalogue
from genlabel.model.words.sentences import Spoken, spoken
from genlabel.policies.platforms import PLATFORMS, ReceptionStatus, Source


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Derived(Result):
    """One statement about one file."""

    name: str
    """Stable, e.g. ``source-type``."""
    sentence: str
    sources: tuple[Source, ...] = field(metadata=in_json(minItems=1))


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Reception(Result):
    """What one public reader of labels is known to derive from one file."""

    platform: str = field(metadata=in_json("consumer"))
    """Stable, e.g. ``google-images``."""
    title: str
    status: ReceptionStatus
    statements: tuple[Derived, ...]
    """None where no source says what it does with such a file."""

    consumer = Renamed("platform")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Explanation(Result):
    """A report in sentences of one language, and how others are known to receive the file."""

    KIND: ClassVar[str] = "explain"
    PUBLISHED: ClassVar[Mapping[str, str]] = {
        **same_names("path language"),
        "verdicts": "spoken",
        "consumers": "receptions",
        **same_names("notes error ai disclosures"),
    }

    path: str | None = None
    language: str = field(default=ENGLISH, metadata=in_json(enum=list(LANGUAGES)))
    report: Report
    spoken: tuple[Spoken, ...] = ()
    receptions: tuple[Reception, ...] = ()
    notes: tuple[str, ...] = ()
    """How far all this reaches."""
    ai: Ai = field(init=False, default=Ai.UNKNOWN, metadata=in_json(optional=True))
    """What the file declares about the part of AI, in one word."""
    disclosures: Mapping[str, Mapping[str, Any]] = field(
        init=False, default_factory=dict, metadata=in_json(optional=True)
    )
    """The fields in which others want that said, as `verify` has them."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "ai", self.report.ai)
        object.__setattr__(self, "disclosures", self.report.disclosures)

    @property
    def error(self) -> Trouble | None:
        """Why the file could not be judged; None when it was."""
        return self.report.error

    @property
    def unjudged(self) -> bool:
        """Could nothing be said at all?"""
        return self.error is not None

    def worst(self) -> Severity | None:
        """None: explaining judges nothing."""
        return None


def explain(report: Report, language: str = ENGLISH) -> Explanation:
    """`report` in sentences, and what public readers are known to derive from its file.

    Nobody is asked: what is known is a dated table (`policies.platforms`). Raises `KeyError` for a
    language without a catalogue.
    """
    if report.error is not None:
        return Explanation(path=report.path, language=language, report=report)
    words = catalogue(language)
    notes = ["accuracy"]
    known = report.signer is not None and report.signer.trust is TrustLevel.LISTED
    if report.sidecar is not None:
        notes.append("sidecar")
    elif report.integrity is Integrity.INTACT and not known:
        notes.append("trust")
    return Explanation(
        path=report.path,
        language=language,
        report=report,
        spoken=spoken(report, language),
        receptions=receptions(report, language),
        notes=tuple(words.say(f"platform.notes.{name}") for name in notes),
    )


def receptions(report: Report, language: str = ENGLISH) -> tuple[Reception, ...]:
    """What each public reader is known to derive from the file that `report` is about."""
    words = catalogue(language)
    return tuple(
        Reception(
            platform=each.platform.name,
            title=each.platform.title,
            status=each.status,
            statements=tuple(
                Derived(
                    name=statement.name,
                    sentence=words.say(f"platform.{each.platform.name}.{statement.name}", **values),
                    sources=statement.sources,
                )
                for statement, values in each.statements
            ),
        )
        for each in (platform.derive(report) for platform in PLATFORMS)
    )


def in_words(report: Report | StripReport, *, lang: str = ENGLISH) -> tuple[Spoken, ...]:
    """Every answer and finding of a report in sentences: for anybody, for experts, and what it
    does not mean. Raises `ConfigurationError` for a language that genlabel does not speak.

        from genlabel import in_words, testing, verify

        assert in_words(verify(testing.picture("png")))
    """
    return spoken(report, language.chosen(lang, {}))
