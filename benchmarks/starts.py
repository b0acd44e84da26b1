"""Programs from their start on: the first signing, small calls, a process of a batch."""

from __future__ import annotations

import compileall
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from engine_alone import AUTHORITY, Engine
from further import ratios
from measuring import seconds, sign
from results import Row, row

import genlabel
from genlabel import testing
from genlabel.storage.processes import Processes

START = "Start"
UNCOMPILED = "PYTHONDONTWRITEBYTECODE"
"""Where it is set, each start compiles anew what was edited."""

RAW_SIGN = """
import io, sys
from pathlib import Path
import c2pa
path = Path(sys.argv[1])
chain, key = (path.with_name(name).read_bytes() for name in ("signing.pem", "signing.key"))
signer = c2pa.Signer.from_info(c2pa.C2paSignerInfo(b"es256", chain, key, None))
context = c2pa.Context.from_dict({"builder": {"thumbnail": {"enabled": False}}})
signed = io.BytesIO()
with c2pa.Builder(path.with_name("manifest.json").read_text(), context=context) as builder:
    builder.sign(signer, "image/png", io.BytesIO(path.read_bytes()), signed)
with c2pa.Reader("image/png", signed, context=context) as reader:
    print(len(reader.json()))
"""
RAW_READ = """
import sys
import c2pa
with c2pa.Reader(sys.argv[1]) as reader:
    print(len(reader.json()))
"""


def _run(words: list[str], environment: dict[str, str] | None = None) -> None:
    done = subprocess.run(
        [sys.executable, *words],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=compiled(os.environ if environment is None else environment),
    )
    if done.returncode not in (0, 1):
        raise SystemExit(f"{' '.join(words)} ended with {done.returncode}")


def compiled(environment: Mapping[str, str]) -> dict[str, str]:
    """`environment` for programs that use what is compiled, as those that pip installed do."""
    return {name: value for name, value in environment.items() if name != UNCOMPILED}


def measured(rounds: int) -> Iterator[Row]:
    """All of them."""
    compileall.compile_dir(Path(genlabel.__file__).parent, quiet=1)
    os.environ.pop(UNCOMPILED, None)  # processes of a batch inherit it
    yield from nothing(rounds)
    yield from starts(rounds)
    yield from first_sign(max(3, rounds // 3))


def first_sign(rounds: int) -> Iterator[Row]:
    """The very first signing for a user, and any later one, beside a script of the engine's."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        AUTHORITY.write(place)
        path = place / "cat.png"
        path.write_bytes(testing.picture("png", size=(64, 64)))
        (place / "manifest.json").write_text(json.dumps(Engine.MANIFEST))
        keys = ["--key", str(place / "signing.key"), "--certificates", str(place / "signing.pem")]
        words = ["-m", "genlabel", "sign", str(path), "-o", str(place / "out.png"), "-q"]
        words += ["--generated", "--by", "Acme Studio", "--overwrite", "--no-config", *keys]
        first, later = [], []
        for number in range(rounds + 1):
            home = {**os.environ, "XDG_CACHE_HOME": str(place / f"cache-{number}")}
            raw = seconds(lambda: _run(["-c", RAW_SIGN, str(path)]))
            anew = seconds(lambda home=home: _run(words, home))
            (place / "out.png").unlink(missing_ok=True)
            again = seconds(lambda home=home: _run(words, home))
            (place / "out.png").unlink(missing_ok=True)
            first.append(anew / raw)
            later.append(again / raw)
    name = "`genlabel sign` of a small picture, beside a script that signs and reads"
    yield row(START, f"the first {name}", first[1:], "×", most=1.5)
    yield row(START, f"any later {name}", later[1:], "×")


def starts(rounds: int) -> Iterator[Row]:
    """What starting costs, beside scripts that do the same with the engine."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "cat.png")
        path.write_bytes(sign(testing.picture("png", size=(64, 64)), beside=False).data)
        command = ["-m", "genlabel", "verify", str(path), "--no-config"]
        taken = ratios(lambda: _run(command), lambda: _run(["-c", RAW_READ, str(path)]), rounds)
    name = "`genlabel verify` of a small picture, beside a script that reads it"
    yield row(START, name, taken, "×", most=1.3)
    times: list[float] = []
    for _ in range(rounds + 1):
        processes: Processes[Any, Any] = Processes(abs, jobs=1, expected=1000)
        times.append(seconds(lambda processes=processes: list(processes.done([-1]))) * 1e3)
        processes.close()
    yield row(START, "a process of a batch is ready", times[1:], "ms", most=80)


def nothing(rounds: int) -> Iterator[Row]:
    """What is left over ``python -c pass``, and what pytest's plugin costs who does not use it."""
    programs = {
        "`import genlabel`": (["-c", "import genlabel"], 40),
        "`genlabel --version`": (["-m", "genlabel", "--version"], 45),
    }
    over: dict[str, list[float]] = {name: [] for name in programs}
    for _ in range(rounds + 1):
        least = seconds(lambda: _run(["-c", "pass"]))
        for name, (words, _) in programs.items():
            over[name].append(1e3 * (seconds(lambda words=words: _run(words)) - least))
    for name, (_, most) in programs.items():  # the first fills caches
        yield row(START, f"{name}, over `python -c pass`", over[name][1:], "ms", most=most)
    name = "`pytest` with the plugin, over `pytest` without"
    yield row(START, name, plugin(rounds), "ms", most=5)


PLUGIN = """
import sys, time
import pytest
class Loads:
    def pytest_configure(self, config):
        begun = time.process_time()
        config.pluginmanager.import_plugin("genlabel.pytest_plugin")
        print(time.process_time() - begun, file=sys.stderr)
sys.exit(pytest.main(["-q", "-p", "no:cacheprovider", sys.argv[1]], plugins=[Loads()]))
"""


def plugin(rounds: int) -> list[float]:
    """Milliseconds of a processor that pytest's plugin costs a run that asks for nothing of it."""
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    with tempfile.TemporaryDirectory() as folder:
        test = Path(folder, "test_nothing.py")
        test.write_text("def test_nothing(): pass\n")

        def spent() -> float:
            words = [sys.executable, "-c", PLUGIN, str(test)]
            done = subprocess.run(
                words, check=True, capture_output=True, text=True, cwd=folder, env=environment
            )
            return float(done.stderr)

        spent()  # compiles
        return [1e3 * spent() for _ in range(rounds)]
