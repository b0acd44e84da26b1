"""Makes the golden files of this version: ``python tests/golden/make.py``, once for each release.

Drawn pictures in every format, signed with a key that is forgotten at once; what remains is public:
the pictures, the root that vouches for them, and what they say. Nothing is overwritten: files that
a release has signed are what every later one is held to.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import genlabel
from genlabel.model.label import Label
from genlabel.model.parties import Generator, Producer, Rights
from genlabel.model.report import WRITTEN
from genlabel.testing import Authority, picture

HERE = Path(__file__).parent
SUFFIXES = {"jpeg": "jpg", "png": "png", "webp": "webp"}
LIFETIME = timedelta(days=7305)  # twenty years: these labels have no time-stamp to outlive it


def label() -> Label:
    """A label with something in every mark, in more than one script."""
    return Label.generated(
        producer=Producer("Golden Studio", url="https://golden.example"),
        generator=Generator("Model X", version="1.0", provider="Model Works"),
        title="Hills at dusk, 夕暮れの丘",
        description="Hills before a low sun",
        created=datetime.now(UTC).replace(microsecond=0),
        identifier="urn:uuid:0f8fad5b-d9cb-469f-a165-70867728950e",
        rights=Rights(creator=("Ada Lovelace",), credit="Golden Studio", copyright="© Golden"),
    )


def main() -> None:
    """Writes ``<version>.jpg``, ``.png``, ``.webp``, ``.anchors.pem`` and ``.json``."""
    version = genlabel.__version__
    taken = sorted(each.name for each in HERE.glob(f"{version}.*"))
    if taken:
        raise SystemExit(f"{', '.join(taken)}: made already, and golden files are never made again")
    authority = Authority.new("Golden Studio", lifetime=LIFETIME)
    signer, said = authority.signer(), {}
    for format, suffix in SUFFIXES.items():
        signed = genlabel.sign(picture(format, seed=5), label(), signer)
        name = f"{version}.{suffix}"
        (HERE / name).write_bytes(signed.data)
        said[name] = {
            "sha256": hashlib.sha256(signed.data).hexdigest(),
            "manifest_id": signed.manifest_id,
            "marks": {
                mark.value: dict(signed.report.marks[mark])
                for mark in WRITTEN
                if mark in signed.report.marks
            },
        }
    (HERE / f"{version}.anchors.pem").write_bytes(authority.anchors)
    text = json.dumps(said, ensure_ascii=False, indent=2)
    (HERE / f"{version}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
