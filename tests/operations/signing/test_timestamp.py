"""A time-stamp in a label: who else sees it, what it changes, what it costs, when it is added."""

from __future__ import annotations

import io
import random
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta

import pytest
from PIL import Image, ImageChops

import genlabel
from genlabel import Stamp, formats, testing
from genlabel.credentials.timestamps.authorities import TimeAuthorities
from genlabel.credentials.timestamps.token import Query
from genlabel.formats.format import refilled
from genlabel.formats.slots import XMP
from genlabel.manifests.store import cose, sigtst
from genlabel.model.errors import ConfigurationError, SigningError, TimeStampError
from genlabel.model.label import Label
from genlabel.model.parties import Generator, Producer
from genlabel.model.report import Integrity, Severity, SigningTime, TrustLevel, Validity
from genlabel.model.results import Outcome
from genlabel.operations.labeller import Labeller
from genlabel.operations.signing import rewriting
from genlabel.testing import Authority, TimeAuthority
from lying_authorities import nobody
from oracles import raw
from oracles.chain import Chain
from oracles.pictures import MIMES
from patience import wait_for_its_end, while_it_lasts

pytestmark = pytest.mark.usefixtures("quick")
LABEL = Label.generated(producer=Producer("Acme Studio"), generator=Generator("Painter"))
FORMATS = sorted(MIMES)
ROOM = 9_500
"""Most bytes that room for a time-stamp may cost."""


@pytest.fixture(scope="module")
def stamped(signer, tsa) -> dict[str, bytes]:
    """A stamped picture of each format."""
    return {
        format: genlabel.sign(testing.picture(format), LABEL, signer, tsa=tsa).data
        for format in FORMATS
    }


@pytest.mark.parametrize("format", FORMATS)
def test_the_engine_sees_the_time_stamp_and_whose_it_is(format, stamped, authority, clock):
    seen = raw.read(stamped[format], MIMES[format], anchors=authority.anchors)
    assert "timeStamp.validated" in _codes(seen, "success")
    assert "timeStamp.untrusted" in _codes(seen, "informational")
    seen = raw.read(
        stamped[format],
        MIMES[format],
        anchors=authority.anchors,
        time_stamp_anchors=clock.anchors,
    )
    assert {"timeStamp.validated", "timeStamp.trusted"} <= _codes(seen, "success")
    assert (seen.state, seen.failures) == ("Trusted", frozenset())


@pytest.mark.parametrize("format", FORMATS)
def test_another_reader_finds_it_good_and_lets_it_outlive_the_certificate(
    format, stamped, encypher, authority, clock, signer
):
    later = signer.not_valid_after + timedelta(days=30)
    without = genlabel.sign(testing.picture(format), LABEL, signer).data

    def accepted(data: bytes, at: datetime | None = None) -> bool:
        mime, anchors = MIMES[format], authority.anchors
        return encypher.verify(data, mime, anchors, at=at, tsa_pem=clock.anchors).accepted

    assert accepted(stamped[format])
    assert accepted(stamped[format], at=later)
    assert accepted(without)
    assert not accepted(without, at=later)


@pytest.mark.parametrize("format", ["jpeg", "png"])
def test_a_third_reader_finds_it_over_this_signature(format, signer, tsa, clock, c2pats):
    """c2pa-ts 0.9 reads no time-stamp of this kind: it wants the authority's whole answer where the
    specification (C2PA 2.4 §10.3.2.5) wants the token. Given that, it checks the token.
    """
    signed = genlabel.sign(testing.picture(format), LABEL, signer, stamp="later")
    container = formats.identify(signed.data)
    survey = container.survey(signed.data)
    message = sigtst.message(survey.manifest, signed.manifest_id)
    for over, verdict in ((message, "timeStamp.trusted"), (b"other", "timeStamp.mismatch")):
        answer = clock.answer(Query.about(over).der)
        store = sigtst.stamped(survey.manifest, signed.manifest_id, answer)
        with_answer = refilled(container, survey, store)
        result = c2pats.validate(with_answer)
        assert verdict in result.codes | result.successes
        assert result.accepted is (over is message)


@pytest.mark.parametrize("format", FORMATS)
def test_a_label_without_time_stamp_stays_as_small_as_it_was(format, signer, stamped):
    picture = testing.picture(format)
    for stamp in (None, "off"):
        small = genlabel.sign(picture, LABEL, signer, stamp=stamp)
        assert not small.needs_stamp
    packet = formats.identify(small.data).survey(small.data).payloads[XMP]
    assert len(small.data) - len(packet) - len(picture) <= 4_300
    assert len(stamped[format]) - len(packet) - len(picture) <= 5_000 + ROOM


@pytest.mark.parametrize("format", FORMATS)
def test_a_time_stamp_is_added_later_and_nothing_else_changes(format, signer, tsa, authority):
    picture = testing.picture(format)
    before = genlabel.sign(picture, LABEL, signer, stamp="later")
    assert before.needs_stamp
    assert before.verifies_until == signer.not_valid_after
    after = Labeller(tsa=TimeAuthorities.of(tsa)).add_stamp(before.data)
    assert after.outcome is Outcome.STAMPED
    assert abs(after.stamped_at - datetime.now(UTC)) < timedelta(seconds=30)
    assert len(after.data) == len(before.data)
    changed = [at for at in range(len(after.data)) if after.data[at] != before.data[at]]
    container = formats.identify(after.data)
    (start, end), *more = container.survey(after.data).manifest_spans
    assert not more or format == "jpeg"
    assert start <= changed[0]
    assert changed[-1] < (end if not more else more[-1][1])
    pictures = (Image.open(io.BytesIO(each)).convert("RGBA") for each in (picture, after.data))
    assert ImageChops.difference(*pictures).getbbox() is None
    report = genlabel.verify(after.data, trust=testing.trust(authority))
    assert report.manifest_id == before.manifest_id
    assert report.marks == before.report.marks


def test_a_manifest_beside_its_picture_is_stamped_there(signer, tsa, tmp_path, authority, clock):
    picture = testing.picture("png")
    (tmp_path / "cat.png").write_bytes(picture)
    trust = testing.trust(authority, tsa=[clock])
    at_once = genlabel.sign(picture, LABEL, signer, sidecar=True, tsa=tsa)
    assert at_once.data == picture
    verified = genlabel.verify(picture, sidecar=at_once.sidecar, trust=trust)
    assert verified.signer.time is SigningTime.PROVEN
    genlabel.sign_file(tmp_path / "cat.png", LABEL, signer, sidecar=True, stamp="later")
    done = genlabel.stamp_file(tmp_path / "cat.png", tsa, in_place=True)
    assert (done.outcome, done.sidecar) == (Outcome.STAMPED, str(tmp_path / "cat.c2pa"))
    assert (tmp_path / "cat.png").read_bytes() == picture
    report = genlabel.verify_file(tmp_path / "cat.png", trust=trust, expiring=timedelta(days=366))
    assert report.signer.time is SigningTime.PROVEN
    assert report.verifies_until is None
    again = genlabel.sign_file(tmp_path / "cat.png", LABEL, signer, sidecar=True, tsa=tsa)
    assert again.outcome is Outcome.UNCHANGED


def test_what_has_a_time_stamp_is_left_alone(stamped, tsa):
    again = Labeller(tsa=TimeAuthorities.of(tsa)).add_stamp(stamped["png"])
    assert (again.outcome, again.data) == (Outcome.UNCHANGED, stamped["png"])


def test_without_room_one_sentence_says_what_to_do_and_nobody_is_asked(signer):
    data = genlabel.sign(testing.picture("png"), LABEL, signer).data
    with nobody() as url, pytest.raises(SigningError, match="no room") as refused:
        Labeller(tsa=TimeAuthorities.of(url)).add_stamp(data, title="cat.png")
    assert str(refused.value).startswith("cat.png: ")
    assert url not in str(refused.value)
    assert "sign it anew" in refused.value.remedy


def test_unsigned_and_altered_pictures_are_not_stamped(signer, tsa):
    desk = Labeller(tsa=TimeAuthorities.of(tsa))
    with pytest.raises(SigningError, match="no manifest"):
        desk.add_stamp(testing.picture("png"))
    signed = bytearray(genlabel.sign(testing.picture("jpeg"), LABEL, signer, stamp="later").data)
    signed[-20] ^= 1
    with pytest.raises(SigningError, match="would not mend it"):
        desk.add_stamp(bytes(signed))


def test_other_peoples_labels_can_be_stamped_where_they_have_room(tsa, clock):
    chain = Chain.new("Others Ltd")
    stranger = raw.sign(testing.picture("webp"), "image/webp", chain)
    with pytest.raises(SigningError, match="no room"):
        Labeller(tsa=TimeAuthorities.of(tsa)).add_stamp(stranger)


def test_one_anothers_time_stamp_proves_nothing_here(signer, tsa, stamped):
    """The token of one picture in another: the engine's check, and so ours, is over the bytes."""
    one = genlabel.sign(testing.picture("png"), LABEL, signer, stamp="later")
    container = formats.identify(stamped["png"])
    donor = genlabel.verify(stamped["png"]).manifest_id
    theirs = cose.get(container.survey(stamped["png"]).manifest, donor, b"sigTst2")
    survey = container.survey(one.data)
    store = cose.fill_padding(survey.manifest, one.manifest_id, b"sigTst2", theirs)
    moved = b"".join(container.rewrite(survey, {formats.format.MANIFEST: store}))
    seen = raw.read(moved, "image/png")
    assert "timeStamp.mismatch" in _codes(seen, "informational") | seen.failures
    assert genlabel.verify(moved).signer.time is not SigningTime.PROVEN


def test_required_without_an_answer_writes_no_file(tmp_path, signer):
    (tmp_path / "cat.png").write_bytes(testing.picture("png"))
    with nobody() as url, pytest.raises(TimeStampError, match=r"cat\.png: no time-stamp"):
        genlabel.sign_file(
            tmp_path / "cat.png", LABEL, signer, out=tmp_path / "out.png", stamp="required", tsa=url
        )
    assert [each.name for each in tmp_path.iterdir()] == ["cat.png"]


def test_preferred_goes_on_and_says_what_still_needs_one(tmp_path, signer, tsa):
    for name in ("a.png", "b.jpg"):
        (tmp_path / name).write_bytes(testing.picture("png" if name == "a.png" else "jpeg"))
    with nobody() as url:
        reports = list(
            genlabel.sign_files(
                [tmp_path], LABEL, signer, in_place=True, stamp="preferred", tsa=url
            )
        )
    assert [each.outcome for each in reports] == [Outcome.SIGNED] * 2
    for each in reports:
        assert each.needs_stamp
        assert each.stamped_at is None
        (finding,) = (it for it in each.findings if it.code == "genlabel.stamp.missing")
        assert finding.severity is Severity.WARNING
    for name in ("a.png", "b.jpg"):
        done = genlabel.stamp_file(tmp_path / name, tsa, in_place=True)
        assert (done.outcome, done.report.integrity) == (Outcome.STAMPED, Integrity.INTACT)


def test_signing_again_adds_the_time_stamp_that_is_missing_and_nothing_else(signer, tsa, authority):
    trust = testing.trust(authority)
    first = genlabel.sign(testing.picture("png"), LABEL, signer, stamp="later", trust=trust)
    second = genlabel.sign(first.data, LABEL, signer, tsa=tsa, trust=trust)
    assert second.outcome is Outcome.STAMPED
    assert second.manifest_id == first.manifest_id
    third = genlabel.sign(second.data, LABEL, signer, tsa=tsa, trust=trust)
    assert (third.outcome, third.data) == (Outcome.UNCHANGED, second.data)
    assert third.stamped_at == second.stamped_at
    with nobody() as url:
        preferred = genlabel.sign(
            first.data, LABEL, signer, tsa=url, stamp="preferred", trust=trust
        )
        assert (preferred.outcome, preferred.data) == (Outcome.UNCHANGED, first.data)
        assert preferred.needs_stamp
        with pytest.raises(TimeStampError):
            genlabel.sign(first.data, LABEL, signer, tsa=url, trust=trust)


def test_what_says_the_same_but_has_no_room_is_left_alone_unless_required(signer, tsa, authority):
    trust = testing.trust(authority)
    first = genlabel.sign(testing.picture("png"), LABEL, signer, trust=trust)
    second = genlabel.sign(first.data, LABEL, signer, tsa=tsa, stamp="preferred", trust=trust)
    assert (second.outcome, second.data) == (Outcome.UNCHANGED, first.data)
    assert not second.needs_stamp
    assert ["no room" in str(each) for each in second.findings] == [True]
    with pytest.raises(SigningError, match="no room"):
        genlabel.sign(first.data, LABEL, signer, tsa=tsa, trust=trust)


def test_an_engine_that_returns_garbage_is_found_out_with_a_time_stamp_too(
    signer, tsa, monkeypatch
):
    garbage = b"\x89PNG\r\n\x1a\n"
    monkeypatch.setattr("genlabel.manifests.engine.signing.sign", lambda *a, **k: garbage)
    monkeypatch.setattr(
        "genlabel.manifests.engine.signing.sign_into", lambda put, *a, **k: put(garbage) and garbage
    )
    refusals = {rewriting.by_engine: "does not read back", nullcontext: "cannot be stamped"}
    for way, refusal in refusals.items():
        with way(), pytest.raises(SigningError, match=refusal):
            genlabel.sign(testing.picture("png"), LABEL, signer, tsa=tsa)


def test_a_time_stamp_needs_an_authority(signer, tmp_path):
    (tmp_path / "cat.png").write_bytes(testing.picture("png"))
    for stamp in ("required", "preferred"):
        with pytest.raises(ConfigurationError, match="no time-stamping authority"):
            genlabel.sign(testing.picture("png"), LABEL, signer, stamp=stamp)
    with pytest.raises(ConfigurationError, match="no time-stamping authority"):
        genlabel.stamp_file(tmp_path / "cat.png", None, in_place=True)


@pytest.mark.parametrize("algorithm", ["es384", "es512", "ps256", "ed25519"])
def test_every_kind_of_key_leaves_room(algorithm, authority_with, tsa, clock):
    authority = authority_with(algorithm)
    signed = genlabel.sign(testing.picture("png"), LABEL, authority.signer(), tsa=tsa)
    report = genlabel.verify(signed.data, trust=testing.trust(authority, tsa=[clock]))
    assert (report.signer.time, report.signer.trust) == (SigningTime.PROVEN, TrustLevel.KNOWN)


def test_an_identity_is_attested_in_a_label_with_a_time_stamp(signer, tsa, authority, clock):
    company = Authority.new("Acme Studio", identity=True)
    signed = genlabel.sign(
        testing.picture("png"), LABEL, signer, tsa=tsa, identity=genlabel.Identity(company.signer())
    )
    trust = testing.trust(authority, company, tsa=[clock])
    report = genlabel.verify(signed.data, trust=trust, policy="labelled")
    assert report.signer.time is SigningTime.PROVEN
    assert [each.organisation for each in report.identities] == ["Acme Studio"]
    assert report.integrity is Integrity.INTACT


def test_an_error_of_the_key_reaches_the_caller(tsa, authority):
    class Broken:
        def __getattr__(self, name):
            return getattr(authority.signer(), name)

        def __hash__(self):
            return 1

        def sign(self, data: bytes) -> bytes:
            raise OSError("the token was pulled out")

    with pytest.raises(SigningError) as refused:
        genlabel.sign(testing.picture("png"), LABEL, Broken(), tsa=tsa)
    assert "pulled out" in str(refused.value.__cause__)


def test_a_stamped_label_outlives_its_certificate(tsa, clock):
    authority, signer, (stamped, room) = while_it_lasts(
        lambda _, signer: [
            genlabel.sign(testing.picture("png"), LABEL, signer, tsa=tsa, stamp=stamp)
            for stamp in ("required", "later")
        ]
    )
    trust = testing.trust(authority, tsa=[clock])
    wait_for_its_end(signer)
    report = genlabel.verify(stamped.data, trust=trust, policy="labelled")
    assert report.signer.validity is Validity.WITHIN
    assert (report.signer.time, report.signer.trust) == (SigningTime.PROVEN, TrustLevel.KNOWN)
    assert report.findings == ()
    assert report.declared.attested
    blind = genlabel.verify(stamped.data, trust=testing.trust(authority))
    assert blind.signer.validity is Validity.UNPROVABLE
    with pytest.raises(SigningError, match="too long ago"):
        Labeller(tsa=TimeAuthorities.of(tsa)).add_stamp(room.data)


def test_a_time_stamp_by_an_authority_whose_own_certificate_has_ended_counts_for_nothing(signer):
    ended = TimeAuthority.new(lifetime=timedelta(seconds=-1))
    with testing.time_server(ended) as url, pytest.raises(TimeStampError, match="not valid"):
        genlabel.sign(testing.picture("png"), LABEL, signer, tsa=url)


def test_what_stops_verifying_soon_is_listed_with_the_day(signer, stamped, authority, clock):
    plain = genlabel.sign(testing.picture("png"), LABEL, signer).data
    trust, year = testing.trust(authority), timedelta(days=366)
    soon = genlabel.verify(plain, trust=trust, expiring=year)
    assert soon.verifies_until == signer.not_valid_after
    (finding,) = (each for each in soon.findings if each.code == "genlabel.signer.expiring")
    assert finding.severity is Severity.WARNING
    far = genlabel.verify(plain, trust=trust, expiring=timedelta(days=90))
    assert (far.verifies_until, far.findings) == (signer.not_valid_after, ())
    assert genlabel.verify(plain, trust=trust).verifies_until == signer.not_valid_after
    place = plain.index(b"IDAT") + 20
    changed = plain[:place] + bytes([plain[place] ^ 1]) + plain[place + 1 :]
    assert genlabel.verify(changed, trust=trust).verifies_until is None  # it does not verify now
    assert _expiring(stamped["png"], testing.trust(authority, tsa=[clock])) == (None, [])
    until, codes = _expiring(stamped["png"], trust)  # nobody here vouches for that clock
    assert (until, codes) == (signer.not_valid_after, ["genlabel.signer.expiring"])


def test_an_unsigned_picture_has_no_end(authority):
    assert _expiring(testing.picture("png"), testing.trust(authority)) == (None, [])


@pytest.mark.parametrize("size", [*range(600, 700), 4096, 9000, *range(9_330, 9_340)])
def test_whatever_is_put_into_the_padding_the_length_stays(size, signer):
    store, manifest_id = _store(signer)
    filled = sigtst.stamped(store, manifest_id, bytes(size))
    assert len(filled) == len(store)
    assert sigtst.holds(filled, manifest_id, bytes(size))
    assert sigtst.is_stamped(filled, manifest_id)
    assert sigtst.message(filled, manifest_id) == sigtst.message(store, manifest_id)


def test_all_of_the_room_can_be_used_but_for_gaps_that_no_padding_fills(signer):
    store, manifest_id = _store(signer)
    with pytest.raises(cose.NoRoom) as refused:
        sigtst.stamped(store, manifest_id, bytes(11_000))
    most = 11_000 - refused.value.missing  # then nothing is left over
    fitting = [size for size in range(most - 100, most + 10) if _fits(store, manifest_id, size)]
    assert fitting == [*range(most - 100, most - 4), most]


def test_a_signature_box_of_any_bytes_is_read_or_refused(signer):
    store, manifest_id = _store(signer)
    start, end = cose.span(store, manifest_id)
    dice = random.Random(7)
    for _ in range(1_500):
        changed = bytearray(store)
        for _ in range(dice.randint(1, 3)):
            at = start + min(int(dice.expovariate(1 / 60)), end - start - 1)  # mostly the heads
            changed[dice.choice((at, start - dice.randint(1, 60)))] = dice.randrange(256)
        try:
            sigtst.message(bytes(changed), manifest_id)
            filled = sigtst.stamped(bytes(changed), manifest_id, bytes(700))
        except ValueError:
            continue
        assert len(filled) == len(store)
        assert sigtst.holds(filled, manifest_id, bytes(700))


_STORES: dict[object, tuple[bytes, str]] = {}


def _store(signer) -> tuple[bytes, str]:
    if signer not in _STORES:
        signed = genlabel.sign(testing.picture("png"), LABEL, signer, stamp=Stamp.LATER)
        container = formats.identify(signed.data)
        _STORES[signer] = container.survey(signed.data).manifest, signed.manifest_id
    return _STORES[signer]


def _fits(store: bytes, manifest_id: str, size: int) -> bool:
    try:
        return len(sigtst.stamped(store, manifest_id, bytes(size))) == len(store)
    except cose.NoRoom:
        return False


def _codes(seen: raw.Reading, kind: str) -> set[str]:
    active = seen.manifests["validation_results"]["activeManifest"]
    return {each["code"] for each in active[kind]}


def _expiring(data: bytes, trust) -> tuple[datetime | None, list[str]]:
    report = genlabel.verify(data, trust=trust, expiring=timedelta(days=366))
    found = [each.code for each in report.findings if each.code == "genlabel.signer.expiring"]
    return report.verifies_until, found


@pytest.mark.parametrize(("days", "told"), [(20, True), (31, False)])
def test_in_the_last_days_of_its_certificate_every_signature_has_a_warning(days, told, tsa):
    signer = Authority.new("Acme Studio", lifetime=timedelta(days=days)).signer()
    signed = genlabel.sign(testing.picture("png"), LABEL, signer)
    again = genlabel.sign(signed.data, LABEL, signer)
    stamped = genlabel.sign(testing.picture("png"), LABEL, signer, tsa=tsa)
    assert again.outcome is Outcome.UNCHANGED
    for each in (signed, again, stamped):
        found = [it for it in each.findings if it.code == "genlabel.signer.ending"]
        assert [it.severity for it in found] == ([Severity.WARNING] if told else [])
        assert all("in 19 days" in it.explanation and "--renew" in it.explanation for it in found)
    assert (signed.verifies_until, stamped.verifies_until) == (signer.not_valid_after, None)


@pytest.mark.parametrize(("days", "told"), [(20, True), (89, True), (120, False)])
def test_a_label_without_time_stamp_that_ends_soon_is_told_when_it_is_signed(days, told, tsa):
    signer = Authority.new("Acme Studio", lifetime=timedelta(days=days)).signer()
    codes = ["genlabel.stamp.advised"] if told else []
    for stamp in ("off", "later"):
        signed = genlabel.sign(testing.picture("png"), LABEL, signer, stamp=stamp)
        again = genlabel.sign(signed.data, LABEL, signer, stamp=stamp)
        assert again.outcome is Outcome.UNCHANGED
        for each in (signed, again):
            assert [it.code for it in each.findings if "stamp" in it.code] == codes
    stamped = genlabel.sign(testing.picture("png"), LABEL, signer, tsa=tsa)
    assert [each.code for each in stamped.findings if "stamp" in each.code] == []
