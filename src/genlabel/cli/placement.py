"""Where results go: the options of the commands that write pictures."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from genlabel import storage
from genlabel.cli.options import collected, option
from genlabel.cli.sections import files
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import ConfigurationError
from genlabel.storage import Found, Target, links


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacementOptions:
    """Where results go."""

    out: str | None = option(
        "-o",
        "--out",
        metavar="FILE|DIR",
        shell_complete=files,
        help="Where results go; a tree is mirrored.",
    )
    in_place: bool = option("--in-place", is_flag=True, help="Replace each file, all or nothing.")
    overwrite: bool = option(
        "--overwrite", is_flag=True, help="Results may replace files that are there."
    )
    force: bool = option("--force", is_flag=True, help="Replace write-protected files, too.")
    preserve_times: bool = option(
        "--preserve-times", is_flag=True, help="Results keep the time of the file they come from."
    )
    fsync: bool = option(
        "--no-fsync", is_flag=True, flag_value=False, default=True,
        help="Let the system choose when to write to disk: faster.",
    )  # fmt: skip

    @property
    def kept(self) -> Mapping[str, Any]:
        """What is asked of results that are written, by the names of `SignOptions`."""
        names = ("overwrite", "force", "preserve_times", "fsync")
        return {name: getattr(self, name) for name in names}

    def spared(self, files: Sequence[Found]) -> tuple[Found, ...]:
        """Those that were found where results go: an earlier run of this command has made them."""
        out = Path(self.out).absolute() if self.out is not None else None
        return tuple(
            each
            for each in files
            if out is not None
            and not each.named
            and Path(each.argument).absolute() in out.parents
            and out in each.path.absolute().parents
        )

    def plan(
        self,
        files: Sequence[Found],
        *,
        in_place: bool | None = None,
        with_sidecars: bool = False,
        resumed: Callable[[Target], Target] = lambda target: target,
    ) -> tuple[Target, ...]:
        """The target of each file. Raises `ConfigurationError`, as `storage.plan` does."""
        from genlabel.operations.beside import RECOGNITION

        return storage.plan(
            files,
            out=self.out,
            in_place=self.in_place if in_place is None else in_place,
            overwrite=self.overwrite,
            beside=RECOGNITION if with_sidecars else None,
            resumed=resumed,
        )


def sweep(targets: Sequence[Target]) -> None:
    """Remove what killed runs have left in the folders of `targets`."""
    for folder in sorted({os.path.dirname(target.output) for target in targets}):  # noqa: PTH120
        storage.sweep(folder or ".")


placement_options = collected("placement", PlacementOptions)


def check_spared(planned: Iterable[Target], own: Iterable[tuple[str, Path | None]]) -> None:
    """Raise `ConfigurationError` where a result would replace a file that the command itself
    reads or keeps; `own` has them by option or setting."""
    kept = {os.path.realpath(path): name for name, path in own if path is not None}
    folders: dict[str, str] = {}
    for target in planned if kept else ():
        name = kept.get(links.real(target.output, folders))
        if name is not None and str(target.output) != storage.STDIN:
            raise ConfigurationError(
                f"{target.output}: is the file of {name}, and no place for a picture",
                remedy="name another output",
            )
