"""Whether a stream gets colours: a terminal does, a file or pipe only where somebody insists."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TextIO


def is_wanted(stream: TextIO, environ: Mapping[str, str] = os.environ) -> bool:
    """Does what is written to `stream` get colours?

    ``NO_COLOR`` (https://no-color.org) comes before ``FORCE_COLOR`` (https://force-color.org) and
    ``CLICOLOR_FORCE``, these before ``CLICOLOR=0`` (https://bixense.com/clicolors) and
    ``TERM=dumb``. Empty variables say nothing, nor does a force of 0.
    """
    if environ.get("NO_COLOR"):
        return False
    if any(environ.get(name, "0") not in ("", "0") for name in ("FORCE_COLOR", "CLICOLOR_FORCE")):
        return True
    if environ.get("CLICOLOR") == "0" or environ.get("TERM") == "dumb":
        return False
    return stream.isatty()
