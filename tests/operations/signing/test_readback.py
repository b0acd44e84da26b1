"""An engine that lies is caught by reading back: no file is written, and the original stays.

In every format, and through every door: where the engine embeds the manifest, where our own rewrite
places it, and where it stays beside the file.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageCms

from drawn_kinds import after_header, chunk
from genlabel import formats
from genlabel.credentials.signer import KeySigner
from genlabel.formats.format import EXIF, MANIFEST, XMP
from genlabel.manifests.engine import placeholder, signing
from genlabel.model.errors import MalformedMetadata, SigningError
from genlabel.model.label import Label
from genlabel.operations.labeller import Labeller
from genlabel.operations.signing import rewriting
from genlabel.testing import Authority, picture
from histories import ACME, FLUX
from oracles import raw
from oracles.chain import Chain
from oracles.pictures import flipped
from oracles.small_files import NAMES, small

HONEST = signing.sign
Lie = Callable[[bytes, str, dict[str, Any], KeySigner, Sequence[signing.IngredientSource]], bytes]


@pytest.fixture
def parent(tmp_path: Path, chain: Chain) -> Path:
    """What the original is an edit of, signed by somebody."""
    path = tmp_path / "parent.jpg"
    path.write_bytes(raw.sign(picture("jpeg", seed=4), "image/jpeg", chain))
    return path


@pytest.fixture
def original(tmp_path: Path) -> Path:
    """A photograph with ICC profile, Exif and something behind its end."""
    encoded = io.BytesIO()
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    with Image.open(io.BytesIO(picture("jpeg"))) as image:
        exif = image.getexif()
        exif[0x010F] = "Camera Works"
        image.save(encoded, "JPEG", quality=95, icc_profile=profile, exif=exif)
    path = tmp_path / "original.jpg"
    path.write_bytes(encoded.getvalue() + b"a short film")
    return path


def _flips_a_scan_byte(data, mime, definition, signer, ingredients):
    return HONEST(
        flipped(data, data.index(b"\xff\xda") + 40), mime, definition, signer, ingredients
    )


def _returns_the_input(data, mime, definition, signer, ingredients):
    return data


def _returns_nothing(data, mime, definition, signer, ingredients):
    return b""


def _truncates(data, mime, definition, signer, ingredients):
    return HONEST(data, mime, definition, signer, ingredients)[:-50]


def _signs_another_source_type(data, mime, definition, signer, ingredients):
    for action in definition["assertions"][0]["data"]["actions"]:
        if "digitalSourceType" in action:
            action["digitalSourceType"] = action["digitalSourceType"].replace(
                "compositeWithTrainedAlgorithmicMedia", "humanEdits"
            )
    return HONEST(data, mime, definition, signer, ingredients)


def _names_another_producer(data, mime, definition, signer, ingredients):
    definition["assertions"][-1]["data"]["Iptc4xmpExt:Contributor"][0]["Iptc4xmpExt:Name"] = "Evil"
    return HONEST(data, mime, definition, signer, ingredients)


def _names_another_system(data, mime, definition, signer, ingredients):
    definition["assertions"][0]["data"]["actions"][-1]["softwareAgent"]["name"] = "Brush"
    return HONEST(data, mime, definition, signer, ingredients)


def _leaves_assertions_gathered(data, mime, definition, signer, ingredients):
    for assertion in definition["assertions"]:
        del assertion["created"]
    return HONEST(data, mime, definition, signer, ingredients)


def _drops_the_disclosure(data, mime, definition, signer, ingredients):
    definition["assertions"] = [
        each for each in definition["assertions"] if each["label"] != "c2pa.ai-disclosure"
    ]
    return HONEST(data, mime, definition, signer, ingredients)


def _drops_the_parent(data, mime, definition, signer, ingredients):
    actions = definition["assertions"][0]["data"]["actions"]
    definition["assertions"][0]["data"]["actions"] = [{**actions[1], "action": "c2pa.created"}]
    return HONEST(data, mime, definition, signer, [])


def _names_another_parent(data, mime, definition, signer, ingredients):
    stranger = raw.sign(picture("jpeg", seed=9), "image/jpeg", Chain.new())
    other = signing.IngredientSource(
        definition=ingredients[0].definition, mime="image/jpeg", data=stranger
    )
    return HONEST(data, mime, definition, signer, [other])


def _adds_a_second_parent(data, mime, definition, signer, ingredients):
    second = signing.IngredientSource(
        definition={**ingredients[0].definition, "label": "second"},
        mime="image/png",
        data=picture("png", seed=9),
    )
    return HONEST(data, mime, definition, signer, [*ingredients, second])


def _changes_the_xmp(data, mime, definition, signer, ingredients):
    assert b"Acme Studio" in data
    return HONEST(
        data.replace(b"Acme Studio", b"Acne Studio"), mime, definition, signer, ingredients
    )


def _removes_the_exif(data, mime, definition, signer, ingredients):
    container = formats.identify(data)
    bare = b"".join(container.rewrite(container.survey(data), {EXIF: None}))
    return HONEST(bare, mime, definition, signer, ingredients)


def _removes_the_colour_profile(data, mime, definition, signer, ingredients):
    start = data.index(b"ICC_PROFILE\0") - 4
    end = start + 2 + int.from_bytes(data[start + 2 : start + 4], "big")
    return HONEST(data[:start] + data[end:], mime, definition, signer, ingredients)


def _changes_the_colour_profile(data, mime, definition, signer, ingredients):
    return HONEST(
        flipped(data, data.index(b"ICC_PROFILE\0") + 300), mime, definition, signer, ingredients
    )


def _cuts_off_what_follows_the_picture(data, mime, definition, signer, ingredients):
    return HONEST(data.removesuffix(b"a short film"), mime, definition, signer, ingredients)


def _appends_something(data, mime, definition, signer, ingredients):
    return HONEST(data + b"more", mime, definition, signer, ingredients)


def _adds_a_comment(data, mime, definition, signer, ingredients):
    return HONEST(
        data[:2] + b"\xff\xfe\x00\x05bad" + data[2:], mime, definition, signer, ingredients
    )


def _uses_another_certificate(data, mime, definition, signer, ingredients):
    other = Authority.new("Acme Studio").signer()
    return HONEST(data, mime, definition, other, ingredients)


def _returns_an_older_manifest(data, mime, definition, signer, ingredients):
    older = {**definition, "label": "urn:c2pa:11111111-2222-4333-8444-555555555555"}
    return HONEST(data, mime, older, signer, ingredients)


def _tampers_after_signing(data, mime, definition, signer, ingredients):
    return flipped(HONEST(data, mime, definition, signer, ingredients), -40)


LIES: Mapping[str, Lie] = {
    name.removeprefix("_"): lie
    for name, lie in list(globals().items())
    if callable(lie) and name.startswith("_") and not name.startswith("__")
}


def test_there_are_enough_liars():
    assert len(LIES) == 22


@pytest.mark.parametrize("out", [None, "signed.jpg"], ids=["in place", "to another file"])
@pytest.mark.parametrize("lie", LIES)
def test_no_lie_becomes_a_file(lie, out, original, parent, signer, monkeypatch, tmp_path):
    before = original.read_bytes()

    def lying(data, mime, *, definition, signer, ingredients=(), **_):
        """How else it was asked is no matter to a liar."""
        return LIES[lie](b"".join(data), mime, deepcopy(dict(definition)), signer, ingredients)

    monkeypatch.setattr(signing, "sign", lying)
    with rewriting.by_engine(), pytest.raises(SigningError) as caught:
        Labeller(signer=signer).sign_file(
            original,
            Label.edited(producer=ACME, generator=FLUX),
            parent=parent,
            in_place=out is None,
            out=tmp_path / out if out else None,
        )
    assert str(caught.value)[0].islower()
    assert original.read_bytes() == before
    assert sorted(each.name for each in tmp_path.iterdir()) == ["original.jpg", "parent.jpg"]


def test_the_honest_engine_is_believed(original, parent, signer):
    digest = hashlib.sha256(original.read_bytes()).digest()
    Labeller(signer=signer).sign_file(
        original, Label.edited(producer=ACME, generator=FLUX), parent=parent, in_place=True
    )
    assert hashlib.sha256(original.read_bytes()).digest() != digest
    assert original.read_bytes().endswith(b"a short film")


HONEST_INTO, HONEST_BESIDE = signing.sign_into, signing.sign_beside
Tamper = Callable[[bytes], bytes]
"""What a liar does to a file before it binds the manifest to it."""


def _block_for(data: bytes) -> bytes:
    """`data` with a block more that nobody asked for and no decoder minds."""
    name = formats.identify(data).name
    if name == "png":
        return after_header(data, chunk(b"tEXt", b"Title\0bad"))
    if name == "jpeg":
        return data[:2] + b"\xff\xfe\x00\x05bad" + data[2:]
    if name == "gif":
        return data[:-1] + b"\x21\xfe\x03bad\0" + data[-1:]
    if data[:4] == b"RIFF":
        grown = len(data) + 4  # of a chunk of 4 bytes, without the first 8
        return data[:4] + grown.to_bytes(4, "little") + data[8:] + b"bad \x04\0\0\0more"
    if name == "svg":
        return data.replace(b"</svg>", b"<!-- bad --></svg>")
    if name == "flac":
        return data[:4] + b"\x01\0\0\x04\0\0\0\0" + data[4:]  # a block of padding
    if name in ("mp3", "pdf", "tiff"):
        return data + b"%bad"
    return data + b"\0\0\0\x0cfreemore"  # a box


def _with_coded_data_changed(data: bytes) -> bytes:
    container = formats.identify(data)
    part = max(container.essence(container.survey(data)), key=len)
    found = data.find(bytes(part)) if len(part) < len(data) else 0
    return flipped(data, found + len(part) // 2)


def _with_two_blocks_swapped(data: bytes) -> bytes:
    """Two neighbours, the last that differ, behind the first block."""
    blocks = formats.identify(data).survey(data).blocks[1:]
    cut = [data[each.start : each.start + each.length] for each in blocks]
    for at in reversed(range(len(cut) - 1)):
        if cut[at] != cut[at + 1] and MANIFEST.kind.value not in blocks[at].name.lower():
            cut[at], cut[at + 1] = cut[at + 1], cut[at]
            break
    return data[: blocks[0].start] + b"".join(cut) if len(cut) > 1 else data + b"more"


def _without_xmp(data: bytes) -> bytes:
    container = formats.identify(data)
    return b"".join(container.rewrite(container.survey(data), {XMP: None}))


def _without_the_last_byte(data: bytes) -> bytes:
    """Of all that is hashed: an index of fragments, which is the last box then, is not."""
    at = data.rfind(b"mfra") - 4 if b"moof" in data and b"mfra" in data else len(data)
    return data[: at - 1] + data[at:]


TAMPERING: Mapping[str, Tamper] = {
    "appends bytes": lambda data: data + b"more",
    "appends a null": lambda data: data + b"\0",
    "cuts off the last byte": _without_the_last_byte,
    "adds a block": _block_for,
    "swaps two blocks": _with_two_blocks_swapped,
    "changes coded data": _with_coded_data_changed,
    "changes a metadata block": lambda data: data.replace(b"Acme Studio", b"Acne Studio"),
    "drops a metadata block": _without_xmp,
    "returns another picture": lambda data: small(_another_of(formats.identify(data).name)),
}


def _another_of(name: str) -> str:
    return next(each for each in NAMES if name == formats.identify(small(each)).name)


def _of_another_system(definition: dict[str, Any], signer: Any) -> Any:
    definition["assertions"][0]["data"]["actions"][-1]["softwareAgent"]["name"] = "Brush"
    return definition, signer


def _of_another_name(definition: dict[str, Any], signer: Any) -> Any:
    return {**definition, "label": "urn:c2pa:11111111-2222-4333-8444-555555555555"}, signer


def _with_gathered_assertions(definition: dict[str, Any], signer: Any) -> Any:
    for assertion in definition["assertions"]:
        del assertion["created"]
    return definition, signer


def _with_an_assertion_more(definition: dict[str, Any], signer: Any) -> Any:
    definition["assertions"].append({"label": "org.example.bad", "created": True, "data": {}})
    return definition, signer


def _of_another_signer(definition: dict[str, Any], signer: Any) -> Any:
    return definition, Authority.new("Acme Studio").signer()


MISSTATING = {
    "names another system": _of_another_system,
    "names another manifest": _of_another_name,
    "leaves assertions gathered": _with_gathered_assertions,
    "adds an assertion": _with_an_assertion_more,
    "uses another certificate": _of_another_signer,
}
RETURNING: Mapping[str, Tamper] = {
    "nothing": lambda given: b"",
    "four bytes more": lambda given: given + b"more",
    "half of it": lambda given: given[: len(given) // 2],
    "a byte changed": lambda given: flipped(given, given.rindex(b"FLUX.1")),
}
_BY_ENGINE = " by the engine"
_OTHERS = ("png", "jpeg", "gif", "webp", "jxl", "wav", "avi", "avif", "heic", "mp4", "mov")
EMBEDDED = [f"{name}{_BY_ENGINE}" for name in _OTHERS]
"""Where that does no harm, it is the other way of embedding."""
EVERY = pytest.mark.parametrize("name", [*NAMES, *EMBEDDED, "png beside", "tiff beside"])


def _doors(monkeypatch, *, tamper=lambda data: data, misstate=None, answer=lambda given: given):
    """Lies behind every door of the engine; the list that is returned tells which were used."""
    used: list[str] = []

    def told(definition, signer):
        definition = deepcopy(dict(definition))
        return misstate(definition, signer) if misstate else (definition, signer)

    def embeds(data, mime, definition, signer, *rest, embed=True, **more):
        used.append("embeds" if embed else "beside")
        given = b"".join(data)
        lied = tamper(given)
        if given[:4] == b"RIFF" and lied != given and lied.startswith(given):
            return _bound_to_all(given, tamper, definition, signer, *rest, **more)
        lied = HONEST(lied, mime, *told(definition, signer), *rest, embed=embed, **more)
        return answer(bytes(lied))

    def places(put, definition, signer, *rest, **more):
        used.append("places")

        def put_elsewhere(store):
            data, spans = put(store)
            return tamper(bytes(data)), spans

        return answer(HONEST_INTO(put_elsewhere, *told(definition, signer), *rest, **more))

    def stays_beside(binding, definition, signer, *rest, **more):
        used.append("beside")
        return answer(HONEST_BESIDE(binding, *told(definition, signer), *rest, **more))

    whole = placeholder.whole
    monkeypatch.setattr(placeholder, "whole", lambda data: whole(tamper(bytes(data))))
    monkeypatch.setattr(signing, "sign", embeds)
    monkeypatch.setattr(signing, "sign_into", places)
    monkeypatch.setattr(signing, "sign_beside", stays_beside)
    return used


def _bound_to_all(data: bytes, tamper: Tamper, *asked: Any, **more: Any) -> bytes:
    """A file that the liar puts together itself: the engine leaves out what follows a RIFF list."""
    container = formats.identify(data)

    def put(store: bytes) -> Any:
        whole = tamper(b"".join(container.rewrite(container.survey(data), {MANIFEST: store})))
        return whole, container.survey(whole).manifest_spans

    return put(HONEST_INTO(put, *asked, **more))[0]


def _sign(name, signer):
    beside, kind = name.endswith(" beside"), name.removesuffix(" beside").removesuffix(_BY_ENGINE)
    label = Label.generated(producer=ACME, generator=FLUX)
    with rewriting.by_engine() if name.endswith(_BY_ENGINE) else nullcontext():
        Labeller(signer=signer).sign(small(kind), label, sidecar=beside)


@EVERY
def test_every_door_lets_the_truth_through(name, signer, monkeypatch):
    used = _doors(monkeypatch)
    _sign(name, signer)
    assert len(used) == 1


def test_each_door_is_some_formats():
    with pytest.MonkeyPatch.context() as patch:
        used = _doors(patch)
        for name in ("png", "jpeg", "gif", "webp", "tiff", "avif", *EMBEDDED[:4], "png beside"):
            _sign(name, Authority.new("Acme Studio").signer())
    assert used == [*["places"] * 6, *["embeds"] * 4, "beside"]


@pytest.mark.parametrize("lie", TAMPERING)
@pytest.mark.parametrize("name", [*NAMES, *EMBEDDED])
def test_no_format_takes_a_manifest_that_is_bound_to_other_bytes(name, lie, signer, monkeypatch):
    _doors(monkeypatch, tamper=TAMPERING[lie])
    with pytest.raises(SigningError):
        _sign(name, signer)


@EVERY
@pytest.mark.parametrize("lie", MISSTATING)
def test_no_format_takes_a_manifest_that_states_something_else(name, lie, signer, monkeypatch):
    _doors(monkeypatch, misstate=MISSTATING[lie])
    with pytest.raises(SigningError):
        _sign(name, signer)


@EVERY
@pytest.mark.parametrize("lie", RETURNING)
def test_no_format_takes_something_else_than_was_signed(name, lie, signer, monkeypatch):
    _doors(monkeypatch, answer=RETURNING[lie])
    with pytest.raises((SigningError, MalformedMetadata)):
        _sign(name, signer)


JUNK = b"more"


@pytest.mark.parametrize(
    "name", ["png", "jpeg", "webp", "tiff", "bigtiff", "mp3", "flac", "pdf", "mpo", "avif", "mov"]
)
@pytest.mark.parametrize("inside", [True, False], ids=["in the store", "behind the store"])
def test_nothing_is_kept_in_a_manifests_place_but_manifests(name, inside, signer, monkeypatch):
    """What no hash covers, because it lies where the manifest does."""

    def with_junk(store):
        grown = store + b"\0\0\0\x0cfree" + JUNK
        return len(grown).to_bytes(4, "big") + grown[4:] if inside else grown

    def places(put, *asked, **more):
        return with_junk(HONEST_INTO(lambda store: put(with_junk(store)), *asked, **more))

    monkeypatch.setattr(signing, "sign_into", places)
    with pytest.raises((SigningError, MalformedMetadata)):
        _sign(name, signer)


ODD: Mapping[str, Tamper] = {
    "webp and more": lambda _: small("webp") + b"more",
    "jpeg with fill bytes": lambda _: small("jpeg")[:20] + b"\xff\xff" + small("jpeg")[20:],
    "jpeg with junk": lambda _: small("jpeg")[:20] + b"junk" + small("jpeg")[20:],
}


@pytest.mark.parametrize("words", ["a", "ab"])  # a store of even and of odd length
@pytest.mark.parametrize("odd", ODD)
def test_what_the_engine_would_drop_is_kept(odd, words, signer):
    """Such files are placed by us: without the manifest they are what they were, but for XMP."""
    data, label = ODD[odd](b""), Label.generated(producer=ACME, generator=FLUX, description=words)
    signed = Labeller(signer=signer).sign(data, label).data
    container = formats.identify(data)
    survey = container.survey(signed)
    bare = b"".join(container.rewrite(survey, dict.fromkeys(survey.payloads)))
    assert len(bare) >= len(data)
    for block in container.survey(data).blocks[1:]:
        assert data[block.start : block.start + block.length] in bare


def test_fill_bytes_before_the_manifest_go_since_the_engine_counts_without_them(signer):
    plain = small("jpeg")
    data = plain[:2] + b"\xff\xff" + plain[2:]
    signed = Labeller(signer=signer).sign(data, Label.generated(producer=ACME, generator=FLUX))
    assert signed.data[:20] == plain[:20]
    assert signed.report.integrity.value == "intact"
