"""The whole story once: make a credential, label a picture, verify it, strip it, find that out.

    make demo            or: python examples/demo.py

Works in ./demo, without a network. Every command is printed as you would type it, with its answer.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

from PIL import Image

from genlabel import testing

FOLDER = Path("demo")


def main() -> int:
    FOLDER.mkdir(exist_ok=True)

    say(
        "1. A development credential: a private key, its certificates, and the root to verify with."
    )
    if (FOLDER / "keys" / "signing.key").exists():
        say("   (demo/keys is there already and is used again; delete demo to begin anew)")
    else:
        type_in("keys new --organisation 'Acme Studio' --write-config")

    say("2. A picture. This one is drawn; yours may come from a generator.")
    (FOLDER / "hills.png").write_bytes(testing.example())
    say("   demo/hills.png, 1200 x 800")

    say("3. Label it: generated, by whom, with what. The picture itself is not encoded again.")
    type_in(
        "sign hills.png -o labelled/ --generated --by 'Acme Studio' --using 'FLUX.1 [dev]'"
        " --overwrite"
    )

    say("4. Verify it, as anybody can who has keys/anchors.pem (genlabel.toml names it here).")
    type_in("verify labelled/hills.png")

    say("5. Publish it, as many websites do: opened, saved again as WebP. That drops all metadata.")
    (FOLDER / "published").mkdir(exist_ok=True)
    with Image.open(FOLDER / "labelled" / "hills.png") as picture:
        picture.save(FOLDER / "published" / "hills.webp")
    say("   $ python -c \"from PIL import Image; Image.open('labelled/hills.png')"
        ".save('published/hills.webp')\"")  # fmt: skip

    say("6. Find out what publication did.")
    type_in("strip-check published/hills.webp --against labelled/hills.png", expected=1)
    say("   Exit status 1 is the right answer: the label is gone, and in a build this stops the")
    say("   deployment. The way out: let the last step of publishing keep metadata, or label what")
    say("   comes out of it. docs/survival.md says which tools keep what.")
    say("")
    say("Done. Everything is in ./demo; `genlabel inspect demo/labelled/hills.png` shows it all.")
    return 0


def say(sentence: str) -> None:
    print(f"\n{sentence}" if sentence[:1].isdigit() else sentence, flush=True)


def type_in(words: str, *, expected: int = 0) -> None:
    """Run one command in the demo's folder, show it and its answer; end if it went otherwise."""
    print(f"\n   $ genlabel {words.replace(chr(39), chr(34))}", flush=True)
    done = subprocess.run(
        [sys.executable, "-m", "genlabel", *shlex.split(words)],
        cwd=FOLDER,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )
    for line in done.stdout.splitlines():
        print(f"   {line}", flush=True)
    print(f"   (exit status {done.returncode})", flush=True)
    if done.returncode != expected:
        sys.exit(f"the demo expected exit status {expected} here: something is wrong")


if __name__ == "__main__":
    sys.exit(main())
