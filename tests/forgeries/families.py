"""All forgeries; a family is a module with `CASES`."""

from __future__ import annotations

from forgeries import ancestors, binding, certificates, ranges
from forgeries.case import Case

CASES: tuple[Case, ...] = (*binding.CASES, *ancestors.CASES, *certificates.CASES, *ranges.CASES)
