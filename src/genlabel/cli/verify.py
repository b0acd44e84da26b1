"""`genlabel verify`: what pictures declare and whether it holds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial

import click

from genlabel import storage
from genlabel.cli import options, sections
from genlabel.cli.command import Command
from genlabel.cli.gate_options import GateOptions, gate_options
from genlabel.cli.inputs import InputOptions, input_options
from genlabel.cli.options import RunOptions
from genlabel.cli.stderr import message
from genlabel.storage import Found


@click.command(cls=Command, statuses=sections.CHECKED)
@options.trust_options
@options.policy_options
@click.option(
    "--expiring",
    metavar="SPAN",
    callback=options.parse_span,
    help="List the labels whose certificate ends within SPAN: 90d, 6w, 3m, 1y.",
)
@click.option("--hash", is_flag=True, help="Report the SHA-256 of files without any mark, too.")
@options.fail_on_option
@gate_options
@input_options
@options.run_options(options.VERIFIED)
def verify(
    inputs: InputOptions,
    gate: GateOptions,
    expiring: timedelta | None,
    hash: bool,
    as_of: date | None,
    run: RunOptions,
) -> None:
    """Say what pictures declare and whether it holds.

    Nothing is fetched from a network, and nobody is trusted but those whom you name. A directory
    is walked for pictures; - is standard input.

    \b
    genlabel verify labelled/cat.png --trust keys/anchors.pem
    genlabel verify public/ --format json > labels.json
    genlabel verify public/ --expiring 90d --fail-on warning
    """
    from genlabel.cli.results import Results, failure
    from genlabel.operations.checker import Checker, not_judged, verified
    from genlabel.rendering.json import VERIFY

    settings = run.settings()
    policy = settings.policy()
    checker = Checker(
        trust=settings.trust(),
        policy=policy,
        declarations=settings.declarations(policy),
        as_of=as_of,
        expiring=expiring,
        hash=hash,
    )
    files = inputs.expand(quiet=run.quiet)
    _tell_left_over(files.files, quiet=run.quiet)
    if checker.declarations and not any(one.questions for book in policy for one in book.whole):
        message(
            "--declarations: no rule book of this run asks anything; name one with --policy NAME",
            quiet=run.quiet,
        )

    Results(
        schema=VERIFY,
        run=run,
        fail_on=settings.fail_on(),
        language=run.language(settings),
        trust=checker.trust,
        policy=checker.policy,
        as_of=as_of,
        asking=checker.policy,
        declared=checker.declarations,
        gate=gate.gate(files.passed_over, ignore_case=inputs.ignore_case, verbose=run.verbose),
    ).deliver(
        files.files,
        partial(verified, checker, inputs.max_bytes),
        failed=failure(not_judged),
        unreadable=files.unreadable,
        jobs=inputs.jobs,
        shared=files.shared,
        loading=_NEEDED,
    )


_NEEDED = (
    "genlabel.manifests.crjson",
    "genlabel.manifests.validation.claims",
    "genlabel.manifests.validation.signer",
    "genlabel.manifests.validation.validate",
    "genlabel.operations.sources",
)
"""What verifying loads with the first file that has a manifest."""


def _tell_left_over(files: Sequence[Found], *, quiet: bool) -> None:
    """Name what ended runs of ours have left beside the pictures, whichever it was meant for."""
    for folder in sorted({file.path.parent for file in files if not file.is_stdin}):
        left = storage.left_over(folder)
        if left:
            from genlabel.operations.sweeping import left_over_words

            message(
                f"{left_over_words(list(left))}: left by a run that was ended; "
                f"genlabel doctor --sweep {folder} finishes or removes it",
                quiet=quiet,
            )
