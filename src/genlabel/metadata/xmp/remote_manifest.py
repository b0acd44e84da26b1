"""Where a manifest is served that is not in the picture: dcterms:provenance in its XMP.

C2PA 2.4 §11.4 (external manifests). No mark of the label: it says nothing about the picture.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from urllib.parse import urlsplit

from genlabel.formats.format import EXTENDED_XMP, XMP, Slot
from genlabel.metadata.xmp import edit, extended, packet, parse, values, versions
from genlabel.metadata.xmp.graph import Graph, name_of
from genlabel.metadata.xmp.versions import Version
from genlabel.model.errors import LabelError

PROVENANCE = name_of("dcterms:provenance")
_MODIFIED = name_of("xmp:ModifyDate")
_MAX = 2048


def served_at(payloads: Mapping[Slot, bytes]) -> str | None:
    """The address that the XMP names; None without one. Raises `MalformedMetadata`."""
    graph = parse.parse(payloads.get(XMP, b""), {PROVENANCE})
    return address_in(graph) if graph is not None else None


def address_in(graph: Graph) -> str | None:
    """The address that a packet names, which was parsed for `PROVENANCE`; None without one."""
    return next(filter(None, map(values.text, graph.values.get(PROVENANCE, ()))), None)


def pointing(
    payloads: Mapping[Slot, bytes],
    url: str,
    *,
    slots: Collection[Slot],
    limit: int | None,
    version: Version | None = None,
) -> Mapping[Slot, bytes | None]:
    """What changes in these payloads so that they name `url`, and no other address.

    `slots` are those of the container, `limit` its `XMP_LIMIT`, `version` what the file becomes.
    Raises `LabelError` for what is no web address and for a container without XMP,
    `MalformedMetadata` where the XMP cannot be edited.
    """
    _check(url)
    if XMP not in slots:
        raise LabelError(
            f"{url}: this format has no XMP, so the picture cannot name the address",
            remedy="sign without a remote URL; an HTTP Link header can name it too",
        )
    graph = parse.parse(payloads.get(XMP, b""), {PROVENANCE, _MODIFIED} | versions.NAMES)
    old = graph.properties(PROVENANCE) if graph is not None else ()
    if len(old) == 1 and values.text(old[0].value) == url:
        return {}
    texts = {"dcterms:provenance": url}
    if version is not None:
        own = version.properties((graph,), _modified(graph))
        old += (
            tuple(one for name in own for one in graph.properties(name_of(name))) if graph else ()
        )
        texts |= own
    added = edit.description([values.simple(name, text) for name, text in texts.items()], graph)
    there = packet.body_of(payloads[EXTENDED_XMP]) if EXTENDED_XMP in payloads else None
    packets = extended.Packets(
        main=edit.edited(graph, edit.Edits(out=old, descriptions=(added,))), extended=there
    )
    if limit is not None:
        packets = extended.fitted(packets, limit, ours={PROVENANCE} | versions.NAMES)
    changes: dict[Slot, bytes | None] = {XMP: packet.wrap(packets.main)}
    if packets.extended != there:
        changes[EXTENDED_XMP] = packets.extended
    return changes


def without(payloads: Mapping[Slot, bytes]) -> Mapping[Slot, bytes | None]:
    """What changes in these payloads so that they name no address.

    Raises `MalformedMetadata` where the XMP cannot be edited.
    """
    graph = parse.parse(payloads.get(XMP, b""), {PROVENANCE})
    named = graph.properties(PROVENANCE) if graph is not None else ()
    if not named:
        return {}
    return {XMP: packet.wrap(edit.edited(graph, edit.Edits(out=named)))}


def _modified(graph: Graph | None) -> str | None:
    dates = graph.values.get(_MODIFIED, ()) if graph is not None else ()
    return next(filter(None, map(values.text, dates)), None)


def _check(url: str) -> None:
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("")
    plain = url.isascii() and url.isprintable() and " " not in url and len(url) <= _MAX
    if not plain or parts.scheme not in ("https", "http") or not parts.hostname:
        raise LabelError(
            f"{url[:80]!r}: is no web address for a manifest",
            remedy="give one such as https://example.com/manifests/cat.png.c2pa",
        )
