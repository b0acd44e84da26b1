"""The published trust lists: their names, their addresses, and what each of them is."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from datetime import date

from genlabel.credentials.trust.anchor_pem import AnchorKind
from genlabel.model.dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A list that somebody publishes for everybody."""

    name: str
    kind: AnchorKind
    title: str
    """For people."""
    address: str
    frozen: date | None = None
    """Since when nobody is added any more."""


# C2PA's conformance programme publishes both of its lists in its repository:
# https://github.com/c2pa-org/conformance-public/tree/main/trust-list
_C2PA = "https://raw.githubusercontent.com/c2pa-org/conformance-public/refs/heads/main/trust-list/"

C2PA = "c2pa"
"""The name of the C2PA trust list, whose anchors vouch for c2pa-kp-claimSigning alone."""

PUBLISHED: tuple[Published, ...] = (
    Published(
        name=C2PA,
        kind=AnchorKind.SIGNER,
        title="the C2PA trust list",
        address=_C2PA + "C2PA-TRUST-LIST.pem",
    ),
    Published(
        name="c2pa-tsa",
        kind=AnchorKind.TSA,
        title="the C2PA time-stamping trust list",
        address=_C2PA + "C2PA-TSA-TRUST-LIST.pem",
    ),
    Published(
        name="interim",
        kind=AnchorKind.SIGNER,
        title="the interim trust list, from before the C2PA trust list",
        address="https://contentcredentials.org/trust/anchors.pem",
        frozen=date(2026, 1, 1),  # opensource.contentauthenticity.org/docs/verify-known-cert-list
    ),
)

GROUPS: dict[str, tuple[str, ...]] = {"official": ("c2pa", "c2pa-tsa")}
"""Names that stand for several lists. The interim list is nobody's default."""


def published(name: str) -> Published | None:
    """The published list called `name`; None when there is none."""
    return next((each for each in PUBLISHED if each.name == name), None)


def is_c2pa(anchors: Iterable[str]) -> bool:
    """Are these certificates, in PEM, a version of the C2PA trust list that is known here?"""
    return fingerprint(anchors) in _C2PA_VERSIONS


def fingerprint(anchors: Iterable[str]) -> str:
    """A list's fingerprint, hexadecimal: of its certificates in PEM, whatever their order.

    SHA-256 over the sorted SHA-256 of the certificates' DER.
    """
    ders = (base64.b64decode("".join(pem.split("\n")[1:-2])) for pem in anchors)
    each = {hashlib.sha256(der).digest() for der in ders}
    return hashlib.sha256(b"".join(sorted(each))).hexdigest()


# All versions in the history of the repository until 28 November 2026: since when, how many
# anchors. A later one is recognised by its name, where `genlabel trust update` has fetched it, or
# named by `--trust-list c2pa=FILE`.
_C2PA_VERSIONS = frozenset(
    {
        "a66d9f69fa8dba94570a9e9a583c49934bd372e2e80b7a01b2a9048e4222a33f",  # 2025-06-27, 6
        "2f75429c0a394ced32ad18697620b0218639b36df5f7e1621ea4a420da0bb846",  # 2025-07-23, 8
        "736ecf8468c09c22810eeac4ebafd6c19603912892c182644f08b0b520935188",  # 2025-07-30, 9
        "3b413a6dfbb89e5c74383bac43d4a25874ec34ee0d0ab2fcfa485d3e04926c1c",  # 2025-09-09, 9
        "a34e07cf7ea72bab9ea689a4b8e0f1229075090b6acba16cb5061b3625ff86a3",  # 2025-09-18, 10
        "8c2df9517fc10ca949bcf981bb21de7c550f9764c9ab6b266ace76cfb5f18f93",  # 2025-09-26, 11
        "222175a8befec616e12255a9bc771ef4ce2c7db25dc02d89da324380762c2964",  # 2025-10-31, 15
        "4379a46cb0eef2a2b3dc75018f94f29591f207628f5604ea38d2143eb1ce96d4",  # 2025-11-09, 15
        "db748e4a70414c8a3d5f2d4614c1282a0a79beb58628112df3e18b8cab3383de",  # 2025-11-20, 16
        "2e64fba173dc5cf8d61005e62b903b0771c7b8682fae3b01546db1b23a83d2d4",  # 2025-12-11, 17
        "dca5057ffaf1a0a326b687ba4194c72028711214c7765bf14ee9c96b686b4f2c",  # 2026-01-08, 17
        "bf0b2421dd9b8eab87f247f1d0969e8bb11cb5f0e35c24b76d6f7c9565799390",  # 2026-01-17, 18
        "c2f0a5eefe8b4655491564c3e2c536bf786d4f45c8ccdc626cbfbca83de3ce41",  # 2026-04-16, 19
        "1e5884ce5cd3a1c8781785b5e33b8bce94d67f38a533825066d926d99fc05339",  # 2026-04-24, 20
        "f7508c5707d56ff4a4b3af5b8d77c2fb757bb361455703cf3273dd2fd1d363dc",  # 2026-05-23, 22
        "b27d57ac25c8a53dcbf90a8edbf1389ea7117f531e9fd6d7ecdf8a381ef50540",  # 2026-06-24, 24
        "7dde85adc8fb9ee682da65eda49e02d456520da83cd7e33fb2cbdd51d10cf100",  # 2026-06-24, 26
        "8151a508e27059b39a529d6d0e3ad28be566fb2fdfa4867012d371f6a368aaf3",  # 2026-07-07, 28
        "ea101d969c57680c32e861b6c31df2ca7375a33f133c576815c9f5d2e66b38fe",  # 2026-07-28, 29
        "991bd7fb12a0697f5dd853a9374831f4ffa188e7dcb6b9347ca851100414f13e",  # 2026-08-13, 30
    }
)
