"""The closed lists of words for histories: digital source types, and roles of those who made them.

Sources: IPTC NewsCodes `digitalsourcetype` (released 2024-10-23), C2PA 2.4 §18.15.4, CAWG Identity
1.3 (named actor roles).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum
from urllib.parse import unquote

from genlabel.model.errors import LabelError
from genlabel.model.expression import expression
from genlabel.model.nearest import did_you_mean

IPTC_SCHEME = "http://cv.iptc.org/newscodes/digitalsourcetype/"
C2PA_SCHEME = "http://c2pa.org/digitalsourcetype/"


class DigitalSourceType(StrEnum):
    """How a picture came to be. The value is the full http URI, `code` its last part."""

    DIGITAL_CAPTURE = IPTC_SCHEME + "digitalCapture"
    COMPUTATIONAL_CAPTURE = IPTC_SCHEME + "computationalCapture"
    NEGATIVE_FILM = IPTC_SCHEME + "negativeFilm"
    POSITIVE_FILM = IPTC_SCHEME + "positiveFilm"
    PRINT = IPTC_SCHEME + "print"
    HUMAN_EDITS = IPTC_SCHEME + "humanEdits"
    COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA = IPTC_SCHEME + "compositeWithTrainedAlgorithmicMedia"
    ALGORITHMICALLY_ENHANCED = IPTC_SCHEME + "algorithmicallyEnhanced"
    DIGITAL_CREATION = IPTC_SCHEME + "digitalCreation"
    DATA_DRIVEN_MEDIA = IPTC_SCHEME + "dataDrivenMedia"
    TRAINED_ALGORITHMIC_MEDIA = IPTC_SCHEME + "trainedAlgorithmicMedia"
    ALGORITHMIC_MEDIA = IPTC_SCHEME + "algorithmicMedia"
    SCREEN_CAPTURE = IPTC_SCHEME + "screenCapture"
    VIRTUAL_RECORDING = IPTC_SCHEME + "virtualRecording"
    COMPOSITE = IPTC_SCHEME + "composite"
    COMPOSITE_CAPTURE = IPTC_SCHEME + "compositeCapture"
    COMPOSITE_SYNTHETIC = IPTC_SCHEME + "compositeSynthetic"
    EMPTY = C2PA_SCHEME + "empty"
    TRAINED_ALGORITHMIC_DATA = C2PA_SCHEME + "trainedAlgorithmicData"

    @property
    def uri(self) -> str:
        """The full URI, always http: the form that every reader compares with."""
        return self.value

    @property
    def code(self) -> str:
        """The last part of the URI, e.g. ``trainedAlgorithmicMedia``."""
        return _CODES[self]

    @property
    def generative(self) -> bool:
        """Does it say that a generative model made or changed the picture?"""
        return self in _GENERATIVE

    @property
    def strength(self) -> int:
        """How far it says that neither camera nor human made the picture: 2 a model did, 1 another
        algorithm, 0 neither. What a history says more strongly outlives a weaker word."""
        return _STRENGTHS.get(self, 0)

    def outlives(self, later: DigitalSourceType) -> bool:
        """Does it stay what the whole picture is, when a change of it is `later`?

        What was wholly generated is no photograph with generated parts once a model has changed it.
        """
        composite = DigitalSourceType.COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA
        wholly = self is DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA and later is composite
        return wholly or self.strength > later.strength

    @property
    def ours_to_write_in_xmp(self) -> bool:
        """False for C2PA's two own codes, which are no IPTC NewsCodes."""
        return self.value.startswith(IPTC_SCHEME)

    @classmethod
    def parse(cls, text: str) -> DigitalSourceType:
        """The source type that `text` names, strictly, for writing.

        Accepts the code, the http or https URI and ``digsrctype:code``. Raises `LabelError` for a
        retired code (naming its successor) and for an unknown one (naming the nearest).
        """
        code = _code(text)
        if code in _RETIRED:
            successor = _RETIRED[code]
            raise LabelError(
                f"{code}: this digital source type was retired by the IPTC",
                remedy=f"use {successor}" if successor else "use a more specific code",
            )
        if code not in _BY_CODE:
            raise LabelError(
                f"{text!r}: no digital source type", remedy=did_you_mean(code, sorted(_BY_CODE))
            )
        return _BY_CODE[code]

    @classmethod
    def understand(cls, text: str) -> DigitalSourceType | None:
        """The source type that `text` means, leniently, for reading; None when nothing is known.

        Retired codes are understood as their successors, and IPTC's names of generative ones as
        those; case, blanks and hyphens in a code are not told apart, nor how its address is spelt.
        """
        text = str.__str__(text)  # a `StatedSourceType` would be compared by what it means
        return _BY_URI.get(text) or _BY_LOWER_CODE.get(_code(text).lower()) or _loosely(text)


_BY_URI = {member.value: member for member in DigitalSourceType}
_CODES = {member: member.value.rsplit("/", 1)[1] for member in DigitalSourceType}
_BY_CODE = {code: member for member, code in _CODES.items()}

OF_A_MODEL = 2
"""The `DigitalSourceType.strength` of what a generative model made or changed."""
_GENERATIVE = frozenset(
    {
        DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA,
        DigitalSourceType.COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA,
        DigitalSourceType.COMPOSITE_SYNTHETIC,
        DigitalSourceType.TRAINED_ALGORITHMIC_DATA,
    }
)

_STRENGTHS = {
    **dict.fromkeys(_GENERATIVE, OF_A_MODEL),
    DigitalSourceType.ALGORITHMIC_MEDIA: 1,
}

# The NewsCodes have no machine-readable successor, only a note; softwareImage has none at all.
_RETIRED = {"minorHumanEdits": "humanEdits", "digitalArt": "digitalCreation", "softwareImage": None}

_BY_LOWER_CODE = {code.lower(): member for code, member in _BY_CODE.items()} | {
    code.lower(): _BY_CODE[successor] for code, successor in _RETIRED.items() if successor
}

_PREFIXES = (
    IPTC_SCHEME,
    C2PA_SCHEME,
    IPTC_SCHEME.replace("http:", "https:"),
    C2PA_SCHEME.replace("http:", "https:"),
    "https://www.iptc.org/newscodes/digitalsourcetype/",
    "http://www.iptc.org/newscodes/digitalsourcetype/",
    "digsrctype:",
    "c2pa:",
)


def _code(text: str) -> str:
    text = text.strip()
    lower = text.lower()
    if not lower.startswith(_PREFIXES):
        return text
    prefix = next(each for each in _PREFIXES if lower.startswith(each))
    return text[len(prefix) :].rstrip("/")


_ADDRESS = expression(
    r"(?:https?:/*)?(?:www\.|cv\.)*(?:iptc|c2pa)\.org(?:/+newscodes)?/+digitalsourcetype[/#:]+"
    r"|(?:digsrctype|iptc|c2pa)\s*:"
)
_NAMED = {
    "createdusinggenerativeai": DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA,
    "editedusinggenerativeai": DigitalSourceType.COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA,
    "compositeincludinggenerativeaielements": DigitalSourceType.COMPOSITE_SYNTHETIC,
    "compositeincludingsyntheticelements": DigitalSourceType.COMPOSITE_SYNTHETIC,
    "purealgorithmicmedia": DigitalSourceType.ALGORITHMIC_MEDIA,
    **dict.fromkeys(
        ("generativeai", "aigenerated", "generatedwithai", "createdwithai", "createdusingai"),
        DigitalSourceType.TRAINED_ALGORITHMIC_MEDIA,
    ),
    "editedwithgenerativeai": DigitalSourceType.COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA,
}
"""IPTC's names in English, of 2025 and before, as a reader shows them and people copy them; and
what people write instead."""
_WITHIN = expression(r"trainedalgorithmic(?:media|data)|compositesynthetic")
_DENIED = expression(r"\b(?:no|non|not)\b|\bnon(?=trained|composite)")
_BETWEEN = expression(r"[\W_]+")
_LONGEST = 200


def _loosely(text: str) -> DigitalSourceType | None:
    """The source type by its code or name in whatever spelling."""
    if len(text) > _LONGEST:
        return None
    plain = text.strip().lower()
    named = _ADDRESS.match(plain)
    code = re.split(r"[?#/]", plain[named.end() :])[0] if named else plain
    word = _BETWEEN.sub("", code)
    return _BY_LOWER_CODE.get(word) or _NAMED.get(word)


def canonical(text: str) -> str:
    """The URI that a source type found in a file means; unknown ones stay as they are."""
    known = DigitalSourceType.understand(text)
    return known.uri if known else text


def is_code(text: str) -> bool:
    """Is a source type found in a file in a vocabulary, or was it in one before it was retired?"""
    if text in _BY_URI:
        return True
    code = _code(text).lower()
    return code in _BY_LOWER_CODE or code in map(str.lower, _RETIRED)


def strength_of(text: str | None) -> int:
    """The `DigitalSourceType.strength` of a source type found in a file; 0 of what is unknown."""
    known = DigitalSourceType.understand(text) if text else None
    return 0 if known is None else _STRENGTHS.get(known, 0)


def strength_within(text: str | None) -> int:
    """`strength_of`, also where a generative code stands within more text: in a list, in an address
    of another form, with a remark. Evidence against a label alone: nothing else is read so."""
    known = strength_of(text)
    if known or not text or DigitalSourceType.understand(text) is not None:
        return known
    plain = unquote(text[:_LONGEST]).lower()
    said = _WITHIN.search(_BETWEEN.sub("", plain)) and not _DENIED.search(plain)
    return OF_A_MODEL if said else 0


def strongest(stated: Iterable[str]) -> str:
    """Of several source types found in a file the first of the strongest ones; "" of none.

    Nobody calls a photograph generated to deceive; the other way round it pays.
    """
    return max(filter(None, stated), key=strength_of, default="")


def same_source_type(one: str | None, other: str | None) -> bool:
    """Do two strings found in files mean the same source type? Unknown codes compare as text."""
    if one is None or other is None:
        return one is other
    known = DigitalSourceType.understand(one)
    if known is None:
        return _code(one).lower() == _code(other).lower()
    return known is DigitalSourceType.understand(other)


class StatedSourceType(str):
    """A source type as a file states it: its exact text, equal to whatever names the same one.

    ``stated == DigitalSourceType.PRINT``, ``stated == "print"`` and the comparison with the URI are
    all true of ``http://cv.iptc.org/newscodes/digitalsourcetype/print``. Sets and dictionaries know
    it by its text alone.
    """

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, str):
            return False
        # as plain text: dictionaries, too, ask whether two are equal
        own, others = str.__str__(self), str.__str__(other)
        known = DigitalSourceType.understand(own)
        named = known is not None and DigitalSourceType.understand(others) is known
        return named or own == others

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = str.__hash__


class Role(StrEnum):
    """What a producer did for the picture: the named actor roles of CAWG Identity 1.3."""

    CREATOR = "cawg.creator"
    CONTRIBUTOR = "cawg.contributor"
    EDITOR = "cawg.editor"
    PRODUCER = "cawg.producer"
    PUBLISHER = "cawg.publisher"
    SPONSOR = "cawg.sponsor"
    TRANSLATOR = "cawg.translator"

    @property
    def short(self) -> str:
        """The role without its namespace, e.g. ``producer``."""
        return self.value.removeprefix("cawg.")

    @classmethod
    def parse(cls, text: str) -> Role:
        """The role that `text` names, with or without ``cawg.``."""
        for member in cls:
            if text.strip().lower() in (member.value, member.short):
                return member
        raise LabelError(
            f"{text!r}: no role", remedy="choose one of " + ", ".join(m.short for m in cls)
        )
