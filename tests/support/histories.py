"""Labels of every kind, and the pictures that they are told of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from genlabel.model.element import Element
from genlabel.model.label import Label
from genlabel.model.parties import Generator, Licensor, Producer, Rights
from genlabel.model.plus import DataMining
from genlabel.model.vocabulary import DigitalSourceType
from genlabel.testing import picture

ACME = Producer(
    "Acme Studio",
    url="https://acme.example",
    identifier="https://isni.org/isni/000000012146438X",
)
FLUX = Generator(
    "FLUX.1 [dev]",
    version="1.0b",
    provider="Black Forest Labs",
    identifier="pkg:huggingface/black-forest-labs/FLUX.1-dev",
)
RIGHTS = Rights(
    creator=("Ada Lovelace", "Zoë 株式会社"),
    credit="Acme / Photo desk",
    copyright="© 2026 Acme Studio, <all> rights & “reserved”",
    usage_terms="Ask first, שלום",
    web_statement="https://acme.example/rights",
    licensor=Licensor("Acme Licences", url="https://acme.example/buy"),
    data_mining=DataMining.PROHIBITED_AI_ML_TRAINING,
)
DESCRIBED = {
    "title": "A hill 🌄 and a very long title that no legacy field of sixty-four bytes can hold",
    "description": "Hills at dusk\nand a second line",
    "created": datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC),
    "identifier": "urn:uuid:0f8fad5b-d9cb-469f-a165-70867728950e",
    "rights": RIGHTS,
}

MIMES = {"jpeg": "image/jpeg", "png": "image/png", "webp": "image/webp"}
"""Formats in which every story is told."""
LABELLED = frozenset({*MIMES, "avif", "heic", "heif"})
"""Formats of the corpus that genlabel labels, as its index calls them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A label with the parent that it is told of, if any."""

    label: Label
    parent: bytes | None = None


UPSCALER = Generator("Upscaler", version="3.1", provider="Sharp & Sons")


def stories() -> Mapping[str, Story]:
    """One story for every way in which a picture comes to be."""
    parent = picture("jpeg", seed=3)
    elements = (
        Element(picture("jpeg", seed=4), title="sky"),
        Element(picture("png", seed=5), title="ground"),
    )
    told = {
        "generated": Story(label=Label.generated(producer=ACME)),
        "generated, everything said": Story(
            label=Label.generated(
                producer=ACME,
                generator=FLUX,
                prompt="hills at dusk",
                prompt_writer="Grace Hopper",
                **DESCRIBED,
            )
        ),
        "edited by a model, parent given": Story(
            label=Label.edited(producer=ACME, generator=FLUX, **DESCRIBED), parent=parent
        ),
        "edited by a model, parent unknown": Story(
            label=Label.edited(producer=ACME, generator=FLUX)
        ),
        "edited by hand": Story(label=Label.edited(producer=ACME, **DESCRIBED), parent=parent),
        "enhanced, parent given": Story(
            label=Label.enhanced(producer=ACME, generator=UPSCALER, **DESCRIBED), parent=parent
        ),
        "enhanced, parent unknown": Story(label=Label.enhanced(producer=ACME, generator=UPSCALER)),
        "composite": Story(label=Label.composite(producer=ACME, of=elements, **DESCRIBED)),
        "composite by a model": Story(
            label=Label.composite(producer=ACME, of=elements, generator=FLUX)
        ),
        "captured": Story(label=Label.captured(producer=ACME, **DESCRIBED)),
        "created by a human": Story(label=Label.created_by_human(producer=ACME, **DESCRIBED)),
    }
    return told | {
        f"source type {each.code}{using}": _of_source_type(each, parent, software)
        for each in DigitalSourceType
        for using, software in (("", None), (" by software", UPSCALER))
        if software is None or Label.admits_generator(each)
    }


def _of_source_type(
    source_type: DigitalSourceType, parent: bytes, software: Generator | None
) -> Story:
    history = Label.history_of(source_type)
    return Story(
        label=Label(source_type=source_type, history=history, producer=ACME, generator=software),
        parent=parent if history.value == "edited" else None,
    )
