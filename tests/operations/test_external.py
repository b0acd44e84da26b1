"""The address of a served manifest, in every container with XMP: one packet, and still a picture.

The engine's own way ruins the XMP of GIF (B6) and puts a second packet into AVIF, HEIC and WAV
(B7), so the address is written by us before anything is hashed.
"""

from __future__ import annotations

import pytest

from genlabel.formats import identify
from genlabel.formats.format import XMP
from genlabel.model.errors import GenlabelError
from genlabel.model.label import Label
from genlabel.model.parties import Generator
from genlabel.model.report import Integrity
from genlabel.operations.labeller import Labeller
from genlabel.testing import picture
from histories import ACME
from oracles import films, libheif
from oracles.drawings import DRAWING
from oracles.libjxl import CONTAINED
from oracles.recordings import sounds
from oracles.riff_files import waves

URL = "https://example.com/manifests/1.c2pa"
LABEL = Label.generated(producer=ACME, generator=Generator("ModelX"), title="Hills")
FILES = {
    **{name: picture(name) for name in ("jpeg", "png", "webp", "gif", "tiff", "avif")},
    "heic": libheif.encoded(picture("png")) if libheif.here() else b"",
    "mp4": films.film("mp4") if films.is_here() else b"",
    "wav": waves(b"")["wav"],
    "mp3": sounds(b"")["mp3"],
    "flac": sounds(b"")["flac full"],
    "svg": DRAWING,
    "jxl": CONTAINED,
}


@pytest.mark.parametrize("name", FILES)
def test_the_address_stands_once_in_the_one_packet(name, signer, trust, exiftool):
    data = FILES[name]
    if not data:
        pytest.skip("the program that makes it is not here")
    labeller = Labeller(signer=signer, trust=trust)
    try:
        signed = labeller.sign(data, LABEL, remote_url=URL, marks=["iptc"])
    except GenlabelError as error:
        pytest.fail(f"{name}: {error}")
    assert signed.report.integrity is Integrity.INTACT
    assert signed.data.count(b"<x:xmpmeta") == signed.data.count(URL.encode()) == 1
    container = identify(data)
    before, after = container.survey(data), container.survey(signed.data)
    assert URL.encode() in after.payloads[XMP]
    assert after.anomalies == before.anomalies
    assert b"".join(container.essence(after)) == b"".join(container.essence(before))
    tags = exiftool.read(signed.data)
    assert tags["XMP-dcterms:Provenance"] == URL
    assert tags["XMP-dc:Title"] == "Hills"
