"""A command that decodes nothing takes at most ten times the file and 100 MB beside it."""

import json
import struct
import subprocess
import sys
import textwrap
import zlib

import pytest

import genlabel
from fieldbook import edited, signer
from genlabel import testing

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="memory as Linux counts it")

PEAK = """
    import json, resource, sys
    import genlabel
    from genlabel import GenlabelError, testing
    from pathlib import Path
    def peak():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10
    genlabel.inspect(testing.picture("png"))
    do = getattr(genlabel, sys.argv[1])
    before = peak()
    try:
        do(Path(sys.argv[2]))
    except GenlabelError:
        pass
    print(json.dumps(peak() - before))
"""


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I4s", len(data), kind) + data + struct.pack(">I", zlib.crc32(kind + data))


def _with(*chunks: bytes) -> bytes:
    good = testing.picture("png")
    return good[:33] + b"".join(chunks) + good[33:]


def _packed(keyword: bytes, content: bytes) -> bytes:
    return _chunk(b"iTXt", keyword + b"\0\1\0\0\0" + zlib.compress(content))


LARGE = 16 * 1024 * 1024 - 4096
BOMBS = {
    "xmp of blanks": _with(_packed(b"XML:com.adobe.xmp", b"<x>" + b" " * LARGE)),
    "xmp of elements": _with(
        _packed(
            b"XML:com.adobe.xmp",
            b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
            b'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
            b'<rdf:Description xmlns:d="u">' + b"<d:a/>" * (LARGE // 8),
        )
    ),
    "text": _with(*[_packed(b"parameters", b"a" * LARGE) for _ in range(20)]),
    "a large picture": _with(_chunk(b"prVt", bytes(30_000_000))),
}


@pytest.mark.parametrize("name", BOMBS)
@pytest.mark.parametrize("what", ["verify", "inspect", "strip_check"])
def test_memory_is_bounded_by_the_file(tmp_path, name, what):
    path = tmp_path / "bomb.png"
    path.write_bytes(BOMBS[name])
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(PEAK), what, path],
        capture_output=True,
        check=True,
        timeout=120,
    )
    assert json.loads(done.stdout) < 10 * len(BOMBS[name]) + 100_000_000


def test_three_thousand_attached_files_cost_no_more_than_their_bytes():
    import time

    import drawn_documents

    count = 3_000
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles<</Names[%s]>>>>/AF[%s]>>"
        % (
            b"".join(b"(f%05d)%d 0 R " % (n, 6 + 2 * n) for n in range(count)),
            b"".join(b"%d 0 R " % (6 + 2 * n) for n in range(count)),
        ),
        2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
        4: b"<<>>",
        5: b"<</Title(x)>>",
    }
    for number in range(count):
        at = 6 + 2 * number
        objects[at] = b"<</Type/Filespec/F(f%05d)/EF<</F %d 0 R>>/AFRelationship/Data>>" % (
            number, at + 1,
        )  # fmt: skip
        objects[at + 1] = b"<</Type/EmbeddedFile/Length 5>>stream\nhello\nendstream"
    document = drawn_documents.tabled(objects)
    begun = time.process_time()
    for do in (genlabel.verify, genlabel.inspect, genlabel.strip_check):
        do(document)
    assert genlabel.sign(document, edited(), signer()).outcome == "signed"
    assert time.process_time() - begun < 4 * 2
