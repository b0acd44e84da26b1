"""What every test may ask for: the oracles, a throw-away chain, and a home that is nobody's.

Fixtures of tools end the test when the tool is missing: a skip at home, a failure under CI, so
that a green run cannot hide an oracle that was never asked.
"""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterator
from types import ModuleType

import hypothesis
import pytest

from oracles.absence import absent
from oracles.c2pats import C2paTs
from oracles.chain import Chain
from oracles.exiftool import Exiftool
from oracles.rubric import Rubrics

# Timing says more about the machine than about the code; under CI the same examples every time.
hypothesis.settings.register_profile("home", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "home")


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--record-formats`` is here and not in `docs/`, since options are read before folders."""
    parser.addoption(
        "--record-formats",
        action="store_true",
        help="write docs/formats.json from what other programs confirm in this run",
    )


@pytest.fixture(scope="session", autouse=True)
def _home_of_nobody(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No configuration of the person who runs the tests colours them, and none is written."""
    home = str(tmp_path_factory.mktemp("home"))
    with pytest.MonkeyPatch.context() as patch:
        for name in (
            "HOME", "USERPROFILE", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME",
            "APPDATA", "LOCALAPPDATA",
        ):  # fmt: skip
            patch.setenv(name, home)
        for name in os.environ.keys() - {"GENLABEL_CORPUS"}:
            if name.startswith("GENLABEL_"):
                patch.delenv(name)
        patch.delenv("SOURCE_DATE_EPOCH", raising=False)
        patch.setenv("LC_ALL", "C.UTF-8")  # whoever runs the tests reads English here
        yield


@pytest.fixture(scope="session")
def chain() -> Chain:
    """A throw-away signing credential made without genlabel."""
    return Chain.new()


@pytest.fixture(scope="session")
def exiftool() -> Iterator[Exiftool]:
    """A running current ExifTool: ``exiftool.read(data or path)``, ``exiftool.run(*words)``."""
    tool = Exiftool()
    yield tool
    tool.close()


@pytest.fixture(scope="session")
def encypher() -> ModuleType:
    """The module `oracles.encypher`: ``encypher.verify(data, mime, anchors_pem, at=None)``."""
    if importlib.util.find_spec("encypher_c2pa") is None:
        absent("encypher-c2pa", remedy="pip install 'genlabel[test]'")
    from oracles import encypher as module

    return module


@pytest.fixture(scope="session")
def c2pats() -> Iterator[C2paTs]:
    """A running c2pa-ts: ``c2pats.validate(data)``, JPEG and PNG only."""
    validator = C2paTs()
    yield validator
    validator.close()


@pytest.fixture(scope="session")
def rubric() -> Iterator[Rubrics]:
    """The official rubrics: ``rubric.judge(crjson)`` gives each check's verdict."""
    evaluator = Rubrics()
    yield evaluator
    evaluator.close()
