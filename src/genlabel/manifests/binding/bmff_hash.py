"""Does a hash of ISO media hold: ``c2pa.hash.bmff`` in its three versions, Merkle trees too.

C2PA 2.4 §15.12.2 and §18.7. Every byte is hashed once, by our own code. Where the engine (c2pa
0.91) reads an entry otherwise than the specification, a binding may hold by either reading.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from genlabel.formats.format import Survey
from genlabel.formats.isobmff.image_items import Pictured
from genlabel.formats.isobmff.movie import Film
from genlabel.manifests.binding import iso_coverage, iso_exclusions, iso_plan, merkle
from genlabel.manifests.binding.digest import ALGORITHMS, Pass
from genlabel.manifests.binding.iso_exclusions import Manner, TooMuch
from genlabel.manifests.binding.iso_fields import Malformed, octets
from genlabel.manifests.binding.iso_plan import Binding, Differs, Plan, Planned
from genlabel.manifests.binding.outcome import ELSEWHERE, UNSUPPORTED, Outcome

_MATCH = "assertion.bmffHash.match"
_MISMATCH = "assertion.bmffHash.mismatch"
_MALFORMED = "assertion.bmffHash.malformed"
_FRAGMENTS = "its fragments lie in other files"
_VERSIONS = frozenset((1, 2, 3))


def judged(
    version: int, fields: Mapping[str, Any], survey: Survey, *, algorithm: str | None
) -> Outcome:
    """The judgement of an assertion over the file in `survey`.

    `version` is that of its label (1 without any), `fields` its CBOR as plain values, `algorithm`
    the claim's default. What is not judged (`holds` is None): a version that does not exist yet,
    the initial part of a film whose fragments lie in other files, and trees or exclusions of a
    size that no honest file has.
    """
    film = survey.parsed
    if not isinstance(film, Film | Pictured):
        return _broken(_MISMATCH, f"a {survey.format} file has no boxes of ISO media")
    if version not in _VERSIONS:
        return Outcome(code=_MISMATCH, holds=None, explanation=f"version {version} of the hash")
    try:
        binding = _binding(version, fields, algorithm)
        if binding is None:
            return Outcome.unjudged(UNSUPPORTED, "the hash names no algorithm that C2PA allows")
        return _tried(binding, film)
    except Malformed as error:
        return _broken(_MALFORMED, str(error))
    except TooMuch as error:
        return Outcome(code=_MISMATCH, holds=None, explanation=str(error))


def _tried(binding: Binding, film: Film | Pictured) -> Outcome:
    """By the engine's reading, by which nearly all files are signed, then by the specification's,
    where that is another.
    """
    earlier: Plan | None = None
    refusal: Differs | Malformed = Differs("the file was changed")
    for manner in Manner:
        try:
            plan = iso_plan.plan(binding, film.top, film.tracks, manner)
            if plan == earlier:
                break
            if _holds(binding, plan, film.top[0].data):
                if plan.partial:
                    return Outcome.unjudged(ELSEWHERE, _FRAGMENTS)
                uncovered, unbound = iso_coverage.left_out(binding.version, plan.spans(), film)
                return Outcome(code=_MATCH, holds=True, uncovered=uncovered, unbound=unbound)
            earlier = plan
        except (Differs, Malformed) as error:
            refusal = error
    code = _MALFORMED if isinstance(refusal, Malformed) else _MISMATCH
    return _broken(code, str(refusal))


def _binding(version: int, fields: Mapping[str, Any], default: str | None) -> Binding | None:
    """The fields as they are meant; None where an algorithm is not known. Raises `Malformed`."""
    exclusions = iso_exclusions.read(fields.get("exclusions"))
    named = fields.get("alg")
    algorithm = default if named is None else named
    expected, listed = fields.get("hash"), fields.get("merkle")
    trees = merkle.trees(listed) if listed is not None else ()
    if expected is None and not trees:
        raise Malformed("it has neither a hash nor a Merkle tree, so it binds nothing")
    if not isinstance(algorithm, str):
        return None
    if {algorithm, *(tree.algorithm or algorithm for tree in trees)} - ALGORITHMS:
        return None
    return Binding(
        version=version,
        exclusions=exclusions,
        algorithm=algorithm,
        hash=None if expected is None else octets(expected, "hash"),
        trees=trees,
    )


def _holds(binding: Binding, plan: Plan, data: memoryview) -> bool:
    reading = Pass(data)
    if binding.hash is not None:
        whole = reading.digest(binding.algorithm, plan.file)
        if whole != binding.hash:
            return False
    initial: dict[str, bytes] = {}  # the same for all trees
    for planned in plan.trees:
        tree = planned.tree
        algorithm = tree.algorithm or binding.algorithm
        if tree.initial is not None:
            if algorithm not in initial:
                initial[algorithm] = reading.digest(algorithm, planned.initial)
            if initial[algorithm] != tree.initial:
                return False
        if not plan.partial and not _stands(planned, algorithm, reading):
            return False
    return True


def _stands(planned: Planned, algorithm: str, reading: Pass) -> bool:
    """Do all leaves of a tree lead to its row?"""
    tree = planned.tree
    leaves = [reading.digest(algorithm, pieces) for pieces in planned.leaves]
    if planned.proofs:
        proofs = zip(leaves, planned.proofs, strict=True)
        return all(merkle.proven(algorithm, leaf, proof, tree) for leaf, proof in proofs)
    return list(merkle.row(algorithm, leaves, len(tree.row))) == list(tree.row)


def _broken(code: str, explanation: str) -> Outcome:
    return Outcome(code=code, holds=False, explanation=explanation)
