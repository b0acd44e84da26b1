"""What the trials share: a development authority of Acme Studio, its signer and its trust."""

from __future__ import annotations

import pytest

from genlabel import testing
from genlabel.credentials.signer import KeySigner
from genlabel.credentials.trust import Trust
from genlabel.testing import Authority


@pytest.fixture(scope="session")
def authority() -> Authority:
    """Root, intermediate and leaf of Acme Studio; certificates can be renewed."""
    return Authority.new("Acme Studio", keep_authority=True)


@pytest.fixture(scope="session")
def signer(authority: Authority) -> KeySigner:
    """The signer with the authority's leaf."""
    return authority.signer()


@pytest.fixture(scope="session")
def trust(authority: Authority) -> Trust:
    """The authority's root, as a known signer."""
    return testing.trust(authority)
