"""Options of commands that make keys and credentials: what these are for, and where they go."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import click

from genlabel.cli import options, passphrases
from genlabel.cli.options import FILE, option
from genlabel.model.dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyFileOptions:
    """Where new files go, and how their keys are encrypted."""

    out: Path = option(
        "-o", "--out", metavar="DIR", type=FILE, default=Path("keys"), show_default=True,
        help="Where the files go; nothing there is overwritten.",
    )  # fmt: skip
    encrypt: bool = option("--encrypt", is_flag=True, help="Encrypt new keys with a passphrase.")
    passphrase_file: Path | None = option(
        "--passphrase-file", metavar="FILE", type=FILE,
        help="Read the passphrase from FILE instead of asking for it.",
    )  # fmt: skip

    def new_passphrase(self) -> str | bytes | None:
        """The passphrase for new keys; None where they are not encrypted."""
        if not self.encrypt and self.passphrase_file is None:
            return None
        return passphrases.new(self.passphrase_file)


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialOptions:
    """What a new credential is for; by the names of `new_keys`."""

    lifetime: timedelta = option(
        "--days", type=click.IntRange(1, 366), default=365, show_default=True,
        callback=lambda _, __, days: timedelta(days=days),
        help="How long the certificate is valid.",
    )  # fmt: skip
    algorithm: str = option(
        "--algorithm", type=click.Choice(options.ALGORITHMS), default="es256", show_default=True,
        help="The signature algorithm.",
    )  # fmt: skip
    tsa: bool = option("--tsa", is_flag=True, help="One that gives time-stamps, for tests.")
    identity: bool = option(
        "--identity", is_flag=True, help="One that attests labels beside the signer."
    )
    email: str | None = option(
        "--email", metavar="ADDRESS", help="With --identity: shown in every picture."
    )
    keep_authority: bool = option(
        "--keep-authority",
        is_flag=True,
        help="Keep the authority's key: --renew then issues under the same root, and nobody needs "
        "new anchors.",
    )
