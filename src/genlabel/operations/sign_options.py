"""Options as values: how pictures are labelled and signed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import field
from datetime import date
from enum import StrEnum
from functools import partial
from typing import Any, ClassVar

from genlabel.credentials.identity import Identity
from genlabel.credentials.timestamps.authorities import TimeAuthorities
from genlabel.credentials.trust import Trust
from genlabel.formats.tiff.manifest_place import TiffManifest
from genlabel.metadata import generator_notes
from genlabel.model.attribution import Attribution
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import ConfigurationError
from genlabel.model.inputs import WrittenAs
from genlabel.model.report import Mark
from genlabel.model.text import some_words
from genlabel.model.visible import VisibleLabel, visible_of
from genlabel.operations.convenient_forms import (
    day_of,
    declarations_of,
    instance_of,
    marks_of,
    media_type_of,
    one_of,
    policies_of,
    trust_of,
)
from genlabel.operations.options import Options, require_known
from genlabel.policies import Policy
from genlabel.policies.declarations import NOTHING_DECLARED, Declarations

Authorities = TimeAuthorities | str | Iterable[str] | None
"""Addresses of time-stamping authorities, in the order in which they are asked."""


class Existing(StrEnum):
    """What to do with a manifest that the input already carries (contract §2)."""

    WRAP = "wrap"
    """Keep it: the original bytes become the verified parent of our manifest."""
    KEEP = "keep"
    """Leave the picture as it is."""
    REPLACE = "replace"
    """Drop it, and say what is lost."""
    RENEW = "renew"
    """Label it again where it is a label of ours and, by your word, only metadata were edited; else
    as with ``wrap``."""
    REFUSE = "refuse"
    """Do not sign."""


class Stamp(StrEnum):
    """Whether labels get a time-stamp."""

    REQUIRED = "required"
    """No time-stamp, no label."""
    PREFERRED = "preferred"
    """Without an answer the label goes without, with room for one later."""
    LATER = "later"
    """Nobody is asked now; room is kept."""
    OFF = "off"


class SealedBy(StrEnum):
    """Who puts the manifest into a file and hashes what it is bound to."""

    GENLABEL = "genlabel"
    """Our own rewrite, in one pass; the engine makes the claim and signs it."""
    ENGINE = "engine"
    """The engine, where that leaves no file worse: the older way, some 1.3 to 2 times slower."""


@dataclass(frozen=True, kw_only=True)
class SignOptions(Options):
    """How pictures are labelled. `genlabel.sign` takes every field as a keyword, too."""

    READ: ClassVar[Mapping[str, Callable[[Any], object]]] = {
        "trust": trust_of,
        "require_policy": policies_of,
        "declarations": declarations_of,
        "as_of": day_of,
        "identity": partial(instance_of, "identity", Identity),
        "existing": partial(one_of, Existing, "existing"),
        "overrule": partial(some_words, "overrule"),
        "attribution": partial(one_of, Attribution, "attribution"),
        "drop_traces": generator_notes.chosen,
        "prompt_as": partial(one_of, WrittenAs, "prompt_as"),
        "sealing": partial(one_of, SealedBy, "sealing"),
        "tiff_manifest": partial(one_of, TiffManifest, "tiff_manifest"),
        "stamp": lambda given: None if given is None else one_of(Stamp, "stamp", given),
        "tsa": TimeAuthorities.of,
        "marks": partial(marks_of, "marks"),
        "media_type": media_type_of,
        "save": partial(instance_of, "save", Mapping),
        "visible": visible_of,
        "remote_url": partial(instance_of, "remote_url", str),
    }

    trust: Trust = field(default_factory=Trust)
    """Whom to believe of those who signed the picture before; nobody unless given."""
    identity: Identity | None = None
    """Who attests the label beside the signer, by an identity assertion (CAWG); nobody unless
    given. `CredentialError` where its key or certificates do not fit."""
    existing: Existing = Existing.WRAP
    """What to do with a manifest that is there: ``wrap`` unless given. `ExistingManifest` where
    that forbids to go on."""
    accept_broken_parent: bool = False
    """Record a parent that does not verify as broken, instead of raising `ExistingManifest`."""
    attribution: Attribution = Attribution.CREATED
    """Does the signer vouch for producer, creators and rights, or pass them on (``gathered``)?"""
    overrule: str | None = None
    """Why the label stands although the file, or its parent, says that a model or an algorithm made
    the picture: signed as the action's description. Without it that is a `LabelError`."""
    show_public: bool = False
    """List every word that the labelled file makes public, in `Signed.public`."""
    drop_traces: Collection[str] = frozenset()
    """Which generators' traces are left out, such as prompts and workflows: ``a1111``, ``comfyui``,
    …, or ``all``; none unless given. `ConfigurationError` for an unknown name."""
    using_traces: bool = False
    """Take system, version and provider from what the picture's credential or its generator's
    traces state, where the label names no generator; `Signed.taken` says what was taken."""
    prompt_from_traces: bool = False
    """Take the prompt from there, where the label has none; `prompt_as` says how it is written."""
    prompt_as: WrittenAs = WrittenAs.HASH
    """How such a prompt is written: ``hash`` unless given, or ``text``, which is public.
    `ConfigurationError` where none is taken."""
    repair: bool = False
    """Put the mark that ends a picture where it is missing: GIF and PNG are refused without.
    Wrong lengths are put right in any case; all of it is told."""
    tiff_manifest: TiffManifest = TiffManifest.LAST_PAGE
    """Where the manifest of several TIFF pages goes: ``last-page``, or ``own-directory``."""
    sealing: SealedBy = SealedBy.GENLABEL
    """Who puts the manifest into the file and hashes it: ``genlabel`` unless given, or ``engine``,
    the slower way. What is read back is the same."""
    stamp: Stamp | None = None
    """Whether the label gets a time-stamp (RFC 3161): ``required`` where `tsa` names authorities,
    else ``off``. `TimeStampError` where one is required and nobody gives it."""
    tsa: TimeAuthorities | None = None
    """Whom to ask for time-stamps, over the network; nobody unless given. As a keyword also a URL
    or several of them."""
    ocsp: bool = False
    """Ask the certificate's authority over the network whether it was revoked, and put the answer
    in (RFC 6960): `CredentialError` if it was, `NetworkError` if nobody says so. With `stamp`."""
    media_type: str = "image/png"
    """What a PIL image is encoded as: ``image/png`` unless given, ``image/jpeg``, ``image/webp`` or
    ``image/avif``, or the name behind the slash. Files are never encoded again."""
    save: Mapping[str, object] | None = None
    """Options of Pillow's encoder for a PIL image, e.g. ``{"quality": 95}``."""
    sidecar: bool = False
    """Keep the manifest beside the picture (``cat.c2pa``) and not in it."""
    marks: Collection[Mark | str] = ()
    """With `sidecar`: the metadata that goes into the picture, of ``iptc``, ``iim``, ``exif``; none
    unless given, and then no byte of it changes. `ConfigurationError` for others."""
    remote_url: str | None = None
    """Where the sidecar will be served; goes into the XMP as ``dcterms:provenance``."""
    overwrite: bool = False
    """May a result replace a file that is there? `ConfigurationError` or `OSError` if not. (Files
    only, as those below.)"""
    force: bool = False
    """May it replace a file that is write-protected? `ConfigurationError` if not."""
    preserve_times: bool = False
    """Give the result the picture's own times, of its last reading and of its last change."""
    require_policy: tuple[Policy, ...] = ()
    """Rule books that the labelled picture has to pass before it is given or written; none unless
    given. As a keyword also one, its name, or several. `ConfigurationError` where something is not
    given that one of them needs, `PolicyFailure` where the result does not pass."""
    declarations: Declarations = NOTHING_DECLARED
    """What no file shows and those rule books ask, as for `VerifyOptions`."""
    as_of: date | None = None
    """The day whose rules are judged by, as for `VerifyOptions`."""
    fsync: bool = True
    """Wait until the disk has the result; without it the system chooses when, which is faster."""
    dry_run: bool = False
    """Do everything but write."""
    visible: VisibleLabel | None = None
    """Draw this visible label first, and tell it as a step; a picture that carries a manifest is
    recorded as the parent as it was. None is drawn unless given. As a keyword also a style."""

    def __post_init__(self) -> None:
        super().__post_init__()
        require_known(self.require_policy, self.as_of)
        if self.prompt_as is WrittenAs.TEXT and not self.prompt_from_traces:
            raise ConfigurationError(
                "prompt_as: is about a prompt that is taken from traces, and none is",
                remedy="give prompt_from_traces, too; an input of the label says `as` itself",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalManifest:
    """How a manifest is signed that does not go into its picture (C2PA 2.4 §11.4)."""

    marks: frozenset[Mark]
    """Metadata marks that are written into the picture first; none leaves its bytes alone."""
    url: str | None
    """Where the manifest will be served; written into the picture's XMP as dcterms:provenance."""

    @property
    def leaves_bytes(self) -> bool:
        """Does the picture stay as it is, byte for byte?"""
        return not self.marks and self.url is None


def external(options: SignOptions) -> ExternalManifest | None:
    """How the manifest is kept outside the picture; None where it is embedded.

    A URL means a sidecar. Raises `ConfigurationError` when `options.marks` do not fit.
    """
    marks = frozenset(map(Mark, options.marks))  # marks already, once the options are made
    if not options.sidecar and options.remote_url is None:
        if not marks:
            return None
        raise ConfigurationError(
            "marks: are chosen only where the manifest goes beside the picture",
            remedy="add --sidecar, or leave --marks out: then all are written",
        )
    if Mark.MANIFEST in marks:
        raise ConfigurationError(
            "marks: the manifest goes beside the picture",
            remedy="choose among iptc, iim and exif",
        )
    if Mark.VISIBLE in marks:
        raise ConfigurationError(
            "marks: the visible label is drawn, and no metadata", remedy="ask for it with --visible"
        )
    beside = ExternalManifest(marks=marks, url=options.remote_url)
    if beside.leaves_bytes and options.drop_traces:
        raise ConfigurationError(
            "drop_traces: beside a manifest the picture stays as it is, traces included",
            remedy="let metadata go into it with --marks iptc, or leave --sidecar out",
        )
    return beside


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeStamping:
    """Whether labels get a time-stamp, and from whom."""

    mode: Stamp
    authorities: TimeAuthorities | None
    """Those that are asked now, if any."""

    @property
    def needs_room(self) -> bool:
        """Do signatures get room for a time-stamp, some 9 KB?"""
        return self.mode is not Stamp.OFF


def time_stamping(options: SignOptions) -> TimeStamping:
    """Who names an authority and nothing else requires its answer.

    Raises `ConfigurationError` where a time-stamp is wanted and nobody named, and where the word on
    revocation, which is only one about a moment, would stand without one.
    """
    mode = options.stamp or (Stamp.OFF if options.tsa is None else Stamp.REQUIRED)
    if options.ocsp and mode is Stamp.OFF:
        raise ConfigurationError(
            "--ocsp: wants a time-stamp, which proves when the answer was true (C2PA 2.4 "
            "§10.3.2.6)",
            remedy="name an authority with --tsa URL, or keep room with --stamp later",
        )
    if mode not in (Stamp.REQUIRED, Stamp.PREFERRED):
        return TimeStamping(mode=mode, authorities=None)
    if options.tsa is None:
        raise ConfigurationError(
            f"--stamp {mode}: no time-stamping authority is named",
            remedy="name one with --tsa URL, or in [time] of your own genlabel.toml",
        )
    return TimeStamping(mode=mode, authorities=options.tsa)
