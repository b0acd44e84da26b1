"""The engine room: the only importer of c2pa, where every known trap of it is closed once.

The engine is c2pa-python, tested from 0.38 up to but not including 0.39. It is imported at the
first use. Whatever it answers is data; what it means is decided in `reading`.
"""

from __future__ import annotations

import ctypes
import importlib.machinery
import importlib.util
import io
import json
import os
import re
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

from genlabel.containers.container import Buffer
from genlabel.containers.large import Stream, is_mapped, mapped
from genlabel.credentials.identity import Identity
from genlabel.credentials.signer import Signer, at_present
from genlabel.errors import EngineError, SigningError
from genlabel.manifests.asking import Asked
from genlabel.manifests.joined import joined
from genlabel.manifests.native import Native, Refused, View
from genlabel.trust import AnchorKind, Trust

TESTED = ("0.38",)
"""Minor versions of c2pa-python whose traps are known and tested."""

# The extended key usages that a claim signer's certificate may carry (C2PA 2.4 §14.5.1.1). The
# engine takes them from the top level of its trust settings only, and without them it calls the
# first two invalid.
_KEY_USAGES = (
    "1.3.6.1.4.1.62558.2.1",  # c2pa-kp-claimSigning
    "1.3.6.1.5.5.7.3.36",  # documentSigning
    "1.3.6.1.5.5.7.3.4",  # emailProtection
    "1.3.6.1.4.1.311.76.59.1.9",  # Microsoft's own, on the frozen interim list
)
# Of these the engine hashes what it would write, which is not the file that stays beside the
# manifest. Of bytes that it knows nothing about it hashes every one.
_HASHED_AS_IT_IS = dict.fromkeys(
    ("application/pdf", "audio/mpeg", "audio/flac", "audio/wav", "video/avi"),
    "application/octet-stream",
)
_NO_PLACE = (
    "naked codestream",  # of JPEG XL
    "Not a valid JPEG XL container",
    "XML invalid",
    "SVG root element not found",  # one that closes itself
    'expected "RIFF"',  # RF64 and BW64
)
"""What the engine says of files in which it finds no place for a manifest. Where our survey sees
one all the same, that is told as a contradiction."""
_KINDS = {
    AnchorKind.SIGNER: "manifest",
    AnchorKind.TSA: "tsa",
    AnchorKind.IDENTITY: "cawg",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class IngredientSource:
    """An ingredient to record: its definition and its own bytes, which the engine validates."""

    definition: Mapping[str, Any]
    mime: str
    data: Buffer
    store: bytes | None = None
    """Its manifest store where that lies beside it (C2PA 2.4 §11.4); None for an embedded one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the engine says of a file: a document, a refusal in its own words, or neither.

    Neither means that the engine finds no manifest.
    """

    document: Mapping[str, Any] | None = None
    """The engine's manifest report (`Reader.json`), parsed."""
    refusal: str | None = None


def sign(
    data: bytes | memoryview,
    mime: str,
    definition: Mapping[str, Any],
    signer: Signer,
    ingredients: Sequence[IngredientSource] = (),
    *,
    identity: Identity | None = None,
    embed: bool = True,
    room: bool = False,
) -> bytes | memoryview:
    """`data` with a signed manifest embedded, as `definition` says; not to `embed`: its store.

    With `identity`, an identity assertion over all assertions of the definition is signed along.
    With `room` the signature is padded by some 10 KB, into which a time-stamp can be put.
    Of a mapped file the result is a mapped one, too.

    `data` must carry no manifest: over one, the engine would drop it silently. Nothing is checked
    here; the caller reads the result back. Raises `SigningError` when the engine refuses, or
    when a signer that keeps its key to itself fails, with what it raised as the cause.
    """
    c2pa = _c2pa()
    output: Any = io.BytesIO()
    if is_mapped(data):
        output = tempfile.TemporaryFile(prefix="genlabel-")  # noqa: SIM115 # its mapping outlives us
    try:
        with (
            _interrupts_deferred(),
            _engines_own(at_present(signer), identity, definition, room) as native,
            c2pa.Builder(dict(definition), context=_context(Trust(), os.getpid())) as builder,
        ):
            for number, each in enumerate(ingredients):
                text = json.dumps(_described(builder, each, f"{number}.c2pa"))
                builder.add_ingredient(text, each.mime, _input(each.data))
            if not embed:
                builder.set_no_embed()
                mime = _HASHED_AS_IT_IS.get(mime, mime)
            store: bytes = builder.sign(native, mime, _input(data), output)
    except c2pa.C2paError as error:
        raise SigningError(f"the C2PA engine refused to sign: {error}") from error
    if not embed:
        return store
    if is_mapped(data):
        output.flush()
        return mapped(output)
    whole: bytes = output.getvalue()
    return whole


def _input(data: Buffer) -> Any:
    """A stream of `data`, without a copy of what is mapped."""
    return Stream(data) if isinstance(data, memoryview) and is_mapped(data) else io.BytesIO(data)


def _described(builder: Any, source: IngredientSource, name: str) -> Mapping[str, Any]:
    """An ingredient's definition; a manifest from beside it goes along as the resource `name`.

    The engine validates embedded manifests itself. Of one that comes apart it wants to be told how
    it validates, and it is asked just that before, with nobody trusted, as it does for the others.
    """
    if source.store is None:
        return source.definition
    found = read(source.data, source.mime, Trust(), store=source.store).document
    if found is None:
        return source.definition
    builder.add_resource(name, io.BytesIO(source.store))
    return {
        **source.definition,
        "active_manifest": found.get("active_manifest"),
        "validation_results": found.get("validation_results"),
        "manifest_data": {"format": "application/c2pa", "identifier": name},
    }


def read(data: Buffer, mime: str, trust: Trust, *, store: bytes | None = None) -> Answer:
    """What the engine says of the manifest in `data`, judged by the anchors in `trust`.

    With `store`, that manifest store is read in place of the one that `data` carries.
    """
    try:
        return Answer(document=json.loads(_view("json", data, mime, trust, store)))
    except Refused as refusal:
        said = str(refusal)
        if said.startswith("ManifestNotFound") or any(words in said for words in _NO_PLACE):
            return Answer()
        return Answer(refusal=said)


def crjson(data: Buffer, mime: str, trust: Trust) -> dict[str, Any]:
    """The crJSON view of the manifest in `data` (C2PA 2.4, crJSON), for rule books.

    Raises `EngineError` when there is no manifest or it cannot be read.
    """
    try:
        found: dict[str, Any] = json.loads(_view("crjson", data, mime, trust))
    except Refused as refusal:
        raise EngineError(f"the C2PA engine cannot read the manifest: {refusal}") from refusal
    return found


def _view(view: View, data: Buffer, mime: str, trust: Trust, store: bytes | None = None) -> bytes:
    native = _native()
    with _interrupts_deferred():
        return native.read(_context(trust, os.getpid()), data, mime, store, view)


def versions() -> Mapping[str, str]:
    """The engine's package and core versions, for reports."""
    package = _located_engine()[1]
    return {"c2pa-python": package, "c2pa-rs": str(_c2pa().sdk_version())}


@lru_cache(maxsize=32)
def _context(trust: Trust, process: int) -> Any:
    """An engine context with frozen settings.

    `process` is part of the key because a context does not survive a fork.
    """
    c2pa = _c2pa()
    try:
        return c2pa.Context.from_dict(_settings(trust))
    except c2pa.C2paError as error:
        raise EngineError(f"the C2PA engine refused its settings: {error}") from error


def _settings(trust: Trust) -> dict[str, Any]:
    """All settings that differ from the engine's defaults; it ignores misspelt keys silently.

    Only keys that a test shows to have an effect belong here.
    """
    return {
        "trust": {
            "trust_config": "\n".join(_KEY_USAGES) + "\n",
            "anchors": [
                {
                    "trust_kind": _KINDS[anchors.kind],
                    "trust_uri": anchors.uri,
                    "trust_anchors": anchors.pem.decode("ascii"),
                }
                for anchors in trust.entries
            ],
        },
        "verify": {
            "remote_manifest_fetch": False,  # else it fetches whatever URL the file names
            "ocsp_fetch": False,
            "verify_after_sign": False,  # we read every result back ourselves, hashes included
        },
        "core": {"allowed_network_hosts": []},
        "builder": {"thumbnail": {"enabled": False}},  # else small pictures grow tenfold
    }


@contextmanager
def _engines_own(
    signer: Signer, identity: Identity | None, definition: Mapping[str, Any], room: bool
) -> Iterator[Any]:
    """The engine's own signer for `signer`: with the key if it can be had, else by callback.

    With `identity` it signs an identity assertion over all assertions of `definition` along. For
    `room` in the claim's signature, that is made by callback: for those the engine pads as it does
    for a `ta_url`, and asks no authority itself.
    """
    referenced = _labels(definition) if identity else ()
    holding = None if room else _holding(signer, identity, referenced)
    if holding is not None:
        yield holding
        return
    c2pa = _c2pa()
    with ExitStack() as stack:
        natives = []
        for each in (signer, *((identity.signer,) if identity else ())):
            native = None if room and each is signer else _with_key(each)
            if native is None:
                asked = Asked(each)
                stack.enter_context(asked.heard(c2pa.C2paError))
                number = c2pa.C2paSigningAlg[each.algorithm.upper()]
                native = c2pa.Signer.from_callback(asked, number, each.chain_pem.decode("ascii"))
            natives.append(native)
        yield stack.enter_context(_one(natives, identity, referenced))


def _labels(definition: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(each["label"] for each in definition["assertions"])


@lru_cache(maxsize=8)
def _holding(signer: Signer, identity: Identity | None, referenced: tuple[str, ...]) -> Any:
    """The same where all keys can be had; None for a key that stays in its place."""
    natives = []
    for each in (signer, *((identity.signer,) if identity else ())):
        native = _with_key(each)
        if native is None:
            return None
        natives.append(native)
    return _one(natives, identity, referenced)


def _one(natives: Sequence[Any], identity: Identity | None, referenced: tuple[str, ...]) -> Any:
    if identity is None:
        return natives[0]
    roles = [role.value for role in identity.roles]
    return joined(_c2pa(), *natives, referenced=referenced, roles=roles)


def _with_key(signer: Signer) -> Any:
    """The engine's signer with the key itself; None for a key that stays in its place."""
    c2pa = _c2pa()
    key = signer.private_key_pem()
    if key is None:
        return None
    info = c2pa.C2paSignerInfo(signer.algorithm.encode(), signer.chain_pem, key, None)
    return c2pa.Signer.from_info(info)


@contextmanager
def _interrupts_deferred() -> Iterator[None]:
    """Hold Ctrl-C back while native code calls into Python.

    An exception inside a stream callback is lost or aborts the process, and the engine then reports
    success over a damaged file. Python delivers signals to the main thread only, so elsewhere there
    is nothing to hold back. Afterwards the interrupt is delivered to the previous handler.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    caught: list[FrameType | None] = []
    previous = signal.getsignal(signal.SIGINT)
    if not callable(previous):  # ignored, default-terminate or set by C code: not ours to hold
        yield
        return
    signal.signal(signal.SIGINT, lambda number, frame: caught.append(frame))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, previous)
        if caught:
            previous(signal.SIGINT, caught[-1])


_LOADING = threading.Lock()


def _c2pa() -> Any:
    """The engine's module; two threads that need it first get the same, loaded whole."""
    with _LOADING:
        return _loaded()


@cache
def _loaded() -> Any:
    """The engine's module, loaded from where its distribution is installed, never from the cwd."""
    spec, version = _located_engine()
    if not version.startswith(tuple(f"{minor}." for minor in TESTED)):
        raise EngineError(
            f"c2pa-python {version}: not a version that genlabel was tested with",
            remedy="pip install 'c2pa-python>=0.38,<0.39'",
        )
    module = sys.modules.get("c2pa")
    if module is not None:
        if getattr(module, "__file__", None) != spec.origin:
            raise EngineError(
                f"{getattr(module, '__file__', 'c2pa')}: another module is loaded as c2pa",
                remedy="rename it",
            )
        return module
    return _load(spec)


def _load(spec: importlib.machinery.ModuleSpec) -> ModuleType:
    """Import the engine with its native library named by absolute path.

    Left alone, it would look for the library in the current directory first.
    """
    if spec.loader is None or spec.origin is None:
        raise EngineError("c2pa: has no loader", remedy="reinstall c2pa-python")
    library = _library(spec.origin)
    try:
        ctypes.CDLL(str(library))  # the engine would go on to search the cwd if this failed there
    except OSError as error:
        raise EngineError(f"{library}: cannot be loaded: {error}") from error
    before = os.environ.get("C2PA_LIBRARY_NAME")
    os.environ["C2PA_LIBRARY_NAME"] = str(library)
    module = importlib.util.module_from_spec(spec)
    sys.modules["c2pa"] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        sys.modules.pop("c2pa", None)
        raise
    finally:
        if before is None:
            del os.environ["C2PA_LIBRARY_NAME"]
        else:
            os.environ["C2PA_LIBRARY_NAME"] = before
    return module


@cache
def _native() -> Native:
    """The engine's C interface, in the library that its module has loaded."""
    return Native(_library(_c2pa().__file__))


def _library(origin: str) -> Path:
    """The native library beside the engine's module at `origin`."""
    library = Path(origin).parent / "libs" / _LIBRARY.get(sys.platform, "libc2pa_c.so")
    if not library.is_file():
        raise EngineError(f"{library}: not found", remedy="reinstall c2pa-python")
    return library


_LIBRARY = {"darwin": "libc2pa_c.dylib", "win32": "c2pa_c.dll"}


@cache
def _located_engine() -> tuple[importlib.machinery.ModuleSpec, str]:
    """The engine's spec and version, looked for where packages are installed, never in the cwd."""
    here = Path.cwd()
    places = [place for place in sys.path if place and Path(place).resolve() != here]
    spec = importlib.machinery.PathFinder.find_spec("c2pa", places)
    if spec is None or spec.origin is None or not spec.submodule_search_locations:
        raise EngineError(
            "c2pa-python: is not installed", remedy="pip install 'c2pa-python>=0.38,<0.39'"
        )
    for info in Path(spec.origin).parent.parent.glob("c2pa_python-*.dist-info"):
        found = re.fullmatch(r"c2pa_python-([0-9][^-]*)\.dist-info", info.name)
        if found:
            return spec, found[1]
    raise EngineError(
        f"{spec.origin}: is no installed c2pa-python",
        remedy="remove it, then pip install 'c2pa-python>=0.38,<0.39'",
    )
