"""A certificate that has ended: who signed is known all the same, and nobody else gets in by it."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

import genlabel
import resigning
from genlabel import formats
from genlabel.credentials.trust import Trust
from genlabel.credentials.x509 import certificate_rules, path_rules
from genlabel.manifests.store import manifest_store
from genlabel.manifests.store.cose import claim_signature
from genlabel.model.report import (
    Integrity,
    Report,
    Severity,
    SigningTime,
    TrustLevel,
    Validity,
)
from genlabel.policies import LABELLED
from genlabel.rendering import phrases
from genlabel.testing import picture
from oracles import corpus, raw
from oracles.chain import CLAIM_SIGNING, Chain
from resigning import ES256, JPEG, X5CHAIN, Verbatim, ders, resigned

NOW = datetime.now(UTC)
OVER = {"not_before": NOW - timedelta(days=400), "not_after": NOW - timedelta(days=30)}
SOON = {"not_before": NOW + timedelta(days=30), "not_after": NOW + timedelta(days=60)}


@pytest.fixture(scope="module")
def base() -> bytes:
    """A signed picture, to be signed once more."""
    return resigning.signed(picture("jpeg", size=(64, 64)))


@pytest.fixture(scope="module")
def ended() -> Chain:
    """A chain whose leaf ended a month ago."""
    return Chain.new("Acme Studio", **OVER)


@pytest.fixture(scope="module")
def old(base, ended) -> bytes:
    """A picture that was signed with it."""
    return resigned(base, ended)


def _store(data: bytes) -> bytes:
    found = formats.identify(data).survey(data).manifest
    assert found is not None
    return found


def _verify(data: bytes, chain: Chain) -> Report:
    return genlabel.verify(data, trust=Trust.of(signers=chain.anchor), policy=None)


def _unknown(report: Report) -> bool:
    assert report.signer is not None
    assert report.signer.trust_list is None
    assert not report.declared.attested
    return report.signer.trust is TrustLevel.UNKNOWN


def test_the_signer_is_known_and_the_certificate_has_ended(old, ended):
    report = _verify(old, ended)
    assert report.integrity is Integrity.INTACT
    assert report.signer.organisation == "Acme Studio"
    assert (report.signer.trust, report.signer.trust_list) == (
        TrustLevel.KNOWN,
        "given certificates",
    )
    assert (report.signer.validity, report.signer.time) == (Validity.EXPIRED, SigningTime.NONE)
    assert phrases.integrity(report) == (
        "unchanged since it was signed; whether the certificate was valid then cannot be shown "
        "with the lists given"
    )
    about = [each for each in LABELLED.objections(report) if "outsideValidity" in each.code]
    assert [(each.code, each.severity) for each in about] == [
        ("claimSignature.outsideValidity", Severity.WARNING)
    ]


def test_a_signer_on_a_published_list_is_listed(old, ended):
    trust = Trust.of(lists=[("signer", ended.anchor)])
    assert genlabel.verify(old, trust=trust, policy=None).signer.trust is TrustLevel.LISTED


def test_nothing_is_attested_after_the_end(base, old, ended):
    """Whoever has the key of an ended certificate may sign with it today."""
    assert not _verify(old, ended).declared.attested
    chain = Chain.new("Acme Studio")
    assert _verify(resigned(base, chain), chain).declared.attested


def test_a_certificate_that_has_not_begun_is_said_to_be_that(base):
    chain = Chain.new("Acme Studio", **SOON)
    report = _verify(resigned(base, chain), chain)
    assert report.integrity is Integrity.INTACT
    assert (report.signer.trust, report.signer.validity) == (TrustLevel.KNOWN, Validity.NOT_BEGUN)
    assert not report.declared.attested
    assert phrases.integrity(report).endswith("with a certificate that has not begun")
    (about,) = [each for each in LABELLED.objections(report) if "outsideValidity" in each.code]
    assert "has not begun" in about.explanation


def test_the_tool_of_these_tests_signs_as_the_engine_does(base):
    """Else `unknown` would prove nothing below."""
    chain = Chain.new("Acme Studio")
    report = _verify(resigned(base, chain), chain)
    assert report.signer.trust is TrustLevel.KNOWN
    assert report.signer.validity is Validity.WITHIN


@pytest.mark.parametrize(
    ("label", "guarded"),
    [(X5CHAIN, True), ("x5chain", True), ("x5chain", False)],
    ids=["number", "name", "name, unprotected"],
)
def test_the_certificates_are_found_in_every_place_where_c2pa_had_them(base, ended, label, guarded):
    chain = {label: ders(ended)}
    data = resigned(
        base,
        ended,
        protected={1: ES256, **(chain if guarded else {})},
        unprotected={} if guarded else chain,
    )
    assert _verify(data, ended).signer.trust is TrustLevel.KNOWN


def test_one_certificate_may_stand_without_an_array(base, ended):
    data = resigned(base, ended, protected={1: ES256, X5CHAIN: ders(ended)[0]})
    intermediate = ended.certificates[ended.certificates.rindex(b"-----BEGIN") :]
    trust = Trust.of(signers=intermediate)
    assert genlabel.verify(data, trust=trust, policy=None).signer.trust is TrustLevel.KNOWN


def test_an_outlived_signer_of_another_authority_stays_unknown(old):
    assert _unknown(_verify(old, Chain.new("Acme Studio")))


def test_an_anchor_for_time_stamps_vouches_for_no_outlived_signer(old, ended):
    assert _unknown(genlabel.verify(old, trust=Trust.of(tsa=ended.anchor), policy=None))


def test_the_same_names_with_other_keys_stay_unknown(base, ended):
    serial = x509.load_der_x509_certificate(ders(ended)[0]).serial_number
    forged = Chain.new("Acme Studio", **OVER, serial=serial)
    report = _verify(resigned(base, forged), ended)
    assert report.signer.organisation == "Acme Studio"
    assert report.signer.serial == str(serial)
    assert _unknown(report)
    # A forged leaf above the true intermediate, which did not issue it.
    patched = [ders(forged)[0], ders(ended)[1]]
    data = resigned(base, forged, protected={1: ES256, X5CHAIN: patched})
    assert _unknown(_verify(data, ended))


BIGNUM = Verbatim(b"\xc2\x41\x21")  # 33 as a bignum, RFC 8949 §3.4.3
WIDE = Verbatim(b"\x19\x00\x21")  # 33 in two bytes
INDEFINITE = Verbatim(b"\x7f\x67x5chain\xff")
TAGGED = Verbatim(b"\xc6\x18\x21")


@pytest.mark.parametrize("mine", [X5CHAIN, "x5chain", BIGNUM, WIDE, INDEFINITE, TAGGED])
@pytest.mark.parametrize("theirs", [X5CHAIN, "x5chain", WIDE])
@pytest.mark.parametrize("swapped", [False, True])
def test_two_chains_in_one_signature_lend_no_name(base, ended, mine, theirs, swapped):
    """The engine may believe the one and we the other."""
    serial = x509.load_der_x509_certificate(ders(ended)[0]).serial_number
    forger = Chain.new("Acme Studio", **OVER, serial=serial)
    one, other = {mine: ders(forger)}, {theirs: ders(ended)}
    if swapped:
        one, other = other, one
    guarded, open_ = {1: ES256, **one}, other
    data = resigned(_roomy(base), forger, protected=guarded, unprotected=open_)
    report = _verify(data, ended)
    assert report.signer is None or report.signer.trust is TrustLevel.UNKNOWN
    assert not report.declared.attested


def _roomy(base: bytes) -> bytes:
    chain = Chain.new()
    twice = Chain(
        organisation=chain.organisation,
        key=chain.key,
        certificates=chain.certificates + chain.anchor * 4,
        anchor=chain.anchor,
    )
    return raw.sign(picture("jpeg", size=(64, 64)), JPEG, twice)


def test_a_certificate_for_something_else_signs_nothing_once_it_has_ended(base):
    """The engine looks at its dates first, and then no further."""
    server = Chain.new("Acme Studio", **OVER, ekus=(ExtendedKeyUsageOID.SERVER_AUTH,))
    data = resigned(base, server)
    failures = raw.read(data, JPEG, anchors=server.anchor).failures
    assert "signingCredential.expired" in failures
    assert "signingCredential.invalid" not in failures
    assert _unknown(_verify(data, server))
    report = _verify(data, server)
    assert [each.code for each in report.findings] == ["signingCredential.invalid"]
    claims = Chain.new("Acme Studio", **OVER, ekus=(CLAIM_SIGNING,))
    assert _verify(resigned(base, claims), claims).signer.trust is TrustLevel.KNOWN


def test_a_picture_changed_since_is_broken_whoever_signed(old, ended):
    changed = old[:-20] + bytes([old[-20] ^ 1]) + old[-19:]
    report = _verify(changed, ended)
    assert report.integrity is Integrity.BROKEN
    assert not report.declared.attested


def test_a_signature_of_another_key_makes_nobody_known(base, ended):
    thief = Chain.new("Acme Studio")
    data = resigned(base, thief, protected={1: ES256, X5CHAIN: ders(ended)})
    report = _verify(data, ended)
    assert report.integrity is Integrity.BROKEN
    assert report.signer is None or report.signer.trust is TrustLevel.UNKNOWN


@pytest.mark.parametrize(
    "name", ["cards_expired_without_timestamp.jpg", "cards_expired_with_timestamp.jpg"]
)
def test_other_peoples_outlived_signers_are_judged_by_the_whole_profile(name):
    """Their authority has no key usage, which C2PA 2.4 §14.5.1.1 asks for."""
    data = corpus.specimen(f"signed/{name}").data
    manifest = manifest_store.read(_store(data)).active
    issuer = x509.load_der_x509_certificate(claim_signature(manifest).certificates[1])
    trust = Trust.of(signers=issuer.public_bytes(Encoding.PEM))
    report = genlabel.verify(data, trust=trust, policy=None)
    assert _unknown(report)
    assert report.signer.validity in (Validity.EXPIRED, Validity.UNPROVABLE)
    assert report.integrity is Integrity.INTACT
    (finding,) = report.findings
    assert (finding.code, finding.severity) == ("signingCredential.invalid", Severity.ERROR)
    assert "has no key usage" in finding.explanation


_LOADED = """
import sys
from genlabel import Asset
from genlabel.operations import verify
verify.verify(Asset(open(sys.argv[1], "rb").read()))
print(*(name for name in ("cryptography", "asn1crypto") if name in sys.modules))
"""


@pytest.mark.parametrize(("kind", "loaded"), [("unsigned", ""), ("signed", "cryptography")])
def test_cryptography_is_loaded_where_there_is_a_signature(old, tmp_path, kind, loaded):
    path = tmp_path / "old.jpg"
    path.write_bytes(old if kind == "signed" else picture("jpeg", size=(64, 64)))
    run = subprocess.run(
        [sys.executable, "-c", _LOADED, path], capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == loaded


def test_one_signer_of_many_files_is_looked_into_once(base, monkeypatch):
    chain = Chain.new("Acme Studio")
    data, others = resigned(base, chain), []
    assert _verify(data, chain).signer.trust is TrustLevel.KNOWN
    for module, name in ((path_rules, "issued_by"), (certificate_rules, "of_leaf")):
        told = partial(_told, others, getattr(module, name))
        monkeypatch.setattr(module, name, told)
    for _ in range(20):
        assert _verify(data, chain).signer.trust is TrustLevel.KNOWN
    assert others == []


def _told(calls, function, *given, **options):
    calls.append(given)
    return function(*given, **options)
