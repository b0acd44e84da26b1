"""`genlabel doctor`: does this installation sign and verify, and with what?"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from genlabel.cli import options, passphrases
from genlabel.cli.command import Command
from genlabel.cli.options import RunOptions
from genlabel.cli.results import deliver_one, engine, style
from genlabel.cli.settings import Rank, Settings, load
from genlabel.model.errors import ConfigurationError, EngineError

if TYPE_CHECKING:
    from genlabel.operations.doctor import Check


@click.command(
    cls=Command,
    statuses=(("0", "nothing failed"), ("1", "a check failed"), ("2", "wrong usage")),
)
@click.option(
    "--sweep",
    metavar="DIR",
    multiple=True,
    type=options.FILE,
    help="Finish or remove what ended runs have left in DIR and below.",
)
@options.run_options(options.ONE_DOCUMENT, verbose=False)
def doctor(sweep: tuple[Path, ...], run: RunOptions) -> None:
    """Check this installation: engine, versions, configuration, signer, trust lists.

    Pictures are drawn, signed and verified in memory, with a key made on the spot and with the
    configured signer. Nothing is written, but by --sweep, and no network is used, but by a signer
    on it.

    \b
    genlabel doctor
    genlabel doctor --format json
    genlabel doctor --sweep public/
    """
    from genlabel.operations.doctor import diagnose
    from genlabel.operations.sweeping import swept
    from genlabel.rendering import json, text

    started = datetime.now(UTC)
    settings, before = _settings(run)
    has_signer = any(name.startswith("signer.") for name in settings.values)
    diagnosis = diagnose(
        signer=(lambda: settings.signer(passphrases.ask)) if has_signer else None,
        trust=settings.trust,
        lists=tuple(_lists(settings)),
        before=(*map(swept, sweep), *before, *_key_file(settings)),
    )
    deliver_one(
        run,
        ok=diagnosis.ok,
        document=json.single(json.DOCTOR, diagnosis.to_dict(), started, _engine()),
        text=text.rendered(diagnosis, style(verbose=not run.quiet)),
    )


def _settings(run: RunOptions) -> tuple[Settings, tuple[Check, ...]]:
    """What is set, and the check of it; nothing where the configuration cannot be used."""
    from genlabel.operations.doctor import Check, State, failed

    try:
        settings = load(config=run.config, no_config=run.no_config)
    except ConfigurationError as error:
        return Settings(values={}), (failed("configuration", error),)
    values = (*settings.values.values(), *settings.folder.values())
    variables = [value.origin for value in values if value.rank is Rank.ENVIRONMENT]
    sources = [*map(str, settings.files), *variables]
    says = f"{len(values)} settings from {', '.join(sources)}" if sources else "none found"
    return settings, (Check(name="configuration", state=State.GOOD, says=says),)


def _key_file(settings: Settings) -> Iterator[Check]:
    """May others on this machine read the private key?"""
    from genlabel.operations.doctor import Check, State

    setting = settings.values.get("signer.key")
    if os.name != "posix" or setting is None or not isinstance(setting.value, Path):
        return
    path = setting.value
    if path.is_file() and path.stat().st_mode & 0o077:
        yield Check(
            name="key-file",
            state=State.DOUBTFUL,
            says=f"{path}: others on this machine may read the private key",
            remedy=f"chmod 600 {path}",
        )


def _lists(settings: Settings) -> Iterator[Path]:
    """The files of the published lists that are configured; kept ones know their age themselves."""
    several = (settings.values.get("trust.lists"), settings.folder.get("trust.lists"))
    for item in (
        each
        for setting in several
        if setting is not None and isinstance(setting.value, tuple)
        for each in setting.value
    ):
        _, sign, place = str(item).partition("=")
        if sign:
            yield Path(place)


def _engine() -> dict[str, str]:
    """The engine's versions; none where a check has found out already that there is no engine."""
    try:
        return dict(engine())
    except EngineError:
        return {}
