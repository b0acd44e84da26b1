"""Pipes, terminals and devices: read within bounds where they are named, never met in a walk."""

import json
import os
import pty
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import genlabel
from fieldbook import authority, edited, signer
from genlabel import testing
from genlabel.cli.main import status
from genlabel.storage import buffers, read_asset, streams

pytestmark = pytest.mark.skipif(os.name == "nt", reason="pipes with names are POSIX's")
SIGNED = genlabel.sign(testing.picture("png"), edited(), signer()).data


@pytest.fixture
def pipe(tmp_path):
    path = tmp_path / "pipe"
    os.mkfifo(path)
    return path


@pytest.fixture
def filled(pipe):
    """The pipe, into which somebody writes as soon as it is opened."""
    writer = threading.Thread(target=lambda: pipe.write_bytes(SIGNED), daemon=True)
    writer.start()
    yield pipe
    writer.join(10)


def _run(*words, **options):
    return subprocess.run(
        [sys.executable, "-m", "genlabel", *map(str, words)],
        capture_output=True,
        check=False,
        timeout=60,
        **options,
    )


def test_a_pipe_that_is_named_is_read_to_its_end(filled):
    assert genlabel.verify(filled).integrity == "intact"


def test_a_large_pipe_goes_to_the_disk(filled, monkeypatch):
    monkeypatch.setattr(buffers, "LARGE", 1)
    asset = read_asset(filled)
    assert buffers.is_mapped(asset.data)
    assert bytes(asset.data) == SIGNED


def test_of_a_pipe_no_more_is_read_than_was_allowed(filled, capsys):
    with pytest.raises(OSError, match="more than 99 bytes came through it"):
        read_asset(filled, most=99)


def test_the_command_has_an_option_for_that(tmp_path, capsys):
    done = _run("verify", "-", "--max-bytes", "99", input=SIGNED)
    assert done.returncode == 2
    assert b"more than 99 bytes came through it" in done.stdout


@pytest.mark.parametrize("somebody_writes", [True, False])
def test_a_pipe_without_end_is_given_up(pipe, monkeypatch, somebody_writes):
    monkeypatch.setattr(streams, "PATIENCE", 0.2)
    writer = os.open(pipe, os.O_RDWR) if somebody_writes else None
    with pytest.raises(TimeoutError, match=r"did not come to its end within 0\.2 s"):
        read_asset(pipe)
    if writer is not None:
        os.close(writer)


@pytest.mark.parametrize("words", [["verify"], ["inspect"], ["explain"], ["strip-check"]])
def test_a_substituted_process_is_a_picture_like_any_other(words, tmp_path):
    (tmp_path / "cat.png").write_bytes(SIGNED)
    command = f"exec {sys.executable} -m genlabel {words[0]} <(cat cat.png) --format json"
    done = subprocess.run(
        ["bash", "-c", command], cwd=tmp_path, capture_output=True, check=False, timeout=60
    )
    assert json.loads(done.stdout)["summary"]["unjudged"] == 0, done.stderr


def test_a_pipe_is_signed_into_a_file_and_has_no_place_itself(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    authority().write(tmp_path)
    keys = ("--key", "signing.key", "--certificates", "signing.pem", "--generated", "--by", "Acme")
    done = _run("sign", "/dev/stdin", "-o", "cat.png", *keys, input=testing.picture("png"))
    assert done.returncode == 0, done.stdout
    assert genlabel.verify("cat.png").integrity == "intact"
    done = _run("sign", "/dev/stdin", "--in-place", *keys, input=testing.picture("png"))
    assert done.returncode == 2
    assert b"is a pipe, which has no place" in done.stdout


def test_a_walk_opens_regular_files_alone_and_says_what_it_passed_over(tmp_path, capsys):
    (tmp_path / "cat.png").write_bytes(SIGNED)
    os.mkfifo(tmp_path / "pipe.png")
    with socket.socket(socket.AF_UNIX) as there:
        there.bind(str(tmp_path / "socket.png"))
        assert status(["inspect", str(tmp_path), "--format", "json"]) == 0
    shown = capsys.readouterr()
    assert json.loads(shown.out)["summary"]["files"] == 1
    assert "2 special files passed over" in shown.err


def test_a_file_that_becomes_a_pipe_while_a_tree_is_walked_holds_nobody_up(tmp_path, monkeypatch):
    from genlabel import storage

    (tmp_path / "a.png").write_bytes(SIGNED)
    (tmp_path / "b.png").write_bytes(SIGNED)

    def known(head: bytes) -> bool:
        (tmp_path / "b.png").unlink(missing_ok=True)
        os.mkfifo(tmp_path / "b.png")
        return True

    expansion = storage.expand([tmp_path], known=known)
    assert [found.path.name for found in expansion.files] == ["a.png"]
    assert [(path.name, error.strerror) for path, error in expansion.unreadable] == [
        ("b.png", "has become a pipe meanwhile")
    ]


@pytest.mark.parametrize("name", ["/dev/zero", "/dev/null", "/dev/tty"])
def test_a_device_is_not_opened(name, capsys):
    if not Path(name).exists():
        pytest.skip(f"{name} is not here")
    assert status(["verify", name]) == 2
    assert "is a terminal or another device, and no picture's file" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["-", "/dev/stdin"])
def test_nobody_types_a_picture(name):
    ours, theirs = pty.openpty()
    try:
        done = _run("verify", name, stdin=theirs)
    finally:
        os.close(ours)
        os.close(theirs)
    assert done.returncode == 2
    assert b"is a terminal or another device" in done.stdout
