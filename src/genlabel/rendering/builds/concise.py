"""Concise: one line a finding, sorted by path, as compilers and linters print them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from genlabel.model.words.catalogue import ENGLISH
from genlabel.model.words.translation import translated
from genlabel.rendering.builds.judged import Judged


def rendered(files: Iterable[Judged], counts: Mapping[str, int], language: str = ENGLISH) -> str:
    """``path: severity code sentence`` a line; the last one counts what was looked at."""
    lines = [line for each in sorted(files, key=lambda each: each.path) for line in _lines(each)]
    return "\n".join([*lines, _last(counts, language)]) + "\n"


def _lines(file: Judged) -> Iterator[str]:
    if file.trouble is not None:
        yield f"{file.shown}: unjudged {file.trouble}"
    for each in file.remarks:
        word = each.severity.value if each.accepted is None else f"accepted {each.severity.value}"
        yield f"{file.shown}: {word} {each.code} {each.told}"


def _last(counts: Mapping[str, int], language: str) -> str:
    judged = counts["files"] - counts["unjudged"]
    parts = [f"{judged:,} judged", f"{counts['errors']:,} with errors"]
    parts.append(f"{counts['warnings']:,} with warnings")
    for name, words in (("passed_over", "passed over"), ("unjudged", "unjudged")):
        parts.append(f"{counts.get(name, 0):,} {words}")
    return ", ".join(translated(each, language) for each in parts)
