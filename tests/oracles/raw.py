"""The C2PA engine without genlabel: signs whatever it is told, lies included, and reads.

For the tests that ask what genlabel says about other people's files. The manifests here are plain
dictionaries in the engine's own words; `generated()` is a good one to start from.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from c2pa import Builder, C2paError, C2paSignerInfo, Context, Reader, Signer

from genlabel.credentials.trust import Trust
from genlabel.manifests.engine.settings import settings_under
from oracles.chain import Chain

IPTC = "http://cv.iptc.org/newscodes/digitalsourcetype/"
# claimSigning, documentSigning, emailProtection: without this list of extended key usages the
# engine accepts emailProtection only, and calls certificates of the official list invalid.
EKUS = "1.3.6.1.4.1.62558.2.1\n1.3.6.1.5.5.7.3.36\n1.3.6.1.5.5.7.3.4\n"

Manifest = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingredient:
    """One ingredient as the engine takes it."""

    data: bytes
    mime: str
    label: str
    """The name by which actions refer to it (`ingredientIds`)."""
    relationship: str = "parentOf"


def generated(source_type: str = "trainedAlgorithmicMedia", *, created: bool = True) -> Manifest:
    """The manifest of a generated picture; with `created=False` its actions are only gathered.

    `source_type` is a code of the IPTC or any URI, and is not checked.
    """
    uri = source_type if ":" in source_type else IPTC + source_type
    return actions(
        [
            {
                "action": "c2pa.created",
                "when": "2026-01-02T03:04:05Z",
                "digitalSourceType": uri,
                "softwareAgent": {"name": "ModelX", "version": "1.0"},
            }
        ],
        created=created,
    )


def actions(listed: Sequence[Mapping[str, Any]], *, created: bool = True) -> Manifest:
    """A manifest with these actions and nothing else."""
    return {
        "claim_generator_info": [{"name": "raw", "version": "1", "specVersion": "2.4.0"}],
        "assertions": [
            {
                "label": "c2pa.actions.v2",
                "created": created,
                "data": {"allActionsIncluded": True, "actions": [dict(each) for each in listed]},
            }
        ],
    }


def edited(*parents: str, source_type: str = "compositeWithTrainedAlgorithmicMedia") -> Manifest:
    """The manifest of an edit, opening each of the ingredients labelled `parents` in turn."""
    opened = [
        {"action": "c2pa.opened", "parameters": {"ingredientIds": [parent]}} for parent in parents
    ]
    return actions([*opened, {"action": "c2pa.edited", "digitalSourceType": IPTC + source_type}])


def sign(
    data: bytes,
    mime: str,
    chain: Chain,
    manifest: Manifest | None = None,
    *,
    ingredients: Sequence[Ingredient] = (),
    remote_url: str | None = None,
) -> bytes:
    """`data` with a manifest (default: `generated()`) signed by `chain`, nothing checked.

    With `remote_url` the engine also writes into the XMP where the manifest can be fetched. Raises
    `C2paError` for the little that the engine refuses.
    """
    signer = Signer.from_info(C2paSignerInfo(b"es256", chain.certificates, chain.key, None))
    context = Context.from_dict(_settings(chain.anchor, None, verify_after_sign=False))
    signed = io.BytesIO()
    with Builder(deepcopy(manifest or generated()), context=context) as builder:
        for each in ingredients:
            described = {"title": each.label, "label": each.label}
            described["relationship"] = each.relationship
            builder.add_ingredient(json.dumps(described), each.mime, io.BytesIO(each.data))
        if remote_url is not None:
            builder.set_remote_url(remote_url)
        builder.sign(signer, mime, io.BytesIO(data), signed)
    return signed.getvalue()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the engine says about a file."""

    state: str
    """``Trusted``, ``Valid``, ``Invalid``, or ``error`` when it could not read; ``none``."""
    failures: frozenset[str] = frozenset()
    """Failure codes of the active manifest."""
    manifests: Mapping[str, Any]
    """The engine's JSON, empty when there is none."""
    crjson: Mapping[str, Any]
    """The same as crJSON, which the official rubrics judge."""
    error: str = ""


def read(
    data: bytes,
    mime: str,
    *,
    anchors: bytes | None = None,
    time_stamp_anchors: bytes | None = None,
    identity_anchors: bytes | None = None,
) -> Reading:
    """What the engine says about `data` with these anchors (PEM), offline."""
    context = Context.from_dict(_settings(anchors, time_stamp_anchors, identity_anchors))
    try:
        with Reader(mime, io.BytesIO(data), context=context) as reader:
            manifests, crjson = json.loads(reader.json()), json.loads(reader.crjson())
    except C2paError.ManifestNotFound:
        return Reading(state="none", manifests={}, crjson={})
    except C2paError as refusal:
        return Reading(state="error", manifests={}, crjson={}, error=str(refusal))
    active = manifests.get("validation_results", {}).get("activeManifest", {})
    return Reading(
        state=manifests["validation_state"],
        failures=frozenset(each["code"] for each in active.get("failure", ())),
        manifests=manifests,
        crjson=crjson,
    )


def crjson(data: bytes, mime: str, trust: Trust) -> dict[str, Any]:
    """The engine's crJSON of a whole file, by its own hashing and these anchors.

    Raises `C2paError` where there is no manifest that it reads.
    """
    context = Context.from_dict(settings_under(trust, identities=True))
    with Reader(mime, io.BytesIO(data), context=context) as reader:
        document: dict[str, Any] = json.loads(reader.crjson())
    return document


def _settings(
    anchors: bytes | None,
    time_stamp_anchors: bytes | None,
    identity_anchors: bytes | None = None,
    *,
    verify_after_sign: bool = True,
) -> dict[str, Any]:
    kinds = {"manifest": anchors, "tsa": time_stamp_anchors, "cawg": identity_anchors}
    lists = [
        {"trust_kind": kind, "trust_uri": f"raw:{kind}", "trust_anchors": pem.decode()}
        for kind, pem in kinds.items()
        if pem
    ]
    return {
        "trust": {"trust_config": EKUS, **({"anchors": lists} if lists else {})},
        "verify": {
            "remote_manifest_fetch": False,
            "ocsp_fetch": False,
            "verify_after_sign": verify_after_sign,
        },
        "core": {"allowed_network_hosts": []},
        "builder": {"thumbnail": {"enabled": False}},
    }
