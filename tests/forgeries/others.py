"""What others say of each forgery: the raw engine, encypher-c2pa, and c2pa-ts where it can."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from forgeries.case import Made
from genlabel import formats
from genlabel.credentials.trust import AnchorKind
from oracles import c2pats, encypher, raw

RECORD = Path(__file__).with_name("others.json")
"""What they said when it was last written: by the title of the case and the program."""
NAMES = {"engine": "c2pa-python", "encypher": "encypher-c2pa", "c2pa-ts": "c2pa-ts"}


def recorded() -> dict[str, dict[str, str]]:
    """The record; empty before it was first written."""
    return json.loads(RECORD.read_text("utf-8")) if RECORD.exists() else {}


def asked(made: Made, typescript: c2pats.C2paTs | None) -> dict[str, str]:
    """What each program says: ``accepts``, ``refuses``, or ``cannot`` where it gives no answer."""
    anchors = _pem(made, AnchorKind.SIGNER)
    stamps = _pem(made, AnchorKind.TSA)
    answers = {"engine": "cannot", "encypher": "cannot"}
    if not _is_signed(made.data) and made.beside is None and made.files is None:
        return {}  # they have no word for what is only written into it
    if made.beside is None and _is_signed(made.data):
        engine = raw.read(
            made.data,
            made.media_type,
            anchors=anchors,
            time_stamp_anchors=stamps,
            identity_anchors=_pem(made, AnchorKind.IDENTITY),
        )
        answers["engine"] = "accepts" if engine.state == "Trusted" else "refuses"
        try:
            result = encypher.verify(
                made.data,
                made.media_type,
                anchors,
                tsa_pem=stamps,
                identity_pem=_pem(made, AnchorKind.IDENTITY),
            )
            answers["encypher"] = "accepts" if result.accepted else "refuses"
        except ValueError:
            answers["encypher"] = "refuses"
        if typescript is not None and made.media_type in c2pats.MIMES:
            try:
                accepted = typescript.validate(made.data).accepted
                answers["c2pa-ts"] = "accepts" if accepted else "refuses"
            except RuntimeError:  # it opens few of the kinds of ISO media
                answers["c2pa-ts"] = "cannot"
    return answers


def differing(expected: dict[str, Any], answers: dict[str, str]) -> list[str]:
    """The programs that accept what we object to, or the other way round."""
    objects = (
        expected["integrity"] != "intact"
        or expected["lineage"] in ("broken", "unknown")
        or expected["trust"] == "unknown"
        or expected["state"] == "invalid"
        or bool(expected["errors"])
        or bool(expected["warnings"])
    )
    wrong = "accepts" if objects else "refuses"
    return [name for name, said in answers.items() if said == wrong]


def _is_signed(data: bytes) -> bool:
    return formats.identify(data).survey(data).manifest is not None


def _pem(made: Made, kind: AnchorKind) -> bytes | None:
    return b"".join(each.pem for each in made.trust.of_kind(kind)) or None
