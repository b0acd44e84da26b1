"""Every file of the corpora by every recipe: refused with both ways out, or signed once for all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import genlabel
from genlabel.model.errors import ExistingManifest, GenlabelError
from genlabel.model.label import Label
from genlabel.model.report import Integrity
from genlabel.model.results import Outcome
from histories import ACME, FLUX
from oracles import corpus

RECIPES = {
    "generated": Label.generated(producer=ACME, generator=FLUX),
    "edited by a model": Label.edited(producer=ACME, generator=FLUX),
    "edited by hand": Label.edited(producer=ACME),
    "enhanced": Label.enhanced(producer=ACME),
}
_NO_PICTURES = (".md", ".pem", ".root", ".tsv")


def _files() -> Iterator[Path]:
    yield from (each.path for each in corpus.specimens())
    faults = corpus.beside("faults")
    for each in sorted(faults.rglob("*")) if faults is not None else ():
        if each.is_file() and each.suffix not in _NO_PICTURES:
            yield each


FILES = list(_files()) or [
    pytest.param(None, id="no-corpus", marks=pytest.mark.skip(reason=corpus.NO_CORPUS))
]


def _name(value: object) -> str:
    return "/".join(value.parts[-2:]) if isinstance(value, Path) else str(value)


@pytest.mark.parametrize("accepting", [False, True], ids=["", "accepting"])
@pytest.mark.parametrize("recipe", RECIPES)
@pytest.mark.parametrize("path", FILES, ids=_name)
def test_a_refusal_names_the_ways_out_and_twice_changes_nothing(
    path, recipe, accepting, signer, trust
):
    label = RECIPES[recipe]
    signed = refused = None
    try:
        signed = genlabel.sign(path, label, signer, trust=trust, accept_broken_parent=accepting)
    except GenlabelError as error:
        refused = error
    if signed is None:
        assert "report this" not in f"{refused} {getattr(refused, 'remedy', None)}"
    if isinstance(refused, ExistingManifest):
        assert not accepting
        assert "--accept-broken-parent" in str(refused.remedy)
        assert "--existing replace" in str(refused.remedy)
    if signed is None:
        return
    assert signed.report.integrity is Integrity.INTACT
    for options in ({}, {"accept_broken_parent": True}):
        again = genlabel.sign(signed.data, label, signer, trust=trust, **options)
        assert (again.outcome, again.data) == (Outcome.UNCHANGED, signed.data)
