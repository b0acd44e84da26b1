"""What we declare about a picture: the label with its history and elements.

A `Label` is strict and complete by construction: a contradiction is a `LabelError` here and not a
finding later. What a *file* declares is a `Declaration` (see `report`), lenient and never complete.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field, fields, replace
from datetime import datetime
from typing import TypedDict, Unpack

from genlabel.model import step_rules
from genlabel.model.assertion import Assertion, assertions_of
from genlabel.model.dataclass import dataclass
from genlabel.model.details import Details as Details, PromptedDetails as PromptedDetails
from genlabel.model.element import Element, Relationship, elements_of
from genlabel.model.errors import LabelError
from genlabel.model.histories import NO_SYSTEM, SOURCE_TYPES, History as History
from genlabel.model.inputs import Input, inputs_of
from genlabel.model.moments import Created, moment_of
from genlabel.model.old_names import old_arguments
from genlabel.model.parties import Generator, Producer, Rights
from genlabel.model.steps import Oversight, OwnStep, Step, steps_of
from genlabel.model.text import clean, cleaned, listed_texts
from genlabel.model.vocabulary import DigitalSourceType

_OLD_NAMES = old_arguments(by="producer", using="generator")


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """One label: what a picture is, how it was made and who answers for it.

    Use the classmethods; they ask the plain questions:
    ``Label.generated(producer=Producer("Acme Studio"), generator=Generator("FLUX.1-dev"))``.
    All text is stored in Unicode NFC with ``\\n`` line ends; empty text counts as not given, and
    what is not given leaves the file's own words as they are. Where each field is written is the
    table of ``docs/fields.md``.

    Raises `LabelError` for any contradiction, such as a prompt of a photograph, and for text over
    16,384 bytes of UTF-8 a field or with control, direction-override or tag characters.
    """

    source_type: DigitalSourceType
    """How the picture came to be (IPTC NewsCodes `digitalsourcetype`, C2PA 2.4 §18.15.4)."""
    history: History
    """The plain question that the classmethod answers; has to fit the source type."""
    producer: Producer
    """Who answers for the picture."""
    generator: Generator | None = None
    """The AI system or other software; None also where the source type says that there was none."""
    title: str | None = None
    """The picture's title (``dc:title``; IIM holds 64 bytes)."""
    description: str | None = None
    """What is seen: the caption (``dc:description``)."""
    alt_text: str | None = None
    """What is said of the picture to those who do not see it
    (``Iptc4xmpCore:AltTextAccessibility``)."""
    keywords: Iterable[str] = ()
    """Words by which the picture is found (``dc:subject``; IIM holds 64 bytes of each); they stand
    beside those in the file. One text is taken as one word; kept as a tuple."""
    created: datetime | Created | str | None = None
    """When this version of the picture was made; timezone-aware, stored in UTC, or `Created`.

    None: of bytes and PIL images the time of signing, else what the file's own metadata state."""
    identifier: str | None = None
    """A globally unique identifier of the picture, e.g. ``urn:uuid:…``
    (``Iptc4xmpExt:DigImageGUID``; Exif ImageUniqueID takes UUIDs only)."""
    rights: Rights = field(default_factory=Rights)
    """Creators, credit, copyright and licences."""
    prompt: str | None = None
    """The prompt of a generative picture (``Iptc4xmpExt:AIPromptInformation``); public once
    written."""
    prompt_writer: str | None = None
    """The person who wrote the prompt; not the picture's creator."""
    elements: tuple[Element, ...] = ()
    """The pictures that a composite was made of, in order, and those that a model was given."""
    inputs: Iterable[Input] = ()
    """What else the model was given: prompts, seeds, models, pictures; kept as a tuple."""
    all_actions: bool = False
    """Is there nothing else that was done to the picture (C2PA 2.4 §18.15,
    ``allActionsIncluded``)? Of what its maker generated this is known without being said."""
    assertions: Iterable[Assertion] = ()
    """What is said besides, under labels in a reversed domain of one's own; kept as a tuple."""
    steps: tuple[Step, ...] = ()
    """What was done to the picture, in order. What a model did makes an edited,
    enhanced or composite picture generative."""
    oversight: Oversight | None = None
    """How far a human watched over the model; None: what the steps say, if they do."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "elements", elements_of(self.elements))
        object.__setattr__(self, "inputs", inputs_of(self.inputs))
        object.__setattr__(self, "assertions", assertions_of(self.assertions))
        object.__setattr__(self, "steps", steps_of(self.steps))
        words = listed_texts("keywords", self.keywords, "harbour")
        object.__setattr__(self, "keywords", tuple(dict.fromkeys(filter(None, words))))
        clean(self)
        self._raise_by_steps()
        object.__setattr__(self, "created", moment_of(self.created))
        self._check_contradictions()

    def _raise_by_steps(self) -> None:
        source_type = step_rules.source_type(self.history, self.source_type, self.steps)
        object.__setattr__(self, "source_type", source_type)
        generator = step_rules.generator(self.history, self.generator, self.steps)
        object.__setattr__(self, "generator", generator)

    def _check_contradictions(self) -> None:
        code = self.source_type.code
        admitted = step_rules.admitted(self.history, self.steps)
        if self.source_type not in admitted:
            raise LabelError(
                f"{code}: contradicts {self.history.value}",
                remedy="choose one of " + ", ".join(known.code for known in admitted),
            )
        if self.generator is not None and self.source_type in NO_SYSTEM:
            raise LabelError(
                f"{code}: says that no AI system made the picture, but a generator is named "
                f"({self.generator.name})",
                remedy="leave the generator out, or choose a source type that names its part",
            )
        if not self.source_type.generative and (self.prompt or self.prompt_writer):
            raise LabelError(f"{code}: a prompt belongs to generative pictures only")
        kinds = {each.relationship for each in self.elements}
        if Relationship.COMPONENT in kinds and self.history is not History.COMPOSITE:
            raise LabelError(f"{self.history.value}: only a composite is made of elements")
        if (self.inputs or Relationship.INPUT in kinds) and not self.source_type.generative:
            raise LabelError(f"{code}: inputs belong to pictures of generative models only")
        step_rules.check(self)

    @classmethod
    @_OLD_NAMES
    def generated(
        cls,
        *,
        producer: Producer,
        generator: Generator | None = None,
        **details: Unpack[PromptedDetails],
    ) -> Label:
        """Made wholly by a generative model: ``trainedAlgorithmicMedia``."""
        return cls(
            source_type=DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA,
            history=History.GENERATED,
            producer=producer,
            generator=generator,
            **details,
        )

    @classmethod
    @_OLD_NAMES
    def edited(
        cls,
        *,
        producer: Producer,
        generator: Generator | None = None,
        **details: Unpack[PromptedDetails],
    ) -> Label:
        """An existing picture, changed by a model if `generator` names one, else by hand.

        ``compositeWithTrainedAlgorithmicMedia`` with `generator`, ``humanEdits`` without.
        """
        return cls(
            source_type=DigitalSourceType.COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA
            if generator
            else DigitalSourceType.HUMAN_EDITS,
            history=History.EDITED,
            producer=producer,
            generator=generator,
            **details,
        )

    @classmethod
    def enhanced(
        cls, *, producer: Producer, generator: Generator | None = None, **details: Unpack[Details]
    ) -> Label:
        """An existing picture, changed by an algorithm that leaves what is seen as it was.

        ``algorithmicallyEnhanced``: larger, sharper, without noise; `generator` names the software,
        and makes nothing generative. Where a model adds what was not there, it is `edited`.
        """
        return cls(
            source_type=DigitalSourceType.ALGORITHMICALLY_ENHANCED,
            history=History.ENHANCED,
            producer=producer,
            generator=generator,
            **details,
        )

    @classmethod
    @_OLD_NAMES
    def composite(
        cls,
        *,
        producer: Producer,
        of: Iterable[Element],
        generator: Generator | None = None,
        **details: Unpack[Details],
    ) -> Label:
        """Put together from several pictures.

        ``compositeWithTrainedAlgorithmicMedia`` with `generator`, else ``composite``; signing
        raises ``composite`` to the former when an element turns out to be generative.
        """
        return cls(
            source_type=DigitalSourceType.COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA
            if generator
            else DigitalSourceType.COMPOSITE,
            history=History.COMPOSITE,
            producer=producer,
            generator=generator,
            elements=elements_of(of),
            **details,
        )

    @classmethod
    @_OLD_NAMES
    def captured(cls, *, producer: Producer, **details: Unpack[Details]) -> Label:
        """Taken from life with a camera: ``digitalCapture``."""
        return cls(
            source_type=DigitalSourceType.DIGITAL_CAPTURE,
            history=History.CAPTURED,
            producer=producer,
            **details,
        )

    @classmethod
    @_OLD_NAMES
    def created_by_human(cls, *, producer: Producer, **details: Unpack[Details]) -> Label:
        """Drawn, painted or composed by a human without generative tools: ``digitalCreation``."""
        return cls(
            source_type=DigitalSourceType.DIGITAL_CREATION,
            history=History.CREATED_BY_HUMAN,
            producer=producer,
            **details,
        )

    @staticmethod
    def history_of(source_type: DigitalSourceType) -> History:
        """The history that a source type alone implies, e.g. captured for ``print``."""
        return next(history for history, types in SOURCE_TYPES.items() if source_type in types)

    @staticmethod
    def admits_generator(source_type: DigitalSourceType) -> bool:
        """May a label with this source type name a generator, or does it say there was none?"""
        return source_type not in NO_SYSTEM

    @property
    def marked_source_type(self) -> DigitalSourceType:
        """The source type that every mark says: a generative history outlives a human's edit."""
        return self.source_type

    @property
    def moment(self) -> datetime | None:
        """When this version was made, where that is a moment that is known."""
        return self.created if isinstance(self.created, datetime) else None

    @property
    def modified(self) -> datetime | None:
        """The same where it is news to the file's metadata."""
        return self.moment

    @property
    def software(self) -> Generator | None:
        """The generator, as far as it made the picture what the marks say that it is."""
        return self.generator

    @property
    def fallback_identifier(self) -> str | None:
        """An identifier for where neither label nor file has one; signing settles it."""
        return None

    def inheriting(self, stated: DigitalSourceType | None, whence: str | None = None) -> Label:
        """The same label over a history that states `stated`, where that outlives the label's;
        `whence` is where it stands, if it is somebody else's word alone."""
        if stated is None or not stated.outlives(self.source_type):
            return self
        return SettledLabel.of(self, inherited=stated, inherited_from=whence)

    def with_source_type(self, source_type: DigitalSourceType) -> Label:
        """The same label with another source type of the same history."""
        return replace(self, source_type=source_type)


class Settled(TypedDict, total=False):
    """What signing settles."""

    created: datetime | None
    dated_by_file: bool
    inherited: DigitalSourceType
    inherited_from: str | None
    overruled: str
    overruled_places: str
    fallback_identifier: str
    own_steps: tuple[OwnStep, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SettledLabel(Label):
    """A label as signing settles it over a picture's history."""

    inherited: DigitalSourceType | None = None
    """The stronger source type that the history already states."""
    inherited_from: str | None = None
    """Where that stands, if nobody vouches for it whom the signer knows; named as in
    `Declared.origin`."""
    overruled: str | None = None
    """Why the label stands against what the file says."""
    overruled_places: str | None = None
    """Where the file says so, in our own words."""
    fallback_identifier: str | None = None
    own_steps: tuple[OwnStep, ...] = ()
    """What genlabel itself does to the picture while it signs it; they follow the label's own
    steps, and change nothing about its source type."""
    dated_by_file: bool = False
    """Do the file's metadata state the time, or another, so that XMP's date stays as it is?"""

    @classmethod
    def of(cls, label: Label, **settled: Unpack[Settled]) -> SettledLabel:
        """`label`, settled or not yet, with more that is; what was checked once stays as it is.

        Raises `LabelError` for a text that no label may have.
        """
        made, given = object.__new__(cls), dict(settled)
        for name, value in given.items():
            given[name] = (cleaned(name, value) or None) if type(value) is str else value
        for name, usual in _USUAL.items():
            value = given[name] if name in given else getattr(label, name, usual)
            object.__setattr__(made, name, value)
        return made

    @property
    def marked_source_type(self) -> DigitalSourceType:
        """The source type that every mark says: the inherited one, where there is one."""
        return self.inherited or self.source_type

    @property
    def modified(self) -> datetime | None:
        """Nothing where the file's metadata have a date of their own."""
        return None if self.dated_by_file else self.moment

    @property
    def software(self) -> Generator | None:
        """Nothing where the history says something stronger: that was another's doing."""
        if self.inherited is None or self.source_type.generative:
            return self.generator
        return None


_USUAL = {each.name: each.default for each in fields(SettledLabel)}
"""What a settled label has where neither it nor the label that it is made of says anything."""
