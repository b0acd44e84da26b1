"""What every label may say besides its history: keywords of the functions that make labels."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TypedDict

from genlabel.model.assertion import Assertion
from genlabel.model.inputs import Input
from genlabel.model.moments import Created
from genlabel.model.parties import Rights
from genlabel.model.steps import Oversight, Step


class Details(TypedDict, total=False):
    """What every label may say besides; the meanings are those of `Label`'s fields."""

    title: str | None
    description: str | None
    alt_text: str | None
    keywords: Iterable[str]
    created: datetime | Created | str | None
    identifier: str | None
    rights: Rights
    all_actions: bool
    assertions: Iterable[Assertion]
    steps: tuple[Step, ...]
    oversight: Oversight | None


class PromptedDetails(Details, total=False):
    """What the label of a generative picture may say besides; a prompt is public once written."""

    prompt: str | None
    prompt_writer: str | None
    inputs: Iterable[Input]
