"""Peaks of resident memory, a fresh process each: ours, the engine's alone, a film of 1 GB."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from drawn import longer_film
from engine_alone import AUTHORITY, Engine

OUR_PART = """
import sys
from pathlib import Path
from genlabel.formats import identify
from genlabel.formats.essence import same_essence
from genlabel.formats.format import XMP
from genlabel.storage import buffers, file_contents
data = file_contents.contents(Path(sys.argv[1]))
container = identify(data)
survey = container.survey(data)
made = buffers.joined(container.rewrite(survey, {XMP: b"<x/>"}))
assert same_essence(container, survey, container.survey(made))
for part in buffers.strides(made):
    len(part)
"""
WHOLE = """
import sys
from genlabel import Generator, Label, Producer, testing
import genlabel
label = Label.generated(producer=Producer("Acme Studio"), generator=Generator("ModelX"))
signer = testing.Authority.new("Acme Studio").signer()
genlabel.sign_file(sys.argv[1], label, signer, out=sys.argv[1] + ".mp4")
"""
OURS = """
import sys
from pathlib import Path
import genlabel
from genlabel import Generator, KeySigner, Label, Producer
from genlabel.formats import identify
path = Path(sys.argv[1])
data = path.read_bytes()
signer = KeySigner.from_files(path.with_name("signing.key"), path.with_name("signing.pem"))
label = Label.generated(producer=Producer("Acme Studio"), generator=Generator("ModelX"))
beside = identify(data).survey(data).unsignable is not None
signed = genlabel.sign(data, label, signer, sidecar=beside)
genlabel.verify(signed.data, sidecar=signed.sidecar)
"""
RAW = """
import io, sys
from pathlib import Path
import c2pa
path, mime = Path(sys.argv[1]), sys.argv[2]
data = path.read_bytes()
chain, key = (path.with_name(name).read_bytes() for name in ("signing.pem", "signing.key"))
signer = c2pa.Signer.from_info(c2pa.C2paSignerInfo(b"es256", chain, key, None))
context = c2pa.Context.from_dict({"builder": {"thumbnail": {"enabled": False}}})
signed = io.BytesIO()
with c2pa.Builder(path.with_name("manifest.json").read_text(), context=context) as builder:
    builder.sign(signer, mime, io.BytesIO(data), signed)
with c2pa.Reader(mime, signed, context=context) as reader:
    reader.json()
"""
PEAK = """
status = open("/proc/self/status").read()
print(status.split("VmHWM:")[1].split()[0])
"""


def memory(data: bytes, mime: str) -> dict[str, int]:
    """Peak bytes of resident memory, ours and the engine's alone, a fresh process each."""
    if sys.platform != "linux":
        return {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "file")
        path.write_bytes(data)
        AUTHORITY.write(Path(folder))
        Path(folder, "manifest.json").write_text(json.dumps(Engine.MANIFEST))
        return {name: peak(code, path, mime) for name, code in (("ours", OURS), ("raw", RAW))}


def film_memory() -> dict[str, int]:
    """Peak bytes of resident memory for a film of 1 GB: our own part, and with the engine."""
    if sys.platform != "linux":
        return {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "film.mp4")
        if not longer_film(path):
            return {}
        return {name: peak(code, path) for name, code in (("own", OUR_PART), ("whole", WHOLE))}


def peak(code: str, path: Path, *more: str) -> int:
    words = [sys.executable, "-c", code + PEAK, str(path), *more]
    done = subprocess.run(words, check=True, capture_output=True, text=True)
    return int(done.stdout) * 1024
