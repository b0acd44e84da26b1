"""Looking at pictures one at a time: every function is a one-line `Checker`.

What a command does, a function does, with parameters of the same names.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Unpack

from genlabel.model.report import Mark, Report
from genlabel.model.results import StripReport
from genlabel.model.words.catalogue import ENGLISH
from genlabel.operations.checker import Checker
from genlabel.operations.explain import Explanation
from genlabel.operations.inspect import Inspection
from genlabel.operations.keywords import VerifyKeywords, fields_of
from genlabel.operations.options import VerifyOptions
from genlabel.pixels.decode import MAX_PIXELS
from genlabel.storage import PathLike, Picture
from genlabel.storage.batch import Jobs


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
    policy: the rule book whose judgements and findings are added, its name, or several of them:
        ``labelled`` by default, as on the command line; None for no rule book.
        `ConfigurationError` for an unknown name.
    declarations: what no file shows and rule books ask: a TOML file, its content, or what
        `declarations` read; nothing by default. `ConfigurationError` for what no book asks.
    as_of: the day whose rules are judged by, such as ``"2026-12-02"``; today by default.
        `ConfigurationError` for one before a book's first rules.
    expiring: a span, such as ``timedelta(days=90)``: the report has a finding where the picture
        stops verifying within it; off by default.
    hash: report the SHA-256 of files without any mark, too; off by default, since their pictures
        need not be read else.

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
    jobs: Jobs = 1,
    **keywords: Unpack[VerifyKeywords],
) -> Iterator[Report]:
    """A report on every picture below `paths`, in order; directories are walked.

        for report in verify_files(["public/"], jobs=4):
            print(report.path, report.integrity)

    `jobs` is how many files are worked on at a time, 1 by default; ``"auto"``: as many as this
    process may use CPUs. Many files are worked on in other processes, each with some 70 MB, if
    `trust` and `policy` can be pickled; else, as few are, in threads. A file that cannot be judged
    stops no other: its report has an `error`. `options` and keywords are those of `verify`.
    """
    return _checker(options).verify_files(paths, jobs=jobs, **keywords)


def strip_check(
    published: Picture,
    *,
    against: Picture | None = None,
    require: Collection[Mark] | None = None,
    max_pixels: int = MAX_PIXELS,
    allow_unlabelled: bool = False,
    options: VerifyOptions | None = None,
    **keywords: Unpack[VerifyKeywords],
) -> StripReport:
    """Say what publication did to the marks of a labelled picture.

        from genlabel import strip_check, testing

        assert strip_check(testing.picture("png"), against=testing.picture("png")).lost == ()

    `published` and the original `against` are pictures as for `verify`; without `against` the
    report says which marks are there, and a picture without any is an error unless
    `allow_unlabelled`. A lost or broken mark is an error where `require` names it,
    by default all that the original had. Pictures of more than `max_pixels` pixels are not decoded.
    Of `options` and keywords `trust` counts. Raises what `verify` raises.
    """
    checker = _checker(options)
    return checker.strip_check(
        published,
        against=against,
        require=require,
        max_pixels=max_pixels,
        allow_unlabelled=allow_unlabelled,
        **keywords,
    )


def strip_check_file(
    path: PathLike | None,
    *,
    against: PathLike | None = None,
    require: Collection[Mark] | None = None,
    max_pixels: int = MAX_PIXELS,
    allow_unlabelled: bool = False,
    options: VerifyOptions | None = None,
    **keywords: Unpack[VerifyKeywords],
) -> StripReport:
    """The same as `strip_check` for files; without `path`, for an original never published.

    print(strip_check_file("downloaded.webp", against="cat.png").cause)
    """
    checker = _checker(options)
    return checker.strip_check_file(
        path,
        against=against,
        require=require,
        max_pixels=max_pixels,
        allow_unlabelled=allow_unlabelled,
        **keywords,
    )


def strip_check_files(
    paths: Iterable[PathLike],
    *,
    against: PathLike | None = None,
    jobs: Jobs = 1,
    require: Collection[Mark] | None = None,
    allow_unlabelled: bool = False,
    options: VerifyOptions | None = None,
    **keywords: Unpack[VerifyKeywords],
) -> Iterator[StripReport]:
    """The same for every picture below `paths`, and every original that has no picture there.

        for report in strip_check_files(["public/"], against="labelled/"):
            print(report)

    `against` is the original of one picture, or a directory of originals, found by their names.
    """
    return _checker(options).strip_check_files(
        paths,
        against=against,
        jobs=jobs,
        require=require,
        allow_unlabelled=allow_unlabelled,
        **keywords,
    )


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


def _checker(options: VerifyOptions | None) -> Checker:
    return _USUAL if options is None else Checker(**fields_of(options, VerifyOptions))


_USUAL = Checker()
"""Of a call without options; it is frozen, and made once."""
