"""What is installed here: the system, and the packages of the distribution's extras."""

from __future__ import annotations

import importlib.metadata
import os
import re
import sys
from collections.abc import Collection, Mapping


def system() -> str:
    """System, release and machine: `platform` would look for a program ``uname`` and run it."""
    if not hasattr(os, "uname"):
        return sys.platform
    about = os.uname()
    return f"{about.sysname} {about.release} {about.machine}"


def extras(*, without: Collection[str]) -> Mapping[str, tuple[list[str], list[str]]]:
    """Of each extra that is offered, `without` some, the packages it wants and those missing."""
    try:
        about = importlib.metadata.metadata("genlabel")
        requires = importlib.metadata.requires("genlabel") or []
    except importlib.metadata.PackageNotFoundError:
        return {}
    offered: dict[str, tuple[list[str], list[str]]] = {}
    for extra in about.get_all("Provides-Extra") or ():
        if extra in without:
            continue
        of_extra = re.compile(
            rf"([A-Za-z0-9._-]+).*extra\s*==\s*['\"]{re.escape(extra)}['\"]", re.DOTALL
        )
        wanted = [match[1] for line in requires if (match := of_extra.match(line))]
        if wanted:  # else it is the name of one that has moved into the core
            offered[extra] = wanted, [each for each in wanted if not _is_installed(each)]
    return offered


def _is_installed(name: str) -> bool:
    try:
        importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True
