"""The active manifest as crJSON has it, from what was decoded to judge it.

For rules that look at every picture: the engine needs longer to write its view of a manifest than
all rules together to look at it.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from typing import Any

from genlabel.manifests.store.cbor_value import Tag
from genlabel.manifests.validation.form.subject import Subject, subject_of
from genlabel.manifests.validation.reading import Reading
from genlabel.model.verdicts import Form

_BINARY = frozenset((b"bfdb", b"bidb"))
"""The boxes of embedded files, of which no rule asks more than that they are there."""
_AS_IT_IS = frozenset((str, int, bool, float, type(None)))
_MAX_LEVELS = 32
"""Deepest nesting that is shown; C2PA's own assertions have six levels."""


class _NotShown(ValueError):
    """Too deep, or no value of JSON."""


def of(reading: Reading) -> Mapping[str, Any] | None:
    """Label, claim, assertions and failing codes of the manifest that was read.

    None where it is not as all manifests are today (claims of version 1, redacted or unreadable
    parts, what breaks a rule of form): the engine's view is asked for then.
    """
    store, codes = reading.store, reading.codes
    if store is None or codes is None or store.active is None:
        return None
    if reading.form is not Form.WELL_FORMED or reading.instead is not None:
        return None
    subject = subject_of(store, store.active)
    if subject.version != 2 or subject.claim is None or store.active.compressed:
        return None
    try:
        assertions = {label: _content(subject, label) for label in subject.boxes}
        claim = _plain(subject.claim)
    except _NotShown:
        return None
    if None in assertions.values():
        return None
    failures = [{"code": each.code} for each in codes.statuses.failure]
    return {
        "label": store.active.label,
        "claim.v2": claim,
        "assertions": assertions,
        "validationResults": {"failure": failures},
    }


def _content(subject: Subject, label: str) -> dict[str, Any] | None:
    box = subject.boxes[label]
    if len(box.contents) == 1 and box.contents[0][0] == b"json":
        value = subject.value(label)
        return value if isinstance(value, dict) else None
    if box.contents and {kind for kind, _ in box.contents} <= _BINARY:
        return {}
    value = subject.value(label)
    return _plain(value) if isinstance(value, dict) else None


def _plain(value: Any, level: int = 0) -> Any:
    """`value` as the engine shows it in JSON."""
    if type(value) in _AS_IT_IS:
        return value
    if level == _MAX_LEVELS:
        raise _NotShown
    below = level + 1
    if isinstance(value, dict):
        return {
            str(key): each if type(each) in _AS_IT_IS else _plain(each, below)
            for key, each in value.items()
        }
    if isinstance(value, list):
        return [each if type(each) in _AS_IT_IS else _plain(each, below) for each in value]
    if isinstance(value, bytes):
        return f"b64'{b64encode(value).decode()}'"
    if isinstance(value, Tag):
        return _plain(value.value, level + 1)
    raise _NotShown
