"""`genlabel sign`: pictures are labelled and signed, without touching a pixel."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from genlabel.cli import options, orders, passphrases, sections
from genlabel.cli.command import Command
from genlabel.cli.inputs import InputOptions, input_options
from genlabel.cli.label_options import label_options
from genlabel.cli.options import FILE, RunOptions, collected, option, setting
from genlabel.cli.placement import PlacementOptions, check_spared, placement_options, sweep
from genlabel.cli.run_state import State
from genlabel.cli.signing import Signing
from genlabel.cli.signing_plan import Asked, Plan
from genlabel.cli.signing_work import Work
from genlabel.cli.stderr import message
from genlabel.cli.visible_options import VisibleOptions, visible_options
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import ConfigurationError

if TYPE_CHECKING:
    from genlabel.cli.settings.settings import Settings
    from genlabel.model.report import Mark
    from genlabel.operations.sign_options import SignOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class LabellingOptions:
    """How pictures are labelled, by the names of `SignOptions`."""

    existing: str = option(
        "--existing", type=click.Choice(["wrap", "keep", "replace", "renew", "refuse"]),
        default="wrap", show_default=True, help="What to do with a manifest that is there.",
    )  # fmt: skip
    accept_broken_parent: bool = option(
        "--accept-broken-parent", is_flag=True,
        help="Record a parent that does not verify, as broken.",
    )  # fmt: skip
    attribution: str = option(
        "--attribution", type=click.Choice(["created", "gathered"]), default="created",
        show_default=True,
        help="Whether who signs vouches for producer and rights, or passes them on.",
    )  # fmt: skip
    overrule: str | None = option(
        "--overrule", metavar="REASON",
        help="Why the label stands against what the file says; signed.",
    )  # fmt: skip
    show_public: bool = option(
        "--show-public", is_flag=True,
        help="Show every word that becomes public; with --dry-run nothing is written.",
    )  # fmt: skip
    drop_traces: str | None = option(
        "--drop-traces", metavar="NAME,...|all",
        help="Leave out what generators wrote into the file: a1111, comfyui, ... or all.",
    )  # fmt: skip
    using_traces: bool = option(
        "--using-traces", is_flag=True,
        help="Take system, version and provider from what the picture's generator wrote.",
    )  # fmt: skip
    prompt_from_traces: bool = option(
        "--prompt-from-traces", is_flag=True, help="Take the prompt from there; see --prompt-as."
    )
    prompt_as: str = option(
        "--prompt-as", type=click.Choice(["hash", "text"]), default="hash", show_default=True,
        help="How a prompt from traces is written; as text it is public.",
    )  # fmt: skip
    repair: bool = option(
        "--repair", is_flag=True, help="Put the end of a picture where it is missing, and tell it."
    )
    tiff_manifest: str = option(
        "--tiff-manifest", type=click.Choice(["last-page", "own-directory"]),
        default="last-page", show_default=True,
        help="Where the manifest of several TIFF pages goes; see docs/formats.md.",
    )  # fmt: skip
    sidecar: bool = option(
        "--sidecar", is_flag=True, help="Write the manifest beside the picture: cat.c2pa."
    )
    marks: tuple[Mark, ...] = option(
        "--marks", metavar="MARK,...", callback=options.parse_marks, default="",
        shell_complete=sections.completed,
        help="With --sidecar: iptc, iim, exif go into the picture.",
    )  # fmt: skip
    remote_url: str | None = option(
        "--remote-url", metavar="URL", help="Where the sidecar will be served; goes into the XMP."
    )
    require_policy: tuple[str, ...] = option(
        "--policy", metavar="NAME|FILE.toml", multiple=True, shell_complete=sections.completed,
        help="A rule book that each result has to pass before it takes its place.",
    )  # fmt: skip
    as_of: date | None = option("--as-of", **options.AS_OF)
    dry_run: bool = option("--dry-run", is_flag=True, help="Do everything but write.")


signer_options = options.together(
    options.key_options("Its certificates, PEM."),
    setting("--sealing", sets="signer.sealing", type=click.Choice(["genlabel", "engine"]),
            help="Who puts the manifest in and hashes; genlabel, unless the engine is to do it."),
    options.tsa_option,
    setting("--ocsp", sets="signer.ocsp", is_flag=True,
            help="Ask the certificate's authority whether it was revoked, and put the answer in."),
    setting("--stamp", sets="time.stamp",
            type=click.Choice(["required", "preferred", "later", "off"]),
            help="Whether labels get a time-stamp; required with --tsa, else off."),
    setting("--identity-key", sets="identity.key", metavar="FILE", type=FILE,
            help="Sign an identity assertion, too, with this key, or PKCS#12."),
    setting("--identity-certificates", sets="identity.certificates", metavar="FILE", type=FILE,
            help="Its certificates, PEM."),
    setting("--identity-passphrase-file", sets="identity.passphrase_file", metavar="FILE",
            type=FILE, help="Holds the passphrase of that key."),
    setting("--identity-role", "identity_roles", sets="identity.roles", metavar="ROLE",
            multiple=True,
            help="What the identity did for the picture; else the producer's role."),
    setting("--identity-form", sets="identity.form", type=click.Choice(["standard", "c2pa-rs"]),
            help="What the identity signs: the standard's form, or the one that c2pa-rs checks."),
)  # fmt: skip
"""Who signs, when, and who attests the label beside the signer."""


@click.command(cls=Command, statuses=sections.SIGNED)
@label_options
@click.option("--parent", metavar="FILE", type=FILE, help="The picture that was edited.")
@click.option(
    "--batch",
    metavar="FILE|-",
    type=FILE,
    help="Sign the pictures of a CSV or JSON-lines file, each by its row: path, out, title, ...",
)
@click.option(
    "--state",
    metavar="FILE",
    type=FILE,
    help="Write down what is done, and go on from there when the same command is run again.",
)
@collected("labelling", LabellingOptions)
@click.option(
    "--visible",
    type=click.Choice(["text", "badge", "strip"]),
    is_flag=False,
    flag_value="text",
    help="Draw a visible label first, which the manifest tells: words (text, where no style is "
    "named), badge or a bar outside.",
)
@visible_options
@signer_options
@options.declarations_option
@placement_options
@options.trust_options
@options.fail_on_option
@input_options
@options.run_options()
def sign(
    inputs: InputOptions,
    label: Path | None,
    parent: Path | None,
    batch: Path | None,
    state: Path | None,
    labelling: LabellingOptions,
    visible: str | None,
    visible_label: VisibleOptions,
    placement: PlacementOptions,
    run: RunOptions,
) -> None:
    """Label pictures and sign the label; no pixel changes but with --visible.

    Say how they came to be, who answers for them and where the results go. Each result is read
    back and compared with the label before it takes its place; a second run changes nothing.

    \b
    genlabel sign cat.png -o labelled/ --generated --by "Acme Studio" --using "FLUX.1 [dev]"
    genlabel sign retouched.jpg --in-place --edited --parent original.jpg --by "Acme Studio"
    """
    from genlabel.operations.sign_options import SignOptions, external

    settings = run.settings(label=label)
    sign_options = SignOptions(
        **asdict(labelling), **placement.kept, visible=visible_label.under_sign(visible)
    )
    beside = external(sign_options)
    known = State.of(state)
    asked = Asked(
        inputs=inputs,
        settings=settings,
        placement=placement,
        external=beside,
        parent=parent,
        quiet=run.quiet,
        resumed=known.resumed,
    )
    plan = asked.of_files() if batch is None else asked.of_rows(batch)
    steps = options.set_options(click.get_current_context()).get("label.steps")
    kept = {"--state": state, "--batch": batch, "--label": label}
    kept["--steps"] = steps if isinstance(steps, Path) else None
    check_spared(orders.targets(plan.orders), (*kept.items(), *settings.own_files()))
    _check_stdout(run, is_used=plan.to_stdout and not sign_options.dry_run)
    signing = Signing.of(settings, sign_options, passphrases.ask)
    labeller = signing.labeller
    _tell_attribution(sign_options, run)
    if not sign_options.dry_run and not plan.to_stdout:
        sweep(list(orders.targets(plan.orders)))
    items, record = known.settled(plan.orders, labeller)

    work = Work(
        inputs=inputs,
        signing=signing,
        to_stdout=plan.to_stdout,
        beside=beside is not None,
        record=record,
    )
    _deliver(plan, items, work, settings, run)


_NEEDED = (
    "genlabel.manifests.crjson",
    "genlabel.manifests.engine.signing",
    "genlabel.manifests.validation.signer",
    "genlabel.manifests.validation.validate",
    "genlabel.operations.sources",
    "genlabel.operations.signing.required",
    "genlabel.operations.signing.sign",
    "genlabel.storage.together",
)
"""What signing loads with the first file."""


def _deliver(
    plan: Plan,
    items: Sequence[orders.Order | orders.Refusal],
    work: Work,
    settings: Settings,
    run: RunOptions,
) -> NoReturn:
    """Do the work, write what came of it, and end the run."""
    from genlabel.cli.results import Results
    from genlabel.rendering.json import SIGN

    labeller = work.signing.labeller
    Results(
        schema=SIGN,
        run=run,
        fail_on=settings.fail_on(),
        language=run.language(settings),
        trust=labeller.trust,
        policy=labeller.require_policy,
        as_of=labeller.as_of,
        to_stderr=plan.to_stdout,
        asking=labeller.require_policy,
        declared=labeller.declarations,
        closing="dry run: nothing was written" if labeller.dry_run else None,
    ).deliver(
        items,
        work,
        failed=orders.failed,
        unreadable=plan.unreadable,
        jobs=work.inputs.jobs,
        shared=0 if plan.to_stdout else plan.shared,
        loading=_NEEDED if work.signing.is_in_memory else None,
    )


def _tell_attribution(sign_options: SignOptions, run: RunOptions) -> None:
    """Before anything is signed: what nobody will vouch for."""
    if sign_options.attribution == "gathered":
        message(
            "producer, creators and rights are passed on as gathered: the signer does not vouch "
            "for them, and readers are told so",
            quiet=run.quiet,
        )


def _check_stdout(run: RunOptions, *, is_used: bool) -> None:
    """Raise `ConfigurationError` where a picture on stdout would meet something else there."""
    if not is_used:
        return
    if run.format != "text":
        raise ConfigurationError(
            f"--format {run.format}: stdout carries the picture",
            remedy="send the picture to a file with -o FILE",
        )
    if sys.stdout.isatty():
        raise ConfigurationError(
            "stdout: is a terminal, and no place for a picture",
            remedy="send it to a file or program, or use -o FILE",
        )
