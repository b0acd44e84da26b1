"""OCSP responses (RFC 6960) are believed by signature, name, usage and date, each of them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives import hashes

from genlabel.credentials.revocation import ocsp
from genlabel.credentials.revocation.ocsp import CertStatus, InvalidResponse
from responders import HOUR, NOW, OCSP_SIGNING, House, holder


@pytest.fixture(scope="module")
def house():
    return House.new()


def read(house, response):
    at = datetime.now(UTC)  # and not `NOW`: a response is signed when it is made
    (single,) = ocsp.single_responses(
        response, house.leaf.certificate, house.middle.certificate, at=at
    )
    return single


@pytest.mark.parametrize("named", [True, False])
def test_the_responder_id_names_who_signed(house, named):
    assert read(house, house.says(named=named)).status is CertStatus.GOOD


def test_a_response_in_the_name_of_another_is_not_believed(house):
    other = holder("another", house.middle, ekus=(OCSP_SIGNING,), key=house.delegate.key)
    with pytest.raises(InvalidResponse, match="not signed by"):
        read(house, house.says(named=True, named_as=other))


def test_a_response_signed_over_a_weaker_hash_is_not_believed(house):
    assert read(house, house.says(signed_with=hashes.SHA384()))
    with pytest.raises(InvalidResponse, match="not signed by"):
        read(house, house.says(signed_with=hashes.SHA224()))


def test_a_response_from_the_future_says_nothing(house):
    """``producedAt`` is when it was signed, and so later than a past `at`."""
    response = house.says(since=NOW - 30 * HOUR)
    with pytest.raises(InvalidResponse, match="from the future"):
        ocsp.single_responses(
            response, house.leaf.certificate, house.middle.certificate, at=NOW - HOUR
        )
    assert read(house, response)


def test_more_than_any_response_has_is_not_even_read(house):
    with pytest.raises(InvalidResponse, match="more than 65,536 bytes"):
        read(house, b"\x30" * 65_537)
