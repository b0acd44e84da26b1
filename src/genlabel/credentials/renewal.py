"""Renewal: the development credential that follows one before it ends, in a folder of its own.

Under the authority that issued the old one where its key was kept; else under a new root, and
then whoever verifies needs both anchors.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509

from genlabel.credentials.development_ca import AUTHORITY, AUTHORITY_KEY, IDENTITY, Authority
from genlabel.credentials.x509 import chain, files, issue, key, purpose as purposes
from genlabel.credentials.x509.files import WrittenKeys
from genlabel.model.errors import CredentialError
from genlabel.model.expression import expression

_DATED = expression(r"\d{4}-\d{2}-\d{2}(-\d+)?")
_MOST_A_DAY = 99


def renew(
    certificates: Path,
    *,
    out: Path | None,
    lifetime: timedelta,
    algorithm: str | None = None,
    keep_authority: bool = False,
    passphrase: str | bytes | None = None,
    authority_passphrase: files.Passphrase = None,
) -> WrittenKeys:
    """The files of a new credential for the holder of the one in `certificates`, in a dated folder.

    That is below `out`, by default beside the present one. Organisation, kind and (unless given)
    algorithm are those of the present one, which is not touched. `passphrase` encrypts the new
    key; `authority_passphrase` opens the authority's. Raises `CredentialError`.
    """
    present = chain.load(files.read(certificates), source=str(certificates))
    leaf = present[0]
    organisation = _own(leaf, str(certificates))
    identity = purposes.DOCUMENT_SIGNING in (purposes.usages_of(leaf) or ())
    home = certificates.absolute().parent
    base = home.parent if _DATED.fullmatch(home.name) else home
    chosen = algorithm or key.named_or_usual(chain.public_key(leaf), None)
    email = _email(leaf) if identity else None
    dated = sorted(each for each in base.iterdir() if _DATED.fullmatch(each.name))
    kept = _kept(present, (home, base, *dated), identity, authority_passphrase, lifetime)
    if kept is None:
        made = Authority.new(
            organisation,
            algorithm=chosen,
            lifetime=lifetime,
            keep_authority=keep_authority,
            identity=identity,
            email=email,
        )
        return made.write(_folder(out or base), passphrase=passphrase)
    path, issuer, issuer_key, anchors = kept
    made = Authority.under(
        (issuer, issuer_key),
        anchors,
        organisation=organisation,
        algorithm=chosen,
        lifetime=lifetime,
        identity=identity,
        email=email,
    )
    return made.write(_folder(out or base), passphrase=passphrase, issued_by=path)


def _own(leaf: x509.Certificate, source: str) -> str:
    """The organisation of a certificate that is one of ours. Raises `CredentialError`."""
    organisation = chain.organisation(leaf)
    if organisation is None or leaf.subject != issue.subject(organisation, "Development"):
        raise CredentialError(
            f"{source}: {chain.title(leaf)} is no development certificate of genlabel",
            remedy="ask its authority for the next one: `genlabel keys csr` makes the request",
        )
    return organisation


def _email(leaf: x509.Certificate) -> str | None:
    try:
        names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return None
    return next(iter(names.get_values_for_type(x509.RFC822Name)), None)


def _kept(
    present: tuple[x509.Certificate, ...],
    folders: tuple[Path, ...],
    identity: bool,
    passphrase: files.Passphrase,
    lifetime: timedelta,
) -> tuple[Path, x509.Certificate, key.PrivateKey, bytes] | None:
    """The kept authority that issued the present certificate and outlives the next one."""
    called = IDENTITY if identity else {name: name for name in IDENTITY}
    for folder in folders:
        path = folder / called[AUTHORITY_KEY]
        if not path.is_file():
            continue
        source = folder / called[AUTHORITY]
        issuer, *anchors = chain.load(files.read(source), source=str(source))
        lasts = issuer.not_valid_after_utc >= datetime.now(UTC) + lifetime
        if lasts and chain.issued_by(present[0], issuer):
            opened = key.load(
                files.read(path, secret=True), passphrase=passphrase, source=str(path)
            )
            return path, issuer, opened, chain.pem(anchors)
    return None


def _folder(base: Path) -> Path:
    """A folder of today that is not there yet."""
    for name in itertools.islice(_names(), _MOST_A_DAY):
        if not (base / name).exists():
            return base / name
    raise CredentialError(
        f"{base}: {_MOST_A_DAY} credentials were made there today", remedy="choose another folder"
    )


def _names() -> Iterator[str]:
    today = datetime.now(UTC).date().isoformat()
    yield today
    yield from (f"{today}-{number}" for number in itertools.count(2))
