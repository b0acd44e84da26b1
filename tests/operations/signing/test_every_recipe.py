"""Every story of a picture, in every container, before the official rubric."""

from __future__ import annotations

import pytest

import genlabel
from genlabel import Integrity, Label, Outcome, Severity
from genlabel.formats import identify
from genlabel.model.element import Element
from genlabel.testing import picture
from histories import ACME, FLUX, UPSCALER
from oracles import raw
from oracles.small_files import NAMES, small

PARTS = (Element(picture("jpeg", seed=4)), Element(picture("png", seed=5)))
RECIPES = {
    "generated": Label.generated(producer=ACME, generator=FLUX),
    "edited by hand": Label.edited(producer=ACME),
    "edited by a model": Label.edited(producer=ACME, generator=FLUX),
    "enhanced": Label.enhanced(producer=ACME, generator=UPSCALER),
    "composite": Label.composite(producer=ACME, of=PARTS),
    "captured": Label.captured(producer=ACME),
    "created by a human": Label.created_by_human(producer=ACME),
}
EMBEDDED = [name for name in NAMES if identify(small(name)).survey(small(name)).unsignable is None]


@pytest.mark.parametrize("parent", [None, picture("jpeg", seed=8)], ids=["alone", "with parent"])
@pytest.mark.parametrize("name", EMBEDDED)
def test_every_recipe_passes_every_check_and_twice_changes_nothing(
    signer, trust, rubric, name, parent
):
    for recipe, label in RECIPES.items():
        origin = parent if label.history.changes else None
        signed = genlabel.sign(small(name), label, signer, trust=trust, parent=origin)
        assert signed.report.integrity is Integrity.INTACT
        assert not [each for each in signed.findings if each.severity is Severity.ERROR]
        crjson = raw.crjson(signed.data, identify(signed.data).media_type, trust)
        verdicts = rubric.judge(crjson)
        assert len(verdicts) == 31
        assert [check for check, said in verdicts.items() if said is not True] == [], recipe
        again = genlabel.sign(signed.data, label, signer, trust=trust)
        assert again.outcome is Outcome.UNCHANGED, recipe
