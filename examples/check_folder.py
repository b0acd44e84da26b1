"""Check a folder in CI: one line of JSON a picture, and an exit status that stops the build.

    python examples/check_folder.py public/ keys/anchors.pem

`genlabel verify public/ --trust keys/anchors.pem --format jsonl` does the same in one line. Start
from here if your rules are not ours: which pictures count, or what must be declared.

Exit status: 0 everything is labelled; 1 something is not; 2 something could not be judged, or there
was no picture.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from genlabel import GenlabelError, Labeller, Severity, Trust, policy

SUFFIXES = {".jpg", ".jpeg", ".png", ".webp"}


def main(folder: str, anchors: str | None = None) -> int:
    desk = Labeller(
        trust=Trust.of(signers=anchors) if anchors else Trust(),
        policy=policy("labelled"),
    )
    status, seen = 0, 0
    for path in sorted(Path(folder).rglob("*")):
        if path.suffix.lower() not in SUFFIXES:
            continue
        seen += 1
        try:
            report = desk.verify_file(path)
        except (GenlabelError, OSError) as error:
            print(json.dumps({"path": str(path), "error": str(error)}))
            status = 2
            continue
        errors = [each for each in report.findings if each.severity is Severity.ERROR]
        if report.unjudged:
            status = 2
        elif errors:
            status = max(status, 1)
        answer = {
            "path": str(path),
            "integrity": report.integrity.value,
            "source_type": report.declared.source_type,
            "producer": report.declared.producer,
            "errors": [each.explanation for each in errors],
        }
        print(json.dumps(answer))
    if not seen:
        print(f"{folder}: no picture in it", file=sys.stderr)
        return 2
    return status


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit("usage: check_folder.py FOLDER [ANCHORS.pem]")
    sys.exit(main(*sys.argv[1:]))
