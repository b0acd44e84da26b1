"""Changes that the bytes of both files tell by themselves: appended, cut short, other line ends."""

from __future__ import annotations

from codecs import BOM_UTF8

from genlabel.formats.pdf import revisions
from genlabel.formats.pdf.pdf import PDF
from genlabel.operations.strip_check.tool_traces import LABEL_LAST, Cause
from genlabel.operations.verify import Examination
from genlabel.storage.buffers import Buffer

_AS_THEY_ARE = ("publish the bytes as they were signed: the hash holds for all of them",)
_NO_TEXT = ("git: *.svg -text in .gitattributes",)


def told(before: Examination, now: Examination) -> Cause | None:
    """What was done to the original's bytes; None where they do not tell."""
    original, published = before.asset.data, now.asset.data
    if before.container.name == now.container.name == "svg":
        lines = _lines(bytes(original), bytes(published))
        if lines is not None:
            return Cause((lines,), _NO_TEXT)
    if before.container is now.container is PDF and is_longer(original, published):
        updates = revisions.appended(original, published)
        if updates is not None:
            return Cause(("; and ".join((_updates(updates), *updates.changes)),), (LABEL_LAST,))
    text = at_the_end(original, published)
    return Cause((text,), _AS_THEY_ARE) if text is not None else None


def at_the_end(original: Buffer, published: Buffer) -> str | None:
    """What became of the end of a file that is otherwise the original."""
    more = len(published) - len(original)
    if is_longer(original, published):
        return f"{more:,} bytes were appended behind the end of the file"
    if more < 0 and original[: len(published)] == published:
        return f"the file was cut short: its last {-more:,} bytes are gone"
    return None


def is_longer(original: Buffer, published: Buffer) -> bool:
    """Does more stand behind the original, which is there as it was?"""
    return len(published) > len(original) and published[: len(original)] == original


def _updates(appended: revisions.Appended) -> str:
    size = f"{appended.size:,}"
    if appended.updates == 1:
        return f"an incremental update of the document was appended after signing: {size} bytes"
    return (
        f"{appended.updates:,} incremental updates of the document were appended after signing: "
        f"{size} bytes"
    )


def same_lines(original: Buffer, published: Buffer) -> bool:
    """Are both drawings the same to who reads XML, which knows one end of a line (XML 1.0 §2.11)
    and nothing behind the last element but blanks?"""
    one, other = (_unix(bytes(each)).rstrip() for each in (original, published))
    return one == other


def _unix(text: bytes) -> bytes:
    return text.removeprefix(BOM_UTF8).replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def _lines(original: bytes, published: bytes) -> str | None:
    """Of a drawing, which is text: what a version control system or a hook did to its lines."""
    ours, theirs = _unix(original), _unix(published)
    if ours == theirs and original.startswith(BOM_UTF8) != published.startswith(BOM_UTF8):
        return "a byte order mark was put in front, or taken away (an editor)"
    if original.rstrip() == published.rstrip():
        return "the end of the last line was changed (an editor, or a hook for whitespace)"
    if ours.rstrip() == theirs.rstrip():
        return "the ends of lines were changed (git's autocrlf, or an editor)"
    if [each.rstrip() for each in ours.split(b"\n")] == [
        each.rstrip() for each in theirs.split(b"\n")
    ]:
        return "blanks at the ends of lines were removed (an editor, or a hook for whitespace)"
    return None
