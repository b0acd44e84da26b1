"""What each operation of the table of formats must do, and whose eyes saw that it did it.

A container's cell says yes when every kind of it was seen to do what is asked here. That labels
are written is a row of the table already: another program read them back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import ModuleType

import genlabel
from evidence import Cell, Kind, marks_of
from foreign_files import SOURCE_TYPE, WRITTEN, Foreign, foreign
from genlabel import (
    Integrity,
    Lineage,
    Mark,
    Report,
    Severity,
    Signed,
    Survival,
    formats,
)
from genlabel.formats.format import EXIF, IIM, MANIFEST, XMP, Slot
from genlabel.testing import Authority
from label_read import LABEL, TAGS_OF, exif_in_pillow, read_back
from oracles import raw
from oracles.chain import Chain
from oracles.exiftool import Exiftool

SLOTS: Mapping[str, Slot] = {"manifest": MANIFEST, "iptc": XMP, "iim": IIM, "exif": EXIF}
_CREATOR, _OTHER = b"Ada Lovelace", b"Ida Lovelace"
ENGINE = "the bare C2PA engine"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """The files of every kind, made when the first test asks for them, and who looks at them."""

    authority: Authority
    chain: Chain
    exiftool: Exiftool
    encypher: ModuleType
    labelled: Mapping[str, Signed]
    made: dict[tuple[str, str], Foreign | Signed | bytes] = field(default_factory=dict)

    def foreign(self, kind: Kind) -> Foreign:
        """With other people's metadata."""
        made = self._once("foreign", kind, lambda: foreign(kind, marks_of(kind), self.exiftool))
        assert isinstance(made, Foreign)
        return made

    def raw(self, kind: Kind) -> bytes:
        """The same, signed by the engine without genlabel's part in it."""
        made = self._once("raw", kind, lambda: self.signed_raw(kind, raw.generated()))
        assert isinstance(made, bytes)
        return made

    def signed_raw(self, kind: Kind, manifest: raw.Manifest) -> bytes:
        """The same with that manifest."""
        # What comes before signing: of some HEIC files the engine alone would lose the picture
        data = _with(self.foreign(kind).data, {MANIFEST: None})
        return raw.sign(data, formats.identify(data).media_type, self.chain, manifest)

    def others(self, kind: Kind) -> bytes:
        """All that others wrote: with their manifest where one can be embedded."""
        return self.raw(kind) if "manifest" in marks_of(kind) else self.foreign(kind).data

    def merged(self, kind: Kind) -> Signed:
        """That with our label over it."""
        made = self._once("merged", kind, lambda: self.sign(self.others(kind)))
        assert isinstance(made, Signed)
        return made

    def sign(self, data: bytes) -> Signed:
        """`data` with the label in every mark."""
        return genlabel.sign(data, LABEL, self.authority.signer())

    def verify(self, data: bytes) -> Report:
        """Our report, by both credentials' anchors."""
        trust = genlabel.Trust.of(signers=[self.authority.anchors, self.chain.anchor])
        return genlabel.verify(data, trust=trust)

    def rejected(self, data: bytes) -> bool:
        """Does encypher-c2pa refuse it?"""
        mime = formats.identify(data).media_type
        return not self.encypher.verify(data, mime, self.authority.anchors).accepted

    def tags(self, mark: str, data: bytes) -> tuple[Mapping[str, object], str]:
        """What the mark says, and the program that read it."""
        if mark == "exif" and data[1:4] == b"PNG":  # ExifTool takes it for a part of the manifest
            return exif_in_pillow(data), "Pillow"
        return self.exiftool.read(data), "ExifTool"

    def _once(
        self, what: str, kind: Kind, make: Callable[[], Foreign | Signed | bytes]
    ) -> Foreign | Signed | bytes:
        if (what, kind.name) not in self.made:
            self.made[what, kind.name] = make()
        return self.made[what, kind.name]


def shown(cell: Cell, kind: Kind, bench: Bench) -> str:
    """Fails unless the operation does what it must; else the programs that confirmed it."""
    manifest, metadata = _SHOWN[cell.operation]
    if cell.mark == "manifest":
        return manifest(kind, bench)
    return metadata(kind, cell.mark, bench)


def _manifest_read(kind: Kind, bench: Bench) -> str:
    report = bench.verify(bench.raw(kind))
    assert report.integrity is Integrity.INTACT
    assert report.signer is not None
    assert report.signer.organisation == bench.chain.organisation
    said = report.marks[Mark.MANIFEST]
    assert (said.source_type, said.generator) == (SOURCE_TYPE, "ModelX")
    return ENGINE


def _metadata_read(kind: Kind, mark: str, bench: Bench) -> str:
    made = bench.foreign(kind)
    said = bench.verify(made.data).marks[Mark(mark)]
    if mark == "iptc":
        assert said.source_type == SOURCE_TYPE
    else:
        assert said.creator == ("Jane Doe",)
    return made.by[mark]


def _manifest_merged(kind: Kind, bench: Bench) -> str:
    parent, signed = bench.raw(kind), bench.merged(kind)
    assert signed.report.integrity is Integrity.INTACT
    assert signed.report.lineage is Lineage.INTACT
    (below,) = signed.report.ingredients
    assert below.manifest_id == bench.verify(parent).manifest_id
    assert (below.relationship, below.integrity) == ("parentOf", Integrity.INTACT)
    anchors = bench.authority.anchors + bench.chain.anchor
    theirs = bench.encypher.verify(signed.data, formats.identify(signed.data).media_type, anchors)
    assert (theirs.state, theirs.report["hard_binding"]) == ("Trusted", "match")
    # recorded when the parent was taken in, by a signer who named nobody whom to trust
    assert theirs.codes <= {"signingCredential.untrusted"}
    return f"{ENGINE}, encypher-c2pa"


def _metadata_merged(kind: Kind, mark: str, bench: Bench) -> str:
    signed = bench.merged(kind)
    same_essence(bench.others(kind), signed.data)
    tags, by = bench.tags(mark, signed.data)
    read_back(mark, tags)
    name, value = list(WRITTEN[mark].items())[1]
    assert tags[name] == value
    return ", ".join(dict.fromkeys((bench.foreign(kind).by[mark], by)))


def _manifest_verified(kind: Kind, bench: Bench) -> str:
    data = bench.labelled[kind.name].data
    store = _payloads(data)[MANIFEST]
    at = store.rindex(b"trainedAlgorithmicMedia")
    changed = _with(data, {MANIFEST: store[:at] + b"T" + store[at + 1 :]})
    assert bench.verify(changed).integrity is Integrity.BROKEN
    assert bench.rejected(changed)

    # an intact manifest that says something else than the XMP
    report = bench.verify(bench.signed_raw(kind, raw.generated("digitalCapture")))
    assert report.integrity is Integrity.INTACT
    _disagreeing(report, "source_type", "manifest", Severity.ERROR)
    return "encypher-c2pa"


def _metadata_verified(kind: Kind, mark: str, bench: Bench) -> str:
    signed = bench.labelled[kind.name]
    changed = _saying_otherwise(signed.data, SLOTS[mark])
    report = bench.verify(changed)
    assert report.integrity is Integrity.BROKEN
    _disagreeing(report, "creator", mark, Severity.WARNING)
    assert bench.rejected(changed)
    return "encypher-c2pa"


def _manifest_missed(kind: Kind, bench: Bench) -> str:
    data = bench.labelled[kind.name].data
    copy = _with(data, {MANIFEST: None})
    assert not bench.encypher.verify(copy, formats.identify(copy).media_type, None).present
    report = genlabel.strip_check(copy, against=data)
    assert report.lost == (Mark.MANIFEST,)
    kept = {each for each, fate in report.marks.items() if fate is Survival.KEPT}
    assert kept == {Mark(each) for each in marks_of(kind) - {"manifest"}}
    return "encypher-c2pa"


def _metadata_missed(kind: Kind, mark: str, bench: Bench) -> str:
    signed = bench.labelled[kind.name]
    copy = _with(signed.data, {SLOTS[mark]: None})
    tags, by = bench.tags(mark, copy)
    assert not TAGS_OF[mark].keys() & tags.keys()
    report = genlabel.strip_check(copy, against=signed.data)
    assert report.lost == (Mark(mark),)
    # what is gone was signed, so the manifest that stays is no longer true
    assert report.marks[Mark.MANIFEST] is Survival.BROKEN
    kept = {each for each, fate in report.marks.items() if fate is Survival.KEPT}
    assert kept == {Mark(each) for each in marks_of(kind) - {"manifest", mark}}
    return by


_SHOWN: Mapping[str, tuple[Callable[[Kind, Bench], str], Callable[[Kind, str, Bench], str]]] = {
    "read": (_manifest_read, _metadata_read),
    "merge": (_manifest_merged, _metadata_merged),
    "verify": (_manifest_verified, _metadata_verified),
    "strip-check": (_manifest_missed, _metadata_missed),
}


def same_essence(one: bytes, other: bytes) -> None:
    """Fails unless both files hold the same coded picture, to the last byte."""
    container = formats.identify(one)
    assert formats.identify(other) is container
    coded = [b"".join(container.essence(container.survey(each))) for each in (one, other)]
    assert coded[0] == coded[1] != b""


def _payloads(data: bytes) -> Mapping[Slot, bytes]:
    return formats.identify(data).survey(data).payloads


def _with(data: bytes, changes: Mapping[Slot, bytes | None]) -> bytes:
    container = formats.identify(data)
    return b"".join(container.rewrite(container.survey(data), changes))


def _saying_otherwise(data: bytes, slot: Slot) -> bytes:
    """`data` with one byte changed, by which the creator in that slot, and no other, is another."""
    before = _payloads(data)
    at = data.find(_CREATOR)
    while at >= 0:
        changed = data[:at] + _OTHER + data[at + len(_OTHER) :]
        now = _payloads(changed)
        if {each for each in before if before[each] != now.get(each)} == {slot}:
            return changed
        at = data.find(_CREATOR, at + 1)
    raise AssertionError(f"{slot}: no place that alone says who made it")


def _disagreeing(report: Report, name: str, mark: str, severity: Severity) -> None:
    found = [each for each in report.findings if each.code == f"genlabel.marks.disagree.{name}"]
    assert any(mark in (each.where or "").split(", ") for each in found)
    assert {each.severity for each in found} == {severity}
