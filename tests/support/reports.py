"""Reports that say everything a report can say, and hostile ones."""

from datetime import UTC, datetime

from genlabel.model.report import (
    Declaration,
    Declared,
    Finding,
    Ingredient,
    Integrity,
    Lineage,
    Mark,
    NamedActor,
    Report,
    Severity,
    SignedBy,
    SigningTime,
    Survival,
    Trouble,
    TrustLevel,
    ValidationState,
    Validity,
)
from genlabel.model.results import Outcome, Pixels, SignReport, StripReport

MOMENT = datetime(2026, 5, 1, 12, 30, 15, 999, tzinfo=UTC)
HOSTILE = '\x1b]0;owned\x07::error::\u202e<script>alert("1")</script> ##[group] \ud800'


def full(text: str = "Acme") -> Report:
    return Report(
        path=f"{text}.png",
        format_name="png",
        size=1234,
        sha256="0" * 64,
        integrity=Integrity.INTACT,
        reason=text,
        lineage=Lineage.BROKEN,
        state=ValidationState.TRUSTED,
        signer=SignedBy(
            organisation=text,
            common_name=text,
            trust=TrustLevel.LISTED,
            trust_list=text,
            time=SigningTime.PROVEN,
            signed_at=MOMENT,
            validity=Validity.WITHIN,
            algorithm="es256",
            serial="12",
        ),
        identities=(
            NamedActor(
                label=text,
                signature_type=text,
                organisation=text,
                common_name=text,
                serial="12",
                roles=(text,),
                references=(text,),
                holds=True,
                trust=TrustLevel.KNOWN,
                trust_list=text,
                validity=Validity.EXPIRED,
                codes=(text,),
            ),
            NamedActor(label=text, signature_type=text, issuer=text, statements=(text,)),
            NamedActor(label=text, signature_type=text),
        ),
        manifest_id=text,
        declared=Declared(
            source_type=text, producer=text, generator=text, origin=text, attested=True
        ),
        marks={
            Mark.MANIFEST: Declaration(source_type=text, creator=(text, "B")),
            Mark.IPTC: Declaration(producer=text),
        },
        ingredients=(
            Ingredient(
                title=text,
                relationship="parentOf",
                manifest_id=None,
                integrity=Integrity.BROKEN,
                organisation=text,
            ),
        ),
        trust_lists=(text,),
        findings=(
            Finding(text, severity=Severity.ERROR, where=text, explanation=text),
            Finding("genlabel.b", severity=Severity.NOTE, explanation=text),
        ),
    )


def unjudged(text: str = "Acme") -> Report:
    return Report(
        path=text, error=Trouble(kind="MalformedAsset", message=f"png: {text}", remedy=text)
    )


def stripped(text: str = "Acme") -> StripReport:
    return StripReport(
        path=text,
        against=text,
        marks={Mark.MANIFEST: Survival.LOST, Mark.IPTC: Survival.KEPT, Mark.IIM: Survival.ABSENT},
        lost_blocks=(text,),
        pixels=Pixels(same_picture=True, change="re-encoded", distance=1.5),
        cause=text,
        findings=(Finding("a", severity=Severity.WARNING, where=text, explanation=text),),
    )


def signed(text: str = "Acme") -> SignReport:
    return SignReport(
        path=text,
        output=text + "2",
        outcome=Outcome.SIGNED,
        manifest_id=text,
        replaced=(text,),
        verifies_until=MOMENT,
        report=full(text),
        findings=(Finding("a", severity=Severity.NOTE, explanation=text),),
    )
