"""TIFF and DNG: marks in the first directory, the manifest in the last page's, nothing moved.

TIFF 6.0, BigTIFF, DNG 1.7; XMP part 3 §1.1.6; C2PA 2.4 A.3.6. Strips and tiles, SubIFDs, maker
notes and all pages stay where they are. An edit appends new values and new directories; only what
an earlier edit had left at the very end is written over.
"""

from __future__ import annotations

from collections.abc import Iterator

from genlabel.formats.edits import Edit, Span, spans
from genlabel.formats.format import Format, FormatSurvey, as_it_is
from genlabel.formats.jpeg import image_resources
from genlabel.formats.slots import (
    EXIF,
    IIM,
    MANIFEST,
    MAX_METADATA,
    OWN_DIRECTORY,
    XMP,
    Slot,
    SlotChanges,
)
from genlabel.formats.tiff import coverage, directories, exif_tags, layout as tiff_layout
from genlabel.formats.tiff.append import Changes, NewValue
from genlabel.formats.tiff.chain import behind, drafted
from genlabel.formats.tiff.directories import Directory, Entry, Tiff, opened_file
from genlabel.formats.tiff.layout import Branch, Layout
from genlabel.model.errors import MalformedAsset, MalformedMetadata
from genlabel.storage.buffers import Buffer

NAME = "tiff"

_BEGINNINGS = (b"II*\0", b"MM\0*", b"II+\0\x08\0\0\0", b"MM\0+\0\x08\0\0")
_CANON = b"CR"  # at 8: a CR2 file, whose other directories only Canon knows
_CAMERA_RAW = "a camera's own raw file, into which only its maker can safely write"
_PHOTOMETRIC, _CFA, _LINEAR_RAW = 262, 32803, 34892  # TIFF/EP; DNG 1.7 chapter 4


def _accepts(head: Buffer) -> bool:
    """Does it begin with a TIFF header, classic or BigTIFF, that is no Canon raw file's?"""
    return bytes(head[:8]).startswith(_BEGINNINGS) and bytes(head[8:10]) != _CANON


def _parse(view: memoryview) -> FormatSurvey[Layout]:
    """The directories with all that they list, payloads and anomalies; no strip is read."""
    try:
        layout = tiff_layout.laid_out(opened_file(view))
        blocks = tiff_layout.blocks(layout)
        _check_manifest(layout)
    except MalformedMetadata as error:
        raise MalformedAsset(NAME, str(error).removeprefix("tiff: ")) from error
    payloads, spare, anomalies = _payloads(layout)
    return FormatSurvey(
        data=view,
        format=NAME,
        parsed=layout,
        width=_number(layout, tiff_layout.WIDTH),
        height=_number(layout, tiff_layout.LENGTH),
        frames=max(1, len(layout.pages)),
        blocks=blocks,
        payloads=payloads,
        spare=spare,
        anomalies=tuple(anomalies),
        unsignable=_CAMERA_RAW if _is_camera_raw(layout) else None,
        # c2pa-rs 0.91 writes the first directory once more; to several pages it adds one that holds
        # nothing but the manifest; of BigTIFF's entries of 20 bytes it protects 16 each.
        embeds=True,
        apart=not layout.tiff.big if len(layout.pages) > 1 else None,
        # the entry that points to the manifest is hashed
        manifest_spans=spans(blocks, tiff_layout.MANIFEST_BLOCK),
        stores=max(1, _stores(layout)),
        length_spans=_counts(layout),
    )


def _edits(survey: FormatSurvey[Layout], wanted: SlotChanges) -> list[Edit]:
    """New directories at the end of the file, with the payloads of some slots set or removed.

    XMP, IIM and Exif stand in the first directory, a manifest in the last page's, its bytes
    behind all others; or, where that is asked for, in one of its own. Refused is what cannot be
    extended safely: tags that stand there twice, texts that are none, offsets beyond 4 GB.
    """
    layout = survey.parsed
    tiff, main = layout.tiff, layout.main
    below: dict[int, Changes] = {}
    first: dict[int, NewValue | None] = {}
    if XMP in wanted:
        first |= _bytes(main, tiff_layout.XMP, wanted[XMP], otherwise=directories.BYTE)
    if IIM in wanted:
        first |= _iim_changes(tiff, main, wanted[IIM])
    if EXIF in wanted:
        below = exif_tags.changes(tiff, main, wanted[EXIF])
        first |= below.pop(0, {})
    first = {tag: new for tag, new in first.items() if new is not None or main.get(tag)}
    chain = list(layout.chain)
    edits = {0: first} if first or any(below.values()) else {}
    own = wanted.get(OWN_DIRECTORY)
    store = wanted.get(MANIFEST) or own
    if MANIFEST in wanted or own:
        while len(chain) > 1 and _is_manifest_only(chain[-1]):
            chain.pop()
        for number in {0, len(chain) - 1}:
            if chain[number].directory.get(tiff_layout.C2PA) is not None:
                edits.setdefault(number, {})[tiff_layout.C2PA] = None
        if store is not None and own is None:
            edits.setdefault(len(chain) - 1, {})[tiff_layout.C2PA] = behind(tiff, store)
    if not edits and own is None and len(chain) == len(layout.chain):
        return []
    return drafted(layout, chain, edits, below, store, apart=own is not None)


def _essence(survey: FormatSurvey[Layout]) -> Iterator[memoryview]:
    """For every picture, those below a page too, what decoders need to know and its coded data."""
    return tiff_layout.essence(survey.parsed)


def _payloads(
    layout: Layout,
) -> tuple[dict[Slot, bytes], dict[Slot, tuple[bytes, ...]], list[str]]:
    payloads: dict[Slot, bytes] = {}
    spare: dict[Slot, tuple[bytes, ...]] = {}
    anomalies: list[str] = []
    tiff, main = layout.tiff, layout.main
    tags = [entry.tag for entry in main.entries]
    if len(set(tags)) < len(tags):
        anomalies.append("tags that stand twice in the first directory")
    for slot, holder, tag in (
        (XMP, main, tiff_layout.XMP),
        (IIM, main, tiff_layout.IPTC),
        (MANIFEST, _manifest_holder(layout), tiff_layout.C2PA),
    ):
        entry = holder.get(tag)
        if entry is None:
            continue
        value = _value(tiff, entry)
        if value is None:
            anomalies.append(f"{slot} that lies outside the file or is too long, not read")
        else:
            payloads[slot] = value
    resources = _resources(tiff, main)
    if resources:
        found = image_resources.surveyed(resources, where="Photoshop")
        anomalies += found.anomalies
        if found.data is not None:
            first = payloads.setdefault(IIM, found.data)
            spare[IIM] = tuple(each for each in (found.data, *found.further) if each != first)
            if first != found.data:
                anomalies.append("IIM among Photoshop's resources that says something else")
    words = exif_tags.gathered(tiff, main)
    if words is not None:
        payloads[EXIF] = words
    return payloads, spare, anomalies


def _manifest_holder(layout: Layout) -> Directory:
    """The last directory, or the first one where the last has no manifest, as C2PA 1.3 had it."""
    last = layout.chain[-1].directory
    return last if last.get(tiff_layout.C2PA) is not None else layout.main


def _stores(layout: Layout) -> int:
    """How many entries of the whole file call their value a manifest."""
    called = [
        entry
        for branch in layout.branches()
        for entry in branch.directory.entries
        if entry.tag == tiff_layout.C2PA
    ]
    return len(called)


def _counts(layout: Layout) -> tuple[Span, ...]:
    """Where the entry of the manifest has its count; the engine leaves it out of the hash."""
    tiff, holder = layout.tiff, _manifest_holder(layout)
    if holder.get(tiff_layout.C2PA) is None:
        return ()
    for number, entry in enumerate(holder.entries):
        if entry.tag == tiff_layout.C2PA:
            start = holder.offset + tiff.head + number * tiff.row + 4  # behind tag and type
            return ((start, start + tiff.width),)
    return ()


def _check_manifest(layout: Layout) -> None:
    entry = _manifest_holder(layout).get(tiff_layout.C2PA)
    place = layout.tiff.span(entry) if entry is not None else None
    if place is not None and place[1] > len(layout.tiff.data):
        past = place[1] - len(layout.tiff.data)
        raise MalformedMetadata(f"tiff: manifest at {place[0]:,} runs {past:,} bytes past the end")


def _value(tiff: Tiff, entry: Entry) -> bytes | None:
    if directories.SIZES.get(entry.type, 0) * entry.count > MAX_METADATA:
        return None
    value = tiff.value(entry)
    if value is not None and entry.type == directories.LONG and entry.tag == tiff_layout.IPTC:
        return value.rstrip(b"\0")  # libtiff's own type for IIM, filled up to whole numbers
    return value


def _bytes(
    main: Directory, tag: int, payload: bytes | None, *, otherwise: int
) -> dict[int, NewValue | None]:
    """The change that gives a tag these bytes, in its own type if it is one of single bytes."""
    if payload is None:
        return {tag: None}
    old = main.get(tag)
    kind = (
        old.type
        if old is not None and old.type in (directories.BYTE, directories.UNDEFINED)
        else otherwise
    )
    return {tag: NewValue(type=kind, count=len(payload), data=payload)}


def _iim_changes(tiff: Tiff, main: Directory, payload: bytes | None) -> dict[int, NewValue | None]:
    """IIM in its tag, and in Photoshop's resources where it stands there too."""
    old = main.get(tiff_layout.IPTC)
    changes = _bytes(main, tiff_layout.IPTC, payload, otherwise=directories.UNDEFINED)
    if payload and old is not None and old.type == directories.LONG and payload[-1]:
        whole = payload + bytes(-len(payload) % 4)
        changes[tiff_layout.IPTC] = NewValue(
            type=directories.LONG, count=len(whole) // 4, data=whole
        )
    resources = _resources(tiff, main)
    if resources:
        synced = image_resources.synced(resources, payload)
        if synced != resources:
            changes |= _bytes(
                main, tiff_layout.PHOTOSHOP, synced or None, otherwise=directories.BYTE
            )
    return changes


def _resources(tiff: Tiff, main: Directory) -> bytes | None:
    entry = main.get(tiff_layout.PHOTOSHOP)
    return (
        _value(tiff, entry)
        if entry is not None and directories.SIZES.get(entry.type) == 1
        else None
    )


def _is_manifest_only(branch: Branch) -> bool:
    return {entry.tag for entry in branch.directory.entries} == {tiff_layout.C2PA}


def _is_camera_raw(layout: Layout) -> bool:
    """A mosaic of a sensor's pixels, and no DNG."""
    if layout.main.get(tiff_layout.DNG_VERSION) is not None:
        return False
    entries = (branch.directory.get(_PHOTOMETRIC) for branch in layout.branches())
    return any(
        layout.tiff.numbers(entry) in ((_CFA,), (_LINEAR_RAW,)) for entry in entries if entry
    )


def _number(layout: Layout, tag: int) -> int | None:
    entry = layout.main.get(tag)
    numbers = layout.tiff.numbers(entry) if entry is not None and entry.count == 1 else None
    return numbers[0] if numbers else None


TIFF = Format(
    name=NAME,
    media_type="image/tiff",
    suffixes=(".tif", ".tiff", ".dng"),
    slots=frozenset({XMP, IIM, EXIF, MANIFEST}),
    written=frozenset({OWN_DIRECTORY}),
    accepts=_accepts,
    parse=_parse,
    edits=_edits,
    wrapped=as_it_is,
    essence=_essence,
    unseen=lambda survey: coverage.unseen(survey.parsed),
    pointed=lambda survey: coverage.pointed(survey.parsed),
    # what edits leave behind is listed no longer, and says nothing
    coded=lambda name: name.endswith(" data"),
)
