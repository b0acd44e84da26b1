"""The rule book `eu-provider`: the EU's Code of Practice on Transparency, Section 1, for providers.

``docs/rulebooks.md`` says which measure each rule carries. The code is voluntary; following it
presumes nothing.
"""

from __future__ import annotations

from datetime import date

from genlabel.model.ai import Ai
from genlabel.model.report import Integrity, Lineage, Mark, SigningTime
from genlabel.policies.answers import (
    Check,
    by_word,
    failed,
    not_applicable,
    passed,
    undecided,
    unjudged,
    word,
)
from genlabel.policies.books.sheets import asked, is_signed, of_ai, unanswered
from genlabel.policies.books.soft_bindings import LISTED, LISTED_ON
from genlabel.policies.conformance.view import Shape, active
from genlabel.policies.declarations import Question, QuestionKind
from genlabel.policies.evidence import Evidence
from genlabel.policies.needs import STAMP, of_label
from genlabel.policies.rule import Basis, Judgement, Level, Policy, ReadFrom, Rule, RuleSource

TRANSITION = date(2026, 12, 2)
"""The first day on which systems that were on the market before 2 August 2026 are asked, too."""
_BOUND = "c2pa.watermarked.bound"
_SOFT_BINDING = "c2pa.soft-binding"
_NO_ACTIONS = "no actions are recorded in a manifest"


def _code(section: str) -> RuleSource:
    return RuleSource(
        title="EU Code of Practice on Transparency of AI-Generated Content",
        section=section,
        published="2026-06-10",
        read=date(2026, 11, 29),
        how=ReadFrom.MIRROR,
    )


def _asked_now(check: Check) -> Check:
    """`check` for systems that are asked on that day: Regulation (EU) 2026/1744, Art. 111(4)."""

    def guarded(evidence: Evidence) -> Judgement:
        key = "eu-provider.on-market-before"
        answer = evidence.declarations.get(key)
        if answer is not None and answer.value and evidence.day < TRANSITION:
            return not_applicable(
                "the system was on the market before 2 August 2026: asked from 2 December 2026 on",
                **by_word(answer, key),
            )
        return check(evidence)

    return of_ai(guarded)


def _assertions(evidence: Evidence) -> Shape:
    """Those of the active manifest, by label."""
    manifest = active(evidence)
    return manifest.assertions if manifest is not None else {}


def _actions(evidence: Evidence) -> list[Shape]:
    manifest = active(evidence)
    return manifest.actions if manifest is not None else []


def _stated(evidence: Evidence) -> Judgement:
    report = evidence.report
    if report.declared.source_type:
        return passed(basis=word(report), where="source_type")
    if report.unjudged:
        return unjudged()
    return failed("no metadata say whether it is generated or manipulated", where="source_type")


def _signed(evidence: Evidence) -> Judgement:
    if evidence.report.unjudged:
        return unjudged()
    if is_signed(evidence.report):
        return passed(basis=Basis.SIGNED, where=Mark.MANIFEST.value)
    return failed("no signature holds over what is recorded", where=Mark.MANIFEST.value)


def _stamped(evidence: Evidence) -> Judgement:
    report, key = evidence.report, "eu-provider.no_clock"
    signer = report.signer
    if report.unjudged:
        return unjudged()
    if signer is not None and report.integrity is Integrity.INTACT:
        if signer.time is SigningTime.PROVEN:
            return passed(basis=Basis.SIGNED, where="signer")
        if signer.time is SigningTime.CLAIMED and signer.signed_at is not None:
            return undecided(
                "there is a moment, and no authority that is known vouches for it",
                settles="name the time-stamping authorities whom you know with --trust-tsa",
                where="signer",
            )
    answer = evidence.declarations.get(key)
    if answer is not None and answer.value:
        return passed("it is declared that the system has no clock", **by_word(answer, key))
    return failed("no time-stamp says when it was signed", where="signer")


_ONE_LAYER = "metadata, whoever wrote them, are one layer of marking alone"


def _second_layer(evidence: Evidence) -> Judgement:
    key = "eu-provider.single_layer"
    answer = evidence.declarations.get(key)
    algorithms = [
        str(content.get("alg"))
        for label, content in _assertions(evidence).items()
        if label.startswith(_SOFT_BINDING) and isinstance(content, dict)
    ]
    bound = any(each.get("action") == _BOUND for each in _actions(evidence))
    if bound and any(LISTED.get(each) == "watermark" for each in algorithms):
        return passed(
            f"a watermark by an algorithm on the C2PA's list of {LISTED_ON.isoformat()}",
            basis=Basis.SIGNED if is_signed(evidence.report) else Basis.FILE,
            where=_SOFT_BINDING,
        )
    if answer is not None and answer.value != "none":
        return passed("an exception is declared", **by_word(answer, key))
    if bound and algorithms:
        return failed(
            f"{_ONE_LAYER}, and the soft binding is no watermark on the C2PA's list of "
            f"{LISTED_ON.isoformat()}",
            where=_SOFT_BINDING,
        )
    if evidence.report.unjudged:
        return unjudged()
    return failed(_ONE_LAYER, where=_SOFT_BINDING)


def _retained(evidence: Evidence) -> Judgement:
    report, key = evidence.report, "eu-provider.inputs_kept"
    if report.lineage is Lineage.BROKEN:
        return undecided(
            "a manifest of something that went in does not hold; it may have been so before",
            settles="look at what went in with genlabel verify",
            where="lineage",
        )
    if report.lineage is Lineage.INTACT:
        return passed(basis=Basis.SIGNED, where="lineage")
    answer = evidence.declarations.get(key)
    if answer is None:
        return unanswered(evidence, key, by_files=True)
    if answer.value:
        return passed(**by_word(answer, key))
    return failed("it is declared that marks of inputs are not kept", **by_word(answer, key))


def _rich_apart(evidence: Evidence) -> Judgement:
    """Words that people wrote stand in assertions of their own, which can be taken out."""
    actions = _actions(evidence)
    if not actions:
        return unjudged() if evidence.report.unjudged else not_applicable(_NO_ACTIONS)
    for each in actions:
        parameters = each.get("parameters")
        if isinstance(parameters, dict) and any("prompt" in str(key) for key in parameters):
            return failed("a prompt stands in an action, which is never taken out", where="actions")
    return passed(where="actions")


def _system(evidence: Evidence) -> Judgement:
    marks = evidence.report.marks.values()
    wanted = {
        "system": any(each.generator or each.software for each in marks),
        "provider": any(each.generator_provider for each in marks),
        "time": any(each.created for each in marks),
    }
    missing = [name for name, there in wanted.items() if not there]
    if not missing:
        return passed(basis=word(evidence.report), where="generator")
    if evidence.report.unjudged:
        return unjudged()
    return failed(f"not recorded: {', '.join(missing)}", where="generator")


def _model(evidence: Evidence) -> Judgement:
    marks = evidence.report.marks.values()
    if any(each.generator_version for each in marks):
        return passed(basis=word(evidence.report), where="generator")
    if evidence.report.unjudged:
        return unjudged()
    return failed("no version of the model is recorded", where="generator")


_BEGINNINGS = frozenset({"c2pa.created", "c2pa.opened", "c2pa.placed"})


def _operations(evidence: Evidence) -> Judgement:
    if evidence.report.ai is Ai.GENERATED:
        return not_applicable("it is generated as a whole")
    done = [str(each.get("action")) for each in _actions(evidence)]
    if not done and evidence.report.unjudged:
        return unjudged()
    if not done:
        return undecided(_NO_ACTIONS, settles="sign with --steps", where="actions")
    if set(done) - _BEGINNINGS:
        return passed(basis=word(evidence.report), where="actions")
    return failed("no action says what was done", where="actions")


EU_PROVIDER = Policy(
    name="eu-provider",
    title="eu-provider: the EU's Code of Practice on AI-generated content, for providers",
    version="2026-06-10",
    published="2026-06-10",
    since=date(2026, 6, 10),
    questions=(
        Question(
            "on-market-before",
            kind=QuestionKind.YES_NO,
            text="Was the system on the market before 2 August 2026?",
        ),
        Question(
            "no_clock",
            kind=QuestionKind.YES_NO,
            text="Is there no information on time where the system runs?",
        ),
        Question(
            "single_layer",
            kind=QuestionKind.CHOICE,
            choices=("none", "closed-product", "proven-equal"),
            text="By which exception is one layer of marking enough?",
        ),
        Question(
            "keys",
            kind=QuestionKind.CHOICE,
            choices=("kept-safely", "local-deployment", "neither"),
            text="How is the private key handled?",
        ),
        Question(
            "inputs_kept",
            kind=QuestionKind.YES_NO,
            text="Are marks of pictures that go in kept in what comes out?",
        ),
        Question("detection", text="At which address can people check such pictures?"),
        Question(
            "detection_free",
            kind=QuestionKind.YES_NO,
            text="Is that free of charge? (With fewer than 1,000,000 monthly users: but for "
            "excessive volume.)",
        ),
    ),
    rules=(
        Rule(
            "stated",
            asks="metadata say whether it is generated or manipulated",
            source=_code("Sub-measure 1.1.1"),
            check=_asked_now(_stated),
            fix="sign the picture with genlabel sign",
        ),
        Rule(
            "signed",
            asks="what is recorded is signed, and shows if it was changed",
            source=_code("Sub-measure 1.1.1"),
            check=_asked_now(_signed),
            fix="sign the picture with genlabel sign",
        ),
        Rule(
            "stamped",
            asks="what is recorded has a time-stamp",
            source=_code("Sub-measure 1.1.1"),
            check=_asked_now(_stamped),
            fix="sign with --tsa",
            needs=(STAMP,),
        ),
        Rule(
            "second-layer",
            asks="a second layer, an imperceptible watermark, marks it",
            source=_code("Measure 1.1, Sub-measures 1.1.2 and 1.1.3"),
            check=_asked_now(_second_layer),
            fix="put a watermark in by another program before signing, or declare the exception",
            reads_manifest=True,
        ),
        Rule(
            "keys",
            asks="private keys are kept safely, or the deployment is local",
            source=_code("Sub-measure 1.1.1, keys"),
            basis=Basis.DECLARED,
            check=_asked_now(
                asked(
                    "eu-provider.keys",
                    fits=lambda value: value != "neither",
                    otherwise="it is declared that the key is not kept safely",
                )
            ),
            fix="keep the key where no one else can use it, such as in a key service",
        ),
        Rule(
            "rich-apart",
            asks="richer metadata stand apart from those on transparency",
            source=_code("Sub-measure 1.1.1, richer metadata"),
            level=Level.SHOULD,
            check=_asked_now(_rich_apart),
            fix="write prompts into the label's own field, and not into steps",
            reads_manifest=True,
        ),
        Rule(
            "retained",
            asks="marks of what went in are kept",
            source=_code("Measure 1.2(a)"),
            check=_asked_now(_retained),
            fix="name what went in with --parent or as elements, or declare it",
        ),
        Rule(
            "system",
            asks="system, provider and time are recorded",
            source=_code("Measure 1.3"),
            level=Level.SHOULD,
            check=_asked_now(_system),
            fix="sign with --using, --using-provider and --created",
            needs=(of_label("generator.provider", "--using-provider"),),
        ),
        Rule(
            "model",
            asks="the model's version is recorded",
            source=_code("Measure 1.3"),
            level=Level.MAY,
            check=_asked_now(_model),
            fix="sign with --using-version",
        ),
        Rule(
            "operations",
            asks="what was done to a manipulated picture is recorded",
            source=_code("Measure 1.3, manipulation"),
            level=Level.SHOULD,
            check=_asked_now(_operations),
            fix="write the steps with --steps",
            reads_manifest=True,
        ),
        Rule(
            "detection",
            asks="people can check such pictures free of charge",
            source=_code("Measure 2.1, Sub-measure 2.1.1"),
            basis=Basis.DECLARED,
            check=_asked_now(asked("eu-provider.detection", "eu-provider.detection_free")),
            fix="offer that for each kind of mark, genlabel verify for metadata, and declare it",
        ),
    ),
)
