"""`--ocsp`: the authority is asked once, its word is checked, and without it nothing is signed."""

import pytest
from cryptography import x509
from cryptography.x509 import ocsp

import genlabel
import loopback
from genlabel import formats
from genlabel.credentials.revocation import ocsp_client
from genlabel.credentials.trust import Trust
from genlabel.manifests.store import manifest_store, rvals
from genlabel.manifests.store.cose import claim_signature
from genlabel.model.errors import ConfigurationError, CredentialError, NetworkError, SigningError
from genlabel.model.report import Severity, Validity
from genlabel.model.results import Outcome
from genlabel.testing import picture
from loopback import sending
from patience import within
from responders import (
    DAY,
    GOOD,
    HOUR,
    NOW,
    OCSP_SIGNING,
    REVOKED,
    UNKNOWN,
    House,
    holder,
    says,
)

pytestmark = pytest.mark.usefixtures("data")

LABEL = genlabel.Label.generated(producer=genlabel.Producer("Acme Studio"))
ANSWER = {"Content-Type": "application/ocsp-response"}


@pytest.fixture
def authority(monkeypatch):
    """A web server on this machine, without TLS as authorities' are."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    ocsp_client._CACHE.clear()
    with loopback.serving(tls=None) as server:
        yield server
    ocsp_client._CACHE.clear()


@pytest.fixture
def house(authority):
    return House.new(asking=f"{authority.address}/ocsp")


def answering(authority, *answers):
    """Each request gets the next answer, the last one for ever."""
    waiting = list(answers)

    def reply(handler):
        content = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        sending(content, headers=ANSWER)(handler)

    authority.at("/ocsp", reply)


def sign(house, **options):
    return genlabel.sign(
        picture("png", size=(32, 24)), LABEL, options.pop("signer", house.signer()),
        **{"ocsp": True, "stamp": "later", **options},
    )  # fmt: skip


def responses(signed):
    store = formats.identify(signed.data).survey(signed.data).manifest
    return rvals.responses(claim_signature(manifest_store.read(store).active))


def test_the_authoritys_word_goes_into_the_signature_and_is_read_offline(house, authority):
    answer = house.says()
    answering(authority, answer)
    signed = sign(house)
    assert signed.outcome is Outcome.SIGNED
    assert responses(signed) == (answer,)
    authority.asked.clear()
    report = genlabel.verify(signed.data, trust=house.root.pem)
    assert "signingCredential.ocsp.notRevoked" in [each.code for each in report.findings]
    assert report.worst() is Severity.NOTE
    assert authority.asked == []


def test_the_question_is_about_the_signers_certificate(house, authority):
    asked = []

    def reply(handler):
        asked.append(ocsp.load_der_ocsp_request(handler.body))
        sending(house.says(), headers=ANSWER)(handler)

    authority.at("/ocsp", reply)
    sign(house)
    assert [each.serial_number for each in asked] == [house.leaf.certificate.serial_number]


def test_nobody_is_asked_unless_somebody_wants_it(house, authority):
    answering(authority, house.says())
    signed = genlabel.sign(picture("png", size=(32, 24)), LABEL, house.signer())
    assert authority.asked == []
    assert responses(signed) == ()


def test_a_batch_asks_once(house, authority, tmp_path):
    answering(authority, house.says())
    for number in range(4):
        (tmp_path / f"{number}.png").write_bytes(picture("png", size=(32, 24), seed=number))
    done = list(
        genlabel.sign_files(
            [tmp_path],
            LABEL,
            house.signer(),
            out=tmp_path / "out",
            jobs=2,
            ocsp=True,
            stamp="later",
        )
    )
    assert [each.outcome for each in done] == [Outcome.SIGNED] * 4
    assert authority.asked == ["/ocsp"]


def test_a_long_answer_finds_its_place_beside_that_of_the_time_stamp(house, authority):
    plain = genlabel.sign(picture("png", size=(32, 24)), LABEL, house.signer(), stamp="later")
    usages = (x509.ObjectIdentifier(f"1.3.6.1.4.1.62558.99.{number}") for number in range(60))
    long = holder("responder", house.middle, ekus=(OCSP_SIGNING, *usages))
    for by in (None, long):
        ocsp_client._CACHE.clear()
        answering(authority, house.says(by=by) if by else house.says())
        signed = sign(house)
        assert abs(len(signed.data) - len(plain.data)) < 100  # moments and numbers differ
        assert responses(signed)


def test_an_answer_that_finds_no_place_is_a_sentence(house, authority):
    usages = (x509.ObjectIdentifier(f"1.3.6.1.4.1.62558.99.{number}") for number in range(900))
    long = holder("responder", house.middle, ekus=(OCSP_SIGNING, *usages))
    answering(authority, house.says(by=long))
    with pytest.raises(SigningError, match="has no place in the signature"):
        sign(house)


def test_intermediates_are_asked_about_where_their_issuer_is_known(house, authority):
    leaf = house.says()
    middle = says(house.middle, house.root, house.root, GOOD)
    answering(authority, leaf, middle)
    signed = sign(house, trust=Trust.of(signers=house.root.pem))
    assert responses(signed) == (leaf, middle)


def test_a_silent_authority_of_an_intermediate_is_a_warning_only(house, authority, caplog):
    leaf = house.says()
    answering(authority, leaf, b"junk")
    signed = sign(house, trust=Trust.of(signers=house.root.pem))
    assert responses(signed) == (leaf,)
    assert "'Acme intermediate'" in caplog.text
    assert "it is signed without" in caplog.text


def test_with_a_revoked_certificate_nothing_is_signed(house, authority, tmp_path):
    answering(authority, house.says(REVOKED))
    source, target = tmp_path / "a.png", tmp_path / "b.png"
    source.write_bytes(picture("png", size=(32, 24)))
    with pytest.raises(CredentialError, match=r"'Acme signing': was revoked on .*keyCompromise"):
        genlabel.sign_file(source, LABEL, house.signer(), out=target, ocsp=True, stamp="later")
    assert not target.exists()


def test_with_a_revoked_intermediate_nothing_is_signed(house, authority):
    answering(authority, house.says(), says(house.middle, house.root, house.root, REVOKED))
    with pytest.raises(CredentialError, match="'Acme intermediate': was revoked"):
        sign(house, trust=Trust.of(signers=house.root.pem))


USELESS = {
    "stale": (lambda h: h.says(since=NOW - 9 * DAY, until=NOW - DAY), "stale"),
    "of another key": (
        lambda h: h.says(by=holder("intermediate", depth=0), named=True), "not signed by"
    ),
    "about another": (lambda h: h.says(about=holder("other", h.middle)), "another certificate"),
    "it does not know": (lambda h: h.says(UNKNOWN), "does not know"),
    "of tomorrow": (lambda h: h.says(since=NOW + 2 * HOUR), "future"),
    "junk": (lambda h: b"junk", "cannot be read"),
    "too long": (lambda h: b"x" * 100_000, "more than 65,536 bytes"),
}  # fmt: skip


@pytest.mark.parametrize("answer", USELESS)
def test_without_a_good_and_fresh_answer_nothing_is_signed(house, authority, answer):
    content, why = USELESS[answer]
    answering(authority, content(house))
    with pytest.raises(NetworkError, match=why) as refusal:
        sign(house)
    assert "sign without --ocsp" in refusal.value.remedy


def test_a_page_in_place_of_an_answer_is_none(house, authority):
    authority.at("/ocsp", sending(b"<html>", headers={"Content-Type": "text/html"}))
    with pytest.raises(NetworkError, match="text/html"):
        sign(house)


def test_nobody_waits_longer_than_the_limit_and_a_batch_waits_once(house, authority, monkeypatch):
    monkeypatch.setattr(ocsp_client, "SECONDS", 0.3)
    authority.at("/ocsp", loopback.dripping(60))
    with within(1.5):
        for _ in range(3):
            with pytest.raises(NetworkError):
                sign(house)
    assert len(authority.asked) == 1


def test_a_certificate_without_an_address_cannot_be_asked_about(authority):
    house = House.new()
    with pytest.raises(CredentialError, match="names no address at which to ask"):
        sign(house)


def test_an_issuer_that_nobody_knows_cannot_be_asked(house, authority):
    signer = house.signer(house.leaf.pem)
    with pytest.raises(CredentialError, match="its issuer is not known"):
        sign(house, signer=signer)
    answering(authority, house.says())
    known = sign(house, signer=signer, trust=Trust.of(signers=house.middle.pem))
    report = genlabel.verify(known.data, trust=house.middle.pem)
    assert report.signer.validity is Validity.WITHIN


def test_the_answer_wants_a_time_stamp(house, authority):
    """C2PA 2.4 §10.3.2.6."""
    for options in ({"stamp": None}, {"stamp": "off"}):
        with pytest.raises(ConfigurationError, match=r"--ocsp: wants a time-stamp.*§10\.3\.2\.6"):
            sign(house, **options)
    assert authority.asked == []
    answering(authority, house.says())
    assert responses(sign(house))
