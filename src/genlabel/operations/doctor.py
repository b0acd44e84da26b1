"""Checks of this installation: does it sign and verify, and will it tomorrow?

Every check says one thing and what to do about it. Nothing is fetched or run, and nothing written
but what the judge of sealing keeps; pictures are drawn, signed and verified in memory.
"""

from __future__ import annotations

import importlib.metadata
import platform
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from genlabel.credentials.identity import Identity
from genlabel.credentials.signer import Signer, certificate_of
from genlabel.credentials.trust import Trust
from genlabel.credentials.x509.profile_rule import Problem
from genlabel.formats import CONTAINERS
from genlabel.model.asset import Asset
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import CredentialError, GenlabelError, SigningError
from genlabel.model.label import Label
from genlabel.model.parties import Producer
from genlabel.model.report import Integrity, Severity, TrustLevel, Validity
from genlabel.model.serialise import Result, in_json, same_names
from genlabel.model.version import __version__
from genlabel.operations import installed, verify
from genlabel.operations.sign_options import SignOptions
from genlabel.operations.signing import judge, sign
from genlabel.pixels import draw

if TYPE_CHECKING:
    from genlabel.credentials.trust.anchors import Anchors

SOON = timedelta(days=30)
"""A certificate that ends within it is to be renewed now."""
OLD_LIST = timedelta(days=90)
"""A published list's file that is older should be fetched again."""
PROBE_RULE = "genlabel: probe signature"
_REINSTALL = "pip install --force-reinstall genlabel; if it stays, report it"
_SIZE = (16, 16)
"""Width and height of the pictures that are signed: enough for every codec."""
_TOOLS = ("exiftool", "c2patool", "openssl")
"""Independent readers of the same files: nothing here needs them."""
_DEVELOPMENT = frozenset({"test", "check", "fuzz"})
"""Extras for the development of genlabel."""


class State(StrEnum):
    """How one check ended."""

    GOOD = "good"
    DOUBTFUL = "doubtful"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True, repr=False)
class Check(Result):
    """One thing that was looked at."""

    name: str = field(metadata=in_json("check"))
    """Such as ``engine``, ``canary``, ``signer``, ``trust``. Stable; some come several times."""
    state: State
    says: str
    """One clause, lower case."""
    remedy: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Diagnosis(Result):
    """All checks, in the order in which one would put things right."""

    KIND: ClassVar[str] = "doctor"
    PUBLISHED: ClassVar[Mapping[str, str]] = same_names("ok checks")

    checks: tuple[Check, ...]

    @property
    def name(self) -> str:
        """What was checked."""
        return "genlabel doctor"

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
        lambda: (_engine(), _shadows(), _canary(), _sealing()),
        lambda: (_signer(signer),),
        lambda: _trust(trust),
        lambda: map(_list_file, lists),
        lambda: (*_extras(), _tools()),
    )
    return Diagnosis(checks=(*before, *(check for group in groups for check in group())))


def failed(name: str, error: GenlabelError | OSError) -> Check:
    """The check that came to `error`."""
    if isinstance(error, GenlabelError):
        return Check(name, State.FAILED, str(error), error.remedy)
    says = f"{error.filename or 'system'}: {error.strerror or error}"
    return Check(name, State.FAILED, says, "check the path")


def _judged(name: str, says: str, remedy: str | None) -> Check:
    """A check that came out well unless there is a `remedy`."""
    return Check(name, State.DOUBTFUL if remedy else State.GOOD, says, remedy)


def _python() -> Check:
    says = f"{platform.python_implementation()} {platform.python_version()}, {installed.system()}"
    return Check("python", State.GOOD, says)


def _library() -> Check:
    home = Path(__file__).parents[1]
    versions = ", ".join(
        f"{name} {importlib.metadata.version(name)}" for name in ("cryptography", "pillow", "click")
    )
    return Check("genlabel", State.GOOD, f"{__version__} in {home}; {versions}")


def _engine() -> Check:
    from genlabel.manifests.engine import engine, load

    try:
        versions = engine.versions()
    except GenlabelError as error:
        return failed("engine", error)
    says = ", ".join(f"{name} {version}" for name, version in versions.items())
    return Check("engine", State.GOOD, f"{says}; tested: c2pa-python {', '.join(load.TESTED)}")


def _shadows() -> Check:
    """Other modules that an ``import c2pa`` of somebody else's code would find first."""
    try:
        home = Path(str(importlib.metadata.distribution("c2pa-python").locate_file("c2pa")))
    except importlib.metadata.PackageNotFoundError:
        return Check("other-c2pa", State.SKIPPED, "c2pa-python is not installed")
    others = sorted(
        {
            str(module.absolute())
            for place in ("", *sys.path)
            for module in (Path(place, "c2pa", "__init__.py"), Path(place, "c2pa.py"))
            if module.is_file() and module.resolve().parent != home.resolve()
        }
    )
    if not others:
        return Check("other-c2pa", State.GOOD, "no other module is called c2pa")
    says = f"{', '.join(others)}: called c2pa too; genlabel loads its own and never these"
    remedy = "rename it, or uninstall what brought it"
    return Check("other-c2pa", State.DOUBTFUL, says, remedy)


def _canary() -> Check:
    """Pictures signed on the spot must read as known, as unknown, and as broken once changed."""
    from genlabel.credentials.development_ca import Authority

    drawn = draw.formats()
    formats = [each.name for each in CONTAINERS if each.name in drawn]
    try:
        authority = Authority.new("genlabel canary")
        trust = Trust.of(signers=[authority.anchors])
        for name in formats:
            fault = _canary_fault(name, authority.signer(), trust)
            if fault is not None:
                return Check("canary", State.FAILED, f"{name}: {fault}", _REINSTALL)
    except GenlabelError as error:
        return failed("canary", error)
    says = "signed on the spot: known by their root, unknown without it, broken once changed"
    return Check("canary", State.GOOD, f"{', '.join(formats)} {says}")


def _sealing() -> Check:
    """Small files of every family must read equal, sealed by us and by the engine."""
    from genlabel.manifests.engine import engine, load

    try:
        untested = load.unsealed(engine.versions())
    except GenlabelError as error:
        return failed("sealing", error)
    remedy = "pip install 'c2pa-python==0.38.1', or a newer genlabel"
    if untested is not None:
        return _judged("sealing", f"{untested}: the engine seals all files itself", remedy)
    doubts = {name: judge.doubt(name) for name in judge.TRIALS}
    unequal = "; ".join(f"{name}: {why}" for name, why in doubts.items() if why is not None)
    if unequal:
        return _judged("sealing", f"the engine seals such files itself: {unequal}", _REINSTALL)
    says = f"{', '.join(doubts)}: sealed by genlabel and by the engine they read equal"
    return Check("sealing", State.GOOD, says)


def _canary_fault(format: str, signer: Signer, trust: Trust) -> str | None:
    """What is wrong with the verdicts on a picture of `format`; None when nothing is."""
    label = Label.generated(producer=Producer("genlabel canary"))
    picture = Asset(draw.picture(format, size=_SIZE), name="canary")
    data = sign.sign(picture, label, signer, SignOptions()).data
    known, stranger = verify.verify(Asset(data), trust=trust), verify.verify(Asset(data))
    if known.integrity is not Integrity.INTACT or known.signer is None:
        return f"a picture just signed reads as {known.integrity.value}"
    if known.signer.trust is not TrustLevel.KNOWN or known.signer.validity is not Validity.WITHIN:
        return f"its signer reads as {known.signer.trust.value}, {known.signer.validity.value}"
    if stranger.signer is None or stranger.signer.trust is not TrustLevel.UNKNOWN:
        return "its signer is trusted although nobody was named"
    changed = data.replace(b"genlabel canary", b"genlabel CANARY", 1)
    reading = verify.verify(Asset(changed), trust=trust)
    if changed == data or reading.integrity is not Integrity.BROKEN:
        return "a changed picture does not read as broken"
    return None


def _signer(configured: Callable[[], Signer] | None) -> Check:
    if configured is None:
        remedy = (
            "name key and certificates under [signer], or `genlabel keys new --write-config`"
            " for a development credential"
        )
        return Check("signer", State.SKIPPED, "none is configured", remedy)
    try:
        signer = configured()
        problem = probe(signer)
    except (GenlabelError, OSError) as error:
        return failed("signer", error)
    if problem is not None:
        return Check("signer", State.FAILED, problem.message, problem.remedy)
    certificate = certificate_of(signer)
    left = certificate.not_valid_after - datetime.now(UTC)
    name = certificate.organisation or certificate.common_name or "nobody named"
    says = (
        f"{name!r}, {signer.algorithm}: a probe was signed and read back; "
        f"the certificate ends in {left.days} days"
    )
    return _judged("signer", says, "get a new certificate now" if left < SOON else None)


def probe(signer: Signer) -> Problem | None:
    """Why a small drawn picture signed by `signer` does not read back; None when it does.

    It finds what no rule knows. Raises `EngineError` when the engine itself is out of order.
    """
    return _probe(signer, None)


def probe_identity(signer: Signer) -> Problem | None:
    """The same for an identity: the claim is signed with a credential that is thrown away."""
    from genlabel.credentials.development_ca import Authority

    return _probe(Authority.new("probe").signer(), Identity(signer))


def _probe(signer: Signer, identity: Identity | None) -> Problem | None:
    label = Label.generated(producer=Producer(certificate_of(signer).organisation or "probe"))
    drawn = draw.picture("jpeg", size=_SIZE)
    try:
        sign.sign(Asset(drawn, name="probe"), label, signer, SignOptions(identity=identity))
    except (SigningError, CredentialError) as error:
        return Problem(
            rule=PROBE_RULE,
            severity=Severity.ERROR,
            message=f"a picture signed as a probe was refused: {error}",
            remedy=error.remedy or "ask for another certificate, and report this as an issue",
        )
    return None


def _trust(configured: Callable[[], Trust] | None) -> Iterator[Check]:
    try:
        trust = configured() if configured is not None else Trust()
    except (GenlabelError, OSError) as error:
        yield failed("trust", error)
        return
    if not trust:
        says = "nobody is trusted, so every signer is unknown"
        yield Check("trust", State.SKIPPED, says, "name anchors under [trust] if you verify")
    yield from (_anchors(each, trust.max_age) for each in trust.entries)


def _anchors(anchors: Anchors, max_age: timedelta) -> Check:
    from genlabel.credentials.x509 import chain

    now = datetime.now(UTC)
    certificates = chain.load(anchors.pem, source=anchors.name)
    ended = sum(each.not_valid_after_utc < now for each in certificates)
    several = "anchor" if anchors.count == 1 else "anchors"
    says = (
        f"{anchors.name}: {anchors.count} {several} for {anchors.kind.value}, {anchors.level.value}"
    )
    if ended == anchors.count:
        remedy = "get the anchors again from whoever gave them"
        return _judged("trust", f"{says}; all have ended", remedy)
    if anchors.fetched is not None:
        age = now - anchors.fetched
        says = f"{says}, fetched {max(age.days, 0)} days ago"
        if age > max_age:
            return _judged("trust", says, "run `genlabel trust update`")
    return Check("trust", State.GOOD, f"{says}; {ended} have ended" if ended else says)


def _list_file(path: Path) -> Check:
    """How old a published list is, by its file: no more is known of a download."""
    try:
        written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except OSError as error:
        return failed("trust-list", error)
    age = datetime.now(UTC) - written
    says = f"{path}: the file is {max(age.days, 0)} days old"
    return _judged("trust-list", says, "get the list again" if age > OLD_LIST else None)


def _extras() -> Iterator[Check]:
    """What was installed beside the core, by the extras that this distribution offers."""
    for extra, (wanted, missing) in installed.extras(without=_DEVELOPMENT).items():
        if missing:
            says = f"{extra}: {', '.join(missing)} not installed"
            remedy = f"pip install 'genlabel[{extra}]' if you need it"
            yield Check("extra", State.SKIPPED, says, remedy)
        else:
            yield Check("extra", State.GOOD, f"{extra}: {', '.join(wanted)}")


def _tools() -> Check:
    present = [each for each in _TOOLS if shutil.which(each)]
    says = f"other eyes for the same files: {', '.join(present) or 'none'}; none is needed"
    return Check("tools", State.GOOD, says)
