"""A time-stamp gives an authority's answer its worth: other people's readers say the same then."""

import pytest

import genlabel
import loopback
from genlabel import formats
from genlabel.credentials.revocation import ocsp_client
from genlabel.credentials.trust import Trust
from genlabel.manifests.store import manifest_store, rvals
from genlabel.manifests.store.cose import claim_signature
from genlabel.model.report import Integrity, SigningTime, Validity
from genlabel.operations.signing import revocation
from genlabel.testing import picture
from loopback import sending
from responders import DAY, GOOD, HOUR, NOW, REVOKED, House

pytestmark = pytest.mark.usefixtures("data")

LABEL = genlabel.Label.generated(producer=genlabel.Producer("Acme Studio"))


@pytest.fixture(scope="module")
def house():
    return House.new()


@pytest.fixture(scope="module")
def trust(house, clock):
    return Trust.of(signers=house.root.pem, tsa=clock.anchors)


@pytest.fixture(scope="module")
def stamped(house, tsa):
    """A signed picture with a time-stamp, and still some room."""
    return genlabel.sign(picture("jpeg", size=(64, 64)), LABEL, house.signer(), tsa=tsa)


def said(report) -> set[str]:
    """Every code of another reader that is about revocation."""
    text = str(report)
    return {word for word in ("ocsp.notRevoked", "ocsp.revoked", "ocsp.skipped") if word in text}


CASES = {
    "not revoked": (GOOD, {}, Validity.WITHIN, "ocsp.notRevoked"),
    "revoked before": (REVOKED, {"revoked_at": NOW - DAY}, Validity.REVOKED, "ocsp.revoked"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_beside_a_time_stamp_two_readers_agree(stamped, house, trust, clock, encypher, case):
    status, options, validity, code = CASES[case]
    data = revocation.put(stamped.data, stamped.manifest_id, (house.says(status, **options),))
    report = genlabel.verify(data, trust=trust)
    assert report.signer.time is SigningTime.PROVEN
    assert report.signer.validity is validity
    theirs = encypher.verify(data, "image/jpeg", house.root.pem, tsa_pem=clock.anchors)
    assert code in {each.code.partition(".")[2] for each in report.findings}
    assert said(theirs.report) == {code}
    assert theirs.accepted is (validity is Validity.WITHIN)


def test_what_was_signed_before_the_revocation_keeps_its_worth(stamped, house, trust):
    answer = house.says(REVOKED, revoked_at=NOW + HOUR)
    data = revocation.put(stamped.data, stamped.manifest_id, (answer,))
    report = genlabel.verify(data, trust=trust)
    assert report.signer.validity is Validity.WITHIN
    assert "genlabel.revocation.later" in [each.code for each in report.findings]
    # Without the clock's root nobody can tell that it was before.
    alone = genlabel.verify(data, trust=house.root.pem)
    assert alone.signer.validity is Validity.REVOKED


@pytest.mark.parametrize("sidecar", [False, True], ids=["embedded", "beside"])
def test_answer_and_time_stamp_go_in_together(tsa, clock, monkeypatch, sidecar):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    ocsp_client._CACHE.clear()
    with loopback.serving(tls=None) as server:
        house = House.new(asking=f"{server.address}/ocsp")
        answer = house.says()
        server.at("/ocsp", sending(answer, headers={"Content-Type": "application/ocsp-response"}))
        signed = genlabel.sign(
            picture("png", size=(32, 24)), LABEL, house.signer(), tsa=tsa, ocsp=True,
            sidecar=sidecar,
        )  # fmt: skip
    store = signed.sidecar or formats.identify(signed.data).survey(signed.data).manifest
    assert rvals.responses(claim_signature(manifest_store.read(store).active)) == (answer,)
    assert signed.stamped_at is not None
    codes = [each.code for each in signed.report.findings]
    assert "signingCredential.ocsp.notRevoked" in codes


@pytest.mark.parametrize("format", ["avif", "gif", "jpeg", "png", "tiff", "webp"])
def test_every_container_holds_an_answer_in_place(house, trust, format):
    signed = genlabel.sign(picture(format), LABEL, house.signer(), stamp="later")
    data = bytes(revocation.put(signed.data, signed.manifest_id, (house.says(),)))
    assert len(data) == len(signed.data)
    report = genlabel.verify(data, trust=trust)
    assert report.integrity is Integrity.INTACT
    assert "signingCredential.ocsp.notRevoked" in [each.code for each in report.findings]
