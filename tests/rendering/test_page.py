"""The page of a run: what stands first, what has room, and what leads where."""

import re
from dataclasses import replace

import pytest

import reports
from genlabel.model.report import Finding, Integrity, Mark, Severity, Survival
from genlabel.model.results import StripReport
from genlabel.rendering import html
from genlabel.rendering.html.page import MOST
from genlabel.rendering.json import STRIP, VERIFY, Frame, summary

FRAME = Frame(schema=VERIFY, started=reports.MOMENT, engine={})
ERROR = Finding("genlabel.label.absent", severity=Severity.ERROR, explanation="no producer")
WARNING = Finding("genlabel.signer.expiring", severity=Severity.WARNING, explanation="ends soon")


def verified(path="a.png", *findings):
    return replace(
        reports.full(), path=path, findings=findings, integrity=Integrity.INTACT, reason=None
    )


def page(several, frame=FRAME, *, picture=lambda path: None, language="en"):
    articles = [html.article(each, picture, language=language) for each in several]
    return html.page(frame, articles, summary(several), language=language)


def rows(text, caption):
    """The cells of a table's body, without markup."""
    table = re.search(rf"<caption>{caption}</caption>.*?</table>", text, re.DOTALL)[0]
    lines = re.findall(r"<tr.*?</tr>", table.partition("<tbody>")[2], re.DOTALL)
    strip = re.compile(r"<[^>]*>")
    return [
        [strip.sub("", cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row)] for row in lines
    ]


def test_the_gravest_files_stand_first_and_are_counted_by_verdict_and_mark():
    several = [
        verified("fine.png"),
        verified("warned.png", WARNING),
        verified("bad.png", WARNING, ERROR),
        replace(reports.unjudged(), path="unread.png"),
    ]
    text = page(several)
    assert re.findall(r"<h3 id=[^>]*>([^<]*)", text) == [
        "unread.png", "bad.png", "warned.png", "fine.png",
    ]  # fmt: skip
    counts = rows(text, "How many files.*?")
    assert [row[:2] for row in counts] == [
        ["not judged", "1"], ["with errors", "1"], ["with warnings", "1"],
        ["nothing to object to", "1"],
    ]  # fmt: skip
    listed = rows(text, "Every file.*?")
    assert listed[1][0] == "bad.png"
    assert listed[1][3] == "genlabel.label.absent"


def test_what_publication_did_is_counted_by_mark_and_shown_beside_the_original():
    fates = {Mark.MANIFEST: Survival.LOST, Mark.IPTC: Survival.KEPT}
    lost = StripReport(path="site/a.png", against="labelled/a.png", marks=fates)
    kept = replace(lost, path="site/b.png", marks=dict.fromkeys(fates, Survival.KEPT))
    frame = replace(FRAME, schema=STRIP)
    text = page([lost, kept], frame, picture=lambda path: f"data:{path}")
    assert 'href="#mark-iptc"' in text
    assert rows(text, "What became.*?") == [["manifest", "1", "1"], ["iptc", "0", "2"]]
    assert 'alt="The published picture site/a.png, small"' in text
    assert 'alt="The original labelled/a.png, small"' in text
    assert text.index("data:site/a.png") < text.index("data:labelled/a.png")


def test_a_code_leads_to_what_it_means():
    text = page([verified("a.png", ERROR)])
    assert '<a href="#code-genlabel.label.absent">' in text
    assert '<dt id="code-genlabel.label.absent">' in text


@pytest.mark.parametrize("language", ["en", "fr", "de"])
def test_a_page_says_which_language_it_speaks(language):
    text = page([verified("a.png", ERROR), verified("b.png")], language=language)
    assert f'<html lang="{language}">' in text
    # what this language lacks is English, and says so
    assert ('<span lang="en">Overview</span>' in text) is (language == "de")


def test_a_page_about_thousands_stays_small_and_says_what_it_leaves_out():
    several = [verified(f"folder/picture-{n:04}.png", ERROR, WARNING) for n in range(100)]
    several += [verified(f"folder/fine-{n:04}.png") for n in range(1900)]
    text = page(several, picture=lambda path: "data:image/jpeg;base64," + "A" * 8000)
    assert len(text.encode()) < MOST < 3_000_000
    assert len(rows(text, "Every file.*?")) == 2000
    whole = text.count("<img ")
    assert 100 < whole < 2000  # the gravest have their pictures
    assert text.index("picture-0099.png</h3>") < text.index("fine-0000.png</h3>")
    assert "because the page has no more room for them: " in text


def test_a_page_about_as_many_as_you_like_stays_small():
    several = [verified(f"{n:06}" + "x" * 150, ERROR) for n in range(8_000)]
    text = page(several)
    assert len(text.encode()) < MOST
    assert "Not in this page" in text
    assert "8,000" in text  # and they are counted all the same


def test_a_page_that_has_room_leaves_nothing_out():
    several = [verified(f"{n}.png", ERROR) for n in range(100)]
    text = page(several, picture=lambda path: "data:image/jpeg;base64," + "A" * 8000)
    assert text.count("<img ") == text.count("<details>") == 100
    assert "no more room" not in text


def test_of_one_file_nothing_is_counted_and_what_marks_are_is_said():
    text = page([verified("a.png")])
    assert "<caption>" not in text
    assert text.index("<article") < text.index('<dt id="mark-manifest"')
    assert "The signed C2PA manifest" in text


def test_of_no_file_it_is_said():
    text = page([])
    assert "There was no file to look at." in text
    assert "<h2" not in text


def test_a_page_with_a_manifest_says_what_its_words_do_not_mean():
    text = page([verified()])
    assert "<h1>Labels examined</h1>" in text
    assert "does not mean that what it declares is true" in text
    assert "A label that is missing proves nothing" in text
