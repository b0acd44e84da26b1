"""`genlabel keys new --renew`: the follower of the configured credential, and what names it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from genlabel.cli.settings import Rank
from genlabel.cli.speech import echo
from genlabel.cli.stderr import message
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import ConfigurationError

if TYPE_CHECKING:
    from genlabel.cli.settings import Settings
    from genlabel.credentials.x509.files import WrittenKeys


@dataclass(frozen=True, slots=True, kw_only=True)
class Present:
    """The credential that is configured."""

    table: str
    """``signer`` or ``identity``."""
    certificates: Path
    config: Path | None
    """The file that names it; None where an option or a variable does."""

    @classmethod
    def of(cls, settings: Settings, table: str) -> Present:
        """The one of `table`. Raises `ConfigurationError` where no certificates are set."""
        setting = settings.values.get(f"{table}.certificates")
        if setting is None or not isinstance(setting.value, Path):
            raise ConfigurationError(
                f"{table}: no certificates are configured that could be renewed",
                remedy="make the first credential with `genlabel keys new --organisation NAME "
                "--write-config`",
            )
        is_file = setting.rank in (Rank.USER, Rank.PROJECT)
        config = Path(setting.origin) if is_file else None
        return cls(table=table, certificates=setting.value, config=config)

    @property
    def anchors_of(self) -> str:
        """The list of ``[trust]`` on which its anchors stand."""
        return "identity" if self.table == "identity" else "signers"

    def renewed(
        self, *, passphrase: str | bytes | None, ask: Callable[[], str | bytes], **options: Any
    ) -> WrittenKeys:
        """The files of its follower, which the settings name from now on; old anchors stay."""
        from genlabel.cli.settings import write
        from genlabel.operations.keys import renew_keys

        written = renew_keys(
            self.certificates, passphrase=passphrase, authority_passphrase=ask, **options
        )
        if self.config is not None:
            folder = self.config.absolute().parent
            values = {
                "key": _relative(written.key, folder),
                "certificates": _relative(written.certificates, folder),
            }
            trust = (self.anchors_of, _relative(written.anchors, folder))
            write.renew(self.config, self.table, values, trust)
        return written

    def tell(self, written: WrittenKeys) -> None:
        """What was made, and what is to be done with it."""
        anchors = _shown(written.anchors)
        echo(f"key           {_shown(written.key)} (keep it to yourself)")
        echo(f"certificates  {_shown(written.certificates)}")
        echo(f"anchors       {anchors} (for those who verify, beside the old ones)")
        if written.authority_key is not None:
            echo(f"authority     {_shown(written.authority_key)} (keep it offline)")
        if self.config is not None:
            echo(f"settings      {_shown(self.config)}")
        else:
            message(
                f"name the new files where the old ones are named, and add {anchors} to "
                f"[trust] {self.anchors_of}; keep the old anchors there"
            )
        same = written.authority_key is not None and (
            written.authority_key.parent != written.key.parent
        )
        message(
            "issued under the same root: whoever knows it needs nothing new"
            if same
            else f"a new root: give {anchors} to those who verify; they keep the old "
            "anchors, by which older labels stay known"
        )


def _shown(path: Path) -> str:
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def _relative(path: Path, folder: Path) -> str:
    same_drive = path.absolute().drive == folder.drive
    return Path(os.path.relpath(path, folder)).as_posix() if same_drive else str(path.absolute())
