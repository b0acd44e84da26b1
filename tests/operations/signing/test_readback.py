"""An engine that lies is caught by reading back: no file is written, and the original stays."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageCms

from genlabel import formats
from genlabel.credentials.signer import KeySigner
from genlabel.formats.format import EXIF
from genlabel.manifests.engine import engine
from genlabel.model.errors import SigningError
from genlabel.model.label import Label
from genlabel.operations.labeller import Labeller
from genlabel.testing import Authority, picture
from histories import ACME, FLUX
from oracles import raw
from oracles.chain import Chain
from oracles.pictures import flipped

HONEST = engine.sign
Lie = Callable[[bytes, str, dict[str, Any], KeySigner, Sequence[engine.IngredientSource]], bytes]


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
    other = engine.IngredientSource(
        definition=ingredients[0].definition, mime="image/jpeg", data=stranger
    )
    return HONEST(data, mime, definition, signer, [other])


def _adds_a_second_parent(data, mime, definition, signer, ingredients):
    second = engine.IngredientSource(
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

    def lying(data, mime, definition, signer, ingredients=()):
        return LIES[lie](bytes(data), mime, deepcopy(dict(definition)), signer, ingredients)

    # How else it was asked is no matter to a liar.
    monkeypatch.setattr(engine, "sign", lambda data, *asked, **_: lying(b"".join(data), *asked))
    with pytest.raises(SigningError) as caught:
        Labeller(signer=signer).sign_file(
            original,
            Label.edited(by=ACME, using=FLUX),
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
        original, Label.edited(by=ACME, using=FLUX), parent=parent, in_place=True
    )
    assert hashlib.sha256(original.read_bytes()).digest() != digest
    assert original.read_bytes().endswith(b"a short film")
