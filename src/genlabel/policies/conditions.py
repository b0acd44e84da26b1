"""Conditions: the closed set of checks of which rules in a TOML book are made.

A condition is one key with its value, such as ``{ producer = "Acme Studio" }``; ``all_of``,
``any_of`` and ``not`` join others. What has more keys is an error, so that nothing is half read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from genlabel.model.errors import ConfigurationError
from genlabel.model.escape import quoted
from genlabel.model.nearest import did_you_mean
from genlabel.model.report import (
    Declaration,
    Integrity,
    Mark,
    Report,
    SigningTime,
    TrustLevel,
)
from genlabel.model.vocabulary import DigitalSourceType
from genlabel.policies.answers import Check, compared, declared, failed, passed, undecided, word
from genlabel.policies.arguments import texts, words
from genlabel.policies.evidence import Evidence
from genlabel.policies.patterns import MAX_MATCHED, bounded
from genlabel.policies.recorded_conditions import source_basis_in, step_by
from genlabel.policies.rule import Basis, Judgement, Verdict

MAX_DEPTH = 8
MAX_CONDITIONS = 100
"""Most conditions of one rule."""
_TRUST = (TrustLevel.UNKNOWN, TrustLevel.KNOWN, TrustLevel.LISTED)
_GENERATIVE = "generative"


def condition(value: object, *, where: str) -> Check:
    """The check that `value`, a table of TOML, stands for.

    Raises `ConfigurationError`, in whose sentences `where` says which rule it is of.
    """
    left = [MAX_CONDITIONS]
    return _read(value, where, 0, left)


def _read(value: object, where: str, depth: int, left: list[int]) -> Check:
    left[0] -= 1
    if depth > MAX_DEPTH or left[0] < 0:
        raise ConfigurationError(
            f"{where}: has more than {MAX_CONDITIONS} conditions, or more than {MAX_DEPTH} in one "
            "another",
            remedy="make several rules of it",
        )
    if not isinstance(value, Mapping) or len(value) != 1:
        raise ConfigurationError(
            f"{where}: a condition is a table with one key",
            remedy='write { producer = "…" }, and join several by { all_of = […] }',
        )
    ((name, argument),) = value.items()
    if name in ("all_of", "any_of"):
        if not isinstance(argument, list) or not argument:
            raise ConfigurationError(f"{where}: {name} wants a list of conditions")
        checks = [_read(each, where, depth + 1, left) for each in argument]
        return _joined(checks, all_of=name == "all_of")
    if name == "not":
        return _opposite(_read(argument, where, depth + 1, left))
    if name not in CONDITIONS:
        raise ConfigurationError(
            f"{where}: {name}: no condition",
            remedy=did_you_mean(name, [*CONDITIONS, "all_of", "any_of", "not"]),
        )
    try:
        return CONDITIONS[name](argument)
    except ValueError as error:
        raise ConfigurationError(f"{where}: {name}: {error}") from error


def _joined(checks: list[Check], *, all_of: bool) -> Check:
    """The first that decides it, else one that is undecided, else what all say."""
    decides = Verdict.FAILED if all_of else Verdict.PASSED

    def check(evidence: Evidence) -> Judgement:
        made = [each(evidence) for each in checks]
        for verdict in (decides, Verdict.UNDECIDED):
            found = next((each for each in made if each.verdict is verdict), None)
            if found is not None:
                return found
        return made[-1]

    return check


def _opposite(check: Check) -> Check:
    """Silence is no answer: what says nothing at all says the opposite neither."""

    def opposite(evidence: Evidence) -> Judgement:
        made = check(evidence)
        if made.verdict is Verdict.FAILED and (
            made.basis is Basis.NONE or not evidence.report.marks
        ):
            return undecided(made.explanation, settles="label the picture", where=made.where)
        if made.verdict is Verdict.PASSED:
            return failed(f"not wanted: {made.explanation}", basis=made.basis, where=made.where)
        if made.verdict is Verdict.FAILED:
            return passed(made.explanation, basis=made.basis, where=made.where)
        return made

    return opposite


def _yes(argument: object) -> None:
    if argument is not True:
        raise ValueError("wants true; the opposite is { not = { … = true } }")


def _values(report: Report, name: str) -> tuple[str, ...]:
    """What the marks say in one field, each text once."""
    found: dict[str, None] = {}
    for mark in report.marks.values():
        value = getattr(mark, name)
        for each in value if isinstance(value, tuple) else (value,):
            if isinstance(each, str) and each:
                found[each] = None
    return tuple(found)


def _field_name(argument: object) -> str:
    known = Declaration.__dataclass_fields__
    if argument not in known:
        raise ValueError(f"{argument!r} is no field: {did_you_mean(argument, known)}")
    return str(argument)


def _field(argument: object) -> Check:
    name = _field_name(argument)

    def check(evidence: Evidence) -> Judgement:
        values = _values(evidence.report, name)
        said = f"{name} is {quoted(values[0])}" if values else f"{name} is not given"
        return compared(bool(values), said, name, basis=word(evidence.report), where=name)

    return check


def _field_matches(argument: object) -> Check:
    if not isinstance(argument, Mapping) or set(argument) != {"field", "pattern"}:
        raise ValueError("wants { field = …, pattern = … }")
    name, pattern = _field_name(argument["field"]), bounded(argument["pattern"])

    def check(evidence: Evidence) -> Judgement:
        values = _values(evidence.report, name)
        where = {"basis": word(evidence.report), "where": name}
        if not values:
            return failed(f"{name} is not given", **where)
        if any(len(each) > MAX_MATCHED for each in values):
            return undecided(
                f"{name} has more than {MAX_MATCHED} characters",
                settles="shorten it, or ask for another field",
                where=name,
            )
        other = next((each for each in values if not pattern.fullmatch(each)), None)
        said = f"{name} is {quoted(values[0] if other is None else other)}"
        return compared(other is None, said, pattern.pattern, **where)

    return check


def _source_type_in(argument: object) -> Check:
    wanted = texts(argument)
    codes: set[str] = set()
    for each in wanted:
        known = [
            one.code
            for one in DigitalSourceType
            if one.code == each or (each == _GENERATIVE and one.generative)
        ]
        if not known:
            hint = did_you_mean(each, [one.code for one in DigitalSourceType])
            raise ValueError(f"{each!r} is no digital source type: {hint}")
        codes.update(known)

    def check(evidence: Evidence) -> Judgement:
        said = evidence.report.declared.source_type
        if said is None:
            return failed("no digital source type is declared", where="source_type")
        code = said.rpartition("/")[2]
        return compared(
            code in codes,
            f"the digital source type is {quoted(code)}",
            " or ".join(wanted),
            basis=word(evidence.report),
            where="source_type",
        )

    return check


def _producer(argument: object) -> Check:
    wanted = texts(argument)

    def check(evidence: Evidence) -> Judgement:
        report = evidence.report
        name = report.declared.producer
        basis = Basis.SIGNED if report.declared.producer_attested else Basis.FILE
        said = f"the producer named is {quoted(name)}" if name else "no producer is named"
        return compared(name in wanted, said, " or ".join(wanted), basis=basis, where="producer")

    return check


def _signer_organisation(argument: object) -> Check:
    wanted = texts(argument)

    def check(evidence: Evidence) -> Judgement:
        report = evidence.report
        signer = report.signer
        if signer is None or report.integrity is not Integrity.INTACT:
            return failed("no signature holds for the picture", where="signer")
        if signer.trust is TrustLevel.UNKNOWN:
            return failed(
                "the signer is on none of the lists given, so the name is a claim",
                where="signer",
                fix="name the signers whom you know with --trust",
            )
        name = signer.organisation
        said = f"the signer is {quoted(name)}" if name else "the certificate names nobody"
        return compared(
            name in wanted, said, " or ".join(wanted), basis=Basis.SIGNED, where="signer"
        )

    return check


def _trust_at_least(argument: object) -> Check:
    if argument not in ("known", "listed"):
        raise ValueError("wants known or listed")
    least = TrustLevel(argument)

    def check(evidence: Evidence) -> Judgement:
        report = evidence.report
        if report.signer is None or report.integrity is not Integrity.INTACT:
            return failed("no signature holds for the picture", where="signer")
        level = report.signer.trust
        return compared(
            _TRUST.index(level) >= _TRUST.index(least),
            f"the signer is {level.value}",
            least.value,
            basis=Basis.SIGNED,
            where="signer",
        )

    return check


def _stamped(argument: object) -> Check:
    _yes(argument)

    def check(evidence: Evidence) -> Judgement:
        report = evidence.report
        signer = report.signer
        proven = (
            signer is not None
            and report.integrity is Integrity.INTACT
            and signer.time is SigningTime.PROVEN
        )
        said = "a time-stamp proves when it was signed" if proven else "no time-stamp proves it"
        return compared(proven, said, "a time-stamp", basis=Basis.SIGNED, where="signer")

    return check


def _marks_include(argument: object) -> Check:
    names = words(argument, [each.value for each in Mark])
    wanted = tuple(map(Mark, names))

    def check(evidence: Evidence) -> Judgement:
        missing = [each.value for each in wanted if each not in evidence.report.marks]
        said = f"missing: {', '.join(missing)}" if missing else f"there: {', '.join(names)}"
        return compared(not missing, said, ", ".join(names), basis=Basis.FILE, where="marks")

    return check


def _declared(argument: object) -> Check:
    if isinstance(argument, str) and "." in argument:
        return declared(argument)
    if isinstance(argument, Mapping) and set(argument) == {"key", "is"}:
        wanted = argument["is"]
        return declared(str(argument["key"]), fits=lambda value: bool(value == wanted))
    raise ValueError('wants "book.question", or { key = "book.question", is = … }')


CONDITIONS: dict[str, Callable[[object], Check]] = {
    "field": _field,
    "field_matches": _field_matches,
    "source_type_in": _source_type_in,
    "producer": _producer,
    "signer_organisation": _signer_organisation,
    "trust_at_least": _trust_at_least,
    "stamped": _stamped,
    "marks_include": _marks_include,
    "step_by": step_by,
    "source_basis_in": source_basis_in,
    "declared": _declared,
}
"""Name of a condition → what makes its check of the argument; that raises `ValueError`."""
