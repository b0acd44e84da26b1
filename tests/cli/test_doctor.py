"""`genlabel doctor`, from the outside and as a function."""

from __future__ import annotations

import json
import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jsonschema
import pytest

import genlabel as face
from genlabel.manifests.engine import engine, signing
from genlabel.model.errors import EngineError
from genlabel.operations import doctor
from genlabel.operations.doctor import Diagnosis, State
from genlabel.testing import Authority

SCHEMA = json.loads((Path(__file__).parents[2] / "docs/schema/doctor-1.json").read_text("utf-8"))


def states(found: Diagnosis) -> dict[str, State]:
    return {each.name: each.state for each in found.checks}


def test_a_studio_is_well(studio, genlabel):
    answer = genlabel("doctor", "--format", "json")
    assert answer.status == 0
    found = json.loads(answer.out)
    jsonschema.validate(found, SCHEMA)
    assert found["ok"]
    said = {each["check"]: each for each in found["checks"]}
    for name in ("configuration", "python", "genlabel", "engine", "canary", "signer", "trust"):
        assert said[name]["state"] == "good", said[name]
    assert "jpeg, png, webp" in said["canary"]["says"]
    assert "'Acme Studio', es256" in said["signer"]["says"]


def test_nothing_configured_is_no_failure(tmp_path, monkeypatch, genlabel):
    monkeypatch.chdir(tmp_path)
    answer = genlabel("doctor")
    assert answer.status == 0
    assert "skipped: none is configured" in answer.out
    assert genlabel("doctor", "-q").out == ""


def test_a_broken_configuration_is_told_and_the_rest_is_looked_at(studio, genlabel):
    Path("genlabel.toml").write_text("[producr]\nname = 'Acme'\n")
    answer = genlabel("doctor")
    assert answer.status == 1
    assert "configuration failed" in answer.out
    assert "did you mean producer?" in answer.out
    assert "canary        good" in answer.out


def test_a_signer_that_cannot_sign_fails_with_a_remedy(studio, genlabel):
    Authority.new("Somebody Else").write("other")
    Path("other/signing.pem").replace("keys/signing.pem")
    answer = genlabel("doctor", "-q")
    assert answer.status == 1
    assert "signer      failed" in answer.out
    assert "hint" in answer.out
    assert "good" not in answer.out


def test_a_key_that_others_can_read_is_doubtful(studio, genlabel):
    if os.name != "posix":
        pytest.skip("permissions of files are POSIX's")
    Path("keys/signing.key").chmod(0o644)
    answer = genlabel("doctor")
    assert answer.status == 0
    assert "key-file      doubtful" in answer.out
    assert "chmod 600" in answer.out


def test_a_certificate_that_ends_soon_is_doubtful():
    soon = Authority.new("Acme Studio", lifetime=timedelta(days=10))
    found = face.doctor(signer=soon.signer())
    assert found.ok
    assert states(found)["signer"] is State.DOUBTFUL


def test_an_old_list_is_doubtful_and_a_missing_one_a_failure(tmp_path):
    path = tmp_path / "list.pem"
    path.write_bytes(Authority.new("Acme Studio").anchors)
    assert states(face.doctor(lists=[path]))["trust-list"] is State.GOOD
    long_ago = time.time() - 100 * 86400
    os.utime(path, (long_ago, long_ago))
    assert states(face.doctor(lists=[path]))["trust-list"] is State.DOUBTFUL
    found = face.doctor(lists=[tmp_path / "none.pem"])
    assert not found.ok
    assert states(found)["trust-list"] is State.FAILED


def test_anchors_that_have_all_ended_are_doubtful(monkeypatch):
    authority = Authority.new("Acme Studio")

    class Later(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime(2099, 1, 1, tzinfo=UTC)

    monkeypatch.setattr(doctor, "datetime", Later)
    found = face.doctor(trust=authority.anchors)
    assert states(found)["trust"] is State.DOUBTFUL


def test_another_module_called_c2pa_is_told(tmp_path, monkeypatch):
    (tmp_path / "c2pa.py").write_text("raise SystemExit('imported')\n")
    monkeypatch.syspath_prepend(tmp_path)
    found = face.doctor()
    assert found.ok
    told = next(each for each in found.checks if each.name == "other-c2pa")
    assert told.state is State.DOUBTFUL
    assert str(tmp_path / "c2pa.py") in told.says


def test_a_missing_engine_fails_both_its_checks(monkeypatch):
    def missing(*_: object, **__: object) -> None:
        raise EngineError("c2pa-python: is not installed", remedy="pip install it")

    for name in ("versions", "read"):
        monkeypatch.setattr(engine, name, missing)
    for name in ("sign", "sign_into"):
        monkeypatch.setattr(signing, name, missing)
    found = face.doctor()
    assert not found.ok
    assert states(found)["engine"] is State.FAILED
    assert states(found)["canary"] is State.FAILED


def test_a_canary_that_believes_a_stranger_is_dead(monkeypatch):
    honest = doctor.verify.verify

    def credulous(data, *, trust=None):
        return honest(data, trust=trust or trusting)

    authority = Authority.new("genlabel canary")
    trusting = doctor.Trust.of(signers=[authority.anchors])
    monkeypatch.setattr(Authority, "new", classmethod(lambda cls, *_, **__: authority))
    monkeypatch.setattr(doctor.verify, "verify", credulous)
    found = face.doctor()
    canary = next(each for each in found.checks if each.name == "canary")
    assert canary.state is State.FAILED
    assert "nobody was named" in canary.says


def test_a_canary_that_misses_a_change_is_dead(monkeypatch):
    honest, first = doctor.verify.verify, {}

    def blind(data, *, trust=None):
        seen = first.setdefault(bool(trust), data)
        return honest(seen, trust=trust)

    monkeypatch.setattr(doctor.verify, "verify", blind)
    canary = next(each for each in face.doctor().checks if each.name == "canary")
    assert canary.state is State.FAILED
    assert "does not read as broken" in canary.says


def test_no_program_is_started(studio, genlabel):
    import sys

    started: list[tuple[object, ...]] = []
    active = [True]

    def hear(event: str, details: tuple[object, ...]) -> None:
        if active and event in ("subprocess.Popen", "os.system", "os.posix_spawn", "os.exec"):
            started.append(details)

    sys.addaudithook(hear)
    platform_cache_cleared()
    assert genlabel("doctor").status == 0
    active.clear()
    assert started == []


def platform_cache_cleared() -> None:
    """`platform` remembers what it has learnt by running programs."""
    import platform

    for name in ("_uname_cache", "_platform_cache"):
        cached = getattr(platform, name, None)
        if isinstance(cached, dict):
            cached.clear()
        elif cached is not None:
            setattr(platform, name, None)


def test_only_what_users_may_want_is_named_as_an_extra(studio, genlabel):
    checks = json.loads(genlabel("doctor", "--format", "json").out)["checks"]
    named = {each["says"].partition(":")[0] for each in checks if each["check"] == "extra"}
    assert named
    assert not named & {"test", "check", "fuzz"}
