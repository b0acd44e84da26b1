"""`genlabel keys check`: will a chain and key be accepted, before anything is signed?"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from genlabel.cli import options
from genlabel.cli.results import FINDINGS, engine, style
from genlabel.errors import ConfigurationError
from genlabel.settings import Rank, Settings
from genlabel.settings.settled import Credential

_FILE = click.Path(path_type=Path)


@click.command()
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
    another. Every failed rule is shown with its
    source and a remedy; then what viewers will show as the signer, and until when labels without
    time-stamp verify. A good credential signs a small picture as a probe. No network is used.

    \b
    genlabel keys check
    genlabel keys check --certificates chain.pem

    Exit status 0: accepted. 1: there is an error. 2: a file could not be read.
    """
    from genlabel.functions import check_keys
    from genlabel.rendering import credential as rendering

    started = datetime.now(UTC)
    table = "identity" if identity else "signer"
    settings = options.settings(
        {
            f"{table}.key": key,
            f"{table}.certificates": certificates,
            f"{table}.passphrase_file": passphrase_file,
            f"{table}.algorithm": algorithm,
        },
        config=config,
        no_config=no_config,
        quiet=quiet,
    )
    found = settings.credential(options.ask, table=table)
    if found.certificates is None and not found.whole:
        raise ConfigurationError(
            f"{table}: no certificates given",
            remedy="give --certificates FILE, and --key FILE to check the key with them",
        )
    result = check_keys(
        found.certificates,
        key=_key(found, settings, table),
        passphrase=found.passphrase,
        algorithm=found.algorithm,
        identity=identity,
    )
    if format == "json":
        click.echo(rendering.document(result, started=started, engine=engine()), nl=False)
    elif not quiet or not result.ok:
        click.echo(rendering.rendered(result, style()), nl=False, color=True)
    context.exit(0 if result.ok else FINDINGS)


def _key(found: Credential, settings: Settings, table: str) -> Path | None:
    """The key that goes with the certificates: none where those alone were named."""
    chain = settings.values.get(f"{table}.certificates")
    key = settings.values.get(f"{table}.key")
    if chain is not None and chain.rank is Rank.OPTION and key and key.rank is not Rank.OPTION:
        return None
    return found.key
