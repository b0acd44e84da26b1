"""The metadata assertions of a manifest: read once, by their exact labels, from the store itself.

CAWG Metadata 1.1 (``cawg.metadata``) and C2PA 2.4 §18.17 (``c2pa.metadata``): JSON-LD in a JSON
box. What two readers could understand in two ways counts as not said, and is told.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import field
from typing import Any

from genlabel.manifests import cawg_metadata, json_ld
from genlabel.manifests.store import cbor_value
from genlabel.manifests.store.cbor import Unreadable
from genlabel.manifests.store.cbor_value import Twice
from genlabel.manifests.store.manifest_store import Manifest, ManifestStore
from genlabel.model.cached_property import cached_property
from genlabel.model.dataclass import dataclass
from genlabel.model.escape import quoted
from genlabel.model.expression import expression
from genlabel.model.report import Finding, Severity

MAX_ASSERTIONS = 64
"""Most metadata assertions of one manifest that are read."""
_LABEL = expression(r"(?:cawg|c2pa)\.metadata(?:__[0-9]{1,4})?")
_FOUND = "\0metadata"  # no label of an assertion
_AMBIGUOUS, _MALFORMED = "genlabel.metadata.ambiguous", "genlabel.metadata.malformed"


@dataclass(frozen=True, kw_only=True)
class MetadataAssertion:
    """One assertion, or why it is not read."""

    label: str
    created: bool
    """Attributed to the signer; a gathered one is not (C2PA 2.4 §10.3.2.1)."""
    data: Mapping[str, Any] = field(default_factory=dict)
    """Properties by the field table's names, see `json_ld.resolved`."""
    fault: str | None = None
    code: str = _MALFORMED
    """Of the finding about the fault."""

    @cached_property
    def fields(self) -> dict[str, Any]:
        """What it states of a declaration."""
        return cawg_metadata.read(self.data)


def is_metadata(label: str) -> bool:
    """Is it the label of a metadata assertion, and not of one that only begins so?"""
    return ".metadata" in label and _LABEL.fullmatch(label) is not None


def of(manifest: Manifest, store: ManifestStore) -> tuple[MetadataAssertion, ...]:
    """Those that the claim lists, in its order; none of a claim that cannot be read."""
    return manifest.once(_FOUND, lambda: _listed(manifest, store))


def _listed(manifest: Manifest, store: ManifestStore) -> tuple[MetadataAssertion, ...]:
    try:
        claimed, stored = store.claimed(manifest), manifest.assertions
    except Unreadable:
        return ()
    labels = {
        label: created for label, _, created in claimed if label in stored and is_metadata(label)
    }
    return tuple(_read(manifest, *each) for each in list(labels.items())[:MAX_ASSERTIONS])


def _read(manifest: Manifest, label: str, created: bool) -> MetadataAssertion:
    box = manifest.assertions[label]
    try:
        ((kind, content),) = (each for each in box.contents if each[0] != b"free")
        if kind == b"json":
            data = json.loads(content.decode("utf-8"), object_pairs_hook=_object)
        else:
            data = cbor_value.value(content)
        if not isinstance(data, dict):
            raise Unreadable("is no object")
        return MetadataAssertion(label=label, created=created, data=json_ld.resolved(data))
    except (Twice, _KeyTwice, json_ld.SaidTwice) as error:
        return MetadataAssertion(label=label, created=created, fault=str(error), code=_AMBIGUOUS)
    except Unreadable as error:
        return MetadataAssertion(label=label, created=created, fault=str(error))
    except (ValueError, RecursionError):  # no JSON, no UTF-8, two boxes, nested beyond all sense
        return MetadataAssertion(label=label, created=created, fault="is no JSON in one box")


class _KeyTwice(ValueError):
    """One key of an object stands twice: of two readers one takes the first (RFC 8259 §4)."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for key, value in pairs:
        if key in made:
            raise _KeyTwice(f"the key {quoted(key)} twice")
        made[key] = value
    return made


ReadOf = Callable[[Manifest], tuple[MetadataAssertion, ...]]
"""The metadata assertions of a manifest, read once."""


def in_document(
    document: Mapping[str, Any], store: ManifestStore, read_of: ReadOf
) -> Mapping[str, Any]:
    """The engine's report with the metadata assertions as they are read here, of all manifests."""
    listed = document.get("manifests")
    if not isinstance(listed, dict):
        return document
    manifests = dict(listed)
    for label, record in listed.items():
        manifest = store.manifests.get(label)
        if manifest is not None and isinstance(record, dict):
            assertions = list(_assertions(record, read_of(manifest)))
            manifests[label] = {**record, "assertions": assertions}
    return {**document, "manifests": manifests}


def _assertions(record: Mapping[str, Any], read: tuple[MetadataAssertion, ...]) -> Iterator[Any]:
    ours = [
        {"label": each.label, "data": each.data, "created": each.created}
        for each in read
        if each.fault is None
    ]
    for each in record.get("assertions") or ():
        if not isinstance(each, dict) or not is_metadata(str(each.get("label"))):
            yield each
        elif ours:  # where the first of them stood
            yield from ours
            ours = []
    yield from ours


def merged(assertions: Iterable[MetadataAssertion]) -> dict[str, Any]:
    """What several state together: where they differ, what created ones agree on, or nothing."""
    several = tuple(assertions)
    if len(several) == 1:
        return dict(several[0].fields)
    stated = _stated(several)
    chosen = {name: _chosen(values) for name, values in stated.items()}
    return {name: value for name, value in chosen.items() if value is not None}


def is_gathered(assertions: Iterable[MetadataAssertion], name: str) -> bool:
    """Is the field `name` stated, and nowhere as the signer's own word (C2PA 2.4 §10.3.2.1)?"""
    created = [each.created for each in assertions if name in each.fields]
    return bool(created) and not any(created)


def _stated(
    assertions: Iterable[MetadataAssertion],
) -> dict[str, list[tuple[MetadataAssertion, Any]]]:
    stated: dict[str, list[tuple[MetadataAssertion, Any]]] = {}
    for assertion in assertions:
        for name, value in assertion.fields.items():
            stated.setdefault(name, []).append((assertion, value))
    return stated


def _chosen(values: list[tuple[MetadataAssertion, Any]]) -> Any:
    created = [value for assertion, value in values if assertion.created]
    several = created or [value for _, value in values]
    return several[0] if all(each == several[0] for each in several) else None


def findings(assertions: tuple[MetadataAssertion, ...], *, attested: bool) -> Iterator[Finding]:
    """What is odd about them; `attested` says that somebody known attests the producer's name."""
    for each in assertions:
        if each.fault is not None:
            yield Finding(
                each.code,
                severity=Severity.WARNING,
                where=each.label,
                explanation=f"metadata of the manifest is not read: {each.fault}",
            )
    several = len(assertions) > 1
    stated = _stated(assertions) if several or is_gathered(assertions, "producer") else {}
    for name, values in stated.items():
        where = ", ".join(assertion.label for assertion, _ in values)
        if any(value != values[0][1] for _, value in values):
            shown = "; ".join(f"{each.label}: {_shown(value)}" for each, value in values[:4])
            yield Finding(
                _AMBIGUOUS,
                severity=Severity.WARNING,
                where=where,
                explanation=f"two values of {name.replace('_', ' ')} in one manifest: {shown}",
            )
        if name == "producer" and not attested and is_gathered(assertions, name):
            yield Finding(
                "genlabel.claim.gathered",
                severity=Severity.WARNING,
                where=where,
                explanation="the producer is only gathered: the signer passes the name on and "
                "does not vouch for it",
            )


def _shown(value: Any) -> str:
    return quoted(value if isinstance(value, str) else "; ".join(map(str, value)))
