"""The visible label: words, size and place are settled, drawn, and everything else put back."""

from __future__ import annotations

from pathlib import Path

from genlabel.credentials.trust import Trust
from genlabel.formats.format import MANIFEST, XMP, Container, Survey
from genlabel.metadata.alt_text import with_alt_text
from genlabel.model.ai import Ai
from genlabel.model.asset import Asset
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import (
    ConfigurationError,
    ExistingManifest,
    LabelError,
    MalformedMetadata,
    UnsupportedFormat,
    remedy_of,
)
from genlabel.model.report import Integrity
from genlabel.model.results import Outcome, Signed
from genlabel.model.visible import Box, Position, Visible, VisibleLabel, VisibleStyle
from genlabel.model.words.visible import KINDS, claimed, words
from genlabel.operations.verify import Examination, examine, examine_input
from genlabel.pixels.decode import MAX_PIXELS
from genlabel.pixels.visible import draw
from genlabel.pixels.visible.coding import DRAWN_ON
from genlabel.policies.visible import VisibleLaw, law
from genlabel.storage.buffers import Buffer, joined

_KIND_OF = {
    Ai.GENERATED: "generated",
    Ai.EDITED: "modified",
    Ai.COMPOSITE: "modified",
    Ai.ENHANCED: "modified",
    Ai.UNKNOWN: "ai",
}
"""What is said of a picture unless somebody chooses; nothing of one in which no AI had a part."""
_SAID = {"generated": "that AI generated it", "modified": "that AI modified it"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """A visible label with all that follows from picture and law."""

    asked: VisibleLabel
    lines: tuple[str, ...]
    said: tuple[str, ...]
    """The lines but for the producer's name."""
    short: str | None
    """What says it in a strip with no room for more; None for a text of one's own, or by law."""
    position: Position
    law: VisibleLaw | None

    @property
    def text(self) -> str:
        """The words on one line."""
        return " · ".join(self.lines)


def settled(asked: VisibleLabel, *, ai: Ai, producer: str | None) -> Settled:
    """The words and the place of a label on a picture in which AI had this part.

    Raises `LabelError` for words that say more or something else than that, `ConfigurationError`
    for what a law does not admit.
    """
    rule = law(asked.law) if asked.law is not None else None
    kind = _kind(asked, ai)
    languages = tuple(asked.languages) or ((rule.language if rule else "en"),)
    lines = (
        tuple(line.strip() for line in (asked.words or "").splitlines() if line.strip())
        if kind is None
        else tuple(_line(kind, language, asked, rule) for language in languages)
    )
    lines = tuple(dict.fromkeys(lines))
    style = asked.chosen_style
    if rule is not None:
        rule.check(lines, style)
    said = lines
    if asked.with_producer:
        if not producer:
            raise ConfigurationError(
                "with_producer: nobody is named as producer", remedy="name one with --by NAME"
            )
        lines = (*lines, producer)
    return Settled(
        asked=asked,
        lines=lines,
        said=said,
        short=_short(languages[0], asked, rule) if kind is not None else None,
        position=_position(asked, rule, style),
        law=rule,
    )


def _short(language: str, asked: VisibleLabel, rule: VisibleLaw | None) -> str | None:
    short = words("ai", language, national=asked.national_acronym)
    return short if rule is None or rule.admits((short,)) else None


def _kind(asked: VisibleLabel, ai: Ai) -> str | None:
    """The kind of words; None for a text of somebody's own."""
    if asked.words is None or asked.words.strip().lower() in KINDS:
        kind = (asked.words or "").strip().lower() or None
        if ai is Ai.NONE:
            raise LabelError(
                "words: the picture's label says that no AI made it, so AI on it would say more",
                remedy="give --words TEXT, or the label that is true",
            )
        if ai is Ai.UNKNOWN and kind is None and asked.badge is None:
            raise LabelError(
                "words: nothing in the picture says that AI made or changed it",
                remedy="say it with --words ai, generated or modified, or give --words TEXT",
            )
        if kind is None:
            return "ai" if asked.chosen_style is VisibleStyle.BADGE else _KIND_OF[ai]
        _check_claim(kind, ai)
        return kind
    said = claimed(asked.words)
    if said is not None:
        _check_claim(said, ai)
    return None


def _check_claim(kind: str, ai: Ai) -> None:
    """Raise `LabelError` where words say generated of an edit, or the reverse."""
    meant = _KIND_OF.get(ai)
    if kind in _SAID and ai is not Ai.UNKNOWN and kind != meant:
        raise LabelError(
            f"words: say {_SAID[kind]}, and the picture's label says {_other(ai)}",
            remedy="leave --words out: then they follow the label",
        )


def _other(ai: Ai) -> str:
    return _SAID.get(_KIND_OF.get(ai, ""), "that no AI made it")


def _line(kind: str, language: str, asked: VisibleLabel, rule: VisibleLaw | None) -> str:
    if asked.chosen_style is VisibleStyle.BADGE:
        kind = "ai"
    if rule is not None and language == rule.language and kind in rule.words:
        own = rule.words[kind]
        return own.replace("AI", words("ai", language, national=True)) if _national(asked) else own
    return words(kind, language, national=_national(asked))


def _national(asked: VisibleLabel) -> bool:
    return asked.national_acronym


def _position(asked: VisibleLabel, rule: VisibleLaw | None, style: VisibleStyle) -> Position:
    if asked.position is not None:
        position = Position(asked.position)
        if style is VisibleStyle.STRIP and position.down == 0.5:
            raise ConfigurationError(
                f"position: a strip lies at the top or the bottom, not at the {position.value}",
                remedy="choose top or bottom",
            )
        return position
    if style is VisibleStyle.STRIP:
        return Position.BOTTOM
    return rule.position if rule is not None else Position.TOP_RIGHT


def require_drawn_on(format: str) -> None:
    """Raise `UnsupportedFormat` for a format on which nothing is drawn."""
    if format not in DRAWN_ON:
        raise UnsupportedFormat(
            f"{format}: no label is drawn on files of this format",
            remedy=f"give one of {', '.join(DRAWN_ON)}",
        )


def drawn(
    before: Examination, label: Settled, *, told: bool = True, most: int = MAX_PIXELS
) -> tuple[bytes, Visible]:
    """The picture's file with the label and without a manifest; everything else is as it was.

    Unless that is not to be `told` here, the alternative text gets the label's words where it is
    empty or that was asked for.
    Raises `UnsupportedFormat` for what is not drawn on, `MalformedAsset` for what cannot be
    decoded, `ConfigurationError` for words that no font writes.
    """
    container, survey = before.container, before.survey
    asked = label.asked
    require_drawn_on(survey.format)
    result = draw.draw(survey.data, _drawing(label), most=most)
    data = _put_back(container, survey, container.survey(result.data))
    after = container.survey(data)
    _require_kept(survey, after)
    if told and XMP in container.slots:
        data = _told(before, after, label.text, add=asked.add_alt_text) or data
    visible = Visible(
        words="\n".join(result.lines) if asked.badge is None else "",
        style=asked.chosen_style,
        position=label.position,
        box=result.box,
        height_share=round(result.letter / min(result.shown), 4),
        contrast=result.measured.contrast,
        edge_contrast=result.measured.edge_contrast,
        font=result.font,
        changed=result.measured.changed,
        reencoded=result.lossy,
        law=asked.law,
    )
    return bytes(data), visible


def already_drawn(
    before: Examination, label: Settled, *, most: int = MAX_PIXELS
) -> tuple[str, Box] | None:
    """The words and the place of this very label on a picture that has it already, else None."""
    require_drawn_on(before.survey.format)
    there = draw.already(before.survey.data, _drawing(label), most=most)
    if there is None:
        return None
    lines, box = there
    return "\n".join(lines) if label.asked.badge is None else "", box


def _drawing(label: Settled) -> draw.Drawing:
    asked = label.asked
    return draw.Drawing(
        lines=label.lines,
        style=asked.chosen_style,
        position=label.position,
        short=label.short,
        least_share=label.law.least_share if label.law is not None else 0.0,
        font=str(asked.font) if asked.font is not None else None,
        badge=_badge(asked),
    )


def mark(
    asset: Asset,
    asked: VisibleLabel,
    *,
    producer: str | None = None,
    most: int = MAX_PIXELS,
) -> Signed:
    """`asset` with a visible label and without a signature; unchanged where that very label is on
    it already.

    Raises `ExistingManifest` for a picture that carries a manifest, or whose manifest is kept
    elsewhere: drawing would break it.
    """
    before = examine_input(asset, trust=Trust())
    require_drawn_on(before.survey.format)
    if before.report.integrity is not Integrity.ABSENT:
        raise ExistingManifest(
            f"{asset.called}: carries a manifest, which drawing on the picture would break",
            remedy="draw and sign in one step with sign --visible: the original becomes the parent",
        )
    name = producer or before.report.declared.producer
    label = settled(asked, ai=before.report.ai, producer=name)
    if already_drawn(before, label, most=most) is not None:
        return Signed(
            content=bytes(asset.data),
            outcome=Outcome.UNCHANGED,
            manifest_id=None,
            report=before.report,
        )
    content, visible = drawn(before, label, most=most)
    report = examine(asset.holding(content, None), trust=Trust()).report
    return Signed(
        content=content, outcome=Outcome.MARKED, manifest_id=None, visible=visible, report=report
    )


def not_in_place() -> ConfigurationError:
    """The refusal to draw over the only copy."""
    return ConfigurationError(
        "--in-place: what is drawn over cannot be had back",
        remedy="name another place with -o, or say --in-place --overwrite",
    )


def _badge(asked: VisibleLabel) -> bytes | None:
    if asked.badge is None:
        return None
    try:
        return Path(asked.badge).read_bytes()
    except OSError as error:
        raise ConfigurationError(
            f"{asked.badge}: cannot be read ({error.strerror})", remedy=remedy_of(error)
        ) from error


def _told(before: Examination, after: Survey, text: str, *, add: bool) -> bytes | None:
    """The file whose alternative text says what the label does; None where nothing changes."""
    try:
        changes = with_alt_text(after.payloads, text, add=add, limit=before.container.xmp_limit)
        return bytes(joined(before.container.rewrite(after, changes))) if changes else None
    except MalformedMetadata:
        return None  # a damaged packet stays as it is


def _put_back(container: Container, old: Survey, new: Survey) -> Buffer:
    """The new picture in the old file, or with the old one's metadata where that is not done."""
    if container.recoded is not None:
        return joined(container.recoded(old, new))
    kept = {
        slot: payload
        for slot, payload in old.payloads.items()
        if slot in container.slots and slot != MANIFEST
    }
    return joined(container.rewrite(new, kept))


def _require_kept(before: Survey, after: Survey) -> None:
    """Raise `MalformedMetadata` where a payload is not what it was."""
    lost = [
        str(slot)
        for slot, payload in before.payloads.items()
        if slot != MANIFEST and after.payloads.get(slot) != payload
    ]
    if lost:
        raise MalformedMetadata(
            f"{before.format}: {lost[0]} would not stay as it is",
            remedy="save the picture anew with its metadata first",
        )
