"""The closed lists of words of PLUS (LDF 2.0): data mining, releases, ages of models."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Self

from genlabel.model.errors import LabelError
from genlabel.model.nearest import did_you_mean

PLUS_SCHEME = "http://ns.useplus.org/ldf/vocab/"


class PlusCode(StrEnum):
    """A closed list of PLUS LDF 2.0. Each value is the full URI."""

    @property
    def code(self) -> str:
        """The last part of the URI, e.g. ``DMI-PROHIBITED``."""
        return self.value.rsplit("/", 1)[1]

    @classmethod
    def parse(cls, text: str) -> Self:
        """What `text` names: URI, code, or the code without the list's prefix (``DMI-``)."""
        codes = {member.code: member for member in cls}
        prefix = next(iter(codes)).partition("-")[0] + "-"
        code = text.strip().rsplit("/", 1)[-1].upper()
        if not code.startswith(prefix):
            code = prefix + code
        if code not in codes:
            kind = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", cls.__name__).lower()
            kind = "data-mining" if cls is DataMining else kind
            raise LabelError(
                f"{text!r}: no PLUS {kind} code", remedy=did_you_mean(code, list(codes))
            )
        return codes[code]


class DataMining(PlusCode):
    """PLUS data-mining permissions (``plus:DataMining``). The value is the full URI."""

    UNSPECIFIED = PLUS_SCHEME + "DMI-UNSPECIFIED"
    ALLOWED = PLUS_SCHEME + "DMI-ALLOWED"
    PROHIBITED_AI_ML_TRAINING = PLUS_SCHEME + "DMI-PROHIBITED-AIMLTRAINING"
    PROHIBITED_GEN_AI_ML_TRAINING = PLUS_SCHEME + "DMI-PROHIBITED-GENAIMLTRAINING"
    PROHIBITED_EXCEPT_SEARCH = PLUS_SCHEME + "DMI-PROHIBITED-EXCEPTSEARCHENGINEINDEXING"
    PROHIBITED = PLUS_SCHEME + "DMI-PROHIBITED"
    PROHIBITED_SEE_CONSTRAINT = PLUS_SCHEME + "DMI-PROHIBITED-SEECONSTRAINT"
    PROHIBITED_SEE_EMBEDDED_RIGHTS = PLUS_SCHEME + "DMI-PROHIBITED-SEEEMBEDDEDRIGHTSEXPR"
    PROHIBITED_SEE_LINKED_RIGHTS = PLUS_SCHEME + "DMI-PROHIBITED-SEELINKEDRIGHTSEXPR"

    @property
    def refers(self) -> bool:
        """Does it say nothing by itself, but where the constraint stands?"""
        return "-SEE" in self.code


class ModelRelease(PlusCode):
    """Do the people in the picture agree to its use (``plus:ModelReleaseStatus``)?"""

    NONE = PLUS_SCHEME + "MR-NON"
    NOT_APPLICABLE = PLUS_SCHEME + "MR-NAP"
    """Nobody can be recognised."""
    UNLIMITED = PLUS_SCHEME + "MR-UMR"
    LIMITED = PLUS_SCHEME + "MR-LMR"
    """Limited or incomplete releases."""


class PropertyRelease(PlusCode):
    """Do the owners of what is in the picture agree to its use (``plus:PropertyReleaseStatus``)?"""

    NONE = PLUS_SCHEME + "PR-NON"
    NOT_APPLICABLE = PLUS_SCHEME + "PR-NAP"
    UNLIMITED = PLUS_SCHEME + "PR-UPR"
    LIMITED = PLUS_SCHEME + "PR-LPR"
    """Limited or incomplete releases."""


class MinorModelAge(PlusCode):
    """Age of the youngest person in the picture when it was made
    (``plus:MinorModelAgeDisclosure``)."""

    UNKNOWN = PLUS_SCHEME + "AG-UNK"
    AGE_25_OR_OVER = PLUS_SCHEME + "AG-A25"
    AGE_24 = PLUS_SCHEME + "AG-A24"
    AGE_23 = PLUS_SCHEME + "AG-A23"
    AGE_22 = PLUS_SCHEME + "AG-A22"
    AGE_21 = PLUS_SCHEME + "AG-A21"
    AGE_20 = PLUS_SCHEME + "AG-A20"
    AGE_19 = PLUS_SCHEME + "AG-A19"
    AGE_18 = PLUS_SCHEME + "AG-A18"
    AGE_17 = PLUS_SCHEME + "AG-A17"
    AGE_16 = PLUS_SCHEME + "AG-A16"
    AGE_15 = PLUS_SCHEME + "AG-A15"
    AGE_14_OR_UNDER = PLUS_SCHEME + "AG-U14"
