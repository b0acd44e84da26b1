"""Read the signed result back and compare it with the label: never skipped, never sampled.

"Trusted" does not mean that a file still opens, and the engine signs much that is wrong; so every
result is surveyed, verified and compared before anyone gets it (contract §3).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from genlabel.credentials.identity import Identity, IdentityForm
from genlabel.credentials.signer import Signer, certificate_of
from genlabel.credentials.trust import Trust
from genlabel.formats.essence import same_essence
from genlabel.formats.format import MANIFEST, Pieces, Slot, Survey
from genlabel.manifests.definition.sources import Sources
from genlabel.manifests.store import jumbf
from genlabel.manifests.validation import actions as history, identity
from genlabel.model.asset import Asset
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import MalformedAsset, MalformedMetadata, SigningError, UnsupportedFormat
from genlabel.model.report import (
    AS_STORED,
    DETERMINISTIC,
    NOTHING,
    Declaration,
    Form,
    Integrity,
    Lineage,
    Mark,
    Report,
    Severity,
    Validity,
)
from genlabel.model.vocabulary import canonical
from genlabel.operations.signing.ingredients import Ingredient
from genlabel.operations.verify import Examination, examine
from genlabel.storage.comparing import Comparison

_FORMS = {IdentityForm.STANDARD: DETERMINISTIC, IdentityForm.C2PA_RS: AS_STORED}
_ALIGNED = 4
_BINDING = "c2pa.hash.bmff.v3"
"""C2PA 2.4 §18.7: the one hard binding that the engine lists among the assertions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What a signed picture must turn out to be."""

    signer: Signer
    identity: Identity | None
    definition: Mapping[str, Any]
    """What the engine was told to sign; its label is the manifest's."""
    parent: Ingredient | None
    elements: tuple[Ingredient, ...]
    sources: Sources
    declarations: Mapping[Mark, Declaration]
    payloads: Mapping[Slot, bytes]
    """Every slot's payload but the manifest's."""
    rewritten: Callable[[bytes | None], Pieces]
    """The file as our own rewrite makes it: with a manifest store, or ready for one."""
    placed: bool
    """Did our rewrite put the manifest in, or leave it out, and not the engine?"""


def accept(signed: Asset, source: Survey, expected: Expected, *, trust: Trust) -> Report:
    """The report on `signed`, if it is exactly `expected` and its coded pictures are `source`'s.

    Raises `SigningError` with the first thing that is not as it was meant.
    """
    try:
        result = examine(signed, trust=trust)
        complaint = next(_complaints(result, source, expected), None)
    except (MalformedAsset, MalformedMetadata, UnsupportedFormat) as error:
        raise SigningError(f"the signed picture does not read back: {error}") from error
    if complaint is not None:
        raise SigningError(
            f"the signed picture does not read back as it was meant: {complaint}",
            remedy="nothing was written; please report this with the picture's format",
            report=result.report,
        )
    return result.report


def _complaints(result: Examination, source: Survey, expected: Expected) -> Iterator[str]:
    report = result.report
    if report.integrity is not Integrity.INTACT:
        yield f"its manifest is {report.integrity.value} ({report.reason})"
    if report.form is not Form.WELL_FORMED:
        yield f"its manifest is not well-formed ({report.form.value})"
    for finding in result.reading.findings:
        if finding.severity is Severity.ERROR:
            yield str(finding)
    manifest_id = expected.definition["label"]
    if report.manifest_id != manifest_id:
        yield f"its manifest is {report.manifest_id}, and {manifest_id} was made"
    active = history.active(result.reading.document or {})
    if active.get("instance_id") != expected.definition["instance_id"]:
        yield f"its claim is of the instance {active.get('instance_id')}"
    if not _is_one_store(result.store or b"", manifest_id):
        yield "its manifest store is not one JUMBF box and nothing else"
    if report.signer is None or report.signer.serial != certificate_of(expected.signer).serial:
        yield "it is not signed with the certificate that was used"
    yield from _other_assertions(active, expected)
    yield from _not_attested(report, expected)
    yield from _lost_ancestors(report, expected)
    yield from _unlike(report.marks, expected.declarations)
    payloads = {slot: each for slot, each in result.survey.payloads.items() if slot != MANIFEST}
    if payloads != dict(expected.payloads):
        slots = [
            str(slot)
            for slot in {*payloads, *expected.payloads}
            if payloads.get(slot) != expected.payloads.get(slot)
        ]
        yield f"its metadata changed while it was signed ({', '.join(sorted(slots))})"
    # every byte of the result first: what of it is the source's own need not be compared again
    compared = Comparison()
    is_same = same_around_manifest(
        result, expected.rewritten, placed=expected.placed, compared=compared
    )
    if not same_essence(result.container, source, result.survey, compared):
        yield "its coded picture is not the one that was given"
    if not is_same:
        yield "bytes outside of its manifest are not those that were given"


def same_around_manifest(
    result: Examination,
    rewritten: Callable[[bytes | None], Pieces],
    *,
    placed: bool,
    compared: Comparison | None = None,
) -> bool:
    """Is every byte outside of the manifest as it was handed over?

    What the engine embedded is taken out again by our own rewrite, which mends the offsets and
    lengths that the container declares; then nothing may be left of it.
    """
    same = (compared or Comparison()).same
    if placed:
        whole = rewritten(result.survey.manifest)
        return same(whole, [result.survey.data], remember=True)
    without = result.container.rewrite(result.survey, {MANIFEST: None})
    given = rewritten(None)
    if result.survey.apart:  # the engine begins a directory of its own at a multiple of four
        more = sum(map(len, without)) - sum(map(len, given))
        given = [*given, bytes(more if 0 < more < _ALIGNED else 0)]
    return same(given, without, remember=True)


def _is_one_store(store: bytes, manifest_id: str) -> bool:
    """No hash covers what lies beside the JUMBF superbox in the manifest's own place."""
    try:
        jumbf.manifest(store, manifest_id)
    except ValueError:
        return False
    return True


def _other_assertions(manifest: Mapping[str, Any], expected: Expected) -> Iterator[str]:
    """Every assertion is there as it was defined, attributed to the signer, and no other is.

    But for the one of the identity, which is the engine's and looked at apart, and for the binding
    that the engine makes, which stands among the others in some formats.
    """
    defined = expected.definition["assertions"]
    signed = [_comparable(each) for each in manifest.get("assertions") or ()]
    signed = [each for each in signed if each[0] != _BINDING]
    if expected.identity is not None:
        signed = [each for each in signed if each[0] != identity.LABEL]
    wanted = [_comparable(each) for each in defined]
    if signed != wanted:
        labels = [each["label"] for each in defined]
        yield f"its assertions are not those that were made ({', '.join(labels)})"


def _not_attested(report: Report, expected: Expected) -> Iterator[str]:
    """The identity that was asked for, and nobody else, attests every assertion that was made."""
    wanted = expected.identity
    if wanted is None:
        return  # an identity assertion that nobody asked for is an assertion too many
    if len(report.identities) != 1:
        yield f"it has {len(report.identities)} identity assertions, and one was asked for"
        return
    (actor,) = report.identities
    if not actor.holds:
        yield f"its identity assertion does not hold ({', '.join(actor.codes)})"
    elif actor.validity is not Validity.WITHIN:
        yield f"the certificate of its identity assertion is {actor.validity.value}"
    elif actor.form != _FORMS[wanted.form]:
        yield f"its identity assertion is signed over another form ({actor.form})"
    if actor.serial != certificate_of(wanted.signer).serial:
        yield "its identity assertion is not signed with the identity's certificate"
    if actor.roles != tuple(role.value for role in wanted.roles):
        yield f"its identity assertion names the roles {', '.join(actor.roles) or 'none'}"
    labels = {each["label"] for each in expected.definition["assertions"]}
    missing = labels - set(actor.references)
    if missing or not set(actor.references) - labels:
        yield f"its identity assertion leaves out {', '.join(sorted(missing)) or 'the picture'}"


_MAPPINGS = (dict, Mapping)
"""The first is asked first, in C."""


def _comparable(assertion: Mapping[str, Any]) -> tuple[object, ...]:
    """Label, attribution and data, but for the parameters by which actions name ingredients:
    the engine turns those into hashed links.
    """
    data = assertion.get("data")
    if isinstance(data, _MAPPINGS) and isinstance(data.get("actions"), list):
        actions = [
            {**each, "parameters": history.own_parameters(each)}
            if isinstance(each, _MAPPINGS)
            else each
            for each in data["actions"]
        ]
        data = {**data, "actions": actions}
    return assertion.get("label"), assertion.get("created") is True, data


def _lost_ancestors(report: Report, expected: Expected) -> Iterator[str]:
    parents = [expected.parent.manifest_id] if expected.parent else []
    bare = expected.definition.get("ingredients") or ()
    wanted: list[tuple[object, str | None]] = [(each["relationship"], None) for each in bare]
    wanted += [("parentOf", each) for each in parents]
    pictures = zip(expected.sources.pictures, expected.elements, strict=True)
    wanted += [(each["relationship"], element.manifest_id) for each, element in pictures]
    nearest = [each for each in report.ingredients if each.depth == 1]
    recorded = [(each.relationship, each.manifest_id) for each in nearest]
    if recorded != wanted:
        yield f"its ingredients are {recorded}, and {wanted} were given"
    given = (*((expected.parent,) if expected.parent else ()), *expected.elements)
    if report.lineage is Lineage.BROKEN and all(map(_held, given)):
        broken = (each for each in report.ingredients if each.integrity is Integrity.BROKEN)
        label = next((each.manifest_id for each in broken), None)
        yield f"an ancestor that held does not hold any more ({label})"


def _held(ingredient: Ingredient) -> bool:
    """Did it hold with all its ancestors before it was recorded, if it has a manifest at all?"""
    report = ingredient.report
    return ingredient.is_bare or (
        report.integrity in (Integrity.INTACT, Integrity.ABSENT)
        and report.lineage in (Lineage.INTACT, Lineage.NONE)
    )


def _unlike(marks: Mapping[Mark, Declaration], wanted: Mapping[Mark, Declaration]) -> Iterator[str]:
    for mark, meant in wanted.items():
        read = marks.get(mark, NOTHING)
        if read == meant:  # as nearly always
            continue
        for (name, value), (_, as_read) in zip(_all(meant), _all(read), strict=True):
            if value != as_read:
                yield f"{mark.value} {name} reads {as_read!r}, and {value!r} was written"


def _all(declaration: Declaration) -> Iterator[tuple[str, object]]:
    """Every field, missing ones too, with source types in their canonical form."""
    for name in Declaration.__dataclass_fields__:
        value = getattr(declaration, name)
        if name == "source_type" and value:
            value = canonical(value)
        yield name, value
