"""Forgeries of the hard binding: what is shown is not what was signed (C2PA 2.4 §15.12)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from drawn_kinds import kinds
from forgeries.case import Case, Made
from forgeries.forge import Binding, embedded, forger, generated
from genlabel import formats
from genlabel.model.errors import MalformedAsset
from genlabel.testing import picture

FAMILY = "binding"
BROKEN = {"integrity": "broken", "state": "invalid", "attested": False}


def pictures() -> dict[str, bytes]:
    """One small file of every container that a manifest is embedded in."""
    drawn = kinds()
    return {
        **{kind: picture(kind) for kind in ("jpeg", "png", "webp")},
        **{
            kind: drawn[kind]
            for kind in ("gif", "tiff", "dng", "avif", "heic", "svg", "jxl", "wav", "avi", "mp3")
        },
        **{kind: drawn[kind] for kind in ("flac", "mp4", "mov", "m4a") if kind in drawn},
    }


def signed(data: bytes, binding: Binding | None = None) -> bytes:
    return embedded(data, generated(forger()), binding=binding)


def a_shown_byte(data: bytes) -> int:
    """Where a byte of a coded picture lies, the last one of its file."""
    container = formats.identify(data)
    before = [bytes(each) for each in container.essence(container.survey(data))]
    for at in range(len(data) - 1, 0, -1):
        changed = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        try:
            after = [bytes(each) for each in container.essence(container.survey(changed))]
        except MalformedAsset:
            continue
        if [*map(len, after)] == [*map(len, before)] and after != before:
            return at
    raise AssertionError("nothing is shown")


def honest(kind: str) -> Case:
    return Case(
        family=FAMILY,
        name=f"{kind}, honest",
        make=lambda: Made(data=signed(pictures()[kind])),
        differs={},
    )


def exchanged(kind: str) -> Case:
    """A byte of the coded picture is another one."""

    def make() -> Made:
        data = signed(pictures()[kind])
        at = a_shown_byte(data)
        return Made(data=data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])

    code = "assertion.bmffHash.mismatch" if kind in _ISO else "assertion.dataHash.mismatch"
    return Case(
        family=FAMILY,
        name=f"{kind}, a coded byte is changed",
        make=make,
        differs={**BROKEN, "errors": (code,)},
        control=f"{kind}, honest",
    )


_ISO = ("avif", "heic", "mp4", "mov", "m4a")


def _each(*makers: Callable[[str], Case]) -> Iterator[Case]:
    for kind in pictures():
        for maker in makers:
            yield maker(kind)


CASES: tuple[Case, ...] = tuple(_each(honest, exchanged))
