"""Changes that the bytes of both files tell by themselves: appended, cut short, other line ends."""

from __future__ import annotations

from genlabel.operations.verify import Examination


def told(before: Examination, now: Examination) -> str | None:
    """What was done to the original's bytes; None where they do not tell."""
    original, published = before.asset.data, now.asset.data
    if before.container.name == now.container.name == "svg":
        lines = _lines(bytes(original), bytes(published))
        if lines is not None:
            return lines
    more = len(published) - len(original)
    if more > 0 and published[: len(original)] == original:
        return f"{more:,} bytes were appended behind the end of the file"
    if more < 0 and original[: len(published)] == published:
        return f"the file was cut short: its last {-more:,} bytes are gone"
    return None


def _lines(original: bytes, published: bytes) -> str | None:
    """Of a drawing, which is text: what a version control system or a hook did to its lines."""
    unix, dos = (text.replace(b"\r\n", b"\n") for text in (original, published))
    if unix == dos:
        return "the ends of lines were changed (git's autocrlf, or an editor)"
    if unix.rstrip() == dos.rstrip():
        return "the end of the last line was changed (an editor, or a hook for whitespace)"
    if [each.rstrip() for each in unix.split(b"\n")] == [
        each.rstrip() for each in dos.split(b"\n")
    ]:
        return "blanks at the ends of lines were removed (an editor, or a hook for whitespace)"
    return None
