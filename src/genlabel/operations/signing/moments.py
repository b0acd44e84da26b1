"""When a picture was made: what the label says, what the file states, or nothing."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from genlabel.formats.slots import Slot
from genlabel.metadata import dates
from genlabel.model.asset import Asset
from genlabel.model.errors import ConfigurationError, LabelError
from genlabel.model.histories import History
from genlabel.model.label import Label
from genlabel.model.moments import Created
from genlabel.model.report import Finding, Severity
from genlabel.model.serialise import rfc3339
from genlabel.model.vocabulary import DigitalSourceType
from genlabel.operations.signing.ingredients import Ingredient
from genlabel.operations.verify import Examination

_DIGITISED = frozenset(
    {DigitalSourceType.PRINT, DigitalSourceType.NEGATIVE_FILM, DigitalSourceType.POSITIVE_FILM}
)
"""What a scanner saw: the capture date is that of the original then."""

_DIGITAL = 1957
"""The year of the first picture in a computer (R. Kirsch, National Bureau of Standards)."""
_PHOTOGRAPH = 1826
"""The year of the first photograph (N. Niépce); no film or sound is older either."""
_EARLIEST = {
    DigitalSourceType.PRINT: 1,
    DigitalSourceType.NEGATIVE_FILM: _PHOTOGRAPH,
    DigitalSourceType.POSITIVE_FILM: _PHOTOGRAPH,
}
"""Of the original that a scanner saw, which may be an old print."""
_SAY_WHEN = "say when it was, or leave it unknown"
_ASTRAY = timedelta(days=1)


def moment_of_signing() -> datetime:
    """Now, or the moment that ``SOURCE_DATE_EPOCH`` sets for reproducible runs."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if not epoch:
        return datetime.now(UTC).replace(microsecond=0)
    try:
        return datetime.fromtimestamp(int(epoch), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise ConfigurationError(
            f"SOURCE_DATE_EPOCH: {epoch!r} is no number of seconds", remedy="unset it"
        ) from error


def of(
    label: Label, before: Examination, origin: Ingredient | None, *, wrapping: bool
) -> tuple[datetime | None, bool]:
    """When the picture was made, None where nobody knows, and whether XMP's date is let alone.

    That is so where the file's metadata state the time, and where Exif has a date of change that
    is another: nobody is to read two. `origin` is the parent, which is the picture as it is when
    `wrapping` it. Raises `LabelError` where the label names a place that has no time, or a time
    that is still to come, or before there was any such picture; metadata that do are not believed.
    """
    moment, by_file = _moment(label, before, origin, wrapping=wrapping)
    for step in label.steps:
        if step.when is not None and (wrong := _impossible("when", step.when, _DIGITAL)):
            raise LabelError(wrong, remedy=_SAY_WHEN)
    still = before.container.media_type.startswith("image/")
    earliest = _EARLIEST.get(label.source_type, _DIGITAL if still else _PHOTOGRAPH)
    if moment is not None and (wrong := _impossible("created", moment, earliest)):
        if label.created is None:
            return None, False
        raise LabelError(wrong, remedy=_SAY_WHEN)
    if moment is None or by_file:
        return moment, by_file
    exif = dates.stated(before.survey.payloads, dates.EXIF_CHANGED)
    return moment, any(each.contradicts(moment) for each in exif)


def _impossible(name: str, moment: datetime, earliest: int) -> str | None:
    """What is wrong with a time: later than any clock that is only set wrongly could say, or before
    the year of the `earliest` picture of that kind."""
    if moment > max(datetime.now(UTC), moment_of_signing()) + _ASTRAY:
        return f"{name}: {rfc3339(moment)} is still to come"
    if moment.year < earliest:
        return f"{name}: {rfc3339(moment)} is before the first picture of that kind, of {earliest}"
    return None


def _moment(
    label: Label, before: Examination, origin: Ingredient | None, *, wrapping: bool
) -> tuple[datetime | None, bool]:
    """When it was made, and whether the file's own metadata say so."""
    asset, payloads = before.asset, before.survey.payloads
    match label.created:
        case datetime():
            return label.created, False
        case Created.UNKNOWN:
            return None, False
        case Created.FILE:
            return _of_file(asset), False
        case Created.EXIF:
            return _of_exif(payloads, asset.called), True
    if wrapping and not label.history.changes:
        return moment_of_signing(), False  # the one thing that was done: it was labelled
    in_memory = asset.path is None
    if label.history is not History.CAPTURED and in_memory:
        return moment_of_signing(), False
    kind = _kind(label)
    listed = dates.stated(payloads, kind)
    listed += _in_frame(before, kind)
    if label.history.changes and origin is not None:
        # what the parent says as well was there before the change
        listed = () if set(listed) <= set(dates.stated(origin.payloads, kind)) else listed
    if listed or not in_memory:
        moment = dates.unambiguous(listed)
        if kind is dates.CHANGED and moment == dates.unambiguous(
            dates.stated(payloads, dates.TAKEN)
        ):
            moment = None  # nobody has moved the date on when the file was changed
        return moment, moment is not None
    return moment_of_signing(), False


def unknown(label: Label, moment: datetime | None) -> tuple[Finding, ...]:
    """What is said of a time that nobody knows, unless the label says just that."""
    if moment is not None or label.created is not None:
        return ()
    return (
        Finding(
            "genlabel.created.unknown",
            severity=Severity.NOTE,
            explanation="nothing in the file says when this version was made, so the label does "
            "not, either; --created says it",
        ),
    )


def _kind(label: Label) -> dates.Kind:
    """The date in metadata that is the time of what the label says."""
    if label.history.changes or label.history is History.COMPOSITE:
        return dates.CHANGED
    if label.history is History.CAPTURED and label.source_type not in _DIGITISED:
        return dates.TAKEN
    return dates.MADE


def _in_frame(before: Examination, kind: dates.Kind) -> tuple[dates.Date, ...]:
    """What the container's own frame says, beside all metadata.

    The header's time is that of the file, not of the camera, which may write its own clock there.
    """
    if kind is dates.TAKEN:
        return dates.read(before.survey.taken_at)
    made_at = before.survey.made_at
    return (dates.at(made_at),) if kind is dates.MADE and made_at is not None else ()


def _of_file(asset: Asset) -> datetime:
    if asset.path is None or asset.version is None:
        raise LabelError(
            f"created: {asset.called} is no file, so it has no date of its own",
            remedy="give the time itself, or leave it unknown",
        )
    return datetime.fromtimestamp(asset.version[3] // 1_000_000_000, UTC)


def _of_exif(payloads: Mapping[Slot, bytes], name: str) -> datetime:
    listed = dates.stated(payloads, dates.EXIF_TAKEN)
    moment = dates.unambiguous(listed)
    if moment is None:
        why = "states no capture date" if not listed else "has no offset from UTC for it"
        raise LabelError(
            f"created: {name}: its Exif {why}",
            remedy="give the time itself, such as --created 2026-05-01T12:00:00+02:00",
        )
    return moment
