"""What can go wrong when we cannot find out: every exception that genlabel raises.

A picture that says something bad is a `Finding`, never one of these (see `report`).
"""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from genlabel.model.old_names import Renamed

if TYPE_CHECKING:
    from genlabel.model.report import Finding, Report


class GenlabelError(Exception):
    """Ancestor of all our exceptions: one sentence, and if possible a remedy.

    `str(error)` is the sentence: lower case, the offending thing first. `remedy` says what to do;
    tracebacks show it below the sentence. `code` names the kind of error for programs; it is
    stable, sentences are not. All survive `pickle`, so that a pool of processes can hand them on.
    """

    code: ClassVar[str] = "error"

    def __init_subclass__(cls, *, code: str | None = None) -> None:
        super().__init_subclass__()
        cls.code = code or cls.code

    def __init__(self, message: str, *, remedy: str | None = None) -> None:
        super().__init__(message)
        self.remedy = remedy
        self.size = 0
        """Bytes of the file that could not be judged; 0 where it is about none."""

    @property
    def remedy(self) -> str | None:
        """What to do about it, where that is known."""
        return self._remedy

    @remedy.setter
    def remedy(self, remedy: str | None) -> None:
        self._remedy = remedy
        self.__notes__ = [f"hint: {remedy}"] if remedy else []  # for tracebacks

    def __reduce__(self) -> tuple[Any, ...]:
        # the usual way would call the constructor with the message alone
        return _restored, (type(self), self.args, self.__dict__)


def _restored(kind: type[GenlabelError], args: tuple[Any, ...], state: dict[str, Any]) -> Any:
    error = kind.__new__(kind, *args)
    error.args = args
    error.__dict__.update(state)
    return error


_REMEDIES = {
    **dict.fromkeys((errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG), "check the path"),
    errno.EISDIR: "name a file in it",
    **dict.fromkeys((errno.EACCES, errno.EPERM), "see who may read and write there"),
    errno.EROFS: "name another place with -o",
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT), "make room there, and run the command again"),
}
"""By the system's number."""
_ADDRESS = ("http:/", "https:/")
"""How web addresses begin, also where they were taken for paths."""
_DASHES, _QUOTES = "\u2013\u2014\u2212", "\u201c\u201d\u201e\u201f\u2018\u2019\u00ab\u00bb"
"""What word processors and web pages make of hyphens and quotes in a command."""
_WILDCARDS = frozenset("*?")


def remedy_of(error: OSError) -> str | None:
    """What to do about a refusal by the system, where that is plain."""
    if error.errno in (errno.ENOENT, errno.EINVAL) and isinstance(
        error.filename, str | os.PathLike
    ):
        mistaken = mistaken_for(os.fspath(error.filename))
        if mistaken is not None:
            return mistaken
    return _REMEDIES.get(error.errno or 0)


def mistaken_for(name: str) -> str | None:
    """What to do where `name`, which is nowhere, looks like something else than a path."""
    if name.startswith(_ADDRESS):
        return "an address is not fetched: download the file, and name it"
    if name[:1] in _DASHES:
        return f"an option begins with hyphens: --{name.lstrip(_DASHES + '-')}"
    if name[:1] in _QUOTES or name[-1:] in _QUOTES:
        return 'these quotes are part of the name: type straight ones, "like these"'
    if not _WILDCARDS.isdisjoint(name):
        return (
            "nothing is called so, or quotes kept the shell from seeing a pattern: name the "
            "directory, and what to take of it with --include"
        )
    return None


class LabelError(GenlabelError, ValueError, code="label"):
    """A label that contradicts itself, or a word that no vocabulary knows."""


class MalformedAsset(GenlabelError, code="malformed-asset"):
    """A container whose structure lies or ends early.

    `format_name` is the container's name, `offset` the byte where it went wrong, None when unknown.
    """

    format = Renamed("format_name")

    def __init__(
        self,
        format_name: str,
        message: str,
        *,
        offset: int | None = None,
        remedy: str | None = None,
    ) -> None:
        super().__init__(f"{format_name}: {message}", remedy=remedy)
        self.format_name = format_name
        self.offset = offset


class UnsupportedFormat(GenlabelError, code="unsupported-format"):
    """The bytes are no container that genlabel reads."""


class MalformedMetadata(GenlabelError, code="malformed-metadata"):
    """A metadata block (XMP, IIM, Exif) in a sound container that cannot be read or extended."""


class CredentialError(GenlabelError, code="credential"):
    """A key or certificate chain that no verifier would accept.

    `rule` names the failed rule, such as ``"C2PA 2.4 §14.5.1: extended key usage"``.
    """

    def __init__(self, message: str, *, rule: str | None = None, remedy: str | None = None) -> None:
        super().__init__(message, remedy=remedy)
        self.rule = rule


class TrustError(GenlabelError, code="trust-list"):
    """A trust list or anchor that cannot be read."""


class NetworkError(GenlabelError, code="network"):
    """An address that was asked, because somebody wanted it asked, and gave no usable answer."""


class ExistingManifest(GenlabelError, code="existing-manifest"):
    """The input carries a manifest, and the chosen way of treating it forbids to go on."""


class SigningError(GenlabelError, code="signing"):
    """No label was written: the engine refused, or its result did not read back as the label.

    `report` is what reading the rejected result back said, where there was a result.
    """

    def __init__(
        self, message: str, *, remedy: str | None = None, report: Report | None = None
    ) -> None:
        super().__init__(message, remedy=remedy)
        self.report = report


class TimeStampError(SigningError, code="time-stamp"):
    """No time-stamp was to be had, or none that holds; `__str__` says by which authority."""


class EngineError(GenlabelError, code="engine"):
    """The C2PA engine is missing, of an untested version, or failed for a reason of its own."""


class ConfigurationError(GenlabelError, code="configuration"):
    """A configuration file, environment variable or option that cannot be used."""


class PolicyFailure(GenlabelError, code="policy"):
    """A report that a rule book does not let pass; `findings` are its errors.

    `report` is the whole of it, with every rule's judgement.
    """

    def __init__(
        self,
        message: str,
        findings: Sequence[Finding],
        *,
        remedy: str | None = None,
        report: Report | None = None,
    ) -> None:
        super().__init__(message, remedy=remedy)
        self.findings = tuple(findings)
        self.report = report
