"""Very many files of mixed kinds: what a process keeps does not grow with their number."""

from __future__ import annotations

import subprocess
import sys

import pytest

import genlabel
from genlabel import Label, Producer, testing

KINDS = ("png", "jpeg", "webp", "gif", "tiff")
EACH = 120
GROWTH = 4096
"""KB of resident memory that the last two thirds of the files may add: pages, not files."""
SCRIPT = """
import sys
import genlabel
def resident():
    return int(open("/proc/self/status").read().split("VmRSS:")[1].split()[0])
seen = 0
for report in genlabel.verify_files([sys.argv[1]], jobs=int(sys.argv[2])):
    assert report.error is None, report.error
    seen += 1
    if seen == int(sys.argv[3]):
        print(resident())
print(resident(), seen)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="memory is told by Linux alone")
@pytest.mark.parametrize("jobs", [1, 2])
def test_memory_does_not_grow_with_the_number_of_files(tmp_path, jobs):
    signer = testing.Authority.new("Acme Studio").signer()
    label = Label.generated(producer=Producer("Acme Studio"))
    for kind in KINDS:
        plain = testing.picture(kind, size=(64, 64))
        signed = genlabel.sign(plain, label, signer).data
        for number in range(EACH):
            (tmp_path / f"{number:04d}-plain.{kind}").write_bytes(plain)
            (tmp_path / f"{number:04d}-signed.{kind}").write_bytes(signed)
    count = 2 * EACH * len(KINDS)
    words = [sys.executable, "-c", SCRIPT, str(tmp_path), str(jobs), str(count // 3)]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    third, whole, seen = map(int, done.stdout.split())
    assert seen == count
    assert whole - third < GROWTH, f"{whole - third:,} KB more"
