"""Accepts today's verdicts on old files: ``python tests/golden/accept.py``, after a look at them.

Prints what changes, file by file, and writes `accepted/verdicts.json`. Whoever commits that file
says in the commit and in CHANGELOG.md why old files read otherwise now. Verdicts on files that are
not on this machine stay as they are.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from golden import verdicts
from oracles import faketime


def main() -> None:
    """Compares, prints, writes."""
    known = verdicts.accepted() if verdicts.ACCEPTED.exists() else {}
    for name, path in verdicts.files():
        for whom, trust in verdicts.trusts(name).items():
            now = verdicts.verdict(path, trust)
            if now == {"error": "UnsupportedFormat"}:
                continue
            entry = known.setdefault(name, {})
            then = entry.get(whom, {}).get("says")
            changed = verdicts.differences(then, now) if then else ["new"]
            for line in changed:
                print(f"{name}, trusting {whom}: {line}")
            anchors = verdicts.fingerprint(trust)
            if changed or entry[whom]["anchors"] != anchors:
                entry[whom] = {"anchors": anchors, "says": now}
    text = json.dumps(known, ensure_ascii=False, indent=1, sort_keys=True)
    verdicts.ACCEPTED.parent.mkdir(exist_ok=True)
    verdicts.ACCEPTED.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    if faketime.is_frozen():
        main()
    else:
        words = faketime.command(sys.executable, *sys.argv)
        raise SystemExit(subprocess.run(words, env=faketime.environment(), check=False).returncode)
