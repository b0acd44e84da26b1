"""The verdicts in plain words: what each separate answer of a report means to a person."""

from __future__ import annotations

from genlabel.fields import rfc3339
from genlabel.label import Label
from genlabel.rendering.escape import escape
from genlabel.report import (
    Declared,
    Integrity,
    Lineage,
    Mark,
    NamedActor,
    Pixels,
    Report,
    SignedBy,
    SigningTime,
    TrustLevel,
    Validity,
)
from genlabel.vocabulary import DigitalSourceType
from genlabel.words.source_types import clause

_INTEGRITY = {
    Integrity.INTACT: "unchanged since it was signed",
    Integrity.BROKEN: "changed or damaged since it was signed",
    Integrity.ABSENT: "not signed: there is no manifest",
    Integrity.UNKNOWN: "cannot be told",
}
_LINEAGE = {
    Lineage.INTACT: "every ancestor holds",
    Lineage.BROKEN: "an ancestor does not hold",
    Lineage.UNKNOWN: "whether the ancestors hold cannot be told",
}


def integrity(report: Report) -> str:
    """Is the picture as it was, and by whose word?"""
    words = _INTEGRITY[report.integrity]
    if report.integrity is Integrity.BROKEN and report.reason == "structure":
        words = "the manifest breaks a rule of its form, which alone does not show a change"
    if report.reason:
        words += f" ({escape(report.reason)})"
    signer = report.signer
    if report.integrity is not Integrity.INTACT or signer is None:
        return words
    if signer.trust is TrustLevel.UNKNOWN:
        return f"{words}, by someone whom your trust lists do not name"
    if signer.validity is Validity.REVOKED:
        return f"{words}, with a certificate that was revoked"
    if signer.validity is not Validity.WITHIN:
        return (
            f"{words}; whether the certificate was valid then cannot be shown with the lists given"
        )
    return words


def signer(found: SignedBy) -> str:
    """Who signed by certificate, on which list, when."""
    name = escape(found.organisation or found.common_name or "nobody named")
    trust = _by_whom(found.trust, found.list)
    moment = rfc3339(found.signed_at) if found.signed_at else ""
    time = {
        SigningTime.PROVEN: f", at {moment} (proven by a time-stamp)",
        SigningTime.CLAIMED: f", at {moment} by its own claim",
        SigningTime.NONE: "",
    }[found.time]
    return f"{name}, {trust}{time if moment else ''}"


def actor(found: NamedActor) -> str:
    """Who attests what beside the signer, in which roles, and by whose word."""
    roles = ", ".join(escape(role.removeprefix("cawg.")) for role in found.roles)
    what = ", ".join(map(escape, found.references)) or "nothing"
    if found.issuer is not None or found.statements:
        said = "; ".join(map(escape, found.statements)) or "nothing that can be read"
        issuer = escape(found.issuer or "an aggregator without a name")
        return f"{issuer} is said to state: {said} (nobody known vouches for that)"
    if not found.holds:
        kind = escape(found.type or "of no kind")
        return f"nobody: the identity assertion ({kind}) does not hold or cannot be checked here"
    name = escape(found.organisation or found.common_name or "nobody named")
    ended = {
        Validity.EXPIRED: ", with a certificate that is out of its dates",
        Validity.REVOKED: ", with a certificate that was revoked",
    }.get(found.validity, "")
    role = f" as {roles}" if roles else ""
    return f"{name}{role}, {_by_whom(found.trust, found.list)}{ended}; attests {what}"


def _by_whom(trust: TrustLevel, name: str | None) -> str:
    return {
        TrustLevel.LISTED: f"on the published list {escape(name or '?')}",
        TrustLevel.KNOWN: f"known to you by {escape(name or '?')}",
        TrustLevel.UNKNOWN: "on none of your trust lists",
    }[trust]


def names(report: Report) -> str | None:
    """The three sources of the producer's name, apart; None where no identity is attested."""
    if not report.identities:
        return None
    said = report.marks.get(Mark.MANIFEST)
    sources = {
        "certificate": report.signer.organisation if report.signer else None,
        "identity": "; ".join(
            each.organisation or each.common_name or "" for each in report.identities if each.holds
        ),
        "metadata": said.producer if said else None,
    }
    return ", ".join(f"{escape(name or 'nobody')} ({what})" for what, name in sources.items())


def lineage(report: Report) -> str | None:
    """Do the ancestors hold? None where there are none."""
    if report.ingredients and all(
        each.integrity is Integrity.ABSENT for each in report.ingredients
    ):
        return "made from unsigned pictures, of which nothing can be checked"
    return _LINEAGE.get(report.lineage)


def declared(found: Declared) -> str:
    """What the file says it is, and whether somebody vouches for it."""
    if not (found.source_type or found.producer or found.generator):
        return "nothing"
    parts = []
    if found.source_type:
        parts.append(source_type(found.source_type))
    if found.producer:
        parts.append(f"by {escape(found.producer)}")
    if found.generator:
        parts.append(f"using {escape(found.generator)}")
    return ", ".join(parts) + ("" if found.attested else " (a claim that nobody known vouches for)")


def pixels(found: Pixels) -> str:
    """Is it the same picture, and what happened to it?"""
    if found.same_picture is None:
        return "could not be compared"
    words = "the same picture" if found.same_picture else "another picture"
    return f"{words}, {escape(found.change)}"


def source_type(text: str) -> str:
    """The code with what it means, e.g. ``trainedAlgorithmicMedia (generated by a trained …)``."""
    known = DigitalSourceType.understand(text)
    return f"{known.code} ({clause(text)})" if known is not None else escape(text)


def public_words(label: Label) -> list[tuple[str, str]]:
    """Every word of `label` that becomes public, as (what, text), unescaped."""
    producer, generator, rights = label.producer, label.generator, label.rights
    kind = "person" if producer.person else "organisation"
    pairs = [
        ("source type", label.source_type.code),
        ("producer", f"{producer.name} ({kind}, {producer.role.short})"),
        ("producer's page", producer.url),
        ("producer's identifier", producer.identifier),
        ("generator", generator.name if generator else None),
        ("generator's version", generator.version if generator else None),
        ("generator's provider", generator.provider if generator else None),
        ("generator's identifier", generator.identifier if generator else None),
        ("title", label.title),
        ("description", label.description),
        ("created", rfc3339(label.created) if label.created else None),
        ("identifier", label.identifier),
        ("creator", "; ".join(rights.creator)),
        ("credit", rights.credit),
        ("copyright", rights.copyright),
        ("usage terms", rights.usage_terms),
        ("web statement", rights.web_statement),
        ("licensor", rights.licensor.name if rights.licensor else None),
        ("licensor's page", rights.licensor.url if rights.licensor else None),
        ("data mining", rights.data_mining.code if rights.data_mining else None),
        ("prompt", label.prompt),
        ("prompt writer", label.prompt_writer),
        *(("element", each.title or _name(each.source)) for each in label.elements),
    ]
    return [(what, text) for what, text in pairs if text]


def _name(source: object) -> str | None:
    name = getattr(source, "name", None)
    return name if isinstance(name, str) else None
