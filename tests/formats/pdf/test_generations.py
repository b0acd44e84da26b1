"""Generation numbers of a PDF file: as large as cross-references can say, and no larger."""

import struct

import pytest

import genlabel
from fieldbook import edited, signer

OBJECTS = {
    1: b"<</Type/Catalog/Pages 2 0 R>>",
    2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
    3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
}


def document(generation: int) -> bytes:
    """A document whose catalog has that generation, in a cross-reference stream of wide fields."""
    data, rows = b"%PDF-1.7\n", [struct.pack(">BIQ", 0, 0, 65_535)]
    for number, body in OBJECTS.items():
        own = generation if number == 1 else 0
        rows.append(struct.pack(">BIQ", 1, len(data), own))
        data += b"%d %d obj\n%s\nendobj\n" % (number, min(own, 65_535), body)
    start = len(data)
    rows.append(struct.pack(">BIQ", 1, start, 0))
    table = b"".join(rows)
    head = b"<</Type/XRef/W[1 4 8]/Size 5/Root 1 %d R/Length %d>>" % (
        min(generation, 65_535), len(table),
    )  # fmt: skip
    stream = b"4 0 obj\n" + head + b"\nstream\n" + table + b"\nendstream\nendobj\n"
    return data + stream + b"startxref\n%d\n%%%%EOF\n" % start


@pytest.mark.parametrize("generation", [65_536, 70_000, 2**63])
def test_a_generation_that_no_reference_can_name_is_an_error_of_the_file(generation):
    data = document(generation)
    for do in (genlabel.verify, lambda data: genlabel.sign(data, edited(), signer())):
        with pytest.raises(genlabel.MalformedAsset, match=f"the generation {generation:,}"):
            do(data)


@pytest.mark.parametrize("generation", [0, 7, 65_535])
def test_an_honest_one_is_kept(generation):
    signed = genlabel.sign(document(generation), edited(), signer())
    assert genlabel.verify(signed.data).integrity == "intact"
    assert b"1 %d obj" % generation in signed.data
