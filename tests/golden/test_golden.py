"""What an earlier release has signed still verifies and still says the same."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import genlabel
from genlabel.model.report import Integrity, TrustLevel, Validity

HERE = Path(__file__).parent


def _golden() -> Iterator[Any]:
    """Every golden file with what was said of it when it was made."""
    for record in sorted(HERE.glob("*.json")):
        version = record.name.removesuffix(".json")
        for name, said in json.loads(record.read_text(encoding="utf-8")).items():
            yield pytest.param(HERE / name, HERE / f"{version}.anchors.pem", said, id=name)


@pytest.mark.parametrize(("path", "anchors", "said"), list(_golden()))
def test_a_golden_file_verifies_and_says_what_it_said(path: Path, anchors: Path, said):
    assert hashlib.sha256(path.read_bytes()).hexdigest() == said["sha256"]
    report = genlabel.verify_file(path, trust=anchors, policy=None)
    assert report.integrity is Integrity.INTACT
    assert report.findings == ()
    assert report.manifest_id == said["manifest_id"]
    assert report.signer is not None
    assert report.signer.organisation == "Golden Studio"
    assert (report.signer.trust, report.signer.validity) == (TrustLevel.KNOWN, Validity.WITHIN)
    assert report.declared.attested
    assert {mark.value for mark in report.marks} == said["marks"].keys()
    for mark, declaration in report.marks.items():
        then = said["marks"][mark.value]
        now = json.loads(json.dumps(dict(declaration)))
        # Later versions may read more than the first one did, and nothing else.
        assert {name: now.get(name) for name in then} == then


def test_the_first_release_has_golden_files_of_every_format():
    names = {path.name for path in HERE.iterdir()}
    assert {"0.1.0.jpg", "0.1.0.png", "0.1.0.webp", "0.1.0.anchors.pem"} <= names


def test_no_private_key_lies_beside_them():
    for path in HERE.iterdir():
        if path.is_file():
            assert b"PRIVATE " + b"KEY" not in path.read_bytes(), path
