"""Our logger: `logging` is loaded for the first line, which nobody misses."""

from __future__ import annotations

import logging
import subprocess
import sys

import pytest

from genlabel.model import logger


class Kept(logging.Handler):
    def __init__(self):
        super().__init__()
        self.lines = []

    def emit(self, record):
        self.lines.append((record.levelname, record.getMessage(), record.funcName))


@pytest.mark.parametrize("loaded", [True, False], ids=["loaded", "not loaded yet"])
def test_a_line_is_heard_while_somebody_listens_and_only_then(loaded, monkeypatch):
    kept = Kept()
    if not loaded:
        monkeypatch.setattr(logger, "sys", type("Sys", (), {"modules": {}}))
    with logger.heard_by(lambda: kept):
        logger.log.warning("one %s", "line")
    logger.log.warning("another")
    where = "test_a_line_is_heard_while_somebody_listens_and_only_then"
    assert kept.lines == [("WARNING", "one line", where)]
    assert kept not in logging.getLogger("genlabel").handlers


def test_it_is_pythons_own(caplog):
    with caplog.at_level(logging.INFO, "genlabel"):
        assert logger.is_on("INFO")
        logger.log.info("known")
    assert not logger.is_on("DEBUG")
    assert caplog.messages == ["known"]
    assert logger.logger() is logging.getLogger("genlabel")


def test_a_run_that_logs_nothing_loads_nothing_and_hears_the_first_line():
    script = (
        "import sys\n"
        "from genlabel.cli.stderr import shown_log\n"
        "from genlabel.model import logger\n"
        "with logger.heard_by(shown_log):\n"
        "    assert not logger.is_on('WARNING') and 'logging' not in sys.modules\n"
        "    logger.log.info('left out')\n"
        "    logger.log.warning('told')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stderr == "genlabel: told\n"
