"""A digital source type is understood in every spelling in which people write it."""

from __future__ import annotations

import pytest

from genlabel.model.vocabulary import (
    IPTC_SCHEME,
    OF_A_MODEL,
    DigitalSourceType,
    is_code,
    strength_within,
)

TRAINED = DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA


@pytest.mark.parametrize(
    "text",
    [
        "trained algorithmic media",
        "Trained-Algorithmic_Media",
        "iptc:trainedAlgorithmicMedia",
        f"{IPTC_SCHEME}trainedAlgorithmicMedia\u200b",
        f"{IPTC_SCHEME}trainedalgorithmicmedia?lang=x-all",
        f"{IPTC_SCHEME}trainedAlgorithmicMedia/#top",
        "http://cv.iptc.org/newscodes/digitalsourcetype#trainedAlgorithmicMedia",
        "http://cv.iptc.org//newscodes//digitalsourcetype//trainedAlgorithmicMedia",
        "https://www.cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia",
        "cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia",
        "Created using Generative AI",
    ],
)
def test_it_is_understood(text: str) -> None:
    assert DigitalSourceType.understand(text) is TRAINED


@pytest.mark.parametrize(
    "text",
    [
        "",
        "not trainedAlgorithmicMedia",
        "trainedAlgorithmicMedia, digitalCapture",
        "https://example.org/digitalsourcetype/trainedAlgorithmicMedia",
        "iptc.org.example/newscodes/digitalsourcetype/trainedAlgorithmicMedia",
        "trained algorithmic media " * 40,
    ],
)
def test_what_means_something_else_is_not(text: str) -> None:
    assert DigitalSourceType.understand(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "digitalCapture, trainedAlgorithmicMedia",
        "trainedAlgorithmicMedia; digitalCapture",
        "Trained algorithmic media (AI)",
        "https://cv.iptc.org/newscodes/digitalsourcetype/?code=trainedAlgorithmicMedia",
        "urn:newsml:iptc.org:20240101:digitalsourcetype:compositeWithTrainedAlgorithmicMedia",
        "http%3A%2F%2Fcv.iptc.org%2Fnewscodes%2Fdigitalsourcetype%2FtrainedAlgorithmicMedia",
        f"{IPTC_SCHEME}trainedAlgorithmicMedia.html",
        f"{IPTC_SCHEME}trainedAlgorithmicMedia",
        "Generated with AI",
    ],
)
def test_within_more_text_it_is_evidence(text: str) -> None:
    assert strength_within(text) == OF_A_MODEL


@pytest.mark.parametrize(
    "text",
    ["", "not trainedAlgorithmicMedia", "no compositeSynthetic", "digitalCapture", "medium"],
)
def test_what_denies_it_is_none(text: str) -> None:
    assert strength_within(text) == 0


def test_older_names_of_the_newscodes_are_understood() -> None:
    pure = DigitalSourceType.understand("Pure algorithmic media")
    assert pure is DigitalSourceType.ALGORITHMIC_MEDIA
    synthetic = DigitalSourceType.understand("Composite including synthetic elements")
    assert synthetic is DigitalSourceType.COMPOSITE_SYNTHETIC


def test_a_loose_spelling_is_no_code_and_is_told_as_such() -> None:
    assert is_code("digsrctype:trainedAlgorithmicMedia")
    assert not is_code("trained algorithmic media")
