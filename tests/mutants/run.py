"""Mutates a module or a room and runs its nearest tests: ``python tests/mutants/run.py ROOM``.

``storage/atomic`` is `src/genlabel/storage/atomic.py`, ``storage`` everything below that folder.
Each mutant has one change (`mutations.py`). The work tree is copied, once for each core, and never
touched. A survivor is a change that no test noticed, or one that `explained.toml` says why it
cannot be noticed. The exit status is 1 when a survivor is left unexplained.
"""

from __future__ import annotations

import argparse
import os
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import tomllib
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import contextlib

from mutants.mutations import Mutation, mutations

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[1]
SOURCE = Path("src/genlabel")
_LOADED = "cryptography.x509, hypothesis, PIL.Image, pytest, xml.parsers.expat"
_SERVER = f"""
import os, sys
import {_LOADED}
for line in sys.stdin:
    child = os.fork()
    if not child:
        os.setsid()
        null = os.open(os.devnull, os.O_RDWR)
        for each in (0, 1, 2):
            os.dup2(null, each)
        os._exit(pytest.main(line.split()))
    print(child, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""
"""Imports once what tests need and genlabel does not change, and forks for every mutant."""


class Copy:
    """A copy of the work tree in which one mutant at a time is tested."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=REPOSITORY, check=True, capture_output=True,
        ).stdout  # fmt: skip
        for name in filter(None, listed.decode().split("\0")):
            if (REPOSITORY / name).is_file():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(REPOSITORY / name, folder / name)
        node = REPOSITORY / "tests/oracles/node/node_modules"
        if node.is_dir():
            (folder / "tests/oracles/node/node_modules").symlink_to(node)
        self._server = subprocess.Popen(
            [sys.executable, "-c", _SERVER],
            cwd=folder,
            env={
                **os.environ,
                "PYTHONPATH": str(folder / "src"),
                "PYTHONDONTWRITEBYTECODE": "1",
                "CI": "",
            },
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def passes(self, tests: Sequence[str], seconds: float) -> bool:
        """Do the tests pass here, within the time?"""
        asked, told = self._server.stdin, self._server.stdout
        assert asked is not None
        assert told is not None
        asked.write(f"-x -q -p no:cacheprovider -p no:xdist -p no:randomly {' '.join(tests)}\n")
        asked.flush()
        child = int(told.readline())
        late = threading.Timer(seconds, _kill, [child])
        late.start()
        try:
            return told.readline().strip() == "0"
        finally:
            late.cancel()

    def close(self) -> None:
        """Ends the server."""
        self._server.communicate()


def _kill(group: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)


def modules(room: str) -> list[Path]:
    """The modules of a room, relative to the repository."""
    room = room.removeprefix("src/genlabel/").removesuffix(".py").strip("/")
    file = SOURCE / f"{room}.py"
    if (REPOSITORY / file).is_file():
        return [file]
    found = sorted((REPOSITORY / SOURCE / room).rglob("*.py"))
    if not found:
        raise SystemExit(f"{room}: no module and no room of {SOURCE}")
    return [each.relative_to(REPOSITORY) for each in found]


def nearest(module: Path) -> list[str]:
    """The tests of a module: those named in `nearest.toml`, else those that lie as it does."""
    name = module.relative_to(SOURCE).with_suffix("").as_posix()
    named: dict[str, list[str]] = tomllib.loads((HERE / "nearest.toml").read_text("utf-8"))
    if name in named:
        return named[name]
    tests = Path("tests") / module.relative_to(SOURCE).parent
    own = tests / f"test_{module.stem}.py"
    return [str(own if (REPOSITORY / own).is_file() else tests)]


def explanations(module: Path) -> dict[tuple[str, str, str], str]:
    """Why a change cannot be noticed, by statement, what stood there and what it became."""
    name = module.relative_to(SOURCE).with_suffix("").as_posix()
    table = tomllib.loads((HERE / "explained.toml").read_text("utf-8"))
    return {
        (each["statement"], each["was"], each["becomes"]): each["why"]
        for each in table.get("mutant", ())
        if each["module"] == name
    }


def survivors(module: Path, tests: list[str], copies: Sequence[Copy]) -> list[Mutation]:
    """The mutations of a module that its tests do not notice."""
    source = (REPOSITORY / module).read_bytes()
    begun = time.monotonic()
    if not copies[0].passes(tests, 600):
        raise SystemExit(f"{module}: its tests fail as it is: {' '.join(tests)}")
    patience = 10 + 5 * (time.monotonic() - begun)
    waiting: queue.SimpleQueue[Mutation] = queue.SimpleQueue()
    found = mutations(source)
    for each in found:
        waiting.put(each)
    left: list[Mutation] = []

    def work(copy: Copy) -> None:
        while True:
            try:
                mutant = waiting.get_nowait()
            except queue.Empty:
                break
            (copy.folder / module).write_bytes(mutant.applied(source))
            if copy.passes(tests, patience):
                left.append(mutant)
        (copy.folder / module).write_bytes(source)

    threads = [threading.Thread(target=work, args=[each]) for each in copies]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    print(f"{module}: {len(found)} mutants, {len(left)} survive ({' '.join(tests)})")
    return sorted(left, key=lambda each: each.start)


def main() -> None:
    """Reads the command line, prints the survivors."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("room", help="e.g. storage/atomic, or storage for all of the room")
    parser.add_argument("--tests", nargs="+", help="these tests in place of the nearest")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    words = parser.parse_args()
    unexplained = 0
    with tempfile.TemporaryDirectory(prefix="genlabel-mutants-") as folder:
        copies = [Copy(Path(folder) / str(number)) for number in range(words.jobs)]
        for module in modules(words.room):
            known = explanations(module)
            for each in survivors(module, words.tests or nearest(module), copies):
                why = known.get((each.statement, each.was, each.becomes))
                unexplained += why is None
                print(f"  {module}:{each.line}: {each.was} -> {each.becomes or '(left out)'}")
                print(f"    in: {each.statement}\n    {why or 'UNEXPLAINED'}")
        for copy in copies:
            copy.close()
    raise SystemExit(f"{unexplained} survivors unexplained" if unexplained else 0)


if __name__ == "__main__":
    main()
