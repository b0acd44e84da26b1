"""The page in Chromium: it can be read at every width, in every light, and asks nobody."""

import subprocess
import sys
from dataclasses import replace
from itertools import pairwise

import pytest

import genlabel
import reports
from genlabel import Generator, Label, Producer, testing
from genlabel.model.report import Finding, Severity
from genlabel.rendering import html
from genlabel.rendering.json import VERIFY, Frame, summary
from oracles.browser import Browser


@pytest.fixture(scope="module")
def browser():
    opened = Browser()
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Pictures that are labelled, and what a site made of them."""
    home = tmp_path_factory.mktemp("pages")
    authority = testing.Authority.new("Acme Studio")
    label = Label.generated(producer=Producer("Acme Studio"), generator=Generator("ModelX"))
    for name in ("labelled", "site"):
        (home / name).mkdir()
    for number in range(3):
        picture = testing.picture("jpeg", seed=number)
        signed = genlabel.sign(picture, label, authority.signer()).data
        (home / f"labelled/{number}.jpg").write_bytes(signed)
        (home / f"site/{number}.jpg").write_bytes(picture if number else signed)
    (home / "labelled/empty.png").touch()
    return home


@pytest.fixture(scope="module", params=["verify", "strip-check", "explain", "inspect"])
def page(request, folder):
    """A page of each kind, in French where sentences are many."""
    words = {
        "verify": ["verify", str(folder)],
        "strip-check": ["strip-check", str(folder / "site"), "--against", str(folder / "labelled")],
        "explain": ["explain", "--lang", "fr", str(folder / "labelled/0.jpg")],
        "inspect": ["inspect", str(folder / "site/0.jpg"), str(folder / "site/1.jpg")],
    }[request.param]
    command = [sys.executable, "-m", "genlabel", *words, "--no-config", "--format", "html"]
    path = folder / f"{request.param}.html"
    path.write_bytes(subprocess.run(command, check=False, capture_output=True).stdout)
    return path


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_can_be_read(browser, page, width, scheme):
    seen = browser.measure(page, width=width, scheme=scheme)
    assert seen.overflow == 0
    assert seen.contrast["ratio"] >= 4.5, seen.contrast
    assert [each for each in seen.violations if each["impact"] in ("serious", "critical")] == []
    assert seen.violations == ()
    assert seen.requests == (page.as_uri(),)
    assert seen.complaints == ()
    assert seen.background == ("rgb(255, 255, 255)" if scheme == "light" else "rgb(21, 23, 26)")
    assert seen.lang == ("fr" if page.stem == "explain" else "en")


def test_a_page_is_read_out_in_order(browser, page):
    seen = browser.measure(page)
    assert seen.headings[0] == "H1"
    assert seen.headings.count("H1") == 1
    steps = [int(each[1]) for each in seen.headings]
    assert all(after - before <= 1 for before, after in pairwise(steps))
    roles = [each["role"] for each in seen.tree]
    assert roles.count("main") == 1
    tables = [each["name"] for each in seen.tree if each["role"] == "table"]
    assert tables
    assert "" not in tables
    assert "" not in [each["name"] for each in seen.tree if each["role"] in ("image", "heading")]


def test_on_paper_all_is_opened_and_black_on_white(browser, page):
    seen = browser.measure(page, width=794, scheme="dark", media="print")
    assert seen.opened == seen.folded
    assert seen.background == "rgb(255, 255, 255)"
    assert seen.contrast["ratio"] >= 7
    assert seen.overflow == 0


def test_filters_work_without_a_script(browser, folder):
    several = [reports.full() for _ in range(5)]
    error = Finding("genlabel.label.absent", severity=Severity.ERROR, explanation="none")
    several = [replace(each, path=f"{n}.png", findings=()) for n, each in enumerate(several)]
    several[0] = replace(several[0], findings=(error,))
    several[1] = replace(several[1], marks={})
    frame = Frame(schema=VERIFY, started=reports.MOMENT, engine={})
    articles = [html.article(each, lambda path: None) for each in several]
    path = folder / "filters.html"
    path.write_text(html.page(frame, articles, summary(several)))
    everything = browser.measure(path)
    assert (everything.shown, everything.listed) == (5, 5)
    bad = browser.measure(path, click=["#verdict-error"])
    assert (bad.shown, bad.listed) == (1, 1)
    bare = browser.measure(path, click=["#lacking-iptc"])
    assert (bare.shown, bare.listed) == (1, 1)
    none = browser.measure(path, click=["#verdict-error", "#lacking-iptc"])
    assert none.shown == 0


def test_two_thousand_files_are_shown_soon(browser, folder):
    several = [replace(reports.full(), path=f"{n:04}.png") for n in range(2000)]
    frame = Frame(schema=VERIFY, started=reports.MOMENT, engine={})
    small = "data:image/gif;base64,R0lGODlhAQABAAAAACw=" + "A" * 4000
    articles = [html.article(each, lambda path: small) for each in several]
    path = folder / "many.html"
    path.write_text(html.page(frame, articles, summary(several)))
    seen = browser.measure(path, width=360, audit=False)
    assert seen.listed == 2000
    assert seen.overflow == 0
    assert seen.milliseconds < 10_000
