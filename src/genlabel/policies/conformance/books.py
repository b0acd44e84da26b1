"""The rule books of C2PA's conformance programme 0.2: two by version of C2PA, one of integrity."""

from __future__ import annotations

from datetime import date

from genlabel.policies.conformance import rules, vocabulary
from genlabel.policies.conformance.rubric import PUBLISHED, Made, Rubric
from genlabel.policies.conformance.vocabulary import Vocabulary
from genlabel.policies.rule import Policy

_FILES = "https://github.com/c2pa-org/conformance-public/blob/main/asset-rubrics/asset-rubric-"


def _book(name: str, title: str, file: str, spec: Vocabulary, made: tuple[Made, ...]) -> Policy:
    rubric = Rubric(book=name, title=title, url=f"{_FILES}{file}.yml", spec=spec)
    return Policy(
        name=name,
        title=f"{name}: {title}",
        rules=tuple(each(rubric) for each in made),
        version="1.0",
        published=PUBLISHED,
        since=date.fromisoformat(PUBLISHED),
    )


SPEC_2_4 = _book(
    "c2pa-conformance",
    "C2PA Asset Conformance 0.2 Spec 2.4 Rubric",
    "conformance0.2-spec2.4",
    vocabulary.OF_2_4,
    (*rules.PROGRAMME, *rules.VALIDATED, *rules.OF_2_2, *rules.OF_2_4),
)
SPEC_2_2 = _book(
    "c2pa-conformance-2.2",
    "C2PA Asset Conformance 0.2 Spec 2.2 Rubric",
    "conformance0.2-spec2.2",
    vocabulary.OF_2_2,
    (*rules.PROGRAMME, *rules.VALIDATED, *rules.OF_2_2),
)
INTEGRITY = _book(
    "c2pa-integrity",
    "C2PA Asset Integrity Rubric",
    "integrity",
    vocabulary.OF_2_4,
    (*rules.VALIDATED, *rules.TRUSTED),
)
