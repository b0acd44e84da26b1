"""What every test may ask for: the oracles, a throw-away chain, and a home that is nobody's.

Fixtures of tools end the test when the tool is missing: a skip at home, a failure under CI, so
that a green run cannot hide an oracle that was never asked.
"""

from __future__ import annotations

import importlib.util
import os
import signal
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import ModuleType

import hypothesis
import pytest

import loopback
from genlabel import testing
from genlabel.credentials.signer import KeySigner
from genlabel.credentials.trust import Trust, published, update
from genlabel.operations.signing import judge
from genlabel.storage import beside
from genlabel.testing import Authority, TimeAuthority
from oracles import faketime
from oracles.absence import absent
from oracles.c2pats import C2paTs
from oracles.c2paweb import C2paWeb
from oracles.chain import Chain
from oracles.exiftool import Exiftool
from oracles.rubric import Rubrics

# What is compared as text has no colours, wherever the tests run.
for variable in ("FORCE_COLOR", "CLICOLOR_FORCE", "NO_COLOR", "CLICOLOR"):
    os.environ.pop(variable, None)

# Timing says more about the machine than about the code; under CI the same examples every time.
hypothesis.settings.register_profile("home", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "home")
TIMES = int(os.environ.get("HYPOTHESIS_TIMES", "1"))
"""How many times as many examples each property is tried with, e.g. 10 for a long night."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--record-formats`` is here and not in `docs/`, since options are read before folders."""
    parser.addoption(
        "--record-formats",
        action="store_true",
        help="write docs/formats.json from what other programs confirm in this run",
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what `families.toml` names ``slow`` or ``large``: by test, by file or by folder."""
    here = Path(__file__).parent
    families = tomllib.loads((here / "families.toml").read_text("utf-8"))
    for item in items:
        parts = item.nodeid.partition("[")[0].partition("::")
        names = {parts[0], "".join(parts), *map(str, Path(parts[0]).parents)}
        for family, members in families.items():
            if not names.isdisjoint(members):
                item.add_marker(family)
        if TIMES > 1:
            _try_more(item)


def _try_more(item: pytest.Item) -> None:
    """Whatever number of examples a property asks for, it is tried with `TIMES` as many."""
    test = getattr(item, "obj", None)
    asked = getattr(test, "_hypothesis_internal_use_settings", None)
    if asked is None:
        return
    function = getattr(test, "__func__", test)
    if not getattr(function, "tries_more", False):  # one function for all parameters
        more = hypothesis.settings(asked, max_examples=TIMES * asked.max_examples)
        function._hypothesis_internal_use_settings = more
        function.tries_more = True


_FROZEN = pytest.StashKey[dict[str, tuple[str, str]]]()


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """A test marked ``frozen`` is what it is in a process with a frozen clock."""
    if pyfuncitem.get_closest_marker("frozen") is None or faketime.is_frozen():
        return None
    stash = pyfuncitem.session.stash
    if _FROZEN not in stash:
        stash[_FROZEN] = faketime.run(pyfuncitem.session.items)
    outcome, why = stash[_FROZEN][pyfuncitem.nodeid]
    if outcome == "skipped":
        pytest.skip(why)
    if outcome != "passed":
        pytest.fail(f"at the frozen time:\n{why}", pytrace=False)
    return True


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Tells the parent process of a frozen run."""
    faketime.note(report)


# A shell ignores these for what it starts in the background, and nohup; tests send them.
signal.signal(signal.SIGINT, signal.default_int_handler)
if hasattr(signal, "SIGHUP"):
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


@pytest.fixture(scope="session", autouse=True)
def _nobody_else_at_work() -> Iterator[None]:
    """What else the machine does decides nothing here: what may have a thread has one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(beside, "_at_work", lambda: 1)
        yield


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
        for name in judge.TRIALS:  # as after a first run: the judge has tests of its own
            judge._keep(judge._kept(name))
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
def c2paweb() -> Iterator[C2paWeb]:
    """A running c2pa-web: ``c2paweb.validate(data, mime)``."""
    validator = C2paWeb()
    yield validator
    validator.close()


@pytest.fixture(scope="session")
def rubric() -> Iterator[Rubrics]:
    """The official rubrics: ``rubric.judge(crjson)`` gives each check's verdict."""
    evaluator = Rubrics()
    yield evaluator
    evaluator.close()


@pytest.fixture(scope="session")
def authority() -> Authority:
    """Root, intermediate and leaf of Acme Studio; certificates can be renewed."""
    return Authority.new("Acme Studio", keep_authority=True)


@pytest.fixture(scope="session")
def authority_with() -> Callable[[str], Authority]:
    """``authority_with("ps256")``: Acme Studio with a key for that algorithm, made once; RSA keys
    take up to a second each.
    """
    return cache(lambda algorithm: Authority.new("Acme Studio", algorithm=algorithm))


@pytest.fixture(scope="session")
def signer(authority: Authority) -> KeySigner:
    """The signer with the authority's leaf."""
    return authority.signer()


@pytest.fixture(scope="session")
def trust(authority: Authority) -> Trust:
    """The authority's root, as a known signer."""
    return testing.trust(authority)


@pytest.fixture(scope="session")
def clock() -> TimeAuthority:
    """An honest time-stamping authority."""
    return TimeAuthority.new()


@pytest.fixture(scope="session")
def tsa(clock: TimeAuthority) -> Iterator[str]:
    """Its address."""
    with testing.time_server(clock) as url:
        yield url


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """No pause between rounds."""
    monkeypatch.setattr("genlabel.credentials.timestamps.authorities.PAUSE", 0.0)


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's data directory, empty."""
    folder = tmp_path / "data"
    monkeypatch.setenv("GENLABEL_DATA_DIR", str(folder))
    return folder


@pytest.fixture(scope="session")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the publisher's web server shows."""
    return loopback.certificate(tmp_path_factory.mktemp("tls") / "server.pem")


@pytest.fixture
def publisher(tls: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[loopback.Server]:
    """A web server to which the addresses of all published lists lead."""
    with loopback.serving(tls=tls) as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(tls))
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        here = tuple(
            replace(each, address=f"{server.address}/{each.name}.pem")
            for each in published.PUBLISHED
        )
        monkeypatch.setattr(published, "PUBLISHED", here)
        monkeypatch.setattr(update, "PUBLISHED", here)
        yield server
