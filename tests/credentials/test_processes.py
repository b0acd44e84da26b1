"""Processes that begin after a signer was used sign with it: forked, from a server, and afresh."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import forkserver

import pytest

import genlabel
from genlabel import Label, Producer, testing
from genlabel.credentials.x509 import key
from genlabel.model.errors import GenlabelError, UnsupportedFormat
from genlabel.testing import Authority

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here"),
    pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning"),
]
LABEL = Label.generated(producer=Producer("Acme Studio"))
PICTURE = testing.picture("png", size=(16, 16))
PROGRAM = """#!{python}
import sys
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
key = serialization.load_pem_private_key(open({key!r}, "rb").read(), None)
sys.stdout.buffer.write(key.sign(sys.stdin.buffer.read(), ec.ECDSA(hashes.SHA256())))
"""


def _file(tmp_path, request):
    written = Authority.new("Acme Studio").write(tmp_path)
    return genlabel.signer(f"file:{written.key}", certificates=written.certificates)


def _program(tmp_path, request):
    written = Authority.new("Acme Studio").write(tmp_path)
    program = tmp_path / "signer"
    program.write_text(PROGRAM.format(python=sys.executable, key=str(written.key)))
    program.chmod(0o700)
    return genlabel.signer(f"exec:{program}", certificates=written.certificates)


def _token(tmp_path, request):
    import soft_token

    token = request.getfixturevalue("token")
    written = Authority.new("Acme Studio").write(tmp_path)
    label = f"processes-{tmp_path.name}"[-32:]
    token.put(key.pkcs8(key.load(written.key.read_bytes())), label, os.urandom(4))
    (tmp_path / "pin").write_text(soft_token.PIN)
    uri = f"{token.uri(label)}&pin-source=file:{tmp_path / 'pin'}"
    return genlabel.signer(uri, certificates=written.certificates)


@pytest.mark.parametrize("method", ["fork", "forkserver", "spawn"])
@pytest.mark.parametrize("make", [_token, _file, _program])
def test_a_signer_that_was_used_before_signs_in_every_kind_of_child(
    tmp_path, request, make, method
):
    signer = make(tmp_path, request)
    sign = partial(genlabel.sign, PICTURE, LABEL, signer)
    assert sign().outcome == "signed"
    assert sign(sidecar=True).outcome == "signed"
    # the server that forks may be older than the token, which is found by a variable
    forkserver._forkserver._stop()
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context(method)) as pool:
        several = [pool.submit(sign, sidecar=number % 2 == 0) for number in range(4)]
        signed = [each.result(120) for each in several]
    assert [each.outcome for each in signed] == ["signed"] * 4
    assert sign().outcome == "signed"  # and so does the parent, still
    embedded = [each.data for each in signed if each.sidecar is None]
    assert all(genlabel.verify(each).integrity == "intact" for each in embedded)


@pytest.mark.parametrize("method", ["fork", "forkserver", "spawn"])
def test_one_picture_that_cannot_be_read_does_not_break_a_pool(method):
    pictures = [PICTURE, b"no picture", PICTURE[:60], PICTURE]
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context(method)) as pool:
        several = [pool.submit(genlabel.verify, each) for each in pictures]
        errors = [each.exception(120) for each in several]
    assert errors[0] is None
    assert errors[3] is None
    assert isinstance(errors[1], UnsupportedFormat)
    assert isinstance(errors[2], GenlabelError)
    assert errors[1].remedy


def test_a_program_is_named_by_its_path_and_not_looked_for(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    mark = tmp_path / "mark"
    (tmp_path / "signer").write_text(f"#!/bin/sh\n{shutil.which('touch')} {mark}\n")
    (tmp_path / "signer").chmod(0o700)
    for words in ("exec:signer", "exec:./signer", "exec:signer --pin 1234"):
        with pytest.raises(genlabel.ConfigurationError, match="named by its path"):
            genlabel.signer(words)
    assert not mark.exists()


@pytest.mark.parametrize(
    "uri",
    [
        "pkcs11:token=t;object=o?pin-value=sesame",
        "pkcs11:token=t;object=o?PIN-VALUE=sesame",
        "pkcs11:token=t;object=o?pin%2Dvalue=sesame",
        "pkcs11:token=t;object=o?pin%252Dvalue=sesame",
        "pkcs11:token=t;object=o? pin-value =sesame",
        "pkcs11:token=t;object=o;pin=sesame",
        "file:key.p12?passphrase=sesame",
        "file:key.p12?password=sesame",
        "file:key.p12;pass=sesame",
        "file://me:sesame@host/key.p12",
        "env:KEY?passphrase=sesame",
        "awskms:alias/x?password=sesame",
    ],
)
def test_a_passphrase_in_a_uri_is_refused_and_never_repeated(uri):
    with pytest.raises(genlabel.ConfigurationError, match="seen by everybody") as refused:
        genlabel.signer(uri)
    assert "sesame" not in f"{refused.value} {refused.value.remedy}"
