"""A mistake of our own: what is said where something went wrong that nobody foresaw."""

from __future__ import annotations

from pathlib import Path

REPORT = (
    "please report it where you found genlabel: this line, what `genlabel --version` says, the "
    "command, and the file if you may show it"
)
"""The remedy: nobody else can do anything about it."""
_PACKAGE = str(Path(__file__).parents[1])
_LONGEST = 200


def described(error: BaseException) -> str:
    """Whose mistake `error` is, what it says, and the places where it happened, innermost first."""
    import traceback

    says = " ".join(str(error).split())[:_LONGEST]
    lines = list(traceback.walk_tb(error.__traceback__))
    own = [each for each in lines if each[0].f_code.co_filename.startswith(_PACKAGE)]
    places = dict.fromkeys(
        f"{Path(frame.f_code.co_filename).name}:{line}"
        for frame, line in reversed([*own[-2:], *lines[-1:]])
    )
    what = f"{type(error).__name__}{': ' if says else ''}{says}"
    return f"a mistake in genlabel itself: {what} ({' < '.join(places)})"
