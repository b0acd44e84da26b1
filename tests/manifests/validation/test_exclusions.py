"""A hash may leave out more than the manifest: the engine says Trusted, and we look at what it is.

Signed with the engine's own functions for callers who embed themselves, as a careless or a lying
signer would.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest

import genlabel
from genlabel import Integrity, formats
from genlabel.formats.format import MANIFEST, XMP
from genlabel.manifests.engine import engine, signing
from genlabel.model.report import Severity, ValidationState
from genlabel.testing import picture
from oracles import raw
from oracles.pictures import flipped

DEFINITION = raw.generated()


def signed(data: bytes, signer, more: Sequence[str], *, within: int = 0) -> bytes:
    """`data` with a manifest whose hash leaves out the blocks named `more`, too.

    Not the first bytes `within` each, in which its length stands.
    """
    container = formats.identify(data)
    survey = container.survey(data)

    def put(store: bytes):
        whole = b"".join(container.rewrite(survey, {MANIFEST: store}))
        seen = container.survey(whole)
        extra = [(b.start + within, b.start + b.length) for b in seen.blocks if b.name in more]
        return whole, tuple(sorted([*seen.manifest_spans, *extra]))

    return put(signing.sign_into(put, DEFINITION, signer))[0]


def labelled(data: bytes) -> bytes:
    container = formats.identify(data)
    packet = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"/>'
    return b"".join(container.rewrite(container.survey(data), {XMP: packet}))


@pytest.mark.parametrize(
    ("format", "more"),
    [("jpeg", ["scan data"]), ("png", ["IDAT"]), ("jpeg", ["DQT", "APP1 XMP"])],
)
def test_a_hash_that_leaves_out_the_picture_protects_nothing(format, more, signer, trust):
    data = signed(labelled(picture(format)), signer, more)
    container = formats.identify(data)
    block = next(b for b in container.survey(data).blocks if b.name == more[0])
    other = flipped(data, block.start + block.length - 3)
    for each in (data, other):
        seen = engine.read(each, container.media_type, trust).document
        assert seen is not None
        assert seen["validation_state"] == "Trusted"
        report = genlabel.verify(each, trust=trust)
        assert (report.integrity, report.reason) == (Integrity.BROKEN, "uncovered")
        (finding,) = [f for f in report.findings if f.code == "genlabel.manifest.uncovered"]
        assert more[0] in finding.explanation


def test_a_hash_that_leaves_out_metadata_is_a_warning(signer, trust):
    data = signed(labelled(picture("jpeg")), signer, ["APP1 XMP"], within=40)
    report = genlabel.verify(data, trust=trust)
    assert report.integrity is Integrity.INTACT
    assert report.state is ValidationState.TRUSTED
    other = flipped(data, data.index(b"adobe:ns:meta"))
    assert genlabel.verify(other, trust=trust).state is ValidationState.TRUSTED
    (finding,) = [f for f in report.findings if f.code == "genlabel.manifest.exclusions"]
    assert finding.severity is Severity.WARNING
    assert "APP1 XMP" in finding.explanation


def test_what_a_good_signer_leaves_out_is_nothing(signer, trust):
    data = signed(labelled(picture("jpeg")), signer, [])
    report = genlabel.verify(data, trust=trust)
    assert report.integrity is Integrity.INTACT
    assert not [f for f in report.findings if "exclusions" in f.code]
