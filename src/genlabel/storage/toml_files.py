"""TOML files that somebody named, such as settings and declarations; read within bounds."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from genlabel.model.errors import ConfigurationError
from genlabel.model.expression import expression
from genlabel.storage.file_contents import named_file

MAX_BYTES = 1024 * 1024
"""Most bytes of a file."""
MAX_PARTS = 32
"""Most parts of one key."""
MAX_BITS = 64
"""Most bits of a whole number; those of more cannot even be shown in a message."""
_TOKEN = expression(
    r"""(?P<part>[A-Za-z0-9_-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*')|(?P<dot>\.)|(?P<blank>[ \t]+)"""
    r"""|(?P<other>[\s\S])"""
)
_LINE = expression(r"\bline (\d{1,7})\b")
"""Where the parsers say that a fault lies."""
_BACKSLASH = expression(r'"[^"]*\\')
"""A path as Windows writes it, or an escape."""


def toml(path: Path) -> Mapping[str, object]:
    """What the file says. Raises `ConfigurationError` for what is no TOML."""
    import tomllib  # by those who read a file, not by all who import this

    text = text_of(path)
    if _longest_key(text) > MAX_PARTS:
        raise ConfigurationError(
            f"{path}: a key of more than {MAX_PARTS} parts", remedy="correct the file"
        )
    try:
        content = tomllib.loads(text)
        _bounded_numbers(content)
    except (ValueError, RecursionError) as error:  # also of int(), for thousands of digits
        raise ConfigurationError(
            f"{path}: no TOML ({error})", remedy=way_out(text, error)
        ) from error
    return content


def way_out(text: str, error: Exception) -> str:
    """What to do about a file with `text`, which is no TOML because of `error`."""
    place = _LINE.search(str(error))
    lines = text.split("\n")
    line = lines[int(place[1]) - 1] if place and int(place[1]) <= len(lines) else ""
    if _BACKSLASH.search(line):
        return "write paths with / or in single quotes: between double quotes \\ begins an escape"
    return "correct the file"


def _longest_key(text: str) -> int:
    """The most parts of a dotted key: tomllib looks each of them up from the first one on."""
    longest = parts = 0
    goes_on = False
    for token in _TOKEN.finditer(text):
        if token.lastgroup == "dot":
            goes_on = parts > 0
        elif token.lastgroup == "part":
            parts = parts + 1 if goes_on else 1
            goes_on = False
            longest = max(longest, parts)
        elif token.lastgroup == "other":
            parts, goes_on = 0, False
    return longest


def _bounded_numbers(content: Mapping[str, object]) -> None:
    """Raises `ValueError` for a whole number beyond the 64 bits that TOML asks for."""
    left: list[object] = [content]
    while left:
        value = left.pop()
        if isinstance(value, Mapping):
            left += value.values()
        elif isinstance(value, list):
            left += value
        elif isinstance(value, int) and value.bit_length() > MAX_BITS:
            raise ValueError(f"a number of more than {MAX_BITS} bits")


def text_of(path: Path) -> str:
    """The text of a file in UTF-8. Raises `ConfigurationError`."""
    data = named_file(path, most=MAX_BYTES)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigurationError(
            f"{path}: no UTF-8 at byte {error.start:,}", remedy="save the file as UTF-8"
        ) from error
