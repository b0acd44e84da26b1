"""The options by which `sign` declares a label; each sets a setting."""

from __future__ import annotations

import click

from genlabel.cli.options import FILE, set_options, setting, together
from genlabel.cli.sections import completed
from genlabel.model.label import History

_HISTORIES = {
    History.GENERATED: "Made wholly by a generative model.",
    History.ENHANCED: "An existing picture, larger, sharper or cleaner: nothing was added to it.",
    History.EDITED: "An existing picture, changed: with --using by a model, else by hand.",
    History.COMPOSITE: "Put together from several pictures (--ingredient).",
    History.CAPTURED: "Taken with a camera.",
    History.CREATED_BY_HUMAN: "Drawn or painted by a human without generative tools.",
}


def _flag(history: History) -> str:
    return "--" + history.value.replace("_", "-")


def _keep_history(context: click.Context, parameter: click.Parameter, value: bool) -> None:
    """An option's callback: sets the history. Raises `click.UsageError` for a second one."""
    if not value:
        return
    first = set_options(context).setdefault("label.history", parameter.name)
    if first != parameter.name:
        both = [_flag(history) for history in History if history.value in (first, parameter.name)]
        raise click.UsageError(f"{' and '.join(both)}: a picture came to be in one way", context)


label_options = together(
    *(
        click.option(_flag(history), history.value, is_flag=True, expose_value=False,
                     callback=_keep_history, help=text)
        for history, text in _HISTORIES.items()
    ),
    setting("--source-type", sets="label.source_type", metavar="CODE",
            shell_complete=completed, help="The digital source type, where that is not enough."),
    setting("--producer", "--by", sets="producer.name", metavar="NAME",
            help="Who answers for the picture; --by is the same."),
    setting("--producer-url", "--by-url", sets="producer.url", metavar="URL",
            help="The producer's web page."),
    setting("--role", sets="producer.role", metavar="ROLE", shell_complete=completed,
            help="What the producer did for the picture."),
    setting("--generator", "--using", sets="generator.name", metavar="NAME",
            help="The AI system or software used; --using is the same."),
    setting("--generator-version", "--using-version", sets="generator.version", metavar="TEXT",
            help="Its version."),
    setting("--generator-provider", "--using-provider", sets="generator.provider", metavar="NAME",
            help="The company that offers it."),
    setting("--created", sets="label.created", metavar="TIME|unknown|file|exif",
            help="When this version was made; else what the file's metadata state."),
    setting("--title", sets="label.title", metavar="TEXT", help="The picture's title."),
    setting("--description", sets="label.description", metavar="TEXT",
            help="What is seen: the caption."),
    setting("--alt-text", sets="label.alt_text", metavar="TEXT",
            help="What is said to those who do not see the picture."),
    setting("--keyword", sets="label.keywords", metavar="WORD", multiple=True,
            help="A word by which it is found, beside those in the file; may be repeated."),
    setting("--credit", sets="label.rights.credit", metavar="TEXT", help="The credit line."),
    setting("--copyright", sets="label.rights.copyright", metavar="TEXT",
            help="The copyright notice."),
    setting("--usage-terms", sets="label.rights.usage_terms", metavar="TEXT",
            help="What may be done with it."),
    setting("--web-statement", sets="label.rights.web_statement", metavar="URL",
            help="The page that states the rights."),
    setting("--licensor", sets="label.rights.licensor.name", metavar="NAME",
            help="Who sells licences."),
    setting("--licensor-url", sets="label.rights.licensor.url", metavar="URL",
            help="Where licences are sold."),
    setting("--data-mining", sets="label.rights.data_mining", metavar="CODE",
            shell_complete=completed, help="Whether data mining is allowed (PLUS)."),
    setting("--data-mining-constraint", sets="label.rights.data_mining_constraint",
            metavar="TEXT|URL", help="What a code with -SEE refers to."),
    setting("--model-release", sets="label.rights.model_release", metavar="CODE",
            shell_complete=completed, help="Whether the people in it agree (PLUS)."),
    setting("--property-release", sets="label.rights.property_release", metavar="CODE",
            shell_complete=completed, help="Whether the owners of what is in it agree (PLUS)."),
    setting("--minor-model-age", sets="label.rights.minor_model_age", metavar="CODE",
            shell_complete=completed, help="Age of the youngest person in it (PLUS)."),
    setting("--prompt", sets="label.prompt", metavar="TEXT",
            help="The prompt; public once written."),
    setting("--prompt-writer", sets="label.prompt_writer", metavar="NAME",
            help="The person who wrote the prompt."),
    setting("--person", sets="producer.person", is_flag=True,
            help="The producer is a natural person."),
    setting("--creator", sets="label.rights.creator", metavar="NAME", multiple=True,
            help="A human creator; may be repeated."),
    setting("--ingredient", sets="label.elements", metavar="FILE", multiple=True, type=FILE,
            help="A picture that a composite was made of; may be repeated."),
    setting("--assertion", sets="label.assertions", metavar="LABEL=FILE", multiple=True,
            help="JSON under a label of your own, such as com.example.review=review.json; "
            "may be repeated."),
    setting("--steps", sets="label.steps", metavar="FILE", type=FILE,
            help="What was done to it, in order: TOML with tables [[steps]], or JSON."),
    setting("--oversight", sets="label.oversight", metavar="WORD", shell_complete=completed,
            help="How far a human watched over the model: fully_autonomous, prompt_guided or "
            "human_validated."),
    setting("--all-actions", sets="label.all_actions", is_flag=True,
            help="Nothing else was done to the picture than the label says."),
    click.option("--label", metavar="FILE", type=FILE,
                 help="Read the label from TOML or JSON; other options lie over it."),
)  # fmt: skip
