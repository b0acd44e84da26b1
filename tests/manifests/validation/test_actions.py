"""The history that the actions of a manifest and of its ingredients state."""

from __future__ import annotations

import pytest

from genlabel.manifests.validation import actions

CAPTURE = "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture"
HUMAN = "http://cv.iptc.org/newscodes/digitalsourcetype/humanEdits"
GENERATED = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"


def _document(*levels: dict[str, str]) -> dict:
    """Manifests, each the parent of the one before it; the actions of each with source types."""
    manifests = {}
    for depth, stated in enumerate(levels):
        listed = [{"action": name, "digitalSourceType": uri} for name, uri in stated.items()]
        below = [{"relationship": "parentOf", "active_manifest": f"m{depth + 1}"}]
        manifests[f"m{depth}"] = {
            "claim_version": 2,
            "ingredients": below if depth + 1 < len(levels) else [],
            "assertions": [
                {"label": "c2pa.actions.v2", "created": True, "data": {"actions": listed}}
            ],
        }
    return {"active_manifest": "m0", "manifests": manifests}


def _strongest(*levels: dict[str, str]) -> str:
    said = actions.strongest(actions.statements(_document(*levels)))
    assert said is not None
    return said.action


@pytest.mark.parametrize(
    "name",
    [  # C2PA Conformance 0.2: what needs no source type, for it changes nothing that is seen
        "converted", "edited.metadata", "opened", "placed", "published", "redacted",
        "repackaged", "resized.proportional", "transcoded", "watermarked", "watermarked.bound",
        "watermarked.unbound", "metadata",
    ],
)  # fmt: skip
def test_an_action_that_changes_nothing_gives_way_to_an_older_one_that_does(name):
    assert _strongest({f"c2pa.{name}": CAPTURE}, {"c2pa.edited": HUMAN}) == "c2pa.edited"
    assert _strongest({f"c2pa.{name}": CAPTURE}) == f"c2pa.{name}"


@pytest.mark.parametrize("name", ["created", "edited", "enhanced", "drawing", "nobody_knows_it"])
def test_the_nearest_action_that_changes_something_speaks(name):
    assert _strongest({f"c2pa.{name}": HUMAN}, {"c2pa.created": CAPTURE}) == f"c2pa.{name}"


def test_a_generative_action_speaks_wherever_it_is():
    assert _strongest({"c2pa.edited": HUMAN}, {"c2pa.created": GENERATED}) == "c2pa.created"


def test_the_first_beginning_is_the_deepest():
    said = actions.statements(_document({"c2pa.created": HUMAN}, {"c2pa.created": CAPTURE}))
    first = actions.inception(said)
    assert first is not None
    assert (first.source_type, first.depth) == (CAPTURE, 1)
