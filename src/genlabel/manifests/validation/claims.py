"""What our own code finds of one manifest: claim signature, and every part that the claim names.

C2PA 2.4 §15.6, §15.7 and §15.10, but for the signer's credentials, time-stamps and the hard
binding, and for what the content of an assertion should be. This module imports cryptography; it is
imported only where a manifest is to be judged.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.utils import CryptographyDeprecationWarning

from genlabel.credentials.x509 import key, lenient
from genlabel.manifests.store import ancestry, cose
from genlabel.manifests.store.ancestry import (
    ASSERTIONS,
    MANIFESTS,
    Path,
    address,
    is_zero,
    signature_address,
)
from genlabel.manifests.store.cbor import Ambiguous, Unreadable
from genlabel.manifests.store.cose_sign1 import NotUnderstood
from genlabel.manifests.store.manifest_store import Manifest, ManifestStore, Missing, Superbox
from genlabel.manifests.validation import update_manifest
from genlabel.manifests.validation.status_codes import (
    AMBIGUOUS,
    HASH_HOLDS,
    SIGNATURE_UNCHECKED,
    VALIDATED,
    Status,
)

SUCCESSES = frozenset((VALIDATED, HASH_HOLDS))
"""The codes of `checked` that are no failures."""
_HARD_BINDING = "c2pa.hash."
_ACTIONS = "c2pa.actions"
_STANDARD = "c2pa."
_CHECKED_ELSEWHERE = frozenset((*MANIFESTS, "claimSignature"))
"""Hashed URIs of an ingredient that have rules of their own (§15.11.3)."""
_HASH, _URL, _ALGORITHM = "hash", "url", "alg"
_HOLDING = (dict, list)


def checked(
    store: ManifestStore,
    manifest: Manifest,
    *,
    redacted: Collection[Path] | None = None,
    verified: bool = False,
) -> tuple[Status, ...]:
    """The status codes of `manifest`, good ones as well, in the order of the specification's steps.

    `redacted` are the ways to those of its parts that claims of its descendants redact; looked up
    unless given. `verified` says that the claim's signature was verified before.
    """
    if redacted is None:
        redacted = ancestry.walk(store).redacted.get(manifest.label, frozenset())
    try:
        claim = manifest.claim
    except Unreadable as error:
        return (claim_unread(manifest, error), *_unread_signature(manifest))
    return (
        _signature(store, manifest, claim, verified=verified),
        *_parts(store, manifest, claim, redacted),
        *_references(store, manifest, claim, redacted),
        *update_manifest.checked(manifest),
    )


def claim_unread(manifest: Manifest, error: Unreadable) -> Status:
    """What is told of a claim that cannot be read, wherever that is met."""
    if isinstance(error, Missing):
        code = "claim.missing"
    elif isinstance(error, Ambiguous):
        claims = [each for each in manifest.box.superboxes if each.label.startswith("c2pa.claim")]
        code = "claim.multiple" if len(claims) > 1 else AMBIGUOUS
    else:
        code = "claim.cbor.invalid"
    return Status(code, address(manifest), str(error))


def _unread_signature(manifest: Manifest) -> Iterator[Status]:
    """The signature over a claim whose map cannot be read: its bytes can."""
    try:
        content = manifest.claim_box.content(b"cbor")
    except Unreadable:
        return
    yield _verified(manifest, content)


def _signature(
    store: ManifestStore, manifest: Manifest, claim: Mapping[str, Any], *, verified: bool
) -> Status:
    """§15.7: the signature that the claim names, which lies in the same manifest."""
    inside, path = store.place(claim.get("signature"), manifest)
    try:
        box = manifest.signature_box
    except Missing as error:
        return Status("claimSignature.missing", signature_address(manifest), str(error))
    except Unreadable as error:
        return Status(AMBIGUOUS, signature_address(manifest), str(error))
    if inside is not manifest or path != (box.label,):
        what = "the claim names a signature that is not in its manifest"
        return Status("claimSignature.missing", signature_address(manifest), what)
    if verified:
        return Status(VALIDATED, signature_address(manifest), "")
    return _verified(manifest, manifest.claim_box.content(b"cbor"))


def is_signed(manifest: Manifest) -> bool:
    """Does the claim signature hold over the claim, whatever else is wrong?"""
    try:
        content = manifest.claim_box.content(b"cbor")
    except Unreadable:
        return False
    return _verified(manifest, content).code == VALIDATED


def _verified(manifest: Manifest, claim: bytes) -> Status:
    """Did the key of the first certificate sign the bytes of the claim?"""
    where = signature_address(manifest)
    try:
        signature = cose.of_claim(manifest.signature, claim)
    except Missing as error:
        return Status("claimSignature.missing", where, str(error))
    except NotUnderstood as error:
        return Status(SIGNATURE_UNCHECKED, where, str(error))
    except Unreadable as error:
        return Status("claimSignature.mismatch", where, str(error))
    try:
        public = lenient.load(signature.certificates[0]).public_key()
    except UnsupportedAlgorithm as error:
        return Status("algorithm.unsupported", where, str(error))
    except (ValueError, TypeError, x509.InvalidVersion, CryptographyDeprecationWarning) as error:
        return Status("claimSignature.mismatch", where, str(error))
    algorithm = cose.ALGORITHMS.get(signature.algorithm)
    if algorithm is None:
        what = f"COSE's algorithm {signature.algorithm}"
        return Status("algorithm.unsupported", where, what)
    if not key.verifies(public, algorithm, signature.signature, signature.signed):
        return Status("claimSignature.mismatch", where, "the signature is not over this claim")
    return Status(VALIDATED, where, "")


def _parts(
    store: ManifestStore,
    manifest: Manifest,
    claim: Mapping[str, Any],
    redacted: Collection[Path],
) -> Iterator[Status]:
    """§15.10.3.1: each assertion that the claim lists, and those that it does not."""
    try:
        references, boxes = manifest.references, manifest.assertions
    except Missing:
        references, boxes = manifest.references, {}
    except Ambiguous as error:
        yield Status(AMBIGUOUS, address(manifest, (ASSERTIONS,)), str(error))
        return
    except Unreadable as error:
        yield Status("claim.cbor.invalid", address(manifest), str(error))
        return
    listed: set[str] = set()
    default = _default(claim)
    for reference, _ in references:
        inside, path = store.place(reference.get(_URL), manifest)
        if inside is not manifest or len(path) != 2 or path[0] != ASSERTIONS:
            outside = inside is not None and inside is not manifest
            code = "assertion.outsideManifest" if outside else "assertion.missing"
            yield Status(code, str(reference.get(_URL, "")), "no assertion of this manifest")
            continue
        where = address(manifest, path)
        if path[1] in listed:
            yield Status("claim.malformed", where, "the claim lists one assertion twice")
            continue
        listed.add(path[1])
        box = boxes.get(path[1])
        if path in redacted:
            yield from _redacted(where, path[1], box)
            if box is None or is_zero(box):
                continue
        if box is None:
            yield Status("assertion.missing", where, "the claim lists it, and it is not there")
        else:
            yield _matched(store, box, reference, default, where, "assertion.hashedURI")
    for label in boxes:
        if label not in listed:
            where = address(manifest, (ASSERTIONS, label))
            yield Status("assertion.undeclared", where, "the claim does not list it")
    yield from _own_redactions(store, manifest)


def _redacted(where: str, label: str, box: Superbox | None) -> Iterator[Status]:
    """§15.10.3.1: what may be redacted, and is it gone?"""
    if label.startswith(_ACTIONS):
        yield Status("assertion.action.redacted", where, "actions must not be redacted")
    elif label.startswith(_HARD_BINDING):
        yield Status("assertion.dataHash.redacted", where, "a binding must not be redacted")
    if box is not None and not is_zero(box):
        yield Status("assertion.notRedacted", where, "it is said to be redacted and is there")


def _own_redactions(store: ManifestStore, manifest: Manifest) -> Iterator[Status]:
    for uri in manifest.redacted:
        if store.place(uri, manifest)[0] is manifest:
            yield Status("assertion.selfRedacted", uri, "a claim redacts what it says itself")


def _references(
    store: ManifestStore,
    manifest: Manifest,
    claim: Mapping[str, Any],
    redacted: Collection[Path],
) -> Iterator[Status]:
    """§15.10.3.3: the hashed URIs within the claim and within standard assertions."""
    default = _default(claim)
    info = claim.get("claim_generator_info")
    yield from _hashed_within(store, manifest, info, default, address(manifest), redacted)
    try:
        boxes = manifest.assertions
    except Unreadable:
        return  # told already
    for label, box in boxes.items():
        path = (ASSERTIONS, label)
        if not label.startswith(_STANDARD) or (path in redacted and is_zero(box)):
            continue
        where = address(manifest, path)
        if b"cbor" not in dict(box.contents):
            continue
        try:
            value = manifest.assertion(label)
        except Ambiguous as error:
            yield Status(AMBIGUOUS, where, str(error))
        except Unreadable as error:
            yield Status("assertion.cbor.invalid", where, str(error))
        else:
            yield from _hashed_within(store, manifest, value, default, where, redacted)


def _hashed_within(
    store: ManifestStore,
    manifest: Manifest,
    value: object,
    default: str | None,
    where: str,
    redacted: Collection[Path],
) -> Iterator[Status]:
    """What fails of the hashed URIs somewhere in `value`; those that match are no news.

    Assertions are bound by the claim that lists them. Other hashes of them are not asked: what
    signers wrote until 2022 into actions is the hash of the ingredient before it was finished.
    """
    waiting: list[tuple[object, str | None]] = [(value, default)]
    while waiting:
        each, algorithm = waiting.pop()
        if type(each) is list:
            waiting += [(item, algorithm) for item in each if type(item) in _HOLDING]
            continue
        if type(each) is not dict:
            continue
        named = each.get(_ALGORITHM)
        algorithm = named if isinstance(named, str) else algorithm
        url = each.get(_URL)
        if isinstance(url, str) and url.startswith("self#jumbf=") and _HASH in each:
            inside, path = store.place(url, manifest)
            box = store.resolve(url, manifest)
            if inside is not manifest or path in redacted:
                continue  # what lies in others, and what redaction leaves of it, is judged there
            if box is None:
                yield Status("hashedURI.missing", where, "what it references is not there")
            elif path[:1] != (ASSERTIONS,):
                status = _matched(store, box, each, algorithm, where, "hashedURI")
                if not status.code.endswith(".match"):
                    yield status
            continue
        waiting += [
            (item, algorithm)
            for name, item in each.items()
            if type(item) in _HOLDING and name not in _CHECKED_ELSEWHERE
        ]


def _matched(
    store: ManifestStore,
    box: Superbox,
    reference: Mapping[str, Any],
    default: str | None,
    where: str,
    family: str,
) -> Status:
    """Is `box` what a hashed URI is over (§8.4.2.3), by its own algorithm or the `default`?"""
    digest = digest_of(store, box, reference, default)
    if digest is None:
        what = "its hash is of an algorithm that C2PA does not have, or of none that is named"
        return Status("algorithm.unsupported", where, what)
    if digest != reference.get(_HASH):
        return Status(f"{family}.mismatch", where, "its hash is another one")
    return Status(f"{family}.match", where, "")


def digest_of(
    store: ManifestStore, box: Superbox, reference: Mapping[str, Any], default: str | None
) -> bytes | None:
    """The hash of `box` by the algorithm of a hashed URI (§15.4); None where none can be used."""
    named = reference.get(_ALGORITHM)
    algorithm = named if isinstance(named, str) else default
    return store.digest(box, algorithm) if algorithm is not None else None


def _default(claim: Mapping[str, Any]) -> str | None:
    """The claim's hash algorithm, for all that do not name one (§15.4)."""
    algorithm = claim.get(_ALGORITHM)
    return algorithm if isinstance(algorithm, str) else None
