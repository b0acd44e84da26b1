"""All forgeries; a family is a module with `CASES`."""

from __future__ import annotations

from forgeries import ancestors, binding, certificates, form, iso, ranges, time
from forgeries.case import Case

CASES: tuple[Case, ...] = (
    *binding.CASES,
    *iso.CASES,
    *ranges.CASES,
    *ancestors.CASES,
    *certificates.CASES,
    *time.CASES,
    *form.CASES,
)
