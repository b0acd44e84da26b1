"""`genlabel keys`: the group, and the making of development credentials."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from genlabel.cli import keys_check, keys_csr, keys_tsa, options, passphrases
from genlabel.cli.stderr import talk

if TYPE_CHECKING:
    from genlabel.cli.settings.write import Table


@click.group()
def keys() -> None:
    """Make and look after signing credentials.

    \b
    genlabel keys new --organisation "Acme Studio" --write-config
    """


@keys.command()
@click.option("--organisation", metavar="NAME", required=True, help="Who signs; viewers show it.")
@click.option(
    "--out",
    metavar="DIR",
    type=click.Path(path_type=Path),
    default=Path("keys"),
    show_default=True,
    help="Where the files go; nothing there is overwritten.",
)
@click.option(
    "--days", "lifetime", type=click.IntRange(1, 366), default=365, show_default=True,
    help="How long the certificate is valid.",
)  # fmt: skip
@click.option(
    "--algorithm", type=click.Choice(options.ALGORITHMS), default="es256", show_default=True,
    help="The signature algorithm.",
)  # fmt: skip
@click.option("--tsa", is_flag=True, help="One that gives time-stamps, for tests.")
@click.option("--identity", is_flag=True, help="One that attests labels beside the signer.")
@click.option("--email", metavar="ADDRESS", help="With --identity: shown in every picture.")
@click.option("--keep-authority", is_flag=True, help="Keep the authority's key, to renew with.")
@click.option("--encrypt", is_flag=True, help="Encrypt the keys with a passphrase.")
@click.option(
    "--passphrase-file", metavar="FILE", type=click.Path(path_type=Path),
    help="Read the passphrase from FILE instead of asking for it.",
)  # fmt: skip
@click.option("--write-config", is_flag=True, help="Write the settings into ./genlabel.toml.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but what goes wrong.")
@click.pass_context
def new(
    context: click.Context,
    organisation: str,
    out: Path,
    lifetime: int,
    algorithm: str,
    tsa: bool,
    identity: bool,
    email: str | None,
    keep_authority: bool,
    encrypt: bool,
    passphrase_file: Path | None,
    write_config: bool,
    quiet: bool,
) -> None:
    """Make a development credential: a key, its certificates and the root to verify with.

    No trust list knows it: whoever verifies what it signs needs anchors.pem. With --identity it is
    one for identity assertions: the files are called identity.key, identity.pem and
    identity-anchors.pem, and sign attests every label with it once it is configured. With --tsa it
    gives time-stamps, for tests: tsa.key, tsa.pem and tsa-anchors.pem.

    \b
    genlabel keys new --organisation "Acme Studio" --write-config
    genlabel keys new --organisation "Acme Studio" --identity --write-config
    genlabel keys new --organisation "Acme Time" --tsa
    """
    if tsa:
        keys_tsa.make(
            context,
            organisation=organisation,
            out=out,
            encrypt=encrypt,
            passphrase_file=passphrase_file,
            write_config=write_config,
            quiet=quiet,
        )
        return
    from genlabel.cli.settings import write
    from genlabel.cli.settings.load import CONFIG
    from genlabel.credentials.development_ca import Authority

    config = Path(CONFIG)
    wanted = _identity_settings(out) if identity else _signer_settings(organisation, out)
    if write_config:
        write.check_room(config, wanted)
    passphrase = passphrases.new(passphrase_file) if encrypt or passphrase_file else None
    authority = Authority.new(
        organisation,
        algorithm=algorithm,
        lifetime=timedelta(days=lifetime),
        keep_authority=keep_authority,
        identity=identity,
        email=email,
    )
    written = authority.write(out, passphrase=passphrase)
    if write_config:
        write.add(config, wanted)
    if quiet:
        return
    click.echo(f"key           {written.key} (keep it to yourself)")
    click.echo(f"certificates  {written.certificates}")
    click.echo(f"anchors       {written.anchors} (for those who verify)")
    if written.authority_key is not None:
        click.echo(f"authority     {written.authority_key} (keep it offline)")
    if write_config:
        click.echo(f"settings      {config}")
    else:
        talk(f"put these lines into {CONFIG}, or call again with --write-config:")
        click.echo("\n" + write.lines(wanted), nl=False)
    talk("a development credential: no published trust list knows it")


keys.add_command(keys_check.check)
keys.add_command(keys_csr.csr)


def _signer_settings(organisation: str, out: Path) -> dict[str, Table]:
    return {
        "producer": {"name": organisation},
        "signer": {
            "key": _relative(out / "signing.key"),
            "certificates": _relative(out / "signing.pem"),
        },
        "trust": {"signers": (_relative(out / "anchors.pem"),)},
    }


def _identity_settings(out: Path) -> dict[str, Table]:
    return {
        "identity": {
            "key": _relative(out / "identity.key"),
            "certificates": _relative(out / "identity.pem"),
        },
        "trust": {"identity": (_relative(out / "identity-anchors.pem"),)},
    }


def _relative(path: Path) -> str:
    """As the configuration file of this directory calls it."""
    return Path(os.path.relpath(path)).as_posix() if _same_drive(path) else str(path.absolute())


def _same_drive(path: Path) -> bool:
    return path.absolute().drive == Path.cwd().drive
