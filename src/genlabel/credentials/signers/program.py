"""`exec:` signers: a program that gets the bytes to sign and answers with a signature.

Both dialects of c2patool's ``--signer-path``. With a chain given, the older one: arguments
``--reserve-size``, ``--alg`` and ``--sign-cert``. Without, the newer one: ``--signer-info`` tells
chain and algorithm, and signing has no arguments. Either way the bytes come on stdin, and the
signature goes to stdout, raw.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import field
from functools import partial
from pathlib import Path, PurePath
from typing import IO

from genlabel.credentials.signers.key_source import KeyMaterial, KeyOptions
from genlabel.credentials.signers.signature import MAX_SIGNATURE
from genlabel.credentials.x509 import delivery, files
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import ConfigurationError, CredentialError, SigningError

RESERVED = 10_000
"""Bytes that the engine reserves for the signature of a callback signer, beside its chain."""
MAX_INFO = 1024 * 1024
"""Most bytes of the answer to ``--signer-info``."""

TIME_LIMIT = 30.0
"""Seconds until an answer is no longer waited for: enough for a card reader and a network."""
GRACE = 1.0
"""Seconds for reading what is still in the pipes after the program has ended: an agent that it left
behind may hold them open for ever."""
MAX_TALK = 4096
"""Most bytes of stderr that are kept; what follows is read and forgotten."""
SHOWN = 300
"""Most characters of stderr in a sentence."""

_REMEDY = "nothing was signed; try the program by hand"
_PRIVATE = ("GENLABEL_PASSPHRASE",)
"""Variables that are genlabel's own secrets and no program's business."""


@dataclass(frozen=True, slots=True)
class _SignerInfo:
    """What ``--signer-info`` tells, or was given: the bytes of its chain, and its algorithm."""

    chain: bytes
    algorithm: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A program that signs, and its arguments."""

    words: tuple[str, ...] = field(repr=False)
    """The command, split; never seen by a shell."""
    options: KeyOptions = field(repr=False)

    @property
    def name(self) -> str:
        """The program's name, without its arguments: they may be nobody's business."""
        return f"exec:{PurePath(self.words[0]).name}"

    def read(self) -> _SignerInfo:
        """The chain as given, else what the program itself says of it."""
        self._program()
        if self.options.certificates is not None:
            return _SignerInfo(files.read(self.options.certificates), self.options.algorithm)
        answer = self.run(("--signer-info",), b"", most=MAX_INFO)
        try:
            signer_info = json.loads(answer)
            certificates, algorithm = signer_info["sign_cert"], signer_info["alg"]
            if not isinstance(certificates, str) or not isinstance(algorithm, str):
                raise TypeError
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise CredentialError(
                f"{self.name}: its answer to --signer-info has no alg and sign_cert",
                remedy="give its chain with --certificates FILE (`certificates` in [signer])",
            ) from error
        if self.options.algorithm not in (None, algorithm.lower()):
            raise CredentialError(
                f"{self.name}: signs with {algorithm!r}, not with {self.options.algorithm}",
                remedy="leave the algorithm out",
            )
        return _SignerInfo(certificates.encode(), algorithm)

    def material(self, info: _SignerInfo, /) -> KeyMaterial:
        """The chain, and the program to ask."""
        file = self.options.certificates
        source = str(file) if file is not None else self.name
        certs = delivery.read(info.chain, source=source).chain
        arguments: tuple[str, ...] = ()
        if file is not None:
            arguments = (
                *("--reserve-size", str(RESERVED + len(info.chain))),
                *("--alg", self.options.algorithm_for(certs)),
                *("--sign-cert", str(file)),
            )
        return KeyMaterial(
            chain=certs,
            chain_source=source,
            key=partial(self.run, arguments, most=MAX_SIGNATURE),
            algorithm=info.algorithm,
        )

    def _program(self) -> str:
        path = Path(self.words[0]).expanduser()
        if not path.is_absolute():
            raise ConfigurationError(
                f"{self.name}: no such program: it is named by its path, not looked for",
                remedy="say exec:/path/to/signer",
            )
        program = shutil.which(path)
        if program is None:
            raise ConfigurationError(
                f"{self.name}: no such program",
                remedy="give its path, and see that it may be executed",
            )
        return program

    def run(self, arguments: tuple[str, ...], data: bytes, *, most: int) -> bytes:
        """The program's answer to `data`, with these arguments after its own."""
        return run((self._program(), *self.words[1:], *arguments), data, name=self.name, most=most)


def of(rest: str, options: KeyOptions) -> Program:
    """The key source that ``exec:`` and `rest` mean, a command line as one would type it."""
    try:
        words = shlex.split(rest, posix=os.name != "nt")
    except ValueError as error:
        raise ConfigurationError(
            f"exec: the command cannot be split into words ({error})", remedy="close its quotes"
        ) from error
    if os.name == "nt":  # there a backslash is part of a path, and quotes stay on
        words = [each.strip('"') for each in words]
    if not words or "\0" in rest:
        raise ConfigurationError("exec: no program", remedy="say exec:/path/to/signer")
    return Program(words=tuple(words), options=options)


def run(command: Sequence[str], data: bytes, *, name: str, most: int) -> bytes:
    """What the program wrote to stdout, given `data` on stdin.

    `name` names it in the sentence of the `SigningError` that is raised when it cannot be started,
    does not end in time, ends with another status than 0, writes more than `most` bytes or nothing.
    """
    surroundings = {each: value for each, value in os.environ.items() if each not in _PRIVATE}
    try:
        process = subprocess.Popen(  # noqa: S603  the user's own choice, never a repository's
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=surroundings,
        )
    except OSError as error:
        raise SigningError(
            f"{name}: cannot be started ({error.strerror or error})",
            remedy="see that it is there and may be executed",
        ) from error
    answer, talk = bytearray(), bytearray()
    threads = [
        threading.Thread(target=work, args=arguments, daemon=True)
        for work, arguments in (
            (_feed, (process.stdin, data)),
            (_drain, (process.stdout, answer, most, process)),
            (_drain, (process.stderr, talk, MAX_TALK, None)),
        )
    ]
    for each in threads:
        each.start()
    try:
        status = process.wait(TIME_LIMIT)
        deadline = time.monotonic() + GRACE
        for each in threads:
            each.join(max(0.0, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        raise SigningError(
            f"{name}: no answer within {TIME_LIMIT:g} seconds",
            remedy="try it by hand; nothing was signed",
        ) from None
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
    if len(answer) > most:
        raise SigningError(
            f"{name}: answered with more than {most:,} bytes",
            remedy="let it write the raw answer to stdout, and its talk to stderr",
        )
    if status != 0:
        raise SigningError(f"{name}: ended with status {status}{_stderr(talk)}", remedy=_REMEDY)
    if not answer:
        raise SigningError(f"{name}: wrote nothing to stdout{_stderr(talk)}", remedy=_REMEDY)
    return bytes(answer)


def _feed(stream: IO[bytes], data: bytes) -> None:
    try:
        with stream:
            stream.write(data)
    except OSError:
        return  # it did not want to read: its answer and status tell


def _drain(
    stream: IO[bytes], into: bytearray, most: int, process: subprocess.Popen[bytes] | None
) -> None:
    """Reads to the end. One byte beyond `most` is kept, and then `process`, if given, is killed."""
    with stream:
        while chunk := stream.read1(65536):  # type: ignore[attr-defined]
            into += chunk[: most + 1 - len(into)]
            if len(into) > most and process is not None:
                process.kill()
                return


def _stderr(talk: bytes | bytearray) -> str:
    """What it said on stderr, escaped; of much the end, where programs put the reason."""
    text = " ".join(bytes(talk[:MAX_TALK]).decode("utf-8", "replace").split())
    if not text:
        return ""
    shown = text if len(text) <= SHOWN else "…" + text[-SHOWN:]
    escaped = "".join(each if each.isprintable() else ascii(each)[1:-1] for each in shown)
    return f": {escaped}"
