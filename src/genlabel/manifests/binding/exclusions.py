"""What a hard binding leaves out: is it shown, or only words about what is?

Whoever takes the hash of what is left for granted can be shown another picture in the place of
what was left out. Everything counts as shown that is not known to be mere words, and bytes behind
the end of the picture do where another picture begins in them (decisions 074 and 075).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from genlabel.formats.coverage import TRAILING, Unseen, holds_picture, outside
from genlabel.formats.edits import Span
from genlabel.formats.format import Container, Survey
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import MalformedMetadata
from genlabel.model.expression import expression

_NAMED = 5
"""Parts that are named; of further ones only the number."""
_INSTRUCTIONS = expression(
    # gain maps, what lies behind a picture, panoramas, depth, settings of development, thumbnails
    rb"ns\.adobe\.com/hdr-gain-map/|ns\.apple\.com/HDRGainMap/|ns\.google\.com/photos/"
    rb"|ns\.adobe\.com/camera-raw-settings/|ns\.adobe\.com/xap/1\.0/g/img/"
    rb"|iTunSMPB|iTunNORM"  # where a recording begins and ends, and how loud it is
)
"""What among words says how a picture is shown or a recording played."""
_MOST_EXIF = 4
"""Blocks of Exif that are looked into; of further ones everything is shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """What is left out, in words for a report."""

    uncovered: tuple[str, ...] = ()
    """Shown."""
    unbound: tuple[str, ...] = ()
    """Not shown."""


def weighed(
    container: Container | None,
    survey: Survey,
    spans: Iterable[Span],
    *,
    boxes: Iterable[Span] = (),
) -> Weighed:
    """Is what is left out of a file's hash shown?

    `spans` are bytes, `boxes` whole boxes whose places and names are bound all the same. Of a file
    in no known container (None) everything is shown.
    """
    left, whole = list(spans), list(boxes)
    if not left and not whole:
        return Weighed()
    parts = [each for each in _unseen(container, survey) if not _instructs(survey, each)]
    trailing = list(_trailing(survey)) if container is not None else []
    exif = [part for part in parts if part.holds_exif][:_MOST_EXIF]
    others = (span for part in parts if not part.holds_exif for span in part.contents)
    free = [*others, *(span for part in exif for span in _free(survey, part)), *trailing]
    blocks = [(part.block.start, part.block.end) for part in parts if not part.holds_exif]
    shown = [*outside(left, free), *outside(whole, [*blocks, *trailing])]
    hidden = outside([*left, *whole], shown)
    return Weighed(
        uncovered=_listed(survey, shown),
        unbound=_listed(survey, hidden),
    )


def _unseen(container: Container | None, survey: Survey) -> Iterable[Unseen]:
    return container.unseen(survey) if container is not None else ()


def _instructs(survey: Survey, part: Unseen) -> bool:
    """Do words say how something is shown? Whoever exchanges them has it shown otherwise."""
    contents = [bytes(survey.data[start:end]) for start, end in part.contents]
    if part.is_packed:
        from genlabel.formats.jxl import brotli

        try:
            contents = [brotli.decompressed(memoryview(bytes(4) + each)) for each in contents]
        except MalformedMetadata:
            return True
    return any(_INSTRUCTIONS.search(each.replace(b"\0", b"")) for each in contents)


def _free(survey: Survey, part: Unseen) -> Iterator[Span]:
    """The bytes of a block with Exif that nobody sees, whatever they are."""
    from genlabel.formats.tiff.coverage import words_in

    (start, end), *others = part.contents
    yield from ((start + a, start + b) for a, b in words_in(survey.data[start:end]))
    yield from others


def _trailing(survey: Survey) -> Iterator[Span]:
    """What lies behind the end of the picture and is none itself."""
    for block in survey.blocks[-1:]:
        if block.name in TRAILING and not holds_picture(survey.data[block.start : block.end]):
            yield block.start, block.end


def _listed(survey: Survey, spans: Iterable[Span]) -> tuple[str, ...]:
    listed = iter(spans)
    names = tuple(_named(survey, span) for span in islice(listed, _NAMED))
    more = sum(1 for _ in listed)
    return (*names, f"{more:,} more parts") if more else names


def _named(survey: Survey, span: Span) -> str:
    start, end = span
    here = [block.name for block in survey.blocks if block.start < end and start < block.end]
    where = f" ({', '.join(here[:3])}{', …' if len(here) > 3 else ''})" if here else ""
    return f"{end - start:,} bytes at {start:,}{where}"
