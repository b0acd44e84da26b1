"""The verdicts in plain words: what each separate answer of a report means to a person."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from genlabel.model.escape import escape, quoted, worded
from genlabel.model.report import (
    Finding,
    Form,
    Ingredient,
    Integrity,
    Lineage,
    Mark,
    NamedActor,
    RecordedRegion,
    RecordedStep,
    Report,
    SignedBy,
    SigningTime,
    TrustLevel,
    Validity,
)
from genlabel.model.serialise import rfc3339
from genlabel.model.words import sentences
from genlabel.model.words.catalogue import ENGLISH, Catalogue, catalogue
from genlabel.model.words.codes import RULE, entry
from genlabel.model.words.translation import translated

if TYPE_CHECKING:
    from genlabel.model.pixels import Pixels
    from genlabel.model.results import StripReport
    from genlabel.model.visible import Visible

_MOST_PARAMETERS = 8
"""Most parameters of a step that are shown."""


def visible(label: Visible) -> str:
    """A visible label that was drawn, in one line, with what was measured."""
    box = label.box
    words = quoted(label.words.replace("\n", " / ")) if label.words else "a badge of one's own"
    changed = ""
    if label.reencoded:
        changed = f"; encoded again, other pixels differ by {label.changed:.2f} of 255"
    return (
        f"{words}, {label.style.value} at {box.left}, {box.top}, {box.width} by {box.height} "
        f"pixels, contrast {label.contrast:.1f} : 1, {label.edge_contrast:.1f} : 1 at its edge"
        f"{changed}"
    )


def declared_visible(words: str, language: str = ENGLISH) -> str:
    """A visible label of which a step tells."""
    return catalogue(language).say("words.visible", words=quoted(words.replace("\n", " / ")))


def integrity(report: Report, language: str = ENGLISH) -> str:
    """Is the picture as it was, and by whose word; if it is, does its manifest keep its form?"""
    words = catalogue(language)
    short = words.say(f"{sentences.integrity_name(report, words)}.short")
    if report.reason:
        short += f" ({escape(report.reason)})"
    if report.integrity is not Integrity.INTACT:
        return short
    by = _by(report)
    short = words.say(f"words.{by}", short=short) if by else short
    if report.form is Form.MALFORMED:
        return words.say("words.and-malformed", short=short)
    return short


def _by(report: Report) -> str | None:
    """The words about a signer who is not known, or whose certificate was not valid."""
    signer = report.signer
    if signer is None:
        return None
    if signer.trust is TrustLevel.UNKNOWN:
        return f"by-{sentences.signer_name(report).removeprefix('trust.')}"
    outlived = None if signer.validity is Validity.WITHIN else "by-outlived"
    special = {Validity.REVOKED: "by-revoked", Validity.NOT_BEGUN: "by-not-begun"}
    return special.get(signer.validity, outlived)


def form(report: Report, language: str = ENGLISH) -> str:
    """Does the manifest keep the rules of its form?"""
    return catalogue(language).say(f"form.{report.form.value}.short")


def signer(report: Report, language: str = ENGLISH) -> str | None:
    """Who signed by certificate, on which list, when; None where nobody did."""
    words, signed_by = catalogue(language), report.signer
    if signed_by is None:
        return None
    called = signed_by.organisation or signed_by.common_name
    name = quoted(called) if called else words.say("words.nobody")
    trust = words.say(f"{sentences.signer_name(report)}.short", list=_list(signed_by, words))
    if signed_by.signed_at is None or signed_by.time is SigningTime.NONE:
        return f"{name}, {trust}"
    moment = rfc3339(signed_by.signed_at)
    return f"{name}, {trust}, {words.say(f'time.{signed_by.time.value}.short', moment=moment)}"


def signer_of(ingredient: Ingredient, language: str = ENGLISH) -> str:
    """Who signed an ancestor by certificate, and on which list."""
    words = catalogue(language)
    name = quoted(ingredient.organisation) if ingredient.organisation else words.say("words.nobody")
    entry = sentences.trust_name(ingredient.trust, ingredient.trust_list)
    trusted = escape((ingredient.trust_list or "?").removeprefix(sentences.FOLDER))
    return f"{name}, {words.say(f'{entry}.short', list=trusted)}"


def _list(signed_by: SignedBy, words: Catalogue) -> str:
    """The list that answered, and from when it is."""
    name = escape((signed_by.trust_list or "?").removeprefix(sentences.FOLDER))
    if signed_by.list_fetched is None:
        return name
    return words.say("words.fetched", list=name, day=signed_by.list_fetched.date().isoformat())


def actor(actor: NamedActor, language: str = ENGLISH) -> str:
    """Who attests what beside the signer, in which roles, and by whose word."""
    words = catalogue(language)
    if actor.issuer is not None or actor.statements:
        return words.say(
            "words.stated-by-issuer",
            issuer=quoted(actor.issuer) if actor.issuer else words.say("words.unnamed-issuer"),
            statements="; ".join(map(escape, actor.statements)) or words.say("words.nothing"),
        )
    if not actor.holds:
        kind = quoted(actor.signature_type) if actor.signature_type else words.say("words.nothing")
        return words.say("words.identity-fails", kind=kind)
    called = actor.organisation or actor.common_name
    name = quoted(called) if called else words.say("words.nobody")
    if actor.roles:
        roles = ", ".join(worded(role.removeprefix("cawg.")) for role in actor.roles)
        name = words.say("words.in-roles", name=name, roles=roles)
    trust = words.say(
        f"{sentences.trust_name(actor.trust, actor.trust_list)}.short",
        list=escape((actor.trust_list or "?").removeprefix(sentences.FOLDER)),
    )
    if actor.validity in (Validity.EXPIRED, Validity.NOT_BEGUN, Validity.REVOKED):
        trust = f"{trust}, {words.say(f'validity.{actor.validity.value}.short')}"
    attested = ", ".join(map(worded, actor.references)) or words.say("words.nothing")
    return words.say("words.attests", name=name, trust=trust, what=attested)


def names(report: Report, language: str = ENGLISH) -> str | None:
    """The three sources of the producer's name, apart; None where no identity is attested."""
    if not report.identities:
        return None
    words, declaration = catalogue(language), report.marks.get(Mark.MANIFEST)
    holding = (each for each in report.identities if each.holds)
    organisation = report.signer.organisation if report.signer else None
    sources = {
        "certificate": quoted(organisation) if organisation else None,
        "identity": "; ".join(quoted(each.organisation or each.common_name) for each in holding),
        "metadata": quoted(declaration.producer) if declaration and declaration.producer else None,
    }
    return ", ".join(
        f"{name or words.say('words.nobody')} ({words.say(f'row.{source}')})"
        for source, name in sources.items()
    )


def lineage(report: Report, language: str = ENGLISH) -> str | None:
    """Do the ancestors hold? None where there are none."""
    if report.lineage is Lineage.NONE and not report.ingredients:
        return None
    return catalogue(language).say(f"{sentences.lineage_name(report)}.short")


def steps(report: Report, language: str = ENGLISH) -> str | None:
    """How many steps are told, and by whom or what they were made; None where it is only one."""
    words = catalogue(language)
    told = sentences.steps(report, words)
    return words.say("steps.told.short", **told) if told else None


def mining(report: Report, language: str = ENGLISH) -> str | None:
    """What the picture may be used for by data mining and AI; None where nothing is said of it."""
    words = catalogue(language)
    if report.mining is None:
        return None
    return words.say("mining.stated.short", **sentences.mining(report.mining, words))


def step(step: RecordedStep, language: str = ENGLISH) -> str:
    """One action of the history: when, what, by whom or what, where, and who vouches for it."""
    words = catalogue(language)
    who = step.by.value if step.by is not None else "unsaid"
    parts = [
        *([escape(step.when)] if step.when else []),
        words.say(f"words.step-{who}", action=worded(step.name)),
        *([words.say("words.using", name=quoted(step.agent))] if step.agent else []),
        *(f"{worded(each.shape)} {_corner(each)}" for each in step.regions),
        *([quoted(step.description)] if step.description else []),
        *_parameters(step),
        words.say(f"words.step-{step.vouched.value}"),
    ]
    return ", ".join(parts)


def _parameters(step: RecordedStep) -> Iterator[str]:
    """What the tool was told, by names of somebody's own: texts quoted, all else as JSON."""
    for name, value in islice(step.parameters.items(), _MOST_PARAMETERS):
        told = quoted(value) if isinstance(value, str) else worded(json.dumps(value, default=str))
        yield f"{worded(name)} {told}"
    if len(step.parameters) > _MOST_PARAMETERS:
        yield "…"


def _corner(region: RecordedRegion) -> str:
    sign = "%" if region.unit == "percent" else ""
    width, height = (f"{each:g}{sign}" for each in (region.width, region.height))
    return f"{width}×{height}+{region.left:g}+{region.top:g}"


def declared(report: Report, language: str = ENGLISH) -> str:
    """What the file says it is, and whether somebody vouches for it."""
    words, name = catalogue(language), sentences.declared_in(report)
    what, whence = sentences.what(report.declared, words), sentences.whence(report.declared)
    return words.say(f"{name}.short", what=what, whence=whence)


def until(report: Report, language: str = ENGLISH) -> str | None:
    """Until when an intact label verifies, or that it goes on; None where nothing verifies."""
    words = catalogue(language)
    if report.verifies_until is not None:
        return words.say("words.until", moment=rfc3339(report.verifies_until))
    if report.signer is None or report.integrity is not Integrity.INTACT:
        return None
    goes_on = sentences.validity_name(report, report.signer) == "validity.proven"
    return words.say("words.no-end") if goes_on else None


def finding(finding: Finding, language: str = ENGLISH) -> str:
    """What was found; not escaped, for it may name what is in the file.

    Explanations are made in English; where one has no translation, other languages have a sentence
    for each code.
    """
    own = translated(finding.explanation, language)
    if own != finding.explanation or entry(finding.code) == RULE:
        return own
    words = catalogue(language)
    sentence = f"finding.{entry(finding.code)}.lay"
    if language != ENGLISH and sentence in words.own:
        return words.say(sentence)
    return finding.explanation


def original(report: StripReport, language: str = ENGLISH) -> str:
    """The original of a published file, and how it was found where its name does not say so."""
    from genlabel.model.results import MatchedBy

    path = escape(report.against or "")
    if report.matched_by in (None, MatchedBy.ARGUMENT, MatchedBy.PATH):
        return path
    how = catalogue(language).say(f"words.matched-{report.matched_by.value}")
    return f"{path} ({how})"


def pixels(comparison: Pixels, language: str = ENGLISH) -> str:
    """Is it the same picture, and what happened to it? Empty where it was not compared: then a
    finding says so, and why."""
    words = catalogue(language)
    done = ", ".join(translated(each, language) for each in _done(comparison))
    done = done or translated(escape(comparison.change), language)
    if comparison.certainty == "low" and comparison.change == "another":
        return words.say("words.perhaps-another-picture")
    if comparison.certainty == "low" and not comparison.same_picture:
        return words.say("words.undecided-picture", change=done)
    if comparison.same_picture is None:
        return ""
    if comparison.same_picture:
        if comparison.reason:
            done = f"{done} ({translated(escape(comparison.reason), language)})"
        return words.say("words.same-picture", change=done)
    return words.say("words.another-picture")


def _done(comparison: Pixels) -> Iterator[str]:
    """What was done to the picture, each with its measure."""
    crop, frame, overlay = comparison.crop, comparison.frame, comparison.overlay
    measures = {
        "resized": comparison.scale and f"to {100 * comparison.scale:.4g}%",
        "cropped": crop and f"to {crop.width} x {crop.height} at {crop.left}, {crop.top}",
        "framed": frame and f"by {frame.left}, {frame.top}, {frame.right}, {frame.bottom} pixels",
        "rotated": comparison.rotation and f"by {comparison.rotation}°",
        "overlaid": overlay and f"on {100 * overlay.share:.1f}%",
    }
    for relation in comparison.relations:
        measure = measures.get(relation)
        yield f"{escape(relation)} {measure}" if measure else escape(relation)
    if (frames := comparison.frames) and frames.more:
        yield f"{frames.published:,} frames of {frames.original:,}"
