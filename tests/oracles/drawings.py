"""Drawings in SVG: one to label, and what expat understands of one when metadata is left out."""

from __future__ import annotations

from xml.etree import ElementTree

NAMESPACE = "http://www.w3.org/2000/svg"
DRAWING = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    f'<svg xmlns="{NAMESPACE}" width="48" height="36" viewBox="0 0 48 36">\n'
    '  <rect width="48" height="36" fill="#468"/>\n  <path d="M 4 30 L 24 6 L 44 30 Z"/>\n</svg>\n'
).encode()


def without_marks(data: bytes) -> str:
    """The drawing as expat understands it, entities expanded, without metadata elements.

    ElementTree drops prefixes and comments; canonical XML keeps the rest.
    """
    root = ElementTree.fromstring(data)
    for metadata in root.findall(f"{{{NAMESPACE}}}metadata"):
        at = list(root).index(metadata)
        tail = metadata.tail or ""
        if at:
            root[at - 1].tail = (root[at - 1].tail or "") + tail
        else:
            root.text = (root.text or "") + tail
        root.remove(metadata)
    return ElementTree.canonicalize(ElementTree.tostring(root, encoding="unicode"))
