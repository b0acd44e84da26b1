"""The platforms that are known, and what each of them is known to derive: one table, with dates.

Left out on purpose: what nobody has published (X's display of manifests, whether Google Images
knows ``algorithmicMedia``, what platforms do with manifests that do not hold).
"""

from __future__ import annotations

from genlabel.model.report import Integrity
from genlabel.model.vocabulary import DigitalSourceType
from genlabel.policies.platforms.platform import (
    Evidence,
    Platform,
    ReceptionStatus,
    Source,
    SourceKind,
    Statement,
    Values,
)

_GENERATED = DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA
_EDITED = DigitalSourceType.COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA
_SYNTHETIC = DigitalSourceType.COMPOSITE_SYNTHETIC
_GOOGLES = (_GENERATED, _EDITED, _SYNTHETIC)
_AI = (_GENERATED, _EDITED)

_GOOGLE_RIGHTS = Source(
    title="IPTC, Quick guide to IPTC Photo Metadata on Google Images",
    url="https://iptc.org/standards/photo-metadata/"
    "quick-guide-to-iptc-photo-metadata-and-google-images/",
    published="2022-08-02",
    kind=SourceKind.REPORTED,
)
_GOOGLE_LICENCE = Source(
    title="Google Search Central, Image metadata in Google Images, quoted by Bright Moon Digital",
    url="https://brightmoondigital.com/"
    "google-search-now-includes-feature-for-tagging-ai-generated-or-altered-images/",
    published="2024-07-09",
    kind=SourceKind.QUOTED,
)
_GOOGLE_SOURCE_TYPE = Source(
    title="cmlabs, Google adopts metadata standards for AI-manipulated images",
    url="https://cmlabs.co/en/news/google-adopts-metadata-standards-for-ai-manipulated-images",
    published="2024-07",
    kind=SourceKind.REPORTED,
)
_GOOGLE_C2PA = Source(
    title="PetaPixel, Google is adding C2PA Content Credentials to Search and Ads",
    url="https://petapixel.com/2024/09/17/"
    "google-is-adding-c2pa-image-content-credentials-to-search-and-ads",
    published="2024-09-17",
    kind=SourceKind.REPORTED,
)
_META = Source(
    title="Meta (Nick Clegg), quoted by the IPTC",
    url="https://iptc.org/news/meta-announces-support-for-iptc-metadata-in-generative-ai-images/",
    published="2024-02-07",
    kind=SourceKind.QUOTED,
)
_META_LABEL = Source(
    title="A summary of Meta's help page on “AI info”",
    url="https://strategicdigitalmarketinggroup.com/?p=12355",
    kind=SourceKind.REPORTED,
)
_META_EDITED = Source(
    title="YBX, on Meta's labels for pictures edited with AI",
    url="https://ybx.com/ai-news/"
    "discover-how-google-will-help-you-identify-aigenerated-images-6328",
    published="2024-09",
    kind=SourceKind.REPORTED,
)
_PINTEREST = Source(
    title="Pinterest's help, quoted by the IPTC",
    url="https://pubt.io/view/CE518F72E9E507625FD8CC00D9FA16D8866A5DC8",
    published="2025-03-10",
    kind=SourceKind.QUOTED,
)
_PINTEREST_LABEL = Source(
    title="AuditSocials, Pinterest's AI modified label",
    url="https://www.auditsocials.com/blog/"
    "pinterest-ai-modified-ad-label-2026-iptc-metadata-synthetic-content-disclosure-"
    "advertiser-appeals",
    published="2026-06-08",
    kind=SourceKind.REPORTED,
)
_STUDY = Source(
    title="IPTC on Indicator's study: AI disclosure on social media, a work in progress",
    url="https://iptc.org/news/ai-disclosure-on-social-media-a-work-in-progress",
    published="2026-03",
    kind=SourceKind.REPORTED,
)
_LINKEDIN = Source(
    title="LinkedIn help a6282984, Content credentials (read in a copy)",
    url="https://www.linkedin.com/help/lms/answer/a6282984",
    kind=SourceKind.QUOTED,
)
_LINKEDIN_ICON = Source(
    title="LinkedIn, report of March 2025 under the Code of Conduct on Disinformation",
    url="https://disinfocode.eu/reports/microsoft-linkedin/5?chapterId=44&commitmentId=220",
    published="2025-03",
    kind=SourceKind.OWN,
)
_TIKTOK = Source(
    title="Mezha, TikTok will label AI content created on other platforms",
    url="https://mezha.media/en/2024/05/09/"
    "tiktok-will-soon-automatically-label-ai-content-created-on-other-platforms/",
    published="2024-05-09",
    kind=SourceKind.REPORTED,
)
_VERIFY = Source(
    title="Content Authenticity Initiative, Using the Verify tool",
    url="https://github.com/contentauth/opensource.contentauth.org/blob/main/docs/"
    "getting-started/verify.mdx",
    kind=SourceKind.OWN,
)


def _named(code: DigitalSourceType | None) -> Values | None:
    return {"source_type": code.code} if code is not None else None


def _if(holds: bool) -> Values | None:
    return {} if holds else None


def _read_by_meta(evidence: Evidence) -> DigitalSourceType | None:
    return evidence.signed_as(_AI) or evidence.written_as(_AI)


def _unheard_of_by_meta(evidence: Evidence) -> bool:
    """No sign of AI at all: neither one that Meta names, nor one of which nothing is known."""
    silent = evidence.signed_as(_GOOGLES) is None and evidence.written_as(_GOOGLES) is None
    return silent and (evidence.manifest or evidence.no_manifest)


def _issuer(evidence: Evidence) -> Values | None:
    signer = evidence.report.signer
    # the page shows an organisation only where the certificate has an O
    if not evidence.manifest or signer is None or signer.organisation is None:
        return None
    return {"name": signer.organisation}


PLATFORMS: tuple[Platform, ...] = (
    Platform(
        name="google-images",
        title="Google Images",
        statements=(
            Statement(
                name="rights",
                sources=(_GOOGLE_RIGHTS,),
                holds=lambda seen: _if(seen.written("creator", "credit", "copyright")),
            ),
            Statement(
                name="licence",
                sources=(_GOOGLE_LICENCE, _GOOGLE_RIGHTS),
                holds=lambda seen: _if(seen.in_xmp("web_statement")),
            ),
            Statement(
                name="licensor",
                sources=(_GOOGLE_RIGHTS,),
                holds=lambda seen: _if(seen.in_xmp("licensor_url")),
            ),
            Statement(
                name="source-type",
                sources=(_GOOGLE_SOURCE_TYPE, _GOOGLE_LICENCE),
                holds=lambda seen: _named(seen.written_as(_GOOGLES)),
            ),
            Statement(
                name="manifest",
                sources=(_GOOGLE_C2PA,),
                holds=lambda seen: _if(seen.manifest),
            ),
            Statement(
                name="nothing",
                sources=(_GOOGLE_SOURCE_TYPE, _GOOGLE_C2PA),
                holds=lambda seen: _if(seen.no_manifest and seen.written_as(_GOOGLES) is None),
                status=ReceptionStatus.NOTHING,
            ),
        ),
    ),
    Platform(
        name="meta",
        title="Meta",
        statements=(
            Statement(
                name="source-type",
                sources=(_META, _META_LABEL),
                holds=lambda seen: _named(_read_by_meta(seen)),
            ),
            Statement(
                name="edited",
                sources=(_META_EDITED,),
                holds=lambda seen: _if(_read_by_meta(seen) is _EDITED),
            ),
            Statement(
                name="nothing",
                sources=(_META, _META_LABEL),
                holds=lambda seen: _if(_unheard_of_by_meta(seen)),
                status=ReceptionStatus.NOTHING,
            ),
        ),
    ),
    Platform(
        name="pinterest",
        title="Pinterest",
        statements=(
            Statement(
                name="source-type",
                sources=(_PINTEREST, _PINTEREST_LABEL),
                holds=lambda seen: _named(seen.written_as(_AI)),
            ),
            Statement(
                name="manifest",
                sources=(_STUDY,),
                holds=lambda seen: _if(
                    seen.signed_as(_AI) is not None and seen.written_as(_AI) is None
                ),
                status=ReceptionStatus.UNKNOWN,
            ),
            Statement(
                name="nothing",
                sources=(_PINTEREST,),
                holds=lambda seen: _if(
                    seen.signed_as(_AI) is None and seen.written_as(_GOOGLES) is None
                ),
                status=ReceptionStatus.NOTHING,
            ),
        ),
    ),
    Platform(
        name="linkedin",
        title="LinkedIn",
        statements=(
            Statement(
                name="manifest",
                sources=(_LINKEDIN, _LINKEDIN_ICON),
                holds=lambda seen: _if(seen.manifest),
            ),
            Statement(
                name="nothing",
                sources=(_STUDY, _LINKEDIN),
                holds=lambda seen: _if(seen.no_manifest),
                status=ReceptionStatus.NOTHING,
            ),
        ),
    ),
    Platform(
        name="tiktok",
        title="TikTok",
        statements=(
            Statement(
                name="manifest",
                sources=(_TIKTOK,),
                holds=lambda seen: _if(seen.signed_as((_GENERATED,)) is not None),
            ),
            Statement(
                name="nothing",
                sources=(_STUDY, _TIKTOK),
                holds=lambda seen: _if(
                    seen.no_manifest or (seen.manifest and seen.signed_as(_GOOGLES) is None)
                ),
                status=ReceptionStatus.NOTHING,
            ),
        ),
    ),
    Platform(
        name="verify-page",
        title="verify page",
        statements=(
            Statement(
                name="absent",
                sources=(_VERIFY,),
                holds=lambda seen: _if(seen.no_manifest),
                status=ReceptionStatus.NOTHING,
            ),
            Statement(
                name="broken",
                sources=(_VERIFY,),
                holds=lambda seen: _if(seen.broken_manifest),
            ),
            Statement(name="signer", sources=(_VERIFY,), holds=_issuer),
            Statement(
                name="generated",
                sources=(_VERIFY,),
                holds=lambda seen: _if(seen.signed_as((_GENERATED,)) is not None),
            ),
            Statement(
                name="unsure",
                sources=(_VERIFY,),
                holds=lambda seen: _if(seen.report.integrity is Integrity.UNKNOWN),
                status=ReceptionStatus.UNKNOWN,
            ),
        ),
    ),
)
