"""Whole verdicts on old files, ours and other people's: as they are now, as they were accepted.

What is kept of a verdict are its stable words, never the explanations. Both are the verdicts of one
moment (`oracles/faketime.py`) and of the anchors in `accepted/`, so that only code changes them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from cryptography import x509

import genlabel
from genlabel.credentials.trust import Trust
from genlabel.formats import identify
from genlabel.manifests.store import manifest_store
from genlabel.manifests.store.cbor import Unreadable
from genlabel.manifests.store.cose import claim_signature
from genlabel.model.fields import rfc3339
from genlabel.model.report import Report
from oracles.corpus import specimens

HERE = Path(__file__).parent
ACCEPTED = HERE / "accepted" / "verdicts.json"
COMMAND = "python tests/golden/accept.py"
Verdict = dict[str, Any]


def files() -> Iterator[tuple[str, Path]]:
    """Every old file that is here: those of our releases, then the corpus as far as we read it."""
    for path in sorted(HERE.iterdir()):
        if path.suffix in (".jpg", ".png", ".webp"):
            yield f"golden/{path.name}", path
    for specimen in specimens():
        if not specimen.name.startswith("unmarked/"):
            yield f"corpus/{specimen.name}", specimen.path


def trusts(name: str) -> Mapping[str, Trust]:
    """Whom to believe: nobody, and those whom the file's kind makes interesting."""
    if name.startswith("golden/"):
        version = Path(name).stem
        return {
            "nobody": Trust(),
            "its own anchors": Trust.of(signers=[HERE / f"{version}.anchors.pem"]),
        }
    return {"nobody": Trust(), "the official lists": official()}


def official() -> Trust:
    """What the published lists say of the corpus, frozen beside the verdicts."""
    folder = ACCEPTED.parent
    return Trust.of(
        lists=[
            ("signer", folder / "C2PA-TRUST-LIST.pem"),
            ("tsa", folder / "C2PA-TSA-TRUST-LIST.pem"),
        ]
    )


def fingerprint(trust: Trust) -> str:
    """Which anchors were believed, so that they are accepted together with the verdict."""
    return hashlib.sha256(b"".join(each.pem for each in trust.entries)).hexdigest()


def verdict(path: Path, trust: Trust) -> Verdict:
    """What genlabel says of a file today, in stable words."""
    try:
        report = genlabel.verify_file(path, trust=trust, policy=None)
    except genlabel.GenlabelError as error:
        return {"error": type(error).__name__}
    signer = report.signer
    return {
        "integrity": report.integrity.value,
        "reason": report.reason,
        "form": report.form.value,
        "lineage": report.lineage.value,
        "state": report.state.value,
        "signer": signer.organisation if signer else None,
        "serial": signer.serial if signer else None,
        "trust": signer.trust.value if signer else None,
        "list": signer.trust_list if signer else None,
        "time": signer.time.value if signer else None,
        "signed_at": rfc3339(signer.signed_at) if signer and signer.signed_at else None,
        "validity": signer.validity.value if signer else None,
        "source_type": report.declared.source_type,
        "producer": report.declared.producer,
        "generator": report.declared.generator,
        "attested": report.declared.attested,
        "marks": sorted(mark.value for mark in report.marks),
        "ancestors": [each.integrity.value for each in report.ingredients],
        "codes": sorted(finding.code for finding in report.findings),
        "ends": _ends(path, report),
    }


def accepted() -> dict[str, Any]:
    """The verdicts that somebody has looked at and accepted, by the file's name."""
    found: dict[str, Any] = json.loads(ACCEPTED.read_text("utf-8"))
    return found


def differences(then: Verdict, now: Verdict) -> list[str]:
    """What has changed, one line an answer."""
    return [
        f"{name}: {then.get(name)!r} -> {now.get(name)!r}"
        for name in (*then, *(name for name in now if name not in then))
        if then.get(name) != now.get(name)
    ]


def _ends(path: Path, report: Report) -> str | None:
    """When the first certificate of the signer's chain ends; None where none can be read."""
    data = path.read_bytes()
    store = identify(data).survey(data).manifest or b""
    try:
        manifest = manifest_store.read(store).manifests.get(str(report.manifest_id))
        found = claim_signature(manifest) if manifest else None
    except Unreadable:
        found = None
    if found is None:
        return None
    ends = [x509.load_der_x509_certificate(each).not_valid_after_utc for each in found.certificates]
    return rfc3339(min(ends)) if ends else None
