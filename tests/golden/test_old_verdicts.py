"""Old files, ours and other people's, get the verdict that was accepted for them."""

from __future__ import annotations

from pathlib import Path

import pytest

from golden import verdicts
from oracles.corpus import NO_CORPUS, folder

FILES = dict(verdicts.files())


@pytest.mark.parametrize("name", FILES)
def test_an_old_file_gets_the_verdict_that_was_accepted(name: str):
    judged = verdicts.accepted().get(name)
    if judged is None:
        pytest.skip(f"no verdict was accepted for {name} yet: run `{verdicts.COMMAND}`")
    for whom, trust in verdicts.trusts(name).items():
        then = judged.get(whom)
        if trust is None or then is None or then["anchors"] != verdicts.fingerprint(trust):
            continue  # another edition of the list says other things, and rightly
        changed = verdicts.differences(then["says"], verdicts.verdict(FILES[name], trust))
        assert not changed, (
            f"{name}, trusting {whom}: the verdict has changed\n  "
            + "\n  ".join(changed)
            + f"\nIf that is right: `{verdicts.COMMAND}`, say why in CHANGELOG.md, and commit both."
        )


def test_every_release_and_every_kind_of_stranger_is_among_them():
    names = set(verdicts.accepted())
    assert {f"golden/0.1.0.{suffix}" for suffix in ("jpg", "png", "webp")} <= names
    said = [each["nobody"]["says"] for each in verdicts.accepted().values()]
    assert {each.get("integrity") for each in said} >= {"intact", "broken", "absent", "unknown"}


def test_every_accepted_file_is_still_there():
    if folder() is None:
        pytest.skip(NO_CORPUS)
    assert set(verdicts.accepted()) <= set(FILES)


def test_a_changed_answer_is_named_with_both_its_values():
    then = {"integrity": "intact", "codes": [], "ends": None}
    now = {**then, "integrity": "broken", "codes": ["claimSignature.mismatch"]}
    assert verdicts.differences(then, now) == [
        "integrity: 'intact' -> 'broken'",
        "codes: [] -> ['claimSignature.mismatch']",
    ]


def test_the_end_of_a_certificate_is_no_change_of_ours():
    then = {"validity": "within", "integrity": "intact", "ends": "2020-01-01T00:00:00Z"}
    assert verdicts.differences(then, {**then, "validity": "expired"}) == []
    assert verdicts.differences(then, {**then, "integrity": "broken"}) != []
    lasting = {**then, "ends": "2999-01-01T00:00:00Z"}
    assert verdicts.differences(lasting, {**lasting, "validity": "expired"}) != []


def test_accepting_what_is_accepted_changes_nothing(tmp_path: Path, monkeypatch, capsys):
    from golden import accept

    kept = verdicts.ACCEPTED.read_text("utf-8")
    copy = tmp_path / "accepted" / "verdicts.json"
    copy.parent.mkdir()
    copy.write_text(kept, "utf-8")
    monkeypatch.setattr(verdicts, "ACCEPTED", copy)
    monkeypatch.setattr(
        verdicts,
        "files",
        lambda: [(name, path) for name, path in FILES.items() if name.startswith("golden/")],
    )
    accept.main()
    assert capsys.readouterr().out == ""
    assert copy.read_text("utf-8") == kept
