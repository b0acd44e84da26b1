"""What can go wrong when we cannot find out: every exception that genlabel raises.

A picture that says something bad is a `Finding`, never one of these (see `report`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from genlabel.model.report import Finding, Report


class GenlabelError(Exception):
    """Ancestor of all our exceptions: one sentence, and if possible a remedy.

    `str(error)` is the sentence: lower case, the offending thing first. `remedy` says what to do.
    """

    def __init__(self, message: str, *, remedy: str | None = None) -> None:
        super().__init__(message)
        self.remedy = remedy


class LabelError(GenlabelError, ValueError):
    """A label that contradicts itself, or a word that no vocabulary knows."""


class MalformedAsset(GenlabelError):
    """A container whose structure lies or ends early.

    `format` is the container's name, `offset` the byte where it went wrong (None when unknown).
    """

    def __init__(
        self, format: str, message: str, *, offset: int | None = None, remedy: str | None = None
    ) -> None:
        super().__init__(f"{format}: {message}", remedy=remedy)
        self.format = format
        self.offset = offset


class UnsupportedFormat(GenlabelError):
    """The bytes are no container that genlabel reads."""


class MalformedMetadata(GenlabelError):
    """A metadata block (XMP, IIM, Exif) in a sound container that cannot be read or extended."""


class CredentialError(GenlabelError):
    """A key or certificate chain that no verifier would accept.

    `rule` names the failed rule, such as ``"C2PA 2.4 §14.5.1: extended key usage"``.
    """

    def __init__(self, message: str, *, rule: str | None = None, remedy: str | None = None) -> None:
        super().__init__(message, remedy=remedy)
        self.rule = rule


class TrustError(GenlabelError):
    """A trust list or anchor that cannot be read."""


class NetworkError(GenlabelError):
    """An address that was asked, because somebody wanted it asked, and gave no usable answer."""


class ExistingManifest(GenlabelError):
    """The input carries a manifest, and the chosen way of treating it forbids to go on."""


class SigningError(GenlabelError):
    """No label was written: the engine refused, or its result did not read back as the label.

    `report` is what reading the rejected result back said, where there was a result.
    """

    def __init__(
        self, message: str, *, remedy: str | None = None, report: Report | None = None
    ) -> None:
        super().__init__(message, remedy=remedy)
        self.report = report


class TimeStampError(SigningError):
    """No time-stamp was to be had, or none that holds; `__str__` says by which authority."""


class EngineError(GenlabelError):
    """The C2PA engine is missing, of an untested version, or failed for a reason of its own."""


class ConfigurationError(GenlabelError):
    """A configuration file, environment variable or option that cannot be used."""


class PolicyFailure(GenlabelError):
    """A report that a rule book does not let pass; `findings` are its errors."""

    def __init__(self, message: str, findings: Sequence[Finding]) -> None:
        super().__init__(message)
        self.findings = tuple(findings)
