"""Each check of the reading back complains alone, when everything else is as it was meant."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass, replace
from typing import Any

import pytest

from genlabel import Asset, sign
from genlabel.credentials.identity import Identity
from genlabel.credentials.trust import Trust
from genlabel.formats.essence import same_essence
from genlabel.formats.format import EXIF, IIM, XMP, Survey
from genlabel.model.errors import MalformedMetadata, SigningError
from genlabel.model.label import Label
from genlabel.model.report import (
    Declaration,
    Finding,
    Ingredient,
    Integrity,
    Mark,
    Severity,
    Validity,
)
from genlabel.operations.signing import readback, rewriting
from genlabel.operations.signing.readback import Expected
from genlabel.operations.verify import Examination, examine
from genlabel.storage.comparing import Comparison
from genlabel.testing import Authority, picture
from histories import ACME, FLUX
from oracles.small_files import small


@dataclass(frozen=True)
class Honest:
    """What was read back of a picture that is as it was meant, and what it was compared with."""

    seen: Examination
    source: Survey
    expected: Expected

    def complaints(
        self, *, report: Any = None, expected: Any = None, source: Survey | None = None
    ) -> list[str]:
        """What is complained about where some of it is different."""
        seen = replace(self.seen, report=replace(self.seen.report, **(report or {})))
        wanted = replace(self.expected, **(expected or {}))
        return list(readback._complaints(seen, source or self.source, wanted))


def _honest(kind: str, **asked: Any) -> Honest:
    held: list[Any] = []

    def accept(signed: Asset, source: Survey, expected: Expected, **how: Any) -> Any:
        held.append(Honest(examine(signed, **how), source, expected))
        return held[0].seen.report

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(readback, "accept", accept)
        signer = Authority.new("Acme Studio").signer()
        sign(small(kind), Label.edited(producer=ACME, generator=FLUX), signer, **asked)
    return held[0]


@pytest.fixture(scope="module")
def honest() -> Honest:
    identity = Identity(Authority.new("Acme Studio", identity=True).signer())
    signer = Authority.new("Acme Studio").signer()
    parent = sign(picture("png"), Label.generated(producer=ACME, generator=FLUX), signer).data
    return _honest("jpeg", parent=Asset(parent, name="parent.png"), identity=identity)


def _actor(honest: Honest, **other: Any) -> dict[str, Any]:
    (actor,) = honest.seen.report.identities
    return {"identities": (replace(actor, **other),)}


def test_nothing_is_complained_about_what_is_as_it_was_meant(honest):
    assert honest.complaints() == []


def test_a_manifest_that_does_not_hold(honest):
    (said,) = honest.complaints(report={"integrity": Integrity.BROKEN, "reason": "altered"})
    assert said == "its manifest is broken (altered)"


def test_an_error_that_breaks_nothing(honest):
    error = Finding("manifest.multipleParents", severity=Severity.ERROR, explanation="two parents")
    for severity, count in ((Severity.ERROR, 1), (Severity.WARNING, 0)):
        found = replace(error, severity=severity)
        reading = replace(honest.seen.reading, findings=(found,))
        changed = replace(honest, seen=replace(honest.seen, reading=reading))
        assert changed.complaints() == [str(found)] * count


def test_a_manifest_of_another_name(honest):
    other = {"label": "urn:c2pa:other"}
    said = honest.complaints(expected={"definition": {**honest.expected.definition, **other}})
    assert said[0].endswith("and urn:c2pa:other was made")


def test_a_store_that_is_not_one_box():
    with rewriting.by_engine():
        honest = _honest("jpeg")
    survey = honest.seen.survey
    payloads = {
        slot: each + b"more" if slot.kind == "manifest" else each
        for slot, each in survey.payloads.items()
    }
    changed = replace(honest.seen, survey=replace(survey, payloads=payloads))
    assert replace(honest, seen=changed).complaints() == [
        "its manifest store is not one JUMBF box and nothing else"
    ]


def test_another_signers_certificate(honest):
    other = Authority.new("Acme Studio").signer()
    assert honest.complaints(expected={"signer": other}) == [
        "it is not signed with the certificate that was used"
    ]
    assert honest.complaints(report={"signer": None})


def test_an_assertion_too_few(honest):
    definition = honest.expected.definition
    fewer = {**definition, "assertions": definition["assertions"][:-1]}
    (said,) = honest.complaints(expected={"definition": fewer})
    assert said.startswith("its assertions are not those that were made")


@pytest.mark.parametrize(
    "data",
    [None, ["odd"], {"actions": ["odd"]}, {"actions": []}, {"dc:title": "Another title"}],
    ids=str,
)
@pytest.mark.parametrize("place", [0, -1])
def test_an_assertion_that_says_something_else(honest, data, place):
    definition = honest.expected.definition
    assertions = list(definition["assertions"])
    assertions[place] = {**assertions[place], "data": data}
    changed = {**definition, "assertions": assertions}
    (said,) = honest.complaints(expected={"definition": changed})
    assert said.startswith("its assertions are not those that were made")


def test_an_identity_assertion_that_nobody_asked_for(honest):
    (said,) = honest.complaints(expected={"identity": None})
    assert said.startswith("its assertions are not those that were made")


def test_no_manifest_at_all_is_told_and_ends_nothing(honest):
    survey = honest.seen.survey
    payloads = {slot: each for slot, each in survey.payloads.items() if slot.kind != "manifest"}
    seen = replace(
        honest.seen,
        survey=replace(survey, payloads=payloads),
        reading=replace(honest.seen.reading, document=None),
    )
    said = replace(honest, seen=seen).complaints()
    assert "its manifest store is not one JUMBF box and nothing else" in said
    assert any(each.startswith("its assertions are not those that were made") for each in said)


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"holds": False, "codes": ("cawg.odd",)}, "does not hold (cawg.odd)"),
        ({"validity": Validity.EXPIRED}, "is expired"),
        ({"serial": "1"}, "is not signed with the identity's certificate"),
        ({"roles": ()}, "names the roles none"),
        ({"roles": ("cawg.editor", "cawg.sponsor")}, "names the roles cawg.editor, cawg.sponsor"),
        (
            {"references": ("c2pa.hash.data", "c2pa.actions.v2", "cawg.metadata")},
            "c2pa.ai-disclosure",
        ),
        ({"references": ()}, "leaves out c2pa.actions.v2, c2pa.ai-disclosure, cawg.metadata"),
    ],
)
def test_an_identity_that_attests_otherwise(honest, other, said):
    (complaint,) = honest.complaints(report=_actor(honest, **other))
    assert complaint.endswith(said)


def test_an_identity_that_leaves_out_the_picture_alone(honest):
    labels = tuple(each["label"] for each in honest.expected.definition["assertions"])
    assert honest.complaints(report=_actor(honest, references=labels)) == [
        "its identity assertion leaves out the picture"
    ]


@pytest.mark.parametrize("count", [0, 2])
def test_another_number_of_identities(honest, count):
    assert honest.complaints(report={"identities": honest.seen.report.identities * count}) == [
        f"it has {count} identity assertions, and one was asked for"
    ]


def test_ingredients_of_the_first_level_are_compared_and_no_others(honest):
    parent = honest.seen.report.ingredients[0]
    below = replace(parent, depth=2, manifest_id="urn:c2pa:below")
    assert honest.complaints(report={"ingredients": (parent, below)}) == []
    for listed in ((), (below,), (replace(parent, manifest_id="urn:c2pa:other"),)):
        (said,) = honest.complaints(report={"ingredients": listed})
        assert said.startswith("its ingredients are")
    element = Ingredient(
        title=None,
        relationship="componentOf",
        manifest_id="urn:c2pa:element",
        integrity=Integrity.INTACT,
    )
    (said,) = honest.complaints(report={"ingredients": (parent, element)})
    assert said.startswith("its ingredients are")


def test_a_mark_that_says_something_else_or_nothing(honest):
    wanted = honest.expected.declarations
    iptc = wanted[Mark.IPTC]
    for changed, said in (
        (replace(iptc, producer="Other"), "iptc producer reads 'Acme Studio', and 'Other' was"),
        (replace(iptc, credit="Acme"), "iptc credit reads None, and 'Acme' was written"),
    ):
        (complaint,) = honest.complaints(expected={"declarations": {**wanted, Mark.IPTC: changed}})
        assert complaint.startswith(said)
    marks = {mark: each for mark, each in honest.seen.report.marks.items() if mark != Mark.IPTC}
    assert len(honest.complaints(report={"marks": marks})) == len(list(iptc))


def test_a_source_type_is_compared_by_what_it_means(honest):
    wanted = honest.expected.declarations
    iptc = wanted[Mark.IPTC]
    assert iptc.source_type is not None
    code = Declaration(**{**dict(iptc), "source_type": iptc.source_type.rpartition("/")[2]})
    assert code != iptc
    assert honest.complaints(expected={"declarations": {**wanted, Mark.IPTC: code}}) == []


def test_a_payload_that_is_not_the_one_that_was_written(honest):
    payloads = dict(honest.expected.payloads)
    payloads[XMP] += b" "
    assert honest.complaints(expected={"payloads": payloads}) == [
        "its metadata changed while it was signed (xmp)"
    ]
    del payloads[XMP]
    assert honest.complaints(expected={"payloads": payloads}) == [
        "its metadata changed while it was signed (xmp)"
    ]
    more = {**honest.expected.payloads, EXIF: b"II*\0", IIM: b""}
    assert honest.complaints(expected={"payloads": more}) == [
        "its metadata changed while it was signed (exif, iim)"
    ]


def test_coded_data_of_another_picture(honest):
    other = honest.seen.container.survey(picture("jpeg", seed=3))
    assert honest.complaints(source=other) == ["its coded picture is not the one that was given"]


OUTSIDE = ["bytes outside of its manifest are not those that were given"]


@pytest.mark.parametrize("ours", [True, False], ids=["by us", "by the engine"])
@pytest.mark.parametrize("kind", ["jpeg", "tiff", "avif"])
def test_a_byte_outside_of_the_manifest(kind, ours):
    with nullcontext() if ours else rewriting.by_engine():
        honest = _honest(kind)
    assert honest.expected.placed == (ours or kind == "tiff")  # which the engine would spoil
    assert honest.complaints() == []
    made = honest.expected.rewritten
    for rewritten in (
        lambda store: [*made(store), b"x"],
        lambda store: [bytes([b"".join(made(store))[0] ^ 1]), b"".join(made(store))[1:]],
        lambda store: [b"".join(made(store))[:-1]],
    ):
        assert honest.complaints(expected={"rewritten": rewritten}) == OUTSIDE


def test_a_file_that_cannot_be_taken_apart_again_is_refused(honest):
    def rewritten(store: bytes | None) -> Any:
        raise MalformedMetadata("odd")

    expected = replace(honest.expected, rewritten=rewritten)
    with pytest.raises(SigningError, match="does not read back: odd"):
        readback.accept(honest.seen.asset, honest.source, expected, trust=Trust())


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ([], [], True),
        ([b"abc"], [b"a", b"", b"bc"], True),
        ([b"a", b"bc"], [b"ab", b"c"], True),
        ([b"abc"], [b"abd"], False),
        ([b"abc"], [b"ab"], False),
        ([], [b"a"], False),
        ([bytes(600_000)], [bytes(300_000), bytes(300_000)], True),
        ([bytes(600_000)], [bytes(599_999) + b"x"], False),
        ([bytes(300_000)], [bytes(1 << 18)], False),
    ],
)
def test_files_in_pieces_are_compared_byte_by_byte(one, other, same):
    assert Comparison().same(one, other) is same
    assert Comparison().same(other, one) is same


@pytest.mark.parametrize(("one", "other"), [([b"", b"x"], [b"x", b""]), ([b"x"], [b"x", b""])])
def test_coded_pictures_are_compared_part_by_part(one, other):
    class Parts:
        def essence(self, survey: Any) -> Iterator[memoryview]:
            return map(memoryview, survey)

    assert not same_essence(Parts(), one, other)
    assert same_essence(Parts(), one, one)


@pytest.mark.parametrize("at", [0, 299_999, 300_000, 599_999])
def test_a_byte_is_seen_however_the_other_file_lies_in_memory(at):
    whole = random.Random(1).randbytes(600_000)
    other = bytearray(whole)
    other[at] ^= 1
    view = memoryview(whole)
    for pieces in ([view], [view[:300_000], view[300_000:]], [whole], [bytearray(whole)]):
        assert Comparison().same(pieces, [memoryview(bytes(whole))])
        for changed in (bytes(other), other, memoryview(bytes(other)), memoryview(other)):
            assert not Comparison().same(pieces, [changed])
    assert not Comparison().same([view], [view[::-1]])
