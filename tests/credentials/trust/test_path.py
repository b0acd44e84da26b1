"""An anchor vouches for a chain by signatures alone, and each issuer must be one."""

import pytest
from cryptography.hazmat.primitives import hashes

import hand_made_chains as made
from genlabel.credentials.trust import Trust
from genlabel.credentials.trust.path import MAX_CHAIN, trust_anchor
from genlabel.model.report import TrustLevel
from hand_made_chains import OVER

ROOT = made.root()
MIDDLE = made.intermediate(ROOT)
LEAF = made.leaf(MIDDLE)


def ask(anchor, *chain, **trust):
    return trust_anchor([each.certificate for each in chain], Trust.of(signers=anchor.pem, **trust))


@pytest.mark.parametrize("anchor", [ROOT, MIDDLE], ids=["root", "intermediate"])
@pytest.mark.parametrize(
    "chain", [(LEAF, MIDDLE), (LEAF, MIDDLE, ROOT)], ids=["without root", "with root"]
)
def test_any_authority_above_the_leaf_vouches(anchor, chain):
    assert ask(anchor, *chain).name == "given certificates"


def test_a_leaf_alone_needs_its_issuer_as_anchor():
    assert ask(MIDDLE, LEAF) is not None
    assert ask(ROOT, LEAF) is None


def test_a_certificate_may_stand_for_itself_where_it_is_given_itself():
    alone = made.leaf(None)
    assert ask(alone, alone) is not None
    assert ask(ROOT, alone) is None


def test_dates_do_not_matter():
    root = made.root(valid=OVER)
    middle = made.intermediate(root, valid=OVER)
    assert ask(root, made.leaf(middle, valid=OVER), middle) is not None


@pytest.mark.parametrize(
    "middle",
    [
        made.intermediate(ROOT, ca=False, path_length=None),
        made.intermediate(ROOT, ca=None, path_length=None),
        made.intermediate(ROOT, usages=("crl_sign",)),
        made.intermediate(made.root()),
        made.intermediate(ROOT, digest=hashes.SHA224()),
    ],
    ids=["no authority", "no constraints", "may not sign", "same names", "weak digest"],
)
def test_what_may_not_issue_breaks_the_chain(middle):
    assert ask(ROOT, made.leaf(middle), middle) is None


def test_path_lengths_are_kept():
    below = made.link("Too deep", MIDDLE, **made.AUTHORITY)
    assert ask(ROOT, made.leaf(below), below, MIDDLE) is None
    assert ask(MIDDLE, made.leaf(below), below) is None
    free = made.intermediate(ROOT, path_length=1)
    below = made.link("Deep", free, **made.AUTHORITY)
    assert ask(ROOT, made.leaf(below), below, free) is not None


def test_strangers_in_the_chain_lend_nothing():
    stranger = made.leaf(made.intermediate(made.root()))
    assert ask(ROOT, stranger, MIDDLE, ROOT) is None
    assert ask(ROOT, stranger, LEAF, MIDDLE, ROOT) is None


def test_your_own_anchors_answer_before_a_list_and_time_stamps_never():
    listed = Trust.of(lists=[("signer", MIDDLE.pem)], signers=ROOT.pem, tsa=ROOT.pem)
    chain = [LEAF.certificate, MIDDLE.certificate]
    assert trust_anchor(chain, listed).level is TrustLevel.KNOWN
    assert trust_anchor(chain, Trust.of(tsa=ROOT.pem)) is None
    assert trust_anchor(chain, Trust()) is None
    assert trust_anchor([], listed) is None


def test_a_chain_without_end_is_cut():
    issuers = [ROOT]
    for number in range(MAX_CHAIN):
        issuers.append(made.link(f"Deep {number}", issuers[-1], **made.AUTHORITY))
    assert ask(ROOT, made.leaf(issuers[-3]), *reversed(issuers[:-2])) is not None
    assert ask(ROOT, made.leaf(issuers[-1]), *reversed(issuers)) is None
