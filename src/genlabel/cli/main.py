"""The console script: the group of commands, and every way in which a run can end."""

from __future__ import annotations

import gc
import os
import sys
import time
import warnings
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, NoReturn

from genlabel.cli import signals, std_streams
from genlabel.model.version import __version__

if TYPE_CHECKING:
    import click

BROKEN_PIPE = 141  # 128 + SIGPIPE: nobody read to the end, so no verdict was delivered
UNUSABLE = 2
"""Wrong usage, or a file that could not be judged."""
STDOUT = "standard output"
_WHILE_LOADING = (100_000, 20, 20)
"""Objects after which Python looks for cycles: modules have none that end, and searching them
again and again is a tenth of a start. `Results.deliver` sets it back."""
COMPLETING = "_GENLABEL_COMPLETE"
"""Set by the scripts of `genlabel completion`: what could follow is asked, and nothing is done."""
_ELSEWHERE = {
    "--ai": "--generated",
    "--author": "--creator",
    "--cert": "--certificates",
    "--licence": "--licensor",
    "--license": "--licensor",
    "--no-ai": "--data-mining",
    "--opt-out": "--data-mining",
    "--output": "--report",
    "-o": "--report",
    "--strict": "--fail-on",
    "--text": "--words",
}
"""What is often typed, and our option for it where the command has one."""


def run(arguments: Sequence[str] | None = None) -> NoReturn:
    """Runs the command line `arguments` (default: those of the process) and ends the process."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    gc.set_threshold(*_WHILE_LOADING)
    std_streams.prepare()
    try:
        time.time()
    except OverflowError:
        print("genlabel: the clock is beyond what Python counts: set it right", file=sys.stderr)
        sys.exit(UNUSABLE)
    # What libraries would like their programmers to know is nothing for whoever runs this.
    warnings.simplefilter("ignore")
    code = status(words)
    std_streams.settle()
    gc.freeze()  # the interpreter would look for cycles in all of it twice, and end it anyway
    sys.exit(code)


def status(arguments: Sequence[str]) -> int:
    """The exit status of one run: 0, 1 (findings), 2 (unusable or unjudged), or a signal's.

    Those are 128 and the signal's number: 130 (SIGINT), 143 (SIGTERM), 129 (SIGHUP), 141 (SIGPIPE).
    """
    try:
        with signals.heard():
            return _heard(arguments)
    except KeyboardInterrupt as interrupt:
        return signals.status_of(interrupt)


def _heard(arguments: Sequence[str]) -> int:
    code = None
    try:
        if list(arguments) in (["--version"], ["-V"], ["version"]):
            print(f"genlabel {__version__}")  # before click, which costs more than this
            code = 0
        elif COMPLETING in os.environ:
            code = _completed()
        else:
            code = _status(list(arguments))
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read us has gone; python would complain once more when it closes the stream.
        std_streams.discard(sys.stdout)
        return BROKEN_PIPE
    except OSError as error:
        std_streams.discard(sys.stdout)
        if code != UNUSABLE:  # else it was said already
            with suppress(OSError):
                print(f"genlabel: {STDOUT}: {error.strerror}", file=sys.stderr)
        return UNUSABLE
    return code


def _status(arguments: list[str]) -> int:
    import click

    from genlabel.cli import speech
    from genlabel.cli.commands import commands
    from genlabel.cli.stderr import shown_log
    from genlabel.model import logger, mistake
    from genlabel.model.errors import GenlabelError, remedy_of

    speech.begin(arguments)
    try:
        with (
            logger.heard_by(shown_log),
            commands.make_context("genlabel", arguments) as context,
        ):
            commands.invoke(context)
    except click.exceptions.Exit as exit_:
        return exit_.exit_code
    except click.exceptions.Abort as abort:
        return signals.status_of(abort.__context__)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.ctx.get_help() if error.ctx else error.message, err=True)
        return UNUSABLE
    except click.UsageError as error:
        return _refused(arguments, error, *_usage(error, arguments))
    except click.ClickException as error:
        return _refused(arguments, error, _sentence(error.format_message()), None)
    except GenlabelError as error:
        return _refused(arguments, error, str(error), error.remedy)
    except BrokenPipeError:
        raise
    except OSError as error:
        words = f"{error.filename or 'system'}: {error.strerror or error}"
        return _refused(arguments, error, words, remedy_of(error))
    except Exception as error:  # noqa: BLE001  python's own status for a crash means findings
        if isinstance(error.__cause__, KeyboardInterrupt):  # as Python 3.11 has it in a new class
            return signals.status_of(error.__cause__)
        return _refused(arguments, error, mistake.described(error), mistake.REPORT)
    return 0


def _refused(arguments: list[str], error: Exception, words: str, remedy: str | None) -> int:
    """Say why nothing came of it, on stderr and in the document that somebody waits for."""
    from genlabel.cli import refusals
    from genlabel.cli.stderr import error_message

    error_message(words, remedy)
    refusals.tell(arguments, type(error).__name__, words, remedy)
    return UNUSABLE


def _completed() -> int:
    """Answer a shell. Wrong words complete to nothing, in silence."""
    from click.shell_completion import shell_complete

    from genlabel.cli.commands import commands

    return shell_complete(commands, {}, "genlabel", COMPLETING, os.environ[COMPLETING])


def _usage(error: click.UsageError, arguments: Sequence[str]) -> tuple[str, str]:
    """What was typed wrongly, and what comes near."""
    import click

    from genlabel.cli.command import Mistyped

    where = error.ctx.command_path if error.ctx else "genlabel"
    all_of_them = f"`{where} --help` shows what there is"
    if isinstance(error, Mistyped):
        remedy = error.remedy or ""
        end = "; " if remedy and not remedy.endswith("?") else " "
        return error.message, f"{remedy}{end}{all_of_them}".lstrip()
    if isinstance(error, click.NoSuchOption):
        words = f"no such option {error.option_name}"
        near = _meant(error) or " or ".join((error.possibilities or [])[:2])
        if near:
            return words, f"did you mean {near}? {all_of_them}"
        if file := _file_like(error.option_name, arguments):
            return words, f"a file of this name is ./{file}; {all_of_them}"
        if error.ctx and isinstance(error.ctx.command, click.Group):
            return words, f"options stand behind the command: {where} COMMAND {error.option_name}"
        return words, all_of_them
    words = error.format_message()
    if isinstance(error, click.MissingParameter):  # click lists choices one a line
        words = " ".join(words.split())
    return _sentence(words), all_of_them


def _meant(error: click.NoSuchOption) -> str | None:
    """The option of that command which has what other programs' option of this name has."""
    meant = _ELSEWHERE.get(error.option_name)
    if meant is None or error.ctx is None:
        return None
    return next((meant for each in error.ctx.command.params if meant in each.opts), None)


def _file_like(option: str, arguments: Sequence[str]) -> str | None:
    """A file that was named and begins as an option does."""
    from pathlib import Path

    return next((word for word in arguments if word[:2] == option and Path(word).exists()), None)


def _sentence(message: str) -> str:
    """click begins its sentences with a capital and ends them with a full stop."""
    first, rest = message[:1], message[1:]
    return (first.lower() + rest if rest[:1].islower() else message).rstrip(".")
