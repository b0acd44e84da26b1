"""Drawing: a picture gets its visible label and is signed in one step, which the manifest tells."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from genlabel.credentials.signer import Signer, at_present
from genlabel.manifests.validation import actions
from genlabel.model.ai import ai_of
from genlabel.model.asset import Asset
from genlabel.model.errors import ConfigurationError
from genlabel.model.label import Label, SettledLabel
from genlabel.model.regions import Region
from genlabel.model.report import NOTHING, Finding, Mark, Severity
from genlabel.model.results import Signed
from genlabel.model.steps import OwnStep, StepBy
from genlabel.model.visible import Box, VisibleLabel, VisibleStyle
from genlabel.operations import visible
from genlabel.operations.sign_options import Existing, SignOptions
from genlabel.operations.signing import ingredients
from genlabel.operations.signing.own_chain import with_own_chain
from genlabel.operations.signing.sign import sign
from genlabel.operations.verify import Examination, examine_input
from genlabel.pixels.visible.coding import DRAWN_ON


def sign_visibly(
    asset: Asset,
    label: Label,
    signer: Signer,
    options: SignOptions,
    asked: VisibleLabel,
    *,
    parent: Asset | None = None,
    standing: Asset | None = None,
) -> Signed:
    """What `sign` does, with the label `asked` for drawn on the picture first.

    One that carries a manifest becomes the verified parent as it was, before anything was drawn;
    one that says the same label and shows the same words is left alone. A picture on which
    `mark` has drawn this very label is signed as it is: the step tells of what stands there,
    unless it stood there in the parent. Raises what `sign` and `visible.drawn` raise.
    """
    signer = at_present(signer)
    before = examine_input(asset, trust=with_own_chain(options.trust, signer))
    settled = visible.settled(asked, ai=ai_of(label.source_type.uri), producer=label.producer.name)
    label = _with_alt_text(label, before, settled)
    shown = _shown(before, settled)
    if before.store is not None and (shown is not None or options.existing in _STAYS):
        if shown is not None:
            same = SettledLabel.of(label, own_steps=(shown,))
            if ingredients.is_ours(before.report, signer) and ingredients.says_already(
                before, same
            ):
                label = same
        return sign(asset, label, signer, options, parent=parent, standing=standing)
    there = visible.already_drawn(before, settled)
    if there is not None:
        if not _stood_before(before, settled, options, parent):
            label = SettledLabel.of(label, own_steps=(_step(*there, settled),))
        signed = sign(asset, label, signer, options, parent=parent, standing=standing)
        return replace(signed, findings=(_stands(), *signed.findings))
    if options.existing is Existing.REPLACE and before.store is not None:
        raise ConfigurationError(
            "visible: the picture without the label becomes the verified parent, and --existing "
            "replace would drop it",
            remedy="leave --existing out",
        )
    content, drawn = visible.drawn(before, settled, told=False)
    label = SettledLabel.of(label, own_steps=(_step(drawn.words, drawn.box, settled),))
    wrapped = asset if before.store is not None else None
    signed = sign(
        replace(asset.holding(content, None), other_store=None),
        label,
        signer,
        options,
        parent=parent,
        standing=standing,
        drawn_on=wrapped,
    )
    return replace(signed, visible=drawn)


_STAYS = (Existing.KEEP, Existing.REFUSE)


def _stood_before(
    before: Examination, settled: visible.Settled, options: SignOptions, parent: Asset | None
) -> bool:
    """Did the picture that this one is recorded to start from show the label already?"""
    if before.store is not None and options.existing is not Existing.REPLACE:
        return True  # it becomes the parent itself
    if parent is None:
        return False
    origin = examine_input(parent, trust=options.trust)
    drawn_on = origin.survey.format in DRAWN_ON
    return drawn_on and visible.already_drawn(origin, settled) is not None


def _stands() -> Finding:
    return Finding(
        "genlabel.visible.already-drawn",
        severity=Severity.NOTE,
        explanation="this very label stands on the picture already, so it was not drawn again",
    )


def _step(drawn: str, box: Box, settled: visible.Settled) -> OwnStep:
    """The step that drew the label with these words; it names nobody."""
    said = _said(drawn, settled)
    words = " · ".join(said)
    return OwnStep(
        action="addedText",
        by=StepBy.ALGORITHM,
        description=f"visible label: {words}",
        region=Region(rectangle=(box.left, box.top, box.width, box.height)),
        parameters={actions.VISIBLE: _fact(settled, said)},
    )


def _said(drawn: str, settled: visible.Settled) -> tuple[str, ...]:
    """The words that stand there, without the producer's name."""
    shortened = drawn == settled.short and settled.short not in settled.said
    return (drawn,) if shortened else settled.said


def _fact(settled: visible.Settled, said: tuple[str, ...]) -> dict[str, str]:
    fact = {
        **({} if said == settled.said else {"instead_of": "\n".join(settled.said)}),
        "words": "\n".join(said),
        "style": str(settled.asked.style),
        "position": settled.position.value,
    }
    return {**fact, "law": settled.asked.law} if settled.asked.law else fact


def _shown(before: Examination, settled: visible.Settled) -> OwnStep | None:
    """The step by which the picture's own manifest says that it shows these words already."""
    facts = [_fact(settled, settled.said)]
    if settled.short is not None and settled.asked.style is VisibleStyle.STRIP:
        facts.append(_fact(settled, (settled.short,)))
    for action, _ in actions.actions(actions.active(before.reading.document or {})):
        parameters = actions.own_parameters(action)
        if parameters.get(actions.VISIBLE) in facts:
            return _read(action, parameters)
    return None


def _read(action: Any, parameters: dict[str, Any]) -> OwnStep | None:
    try:
        shape = action["changes"][0]["region"][0]["shape"]
        rectangle = (shape["origin"]["x"], shape["origin"]["y"], shape["width"], shape["height"])
        return OwnStep(
            action="addedText",
            by=StepBy.ALGORITHM,
            description=action["description"],
            region=Region(rectangle=rectangle),
            parameters={actions.VISIBLE: parameters[actions.VISIBLE]},
        )
    except (KeyError, IndexError, TypeError):
        return None


def _with_alt_text(label: Label, before: Examination, settled: visible.Settled) -> Label:
    """`label` whose alternative text has the words, where there is none or that was asked for."""
    said = before.report.marks.get(Mark.IPTC, NOTHING).alt_text
    own, words = label.alt_text or said, settled.text
    if own is None or own == words:
        return replace(label, alt_text=words)
    if settled.asked.add_alt_text:
        return replace(label, alt_text=own if words in own else f"{own} {words}")
    return label
