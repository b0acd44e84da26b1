"""Speed and size beside the C2PA engine, encypher-c2pa, SHA-256 and a copy.

    python benchmarks/run.py                # all; kept in benchmarks/results.json
    python benchmarks/run.py --quick        # fewer rounds and files, nothing kept
    python benchmarks/run.py --compare OLD  # what moved since OLD, another results.json
    python benchmarks/run.py --only batches # one part, nothing kept
    python docs/generate.py                 # docs/performance.md from what was kept

Every round measures genlabel and the other one right after the other on the same bytes, so that
a busy machine slows both; of the rounds' ratios the median counts. Where the load is above half
the cores nothing is kept. All of it takes some twelve minutes on idle cores.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import chains
import fate
import further
import large_files
import results
import starts
from drawn import OTHERS, PICTURES
from engine_alone import Engine
from measuring import BOOKS_MOST, film_verified, judged, marked, named, timed
from memory import film_memory
from results import Row, row

import batches
from genlabel import testing

BOTH = "Signing", "Verifying"
VISIBLE_MOST, FILM_VERIFY_MOST, FILM_MEMORY = 1.6, 1.15, 40


def pictures(rounds: int) -> Iterator[Row]:
    """Every kind of file, signed and verified beside the engine."""
    engine = Engine()
    for source in PICTURES[:2] if rounds < 10 else (*PICTURES, *OTHERS):
        timing = timed(source, rounds, engine)
        if timing is not None:
            yield from timing.rows()


def books(rounds: int) -> Iterator[Row]:
    """What rule books and visible labels cost."""
    for several, most in BOOKS_MOST.items():
        name = f"12 MP JPEG judged by {named(several)}, beside no rule book"
        yield row("Verifying", name, [judged(several, 5 * rounds)], "×", most=most)
    name = "12 MP JPEG with a visible label, beside Pillow's decoding and encoding"
    yield row("Signing", name, [marked(rounds)], "×", most=VISIBLE_MOST)


def films(rounds: int) -> Iterator[Row]:
    """A film of 1 GB and one of 200 MB."""
    yield from large_files.film(max(2, rounds // 7))
    taken = film_verified(max(2, rounds // 5))
    if taken:
        name = "a film of 1 GB, beside SHA-256 over it"
        yield row("Verifying", name, taken, "×", most=FILM_VERIFY_MOST)
    yield from large_files.neighbour(3)
    needed = film_memory()
    if needed:
        name = "a film of 1 GB, our own part: survey, rewrite, compare, hash"
        yield row("Bytes and memory", name, [needed["own"] / 1e6], "MB", most=FILM_MEMORY)
        name = "a film of 1 GB, signed and read back, all of the process"
        yield row("Bytes and memory", name, [needed["whole"] / 1e6], "MB")


def histories(rounds: int) -> Iterator[Row]:
    """Chains of thirty edits."""
    picture = testing.picture("jpeg", size=(1200, 800))
    several = [list(chains.chain(picture)) for _ in range(max(2, rounds // 7))]
    yield from chains.rows(several)


PARTS: dict[str, Callable[[int], Iterator[Row]]] = {
    "pictures": pictures,
    "further": further.measured,
    "sizes": lambda rounds: large_files.sizes(max(3, rounds // 4)),
    "films": films,
    "chains": histories,
    "books": books,
    "fate": fate.measured,
    "starts": starts.measured,
    "batches": lambda rounds: batches.measured(2000 if rounds > 10 else 200),
    "mixed": lambda rounds: batches.mixed(10_000 if rounds > 10 else 600),
}


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure speed and size.")
    parser.add_argument("--quick", action="store_true", help="fewer rounds, nothing kept")
    parser.add_argument("--only", choices=PARTS, action="append", help="these parts, nothing kept")
    parser.add_argument("--compare", type=Path, metavar="OLD", help="say what moved since OLD")
    with tempfile.TemporaryDirectory() as compiled:  # programs that are installed have it, too
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = compiled
        measure(parser.parse_args())


def measure(asked: argparse.Namespace) -> None:
    """Measure what was asked for, print it, and keep it where it is worth that."""
    old = results.stored(asked.compare)[1] if asked.compare else None
    before, was_busy = results.load(), results.is_busy()
    about = results.machine(before)
    print(", ".join(f"{name} {value}" for name, value in about.items()))
    rows: list[Row] = []
    for name in asked.only or PARTS:
        for each in PARTS[name](5 if asked.quick else 21):
            held = {True: "", False: " **not held**", None: ""}[each.held]
            wanted = f" ({each.wanted})" if each.wanted else ""
            print(
                f"{each.table}: {each.name}: {results.shown(each.value, each.unit)}{wanted}{held}"
            )
            sys.stdout.flush()
            rows.append(each)
    if old is not None:
        print(*results.compared(old, rows) or ("nothing moved",), sep="\n")
    if asked.quick or asked.only:
        return
    if was_busy:
        raise SystemExit(f"load {before:.1f} is above half the cores: nothing is kept")
    results.store(rows, about)


if __name__ == "__main__":
    main()
