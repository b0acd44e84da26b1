"""What of a file contradicts itself is told where it stands, in words that stay within bounds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from drawn_kinds import after_header, chunk
from forgeries import marks
from forgeries.case import Made, answer
from forgeries.forge import IPTC, embedded, forger, generated
from forgeries.xmp_places import PLACES, packet, trailer
from genlabel.credentials.trust import Trust
from genlabel.model.asset import Asset
from genlabel.model.label import Label
from genlabel.model.parties import Generator
from genlabel.model.report import Integrity, Mark, Report, Severity
from genlabel.operations.labeller import Labeller
from genlabel.operations.strip_check.strip_check import strip_check
from genlabel.operations.verify import verify
from histories import ACME

CAPTURED, TRAINED = packet(marks.CAPTURED), packet(marks.TRAINED)


def of(report: Report, code: str) -> list[tuple[str | None, str]]:
    return [(each.where, each.explanation) for each in report.findings if each.code == code]


def test_the_place_of_the_strongest_claim_is_the_origin() -> None:
    data = trailer(marks.marked("png", CAPTURED), TRAINED)
    report = verify(Asset(data))
    at = data.rindex(b"<?xpacket begin")
    where = f"iptc in trailing data at {at:,}"
    assert report.declared.source_type == IPTC + marks.TRAINED
    assert (report.declared.origin, report.declared.attested) == (where, False)
    assert of(report, "genlabel.marks.disagree.source_type") == [
        (
            f"{where}, iptc",
            f"source type: {where} says '{IPTC}trainedAlgorithmicMedia', "
            f"iptc says '{IPTC}digitalCapture'",
        )
    ]
    assert of(report, "genlabel.claim.unsigned")[0][0] == where


def test_marks_stay_what_stands_where_labels_do() -> None:
    report = verify(Asset(trailer(marks.marked("png", CAPTURED), TRAINED)))
    assert report.marks[Mark.IPTC].source_type == IPTC + marks.CAPTURED
    report = verify(Asset(trailer(marks.marked("png", None), TRAINED)))
    assert report.marks == {}
    assert report.declared.source_type == IPTC + marks.TRAINED


def test_what_a_second_packet_says_is_no_mark_that_is_kept() -> None:
    original = Asset(marks.marked("webp", TRAINED))
    moved = PLACES["webp", "the chunk of ImageMagick"](marks.marked("webp", None), TRAINED)
    report = strip_check(Asset(moved), against=original, trust=Trust())
    assert report.marks[Mark.IPTC].value == "lost"


def test_a_file_beside_it_counts_for_less_than_a_manifest_and_no_less_than_words() -> None:
    xmp = {"cat.png.xmp": TRAINED}
    signed = Asset(embedded(marks.marked("png", None), marks.draft(marks.CAPTURED)), xmp=xmp)
    report = verify(signed, trust=Trust.of(signers=forger().anchor))
    assert report.declared.source_type == IPTC + marks.CAPTURED
    assert report.declared.attested
    assert len(of(report, "genlabel.marks.disagree.source_type")) == 1
    report = verify(Asset(marks.marked("png", CAPTURED), xmp=xmp))
    assert report.declared.origin == "iptc in cat.png.xmp"


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("https://else.example/a.c2pa", "'https://else.example/a.c2pa'"),
        ("https://else.example/" + "a" * 500, "'https://else.example/" + "a" * 58 + "…'"),
        ("https://else.example/\u202e", "'https://else.example/\\u202e'"),
        ("self#jumbf=/c2pa/x", None),
    ],
)
def test_an_address_of_nobody_known_is_quoted_in_a_note(url: str, told: str | None) -> None:
    data = embedded(marks.marked("png", marks.addressed(url, marks.TRAINED)), generated(forger()))
    report = verify(Asset(data), trust=Trust.of(signers=forger().anchor))
    assert report.integrity is Integrity.INTACT
    found = [each for each in report.findings if each.code == "genlabel.remote.other"]
    assert [each.severity for each in found] == [Severity.NOTE] * (told is not None)
    assert all((told or "") in each.explanation for each in found)


@pytest.mark.parametrize("hidden", [True, False])
def test_the_generator_of_another_statement_is_not_named(hidden: bool) -> None:
    """The one that is declared is the claim's; "ModelX" is said of what is signed as a capture."""
    using = "Iptc4xmpExt:AISystemUsed='ModelY'"
    claim = packet(marks.TRAINED, more=f" {using}")
    main = marks.marked("png", CAPTURED if hidden else claim)
    data = embedded(trailer(main, claim) if hidden else main, marks.draft(marks.CAPTURED))
    report = verify(Asset(data), trust=Trust.of(signers=forger().anchor))
    assert report.declared.source_type == IPTC + marks.TRAINED
    assert report.declared.generator == (None if hidden else "ModelY")
    assert not report.declared.attested


def test_an_address_in_a_second_packet_is_one_too() -> None:
    hidden = marks.addressed(marks.MANIFEST_URL)
    report = verify(Asset(trailer(marks.marked("gif", None), hidden)))
    assert (report.integrity, report.reason) == (Integrity.UNKNOWN, "remote-only")


def test_a_hundred_claims_are_told_in_few_words() -> None:
    many = packet(*(f"photographed{number}" for number in range(100)), form="bag")
    report = verify(Asset(marks.marked("png", many)))
    assert len(of(report, "genlabel.marks.disagree.source_type")) == 8
    assert len(report.findings) < 50


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (marks.CAPTURED, True),
        ("negativeFilm", True),
        ("computationalCapture".upper(), True),
        (marks.TRAINED, False),
        ("digitalCreation", False),
        ("humanEdits", False),
        (None, False),
    ],
)
def test_traces_are_held_against_captures_only(said: str | None, told: bool) -> None:
    settings = chunk(b"tEXt", b"parameters\0" + marks.SETTINGS.encode())
    main = packet(said) if said else None
    report = verify(Asset(after_header(marks.marked("png", main), settings)))
    found = of(report, "genlabel.trace.contradicts")
    assert [where for where, _ in found] == ["text parameters"] * told


def test_a_label_of_our_own_contradicts_nothing(labeller: Labeller) -> None:
    label = Label.generated(producer=ACME, generator=Generator("ModelX"))
    for kind in marks.pictures():
        data = marks.pictures()[kind]
        signed = labeller.sign(data, label)
        report = labeller.verify(signed.data)
        wrong = [each for each in report.findings if each.severity is not Severity.NOTE]
        assert wrong == [], kind


def test_forgeries_are_verified_from_folders_as_from_memory() -> None:
    made = Made(data=marks.marked("png", TRAINED), files={})
    assert answer(made) == answer(replace(made, files=None))


@pytest.fixture
def labeller(signer, trust):
    return Labeller(signer=signer, trust=trust)
