"""`genlabel keys csr`: a request for a claim-signing certificate."""

from __future__ import annotations

from pathlib import Path

import click

from genlabel.cli import options, passphrases
from genlabel.cli.stderr import talk

_FILE = click.Path(path_type=Path)


@click.command()
@click.option("--organisation", metavar="NAME", required=True, help="Your company: O.")
@click.option("--country", metavar="CODE", required=True, help="Its country, such as FR: C.")
@click.option("--common-name", metavar="NAME", required=True, help="The product that signs: CN.")
@click.option(
    "--out", metavar="DIR", type=_FILE, default=Path("keys"), show_default=True,
    help="Where the files go; nothing there is overwritten.",
)  # fmt: skip
@click.option("--key", metavar="FILE", type=_FILE, help="Ask for this key instead of a new one.")
@click.option(
    "--algorithm", type=click.Choice(options.ALGORITHMS),
    help="The algorithm of a new key; es256 unless set.",
)  # fmt: skip
@click.option(
    "--email-protection/--no-email-protection", default=True, show_default=True,
    help="Ask also for the usage that readers without the C2PA list accept.",
)  # fmt: skip
@click.option("--encrypt", is_flag=True, help="Encrypt the new key with a passphrase.")
@click.option(
    "--passphrase-file", metavar="FILE", type=_FILE,
    help="Read the passphrase from FILE instead of asking for it.",
)  # fmt: skip
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but what goes wrong.")
def csr(
    organisation: str,
    country: str,
    common_name: str,
    out: Path,
    key: Path | None,
    algorithm: str | None,
    email_protection: bool,
    encrypt: bool,
    passphrase_file: Path | None,
    quiet: bool,
) -> None:
    """Make a request (PKCS#10) for a claim-signing certificate, and a key for it.

    Send the request to a certificate authority and keep the key. docs/certificates.md says how to
    come to a certificate that the C2PA trust list knows; `genlabel keys check` checks what comes.

    \b
    genlabel keys csr --organisation "Acme Studio" --country FR --common-name "Acme Renderer"
    """
    from genlabel.operations.keys import new_request

    written = new_request(
        organisation,
        country=country,
        common_name=common_name,
        out=out,
        key=key,
        algorithm=algorithm,
        email_protection=email_protection,
        passphrase=passphrases.opening(passphrase_file)
        if key is not None
        else passphrases.new(passphrase_file)
        if encrypt or passphrase_file
        else None,
    )
    if quiet:
        return
    click.echo(f"request       {written.request}")
    if written.key is not None:
        click.echo(f"key           {written.key} (keep it to yourself)")
    talk("send the request to a certificate authority, and never the key")
