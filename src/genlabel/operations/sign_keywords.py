"""Options of signing as keywords: what its functions take one by one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, Protocol, TypedDict

from genlabel.credentials.identity import Identity
from genlabel.formats.tiff.manifest_place import TiffManifest
from genlabel.model.attribution import Attribution
from genlabel.model.errors import ConfigurationError
from genlabel.model.inputs import WrittenAs
from genlabel.model.report import Mark
from genlabel.model.results import SignReport
from genlabel.model.visible import VisibleLabel
from genlabel.operations.options import Trusted
from genlabel.operations.sign_options import Authorities, Existing, SealedBy, Stamp
from genlabel.policies import Books
from genlabel.policies.declarations import Declarations
from genlabel.storage.assets import PathLike, Picture


class Progress(Protocol):
    """What is called after each of several files."""

    def __call__(self, done: int, total: int, report: SignReport, /) -> object:
        """`done` files of `total` are done; `report` is on the last of them."""


class WritingKeywords(TypedDict, total=False):
    """How results are written, as fields of `SignOptions`."""

    overwrite: bool
    force: bool
    preserve_times: bool
    fsync: bool


class SignKeywords(WritingKeywords, total=False):
    """The fields of `SignOptions` as keywords, and three as genlabel 0.1 had them."""

    trust: Trusted
    identity: Identity | None
    existing: Existing | str
    accept_broken_parent: bool
    attribution: Attribution | str
    show_public: bool
    drop_traces: Collection[str] | str
    using_traces: bool
    prompt_from_traces: bool
    prompt_as: WrittenAs | str
    repair: bool
    tiff_manifest: TiffManifest | str
    sealing: SealedBy | str
    overrule: str | None
    stamp: Stamp | str | None
    tsa: Authorities
    ocsp: bool
    media_type: str
    save: Mapping[str, object] | None
    sidecar: bool
    marks: Collection[Mark | str]
    remote_url: str | None
    require_policy: Books
    declarations: Declarations | PathLike | Mapping[str, object] | None
    as_of: date | str | None
    dry_run: bool
    visible: VisibleLabel | str | None
    format: str
    title: str | None
    existing_sidecar: bytes | None


class SignFileKeywords(SignKeywords, total=False):
    """The keywords of `sign_file`."""

    parent: Picture | None


class SignFilesKeywords(SignKeywords, total=False):
    """The keywords of `sign_files`."""

    in_place: bool


FOR_IMAGES = frozenset({"media_type", "save", "format"})
"""Keywords that say how a PIL image is encoded."""
FOR_FILES = frozenset({*WritingKeywords.__annotations__, "dry_run"})
"""Keywords that say how a result is written."""


def refuse_unfit(keywords: Mapping[str, Any], unfit: frozenset[str], why: str) -> None:
    """Raise `ConfigurationError` for a keyword of this call that can have no effect on it.

    What options that are the same for many calls say may fit some of them only.
    """
    if named := sorted(unfit & keywords.keys()):
        raise ConfigurationError(f"{named[0]}: {why}", remedy=f"leave {named[0]}= out")
