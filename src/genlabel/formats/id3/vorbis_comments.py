"""The comments of FLAC itself: a keyword and a text each, in UTF-8.

RFC 9639 §8.6 and D.2.
"""

from __future__ import annotations

from collections.abc import Iterator

_MOST = 10_000


def read(block: memoryview) -> Iterator[tuple[str, bytes]]:
    """Keyword and text of each comment of a block without its header; as far as lengths hold."""
    at = 4 + _number(block, 0)  # behind the vendor's name
    if at + 4 > len(block):
        return
    yield "Software", bytes(block[4:at])
    count, at = _number(block, at), at + 4
    for _ in range(min(count, _MOST)):
        end = at + 4 + _number(block, at)
        if at + 4 > len(block) or end > len(block):
            return
        name, _, text = bytes(block[at + 4 : end]).partition(b"=")
        yield name.decode("ascii", "replace"), text
        at = end


def _number(block: memoryview, at: int) -> int:
    return int.from_bytes(block[at : at + 4], "little")
