"""`make fuzz`: every target of a room with changed inputs, as long as is asked, and what fell.

    make fuzz ROOM=metadata SECONDS=600 ARGS='--seed 2 --target exif --inputs 100000'

With atheris (the extra `fuzz`) one target is guided by coverage: `--atheris --target NAME`.
Exit status 1 where something fell; its input is kept in build/fuzz/.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import logging
import random
import sys
import time
import traceback
from collections.abc import Sequence
from pathlib import Path

from fuzz import mutations, targets
from fuzz.targets import Target

KEPT = Path(__file__).resolve().parents[2] / "build" / "fuzz"
SLOW = 5.0
"""Seconds after which one input is a fault of its own."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Fuzz; the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("room", nargs="?", help="only the targets of this room")
    parser.add_argument("--target", help="only the target of this name")
    parser.add_argument("--seconds", type=float, default=60.0, help="for all of them together")
    parser.add_argument("--inputs", type=int, help="stop a target after so many")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--atheris", action="store_true", help="guided by coverage")
    asked = parser.parse_args(arguments)
    chosen = [
        each
        for each in targets.TARGETS
        if asked.room in (None, "", each.room) and asked.target in (None, each.name)
    ]
    if not chosen:
        rooms = ", ".join(sorted({each.room for each in targets.TARGETS}))
        parser.error(f"no such target; rooms are {rooms}")
    logging.disable()  # what is told of a file that is passed over
    if asked.atheris:
        return guided(chosen[0], asked.seconds)
    total, fallen = 0, 0
    for each in chosen:
        inputs, faults = loop(each, asked.seconds / len(chosen), asked.inputs, asked.seed)
        total, fallen = total + inputs, fallen + faults
    print(f"{total:,} inputs, {fallen} kinds of fault")
    return 1 if fallen else 0


def loop(target: Target, seconds: float, inputs: int | None, seed: int) -> tuple[int, int]:
    """Fuzz one target; how many inputs there were, and how many kinds of fault."""
    chance = random.Random(f"{seed} {target.name}")
    seeds = target.seeds()
    faults: dict[str, Path] = {}
    count, started = 0, time.monotonic()
    while time.monotonic() - started < seconds and (inputs is None or count < inputs):
        data = mutations.mutant(seeds, chance)
        count += 1
        if (kind := fault(target, data)) and kind not in faults:
            faults[kind] = kept(target, data)
            print(f"{target.room}/{target.name}: {kind}\n  input: {faults[kind]}", flush=True)
    spent = time.monotonic() - started
    print(
        f"{target.room}/{target.name}: {count:,} inputs in {spent:.0f} s "
        f"({count / max(spent, 0.001):,.0f} a second), {len(faults)} kinds of fault",
        flush=True,
    )
    return count, len(faults)


def fault(target: Target, data: bytes) -> str | None:
    """The kind of fault that `data` shows, with its place; None where there is none."""
    started = time.process_time()
    try:
        target.fuzz(data)
    except Exception as error:  # noqa: BLE001  which is what is looked for
        last = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__} at {Path(last.filename).name}:{last.lineno}"
    return "more than 5 s" if time.process_time() - started > SLOW else None


def kept(target: Target, data: bytes) -> Path:
    """Where the input of a fault is kept."""
    KEPT.mkdir(parents=True, exist_ok=True)
    name = target.name.replace(" ", "-").replace("'", "")
    path = KEPT / f"{name}-{hashlib.sha256(data).hexdigest()[:12]}"
    path.write_bytes(data)
    return path


def guided(target: Target, seconds: float) -> int:
    """Fuzz one target with atheris, which looks for inputs that reach new code."""
    if importlib.util.find_spec("atheris") is None:
        print("atheris is not installed (pip install '.[fuzz]'): leave --atheris out")
        return 2
    import atheris  # type: ignore[import-not-found,unused-ignore]

    corpus = KEPT / "corpus" / target.name.replace(" ", "-")
    corpus.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(target.seeds()):
        (corpus / f"seed-{number}").write_bytes(data)
    atheris.instrument_all()
    atheris.Setup([sys.argv[0], str(corpus), f"-max_total_time={int(seconds)}"], target.fuzz)
    atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main())
