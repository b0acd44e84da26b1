"""All forgeries; a family is a module with `CASES`."""

from __future__ import annotations

from forgeries import (
    ancestors,
    binding,
    certificates,
    form,
    identities,
    iso,
    marks,
    names,
    ranges,
    references,
    stores,
    time,
    updates,
)
from forgeries.case import Case

CASES: tuple[Case, ...] = (
    *binding.CASES,
    *ranges.CASES,
    *iso.CASES,
    *stores.CASES,
    *ancestors.CASES,
    *references.CASES,
    *updates.CASES,
    *certificates.CASES,
    *time.CASES,
    *identities.CASES,
    *form.CASES,
    *marks.CASES,
    *names.CASES,
)
