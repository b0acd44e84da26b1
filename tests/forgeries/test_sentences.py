"""What is said of a file is true of it: no manifest where none is, no list where none was asked.

Each case has an honest control beside it of which the opposite holds.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest

import genlabel
from drawn_documents import documents
from drawn_kinds import kinds, packet
from forgeries import time as ends
from forgeries.forge import (
    Assertion,
    Binding,
    actions,
    data_hash,
    embedded,
    fixed,
    forger,
    generated,
    opened,
    put,
    store,
)
from genlabel import formats
from genlabel.credentials.trust import Trust
from genlabel.formats import unknown
from genlabel.model.asset import Asset
from genlabel.model.errors import MalformedAsset, UnsupportedFormat
from genlabel.model.label import Label
from genlabel.model.report import Integrity, Mark, Report, SigningTime, TrustLevel, Validity
from genlabel.operations.verify import examine_input
from genlabel.rendering import phrases, text
from genlabel.rendering.text import Style
from genlabel.testing import Authority, picture, trust as trusting
from histories import ACME, FLUX
from oracles.chain import Chain

PLAIN = documents(packet("old"))["pdf"]


def verified(data: bytes, **options: object) -> Report:
    options.setdefault("trust", Trust.of(signers=forger().anchor))
    return genlabel.verify(data, **options)


def shown(report: object, language: str = "en") -> str:
    return text.rendered(report, Style(colour=False, verbose=True, language=language))


# No manifest: absent, whatever is wrong with the form


def _nested(depth: int) -> bytes:
    film = b""
    for _ in range(depth):
        film = (8 + len(film)).to_bytes(4, "big") + b"moov" + film
    return b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + film


def _with_unknown_extension(data: bytes) -> bytes:
    return data[:-1] + b"\x21\x2a\x04abcd\0" + data[-1:]


UNSIGNED: dict[str, Callable[[], bytes]] = {
    "a gif with an unknown extension": lambda: _with_unknown_extension(picture("gif")),
    "a film of nested atoms": lambda: _nested(1_000),
    "a jpeg that ends early": lambda: picture("jpeg")[:-200],
    "a jpeg with words about manifests": lambda: picture("jpeg") + b"jumb\0\0\0\0jumdc2pa",
    "a png with bytes behind its end": lambda: picture("png") + b"C2PA manifest",
}


@pytest.mark.parametrize("make", UNSIGNED.values(), ids=list(UNSIGNED))
def test_of_a_file_without_a_manifest_nobody_says_that_there_is_one(make):
    data = make()
    for report in (verified(data), genlabel.inspect(data).report, genlabel.explain(data).report):
        assert report.integrity is Integrity.ABSENT
        assert not [each.code for each in report.findings if ".manifest." in each.code]
        assert "there is no manifest" in shown(report)
    assert Mark.MANIFEST not in [
        mark for mark, fate in genlabel.strip_check(data).marks.items() if fate.value != "absent"
    ]
    assert examine_input(Asset(data), trust=Trust()).report.integrity is Integrity.ABSENT


@pytest.mark.parametrize("kind", ["gif animated", "jpeg full", "png full"])
def test_of_a_file_with_one_it_is_said(kind):
    assert verified(embedded(kinds()[kind], generated(forger()))).integrity is Integrity.INTACT


# A PDF whose cross-reference is damaged

DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "its place is 39 bytes off": lambda data: _moved(data, 39),
    "its place is not said": lambda data: data.replace(b"startxref", b"startxxxx"),
    "its place is outside": lambda data: _moved(data, 9_000_000),
    "its tables are none": lambda data: data.replace(b"\nxref\n", b"\nxxxx\n"),
    "its trailers are none": lambda data: data.replace(b"trailer", b"tralier"),
    "its objects are elsewhere": lambda data: data.replace(b" 00000 n", b" 00009 n").replace(
        b"\n000000", b"\n000001"
    ),
}


def _moved(data: bytes, by: int) -> bytes:
    before, _, after = data.rpartition(b"startxref\n")
    place, _, end = after.partition(b"\n")
    number = b"%0*d" % (len(place), min(int(place) + by, 10 ** len(place) - 1))
    return before + b"startxref\n" + number + b"\n" + end


@cache
def damaged(name: str | None) -> bytes:
    """A signed document, damaged before its hash was taken."""
    harm = DAMAGE[name] if name else bytes
    container, draft = formats.identify(PLAIN), generated(forger())
    bound = data_hash(PLAIN, ((100, 200),))
    for _ in range(6):
        kept = store(draft.with_(bound))
        survey = container.survey(PLAIN)
        data = harm(b"".join(container.rewrite(survey, {formats.format.MANIFEST: kept})))
        start = data.index(kept)
        again = data_hash(data, ((start, start + len(kept)),))
        if again == bound:
            return data
        bound = again
    raise AssertionError("the places do not settle")


@pytest.mark.parametrize("name", [None, *DAMAGE])
def test_a_manifest_of_a_damaged_document_is_found_and_its_hash_judged(name):
    data = damaged(name)
    report = verified(data)
    assert (report.integrity, report.signer.trust) == (Integrity.INTACT, TrustLevel.KNOWN)
    assert report.declared.attested
    told = [each.explanation for each in report.findings if "anomaly" in each.code]
    assert bool(told) == (name is not None)
    assert all("cross-reference is damaged" in each for each in told)


@pytest.mark.parametrize("name", DAMAGE)
def test_a_change_of_a_damaged_document_is_one(name):
    data = damaged(name)
    changed = verified(data.replace(b"1 0 0 rg", b"0 1 0 rg"))
    assert (changed.integrity, changed.reason) == (Integrity.BROKEN, "altered")
    second = verified(data + b"\n77 0 obj\n<</AFRelationship/C2PA_Manifest>>\nendobj\n")
    assert (second.integrity, second.reason) == (Integrity.UNKNOWN, "several")
    with pytest.raises(genlabel.GenlabelError) as refused:
        genlabel.sign(data, Label.generated(producer=ACME), Authority.new("Acme").signer())
    assert "qpdf" not in f"{refused.value} {refused.value.remedy}"


def test_nobody_is_told_to_rewrite_what_carries_a_manifest():
    harmless = DAMAGE["its place is not said"](PLAIN)
    with pytest.raises(MalformedAsset) as honest:
        verified(harmless)
    assert "qpdf" in honest.value.remedy
    hopeless = harmless.replace(b"/Catalog", b"/Cotolog") + b"C2PA_Manifest"
    with pytest.raises(MalformedAsset) as signed:
        verified(hopeless)
    assert signed.value.remedy == formats.WITH_MANIFEST
    heif = b"\0\0\0\x18ftypvvic\0\0\0\0mif1vvic"
    with pytest.raises(UnsupportedFormat) as foreign:
        verified(heif)
    assert "convert it to avif" in foreign.value.remedy
    kept = store(generated(forger()))
    with pytest.raises(UnsupportedFormat) as foreign:
        verified(heif + kept)
    assert foreign.value.remedy == formats.WITH_MANIFEST
    assert formats.WITH_MANIFEST in genlabel.inspect(heif + kept).foreign
    with pytest.raises(UnsupportedFormat, match="says nothing without its picture") as alone:
        verified(kept)
    assert "found from there" in alone.value.remedy


# Exclusions


def _from_the_beginning(data: bytes, spans: list[tuple[int, int]]) -> Assertion:
    """As Truepic wrote them in 2023: everything up to the manifest's end."""
    end = spans[-1][1] if spans else 100
    honest = data_hash(data, [(0, end)])
    exclusion = {"start": fixed(0), "length": fixed(end)}
    return Assertion(label=honest.label, value={**honest.value, "exclusions": [exclusion]})


@pytest.mark.parametrize(
    ("binding", "reason"), [(_from_the_beginning, "uncovered"), (data_hash, None)]
)
@pytest.mark.parametrize("kind", ["jpeg full", "png full", "gif animated"])
def test_what_an_exclusion_leaves_out_is_not_called_changed(
    kind: str, binding: Binding, reason: str | None
):
    report = verified(embedded(kinds()[kind], generated(forger()), binding=binding))
    assert report.reason == reason
    codes = {each.code for each in report.findings}
    assert ("genlabel.manifest.uncovered" in codes) == (reason is not None)
    assert "assertion.dataHash.mismatch" not in codes
    if reason is not None:
        assert "leaves out a part of what is shown" in phrases.integrity(report)
        assert "changed" not in phrases.integrity(report)


# What a file is called


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"\0\0\0\x18ftypvvic\0\0\0\0mif1vvic", "HEIF picture"),
        (b"\0\0\0\x14ftypabcd\0\0\0\0abcd", "ISO media file"),
        (b"\0\0\0\x10moov\0\0\0\x08mvhd", unknown.OLD_FILM),
        (b"\0\0\0\x08wide\0\0\0\x10mdat", unknown.OLD_FILM),
    ],
)
def test_an_unknown_brand_is_called_no_film_and_an_old_one_wants_remuxing(head, name):
    with pytest.raises(UnsupportedFormat, match=f"^{name}: ") as refused:
        verified(head)
    assert ("remux" in refused.value.remedy) == (name == unknown.OLD_FILM)
    assert refused.value.size == len(head)
    assert genlabel.inspect(head).report.format_name == name


@pytest.mark.parametrize("kind", ["mp4", "mov"])
def test_a_film_is_called_one(kind):
    assert verified(kinds()[kind]).format_name == kind


def test_bytes_is_the_size_of_what_could_not_be_judged_too(tmp_path):
    (tmp_path / "cut.png").write_bytes(picture("png")[:300])
    (tmp_path / "old.mov").write_bytes(_nested(3)[24:])
    (tmp_path / "whole.png").write_bytes(picture("png"))
    paths = [tmp_path / name for name in ("cut.png", "old.mov", "whole.png", "none.png")]
    reports = list(genlabel.verify_files(paths))
    assert [each.error is None for each in reports] == [False, False, True, False]
    assert [each.size for each in reports] == [300, 24, len(picture("png")), 0]


# Who says what


def _edited(parent: Authority, editor: Authority) -> bytes:
    made = genlabel.sign(
        picture("png"), Label.generated(producer=ACME, generator=FLUX), parent.signer()
    )
    return genlabel.sign(made.data, Label.generated(producer=ACME), editor.signer()).data


def test_the_origin_is_the_action_that_says_it_and_the_generator_is_its_tool():
    acme, other = Authority.new("Acme"), Authority.new("Other")
    data = _edited(acme, acme)
    report = genlabel.verify(data, trust=trusting(acme))
    parent = report.ingredients[0].manifest_id
    assert report.declared.origin == f"{parent} c2pa.created"
    assert (report.declared.generator, report.declared.attested) == (FLUX.name, True)
    # nobody is known: the same, and nobody vouches
    nobody = genlabel.verify(data).declared
    assert (nobody.origin, nobody.generator) == (report.declared.origin, FLUX.name)
    assert not nobody.attested
    # the parent's signer is unknown: the editor, who is known, answers for his own words alone
    known = genlabel.verify(_edited(other, acme), trust=trusting(acme))
    assert known.declared.origin == f"{known.manifest_id} cawg.metadata"
    assert (known.declared.generator, known.declared.attested) == (None, True)


def test_what_is_not_repeated_belongs_to_its_ancestor():
    parent = generated(forger())
    child = generated(forger(), label="urn:c2pa:22222222-2222-4333-8444-555555555555")
    report = verified(embedded(picture("png"), child.with_(*opened(parent)), parent))
    assert report.declared.origin == f"{parent.label} c2pa.created"
    assert report.declared.generator == "ModelX"


def _unsigned_by_acme() -> bytes:
    return embedded(picture("png"), generated(forger(), signed=bytes(64)))


def test_of_a_signature_that_does_not_hold_no_list_is_said_to_have_been_asked():
    report, honest = verified(_unsigned_by_acme()), verified(embedded(picture("png"), _draft()))
    assert report.signer.organisation == "Forger Ltd"
    assert "whose key did not sign this" in phrases.signer(report)
    assert "lists" not in phrases.signer(report)
    assert "none of your trust lists" not in shown(report)
    assert phrases.signer(honest) == "'Forger Ltd', known to you by given certificates"
    stranger = genlabel.verify(embedded(picture("png"), _draft()))
    assert "on none of your trust lists" in phrases.signer(stranger)


def _draft():
    return generated(forger())


def test_a_certificate_that_may_not_sign_is_said_to_be_that():
    from cryptography.x509.oid import ExtendedKeyUsageOID

    chain = Chain.new("Acme Studio", ekus=[ExtendedKeyUsageOID.CODE_SIGNING])
    trust = Trust.of(signers=chain.anchor)
    report = genlabel.verify(embedded(picture("png"), generated(chain)), trust=trust)
    assert report.signer.trust is TrustLevel.UNKNOWN
    assert phrases.integrity(report).endswith("with a certificate that may not sign labels")
    assert "trust lists" not in shown(report)
    assert "listes de confiance" not in shown(report, "fr")
    assert {each.code for each in report.findings if each.severity == "error"} >= {
        "signingCredential.invalid"
    }
    assert report.worst() == "error"


def test_a_certificate_proven_to_be_used_after_its_end_was_not_valid_then():
    made = ends.stamped(ends.by(ends.clock, moment=ends.OUTSIDE))
    report = verified(made.data, trust=made.trust)
    signer = report.signer
    assert (signer.validity, signer.time) == (Validity.EXPIRED, SigningTime.PROVEN)
    assert signer.trust is TrustLevel.UNKNOWN
    words = shown(report)
    assert "was not valid" in phrases.integrity(report)
    assert "cannot be shown" not in words
    assert "trust lists" not in words
    (late,) = [each for each in report.findings if each.code == "claimSignature.outsideValidity"]
    assert late.severity == "error"
    spoken = {each.question: each.lay for each in genlabel.in_words(report)}
    assert "not valid at the moment" in spoken["validity"]
    assert "signature is nobody's" in spoken["trust"]


def test_after_the_end_the_signer_is_known_and_nothing_is_attested():
    ended = verified(ends.stamped().data, trust=ends.trusted())
    assert (ended.signer.trust, ended.signer.validity) == (TrustLevel.KNOWN, Validity.EXPIRED)
    assert not ended.declared.attested
    words = shown(ended)
    assert "'Forger Ltd', known to you" in words
    assert "not shown to have been valid" in phrases.declared(ended)
    assert "nobody known" not in words
    held = ends.stamped(ends.by(ends.clock))
    within = verified(held.data, trust=held.trust)
    assert within.declared.attested
    assert "a claim" not in phrases.declared(within)
    stranger = verified(held.data, trust=Trust())
    assert "nobody known vouches" in phrases.declared(stranger)


def test_what_is_said_of_an_end_that_comes_is_what_verifying_does_after_it():
    from datetime import timedelta

    data = embedded(picture("png"), _draft())
    report = verified(data, expiring=timedelta(days=36_500))
    (soon,) = [each for each in report.findings if each.code == "genlabel.signer.expiring"]
    assert soon.explanation.endswith("from then on nothing in the label is attested")
    assert "stops verifying" not in shown(report)


def test_inspect_knows_whom_it_is_told():
    data = embedded(picture("png"), _draft())
    trust = Trust.of(signers=forger().anchor)
    told = genlabel.inspect(data, trust=trust)
    assert told.report.signer.trust is TrustLevel.KNOWN
    assert genlabel.inspect(data).report.signer.trust is TrustLevel.UNKNOWN
    assert told.worst() is None
    assert "known to you by" in shown(told)
    assert genlabel.explain(data, trust=trust).report.signer == told.report.signer


def test_a_manifest_that_declares_nothing_is_there_all_the_same():
    silent = generated(forger()).with_(actions({"action": "c2pa.opened"}))
    data = embedded(picture("png"), silent)
    assert verified(data).marks == {}
    assert "marks       manifest\n" in shown(verified(data))
    assert "marks       none\n" in shown(verified(picture("png")))


def test_a_signature_that_does_not_hold_is_not_told_as_a_change_alone():
    report = verified(_unsigned_by_acme())
    assert report.reason == "signature"
    assert "never signed by that key" in phrases.integrity(report)
    whole = bytearray(embedded(picture("png"), _draft()))
    whole[-20] ^= 1  # in the coded picture
    changed = bytes(whole)
    assert "never signed" not in phrases.integrity(verified(changed))


def test_a_manifest_without_a_binding_is_not_called_unreadable():
    data = put(picture("png"), store(generated(forger())))
    report = verified(data)
    assert (report.integrity, report.reason) == (Integrity.UNKNOWN, "no-binding")
    assert "no hash ties the manifest to this picture" in phrases.integrity(report)
    bound = verified(embedded(picture("png"), generated(forger())))
    assert (bound.integrity, bound.reason) == (Integrity.INTACT, None)


def test_of_a_manifest_that_the_engine_refuses_inspect_does_not_say_that_it_holds_nothing():
    refused = genlabel.inspect(put(picture("png"), store(generated(forger()))))
    assert refused.manifest is None
    assert "assertions" not in shown(refused)
    opened_by_it = genlabel.inspect(embedded(picture("png"), generated(forger())))
    assert "c2pa.actions.v2" in opened_by_it.manifest.assertions
