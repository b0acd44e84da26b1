"""Whence a label takes the time when the picture was made, where nobody states it outright."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum

from genlabel.model.errors import LabelError


class Created(StrEnum):
    """Whence the time comes; without any of these, from what is known of the picture."""

    UNKNOWN = "unknown"
    """Nothing is said."""
    FILE = "file"
    """The file's own date, which checkouts and downloads set to theirs."""
    EXIF = "exif"
    """The capture date in Exif, which needs its offset from UTC."""


def moment_of(given: object) -> datetime | Created | None:
    """What `given` means for a label: a moment in UTC, or whence it is taken.

    Raises `LabelError` for a naive datetime and for other words.
    """
    if isinstance(given, datetime):
        if given.tzinfo is None:
            raise LabelError(
                f"created: {given.isoformat()} has no time zone",
                remedy="give a timezone-aware datetime, such as datetime.now(timezone.utc)",
            )
        return given.astimezone(UTC)
    try:
        return None if given is None else Created(str(given))
    except ValueError:
        raise LabelError(
            f"created: {given!r} is no time",
            remedy="give a timezone-aware datetime, or one of " + ", ".join(Created),
        ) from None
