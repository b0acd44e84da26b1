"""Does a claim's map fit the version that its label names (C2PA 2.4 §10.2, §15.6)?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from genlabel.manifests.validation.form.subject import Breach, Subject, text

Fits = Callable[[object], bool]


def claim_map(subject: Subject) -> Iterator[Breach]:
    """Every field that is needed is there, each is of its type, and none is another version's."""
    claim = subject.claim
    if claim is None:
        return
    version = subject.version
    if version is None:
        yield Breach((), "the claim's label is of no version that there is")
        return
    for name, fits in _NEEDED[version].items():
        if name not in claim:
            yield Breach((), f"a claim of version {version} lacks {name}")
        elif not fits(claim[name]):
            yield Breach((), f"{name} in a claim of version {version} is of another kind")
    for name, fits in _ALLOWED[version].items():
        if name in claim and not fits(claim[name]):
            yield Breach((), f"{name} in a claim of version {version} is of another kind")
    for name in _FOREIGN[version]:
        if name in claim:
            yield Breach((), f"{name} has no place in a claim of version {version}")


def _references(value: object) -> bool:
    """A list of hashed URIs (§8.4.2.1)."""
    return isinstance(value, list) and all(map(_hashed_uri, value))


def _some_references(value: object) -> bool:
    return bool(value) and _references(value)


def _hashed_uri(value: object) -> bool:
    return (
        isinstance(value, dict)
        and text(value.get("url"))
        and isinstance(value.get("hash"), bytes)
        and isinstance(value.get("alg", ""), str)
    )


def _generator(value: object) -> bool:
    return isinstance(value, dict) and text(value.get("name"))


def _texts(value: object) -> bool:
    return isinstance(value, list) and all(map(text, value))


def _is_text(value: object) -> bool:
    return isinstance(value, str)


_NEEDED: Mapping[int, Mapping[str, Fits]] = {
    1: {
        "claim_generator": _is_text,
        "signature": text,
        "assertions": _some_references,
        "dc:format": _is_text,
        "instanceID": _is_text,
    },
    2: {
        "claim_generator_info": _generator,
        "signature": text,
        "created_assertions": _some_references,
        "instanceID": text,
    },
}
_ALLOWED: Mapping[int, Mapping[str, Fits]] = {
    1: {"alg": _is_text, "dc:title": _is_text, "redacted_assertions": _texts},
    2: {
        "gathered_assertions": _references,
        "redacted_assertions": _texts,
        "alg": _is_text,
        "dc:title": _is_text,
    },
}
_FOREIGN: Mapping[int, tuple[str, ...]] = {
    1: ("created_assertions", "gathered_assertions"),
    2: ("assertions",),
}
