"""Results as HTML for notebooks: a small table, every text escaped, nothing that asks a network."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from genlabel.model.escape import escape

MAX_ROWS = 300
"""Most rows of one table, those within it included."""
MAX_DEPTH = 6
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"})


def table(title: str, content: Mapping[str, object]) -> str:
    """`content`, in the shape of `to_dict`, as one ``<table>``; what is not set is left out."""
    rows: list[str] = []
    for count, (depth, name, text) in enumerate(_lines(content)):
        if count == MAX_ROWS:
            rows.append('<tr><th scope="row">…</th><td>to_dict() has it all</td></tr>')
            break
        indent = f' style="padding-left:{depth * 1.5 + 0.5}em;text-align:left"'
        cell = f'<td style="text-align:left">{_shown(text)}</td>'
        rows.append(f'<tr><th scope="row"{indent}>{_shown(name)}</th>{cell}</tr>')
    return f"<table><caption>{_shown(title)}</caption>{''.join(rows)}</table>"


def _lines(content: Mapping[str, object]) -> Iterator[tuple[int, str, str]]:
    """Depth, name and text of each line, in order; a stack and no recursion."""
    waiting: list[tuple[int, str, object]] = [(0, *pair) for pair in [*content.items()][::-1]]
    while waiting:
        depth, name, value = waiting.pop()
        if value is None or value in ("", [], {}):
            continue
        inner: list[tuple[str, object]] = []
        if isinstance(value, Mapping):
            inner = [(str(key), each) for key, each in value.items()]
            yield depth, name, "" if depth < MAX_DEPTH else "…"
        elif isinstance(value, list) and isinstance(value[0], Mapping):
            inner = [(str(number), each) for number, each in enumerate(value, 1)]
            yield depth, name, "" if depth < MAX_DEPTH else "…"
        elif isinstance(value, list):
            yield depth, name, ", ".join(map(_text, value[:MAX_ROWS]))
        else:
            yield depth, name, _text(value)
        if depth < MAX_DEPTH:
            waiting += [(depth + 1, *pair) for pair in reversed(inner)]


def _text(value: object) -> str:
    if isinstance(value, Mapping | list):
        return "…"
    return ("no", "yes")[value] if isinstance(value, bool) else str(value)


def _shown(text: str) -> str:
    return escape(text).translate(_ENTITIES)
