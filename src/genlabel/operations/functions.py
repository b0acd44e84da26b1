"""One thing at a time: every function is a one-line `Labeller`.

What a command does, a function does, with parameters of the same names.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from genlabel.credentials.signer import Signer
from genlabel.credentials.timestamps.authorities import TimeAuthorities
from genlabel.model.label import Label
from genlabel.model.report import Mark, Report
from genlabel.model.results import Signed, SignReport, StripReport
from genlabel.model.words.catalogue import ENGLISH
from genlabel.operations.checker import Checker
from genlabel.operations.explain import Explanation
from genlabel.operations.inspect import Inspection
from genlabel.operations.labeller import Labeller
from genlabel.operations.options import (
    Authorities,
    SignFileKeywords,
    SignFilesKeywords,
    SignKeywords,
    SignOptions,
    Trusted,
    VerifyKeywords,
    VerifyOptions,
    fields_of,
    trust_of,
)
from genlabel.storage import PathLike, Picture

if TYPE_CHECKING:
    from PIL.Image import Image

    from genlabel.operations.doctor import Diagnosis


def sign(
    image: Picture | Image,
    label: Label,
    signer: Signer,
    *,
    parent: Picture | None = None,
    options: SignOptions | None = None,
    **keywords: Unpack[SignKeywords],
) -> Signed:
    """Label a picture in memory and sign the label; no pixel changes, and nothing is written.

        from genlabel import Label, Producer, sign, testing

        label = Label.generated(producer=Producer("Acme Studio"))
        signer = testing.Authority.new("Acme Studio").signer()
        signed = sign(testing.picture("png"), label, signer)
        assert signed.data.startswith(b"\\x89PNG") and signed.outcome == "signed"

    `image` is a path, bytes, a file open for reading bytes, an `Asset`, or a PIL image that was not
    saved yet: that is encoded once, with its ICC profile and Exif. `label` is what the picture is,
    how it was made and who answers for it; `signer` has the key and its certificates. `parent` is
    the picture that an edit started from, in any form but a PIL image. `options` holds what is the
    same for many calls; each of these keywords goes before its field there:

    trust: whom to believe of those who signed the picture before: a `Trust`, PEM files or PEM;
        nobody by default. `TrustError` where it cannot be read.
    identity: an `Identity` that attests the label beside the signer; none by default.
        `CredentialError` where its key or certificates do not fit.
    existing: what to do with a manifest that is there: ``wrap`` (the default), ``keep``,
        ``replace`` or ``refuse``. `ExistingManifest` where that forbids to go on.
    accept_broken_parent: record a parent that does not verify as broken; by default it is an
        `ExistingManifest`.
    stamp: whether to get a time-stamp: ``required`` (the default where `tsa` is given),
        ``preferred``, ``later`` or ``off``. `TimeStampError` where none is to be had.
    tsa: URLs of the time-stamping authorities to ask over the network; none by default.
    ocsp: ask the certificate's authority over the network whether it was revoked; off by default.
        `CredentialError` if it was, `NetworkError` if nobody says so.
    media_type: what a PIL image is encoded as: ``image/png`` (the default), ``image/jpeg``,
        ``image/webp``, ``image/avif``, or the name behind the slash. `ConfigurationError` for
        others. (`format`, its old name, is accepted with a `DeprecationWarning`.)
    save: options of Pillow's encoder, such as ``{"quality": 95}``; none by default.
    sidecar: keep the manifest out of the picture, in `Signed.sidecar`; off by default.
    marks: with `sidecar`, the metadata to write of ``iptc``, ``iim``, ``exif``; none by default.
    remote_url: where that manifest will be served; goes into the XMP.
    overwrite, fsync, dry_run: for files only, see `sign_file`.

    Raises `LabelError` where label and history contradict each other, `SigningError` where the
    result does not read back as the label, `UnsupportedFormat` or `MalformedAsset` for what is no
    sound picture, `OSError` for a path that cannot be read and `TypeError` for anything else.
    """
    return _labeller(signer, options).sign(image, label, parent=parent, **keywords)


def sign_file(
    path: PathLike,
    label: Label,
    signer: Signer,
    *,
    out: PathLike | None = None,
    in_place: bool = False,
    options: SignOptions | None = None,
    **keywords: Unpack[SignFileKeywords],
) -> SignReport:
    """Label the file at `path` and sign the label, into `out` or in place, all or nothing.

        report = sign_file("cat.png", label, signer, out="cat-labelled.png")
        print(report.outcome, report.output)

    `out` is a file or an existing directory; with `in_place` the file itself is replaced. With
    `sidecar` the manifest goes into a file beside the target (``cat.png.c2pa``); without `marks`
    and `remote_url` the picture's bytes stay as they are, and neither `out` nor `in_place` is
    needed. `options` and keywords are those of `sign`, and:

    parent: the picture that an edit started from, as for `sign`.
    overwrite: may the result replace a file that is there? By default `OSError` says no.
    fsync: wait until the disk has the result; on by default.
    dry_run: do everything but write; off by default.

    Raises what `sign` raises, and `ConfigurationError` where it is not said where the result goes;
    then no file has changed.
    """
    return _labeller(signer, options).sign_file(path, label, out=out, in_place=in_place, **keywords)


def sign_files(
    paths: Iterable[PathLike],
    label: Label,
    signer: Signer,
    *,
    out: PathLike | None = None,
    options: SignOptions | None = None,
    jobs: int = 1,
    **keywords: Unpack[SignFilesKeywords],
) -> Iterator[SignReport]:
    """Label every picture below `paths`, one report each, in order; directories are walked.

        for report in sign_files(["renders/"], label, signer, out="labelled/", jobs=4):
            print(report.path, report.outcome)

    `out` mirrors what is below each argument; the keyword `in_place` replaces each file instead.
    `jobs` is how many files are worked on at a time, 1 by default. `options` and other keywords are
    those of `sign_file`. A file that cannot be signed stops no other: its report has an `error`.
    Raises `ConfigurationError` before anything is written when two inputs meet in one target or a
    target exists.
    """
    return _labeller(signer, options).sign_files(paths, label, out=out, jobs=jobs, **keywords)


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
    """Add a time-stamp (RFC 3161) to the labelled file at `path`, into `out` or in place.

        report = stamp_file("cat.png", "http://timestamp.example/tsr", in_place=True)

    `tsa` names the authorities to ask over the network, in order; `trust` whom to believe, nobody
    by default. `overwrite` and `fsync` are those of `sign_file`. Raises `SigningError` for what
    cannot be stamped, `TimeStampError` when nobody answers, and `OSError`; then no file has
    changed.
    """
    asked = TimeAuthorities.of(tsa)
    labeller = Labeller(overwrite=overwrite, fsync=fsync, trust=trust_of(trust), tsa=asked)
    return labeller.stamp_file(path, out=out, in_place=in_place)


def verify(
    image: Picture, *, options: VerifyOptions | None = None, **keywords: Unpack[VerifyKeywords]
) -> Report:
    """Say what a picture declares and whether it holds. Nothing is fetched from a network.

        from genlabel import testing, verify

        assert verify(testing.picture("png")).integrity == "absent"

    `image` is a path, bytes, a file open for reading bytes, or an `Asset`; of a path the report has
    SHA-256 and the manifest file beside it. `options` holds what is the same for many calls; each
    of these keywords goes before its field there:

    trust: whom to believe: a `Trust`, or the PEM files (or PEM itself) of signers whom you know;
        nobody by default, and then every signer is unknown. `TrustError` where it cannot be read.
    policy: the rule book whose findings are added, or its name: ``labelled`` by default, as on the
        command line; None for no rule book. `ConfigurationError` for an unknown name.
    expiring: a span, such as ``timedelta(days=90)``: the report says until when the picture
        verifies, and has a finding where that is within the span; off by default.

    Raises `UnsupportedFormat` or `MalformedAsset` for what is no sound picture, `OSError` for a
    path that cannot be read and `TypeError` for anything else.
    """
    return _checker(options).verify(image, **keywords)


def verify_file(
    path: PathLike, *, options: VerifyOptions | None = None, **keywords: Unpack[VerifyKeywords]
) -> Report:
    """The same as `verify` for the file at `path`.

    print(verify_file("cat.png", trust="keys/anchors.pem").integrity)
    """
    return _checker(options).verify_file(path, **keywords)


def verify_files(
    paths: Iterable[PathLike],
    *,
    options: VerifyOptions | None = None,
    jobs: int = 1,
    **keywords: Unpack[VerifyKeywords],
) -> Iterator[Report]:
    """A report on every picture below `paths`, in order; directories are walked.

        for report in verify_files(["public/"], jobs=4):
            print(report.path, report.integrity)

    `jobs` is how many files are worked on at a time, 1 by default; `options` and keywords are those
    of `verify`. A file that cannot be judged stops no other: its report has an `error`.
    """
    return _checker(options).verify_files(paths, jobs=jobs, **keywords)


def strip_check(
    published: Picture,
    *,
    against: Picture | None = None,
    require: Collection[Mark] | None = None,
    options: VerifyOptions | None = None,
    **keywords: Unpack[VerifyKeywords],
) -> StripReport:
    """Say what publication did to the marks of a labelled picture.

        from genlabel import strip_check, testing

        assert strip_check(testing.picture("png"), against=testing.picture("png")).lost == ()

    `published` and the original `against` are pictures as for `verify`; without `against` the
    report says which marks are there. A lost or broken mark is an error where `require` names it,
    by default all that the original had. Of `options` and keywords `trust` counts. Raises what
    `verify` raises.
    """
    checker = _checker(options)
    return checker.strip_check(published, against=against, require=require, **keywords)


def strip_check_file(
    path: PathLike | None,
    *,
    against: PathLike | None = None,
    require: Collection[Mark] | None = None,
    options: VerifyOptions | None = None,
    **keywords: Unpack[VerifyKeywords],
) -> StripReport:
    """The same as `strip_check` for files; without `path`, for an original never published.

    print(strip_check_file("downloaded.webp", against="cat.png").cause)
    """
    checker = _checker(options)
    return checker.strip_check_file(path, against=against, require=require, **keywords)


def inspect(
    image: Picture, *, options: VerifyOptions | None = None, **keywords: Unpack[VerifyKeywords]
) -> Inspection:
    """Show everything that can be seen in a picture, as for `verify`, without any judgement.

        from genlabel import inspect, testing

        assert inspect(testing.picture("png", size=(8, 8))).width == 8

    `options` and `trust` are those of `verify`; no rule book is applied.

    Raises `UnsupportedFormat` or `MalformedAsset`, `OSError` and `TypeError` as `verify` does.
    """
    return _checker(options).inspect(image, **keywords)


def inspect_file(
    path: PathLike, *, options: VerifyOptions | None = None, **keywords: Unpack[VerifyKeywords]
) -> Inspection:
    """The same as `inspect` for the file at `path`.

    print(inspect_file("cat.png").personal)
    """
    return _checker(options).inspect_file(path, **keywords)


def explain(
    image: Picture,
    *,
    lang: str = ENGLISH,
    options: VerifyOptions | None = None,
    **keywords: Unpack[VerifyKeywords],
) -> Explanation:
    """Say in sentences of `lang` what a picture's label means, and who derives what from it.

        from genlabel import explain, testing

        assert explain(testing.picture("png")).spoken

    `image`, `options` and keywords are those of `verify`. Raises what that raises, and
    `ConfigurationError` for a language that genlabel does not speak.
    """
    return _checker(options).explain(image, lang=lang, **keywords)


def explain_file(
    path: PathLike,
    *,
    lang: str = ENGLISH,
    options: VerifyOptions | None = None,
    **keywords: Unpack[VerifyKeywords],
) -> Explanation:
    """The same as `explain` for the file at `path`.

    for said in explain_file("cat.png", lang="fr").spoken:
        print(said)
    """
    return _checker(options).explain_file(path, lang=lang, **keywords)


def doctor(
    *,
    signer: Signer | None = None,
    trust: Trusted = None,
    lists: Iterable[PathLike] = (),
    sweep: Iterable[PathLike] = (),
) -> Diagnosis:
    """Does this installation sign and verify? Each check in `Diagnosis.checks`, failed ones too.

        print(doctor(trust="keys/anchors.pem").ok)

    A probe is signed with `signer`; the files of published `lists` are held against their age. In
    the folders `sweep` and below, what ended runs have left is finished or removed; else nothing is
    written. No network is used.
    """
    from genlabel.operations.doctor import diagnose
    from genlabel.operations.sweeping import swept

    return diagnose(
        signer=(lambda: signer) if signer is not None else None,
        trust=lambda: trust_of(trust),
        lists=tuple(map(Path, lists)),
        before=tuple(map(swept, sweep)),
    )


def _labeller(signer: Signer, options: SignOptions | None) -> Labeller:
    return Labeller(signer=signer, **fields_of(options, SignOptions))


def _checker(options: VerifyOptions | None) -> Checker:
    return Checker(**fields_of(options, VerifyOptions))
