"""Reading settings: options, label file, environment, the project's file, the user's own file."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from genlabel.cli.settings import folders_own
from genlabel.cli.settings.keys import KEYS, Key, Kind, did_you_mean, is_table, key
from genlabel.cli.settings.kinds import checked
from genlabel.cli.settings.settings import Settings
from genlabel.cli.settings.values import Layer, Rank, Setting, Value, merged
from genlabel.model.errors import ConfigurationError
from genlabel.model.nearest import did_you_mean as meant
from genlabel.storage import user_folders
from genlabel.storage.toml_files import text_of, toml

CONFIG = "genlabel.toml"
PYPROJECT = "pyproject.toml"
MAX_DEPTH = 4
"""Deepest table there is: label.rights.licensor, and one more to name in an error."""
MAX_CLIMB = 64
"""Most directories that are climbed in search of a repository's root."""


def load(
    options: Mapping[str, object] | None = None,
    *,
    label: Path | None = None,
    config: Path | None = None,
    no_config: bool = False,
    environ: Mapping[str, str] = os.environ,
    start: Path | None = None,
) -> Settings:
    """Everything that is set: options over the `label` file over variables over files.

    `config` (or the variable ``GENLABEL_CONFIG``) takes the place of the nearest file above
    `start` (default: the current directory); with `no_config` no configuration file is read at
    all. The nearest file, which may be a stranger's, trusts nobody in the reader's name and
    causes no request (`folders_own`); one that is named does. Raises `ConfigurationError` for
    unknown keys and values of the wrong kind.
    """
    here = start or Path.cwd()
    if config is None and environ.get("GENLABEL_CONFIG"):
        config = Path(environ["GENLABEL_CONFIG"])
    layers: list[Layer] = []
    files: list[Path] = []
    folder: Layer = {}
    unheard: tuple[str, ...] = ()
    if not no_config:
        own = user_file()
        project = config if config is not None else nearest(here)
        if own.is_file() and not (project and own.resolve() == project.resolve()):
            layers.append(_file(own, Rank.USER))
            files.append(own)
        if project is not None:
            layer = _file(project, Rank.PROJECT)
            if config is None:
                layer, folder, unheard = folders_own.parted(layer)
            layers.append(layer)
            files.append(project)
    layers.append(_environment(environ, here))
    if label is not None:
        layers.append(_label_file(label))
    layers.append(_options(options or {}, here))
    return Settings(
        values=merged(layers),
        files=tuple(files),
        folder=folder,
        unheard=unheard,
        passphrase=environ.get("GENLABEL_PASSPHRASE"),
    )


def nearest(start: Path) -> Path | None:
    """The configuration file of `start` or of a directory above it, up to the repository's root.

    Outside a repository only `start` itself counts: nobody else's directories speak for us.
    """
    start = start.absolute()
    above = [start, *start.parents][:MAX_CLIMB]
    root = next((each for each in above if (each / ".git").exists()), start)
    for folder in above:
        if (folder / CONFIG).is_file():
            return folder / CONFIG
        if (folder / PYPROJECT).is_file() and _in_pyproject(folder / PYPROJECT) is not None:
            return folder / PYPROJECT
        if folder == root:
            return None
    return None


def user_file() -> Path:
    """Where the user's own configuration file is, if there is one: as the platform wants it."""
    try:
        return user_folders.folder("config") / CONFIG
    except RuntimeError:  # no HOME and no entry for this user: a place where nothing is
        return Path(os.devnull, CONFIG)


def _file(path: Path, rank: Rank) -> Layer:
    if path.name == PYPROJECT:
        content = _in_pyproject(path)
        if content is None:
            raise ConfigurationError(
                f"{path}: has no table [tool.genlabel]", remedy="add one, or name another file"
            )
    else:
        content = toml(path)
    layer = dict(_settings(content, "", path, rank))
    for name in layer:
        if (known := key(name)) is not None and known.one_picture:
            raise ConfigurationError(
                f"{path}: {name}: belongs to one picture, not to all",
                remedy="put it into a label file (--label FILE), or give it as an option",
            )
    return layer


def _label_file(path: Path) -> Layer:
    """A label by the names of `Label`'s fields: producer and generator are tables of their own."""
    content = _json(path) if path.suffix.lower() == ".json" else toml(path)
    own = {name: content[name] for name in ("producer", "generator") if name in content}
    rest = {name: value for name, value in content.items() if name not in own}
    return dict(_settings({**own, "label": rest}, "", path, Rank.LABEL_FILE))


def _settings(
    content: Mapping[str, object], prefix: str, path: Path, rank: Rank
) -> Iterator[tuple[str, Setting]]:
    origin = str(path)
    for word, value in content.items():
        name = prefix + word
        known = key(name)
        if known is not None:
            if rank is Rank.PROJECT:
                _refuse_programs(name, value, origin)
                _refuse_vouching(name, origin)
                _refuse_logins(name, origin)
            result = _checked(known, value, path, rank)
            yield name, Setting(name=name, value=result, rank=rank, origin=origin)
        elif isinstance(value, Mapping) and is_table(name) and name.count(".") < MAX_DEPTH:
            yield from _settings(value, name + ".", path, rank)
        else:
            fault, remedy = _no_setting(name, value)
            if rank is Rank.LABEL_FILE:
                fault, remedy = fault.removeprefix("label."), remedy.replace("label.", "")
            if name == "label.label":
                remedy = "a label file is that table itself: write its keys without it"
            raise ConfigurationError(f"{_where(path, rank, name)}: {fault}", remedy=remedy)


def _no_setting(name: str, value: object) -> tuple[str, str]:
    """What is wrong with a name that holds no setting, and what may be meant."""
    is_written_as_table = isinstance(value, Mapping)
    if not is_table(name) or is_written_as_table:
        return f"{name}: unknown", did_you_mean(name, tables=is_written_as_table)
    inner = [each.name for each in KEYS if each.name.rpartition(".")[0] == name]
    return f"{name}: is a table, and no value", f"set what is meant of {', '.join(inner)}"


def _checked(known: Key, value: object, path: Path, rank: Rank) -> Value:
    """The value of a file. Raises `ConfigurationError`, which names the line."""
    from genlabel.cli.settings.lines import Misplaced

    try:
        return checked(known, value, below=path.absolute().parent, origin=str(path))
    except Misplaced as error:
        where = _where(path, rank, known.name, *error.place)
        raise ConfigurationError(f"{where}: {error}", remedy=error.remedy) from error
    except ConfigurationError as error:
        start, message = f"{path}: ", str(error)
        if not message.startswith(start):
            raise
        where = _where(path, rank, known.name)
        raise ConfigurationError(
            f"{where}: {message.removeprefix(start)}", remedy=error.remedy
        ) from error


def _where(path: Path, rank: Rank, name: str, *inside: str | int) -> str:
    """A file and, of TOML, the line in which the setting `name` stands, or a part `inside` it."""
    from genlabel.cli.settings.lines import line

    if path.suffix.lower() == ".json":
        return str(path)
    names = name.split(".")
    if rank is Rank.LABEL_FILE and names[0] == "label":
        names = names[1:]
    above = ("tool", "genlabel") if path.name == PYPROJECT else ()
    number = line(text_of(path), (*above, *names, *inside))
    return str(path) if number is None else f"{path}, line {number}"


def _refuse_programs(name: str, value: object, origin: str) -> None:
    """A stranger's repository must not choose what runs on our machine."""
    if not name.startswith("signer."):
        return
    from genlabel.credentials.signers.uri import SCHEMES

    scheme = str(value).strip().partition(":")[0].lower()
    if scheme in SCHEMES and SCHEMES[scheme].foreign:
        raise ConfigurationError(
            f"{origin}: {name}: a signer that runs a program, loads a module or calls a service "
            "is not taken from a project's file",
            remedy=f"give it with --signer, set GENLABEL_SIGNER_URI, "
            f"or put it into your own configuration file ({user_file()})",
        )


def _refuse_vouching(name: str, origin: str) -> None:
    """A stranger's repository must not say whose names are no claims."""
    if name == "trust.producers":
        raise ConfigurationError(
            f"{origin}: {name}: who may use which name is not taken from a project's file",
            remedy="give it with --trust-producer, set GENLABEL_TRUST_PRODUCERS, "
            f"or put it into your own configuration file ({user_file()})",
        )


def _refuse_logins(name: str, origin: str) -> None:
    """A stranger's repository must not say which of our secrets go where."""
    if name == "time.logins":
        raise ConfigurationError(
            f"{origin}: {name}: logins are not taken from a project's file",
            remedy="give them with --tsa-login, set GENLABEL_TIME_LOGINS, "
            f"or put them into your own configuration file ({user_file()})",
        )


def _environment(environ: Mapping[str, str], here: Path) -> Layer:
    layer: dict[str, Setting] = {}
    _refuse_unknown_variables(environ)
    for each in KEYS:
        text = environ.get(each.variable)
        if not text:
            continue
        value: object = text
        if each.kind in (Kind.PATHS, Kind.LISTS, Kind.BOOKS, Kind.TEXTS, Kind.PAIRS, Kind.ELEMENTS):
            value = text.split(os.pathsep)
        elif each.kind is Kind.LOGINS:
            value = [line for line in text.splitlines() if line.strip()]
        elif each.kind is Kind.ADDRESSES:  # which hold the separator of paths themselves
            value = text.split()
        result = checked(each, value, below=here, origin=each.variable)
        layer[each.name] = Setting(
            name=each.name, value=result, rank=Rank.ENVIRONMENT, origin=each.variable
        )
    return layer


def _refuse_unknown_variables(environ: Mapping[str, str]) -> None:
    """A misspelt variable of one of our tables; other programs may have others of our prefix."""
    known = {each.variable: each.name for each in KEYS}
    tables = tuple(f"GENLABEL_{each.split('.')[0].upper()}_" for each in known.values())
    for variable in environ:
        if variable.startswith(tables) and variable not in known:
            remedy = meant(variable, known, "`genlabel config -v` lists them")
            raise ConfigurationError(f"{variable}: sets nothing", remedy=remedy)


def _options(options: Mapping[str, object], here: Path) -> Layer:
    layer: dict[str, Setting] = {}
    for name, value in options.items():
        known = key(name)
        if known is None:
            raise ConfigurationError(f"{name}: unknown", remedy=did_you_mean(name))
        if value not in (None, (), []):
            result = checked(known, value, below=here, origin="option")
            layer[name] = Setting(name=name, value=result, rank=Rank.OPTION, origin="option")
    return layer


def _in_pyproject(path: Path) -> Mapping[str, object] | None:
    tool = toml(path).get("tool")
    table = tool.get("genlabel") if isinstance(tool, Mapping) else None
    return table if isinstance(table, Mapping) else None


def _json(path: Path) -> Mapping[str, object]:
    try:
        content = json.loads(text_of(path))
    except (ValueError, RecursionError) as error:
        raise ConfigurationError(f"{path}: no JSON ({error})", remedy="correct the file") from error
    if not isinstance(content, dict):
        raise ConfigurationError(f"{path}: no JSON object", remedy="begin the file with {")
    return content
