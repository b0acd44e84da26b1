"""PDF: metadata and manifest go into an incremental update, whose bytes follow all others.

ISO 32000-2 §7.5 and §14.3.2, C2PA 2.4 A.4. The C2PA engine would write the whole file anew, so the
manifest is put in here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from genlabel.formats.edits import pending
from genlabel.formats.format import MANIFEST, XMP, Block, Buffer, Pieces, Slot, Survey
from genlabel.formats.pdf import document as pdf_document
from genlabel.formats.pdf.document import Document
from genlabel.formats.pdf.incremental_update import update
from genlabel.formats.pdf.object_lookup import Objects
from genlabel.formats.pdf.parser import NAME as NAME
from genlabel.model.errors import MalformedMetadata

MIME = "application/pdf"
SUFFIXES = (".pdf",)
SLOTS = frozenset({XMP, MANIFEST})
XMP_LIMIT: int | None = None

_BESIDE = "write the manifest beside it with --sidecar, and no metadata"


def accepts(head: Buffer) -> bool:
    """Does it begin as a PDF file does?"""
    return bytes(head[:5]) == b"%PDF-"


def survey(data: Buffer) -> Survey:
    """The revisions, the XMP, the manifest and the number of pages; page contents are not read.

    Raises `MalformedAsset` when the cross-reference, the catalog or a length lies.
    """
    view = memoryview(data).cast("B")
    document = pdf_document.read(view)
    payloads: dict[Slot, bytes] = {}
    anomalies = list(document.anomalies)
    for slot in (XMP, MANIFEST):
        try:
            payload = document.content(slot)
        except MalformedMetadata as error:
            anomalies.append(f"{slot}: {error}")
            continue
        if payload is not None:
            payloads[slot] = payload
    if document.objects.end < len(view):
        anomalies.append(f"{len(view) - document.objects.end:,} bytes behind the last revision")
    count = len(document.attached.manifests) if document.attached else 0
    if count > 1:
        anomalies.append(f"{count} manifests")
    return Survey(
        data=view,
        format=NAME,
        frames=document.pages,
        blocks=_blocks(document),
        payloads=payloads,
        anomalies=tuple(anomalies),
        unsignable=document.obstacle,
        places=True,
        walked=document,
    )


def rewrite(survey: Survey, changes: Mapping[Slot, bytes | None]) -> Pieces:
    """The file with other XMP and another manifest, or none, in one incremental update behind it.

    An update that an earlier call made is taken off first. Raises `MalformedMetadata` for a file
    that is encrypted or digitally signed, or has no place for the manifest.
    """
    wanted = {
        slot: payload
        for slot, payload in pending(survey, changes, SLOTS).items()
        if payload is not None or slot in survey.payloads
    }
    view = survey.data
    if not wanted:
        return [view]
    document = _document(survey)
    if document.closed is not None:
        raise MalformedMetadata(f"pdf: {document.closed}", remedy=_BESIDE)
    contents = {**document.contents(), **wanted}
    document = document.before_our_update() or document
    made = document.changed(contents).made()
    return [document.objects.view, *([update(document.objects, made)] if made else [])]


def essence(survey: Survey) -> Iterator[memoryview]:
    """Every object that counts, by number, as it is written; not the XMP and not the manifest.

    Then what the catalog says beside them. An encrypted file is taken whole.
    """
    view = survey.data
    document = _document(survey)
    rest = document.rest()
    if rest is None:
        yield view
        return
    objects = document.objects
    apart = document.apart()
    ends = _boundaries(objects)
    following = dict(zip(ends, [*ends[1:], len(view)], strict=True))
    told = {section.offset for section in objects.sections}
    for number, entry in sorted(objects.live.items()):
        if number not in apart and entry.within is None and entry.offset not in told:
            told.add(entry.offset)  # several numbers at one place are one object
            yield view[entry.offset : following[entry.offset]]
    yield memoryview(rest)


def manifest_spans(survey: Survey) -> tuple[tuple[int, int], ...]:
    """(start, end) of the embedded manifest's bytes alone; objects around them are hashed."""
    stored = _document(survey).manifest
    return () if stored is None else ((stored.start, stored.end),)


def _document(survey: Survey) -> Document:
    walked = survey.walked
    return walked if isinstance(walked, Document) else pdf_document.read(survey.data)


def _boundaries(objects: Objects) -> list[int]:
    """Where objects and cross-references of all revisions begin, in order."""
    places = {section.offset for section in objects.sections}
    for section in objects.sections:
        places.update(e.offset for e in section.entries.values() if e and e.within is None)
    return sorted(places)


def _blocks(document: Document) -> tuple[Block, ...]:
    """The whole file: header, runs of objects, cross-references, XMP and manifest."""
    objects = document.objects
    names = {section.offset: "xref" for section in objects.sections}
    for number, name in document.blocks().items():
        names[objects.live[number].offset] = name
    blocks: list[Block] = []
    starts = [0, *(place for place in _boundaries(objects) if place)]
    for start, end in zip(starts, [*starts[1:], len(objects.view)], strict=True):
        name = names.get(start, "objects") if start else "header"
        if blocks and blocks[-1].name == name == "objects":
            start = blocks.pop().start
        blocks.append(Block(name, start, end - start))
    return tuple(blocks)
