"""The texts of a label: normalised, bounded, and without characters that deceive or break XML."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import fields
from enum import Enum
from typing import Any
from urllib.parse import urlsplit

from genlabel.model.arguments import argument, kinds
from genlabel.model.errors import LabelError

MAX_TEXT = 16_384
"""Most UTF-8 bytes of one field: JPEG has 65,502 bytes for all of XMP, and ours stays in it."""


def clean(value: Any, *, required: tuple[str, ...] = (), urls: tuple[str, ...] = ()) -> None:
    """Check every field of a frozen dataclass and normalise its texts in place.

    Empty texts become None. Raises `LabelError` for a field of another kind than it says.
    """
    allowed = kinds(type(value))
    for each in fields(value):
        content = getattr(value, each.name)
        if each.name in allowed:
            given, content = content, argument(each.name, content, allowed[each.name])
            if content is not given:
                object.__setattr__(value, each.name, content)
        if not isinstance(content, str) or isinstance(content, Enum):
            continue
        text = cleaned(each.name, content)
        if text and each.name in urls:
            _check_url(each.name, text)
        if not text and each.name in required:
            raise LabelError(f"{each.name}: is empty")
        object.__setattr__(value, each.name, text or None)


def cleaned(name: str, text: str) -> str:
    """`text` in NFC with plain line ends; `name` is the field's. Raises `LabelError`."""
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").strip()
    # nothing that is forbidden counts as printable, and nearly all texts are that throughout
    for position, char in enumerate("" if text.isprintable() else text):
        if is_forbidden(ord(char)):
            raise LabelError(
                f"{name}: character U+{ord(char):04X} at {position} is not allowed in a label",
                remedy="remove control, direction-override and tag characters",
            )
    if len(text.encode()) > MAX_TEXT:
        raise LabelError(f"{name}: longer than {MAX_TEXT:,} bytes of UTF-8")
    return text


def listed_texts(name: str, given: object, example: str) -> tuple[str, ...]:
    """`given` as a tuple of texts as `cleaned` has them; one text is taken as one of them.

    Raises `LabelError`, whose way out has the `example`.
    """
    texts = (given,) if isinstance(given, str) else given
    if not isinstance(texts, Sequence) or isinstance(texts, bytes):
        wanted = "names" if name == "creator" else "texts"
        raise LabelError(
            f"{name}: {texts!r} is no list of {wanted}", remedy=f"write ({example!r},)"
        )
    return tuple(cleaned(name, argument(name, text, (str,))) for text in texts)


def some_words(name: str, text: object) -> str | None:
    """`text` as `cleaned` has it, None for None. Raises `LabelError` where it says nothing."""
    if text is None:
        return None
    words = cleaned(name, text) if isinstance(text, str) else ""
    if not words:
        raise LabelError(f"{name}: {text!r} says nothing", remedy="write a reason in words")
    return words


def is_forbidden(point: int) -> bool:
    """C2PA 2.4 §7.1.3 (bidi overrides, tags, C1) and what XML 1.0 cannot carry."""
    return (
        (point < 0x20 and point not in (0x09, 0x0A))
        or 0x7F <= point <= 0x9F
        or 0x202A <= point <= 0x202E
        or 0x2066 <= point <= 0x2069
        or 0xD800 <= point <= 0xDFFF
        or point in (0xFFFE, 0xFFFF)
        or 0xE0000 <= point <= 0xE007F
    )


def _check_url(name: str, text: str) -> None:
    try:
        parts = urlsplit(text)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        usable = False
    if not usable or any(char.isspace() for char in text):
        raise LabelError(f"{name}: {text!r} is no http or https address")
