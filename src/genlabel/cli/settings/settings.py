"""Settings: the merged values as the objects that signing and verifying take."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import field, replace
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from genlabel.cli.settings import folders_own
from genlabel.cli.settings.values import (
    Answers,
    Layer,
    Rank,
    Setting,
    grouped,
    member,
    merged,
)
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import ConfigurationError
from genlabel.model.report import Severity
from genlabel.policies import Policy, named
from genlabel.policies.declarations import NOTHING_DECLARED, Declarations

if TYPE_CHECKING:
    from genlabel.credentials.identity import Identity
    from genlabel.credentials.signer import KeySigner, Signer
    from genlabel.credentials.timestamps.authorities import TimeAuthorities
    from genlabel.credentials.trust import Trust
    from genlabel.model.label import Label
    from genlabel.operations.sign_options import SealedBy, Stamp

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """What a signer is made of: files that nobody has read yet."""

    uri: str | None
    """Where the key is, in place of `key`."""
    key: Path | None
    certificates: Path | None
    whole: bool
    """Does the key's file hold its certificates too, as PKCS#12?"""
    passphrase: Callable[[], bytes | str] = field(repr=False)
    """Asked only for an encrypted key."""
    algorithm: str | None

    def opened(self, table: str, *, remedy: str) -> KeySigner:
        """The signer of its files; `table` names it where one is missing, `remedy` the way out."""
        from genlabel.credentials.signer import KeySigner

        if self.key is None or (self.certificates is None and not self.whole):
            missing = "certificates" if self.key else "key"
            raise ConfigurationError(f"{table}: no {missing} given", remedy=remedy)
        if self.certificates is None:
            return KeySigner.from_pkcs12(
                self.key, passphrase=self.passphrase, algorithm=self.algorithm
            )
        return KeySigner.from_files(
            self.key, self.certificates, passphrase=self.passphrase, algorithm=self.algorithm
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings(Answers):
    """All values by their names, each with its origin. Made by `settings.load`."""

    files: tuple[Path, ...] = ()
    """The configuration files that were read, the weakest first."""
    folder: Mapping[str, Setting] = field(default_factory=dict)
    """Whom the nearest file trusts, in its own name (see `folders_own`)."""
    unheard: tuple[str, ...] = ()
    """What the nearest file sets in vain, a sentence each."""
    passphrase: str | None = field(default=None, repr=False)
    """From the environment."""

    def own_files(self) -> Iterator[tuple[str, Path]]:
        """What is read to sign and to trust, and may never be a place for results: setting and
        file."""
        yield from (("the settings", path) for path in self.files)
        for each in (*self.values.values(), *self.folder.values()):
            if each.name.startswith(("signer.", "identity.", "trust.")):
                several = each.value if isinstance(each.value, tuple) else (each.value,)
                yield from ((each.name, path) for path in several if isinstance(path, Path))

    def label(self) -> Label:
        """The label that is declared. Raises `ConfigurationError` when the answer to one of its
        questions is missing and `LabelError` when the answers contradict each other.
        """
        from genlabel.cli.settings.questions import Questions

        return Questions(values=self.values).label()

    def producer(self) -> str | None:
        """Whose name stands for the pictures; None where nobody is named."""
        return self._text("producer.name")

    def over(self, layer: Layer) -> Settings:
        """The same with `layer` over them."""
        return replace(self, values=merged([self.values, layer]))

    def unused_generator(self) -> str | None:
        """The generator that a configuration names and the label leaves out; None else."""
        from genlabel.cli.settings.questions import Questions

        return Questions(values=self.values).unused_generator()

    def signer(self, ask: Callable[[], str] | None = None) -> Signer:
        """The signer, its chain checked; `ask` is called for the passphrase if nothing else gives
        it. Raises `ConfigurationError` or `CredentialError`.
        """
        from genlabel.credentials.signers.uri import signer as opened

        credential = self.credential(ask)
        if credential.uri is not None:
            return opened(
                credential.uri,
                certificates=credential.certificates,
                passphrase=credential.passphrase,
                algorithm=credential.algorithm,
            )
        return credential.opened(
            "signer",
            remedy="give --key FILE and --certificates FILE, or --signer URI, "
            "or make a development credential with `genlabel keys new --write-config`",
        )

    def identity(self, ask: Callable[[], str] | None = None) -> Identity | None:
        """Who attests the labels beside the signer; None unless it is set. Raises as `signer`."""
        from genlabel.credentials.identity import Identity, IdentityForm

        credential = self.credential(ask, table="identity")
        if credential.key is None and credential.certificates is None:
            return None
        signer = credential.opened(
            "identity",
            remedy="give --identity-key FILE and --identity-certificates FILE, "
            "or make a development identity with `genlabel keys new --identity`",
        )
        form = self._text("identity.form") or IdentityForm.STANDARD
        return Identity(
            signer,
            roles=self._get("identity.roles", tuple) or (),
            form=member(IdentityForm, form, f"identity.form: {form!r} is none"),
        )

    def credential(
        self, ask: Callable[[], str] | None = None, *, table: str = "signer"
    ) -> Credential:
        """What the signer of `table` (``signer`` or ``identity``) is made of, as far as set."""
        from genlabel.credentials.x509 import pkcs12

        key = self._get(f"{table}.key", Path)
        certificates = self._get(f"{table}.certificates", Path)
        whole = key is not None and pkcs12.holds(key)
        if whole and certificates is not None:
            # A bundle named later than the certificates brings its own.
            ranks = self.values[f"{table}.key"].rank, self.values[f"{table}.certificates"].rank
            certificates = certificates if ranks[0] <= ranks[1] else None
        uri = self._text("signer.uri") if table == "signer" else None
        if uri is not None and key is not None:
            raise ConfigurationError(
                f"signer: both a URI and a key ({self.values['signer.uri'].origin})",
                remedy="name the signer in one way",
            )
        return Credential(
            uri=uri,
            key=key,
            certificates=certificates,
            whole=whole,
            passphrase=self._passphrase(ask, table),
            algorithm=self._text(f"{table}.algorithm"),
        )

    def trust(self) -> Trust:
        """Whom to believe: nobody unless set. Raises `TrustError`."""
        from genlabel.credentials.trust import Trust

        lists = [each.partition("=") for each in self._get("trust.lists", tuple) or ()]
        own = Trust.of(
            signers=self._get("trust.signers", tuple) or (),
            tsa=self._get("trust.tsa", tuple) or (),
            identity=self._get("trust.identity", tuple) or (),
            lists=[(kind, Path(place)) if sign else kind for kind, sign, place in lists],
            max_age=self.max_list_age(),
            producers=grouped(self._get("trust.producers", tuple) or ()),
        )
        return folders_own.with_folder(own, self.folder, self.values)

    def max_list_age(self) -> timedelta:
        """From which age on a fetched trust list is a finding."""
        from genlabel.credentials.trust.anchors import MAX_AGE

        age = self._get("trust.max_age", timedelta)
        return MAX_AGE if age is None else age

    def stamp(self) -> Stamp | None:
        """Whether labels get a time-stamp; None: not set. Raises `ConfigurationError`."""
        from genlabel.operations.sign_options import Stamp

        text = self._text("time.stamp")
        if text is None:
            return None
        return member(Stamp, text.strip().lower(), f"time.stamp: {text!r} is no answer")

    def ocsp(self) -> bool:
        """Is the certificate's authority asked whether it was revoked? No unless set."""
        return bool(self._get("signer.ocsp", bool))

    def sealing(self) -> SealedBy:
        """Who seals, genlabel unless set. Raises `ConfigurationError`."""
        from genlabel.operations.sign_options import SealedBy

        text = self._text("signer.sealing") or SealedBy.GENLABEL
        return member(SealedBy, text.strip().lower(), f"signer.sealing: {text!r} is no answer")

    def tsa(self) -> TimeAuthorities | None:
        """Whom to ask for time-stamps; nobody unless set. Raises `ConfigurationError`."""
        from genlabel.credentials.timestamps.authorities import TimeAuthorities

        authorities = TimeAuthorities.of(self._get("time.authorities", tuple))
        logins = self._get("time.logins", tuple)
        return replace(authorities, logins=logins) if authorities and logins else authorities

    def policy(self) -> tuple[Policy, ...]:
        """The rule books, `labelled` unless set. Raises `ConfigurationError`.

        The nearest file may name further ones, and lifts none.
        """
        chosen, further = self.values.get("verify.policy"), self.folder.get("verify.policy")
        names = self._get("verify.policy", tuple) or ("labelled",)
        if further is not None and (chosen is None or chosen.rank <= Rank.PROJECT):
            names = (*names, *map(str, further.value if isinstance(further.value, tuple) else ()))
        return named(tuple(dict.fromkeys(names)) if further is not None else names)

    def declarations(self, policy: Collection[Policy]) -> Declarations:
        """What these books and genlabel's ask, as far as it is declared.

        Raises `ConfigurationError`.
        """
        path = self._get("verify.declarations", Path)
        if path is None:
            return NOTHING_DECLARED
        from genlabel.policies.declaration_files import declarations

        return declarations(path, policy=policy)

    def fail_on(self) -> Severity:
        """The least severity that makes a run fail, `error` unless set."""
        text = self._text("verify.fail_on") or Severity.ERROR.value
        return member(Severity, text, f"verify.fail_on: {text!r} is no severity")

    def language(self, environ: Mapping[str, str] = os.environ) -> str:
        """The language of verdicts: as set, else the locale's where offered, else English.

        Raises `ConfigurationError` for one without a catalogue.
        """
        from genlabel.model.words import language

        return language.chosen(self._text("words.language"), environ)

    def _passphrase(self, ask: Callable[[], str] | None, table: str) -> Callable[[], bytes | str]:
        from genlabel.credentials.signers.uri import SCHEMES, split
        from genlabel.credentials.x509 import files as key_files

        def secret() -> bytes | str:
            file = self.values.get(f"{table}.passphrase_file")
            uri = self._text("signer.uri") if table == "signer" else None
            is_foreign = uri is not None and SCHEMES[split(uri)[0]].foreign
            if is_foreign and file is not None and file.rank is Rank.PROJECT:
                file = None  # a stranger's PIN would be tried on our card, which may lock itself
            # the variable is the signer's; it opens the identity's key where nothing else does
            named = file is not None and (file.rank is Rank.OPTION or table != "signer")
            if self.passphrase is not None and not named:
                return self.passphrase
            if file is not None and isinstance(file.value, Path):
                return key_files.passphrase_in(file.value)
            return ask() if ask is not None else ""

        return secret
