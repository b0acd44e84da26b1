"""Stored trust lists and anchors: by name, in the user's data directory, read with care.

One file a list: a first line that says what it is, then the certificates as they came. So each is
replaced in one step, and every other program can read it as PEM. `trust.update` writes them.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
from dataclasses import field
from datetime import datetime
from pathlib import Path

from genlabel.credentials.trust.anchor_pem import MAX_AGE, MAX_LIST_BYTES, AnchorKind, joined_pem
from genlabel.credentials.trust.published import GROUPS, published
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import ConfigurationError, TrustError, remedy_of
from genlabel.model.expression import expression
from genlabel.model.report import TrustLevel
from genlabel.model.serialise import Result
from genlabel.storage import user_folders

SUFFIX = ".pem"
MAX_LISTS = 256
"""Most lists that are looked for in the folder."""
_FIRST = b"# genlabel trust list 1: "
_MAX_FIRST = 16 * 1024
_WORDS = ("name", "kind", "source", "fetched", "sha256")
"""What the first line says of every list; it may say ``modified`` and ``etag`` too."""
_NAME = expression(r"[a-z0-9][a-z0-9_.-]{0,62}[a-z0-9]|[a-z0-9]")
_TAKEN = expression(r"con|prn|aux|nul|com[0-9]|lpt[0-9]")
"""Names that Windows keeps for devices, whatever comes behind a full stop."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class TrustList(Result):
    """One list as it is stored."""

    name: str
    kind: AnchorKind
    source: str
    """The address that it was fetched from, or the names of the files that it was made of."""
    fetched: datetime
    """When it was fetched or added, UTC."""
    sha256: str
    """Of the certificates as they came, hexadecimal."""
    pem: bytes = field(repr=False)
    """The certificates that can be anchors, each once, without the text between."""
    count: int
    """How many certificates that are."""
    modified: str | None = None
    """When its publisher changed it, as the server says."""
    etag: str | None = None

    @classmethod
    def of(
        cls,
        name: str,
        kind: AnchorKind,
        body: bytes,
        *,
        source: str,
        fetched: datetime,
        modified: str | None = None,
        etag: str | None = None,
    ) -> TrustList:
        """The list of the certificates in `body`. Raises `TrustError` unless they are sound."""
        pem, count = joined_pem(body, name)
        return cls(
            name=name,
            kind=kind,
            source=source,
            fetched=fetched,
            sha256=digest(body),
            pem=pem,
            count=count,
            modified=modified,
            etag=etag,
        )

    def to_dict(self) -> dict[str, object]:
        """The list with its anchors as they are now, in the shape of `docs/schema/trust-1.json`."""
        from genlabel.credentials.trust import describe

        return describe.described(self, max_age=MAX_AGE).to_dict()

    @property
    def published(self) -> bool:
        """Is it one of the lists that are fetched, and no one's own?"""
        return published(self.name) is not None

    @property
    def level(self) -> TrustLevel:
        """Whose word it is: a publisher's or your own."""
        return TrustLevel.LISTED if self.published else TrustLevel.KNOWN


def folder() -> Path:
    """Where this user's lists are, or would be: ``trust`` in genlabel's data directory.

    ``GENLABEL_DATA_DIR`` names another data directory, by an absolute path: what is trusted does
    not depend on where one stands.
    """
    directory = os.environ.get("GENLABEL_DATA_DIR", "")
    if directory and not Path(directory).is_absolute():
        raise ConfigurationError(
            f"GENLABEL_DATA_DIR: {directory} is a relative path", remedy="give an absolute one"
        )
    try:
        return Path(directory or user_folders.folder("data")) / "trust"
    except RuntimeError:  # no HOME and no entry for this user: a place where nothing is
        return Path(os.devnull, "trust")


def path_of(name: str) -> Path:
    """The file of the list called `name`. Raises `TrustError` for what cannot be a name."""
    if not _NAME.fullmatch(name) or _TAKEN.fullmatch(name.partition(".")[0]):
        raise TrustError(
            f"{name!r}: no name of a kept list",
            remedy="names have small letters, digits, - _ and . inside; a file is given as "
            "signer=FILE or tsa=FILE",
        )
    return folder() / f"{name}{SUFFIX}"


def names() -> tuple[str, ...]:
    """The names of all stored lists, in order. Files of other names are none."""
    try:
        with os.scandir(folder()) as scan:
            files = [each.name for each in scan if each.name.endswith(SUFFIX)]
    except (FileNotFoundError, NotADirectoryError):
        return ()
    stems = [each.removesuffix(SUFFIX) for each in files]
    return tuple(sorted(each for each in stems if _NAME.fullmatch(each)))[:MAX_LISTS]


def resolved(name: str) -> tuple[str, ...]:
    """The lists that a name stands for: itself, or the members of a group such as `official`."""
    return GROUPS.get(name, (name,))


def load(name: str) -> TrustList:
    """The list called `name`. Raises `TrustError` when there is none, or not as it was written."""
    path = path_of(name)
    try:
        with path.open("rb") as file:
            _refuse_writable_by_all(path, os.fstat(file.fileno()))
            data = file.read(MAX_LIST_BYTES + _MAX_FIRST)
    except FileNotFoundError:
        raise TrustError(f"{name}: no trust list of this name is kept", remedy=_how(name)) from None
    except OSError as error:
        raise TrustError(
            f"{path}: the trust list cannot be read ({error.strerror})", remedy=remedy_of(error)
        ) from error
    first, _, body = data.partition(b"\n")
    facts = _facts(first, name, path)
    if digest(body) != facts["sha256"]:  # of a larger file, the beginning has another, too
        raise _damaged(path, name, "its certificates are not those that were kept")
    return TrustList.of(
        name,
        AnchorKind(facts["kind"]),
        body,
        source=facts["source"],
        fetched=datetime.fromisoformat(facts["fetched"]),
        modified=facts.get("modified"),
        etag=facts.get("etag"),
    )


def encoded(trust_list: TrustList, body: bytes) -> bytes:
    """The file of a list: its first line, then the certificates as they came."""
    words = (*_WORDS, "modified", "etag")
    facts = {word: getattr(trust_list, word) for word in words} | {
        "kind": trust_list.kind.value,
        "fetched": trust_list.fetched.isoformat(),
    }
    present = {word: value for word, value in facts.items() if value is not None}
    return _FIRST + json.dumps(present).encode("ascii") + b"\n" + body


def digest(body: bytes) -> str:
    """SHA-256, hexadecimal."""
    return hashlib.sha256(body).hexdigest()


def _facts(first: bytes, name: str, path: Path) -> dict[str, str]:
    """What the first line says, every value a text of its form."""
    try:
        if not first.startswith(_FIRST) or len(first) > _MAX_FIRST:
            raise ValueError("no first line of ours")
        facts = json.loads(first[len(_FIRST) :])
        if not isinstance(facts, dict) or not all(isinstance(v, str) for v in facts.values()):
            raise ValueError("no texts by name")
        if any(word not in facts for word in _WORDS) or facts["name"] != name:
            raise ValueError("a word is missing, or it is another list")
        if datetime.fromisoformat(facts["fetched"]).tzinfo is None:
            raise ValueError("a moment without time zone")
        kind, known = AnchorKind(facts["kind"]), published(name)
        if known is not None and kind is not known.kind:
            raise ValueError("a published list of another kind")
    except (ValueError, RecursionError) as error:
        raise _damaged(path, name, "its first line does not say what it is") from error
    return facts


def _refuse_writable_by_all(path: Path, status: os.stat_result) -> None:
    if os.name == "posix" and status.st_mode & stat.S_IWOTH:
        raise TrustError(
            f"{path}: every user of this machine can change this trust list",
            remedy=f"look at it, then run `chmod o-w {path}`",
        )


def _damaged(path: Path, name: str, why: str) -> TrustError:
    return TrustError(f"{path}: {why}", remedy=f"`genlabel trust remove {name}`, then {_how(name)}")


def _how(name: str) -> str:
    """How one comes to a list of this name."""
    if published(name) is not None or name in GROUPS:
        return "fetch it with `genlabel trust update`"
    stored = ", ".join(names())
    others = f" (kept are: {stored})" if stored else ""
    return f"add it with `genlabel trust add {name} FILE`{others}"
