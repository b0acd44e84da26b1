"""PDF: metadata goes into an incremental update; embedded manifests are read and never written.

ISO 32000-2 §7.5 and §14.3.2, C2PA 2.4 A.4. The C2PA engine would write the whole file anew, so the
manifest of a PDF is kept beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from genlabel.containers import pdf_streams
from genlabel.containers.container import (
    MANIFEST,
    XMP,
    Block,
    Buffer,
    Pieces,
    Slot,
    Survey,
)
from genlabel.containers.pdf_objects import NAME as NAME, Dictionary, Name, Reference, Value
from genlabel.containers.pdf_update import MARKER, update, with_entry
from genlabel.containers.pdf_xref import Objects, Stored, last_start
from genlabel.containers.splice import pending, spans
from genlabel.errors import MalformedAsset, MalformedMetadata

MIME = "application/pdf"
SUFFIXES = (".pdf",)
SLOTS = frozenset({XMP})
XMP_LIMIT: int | None = None

_MAX_FILES = 1_000  # associated files that are looked through for a manifest
_BYTE_RANGE = re.compile(rb"/ByteRange[\0\t\n\f\r ]*\[")  # ISO 32000-2 §12.8.1: a digital signature
_UNSIGNABLE = (
    "a manifest is not embedded in a PDF: the engine writes the whole file anew, "
    "and earlier revisions, digital signatures and passwords are lost"
)
_BESIDE = "write the manifest beside it with --sidecar, and no metadata"


@dataclass(frozen=True, slots=True)
class _Document:
    """What is looked up once in a file."""

    objects: Objects
    root: Reference
    encrypted: bool
    buffer: memoryview | bytes = b""
    """What the catalog is written in: the file, or a decompressed object stream."""
    catalog: Dictionary | None = None
    xmp: Stored | None = None
    manifests: tuple[tuple[Reference, Stored], ...] = ()
    anomalies: tuple[str, ...] = ()

    def unlabelled(self) -> bytes | None:
        """The catalog without its metadata, in an order of its own; None for an encrypted file."""
        if self.catalog is None:
            return None
        return b"".join(
            bytes(self.buffer[slice(*span)])
            for key, span in sorted(self.catalog.spans.items())
            if key != b"Metadata"
        )


def accepts(head: Buffer) -> bool:
    """Does it begin as a PDF file does?"""
    return bytes(head[:5]) == b"%PDF-"


def survey(data: Buffer) -> Survey:
    """The revisions, the XMP, the manifest and the number of pages; page contents are not read.

    Raises `MalformedAsset` when the cross-reference, the catalog or a length lies.
    """
    view = memoryview(data).cast("B")
    document = _document(view)
    objects, catalog = document.objects, document.catalog
    payloads: dict[Slot, bytes] = {}
    anomalies = list(document.anomalies)
    first = [stored for _, stored in document.manifests[:1]]
    for slot, stored in ((XMP, document.xmp), *((MANIFEST, each) for each in first)):
        if stored is None:
            continue
        try:
            payloads[slot] = pdf_streams.content(stored.dictionary, view[stored.start : stored.end])
        except MalformedMetadata as error:
            anomalies.append(f"{slot}: {error}")
    if document.objects.end < len(view):
        anomalies.append(f"{len(view) - document.objects.end:,} bytes behind the last revision")
    if len(document.manifests) > 1:
        anomalies.append(f"{len(document.manifests)} manifests")
    return Survey(
        data=view,
        format=NAME,
        frames=_pages(objects, catalog),
        blocks=_blocks(document),
        payloads=payloads,
        anomalies=tuple(anomalies),
        unsignable=_UNSIGNABLE,
    )


def rewrite(survey: Survey, changes: Mapping[Slot, bytes | None]) -> Pieces:
    """The file with other XMP, or none, in one incremental update behind it.

    An update that an earlier call made is taken off first. Raises `MalformedMetadata` for a file
    that is encrypted or digitally signed.
    """
    wanted = {
        slot: payload
        for slot, payload in pending(survey, changes, SLOTS).items()
        if payload is not None or slot in survey.payloads
    }
    view = survey.data
    if not wanted:
        return [view]
    if MANIFEST in wanted:
        raise MalformedMetadata(
            "pdf: a manifest is not taken out of a PDF", remedy="start from the unsigned file"
        )
    if _BYTE_RANGE.search(view):
        raise MalformedMetadata(
            "pdf: carries a digital signature, for which any metadata is a change",
            remedy=_BESIDE,
        )
    document = _document(view)
    if document.encrypted:
        raise MalformedMetadata("pdf: is encrypted, so no metadata can be added", remedy=_BESIDE)
    base = _before_our_update(document)
    if base is not None:
        view, document = view[:base], _document(view[:base])
    payload = wanted[XMP]
    if _read(document) == payload:
        return [view]
    return [view, update(document.objects, _changed(document, payload))]


def essence(survey: Survey) -> Iterator[memoryview]:
    """Every object that counts, by number, as it is written; not the XMP and not the manifest.

    Then the catalog without its metadata. An encrypted file is taken whole.
    """
    view = survey.data
    document = _document(view)
    catalog = document.unlabelled()
    if catalog is None:
        yield view
        return
    objects = document.objects
    apart = {document.root.number} | {number for number, _ in _labels(document)}
    ends = _boundaries(objects)
    following = dict(zip(ends, [*ends[1:], len(view)], strict=True))
    told = {section.offset for section in objects.sections}
    for number, entry in sorted(objects.live.items()):
        if number not in apart and entry.within is None and entry.offset not in told:
            told.add(entry.offset)  # several numbers at one place are one object
            yield view[entry.offset : following[entry.offset]]
    yield memoryview(catalog)


def manifest_spans(survey: Survey) -> tuple[tuple[int, int], ...]:
    """(start, end) of the object in which the manifest is embedded."""
    return spans(survey.blocks, "C2PA")


def _document(view: memoryview) -> _Document:
    objects = Objects(view)
    root = objects.trailer.get(b"Root")
    if not isinstance(root, Reference):
        raise MalformedAsset(NAME, "names no catalog")
    if b"Encrypt" in objects.trailer.values:
        said = ("it is encrypted, so what it carries is not read",)
        return _Document(objects, root, encrypted=True, anomalies=said)
    buffer, catalog = objects.at(root)
    if not isinstance(catalog, Dictionary):
        raise MalformedAsset(NAME, "has no catalog where it should be")
    anomalies: list[str] = []
    xmp, manifests = None, []
    try:
        xmp = objects.stream(catalog.get(b"Metadata"))
        manifests = list(_manifests(objects, catalog))
    except MalformedAsset as error:
        anomalies.append(str(error).removeprefix("pdf: "))
    return _Document(
        objects,
        root,
        encrypted=False,
        buffer=buffer,
        catalog=catalog,
        xmp=xmp,
        manifests=tuple(manifests),
        anomalies=tuple(anomalies),
    )


def _manifests(objects: Objects, catalog: Dictionary) -> Iterator[tuple[Reference, Stored]]:
    """The embedded files that are associated with the document as its manifest (C2PA 2.4 A.4)."""
    files = objects.value(catalog.get(b"AF"))
    for each in files[:_MAX_FILES] if isinstance(files, list) else ():
        described = objects.value(each)
        if not isinstance(described, Dictionary):
            continue
        if described.get(b"AFRelationship") != Name(b"C2PA_Manifest"):
            continue
        embedded = objects.value(described.get(b"EF"))
        reference = embedded.get(b"F") if isinstance(embedded, Dictionary) else None
        stored = objects.stream(reference)
        if stored is not None and isinstance(reference, Reference):
            yield reference, stored


def _read(document: _Document) -> bytes | None:
    stored = document.xmp
    if stored is None:
        return None
    try:
        raw = document.objects.view[stored.start : stored.end]
        return pdf_streams.content(stored.dictionary, raw)
    except MalformedMetadata:
        return None


def _labels(document: _Document) -> list[tuple[int, str]]:
    """The objects that hold XMP and manifest, each with its block's name."""
    labels: list[tuple[int, str]] = []
    reference = document.catalog.get(b"Metadata") if document.catalog else None
    if isinstance(reference, Reference) and document.xmp is not None:
        labels.append((reference.number, "XMP"))
    return labels + [(reference.number, "C2PA") for reference, _ in document.manifests]


def _changed(document: _Document, payload: bytes | None) -> dict[Reference, bytes | None]:
    """The objects that another XMP packet, or none, makes anew."""
    objects, catalog = document.objects, document.catalog
    if catalog is None:
        raise MalformedMetadata("pdf: is encrypted, so no metadata can be added", remedy=_BESIDE)
    place = catalog.get(b"Metadata")
    there = isinstance(place, Reference) and document.xmp is not None
    if payload is None:
        bare = with_entry(document.buffer, catalog, b"Metadata", b"")
        freed: dict[Reference, bytes | None] = {document.root: bare}
        return freed | ({place: None} if isinstance(place, Reference) and there else {})
    said = b"<</Type/Metadata/Subtype/XML/Length %d>>" % len(payload)
    body = said + b"\nstream\n" + payload + b"\nendstream"
    if isinstance(place, Reference) and there:
        return {place: body}
    new = Reference(objects.size, 0)
    entry = b"%d 0 R" % new.number
    return {new: body, document.root: with_entry(document.buffer, catalog, b"Metadata", entry)}


def _before_our_update(document: _Document) -> int | None:
    """Where the file ended before our own last update; None when the last revision is not ours."""
    objects, view = document.objects, document.objects.view
    section, *older = objects.sections
    if not older or section.previous is None:
        return None
    places = [entry.offset for entry in section.entries.values() if entry and entry.within is None]
    first = min([*places, section.offset]) - len(MARKER)
    if first <= 0 or bytes(view[first : first + len(MARKER)]) != MARKER:
        return None
    try:
        if last_start(view[:first])[0] != section.previous:
            return None
        before = _document(view[:first])
    except MalformedAsset:
        return None
    touched = {
        number
        for number, entry in section.entries.items()
        if entry is not None and entry.offset != section.offset
    }
    label = {number for number, name in _labels(document) if name == "XMP"}
    if touched - label - {document.root.number} or before.unlabelled() != document.unlabelled():
        return None
    return first


def _pages(objects: Objects, catalog: Dictionary | None) -> int:
    """How many pages the page tree says that it has; 1 where it says nothing that can be."""
    pages: Value = objects.value(catalog.get(b"Pages")) if catalog else None
    count = pages.integer(b"Count") if isinstance(pages, Dictionary) else None
    return count if count is not None and 0 < count <= len(objects.live) else 1


def _boundaries(objects: Objects) -> list[int]:
    """Where objects and cross-references of all revisions begin, in order."""
    places = {section.offset for section in objects.sections}
    for section in objects.sections:
        places.update(e.offset for e in section.entries.values() if e and e.within is None)
    return sorted(places)


def _blocks(document: _Document) -> tuple[Block, ...]:
    """The whole file: header, runs of objects, cross-references, XMP and manifest."""
    objects = document.objects
    names = {section.offset: "xref" for section in objects.sections}
    for number, name in _labels(document):
        names[objects.live[number].offset] = name
    blocks: list[Block] = []
    starts = [0, *(place for place in _boundaries(objects) if place)]
    for start, end in zip(starts, [*starts[1:], len(objects.view)], strict=True):
        name = names.get(start, "objects") if start else "header"
        if blocks and blocks[-1].name == name == "objects":
            start = blocks.pop().start
        blocks.append(Block(name, start, end - start))
    return tuple(blocks)
