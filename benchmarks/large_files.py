"""Files as they grow: time and memory from 0.1 to 200 MB, a film of 1 GB, a busy neighbour."""

from __future__ import annotations

import hashlib
import os
import shutil
import struct
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from drawn import longer_film
from engine_alone import AUTHORITY, LABEL, SIGNER, TRUST
from measuring import seconds
from memory import peak
from results import Row, row

import genlabel

SIGNING = "Signing"
SIZES = (0.1, 1, 10, 50, 200)
"""MB."""


def recording(size: int) -> bytes:
    """A WAV file of about `size` bytes of noise."""
    content = os.urandom(1 << 16) * (size >> 16 or 1)
    content = content[: size - 44]
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 2, 48_000, 192_000, 4, 16)
    content = b"WAVE" + form + struct.pack("<4sI", b"data", len(content)) + content
    return struct.pack("<4sI", b"RIFF", len(content)) + content


def sizes(rounds: int) -> Iterator[Row]:
    """Time and memory from file to file, as files grow."""
    with tempfile.TemporaryDirectory() as folder:
        AUTHORITY.write(Path(folder))
        for size in SIZES:
            path, out = Path(folder, "sound.wav"), Path(folder, "signed.wav")
            path.write_bytes(recording(int(size * 1e6)))
            signing, verifying = [], []
            for _ in range(rounds):
                signing.append(
                    1e3
                    * seconds(
                        lambda path=path, out=out: genlabel.sign_file(
                            path, LABEL, SIGNER, out=out, trust=TRUST, overwrite=True, fsync=False
                        )
                    )
                )
                check = seconds(lambda out=out: genlabel.verify_file(out, trust=TRUST))
                verifying.append(1e3 * check)
                out.unlink()
            table = "As files grow (WAV, file to file, without fsync)"
            yield row(table, f"{size:g} MB signed", signing, "ms")
            yield row(table, f"{size:g} MB verified", verifying, "ms")
            if sys.platform == "linux":
                needed = peak(FILE_TO_FILE, path)
                yield row(table, f"{size:g} MB, memory of the process", [needed / 1e6], "MB")


FILE_TO_FILE = """
import sys
from pathlib import Path
import genlabel
from genlabel import Generator, KeySigner, Label, Producer
path = Path(sys.argv[1])
signer = KeySigner.from_files(path.with_name("signing.key"), path.with_name("signing.pem"))
label = Label.generated(producer=Producer("Acme Studio"), generator=Generator("ModelX"))
out = path.with_name("made" + path.suffix)
genlabel.sign_file(path, label, signer, out=out, fsync=False)
genlabel.verify_file(out)
out.unlink()
"""


def film(rounds: int) -> Iterator[Row]:
    """A film of 1 GB from file to file, beside two SHA-256 passes and `cp`."""
    with tempfile.TemporaryDirectory() as folder:
        path, out = Path(folder, "film.mp4"), Path(folder, "signed.mp4")
        if not longer_film(path):
            return
        taken = []
        for _ in range(rounds + 1):
            ours = seconds(
                lambda: genlabel.sign_file(path, LABEL, SIGNER, out=out, fsync=False, trust=TRUST)
            )
            out.unlink()
            with path.open("rb") as file:
                hashed = seconds(lambda file=file: hashlib.file_digest(file, "sha256"))
            copied = seconds(lambda: shutil.copyfile(path, out))
            out.unlink()
            taken.append(ours / (2 * hashed + copied))
    name = "a film of 1 GB, beside two SHA-256 passes and a copy"
    yield row(SIGNING, name, taken[1:], "×", most=1.3)


def neighbour(rounds: int) -> Iterator[Row]:
    """A film of 200 MB while another thread of the process counts, beside the same alone."""
    with tempfile.TemporaryDirectory() as folder:
        path, out = Path(folder, "film.mp4"), Path(folder, "signed.mp4")
        if not longer_film(path, more=200 << 20):
            return

        def signing() -> float:
            took = seconds(
                lambda: genlabel.sign_file(path, LABEL, SIGNER, out=out, fsync=False, trust=TRUST)
            )
            out.unlink()
            return took

        signing()
        alone = median(signing() for _ in range(rounds))
        ended = threading.Event()

        def count() -> None:
            while not ended.is_set():
                sum(range(1000))

        beside = threading.Thread(target=count)
        beside.start()
        try:
            taken = [signing() / alone for _ in range(rounds)]
        finally:
            ended.set()
            beside.join()
    name = "a film of 200 MB beside a busy Python thread, beside alone"
    yield row(SIGNING, name, taken, "×", most=2)
