"""A development authority: a root, an intermediate and a signing certificate made on the spot.

They meet C2PA's certificate profile, and say "Development" in every common name: no published
trust list knows them, so pictures signed with them are trusted only where their root is given.
"""

from __future__ import annotations

import os
from dataclasses import field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509

from genlabel.credentials.signer import KeySigner
from genlabel.credentials.x509 import chain, files, issue, key, names, purpose as purposes
from genlabel.credentials.x509.files import WrittenKeys
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import CredentialError

AUTHORITY_LIFETIME = timedelta(days=3652)
"""Authorities outlive their certificates, so that an expired signer is seen to be just that."""
LEAF_LIFETIME = timedelta(days=365)  # the conformance profile of a leaf ends at 366 days

KEY, CERTIFICATES, ANCHORS = "signing.key", "signing.pem", "anchors.pem"
AUTHORITY_KEY, AUTHORITY = "authority.key", "authority.pem"
IDENTITY = {
    KEY: "identity.key",
    CERTIFICATES: "identity.pem",
    ANCHORS: "identity-anchors.pem",
    AUTHORITY_KEY: "identity-authority.key",
    AUTHORITY: "identity-authority.pem",
}
"""What the files of an identity are called, so that both fit into one folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """A signing key with its chain, and the root of that. Made by `Authority.new`."""

    organisation: str
    """The O of the signing certificate, exactly as given: what viewers show as the signer."""
    algorithm: str
    identity: bool = False
    """Is it for identity assertions (CAWG) instead of claims (C2PA)?"""
    email: str | None = None
    certificates: bytes = field(repr=False)
    """The signing certificate and its intermediate, PEM."""
    anchors: bytes = field(repr=False)
    """The root, PEM."""
    _key: key.PrivateKey = field(repr=False)
    _authority_key: key.PrivateKey | None = field(repr=False)

    @classmethod
    def new(
        cls,
        organisation: str,
        *,
        algorithm: str = "es256",
        lifetime: timedelta = LEAF_LIFETIME,
        not_before: datetime | None = None,
        keep_authority: bool = False,
        identity: bool = False,
        email: str | None = None,
    ) -> Authority:
        """A root, an intermediate and a signing certificate for `organisation`.

        The certificate is valid from `not_before` (default: a few minutes ago) until `lifetime`
        after it (default: after now). The root's key is forgotten at once; the intermediate's is
        kept only with `keep_authority`, and then `renewed` can issue more certificates. With
        `identity` it is for identity assertions (CAWG Identity 1.3), in the style of S/MIME;
        `email` then stands in the certificate, and so in every picture.
        Raises `CredentialError` for a name that no certificate can hold.
        """
        names.check(organisation, what="an organisation's name")
        if email is not None:
            names.check_email(email, identity=identity)
        begin, end = _window(lifetime, not_before)
        around = (begin - issue.CLOCK_SKEW, max(end, datetime.now(UTC)) + AUTHORITY_LIFETIME)
        root_key = key.new(algorithm)
        root = issue.certificate(
            issue.subject(organisation, f"Development Root {os.urandom(3).hex()}"),
            root_key,
            window=around,
            authority_depth=1,
        )
        middle_key = key.new(algorithm)
        middle = issue.certificate(
            issue.subject(organisation, f"Development Intermediate {os.urandom(3).hex()}"),
            middle_key,
            window=around,
            authority_depth=0,
            issuer=(root, root_key),
        )
        made = cls.under(
            (middle, middle_key),
            chain.pem((root,)),
            organisation=organisation,
            algorithm=algorithm,
            lifetime=lifetime,
            not_before=not_before,
            identity=identity,
            email=email,
        )
        return replace(made, _authority_key=middle_key if keep_authority else None)

    @classmethod
    def under(
        cls,
        issuer: tuple[x509.Certificate, key.PrivateKey],
        anchors: bytes,
        *,
        organisation: str,
        algorithm: str = "es256",
        lifetime: timedelta = LEAF_LIFETIME,
        not_before: datetime | None = None,
        identity: bool = False,
        email: str | None = None,
    ) -> Authority:
        """A new signing key and certificate under an intermediate, whose root is in `anchors`."""
        own = key.new(algorithm)
        leaf = issue.certificate(
            issue.subject(organisation, "Development"),
            own,
            window=_window(lifetime, not_before),
            issuer=issuer,
            purpose=_purpose(identity, email),
        )
        return cls(
            organisation=organisation,
            algorithm=algorithm,
            identity=identity,
            email=email,
            certificates=chain.pem((leaf, issuer[0])),
            anchors=anchors,
            _key=own,
            _authority_key=None,
        )

    def renewed(
        self, *, lifetime: timedelta = LEAF_LIFETIME, not_before: datetime | None = None
    ) -> Authority:
        """A new signing key and certificate under the same intermediate and root."""
        if self._authority_key is None:
            raise CredentialError(
                f"{self.organisation}: the authority's key was not kept",
                remedy="make the authority with keep_authority, or make a new one",
            )
        made = Authority.under(
            (chain.load(self.certificates)[1], self._authority_key),
            self.anchors,
            organisation=self.organisation,
            algorithm=self.algorithm,
            lifetime=lifetime,
            not_before=not_before,
            identity=self.identity,
            email=self.email,
        )
        return replace(made, _authority_key=self._authority_key)

    def key_pem(self, *, passphrase: str | bytes | None = None) -> bytes:
        """The signing key as PKCS#8 in PEM, encrypted if a passphrase is given."""
        return key.pkcs8(self._key, passphrase=passphrase)

    def signer(self) -> KeySigner:
        """A signer with this key and chain. Raises `CredentialError` once the chain has expired."""
        return KeySigner.from_pem(self.key_pem(), self.certificates, algorithm=self.algorithm)

    def write(
        self,
        folder: str | os.PathLike[str],
        *,
        passphrase: str | bytes | None = None,
        issued_by: Path | None = None,
    ) -> WrittenKeys:
        """Writes `signing.key`, `signing.pem` and `anchors.pem` into `folder`, all or none.

        Those of an identity are `identity.key`, `identity.pem` and `identity-anchors.pem`. The
        folder is made if need be. Nothing is overwritten: raises `CredentialError` when one of the
        names is taken. The key is readable by its owner only, from its first moment. `issued_by`
        is where the authority's key lies already, for whoever is told what was written.
        """
        home = Path(folder)
        public = {CERTIFICATES: self.certificates, ANCHORS: self.anchors}
        secret = {KEY: self.key_pem(passphrase=passphrase)}
        if self._authority_key is not None:
            public[AUTHORITY] = (
                chain.pem(chain.load(self.certificates, source=CERTIFICATES)[1:]) + self.anchors
            )
            secret[AUTHORITY_KEY] = key.pkcs8(self._authority_key, passphrase=passphrase)
        called = IDENTITY if self.identity else {each: each for each in IDENTITY}
        files.write(
            home,
            secret={called[name]: content for name, content in secret.items()},
            public={called[name]: content for name, content in public.items()},
        )
        return WrittenKeys(
            key=home / called[KEY],
            certificates=home / called[CERTIFICATES],
            anchors=home / called[ANCHORS],
            authority_key=home / called[AUTHORITY_KEY] if AUTHORITY_KEY in secret else issued_by,
        )


def _purpose(identity: bool, email: str | None) -> tuple[x509.ExtensionType, ...]:
    """The extensions that say what a leaf is for, and to whom mail would go."""
    if not identity:
        # Both usages: C2PA's own for its trust list, and the one that readers without that list
        # accept out of the box.
        return (x509.ExtendedKeyUsage([purposes.CLAIM_SIGNING, purposes.EMAIL_PROTECTION]),)
    # CAWG's own for good, and that of S/MIME. None of S/MIME's policies: each says that somebody
    # has checked the name.
    usage = x509.ExtendedKeyUsage([purposes.DOCUMENT_SIGNING, purposes.EMAIL_PROTECTION])
    if email is None:
        return (usage,)
    return usage, x509.SubjectAlternativeName([x509.RFC822Name(email)])


def _window(lifetime: timedelta, not_before: datetime | None) -> tuple[datetime, datetime]:
    """First and last moment of a certificate, in UTC, to the second as X.509 has it."""
    if not isinstance(lifetime, timedelta) or lifetime <= timedelta(0):
        raise CredentialError(f"{lifetime}: no lifetime", remedy="give a positive timedelta")
    if not_before is None:
        end = datetime.now(UTC) + lifetime
        begin = datetime.now(UTC) - issue.CLOCK_SKEW
    elif not_before.tzinfo is None:
        raise CredentialError(
            f"{not_before}: a moment without time zone", remedy="give one with, such as UTC"
        )
    else:
        begin = not_before.astimezone(UTC)
        end = begin + lifetime
    return begin.replace(microsecond=0), end.replace(microsecond=0)
