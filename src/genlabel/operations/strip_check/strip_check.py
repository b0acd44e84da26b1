"""Strip-check: what publication did to each mark of a labelled picture, and what did it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from genlabel.credentials.trust import Trust
from genlabel.formats.essence import same_essence
from genlabel.formats.format import Survey
from genlabel.formats.pdf import pages
from genlabel.formats.pdf.pdf import PDF
from genlabel.formats.svg.svg import SVG
from genlabel.model.asset import Asset
from genlabel.model.errors import GenlabelError, MalformedAsset
from genlabel.model.pixels import Pixels
from genlabel.model.report import WRITTEN, Finding, Mark, Severity, Survival
from genlabel.model.results import ALONE, StripReport
from genlabel.operations.strip_check import byte_changes, changed_parts, fates
from genlabel.operations.strip_check.tool_traces import LABEL_LAST, Cause, probable_cause
from genlabel.operations.verify import Examination, examine
from genlabel.pixels.decode import MAX_PIXELS
from genlabel.policies.labelled import signer_is_known

_UNDECODED = ("heic", "jxl")
"""Pictures of which Pillow reads no pixels."""
_ABOUT_MARKS = frozenset({"genlabel.mark.lost", "genlabel.mark.undeclared", "genlabel.mark.broken"})


def strip_check(
    published: Asset,
    *,
    against: Asset | None = None,
    require: Collection[Mark] | None = None,
    trust: Trust,
    max_pixels: int = MAX_PIXELS,
    allow_unlabelled: bool = False,
) -> StripReport:
    """What became of the marks of `against` in `published`; alone, which marks are there.

    A lost or broken mark is an error where `require` names it (default: all that the original had).
    Alone, a picture without any mark is an error, unless `allow_unlabelled`.
    Raises `UnsupportedFormat` or `MalformedAsset` when either cannot be read.
    """
    with _told_of_its_end(published, against):
        now = examine(published, trust=trust)
    if against is None:
        marks = {mark: fates.presence(mark, now) for mark in _asked(require, now)}
        found = (
            *now.report.findings,
            *_unlisted(now),
            *_alone(marks, allow_unlabelled=allow_unlabelled),
        )
        findings = _held_to(require, marks, found, absent="is not there")
        return StripReport(marks=marks, findings=tuple(findings), ai=now.report.ai)
    with _named(against):
        before = examine(against, trust=trust)
    pixels = _pixels(before, now, max_pixels)
    marks = {mark: fates.fate(mark, before, now, pixels) for mark in _asked(require, before, now)}
    lost = _lost_blocks(before.survey, now.survey)
    causes = tuple(_causes(marks, pixels, before, now))
    found = (
        *_unlabelled(before, require),
        *_of_pixels(pixels),
        *fates.findings(marks, now),
        *_of_signer(now),
    )
    return StripReport(
        marks=marks,
        lost_blocks=lost,
        pixels=pixels,
        cause="; and ".join("; or ".join(each.operations) for each in causes) or None,
        advice=tuple(each for cause in causes for each in cause.advice),
        findings=tuple(_held_to(require, marks, found)),
        ai=now.report.ai,
    )


@contextmanager
def _told_of_its_end(published: Asset, against: Asset | None) -> Iterator[None]:
    """Errors about a published file say where it is the original, cut short or longer."""
    try:
        yield
    except MalformedAsset as error:
        if against is not None:
            told = byte_changes.at_the_end(against.data, published.data)
            error.remedy = told or error.remedy
        raise


@contextmanager
def _named(against: Asset) -> Iterator[None]:
    """Errors about an original name it: the report is one on the published file."""
    try:
        yield
    except GenlabelError as error:
        error.args = (f"{against.path or 'the original'}: {error}",)
        raise


def _asked(require: Collection[Mark] | None, *examined: Examination) -> list[Mark]:
    """The marks that are told of: the visible one where a file declares it, or it is required."""
    is_declared = any(Mark.VISIBLE in each.report.marks for each in examined)
    more = is_declared or Mark.VISIBLE in (require or ())
    return [*WRITTEN, Mark.VISIBLE] if more else [*WRITTEN]


def _alone(marks: Mapping[Mark, Survival], *, allow_unlabelled: bool) -> Iterator[Finding]:
    """What is said of a picture without its original."""
    if not allow_unlabelled and all(fate is Survival.ABSENT for fate in marks.values()):
        yield Finding(
            "genlabel.label.absent",
            severity=Severity.ERROR,
            explanation="no mark of a label is in the file",
        )
    yield Finding(
        ALONE,
        severity=Severity.NOTE,
        explanation="there is no original to compare with: what was lost cannot be told",
    )


def _unlabelled(before: Examination, require: Collection[Mark] | None) -> Iterator[Finding]:
    """What is said where the original has no label: that nothing is lost then means nothing.

    Exif and IIM, which cameras write, are none; whoever requires marks by name is told of those.
    """
    labels = (Mark.MANIFEST, Mark.IPTC, Mark.VISIBLE)
    if not require and all(fates.presence(each, before) is Survival.ABSENT for each in labels):
        yield Finding(
            "genlabel.label.absent",
            severity=Severity.WARNING,
            explanation="the original carries no label, so none can be lost: "
            "compare with the labelled one",
        )


def _causes(
    marks: Mapping[Mark, Survival], pixels: Pixels, before: Examination, now: Examination
) -> Iterator[Cause]:
    """What probably did it. A manifest that lay beside the picture says nothing about tools, and
    what was changed in the picture is told with it; of others where no tool is known. Another
    picture has lost nothing, unless the bytes tell that it was ours."""
    told = byte_changes.told(before, now)
    if pixels.same_picture is False:
        if told is not None:  # it is the original's file, whatever is shown now
            yield told
        return
    fate = marks[Mark.MANIFEST]
    beside = before.external is not None and fate in (Survival.LOST, Survival.BROKEN)
    left_behind = beside and now.store is None
    inside = {**marks, Mark.MANIFEST: Survival.ABSENT} if beside else marks
    if left_behind:
        yield Cause(
            ("publishing without the manifest file that lies beside it",),
            ("publish both, or leave --sidecar out when signing",),
        )
    if not any(each in (Survival.LOST, Survival.BROKEN) for each in marks.values()):
        return
    who = fates.signed_anew(fate, now)
    if who is not None:  # who signs writes the other marks, too: they are no trace of a tool
        yield Cause(
            (f"signing anew by {who}, without the labelled original as it was",), (LABEL_LAST,)
        )
        return
    if told is not None:
        yield told
        return
    changed = None
    if (beside or fate is Survival.BROKEN) and before.asset.data != now.asset.data:
        changed = changed_parts.told(before.survey, now.survey, pixels)
    if beside and changed is not None:
        yield changed
    tool = _tool(inside, pixels, before, now)
    if tool is not None:
        yield tool
    elif not beside and changed is not None:
        yield changed


def _tool(
    marks: Mapping[Mark, Survival], pixels: Pixels, before: Examination, now: Examination
) -> Cause | None:
    """The tools that leave such traces; None where nothing is gone, or none is known to."""
    if not any(each in (Survival.LOST, Survival.BROKEN) for each in marks.values()):
        return None
    coding = pixels.coding
    if coding == "re-encoded" and _is_same_coding(before, now):
        coding = "metadata-only"  # a flag of orientation turns what is shown, not what is coded
    return probable_cause((before.container.name, now.container.name), marks, coding)


def unpublished(
    against: Asset, *, require: Collection[Mark] | None = None, trust: Trust
) -> StripReport:
    """The report on an original that nothing came of: all its marks count as lost, told by one
    error."""
    before = examine(against, trust=trust)
    marks = {
        mark: fate if (fate := fates.presence(mark, before)) is Survival.ABSENT else Survival.LOST
        for mark in _asked(require, before)
    }
    missing = Finding(
        "genlabel.strip.unpublished",
        severity=Severity.ERROR,
        explanation="the original has no published file",
    )
    return StripReport(marks=marks, findings=(missing,))


def _held_to(
    require: Collection[Mark] | None,
    marks: Mapping[Mark, Survival],
    findings: Iterable[Finding],
    *,
    absent: str = "was never there",
) -> Iterator[Finding]:
    """`findings` with the severity that `require` gives them, and what it misses altogether."""
    if require is None:
        yield from findings
        return
    for finding in findings:
        about = finding.code in _ABOUT_MARKS and finding.where not in require
        yield replace(finding, severity=Severity.WARNING) if about else finding
    for mark in marks:
        if mark in require and marks[mark] is Survival.ABSENT:
            yield Finding(
                "genlabel.mark.absent",
                severity=Severity.ERROR,
                where=mark.value,
                explanation=f"the {mark.value} mark is required and {absent}",
            )


def _pixels(before: Examination, now: Examination, max_pixels: int) -> Pixels:
    """First of all: is it the same picture? Then what happened to it."""
    from genlabel.pixels import compare

    against, published = before.asset.data, now.asset.data
    if against == published:
        return compare.IDENTICAL
    if _is_same_coding(before, now):
        return compare.of_same_coding(against, published, max_pixels=max_pixels)
    found = compare.compare(against, published, max_pixels=max_pixels)
    if before.container is now.container is PDF:
        return pages.compare(against, published)
    if found.change == "undecodable" and found.reason is None:
        return replace(found, reason=_no_picture(before, now))
    return found


def _is_same_coding(before: Examination, now: Examination) -> bool:
    """Are the coded pictures equal, byte for byte, or those of drawings but for ends of lines?"""
    if before.container is not now.container:
        return False
    if same_essence(before.container, before.survey, now.survey):
        return True
    return now.container is SVG and byte_changes.same_lines(before.asset.data, now.asset.data)


def _no_picture(*both: Examination) -> str:
    """What it is instead that one of the two shows, or why its pixels are not read."""
    kinds = {
        "video": "film",
        "audio": "sound",
        "application/pdf": "document",
        "image/svg+xml": "drawing",
    }
    for each in both:
        name = each.container.media_type
        kind = kinds.get(name) or kinds.get(name.partition("/")[0])
        if kind is not None:
            return kind
    undecoded = [name for each in both if (name := each.container.name) in _UNDECODED]
    return f"no decoder for {undecoded[0]}" if undecoded else "damaged, or coded in a rare way"


def _lost_blocks(before: Survey, now: Survey) -> tuple[str, ...]:
    """The original's blocks that the published file has no more of, with their sizes.

    In another format every block has another name, so only slots are compared there; and some are
    no block of their own, such as XMP in a QuickTime film's ``moov`` or texts of a TIFF directory.
    """
    slots = tuple(
        f"{slot}, {len(payload):,} bytes"
        for slot, payload in before.payloads.items()
        if slot not in now.payloads
    )
    if before.format != now.format:
        return slots
    left = Counter(block.name for block in now.blocks)
    gone: list[str] = []
    for block in before.blocks:
        if left[block.name] > 0:
            left[block.name] -= 1
        else:
            gone.append(str(block))
    return tuple(gone) or slots


def _of_pixels(pixels: Pixels | None) -> Iterator[Finding]:
    if pixels is None:
        return
    if pixels.certainty == "low" and pixels.same_picture:
        yield Finding(
            "genlabel.strip.undecided",
            severity=Severity.WARNING,
            explanation="how the picture was turned cannot be told: it is symmetric, and looks the "
            "same in several ways",
        )
    elif pixels.certainty == "low":
        yield Finding(
            "genlabel.strip.undecided",
            severity=Severity.WARNING,
            explanation="whether the published file shows the original's picture cannot be told",
        )
    elif pixels.same_picture is None:
        reason = f"{pixels.change}: {pixels.reason}" if pixels.reason else pixels.change
        yield Finding(
            "genlabel.strip.undecided",
            severity=Severity.WARNING,
            explanation="whether the published file shows what the original shows was not compared "
            f"({reason})",
        )
    elif pixels.same_picture and pixels.frames and pixels.frames.more > 0:
        yield Finding(
            "genlabel.strip.undecided",
            severity=Severity.WARNING,
            explanation=f"{pixels.frames.more:,} of the published file's frames or pages are more "
            "than the original has, and were compared with nothing",
        )
    elif pixels.same_picture is False:
        yield Finding(
            "genlabel.strip.another-picture",
            severity=Severity.ERROR,
            explanation="the published file shows another picture than the original"
            + (f" ({pixels.reason})" if pixels.reason else ""),
        )


def _of_signer(now: Examination) -> Iterator[Finding]:
    """What `verify` says of the published file's signer, where there are lists to ask."""
    report = now.report
    if not report.trust_lists or report.signer is None:
        return
    yield from (each for each in report.findings if each.code.startswith("signingCredential."))
    yield from _unlisted(now)


def _unlisted(now: Examination) -> Iterator[Finding]:
    return signer_is_known(now.report) if now.report.trust_lists else iter(())
