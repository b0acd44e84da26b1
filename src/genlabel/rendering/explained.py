"""An explanation, line by line: each answer in its sentences, then what others make of the file."""

from __future__ import annotations

from collections.abc import Iterator

from genlabel.model.escape import escape, sentence, worded
from genlabel.model.report import Severity
from genlabel.model.words.catalogue import ENGLISH, Catalogue, catalogue
from genlabel.model.words.codes import entry
from genlabel.model.words.sentences import Spoken
from genlabel.model.words.translation import translated
from genlabel.model.words.typography import colon
from genlabel.operations.explain import Explanation, Reception
from genlabel.policies.platforms import Source
from genlabel.rendering.row import Row
from genlabel.rendering.rows import trouble

_TONES = {Severity.ERROR: "bad", Severity.WARNING: "doubtful"}


def rows(explanation: Explanation, language: str) -> Iterator[Row]:
    """All lines; what is for experts and the sources' addresses are details.

    An explanation has its own language, whatever the run's is.
    """
    words = catalogue(explanation.language)
    if explanation.error is not None:
        yield from trouble(explanation.path, explanation.error, "unjudged", words.language)
        return
    told: set[tuple[object, ...]] = set()
    for each in explanation.spoken:
        same = (each.question, each.outcome, each.severity, each.lay)
        if same not in told:
            told.add(same)
            yield from _spoken(each, words)
        yield from _particulars(each, words)
    for reception in explanation.receptions:
        yield from _received(reception, words)
    for note in explanation.notes:
        yield Row(words.say("row.note"), note)


def code(name: str, language: str) -> Iterator[Row]:
    """What a code of findings means, whatever the file: for anybody, for experts, what to do."""
    words = catalogue(language)
    known = f"finding.{entry(name)}"
    yield Row(words.say("row.meaning"), words.say(f"{known}.lay"))
    yield Row("", words.say(f"{known}.not"))
    yield Row(words.say("words.expert"), words.say(f"{known}.expert", code=name, where="…"))
    if f"{known}.do" in words:
        yield Row(words.say("row.hint"), words.say(f"{known}.do"))


def _spoken(spoken: Spoken, words: Catalogue) -> Iterator[Row]:
    lay = escape(spoken.lay, limit=None)
    if spoken.severity is None:
        name = f"row.{spoken.question}"
        called = words.say(name) if name in words else spoken.question
        yield Row(called, lay, verdict=spoken.outcome, colon=colon(words.language))
    else:
        called = words.say(f"row.{spoken.severity.value}")
        yield Row(called, f"{lay} [{escape(spoken.outcome)}]", tone=_TONES.get(spoken.severity))
    yield Row("", spoken.does_not_mean)
    # details may stand apart from what they belong to, so they say it again
    expert = escape(spoken.expert, limit=None)
    yield Row(called, f"{words.say('words.expert')}{colon(words.language)}{expert}", detail=True)


def _particulars(spoken: Spoken, words: Catalogue) -> Iterator[Row]:
    """What a finding says of this file alone; else the same finding is explained once."""
    own = translated(spoken.explanation or "", words.language)
    is_english = words.language != ENGLISH and own == spoken.explanation
    if own and spoken.severity is not None and not is_english:
        called = words.say(f"row.{spoken.severity.value}")
        where = f" ({worded(spoken.where)})" if spoken.where else ""
        yield Row(called, f"{sentence(own)}{where}", detail=True)


def _received(reception: Reception, words: Catalogue) -> Iterator[Row]:
    name = reception.title
    if not reception.statements:
        yield Row(name, words.say("platform.notes.unknown"))
    for each in reception.statements:
        yield Row(name, escape(each.sentence, limit=None))
        name = ""
        for source in each.sources:
            yield Row("", f"[{_dated(source)}]")
            yield Row(reception.title, source.url, detail=True)


def _dated(source: Source) -> str:
    parts = [source.title, source.published or "undated", source.kind.value]
    return f"{', '.join(parts)}; checked {source.checked}"
