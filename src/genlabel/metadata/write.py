"""Write a label into all metadata marks of a file: changes, promises, replaced values.

The marks do not know each other. Here they are read together, so that a fallback such as the
producer as credit never sets a name beside one that another mark has had all along.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from genlabel.formats.format import Slot
from genlabel.metadata import METADATA_MARKS, iptc
from genlabel.metadata.mark import MetadataMark, is_wanted
from genlabel.metadata.xmp.versions import Version
from genlabel.model.carried import agree, carried_by
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import LabelError, MalformedMetadata
from genlabel.model.label import Label
from genlabel.model.report import NOTHING, Declaration, Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """What a label comes to in the metadata of one file."""

    changes: Mapping[Slot, bytes | None]
    """For the container's `rewrite`; empty when everything is said already."""
    promised: Mapping[Mark, Declaration]
    """What each readable mark says once the changes are made, written or not."""
    refused: Mapping[Mark, MalformedMetadata]
    """Marks whose block is there and cannot be read or extended; it stays as it is."""
    replaced: tuple[str, ...]
    """Words of the file that the label replaces, e.g. ``iptc credit: 'AFP'``."""

    def spoken_for(self, label: Label) -> frozenset[str]:
        """Fields in which the file's own words forbid a fallback of the manifest.

        A photographer's by-line that stays is not contradicted by the producer as creator.
        """
        meant = dict(carried_by(Mark.MANIFEST, label))
        return frozenset(
            name
            for mark, declaration in self.promised.items()
            for name, value in declaration
            if (own := meant.get(name)) is not None
            and own != value
            and not agree(name, value, mark, own, Mark.MANIFEST)
        )


def write(
    existing: Mapping[Slot, bytes],
    label: Label,
    *,
    slots: Collection[Slot],
    limit: int | None = None,
    exif_limit: int | None = None,
    only: Collection[Mark] | None = None,
    left: Mapping[Mark, MalformedMetadata] | None = None,
    version: Version | None = None,
) -> Writing:
    """What `label` changes in a file with these payloads.

    `slots` are those that the container has a place for, `limit` and `exif_limit` its `xmp_limit`
    and `exif_limit`. With `only`, the other marks are left as they are, and so are those in
    `left`, for the reason given. A mark that the container has no place for speaks all the same,
    and is not written. XMP says which `version` of its document the file becomes. Raises
    `LabelError` where one of `only` has no place.
    """
    here = {slot: payload for slot, payload in existing.items() if slot in slots}
    marks = [each for each in METADATA_MARKS if each.SLOTS[0] in slots]
    if only is not None and (homeless := set(only) - {each.MARK for each in marks}):
        raise LabelError(
            f"{', '.join(sorted(homeless))}: this format has no place for it",
            remedy="choose among " + ", ".join(each.MARK for each in marks),
        )
    before: dict[Mark, Declaration] = {}
    refused: dict[Mark, MalformedMetadata] = dict(left or {})
    for each in METADATA_MARKS:
        if existing.keys().isdisjoint(each.SLOTS):
            before[each.MARK] = NOTHING
            continue
        try:
            before[each.MARK] = each.read(existing)
        except MalformedMetadata as error:
            if each in marks:
                refused[each.MARK] = error
    changes: dict[Slot, bytes | None] = {}
    promised = dict(before)
    replaced: list[str] = []
    for each in marks:
        mark = each.MARK
        if mark in refused or (only is not None and mark not in only):
            continue
        if not is_wanted(mark, each.SLOTS[0], here, label):
            continue
        taken = {name for other in before if other is not mark for name, _ in before[other]}
        try:
            most = exif_limit if mark is Mark.EXIF else limit
            if each is iptc:
                changes |= iptc.compose(here, label, limit=most, taken=taken, version=version)
            else:
                changes |= each.compose(here, label, limit=most, taken=taken)
        except MalformedMetadata as error:
            refused[mark] = error
            continue
        promised[mark] = carried_by(mark, label, beside=before[mark], taken=taken)
        replaced += _replaced(each, here, {**here, **changes}, before[mark], promised[mark])
    return Writing(changes=changes, promised=promised, refused=refused, replaced=tuple(replaced))


def _replaced(
    mark: MetadataMark,
    here: Mapping[Slot, bytes],
    then: Mapping[Slot, bytes | None],
    before: Declaration,
    promised: Declaration,
) -> Iterator[str]:
    """Every word of the file that goes, by field, and where no field is for it, by its place.

    A title has translations that no field of a declaration holds, a licensor an address.
    """
    words = dict.fromkeys(mark.words(here))
    if not words and not before:
        return  # nothing goes where nothing was, which is so in most files
    left = set(mark.words({slot: payload for slot, payload in then.items() if payload is not None}))
    gone = [word for word in words if word not in left]
    missing = {text for _, text in gone}
    told: set[str] = set()
    for name, value in before:
        texts = {value} if isinstance(value, str) else set(value)
        # A contributor of another role stays beside the producer, a supplier who was read as one.
        if getattr(promised, name) != value and not missing.isdisjoint(texts):
            told |= texts
            yield f"{mark.MARK.value} {name}: {value!r}"
    for place, text in gone:
        if text not in told:
            yield f"{place}: {text!r}"
