"""What the pages show is what happens: every command, every line of Python, every link."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import generate
import pytest

import desk
import pages
from genlabel import testing
from genlabel.testing import TimeAuthority, time_server
from pages import HOME

PAGES = {page.relative_to(HOME).as_posix(): page for page in pages.every_page()}
LANGUAGES = frozenset({"console", "python", "text", "toml", "yaml", "json", "csv"})


def _with(language: str) -> list[str]:
    return [
        name
        for name, page in PAGES.items()
        if any(block.language == language for block in pages.blocks(page))
        and not name.startswith(("docs/decisions/", "CONTRIBUTING"))
    ]


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """An empty desk: a page makes everything that it uses."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def _clock(monkeypatch) -> Iterator[None]:
    """Every address on the web is the authority that the page made with `keys new --tsa`."""

    def answer(query: bytes) -> bytes:
        names = ("tsa.key", "tsa.pem", "tsa-anchors.pem")
        return TimeAuthority.from_files(*(Path("keys", name) for name in names)).answer(query)

    with time_server(answer) as url:
        monkeypatch.setenv("http_proxy", url)
        monkeypatch.delenv("no_proxy", raising=False)
        yield


@pytest.mark.usefixtures("_clock")
@pytest.mark.parametrize("name", _with("console"))
def test_every_command_prints_what_the_page_shows(name, folder):
    console = desk.Console(folder, swiftly=name != "README.md")
    for block in pages.blocks(PAGES[name]):
        if block.file:
            (console.folder / block.file).write_text(block.text, "utf-8")
        if block.language != "console":
            continue
        for step in pages.steps(block):
            printed = console.run(step.command)
            if printed is None:
                continue
            assert pages.matches(step.shown, printed), (
                f"{block}: $ {step.command}\n--- shown\n{step.shown}--- printed\n{printed}"
            )


@pytest.mark.parametrize("name", _with("python"))
def test_every_block_of_python_runs_and_prints_what_the_page_shows(name, folder, capsys):
    testing.samples(folder)
    desk.credential(folder)
    names: dict[str, object] = {"__name__": "page"}
    found = pages.blocks(PAGES[name])
    for block, following in zip(found, [*found[1:], None], strict=True):
        if block.language != "python" or block.file:
            continue
        code = ast.parse(block.text, str(block))
        ast.increment_lineno(code, block.line)
        exec(compile(code, str(PAGES[name]), "exec"), names)
        printed = capsys.readouterr().out
        shown = following.text if following and following.language == "text" else ""
        assert pages.matches(shown, printed), f"{block}\n--- shown\n{shown}--- printed\n{printed}"


@pytest.mark.parametrize("name", PAGES)
def test_every_link_to_this_repository_leads_somewhere(name):
    for target, anchor in pages.links(PAGES[name]):
        assert target.exists(), f"{name}: {target}"
        if anchor and target.suffix == ".md":
            assert anchor in pages.anchors(target), f"{name}: {target}#{anchor}"


def test_the_readme_has_no_relative_link_since_package_indexes_show_it():
    text = pages.FENCE.sub("", PAGES["README.md"].read_text("utf-8"))
    targets = [found[1] for found in pages.LINK.finditer(text)]
    assert [each for each in targets if not each.startswith(("https://", "#"))] == []


@pytest.mark.parametrize("name", PAGES)
def test_every_block_says_its_language(name):
    for block in pages.blocks(PAGES[name]):
        assert block.language in LANGUAGES, str(block)


def test_the_generated_pages_say_what_the_code_says():
    assert generate.stale(generate.pages()) == [], "run `make docs`"


def test_every_page_of_docs_can_be_reached_from_the_readme():
    seen: set[Path] = set()
    to_do = [HOME / "README.md"]
    while to_do:
        page = to_do.pop()
        if page in seen:
            continue
        seen.add(page)
        for target, _ in pages.links(page):
            if target.suffix == ".md" and target.exists():
                to_do.append(target)
    decisions = HOME / "docs" / "decisions"
    missing = [
        page for page in PAGES.values() if page not in seen and decisions not in page.parents
    ]
    assert missing == []


def test_a_shown_answer_matches_only_what_fits():
    assert pages.matches("a … c\n", "a b b c\n")
    assert pages.matches("one\n…\nfour\n", "one\ntwo\nthree\nfour\n")
    assert pages.matches("until 2027-01-01T00:00:00Z\n", "until 2031-12-31T01:02:03Z\n")
    assert pages.matches("xmp, 12 bytes\n", "xmp, 1,442 bytes\n")
    assert not pages.matches("integrity intact\n", "integrity broken\n")
    assert not pages.matches("one\n", "one\ntwo\n")
    assert not pages.matches("", "something\n")
