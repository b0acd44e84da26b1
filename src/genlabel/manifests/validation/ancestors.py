"""The ancestors of a store, looked at once, as far as that asks nobody else: not the engine.

C2PA 2.4 §15.11. What the record about an ingredient says is its maker's word.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from genlabel.manifests.store import ancestry
from genlabel.manifests.store.ancestry import Link, Path, Recorded, Walk
from genlabel.manifests.store.cbor import Ambiguous
from genlabel.manifests.store.manifest_store import Manifest, ManifestStore
from genlabel.manifests.validation.form import rules
from genlabel.manifests.validation.status_codes import (
    AMBIGUOUS,
    VALIDATED,
    Concern,
    Status,
    Statuses,
    concern_of,
    is_change,
)
from genlabel.model.cached_property import cached_property
from genlabel.model.named_tuple import NamedTuple
from genlabel.model.report import SignedBy

SignerOf = Callable[[Manifest], SignedBy | None]
"""Who signed a manifest, by certificate, under the caller's trust; None where none can be read."""

_CHECKED = "\0checked"  # no label of an assertion
REVOKED = ("signingCredential.revoked", "signingCredential.ocsp.revoked")
_BOUND_BY_MANIFEST = ("assertion.undeclared", "hashedURI.missing")
"""Matters of form while the hash of the whole manifest holds; where redaction has changed it, a
part that came or went."""


class Met(NamedTuple):
    """One ingredient, met on the way down."""

    link: Link
    own: tuple[Status, ...]
    """What we find of its manifest, and of the way to it."""
    recorded: tuple[Status, ...]
    """The failures in the record about it that touch it."""


class Ancestors:
    """The ancestors of one store, each manifest looked at once."""

    def __init__(
        self,
        store: ManifestStore,
        *,
        signer_of: SignerOf,
        signer_codes: Callable[[Manifest], Statuses] = lambda _: Statuses(),
        walk: Walk | None = None,
    ) -> None:
        """`walk` is what was walked of the `store` before. `signer_codes` are those about a
        manifest's claim signature, credential and time."""
        self.store, self.signer_codes = store, signer_codes
        self.walk = walk or ancestry.walk(store)
        self.checked: dict[str, tuple[Status, ...]] = {}
        """All that was found of manifests, by their labels, good ones as well."""
        self._signer_of = signer_of
        self._descent = ancestry.descent(self.walk.links)
        self._malformed: dict[str, tuple[Status, ...]] = {}
        self._signers: dict[str, SignedBy | None] = {}

    @cached_property
    def met(self) -> tuple[Met, ...]:
        """Every ingredient, with what was found of it."""
        return tuple(
            Met(link, tuple(self._own(link)), tuple(self._recorded(link)))
            for link in self.walk.links
        )

    def look(self) -> None:
        """All that there is to see: what is asked later was found then."""
        for each in self.met:
            self.form(each.link)
            self.signer(each.link.manifest)

    def signer(self, manifest: Manifest | None) -> SignedBy | None:
        """Who signed it; None where that cannot be read, or without one."""
        if manifest is None:
            return None
        if manifest.label not in self._signers:
            self._signers[manifest.label] = self._signer_of(manifest)
        return self._signers[manifest.label]

    def form(self, link: Link) -> tuple[Status, ...]:
        """The rules of form that its manifest breaks."""
        if link.manifest is None:
            return ()
        label = link.manifest.label
        if label not in self._malformed:
            redacted = self.walk.redacted.get(label, frozenset())
            self._malformed[label] = rules.checked(self.store, link.manifest, redacted=redacted)
        return self._malformed[label]

    def _own(self, link: Link) -> Iterator[Status]:
        """What our own code finds of an ingredient: of its manifest, and of the way to it."""
        if link.trouble is not None:
            twice = isinstance(link.trouble, Ambiguous)
            code = AMBIGUOUS if twice else "assertion.ingredient.malformed"
            yield Status(code, link.address, str(link.trouble))
            return
        if link.manifest is None:
            if link.manifest_reference is not None:
                yield Status("ingredient.manifest.missing", link.address, "")
            return
        from genlabel.manifests.validation import ingredient_hash

        redacted = self.walk.redacted.get(link.manifest.label, frozenset())
        way = ingredient_hash.checked(self.store, link, redacted=bool(redacted))
        for status in self._found(link.manifest, redacted):
            if status.code in _BOUND_BY_MANIFEST and not way.whole:
                yield Status("ingredient.manifest.mismatch", link.address, status.explanation)
            yield status
        if way.status is not None:
            yield way.status

    def _found(self, manifest: Manifest, redacted: frozenset[Path]) -> tuple[Status, ...]:
        from genlabel.manifests.validation import claims

        if manifest.label not in self.checked:
            verified = any(each.code == VALIDATED for each in self.signer_codes(manifest).success)
            # of one that holds as it stands, nothing rests on what lies around it
            alone = verified and not redacted
            told = manifest.kept(_CHECKED) if alone else None
            if told is None:
                told = claims.checked(self.store, manifest, redacted=redacted, verified=verified)
                if alone and all(each.code in claims.SUCCESSES for each in told):
                    manifest.keep(_CHECKED, told)
            self.checked[manifest.label] = told
        told = self.checked[manifest.label]
        return tuple(each for each in told if each.code not in claims.SUCCESSES)

    def _recorded(self, link: Link) -> Iterator[Status]:
        """The failures in the record about an ingredient, in whatever list they stand.

        What is recorded there of another ingredient counts for nothing.
        """
        for each in link.recorded():
            about = (each.where, each.assertion)
            if _touches(each) and all(self._concerns(link, uri) for uri in about):
                yield Status(each.code, each.where, "recorded when the ingredient was added")

    def _concerns(self, link: Link, uri: str) -> bool:
        """Is `uri` about this ingredient, or one of its own? True for what names no manifest."""
        label = ancestry.manifest_in(uri)
        if label is None or uri == link.address:
            return True
        if link.manifest is None:  # it was not kept, and cannot be one that was
            return label not in self.store.manifests
        own = link.manifest.label
        return ancestry.same(label, own) or label in self._descent.reach(own)


def _touches(recorded: Recorded) -> bool:
    """Is this a failure that touches an ancestor, its signer or its form?"""
    if is_change(recorded.code) or recorded.code in REVOKED:
        return True
    concern = concern_of(recorded.code)
    return recorded.failed and concern in (Concern.UNREADABLE, Concern.FORM)
