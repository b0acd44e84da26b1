"""How a file contradicts itself: its marks, claims in other places, traces and addresses.

Nothing here decides who is right. What is declared is the strongest statement: a generative source
type, wherever it stands, because nobody calls a photograph generated to deceive.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import chain, combinations, islice
from typing import Any

from genlabel.formats.format import Container, Survey
from genlabel.manifests.validation.reading import Reading
from genlabel.metadata.claims import Claim, Claims
from genlabel.model import carried
from genlabel.model.asset import Asset
from genlabel.model.report import (
    NOTHING,
    Declaration,
    Declared,
    Finding,
    Integrity,
    Mark,
    Severity,
)
from genlabel.model.vocabulary import DigitalSourceType, same_source_type, strength_of

_NOT_COMPARED = frozenset({"created", "identifier", "source_type"})
"""Fields that other software rightly writes with values of its own, and the one that is compared
over all places."""
_CAPTURED = frozenset(
    {
        *(DigitalSourceType.DIGITAL_CAPTURE, DigitalSourceType.COMPUTATIONAL_CAPTURE),
        *(DigitalSourceType.NEGATIVE_FILM, DigitalSourceType.POSITIVE_FILM),
        DigitalSourceType.PRINT,
    }
)
"""Source types of what a camera or a scanner saw."""
_MAKING = frozenset({"c2pa.created", "c2pa.edited", "c2pa.drawing", "c2pa.placed"})
"""Actions that put something into a picture: who has a generator as their agent had it drawn by a
model. A generator's service also converts, crops and publishes."""
_MAX_TOLD = 8
"""Most findings of one kind: a file may claim a hundred things."""


def declared(reading: Reading, marks: Mapping[Mark, Declaration], claims: Claims) -> Declared:
    """The strongest statement: the manifest's, unless only unsigned metadata say "generated".

    What is claimed in other files is held against the unsigned words of this one, and never counts
    for more than a manifest.
    """
    signed = reading.declared
    said = marks.get(Mark.IPTC, NOTHING)
    if signed.source_type is None:
        claim = claims.strongest()
        return _unsigned(signed, said, claim) if claim or said.producer else signed
    inside = claims.strongest(beside=False)
    if inside is None or strength_of(inside.source_type) <= strength_of(signed.source_type):
        return signed
    return _unsigned(signed, said, inside)


def _unsigned(signed: Declared, said: Declaration, claim: Claim | None) -> Declared:
    """The claim, with the generator that stands beside it, and not with that of another action."""
    here = claim is None or claim.where == Mark.IPTC.value
    own = said.generator if here else None
    return replace(
        signed,
        source_type=claim.source_type if claim is not None else None,
        producer=signed.producer or said.producer,
        generator=own if signed.source_type is not None else signed.generator or own,
        origin=claim.where if claim is not None else Mark.IPTC.value,
        attested=False,
        inherited_from=None,
    )


def disagreements(marks: Mapping[Mark, Declaration], claims: Claims) -> Iterator[Finding]:
    """Fields in which two marks of the same file contradict each other, and source types in which
    any two places do."""
    for (one, declaration), (other, other_declaration) in combinations(marks.items(), 2):
        for name, value, there in declaration.against(other_declaration):
            if name in _NOT_COMPARED or carried.agree(name, value, one, there, other):
                continue
            yield Finding(
                f"genlabel.marks.disagree.{name}",
                severity=Severity.WARNING,
                where=f"{one.value}, {other.value}",
                explanation=f"{name.replace('_', ' ')}: {one.value} says {_shown(value)}, "
                f"{other.value} says {_shown(there)}",
            )
    yield from islice(_source_types(marks, claims), _MAX_TOLD)


def _source_types(marks: Mapping[Mark, Declaration], claims: Claims) -> Iterator[Finding]:
    """Each claim that says something else than the manifest, or than the strongest claim."""
    signed = marks.get(Mark.MANIFEST, NOTHING).source_type
    strongest = claims.strongest()
    if signed is not None:
        against, where = signed, Mark.MANIFEST.value
    elif strongest is not None:
        against, where = strongest.source_type, strongest.where
    else:
        return
    for claim in claims.source_types:
        if not same_source_type(claim.source_type, against):
            yield Finding(
                "genlabel.marks.disagree.source_type",
                severity=Severity.ERROR,
                where=f"{where}, {claim.where}",
                explanation=f"source type: {where} says {_shown(against)}, "
                f"{claim.where} says {_shown(claim.source_type)}",
            )


def _shown(value: str | tuple[str, ...]) -> str:
    text = value if isinstance(value, str) else "; ".join(value)
    return repr(text if len(text) <= 80 else text[:79] + "…")


def unsigned_claim(reading: Reading, claims: Claims) -> Iterator[Finding]:
    """A source type without any manifest at hand that could say it: an address is none."""
    unsigned = reading.integrity is Integrity.ABSENT or reading.reason == "remote-only"
    claim = claims.strongest()
    if unsigned and claim is not None:
        yield Finding(
            "genlabel.claim.unsigned",
            severity=Severity.WARNING,
            where=claim.where,
            explanation="the source type stands in unsigned metadata, which anyone can write",
        )


def traces(
    container: Container, survey: Survey, said: Declared, stated: Mapping[str, Any]
) -> Iterator[Finding]:
    """What a generator left in a file that is declared to be what a camera saw.

    `stated` is what its manifests say: that a generator drew, too, is such a trace.
    """
    known = DigitalSourceType.understand(said.source_type) if said.source_type else None
    if known not in _CAPTURED:
        return
    from genlabel.metadata import every_text, generator_signs

    words = every_text.in_payloads(generator_signs.telling_blocks(container, survey))
    left = ((each.where, each.value) for each in generator_signs.left_in(words))
    for where, value in islice(chain(left, _drawn(stated)), 1):
        yield Finding(
            "genlabel.trace.contradicts",
            severity=Severity.WARNING,
            where=where,
            explanation=f"the source type is {known.code if known else ''}, and a generator wrote "
            f"{_shown(value)}",
        )


def generator_at_work(action: Mapping[str, Any]) -> str | None:
    """The generator that an action names as its agent, where it puts something into a picture."""
    from genlabel.manifests.validation import actions
    from genlabel.metadata import generator_signs

    agent = action.get("softwareAgent")
    name = actions.string(agent.get("name") if isinstance(agent, dict) else agent)
    made = action.get("action") in _MAKING and name and generator_signs.is_generator(name)
    return name if made else None


def _drawn(stated: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Generators by the signed history, each with its action; none where its signer overruled."""
    from genlabel.manifests.validation import actions

    acted = [
        action
        for part in actions.parts_of_picture(stated)
        for action, _ in actions.actions(actions.manifests(stated).get(part.manifest_id, {}))
    ]
    if any(actions.parameter(each, actions.OVERRULED) for each in acted):
        return
    for each in acted:
        if name := generator_at_work(each):
            yield f"manifest {each['action']}", name


def addresses(reading: Reading, store: bytes | None, claims: Claims) -> Iterator[Finding]:
    """Web addresses of manifests beside the one that was read: nobody asked there.

    The signer's certificate may name hosts; one that is none of them is somebody else's. Where it
    names none, whose the address is cannot be known.
    """
    web = claims.web_addresses
    if store is None or not web or reading.signer is None:
        return
    from genlabel.manifests.validation import signer_hosts

    hosts = signer_hosts.named_by(store)
    for address in web[:_MAX_TOLD]:
        if signer_hosts.belongs(address, hosts):
            continue
        whose = "on no host of its signer's certificate" if hosts else "of whom is not known"
        yield Finding(
            "genlabel.remote.other",
            severity=Severity.WARNING if hosts else Severity.NOTE,
            where=Mark.IPTC.value,
            explanation=f"the file names another manifest at {_shown(address)}, {whose}; it was "
            "not fetched, and may say something else",
        )


def sidecars(asset: Asset) -> Iterator[Finding]:
    """A second manifest beside the picture, of which other readers may take that one."""
    if asset.other_manifest is not None:
        yield Finding(
            "genlabel.sidecar.several",
            severity=Severity.WARNING,
            where=asset.other_manifest,
            explanation="a second manifest lies beside the picture, and is not the same: other "
            "readers may take that one",
        )
