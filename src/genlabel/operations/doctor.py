"""Diagnosing: does this installation sign and verify, and can it be relied on tomorrow too?

Every check says one thing and what to do about it. Nothing is written, fetched or run; pictures are
drawn, signed and verified in memory.
"""

from __future__ import annotations

import importlib.metadata
import platform
import re
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from genlabel.credentials.trust import Trust
from genlabel.formats import CONTAINERS
from genlabel.model.errors import GenlabelError
from genlabel.model.label import Label
from genlabel.model.parties import Producer
from genlabel.model.report import Integrity, TrustLevel, Validity
from genlabel.model.version import __version__
from genlabel.operations import probing, verify
from genlabel.operations.signing import sign
from genlabel.pixels import draw

if TYPE_CHECKING:
    from genlabel.credentials.signer import Signer
    from genlabel.credentials.trust.anchors import Anchors

SOON = timedelta(days=30)
"""A certificate that ends within it is to be renewed now."""
OLD_LIST = timedelta(days=90)
"""A published list's file that is older should be fetched again."""
LEAST_PYTHON = (3, 11)
_SIZE = (16, 16)
_TOOLS = ("exiftool", "c2patool", "openssl")
"""Other eyes for the same files: nothing here needs them."""
_DEVELOPMENT = frozenset({"test", "check"})
"""Extras that only those want who change genlabel."""


class State(StrEnum):
    """What one check came to."""

    GOOD = "good"
    DOUBTFUL = "doubtful"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was looked at."""

    name: str
    """Stable, e.g. ``canary``."""
    state: State
    says: str
    """One clause, lower case."""
    remedy: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """All checks, in the order in which one would put things right."""

    checks: tuple[Check, ...]

    @property
    def ok(self) -> bool:
        """Did none fail?"""
        return all(each.state is not State.FAILED for each in self.checks)


def diagnose(
    *,
    signer: Callable[[], Signer] | None = None,
    trust: Callable[[], Trust] | None = None,
    lists: Sequence[Path] = (),
    before: Sequence[Check] = (),
) -> Diagnosis:
    """Everything that can be said of this installation.

    `signer` and `trust` are called for what is configured; what they raise is a failed check.
    `lists` are the files of published lists, whose age is told; `before` are checks made already.
    """
    groups = (
        lambda: (_python(), _library()),
        lambda: (_engine(), _shadows(), _canary()),
        lambda: (_signer(signer),),
        lambda: _trust(trust),
        lambda: map(_list_file, lists),
        lambda: (*_extras(), _tools()),
    )
    return Diagnosis(checks=(*before, *(check for group in groups for check in group())))


def failed(name: str, error: GenlabelError | OSError) -> Check:
    """The check that came to `error`."""
    if isinstance(error, GenlabelError):
        return Check(name=name, state=State.FAILED, says=str(error), remedy=error.remedy)
    says = f"{error.filename or 'system'}: {error.strerror or error}"
    return Check(name=name, state=State.FAILED, says=says, remedy="check the path")


def _python() -> Check:
    says = f"{platform.python_implementation()} {platform.python_version()}, {platform.platform()}"
    if sys.version_info[:2] < LEAST_PYTHON:
        return Check(
            name="python", state=State.FAILED, says=says, remedy="install Python 3.11 or later"
        )
    return _good("python", says)


def _library() -> Check:
    home = Path(__file__).parent
    versions = ", ".join(
        f"{name} {importlib.metadata.version(name)}" for name in ("cryptography", "pillow", "click")
    )
    return _good("genlabel", f"{__version__} in {home}; {versions}")


def _engine() -> Check:
    from genlabel.manifests.engine import engine, load

    try:
        found = engine.versions()
    except GenlabelError as error:
        return failed("engine", error)
    says = ", ".join(f"{name} {version}" for name, version in found.items())
    return _good("engine", f"{says}; tested: c2pa-python {', '.join(load.TESTED)}")


def _shadows() -> Check:
    """Other modules that an ``import c2pa`` of somebody else's code would find first."""
    try:
        home = Path(str(importlib.metadata.distribution("c2pa-python").locate_file("c2pa")))
    except importlib.metadata.PackageNotFoundError:
        return Check(name="other-c2pa", state=State.SKIPPED, says="c2pa-python is not installed")
    others = sorted(
        {
            str(module.absolute())
            for place in ("", *sys.path)
            for module in (Path(place, "c2pa", "__init__.py"), Path(place, "c2pa.py"))
            if module.is_file() and module.resolve().parent != home.resolve()
        }
    )
    if others:
        return Check(
            name="other-c2pa",
            state=State.DOUBTFUL,
            says=f"{', '.join(others)}: called c2pa too; genlabel loads its own and never these",
            remedy="rename it, or uninstall what brought it",
        )
    return _good("other-c2pa", "no other module is called c2pa")


def _canary() -> Check:
    """Pictures signed on the spot must read as known, as unknown, and as broken once changed."""
    from genlabel.credentials.x509.development_ca import Authority

    drawn = draw.formats()
    formats = [each.name for each in CONTAINERS if each.name in drawn]
    try:
        authority = Authority.new("genlabel canary")
        trust = Trust.of(signers=[authority.anchors])
        for name in formats:
            song = _song(name, authority.signer(), trust)
            if song is not None:
                return Check(
                    name="canary",
                    state=State.FAILED,
                    says=f"{name}: {song}",
                    remedy="pip install --force-reinstall genlabel; if it stays, report it",
                )
    except GenlabelError as error:
        return failed("canary", error)
    says = "signed on the spot: known by their root, unknown without it, broken once changed"
    return _good("canary", f"{', '.join(formats)} {says}")


def _song(format: str, signer: Signer, trust: Trust) -> str | None:
    """What is wrong with the verdicts on a picture of `format`; None when nothing is."""
    label = Label.generated(by=Producer("genlabel canary"))
    data = sign.sign(draw.picture(format, size=_SIZE), label, signer, title="canary").data
    known, stranger = verify.verify(data, trust=trust), verify.verify(data)
    if known.integrity is not Integrity.INTACT or known.signer is None:
        return f"a picture just signed reads as {known.integrity.value}"
    if known.signer.trust is not TrustLevel.KNOWN or known.signer.validity is not Validity.WITHIN:
        return f"its signer reads as {known.signer.trust.value}, {known.signer.validity.value}"
    if stranger.signer is None or stranger.signer.trust is not TrustLevel.UNKNOWN:
        return "its signer is trusted although nobody was named"
    changed = data.replace(b"genlabel canary", b"genlabel CANARY", 1)
    if changed == data or verify.verify(changed, trust=trust).integrity is not Integrity.BROKEN:
        return "a changed picture does not read as broken"
    return None


def _signer(given: Callable[[], Signer] | None) -> Check:
    if given is None:
        return Check(
            name="signer",
            state=State.SKIPPED,
            says="none is configured",
            remedy="name key and certificates under [signer], or `genlabel keys new --write-config`"
            " for a development credential",
        )
    try:
        signer = given()
        problem = probing.problem(signer)
    except (GenlabelError, OSError) as error:
        return failed("signer", error)
    if problem is not None:
        return Check(name="signer", state=State.FAILED, says=problem.message, remedy=problem.remedy)
    left = signer.not_valid_after - datetime.now(UTC)
    name = signer.organisation or signer.common_name or "nobody named"
    says = (
        f"{name!r}, {signer.algorithm}: a probe was signed and read back; "
        f"the certificate ends in {left.days} days"
    )
    if left < SOON:
        return Check(
            name="signer", state=State.DOUBTFUL, says=says, remedy="get a new certificate now"
        )
    return _good("signer", says)


def _trust(given: Callable[[], Trust] | None) -> Iterator[Check]:
    try:
        trust = given() if given is not None else Trust()
    except (GenlabelError, OSError) as error:
        yield failed("trust", error)
        return
    if not trust:
        yield Check(
            name="trust",
            state=State.SKIPPED,
            says="nobody is trusted, so every signer is unknown",
            remedy="name anchors under [trust] if you verify",
        )
    yield from (_anchors(each, trust.max_age) for each in trust.entries)


def _anchors(found: Anchors, max_age: timedelta) -> Check:
    from genlabel.credentials.x509 import chain

    now = datetime.now(UTC)
    certificates = chain.load(found.pem, source=found.name)
    ended = sum(each.not_valid_after_utc < now for each in certificates)
    several = "anchor" if found.count == 1 else "anchors"
    says = f"{found.name}: {found.count} {several} for {found.kind.value}, {found.level.value}"
    if ended == found.count:
        return Check(
            name="trust",
            state=State.DOUBTFUL,
            says=f"{says}; all have ended",
            remedy="get the anchors again from whoever gave them",
        )
    if found.fetched is not None:
        age = now - found.fetched
        says = f"{says}, fetched {max(age.days, 0)} days ago"
        if age > max_age:
            return Check(
                name="trust",
                state=State.DOUBTFUL,
                says=says,
                remedy="run `genlabel trust update`",
            )
    return _good("trust", f"{says}; {ended} have ended" if ended else says)


def _list_file(path: Path) -> Check:
    """How old a published list is, by its file: no more is known of a download."""
    try:
        written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except OSError as error:
        return failed("trust-list", error)
    age = datetime.now(UTC) - written
    says = f"{path}: the file is {max(age.days, 0)} days old"
    if age > OLD_LIST:
        return Check(
            name="trust-list", state=State.DOUBTFUL, says=says, remedy="get the list again"
        )
    return _good("trust-list", says)


def _extras() -> Iterator[Check]:
    """What was installed beside the core, by the extras that this distribution offers."""
    try:
        about = importlib.metadata.metadata("genlabel")
        requires = importlib.metadata.requires("genlabel") or []
    except importlib.metadata.PackageNotFoundError:
        return
    for extra in about.get_all("Provides-Extra") or ():
        if extra in _DEVELOPMENT:
            continue
        wanted = [
            found[0]
            for line in requires
            if re.search(rf"extra\s*==\s*['\"]{re.escape(extra)}['\"]", line)
            and (found := re.match(r"[A-Za-z0-9._-]+", line))
        ]
        missing = [each for each in wanted if not _installed(each)]
        if missing:
            yield Check(
                name="extra",
                state=State.SKIPPED,
                says=f"{extra}: {', '.join(missing)} not installed",
                remedy=f"pip install 'genlabel[{extra}]' if you need it",
            )
        else:
            yield _good("extra", f"{extra}: {', '.join(wanted)}")


def _installed(name: str) -> bool:
    try:
        importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def _tools() -> Check:
    found = [each for each in _TOOLS if shutil.which(each)]
    says = f"other eyes for the same files: {', '.join(found) or 'none'}; none is needed"
    return _good("tools", says)


def _good(name: str, says: str) -> Check:
    return Check(name=name, state=State.GOOD, says=says)
