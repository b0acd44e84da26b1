"""Pictures that were signed over and over: told in time, and refused before the engine fails."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from functools import cache

import pytest

from forgeries import ancestors, forge
from genlabel import Label, Producer, sign, testing, verify
from genlabel.credentials.signer import Signer
from genlabel.manifests.engine import signing
from genlabel.manifests.store import ancestry
from genlabel.model.errors import ExistingManifest
from genlabel.model.label import Generator

LABEL = Label.edited(producer=Producer("Acme Studio"), generator=Generator("Painter"))
CODE = "genlabel.history.long"
INHERITED = "genlabel.claim.inherited"
"""The history is nobody's whom the reader knows."""


@cache
def history(levels: int) -> bytes:
    """A picture that `levels` manifests lie below."""
    line = [replace(ancestors.parent(), label=_numbered(0))]
    for level in range(1, levels):
        line.append(replace(ancestors.child(*forge.opened(line[-1])), label=_numbered(level)))
    return forge.embedded(testing.picture("png"), ancestors.child(*forge.opened(line[-1])), *line)


def _numbered(level: int) -> str:
    return f"urn:c2pa:44444444-2222-4333-8444-{level:012d}"


def codes(findings) -> list[str]:
    return [each.code for each in findings]


@pytest.mark.parametrize(("levels", "told"), [(148, []), (149, [CODE]), (179, [CODE])])
def test_a_long_history_is_told_and_continued(levels, told, signer: Signer):
    signed = sign(history(levels), LABEL, signer)
    assert codes(signed.findings) == told
    assert INHERITED in codes(signed.report.findings)
    assert max(each.depth for each in verify(signed.data).ingredients) == levels + 1


@pytest.mark.parametrize("levels", [180, 201, 260])
def test_a_history_that_is_too_long_is_refused_before_the_engine_is_asked(
    levels, signer: Signer, monkeypatch
):
    def asked(*_: object, **__: object) -> None:
        raise AssertionError("the engine was asked")

    monkeypatch.setattr(signing, "sign", asked)
    monkeypatch.setattr(signing, "sign_into", asked)
    with pytest.raises(ExistingManifest, match="too long to be continued") as refusal:
        sign(history(levels), LABEL, signer, accept_broken_parent=True)
    assert "--existing replace" in str(refusal.value.remedy)


def test_a_parent_with_such_a_history_is_refused_as_well(signer: Signer):
    with pytest.raises(ExistingManifest, match="too long to be continued"):
        sign(testing.picture("png"), LABEL, signer, parent=history(180))


def test_what_the_refusal_says_works(signer: Signer):
    signed = sign(history(180), LABEL, signer, existing="replace")
    assert codes(signed.findings) == ["genlabel.manifest.replaced", "genlabel.parent.unknown"]
    assert INHERITED in codes(signed.report.findings)
    assert signed.report is not None
    (previous,) = signed.report.ingredients
    assert previous.manifest_id is None  # nothing of the long history goes along


def test_the_bounds_are_in_order():
    assert ancestry.LONG < ancestry.LONGEST < 186 < ancestry.MAX_DEPTH


def test_a_long_history_is_verified_in_a_thread_with_a_small_stack(tmp_path):
    """In a process of its own, which an overflow would end."""
    path = tmp_path / "cat.png"
    path.write_bytes(history(195))
    done = subprocess.run(
        [sys.executable, "-c", SMALL, str(path)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout.strip()) == (0, "195"), done.stderr


@pytest.mark.parametrize("levels", [130, 179])
def test_a_long_history_is_continued_in_a_thread_with_a_small_stack(levels, tmp_path):
    path = tmp_path / "cat.png"
    path.write_bytes(history(levels))
    done = subprocess.run(
        [sys.executable, "-c", SIGNING, str(path)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout.strip()) == (0, "signed"), done.stderr


SIGNING = """
import sys, threading
from genlabel import Generator, Label, Producer, sign_file, testing

def sign():
    label = Label.edited(producer=Producer("Acme"), generator=Generator("Painter"))
    signer = testing.Authority.new("Acme").signer()
    print(sign_file(sys.argv[1], label, signer, in_place=True).outcome)

threading.stack_size(512 * 1024)
thread = threading.Thread(target=sign)
thread.start()
thread.join()
"""
SMALL = """
import sys, threading
from genlabel import verify_file

def judge():
    later = verify_file(sys.argv[1])
    along = verify_file(sys.argv[1], policy="c2pa-conformance")
    assert len(later.crjson()["manifests"]) == len(along.crjson()["manifests"]) == 196
    print(max(each.depth for each in later.ingredients))

threading.stack_size(512 * 1024)
thread = threading.Thread(target=judge)
thread.start()
thread.join()
"""
