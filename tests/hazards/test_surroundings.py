"""Closed or odd surroundings: no traceback, no abort, and the right status."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import genlabel
from fieldbook import authority, edited, signer
from genlabel import testing
from genlabel.credentials.trust import Trust
from genlabel.model.errors import GenlabelError, TrustError

pytestmark = pytest.mark.skipif(os.name == "nt", reason="descriptors and names as POSIX has them")
GENLABEL = f"exec {sys.executable} -m genlabel"


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """A directory with a signed picture and the keys that signed it."""
    monkeypatch.chdir(tmp_path)
    authority().write(tmp_path)
    signed = genlabel.sign(testing.picture("png"), edited(), signer()).data
    Path("cat.png").write_bytes(signed)
    Path("plain.png").write_bytes(testing.picture("png"))
    return tmp_path


def _shell(command, **options):
    done = subprocess.run(
        ["bash", "-c", command], capture_output=True, check=False, timeout=120, **options
    )
    said = done.stdout + done.stderr
    assert b"Traceback" not in said, said.decode()
    assert b"a mistake in genlabel" not in said, said.decode()
    return done


@pytest.mark.parametrize("words", ["verify cat.png --trust anchors.pem", "--version", "--help"])
@pytest.mark.parametrize(
    ("closed", "status"),
    [("<&-", 0), ("2>&-", 0), ("2>/dev/full", 0), (">&-", 2), (">/dev/full", 2)],
)
def test_a_stream_that_is_closed_or_full(desk, words, closed, status):
    done = _shell(f"{GENLABEL} {words} {closed}")
    assert done.returncode == status, done.stderr
    if status:
        assert b"standard output: " in done.stderr or b"system: " in done.stderr


def test_with_all_streams_closed_nothing_is_written_into_the_result(desk):
    keys = "--key signing.key --certificates signing.pem --generated --by Acme"
    done = _shell(f"{GENLABEL} sign plain.png -o out.png {keys} <&- >&- 2>&-")
    assert done.returncode == 2  # the report was delivered to nobody
    assert genlabel.verify("out.png", trust="anchors.pem").integrity == "intact"


@pytest.mark.parametrize(
    "words", ["verify -", "inspect -", "verify --files-from -", "sign - -o out.png --generated"]
)
def test_standard_input_that_is_closed_is_said_to_be(desk, words):
    keys = "--key signing.key --certificates signing.pem --by Acme" if "sign" in words else ""
    done = _shell(f"{GENLABEL} {words} {keys} <&-")
    assert done.returncode == 2
    assert b"closed" in done.stdout + done.stderr


def test_complaints_of_native_libraries_reach_nobody(desk):
    import struct

    # a group 4 fax of which every line is damaged: libtiff says so itself, past Python
    entries = [(256, 64), (257, 64), (258, 1), (259, 4), (262, 0), (273, 8), (278, 64), (279, 64)]
    directory = struct.pack("<H", len(entries)) + b"".join(
        struct.pack("<HHII", tag, 4, 1, value) for tag, value in entries
    )
    tiff = b"II*\0" + struct.pack("<I", 72) + bytes(range(7, 71)) + directory + bytes(4)
    Path("fax.tif").write_bytes(tiff)
    bare = (
        "from PIL import Image; import sys\ntry: Image.open(sys.argv[1]).load()\nexcept OSError: 0"
    )
    assert subprocess.run([sys.executable, "-c", bare], capture_output=True, check=False).stderr
    done = _shell(f"{GENLABEL} strip-check fax.tif --against cat.png --format html -q")
    assert done.stderr == b""


def test_names_that_are_no_text_are_signed_and_told_in_strict_json(desk):
    name = os.fsencode(desk) + b"/caf\xe9.png"
    with open(name, "wb") as file:  # noqa: PTH123  a name of bytes
        file.write(testing.picture("png"))
    keys = "--key signing.key --certificates signing.pem --generated --by Acme"
    done = _shell(f"{GENLABEL} sign $'caf\\xe9.png' --in-place {keys} --format json")
    assert done.returncode == 0, done.stdout
    done = _shell(f"{GENLABEL} verify . --trust anchors.pem --format json")
    text = json.loads(done.stdout)
    json.dumps(text, ensure_ascii=False).encode()  # no half of a character anywhere
    assert "caf\\xe9.png" in {each["path"] for each in text["reports"]}


HOMELESS = """
    import os, pwd, sys
    def nobody(*_):
        raise KeyError("uid not found")
    pwd.getpwuid = pwd.getpwnam = nobody
    for name in ("HOME", "USER", "LOGNAME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        os.environ.pop(name, None)
    from genlabel.cli.main import run
    run(sys.argv[1:])
"""


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("verify cat.png --trust anchors.pem", 0),
        ("doctor", 0),
        ("config", 0),
        ("trust show", 0),
        ("keys check --key signing.key --certificates signing.pem", 0),
        ("keys new --organisation Acme", 0),
    ],
)
def test_nobody_needs_a_home_or_a_name(desk, words, status):
    import textwrap

    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(HOMELESS), *words.split()],
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert b"Traceback" not in done.stderr, done.stderr.decode()
    assert b"a mistake" not in done.stderr + done.stdout, done.stderr.decode()
    assert done.returncode == status, done.stderr.decode() + done.stdout.decode()


def test_a_stack_of_512_kb_is_enough(desk):
    done = _shell(f"ulimit -s 512; {GENLABEL} verify cat.png --trust anchors.pem --jobs 2")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "moment", ["1969-12-31 00:00:00", "1905-01-01 00:00:00", "9999-06-01 00:00:00"]
)
def test_a_clock_that_is_wrong_leads_to_an_answer(desk, moment):
    from oracles.absence import program

    faketime = program("faketime")
    words = ["verify cat.png", "sign plain.png -o out.png --generated --by Acme --key signing.key"
             " --certificates signing.pem", "doctor", "trust show"]  # fmt: skip
    for each in words:
        done = _shell(f"exec {faketime} -f '@{moment}' {sys.executable} -m genlabel {each}")
        assert done.returncode in (0, 1, 2)
        assert done.stdout or done.stderr


@pytest.mark.parametrize("at", range(0, 400, 9))
def test_damaged_certificates_are_trust_errors(at):
    pem = authority().anchors
    body = bytearray(pem)
    body[60 + at] ^= 1
    for damaged in (bytes(body), pem[: 60 + at]):
        try:
            Trust.of(signers=damaged)
        except TrustError:
            continue
        except GenlabelError as error:  # a chain's own rules
            pytest.fail(repr(error))
