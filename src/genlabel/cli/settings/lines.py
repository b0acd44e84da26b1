"""What is wrong inside of a value of a settings file, with where that is."""

from __future__ import annotations

from genlabel.model.errors import ConfigurationError
from genlabel.storage.toml_lines import Place as Place, line as line


class Misplaced(ConfigurationError):
    """Something that is wrong inside of a value of a file: `place` says where in it."""

    def __init__(self, message: str, *, place: Place, remedy: str | None = None) -> None:
        super().__init__(message, remedy=remedy)
        self.place = place
