"""SVG: XMP and manifest in the metadata element of the root; not a byte of the drawing changes.

C2PA 2.4 A.3.2.6 (c2pa:manifest in base64); XMP specification part 3 §2.6.2.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator, Sequence
from itertools import islice

from genlabel.formats.edits import Block, Edit, Span, growth, put, removed, spans, splice
from genlabel.formats.format import HEAD, Format, FormatSurvey
from genlabel.formats.slots import MANIFEST, MAX_METADATA, XMP, Slot, SlotChanges
from genlabel.formats.svg import scanner, words, xmp_packet
from genlabel.formats.svg.activity import activity
from genlabel.formats.svg.scanner import Element, Markup, Metadata
from genlabel.formats.xmp_packets import MAX_PACKETS
from genlabel.model.dataclass import dataclass
from genlabel.model.expression import expression
from genlabel.storage.buffers import Buffer

NAME = "svg"

_MANIFEST_NAME = b"c2pa:manifest"
_NAMESPACE = b' xmlns:c2pa="http://c2pa.org/manifest"'
_NAMESPACE_BLOCK, _MANIFEST_BLOCK, _XMP_BLOCK = "xmlns:c2pa", "c2pa:manifest", "xmp packet"
_OURS = frozenset({_NAMESPACE_BLOCK, _MANIFEST_BLOCK, _XMP_BLOCK})
_CLEAR = 256
"""ExifTool takes a file for XMP and not for SVG when a packet begins in so many first bytes."""
_MANIFEST_TAG = expression(rb"<c2pa:manifest[\s/>]")
_LOOSE_END = expression(rb"</([^\s<>]++)\s++>")
_DOCTYPE = expression(rb"<!(?i:DOCTYPE)\s+")


@dataclass(frozen=True, slots=True)
class _Marked:
    """A metadata element with the blocks in it that are ours to change."""

    element: Element
    blocks: tuple[Block, ...]

    def left(self, view: memoryview, gone: Sequence[Block]) -> bool:
        """Is anything left of it once `gone` is out? A bare empty element says nothing."""
        start, end = self.element.start, self.element.open_end
        bare = len(bytes(view[start:end]).rstrip(b"/>").split()) == 1
        inside = self.element.close_start - end
        return not bare or inside > sum(each.length for each in gone)


def _accepts(head: Buffer) -> bool:
    """Does an SVG document begin here, whatever declarations and comments come first?"""
    start = bytes(head[:HEAD])
    return start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") and scanner.begins(start)


def _parse(view: memoryview) -> FormatSurvey[Markup]:
    """The blocks, payloads and anomalies; no entity is expanded."""
    markup = scanner.read(view)
    payloads: dict[Slot, bytes] = {}
    anomalies: list[str] = []
    counts = {XMP: 0, MANIFEST: 0}
    span: Span | None = None
    for metadata in markup.metadata:
        around = (markup.root, metadata.element)
        for packet in xmp_packet.packets(view, metadata.children):
            counts[XMP] += 1
            if packet.end - packet.start > MAX_METADATA:
                anomalies.append(f"xmp of more than {MAX_METADATA:,} bytes, not read")
            elif XMP not in payloads:
                payloads[XMP] = xmp_packet.read(view, packet, around, markup.encoding)
        for child in metadata.children:
            if child.name == _MANIFEST_NAME:
                counts[MANIFEST] += 1
                store = _decoded(bytes(view[child.open_end : child.close_start]))
                if store and MANIFEST not in payloads:
                    payloads[MANIFEST] = store
                    span = child.open_end, child.close_start
    anomalies += [f"{count} {slot} blocks" for slot, count in counts.items() if count > 1]
    # c2pa-rs 0.91 reads on behind the root's end, and refuses a file with two
    further = _MANIFEST_TAG.search(view, markup.root.end)
    if further is not None:
        anomalies.append(f"another manifest at {further.start():,}, behind the end of the drawing")
    blocks = tuple(_tiled(view, markup))
    declared = spans(blocks, _NAMESPACE_BLOCK) if MANIFEST in payloads else ()
    return FormatSurvey(
        data=view,
        format=NAME,
        parsed=markup,
        blocks=blocks,
        payloads=payloads,
        anomalies=tuple(anomalies),
        embeds=True,  # base64 makes a third more of each byte of padding
        manifest_spans=declared + spans(blocks, _MANIFEST_BLOCK),
        stores=max(1, counts[MANIFEST]),
        store_span=span,
        manifest_behind=further.start() if further is not None else None,
    )


def _edits(survey: FormatSurvey[Markup], wanted: SlotChanges) -> list[Edit]:
    """Edits of the metadata: XMP in the first metadata element, the manifest in the last, where the
    engine looks for it.
    """
    view, markup = survey.data, survey.parsed
    marked = [_marked(view, each) for each in markup.metadata]
    home = _home(marked)
    last = _home(marked[::-1])
    edits = words.without(survey, wanted.keys() - SVG.slots)
    new = {MANIFEST: b"", XMP: b""}
    if MANIFEST in wanted:
        store = wanted[MANIFEST]
        if store is not None:
            new[MANIFEST] = b"<c2pa:manifest>" + _wrapped(store)[0] + b"</c2pa:manifest>"
        edits += _declared(view, markup, marked, wanted=store is not None)
    if wanted.get(XMP) is not None:
        packet = xmp_packet.checked(wanted[XMP] or b"")
        new[XMP] = xmp_packet.written(packet, markup.encoding)
    fresh = b""
    for slot, name in ((MANIFEST, _MANIFEST_BLOCK), (XMP, _XMP_BLOCK)):
        if slot not in wanted:
            continue
        carriers = [block for each in marked for block in each.blocks if block.name == name]
        content = new[slot]
        if slot == XMP and content:
            at = carriers[0].start if carriers else _inside(markup, home)
            place = at + growth(e for e in edits if e.start <= at) + len(fresh)
            content = _clear(view, place) + content
        apart = last is not None and last is not home and not last.self_closing
        if slot == MANIFEST and content and last is not None and apart:
            edits += [*removed(carriers), Edit(last.open_end, last.open_end, content)]
        elif carriers:
            edits += put(carriers, content, 0)
        else:
            fresh += content
    if fresh:
        return [*edits, _opened(markup, home, fresh)]
    return _without_empty(view, marked, edits)


def _wrapped(store: bytes) -> tuple[bytes, int]:
    encoded = binascii.b2a_base64(store, newline=False)
    return encoded, len(encoded)


def _hidden(survey: FormatSurvey[Markup]) -> Iterator[tuple[str, bytes]]:
    """The packets of the root's metadata, with the namespaces that they borrow from around them."""
    view, markup = survey.data, survey.parsed
    for metadata in markup.metadata:
        around = (markup.root, metadata.element)
        for packet in islice(xmp_packet.packets(view, metadata.children), MAX_PACKETS + 1):
            if packet.end - packet.start <= MAX_METADATA:
                read = xmp_packet.read(view, packet, around, markup.encoding)
                yield f"{_XMP_BLOCK} at {packet.start:,}", read


def _essence(survey: FormatSurvey[Markup]) -> Iterator[memoryview]:
    """The whole document without our metadata, in one piece.

    Left out are what says nothing of the drawing and what the engine writes otherwise: the byte
    order mark, blanks before the end of an end tag and behind ``<!DOCTYPE``, and whether an empty
    element is written with one tag or two.
    """
    view, markup = survey.data, survey.parsed
    edits = removed(block for block in survey.blocks if block.name in _OURS)
    for each in (_marked(view, metadata) for metadata in markup.metadata):
        element = each.element
        inside = element.close_start - element.open_end
        if inside > sum(block.length for block in each.blocks):
            continue
        edits = [e for e in edits if not element.start <= e.start < element.end]
        if each.left(view, each.blocks):
            tag = bytes(view[element.start : element.open_end])
            edits.append(Edit(element.start, element.end, tag.rstrip(b"/>") + b"/>"))
        else:
            edits.append(Edit(element.start, element.end, b""))
    root = markup.root
    content = root.close_start - root.open_end
    content += growth(e for e in edits if root.open_end <= e.start < root.close_start)
    if not content and not root.self_closing:
        edits = [e for e in edits if e.start < root.open_end]
        edits.append(Edit(root.open_end - 1, root.end, b"/>"))
    text = b"".join(splice(view, edits)).removeprefix(b"\xef\xbb\xbf")
    text = _LOOSE_END.sub(rb"</\1>", text)
    yield memoryview(_DOCTYPE.sub(b"<!DOCTYPE ", text, count=1))


def _decoded(text: bytes) -> bytes:
    """The manifest store; where it is no base64, the text itself: something is there."""
    compact = b"".join(text.split())
    try:
        return binascii.a2b_base64(compact, strict_mode=True) if compact else b""
    except binascii.Error:
        return text


def _marked(view: memoryview, metadata: Metadata) -> _Marked:
    blocks = [
        Block(_MANIFEST_BLOCK, each.start, each.end - each.start)
        for each in metadata.children
        if each.name == _MANIFEST_NAME
    ]
    for packet in xmp_packet.packets(view, metadata.children):
        start = packet.start
        while view[start - 1] == ord(" "):  # what keeps the packet clear of the first bytes
            start -= 1
        blocks.append(Block(_XMP_BLOCK, start, packet.end - start))
    return _Marked(metadata.element, tuple(sorted(blocks, key=lambda each: each.start)))


def _tiled(view: memoryview, markup: Markup) -> Iterator[Block]:
    """Blocks that cover the file: our own, the metadata around them, and the drawing."""
    named: list[Block] = []
    at = _namespace_at(view, markup)
    if at is not None:
        named.append(Block(_NAMESPACE_BLOCK, at, len(_NAMESPACE)))
    for metadata in markup.metadata:
        marked = _marked(view, metadata)
        inner = marked.element.start
        for block in (*marked.blocks, Block("", marked.element.end, 0)):
            if block.start > inner:
                named.append(Block("metadata", inner, block.start - inner))
            if block.length:
                named.append(block)
            inner = block.end
    at = 0
    for block in (*named, Block("", len(view), 0)):
        if block.start > at:
            yield Block("drawing", at, block.start - at)
        if block.length:
            yield block
        at = block.end


def _namespace_at(view: memoryview, markup: Markup) -> int | None:
    """Where the root declares C2PA's namespace in the engine's very words."""
    at = bytes(view[markup.root.start : markup.root.open_end]).find(_NAMESPACE)
    return None if at < 0 else markup.root.start + at


def _declared(
    view: memoryview, markup: Markup, marked: Sequence[_Marked], *, wanted: bool
) -> list[Edit]:
    """What declares C2PA's namespace in the root, or takes it out where nothing else needs it."""
    at = _namespace_at(view, markup)
    root = markup.root
    if wanted:
        if b"xmlns:c2pa" in bytes(view[root.start : root.open_end]):
            return []
        end = root.open_end - (2 if root.self_closing else 1)
        return [Edit(end, end, _NAMESPACE)]
    manifests = [b for each in marked for b in each.blocks if b.name == _MANIFEST_BLOCK]
    if at is None or not manifests:
        return []
    for use in re.finditer(rb"c2pa:", view):
        if not any(each.start <= use.start() < each.end for each in manifests):
            return []
    return [Edit(at, at + len(_NAMESPACE), b"")]


def _home(marked: Sequence[_Marked]) -> Element | None:
    """The metadata element for new blocks: the first that is no empty tag."""
    elements = [each.element for each in marked]
    return next((e for e in elements if not e.self_closing), elements[0] if elements else None)


def _inside(markup: Markup, home: Element | None) -> int:
    """Where the first new block comes to stand, as the file is now."""
    around = markup.root if home is None else home
    tag = len(b"<" + markup.prefix + b"metadata>") if home is None else 0
    return around.open_end - around.self_closing + tag


def _clear(view: memoryview, at: int) -> bytes:
    """Blanks that move a packet at `at` behind the bytes by which ExifTool decides."""
    declared = bytes(view[:8]).removeprefix(b"\xef\xbb\xbf").startswith(b"<?xml")
    return b" " * max(0, _CLEAR - at) if declared else b""


def _opened(markup: Markup, home: Element | None, fresh: bytes) -> Edit:
    """The edit that puts `fresh` into the metadata element, which is opened or made for it."""
    if home is None:
        home, name = markup.root, markup.prefix + b"metadata"
        fresh = b"<" + name + b">" + fresh + b"</" + name + b">"
    if not home.self_closing:
        return Edit(home.open_end, home.open_end, fresh)
    return Edit(home.open_end - 2, home.open_end, b">" + fresh + b"</" + home.name + b">")


def _without_empty(
    view: memoryview, marked: Sequence[_Marked], edits: Sequence[Edit]
) -> list[Edit]:
    """`edits`, with metadata elements that nothing is left of taken out whole."""
    result = list(edits)
    for each in marked:
        within = [e for e in result if each.element.open_end <= e.start < each.element.end]
        if not within or any(edit.new for edit in within):
            continue
        gone = [Block("", edit.start, edit.end - edit.start) for edit in within]
        if not each.left(view, gone):
            result = [e for e in result if e not in within]
            result.append(Edit(each.element.start, each.element.end, b""))
    return result


SVG = Format(
    name=NAME,
    media_type="image/svg+xml",
    suffixes=(".svg",),
    slots=frozenset({XMP, MANIFEST}),
    accepts=_accepts,
    parse=_parse,
    edits=_edits,
    wrapped=_wrapped,
    essence=_essence,
    activity=lambda survey: activity(survey.data),
    coded=lambda name: name == _XMP_BLOCK,
    texts=words.texts,
    texts_count=True,
    hidden=_hidden,
)
