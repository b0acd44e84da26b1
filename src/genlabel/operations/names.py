"""Names in a file: by whose word the producer is called so, and whom a name only looks like."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice
from operator import attrgetter

from genlabel.credentials.trust import Trust
from genlabel.manifests.validation.reading import Reading
from genlabel.model.escape import quoted
from genlabel.model.parties import ProducerBasis
from genlabel.model.report import (
    Declaration,
    Declared,
    Finding,
    Integrity,
    Mark,
    Severity,
    SignedBy,
    TrustLevel,
    Validity,
)

MAX_COMPARED = 256
"""Most names of one file that are compared with trusted ones."""
_NAMES = {
    name: name.replace("_", " ")
    for name in ("producer", "supplier", "generator", "generator_provider", "creator", "credit")
}
"""The fields of a declaration that name somebody, in its order, as sentences call them."""
_named_in = attrgetter(*_NAMES)


def with_basis(declared: Declared, reading: Reading, trust: Trust) -> Declared:
    """`declared`, with by whose word its producer is called so."""
    basis = _basis(declared, reading, trust)
    return declared if basis is declared.producer_basis else replace(declared, producer_basis=basis)


def _basis(declared: Declared, reading: Reading, trust: Trust) -> ProducerBasis | None:
    producer, signer = declared.producer, reading.signer
    if producer is None:
        return None
    if declared.producer_attested:
        return ProducerBasis.IDENTITY
    is_vouched_for = reading.integrity is Integrity.INTACT and not reading.producer_is_gathered
    if signer is None or not is_vouched_for or not _answers(signer):
        return ProducerBasis.CLAIM
    if producer == (signer.organisation or signer.common_name):
        return ProducerBasis.SIGNER
    if (signer.organisation, producer) in trust.producers:
        return ProducerBasis.CONFIGURED
    return ProducerBasis.CLAIM


def _answers(signer: SignedBy) -> bool:
    return signer.trust is not TrustLevel.UNKNOWN and signer.validity is Validity.WITHIN


def confusable(
    reading: Reading, marks: Mapping[Mark, Declaration], trust: Trust
) -> Iterator[Finding]:
    """Names in the file that differ from trusted ones in characters that look alike alone."""
    named = _named(reading, marks)[:MAX_COMPARED]
    if not named:
        return
    trusted = _trusted(reading, trust)
    if not trusted:
        return
    from genlabel.model.skeleton import looks_like

    compared: set[str] = set()
    for where, name in named:
        if name in compared:
            continue
        compared.add(name)
        meant = looks_like(name, trusted)
        if meant is not None:
            yield Finding(
                "genlabel.name.confusable",
                severity=Severity.WARNING,
                where=where,
                explanation=f"{quoted(name)} looks like {quoted(meant)}, whom you know, and is "
                f"another name: {_difference(name, meant)}",
            )


def _trusted(reading: Reading, trust: Trust) -> frozenset[str]:
    """Whom the user knows: holders of anchors, signers and identities by them, named producers."""
    names = {name for pair in trust.producers for name in pair}
    if trust.entries:
        from genlabel.credentials.trust import holders

        names |= holders.names(trust)
    if reading.signer is not None and reading.signer.trust is not TrustLevel.UNKNOWN:
        names |= {reading.signer.organisation or "", reading.signer.common_name or ""}
    for actor in reading.identities:
        names |= actor.names if actor.known else frozenset()
    return frozenset(names - {""})


def _named(reading: Reading, marks: Mapping[Mark, Declaration]) -> list[tuple[str, str]]:
    """Where somebody is named, and as whom."""
    named: list[tuple[str, str]] = []
    if reading.signer is not None:
        for name in (reading.signer.organisation, reading.signer.common_name):
            if name:
                named.append(("signer", name))
    for actor in reading.identities:
        named += [(actor.label, name) for name in sorted(actor.names)]
    for mark, declaration in marks.items():
        for words, value in zip(_NAMES.values(), _named_in(declaration), strict=True):
            for name in (value,) if isinstance(value, str) else value or ():
                if name:
                    named.append((f"{mark} {words}", name))
    for ancestor in reading.ingredients:
        if ancestor.organisation:
            named.append(("ancestor", ancestor.organisation))
    return named


def _difference(name: str, meant: str) -> str:
    """The characters of `name` that the other has not, by their numbers."""
    points = dict.fromkeys(f"U+{ord(char):04X}" for char in name if char not in meant)
    return ", ".join(islice(points, 8)) or "its characters stand in another order"
