"""PDF's document: the catalog, and where metadata and manifest hang from it, looked up once."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace

from genlabel.formats.pdf import associated_files, streams
from genlabel.formats.pdf.associated_files import Attached
from genlabel.formats.pdf.incremental_update import MARKER, Edits
from genlabel.formats.pdf.object_lookup import Objects, Placed
from genlabel.formats.pdf.parser import NAME, Dictionary, Reference
from genlabel.formats.pdf.recovery import Recovered
from genlabel.formats.pdf.xref import Stored, last_start
from genlabel.formats.slots import MANIFEST, XMP, Slot
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import MalformedAsset, MalformedMetadata
from genlabel.model.expression import expression

_BYTE_RANGE = expression(rb"/ByteRange[\0\t\n\f\r ]*\[")  # ISO 32000-2 §12.8.1: a digital signature

_DAMAGED = "its cross-reference is damaged: its objects were looked for through the whole file"


@dataclass(frozen=True, slots=True)
class Document:
    """What is looked up once in a file."""

    objects: Objects
    catalog: Placed
    dictionary: Dictionary | None = None
    """The catalog's; None for an encrypted file, of which nothing more is read."""
    attached: Attached | None = None
    xmp: Stored | None = None
    anomalies: tuple[str, ...] = ()
    pages: int = 1
    """How many pages the page tree says that it has; 1 where it says nothing that can be."""
    closed: str | None = None
    """Why nothing at all can be added to the file; None when something can."""

    @property
    def obstacle(self) -> str | None:
        """Why no manifest can be put in; None when one can."""
        return self.closed or (self.attached.obstacle if self.attached else None)

    @property
    def manifest(self) -> Stored | None:
        """The stream of the manifest that readers take."""
        first = self.attached.first if self.attached else None
        return first.stored if first else None

    def content(self, slot: Slot) -> bytes | None:
        """The XMP or the manifest; None when there is none, or `MalformedMetadata` is raised."""
        stored = self.xmp if slot == XMP else self.manifest
        if stored is None:
            return None
        raw = self.objects.view[stored.start : stored.end]
        return streams.content(stored.dictionary, raw)

    def contents(self) -> dict[Slot, bytes | None]:
        """XMP and manifest as far as they can be read."""
        contents: dict[Slot, bytes | None] = {XMP: None, MANIFEST: None}
        for slot in contents:
            with suppress(MalformedMetadata):
                contents[slot] = self.content(slot)
        return contents

    def blocks(self) -> dict[int, str]:
        """The objects that hold XMP and manifests, each with its block's name."""
        named: dict[int, str] = {}
        reference = self.dictionary.get(b"Metadata") if self.dictionary else None
        if isinstance(reference, Reference) and self.xmp is not None:
            named[reference.number] = "XMP"
        for _, each in self.attached.manifests if self.attached else ():
            if each.stored is not None and each.reference is not None:
                named[each.reference.number] = "C2PA"
        return named

    def apart(self) -> set[int]:
        """The objects that are not the document's content, or are it in parts (`rest`)."""
        numbers = {number for number, name in self.blocks().items() if name == "XMP"}
        return numbers | set(self.attached.numbers() if self.attached else ())

    def rest(self) -> bytes | None:
        """What the catalog says beside the labels, in an order of its own; None if encrypted."""
        return b"\n".join(self.attached.content()) if self.attached else None

    def changed(self, contents: Mapping[Slot, bytes | None]) -> Edits:
        """What makes of this document one with other XMP, another manifest, or none."""
        edits, now = Edits(self.objects), self.contents()
        if contents[XMP] != now[XMP]:
            self._describe(edits, contents[XMP])
        store = contents[MANIFEST]
        if self.attached is not None and store != now[MANIFEST]:
            if store is None:
                self.attached.take(edits)
            else:
                self.attached.put(edits, store)
        return edits

    def _describe(self, edits: Edits, packet: bytes | None) -> None:
        if self.dictionary is None:
            return
        place = self.dictionary.get(b"Metadata") if self.xmp is not None else None
        body = None
        if packet is not None:
            head = b"<</Type/Metadata/Subtype/XML/Length %d>>" % len(packet)
            body = head + b"\nstream\n" + packet + b"\nendstream"
        if isinstance(place, Reference):
            edits.put(place, body)
        if body is None or not isinstance(place, Reference):
            new = b"%d %d R" % edits.add(body) if body is not None else b""
            edits.entry(self.catalog, self.dictionary, b"Metadata", new)

    def before_our_update(self) -> Document | None:
        """The document before our own last update; None when the last revision is not ours.

        Ours is what begins with our words and changed nothing but labels.
        """
        view = self.objects.view
        section, *older = self.objects.sections
        if not older or section.previous is None:
            return None
        changed = {n: e for n, e in section.entries.items() if not e or e.offset != section.offset}
        places = [entry.offset for entry in changed.values() if entry and entry.within is None]
        first = min([*places, section.offset]) - len(MARKER)
        if first <= 0 or bytes(view[first : first + len(MARKER)]) != MARKER:
            return None
        try:
            if last_start(view[:first])[0] != section.previous:
                return None
            before = read(view[:first], judged=False)
        except MalformedAsset:
            return None
        written = {number for number, entry in changed.items() if entry is not None}
        known = changed.keys() & before.objects.live.keys()
        if written - self.apart() or known - before.apart() or before.rest() != self.rest():
            return None
        return before


def read(view: memoryview, *, judged: bool = True) -> Document:
    """The document in `view`. Raises `MalformedAsset` where it has no catalog.

    Only where it is `judged` are signatures looked for, through the whole file, and is a manifest
    looked for where the cross-reference, or what it leads to, is damaged.
    """
    try:
        document = _read(Objects(view), judged=judged)
    except MalformedAsset:
        recovered = _recovered(view) if judged else None
        if recovered is None:
            raise
        return recovered
    damaged = document.attached is not None and document.attached.damage
    if judged and damaged and document.manifest is None:
        return _recovered(view) or document
    return document


def _recovered(view: memoryview) -> Document | None:
    """The document by its objects alone; None where no manifest is found among them."""
    try:
        objects = Recovered(view)
        described = [*objects.described()]
        if not described:
            return None
    except MalformedAsset:
        return None
    try:
        document = _read(objects, judged=False)
    except MalformedAsset:
        document = _without_catalog(objects)
    attached = document.attached
    if attached is None:
        return None
    listed = {each.listed for _, each in attached.manifests}
    others = [(ref, file) for ref, file in described if ref not in listed]
    attached = associated_files.joined(objects, attached, others)
    first = attached.first
    if first is None or first.stored is None:
        return None
    if not associated_files.begins_as_a_store(objects, first.stored):
        return None
    return replace(
        document,
        attached=attached,
        anomalies=(_DAMAGED, *attached.damage),
        closed="has a damaged cross-reference, behind which nothing can be added",
    )


def _without_catalog(objects: Objects) -> Document:
    nothing = Dictionary(0, 0)
    catalog = Placed(Reference(0, 0), objects.view, 0, 0, nothing)
    return Document(objects, catalog, nothing, Attached(catalog, nothing))


def _read(objects: Objects, *, judged: bool) -> Document:
    view = objects.view
    root = objects.trailer.get(b"Root")
    if not isinstance(root, Reference):
        raise MalformedAsset(NAME, "names no catalog")
    if b"Encrypt" in objects.trailer.values:
        return Document(
            objects,
            Placed(root, view, 0, 0, None),
            anomalies=("it is encrypted, so what it carries is not read",),
            closed="is encrypted, so nothing can be added",
        )
    catalog = objects.placed(root)
    if catalog is None or not isinstance(catalog.value, Dictionary):
        raise MalformedAsset(NAME, "has no catalog where it should be")
    signed = b"Perms" in catalog.value.values or (judged and _BYTE_RANGE.search(view))
    closed = "carries a digital signature, for which whatever is added is a change"
    pages = objects.value(catalog.value.get(b"Pages"))  # first: attached files may be too many
    count = pages.integer(b"Count") if isinstance(pages, Dictionary) else None
    attached = associated_files.read(objects, catalog, catalog.value)
    anomalies: tuple[str, ...] = attached.damage
    xmp = None
    try:
        xmp = objects.stream(catalog.value.get(b"Metadata"))
    except MalformedAsset as error:
        anomalies = (str(error).removeprefix("pdf: "), *anomalies)
    return Document(
        objects,
        catalog,
        catalog.value,
        attached,
        xmp,
        anomalies,
        pages=count if count is not None and 0 < count <= len(objects.live) else 1,
        closed=closed if signed else None,
    )
