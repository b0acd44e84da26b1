"""JPEG files around whose oddities the engine writes other bytes than it was given."""

from __future__ import annotations

import struct

import pytest

import genlabel
from genlabel import formats
from genlabel.formats.format import MANIFEST
from genlabel.model.errors import SigningError
from genlabel.model.label import Label
from genlabel.model.report import Integrity
from genlabel.testing import picture
from histories import ACME

LABEL = Label.generated(producer=ACME)


def with_box(kind: bytes, signer: genlabel.Signer) -> bytes:
    """A labelled picture whose manifest's box has another type."""
    data = genlabel.sign(picture("jpeg"), LABEL, signer).data
    at = data.index(b"jumb", data.index(b"\xff\xeb"))
    return data[:at] + kind + data[at + 4 :]


def with_junk() -> bytes:
    data = picture("jpeg")
    end = 2 + 2 + struct.unpack_from(">H", data, 4)[0]
    return data[:end] + b"\0\0" + data[end:]


def test_a_box_that_others_take_for_a_manifest_is_a_reason_to_write_none_inside(signer, trust):
    data = with_box(b"XXXX", signer)
    assert MANIFEST not in formats.identify(data).survey(data).payloads
    with pytest.raises(SigningError, match="carries a damaged box") as raised:
        genlabel.sign(data, LABEL, signer)
    assert "--sidecar" in str(raised.value.remedy)
    beside = genlabel.sign(data, LABEL, signer, trust=trust, sidecar=True)
    assert (beside.data, beside.report.integrity) == (data, Integrity.INTACT)


def test_a_sidecar_of_a_jpeg_with_junk_is_bound_to_every_byte(signer, trust):
    data = with_junk()
    signed = genlabel.sign(data, LABEL, signer, trust=trust, sidecar=True)
    assert (signed.data, signed.report.integrity) == (data, Integrity.INTACT)
    changed = genlabel.Asset(
        data.replace(b"\0\0\xff\xdb", b"\0\1\xff\xdb", 1), manifest=signed.sidecar
    )
    assert changed.data != data
    assert genlabel.verify(changed, trust=trust, policy=None).integrity is Integrity.BROKEN
