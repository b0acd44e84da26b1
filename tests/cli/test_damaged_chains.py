"""`genlabel keys check` on certificates with any byte changed: rows or an error, never more."""

from __future__ import annotations

import base64
import random
import textwrap

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from genlabel.credentials import key_check
from genlabel.credentials.trust import Trust
from genlabel.model.errors import CredentialError, TrustError
from genlabel.testing import Authority

FLIPS = (0x01, 0x80, 0xFF)
SAMPLED = 4
"""One byte of so many is changed in the usual run."""


def armoured(der: bytes) -> bytes:
    lines = textwrap.wrap(base64.b64encode(der).decode(), 64)
    return "\n".join(
        ("-----BEGIN CERTIFICATE-----", *lines, "-----END CERTIFICATE-----", "")
    ).encode()


def chain() -> list[bytes]:
    read = x509.load_pem_x509_certificates(Authority.new("Acme").signer().chain_pem)
    return [each.public_bytes(Encoding.DER) for each in read]


@pytest.mark.parametrize("which", [0, -1], ids=["the leaf", "the last"])
def test_every_changed_byte_of_a_chain_is_a_row_or_our_error(tmp_path, which):
    ders, chance = chain(), random.Random(1)
    path = tmp_path / "chain.pem"
    outcomes = set()
    for at in range(chance.randrange(SAMPLED), len(ders[which]), SAMPLED):
        changed = bytearray(ders[which])
        changed[at] ^= chance.choice(FLIPS)
        damaged = [*ders]
        damaged[which] = bytes(changed)
        path.write_bytes(b"".join(map(armoured, damaged)))
        outcomes.add(outcome_of(path))
        try:
            Trust.of(signers=path)
        except TrustError:
            outcomes.add("no anchor")
    assert "error" in outcomes
    assert outcomes & {"passed", "rows"}


def outcome_of(path) -> str:
    try:
        checked = key_check.check(path, key_file=None)
    except CredentialError:
        return "error"
    assert all(each.message for each in checked.problems)
    return "passed" if checked.ok else "rows"


def test_an_honest_chain_passes(tmp_path):
    path = tmp_path / "chain.pem"
    path.write_bytes(b"".join(map(armoured, chain())))
    assert outcome_of(path) == "passed"


@pytest.mark.parametrize("at", [0, 4, 40, 200])
def test_the_command_says_it_without_a_traceback(tmp_path, genlabel, at):
    ders = chain()
    ders[0] = ders[0][:at] + bytes([ders[0][at] ^ 0xFF]) + ders[0][at + 1 :]
    path = tmp_path / "chain.pem"
    path.write_bytes(b"".join(map(armoured, ders)))
    answer = genlabel("keys", "check", "--certificates", str(path), "--no-config")
    assert answer.status in (0, 1, 2)
    assert "Traceback" not in answer.err
    assert "our mistake" not in answer.err
