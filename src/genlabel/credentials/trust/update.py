"""Keeping trust lists: fetched from their published addresses, added, shown, removed.

The only room that fetches them, and only when asked: verifying reads what is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from genlabel import network
from genlabel.credentials.trust import lists
from genlabel.credentials.trust.anchors import MAX_LIST_BYTES, AnchorKind, pem_of
from genlabel.credentials.trust.lists import KeptList
from genlabel.credentials.trust.published import GROUPS, PUBLISHED, Published
from genlabel.model.errors import GenlabelError, TrustError
from genlabel.model.report import Trouble
from genlabel.model.serialise import Renamed, Result
from genlabel.storage import sweep, write_atomically

if TYPE_CHECKING:
    from genlabel.credentials.trust.describe import Anchor

SECONDS = 30.0
"""How long one list may take."""
LEAST_LEFT = 0.5
"""A published list that loses more than half of its anchors at once is looked at by a person."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ListUpdate(Result):
    """What updating one list came to."""

    KIND: ClassVar[str] = "trust-update"
    name: str
    kept: KeptList | None = None
    """As it is kept now; None when there is none."""
    added: tuple[Anchor, ...] = ()
    removed: tuple[Anchor, ...] = ()
    error: Trouble | None = None
    """Why it was not updated; what was kept before is kept on."""

    list = Renamed("kept")


def update_trust(
    names: Iterable[str] = (), *, accept_shrunk: bool = False
) -> tuple[ListUpdate, ...]:
    """Fetches the published trust lists, or those of these `names`, and keeps what is sound.

    A list that fails has an `error`, stops no other, and what was kept before is kept on. One that
    has lost more than half of its anchors is refused unless `accept_shrunk`. Raises `TrustError`
    for names that are no published list.
    """
    return tuple(_updated(each, accept_shrunk) for each in _chosen(names))


def add_trust(
    name: str,
    files: str | Path | Iterable[str | Path],
    *,
    kind: AnchorKind | str = AnchorKind.SIGNER,
) -> KeptList:
    """Keeps the certificates in `files` (PEM) under `name`, for ``Trust.of(lists=[name])``.

    Your own anchors, or a partner's: compare the fingerprints with them before. Raises
    `TrustError` for a name that is taken and for files without usable certificates.
    """
    several = [files] if isinstance(files, str | Path) else list(files)
    path = lists.place(name)
    if name in GROUPS or any(each.name == name for each in PUBLISHED):
        raise TrustError(f"{name}: is the name of a published list", remedy="choose another name")
    if path.exists():
        raise TrustError(
            f"{name}: a trust list of this name is kept already",
            remedy=f"choose another name, or run `genlabel trust remove {name}` before",
        )
    if not several:
        raise TrustError(f"{name}: no file was named", remedy="give a PEM file with the anchors")
    parts = [_anchors(Path(each)) for each in several]
    made, body = _made(
        name,
        _kind(kind),
        b"".join(parts),
        source=", ".join(Path(each).name for each in several),
    )
    _write(made, body, overwrite=False)
    return made


def show_trust(name: str | None = None) -> tuple[KeptList, ...]:
    """The kept list (or group) of this name, or all of them. Raises `TrustError`."""
    wanted = lists.names() if name is None else lists.resolved(name)
    return tuple(lists.load(each) for each in wanted)


def remove_trust(name: str) -> None:
    """Forgets a kept list, a damaged one too. Raises `TrustError` when there is none."""
    for each in lists.resolved(name):
        try:
            lists.place(each).unlink()
        except FileNotFoundError:
            there = ", ".join(lists.names())
            raise TrustError(
                f"{each}: no trust list of this name is kept",
                remedy=f"kept are: {there}" if there else "none is kept",
            ) from None


def _kind(given: AnchorKind | str) -> AnchorKind:
    try:
        return AnchorKind(given)
    except ValueError:
        raise TrustError(
            f"{given}: no kind of anchors", remedy="choose one of " + ", ".join(AnchorKind)
        ) from None


def _chosen(names: Iterable[str]) -> tuple[Published, ...]:
    by_name = {each.name: each for each in PUBLISHED}
    wanted = dict.fromkeys(each for name in names for each in lists.resolved(name))
    for name in wanted:
        if name not in by_name:
            raise TrustError(
                f"{name}: no published list",
                remedy="choose among " + ", ".join([*by_name, *GROUPS]),
            )
    return tuple(by_name[name] for name in wanted) or PUBLISHED


def _updated(wanted: Published, accept_shrunk: bool) -> ListUpdate:
    before = _before(wanted.name)
    try:
        answer = network.get(wanted.address, most=MAX_LIST_BYTES, seconds=SECONDS)
        fresh, body = _made(
            wanted.name,
            wanted.kind,
            answer.content,
            source=wanted.address,
            modified=answer.modified,
            etag=answer.etag,
        )
        added, removed = _compared(before, fresh)
        if before is not None and not accept_shrunk:
            _refuse_shrunk(before, removed)
        _write(fresh, body, overwrite=True)
    except (GenlabelError, OSError) as error:
        return ListUpdate(name=wanted.name, kept=before, error=Trouble.of(error))
    return ListUpdate(name=wanted.name, kept=fresh, added=added, removed=removed)


def _before(name: str) -> KeptList | None:
    try:
        return lists.load(name)
    except TrustError:
        return None  # none yet, or a damaged one, which the new one takes the place of


def _made(
    name: str,
    kind: AnchorKind,
    body: bytes,
    *,
    source: str,
    modified: str | None = None,
    etag: str | None = None,
) -> tuple[KeptList, bytes]:
    """The list that `body` makes, if it is sound, and `body`."""
    pem, count = pem_of(body, name)
    return KeptList(
        name=name,
        kind=kind,
        source=source,
        fetched=datetime.now(UTC).replace(microsecond=0),
        sha256=lists.digest(body),
        pem=pem,
        count=count,
        modified=modified,
        etag=etag,
    ), body


def _compared(
    before: KeptList | None, after: KeptList
) -> tuple[tuple[Anchor, ...], tuple[Anchor, ...]]:
    """Which anchors are new and which are gone, by their fingerprints."""
    from genlabel.credentials.trust import describe

    old = {each.fingerprint: each for each in describe.anchors(before.pem)} if before else {}
    new = {each.fingerprint: each for each in describe.anchors(after.pem)}
    return (
        tuple(each for print_, each in new.items() if print_ not in old),
        tuple(each for print_, each in old.items() if print_ not in new),
    )


def _refuse_shrunk(before: KeptList, removed: Sequence[Anchor]) -> None:
    if before.count - len(removed) < before.count * LEAST_LEFT:
        raise TrustError(
            f"{before.name}: {len(removed)} of its {before.count} anchors are gone at once",
            remedy="find out why; if it is meant, call again with --accept-shrunk",
        )


def _write(made: KeptList, body: bytes, *, overwrite: bool) -> None:
    path = lists.place(made.name)
    # Whoever can write there can choose whom this user trusts.
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    sweep(path.parent)
    write_atomically(path, lists.written(made, body), overwrite=overwrite)


def _anchors(path: Path) -> bytes:
    """The file's certificates and nothing else: such files hold private keys, too, now and then."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_LIST_BYTES + 1)
    except OSError as error:
        raise TrustError(
            f"{path}: the anchors cannot be read ({error.strerror})", remedy="check the path"
        ) from error
    if len(data) > MAX_LIST_BYTES:
        raise TrustError(
            f"{path}: more than {MAX_LIST_BYTES:,} bytes", remedy="give the anchors alone"
        )
    return pem_of(data, str(path))[0]
