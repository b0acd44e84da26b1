"""Passphrases: from a file, from the environment, or from whoever sits at the terminal."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from genlabel.model.errors import ConfigurationError


def ask() -> str:
    """The passphrase of an encrypted key. Raises `ConfigurationError` where nobody can be asked."""
    _require_somebody()
    entered: str = click.prompt("Passphrase of the key", hide_input=True, err=True, default="")
    return entered


def new(file: Path | None) -> str | bytes:
    """The passphrase with which a new key is encrypted; asked for twice. Never empty."""
    passphrase = configured(file)
    if passphrase:
        return passphrase
    _require_somebody()
    entered: str = click.prompt(
        "Passphrase", hide_input=True, confirmation_prompt=True, err=True, default=""
    )
    if not entered:
        raise ConfigurationError("passphrase: is empty", remedy="give one, or leave --encrypt out")
    return entered


def configured(file: Path | None) -> str | bytes | None:
    """The passphrase in `file`, else in the environment."""
    from genlabel.credentials.x509 import files

    return files.passphrase_in(file) if file else os.environ.get("GENLABEL_PASSPHRASE")


def _require_somebody() -> None:
    """Raise `ConfigurationError` without a terminal: a pipe would be read, or waited for."""
    if sys.stdin is not None and (sys.stdin.isatty() or _has_terminal()):
        return
    raise ConfigurationError(
        "passphrase: is needed, and there is no terminal on which to ask for it",
        remedy="set GENLABEL_PASSPHRASE, or name a file that holds it with --passphrase-file "
        "(--identity-passphrase-file for an identity, passphrase_file in genlabel.toml)",
    )


def _has_terminal() -> bool:
    """Does the process have one whatever its standard input is?"""
    if os.name == "nt":
        return False
    try:
        os.close(os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY))
    except OSError:
        return False
    return True
