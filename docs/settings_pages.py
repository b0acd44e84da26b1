"""The pages of settings and of label files, from the table of the configuration's keys."""
# ruff: noqa: E501  the prose of the pages, as it stands in them

from __future__ import annotations

from collections.abc import Iterator

from command_pages import every_command
from markdown import MADE, table

from genlabel.cli.options import SettingOption
from genlabel.cli.settings import KEYS
from genlabel.cli.settings.folders_own import ASKING
from genlabel.cli.settings.keys import Key
from genlabel.model.label import History
from genlabel.model.plus import DataMining, MinorModelAge, ModelRelease, PropertyRelease
from genlabel.model.steps import Oversight
from genlabel.model.vocabulary import DigitalSourceType, Role

_NAMED_ONLY = (*ASKING, "time.logins", "trust.producers")
"""What a file that was only found may not say."""

SETTINGS = """# Settings

What may be set once instead of typed each time. The strongest comes first:

1. an option (`--by "Acme Studio"`);
2. a label file (`--label FILE`), for what a label says: [label-files.md](label-files.md);
3. a variable: `GENLABEL_` and the name in capitals, with `_` for each dot (`GENLABEL_PRODUCER_NAME`);
4. one file: the one that `--config FILE` or `GENLABEL_CONFIG` names, else the nearest `genlabel.toml`, or `[tool.genlabel]` of the nearest
   `pyproject.toml`, from the current directory up to the root of its repository (outside of a repository: in the current directory only);
5. your own file, for everything that you do on this machine.

`genlabel config` shows each value and whence it came; with `-v` also what is not set, and where your own file is. `--no-config` reads no
file. A run that has found one says so on stderr. A name that there is not is exit status 2, with the nearest that there is.

## Your own file

| system | place |
|---|---|
| Linux | `~/.config/genlabel/genlabel.toml` (or below `$XDG_CONFIG_HOME`) |
| macOS | `~/Library/Application Support/genlabel/genlabel.toml` |
| Windows | `%APPDATA%\\genlabel\\genlabel.toml` |

It may say everything. The nearest file of a folder may be a stranger's, so it may not: whom it trusts is "known by this folder", not by you;
what asks the network is not heard from it; a signer that runs a program or calls a service, logins, and the names that an organisation may use
are refused in it. These are marked below. A file that `--config` names speaks for you.

```toml
# genlabel.toml
[producer]
name = "Acme Studio"
url = "https://acme.example"

[generator]
name = "FLUX.1 [dev]"      # for pictures that are called generated; it changes no other history
provider = "Black Forest Labs"

[label.rights]
copyright = "© 2026 Acme Studio"
data_mining = "DMI-PROHIBITED-AIMLTRAINING"

[signer]
key = "keys/signing.key"   # paths are relative to this file
certificates = "keys/signing.pem"

[trust]
signers = ["keys/anchors.pem"]
```

In variables, several paths or texts are separated as in `PATH` (`:`, on Windows `;`), addresses by blanks, logins by lines. `GENLABEL_PASSPHRASE` holds the
passphrase of an encrypted key, `GENLABEL_CONFIG` names a file, `GENLABEL_DATA_DIR` is where kept trust lists are.

"""

LABEL_FILES = """# Label files

What a label says, in a file: `genlabel sign cat.png -o labelled/ --label label.toml`. TOML, or JSON with the same names where the file's name ends in
`.json`. Options lie over it, and it over variables and [settings](settings.md). Unlike these, it may say what belongs to one picture.

```toml
# label.toml
history = "generated"
title = "Hills at dusk"
created = 2026-11-22T09:00:00Z

[producer]
name = "Acme Studio"

[generator]
name = "FLUX.1 [dev]"
version = "1.0"

[rights]
copyright = "© 2026 Acme Studio"
data_mining = "DMI-PROHIBITED-AIMLTRAINING"
```

```json
{"history": "composite", "elements": ["sky.jpg", {"source": "cat.png", "title": "The cat"}], "producer": {"name": "Acme Studio"}}
```

```toml
# edited.toml
history = "edited"
oversight = "human_validated"
producer = {name = "Acme Studio"}

[[steps]]
action = "cropped"
by = "human"

[[steps]]
action = "edited"
by = "ai"
using = "FLUX.1-fill"
```

A name that there is not is exit status 2, with its line and the nearest that there is. Paths are relative to the file. What a step may say: [steps.md](steps.md); elements, inputs and their rights: [rights.md](rights.md).

"""


def options() -> dict[str, str]:
    """Setting → the first option that sets it."""
    found: dict[str, str] = {}
    for command, _, _ in every_command():
        for parameter in command.params:
            if isinstance(parameter, SettingOption):
                found.setdefault(parameter.sets, parameter.opts[-1])
    return found


def settings_page() -> str:
    """Every setting: its kind, its option and its variable."""
    return "".join([MADE, SETTINGS, *_tables()])


def _tables() -> Iterator[str]:
    by_name = options()
    tables: dict[str, list[Key]] = {}
    for each in KEYS:
        if not each.one_picture:
            tables.setdefault(each.name.rpartition(".")[0], []).append(each)
    for name, keys in tables.items():
        yield f"## `[{name}]`\n\n"
        rows = [
            [f"`{_last(each.name)}`", _meaning(each), _kind(each), _option(each, by_name),
             f"`{each.variable}`"]
            for each in keys
        ]  # fmt: skip
        yield from table(["key", "meaning", "kind", "option", "variable"], rows)
        yield "\n"


def label_files_page() -> str:
    """Every name of a label file."""
    by_name = options()
    rows = [
        [f"`{each.name.removeprefix('label.')}`", each.meaning, _kind(each), _option(each, by_name)]
        for each in KEYS
        if each.name.split(".")[0] in ("label", "producer", "generator")
    ]
    codes = {
        "history": (each.value for each in History),
        "source_type": (each.code for each in DigitalSourceType),
        "producer.role": (each.short for each in Role),
        "oversight": (each.value for each in Oversight),
        "rights.data_mining": (each.code for each in DataMining),
        "rights.model_release": (each.code for each in ModelRelease),
        "rights.property_release": (each.code for each in PropertyRelease),
        "rights.minor_model_age": (each.code for each in MinorModelAge),
    }
    return "".join(
        [
            MADE,
            LABEL_FILES,
            *table(["name", "meaning", "kind", "option"], rows),
            "\n## Codes\n\n",
            *table(
                ["name", "codes"],
                [[f"`{name}`", ", ".join(f"`{each}`" for each in all_)]
                 for name, all_ in codes.items()],
            ),
        ]
    )  # fmt: skip


def _last(name: str) -> str:
    return name.rpartition(".")[2]


def _meaning(key: Key) -> str:
    return (
        f"{key.meaning} (not from a file that was only found)"
        if key.name in _NAMED_ONLY
        else key.meaning
    )


def _kind(key: Key) -> str:
    return key.kind.value.replace("|", r"\|")


def _option(key: Key, by_name: dict[str, str]) -> str:
    if key.name == "label.history":
        return "`--generated`, …"
    return f"`{by_name[key.name]}`" if key.name in by_name else ""
