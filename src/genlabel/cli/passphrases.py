"""Passphrases: from a file, the environment, or whoever sits at the terminal."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import click

from genlabel.cli import options
from genlabel.model.errors import ConfigurationError


def new(file: Path | None) -> str | bytes:
    """The passphrase with which a new key is encrypted; asked for twice. Never empty."""
    given = _given(file)
    if given:
        return given
    entered: str = click.prompt(
        "Passphrase", hide_input=True, confirmation_prompt=True, err=True, default=""
    )
    if not entered:
        raise ConfigurationError("passphrase: is empty", remedy="give one, or leave --encrypt out")
    return entered


def opening(file: Path | None) -> Callable[[], str | bytes]:
    """What gives the passphrase of a key that is there, asked only if it is encrypted."""

    def secret() -> str | bytes:
        return _given(file) or options.ask()

    return secret


def _given(file: Path | None) -> str | bytes | None:
    from genlabel.credentials.x509 import files

    return files.passphrase_in(file) if file else os.environ.get("GENLABEL_PASSPHRASE")
