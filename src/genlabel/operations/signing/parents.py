"""Parents and elements that are not whole: what is refused, and what is recorded and told."""

from __future__ import annotations

from collections.abc import Iterator

from genlabel.manifests.store import ancestry
from genlabel.model.errors import ExistingManifest
from genlabel.model.escape import quoted
from genlabel.model.report import Finding, Form, Integrity, Lineage, Report, Severity
from genlabel.operations.signing.ingredients import Ingredient
from genlabel.operations.signing.repair import refuse_manifest_behind
from genlabel.operations.verify import Examination


def recorded(
    ingredient: Ingredient, *, accept_broken: bool, wrapped: bool, own_edit: bool = False
) -> tuple[Ingredient, tuple[Finding, ...]]:
    """The ingredient as it is recorded, and what is to be told about it.

    One whose integrity, lineage or identities fail, or which the engine cannot open, is refused
    unless `accept_broken`; then it is recorded as it is, or without its manifest where nobody could
    read that in the result. What is malformed in form alone, untrusted, expired or without proven
    time is a normal ingredient. `wrapped` says that it is the very picture that is signed,
    `own_edit` that nothing but the hash of the file fails in a label of ours. Raises
    `ExistingManifest`.
    """
    report = ingredient.report
    refuse_manifest_behind(ingredient.manifest_behind, ingredient.name)
    long = tuple(_lengthened(ingredient))
    troubles = tuple(_troubles(ingredient))
    if troubles and not accept_broken:
        raise ExistingManifest(
            f"{ingredient.name}: {'; '.join(troubles)}",
            remedy=_ways_out(wrapped=wrapped, own_edit=own_edit),
        )
    if troubles:
        told: tuple[Finding, ...] = (_broken(ingredient, troubles),)
        return (ingredient if ingredient.opened else ingredient.bare()), (*long, *told)
    return ingredient, (*long, *_noted(ingredient.name, report))


def _troubles(ingredient: Ingredient) -> Iterator[str]:
    """What is not whole, each as a clause."""
    report = ingredient.report
    if report.integrity is Integrity.BROKEN:
        yield (
            f"its own manifest does not hold ({report.reason}), so it cannot vouch for what was "
            "made from it"
        )
    elif report.integrity is Integrity.UNKNOWN and report.reason != "remote-only":
        yield f"its manifest cannot be checked ({report.reason})"
    elif not ingredient.opened:
        yield (
            "its manifest cannot be checked by the C2PA engine, so it cannot go into the new one's "
            "history"
        )
    if report.lineage is Lineage.BROKEN:
        yield f"what it was made from does not hold ({_ancestor(report)})"
    failing = next((each for each in report.findings if _is_of_identity(each)), None)
    if failing is not None and report.integrity is not Integrity.BROKEN:
        yield f"an identity in its manifest does not hold ({failing.code})"


def _is_of_identity(finding: Finding) -> bool:
    return finding.severity is Severity.ERROR and finding.code.startswith("cawg.")


def _ancestor(report: Report) -> str:
    broken = next((each for each in report.ingredients if each.integrity is Integrity.BROKEN), None)
    title = broken.title if broken is not None else None
    return f"an ancestor, which it calls {quoted(title)}" if title else "an ancestor"


def _ways_out(*, wrapped: bool, own_edit: bool) -> str:
    ways = "record it as it is with --accept-broken-parent, or "
    ways += "drop it with --existing replace" if wrapped else "leave that picture out"
    if own_edit:
        return f"if only its metadata were edited, sign it with --existing renew; else {ways}"
    return f"get the untouched original, {ways}"


def _broken(ingredient: Ingredient, troubles: tuple[str, ...]) -> Finding:
    how = "is recorded as it is" if ingredient.opened else "it is recorded without its manifest"
    return Finding(
        "genlabel.parent.broken",
        severity=Severity.WARNING,
        where=ingredient.name,
        explanation=f"{'; '.join(troubles)}; {how}",
    )


def _noted(name: str, report: Report) -> Iterator[Finding]:
    """What is told of an ingredient that is whole."""
    if report.form is Form.MALFORMED:
        yield Finding(
            "genlabel.parent.malformed",
            severity=Severity.WARNING,
            where=name,
            explanation="its manifest breaks a rule of its form, and is recorded as it is",
        )
    if report.reason == "remote-only":
        yield Finding(
            "genlabel.parent.remote",
            severity=Severity.WARNING,
            where=name,
            explanation="its manifest is kept elsewhere and was not fetched: recorded unchecked",
        )
    if report.lineage is Lineage.UNKNOWN:
        yield Finding(
            "genlabel.parent.unchecked",
            severity=Severity.WARNING,
            where=name,
            explanation="what it was made from cannot be checked here: recorded as it is",
        )


def another_picture(before: Examination, parent: Ingredient) -> Iterator[Finding]:
    """A warning where the parent that was named shows another picture altogether.

    What cannot be decoded is not compared.
    """
    from genlabel.pixels import compare

    if compare.compare(parent.data, before.asset.data).same_picture is False:
        yield Finding(
            "genlabel.parent.differs",
            severity=Severity.WARNING,
            where=parent.name,
            explanation=f"shows another picture than {before.asset.called}, which is said to be "
            "made from it: is it the right file?",
        )


def _lengthened(ingredient: Ingredient) -> Iterator[Finding]:
    """Refuse an ingredient whose history has no room for one level more; tell when it is long.

    Raises `ExistingManifest`, before the engine is asked for what it cannot do.
    """
    if ingredient.report.integrity is Integrity.ABSENT:
        return
    levels = 1 + max((each.depth for each in ingredient.report.ingredients), default=0)
    if levels > ancestry.LONGEST:
        raise ExistingManifest(
            f"{ingredient.name}: its history is too long to be continued ({levels} levels, and "
            f"at most {ancestry.LONGEST} are written)",
            remedy="begin a new history: sign it with --existing replace, which drops the old one",
        )
    if levels >= ancestry.LONG:
        yield Finding(
            "genlabel.history.long",
            severity=Severity.WARNING,
            where=ingredient.name,
            explanation=f"its history has {levels} levels; from {ancestry.LONGEST} on it cannot be "
            "continued",
        )


def unknown() -> Finding:
    """That an edit has no parent at hand."""
    return Finding(
        "genlabel.parent.unknown",
        severity=Severity.NOTE,
        explanation="no parent was given, so the manifest does not say what the edit started from",
    )


def lost(before: Report) -> Finding:
    """That a manifest was dropped, and with it what it says."""
    organisation = before.signer.organisation if before.signer else None
    signer = quoted(organisation) if organisation else "an unnamed signer"
    return Finding(
        "genlabel.manifest.replaced",
        severity=Severity.WARNING,
        where=before.manifest_id,
        explanation=f"the manifest of {signer} was dropped, and with it "
        f"{len(before.ingredients)} ingredients",
    )
