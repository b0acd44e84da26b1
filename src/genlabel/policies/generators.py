"""Generators whose credentials say in words only that a model made the picture: one dated table.

They state no digital source type, and a reader of source types takes their pictures for anything.
What a name or a description says is evidence against a label that says less, and no statement.
"""

from __future__ import annotations

from genlabel.model.dataclass import dataclass
from genlabel.policies.platforms.platform import Source, SourceKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """How one generator words it in the actions of its manifests; compared without case."""

    generator: str
    agents: tuple[str, ...] = ()
    """Whole names of the ``softwareAgent``."""
    descriptions: tuple[str, ...] = ()
    """Whole descriptions of an action."""
    sources: tuple[Source, ...]

    def fits(self, agent: str | None, description: str | None) -> bool:
        """Is an action with this agent and description the generator's?"""
        return _plain(agent) in self.agents or _plain(description) in self.descriptions


def _plain(text: str | None) -> str:
    return text.strip().rstrip(".").casefold() if text else "-"


WORDINGS = (
    Wording(
        generator="Bing Image Creator",
        agents=("bing image creator", "image creator from designer", "microsoft designer"),
        descriptions=("ai generated image", "ai-generated image"),
        sources=(
            Source(
                title="Microsoft's C2PA extension validator, a picture of 2024-03-08 among its "
                "test files: softwareAgent and description, and no digitalSourceType",
                url="https://github.com/microsoft/c2pa-extension-validator",
                published="2024-03-08",
                kind=SourceKind.OWN,
                checked="2026-11-28",
            ),
            Source(
                title="TechCrunch, Microsoft pledges to watermark AI-generated images and videos",
                url="https://techcrunch.com/2023/05/23/"
                "microsoft-pledges-to-watermark-ai-generated-images-and-videos/",
                published="2023-05-23",
                kind=SourceKind.REPORTED,
                checked="2026-11-28",
            ),
        ),
    ),
    Wording(
        generator="Google's generative AI",
        descriptions=("created by google generative ai", "made with google ai"),
        sources=(
            Source(
                title="Pictures signed by Google LLC (Google C2PA Core Generator Library): the "
                "description of c2pa.created, there beside a digitalSourceType",
                url="https://github.com/adcontextprotocol/adcp",
                kind=SourceKind.REPORTED,
                checked="2026-11-28",
            ),
        ),
    ),
)
"""The table, newest look on 2026-11-28."""
ASSERTIONS = {
    "com.adobe.generative-ai": Source(
        title="contentauth/c2pa-js, which shows pictures with this assertion of early Firefly "
        "(description, version, prompt) as generated, whatever their actions say",
        url="https://github.com/contentauth/c2pa-js-legacy",
        kind=SourceKind.OWN,
        checked="2026-11-29",
    ),
}
"""Assertions by which a maker says that a model made or changed the picture."""


def worded(agent: str | None, description: str | None) -> str | None:
    """The generator in whose words an action speaks; None where they are nobody's."""
    return next((each.generator for each in WORDINGS if each.fits(agent, description)), None)
