"""The platforms that are known, and what each of them is known to derive: one table, with dates.

Left out on purpose: what nobody has published (X's display of manifests, whether Google Images
knows ``algorithmicMedia``, what platforms do with manifests that do not hold).
"""

from __future__ import annotations

from collections.abc import Callable

from genlabel.model.escape import quoted
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


def _if(
    name: str,
    condition: Callable[[Evidence], bool],
    *sources: Source,
    status: ReceptionStatus = ReceptionStatus.DERIVES,
) -> Statement:
    """The statement `name`, which holds where the file meets `condition`."""
    return Statement(
        name=name,
        sources=sources,
        holds=lambda evidence: {} if condition(evidence) else None,
        status=status,
    )


def _nothing(
    condition: Callable[[Evidence], bool], *sources: Source, name: str = "nothing"
) -> Statement:
    """The statement that nothing in the file is read."""
    return _if(name, condition, *sources, status=ReceptionStatus.NOTHING)


def _source_type(
    read: Callable[[Evidence], DigitalSourceType | None], *sources: Source
) -> Statement:
    """The statement that names the source type which is `read`."""

    def holds(evidence: Evidence) -> Values | None:
        code = read(evidence)
        return {"source_type": code.code} if code is not None else None

    return Statement(name="source-type", sources=sources, holds=holds)


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
    return {"name": quoted(signer.organisation)}


PLATFORMS: tuple[Platform, ...] = (
    Platform(
        name="google-images",
        title="Google Images",
        statements=(
            _if(
                "rights",
                lambda file: file.written("creator", "credit", "copyright"),
                _GOOGLE_RIGHTS,
            ),
            _if(
                "licence",
                lambda file: file.in_xmp("web_statement"),
                _GOOGLE_LICENCE,
                _GOOGLE_RIGHTS,
            ),
            _if("licensor", lambda file: file.in_xmp("licensor_url"), _GOOGLE_RIGHTS),
            _source_type(
                lambda file: file.written_as(_GOOGLES), _GOOGLE_SOURCE_TYPE, _GOOGLE_LICENCE
            ),
            _if("manifest", lambda file: file.manifest, _GOOGLE_C2PA),
            _nothing(
                lambda file: file.no_manifest and file.written_as(_GOOGLES) is None,
                _GOOGLE_SOURCE_TYPE,
                _GOOGLE_C2PA,
            ),
        ),
    ),
    Platform(
        name="meta",
        title="Meta",
        statements=(
            _source_type(_read_by_meta, _META, _META_LABEL),
            _if("edited", lambda file: _read_by_meta(file) is _EDITED, _META_EDITED),
            _nothing(_unheard_of_by_meta, _META, _META_LABEL),
        ),
    ),
    Platform(
        name="pinterest",
        title="Pinterest",
        statements=(
            _source_type(lambda file: file.written_as(_AI), _PINTEREST, _PINTEREST_LABEL),
            _if(
                "manifest",
                lambda file: file.signed_as(_AI) is not None and file.written_as(_AI) is None,
                _STUDY,
                status=ReceptionStatus.UNKNOWN,
            ),
            _nothing(
                lambda file: file.signed_as(_AI) is None and file.written_as(_GOOGLES) is None,
                _PINTEREST,
            ),
        ),
    ),
    Platform(
        name="linkedin",
        title="LinkedIn",
        statements=(
            _if("manifest", lambda file: file.manifest, _LINKEDIN, _LINKEDIN_ICON),
            _nothing(lambda file: file.no_manifest, _STUDY, _LINKEDIN),
        ),
    ),
    Platform(
        name="tiktok",
        title="TikTok",
        statements=(
            _if("manifest", lambda file: file.signed_as((_GENERATED,)) is not None, _TIKTOK),
            _nothing(
                lambda file: (
                    file.no_manifest or (file.manifest and file.signed_as(_GOOGLES) is None)
                ),
                _STUDY,
                _TIKTOK,
            ),
        ),
    ),
    Platform(
        name="verify-page",
        title="verify page",
        statements=(
            _nothing(lambda file: file.no_manifest, _VERIFY, name="absent"),
            _if("broken", lambda file: file.broken_manifest, _VERIFY),
            Statement(name="signer", sources=(_VERIFY,), holds=_issuer),
            _if("generated", lambda file: file.signed_as((_GENERATED,)) is not None, _VERIFY),
            _if(
                "unsure",
                lambda file: file.report.integrity is Integrity.UNKNOWN,
                _VERIFY,
                status=ReceptionStatus.UNKNOWN,
            ),
        ),
    ),
)
