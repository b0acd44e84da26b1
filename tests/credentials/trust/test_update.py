"""Published lists are fetched over https, checked, compared, and kept only when they are sound."""

import re
import time

import pytest

import genlabel
import loopback
from genlabel import network
from genlabel.credentials.trust import AnchorKind, Trust, lists, update
from genlabel.model.errors import NetworkError, TrustError
from genlabel.model.report import TrustLevel
from genlabel.testing import Authority
from loopback import redirecting, sending
from patience import within


@pytest.fixture(scope="module")
def roots():
    """Four anchors in PEM."""
    return [Authority.new(name).anchors for name in ("One", "Two", "Three", "Four")]


def updated(name="c2pa", **options):
    (found,) = genlabel.update_trust([name], **options)
    return found


def kept_now(name="c2pa"):
    (found,) = genlabel.show_trust(name)
    return found


def test_all_published_lists_are_fetched_and_kept_with_date_and_sum(publisher, roots):
    for name in ("c2pa", "c2pa-tsa", "interim"):
        publisher.at(
            f"/{name}.pem",
            sending(
                b"Subject\tCN=One\n" + roots[0],
                headers={"Last-Modified": "Thu, 13 Aug 2026 09:00:00 GMT", "ETag": '"abc"'},
            ),
        )
    found = genlabel.update_trust()
    assert [each.name for each in found] == ["c2pa", "c2pa-tsa", "interim"]
    assert [each.error for each in found] == [None, None, None]
    assert [each.kept.kind for each in found] == [
        AnchorKind.SIGNER, AnchorKind.TSA, AnchorKind.SIGNER
    ]  # fmt: skip
    assert genlabel.show_trust() == tuple(each.kept for each in found)
    one = kept_now()
    assert one.sha256 == lists.digest(b"Subject\tCN=One\n" + roots[0])
    assert (one.modified, one.etag) == ("Thu, 13 Aug 2026 09:00:00 GMT", '"abc"')
    assert one.source == publisher.address + "/c2pa.pem"
    assert one.level is TrustLevel.LISTED


def test_a_header_that_would_colour_a_terminal_is_not_stored(publisher, roots):
    headers = {"ETag": "\x1b[31mred", "Last-Modified": "Thu, 13 Aug 2026 09:00:00 GMT"}
    publisher.at("/c2pa.pem", sending(roots[0], headers=headers))
    assert (updated().kept.etag, kept_now().modified) == (None, headers["Last-Modified"])


def test_what_changed_is_told_by_anchor(publisher, roots):
    publisher.at("/c2pa.pem", sending(b"".join(roots[:3])))
    assert len(updated().added) == 3
    publisher.at("/c2pa.pem", sending(b"".join(roots[1:])))
    found = updated()
    assert [each.subject for each in found.added] == [
        each.subject for each in found.added if "Four" in each.subject
    ]
    assert len(found.added) == len(found.removed) == 1
    assert "One" in found.removed[0].subject
    again = updated()
    assert (again.added, again.removed, again.error) == ((), (), None)


FAULTS = {
    "an error page": (lambda s, r: sending(b"<html>Not found</html>"), "no certificate in it"),
    "a status": (lambda s, r: sending(b"", status=500), "status 500"),
    "nothing": (lambda s, r: sending(b""), "no certificate in it"),
    "a list cut short": (lambda s, r: sending((r[0] + r[1])[:-60]), "1 can be read"),
    "an answer cut short": (
        lambda s, r: sending(r[0], headers={"Content-Length": str(len(r[0]) + 9)}),
        "bytes came of|cannot be read",
    ),
    "a huge one": (lambda s, r: sending(b"x" * (9 * 1024 * 1024)), "more than 8,388,608 bytes"),
    "too many": (
        lambda s, r: sending(b"-----BEGIN CERTIFICATE-----\n" * 3000), "3,000 certificates"
    ),
    "a leaf": (
        lambda s, r: sending(
            Authority.new("Leaf").certificates.partition(b"-----END CERTIFICATE-----\n")[0]
            + b"-----END CERTIFICATE-----\n"
        ),
        "vouch for nobody",
    ),
    "the way to http": (
        lambda s, r: redirecting("http://127.0.0.1:9/c2pa.pem"), "leads away from https"
    ),
    "the way to a file": (lambda s, r: redirecting("file:///etc/passwd"), "status 302"),
    "the way in circles": (lambda s, r: redirecting("/c2pa.pem"), "status 302"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_no_list_leaves_the_old_one_in_place(publisher, roots, fault):
    publisher.at("/c2pa.pem", sending(roots[0] + roots[1]))
    before = updated().kept
    reply, sentence = FAULTS[fault]
    publisher.at("/c2pa.pem", reply(publisher, roots))
    found = updated()
    assert found.error is not None
    assert re.search(sentence, found.error.message), found.error.message
    assert found.kept == before == kept_now()


def test_a_redirect_that_stays_on_https_is_followed(publisher, roots):
    publisher.at("/moved.pem", sending(roots[0]))
    publisher.at("/c2pa.pem", redirecting("/moved.pem"))
    assert updated().error is None
    assert publisher.asked == ["/c2pa.pem", "/moved.pem"]


def test_a_publisher_that_sends_us_on_for_ever_is_left_after_five_redirects(publisher):
    publisher.at("/c2pa.pem", redirecting("/c2pa.pem"))
    assert "HTTP status 302" in updated().error.message
    assert len(publisher.asked) == 1 + network.MAX_REDIRECTS == 6


def test_a_list_that_fails_stops_no_other(publisher, roots):
    publisher.at("/c2pa-tsa.pem", sending(roots[0]))
    found = genlabel.update_trust(["official"])
    assert [each.error is None for each in found] == [False, True]
    assert lists.names() == ("c2pa-tsa",)


def test_a_list_that_loses_most_of_its_anchors_is_looked_at_by_a_person(publisher, roots):
    publisher.at("/c2pa.pem", sending(b"".join(roots)))
    before = updated().kept
    publisher.at("/c2pa.pem", sending(roots[0]))
    found = updated()
    assert "3 of its 4 anchors are gone at once" in found.error.message
    assert "--accept-shrunk" in found.error.remedy
    assert kept_now() == before
    assert updated(accept_shrunk=True).error is None
    assert kept_now().count == 1


def test_half_of_the_anchors_may_change(publisher, roots):
    publisher.at("/c2pa.pem", sending(b"".join(roots)))
    updated()
    publisher.at("/c2pa.pem", sending(b"".join(roots[:2])))
    assert updated().error is None


def test_a_damaged_list_is_replaced_by_a_sound_one(publisher, roots, data):
    publisher.at("/c2pa.pem", sending(roots[0]))
    updated()
    (data / "trust/c2pa.pem").write_bytes(b"junk")
    assert updated().error is None
    assert kept_now().count == 1


def test_only_published_lists_are_fetched(publisher):
    with pytest.raises(TrustError, match="acme: no published list") as refusal:
        genlabel.update_trust(["acme"])
    assert "official" in refusal.value.remedy
    assert publisher.asked == []


def test_a_stranger_in_place_of_the_publisher_is_not_believed(publisher, roots, monkeypatch):
    publisher.at("/c2pa.pem", sending(roots[0]))
    monkeypatch.delenv("SSL_CERT_FILE")
    assert "its certificate is not accepted" in updated().error.message
    assert publisher.asked == []


@pytest.mark.parametrize("silent", [True, False], ids=["silent", "a byte now and then"])
def test_nobody_holds_us_longer_than_the_time_limit(publisher, silent, monkeypatch):
    monkeypatch.setattr(update, "SECONDS", 0.4)
    publisher.at("/c2pa.pem", (lambda handler: time.sleep(60)) if silent else loopback.dripping(60))
    with within(2):
        assert "no " in updated().error.message


@pytest.mark.parametrize(
    "address",
    ["http://example.org/list.pem", "file:///etc/passwd", "ftp://example.org/x", "https://", "x",
     "https://exa mple.org/", "https://example.org/\n", "https://[::1/x"],
)  # fmt: skip
def test_only_https_addresses_are_asked(address):
    with pytest.raises(NetworkError, match="no address that is asked"):
        network.get(address, most=10, seconds=1)


def test_a_fetched_list_says_who_answered_and_from_when_it_is(publisher):
    acme = Authority.new("Acme Studio")
    publisher.at("/c2pa.pem", sending(acme.anchors))
    fetched = updated().kept.fetched
    label = genlabel.Label.generated(producer=genlabel.Producer("Acme Studio"))
    signed = genlabel.sign(genlabel.testing.picture("png", size=(32, 24)), label, acme.signer())
    publisher.asked.clear()
    report = genlabel.verify(signed.data, trust=Trust.of(lists=["c2pa"]))
    assert (report.signer.trust, report.signer.trust_list) == (TrustLevel.LISTED, "c2pa")
    assert report.signer.list_fetched == fetched
    assert report.trust_lists == ("c2pa",)
    assert publisher.asked == []
    assert genlabel.verify(signed.data).signer.trust is TrustLevel.UNKNOWN


def test_a_kept_time_stamping_list_vouches_for_no_signer(publisher):
    acme = Authority.new("Acme Studio")
    publisher.at("/c2pa-tsa.pem", sending(acme.anchors))
    assert updated("c2pa-tsa").error is None
    label = genlabel.Label.generated(producer=genlabel.Producer("Acme Studio"))
    signed = genlabel.sign(genlabel.testing.picture("png", size=(32, 24)), label, acme.signer())
    report = genlabel.verify(signed.data, trust=Trust.of(lists=["c2pa-tsa"]))
    assert report.signer.trust is TrustLevel.UNKNOWN
    assert report.signer.trust_list is None
