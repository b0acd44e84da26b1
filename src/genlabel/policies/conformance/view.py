"""The active manifest in a crJSON document, as the rubrics look at it; whatever stands there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from genlabel.policies.evidence import Evidence

Shape = Mapping[str, Any]

_KEPT = "active manifest"
_NO_RESULTS = "MISSING_VALIDATION_RESULTS"
"""The rubrics' own code where nothing was validated."""


class Active:
    """The active manifest: its claim, its assertions by label, and what validating it told."""

    __slots__ = ("actions", "assertions", "contents", "ingredients", "manifest")

    def __init__(self, manifest: Shape) -> None:
        self.manifest = manifest
        self.assertions = shape(manifest.get("assertions"))
        """Label → assertion."""
        self.contents = [each for each in self.assertions.values() if isinstance(each, dict)]
        """The assertions that are maps, in their order."""
        listed = [each["actions"] for each in self.contents if each.get("actions") is not None]
        self.actions = [
            shape(one) for each in listed for one in (each if isinstance(each, list) else [each])
        ]
        """All actions, of assertions of whatever label; empty maps for what is none."""
        self.ingredients = [each for each in self.contents if each.get("relationship") is not None]
        """The assertions that state a relationship."""

    @property
    def label(self) -> str:
        """Its label; empty without one."""
        return text(self.manifest.get("label"))

    @property
    def validated(self) -> bool:
        """Are there results of validation?"""
        return self.manifest.get("validationResults") is not None

    @property
    def failures(self) -> Iterator[str]:
        """The failing status codes."""
        results = self.manifest.get("validationResults")
        if not results:
            yield _NO_RESULTS
            return
        yield from (text(shape(each).get("code")) for each in items(shape(results).get("failure")))

    @property
    def claim(self) -> Shape:
        """The claim, if it is one of version 2; else empty."""
        return shape(self.manifest.get("claim.v2"))

    @property
    def spec_version(self) -> Any:
        """``specVersion`` of the claim generator's description; None without one."""
        info = self.claim.get("claim_generator_info")
        first = shape((items(info) or [None])[0]).get("specVersion")
        return first or shape(info).get("specVersion")

    @property
    def created(self) -> list[Any]:
        """References to the assertions that the signer created."""
        return items(self.claim.get("created_assertions"))

    def assertion(self, label: str) -> Shape:
        """The assertion of that label; empty without one."""
        return shape(self.assertions.get(label))

    def labels_of(self, fits: Callable[[Shape], object]) -> tuple[Any, ...]:
        """The names of the actions that `fits` is true of; ``unknown`` of those without one."""
        named = [each.get("action") for each in self.actions if fits(each)]
        return tuple(["unknown" if each is None else each for each in named]) if named else ()


def active(evidence: Evidence) -> Active | None:
    """The active manifest, which stands first in crJSON; None without one.

    It is looked at once for all rules that ask.
    """
    if _KEPT not in evidence.kept:
        listed = items(shape(evidence.crjson).get("manifests"))
        first = evidence.manifest or (listed[0] if listed else None)
        evidence.kept[_KEPT] = Active(first) if isinstance(first, dict) else None
    manifest: Active | None = evidence.kept[_KEPT]
    return manifest


def shape(value: object) -> Shape:
    """`value` if it is a map, else an empty one."""
    return value if isinstance(value, dict) else {}


def items(value: object) -> list[Any]:
    """`value` if it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def text(value: object) -> str:
    """`value` if it is a text, else an empty one."""
    return value if isinstance(value, str) else ""


def among(value: object, listed: Iterable[str]) -> bool:
    """Is it a text of those `listed`?"""
    return isinstance(value, str) and value in listed
