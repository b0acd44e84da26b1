"""CPU time of verifying and signing beside the engine's own: the least of many rounds.

    python benchmarks/cpu.py               # small pictures, a large one, a chain of 30 edits
    python benchmarks/cpu.py --rounds 100  # more rounds

For a machine that is not idle: what else runs there takes no CPU time of this process. On an idle
one `run.py` and `chains.py` measure what a user waits for, which is less where there are two cores.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from functools import partial
from itertools import islice

from chains import PRODUCER, EditingEngine
from drawn import LARGE, SMALL, drawing, photograph
from engine_alone import LABEL, SIGNER, TRUST, Engine

import genlabel
from genlabel import Label, Step, StepBy, testing

EDITS = 30
FILES = (
    ("1 MP JPEG", "image/jpeg", partial(photograph, "jpeg", SMALL, quality=85), 1),
    ("1 MP PNG", "image/png", partial(photograph, "png", SMALL, compress_level=4), 1),
    ("1 MP WebP", "image/webp", partial(photograph, "webp", SMALL, quality=85), 1),
    ("SVG", "image/svg+xml", drawing, 8),
    ("12 MP JPEG", "image/jpeg", partial(photograph, "jpeg", LARGE, quality=96), 4),
)
"""Name, type, how it is made, and by how much fewer rounds it is measured."""


def least(rounds: int, *works: Callable[[], object]) -> list[float]:
    """The least CPU seconds of each of `works`, which take turns."""
    best = [float("inf")] * len(works)
    for number in range(rounds + 3):
        for place, work in enumerate(works):
            begun = time.process_time()
            work()
            if number >= 3:  # modules are loaded and caches filled by then
                best[place] = min(best[place], time.process_time() - begun)
    return best


def row(name: str, signed: list[float], read: list[float]) -> str:
    cells = [f"{1e3 * each:.1f}" for each in (*signed, *read)]
    ratios = [f"{one / other:.2f}" for one, other in (signed, read)]
    return f"| {name} | {cells[0]} | {cells[1]} | {ratios[0]} | {cells[2]} | {cells[3]} | " + (
        f"{ratios[1]} |"
    )


def of_file(name: str, mime: str, data: bytes, rounds: int) -> str:
    """Signing with all that is read back against signing and one read; one read against one."""
    engine = Engine()
    ours = genlabel.sign(data, LABEL, SIGNER, trust=TRUST).data
    raw = engine.sign(data, mime)

    def sign_and_read() -> None:
        engine.read(engine.sign(data, mime, check=False), mime)

    return row(
        name,
        least(rounds, lambda: genlabel.sign(data, LABEL, SIGNER, trust=TRUST), sign_and_read),
        least(rounds, lambda: genlabel.verify(ours, trust=TRUST), lambda: engine.read(raw, mime)),
    )


def of_chain(rounds: int) -> str:
    """The last of so many edits, each over the one before; the engine checks its result, too."""
    engine, mime = EditingEngine(), "image/jpeg"
    data = testing.picture("jpeg", size=(1200, 800))
    ours = genlabel.sign(data, Label.captured(producer=PRODUCER), SIGNER, trust=TRUST).data
    raw = engine.sign(data, mime)

    def edit(number: int) -> bytes:
        step = Step(action="cropped", by=StepBy.HUMAN, description=f"edit {number}")
        label = Label.edited(producer=PRODUCER, steps=(step,))
        return bytes(genlabel.sign(ours, label, SIGNER, trust=TRUST).data)

    for number in range(1, EDITS):
        ours, raw = edit(number), engine.edit(raw, f"edit {number}")
    last, last_raw = edit(EDITS), engine.edit(raw, f"edit {EDITS}")
    return row(
        f"edit {EDITS} of a chain",
        least(rounds, lambda: edit(EDITS), lambda: engine.edit(raw, f"edit {EDITS}")),
        least(
            rounds,
            lambda: genlabel.verify(last, trust=TRUST),
            lambda: engine.read(last_raw, mime),
        ),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=40, help="so many of each, at least")
    parser.add_argument("--files", type=int, default=len(FILES), help="only so many files")
    given = parser.parse_args()
    print("| file | sign ms | engine ms | ratio | verify ms | engine ms | ratio |")
    print("|---|---|---|---|---|---|---|")
    for name, mime, make, fewer in islice(FILES, given.files):
        print(of_file(name, mime, make(), max(5, given.rounds // fewer)), flush=True)
    print(of_chain(max(5, given.rounds // 8)))


if __name__ == "__main__":
    main()
