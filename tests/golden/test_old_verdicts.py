"""Old files, ours and other people's, get the verdict that was accepted for them."""

from __future__ import annotations

from pathlib import Path

import pytest

from golden import verdicts
from oracles.corpus import NO_CORPUS, folder

FILES = dict(verdicts.files())


@pytest.mark.frozen
@pytest.mark.parametrize("name", FILES)
def test_an_old_file_gets_the_verdict_that_was_accepted(name: str):
    judged = verdicts.accepted().get(name, {})
    for whom, trust in verdicts.trusts(name).items():
        then = judged.get(whom)
        assert then is not None, f"no verdict was accepted for {name}: run `{verdicts.COMMAND}`"
        assert then["anchors"] == verdicts.fingerprint(trust), (
            f"{name}, trusting {whom}: the verdict was accepted with other anchors than those in "
            f"{verdicts.ACCEPTED.parent}: run `{verdicts.COMMAND}`"
        )
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


def test_a_file_of_which_nothing_is_compared_fails(monkeypatch):
    name = "golden/0.1.0.png"
    accepted = verdicts.accepted()[name]
    other = {whom: {**each, "anchors": "0" * 64} for whom, each in accepted.items()}
    for known in ({}, {name: {}}, {name: other}):
        monkeypatch.setattr(verdicts, "accepted", lambda known=known: known)
        with pytest.raises(AssertionError, match="accept"):
            test_an_old_file_gets_the_verdict_that_was_accepted(name)


@pytest.mark.frozen
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
