"""The options by which `sign` declares a label, and the settings that they set."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click

from genlabel.model.label import History

Command = TypeVar("Command", bound=Callable[..., Any])

_STORIES = {
    History.GENERATED: "Made wholly by a generative model.",
    History.EDITED: "An existing picture, changed: with --using by a model, else by hand.",
    History.COMPOSITE: "Put together from several pictures (--ingredient).",
    History.CAPTURED: "Taken with a camera.",
    History.CREATED_BY_HUMAN: "Drawn or painted by a human without generative tools.",
}
_FILE = click.Path(path_type=Path)

WORDS: Mapping[str, tuple[str, str, str]] = {
    "source_type": (
        "label.source_type",
        "CODE",
        "The digital source type, where that is not enough.",
    ),
    "by": ("producer.name", "NAME", "Who answers for the picture."),
    "by_url": ("producer.url", "URL", "The producer's web page."),
    "role": ("producer.role", "ROLE", "What the producer did: creator, producer, editor, ..."),
    "using": ("generator.name", "NAME", "The AI system used."),
    "using_version": ("generator.version", "TEXT", "Its version."),
    "using_provider": ("generator.provider", "NAME", "The company that offers it."),
    "title": ("label.title", "TEXT", "The picture's title."),
    "description": ("label.description", "TEXT", "What is seen: the caption."),
    "credit": ("label.rights.credit", "TEXT", "The credit line."),
    "copyright": ("label.rights.copyright", "TEXT", "The copyright notice."),
    "usage_terms": ("label.rights.usage_terms", "TEXT", "What may be done with it."),
    "web_statement": ("label.rights.web_statement", "URL", "The page that states the rights."),
    "licensor": ("label.rights.licensor.name", "NAME", "Who sells licences."),
    "licensor_url": ("label.rights.licensor.url", "URL", "Where licences are sold."),
    "data_mining": ("label.rights.data_mining", "CODE", "Whether data mining is allowed (PLUS)."),
    "prompt": ("label.prompt", "TEXT", "The prompt; public once written."),
    "prompt_writer": ("label.prompt_writer", "NAME", "The person who wrote the prompt."),
}  # fmt: skip
"""Parameter → setting, placeholder, help."""


def label(command: Command) -> Command:
    """All of them, in the order in which the help shows them."""
    found = [
        *(
            click.option(f"--{story.value.replace('_', '-')}", story.value, is_flag=True, help=text)
            for story, text in _STORIES.items()
        ),
        *(
            click.option(f"--{word.replace('_', '-')}", word, metavar=shown, help=text)
            for word, (_, shown, text) in WORDS.items()
        ),
        click.option("--person", is_flag=True, help="The producer is a natural person."),
        click.option(
            "--creator", metavar="NAME", multiple=True, help="A human creator; may be repeated."
        ),
        click.option(
            "--ingredient",
            metavar="FILE",
            multiple=True,
            type=_FILE,
            help="A picture that a composite was made of; may be repeated.",
        ),
        click.option(
            "--label",
            metavar="FILE",
            type=_FILE,
            help="Read the label from TOML or JSON; other options lie over it.",
        ),
    ]
    for option in reversed(found):
        command = option(command)
    return command


def settings(words: Mapping[str, Any]) -> tuple[dict[str, object], Path | None]:
    """What the options set, by the settings' names, and the label file.

    Raises `click.UsageError` when two of the plain answers were given.
    """
    stories = [story for story in History if words[story.value]]
    if len(stories) > 1:
        both = " and ".join("--" + story.value.replace("_", "-") for story in stories)
        raise click.UsageError(
            f"{both}: a picture came to be in one way", click.get_current_context()
        )
    given: dict[str, object] = {name: words[word] for word, (name, _, _) in WORDS.items()}
    if stories:
        given["label.history"] = stories[0].value
    if words["person"]:
        given["producer.person"] = True
    given["label.rights.creator"] = words["creator"]
    given["label.elements"] = words["ingredient"]
    return given, words["label"]
