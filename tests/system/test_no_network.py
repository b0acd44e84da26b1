"""No request: nothing that a file or a certificate names is ever asked, from native code either."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import textwrap
from collections.abc import Collection, Iterator
from pathlib import Path

import pytest

from fieldbook import FORMATS
from genlabel import testing
from oracles import corpus, raw
from oracles.absence import absent, program
from oracles.chain import Chain
from oracles.pictures import MIMES

_ASKED = re.compile(r"\b(connect|sendto|sendmsg|sendmmsg)\(|AF_INET6?\b")
"""What a request cannot do without, as strace writes it."""

LIBRARY = """
    import sys
    from pathlib import Path
    import genlabel
    from genlabel import Generator, KeySigner, Label, Producer

    folder = Path(sys.argv[1])
    signer = KeySigner.from_files(folder / "signing.key", folder / "signing.pem")
    label = Label.edited(
        producer=Producer("Acme Studio", url=sys.argv[2]),
        generator=Generator("Inpainter", version="2"),
    )
    trust = str(folder / "anchors.pem")
    for path in sorted(folder.glob("*.picture")):
        genlabel.verify_file(path, trust=trust)
        genlabel.inspect_file(path)
        signed = path.with_suffix(".signed")
        genlabel.sign_file(path, label, signer, out=signed, existing="replace", trust=trust)
        genlabel.strip_check_file(path, against=signed)
        print(genlabel.verify_file(signed, trust=trust, policy="labelled").integrity)
"""
TEMPTED = """
    import sys
    from c2pa import C2paError, Context, Reader

    context = Context.from_dict({"verify": {"remote_manifest_fetch": True, "ocsp_fetch": True}})
    try:
        Reader("image/jpeg", open(sys.argv[1], "rb"), context=context)
    except C2paError:
        pass
"""


@pytest.fixture
def address() -> Iterator[str]:
    """A web address on this machine where nobody is at home."""
    with socket.socket() as reserved:  # bound and not listening: whoever connects is refused
        reserved.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{reserved.getsockname()[1]}/asked"


@pytest.fixture
def folder(tmp_path: Path, address: str, exiftool) -> Path:
    """Files and a credential that name addresses wherever the standards have a place for one."""
    chain = Chain.new("Acme Studio", asking=address)
    (tmp_path / "signing.key").write_bytes(chain.key)
    (tmp_path / "signing.pem").write_bytes(chain.certificates)
    (tmp_path / "anchors.pem").write_bytes(chain.anchor)
    for format in FORMATS:
        signed = raw.sign(testing.picture(format), MIMES[format], chain)
        (tmp_path / f"signed-{format}.picture").write_bytes(signed)
        (tmp_path / f"remote-{format}.picture").write_bytes(
            remote(exiftool, tmp_path, format, address)
        )
    for name in ("cards_expired_with_timestamp.jpg", "CACAE-uri-CA.jpg", "C_with_CAWG_data.jpg"):
        if corpus.folder() is not None:  # others' time-stamps, status addresses and identities
            (tmp_path / f"{name}.picture").write_bytes(corpus.specimen(f"signed/{name}").data)
    return tmp_path


def remote(exiftool, tmp_path: Path, format: str, address: str) -> bytes:
    """A picture that says that its manifest is kept elsewhere (C2PA 2.4 §11.4)."""
    packet = tmp_path / "remote.xmp"
    packet.write_text(
        "<x:xmpmeta xmlns:x='adobe:ns:meta/'>"
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
        "<rdf:Description rdf:about='' xmlns:dcterms='http://purl.org/dc/terms/' "
        f"dcterms:provenance='{address}'/></rdf:RDF></x:xmpmeta>",
        encoding="utf-8",
    )
    path = tmp_path / f"remote.{format}"
    path.write_bytes(testing.picture(format))
    exiftool.run("-q", "-overwrite_original", f"-xmp<={packet}", path)
    return path.read_bytes()


def traced(
    tmp_path: Path, *command: str | Path, statuses: Collection[int] = (0,)
) -> tuple[str, list[str]]:
    """What a program printed, and the system calls by which it turned to a network."""
    log = tmp_path / "calls.log"
    if sys.platform != "linux":
        absent("strace", remedy="it exists on Linux only")
    done = subprocess.run(
        [program("strace"), "-f", "-qq", "-e", "trace=network", "-o", log, *command],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    if "PTRACE" in done.stderr or "ptrace" in done.stderr:
        absent("a machine on which strace may trace")
    assert done.returncode in statuses, done.stderr
    return done.stdout, [line for line in log.read_text().splitlines() if _ASKED.search(line)]


def script(text: str) -> list[str]:
    return [sys.executable, "-c", textwrap.dedent(text)]


def test_the_files_would_tempt_a_reader_that_asks(folder, tmp_path):
    _, calls = traced(tmp_path, *script(TEMPTED), folder / "remote-jpeg.picture")
    assert any("connect(" in call for call in calls)


def test_the_library_asks_nobody(folder, tmp_path, address):
    printed, calls = traced(tmp_path, *script(LIBRARY), folder, address)
    assert set(printed.split()) == {"intact"}
    assert len(printed.split()) >= 2 * len(FORMATS)
    assert calls == []


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (
            (
                "sign",
                "PICTURES",
                "-o",
                "labelled",
                "--edited",
                "--by",
                "Acme Studio",
                "--using",
                "X",
                "--key",
                "signing.key",
                "--certificates",
                "signing.pem",
                "--existing",
                "replace",
            ),
            {0},
        ),
        (("verify", "PICTURES", "--trust", "anchors.pem"), {1, 2}),
        (("inspect", "PICTURES"), {0}),
        (("strip-check", "PICTURES"), {0, 1}),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_the_command_line_asks_nobody(folder, tmp_path, monkeypatch, words, expected):
    monkeypatch.chdir(folder)
    pictures = sorted(path.name for path in folder.glob("*.picture"))
    placed = [each for word in words for each in (pictures if word == "PICTURES" else [word])]
    command = [sys.executable, "-m", "genlabel", *placed]
    printed, calls = traced(tmp_path, *command, statuses=expected)
    assert printed
    assert calls == []
