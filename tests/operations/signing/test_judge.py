"""Our own sealing is judged before it is used, once, and the engine's way is one switch away."""

from __future__ import annotations

import logging
import os
from functools import partial
from pathlib import Path

import pytest
from PIL import Image

import genlabel
from genlabel.credentials.signers.callback import CallbackSigner
from genlabel.formats import CONTAINERS, identify
from genlabel.manifests.engine import iso_hash, load, placeholder, signing
from genlabel.model.label import Label
from genlabel.model.report import Integrity
from genlabel.operations.doctor import State
from genlabel.operations.signing import judge
from genlabel.pixels.smallest import FAMILIES, smallest
from genlabel.testing import Authority, picture
from histories import ACME, FLUX

LABEL = Label.generated(producer=ACME, generator=FLUX)
SIGNER = Authority.new("Acme Studio").signer()


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    """A cache of its own, in a process that has judged nothing yet."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for each in (judge._doubt, judge.untested):
        each.cache_clear()
    yield tmp_path / "cache"
    for each in (judge._doubt, judge.untested):
        each.cache_clear()


def _noted(taken, way, call, *arguments, **more):
    taken.append(way)
    return call(*arguments, **more)


@pytest.fixture
def ways(monkeypatch):
    """Which way files were sealed, in order."""
    taken = list[str]()
    for name, way in (("sign", "engine"), ("sign_into", "genlabel")):
        monkeypatch.setattr(signing, name, partial(_noted, taken, way, getattr(signing, name)))
    return taken


def signed(**options):
    result = genlabel.sign(picture("png"), LABEL, SIGNER, **options)
    assert genlabel.verify(result.data).integrity is Integrity.INTACT
    return result


def told(caplog):
    return [each.getMessage() for each in caplog.records if each.name == "genlabel"]


def test_every_family_has_a_smallest_file():
    assert {each.name for each in CONTAINERS if not each.iso_media} < set(FAMILIES)
    for name in FAMILIES:
        assert identify(smallest(name)).name == name
    assert smallest("docx") is None


@pytest.mark.parametrize("name", ["jpeg", "png", "gif", "webp", "tiff"])
def test_smallest_pictures_are_pictures(name, tmp_path):
    path = tmp_path / name
    path.write_bytes(smallest(name))
    with Image.open(path) as opened:
        opened.load()
        assert opened.size == (1, 1)


@pytest.mark.parametrize("name", judge.TRIALS)
def test_every_family_reads_equal_sealed_both_ways(name):
    assert judge.doubt(name) is None


@pytest.mark.parametrize("name", judge.TRIALS)
def test_a_wrong_hash_is_noticed_in_every_family(name, monkeypatch):
    monkeypatch.setattr(placeholder, "_digest", lambda data, spans: bytes(32))
    monkeypatch.setattr(iso_hash, "digest_of", lambda data, boxes: bytes(32))
    assert "broken" in judge.doubt(name)


def test_a_family_is_judged_once_and_the_next_process_finds_it(cache, ways):
    signed()
    assert ways == ["engine", "genlabel", "genlabel"]
    (kept,) = (each for each in cache.rglob("*") if each.is_file())
    assert kept.name == "png"
    assert kept.read_bytes() == b""
    assert {"0.38.1", "0.91.3"} <= set(kept.parent.name.split("+"))
    signed()
    judge._doubt.cache_clear()
    signed()
    assert ways[3:] == ["genlabel", "genlabel"]


def test_nobodys_own_key_is_used_for_it():
    asked = list[bytes]()

    def sign(data: bytes) -> bytes:
        asked.append(data)
        return SIGNER.sign(data)

    signer = CallbackSigner.asking(sign, SIGNER.chain_pem)
    genlabel.sign(picture("png"), LABEL, signer)
    assert len(asked) == 1


def test_what_is_not_equal_is_left_to_the_engine_and_told_once(cache, ways, monkeypatch, caplog):
    monkeypatch.setattr(judge, "doubt", lambda format: "it reads otherwise")
    with caplog.at_level(logging.WARNING, "genlabel"):
        signed()
        signed()
    assert ways == ["engine", "engine"]
    assert told(caplog) == ["png: the C2PA engine seals such files itself: it reads otherwise"]
    assert not cache.exists()


def test_an_engine_that_was_not_tested_seals_itself(ways, monkeypatch, caplog):
    monkeypatch.setattr(load, "SEALED", frozenset({("0.38.0", "0.91.3")}))
    with caplog.at_level(logging.WARNING, "genlabel"):
        signed()
        genlabel.sign(picture("gif"), LABEL, SIGNER)
    assert ways == ["engine", "engine"]
    (line,) = told(caplog)
    assert "c2pa-python 0.38.1, c2pa-rs 0.91.3: not tested" in line
    (row,) = (each for each in genlabel.doctor().checks if each.name == "sealing")
    assert row.state is State.DOUBTFUL
    assert "the engine seals all files itself" in row.says


def test_the_doctor_judges_every_family(monkeypatch):
    (row,) = (each for each in genlabel.doctor().checks if each.name == "sealing")
    assert row.state is State.GOOD
    assert all(name in row.says for name in FAMILIES)
    monkeypatch.setattr(placeholder, "_digest", lambda data, spans: bytes(32))
    (row,) = (each for each in genlabel.doctor().checks if each.name == "sealing")
    assert row.state is State.DOUBTFUL
    assert "gif: " in row.says


@pytest.mark.parametrize("way", ["genlabel", "engine"])
def test_the_switch_is_an_option(way, ways):
    signed(sealing=way)
    assert ways[-1] == way


def test_another_word_for_it_is_refused():
    with pytest.raises(genlabel.ConfigurationError, match="sealing: 'openssl'"):
        signed(sealing="openssl")


def _a_file(cache: Path) -> None:
    cache.write_bytes(b"no folder")


def _a_folder_in_its_place(cache: Path) -> None:
    judge._kept("png").mkdir(parents=True)


def _a_pipe_in_its_place(cache: Path) -> None:
    judge._kept("png").parent.mkdir(parents=True)
    os.mkfifo(judge._kept("png"))


def _a_loop(cache: Path) -> None:
    cache.symlink_to(cache)


def _a_link_that_leads_nowhere(cache: Path) -> None:
    judge._kept("png").parent.mkdir(parents=True)
    judge._kept("png").symlink_to(cache / "elsewhere")


def _too_long(cache: Path) -> None:
    os.environ["XDG_CACHE_HOME"] = str(cache / ("long" * 99))


@pytest.mark.skipif(os.name != "posix", reason="pipes and links are POSIX's")
@pytest.mark.parametrize(
    "hostile",
    [
        *(_a_file, _a_folder_in_its_place, _a_pipe_in_its_place, _a_loop),
        *(_a_link_that_leads_nowhere, _too_long),
    ],
)
def test_a_cache_that_is_none_does_no_harm(hostile, cache, ways, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    hostile(cache)
    before = {each for each in tmp_path.rglob("*") if not each.is_dir()}
    signed()
    judge._doubt.cache_clear()
    signed()
    assert ways == ["engine", "genlabel", "genlabel"] * 2
    assert {each for each in tmp_path.rglob("*") if not each.is_dir()} == before


def test_a_relative_cache_is_not_looked_for_where_one_stands(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", "cache")
    signed()
    assert not list(tmp_path.iterdir())


def test_whoever_has_no_home_is_judged_for_each_time(ways, monkeypatch):
    def nobodys(*_: object, **__: object) -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr("genlabel.storage.user_folders.folder", nobodys)
    signed()
    assert ways == ["engine", "genlabel", "genlabel"]
