"""Update of the stored trust lists: fetched from their publishers, added, shown, removed.

The only module that fetches them, and only when asked: verifying reads what is stored.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from genlabel import network
from genlabel.credentials.trust import lists
from genlabel.credentials.trust.anchor_pem import (
    MAX_LIST_BYTES,
    AnchorKind,
    joined_pem,
    read_source,
)
from genlabel.credentials.trust.lists import TrustList
from genlabel.credentials.trust.published import GROUPS, PUBLISHED, Published
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import GenlabelError, TrustError
from genlabel.model.old_names import Renamed
from genlabel.model.report import Trouble
from genlabel.model.serialise import Result
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
    kept: TrustList | None = None
    """As it is stored now; None when there is none."""
    added: tuple[Anchor, ...] = ()
    removed: tuple[Anchor, ...] = ()
    error: Trouble | None = None
    """Why it was not updated; the one stored before stays."""

    list = Renamed("kept")


def update_trust(
    names: Iterable[str] = (), *, accept_shrunk: bool = False
) -> tuple[ListUpdate, ...]:
    """Fetch the published trust lists, or those of these `names`, and store what is sound.

    `names` are ``c2pa``, ``c2pa-tsa``, ``interim`` or ``official`` for the first two; without any,
    all three. Each is fetched over https: at most 8 MiB within 30 seconds. A list that fails has an
    `error`, stops no other, and the one stored before stays. One that has lost more than half of
    its anchors is refused unless `accept_shrunk`. Raises `TrustError` for names that are no
    published list.
    """
    return tuple(_updated(each, accept_shrunk) for each in _chosen(names))


def add_trust(
    name: str,
    files: str | Path | Iterable[str | Path],
    *,
    kind: AnchorKind | str = AnchorKind.SIGNER,
) -> TrustList:
    """Store the certificates in `files` (PEM) under `name`, for ``Trust.of(lists=[name])``.

    Your own anchors, or a partner's: compare the fingerprints with them before. `kind` says what
    they are trusted for: ``signer`` (the default), ``tsa`` or ``identity``. `name` has small
    letters, digits, and inside ``-``, ``_`` and ``.``. Raises `TrustError` for a name that is taken
    and for files without usable certificates, `OSError` when the list cannot be written.
    """
    several = [files] if isinstance(files, str | Path) else list(files)
    path = lists.path_of(name)
    if name in GROUPS or any(each.name == name for each in PUBLISHED):
        raise TrustError(f"{name}: is the name of a published list", remedy="choose another name")
    if path.exists():
        raise TrustError(
            f"{name}: a trust list of this name is kept already",
            remedy=f"choose another name, or run `genlabel trust remove {name}` before",
        )
    if not several:
        raise TrustError(f"{name}: no file was named", remedy="give a PEM file with the anchors")
    # Each file's certificates and nothing else: such files hold private keys, too, now and then.
    body = b"".join(joined_pem(read_source(Path(each))[1], str(each))[0] for each in several)
    source = ", ".join(Path(each).name for each in several)
    added = TrustList.of(name, AnchorKind.parse(kind), body, source=source, fetched=_now())
    _write(added, body, overwrite=False)
    return added


def show_trust(name: str | None = None) -> tuple[TrustList, ...]:
    """The stored list (or group) of this `name`; without one, all of them.

    Raises `TrustError` for a list that is not there, or not as it was written.
    """
    wanted = lists.names() if name is None else lists.resolved(name)
    return tuple(lists.load(each) for each in wanted)


def remove_trust(name: str) -> None:
    """Remove a stored list (or group), a damaged one too. Raises `TrustError` without one."""
    for each in lists.resolved(name):
        try:
            lists.path_of(each).unlink()
        except FileNotFoundError:
            stored = ", ".join(lists.names())
            raise TrustError(
                f"{each}: no trust list of this name is kept",
                remedy=f"kept are: {stored}" if stored else "none is kept",
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
        fresh = TrustList.of(
            wanted.name,
            wanted.kind,
            answer.content,
            source=wanted.address,
            fetched=_now(),
            modified=answer.modified,
            etag=answer.etag,
        )
        added, removed = _compared(before, fresh)
        if before is not None and not accept_shrunk:
            _refuse_shrunk(before, len(removed))
        _write(fresh, answer.content, overwrite=True)
    except (GenlabelError, OSError) as error:
        return ListUpdate(name=wanted.name, kept=before, error=Trouble.of(error))
    return ListUpdate(name=wanted.name, kept=fresh, added=added, removed=removed)


def _before(name: str) -> TrustList | None:
    try:
        return lists.load(name)
    except TrustError:
        return None  # none yet, or a damaged one, which the new one takes the place of


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def _compared(
    before: TrustList | None, after: TrustList
) -> tuple[tuple[Anchor, ...], tuple[Anchor, ...]]:
    """Which anchors are new and which are gone, by their fingerprints."""
    from genlabel.credentials.trust import describe

    old = {each.fingerprint: each for each in describe.anchors(before.pem)} if before else {}
    new = {each.fingerprint: each for each in describe.anchors(after.pem)}
    return (
        tuple(new[fingerprint] for fingerprint in new if fingerprint not in old),
        tuple(old[fingerprint] for fingerprint in old if fingerprint not in new),
    )


def _refuse_shrunk(before: TrustList, removed: int) -> None:
    if before.count - removed < before.count * LEAST_LEFT:
        raise TrustError(
            f"{before.name}: {removed} of its {before.count} anchors are gone at once",
            remedy="find out why; if it is meant, call again with --accept-shrunk",
        )


def _write(trust_list: TrustList, body: bytes, *, overwrite: bool) -> None:
    path = lists.path_of(trust_list.name)
    # Whoever can write there can choose whom this user trusts.
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    sweep(path.parent)
    write_atomically(path, lists.encoded(trust_list, body), overwrite=overwrite)
