"""The label that settings declare: the plain questions, and what answers them."""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar

from genlabel.cli.settings.values import ORIGIN_KEYS, Answers, Rank, member
from genlabel.model.assertion import Assertion
from genlabel.model.dataclass import dataclass
from genlabel.model.element import Element
from genlabel.model.element_rights import RightsBasis, Training
from genlabel.model.errors import ConfigurationError, LabelError
from genlabel.model.histories import History
from genlabel.model.label import Label
from genlabel.model.mining import USES, Mining, Permission
from genlabel.model.moments import Created
from genlabel.model.parties import Generator, Licensor, Producer, Rights
from genlabel.model.plus import DataMining, MinorModelAge, ModelRelease, PlusCode, PropertyRelease
from genlabel.model.steps import Oversight, Step
from genlabel.model.vocabulary import DigitalSourceType, Role

C = TypeVar("C", bound=PlusCode)


@dataclass(frozen=True, slots=True, kw_only=True)
class Questions(Answers):
    """What settings answer of a label's questions."""

    def label(self) -> Label:
        """The label that is declared. Raises `ConfigurationError` when the answer to one of its
        questions is missing and `LabelError` when the answers contradict each other.
        """
        history, source_type = self._origin()
        generator = self._generator(history, source_type)
        return Label(
            source_type=source_type or _source_type(history, generator),
            history=history,
            producer=self.producer(),
            generator=generator,
            title=self._text("label.title"),
            description=self._text("label.description"),
            alt_text=self._text("label.alt_text"),
            keywords=self._get("label.keywords", tuple) or (),
            created=self._get("label.created", datetime) or self._get("label.created", Created),
            identifier=self._text("label.identifier"),
            rights=self._rights(),
            prompt=self._text("label.prompt"),
            prompt_writer=self._prompt_writer(source_type or _source_type(history, generator)),
            elements=self._elements(),
            inputs=self._get("label.inputs", tuple) or (),
            assertions=self._assertions(),
            steps=self._steps(),
            oversight=self._oversight(),
            all_actions=bool(self._get("label.all_actions", bool)),
        )

    def producer(self) -> Producer:
        """Who answers for the picture."""
        name = self._text("producer.name")
        if name is None:
            raise ConfigurationError(
                "producer: nobody is named who answers for the picture",
                remedy="say --by NAME, or put `name` into [producer] of genlabel.toml",
            )
        role = self._text("producer.role")
        return Producer(
            name,
            url=self._text("producer.url"),
            identifier=self._text("producer.identifier"),
            role=Role.parse(role) if role else Role.PRODUCER,
            person=bool(self._get("producer.person", bool)),
        )

    def _origin(self) -> tuple[History, DigitalSourceType | None]:
        """How the picture came to be."""
        word, code = self._text("label.history"), self._text("label.source_type")
        source_type = DigitalSourceType.parse(code) if code else None
        if word is not None:
            name = word.strip().lower().replace("-", "_")
            return member(History, name, f"{word!r}: no history", LabelError), source_type
        if source_type is not None:
            return Label.history_of(source_type), source_type
        raise ConfigurationError(
            "label: nothing says how the picture came to be",
            remedy="say --generated, --enhanced, --edited, --composite, --captured, "
            "--created-by-human or --source-type CODE",
        )

    def _generator(
        self, history: History, source_type: DigitalSourceType | None
    ) -> Generator | None:
        """The software, where somebody who says how the picture came to be names it, too."""
        name = self._text("generator.name")
        if name is None or self._is_beside_the_point(history, source_type):
            return None
        return Generator(
            name,
            version=self._text("generator.version"),
            provider=self._text("generator.provider"),
            identifier=self._text("generator.identifier"),
            model_type=self._text("generator.model_type") or "c2pa.types.model",
            training=self._training(),
        )

    def _training(self) -> Training | None:
        """On what the generator was trained."""
        basis = self._text("generator.training.basis")
        statement = self._text("generator.training.statement")
        if basis is None and statement is None:
            return None
        return Training(
            basis=member(RightsBasis, basis or "unknown", f"{basis!r}: no basis", LabelError),
            statement=statement,
        )

    def _is_beside_the_point(self, history: History, source_type: DigitalSourceType | None) -> bool:
        """Is the generator a standing one, for which the history that was chosen does not ask?

        What a configuration names fills in what a generated picture lacks and changes no other
        history: an edit by hand stays one.
        """
        rank = self.values["generator.name"].rank
        chosen = [each for each in map(self.values.get, ORIGIN_KEYS) if each is not None]
        if rank >= Rank.LABEL_FILE or all(rank >= each.rank for each in chosen):
            return False
        asks = history is History.GENERATED if source_type is None else source_type.generative
        return not asks

    def unused_generator(self) -> str | None:
        """The generator that a configuration names and the label leaves out; None else."""
        name = self._text("generator.name")
        return name if name is not None and self._is_beside_the_point(*self._origin()) else None

    def _prompt_writer(self, source_type: DigitalSourceType) -> str | None:
        """Likewise: a standing prompt writer speaks for generated pictures only."""
        setting = self.values.get("label.prompt_writer")
        if setting is not None and not source_type.generative and setting.rank < Rank.LABEL_FILE:
            return None
        return self._text("label.prompt_writer")

    def _rights(self) -> Rights:
        name = self._text("label.rights.licensor.name")
        url = self._text("label.rights.licensor.url")
        return Rights(
            creator=self._get("label.rights.creator", tuple) or (),
            credit=self._text("label.rights.credit"),
            copyright=self._text("label.rights.copyright"),
            usage_terms=self._text("label.rights.usage_terms"),
            web_statement=self._text("label.rights.web_statement"),
            licensor=Licensor(name, url=url) if name or url else None,
            data_mining=self._code("data_mining", DataMining),
            data_mining_constraint=self._text("label.rights.data_mining_constraint"),
            mining=self._mining(),
            model_release=self._code("model_release", ModelRelease),
            model_release_ids=self._get("label.rights.model_release_ids", tuple) or (),
            property_release=self._code("property_release", PropertyRelease),
            property_release_ids=self._get("label.rights.property_release_ids", tuple) or (),
            minor_model_age=self._code("minor_model_age", MinorModelAge),
            public=bool(self._get("label.rights.public", bool)),
        )

    def _mining(self) -> Mining | None:
        """What is said of single uses; None of none."""
        said = {use: self._text(f"label.rights.mining.{use}") for use in USES}
        given = {use: Permission.parse(word) for use, word in said.items() if word}
        return Mining(**given) if given else None

    def _code(self, name: str, kind: type[C]) -> C | None:
        """The PLUS code of the rights called `name`."""
        code = self._text(f"label.rights.{name}")
        return kind.parse(code) if code else None

    def _elements(self) -> tuple[Element, ...]:
        listed = self._get("label.elements", tuple) or ()
        return tuple(each for each in listed if isinstance(each, Element))

    def _steps(self) -> tuple[Step, ...]:
        listed = self._get("label.steps", tuple) or ()
        return tuple(each for each in listed if isinstance(each, Step))

    def _oversight(self) -> Oversight | None:
        word = self._text("label.oversight")
        if word is None:
            return None
        return member(Oversight, word.strip(), f"oversight: {word!r} is none", LabelError)

    def _assertions(self) -> tuple[Assertion, ...]:
        listed = self._get("label.assertions", tuple) or ()
        return tuple(each for each in listed if isinstance(each, Assertion))


_BY_ITSELF = {
    History.GENERATED: DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA,
    History.ENHANCED: DigitalSourceType.ALGORITHMICALLY_ENHANCED,
    History.CAPTURED: DigitalSourceType.DIGITAL_CAPTURE,
    History.CREATED_BY_HUMAN: DigitalSourceType.DIGITAL_CREATION,
}


def _source_type(history: History, generator: Generator | None) -> DigitalSourceType:
    """The answer that history alone gives, as `Label`'s own constructors do."""
    kinds = DigitalSourceType
    if history in _BY_ITSELF:
        return _BY_ITSELF[history]
    if generator is not None:
        return kinds.COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA
    return kinds.HUMAN_EDITS if history is History.EDITED else kinds.COMPOSITE
