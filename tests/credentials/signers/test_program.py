"""`exec:` signers: programs as people write them, good ones and all kinds of bad ones."""

import json
import shlex
import shutil
import sys
import time

import pytest

import genlabel
from genlabel.credentials.x509 import key
from genlabel.model.errors import ConfigurationError, CredentialError, SigningError

SIGNER = """
import json, os, sys
from pathlib import Path
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
here = Path(__file__).parent
with (here / "calls").open("a") as calls:
    calls.write(json.dumps([sys.argv[1:], "GENLABEL_PASSPHRASE" in os.environ]) + "\\n")
if sys.argv[1:] == ["--signer-info"]:
    print(json.dumps({"alg": "es256", "sign_cert": (here / "chain.pem").read_text()}))
    sys.exit()
key = serialization.load_pem_private_key((here / "program.key").read_bytes(), None)
sys.stdout.buffer.write(key.sign(sys.stdin.buffer.read(), ec.ECDSA(hashes.SHA256())))
"""
"""As the documentation of c2patool describes a signer; it answers in DER, as most tools do."""


@pytest.fixture
def program(tmp_path, chain_for):
    """Writes a program of this text and says how to call it; its key's chain lies beside it."""
    (tmp_path / "program.key").write_bytes(key.pkcs8(private := key.new("es256")))
    chain_for(private.public_key())

    def write(text=SIGNER, name="signer.py"):
        (tmp_path / name).write_text(text)
        return f"exec:{shlex.quote(sys.executable)} {shlex.quote(str(tmp_path / name))}"

    return write


@pytest.fixture
def calls(tmp_path):
    return lambda: [json.loads(line) for line in (tmp_path / "calls").read_text().splitlines()]


def test_a_program_that_tells_its_chain_is_asked_for_it_and_then_signs_without_arguments(
    program, calls, good
):
    signer = genlabel.signer(program())
    good(signer)
    assert [arguments for arguments, _ in calls()] == [["--signer-info"], ["--signer-info"], []]


def test_with_a_chain_given_the_program_gets_the_arguments_that_c2patool_gives(
    program, calls, good, tmp_path
):
    chain = tmp_path / "chain.pem"
    good(genlabel.signer(program(), certificates=chain))
    ((arguments, _),) = calls()
    reserved = str(10_000 + chain.stat().st_size)
    assert arguments == [
        "--reserve-size", reserved, "--alg", "es256", "--sign-cert", str(chain)
    ]  # fmt: skip


def test_openssl_alone_is_a_signer(program, tmp_path, good):
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not here")
    script = tmp_path / "sign.sh"
    script.write_text(f"#!/bin/sh\nexec openssl dgst -sha256 -sign '{tmp_path}/program.key'\n")
    script.chmod(0o755)
    program()
    good(genlabel.signer(f"exec:{script}", certificates=tmp_path / "chain.pem"))


def test_a_renewed_certificate_of_a_program_is_in_the_next_picture(
    program, good, tmp_path, chain_for
):
    signer = genlabel.signer(program())
    before = good(signer).report.signer.serial
    (tmp_path / "program.key").write_bytes(key.pkcs8(private := key.new("es256")))
    chain_for(private.public_key())
    assert good(signer).report.signer.serial != before


def test_genlabels_own_secrets_are_not_handed_to_programs(program, calls, monkeypatch):
    monkeypatch.setenv("GENLABEL_PASSPHRASE", "sesame")
    genlabel.signer(program())
    assert [seen for _, seen in calls()] == [False]


def test_no_shell_sees_the_command(tmp_path, program):
    mark = tmp_path / "mark"
    with pytest.raises(CredentialError):
        genlabel.signer(f"exec:/bin/echo $(touch {mark}); touch {mark}")
    assert not mark.exists()


FAILING = {
    "fails": (
        "import sys; sys.stderr.write('card\\x1b[31m removed'); sys.exit(3)",
        r"exec:python.*: ended with status 3: card\\x1b\[31m removed",
    ),
    "says nothing": ("import sys; sys.stdin.read()", "wrote nothing to stdout"),
    "does not read": ("import sys; sys.stdout.write('x' * 71)", "no es256 signature"),
    "is garbage": (
        "import os, sys; sys.stdin.read(); sys.stdout.buffer.write(os.urandom(64))",
        "made by another key",
    ),
    "floods": (
        "import sys\nwhile True: sys.stdout.write('x' * 65536)",
        "more than 16,384 bytes",
    ),
    "talks without end": (
        "import sys\nfor _ in range(99): sys.stderr.write('y' * 65536)\nsys.exit(1)",
        "(?m)status 1: …y{300}$",
    ),
    "hashes twice": (
        SIGNER.replace("sys.stdin.buffer.read()", "__import__('hashlib').sha256("
                       "sys.stdin.buffer.read()).digest()"),
        "hashed already",
    ),
    "takes another hash": (SIGNER.replace("SHA256", "SHA384"), "ECDSA over SHA384"),
}  # fmt: skip


@pytest.mark.parametrize("name", FAILING)
def test_a_program_that_does_not_sign_is_named_with_the_reason(
    program, name, tmp_path, picture, label
):
    text, sentence = FAILING[name]
    signer = genlabel.signer(program(text), certificates=tmp_path / "chain.pem")
    with pytest.raises(SigningError, match=sentence) as told:
        genlabel.sign(picture, label, signer)
    assert "program.key" not in str(told.value)
    assert told.value.remedy


@pytest.mark.parametrize("grandchild", [False, True])
def test_a_program_that_hangs_is_ended(program, tmp_path, picture, label, monkeypatch, grandchild):
    monkeypatch.setattr("genlabel.credentials.signers.program.TIME_LIMIT", 0.5)
    sleep = "import time; time.sleep(60)"
    if grandchild:
        sleep = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {sleep!r}])"
    signer = genlabel.signer(program(sleep), certificates=tmp_path / "chain.pem")
    begun = time.monotonic()
    with pytest.raises(SigningError, match=r"no answer within 0\.5 seconds"):
        genlabel.sign(picture, label, signer)
    assert time.monotonic() - begun < 10


def test_another_key_than_the_certificates_is_named(program, tmp_path, picture, label):
    signer = genlabel.signer(program(), certificates=tmp_path / "chain.pem")
    (tmp_path / "program.key").write_bytes(key.pkcs8(key.new("es256")))
    with pytest.raises(SigningError, match="made by another key") as told:
        genlabel.sign(picture, label, signer)
    assert "certificate that belongs to the key" in told.value.remedy


@pytest.mark.parametrize(
    "answer", ["print('{')", "print('[]')", 'print(\'{"alg": 3, "sign_cert": "x"}\')', "pass"]
)
def test_a_program_that_does_not_know_its_chain_needs_one(program, answer):
    with pytest.raises((CredentialError, SigningError)) as told:
        genlabel.signer(program(answer))
    assert told.value.remedy


def test_arguments_of_a_program_are_not_shown(program, tmp_path):
    signer = genlabel.signer(program() + " --pin 1234", certificates=tmp_path / "chain.pem")
    assert "1234" not in f"{signer!r} {signer.current()!r}"
    assert "exec:python" in repr(signer)


def test_a_program_that_is_not_there_is_an_error(tmp_path, chain_for):
    chain = chain_for(key.new("es256").public_key())
    for given in (None, chain):
        with pytest.raises(ConfigurationError, match="no such program") as told:
            genlabel.signer("exec:no-such-signer --pin 1234", certificates=given)
        assert "1234" not in f"{told.value} {told.value.remedy}"
    with pytest.raises(ConfigurationError, match="no program"):
        genlabel.signer("exec:")
    with pytest.raises(ConfigurationError, match="No closing quotation"):
        genlabel.signer("exec:'signer")


def test_an_agent_that_the_program_leaves_behind_is_not_waited_for(program, tmp_path, good):
    """It holds the pipes open for longer than anybody would wait."""
    left = (
        "import subprocess\n"
        "left = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(25)'])\n"
    )
    text = SIGNER.replace("key = ser", left + "key = ser")
    begun = time.monotonic()
    good(genlabel.signer(program(text), certificates=tmp_path / "chain.pem"))
    assert time.monotonic() - begun < 20


def test_a_signature_in_der_or_raw_is_the_same_signature(tmp_path, chain_for):
    private = key.new("es384")
    chain = chain_for(private.public_key())
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec

    for answer in (
        lambda data: private.sign(data, ec.ECDSA(hashes.SHA384())),
        lambda data: key.sign(private, "es384", data),
    ):
        signer = genlabel.CallbackSigner.asking(answer, chain)
        made = signer.sign(b"claim")
        assert len(made) == 96
        assert key.verifies(private.public_key(), "es384", made, b"claim")
