"""Files worth attacking, one or more a container with every mark in them, and how one survives."""

from __future__ import annotations

import time

from drawn_kinds import EXIF_BYTES, FILMS, kinds, packet, rewritten, store
from genlabel.formats import identify, recognise
from genlabel.formats.edits import splice
from genlabel.formats.format import EXIF, IIM, MANIFEST, XMP
from genlabel.model.errors import MalformedAsset, MalformedMetadata
from genlabel.storage.buffers import joined
from oracles import films

FULL = {
    "jpeg": rewritten(
        kinds()["mpo"], {XMP: packet(), EXIF: EXIF_BYTES, IIM: b"\x1c\x02\0", MANIFEST: store(60)}
    ),
    "png": rewritten(kinds()["apng"], {XMP: packet(), EXIF: EXIF_BYTES, MANIFEST: store(60)}),
    "webp": rewritten(kinds()["webp animated"], {XMP: packet(), MANIFEST: store(60)}),
    "gif": rewritten(kinds()["gif animated"], {XMP: packet(), MANIFEST: store(60)}),
    "wav": rewritten(kinds()["wav full"], {XMP: packet(), MANIFEST: store(60)}),
    "avi": rewritten(kinds()["avi full"], {XMP: packet(), MANIFEST: store(60)}),
    "jxl": rewritten(
        kinds()["jxl compressed"], {XMP: packet(), EXIF: EXIF_BYTES, MANIFEST: store(60)}
    ),
    "svg": rewritten(kinds()["svg full"], {XMP: packet(), MANIFEST: store(60)}),
    "tiff": rewritten(kinds()["tiff two pages"], {XMP: packet(), MANIFEST: store(60)}),
    "bigtiff": rewritten(kinds()["bigtiff pages"], {XMP: packet(), MANIFEST: store(60)}),
    "dng": rewritten(kinds()["dng"], {XMP: packet(), MANIFEST: store(60)}),
    "avif": rewritten(kinds()["avif film"], {XMP: b"xmp", EXIF: EXIF_BYTES, MANIFEST: store(60)}),
    "heic": rewritten(kinds()["heif"], {XMP: b"xmp", EXIF: EXIF_BYTES, MANIFEST: store(60)}),
    "mp3": rewritten(kinds()["mp3"], {XMP: packet(), MANIFEST: store(60)}),
    "flac": rewritten(kinds()["flac full"], {XMP: packet(), MANIFEST: store(60)}),
    "pdf": kinds()["pdf object stream"],
    "pdf attached": rewritten(kinds()["pdf with attachments"], {MANIFEST: store(60)}),
    "pdf updated": rewritten(kinds()["pdf updated"], {XMP: packet(), MANIFEST: store(60)}),
    **(
        {
            name: rewritten(kinds()[kind], {XMP: packet(), MANIFEST: store(60)})
            for name, kind in (
                ("mp4", "mp4 tables first"),
                ("mp4 fragmented", "mp4 fragmented"),
                ("mov", "mov tables first"),
                ("m4a", "m4a"),
            )
        }
        if films.is_here()
        else {}
    ),
}
"""Small files, so that much of each is structure; films come from ffmpeg."""
ENDLESS = 5.0
"""Seconds after which one small file is taken for an endless loop, also on a busy machine."""


def survive(data: bytes) -> None:
    """Survey and rewrite whatever can be surveyed; only our two exceptions may come, and soon."""
    started = time.perf_counter()
    _survive(data)
    assert time.perf_counter() - started < ENDLESS


def _survive(data: bytes) -> None:
    container = recognise(data)
    if container is None:
        return
    try:
        survey = container.survey(data)
    except MalformedAsset:
        return
    if survey.repairs:  # which a label is never written without (decision 130)
        survey = container.survey(joined(splice(survey.data, survey.repairs)))
    # pages and tracks may share what they need; a first frame may be the still picture, too
    times = {"tiff": 16, **dict.fromkeys(("avif", "heic", *FILMS), 10)}.get(container.name, 1)
    assert sum(len(view) for view in container.essence(survey)) <= times * len(data) + 10
    assert all(0 <= start < end <= len(data) for start, end in survey.manifest_spans)
    for wished in ({XMP: packet("x"), EXIF: EXIF_BYTES, MANIFEST: None}, {MANIFEST: store(99)}):
        changes = {slot: wished[slot] for slot in wished if slot in container.slots}
        try:
            made = b"".join(container.rewrite(survey, changes))
        except (MalformedAsset, MalformedMetadata):  # an index is read when something moves
            continue
        after = container.survey(made)
        assert after.payloads.items() >= {k: v for k, v in changes.items() if v is not None}.items()
        assert identify(made) is container
