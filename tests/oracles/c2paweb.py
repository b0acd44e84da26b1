"""@contentauth/c2pa-web: the C2PA engine as browsers have it, in WebAssembly.

It shares its code with the engine that genlabel signs with, of another version and for another
machine; what it says of a whole file is a second look at what we hashed. It trusts nobody here.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass

from oracles.absence import absent
from oracles.dialogue import NODE, Dialogue


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What c2pa-web says about one file."""

    state: str
    """``Valid`` or ``Invalid``."""
    codes: frozenset[str]
    """Failure codes of the active manifest."""


class C2paWeb:
    """The running validator."""

    def __init__(self) -> None:
        if not (NODE / "node_modules/@contentauth/c2pa-web").is_dir():
            absent("c2pa-web")
        self._dialogue = Dialogue.with_node("web.mjs")

    def validate(self, data: bytes, mime: str) -> Result:
        """Judge the bytes of a file. Raises `RuntimeError` for what it does not open."""
        answer = self._dialogue.ask({"data": base64.b64encode(data).decode(), "mime": mime})
        return Result(state=answer["state"], codes=frozenset(answer["codes"]))

    def close(self) -> None:
        """End the process."""
        self._dialogue.close()
