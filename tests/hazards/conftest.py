"""A labeller, a picture, and what happens to it at a bad moment."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import genlabel
from genlabel import Labeller, storage, testing
from genlabel.credentials.signer import Signer
from genlabel.operations.signing import sign as signing
from written import EDITED, PLACES


@pytest.fixture
def labeller(signer: Signer, trust: genlabel.Trust) -> Labeller:
    return Labeller(signer=signer, trust=trust)


@pytest.fixture
def cat(tmp_path: Path) -> Path:
    path = tmp_path / "cat.png"
    path.write_bytes(testing.picture("png"))
    return path


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], None]:
    """Something happens once, between a picture's reading and its result's writing."""

    def happens(change: Callable[[], object]) -> None:
        sign = signing.sign

        def slow(*words: object, **more: object) -> object:
            signed = sign(*words, **more)
            monkeypatch.setattr(signing, "sign", sign)
            change()
            return signed

        monkeypatch.setattr(signing, "sign", slow)

    return happens


@pytest.fixture
def ended(labeller: Labeller, cat: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Ends a run on a pair in the middle: behind that many of its three renames and links."""

    def end(behind: int) -> None:
        done: list[object] = []
        place = storage.atomic.Writing.place

        def counted(writing: storage.atomic.Writing) -> None:
            if len(done) == behind:
                raise SystemExit
            place(writing)
            done.append(writing)

        with monkeypatch.context() as patch:
            patch.setattr(storage.atomic.Writing, "place", counted)
            patch.setattr(storage.together, "_is_undone", lambda *_, **__: False)
            with pytest.raises(SystemExit):
                labeller.sign_file(cat, EDITED, **PLACES["marks"])

    return end
