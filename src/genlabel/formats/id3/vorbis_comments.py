"""The comments of FLAC itself: a keyword and a text each, in UTF-8.

RFC 9639 §8.6 and D.2.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from genlabel.model.errors import MalformedMetadata

_MOST = 10_000


def read(block: memoryview) -> Iterator[tuple[str, bytes]]:
    """Keyword and text of each comment of a block without its header; as far as lengths hold."""
    for number, raw in enumerate(_raw(block)):
        name, _, text = raw.partition(b"=")
        yield ("Software", raw) if not number else (name.decode("ascii", "replace"), text)


def without(block: memoryview, gone: Collection[int]) -> bytes:
    """The block without the comments of these numbers, as `read` gives them: 0 is the vendor.

    Raises `MalformedMetadata` where the block does not hold as many as it says.
    """
    raw = list(_raw(block))
    if _number(block, 4 + _number(block, 0)) != len(raw) - 1:
        raise MalformedMetadata("flac: its comments end before they should")
    vendor, *comments = raw
    kept = [each for number, each in enumerate(comments, 1) if number not in gone]
    rest = bytes(block[4 * (len(raw) + 1) + sum(map(len, raw)) :])
    count = len(kept).to_bytes(4, "little")
    return b"".join((_counted(b"" if 0 in gone else vendor), count, *map(_counted, kept), rest))


def _raw(block: memoryview) -> Iterator[bytes]:
    """The vendor's name and every comment as they are written; as far as lengths hold."""
    at = 4 + _number(block, 0)
    if at + 4 > len(block):
        return
    yield bytes(block[4:at])
    count, at = _number(block, at), at + 4
    for _ in range(min(count, _MOST)):
        end = at + 4 + _number(block, at)
        if at + 4 > len(block) or end > len(block):
            return
        yield bytes(block[at + 4 : end])
        at = end


def _counted(text: bytes) -> bytes:
    return len(text).to_bytes(4, "little") + text


def _number(block: memoryview, at: int) -> int:
    return int.from_bytes(block[at : at + 4], "little")
