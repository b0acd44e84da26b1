"""`genlabel keys check`: will a chain and key be accepted, before anything is signed?"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from genlabel.cli import options
from genlabel.cli.results import FINDINGS, engine, style
from genlabel.cli.settings import Rank, Settings
from genlabel.model.errors import ConfigurationError

_FILE = click.Path(path_type=Path)


@click.command()
@click.option(
    "--signer", metavar="URI", help="Where the key is: file:, env:, exec:, pkcs11:, awskms:."
)
@click.option("--key", metavar="FILE", type=_FILE, help="The private key, or PKCS#12.")
@click.option(
    "--certificates", metavar="FILE", type=_FILE,
    help="Its certificates, PEM; without --key only these are checked.",
)  # fmt: skip
@click.option("--passphrase-file", metavar="FILE", type=_FILE, help="Holds the key's passphrase.")
@click.option(
    "--algorithm", type=click.Choice(options.ALGORITHMS),
    help="The signature algorithm; the usual one of the key unless set.",
)  # fmt: skip
@click.option("--identity", is_flag=True, help="Ask about identity assertions, not about claims.")
@click.option(
    "--format", type=click.Choice(["text", "json"]), default="text", show_default=True,
    help="The form of the result on stdout.",
)  # fmt: skip
@click.option("-q", "--quiet", is_flag=True, help="Show only what is wrong.")
@click.option("--no-config", is_flag=True, help="Read no configuration file.")
@click.option(
    "--config", metavar="FILE", type=_FILE, help="Read FILE instead of the nearest genlabel.toml."
)
@click.pass_context
def check(
    context: click.Context,
    /,
    signer: str | None,
    key: Path | None,
    certificates: Path | None,
    passphrase_file: Path | None,
    algorithm: str | None,
    identity: bool,
    format: str,
    quiet: bool,
    config: Path | None,
    no_config: bool,
) -> None:
    """Tell whether a chain and key will be accepted, and why not, before anything is signed.

    Checks the configured signer (with --identity, the configured identity) unless options name
    another. Every failed rule is shown with its source and a remedy; then what viewers will show
    as the signer, and until when labels without time-stamp verify. A good credential signs a small
    picture as a probe. No network is used, but by a signer on it.

    \b
    genlabel keys check
    genlabel keys check --certificates chain.pem

    Exit status 0: accepted. 1: there is an error. 2: a file could not be read.
    """
    from genlabel.operations.keys import check_keys
    from genlabel.rendering import json, text

    started = datetime.now(UTC)
    table = "identity" if identity else "signer"
    settings = options.settings(
        {
            f"{table}.key": key,
            f"{table}.certificates": certificates,
            f"{table}.passphrase_file": passphrase_file,
            f"{table}.algorithm": algorithm,
            "signer.uri": signer,
        },
        config=config,
        no_config=no_config,
        quiet=quiet,
    )
    found = settings.credential(options.ask, table=table)
    uri = signer if identity else found.uri
    if found.certificates is None and not found.whole and uri is None:
        raise ConfigurationError(
            f"{table}: no certificates given",
            remedy="give --certificates FILE, and --key FILE to check the key with them",
        )
    result = check_keys(
        found.certificates,
        key=None if _alone(settings, table, "key") else found.key,
        signer=None if _alone(settings, table, "uri") else uri,
        passphrase=found.passphrase,
        algorithm=found.algorithm,
        identity=identity,
    )
    if format == "json":
        document = json.single(json.KEYS_CHECK, result.to_dict(), started, engine())
        click.echo(document, nl=False)
    elif not quiet or not result.ok:
        click.echo(text.rendered(result, style()), nl=False, color=True)
    context.exit(0 if result.ok else FINDINGS)


def _alone(settings: Settings, table: str, of: str) -> bool:
    """Were certificates named alone, while the key is only the configured one?"""
    chain, key = (settings.values.get(f"{table}.{each}") for each in ("certificates", of))
    if chain is None or key is None:
        return False
    return chain.rank is Rank.OPTION and key.rank is not Rank.OPTION
