"""How a visible label looks: the options of the commands that draw one."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from genlabel.cli import sections
from genlabel.cli.options import collected, option
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import ConfigurationError
from genlabel.model.visible import Position, VisibleLabel


@dataclass(frozen=True, slots=True, kw_only=True)
class VisibleOptions:
    """A visible label, by the names of `VisibleLabel`."""

    words: str | None = option(
        "--words", metavar="ai|generated|modified|TEXT",
        help="What it says; by what the label says unless given.",
    )  # fmt: skip
    position: str | None = option(
        "--position", type=click.Choice([each.value for each in Position]),
        help="The corner or edge; top-right unless set, of a strip bottom.",
    )  # fmt: skip
    languages: str = option(
        "--language", metavar="CODE,...", default="",
        help="In which languages, a line each: en, fr, de, es, it, nl, pl, pt, zh, ja, ko, ar, he.",
    )  # fmt: skip
    national_acronym: bool = option(
        "--national-acronym", is_flag=True, help="Write IA, KI and the like instead of AI."
    )
    with_producer: bool = option("--with-producer", is_flag=True, help="Add the producer's name.")
    law: str | None = option(
        "--for", metavar="LAW", shell_complete=sections.completed,
        help="Words, size and place by a law: eu-deployer, cn-gb45438, in-sgi.",
    )  # fmt: skip
    font: str | None = option(
        "--font", metavar="FILE|NAME", shell_complete=sections.files,
        help="The font; else one that is there and has all characters.",
    )  # fmt: skip
    badge: str | None = option(
        "--badge", metavar="FILE.svg|png", type=click.Path(),
        help="A picture in place of the letters of a badge, which is the style then; SVG with the "
        "extra genlabel[svg].",
    )  # fmt: skip
    add_alt_text: bool = option(
        "--add-alt-text", is_flag=True,
        help="Add the words to an alternative text that is there; an empty one gets them anyway.",
    )  # fmt: skip

    def label(self, style: str | None) -> VisibleLabel:
        """The label in this style, or in its usual one. Raises `ConfigurationError`."""
        if self.badge is not None and not Path(self.badge).is_file():
            raise ConfigurationError(f"--badge: {self.badge} is not there", remedy="check the path")
        return VisibleLabel(style=style, **asdict(self))

    def under_sign(self, style: str | None) -> VisibleLabel | None:
        """The same where a style is asked for. Raises `ConfigurationError` for one of its options
        without it, which would do nothing."""
        if style is not None:  # --visible alone says text, which a picture for a badge refines
            return self.label(None if self.badge is not None and style == "text" else style)
        if any(asdict(self).values()):
            raise ConfigurationError(
                "no visible label is asked for, and one of its options is",
                remedy="add --visible, or --visible badge or strip",
            )
        return None


visible_options = collected("visible_label", VisibleOptions)
