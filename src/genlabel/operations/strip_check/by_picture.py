"""Pairing by what is shown: the originals that look most like a published file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from genlabel.model.dataclass import dataclass
from genlabel.model.errors import GenlabelError
from genlabel.model.results import MatchedBy
from genlabel.operations.beside import read_asset
from genlabel.pixels.compare import compare
from genlabel.pixels.fingerprint import FOUND, NEAR, Fingerprint, Sought, fingerprint, sought
from genlabel.storage import Pair, chosen

_SURELY = frozenset({"identical", "metadata-only", "re-encoded", "converted", "resized", "cropped"})
"""What may have been done to a picture that nothing but itself leads to its original: of what was
recoloured, turned or covered as well, somebody has to say which original it had."""
_LOOKED_AT = 8
"""Most originals that a published picture is compared with: 10 ms each for a stranger."""
_COLOURED_ALIKE = 24
"""Most originals in which it is looked for as a part: 10 ms each."""


def shown(path: Path) -> Fingerprint | None:
    """What an original shows; None of what cannot be read."""
    data = _read(path)
    return None if data is None else fingerprint(data)


def sought_in(path: Path) -> Sought | None:
    """What is looked for by a published file; None of what cannot be read."""
    data = _read(path)
    return None if data is None else sought(data)


@dataclass(frozen=True, slots=True)
class ByPicture:
    """Looks for what neither a name nor an identifier tells; other processes have it, too."""

    originals: Mapping[Path, Fingerprint]

    def __call__(self, pair: Pair) -> Pair:
        """By what is shown: of the originals that look most like it, those that it is a copy of."""
        data = None if pair.published is None else _read(pair.published)
        mine = None if data is None else sought(data)
        if pair.published is None or data is None or mine is None:
            return pair
        asked = {
            path: theirs
            for path, theirs in self.originals.items()
            if not pair.candidates or path in pair.candidates
        }

        def copied(path: Path) -> tuple[str, ...]:
            original = _read(path)
            found = () if original is None else compare(original, data).relations
            return found if _SURELY.issuperset(found) else ()

        # nobody looks for a part of other pictures where one is shown as a whole
        alike = sorted((mine.apart(theirs), path) for path, theirs in asked.items())[:_LOOKED_AT]
        found = {path: copied(path) for apart, path in alike if apart <= NEAR}
        if not any(found.values()):
            left = sorted(asked.keys() - found, key=lambda path: (-mine.common(asked[path]), path))
            scores = {path: mine.score(asked[path]) for path in left[:_COLOURED_ALIKE]}
            likely = sorted(scores, key=lambda path: (-scores[path], path))[:_LOOKED_AT]
            found = {path: copied(path) for path in likely if scores[path] >= FOUND}
        fitting = [path for path, done in found.items() if done == ("identical",)] or [
            path for path, done in found.items() if done
        ]
        return chosen(pair.published, fitting, MatchedBy.PICTURE) if fitting else pair


def _read(path: Path) -> bytes | memoryview | None:
    try:
        return read_asset(path).data
    except (GenlabelError, OSError):
        return None
