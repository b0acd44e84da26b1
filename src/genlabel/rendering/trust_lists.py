"""Rows of the kept trust lists, and of what updating them changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from genlabel.credentials.trust.published import published
from genlabel.model.escape import escape
from genlabel.model.serialise import rfc3339
from genlabel.model.words.catalogue import catalogue
from genlabel.rendering.row import Row

if TYPE_CHECKING:
    from genlabel.credentials.trust.describe import Anchor, DescribedList
    from genlabel.credentials.trust.update import ListUpdate


def rows(described: DescribedList, language: str) -> Iterator[Row]:
    """One list; its anchors one by one are details."""
    over = sum(each.ended for each in described.anchors)
    yield Row("for", _PURPOSES.get(described.kind, described.kind))
    yield Row("whose", escape(_whose(described.name)))
    yield Row("source", escape(described.source))
    when = rfc3339(described.fetched)
    if not described.published:
        yield Row("added", when)
    elif described.old:
        age = f"{described.age.days} days ago; run `genlabel trust update`"
        yield Row("fetched", f"{when}, {age}", tone="doubtful")
    else:
        yield Row("fetched", when)
    if described.modified:
        yield Row("changed", f"{escape(described.modified)} by the server's word")
    yield Row("sha256", described.sha256)
    ended = f", {over} of which have ended" if over else ""
    yield Row("anchors", f"{len(described.anchors)}{ended}")
    for each in described.anchors:
        yield from _anchor(each, language)


def _anchor(anchor: Anchor, language: str) -> Iterator[Row]:
    begin, end = (each.date().isoformat() for each in (anchor.not_before, anchor.not_after))
    days = catalogue(language).say("words.days", begin=begin, end=end)
    if anchor.ended:
        words = f"{days}: {escape(anchor.subject)}"
        yield Row("anchor", words, verdict="ended", tone="doubtful", detail=True)
    else:
        yield Row("anchor", f"{escape(anchor.subject)}, {days}", detail=True)
    yield Row("", f"sha256 {anchor.fingerprint}", detail=True)


def changes(update: ListUpdate, language: str) -> Iterator[Row]:
    """What updating one list came to."""
    if update.error is not None:
        yield Row("failed", escape(update.error.message, limit=None), tone="bad")
        if update.error.remedy:
            yield Row("hint", escape(update.error.remedy))
    if update.kept is None:
        return
    if update.error is not None:
        yield Row("kept on", f"{update.kept.count} anchors of {rfc3339(update.kept.fetched)}")
        return
    whose = _whose(update.kept.name)
    yield Row("fetched", f"{whose}: {update.kept.count} anchors", tone="good")
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


def _whose(name: str) -> str:
    """A publisher's, named as such, or one's own."""
    known = published(name)
    if known is None:
        return "your own"
    frozen = f", frozen since {known.frozen.isoformat()}" if known.frozen else ""
    return f"{known.title}{frozen}"
