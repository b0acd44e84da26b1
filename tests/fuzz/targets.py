"""What is fuzzed: for each room functions of bytes that raise nothing, whatever the bytes are.

An exception that a target lets through is a fault, and so is an assertion that fails. What a room
may answer to a bad file (its own exceptions) is caught here, and nothing else is.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import NamedTuple

import attacks
import hand_made_chains as made
import responders
import stamps
from genlabel import Label, Producer, formats, testing
from genlabel.cli.settings.load import load as load_settings
from genlabel.credentials import key_check
from genlabel.credentials.revocation import ocsp
from genlabel.credentials.timestamps import token, verify as stamp_verdicts
from genlabel.credentials.trust import Trust, anchor_pem
from genlabel.credentials.x509 import chain as chains
from genlabel.formats.format import EXIF, IIM, XMP
from genlabel.manifests.binding import judge
from genlabel.manifests.store import ancestry, cbor_value, cose, manifest_store
from genlabel.manifests.store.cbor import Unreadable
from genlabel.metadata import METADATA_MARKS
from genlabel.metadata.write import write
from genlabel.model.asset import Asset
from genlabel.model.errors import (
    ConfigurationError,
    CredentialError,
    MalformedAsset,
    MalformedMetadata,
    TimeStampError,
    TrustError,
    UnsupportedFormat,
)
from genlabel.operations.verify import verify
from genlabel.pixels import compare
from genlabel.storage import pending, selection

GOLDEN = Path(__file__).parents[1] / "golden"
LABEL = Label.generated(producer=Producer("Acme"))
"""What is written into damaged metadata."""
NOW = datetime.now(UTC)


class Target(NamedTuple):
    """One function that is fuzzed."""

    room: str
    name: str
    fuzz: Callable[[bytes], None]
    seeds: Callable[[], tuple[bytes, ...]]
    """Whole inputs, which are changed."""


def fuzz_formats(data: bytes) -> None:
    """A file is surveyed and rewritten, or malformed."""
    attacks.survive(data)


def fuzz_binding(data: bytes) -> None:
    """The hard binding of a file is judged by our own code."""
    try:
        container = formats.identify(data)
        survey = container.survey(data)
    except (MalformedAsset, UnsupportedFormat):
        return
    if survey.manifest is None:
        return
    try:
        active = manifest_store.read(bytes(survey.manifest)).active
        labels = [] if active is None else [*active.assertions]
    except Unreadable:
        return
    for label in labels:
        if active is not None and label.startswith("c2pa.hash."):
            try:
                fields = active.assertion(label)
            except Unreadable:
                continue
            if isinstance(fields, dict):
                judge.judged(label, fields, container, survey, algorithm="sha256", external=False)


def fuzz_bindings_fields(data: bytes) -> None:
    """A hard binding with any fields is judged on an honest file."""
    try:
        fields = cbor_value.value(data)
    except Unreadable:
        return
    if not isinstance(fields, Mapping):
        return
    for file, label in _bound():
        container = formats.identify(file)
        survey = container.survey(file)
        judge.judged(label, fields, container, survey, algorithm="sha256", external=False)


@cache
def _bound() -> tuple[tuple[bytes, str], ...]:
    png = signed()[1]
    avif = attacks.FULL["avif"]
    return (png, "c2pa.hash.data"), (png, "c2pa.hash.boxes"), (avif, "c2pa.hash.bmff.v3")


def fuzz_verdict(data: bytes) -> None:
    """A whole picture is verified, with the engine."""
    try:
        verify(Asset(data))
    except (MalformedAsset, UnsupportedFormat):
        return


def fuzz_store(data: bytes) -> None:
    """A manifest store is read, with everything that is in it."""
    try:
        store = manifest_store.read(data)
        active = store.active
        walk = ancestry.walk(store)
        ancestry.redactions(store, walk.links)
        for link in walk.links:
            list(link.recorded())
    except Unreadable:
        return
    if active is None:
        return
    for ask in (
        lambda: active.claim,
        lambda: active.references,
        lambda: active.redacted,
        lambda: cose.claim_signature(active).time_stamp,
        lambda: [active.assertion(each) for each in active.assertions],
        lambda: ancestry.binding_manifest(store, active),
    ):
        try:
            ask()
        except Unreadable:
            continue


def fuzz_cbor(data: bytes) -> None:
    """One item of CBOR is decoded."""
    try:
        cbor_value.value(data)
    except Unreadable:
        return


def _metadata(data: bytes, slot: str) -> None:
    payloads = {slot: data}
    for mark in METADATA_MARKS:
        try:
            mark.read(payloads)
        except MalformedMetadata:
            continue
    writing = write(payloads, LABEL, slots=(slot,))
    after = {**payloads, **writing.changes}
    for mark, said in writing.promised.items():
        module = next(each for each in METADATA_MARKS if each.MARK is mark)
        left = {place: block for place, block in after.items() if block is not None}
        assert module.read(left) == said


def fuzz_xmp(data: bytes) -> None:
    """A packet is read, and a label goes into it and reads back."""
    _metadata(data, XMP)


def fuzz_iim(data: bytes) -> None:
    """Datasets are read, and a label goes into them and reads back."""
    _metadata(data, IIM)


def fuzz_exif(data: bytes) -> None:
    """An Exif block is read, and a label goes into it and reads back."""
    _metadata(data, EXIF)


def fuzz_pixels(data: bytes) -> None:
    """A picture is compared with another one."""
    compare.compare(_original(), data, max_pixels=10_000)


@cache
def _original() -> bytes:
    return testing.picture("png", size=(16, 16))


@cache
def _temporary() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="genlabel-fuzz-")


def _folder() -> Path:
    return Path(_temporary().name)


def fuzz_settings(data: bytes) -> None:
    """A configuration file is loaded, or told to be wrong."""
    path = _folder() / "genlabel.toml"
    path.write_bytes(data)
    try:
        load_settings(config=path, environ={}, start=_folder())
    except ConfigurationError:
        return


def fuzz_selection(data: bytes) -> None:
    """A list of files is read."""
    assert all(isinstance(each, Path) for each in selection.listed(data))


def fuzz_pending(data: bytes) -> None:
    """What a run may have left beside a picture is read, and names nothing elsewhere."""
    picture = _folder() / "cat.png"
    path = pending.path_for(picture)
    path.write_bytes(data)
    found = pending.read(path)
    assert found is None or (found.picture.parent, found.sidecar.parent) == (_folder(),) * 2


def fuzz_stamps(data: bytes) -> None:
    """A time-stamp token is judged, and an authority's answer is taken or not."""
    stamp_verdicts.judged(data, b"message", Trust())
    try:
        token.answered(token.Query.about(b"message"), data)
    except TimeStampError:
        return


def fuzz_ocsp(data: bytes) -> None:
    """An OCSP response is read."""
    house = _house()
    try:
        ocsp.single_responses(data, house.leaf.certificate, house.middle.certificate, at=NOW)
    except ocsp.InvalidResponse:
        return


def fuzz_trust(data: bytes) -> None:
    """A file of anchors is read."""
    for ask in (lambda: anchor_pem.anchors_in(data, "fuzz"), lambda: Trust.of(signers=data)):
        try:
            ask()
        except TrustError:
            continue


def fuzz_chain(data: bytes) -> None:
    """A file of certificates is checked as `keys check` does it."""
    path = _folder() / "chain.pem"
    path.write_bytes(data)
    try:
        chains.load(data)
        key_check.check(path, key_file=None)
    except CredentialError:
        return


@cache
def _root() -> made.Link:
    return made.root()


@cache
def _leaf() -> made.Link:
    return made.leaf(_root())


@cache
def _house() -> responders.House:
    return responders.House.new()


@cache
def containers() -> tuple[bytes, ...]:
    """Files of every container, signed ones among them."""
    return (*attacks.FULL.values(), *signed())


@cache
def signed() -> tuple[bytes, ...]:
    """Files that genlabel has signed."""
    return tuple((GOLDEN / f"0.1.0.{kind}").read_bytes() for kind in ("jpg", "png", "webp"))


@cache
def stores() -> tuple[bytes, ...]:
    """Manifest stores."""
    found = (formats.identify(each).survey(each).manifest for each in signed())
    return tuple(bytes(each) for each in found if each is not None)


def _payloads(slot: str, *more: bytes) -> tuple[bytes, ...]:
    surveys = (formats.identify(each).survey(each) for each in containers())
    blocks = {bytes(each.payloads[slot]) for each in surveys if slot in each.payloads}
    return (*more, *sorted(blocks - {b"xmp", b""}))


@cache
def _claims() -> tuple[bytes, ...]:
    read = (manifest_store.read(each).active for each in stores())
    return tuple(each.claim_box.content(b"cbor") for each in read if each is not None)


@cache
def _bindings() -> tuple[bytes, ...]:
    read = (manifest_store.read(each).active for each in stores())
    boxes = (each.assertions.items() for each in read if each is not None)
    return tuple(
        box.content(b"cbor") for each in boxes for label, box in each if "c2pa.hash" in label
    )


@cache
def _chains() -> tuple[bytes, ...]:
    return _leaf().pem + _root().pem, (GOLDEN / "0.1.0.anchors.pem").read_bytes()


@cache
def _stamps() -> tuple[bytes, ...]:
    clock = stamps.Clock.new()
    return stamps.token(b"message", clock), stamps.token(b"message", clock, answered=True)


@cache
def _responses() -> tuple[bytes, ...]:
    house = _house()
    about = (house.leaf, house.middle)
    return (
        responders.says(*about, house.middle, responders.GOOD),
        responders.says(*about, house.delegate, responders.REVOKED),
    )


def _pictures() -> tuple[bytes, ...]:
    return tuple(testing.picture(each, size=(16, 16)) for each in ("png", "jpeg", "webp"))


SETTINGS = (
    b"""[signer]
key = "signing.key"
certificates = ["signing.pem"]
[producer]
name = "Acme"
[trust]
signers = "anchors.pem"
lists = ["official"]
max-list-age = "30 days"
[time]
authorities = ["http://tsa.example"]
""",
    b'[label]\nhistory = \'generated\'\n[label.producer]\nname = """A"""\n',
)
LISTS = (b"a.png\nb/c.jpg\n", b"a.png\0b\nc.jpg\0")
LEFT = (
    b'{"picture": "cat.png", "sidecar": "cat.png.c2pa", "sha256": "00", "machine": "m 1"}\nstore',
)

TARGETS = (
    Target("formats", "formats", fuzz_formats, containers),
    Target("manifests", "store", fuzz_store, stores),
    Target("manifests", "cbor", fuzz_cbor, lambda: (*_claims(), *_bindings())),
    Target("manifests", "binding", fuzz_binding, signed),
    Target("manifests", "bindings' fields", fuzz_bindings_fields, _bindings),
    Target("operations", "verdict", fuzz_verdict, signed),
    Target("metadata", "xmp", fuzz_xmp, lambda: _payloads(XMP)),
    Target("metadata", "iim", fuzz_iim, lambda: _payloads(IIM, b"\x1c\x02\x78\0\x03cat")),
    Target("metadata", "exif", fuzz_exif, lambda: _payloads(EXIF)),
    Target("pixels", "compare", fuzz_pixels, _pictures),
    Target("cli", "settings", fuzz_settings, lambda: SETTINGS),
    Target("storage", "selection", fuzz_selection, lambda: LISTS),
    Target("storage", "pending", fuzz_pending, lambda: LEFT),
    Target("credentials", "stamps", fuzz_stamps, _stamps),
    Target("credentials", "ocsp", fuzz_ocsp, _responses),
    Target("credentials", "trust", fuzz_trust, _chains),
    Target("credentials", "chain", fuzz_chain, _chains),
)
