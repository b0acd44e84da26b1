"""Ways of writing a picture, and what is looked at behind them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import genlabel
from genlabel import Label, Severity
from genlabel.model.parties import Generator, Producer

posix = pytest.mark.skipif(os.name == "nt", reason="POSIX modes, links and locks")
LABEL = Label.generated(
    producer=Producer("Acme Studio"), generator=Generator("ModelX"), created="unknown"
)
EDITED = Label.edited(producer=Producer("Acme Studio"), generator=Generator("Retoucher"))
MARKS = {"sidecar": True, "marks": ["iptc"]}
PLACES = {
    "in place": {"in_place": True},
    "sidecar": {"sidecar": True},
    "marks": {"in_place": True, **MARKS},
}
everywhere = pytest.mark.parametrize("options", PLACES.values(), ids=PLACES)


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def codes(report: genlabel.SignReport | genlabel.Report) -> list[str]:
    return [each.code for each in report.findings if each.severity is Severity.NOTE]
