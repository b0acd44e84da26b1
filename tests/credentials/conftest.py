"""What the tests of signers share: a chain for a key, a picture, a token."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator

import pytest

import genlabel
import hand_made_chains as made
import soft_token
from genlabel import Integrity, Label, Producer, testing
from issuing import MIDDLE, ROOT
from oracles.absence import absent


@pytest.fixture
def chain_for(tmp_path):
    """A file with a chain for a public key, as a certificate authority would answer."""

    def write(public, name="chain.pem", **changes):
        holder = type("Holder", (), {"public_key": lambda self: public})()
        leaf = made.leaf(MIDDLE, key=holder, **changes)
        path = tmp_path / name
        path.write_bytes(leaf.pem + MIDDLE.pem)
        return path

    return write


@pytest.fixture(scope="session")
def picture() -> bytes:
    return testing.picture("jpeg", size=(32, 24))


@pytest.fixture(scope="session")
def label() -> Label:
    return Label.generated(producer=Producer("Acme Ltd"))


@pytest.fixture
def good(encypher, picture, label):
    """Signs a picture with a signer; other people's validator and ours accept it."""

    def sign(signer, anchors=ROOT.pem):
        signed = genlabel.sign(picture, label, signer)
        judged = encypher.verify(signed.data, "image/jpeg", anchors)
        assert judged.accepted, judged.codes
        report = genlabel.verify(signed.data, trust=anchors)
        assert report.integrity is Integrity.INTACT
        assert report.state is genlabel.ValidationState.TRUSTED
        return signed

    return sign


@pytest.fixture(scope="session")
def token(tmp_path_factory) -> Iterator[soft_token.SoftToken]:
    """A SoftHSM token of our own. The module reads its configuration once a process."""
    module = soft_token.module()
    if module is None:
        absent("softhsm2", remedy="apt-get install softhsm2")
    if importlib.util.find_spec("pkcs11") is None:
        absent("python-pkcs11", remedy="pip install 'genlabel[test]'")
    found = soft_token.SoftToken(tmp_path_factory.mktemp("token"), module)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(found.configuration))
        yield found
