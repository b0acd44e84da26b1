"""Chromium without a window, and axe-core in it: how a page looks and how it is read out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from oracles.absence import absent, program
from oracles.dialogue import NODE, Dialogue


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """What was measured of one page in one window."""

    overflow: int
    """Pixels by which it is wider than the window."""
    headings: tuple[str, ...]
    """``H1``, ``H2`` …, in their order."""
    shown: int
    """Files that are shown whole or in short."""
    listed: int
    """Lines of the list of files that are shown."""
    folded: int
    """Details that there are."""
    opened: int
    """Details that are shown."""
    lang: str
    background: str
    contrast: dict[str, Any]
    """The least ``ratio`` of any text, and its ``text``."""
    milliseconds: int
    """Until it was loaded."""
    requests: tuple[str, ...]
    """Addresses asked for, the page's own included."""
    complaints: tuple[str, ...]
    """What the browser has to say."""
    violations: tuple[dict[str, Any], ...]
    """Rules of axe that it breaks: ``id``, ``impact``, ``nodes``."""
    tree: tuple[dict[str, Any], ...]
    """Tables, headings, images and landmarks of the accessibility tree: ``role name level``."""


class Browser:
    """The running browser."""

    def __init__(self) -> None:
        chromium = program("chromium", "chromium-browser", "google-chrome")
        if not (NODE / "node_modules/playwright-core").is_dir():
            absent("playwright-core")
        self._dialogue = Dialogue.with_node("page.mjs", chromium)

    def measure(
        self,
        html: Path,
        *,
        width: int = 1280,
        scheme: str = "light",
        media: str = "screen",
        click: Sequence[str] = (),
        shot: Path | None = None,
        at: str | None = None,
        audit: bool = True,
    ) -> Measures:
        """Open `html` in a window of `width` pixels, `click` what is named, and measure; `shot` is
        a PNG that is written of what is shown, scrolled to the first element `at`. Without `audit`
        neither axe runs nor contrast and tree are looked at, which takes long on long pages."""
        answer = self._dialogue.ask(
            {
                "html": str(html),
                "width": width,
                "scheme": scheme,
                "media": media,
                "click": list(click),
                "shot": str(shot) if shot else None,
                "at": at,
                "audit": audit,
            }
        )
        answer.pop("undecided")
        told: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in answer.items()
        }
        return Measures(**told)

    def close(self) -> None:
        """Let it end."""
        self._dialogue.close()
