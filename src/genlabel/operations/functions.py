"""One thing at a time: every function is a one-line Labeller.

What a command does, a function does, with parameters of the same names.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from genlabel.credentials.identity import Identity
from genlabel.credentials.signer import Signer
from genlabel.credentials.timestamps.authorities import TimeAuthorities
from genlabel.credentials.trust import Trust
from genlabel.credentials.trust.anchor_pem import Source
from genlabel.model.label import Label
from genlabel.model.report import Mark, Report
from genlabel.model.results import SignReport, StripReport
from genlabel.model.words import language
from genlabel.model.words.catalogue import ENGLISH
from genlabel.model.words.sentences import Spoken, spoken
from genlabel.operations.checker import PathLike
from genlabel.operations.explain import Explanation
from genlabel.operations.inspect import Inspection
from genlabel.operations.labeller import Labeller
from genlabel.operations.signing.seal import Signed
from genlabel.operations.signing.sign import Existing
from genlabel.operations.signing.timestamp import Stamp
from genlabel.policies import Policy, policy as rule_book

if TYPE_CHECKING:
    from PIL.Image import Image

    from genlabel.operations.doctor import Diagnosis

Trusted = Trust | Source | Iterable[Source] | None
"""A `Trust`, or the PEM files (or PEM itself) of the signers whom you know."""
Authorities = TimeAuthorities | str | Iterable[str] | None
"""Addresses of time-stamping authorities, in the order in which they are asked."""


def sign(
    image: bytes | Image,
    label: Label,
    signer: Signer,
    *,
    identity: Identity | None = None,
    parent: bytes | None = None,
    title: str | None = None,
    existing: Existing | str = Existing.WRAP,
    accept_broken_parent: bool = False,
    trust: Trusted = None,
    stamp: Stamp | str | None = None,
    tsa: Authorities = None,
    ocsp: bool = False,
    format: str = "png",
    save: Mapping[str, object] | None = None,
    sidecar: bool = False,
    marks: Collection[Mark | str] = (),
    remote_url: str | None = None,
    existing_sidecar: bytes | None = None,
) -> Signed:
    """`image` with `label` in every mark, signed and read back; see `Labeller.sign`."""
    return Labeller(
        signer=signer,
        identity=identity,
        trust=_trust(trust),
        existing=Existing(existing),
        accept_broken_parent=accept_broken_parent,
        stamp=_stamp(stamp),
        tsa=TimeAuthorities.of(tsa),
        ocsp=ocsp,
    ).sign(
        image,
        label,
        parent=parent,
        title=title,
        format=format,
        save=save,
        sidecar=sidecar,
        marks=marks,
        remote_url=remote_url,
        existing_sidecar=existing_sidecar,
    )


def sign_file(
    path: PathLike,
    label: Label,
    signer: Signer,
    *,
    identity: Identity | None = None,
    out: PathLike | None = None,
    in_place: bool = False,
    overwrite: bool = False,
    parent: PathLike | None = None,
    existing: Existing | str = Existing.WRAP,
    accept_broken_parent: bool = False,
    trust: Trusted = None,
    stamp: Stamp | str | None = None,
    tsa: Authorities = None,
    ocsp: bool = False,
    fsync: bool = True,
    dry_run: bool = False,
    sidecar: bool = False,
    marks: Collection[Mark | str] = (),
    remote_url: str | None = None,
) -> SignReport:
    """The file at `path` labelled into `out` or in place; see `Labeller.sign_file`."""
    return Labeller(
        signer=signer,
        identity=identity,
        trust=_trust(trust),
        existing=Existing(existing),
        accept_broken_parent=accept_broken_parent,
        stamp=_stamp(stamp),
        tsa=TimeAuthorities.of(tsa),
        ocsp=ocsp,
    ).sign_file(
        path,
        label,
        out=out,
        in_place=in_place,
        overwrite=overwrite,
        parent=parent,
        fsync=fsync,
        dry_run=dry_run,
        sidecar=sidecar,
        marks=marks,
        remote_url=remote_url,
    )


def sign_files(
    paths: Iterable[PathLike],
    label: Label,
    signer: Signer,
    *,
    identity: Identity | None = None,
    out: PathLike | None = None,
    in_place: bool = False,
    overwrite: bool = False,
    existing: Existing | str = Existing.WRAP,
    accept_broken_parent: bool = False,
    trust: Trusted = None,
    stamp: Stamp | str | None = None,
    tsa: Authorities = None,
    ocsp: bool = False,
    fsync: bool = True,
    sidecar: bool = False,
    marks: Collection[Mark | str] = (),
    remote_url: str | None = None,
    jobs: int = 1,
) -> Iterator[SignReport]:
    """Every picture below `paths` labelled; see `Labeller.sign_files`."""
    return Labeller(
        signer=signer,
        identity=identity,
        trust=_trust(trust),
        existing=Existing(existing),
        accept_broken_parent=accept_broken_parent,
        stamp=_stamp(stamp),
        tsa=TimeAuthorities.of(tsa),
        ocsp=ocsp,
    ).sign_files(
        paths,
        label,
        out=out,
        in_place=in_place,
        overwrite=overwrite,
        fsync=fsync,
        sidecar=sidecar,
        marks=marks,
        remote_url=remote_url,
        jobs=jobs,
    )


def stamp_file(
    path: PathLike,
    tsa: Authorities,
    *,
    out: PathLike | None = None,
    in_place: bool = False,
    overwrite: bool = False,
    trust: Trusted = None,
    fsync: bool = True,
) -> SignReport:
    """The labelled file at `path` with a time-stamp of one of `tsa`; see `Labeller.stamp_file`."""
    return Labeller(trust=_trust(trust), tsa=TimeAuthorities.of(tsa)).stamp_file(
        path, out=out, in_place=in_place, overwrite=overwrite, fsync=fsync
    )


def verify(
    data: bytes,
    *,
    trust: Trusted = None,
    policy: Policy | str | None = None,
    expiring: timedelta | None = None,
    sidecar: bytes | None = None,
) -> Report:
    """What the picture in `data` declares and whether it holds; see `Labeller.verify`."""
    return Labeller(trust=_trust(trust), policy=_policy(policy), expiring=expiring).verify(
        data, sidecar=sidecar
    )


def verify_file(
    path: PathLike,
    *,
    trust: Trusted = None,
    policy: Policy | str | None = None,
    expiring: timedelta | None = None,
) -> Report:
    """The same for a file; see `Labeller.verify_file`."""
    return Labeller(trust=_trust(trust), policy=_policy(policy), expiring=expiring).verify_file(
        path
    )


def verify_files(
    paths: Iterable[PathLike],
    *,
    trust: Trusted = None,
    policy: Policy | str | None = None,
    expiring: timedelta | None = None,
    jobs: int = 1,
) -> Iterator[Report]:
    """A report on every picture below `paths`; see `Labeller.verify_files`."""
    return Labeller(trust=_trust(trust), policy=_policy(policy), expiring=expiring).verify_files(
        paths, jobs=jobs
    )


def strip_check(
    published: bytes,
    *,
    against: bytes | None = None,
    require: Collection[Mark] | None = None,
    trust: Trusted = None,
    sidecar: bytes | None = None,
    against_sidecar: bytes | None = None,
) -> StripReport:
    """What publication did to a labelled picture; see `Labeller.strip_check`."""
    return Labeller(trust=_trust(trust)).strip_check(
        published,
        against=against,
        require=require,
        sidecar=sidecar,
        against_sidecar=against_sidecar,
    )


def strip_check_file(
    path: PathLike | None,
    *,
    against: PathLike | None = None,
    require: Collection[Mark] | None = None,
    trust: Trusted = None,
) -> StripReport:
    """The same for files; see `Labeller.strip_check_file`."""
    return Labeller(trust=_trust(trust)).strip_check_file(path, against=against, require=require)


def inspect(data: bytes, *, sidecar: bytes | None = None) -> Inspection:
    """Everything that can be seen in the picture in `data`; see `Labeller.inspect`."""
    return Labeller().inspect(data, sidecar=sidecar)


def inspect_file(path: PathLike) -> Inspection:
    """The same for a file; see `Labeller.inspect_file`."""
    return Labeller().inspect_file(path)


def explain(
    data: bytes,
    *,
    trust: Trusted = None,
    policy: Policy | str | None = None,
    lang: str = ENGLISH,
) -> Explanation:
    """The picture in `data` in sentences; see `Labeller.explain`."""
    return Labeller(trust=_trust(trust), policy=_policy(policy)).explain(data, lang=lang)


def explain_file(
    path: PathLike,
    *,
    trust: Trusted = None,
    policy: Policy | str | None = None,
    lang: str = ENGLISH,
) -> Explanation:
    """The same for a file; see `Labeller.explain_file`."""
    return Labeller(trust=_trust(trust), policy=_policy(policy)).explain_file(path, lang=lang)


def in_words(report: Report | StripReport, *, lang: str = ENGLISH) -> tuple[Spoken, ...]:
    """Every answer and finding of a report in sentences: for anybody, for experts, and what it
    does not mean. Raises `ConfigurationError` for a language that genlabel does not speak.
    """
    return spoken(report, language.chosen(lang, {}))


def doctor(
    *, signer: Signer | None = None, trust: Trusted = None, lists: Iterable[PathLike] = ()
) -> Diagnosis:
    """Does this installation sign and verify? Each check in `Diagnosis.checks`, failed ones too.

    A probe is signed with `signer`; the files of published `lists` are held against their age.
    Nothing is written, and no network is used.
    """
    from genlabel.operations.doctor import diagnose

    return diagnose(
        signer=(lambda: signer) if signer is not None else None,
        trust=lambda: _trust(trust),
        lists=tuple(map(Path, lists)),
    )


def _trust(given: Trusted) -> Trust:
    if given is None:
        return Trust()
    return given if isinstance(given, Trust) else Trust.of(signers=given)


def _stamp(given: Stamp | str | None) -> Stamp | None:
    return None if given is None else Stamp(given)


def _policy(given: Policy | str | None) -> Policy | None:
    return rule_book(given) if isinstance(given, str) else given
