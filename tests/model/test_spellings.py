"""A digital source type is understood in every spelling in which people write it."""

from __future__ import annotations

import pytest

from genlabel.model.vocabulary import IPTC_SCHEME, DigitalSourceType, is_code

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


def test_a_loose_spelling_is_no_code_and_is_told_as_such() -> None:
    assert is_code("digsrctype:trainedAlgorithmicMedia")
    assert not is_code("trained algorithmic media")
