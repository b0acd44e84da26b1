"""Signing pictures and looking after it, one thing at a time: one-line calls of a `Labeller`.

What a command does, a function does, with parameters of the same names.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from genlabel.credentials.signer import Signer
from genlabel.credentials.timestamps.authorities import TimeAuthorities
from genlabel.model.label import Label
from genlabel.model.results import Signed, SignReport
from genlabel.operations.convenient_forms import trust_of
from genlabel.operations.keywords import fields_of, values_of
from genlabel.operations.labeller import Labeller
from genlabel.operations.options import Trusted
from genlabel.operations.sign_keywords import (
    Progress,
    SignFileKeywords,
    SignFilesKeywords,
    SignKeywords,
    WritingKeywords,
)
from genlabel.operations.sign_options import Authorities, SignOptions
from genlabel.operations.sweeping import swept
from genlabel.storage import PathLike, Picture
from genlabel.storage.batch import Jobs

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
    """Label a picture in memory and sign the label; nothing is written, and no pixel changes
    but where `visible` asks for it.

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
        ``replace``, ``renew`` or ``refuse``. `ExistingManifest` where that forbids to go on.
    accept_broken_parent: record a parent that does not verify as broken; by default it is an
        `ExistingManifest`.
    attribution: ``created`` (the default), or ``gathered``, where whoever signs only passes on
        producer, creators and rights.
    overrule: why the label stands although the file or its parent says that a model or an
        algorithm made the picture; signed with it. By default that is a `LabelError`.
    show_public: list every word that the file makes public in `Signed.public`, of the label and of
        all that stays in it; off by default.
    drop_traces: names of generators whose traces are left out, such as ``["comfyui"]``, or
        ``"all"``; none by default. `ConfigurationError` for an unknown one.
    using_traces: take system, version and provider from the picture's own credential or traces,
        where the label names none; off by default. prompt_from_traces: the prompt, too, as a salted
        hash, or with prompt_as ``"text"`` in words.
    repair: put the mark that ends a picture where it is missing; off by default, and then a GIF or
        PNG file without it is a `SigningError`.
    tiff_manifest: where the manifest of a TIFF file with several pages goes: ``last-page`` (the
        default), or ``own-directory`` as C2PA has it, which other readers take for a broken page.
    sealing: who puts the manifest into the file and hashes it: ``genlabel`` (the default), or
        ``engine``, the slower way, of which the same is read.
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
    require_policy: rule books that the result has to pass, by name; none by default.
        `ConfigurationError` where something is missing that one needs, `PolicyFailure` where the
        result does not pass, and then nothing is given or written.
    declarations, as_of: what no file shows and those books ask, and the day whose rules are judged
        by, as for `verify`.
    visible: a `VisibleLabel`, or its style (``text``, ``badge``, ``strip``): drawn first, and told
        as a step; a picture that carries a manifest is the parent as it was. `LabelError` for words
        that the label does not bear out; none is drawn by default.
    overwrite, force, preserve_times, fsync, dry_run: for files only, see `sign_file`.

    A keyword that can have no effect on this call, as `media_type` where no PIL image is encoded,
    is a `ConfigurationError`; a field of `options` is not.

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
    `sidecar` the manifest goes into a file beside the target (``cat.c2pa``); without `marks`
    and `remote_url` the picture's bytes stay as they are, and neither `out` nor `in_place` is
    needed. `options` and keywords are those of `sign`, and:

    parent: the picture that an edit started from, as for `sign`.
    overwrite: may the result replace a file that is there? By default `OSError` says no.
    force: may it replace a file that is write-protected? By default `ConfigurationError` says no.
    preserve_times: give the result the picture's own times; off by default.
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
    jobs: Jobs = 1,
    progress: Progress | None = None,
    **keywords: Unpack[SignFilesKeywords],
) -> list[SignReport]:
    """Label every picture below `paths`, one report each, in order; directories are walked.

        reports = sign_files(["renders/"], label, signer, out="labelled/", jobs=4)
        print([report.path for report in reports if report.error])

    All are signed when it returns. `out` mirrors what is below each argument; the keyword
    `in_place` replaces each file instead.
    `jobs` is how many files are worked on at a time, 1 by default; ``"auto"``: as many as this
    process may use CPUs. Many files are worked on in other processes, as with `verify_files`, if
    `multiprocessing` can hand `signer` on to them; else in threads. `progress` is called after each
    file, in their order, with how many are done, how many there are, and the report; what it raises
    ends the run, and what is signed by then stays. `options` and other keywords are those of
    `sign_file`. A file that cannot be signed stops no other: its report has an `error`. Raises
    `ConfigurationError` before anything is written when two inputs meet in one target or a target
    exists.
    """
    labeller = _labeller(signer, options)
    return labeller.sign_files(paths, label, out=out, jobs=jobs, progress=progress, **keywords)


def stamp_file(
    path: PathLike,
    tsa: Authorities,
    *,
    out: PathLike | None = None,
    in_place: bool = False,
    trust: Trusted = None,
    **keywords: Unpack[WritingKeywords],
) -> SignReport:
    """Add a time-stamp (RFC 3161) to the labelled file at `path`, into `out` or in place.

        report = stamp_file("cat.png", "http://timestamp.example/tsr", in_place=True)

    `tsa` names the authorities to ask over the network, in order; `trust` whom to believe, nobody
    by default. `overwrite`, `force`, `preserve_times` and `fsync` are those of `sign_file`. Raises
    `SigningError` for what cannot be stamped, `TimeStampError` when nobody answers, and `OSError`;
    then no file has changed.
    """
    asked = TimeAuthorities.of(tsa)
    options = values_of(keywords, WritingKeywords.__annotations__)
    labeller = Labeller(trust=trust_of(trust), tsa=asked, **options)
    return labeller.stamp_file(path, out=out, in_place=in_place)


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

    return diagnose(
        signer=(lambda: signer) if signer is not None else None,
        trust=lambda: trust_of(trust),
        lists=tuple(map(Path, lists)),
        before=tuple(map(swept, sweep)),
    )


def _labeller(signer: Signer, options: SignOptions | None) -> Labeller:
    if options is not None:
        return Labeller(signer=signer, **fields_of(options, SignOptions))
    return Labeller(signer=signer)
