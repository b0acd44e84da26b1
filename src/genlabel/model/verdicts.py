"""The answers that a report gives, each from a closed list."""

from __future__ import annotations

from enum import StrEnum


class Severity(StrEnum):
    """How much a finding matters to the exit status."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    @property
    def rank(self) -> int:
        """0 for the gravest."""
        return _GRAVEST_FIRST.index(self)

    def reaches(self, least: Severity) -> bool:
        """Is it at least so grave?"""
        return self.rank <= least.rank


_GRAVEST_FIRST = tuple(Severity)


class Vouched(StrEnum):
    """By whose word something is told of a picture."""

    ATTESTED = "attested"
    """A known signer stands behind it, in a manifest that holds."""
    CLAIMED = "claimed"
    """Only the file says so."""


class Mark(StrEnum):
    """One way of writing and reading a label."""

    MANIFEST = "manifest"
    IPTC = "iptc"
    IIM = "iim"
    EXIF = "exif"
    VISIBLE = "visible"
    """Words drawn on the picture: declared by the step that drew them, never looked for in it."""


WRITTEN = (Mark.MANIFEST, Mark.IPTC, Mark.IIM, Mark.EXIF)
"""The marks that carry a label's fields in a file's bytes."""


class Integrity(StrEnum):
    """Is the picture as it was when it was signed? From status codes and our own survey."""

    INTACT = "intact"
    BROKEN = "broken"
    ABSENT = "absent"
    UNKNOWN = "unknown"


class Form(StrEnum):
    """Is the active manifest put together as C2PA asks? A rule of form tells of no change."""

    NONE = "none"
    """There is no manifest."""
    WELL_FORMED = "well-formed"
    """No rule that was checked is broken."""
    MALFORMED = "malformed"
    UNKNOWN = "unknown"


class Lineage(StrEnum):
    """Do the ingredients below the active manifest hold?"""

    NONE = "none"
    INTACT = "intact"
    BROKEN = "broken"
    UNKNOWN = "unknown"


class ValidationState(StrEnum):
    """C2PA's own word for the active manifest; informative only, no verdict follows from it."""

    NONE = "none"
    UNKNOWN = "unknown"
    INVALID = "invalid"
    VALID = "valid"
    TRUSTED = "trusted"


class TrustLevel(StrEnum):
    """Which of the given lists names the signer."""

    LISTED = "listed"
    """A published trust list."""
    KNOWN = "known"
    """Your own anchors."""
    UNKNOWN = "unknown"


class SigningTime(StrEnum):
    """What is known of the moment of signing."""

    PROVEN = "proven"
    """By a time-stamp of an authority that the given lists name."""
    CLAIMED = "claimed"
    NONE = "none"


class Validity(StrEnum):
    """Was the signer's certificate valid when it counted?"""

    WITHIN = "within"
    EXPIRED = "expired"
    """It has ended."""
    NOT_BEGUN = "not-begun"
    REVOKED = "revoked"
    UNPROVABLE = "unprovable"


class Survival(StrEnum):
    """What publication did to one mark."""

    KEPT = "kept"
    CHANGED = "changed"
    BROKEN = "broken"
    LOST = "lost"
    ABSENT = "absent"
