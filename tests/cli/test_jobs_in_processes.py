"""`--jobs` with so many files that processes are started: all is as with one job."""

import json
import pickle
import signal
from pathlib import Path

import pytest

import batches
from genlabel import testing
from genlabel.cli.signing import Asked, Signing
from genlabel.operations.sign_options import SealedBy, SignOptions
from genlabel.storage import process

TRUST = ("--trust", "keys/anchors.pem", "--no-config")
SIGN = ("--generated", "--using", "SDXL", "--format", "jsonl")


@pytest.fixture
def started(monkeypatch):
    """How many processes were started; they are at once."""
    return batches.counted(monkeypatch)


@pytest.fixture
def labelled(studio, genlabel):
    for number in range(8):
        Path(f"site/{number}.png").write_bytes(testing.picture("png", seed=number))
    assert genlabel("sign", "site", "-o", "out", *SIGN).status == 0
    Path("out/2.png").write_bytes(Path("out/2.png").read_bytes()[:200])
    return studio


@pytest.mark.parametrize("form", ["text", "json", "html"])
@pytest.mark.parametrize(
    "words",
    [
        ("verify", "out", *TRUST),
        ("strip-check", "out", "--against", "site", *TRUST),
        ("inspect", "out"),
        ("explain", "out", "--lang", "fr", *TRUST),
    ],
)
def test_processes_say_the_same_in_the_same_order(labelled, genlabel, started, words, form):
    one, two = (genlabel(*words, "--format", form, "--jobs", jobs) for jobs in ("1", "2"))
    assert started == [True, True]
    if form == "json":
        documents = [json.loads(each.out) for each in (one, two)]
        assert len(documents[0]["reports"]) == documents[0]["summary"]["files"] == 11
        for each in ("reports", "summary"):
            assert documents[0][each] == documents[1][each]
    elif form == "text":
        assert one == two
    assert (one.status, one.out.count("png")) == (two.status, two.out.count("png"))


@pytest.mark.parametrize("credential", ["files", "uri", "encrypted"])
def test_processes_sign_with_keys_that_they_open_themselves(
    studio, genlabel, started, monkeypatch, credential
):
    words = ["sign", "site", "-o", "two", *SIGN, "--jobs", "2"]
    for number in range(8):
        Path(f"site/{number}.png").write_bytes(testing.picture("png", seed=number))
    if credential == "uri":
        (key,) = Path("keys").glob("*.key")
        monkeypatch.chdir(studio)
        certificates = next(
            each for each in Path("keys").glob("*.pem") if "anchor" not in each.name
        )
        words += ["--signer", f"file:{key}", "--certificates", certificates, "--no-config"]
        words += ["--by", "Acme Studio"]
    if credential == "encrypted":
        monkeypatch.setenv("GENLABEL_PASSPHRASE", "sesame")
        testing.Authority.new("Acme Studio").write("locked", passphrase="sesame")
        words += ["--key", "locked/signing.key", "--certificates", "locked/signing.pem"]
    answer = genlabel(*map(str, words))
    assert answer.status == 0, answer.err
    assert started == [True, True]
    assert len(answer.out.splitlines()) == len(list(Path("two").iterdir())) == 11


def test_a_file_that_exists_already_and_one_that_is_none_are_errors_of_their_own(
    labelled, genlabel, started
):
    answer = genlabel("sign", "out", "-o", "again", *SIGN, "--jobs", "auto")
    told = [json.loads(line) for line in answer.out.splitlines()]
    assert answer.status == 2
    assert [each["error"] is not None for each in told].count(True) == 1
    assert len(told) == 11


def test_no_key_goes_to_another_process_and_a_passphrase_that_was_asked_for_stays(tmp_path):
    class Settings:
        """As far as it matters here."""

        def __init__(self, files, secret=None):
            self.files, self.secret = files, secret

        def signer(self, ask):
            from genlabel.credentials.signer import KeySigner

            ask = ask or (lambda: "sesame")
            return KeySigner.from_files(self.files.key, self.files.certificates, passphrase=ask)

        def nothing(self, **_):
            return None

        identity = trust = stamp = tsa = nothing

        def declarations(self, _):
            return None

        def ocsp(self):
            return False

        def sealing(self):
            return SealedBy.GENLABEL

    globals()["Settings"] = Settings
    Settings.__qualname__ = "Settings"
    house = testing.Authority.new("Acme Studio")
    plain = Signing.of(Settings(house.write(tmp_path)), SignOptions(), lambda: "sesame")
    packed = bytes(process.packed(plain))
    assert b"PRIVATE KEY" not in packed
    assert pickle.loads(packed).labeller.signer == plain.labeller.signer
    locked = house.write(tmp_path / "locked", passphrase="sesame")
    asked = Signing.of(Settings(locked), SignOptions(), lambda: "sesame")
    assert isinstance(asked.asked, Asked)
    with pytest.raises(pickle.PicklingError):
        process.packed(asked)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="POSIX signals")
def test_a_process_that_is_killed_while_it_signs_leaves_nothing_behind(
    studio, genlabel, started, monkeypatch, tmp_path
):
    """It is ended where the finished picture is about to get its name."""
    house = testing.Authority.new("Acme Studio").write(tmp_path / "house")
    for number in range(10):
        Path(f"site/{number}.png").write_bytes(testing.picture("png", seed=number))
    Path("out").mkdir()
    killed = Path("out/.killed").absolute()
    hook = tmp_path / "hook"
    hook.mkdir()
    (hook / "sitecustomize.py").write_text(
        "import os, signal, sys\n"
        f"mark = {str(killed)!r}\n"
        "replace = os.replace\n"
        "def killing(source, target, **more):\n"
        "    if str(target).endswith('5.png') and not os.path.exists(mark):\n"
        "        open(mark, 'w').close()\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
        "    return replace(source, target, **more)\n"
        "os.replace = killing\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(hook))
    words = ("--key", str(house.key), "--certificates", str(house.certificates), "--overwrite")
    answer = genlabel("sign", "site", "-o", "out", *SIGN, *words, "--jobs", "2")
    told = [json.loads(line) for line in answer.out.splitlines()]
    assert killed.exists()
    killed.unlink()
    assert answer.status == 2
    (error,) = [each["error"] for each in told if each["error"]]
    assert error["kind"] == "ChildProcessError"
    assert "SIGKILL" in error["message"]
    written = [path for path in Path("out").rglob("*") if path.is_file()]
    assert len(told) == 13
    assert {path.suffix for path in written} == {".png", ".jpg", ".webp"}
    assert len(written) == 12
