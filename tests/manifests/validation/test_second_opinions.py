"""The engine's word about whole files beside our own: its state, and its hashing.

Where the two differ the difference is listed, with its reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

import drawn_kinds
import genlabel
from forgeries.families import CASES
from genlabel import formats
from genlabel.credentials.trust import AnchorKind, Trust
from genlabel.model.asset import Asset
from genlabel.model.errors import GenlabelError
from genlabel.model.label import Label
from genlabel.model.parties import Producer
from genlabel.model.report import Form, Integrity, Report, Severity
from genlabel.operations.verify import examine
from genlabel.testing import Authority
from golden import verdicts
from oracles import corpus, raw

FAULTS = corpus.beside("faults")
OLD = {name: path for name, path in verdicts.files() if "prerelease" not in name}
HONEST = {case.title: case for case in CASES if case.control is None}

ENDED = (
    "the certificate has ended, and the time-stamp over the claim is by nobody who is known: "
    "c2pa-rs counts its moment all the same (§15.8)"
)
DETERMINISTIC = "c2pa-rs checks the encoding of identities that it writes itself alone"
PARTS = "c2pa-rs does not read the hash of a file with several parts (§15.12.4)"
BEHIND = "c2pa-rs reads no chain with something behind it (§14.5)"
ZEROED = "c2pa-rs looks for CBOR in an assertion that was redacted with zeros (§6.8)"
SEGMENT = "c2pa-rs refuses an initial segment, whose fragments lie in other files"
SORTED = "c2pa-rs sorts and joins ranges that §15.12.1 wants in order and apart"
REWRITTEN = "c2pa-rs hashes an assertion as it would write it itself, and not as it is stored"
UNOPENED = "c2pa-rs opens no assertion that is stored in this form, which CBOR and JUMBF allow"
PAIRS = "c2pa-rs takes two ranges that touch for two that overlap"
ADDRESSES = "c2pa-rs refuses a hash beside which there is an address"
TREES = "c2pa-rs refuses an empty list of trees"
CURVES = "c2pa-rs verifies a curve with its own hash alone, where §13.2.1 allows any"
ANSWERS = "c2pa-rs refuses a signer by answers that are over, released or his own (RFC 6960 §4.2.2)"

AGREED = (
    "identities: in the order that is stored, honest",  # which is the one that c2pa-rs writes
    "identities: under a claim by a stranger, honest",  # which is valid and no more
)
FIELDS = {
    "fields: the manifest in two exclusions, honest": PAIRS,
    "fields: an address that nobody asks, honest": ADDRESSES,
    "exclusions: an address that nobody asks, honest": ADDRESSES,
    "exclusions: an empty list of trees, honest": TREES,
}
BOXES = (
    "the box of actions, free space in it",
    "the box of actions, a number in its description",
)
FORMS = (
    "a source type in pieces",
    "the box of actions, a long header inside",
    "the box of actions, free space before it",
    "the box of actions, it may not be asked for",
)
KEYS = ("P-384", "P-521")
TOLD = (
    "an answer that is over",
    "released from being revoked",
    "it was revoked by the signer himself",
)
SEVERAL = (
    "ranges: jpeg and png, two parts, the optional one is dropped",
    "parts: the film is dropped, honest",
    "parts: gain map and film are dropped, honest",
)
STATES: Mapping[str, str] = {
    "corpus/signed/DALL-E_cloud_surfing_puppy.webp": ENDED,
    "corpus/signed/amazon-titan-g1.png": ENDED,
    "corpus/signed/cards_expired_with_timestamp.jpg": ENDED,
    **{f"corpus/signed/cards_trusted.{kind}": ENDED for kind in ("avif", "jpg", "svg", "webp")},
    "corpus/signed/cards_untrusted.jpg": ENDED,
    **{f"identity/x509-es256-{kind}": DETERMINISTIC for kind in ("jpeg.jpg", "png.png")},
    "histories: a note is zeroed, honest": ZEROED,
    "paths: a stranger's certificates behind them, honest": BEHIND,
    **dict.fromkeys(SEVERAL, PARTS),
    **FIELDS,
    **dict.fromkeys((f"encodings: {each}, honest" for each in BOXES), REWRITTEN),
    **dict.fromkeys((f"encodings: {each}, honest" for each in FORMS), UNOPENED),
    **dict.fromkeys((f"issuers: a key on {each} and SHA-256, honest" for each in KEYS), CURVES),
    **dict.fromkeys((f"answers: {each}, honest" for each in TOLD), ANSWERS),
    **{
        title: DETERMINISTIC
        for title, case in HONEST.items()
        if case.family == "identities" and case.expected["identities"] and title not in AGREED
    },
}
"""Intact files of which C2PA's own word is another than the engine's."""
HASHES: Mapping[str, str] = {
    "rules/52_exclusions_overlap.png": SORTED,
    "fragments: its initial segment alone, honest": SEGMENT,
    **FIELDS,
    **dict.fromkeys(SEVERAL, PARTS),
}
"""Files of which the engine's hashing holds something else."""


def faults() -> dict[str, Path]:
    """The faulty files that hold pictures, by folder and name."""
    if FAULTS is None:
        return {}
    kinds = (".jpg", ".png", ".gif", ".mp4", ".heif")
    found = (each for each in sorted(FAULTS.rglob("*")) if each.suffix in kinds)
    return {f"{each.parent.name}/{each.name}": each for each in found}


def trusts(name: str, path: Path) -> Mapping[str, Trust]:
    """By whom an old file or a faulty one is judged."""
    if name in OLD:
        return verdicts.trusts(name)
    root = path.with_suffix(".root")
    if root.exists():
        return {"its root": Trust.of(signers=root)}
    if path.parent.name == "rules":
        return {"its root": Trust.of(signers=path.parent / "root.pem")}
    if path.parent.name == "identity":
        folder = path.parent
        own = Trust.of(
            signers=folder / "claim-allowed.pem",
            identity=folder / "cawg-allowed.pem",
            tsa=folder / "tsa-trust.pem",
        )
        return {"its anchors": own}
    return {"nobody": Trust()}


def whole(data: bytes, trust: Trust) -> str:
    """The state that the engine gives to a whole file."""

    def pem(kind: AnchorKind) -> bytes | None:
        return b"".join(each.pem for each in trust.of_kind(kind)) or None

    reading = raw.read(
        data,
        formats.identify(data).media_type,
        anchors=pem(AnchorKind.SIGNER),
        time_stamp_anchors=pem(AnchorKind.TSA),
        identity_anchors=pem(AnchorKind.IDENTITY),
    )
    return reading.state.lower()


def agreed(name: str, data: bytes, trust: Trust, beside: bytes | None = None) -> None:
    """Our state and our hashing against the engine's."""
    asset = Asset(data=data, manifest=beside)
    try:
        ours = examine(asset, trust=trust).report
    except GenlabelError:
        return  # no file that is read here
    if ours.integrity is Integrity.ABSENT:
        return
    theirs = examine(asset, trust=trust, by_engine=True).report
    same = (errors(ours), ours.integrity) == (errors(theirs), theirs.integrity)
    assert same != (name in HASHES), (ours.findings, theirs.findings)
    if ours.integrity is Integrity.INTACT and beside is None:
        state = whole(data, trust)
        if ours.form is Form.MALFORMED and state == "error":
            state = "invalid"  # c2pa-rs gives up on the whole manifest where it breaks such a rule
        assert (ours.state.value == state) != (name in STATES), (ours.state.value, state)


def errors(report: Report) -> set[str]:
    """What is wrong; what a binding leaves out is asked by our own code alone."""
    return {each.code for each in report.findings if each.severity is Severity.ERROR}


@pytest.mark.frozen
@pytest.mark.parametrize("name", [*OLD, *faults()])
def test_old_files_and_faulty_ones(name: str) -> None:
    path = {**OLD, **faults()}[name]
    for trust in trusts(name, path).values():
        agreed(name, path.read_bytes(), trust)


@pytest.mark.parametrize("title", HONEST)
def test_honest_files_beside_forgeries(title: str) -> None:
    made = HONEST[title].make()
    agreed(title, made.data, made.trust, made.beside)


@cache
def house() -> Authority:
    return Authority.new("A")


@pytest.mark.parametrize("name", drawn_kinds.kinds())
def test_what_is_signed_here(name: str) -> None:
    try:
        label = Label.generated(producer=Producer("A"))
        data = genlabel.sign(drawn_kinds.kinds()[name], label, house().signer()).data
    except GenlabelError as refusal:
        pytest.skip(f"not signed: {refusal}")
    agreed(name, data, genlabel.testing.trust(house()))


def test_every_difference_is_about_a_file() -> None:
    known = {*OLD, *faults(), *HONEST}
    if FAULTS is not None:
        assert {*STATES, *HASHES} <= known
