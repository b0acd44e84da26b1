"""What a chain of edits costs, beside the C2PA engine's own chain of the same edits.

    python benchmarks/chains.py             # prints the table
    python benchmarks/chains.py --write     # and writes benchmarks/chains.md

Each edit is signed over the result of the one before it, which stays in the file with all its
ancestors; genlabel and the engine take turns on the same picture, edit by edit.
"""

from __future__ import annotations

import argparse
import copy
import io
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import TypeVar

import c2pa
from engine_alone import SIGNER, TRUST, Engine
from measuring import seconds
from results import Row, row

import genlabel
from genlabel import Integrity, Label, Lineage, Producer, Step, StepBy, testing

RESULTS = Path(__file__).with_name("chains.md")
T = TypeVar("T")
EDITS = 30
SHOWN = (1, 10, 20, 30)
MIME = "image/jpeg"
PRODUCER = Producer("Acme Studio")
ACTIONS = [
    {"action": "c2pa.opened", "parameters": {"ingredientIds": ["parent"]}},
    *(
        {
            "action": action,
            "digitalSourceType": "http://cv.iptc.org/newscodes/digitalsourcetype/humanEdits",
        }
        for action in ("c2pa.edited", "c2pa.cropped")
    ),
]


class EditingEngine(Engine):
    """The engine alone: the former picture is its parent, and it checks what it has signed."""

    def edit(self, data: bytes, words: str) -> bytes:
        """`data` with one more manifest over it, which says in `words` what was done."""
        actions = [*ACTIONS[:-1], {**ACTIONS[-1], "description": words}]
        manifest = copy.deepcopy(self.MANIFEST)
        manifest["assertions"][0]["data"] = {"allActionsIncluded": False, "actions": actions}
        signed = io.BytesIO()
        with c2pa.Builder(manifest, context=self._context) as builder:
            ingredient = {"title": "parent", "relationship": "parentOf", "label": "parent"}
            builder.add_ingredient(ingredient, MIME, io.BytesIO(data))
            builder.sign(self._signer, MIME, io.BytesIO(data), signed)
        return signed.getvalue()


@dataclass(frozen=True)
class Edit:
    """One edit: seconds and bytes, ours and the engine's."""

    number: int
    signed: tuple[float, float]
    read: tuple[float, float]
    size: tuple[int, int]


def chain(picture: bytes) -> Iterator[Edit]:
    """Every edit of a chain, timed."""
    engine = EditingEngine()
    ours = genlabel.sign(picture, Label.captured(producer=PRODUCER), SIGNER, trust=TRUST).data
    raw = engine.sign(picture, MIME)
    for number in range(1, EDITS + 1):
        words = f"edit {number}"
        step = Step(action="cropped", by=StepBy.HUMAN, description=words)
        label = Label.edited(producer=PRODUCER, steps=(step,))
        ours, own = timed(partial(genlabel.sign, ours, label, SIGNER, trust=TRUST))
        ours = ours.data
        raw, theirs = timed(partial(engine.edit, raw, words))
        signed = own, theirs
        read = (
            seconds(lambda ours=ours: genlabel.verify(ours, trust=TRUST)),
            seconds(lambda raw=raw: engine.read(raw, MIME)),
        )
        yield Edit(number, signed, read, (len(ours), len(raw)))
    report = genlabel.verify(ours, trust=TRUST)
    if (report.integrity, report.lineage) != (Integrity.INTACT, Lineage.INTACT):
        raise SystemExit(f"the chain does not hold: {report.integrity}, {report.lineage}")


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """What `work` gives, and in how many seconds."""
    begun = time.perf_counter()
    result = work()
    return result, time.perf_counter() - begun


def table(chains: list[list[Edit]]) -> str:
    """Medians over several chains, of the edits that are shown."""
    lines = [
        "| edit | sign ms | engine ms | ratio | verify ms | engine ms | ratio | KB | engine KB |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for number in SHOWN:
        edits = [each[number - 1] for each in chains]
        cells = [str(number)]
        for pairs in ([each.signed for each in edits], [each.read for each in edits]):
            own, theirs = (median(each) for each in zip(*pairs, strict=True))
            ratio = median(one / other for one, other in pairs)
            cells += [f"{own * 1e3:.1f}", f"{theirs * 1e3:.1f}", f"{ratio:.2f}"]
        cells += [f"{each / 1024:,.0f}" for each in edits[0].size]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def rows(several: list[list[Edit]]) -> Iterator[Row]:
    """Medians over several chains, of the edits that are shown; and the chain as a whole."""
    name = f"a chain of {EDITS} edits"
    pairs = [[edit.signed for edit in edits] for edits in several]
    signed = [sum(own for own, _ in each) / sum(raw for _, raw in each) for each in pairs]
    yield row("Signing", f"{name}, beside the engine's own chain", signed, "×", most=1.2)
    last = [each[-1].read for each in several]
    verified = [own / raw for own, raw in last]
    yield row("Verifying", f"{name}, beside one read", verified, "×", most=1.1)
    for number in SHOWN:
        edits = [each[number - 1] for each in several]
        for told, pairs in (
            ("signed", [each.signed for each in edits]),
            ("verified", [each.read for each in edits]),
        ):
            ratios = [own / raw for own, raw in pairs]
            yield row("As chains grow", f"{number} edits, {told}, beside the engine", ratios, "×")
        size = [each.size[0] for each in edits]
        yield row("As chains grow", f"{number} edits, size", size, "bytes")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--write", action="store_true", help="write benchmarks/chains.md")
    parser.add_argument("--chains", type=int, default=5, help="so many chains")
    given = parser.parse_args()
    picture = testing.picture("jpeg", size=(1200, 800))
    told = table([list(chain(picture)) for _ in range(given.chains)])
    print(told, end="")
    if given.write:
        RESULTS.write_text(
            "# A chain of 30 edits\n\n"
            f"By `python benchmarks/chains.py --write`: genlabel {genlabel.__version__}, engine "
            f"{c2pa.sdk_version()}. Each edit has one step and\nthe picture before it as its "
            "parent; signing with everything that is read back, against the engine's own, which\n"
            f"checks its result, too. Medians of {given.chains} chains; the whole chain is read "
            f"each time.\n\n{told}",
            encoding="utf-8",
        )


if __name__ == "__main__":
    main()
