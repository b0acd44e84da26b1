"""The one table of the fields: where each mark puts each field of a label, and cut how.

`docs/fields.md` is made from it, marks compose and read by it, verifying compares by it.
Sources: IPTC Photo Metadata 2025.1, PLUS LDF 2.0, IIM 4.2, Exif 3.0, CAWG Metadata 1.1.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from genlabel.model.histories import History
from genlabel.model.parties import ORGANIZATION, PERSON, Generator
from genlabel.model.places import Field as Field, Place as Place, Value as Value
from genlabel.model.plus import DataMining
from genlabel.model.report import Mark
from genlabel.model.serialise import rfc3339 as rfc3339
from genlabel.model.vocabulary import IPTC_SCHEME

if TYPE_CHECKING:
    from genlabel.model.label import Label


def _producer_of_generated(label: Label) -> str | None:
    return label.producer.name if label.history is History.GENERATED else None


def _ai_system(label: Label) -> Generator | None:
    """The generator, where the source type says that an AI system was used."""
    return label.generator if label.source_type.generative else None


def _of_ai_system(attribute: str) -> Callable[[Label], str | None]:
    return lambda label: getattr(_ai_system(label), attribute, None)


def _of_software(attribute: str) -> Callable[[Label], str | None]:
    return lambda label: getattr(label.software, attribute, None)


def _ai_system_used(where: str, attribute: str) -> dict[Mark, Place]:
    """XMP names AI systems only; the manifest's actions name software of any kind."""
    return {_X: Place(where, of=_of_ai_system(attribute)), _M: Place(where)}


def _newscode(text: str) -> str:
    """The URI of an IPTC NewsCode; nothing for C2PA's own two codes, which are none."""
    return text if text.startswith(IPTC_SCHEME) else ""


def _constraint_of(code: DataMining) -> Callable[[Label], str | None]:
    """What the label's data-mining code refers to, where that is `code`."""
    return lambda label: (
        label.rights.data_mining_constraint if label.rights.mining_code is code else None
    )


def _public(attribute: str) -> Callable[[Label], tuple[str, ...] | None]:
    """Texts of the rights that are written only where somebody says that they are public."""
    return lambda label: getattr(label.rights, attribute) or None if label.rights.public else None


def _software(label: Label) -> str | None:
    software = label.software
    return " ".join(filter(None, (software.name, software.version))) if software else None


def _hex_of_uuid(text: str) -> str:
    """The 32 hexadecimal digits that Exif asks for; nothing for identifiers that are no UUID."""
    digits = text.lower().removeprefix("urn:uuid:").replace("-", "")
    return digits if len(digits) == 32 and set(digits) <= set("0123456789abcdef") else ""


_X, _I, _E, _M = Mark.IPTC, Mark.IIM, Mark.EXIF, Mark.MANIFEST


def _everywhere(
    where: str, *, item: str | None = None, iim: Place | None = None, exif: Place | None = None
) -> dict[Mark, Place]:
    """XMP and ``cawg.metadata`` use the same names; `iim` and `exif` have their own."""
    places = {_X: Place(where, item=item), _M: Place(where, item=item), _I: iim, _E: exif}
    return {mark: place for mark, place in places.items() if place is not None}


FIELDS: tuple[Field, ...] = (
    Field(
        name="source_type",
        meaning="how the picture came to be (digital source type)",
        of=lambda label: label.marked_source_type.uri,
        places={
            _X: Place("Iptc4xmpExt:DigitalSourceType", form=_newscode),
            _M: Place("c2pa.actions.v2 digitalSourceType, Iptc4xmpExt:DigitalSourceType"),
        },
    ),
    Field(
        name="producer",
        meaning="the person or company that answers for the picture",
        unit="producer",
        of=lambda label: label.producer.name,
        places=_everywhere("Iptc4xmpExt:Contributor", item="Iptc4xmpExt:Name"),
    ),
    Field(
        name="producer_type",
        meaning="whether that is a natural person or an organisation",
        unit="producer",
        of=lambda label: PERSON if label.producer.person else ORGANIZATION,
        places={_M: Place("Iptc4xmpExt:Contributor", item="@type")},
    ),
    Field(
        name="producer_role",
        meaning="what the producer did for the picture (CAWG named actor role)",
        unit="producer",
        of=lambda label: label.producer.role.value,
        places=_everywhere("Iptc4xmpExt:Contributor", item="Iptc4xmpExt:Role"),
    ),
    Field(
        name="producer_url",
        meaning="a web page of the producer",
        unit="producer",
        of=lambda label: label.producer.url,
        places=_everywhere("Iptc4xmpExt:Contributor", item="xmp:Identifier"),
    ),
    Field(
        name="producer_identifier",
        meaning="the producer's identifier in a register",
        unit="producer",
        of=lambda label: label.producer.identifier,
        places=_everywhere("Iptc4xmpExt:Contributor", item="xmp:Identifier"),
    ),
    Field(
        name="supplier",
        meaning="the supplier of the picture: the producer where the file names none",
        fallback=lambda label: label.producer.name,
        places=_everywhere("plus:ImageSupplier", item="plus:ImageSupplierName"),
    ),
    Field(
        name="generator",
        meaning="the AI system used; in the manifest's actions also other software",
        unit="generator",
        of=_of_software("name"),
        places=_ai_system_used("Iptc4xmpExt:AISystemUsed", "name"),
    ),
    Field(
        name="generator_version",
        meaning="its version",
        unit="generator",
        of=_of_software("version"),
        places=_ai_system_used("Iptc4xmpExt:AISystemVersionUsed", "version"),
    ),
    Field(
        name="generator_provider",
        meaning="the company that offers the system",
        unit="generator",
        of=_of_software("provider"),
        places={_M: Place("c2pa.actions.v2 softwareAgent dev.genlabel.provider")},
    ),
    Field(
        name="software",
        meaning="the software that made the file: generator and version where the file names none",
        fallback=_software,
        places={_E: Place("0x0131 Software")},
    ),
    Field(
        name="title",
        meaning="the picture's title",
        of=lambda label: label.title,
        places=_everywhere("dc:title", iim=Place("2:05", limit=64)),
    ),
    Field(
        name="description",
        meaning="what is seen: the caption",
        of=lambda label: label.description,
        places=_everywhere(
            "dc:description", iim=Place("2:120", limit=2000), exif=Place("0x010E ImageDescription")
        ),
    ),
    Field(
        name="alt_text",
        meaning="what is said of the picture to those who do not see it",
        of=lambda label: label.alt_text,
        places=_everywhere("Iptc4xmpCore:AltTextAccessibility"),
    ),
    Field(
        name="keywords",
        meaning="words by which the picture is found, beside those in the file",
        several=True,
        adds=True,
        of=lambda label: tuple(label.keywords) or None,
        places=_everywhere("dc:subject", iim=Place("2:25", limit=64)),
    ),
    Field(
        name="created",
        meaning="when this version was made, where that is known (capture dates are never touched)",
        of=lambda label: rfc3339(label.moment) if label.moment else None,
        places={
            _X: Place(
                "xmp:ModifyDate",
                of=lambda label: rfc3339(label.modified) if label.modified else None,
            ),
            _M: Place("c2pa.actions.v2 when"),
        },
    ),
    Field(
        name="identifier",
        meaning="a globally unique identifier of the picture",
        of=lambda label: label.identifier,
        fallback=lambda label: label.fallback_identifier,
        places=_everywhere(
            "Iptc4xmpExt:DigImageGUID", exif=Place("0xA420 ImageUniqueID", form=_hex_of_uuid)
        ),
    ),
    Field(
        name="creator",
        meaning="the human creators",
        several=True,
        of=lambda label: tuple(filter(None, label.rights.creator)) or None,
        fallback=lambda label: tuple(filter(None, (_producer_of_generated(label),))) or None,
        places=_everywhere(
            "dc:creator", iim=Place("2:80", limit=32), exif=Place("0x013B Artist", joined="; ")
        ),
    ),
    Field(
        name="credit",
        meaning="the credit line",
        of=lambda label: label.rights.credit,
        fallback=_producer_of_generated,
        places=_everywhere("photoshop:Credit", iim=Place("2:110", limit=32)),
    ),
    Field(
        name="copyright",
        meaning="the copyright notice",
        of=lambda label: label.rights.copyright,
        places=_everywhere(
            "dc:rights", iim=Place("2:116", limit=128), exif=Place("0x8298 Copyright")
        ),
    ),
    Field(
        name="usage_terms",
        meaning="what may be done with the picture",
        of=lambda label: label.rights.usage_terms,
        places=_everywhere("xmpRights:UsageTerms"),
    ),
    Field(
        name="web_statement",
        meaning="the page that states the rights",
        of=lambda label: label.rights.web_statement,
        places=_everywhere("xmpRights:WebStatement"),
    ),
    Field(
        name="licensor",
        meaning="who sells licences",
        unit="licensor",
        of=lambda label: label.rights.licensor.name if label.rights.licensor else None,
        places=_everywhere("plus:Licensor", item="plus:LicensorName"),
    ),
    Field(
        name="licensor_url",
        meaning="where licences are sold",
        unit="licensor",
        of=lambda label: label.rights.licensor.url if label.rights.licensor else None,
        places=_everywhere("plus:Licensor", item="plus:LicensorURL"),
    ),
    Field(
        name="data_mining",
        meaning="whether data mining and AI training are allowed (PLUS)",
        of=lambda label: label.rights.mining_code and label.rights.mining_code.value,
        places=_everywhere("plus:DataMining"),
    ),
    Field(
        name="data_mining_constraint",
        meaning="the constraint to which the data-mining code refers",
        of=_constraint_of(DataMining.PROHIBITED_SEE_CONSTRAINT),
        places=_everywhere("plus:OtherConstraints"),
    ),
    Field(
        name="embedded_rights",
        meaning="the encoded rights expression to which the data-mining code refers",
        of=_constraint_of(DataMining.PROHIBITED_SEE_EMBEDDED_RIGHTS),
        places=_everywhere("Iptc4xmpExt:EmbdEncRightsExpr", item="Iptc4xmpExt:EncRightsExpr"),
    ),
    Field(
        name="linked_rights",
        meaning="the address of one",
        of=_constraint_of(DataMining.PROHIBITED_SEE_LINKED_RIGHTS),
        places=_everywhere("Iptc4xmpExt:LinkedEncRightsExpr", item="Iptc4xmpExt:LinkedRightsExpr"),
    ),
    Field(
        name="model_release",
        meaning="whether the people in the picture agree to its use (PLUS)",
        of=lambda label: label.rights.model_release and label.rights.model_release.value,
        places=_everywhere("plus:ModelReleaseStatus"),
    ),
    Field(
        name="model_release_ids",
        meaning="identifiers of their releases, only when they are to be public",
        several=True,
        of=_public("model_release_ids"),
        places=_everywhere("plus:ModelReleaseID"),
    ),
    Field(
        name="property_release",
        meaning="whether the owners of what is in the picture agree to its use (PLUS)",
        of=lambda label: label.rights.property_release and label.rights.property_release.value,
        places=_everywhere("plus:PropertyReleaseStatus"),
    ),
    Field(
        name="property_release_ids",
        meaning="identifiers of their releases, only when they are to be public",
        several=True,
        of=_public("property_release_ids"),
        places=_everywhere("plus:PropertyReleaseID"),
    ),
    Field(
        name="minor_model_age",
        meaning="the age of the youngest person in the picture (PLUS)",
        of=lambda label: label.rights.minor_model_age and label.rights.minor_model_age.value,
        places=_everywhere("plus:MinorModelAgeDisclosure"),
    ),
    Field(
        name="prompt",
        meaning="the prompt, only when given",
        of=lambda label: label.prompt,
        places=_everywhere("Iptc4xmpExt:AIPromptInformation"),
    ),
    Field(
        name="prompt_writer",
        meaning="who wrote the prompt, only when given",
        of=lambda label: label.prompt_writer,
        places=_everywhere("Iptc4xmpExt:AIPromptWriterName"),
    ),
)

_BY_NAME = {each.name: each for each in FIELDS}


def field_of(name: str) -> Field:
    """The row of the table with this name."""
    return _BY_NAME[name]
