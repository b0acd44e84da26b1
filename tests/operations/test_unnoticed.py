"""What one changed line would break without a word: each test stands for a mutant that survived."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

import genlabel
from drawn_kinds import look, rewritten
from genlabel import Labeller, testing
from genlabel.credentials.identity import Identity
from genlabel.credentials.trust import Trust
from genlabel.formats.format import XMP
from genlabel.manifests.validation import actions, signer as signers
from genlabel.model.asset import Asset
from genlabel.model.errors import ExistingManifest, SigningError, TimeStampError
from genlabel.model.label import Label
from genlabel.model.report import Integrity, Lineage, Mark, Survival
from genlabel.model.results import Outcome
from genlabel.operations.signing import ingredients, parents, timestamp
from genlabel.testing import Authority, picture
from histories import ACME, FLUX
from oracles.pictures import flipped

LABEL = Label.generated(producer=ACME, generator=FLUX, title="Hills")
EDIT = Label.edited(producer=ACME, generator=FLUX, title="Retouched")


@pytest.fixture(scope="module")
def signed(signer):
    return genlabel.sign(picture("jpeg"), LABEL, signer)


def _codes(findings):
    return {each.code for each in findings}


def test_an_identifier_and_a_time_of_other_software_contradict_nobody(signer):
    one, other = (
        genlabel.sign(
            picture("png"),
            Label.generated(
                producer=ACME, identifier=f"urn:uuid:{digit * 8}-d9cb-469f-a165-70867728950e"
            ),
            signer,
        )
        for digit in "ab"
    )
    mixed = rewritten(one.data, {XMP: look(other.data).payloads[XMP]})
    report = genlabel.verify(mixed)
    said = [report.marks[mark].identifier for mark in (Mark.MANIFEST, Mark.IPTC)]
    assert said[0] != said[1]
    assert not {code for code in _codes(report.findings) if code.startswith("genlabel.marks")}


def test_the_time_of_a_label_alone_is_no_change_of_a_mark(signer):
    label = Label.generated(
        producer=ACME, identifier="urn:uuid:aaaaaaaa-d9cb-469f-a165-70867728950e"
    )
    one, other = (
        genlabel.sign(
            picture("png"), replace(label, created=datetime(2026, month, 1, tzinfo=UTC)), signer
        )
        for month in (1, 2)
    )
    told = genlabel.strip_check(other.data, against=one.data)
    assert told.marks[Mark.IPTC] is Survival.KEPT


def test_a_label_of_ours_over_a_broken_history_is_left_alone(signer, trust):
    theirs = genlabel.sign(picture("jpeg"), LABEL, Authority.new("Other Studio").signer())
    tampered = flipped(theirs.data, theirs.data.index(b"\xff\xda") + 20)
    once = genlabel.sign(tampered, EDIT, signer, trust=trust, accept_broken_parent=True)
    report = genlabel.verify(once.data, trust=trust)
    assert (report.integrity, report.lineage) == (Integrity.INTACT, Lineage.BROKEN)
    for options in ({}, {"accept_broken_parent": True}):
        again = genlabel.sign(once.data, EDIT, signer, trust=trust, **options)
        assert again.outcome is Outcome.UNCHANGED
        assert again.data == once.data
    other = genlabel.sign(
        once.data,
        replace(EDIT, title="Another"),
        signer,
        trust=trust,
        accept_broken_parent=True,
    )
    assert other.outcome is Outcome.SIGNED


def test_an_identity_that_does_not_hold_attests_nothing(signer):
    holder = Authority.new("Acme Studio", identity=True)
    identity = Identity(holder.signer())
    done = genlabel.sign(picture("png"), LABEL, signer, identity=identity)
    report = genlabel.verify(done.data, trust=testing.trust(holder))
    assert ingredients.is_attested(report, identity)
    fails = tuple(replace(each, holds=False) for each in report.identities)
    assert not ingredients.is_attested(replace(report, identities=fails), identity)


@pytest.mark.parametrize("reason", ["prerelease", "unsupported-algorithm", "encrypted"])
def test_a_manifest_that_nobody_can_check_is_a_parent_only_on_demand(signed, reason):
    report = replace(signed.report, integrity=Integrity.UNKNOWN, reason=reason)
    examined = ingredients.Ingredient.of(Asset(signed.data, name="a.png"), trust=Trust())
    parent = replace(examined, report=report)
    with pytest.raises(ExistingManifest, match=f"cannot be checked .{reason}"):
        parents.recorded(parent, accept_broken=False, wrapped=True)
    kept, findings = parents.recorded(parent, accept_broken=True, wrapped=True)
    assert (kept, _codes(findings)) == (parent, {"genlabel.parent.broken"})
    bare, _ = parents.recorded(replace(parent, opened=False), accept_broken=True, wrapped=True)
    assert bare.manifest_id is None
    assert genlabel.verify(bytes(bare.data), policy=None).integrity is Integrity.ABSENT


def test_a_parent_whose_manifest_is_served_elsewhere_is_said_to_be_unchecked(signer):
    served = genlabel.sign(
        picture("png"), LABEL, signer, remote_url="https://example.com/manifests/1.c2pa"
    )
    done = genlabel.sign(picture("png"), EDIT, signer, parent=served.data)
    assert "genlabel.parent.remote" in _codes(done.findings)


def test_a_time_stamp_of_which_the_engine_reads_another_moment_is_refused(signer, tsa, monkeypatch):
    active = actions.active

    def later(document):
        found = dict(active(document))
        info = found.get("signature_info") or {}
        if info.get("time"):
            found["signature_info"] = {**info, "time": "2001-01-01T00:00:00+00:00"}
        return found

    monkeypatch.setattr(actions, "active", later)
    with pytest.raises(TimeStampError, match="another moment"):
        genlabel.sign(picture("png"), LABEL, signer, tsa=tsa, stamp="required")


def test_a_manifest_that_came_to_lie_beside_it_meanwhile_is_not_replaced(
    signer, tmp_path, monkeypatch
):
    path = tmp_path / "a.png"
    beside = tmp_path / "a.c2pa"
    path.write_bytes(picture("png"))
    beside.write_bytes(b"somebody's")
    nothing = lambda *_, **__: (None, None)  # noqa: E731
    monkeypatch.setattr(genlabel.storage.assets, "read_sidecar", nothing)
    monkeypatch.setattr(genlabel.storage, "place_for", lambda *_, **__: beside)
    with pytest.raises((genlabel.GenlabelError, FileExistsError)):
        genlabel.sign_file(path, LABEL, signer, in_place=True, sidecar=True)
    assert beside.read_bytes() == b"somebody's"


def test_metadata_that_changed_while_it_was_stamped_is_refused(signer, tsa, monkeypatch):
    """A foreign manifest may leave metadata out of its hash: then nobody else would notice."""
    waiting = genlabel.sign(picture("png"), LABEL, signer, stamp="later").data
    honest, looks = timestamp.examine, []

    def examine(asset, **options):
        looks.append(honest(asset, **options))
        if len(looks) == 1:
            return looks[0]
        payloads = {**looks[1].survey.payloads, XMP: b"<other/>"}
        return replace(looks[1], survey=replace(looks[1].survey, payloads=payloads))

    monkeypatch.setattr(timestamp, "examine", examine)
    with pytest.raises(SigningError, match="does not read back as it was"):
        Labeller(tsa=tsa).add_stamp(waiting)
    assert len(looks) == 2


@pytest.mark.parametrize(("days", "codes"), [(-1, set()), (1, {"genlabel.signer.expiring"})])
def test_what_has_stopped_verifying_already_is_not_about_to(
    signed, authority, monkeypatch, days, codes
):
    """A certificate of the chain may have ended before the signer's own."""
    until = datetime.now(UTC) + timedelta(days=days)
    monkeypatch.setattr(signers._Judgement, "_end", lambda *_: until)
    report = genlabel.verify(signed.data, trust=authority.anchors, expiring=timedelta(days=30))
    assert report.verifies_until == until
    assert _codes(report.findings) == codes
