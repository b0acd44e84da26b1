"""What is made quickly is what dataclasses would have made, and can as little be changed."""

from __future__ import annotations

import copy
import inspect
import pickle
from dataclasses import KW_ONLY, FrozenInstanceError, dataclass, field, fields, replace

import pytest

from genlabel.formats.edits import Block
from genlabel.formats.format import FormatSurvey
from genlabel.formats.isobmff.boxes import Box
from genlabel.formats.jpeg.segments import Segment
from genlabel.manifests.store.superbox import Superbox
from genlabel.manifests.validation.actions import Statement
from genlabel.manifests.validation.reading import Reading
from genlabel.model.asset import Asset
from genlabel.model.made_quickly import made_quickly
from genlabel.model.recorded_steps import RecordedStep
from genlabel.model.report import Declaration, Declared, Report, SignedBy

KINDS = (
    *(Asset, Block, Box, Declaration, Declared, FormatSurvey, Reading, RecordedStep, Report),
    *(Segment, SignedBy, Statement, Superbox),
)


class _Usual:
    """Every way in which a field may be given or not."""

    first: int
    second: str = "two"
    type: int = 2  # a name of the language
    kind: int = 3
    _: KW_ONLY
    third: list[int] = field(default_factory=list)
    fourth: int = 4
    fifth: int = field(init=False, default=5)
    sixth: list[int] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        object.__setattr__(self, "fourth", self.fourth + 1)


def _of(quickly: bool, *, slots: bool):
    kind = type("Sample", (), dict(vars(_Usual)))
    made = dataclass(frozen=True, slots=slots)(kind)
    return made_quickly(made) if quickly else made


@pytest.mark.parametrize("slots", [False, True])
@pytest.mark.parametrize("given", [((1,), {}), ((1, "b"), {"fourth": 8}), ((1,), {"third": [1]})])
def test_the_fields_are_those_that_it_would_have(given, slots):
    arguments, more = given
    usual, quick = (_of(each, slots=slots)(*arguments, **more) for each in (False, True))
    for each in fields(usual):
        assert getattr(quick, each.name) == getattr(usual, each.name)
    assert quick.third is not _of(True, slots=slots)(1).third
    assert repr(quick) == repr(usual)
    assert quick == replace(quick, fourth=quick.fourth - 1)


@pytest.mark.parametrize("slots", [False, True])
@pytest.mark.parametrize("arguments", [(), (1, "b", 2, 3, [])])
def test_what_it_would_not_take_it_does_not(arguments, slots):
    for _ in range(2):  # the first one is made in another way
        with pytest.raises(TypeError):
            _of(True, slots=slots)(*arguments)


@pytest.mark.parametrize("slots", [False, True])
def test_it_stays_as_it_is(slots):
    kind = _of(True, slots=slots)
    for made in (kind(1), kind(2)):
        assert type(made) is kind
        with pytest.raises(FrozenInstanceError):
            made.first = 3
        with pytest.raises(FrozenInstanceError):
            del made.first


def test_a_class_below_it_is_of_its_own_class():
    kind = _of(True, slots=True)

    @dataclass(frozen=True, slots=True)
    class Below(kind):
        seventh: int = 7

    class Named(kind):
        """Without fields or an `__init__` of its own."""

    for below in (Below, Named):
        made = below(1)
        assert type(made) is below
        assert (made.first, made.fourth) == (1, 5)


@pytest.mark.parametrize("kind", KINDS)
def test_the_signature_is_the_usual_one(kind):
    named = [each.name for each in fields(kind) if each.init]
    assert sorted(inspect.signature(kind).parameters) == sorted(named)


def test_what_was_made_is_copied_and_pickled():
    made = Report(format_name="png", size=3, declared=Declared(producer="Acme"))
    assert type(made) is Report
    assert copy.deepcopy(made) == made
    assert pickle.loads(pickle.dumps(made)) == made
    with pytest.raises(FrozenInstanceError):
        made.size = 4
