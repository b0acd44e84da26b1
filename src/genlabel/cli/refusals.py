"""A run that could not begin, as the JSON document that whoever asked for JSON waits for."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime

from genlabel.model.report import Trouble

_SCHEMAS = {
    **{"verify": "verify", "strip-check": "strip", "sign": "sign", "stamp": "sign"},
    **{"inspect": "inspect", "explain": "explain"},
}
"""Command → the name of its documents."""


def tell(arguments: Sequence[str], kind: str, message: str, remedy: str | None) -> None:
    """Write the document where `arguments` ask for JSON; nothing otherwise."""
    name = next((_SCHEMAS[each] for each in arguments[:1] if each in _SCHEMAS), None)
    carries_picture = name == "sign" and "-" in arguments  # then no document may go to stdout
    if name is None or carries_picture or not _wants_json(arguments):
        return
    from genlabel.rendering import json

    frame = json.Frame(
        schema=f"genlabel.{name}/1",
        engine={},
        started=datetime.now(UTC),
        error=Trouble(kind=kind, message=message, remedy=remedy),
    )
    with suppress(AttributeError):  # standard output is closed
        sys.stdout.write(json.document(frame, (), json.summary(())))


def _wants_json(arguments: Sequence[str]) -> bool:
    """The last one counts, as for click; what follows ``--`` is a file's name."""
    words = list(arguments)
    words = words[: words.index("--")] if "--" in words else words
    wanted = "text"
    for before, word in zip(["", *words], words, strict=False):
        if before == "--format":
            wanted = word
        elif word.startswith("--format="):
            wanted = word.partition("=")[2]
    return wanted == "json"
