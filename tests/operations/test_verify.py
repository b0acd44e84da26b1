"""The corpus: signed pictures read as they are, unmarked ones labelled without harm.

Only what cannot change with dates and lists is frozen: integrity, lineage, signer, source type.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from PIL import Image, ImageOps, ImageSequence

import genlabel
from genlabel.credentials.trust import Trust
from genlabel.model.label import Label
from genlabel.model.report import (
    Integrity,
    Lineage,
    Mark,
    Severity,
    SigningTime,
    Survival,
    TrustLevel,
    Validity,
)
from histories import ACME, FLUX, LABELLED
from oracles import corpus, libheif
from oracles.corpus import Specimen, each_specimen


@dataclass(frozen=True, slots=True)
class Expected:
    """What a signed picture of the corpus has to read as."""

    integrity: str
    reason: str | None = None
    lineage: str = "none"
    signer: str | None = None
    source_type: str | None = None
    codes: tuple[str, ...] = ()
    """Of findings that are errors."""


TEST = "C2PA Test Signing Cert"
AGENTIC = "Agentic Advertising Organization"
VALIDATOR = "C2PA Extension Validator"
GENERATED = "trainedAlgorithmicMedia"
HASH = "assertion.hashedURI.mismatch"
INVALID = "signingCredential.invalid"
"""Their authority has no key usage (C2PA 2.4 §14.5.1.1)."""
DATA = "assertion.dataHash.mismatch"
UNSUPPORTED = "algorithm.unsupported"
NO_ALGORITHM = (DATA, UNSUPPORTED, UNSUPPORTED, "claimSignature.mismatch")
"""The name of the algorithm was taken out of the claim: its signature is over another one."""
MISSING = "ingredient.manifest.missing"

EXPECTED = {
    # Built on a tampered parent: the index has the engine's "Valid", its readme says better.
    "CACAE-uri-CA.jpg": Expected("intact", None, "broken", TEST, "algorithmicMedia", (HASH,)),
    "adobe-20220124-CIE-sig-CA.jpg": Expected(
        "intact", None, "broken", TEST, None, ("claimSignature.mismatch",)
    ),
    "C_with_CAWG_data.jpg": Expected("intact", None, "none", TEST, "digitalCapture"),
    "ChatGPT_Image.png": Expected(
        "intact", None, "intact", "OpenAI", GENERATED, ("assertion.action.malformed",)
    ),
    "DALL-E_cloud_surfing_puppy.webp": Expected("intact", None, "intact", "OpenAI", GENERATED),
    "PXL_20260208_202351558.jpg": Expected("intact", None, "intact", "Google LLC", "humanEdits"),
    "adobe-20220124-A.jpg": Expected("absent"),
    "adobe-20220124-C.jpg": Expected("intact", None, "none", TEST),
    "adobe-20220124-CA.jpg": Expected("intact", None, "intact", TEST),
    "adobe-20220124-CAICAI.jpg": Expected("intact", None, "intact", TEST),
    "adobe-20220124-E-clm-CAICAI.jpg": Expected(
        "broken", "altered", "broken", TEST, None, (HASH, MISSING)
    ),
    "adobe-20220124-E-dat-CA.jpg": Expected("broken", "altered", "intact", TEST, None, (DATA,)),
    "adobe-20220124-E-sig-CA.jpg": Expected(
        "broken", "signature", "intact", TEST, None, ("claimSignature.mismatch",)
    ),
    "adobe-20220124-E-uri-CA.jpg": Expected("broken", "altered", "intact", TEST, None, (HASH,)),
    "adobe-20220124-XCA.jpg": Expected("broken", "altered", "intact", TEST, None, (DATA,)),
    "amazon-titan-g1.png": Expected("intact", None, "none", "Amazon Web Services, Inc.", GENERATED),
    "bing_creator_cloud_surfing_puppy.jpg": Expected(
        "intact", None, "none", "Microsoft Corporation"
    ),
    "cards_expired_with_timestamp.jpg": Expected(
        "intact", None, "none", VALIDATOR, None, (INVALID,)
    ),
    "cards_expired_without_timestamp.jpg": Expected(
        "intact", None, "none", VALIDATOR, None, (INVALID,)
    ),
    "cards_invalid.jpg": Expected("broken", "altered", "none", VALIDATOR, None, (DATA,)),
    "cards_trusted.jpg": Expected("intact", None, "none", VALIDATOR, None, (INVALID,)),
    "cards_trusted.webp": Expected("intact", None, "none", VALIDATOR, None, (INVALID,)),
    "cards_trusted.avif": Expected("intact", None, "none", VALIDATOR, None, (INVALID,)),
    "cards_untrusted.jpg": Expected("intact", None, "none", VALIDATOR, None, (INVALID,)),
    "cloud.jpg": Expected("unknown", "remote-only"),
    "diagram-five-protocols.png": Expected("intact", None, "none", AGENTIC, GENERATED),
    "no_alg.jpg": Expected("broken", "altered", "none", TEST, None, NO_ALGORITHM),
    "no_manifest.jpg": Expected("absent"),
    "prerelease.jpg": Expected("unknown", "prerelease"),
    "ren-castillo.png": Expected("intact", None, "none", "Google LLC", GENERATED),
    "tmp-07-every-surface.png": Expected("intact", None, "none", AGENTIC, GENERATED),
    "tmp-ai-02-same-router.png": Expected("intact", None, "none", AGENTIC, GENERATED),
    "tomoko-hara.png": Expected("intact", None, "none", "Google LLC", GENERATED),
}


def _readable(folder: str) -> pytest.MarkDecorator:
    return each_specimen(
        lambda each: each.format in LABELLED and each.name.startswith(f"{folder}/")
    )


@_readable("signed")
def test_a_signed_picture_reads_as_it_is(specimen: Specimen):
    expected = EXPECTED[specimen.name.removeprefix("signed/")]
    report = genlabel.verify(specimen.data, policy=None)
    assert (report.integrity, report.reason) == (Integrity(expected.integrity), expected.reason)
    assert report.lineage is Lineage(expected.lineage)
    assert (report.signer.organisation if report.signer else None) == expected.signer
    stated = report.declared.source_type
    assert (stated.rpartition("/")[2] if stated else None) == expected.source_type
    errors = [each.code for each in report.findings if each.severity is Severity.ERROR]
    assert tuple(errors) == expected.codes


@_readable("signed")
def test_nobody_is_trusted_and_no_time_is_proven_without_lists(specimen: Specimen):
    report = genlabel.verify(specimen.data, policy=None)
    assert not report.declared.attested
    if report.signer is not None:
        assert report.signer.trust is TrustLevel.UNKNOWN
        assert report.signer.time in (SigningTime.CLAIMED, SigningTime.NONE)


def test_a_time_stamp_of_an_old_claim_proves_nothing_that_no_list_vouches_for():
    """The engine calls every time-stamp of a version 1 claim trusted, whoever made it."""
    lists = corpus.beside("trust-lists")
    if lists is None:
        pytest.skip(corpus.NO_CORPUS)
    official = Trust.of(lists=[("tsa", lists / "C2PA-TSA-TRUST-LIST.pem")])
    data = corpus.specimen("signed/cards_expired_with_timestamp.jpg").data
    for trust in (Trust(), official):
        signer = genlabel.verify(data, trust=trust, policy=None).signer
        assert signer is not None
        assert signer.time is SigningTime.CLAIMED
        assert signer.validity is Validity.UNPROVABLE


@_readable("signed")
def test_the_index_and_the_table_above_are_of_one_mind(specimen: Specimen):
    """As far as dates and the engine's blind spot leave the index's states comparable."""
    expected = EXPECTED[specimen.name.removeprefix("signed/")]
    states = {state for state in specimen.states.values() if state}
    if expected.integrity == "absent":
        assert specimen.manifest == "no"
    elif expected.integrity == "unknown":
        assert states == {"error"}
    elif expected.integrity == "broken":
        assert states in ({"Invalid"}, {"error"})
    else:
        # `Invalid` here is about expired certificates and their key usages only.
        assert states & {"Valid", "Trusted"} or "signingCredential.expired" in specimen.notes


@_readable("marked-xmp-only")
def test_a_claim_in_xmp_alone_is_only_a_claim(specimen: Specimen):
    report = genlabel.verify(specimen.data, policy=None)
    assert report.integrity is Integrity.ABSENT
    assert report.declared.source_type is not None
    assert report.declared.source_type.endswith(GENERATED)
    assert report.declared.origin == "iptc"
    assert not report.declared.attested
    assert [each.code for each in report.findings] == ["genlabel.claim.unsigned"]


def _frames(data: bytes) -> Iterator[tuple[object, ...]]:
    """Each frame as it is stored, and as it is shown; MPO's pictures and animations too."""
    if data[8:12] in HEIF_BRANDS:
        libheif.needed()
        yield libheif.decoded(data).size, libheif.decoded(data).tobytes()
        return
    with Image.open(io.BytesIO(data)) as image:
        for frame in ImageSequence.Iterator(image):
            # Pillow cannot read the Exif that other programs put into text chunks of a PNG.
            in_text = "Raw profile type exif" in image.info
            shown = frame if in_text else ImageOps.exif_transpose(frame)
            yield (
                frame.mode,
                frame.size,
                frame.info.get("duration"),
                frame.info.get("icc_profile"),
                frame.tobytes(),
                shown.size,
                shown.tobytes(),
            )


HEIF_BRANDS = (b"heic", b"mif1")
SLOW = {"unmarked/sample1.heif"}
"""51 megapixels in HEVC take libheif many seconds: reading back has compared the coded bytes."""


@_readable("unmarked")
def test_an_unmarked_picture_is_labelled_verified_and_unharmed(specimen: Specimen, signer, trust):
    before = genlabel.verify(specimen.data, policy=None)
    assert before.integrity is Integrity.ABSENT
    signed = genlabel.sign(
        specimen.data, Label.edited(producer=ACME, generator=FLUX), signer, trust=trust
    )
    report = genlabel.verify(signed.data, trust=trust, policy=None)
    assert report.integrity is Integrity.INTACT
    assert report.declared.attested
    assert [each for each in report.findings if each.severity is Severity.ERROR] == []
    if specimen.name in SLOW:
        return
    assert list(_frames(signed.data)) == list(_frames(specimen.data))
    if specimen.data[8:12] in HEIF_BRANDS:
        return
    with (
        Image.open(io.BytesIO(specimen.data)) as old,
        Image.open(io.BytesIO(signed.data)) as new,
    ):
        assert (new.format, getattr(new, "n_frames", 1)) == (
            old.format,
            getattr(old, "n_frames", 1),
        )
        assert new.info.get("icc_profile") == old.info.get("icc_profile")
        assert new.info.get("jfif_density") == old.info.get("jfif_density")
        assert new.info.get("transparency") == old.info.get("transparency")
        assert new.info.get("loop") == old.info.get("loop")


@_readable("unmarked")
def test_encypher_accepts_other_peoples_pictures_labelled_by_us(
    specimen: Specimen, signer, authority, encypher
):
    signed = genlabel.sign(specimen.data, Label.edited(producer=ACME, generator=FLUX), signer)
    theirs = encypher.verify(signed.data, specimen.mime, authority.anchors)
    assert theirs.accepted, theirs.codes


@_readable("unmarked")
def test_exiftools_foreign_fields_stay(specimen: Specimen, signer, exiftool):
    signed = genlabel.sign(specimen.data, Label.edited(producer=ACME, generator=FLUX), signer)
    before, after = exiftool.read(specimen.path), exiftool.read(signed.data)
    assert after.get("IFD0:Orientation") == before.get("IFD0:Orientation")
    changed = {
        tag: (value, after.get(tag))
        for tag, value in before.items()
        if after.get(tag) != value and not tag.startswith(_OF_THE_FILE) and tag not in _OURS
    }
    assert changed == {}


_OF_THE_FILE = (
    "SourceFile",
    "System:",
    "ExifTool:",  # its warnings
    "File:CurrentIPTCDigest",
    "File:FileType",  # MPO is called by its suffix
    "MPImage",  # offsets and lengths of a file that has grown
    "Composite:",
    "RIFF:",
    "QuickTime:MediaData",  # where the first mdat box lies
)
_OURS = {
    "XMP-iptcExt:DigitalSourceType",
    "XMP-xmp:ModifyDate",
    "XMP-xmp:MetadataDate",
    "XMP-xmpMM:InstanceID",  # another with each version; the document's stay
    "IFD0:Software",
    "ExifIFD:ImageUniqueID",
    "IFD1:ThumbnailOffset",
    "File:MIMEType",
}


@_readable("unmarked")
def test_taking_the_labels_out_again_loses_all_of_them(specimen: Specimen, signer):
    signed = genlabel.sign(specimen.data, Label.edited(producer=ACME, generator=FLUX), signer)
    found = genlabel.strip_check(specimen.data, against=signed.data)
    assert found.marks[Mark.MANIFEST] is Survival.LOST
    assert found.marks[Mark.IPTC] in (Survival.LOST, Survival.CHANGED)
    assert found.pixels is not None
    assert found.pixels.change == "metadata-only"
