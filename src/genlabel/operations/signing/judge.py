"""Whether we seal a kind of files: a small one, sealed by us and by the engine, must read equal.

It is tried once for each version of the engine and of genlabel, before the first file of a kind is
signed, with a key that is made for it. What came out well is kept in the user's cache, as an empty
file. Whoever puts one there skips the trial, and nothing else: each result is read back all the
same.
"""

from __future__ import annotations

import os
import uuid
from contextlib import suppress
from functools import cache, partial
from pathlib import Path
from typing import Any

from genlabel.credentials.signer import Signer
from genlabel.credentials.trust import Trust
from genlabel.formats import identify
from genlabel.formats.format import Container
from genlabel.manifests.definition.claim import definition
from genlabel.manifests.definition.plot import Plot
from genlabel.manifests.engine import engine, load, signing
from genlabel.model.asset import Asset
from genlabel.model.errors import GenlabelError, SigningError
from genlabel.model.label import Label
from genlabel.model.logger import log
from genlabel.model.parties import Producer
from genlabel.model.report import Integrity
from genlabel.model.version import __version__
from genlabel.operations.signing.rewriting import Rewrite
from genlabel.operations.verify import examine
from genlabel.pixels.smallest import FAMILIES, smallest
from genlabel.storage import user_folders

_ISO_MEDIA = "mp4"
"""One kind of ISO media is tried for all of them: they are sealed by the same boxes."""
_OTHERS, _BESIDE = "png", " sidecar"
"""Where the manifest stays beside a file, all others are hashed alike, from end to end."""
TRIALS = (*FAMILIES, f"{_OTHERS}{_BESIDE}", f"{_ISO_MEDIA}{_BESIDE}")
"""What is tried: files of every family, and manifests that stay beside them."""


def forbids(container: Container, *, beside: bool = False) -> bool:
    """Are files of this format left to the engine, because our own way was not found to be right?

    `beside`: their manifests stay beside them. The reason is in the log, once for each process.
    """
    return untested() or _doubt(_trial(container, beside=beside)) is not None


@cache
def untested() -> bool:
    """Is the engine here one with which our own way was never tested? Then the engine seals."""
    says = load.unsealed(engine.versions())
    if says is not None:
        log.warning("%s: the C2PA engine seals all files itself", says)
    return says is not None


def doubt(trial: str) -> str | None:
    """Why a small file of a format does not read equal, sealed both ways; None when it does.

    `trial` is one of `TRIALS`. To the engine our file must be valid, and to us the same in all but
    what is another in each signing.
    """
    format, _, beside = trial.partition(" ")
    data = smallest(format)
    if data is None:
        return None
    try:
        ours, theirs = _sealed(data, embedded=not beside)
        mime = identify(data).media_type
        document = engine.read(ours.data, mime, store=ours.manifest).document or {}
        equal = _answers(ours) == _answers(theirs)
    except GenlabelError as error:
        return str(error)
    if document.get("validation_state") != "Valid":
        return "sealed by genlabel it is not valid to the engine"
    return None if equal else "sealed by genlabel it reads otherwise"


def _trial(container: Container, *, beside: bool) -> str:
    if beside:
        return f"{_ISO_MEDIA if container.iso_media else _OTHERS}{_BESIDE}"
    return _ISO_MEDIA if container.iso_media else container.name


@cache
def _doubt(trial: str) -> str | None:
    """`doubt`, where it was not found to be unfounded before."""
    kept = _kept(trial)
    if kept is not None and _is_file(kept):
        return None
    why = doubt(trial)
    if why is not None:
        log.warning("%s: the C2PA engine seals such files itself: %s", trial, why)
    elif kept is not None:
        _keep(kept)
    return why


def _sealed(data: bytes, *, embedded: bool) -> tuple[Asset, Asset]:
    """The file sealed by us and by the engine, with one credential that is thrown away."""
    before = examine(Asset(data), trust=Trust())
    rewrite = Rewrite(before=before, changes={}, embedded=embedded)
    mime, signer = before.container.media_type, _signer()
    manifest = _manifest(mime)
    theirs = bytes(signing.sign(rewrite.pieces(), mime, manifest, signer, embed=embedded))
    if not embedded:
        beside = partial(signing.sign_beside, definition=manifest, signer=signer)
        return Asset(data).holding(*rewrite.beside(beside)), Asset(data).holding(data, theirs)
    sign = partial(signing.sign_into, definition=manifest, signer=signer)
    return Asset(rewrite.signed(partial(sign, iso=before.container.iso_media))), Asset(theirs)


def _answers(sealed: Asset) -> tuple[object, ...]:
    """All that must be equal of what is read, and the file must be intact."""
    report = examine(sealed, trust=Trust()).report
    if report.integrity is not Integrity.INTACT:
        raise SigningError(f"sealed it reads as {report.integrity.value} ({report.reason})")
    findings = [(each.code, each.severity) for each in report.findings]
    return findings, report.state, report.form, report.lineage, report.declared


def _signer() -> Signer:
    from genlabel.credentials.development_ca import Authority

    return Authority.new("genlabel judge").signer()


def _manifest(mime: str) -> dict[str, Any]:
    label = Label.generated(producer=Producer("genlabel judge"))
    manifest = definition(label, Plot(), mime=mime)
    name = uuid.uuid4()
    return {**manifest, "label": f"urn:c2pa:{name}", "instance_id": f"xmp:iid:{name}"}


def _kept(trial: str) -> Path | None:
    """Where it is kept that files of a trial read equal; None where there is no such place."""
    versions = "+".join((__version__, *engine.versions().values()))
    try:
        folder = user_folders.folder("cache")
    except RuntimeError:  # no HOME and no entry for this user
        return None
    return folder / "sealing" / versions / trial if folder.is_absolute() else None


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # Python 3.11 lets permissions through
        return False


def _keep(path: Path) -> None:
    """Make that empty file; where that fails, the next process tries again."""
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644))
