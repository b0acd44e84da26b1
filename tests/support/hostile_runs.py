"""Hostile files in a process of their own: what is wrong with how each of them was taken."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
from pathlib import Path

from fieldbook import authority

LONGEST = 15.0
"""Seconds for everything that is done with one file."""
LARGEST = 300 << 20
"""Bytes that the process may grow by."""

JUDGE = """
    import json, resource, sys, time
    from pathlib import Path

    import genlabel
    from genlabel import GenlabelError, Generator, KeySigner, Label, Producer
    from genlabel.formats import identify

    def grown():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (
            1 if sys.platform == "darwin" else 1024
        )

    folder = Path(sys.argv[1])
    signer = KeySigner.from_files(folder / "signing.key", folder / "signing.pem")
    label = Label.edited(producer=Producer("Acme Studio"), generator=Generator("Inpainter"))
    original = (folder / "original").read_bytes()
    aside = identify(original).survey(original).unsignable is not None
    labelled = genlabel.sign(original, label, signer, sidecar=aside).data
    genlabel.strip_check(original, against=labelled)
    at_first = grown()
    doings = {
        "verify": genlabel.verify,
        "inspect": genlabel.inspect,
        "strip_check": lambda data: genlabel.strip_check(data, against=original),
        "alone": genlabel.strip_check,
        "original": lambda data: genlabel.strip_check(original, against=data),
        "sign": lambda data: genlabel.sign(data, label, signer),
        "replace": lambda data: genlabel.sign(data, label, signer, existing="replace"),
    }
    for path in sorted((folder / "files").iterdir()):
        data = path.read_bytes()
        print(json.dumps({"name": path.name}), flush=True)
        for name in sys.argv[2:] or doings:
            do = doings[name]
            begun, trouble = time.monotonic(), None
            try:
                do(data)
            except GenlabelError as error:
                if not str(error) or "Traceback" in str(error):
                    trouble = repr(error)
            except BaseException as error:
                trouble = repr(error)
            answer = {"did": name, "seconds": time.monotonic() - begun, "trouble": trouble}
            print(json.dumps({**answer, "grown": grown() - at_first}), flush=True)
"""


def judged(tmp_path: Path, good: bytes, files: dict[str, bytes], *doings: str) -> list[str]:
    """What is wrong with how these files were taken, as sentences; best nothing.

    `good` is a file of the same format that nothing is wrong with; `doings` names what is done
    with each, by default everything.
    """
    authority().write(tmp_path)
    (tmp_path / "original").write_bytes(good)
    (tmp_path / "files").mkdir()
    for name, data in files.items():
        (tmp_path / "files" / name).write_bytes(data)
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(JUDGE), tmp_path, *doings],
        capture_output=True,
        text=True,
        timeout=LONGEST * 30,
        check=False,
    )
    return list(complaints(done, files))


def complaints(done, files):
    name, grown, seen = "", 0, set()
    for line in done.stdout.splitlines():
        answer = json.loads(line)
        if "name" in answer:
            name = answer["name"]
            seen.add(name)
            continue
        if answer["trouble"]:
            yield f"{name}: {answer['did']}: {answer['trouble']}"
        if answer["seconds"] > LONGEST:
            yield f"{name}: {answer['did']}: took {answer['seconds']:.1f} s"
        if answer["grown"] > max(LARGEST, grown + (20 << 20)):
            yield f"{name}: {answer['did']}: {answer['grown'] >> 20} MB"
        grown = max(grown, answer["grown"])
    if done.returncode:
        yield f"{name}: the process ended with {done.returncode}: {done.stderr[-2000:]}"
    elif seen != files.keys():
        yield f"not asked: {files.keys() - seen}"
