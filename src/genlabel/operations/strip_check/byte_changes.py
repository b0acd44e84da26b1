"""Changes that the bytes of both files tell by themselves: appended, cut short, other line ends."""

from __future__ import annotations

from genlabel.operations.strip_check.tool_traces import Cause
from genlabel.operations.verify import Examination

_AS_THEY_ARE = ("publish the bytes as they were signed: the hash holds for all of them",)
_NO_TEXT = ("git: *.svg -text in .gitattributes",)


def told(before: Examination, now: Examination) -> Cause | None:
    """What was done to the original's bytes; None where they do not tell."""
    original, published = before.asset.data, now.asset.data
    if before.container.name == now.container.name == "svg":
        lines = _lines(bytes(original), bytes(published))
        if lines is not None:
            return Cause((lines,), _NO_TEXT)
    more = len(published) - len(original)
    if more > 0 and published[: len(original)] == original:
        text = f"{more:,} bytes were appended behind the end of the file"
        return Cause((text,), _AS_THEY_ARE)
    if more < 0 and original[: len(published)] == published:
        text = f"the file was cut short: its last {-more:,} bytes are gone"
        return Cause((text,), _AS_THEY_ARE)
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
