"""Visible labels by law: words, size and place, each with its clause. No legal advice.

One table for whoever draws such a label and for rule books that ask for one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field

from genlabel.model.dataclass import dataclass
from genlabel.model.errors import ConfigurationError
from genlabel.model.visible import Position, VisibleStyle


@dataclass(frozen=True, slots=True, kw_only=True)
class VisibleLaw:
    """What one law or code wants of a visible label."""

    name: str
    """As it is chosen, e.g. ``cn-gb45438``."""
    title: str
    language: str
    words: Mapping[str, str] = field(default_factory=dict)
    """The words of a kind that are not the language's usual ones."""
    must_have: tuple[tuple[str, str], ...] = ()
    """Patterns that the words must match, each with the clause that says so."""
    styles: frozenset[VisibleStyle] = frozenset(VisibleStyle)
    position: Position = Position.TOP_RIGHT
    """Where it goes unless somebody says otherwise."""
    least_share: float = 0.0
    """Least height of the letters, of the picture's shorter side; 0 where it names none."""
    clauses: Mapping[str, str] = field(default_factory=dict)
    """What decides: ``words``, ``size``, ``place``, ``style``."""

    def check(self, lines: tuple[str, ...], style: VisibleStyle) -> None:
        """Raise `ConfigurationError` for words or a style that it does not admit."""
        if style not in self.styles:
            raise ConfigurationError(
                f"{self.name}: a {style.value} is not enough ({self.clauses['style']})",
                remedy="choose --style text",
            )
        for pattern, clause in self.must_have:
            if not _has(pattern, lines):
                raise ConfigurationError(
                    f"{self.name}: the words lack what {clause}",
                    remedy="leave --words out: then they are the law's",
                )

    def admits(self, lines: tuple[str, ...]) -> bool:
        """Do words say all that it wants?"""
        return all(_has(pattern, lines) for pattern, _ in self.must_have)


def _has(pattern: str, lines: tuple[str, ...]) -> bool:
    return any(re.search(pattern, line) for line in lines)


LAWS = (
    VisibleLaw(
        name="eu-deployer",
        title="EU Code of Practice on Transparency of AI-Generated Content, section 2",
        language="en",
        must_have=(
            (
                r"(?<![A-ZÀ-Þ])(?:AI|KI|IA|SI)(?![A-Za-zÀ-ɏ])|人工智能",
                "measure 1.1(a) wants: the capitalised acronym AI, or the national one where a law "
                "on languages wants that",
            ),
        ),
        clauses={
            "words": "measure 1.1(a) and, encouraged, 1.1(b): generated or modified beside AI",
            "size": "measure 1.1(c): free, as long as it is clear and distinguishable",
            "place": "sub-measure 1.2.2(a): top right is an example",
        },
    ),
    VisibleLaw(
        name="cn-gb45438",
        title="GB 45438-2025, in force since 1 September 2025",
        language="zh",
        words={"ai": "AI生成合成", "generated": "AI生成", "modified": "AI生成合成"},
        must_have=(
            ("人工智能|AI", "clause 5.2 b) wants: 人工智能 or AI"),
            ("生成|合成", "clause 5.2 b) wants: 生成 or 合成"),
        ),
        styles=frozenset({VisibleStyle.TEXT, VisibleStyle.STRIP}),
        position=Position.BOTTOM_RIGHT,
        least_share=0.05,
        clauses={
            "style": "clause 5.2 a) wants text",
            "words": "clause 5.2 b)",
            "size": "clause 5.2 e): at least 5 % of the shortest side",
            "place": "clause 5.2 c): edge or corner; figure C.5 has bottom right",
        },
    ),
    VisibleLaw(
        name="in-sgi",
        title="India, IT Rules as amended by G.S.R. 120(E), rule 3(3), in force since 20 February "
        "2026",
        language="en",
        least_share=0.05,
        clauses={
            "words": "rule 3(3): a prominent label",
            "size": "rule 3(3): the rules as notified name none (10 % stood in the draft); 5 % "
            "is our choice",
            "place": "rule 3(3): easily noticeable; top right is our choice",
        },
    ),
)
"""The laws by which a visible label is drawn."""


def law(name: str) -> VisibleLaw:
    """The law called `name`. Raises `ConfigurationError` for none of them."""
    for each in LAWS:
        if each.name == name:
            return each
    raise ConfigurationError(
        f"{name!r}: no law that visible labels are drawn by",
        remedy="choose " + ", ".join(each.name for each in LAWS),
    )
