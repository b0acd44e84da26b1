"""Fonts: the one that is shipped, those of the system by name, and what each can write."""

from __future__ import annotations

import os
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from genlabel.model.dataclass import dataclass
from genlabel.model.errors import ConfigurationError
from genlabel.pixels.visible.cmap import MAX_FONT, Has, NoFont, characters

if TYPE_CHECKING:
    from PIL import ImageFont

SHIPPED = Path(__file__).with_name("fonts") / "DejaVuSansCondensed-Bold.ttf"
"""Latin only; its licence lies beside it."""
_KNOWN = (
    *("NotoSansCJK-Bold", "NotoSansCJK-Regular", "NotoSansCJKsc-Bold", "NotoSansSC-Bold"),
    *("NotoSansJP-Bold", "NotoSansKR-Bold", "SourceHanSans-Bold", "SourceHanSansSC-Bold"),
    *("msyhbd", "msyh", "simhei", "PingFang", "Hiragino Sans GB", "STHeiti Medium"),
    *("YuGothB", "meiryob", "meiryo", "msgothic", "malgunbd", "malgun", "AppleSDGothicNeo"),
    *("NanumGothicBold", "NanumGothic", "wqy-zenhei", "wqy-microhei"),
    *("DejaVuSans-Bold", "DejaVuSans", "arialbd", "Arial Bold", "Arial", "arial", "tahomabd"),
    *("NotoSansArabic-Bold", "NotoNaskhArabic-Bold", "NotoSansHebrew-Bold", "SFArabic"),
    *("GeezaPro", "ArialHB", "DroidSansFallbackFull", "DroidSansFallback", "unifont"),
)
"""Fonts of systems, in the order in which they are asked."""
_SUFFIXES = (".ttf", ".otf", ".ttc", ".otc")
_MAX_FILES = 20_000
_JOINED = ((0x0600, 0x08FF), (0x0900, 0x109F), (0x1780, 0x18AF), (0xFB50, 0xFEFF))
"""Scripts whose letters take their forms from their neighbours: Arabic and Syriac, the Indic ones
up to Myanmar, Khmer and Mongolian."""


@dataclass(frozen=True, slots=True)
class Font:
    """A font that has every character of some words."""

    path: Path
    name: str
    """Family and style, as it calls itself."""
    shaped: bool
    """Is its text laid out by raqm?"""

    def sized(self, size: int) -> ImageFont.FreeTypeFont:
        """It in `size` pixels an em."""
        from PIL import ImageFont

        layout = ImageFont.Layout.RAQM if self.shaped else ImageFont.Layout.BASIC
        return ImageFont.truetype(str(self.path), size, layout_engine=layout)


def fonts_for(
    lines: Sequence[str], asked: str | os.PathLike[str] | None = None
) -> tuple[Font, ...]:
    """The font of each line: the one that `asked` names, else the first known one that has all
    characters; one for all lines where there is such a one.

    Raises `ConfigurationError` for a font that cannot be read or lacks characters, and where a
    script needs shaping and Pillow has no raqm.
    """
    if _needs_shaping("".join(lines)) and not _has_raqm():
        raise ConfigurationError(
            "words: their script is joined or runs from right to left, and this Pillow has no raqm "
            "to shape it",
            remedy="install a wheel of Pillow's, which has it, or use another language",
        )
    if asked is not None:
        path = _asked(asked)
        if missing := _missing(path, "".join(lines)):
            raise ConfigurationError(
                f"words: {path.name} does not have the characters {_shown(missing)}",
                remedy="name a font that has them with --font FILE",
            )
        return tuple(_font(path, line) for line in lines)
    one = _having("".join(lines))
    found = [one if isinstance(one, Path) else _having(line) for line in lines]
    missing = "".join(each for each in found if isinstance(each, str))
    if missing:
        raise ConfigurationError(
            f"words: no font that was found has the characters {_shown(missing)}",
            remedy="name a font that has them with --font FILE",
        )
    return tuple(_font(Path(path), line) for path, line in zip(found, lines, strict=True))


def _font(path: Path, line: str) -> Font:
    return Font(path, _name(path), _needs_shaping(line))


def _having(text: str) -> Path | str:
    """The first known font that has all characters, else those that the best one lacks."""
    best = _missing(SHIPPED, text)
    if not best:
        return SHIPPED
    for path in _system():
        lacking = _missing_or_none(path, text)
        if lacking == "":
            return path
        if lacking is not None and len(lacking) < len(best):
            best = lacking
    return best


def _shown(missing: str) -> str:
    """At most 12 characters, each with its code point."""
    return ", ".join(f"{each} (U+{ord(each):04X})" for each in dict.fromkeys(missing[:12]))


def _missing(path: Path, text: str) -> str:
    """The characters of `text` that the font lacks. Raises `ConfigurationError`."""
    try:
        has = _characters(path)
    except (OSError, NoFont) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise ConfigurationError(f"{path}: is no font that can be used ({reason})") from error
    return "".join(dict.fromkeys(each for each in text if not has(ord(each)) and each != "\n"))


def _missing_or_none(path: Path, text: str) -> str | None:
    try:
        return _missing(path, text)
    except ConfigurationError:
        return None


@cache
def _characters(path: Path) -> Has:
    if path.stat().st_size > MAX_FONT:
        raise NoFont("it is too large")
    return characters(path.read_bytes())


def _asked(asked: str | os.PathLike[str]) -> Path:
    path = Path(asked)
    if path.is_file():
        return path
    name = path.name.lower()
    for file in _installed():
        if name in (file.name.lower(), file.stem.lower()):
            return file
    raise ConfigurationError(
        f"{asked}: no such font file, and the system has none of that name",
        remedy="name a .ttf, .otf or .ttc file",
    )


def _system() -> Iterator[Path]:
    """The known fonts that are installed, best first."""
    files = {file.stem.lower(): file for file in reversed(_installed())}
    yield from (files[name.lower()] for name in _KNOWN if name.lower() in files)


def _folders() -> Iterator[Path]:
    home = Path.home()
    if sys.platform == "win32":
        yield Path(os.environ.get("WINDIR", r"C:\Windows")) / "Fonts"
        yield home / "AppData/Local/Microsoft/Windows/Fonts"
    elif sys.platform == "darwin":
        yield from (home / "Library/Fonts", Path("/Library/Fonts"), Path("/System/Library/Fonts"))
    else:
        yield from (home / ".local/share/fonts", home / ".fonts")
        yield from (Path("/usr/local/share/fonts"), Path("/usr/share/fonts"))


@cache
def _installed() -> tuple[Path, ...]:
    """The font files of the system, in a fixed order."""
    files: list[Path] = []
    for folder in _folders():
        for top, folders, names in os.walk(folder):
            folders.sort()
            chosen = (name for name in sorted(names) if name.lower().endswith(_SUFFIXES))
            files += (Path(top, name) for name in chosen)
            if len(files) > _MAX_FILES:
                return tuple(files)
    return tuple(files)


def _needs_shaping(text: str) -> bool:
    return any(
        unicodedata.bidirectional(each) in ("R", "AL", "AN")
        or any(first <= ord(each) <= last for first, last in _JOINED)
        for each in text
    )


def _has_raqm() -> bool:
    from PIL import features

    return bool(features.check("raqm"))


@cache
def _name(path: Path) -> str:
    from PIL import ImageFont

    try:
        family, style = ImageFont.truetype(str(path), 16).getname()
    except OSError as error:
        raise ConfigurationError(f"{path}: is no font that can be used ({error})") from error
    return " ".join(each for each in (family, style) if each) or path.stem
