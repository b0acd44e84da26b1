"""What the manifest records of a parent: by whose trust it was looked at, and whether it fits."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import genlabel
from genlabel import Asset, Element, Trust, testing
from genlabel.manifests.store import ancestry, manifest_store
from genlabel.manifests.store.ancestry import Recorded
from genlabel.model.label import Label
from genlabel.model.results import Outcome
from genlabel.operations.verify import examine
from genlabel.testing import Authority, picture
from histories import ACME, FLUX

EDIT = Label.edited(producer=ACME, generator=FLUX)
THEIRS = Label.generated(producer=genlabel.Producer("Other Studio"))


@pytest.fixture(scope="module")
def other() -> Authority:
    return Authority.new("Other Studio")


def recorded(data: bytes, manifest: bytes | None = None) -> Iterator[Recorded]:
    store = examine(Asset(data, manifest=manifest), trust=Trust()).store
    assert store is not None
    for link in ancestry.walk(manifest_store.read(store)).links:
        yield from link.recorded()


def codes(data: bytes, manifest: bytes | None = None) -> set[str]:
    return {each.code for each in recorded(data, manifest)}


@pytest.mark.parametrize("format", ["png", "jpeg", "webp"])
@pytest.mark.parametrize("sidecar", [False, True])
def test_a_parent_is_recorded_as_trusted_by_those_whom_the_caller_trusts(
    format, sidecar, signer, other
):
    parent = genlabel.sign(picture(format), THEIRS, other.signer(), sidecar=sidecar)
    asset = Asset(parent.data, manifest=parent.sidecar)
    known = genlabel.sign(asset, EDIT, signer, trust=testing.trust(other), sidecar=sidecar)
    assert "signingCredential.trusted" in codes(known.data, known.sidecar)
    assert "signingCredential.untrusted" not in codes(known.data, known.sidecar)
    stranger = genlabel.sign(asset, EDIT, signer, sidecar=sidecar)
    assert "signingCredential.untrusted" in codes(stranger.data, stranger.sidecar)
    assert "signingCredential.trusted" not in codes(stranger.data, stranger.sidecar)


def test_the_record_names_the_list_and_no_file_of_ones_own(signer, other, tmp_path):
    parent = genlabel.sign(picture("png"), THEIRS, other.signer())
    (tmp_path / "secret-customer.pem").write_bytes(other.anchors)
    known = genlabel.sign(parent.data, EDIT, signer, trust=tmp_path / "secret-customer.pem")
    assert b"genlabel:signer:known:0" in known.data
    assert b"secret-customer" not in known.data


def test_elements_are_recorded_by_the_same_trust(signer, other):
    part = Element(genlabel.sign(picture("png"), THEIRS, other.signer()).data, title="A part")
    label = Label.composite(producer=ACME, of=[part])
    known = genlabel.sign(picture("png"), label, signer, trust=testing.trust(other))
    assert "signingCredential.trusted" in codes(known.data)
    assert "signingCredential.trusted" not in codes(
        genlabel.sign(picture("png"), label, signer).data
    )


def test_trust_changes_no_answer_twice(signer, other, trust):
    parent = genlabel.sign(picture("png"), THEIRS, other.signer())
    both = Trust.of(signers=[other.anchors])
    once = genlabel.sign(parent.data, EDIT, signer, trust=both)
    assert genlabel.sign(once.data, EDIT, signer).outcome is Outcome.UNCHANGED


def test_a_parent_that_shows_another_picture_is_a_warning(signer):
    data = testing.example("jpeg")
    other = picture("jpeg", size=(300, 200))
    signed = genlabel.sign(data, EDIT, signer, parent=other)
    told = {each.code: each.severity.value for each in signed.findings}
    assert told["genlabel.parent.differs"] == "warning"


def test_a_smaller_parent_in_another_format_is_the_same_picture(signer):
    signed = genlabel.sign(testing.example("jpeg"), EDIT, signer, parent=testing.example("png"))
    assert signed.findings == ()
