"""Every way of writing, with one call of each run failing or killed: what is left is old or new.

Run as a program: ``write_faults.py MEANS FOLDER [WAY...]`` prints a line of JSON with how many runs
there were and what was wrong with any of them. MEANS is how calls fail: ``python`` replaces
functions of `os`, ``preload`` of the C library, ``strace`` asks the kernel (see `failing_calls`).

What is signed is signed once; each run then reads, writes and ends in a process of its own.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from failing_calls import INTERRUPT, LATE_INTERRUPT, MEANS, Means, Python, in_child
from genlabel import Generator, Label, Labeller, Producer, Signed, storage, testing
from genlabel.storage import buffers
from genlabel.testing import Authority, TimeAuthority

FAULTS = {"ENOSPC": errno.ENOSPC, "EIO": errno.EIO, "EACCES": errno.EACCES, "kill": 0}
INTERRUPTS = {"Ctrl-C": INTERRUPT, "Ctrl-C, late": LATE_INTERRUPT}
MARKS = {"sidecar": True, "marks": ["iptc"]}
FIRST = Label.generated(producer=Producer("Acme Studio"), generator=Generator("ModelX"))
SECOND = Label.edited(producer=Producer("Acme Studio"), generator=Generator("Retoucher"))
LATE = "waiting for its name to be on the disk"
"""What is said of the one error that comes when the result is in its place already."""

Pair = tuple[bytes | None, bytes | None]
Setting = dict[str, bytes]
"""The files of a folder, by their paths below it."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way of writing: what is there before, and what is run."""

    before: Callable[[Path, Labeller], None]
    run: Callable[[Path, Labeller], object]


def _cat(folder: Path, labeller: Labeller, **first: Any) -> None:
    (folder / "cat.png").write_bytes(testing.picture("png"))
    (folder / "cat.png").chmod(0o640)
    if hasattr(os, "setxattr"):
        with contextlib.suppress(OSError):  # not on every file system
            os.setxattr(folder / "cat.png", "user.origin", b"Acme")
    if first:
        labeller.sign_file(folder / "cat.png", FIRST, **{"in_place": True, **first})


def _out(folder: Path, labeller: Labeller, **first: Any) -> None:
    """A result of an earlier run lies where the next one goes."""
    _cat(folder, labeller)
    labeller.sign_file(folder / "cat.png", FIRST, out=folder / "out.png", **first)


def _two(folder: Path, labeller: Labeller) -> None:
    for number, name in enumerate(("a.png", "b.png")):
        (folder / name).write_bytes(testing.picture("png", seed=number))


def _sign(folder: Path, labeller: Labeller, **options: Any) -> object:
    if "out" in options:
        options["out"] = folder / options["out"]
    label = options.pop("label", SECOND)
    return labeller.sign_file(folder / "cat.png", label, **options)


def _without_links(folder: Path, labeller: Labeller, **options: Any) -> object:
    """On a file system without hard links."""
    link = os.link

    def unsupported(*_: object, **__: object) -> None:
        raise OSError(errno.EOPNOTSUPP, os.strerror(errno.EOPNOTSUPP))

    os.link = unsupported
    try:
        return _sign(folder, labeller, **options)
    finally:
        os.link = link


def _large(folder: Path, labeller: Labeller, **options: Any) -> object:
    """What is large is put together without a name, where it goes, and linked to its name."""
    signed, large = Labeller._signed, buffers.LARGE

    def put_together(*asked: Any) -> Signed:
        made = signed(*asked)
        return replace(made, content=buffers.joined([bytes(made.content), b""]))

    Labeller._signed, buffers.LARGE = put_together, 1  # type: ignore[method-assign]
    try:
        return _sign(folder, labeller, **options)
    finally:
        Labeller._signed, buffers.LARGE = signed, large  # type: ignore[method-assign]


def _stamp(folder: Path, labeller: Labeller, **options: Any) -> object:
    return labeller.stamp_file(folder / "cat.png", **options)


def _sign_two(folder: Path, labeller: Labeller, **options: Any) -> object:
    options = {"in_place": True} if "out" not in options else {"out": folder / options["out"]}
    reports = list(labeller.sign_files([folder], FIRST, **options, **MARKS))
    for each in reports:
        if each.error is not None:
            raise OSError(errno.EIO, each.error.message, each.path)
    return reports


LATER = {"stamp": "later"}
WAYS: Mapping[str, Way] = {
    "out": Way(_cat, partial(_sign, out="new/cat.png")),
    "out, over an earlier result": Way(_out, partial(_sign, out="out.png", overwrite=True)),
    "out, with a sidecar": Way(_cat, partial(_sign, out="out.png", sidecar=True)),
    "out, with marks": Way(_cat, partial(_sign, out="new/cat.png", label=FIRST, **MARKS)),
    "out, with marks, over an earlier result": Way(
        partial(_out, **MARKS), partial(_sign, out="out.png", overwrite=True, **MARKS)
    ),
    "in place": Way(_cat, partial(_sign, in_place=True)),
    "in place, without fsync": Way(_cat, partial(_sign, in_place=True, fsync=False)),
    "large, out": Way(_cat, partial(_large, out="new/cat.png")),
    "large, in place": Way(_cat, partial(_large, in_place=True)),
    "sidecar": Way(_cat, partial(_sign, label=FIRST, sidecar=True)),
    "sidecar, over an earlier one": Way(partial(_cat, sidecar=True), partial(_sign, sidecar=True)),
    "marks": Way(_cat, partial(_sign, label=FIRST, in_place=True, **MARKS)),
    "marks, over an earlier pair": Way(
        partial(_cat, **MARKS), partial(_sign, in_place=True, **MARKS)
    ),
    "marks, without fsync": Way(
        partial(_cat, **MARKS), partial(_sign, in_place=True, fsync=False, **MARKS)
    ),
    "stamp": Way(partial(_cat, **LATER), partial(_stamp, in_place=True)),
    "stamp, beside": Way(partial(_cat, sidecar=True, **LATER), partial(_stamp, in_place=True)),
    "out, without hard links": Way(_cat, partial(_without_links, out="new/cat.png")),
    "out, with marks, without hard links": Way(
        _cat, partial(_without_links, out="new/cat.png", label=FIRST, **MARKS)
    ),
    "two files, out": Way(_two, partial(_sign_two, out="new")),
    "two files, in place": Way(_two, _sign_two),
}


@dataclass(slots=True)
class Bench:
    """A labeller that signs each thing once, and a folder for every run."""

    labeller: Labeller
    folder: Path
    known: dict[object, Signed] = field(default_factory=dict)

    def remember(self) -> None:
        """From now on what was signed once is signed at once, the same."""
        signed, stamped = Labeller._signed, Labeller.add_stamp

        def sign(
            labeller: Labeller, asset: Any, label: Label, parent: Any, standing: Any = None
        ) -> Signed:
            how = (labeller.sidecar, tuple(labeller.marks), labeller.stamp)
            key = (bytes(asset.data), asset.manifest, repr(label), how)
            if key not in self.known:
                self.known[key] = signed(labeller, asset, label, parent, standing)
            return self.known[key]

        def stamp(labeller: Labeller, image: Any, **more: Any) -> Signed:
            key = ("stamp", bytes(image.data), image.manifest)
            if key not in self.known:
                self.known[key] = stamped(labeller, image, **more)
            return self.known[key]

        Labeller._signed = sign  # type: ignore[method-assign]
        Labeller.add_stamp = stamp  # type: ignore[method-assign]

    def fresh(self, before: Setting) -> Path:
        """A folder with the files that are there before a run."""
        folder = self.folder / "run"
        shutil.rmtree(folder, ignore_errors=True)
        for name, data in before.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        return folder


def files(folder: Path) -> Setting:
    """All files below `folder`."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def as_read(folder: Path, name: str) -> Pair:
    """A picture and its manifest as genlabel reads them; None for what is not there."""
    if not (folder / name).exists():
        return None, None
    asset = storage.read_asset(folder / name)
    return bytes(asset.data), asset.manifest


def as_is(setting: Setting, name: str) -> Pair:
    """The two files."""
    return setting.get(name), setting.get(str(Path(name).with_suffix(".c2pa")))


def wrong(folder: Path, before: Setting, after: Setting, said: str, call: str) -> Iterator[str]:
    """What is wrong with a folder after a run that was to make `after` of `before`."""
    alone = "b.png" not in before
    names = sorted({name for name in (*before, *after) if name.endswith(".png")})
    fits = {name: (as_is(before, name), as_is(after, name)) for name in names}
    for name in names:
        seen = as_read(folder, name)
        if seen not in fits[name]:
            yield f"{name} does not verify"
        if said == "done" and seen != fits[name][1]:
            yield f"{name} was said to be done and is not"
        if said.startswith("raised") and alone and LATE not in said and seen != fits[name][0]:
            yield f"{name} is another, and an error was raised"
    left = [name for name in files(folder) if Path(name).name.startswith(".genlabel")]
    if left and said != "killed" and "unlink" not in call:  # the next run removes it
        yield f"left behind: {left}"
    for each in (folder, *(path for path in folder.rglob("*") if path.is_dir())):
        storage.sweep(each)
    swept = files(folder)
    for name in names:
        if as_is(swept, name) not in fits[name]:
            yield f"{name}: the next run neither finished nor undid it"
    if extra := sorted(swept.keys() - before.keys() - after.keys()):
        yield f"not swept: {extra}"


def judged(means: Means, bench: Bench, name: str) -> tuple[int, list[str]]:
    """How many runs of one way there were, and what was wrong with them."""
    way, home = WAYS[name], bench.folder / "home"
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir()
    way.before(home, bench.labeller)
    before = files(home)
    way.run(home, bench.labeller)
    after = files(home)
    for each in after:
        if each.endswith(".png"):
            assert bench.labeller.verify_file(home / each).integrity != "broken", (name, each)

    def run() -> str:
        way.run(bench.folder / "run", bench.labeller)
        return "done"

    bench.fresh(before)
    points = means.points(run)
    assert files(bench.folder / "run") == after, name
    kinds = {**FAULTS, **(INTERRUPTS if isinstance(means, Python) else {})}
    runs, faults = 0, []
    for point in points:
        for fault, number in kinds.items():
            folder = bench.fresh(before)
            told = in_child(means, run, point, number)
            said, call = told["said"], told["name"]
            if said == "done" and number == 0:
                continue  # the last of all: it had ended before it was killed
            runs += 1
            found = list(wrong(folder, before, after, said, call))
            if "names no file" in said or said.startswith("fell over"):
                found.append("no error of the system")
            faults += [f"{name}: {fault} at {point} {call}: {said}: {each}" for each in found]
    return runs, faults


def main(means: str, place: str, *chosen: str) -> None:
    """Runs the ways that are `chosen`, or all."""
    folder = Path(place)
    authority = Authority.new("Acme Studio")
    clock = TimeAuthority.new()
    with testing.time_server(clock) as address:
        labeller = Labeller(signer=authority.signer(), trust=testing.trust(authority))
        labeller = replace(labeller, tsa=address, stamp="off")  # type: ignore[arg-type]
        bench = Bench(labeller, folder)
        bench.remember()
        how = MEANS[means](folder)
        total, faults = 0, list[str]()
        for name in chosen or WAYS:
            runs, found = judged(how, bench, name)
            total += runs
            faults += found
    print(json.dumps({"runs": total, "faults": faults}))


if __name__ == "__main__":
    main(*sys.argv[1:])
