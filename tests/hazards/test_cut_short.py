"""A file that is cut short while it is mapped ends no process, and no verdict on it is given.

Each trial runs in a process of its own, since the system would end it.
"""

import json
import subprocess
import sys
import textwrap

import pytest

from fieldbook import authority, edited, signer
from genlabel import sign
from genlabel.storage import cut_short
from oracles.small_files import NAMES, small

pytestmark = pytest.mark.skipif(
    not cut_short.can_guard(), reason="here a file is copied before it is mapped"
)

TRIALS = """
    import hashlib, io, json, os, re, struct, sys, threading, zlib
    from pathlib import Path

    import genlabel
    from genlabel import Generator, KeySigner, Label, Producer
    from genlabel.storage import buffers, read_asset
    from genlabel.storage.cut_short import intact
    from genlabel.testing import picture

    buffers.LARGE = 1
    folder = Path(sys.argv[1])
    signer = KeySigner.from_files(folder / "signing.key", folder / "signing.pem")
    label = Label.edited(producer=Producer("Acme Studio"), generator=Generator("Inpainter"))

    def told(do):
        path = folder / "picture"
        path.write_bytes(whole)
        asset = read_asset(path)
        assert buffers.is_mapped(asset.data), asset
        os.truncate(path, 4096)
        try:
            return repr(do(asset))
        except OSError as error:
            return error.strerror
"""
DOINGS = """
    whole = (folder / "signed").read_bytes()
    small_one = picture("png")
    for do in (
        genlabel.verify,
        genlabel.inspect,
        genlabel.strip_check,
        lambda asset: genlabel.strip_check(asset, against=asset),
        lambda asset: genlabel.strip_check(small_one, against=asset),
        lambda asset: genlabel.sign(asset, label, signer),
        lambda asset: genlabel.sign(asset, label, signer, existing="replace"),
        lambda asset: genlabel.sign(asset, label, signer, existing="replace", sidecar=True),
        lambda asset: genlabel.sign(small_one, label, signer, parent=asset),
    ):
        print(json.dumps(told(do)), flush=True)
"""
READERS = """
    whole = bytes(1 << 20)

    def both(*readers):
        def read(data):
            threads = [threading.Thread(target=each, args=(data,)) for each in readers]
            for each in threads:
                each.start()
            for each in threads:
                each.join()
        return read

    def look(asset):
        with intact(asset):
            return reader(asset.data)

    readers = (
        lambda data: bytes(data[-9:]),
        lambda data: data[-1],
        lambda data: re.search(b"x", data),
        lambda data: hashlib.sha256(data).digest(),
        lambda data: zlib.crc32(data),
        lambda data: struct.unpack_from(">Q", data, 1 << 19),
        lambda data: comparing.Comparison().same([data], [whole]),
        lambda data: data.obj.find(b"x"),
        lambda data: io.BytesIO().write(data),
        lambda data: list(buffers.strides(data)),
    )
    for reader in (*readers, both(*readers[:4]), both(*readers[4:8])):
        print(json.dumps(told(look)), flush=True)
"""
WORDS = "was cut short by another program while it was being read"


def _answers(folder, trials):
    authority().write(folder)
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(TRIALS + trials), folder],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("name", [each for each in NAMES if each != "mp3"])
def test_whatever_is_done_with_a_mapped_file_that_is_cut_short_the_process_survives(tmp_path, name):
    signed = sign(small(name), edited(), signer()).data
    assert len(signed) > 4096
    (tmp_path / "signed").write_bytes(signed)
    assert _answers(tmp_path, DOINGS) == [WORDS] * 9


def test_whoever_reads_a_page_that_is_gone_goes_on_and_is_told(tmp_path):
    assert _answers(tmp_path, READERS) == [WORDS] * 12


def test_a_fault_that_is_not_ours_goes_to_whoever_had_the_signal_before(tmp_path):
    code = """
        import faulthandler, mmap, os, sys
        from genlabel.storage import buffers, file_contents
        from pathlib import Path
        faulthandler.enable()
        buffers.LARGE = 1
        path = Path(sys.argv[1])
        path.write_bytes(bytes(20000))
        ours = file_contents.contents(path)
        with path.open("rb") as file:
            other = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        os.truncate(path, 4096)
        other[19000]
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code), tmp_path / "file"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode < 0
    assert "Fatal Python error: Bus error" in done.stderr


def test_where_mappings_cannot_be_guarded_a_copy_is_mapped(tmp_path, monkeypatch):
    from genlabel.storage import buffers, file_contents

    monkeypatch.setattr(buffers, "LARGE", 1)
    monkeypatch.setattr(cut_short, "can_guard", lambda: False)
    path = tmp_path / "file"
    path.write_bytes(b"x" * 20_000)
    data = file_contents.contents(path)
    path.write_bytes(b"")
    assert buffers.is_mapped(data)
    assert bytes(data) == b"x" * 20_000
