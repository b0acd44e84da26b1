"""@trustnxt/c2pa-ts: a C2PA validator in TypeScript, for JPEG, PNG and ISO media.

It checks structure, hashes and signature, and knows no trust lists: `accepted` is about integrity.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass

from oracles.dialogue import Dialogue

MIMES = frozenset({"image/jpeg", "image/png", "image/avif", "image/heic"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What c2pa-ts says about one file."""

    accepted: bool
    """A manifest is there, and no entry of its validation is a failure."""
    present: bool
    """Did it find a manifest store?"""
    codes: frozenset[str]
    """Failure codes."""
    successes: frozenset[str]
    """Success and informational codes."""


class C2paTs:
    """The running validator."""

    def __init__(self) -> None:
        self._dialogue = Dialogue.with_node("validate.mjs")

    def validate(self, data: bytes) -> Result:
        """Judge the bytes of a JPEG, PNG or ISO file. Raises `RuntimeError` for other formats."""
        answer = self._dialogue.ask({"data": base64.b64encode(data).decode()})
        entries = answer["entries"]
        return Result(
            accepted=bool(answer["present"] and answer["valid"] and entries)
            and all(entry["success"] for entry in entries),
            present=answer["present"],
            codes=frozenset(entry["code"] for entry in entries if not entry["success"]),
            successes=frozenset(entry["code"] for entry in entries if entry["success"]),
        )

    def close(self) -> None:
        """End the process."""
        self._dialogue.close()
