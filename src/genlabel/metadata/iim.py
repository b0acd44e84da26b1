"""The IIM mark: fields of the label in the IPTC-NAA datasets of record 2.

IPTC-IIM 4.2. A block that was not UTF-8 becomes UTF-8 as a whole, or the old texts would turn to
mojibake; where nobody knows its encoding, it takes texts in ASCII alone. Unknown datasets stay
as they are, in order. The digest beside the block (IRB resource 0x0425) is the container's.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from genlabel.formats.format import IIM, MAX_METADATA, Slot
from genlabel.metadata.encoding import decoded
from genlabel.metadata.mark import is_wanted
from genlabel.model.carried import carried_by
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import MalformedMetadata
from genlabel.model.expression import expression
from genlabel.model.fields import FIELDS, field_of
from genlabel.model.report import NOTHING, Declaration, Mark

if TYPE_CHECKING:
    from genlabel.model.label import Label

MARK = Mark.IIM
SLOTS = (IIM,)

TAG_MARKER = 0x1C  # IIM 4.2 §1.5(a): every dataset begins with it
UTF8 = b"\x1b%G"  # IIM 4.2 dataset 1:90, the ISO 2022 escape sequence of UTF-8
VERSION = b"\x00\x04"  # IIM 4.2 datasets 1:00 and 2:00
MAX_DATASETS = 50_000

Key = tuple[int, int]
"""Record and dataset number."""

_REPEATABLE = frozenset(
    (2, number) for number in (4, 12, 20, 25, 26, 27, 45, 47, 50, 80, 85, 100, 101, 118, 122)
)
"""Datasets of the application record that may stand several times (IIM 4.2 chapter 6)."""
_ENVELOPE_VERSION, _CHARACTER_SET, _RECORD_VERSION = (1, 0), (1, 90), (2, 0)
_PARTS = {
    **{b"A": 1, b"B": 2, b"C": 3, b"D": 4, b"L": 5, b"G": 6, b"F": 7, b"H": 8, b"M": 9},
    **{b"V": 10, b"Y": 13, b"_": 14, b"b": 15, b"f": 16},
}
"""Parts of ISO/IEC 8859, by the final byte of their escape sequences (ISO-IR)."""
_PART = expression(rb"(?:\x1b\([@-~])?\x1b[-./]([@-~])")
_LETTER = r"[^\W\d_]"
_FOREIGN = expression(
    r"[\xc0-\xff]{3}|[\x80-\x9f]"
    rf"|{_LETTER}[\xa1-\xa6\xa8\xac\xaf\xb1-\xb6\xb8\xb9\xbc-\xbf\u02c6\u02dc\u201a\u201c-\u2022\u2039\u203a]"
    rf"{_LETTER}"
    rf"|[\xa3\xa5\xa8\xaf\xb4\xb8]{_LETTER}|{_LETTER}[\xbc-\xbf]"
    r"|[a-z\xdf-\xff][\xc0-\xd6\xd8-\xde\u0152\u0160\u0178\u017d]|[^\x00-\x7f][{}|\\^~`]"
)
"""What no Western text in cp1252 has: three letters with accents in a row, a sign in a word, a
capital with an accent behind a small letter."""
_FRAME = (_ENVELOPE_VERSION, _CHARACTER_SET, _RECORD_VERSION)


def _key(where: str) -> Key:
    record, _, dataset = where.partition(":")
    return int(record), int(dataset)


_PLACES: Mapping[str, Key] = {
    each.name: _key(each.places[MARK].where) for each in FIELDS if MARK in each.places
}
"""Field → dataset."""


@dataclass(frozen=True, slots=True)
class Dataset:
    """One dataset; `value` is as it stands in the file."""

    key: Key
    value: bytes

    @property
    def is_text(self) -> bool:
        """Is it text of the application record? Its version, pictures and previews are not."""
        record, number = self.key
        return record == 2 and 3 <= number < 200 and number != 125  # IIM 4.2 chapter 6

    @property
    def text(self) -> str:
        """The value as a text."""
        return _text(self.value)


def compose(
    existing: Mapping[Slot, bytes],
    label: Label,
    *,
    limit: int | None = None,
    taken: Collection[str] = (),
) -> Mapping[Slot, bytes | None]:
    """The datasets that say `label` beside what they said; nothing when they say it already, or
    when neither file nor label asks for IIM.

    IIM has no limit of its own: JPEG spreads it over segments. Raises `MalformedMetadata`.
    """
    if not is_wanted(MARK, IIM, existing, label):
        return {}
    found = tuple(_datasets(existing.get(IIM, b"")))
    datasets, coding = _in_utf8(found), _coding(found)
    before = _declaration(datasets)
    wanted = carried_by(MARK, label, beside=before, taken=taken)
    if wanted == before:
        return {}
    if not datasets:
        return {IIM: _fresh(wanted)}
    if coding is None:
        datasets = found
    for field, key in _PLACES.items():
        value = getattr(wanted, field)
        if value != getattr(before, field):
            texts = value if isinstance(value, tuple) else (value,) if value else ()
            if coding is None and not all(map(str.isascii, texts)):
                raise MalformedMetadata(
                    "iim: its texts are in an encoding that nobody declares, which would not stay",
                    remedy="write the IIM block anew in UTF-8 with a tool that knows its encoding",
                )
            datasets = _with(datasets, key, tuple(text.encode() for text in texts))
    return {IIM: b"".join(map(_packed, _enveloped(datasets, declared=coding is not None)))}


@lru_cache(maxsize=8)  # the labels of a batch say the same here
def _fresh(wanted: Declaration) -> bytes:
    """A block that says `wanted` and nothing else."""
    own = (
        Dataset(key, text.encode())
        for field, key in _PLACES.items()
        if (value := getattr(wanted, field))
        for text in (value if isinstance(value, tuple) else (value,))
    )
    return b"".join(map(_packed, _enveloped(tuple(own))))


def read(payloads: Mapping[Slot, bytes]) -> Declaration:
    """What the datasets say. Raises `MalformedMetadata`."""
    return _declaration(_in_utf8(_datasets(payloads.get(IIM, b""))))


def words(payloads: Mapping[Slot, bytes]) -> Iterator[tuple[str, str]]:
    """Every text of our datasets, with its place. Raises `MalformedMetadata`."""
    ours = _PLACES.values()
    return ((where, each.text) for where, each in texts(payloads) if each.key in ours)


def texts(payloads: Mapping[Slot, bytes]) -> Iterator[tuple[str, Dataset]]:
    """Every dataset that is a text and says something, with its place. Raises
    `MalformedMetadata`."""
    fields = {key: field for field, key in _PLACES.items()}
    for each in datasets(payloads.get(IIM, b"")):
        if each.is_text and each.text:
            yield f"iim {fields.get(each.key) or f'2:{each.key[1]:02}'}", each


def without(block: bytes, gone: Collection[Dataset]) -> bytes | None:
    """The block without these datasets, in UTF-8 where its encoding is known; None where no other
    says anything."""
    found = tuple(_datasets(block))
    known = _coding(found) is not None
    texts = _in_utf8(found)
    pairs = zip(texts, texts if known else found, strict=True)
    left = tuple(each for text, each in pairs if text not in gone)
    if all(each.key in _FRAME for each in left):
        return None
    return b"".join(map(_packed, _enveloped(left, declared=known)))


def datasets(block: bytes) -> tuple[Dataset, ...]:
    """All datasets of a block, their text in UTF-8. Raises `MalformedMetadata`."""
    return _in_utf8(_datasets(block))


def merged(blocks: Sequence[bytes]) -> tuple[bytes, tuple[str, ...]]:
    """Several blocks as one in UTF-8, and what the first says otherwise than one behind it.

    As ExifTool reads them: what may be repeated stands together, of all else the first one counts.
    The second part are e.g. ``iim 2:116: 'Second'``. Raises `MalformedMetadata`.
    """
    united, *others = (datasets(each) for each in blocks)
    given_up: list[str] = []
    for other in others:
        for each in other:
            if each in united or each.key in _FRAME:
                continue
            if each.key in _REPEATABLE or all(one.key != each.key for one in united):
                at = _end_of_record(united, each.key[0])
                united = (*united[:at], each, *united[at:])
            else:
                record, number = each.key
                said = repr(_text(each.value)) if each.is_text else f"{len(each.value):,} bytes"
                given_up.append(f"iim {record}:{number:02}: {said}")
    return b"".join(map(_packed, _enveloped(united))), tuple(given_up)


def _datasets(block: bytes) -> Iterator[Dataset]:
    if len(block) > MAX_METADATA:
        raise MalformedMetadata(f"iim: {len(block):,} bytes, at most {MAX_METADATA:,} are read")
    at = count = 0
    while at < len(block):
        if block[at] != TAG_MARKER:
            if not block[at:].strip(b"\0"):
                return  # TIFF pads the block to a multiple of four
            raise MalformedMetadata(
                f"iim: byte 0x{block[at]:02X} at {at:,} begins no dataset",
                remedy="repair or remove the IIM block",
            )
        key, start, length = _header(block, at)
        if length > len(block) - start:
            raise MalformedMetadata(
                f"iim: dataset {key[0]}:{key[1]:02} at {at:,} runs "
                f"{length - (len(block) - start):,} bytes past the end",
                remedy="repair or remove the IIM block",
            )
        yield Dataset(key, block[start : start + length])
        at = start + length
        count += 1
        if count > MAX_DATASETS:
            raise MalformedMetadata(f"iim: more than {MAX_DATASETS:,} datasets")


def _header(block: bytes, at: int) -> tuple[Key, int, int]:
    """Key, offset and length of the value of the dataset at `at`."""
    start = at + 5
    if start > len(block):
        raise MalformedMetadata(f"iim: dataset at {at:,} ends in its header")
    key = (block[at + 1], block[at + 2])
    length = int.from_bytes(block[at + 3 : start], "big")
    if length & 0x8000:  # IIM 4.2 §1.5(d): an extended dataset, this is the length of the length
        width = length & 0x7FFF
        if not 0 < width <= 8 or width > len(block) - start:
            raise MalformedMetadata(f"iim: dataset at {at:,} has a length of {width:,} bytes")
        length = int.from_bytes(block[start : start + width], "big")
        start += width
    return key, start, length


def _packed(dataset: Dataset) -> bytes:
    head = bytes((TAG_MARKER, *dataset.key))
    length = len(dataset.value)
    if length <= 0x7FFF:
        return head + length.to_bytes(2, "big") + dataset.value
    return head + b"\x80\x04" + length.to_bytes(4, "big") + dataset.value


def _in_utf8(block: Iterable[Dataset]) -> tuple[Dataset, ...]:
    """The same datasets with all text in UTF-8, whatever the block said about its encoding."""
    datasets = tuple(block)
    coding = _coding(datasets)
    if coding == "utf-8":
        return datasets
    return tuple(
        replace(each, value=decoded(each.value, guesses=(coding or "cp1252",)).encode())
        if each.is_text
        else each
        for each in datasets
    )


def _coding(datasets: Sequence[Dataset]) -> str | None:
    """The encoding of a block's texts; None where it is none that can be known.

    Without the escape sequence the standard means ISO 646 and writers meant anything: what is
    valid UTF-8 throughout is taken as such, all else as cp1252 if it looks like words in that.
    """
    declared = next((each.value for each in datasets if each.key == _CHARACTER_SET), b"")
    texts = [each.value for each in datasets if each.is_text]
    if declared == UTF8 or all(map(_is_utf8, texts)):
        return "utf-8"
    part = _PART.fullmatch(declared)
    if part is not None and part[1] in _PARTS:
        return f"iso8859-{_PARTS[part[1]]}" if part[1] != b"A" else "cp1252"
    return "cp1252" if all(map(_is_western, texts)) else None


def _is_western(value: bytes) -> bool:
    """Are these words of a Western language in cp1252? In other encodings of one or two bytes its
    letters with accents stand in a row, or signs between letters."""
    try:
        return _FOREIGN.search(value.decode("cp1252")) is None
    except UnicodeDecodeError:
        return False


def _is_utf8(value: bytes) -> bool:
    try:
        value.decode()
    except UnicodeDecodeError:
        return False
    return True


def _declaration(datasets: tuple[Dataset, ...]) -> Declaration:
    if not datasets:
        return NOTHING
    values: dict[str, str | tuple[str, ...]] = {}
    for field, key in _PLACES.items():
        texts = tuple(filter(None, (_text(each.value) for each in datasets if each.key == key)))
        if texts:
            values[field] = texts if field_of(field).several else texts[0]
    return Declaration(**values)  # type: ignore[arg-type]  # values follow the table's types


def _text(value: bytes) -> str:
    return value.decode(errors="replace").strip("\0").strip()


def _with(
    datasets: tuple[Dataset, ...], key: Key, values: tuple[bytes, ...]
) -> tuple[Dataset, ...]:
    """The datasets with all of `key` replaced by `values`, where the first one stood."""
    places = [index for index, each in enumerate(datasets) if each.key == key]
    rest = tuple(each for each in datasets if each.key != key)
    at = places[0] if places else _end_of_record(datasets, key[0])
    new = tuple(Dataset(key, value) for value in values)
    return rest[:at] + new + rest[at:]


def _enveloped(datasets: tuple[Dataset, ...], *, declared: bool = True) -> tuple[Dataset, ...]:
    """The datasets with what every UTF-8 block needs: version, character set, version; without the
    second where it is none that can be `declared`."""
    if not any(each.key[0] == 1 for each in datasets):
        datasets = (Dataset(_ENVELOPE_VERSION, VERSION), *datasets)
    stated = [each.value for each in datasets if each.key == _CHARACTER_SET]
    if declared and stated != [UTF8]:
        datasets = _with(datasets, _CHARACTER_SET, (UTF8,))
    if not any(each.key == _RECORD_VERSION for each in datasets):
        at = _end_of_record(datasets, 1)
        datasets = (*datasets[:at], Dataset(_RECORD_VERSION, VERSION), *datasets[at:])
    return datasets


def _end_of_record(datasets: tuple[Dataset, ...], record: int) -> int:
    """The index behind the last dataset of `record` and of the records before it."""
    return max(
        (index + 1 for index, each in enumerate(datasets) if each.key[0] <= record), default=0
    )
