"""`genlabel keys new --tsa`: a development time-stamping authority, for tests."""

from __future__ import annotations

import os
from pathlib import Path

import click
from click.core import ParameterSource

from genlabel.cli import passphrases
from genlabel.cli.stderr import talk

_SIGNERS_ONLY = {
    "lifetime": "--days",
    "algorithm": "--algorithm",
    "keep_authority": "--keep-authority",
    "identity": "--identity",
    "email": "--email",
}


def make(
    context: click.Context,
    *,
    organisation: str,
    out: Path,
    encrypt: bool,
    passphrase_file: Path | None,
    write_config: bool,
    quiet: bool,
) -> None:
    """Key, certificate and root of the authority; the settings by which `verify` believes it."""
    from genlabel.cli.settings import write
    from genlabel.cli.settings.load import CONFIG
    from genlabel.operations.keys import new_keys

    for name, option in _SIGNERS_ONLY.items():
        if context.get_parameter_source(name) is not ParameterSource.DEFAULT:
            raise click.UsageError(f"{option} does not go with --tsa", context)
    config, anchors = Path(CONFIG), Path(os.path.relpath(out)) / "tsa-anchors.pem"
    wanted: dict[str, write.Table] = {"trust": {"tsa": (anchors.as_posix(),)}}
    if write_config:
        write.check_room(config, wanted)
    passphrase = passphrases.new(passphrase_file) if encrypt or passphrase_file else None
    written = new_keys(organisation, out=out, passphrase=passphrase, tsa=True)
    if write_config:
        write.add(config, wanted)
    if quiet:
        return
    click.echo(f"key           {written.key} (keep it to yourself)")
    click.echo(f"certificates  {written.certificates}")
    click.echo(f"anchors       {written.anchors} (for those who verify)")
    if write_config:
        click.echo(f"settings      {config}")
    else:
        talk(f"to believe its time-stamps, add to {CONFIG}, or say --trust-tsa {written.anchors}:")
        click.echo("\n" + write.lines(wanted), nl=False)
    talk("a development authority: no published trust list knows it")
