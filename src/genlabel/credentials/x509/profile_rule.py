"""One rule of the certificate profile that a chain fails, and how the rules' texts are made."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import ClassVar, TypeVar

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm

from genlabel.model.dataclass import dataclass
from genlabel.model.report import Severity
from genlabel.model.serialise import Result, same_names

SECTION = "C2PA 2.4 §14.5.1"
ANOTHER = "ask for a certificate for C2PA claim signing, or make one with `genlabel keys new`"
ORDER = "put the signing certificate first, then each one's issuer"

UNREADABLE = (
    ValueError,
    TypeError,
    UnsupportedAlgorithm,
    x509.DuplicateExtension,
    x509.InvalidVersion,
    x509.UnsupportedGeneralNameType,
    UserWarning,
)
"""What is raised for damaged or unheard-of parts of a certificate, which are parsed when they are
looked at; the last where warnings are errors: odd serial numbers and names get one."""

Extension = TypeVar("Extension", bound=x509.ExtensionType)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Problem(Result):
    """One rule that a chain fails."""

    PUBLISHED: ClassVar[Mapping[str, str]] = {
        "severity": "severity",
        "rule": "name",
        **same_names("source message remedy"),
    }

    rule: str
    """Where it is written, and its name: ``C2PA 2.4 §14.5.1: extended key usage``."""
    severity: Severity
    message: str
    """Lower case, without the file's name."""
    remedy: str

    @property
    def source(self) -> str:
        """Where the rule is written: ``C2PA 2.4 §14.5.1``."""
        return self.rule.partition(": ")[0]

    @property
    def name(self) -> str:
        """What the rule is called: ``extended key usage``."""
        return self.rule.partition(": ")[2]


def problem(
    severity: Severity, name: str, message: str, remedy: str, *, source: str = SECTION
) -> Problem:
    """A problem with the rule called `name`, which is written in `source`."""
    return Problem(rule=f"{source}: {name}", severity=severity, message=message, remedy=remedy)


error = partial(problem, Severity.ERROR)
"""What verifiers refuse."""
warning = partial(problem, Severity.WARNING)
"""What publishers regret."""
note = partial(problem, Severity.NOTE)
"""What is merely unusual."""


def extension(
    certificate: x509.Certificate, kind: type[Extension]
) -> x509.Extension[Extension] | None:
    """The certificate's extension of one kind; None without it."""
    try:
        return certificate.extensions.get_extension_for_class(kind)
    except x509.ExtensionNotFound:
        return None
