"""The list of codes at a page's end: what each means, and what it does not mean."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator

from genlabel.model.words.catalogue import Catalogue
from genlabel.model.words.codes import entry
from genlabel.rendering.html.article import Article

MAX_CODES = 200
"""Most codes that a page explains; there are some hundred that matter."""


def code_list(articles: Iterable[Article], words: Catalogue) -> str:
    """A section about the codes of these files' findings; nothing where there are none."""
    codes = sorted({code: None for each in articles for code in each.codes})[:MAX_CODES]
    return "".join(_section(codes, words)) if codes else ""


def _section(codes: Iterable[str], words: Catalogue) -> Iterator[str]:
    title = html.escape(words.say("page.codes"))
    yield f'<section aria-labelledby="codes"><h2 id="codes">{title}</h2><dl>\n'
    for code in codes:
        name = f"finding.{entry(code)}"
        said = " ".join(
            words.say(f"{name}.{kind}", code=code, where="…") for kind in ("lay", "not")
        )
        yield f'<dt id="code-{code}"><code translate="no">{code}</code></dt>'
        yield f"<dd>{html.escape(said)}</dd>\n"
    yield "</dl></section>\n"
