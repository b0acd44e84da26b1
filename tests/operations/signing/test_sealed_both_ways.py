"""Every kind of file reads the same whether we seal it or the engine does, to us and to it."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

import pytest

import genlabel
from genlabel import formats
from genlabel.credentials.identity import Identity
from genlabel.credentials.signers.callback import CallbackSigner
from genlabel.manifests.engine import engine, iso_hash, placeholder
from genlabel.model.label import Label
from genlabel.model.report import Integrity, Report
from genlabel.operations.signing import rewriting
from genlabel.testing import Authority, picture, trust
from histories import ACME, FLUX
from oracles.small_files import NAMES, small

LABEL = Label.generated(producer=ACME, generator=FLUX, title="Hills")
WAYS = {"by us": nullcontext, "by the engine": rewriting.by_engine}


def _comparable(report: Report) -> Any:
    """The report without what is another in each signing: its name, its length, its moment."""
    marks = {
        mark: dict(each) | {"created": None, "identifier": None}
        for mark, each in report.marks.items()
    }
    return (
        *(report.integrity, report.state, report.form, report.lineage),
        *([(e.code, e.severity) for e in report.findings], marks),
        *(report.declared.source_type, report.declared.attested, report.signer.trust),
        [each.holds for each in report.identities],
    )


@pytest.mark.parametrize("more", ["alone", "identity", "room", "parent", "sidecar"])
@pytest.mark.parametrize("name", NAMES)
def test_both_ways_read_equal(name, more):
    authority = Authority.new("Acme Studio")
    signer, whom = authority.signer(), trust(authority)
    label, asked = LABEL, dict[str, Any]()
    if more == "identity":
        asked["identity"] = Identity(Authority.new("Acme Studio", identity=True).signer())
    elif more == "room":
        asked["stamp"] = "later"
    elif more == "sidecar":
        asked["sidecar"] = True
    elif more == "parent":
        label = Label.edited(producer=ACME, generator=FLUX)
        asked["parent"] = genlabel.sign(picture("png"), LABEL, signer).data
    read = {}
    for way, entered in WAYS.items():
        with entered():
            signed = genlabel.sign(small(name), label, signer, trust=whom, **asked)
        beside = signed.sidecar
        report = genlabel.verify(signed.data, trust=whom, sidecar=beside)
        assert report.integrity is Integrity.INTACT
        read[way] = _comparable(report)
        mime = formats.identify(signed.data).media_type
        document = engine.read(signed.data, mime, whom, store=beside).document
        assert document is not None
        assert document["validation_state"] == "Trusted"
    assert read["by us"] == read["by the engine"]


@pytest.mark.parametrize("name", ["png", "jpeg", "gif", "wav", "avif", "mov"])
def test_a_wrong_hash_of_ours_becomes_no_file(name, monkeypatch):
    monkeypatch.setattr(placeholder, "_digest", lambda data, spans: bytes(32))
    monkeypatch.setattr(iso_hash, "digest_of", lambda data, boxes: bytes(32))
    with pytest.raises(genlabel.SigningError, match="does not read back"):
        genlabel.sign(small(name), LABEL, Authority.new("Acme Studio").signer())


@pytest.mark.parametrize("name", NAMES)
def test_the_signature_is_asked_for_once(name):
    """Of whoever keeps the key: a card that wants its PIN, a service that is paid by signatures."""
    key, asked = Authority.new("Acme Studio").signer(), list[bytes]()

    def sign(data: bytes) -> bytes:
        asked.append(data)
        return key.sign(data)

    label = Label.edited(producer=ACME, generator=FLUX)
    parent = genlabel.sign(picture("png"), LABEL, key).data
    sidecar = formats.identify(small(name)).survey(small(name)).unsignable is not None
    signer = CallbackSigner.asking(sign, key.chain_pem)
    genlabel.sign(small(name), label, signer, parent=parent, sidecar=sidecar)
    assert len(asked) == 1
