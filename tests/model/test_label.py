"""A label is strict: what contradicts itself never comes into being."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from genlabel.model import vocabulary
from genlabel.model.element import Element
from genlabel.model.errors import LabelError
from genlabel.model.label import History, Label, SettledLabel
from genlabel.model.parties import Generator, Licensor, Producer, Rights
from genlabel.model.plus import DataMining
from genlabel.model.text import MAX_TEXT
from genlabel.model.vocabulary import DigitalSourceType, Role

STUDIO = Producer("Acme Studio")
FLUX = Generator("FLUX.1 [dev]", provider="Black Forest Labs")
D = DigitalSourceType


@pytest.mark.parametrize(
    ("label", "source_type"),
    [
        (Label.generated(producer=STUDIO, generator=FLUX), D.TRAINED_ALGORITHMIC_MEDIA),
        (Label.edited(producer=STUDIO, generator=FLUX), D.COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA),
        (Label.edited(producer=STUDIO), D.HUMAN_EDITS),
        (Label.composite(producer=STUDIO, of=[Element(b"")]), D.COMPOSITE),
        (
            Label.composite(producer=STUDIO, of=[], generator=FLUX),
            D.COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA,
        ),
        (Label.captured(producer=STUDIO), D.DIGITAL_CAPTURE),
        (Label.created_by_human(producer=STUDIO), D.DIGITAL_CREATION),
    ],
)
def test_plain_words_become_the_source_type_of_the_contract(label, source_type):
    assert label.source_type is source_type


@pytest.mark.parametrize(
    ("source_type", "history"),
    [
        (D.DIGITAL_CAPTURE, History.GENERATED),
        (D.TRAINED_ALGORITHMIC_MEDIA, History.CAPTURED),
        (D.COMPOSITE_SYNTHETIC, History.EDITED),
        (D.HUMAN_EDITS, History.CREATED_BY_HUMAN),
    ],
)
def test_a_source_type_that_contradicts_the_history_is_refused(source_type, history):
    with pytest.raises(LabelError, match="contradicts"):
        Label(source_type=source_type, history=history, producer=STUDIO)


@pytest.mark.parametrize("source_type", list(D), ids=lambda each: each.code)
def test_every_source_type_has_a_history_that_admits_it(source_type):
    history = Label.history_of(source_type)
    label = Label(source_type=source_type, history=history, producer=STUDIO)
    assert label.marked_source_type is source_type


def test_a_generator_contradicts_a_source_type_that_says_there_was_none():
    with pytest.raises(LabelError, match="no AI system"):
        Label(
            source_type=D.HUMAN_EDITS,
            history=History.EDITED,
            producer=STUDIO,
            generator=FLUX,
        )


def test_a_prompt_belongs_to_generative_pictures_only():
    with pytest.raises(LabelError, match="prompt"):
        Label.edited(producer=STUDIO, prompt="a cat")


def test_elements_belong_to_composites_only():
    with pytest.raises(LabelError, match="composite"):
        Label(
            source_type=D.DIGITAL_CAPTURE,
            history=History.CAPTURED,
            producer=STUDIO,
            elements=(Element(b"x"),),
        )


def test_a_naive_time_is_refused_and_any_other_becomes_utc():
    with pytest.raises(LabelError, match="no time zone"):
        Label.captured(producer=STUDIO, created=datetime(2026, 1, 1))
    tokyo = datetime(2026, 1, 1, 9, tzinfo=timezone(timedelta(hours=9)))
    assert Label.captured(producer=STUDIO, created=tokyo).created == datetime(
        2026, 1, 1, tzinfo=UTC
    )


@pytest.mark.parametrize("name", ["", "   ", "\n"])
def test_a_producer_without_a_name_is_refused(name):
    with pytest.raises(LabelError, match="empty"):
        Producer(name)


@pytest.mark.parametrize("char", ["\x00", "\x1b", "\u202e", "\u2066", "\U000e0041", "\x85"])
def test_control_override_and_tag_characters_are_refused(char):
    with pytest.raises(LabelError, match=f"U\\+{ord(char):04X}"):
        Label.generated(producer=STUDIO, title=f"a{char}b")


def test_text_is_composed_and_its_line_ends_are_newlines():
    label = Label.captured(producer=STUDIO, description="cafe\u0301\r\nbar\rbaz ")
    assert label.description == "caf\u00e9\nbar\nbaz"


def test_right_to_left_text_and_emoji_are_welcome():
    title = "שלום مرحبا 👩‍🚀 猫"
    assert Label.captured(producer=STUDIO, title=title).title == title


def test_text_that_would_crowd_out_a_jpeg_is_refused():
    with pytest.raises(LabelError, match="longer"):
        Label.generated(producer=STUDIO, prompt="猫" * (MAX_TEXT // 3 + 1))


@pytest.mark.parametrize(
    "url", ["acme.example", "javascript:alert(1)", "file:///etc/passwd", "https://", "http://a b"]
)
def test_only_web_addresses_are_urls(url):
    with pytest.raises(LabelError, match="address"):
        Producer("Acme", url=url)


def test_creators_may_be_given_as_one_name():
    assert Rights(creator="Ada").creator == ("Ada",)  # type: ignore[arg-type]


def test_a_licensor_needs_a_name_or_an_address():
    with pytest.raises(LabelError, match="licensor"):
        Licensor()


def test_a_generative_history_outlives_a_human_edit_and_nothing_else_does():
    edit = Label.edited(producer=STUDIO)
    assert edit.inheriting(D.TRAINED_ALGORITHMIC_MEDIA).marked_source_type is (
        D.TRAINED_ALGORITHMIC_MEDIA
    )
    assert edit.inheriting(D.DIGITAL_CAPTURE).marked_source_type is D.HUMAN_EDITS
    assert edit.inheriting(D.ALGORITHMIC_MEDIA).marked_source_type is D.ALGORITHMIC_MEDIA
    by_model = Label.edited(producer=STUDIO, generator=FLUX)
    assert by_model.inheriting(D.TRAINED_ALGORITHMIC_MEDIA).marked_source_type is (
        D.TRAINED_ALGORITHMIC_MEDIA
    )
    for weaker in (D.COMPOSITE_SYNTHETIC, D.ALGORITHMIC_MEDIA, D.DIGITAL_CAPTURE):
        assert by_model.inheriting(weaker) is by_model


def test_source_types_are_read_in_every_form_that_files_use():
    for text in (
        "trainedAlgorithmicMedia",
        "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia",
        "https://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia/",
        "digsrctype:trainedAlgorithmicMedia",
    ):
        assert D.parse(text) is D.TRAINED_ALGORITHMIC_MEDIA


def test_a_misspelt_source_type_is_refused_with_the_nearest():
    with pytest.raises(LabelError) as refused:
        D.parse("trainedAlgorithmicMedai")
    assert refused.value.remedy == "did you mean trainedAlgorithmicMedia?"


@pytest.mark.parametrize(
    ("retired", "successor"),
    [
        ("minorHumanEdits", D.HUMAN_EDITS),
        ("digitalArt", D.DIGITAL_CREATION),
        ("softwareImage", None),
    ],
)
def test_retired_source_types_are_refused_for_writing_and_understood_on_reading(retired, successor):
    with pytest.raises(LabelError, match="retired"):
        D.parse(retired)
    assert D.understand(retired) is successor


@pytest.mark.parametrize(
    "text",
    [
        "TRAINEDALGORITHMICMEDIA",
        "https://CV.iptc.org/newscodes/DigitalSourceType/trainedalgorithmicmedia",
        " http://www.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia/",
    ],
)
def test_codes_are_read_without_regard_to_case_and_scheme(text):
    assert D.understand(text) is D.TRAINED_ALGORITHMIC_MEDIA
    assert vocabulary.same_source_type(text, "digsrctype:trainedAlgorithmicMedia")
    assert vocabulary.is_code(text)


def test_unknown_codes_are_compared_without_regard_to_case_too():
    assert vocabulary.same_source_type("Mine", "mINE")
    assert not vocabulary.same_source_type("mine", "yours")
    assert vocabulary.is_code("softwareImage")  # retired, and has no successor
    assert not vocabulary.is_code("mine")


@pytest.mark.parametrize(
    ("stated", "strongest"),
    [
        ((), ""),
        (("digitalCapture", "print"), "digitalCapture"),
        (("digitalCapture", "what?", "compositeSYNTHETIC", "print"), "compositeSYNTHETIC"),
        (("", "print"), "print"),
    ],
)
def test_the_strongest_source_type_is_the_first_generative_one(stated, strongest):
    assert vocabulary.strongest(stated) == strongest


def test_the_c2pa_codes_are_known_and_are_no_newscodes():
    ours = [each for each in D if not each.ours_to_write_in_xmp]
    assert ours == [D.EMPTY, D.TRAINED_ALGORITHMIC_DATA]


def test_data_mining_codes_and_roles_are_read_with_or_without_their_prefix():
    assert DataMining.parse("prohibited") is DataMining.PROHIBITED
    assert DataMining.parse(DataMining.ALLOWED.value) is DataMining.ALLOWED
    assert Role.parse("publisher") is Role.parse("cawg.publisher") is Role.PUBLISHER
    with pytest.raises(LabelError) as refused:
        DataMining.parse("DMI-PROHIBITTED")
    assert "DMI-PROHIBITED" in (refused.value.remedy or "")


@pytest.mark.parametrize(
    ("given", "said", "remedy"),
    [
        ({"producer": "Acme"}, "producer: 'Acme' is no Producer", "write Producer('Acme')"),
        (
            {"producer": STUDIO, "generator": "FLUX"},
            "generator: 'FLUX' is no Generator",
            "write Generator('FLUX')",
        ),
        ({"producer": STUDIO, "rights": "© Acme"}, "rights: '© Acme' is no Rights", None),
    ],
)
def test_bare_text_in_place_of_a_party_is_told_at_once(given, said, remedy):
    with pytest.raises(LabelError) as caught:
        Label.generated(**given)
    assert str(caught.value) == said
    assert remedy in (caught.value.remedy, None)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Rights(data_mining="DMI-NONSENSE"), "data_mining: 'DMI-NONSENSE': no PLUS"),
        (lambda: Rights(data_mining=3), "data_mining: 3 is no DataMining"),
        (lambda: Rights(licensor="Acme"), "licensor: 'Acme' is no Licensor"),
        (lambda: Rights(creator=3), "creator: 3 is no list"),
        (lambda: Rights(creator=("Ada", 3)), "creator: 3 is no text"),
        (lambda: Rights(copyright=2026), "copyright: 2026 is no text"),
        (lambda: Producer(None), "name: None is no text"),
        (lambda: Producer(b"Acme"), "name: b'Acme' is no text"),
        (lambda: Producer("Acme", role="boss"), "role: 'boss': no role"),
        (lambda: Producer("Acme", role=None), "role: None is no Role"),
        (lambda: Producer("Acme", person="no"), "person: 'no' is no True or False"),
        (lambda: Generator("FLUX", version=1.5), "version: 1.5 is no text"),
        (lambda: Licensor("Acme", url=3), "url: 3 is no text"),
        (lambda: Element(3), "source: int is no picture's file"),
        (lambda: Element("a.png", title=3), "title: 3 is no text"),
        (lambda: Label.captured(producer=STUDIO, title=3), "title: 3 is no text"),
        (lambda: Label.captured(producer=STUDIO, rights=None), "rights: None is no Rights"),
        (lambda: Label.captured(producer=STUDIO, all_actions=1), "all_actions: 1 is no True"),
        (lambda: Label.composite(producer=STUDIO, of="a.png"), "elements: str is no list"),
        (lambda: Label.composite(producer=STUDIO, of=["a.png"]), "elements: 'a.png' is no El"),
        (
            lambda: Label(source_type="photo", history=History.CAPTURED, producer=STUDIO),
            "source_type: 'photo': no digital source type",
        ),
        (
            lambda: Label(source_type=D.PRINT, history="shot", producer=STUDIO),
            "history: 'shot' is none of its words",
        ),
    ],
)
def test_what_is_of_another_kind_is_told_where_it_is_given(make, said):
    with pytest.raises(LabelError) as caught:
        make()
    assert str(caught.value).startswith(said)
    assert caught.value.remedy


def test_words_are_taken_for_what_they_name():
    rights = Rights(data_mining="prohibited")
    assert rights == Rights(data_mining=DataMining.PROHIBITED)
    assert Producer("Acme", role="editor").role is Role.EDITOR
    label = Label(source_type="print", history="captured", producer=STUDIO, rights=rights)
    assert (label.source_type, label.history) == (D.PRINT, History.CAPTURED)


def test_nothing_that_only_signing_knows_can_be_said_of_a_label():
    for name in ("inherited", "fallback_identifier"):
        with pytest.raises(TypeError, match=name):
            replace(Label.captured(producer=STUDIO), **{name: "x"})
    settled = SettledLabel.of(Label.captured(producer=STUDIO), fallback_identifier="urn:x")
    assert Label.captured(producer=STUDIO).fallback_identifier is None
    assert SettledLabel.of(settled).fallback_identifier == "urn:x"


def test_the_old_names_of_producer_and_generator_are_read_for_one_version():
    with pytest.warns(DeprecationWarning, match="by= is called producer= now"):
        old = Label.generated(by=STUDIO, generator=FLUX)
    assert old == Label.generated(producer=STUDIO, generator=FLUX)
    with pytest.warns(DeprecationWarning, match="using= is called generator= now"):
        Label.edited(producer=STUDIO, using=FLUX)
