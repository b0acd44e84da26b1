"""`genlabel keys`: credentials are made, requested and checked."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from genlabel.cli import options, passphrases
from genlabel.cli.command import Group
from genlabel.cli.credential_options import CredentialOptions, KeyFileOptions
from genlabel.cli.options import FILE, RunOptions, collected, setting
from genlabel.cli.results import deliver_one, engine, style
from genlabel.cli.settings import Rank, Settings
from genlabel.cli.speech import echo
from genlabel.cli.stderr import message
from genlabel.model.errors import ConfigurationError

if TYPE_CHECKING:
    from genlabel.cli.settings.write import Table
    from genlabel.credentials.x509.files import WrittenKeys


_SIGNERS_ONLY = ("lifetime", "algorithm", "keep_authority", "identity", "email")
_FIRST_ONLY = ("organisation", "tsa", "email", "write_config")


@click.group(cls=Group)
def keys() -> None:
    """Make and look after signing credentials.

    \b
    genlabel keys new --organisation "Acme Studio" --write-config
    """


@keys.command()
@click.option("--organisation", metavar="NAME", help="Who signs; viewers show it.")
@click.option(
    "--renew", is_flag=True,
    help="Make the follower of the configured credential, in a dated folder.",
)  # fmt: skip
@collected("files", KeyFileOptions)
@collected("credential", CredentialOptions)
@click.option("--write-config", is_flag=True, help="Write the settings into ./genlabel.toml.")
@options.quiet_option
def new(
    organisation: str | None,
    renew: bool,
    files: KeyFileOptions,
    credential: CredentialOptions,
    write_config: bool,
    quiet: bool,
) -> None:
    """Make a development credential: a key, its certificates and the root to verify with.

    No trust list knows it: whoever verifies what it signs needs anchors.pem. With --identity it is
    one for identity assertions: the files are called identity.key, identity.pem and
    identity-anchors.pem, and sign attests every label with it once it is configured. With --tsa it
    gives time-stamps, for tests: tsa.key, tsa.pem and tsa-anchors.pem. With --renew it follows the
    configured one, for the same organisation; the settings name it from then on, and keep the old
    anchors, by which older labels stay known.

    \b
    genlabel keys new --organisation "Acme Studio" --write-config
    genlabel keys new --renew
    genlabel keys new --organisation "Acme Studio" --identity --write-config
    genlabel keys new --organisation "Acme Time" --tsa
    """
    from genlabel.cli.settings import write
    from genlabel.cli.settings.load import CONFIG
    from genlabel.operations.keys import new_keys

    if renew:
        _renew(files, credential, quiet=quiet)
        return
    if organisation is None:
        raise click.UsageError("Missing option '--organisation'.", click.get_current_context())
    options_set = asdict(credential)
    if credential.tsa:
        _refuse_options(_SIGNERS_ONLY, "--tsa")
        options_set = {"tsa": True}
    config, tables = Path(CONFIG), _tables(organisation, files.out, credential)
    if write_config:
        write.check_room(config, tables)
    passphrase = files.new_passphrase()
    written = new_keys(organisation, out=files.out, passphrase=passphrase, **options_set)
    if write_config:
        write.add(config, tables)
    if quiet:
        return
    _tell_written(written, tables, credential, in_settings=write_config)
    kind = "authority" if credential.tsa else "credential"
    message(f"a development {kind}: no published trust list knows it")


def _tell_written(
    written: WrittenKeys,
    tables: dict[str, Table],
    credential: CredentialOptions,
    *,
    in_settings: bool,
) -> None:
    """Which files there are now, and where the settings stand, or should."""
    from genlabel.cli.settings import write
    from genlabel.cli.settings.load import CONFIG

    echo(f"key           {written.key} (keep it to yourself)")
    echo(f"certificates  {written.certificates}")
    echo(f"anchors       {written.anchors} (for those who verify)")
    if written.authority_key is not None:
        echo(f"authority     {written.authority_key} (keep it offline)")
    if in_settings:
        echo(f"settings      {CONFIG}")
    else:
        message(
            f"to believe its time-stamps, add to {CONFIG}, or say --trust-tsa {written.anchors}:"
            if credential.tsa
            else f"put these lines into {CONFIG}, or call again with --write-config:"
        )
        click.echo("\n" + write.lines(tables), nl=False)


@keys.command()
@click.option("--organisation", metavar="NAME", required=True, help="Your company: O.")
@click.option("--country", metavar="CODE", required=True, help="Its country, such as FR: C.")
@click.option("--common-name", metavar="NAME", required=True, help="The product that signs: CN.")
@click.option("--key", metavar="FILE", type=FILE, help="Ask for this key instead of a new one.")
@click.option(
    "--algorithm", type=click.Choice(options.ALGORITHMS),
    help="The algorithm of a new key; es256 unless set.",
)  # fmt: skip
@click.option(
    "--email-protection/--no-email-protection", default=True, show_default=True,
    help="Ask also for the usage that readers without the C2PA list accept.",
)  # fmt: skip
@collected("files", KeyFileOptions)
@options.quiet_option
def csr(
    organisation: str,
    country: str,
    common_name: str,
    key: Path | None,
    algorithm: str | None,
    email_protection: bool,
    files: KeyFileOptions,
    quiet: bool,
) -> None:
    """Make a request (PKCS#10) for a claim-signing certificate, and a key for it.

    Send the request to a certificate authority and keep the key. docs/certificates.md says how to
    come to a certificate that the C2PA trust list knows; `genlabel keys check` checks what comes.

    \b
    genlabel keys csr --organisation "Acme Studio" --country FR --common-name "Acme Renderer"
    """
    from genlabel.operations.keys import new_request

    def passphrase() -> str | bytes:
        return passphrases.configured(files.passphrase_file) or passphrases.ask()

    written = new_request(
        organisation,
        country=country,
        common_name=common_name,
        out=files.out,
        key=key,
        algorithm=algorithm,
        email_protection=email_protection,
        passphrase=files.new_passphrase() if key is None else passphrase,
    )
    if quiet:
        return
    echo(f"request       {written.request}")
    if written.key is not None:
        echo(f"key           {written.key} (keep it to yourself)")
    message("send the request to a certificate authority, and never the key")


@keys.command(
    statuses=(("0", "accepted"), ("1", "there is an error"), ("2", "a file could not be read"))
)
@options.key_options("Its certificates, PEM; without --key only these are checked.")
@setting(
    "--algorithm", sets="signer.algorithm", type=click.Choice(options.ALGORITHMS),
    help="The signature algorithm; the usual one of the key unless set.",
)  # fmt: skip
@click.option("--identity", is_flag=True, help="Ask about identity assertions, not about claims.")
@options.run_options(options.ONE_DOCUMENT, verbose=False)
def check(identity: bool, run: RunOptions) -> None:
    """Tell whether a chain and key will be accepted, and why not, before anything is signed.

    Checks the configured signer (with --identity, the configured identity) unless options name
    another. Every failed rule is shown with its source and a remedy; then what viewers will show
    as the signer, and until when labels without time-stamp verify. A good credential signs a small
    picture as a probe. No network is used, but by a signer on it.

    \b
    genlabel keys check
    genlabel keys check --certificates chain.pem
    """
    from genlabel.operations.keys import check_keys
    from genlabel.rendering import json, text

    started = datetime.now(UTC)
    table = "identity" if identity else "signer"
    set_options = options.set_options(click.get_current_context())
    if identity:
        for name in ("key", "certificates", "passphrase_file", "algorithm"):
            set_options[f"identity.{name}"] = set_options.pop(f"signer.{name}")
    settings = run.settings()
    credential = settings.credential(passphrases.ask, table=table)
    named = set_options["signer.uri"]
    uri = (str(named) if named else None) if identity else credential.uri
    if credential.certificates is None and not credential.whole and uri is None:
        raise ConfigurationError(
            f"{table}: no certificates given",
            remedy="give --certificates FILE, and --key FILE to check the key with them",
        )
    result = check_keys(
        credential.certificates,
        key=None if _alone(settings, table, "key") else credential.key,
        signer=None if _alone(settings, table, "uri") else uri,
        passphrase=credential.passphrase,
        algorithm=credential.algorithm,
        identity=identity,
    )
    deliver_one(
        run,
        ok=result.ok,
        document=json.single(json.KEYS_CHECK, result.to_dict(), started, engine()),
        text=text.rendered(result, style()),
    )


def _alone(settings: Settings, table: str, of: str) -> bool:
    """Were certificates named alone, while the key is only the configured one?"""
    chain, key = (settings.values.get(f"{table}.{name}") for name in ("certificates", of))
    if chain is None or key is None:
        return False
    return chain.rank is Rank.OPTION and key.rank is not Rank.OPTION


def _renew(files: KeyFileOptions, credential: CredentialOptions, *, quiet: bool) -> None:
    from genlabel.cli.renewal import Present
    from genlabel.cli.settings.load import load

    _refuse_options(_FIRST_ONLY, "--renew")
    context = click.get_current_context()

    def given(name: str) -> bool:
        return context.get_parameter_source(name) is not ParameterSource.DEFAULT

    present = Present.of(load(), "identity" if credential.identity else "signer")
    written = present.renewed(
        passphrase=files.new_passphrase(),
        ask=lambda: passphrases.configured(files.passphrase_file) or passphrases.ask(),
        out=files.out if given("out") else None,
        lifetime=credential.lifetime,
        algorithm=credential.algorithm if given("algorithm") else None,
        keep_authority=credential.keep_authority,
    )
    if not quiet:
        present.tell(written)


def _refuse_options(names: Sequence[str], with_option: str) -> None:
    """Raise `click.UsageError` where one of the options `names` was given beside `with_option`."""
    context = click.get_current_context()
    for parameter in context.command.params:
        source = context.get_parameter_source(parameter.name or "")
        if parameter.name in names and source is not ParameterSource.DEFAULT:
            raise click.UsageError(f"{parameter.opts[0]} does not go with {with_option}", context)


def _tables(organisation: str, out: Path, credential: CredentialOptions) -> dict[str, Table]:
    """The settings by which `sign` and `verify` find what was made."""

    def path(name: str) -> str:
        return _relative(out / name)

    if credential.tsa:
        return {"trust": {"tsa": (path("tsa-anchors.pem"),)}}
    if credential.identity:
        return {
            "identity": {"key": path("identity.key"), "certificates": path("identity.pem")},
            "trust": {"identity": (path("identity-anchors.pem"),)},
        }
    return {
        "producer": {"name": organisation},
        "signer": {"key": path("signing.key"), "certificates": path("signing.pem")},
        "trust": {"signers": (path("anchors.pem"),)},
    }


def _relative(path: Path) -> str:
    """As the configuration file of this directory calls it."""
    same_drive = path.absolute().drive == Path.cwd().drive
    return Path(os.path.relpath(path)).as_posix() if same_drive else str(path.absolute())
