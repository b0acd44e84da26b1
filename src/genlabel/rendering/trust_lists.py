"""The kept trust lists, as text and as JSON; what updating them changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from genlabel.credentials.trust.published import published
from genlabel.model.fields import rfc3339
from genlabel.model.version import __version__
from genlabel.rendering import json, text
from genlabel.rendering.escape import escape
from genlabel.rendering.rows import Row
from genlabel.rendering.text import Style

if TYPE_CHECKING:
    from genlabel.credentials.trust.describe import Anchor
    from genlabel.credentials.trust.lists import TrustList
    from genlabel.credentials.trust.update import ListUpdate

SCHEMA = "genlabel.trust/1"


def rendered(found: TrustList, style: Style, *, at: datetime, max_age: timedelta) -> str:
    """One list as a block of lines; its anchors one by one where `style` is verbose."""
    return text.block(found.name, _rows(found, style, at, max_age), style)


def changes(update: ListUpdate, style: Style) -> str:
    """What updating one list came to, as a block of lines."""
    return text.block(update.name, _changes(update), style)


def document(lists: Iterable[TrustList], *, started: datetime, max_age: timedelta) -> str:
    """All lists as one JSON document, in ASCII, with a line end."""
    return json.dumped(
        {
            "schema": SCHEMA,
            "genlabel": __version__,
            "started": rfc3339(started),
            "lists": [_shape(each, started, max_age) for each in lists],
        },
        indent=2,
    )


def _rows(found: TrustList, style: Style, at: datetime, max_age: timedelta) -> Iterator[Row]:
    from genlabel.credentials.trust import describe

    anchors = describe.anchors(found.pem)
    over = [each for each in anchors if each.ended(at)]
    yield Row("for", _PURPOSES.get(found.kind.value, found.kind.value))
    yield Row("whose", escape(_whose(found)))
    yield Row("source", escape(found.source))
    when = rfc3339(found.fetched)
    if not found.published:
        yield Row("added", when)
    elif at - found.fetched > max_age:
        age = f"{(at - found.fetched).days} days ago; run `genlabel trust update`"
        yield Row("fetched", f"{when}, {age}", tone="doubtful")
    else:
        yield Row("fetched", when)
    if found.modified:
        yield Row("changed", f"{escape(found.modified)} by the server's word")
    yield Row("sha256", found.sha256)
    ended = f", {len(over)} of which have ended" if over else ""
    yield Row("anchors", f"{found.count}{ended}")
    if style.verbose:
        for each in anchors:
            yield from _anchor(each, at)


def _anchor(anchor: Anchor, at: datetime) -> Iterator[Row]:
    days = f"{anchor.not_before.date().isoformat()} to {anchor.not_after.date().isoformat()}"
    if anchor.ended(at):
        yield Row("anchor", f"{days}: {escape(anchor.subject)}", verdict="ended", tone="doubtful")
    else:
        yield Row("anchor", f"{escape(anchor.subject)}, {days}")
    yield Row("", f"sha256 {anchor.fingerprint}")


def _changes(update: ListUpdate) -> Iterator[Row]:
    if update.error is not None:
        yield Row("failed", escape(update.error.message, limit=None), tone="bad")
        if update.error.remedy:
            yield Row("hint", escape(update.error.remedy))
    if update.list is None:
        return
    if update.error is not None:
        yield Row("kept on", f"{update.list.count} anchors of {rfc3339(update.list.fetched)}")
        return
    whose = _whose(update.list)
    yield Row("fetched", f"{whose}: {update.list.count} anchors", tone="good")
    for word, anchors in (("added", update.added), ("removed", update.removed)):
        for each in anchors:
            yield Row(word, escape(each.subject))
    if not update.added and not update.removed:
        yield Row("changes", "none")


_PURPOSES = {
    "signer": "signers",
    "tsa": "time-stamping authorities",
    "identity": "identity assertions",
}


def _whose(found: TrustList) -> str:
    """A publisher's, named as such, or one's own."""
    known = published(found.name)
    if known is None:
        return "your own"
    frozen = f", frozen since {known.frozen.isoformat()}" if known.frozen else ""
    return f"{known.title}{frozen}"


def _shape(found: TrustList, at: datetime, max_age: timedelta) -> dict[str, Any]:
    from genlabel.credentials.trust import describe

    known = published(found.name)
    return {
        "name": found.name,
        "kind": found.kind.value,
        "published": found.published,
        "frozen": known.frozen.isoformat() if known and known.frozen else None,
        "source": found.source,
        "fetched": rfc3339(found.fetched),
        "modified": found.modified,
        "old": found.published and at - found.fetched > max_age,
        "sha256": found.sha256,
        "anchors": [
            {
                "subject": each.subject,
                "sha256": each.fingerprint,
                "not_before": rfc3339(each.not_before),
                "not_after": rfc3339(each.not_after),
                "ended": each.ended(at),
            }
            for each in describe.anchors(found.pem)
        ],
    }
