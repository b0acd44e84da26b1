"""PDF: metadata and manifest go into an incremental update, whose bytes follow all others.

ISO 32000-2 §7.5 and §14.3.2, C2PA 2.4 A.4. The C2PA engine would write the whole file anew, so the
manifest is put in here.
"""

from __future__ import annotations

from collections.abc import Iterator

from genlabel.formats.edits import Block, Edit, Span
from genlabel.formats.format import Format, FormatSurvey, as_it_is, begins_with
from genlabel.formats.pdf import document as pdf_document, information, pictures
from genlabel.formats.pdf.document import Document
from genlabel.formats.pdf.incremental_update import update
from genlabel.formats.pdf.object_lookup import Objects
from genlabel.formats.pdf.parser import NAME as NAME
from genlabel.formats.slots import MANIFEST, MAX_METADATA, XMP, Slot, SlotChanges
from genlabel.model.errors import MalformedMetadata

_BESIDE = "write the manifest beside it with --sidecar, and no metadata"


def _parse(view: memoryview) -> FormatSurvey[Document]:
    """The revisions, the XMP, the manifest and the number of pages; page contents are not read."""
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
    stored = document.manifest
    return FormatSurvey(
        data=view,
        format=NAME,
        parsed=document,
        frames=document.pages,
        blocks=_blocks(document),
        payloads=payloads,
        anomalies=tuple(anomalies),
        unsignable=document.obstacle,
        embeds=True,
        # the bytes alone: objects around them are hashed
        stores=max(1, count),
        manifest_spans=() if stored is None else ((stored.start, stored.end),),
    )


def _edits(survey: FormatSurvey[Document], changes: SlotChanges) -> list[Edit]:
    """One incremental update behind the file, with other XMP and another manifest, or none.

    An update that an earlier call made is taken off first. Raises `MalformedMetadata` for a file
    that is encrypted or digitally signed, or has no place for the manifest.
    """
    wanted = {
        slot: payload
        for slot, payload in changes.items()
        if payload is not None or slot in survey.payloads
    }
    blanks = information.blanked(survey, changes.keys() - PDF.slots)
    if not wanted and not blanks:
        return []
    document = survey.parsed
    if document.closed is not None:
        raise MalformedMetadata(f"pdf: {document.closed}", remedy=_BESIDE)
    if not wanted:
        return blanks
    contents = {**document.contents(), **wanted}
    document = document.before_our_update() or document
    bodies = document.changed(contents).bodies()
    new = update(document.objects, bodies) if bodies else b""
    return [*blanks, Edit(len(document.objects.view), len(survey.data), new)]


def _essence(survey: FormatSurvey[Document]) -> Iterator[memoryview]:
    """Every object that counts, by number, as it is written; not the XMP and not the manifest.

    Then what the catalog says beside them. An encrypted file is taken whole.
    """
    view, document = survey.data, survey.parsed
    rest = document.rest()
    if rest is None:
        yield view
        return
    objects = document.objects
    apart = document.apart()
    ends = _boundaries(objects)
    following = dict(zip(ends, [*ends[1:], len(view)], strict=True))
    done = {section.offset for section in objects.sections}
    for number, entry in sorted(objects.live.items()):
        if number not in apart and entry.within is None and entry.offset not in done:
            done.add(entry.offset)  # several numbers at one place are one object
            yield view[entry.offset : following[entry.offset]]
    yield memoryview(rest)


def _hidden(survey: FormatSurvey[Document]) -> Iterator[tuple[str, bytes]]:
    """The catalog's metadata, and what stands behind the last revision."""
    if XMP in survey.payloads:
        yield "XMP", survey.payloads[XMP]
    end = survey.parsed.objects.end
    if end < len(survey.data):
        yield f"behind the last revision at {end:,}", bytes(survey.data[end:][:MAX_METADATA])


def _pointed(survey: FormatSurvey[Document]) -> Iterator[Span]:
    """Where objects and cross-references begin."""
    return ((place, place + 1) for place in _boundaries(survey.parsed.objects))


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


PDF = Format(
    name=NAME,
    media_type="application/pdf",
    suffixes=(".pdf",),
    slots=frozenset({XMP, MANIFEST}),
    accepts=begins_with(b"%PDF-"),
    parse=_parse,
    edits=_edits,
    wrapped=as_it_is,
    essence=_essence,
    pointed=_pointed,
    texts=information.texts,
    texts_count=True,
    pictured=pictures.said,
    # earlier revisions stay in a file, and pictures in a document describe themselves
    coded=lambda name: True,
    hidden=_hidden,
)
