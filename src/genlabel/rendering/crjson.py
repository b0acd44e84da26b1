"""crJSON: one document a line for each report of `verify`, in the conformance programme's form."""

from __future__ import annotations

from genlabel.manifests.crjson import empty
from genlabel.manifests.json_ld import NAMESPACES
from genlabel.model.errors import ConfigurationError
from genlabel.model.report import Report
from genlabel.model.serialise import Shape, dumped, plain
from genlabel.rendering.json import AnyReport

_OURS = "genlabel"
"""The prefix of what crJSON has no word for: the file's path, and why no manifest is shown."""


def line(report: AnyReport) -> str:
    """The report's crJSON on one line, in ASCII; without manifests where none can be opened.

    Raises `ConfigurationError` for a report of another command.
    """
    if not isinstance(report, Report):
        raise ConfigurationError(
            "crjson: only reports of verify have that form", remedy="choose another format"
        )
    document = report.crjson()
    shown: Shape = dict(document or empty())
    told = {"path": report.path}
    if document is None:
        told["reason"] = report.error.kind if report.error is not None else report.reason
    known = {f"{_OURS}:{name}": plain(value) for name, value in told.items() if value is not None}
    if known:
        shown["@context"] = {**shown["@context"], _OURS: NAMESPACES[_OURS]}
    return dumped({**shown, **known}, indent=None)
