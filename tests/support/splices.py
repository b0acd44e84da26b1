"""Payloads out of files and into drawn ones, without genlabel's containers."""

from __future__ import annotations

import hashlib
import io
import zlib

from PIL import Image, ImageDraw

from genlabel.formats.format import EXIF, EXTENDED_XMP, IIM, XMP


def drawn(format: str = "jpeg") -> bytes:
    picture = Image.new("RGB", (40, 30), (20, 90, 160))
    ImageDraw.Draw(picture).ellipse((5, 5, 25, 25), fill=(230, 200, 40))
    encoded = io.BytesIO()
    picture.save(encoded, format.upper())
    return encoded.getvalue()


def segment(marker: int, payload: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(payload) + 2).to_bytes(2, "big") + payload


def jpeg_with(payloads: dict) -> bytes:
    """A drawn JPEG that carries the payloads."""
    jpeg = drawn()
    parts = [jpeg[:2]]
    if EXIF in payloads:
        parts.append(segment(0xE1, b"Exif\0\0" + payloads[EXIF]))
    if XMP in payloads:
        parts.append(segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + payloads[XMP]))
    if EXTENDED_XMP in payloads:
        whole = payloads[EXTENDED_XMP]
        guid = hashlib.md5(whole).hexdigest().upper().encode()
        for at in range(0, len(whole), 65_000):
            head = guid + len(whole).to_bytes(4, "big") + at.to_bytes(4, "big")
            piece = whole[at : at + 65_000]
            parts.append(segment(0xE1, b"http://ns.adobe.com/xmp/extension/\0" + head + piece))
    if IIM in payloads:
        block = payloads[IIM]
        resource = b"8BIM\x04\x04\0\0" + len(block).to_bytes(4, "big") + block
        padded = resource + b"\0" * (len(block) % 2)
        parts.append(segment(0xED, b"Photoshop 3.0\0" + padded))
    return b"".join([*parts, jpeg[2:]])


def payloads_in(data: bytes) -> dict:
    """The payloads of a JPEG, PNG or WebP, found the simple way."""
    if data.startswith(b"\xff\xd8"):
        return _in_jpeg(data)
    if data.startswith(b"\x89PNG"):
        return _in_png(data)
    return _in_webp(data) if data[8:12] == b"WEBP" else {}


def _in_jpeg(data: bytes) -> dict:
    found, at = {}, 2
    extended, exif = {}, b""
    while at + 4 <= len(data) and data[at] == 0xFF and data[at + 1] != 0xDA:
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        marker, payload = data[at + 1], data[at + 4 : at + 2 + length]
        if marker == 0xE1 and payload.startswith(b"Exif\0\0"):
            exif += payload[6:]
        elif marker == 0xE1 and payload.startswith(b"http://ns.adobe.com/xap/1.0/\0"):
            found.setdefault(XMP, payload[29:])
        elif marker == 0xE1 and payload.startswith(b"http://ns.adobe.com/xmp/extension/\0"):
            extended[int.from_bytes(payload[71:75], "big")] = payload[75:]
        elif marker == 0xED and payload.startswith(b"Photoshop 3.0\x008BIM\x04\x04\0\0"):
            size = int.from_bytes(payload[22:26], "big")
            found[IIM] = payload[26 : 26 + size]
        at += 2 + length
    if exif:
        found[EXIF] = exif
    if extended:
        found[EXTENDED_XMP] = b"".join(extended[key] for key in sorted(extended))
    return found


def _in_png(data: bytes) -> dict:
    found, at = {}, 8
    while at + 12 <= len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        kind, payload = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        if kind == b"eXIf":
            found[EXIF] = payload
        elif kind == b"iTXt" and payload.startswith(b"XML:com.adobe.xmp\0"):
            body = payload[20:].split(b"\0", 2)[2]
            found[XMP] = zlib.decompress(body) if payload[18] else body
        at += 12 + length
    return found


def _in_webp(data: bytes) -> dict:
    found, at = {}, 12
    while at + 8 <= len(data):
        length = int.from_bytes(data[at + 4 : at + 8], "little")
        kind, payload = data[at : at + 4], data[at + 8 : at + 8 + length]
        if kind == b"EXIF":
            found[EXIF] = payload.removeprefix(b"Exif\0\0")
        elif kind == b"XMP ":
            found[XMP] = payload
        at += 8 + length + length % 2
    return found
