"""Animations: the label on every frame, one of them in memory at a time, as far as encoders let."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from genlabel.pixels.decode import frames, opened
from genlabel.pixels.visible import measure
from genlabel.pixels.visible.coding import Coding
from genlabel.pixels.visible.indexed import indexed
from genlabel.pixels.visible.laid import Laid
from genlabel.pixels.visible.measure import Measured

if TYPE_CHECKING:
    from PIL import Image

_Made = Callable[["Image.Image"], "Image.Image"]
_SAMPLES = 12
"""Frames that are looked at again after encoding, besides the last."""


def encoded(image: Image.Image, laid: Laid, coding: Coding, most: int) -> tuple[bytes, Measured]:
    """The file of an animation with the label on each frame, and the least that was measured.

    Durations and loop are kept; every frame is drawn as it is shown, so that nothing depends on how
    the frame before it was disposed of. Raises `UnsupportedFormat`, as `measure.encoded` does.
    """
    with _palettes_kept():
        durations = _durations(image)
        for quality in coding.qualities or (None,):
            data = _saved(image, laid, coding, durations, quality)
            measured = _measured(data, image, laid, coding, most)
            if measured.changed <= measure.LITTLE:
                break
    measure.require_legible(measured, coding)
    return data, measured


def _durations(image: Image.Image) -> list[float]:
    durations = []
    for index in range(frames(image)):
        image.seek(index)
        image.load()
        durations.append(float(image.info.get("duration", 0)))
    return durations


def _saved(
    image: Image.Image, laid: Laid, coding: Coding, durations: list[float], quality: int | None
) -> bytes:
    made = indexed if coding.format == "GIF" else _as_it_is
    first = _frame(image, laid, 0, made)
    rest: Any = _Rest(image, laid, made)
    exact = coding.format == "PNG"  # which has fractions of a millisecond
    options: dict[str, Any] = {
        **coding.options,
        "save_all": True,
        "append_images": [rest],
        "duration": [each if exact else round(each) for each in durations],
    }
    if "loop" in image.info:
        options["loop"] = image.info["loop"]
    if coding.format == "PNG":
        apart = bool(_default_image(image))  # a picture that is no frame, and is shown for no time
        options |= {"disposal": 0, "blend": 0, "default_image": apart}
        options["duration"] = options["duration"][apart:]
    if coding.format == "GIF":
        options["disposal"] = 2 if "transparency" in first.info else 1
    if quality is not None:
        options["quality"] = quality
    output = io.BytesIO()
    first.save(output, coding.format, **options)
    return output.getvalue()


def _default_image(image: Any) -> object:
    return image.info.get("default_image")


def _as_it_is(frame: Image.Image) -> Image.Image:
    return frame


def _frame(image: Image.Image, laid: Laid, index: int, made: _Made = _as_it_is) -> Image.Image:
    """A frame with the label, apart from the file; `made` what its encoder wants before that."""
    image.seek(index)
    image.load()
    frame = image.copy()
    frame.info = {
        name: value
        for name, value in image.info.items()
        if name in ("transparency", "background", "duration")
    }
    return laid.on(made(frame))


class _Rest:
    """The frames behind the first, as encoders ask for them one by one."""

    def __init__(self, image: Image.Image, laid: Laid, made: _Made) -> None:
        self._image, self._laid, self._made = image, laid, made
        self.n_frames = frames(image) - 1
        self._at = 0
        self._frame: Image.Image | None = None

    def seek(self, index: int) -> None:
        """Choose one. Raises `EOFError` behind the last."""
        if index >= self.n_frames:
            raise EOFError
        if self._frame is None or index != self._at:
            self._at, self._frame = index, _frame(self._image, self._laid, index + 1, self._made)

    def tell(self) -> int:
        """Which one is chosen."""
        return self._at

    def __getattr__(self, name: str) -> Any:
        if self._frame is None:
            self.seek(0)
        return getattr(self._frame, name)


def _measured(data: bytes, image: Image.Image, laid: Laid, coding: Coding, most: int) -> Measured:
    """The worst of some frames; of all of them where there are few.

    Encoders join frames that are alike, so that frames are compared by number only where there are
    as many as before.
    """
    with opened(data, most=2 * most) as there:
        count = frames(there)
        step = max(1, count // _SAMPLES)
        same = count == frames(image)
        found = []
        for index in sorted({*range(0, count, step), count - 1}):
            there.seek(index)
            there.load()
            drawn = _frame(image, laid, index) if same else there
            found.append(measure.measured_in(there, drawn, laid, lossy=True))
    changed = sum(each.changed for each in found) / len(found)
    return Measured(
        contrast=min(each.contrast for each in found),
        edge_contrast=min(each.edge_contrast for each in found),
        changed=round(changed, 3),
    )


_strategy = threading.Lock()


@contextmanager
def _palettes_kept() -> Iterator[None]:
    """Frames of GIF keep their palettes where they have one and the same: else each would be made
    RGB, and get a palette of its own again."""
    from PIL import GifImagePlugin

    with _strategy:
        before = GifImagePlugin.LOADING_STRATEGY
        GifImagePlugin.LOADING_STRATEGY = (
            GifImagePlugin.LoadingStrategy.RGB_AFTER_DIFFERENT_PALETTE_ONLY
        )
        try:
            yield
        finally:
            GifImagePlugin.LOADING_STRATEGY = before
