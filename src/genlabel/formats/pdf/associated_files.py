"""PDF's manifest: a file that is attached to the whole document, found, put in and taken out.

ISO 32000-2 §7.11.4 and §14.13.2, C2PA 2.4 A.4: an embedded file stream, a file specification that
says C2PA_Manifest, the catalog's associated files, and a name in the tree of embedded files.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from genlabel.formats.malformed import no_room
from genlabel.formats.pdf import name_tree, streams
from genlabel.formats.pdf.incremental_update import Edits
from genlabel.formats.pdf.name_tree import Names
from genlabel.formats.pdf.object_lookup import Objects, Placed
from genlabel.formats.pdf.parser import NAME, Array, Dictionary, Name, Reference
from genlabel.formats.pdf.xref import Stored
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import MalformedAsset, MalformedMetadata

_MAX_FILES = 10_000  # associated files that are looked through for a manifest
_RELATIONSHIP = b"C2PA_Manifest"
_TITLE = b"Content Credentials"  # the name by which c2pa-rs finds and takes out what it put in
_FILE = b"content_credential.c2pa"  # the name that C2PA 2.4 gives the file in archives
_MEDIA_TYPE = b"application#2Fc2pa"  # as a name, in which a solidus is escaped (§7.3.5)


@dataclass(frozen=True, slots=True)
class Manifest:
    """An associated file that says it is the document's manifest."""

    listed: Reference | None
    """Its file specification; None where the list holds that itself."""
    reference: Reference | None
    """Its embedded file stream."""
    stored: Stored | None
    """None where there is none, or it is damaged."""
    whole: bool
    """Are these a file specification and a manifest store, and nothing else besides?"""

    @property
    def objects(self) -> tuple[Reference, ...]:
        """The file specification and the stream, as far as they are objects."""
        return tuple(each for each in (self.listed, self.reference) if each is not None)


@dataclass(frozen=True, slots=True)
class Attached:
    """What is attached to a document: the manifests, and what is needed to change them."""

    catalog: Placed
    dictionary: Dictionary
    """The catalog's."""
    files: Array | None = None
    """The associated files; None where they cannot be read."""
    within: Placed | None = None
    """The object in which that list is written."""
    manifests: tuple[tuple[int, Manifest], ...] = ()
    """Each with its place in the list."""
    names: Names | None = None
    """None where the tree of names is damaged."""
    damage: tuple[str, ...] = ()
    obstacle: str | None = None
    """Why no manifest can be attached; None when one can."""

    @property
    def first(self) -> Manifest | None:
        """The manifest that readers take: the first that the list refers to (C2PA 2.4 A.4)."""
        return next((each for _, each in self.manifests if each.listed is not None), None)

    @property
    def whole(self) -> tuple[Manifest, ...]:
        """The manifests whose objects are nothing else."""
        return tuple(each for _, each in self.manifests if each.whole)

    def content(self) -> Iterator[bytes]:
        """All that the catalog, its names and its associated files say, in one order, without
        metadata and manifests.
        """
        apart = {b"Metadata"}
        if self.files is not None:
            apart.add(b"AF")
        if self.names is not None:
            apart.add(b"Names")
        for key, (start, end) in sorted(self.dictionary.spans.items()):
            if key not in apart:
                yield bytes(self.catalog.buffer[start:end])
        if self.files is not None and self.within is not None:
            places = {at for at, _ in self.manifests}
            for at, (start, end) in enumerate(self.files.spans):
                if at not in places:
                    yield bytes(self.within.buffer[start:end])
        if self.names is not None:
            yield from self.names.content(self._listed())

    def numbers(self) -> Iterator[int]:
        """The objects of which `content` and the manifests consist."""
        yield self.catalog.reference.number
        if self.names is not None:
            yield from self.names.numbers()
        for manifest in self.whole:
            yield from (each.number for each in manifest.objects)

    def put(self, edits: Edits, store: bytes) -> None:
        """Attach `store` in the place of what is attached as a manifest.

        Raises `MalformedMetadata` where there is an obstacle.
        """
        if self.obstacle is not None:
            raise no_room(f"pdf: {self.obstacle}")
        head = b"<</Type/EmbeddedFile/Subtype/%s/Params<</Size %d>>/Length %d>>"
        size = len(store)
        body = head % (_MEDIA_TYPE, size, size) + b"\nstream\n" + store + b"\nendstream"
        kept = next(iter(self.whole), None)
        edits.leave(self._referred())
        if kept is not None and kept.listed is not None and kept.reference is not None:
            edits.put(kept.reference, body)
            file = kept.listed
        else:
            stream = edits.add(body)
            described = b"/F(%s)/UF(%s)/Desc(%s)/EF<</F %d %d R>>" % (_FILE, _FILE, _TITLE, *stream)
            file = edits.add(b"<</Type/Filespec/AFRelationship/%s%s>>" % (_RELATIONSHIP, described))
        self._drop(edits, kept)
        self._list(edits, kept, b"" if kept else b"%d %d R" % file)
        if self.names is not None and not self.names.has(file):
            self.names.put(edits, self.catalog, self.dictionary, _TITLE, file)

    def take(self, edits: Edits) -> None:
        """Take every manifest out."""
        self._drop(edits, None)
        self._list(edits, None, b"")

    def _drop(self, edits: Edits, kept: Manifest | None) -> None:
        """Free what other manifests consist of, and their names."""
        for manifest in self.whole:
            for each in manifest.objects:
                if kept is None or each not in kept.objects:
                    edits.put(each, None)
        if self.names is not None:
            others = self._listed() - ({kept.listed} if kept and kept.listed else set())
            self.names.take(edits, others)

    def _list(self, edits: Edits, kept: Manifest | None, new: bytes) -> None:
        """The list of associated files without the manifests but `kept`, and with `new`."""
        gone = {at for at, each in self.manifests if kept is None or each.listed != kept.listed}
        if not gone and not new:
            return
        left = [new] if new else []
        if self.files is not None and self.within is not None:
            entries = [bytes(self.within.buffer[start:end]) for start, end in self.files.spans]
            left = [entry for at, entry in enumerate(entries) if at not in gone] + left
        # In the catalog itself, where all readers look: an array of its own might be somebody's too
        written = b"[" + b" ".join(left) + b"]" if left else b""
        edits.entry(self.catalog, self.dictionary, b"AF", written)

    def _referred(self) -> Iterator[Reference]:
        """What the lists refer to, even where nothing is yet."""
        yield from (each for each in self.files or () if isinstance(each, Reference))
        if self.names is not None:
            yield from self.names.values()

    def _listed(self) -> set[Reference]:
        return {each.listed for _, each in self.manifests if each.listed is not None}


def read(objects: Objects, catalog: Placed, dictionary: Dictionary) -> Attached:
    """What is attached to a document, by its catalog's `dictionary`; nothing is raised."""
    damage: list[str] = []
    files: Array | None = None
    within: Placed | None = None
    manifests: list[tuple[int, Manifest]] = []
    try:
        within, files = _files(objects, catalog, dictionary)
        metadata = dictionary.get(b"Metadata")
        tied = {catalog.reference.number}
        tied |= {metadata.number} if isinstance(metadata, Reference) else set()
        for at, each in enumerate(files):
            file = objects.value(each)
            if not isinstance(file, Dictionary):
                continue
            if objects.value(file.get(b"AFRelationship")) == Name(_RELATIONSHIP):
                listed = each if isinstance(each, Reference) else None
                manifest = _manifest(objects, listed, file, damage)
                if tied & {each.number for each in manifest.objects}:
                    manifest = replace(manifest, whole=False)
                manifests.append((at, manifest))
    except MalformedAsset as error:
        damage.append(_reason(error))
        files, within, manifests = None, None, []
    names: Names | None = None
    try:
        names = _apart(name_tree.read(objects, catalog, dictionary), manifests)
    except MalformedAsset as error:
        damage.append(_reason(error))
    obstacle = None
    if files is None:
        obstacle = "has associated files that cannot be read, so no manifest can join them"
    elif names is None and not any(each.whole for _, each in manifests):
        obstacle = "has embedded files whose names cannot be read, so no manifest can join them"
    return Attached(
        catalog, dictionary, files, within, tuple(manifests), names, tuple(damage), obstacle
    )


def joined(
    objects: Objects, attached: Attached, others: Iterable[tuple[Reference, Dictionary]]
) -> Attached:
    """`attached` with file specifications that no list names; readers may find them."""
    damage: list[str] = []
    found = [(-1, _manifest(objects, listed, file, damage)) for listed, file in others]
    manifests = (*attached.manifests, *found)
    return replace(attached, manifests=manifests, damage=(*attached.damage, *damage))


def _apart(names: Names, manifests: list[tuple[int, Manifest]]) -> Names:
    """The names, if no object of theirs is a manifest's."""
    theirs = {each.number for _, manifest in manifests for each in manifest.objects}
    if theirs & set(names.numbers()):
        raise MalformedAsset(NAME, "has a manifest among its names")
    return names


def _files(objects: Objects, catalog: Placed, dictionary: Dictionary) -> tuple[Placed, Array]:
    value = dictionary.get(b"AF")
    within = objects.placed(value) if isinstance(value, Reference) else catalog
    files = within.value if isinstance(value, Reference) and within else value
    if files is None or within is None:
        return catalog, Array((), 0, 0, [])
    if not isinstance(files, Array) or len(files) > _MAX_FILES:
        raise MalformedAsset(NAME, "has associated files that are no list, or too long a one")
    return within, files


def _manifest(
    objects: Objects, listed: Reference | None, described: Dictionary, damage: list[str]
) -> Manifest:
    kind = described.get(b"Type")
    plain = kind is None or (isinstance(kind, Name) and kind.lower() in (b"filespec", b"f"))
    embedded = objects.value(described.get(b"EF"))
    reference = embedded.get(b"F") if isinstance(embedded, Dictionary) else None
    if not isinstance(reference, Reference):
        return Manifest(listed, None, None, whole=False)
    try:
        stored = objects.stream(reference)
    except MalformedAsset as error:
        damage.append(_reason(error))
        stored = None
    if stored is None:
        return Manifest(listed, None, None, whole=False)
    whole = listed is not None and plain and begins_as_a_store(objects, stored)
    return Manifest(listed, reference, stored, whole)


def begins_as_a_store(objects: Objects, stored: Stored) -> bool:
    """Is it a manifest store? JUMBF superboxes begin with their length and type (ISO 19566-5)."""
    raw = objects.view[stored.start : stored.end]
    if stored.dictionary.get(b"Filter") is None:
        return bytes(objects.view[stored.start + 4 : stored.start + 8]) == b"jumb"
    try:
        return streams.content(stored.dictionary, raw)[4:8] == b"jumb"
    except MalformedMetadata:
        return False


def _reason(error: MalformedAsset) -> str:
    return str(error).removeprefix("pdf: ")
