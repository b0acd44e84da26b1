"""The formats in ISO files by their brands: AVIF, HEIC, MP4, MOV, M4A.

ISO/IEC 14496-12 §4.3; the brands are registered at mp4ra.org.
"""

from __future__ import annotations

from functools import partial

from genlabel.formats.format import Format, as_it_is
from genlabel.formats.isobmff import boxes, heif, movie, uuid_boxes
from genlabel.storage.buffers import Buffer

_AVIF = frozenset((b"avif", b"avis"))  # AVIF 1.1 §6
_ANY_CODING = frozenset((b"mif1", b"mif2", b"mif3", b"msf1", b"miaf"))
_HEVC = frozenset((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"))
_OTHER_CODINGS = frozenset((b"avci", b"avcs", b"jpeg", b"jpgs", b"j2ki", b"j2is"))
_HEIC = _HEVC | _OTHER_CODINGS | _ANY_CODING  # ISO/IEC 23008-12 §10 and its annexes

_PICTURES = _AVIF | _HEVC | _ANY_CODING
# The brands of films, 3GPP's in all their versions.
_FILMS = frozenset(
    (b"isom", b"avc1", b"hvc1", b"M4V ", b"M4VH", b"M4VP", b"f4v ", b"dash", b"MSNV", b"mmp4")
)
_FILM_FAMILIES = (b"iso", b"mp4", b"3gp", b"3g2", b"cmf", b"msd")
_M4A = (b"M4A ", b"M4B ")
_NO_FILMS = frozenset((b"qt  ", b"M4A ", b"M4B ", b"M4P ", b"crx ", b"jxl ", b"jp2 ", b"mjp2"))


def _is_avif(head: Buffer) -> bool:
    """Is it an ISO file of the brand avif or avis, first of all or under a general one?"""
    major, brands = boxes.brands(head)
    return major in _AVIF or (
        major in _ANY_CODING and (not brands.isdisjoint(_AVIF) or bytes(head[12:16]) in _AVIF)
    )


def _is_heic(head: Buffer) -> bool:
    """Is it an ISO file of a brand of HEIF, and not of AVIF?"""
    return boxes.brands(head)[0] in _HEIC and not _is_avif(head)


def _is_mp4(head: Buffer) -> bool:
    """Is it an ISO file under a film's brand, and not first of all something else?"""
    major, brands = boxes.brands(head)
    if not major or major in _NO_FILMS or major in _PICTURES:
        return False
    if major in _FILMS or major.startswith(_FILM_FAMILIES):
        return True
    known = not brands.isdisjoint(_FILMS) or any(each.startswith(_FILM_FAMILIES) for each in brands)
    return known and brands.isdisjoint(_PICTURES)


PICTURES = tuple(
    Format(
        name=name,
        media_type=f"image/{name}",
        suffixes=suffixes,
        slots=heif.SLOTS,
        accepts=accepts,
        parse=partial(heif.parse, format=name),
        edits=heif.edits,
        essence=heif.essence,
        iso_media=True,
        wrapped=as_it_is,
        coded=uuid_boxes.is_coded,
        hidden=heif.hidden,
    )
    for name, accepts, suffixes in (
        ("avif", _is_avif, (".avif", ".avifs")),
        ("heic", _is_heic, (".heic", ".heif", ".hif", ".heics", ".heifs")),
    )
)
FILMS = tuple(
    Format(
        name=name,
        media_type=media_type,
        suffixes=suffixes,
        slots=movie.SLOTS,
        accepts=accepts,
        parse=partial(movie.parse, format=name),
        edits=movie.edits,
        essence=movie.essence,
        iso_media=True,
        wrapped=as_it_is,
        coded=uuid_boxes.is_coded,
    )
    for name, media_type, accepts, suffixes in (
        ("mp4", "video/mp4", _is_mp4, (".mp4", ".m4v", ".f4v", ".3gp", ".3g2")),
        ("mov", "video/quicktime", lambda head: boxes.brands(head)[0] == b"qt  ", (".mov", ".qt")),
        ("m4a", "audio/mp4", lambda head: boxes.brands(head)[0] in _M4A, (".m4a", ".m4b")),
    )
)
FORMATS = (*PICTURES, *FILMS)
