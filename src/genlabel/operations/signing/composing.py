"""What a label changes in a picture's metadata: several blocks merged, what does not fit left."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from genlabel.formats.format import EXIF, IIM, Slot
from genlabel.metadata import METADATA_MARKS, exif, iim, write
from genlabel.metadata.write import Writing
from genlabel.metadata.xmp.versions import Version
from genlabel.model.errors import MalformedMetadata
from genlabel.model.label import Label
from genlabel.model.report import Mark
from genlabel.operations.signing import packets
from genlabel.operations.verify import Examination

_TWINS = tuple(each for each in METADATA_MARKS if each.MARK is not Mark.IPTC)
"""No picture is refused for the sake of these."""


def written(
    before: Examination,
    label: Label,
    *,
    marks: Collection[Mark] | None = None,
    version: Version | None = None,
) -> Writing:
    """What `label` changes in the metadata of a picture that was examined; in `marks` only.

    XMP says which `version` of its document the picture becomes, if it becomes another.
    Blocks of one kind of which all but one would be lost are merged first. A twin that the
    container cannot take stays as it is, and is among the `refused`.
    """
    payloads: Mapping[Slot, bytes] = before.survey.payloads
    given_up: tuple[str, ...] = ()
    if marks is None or Mark.IPTC in marks:
        payloads, given_up = packets.united(before)
    left: dict[Mark, MalformedMetadata] = {}
    container = before.container

    def write_into(payloads: Mapping[Slot, bytes]) -> Writing:
        return write.write(
            payloads,
            label,
            slots=container.slots,
            limit=container.xmp_limit,
            exif_limit=container.exif_limit,
            only=marks,
            left=left,
            version=version,
        )

    writing = write_into(payloads)
    spare = before.survey.spare.get(IIM, ())
    if spare and IIM in writing.changes:
        try:
            block, lost = iim.merged([payloads[IIM], *spare])
        except MalformedMetadata as error:
            left[Mark.IIM] = error
            writing = write_into(payloads)
        else:
            writing = write_into({**payloads, IIM: block})
            writing = replace(writing, changes={IIM: block, **writing.changes})
            given_up += lost
    while misfits := _misfits(before, writing):
        left |= misfits
        writing = write_into(payloads)
    return replace(writing, replaced=(*writing.replaced, *given_up)) if given_up else writing


def _misfits(before: Examination, writing: Writing) -> dict[Mark, MalformedMetadata]:
    """The twins that change and that the container cannot take, and why."""
    misfits: dict[Mark, MalformedMetadata] = {}
    for each in _TWINS:
        changes = {slot: writing.changes[slot] for slot in each.SLOTS if slot in writing.changes}
        if changes:
            try:
                _check_orientation(before, changes)
                before.container.rewrite(before.survey, changes)
            except MalformedMetadata as error:
                misfits[each.MARK] = error
    return misfits


def _check_orientation(before: Examination, changes: Mapping[Slot, bytes | None]) -> None:
    """Raise `MalformedMetadata` for Exif that turns the picture, and would be written where all
    viewers look when only few did."""
    if EXIF in changes and EXIF in before.survey.aside and exif.turns(before.survey.payloads[EXIF]):
        raise MalformedMetadata(
            "exif: it turns the picture where few viewers look, and in a place of its own all of "
            "them would turn it",
            remedy="turn the pixels first",
        )
