"""All forgeries; a family is a module with `CASES`."""

from __future__ import annotations

from forgeries import (
    ancestors,
    binding,
    certificates,
    form,
    fragments,
    headers,
    histories,
    identities,
    instructions,
    iso,
    marks,
    names,
    parts,
    paths,
    ranges,
    references,
    room,
    stores,
    time,
    updates,
)
from forgeries.case import Case

CASES: tuple[Case, ...] = (
    *binding.CASES,
    *ranges.CASES,
    *instructions.CASES,
    *room.CASES,
    *parts.CASES,
    *iso.CASES,
    *fragments.CASES,
    *stores.CASES,
    *ancestors.CASES,
    *histories.CASES,
    *references.CASES,
    *updates.CASES,
    *certificates.CASES,
    *paths.CASES,
    *headers.CASES,
    *time.CASES,
    *identities.CASES,
    *form.CASES,
    *marks.CASES,
    *names.CASES,
)
