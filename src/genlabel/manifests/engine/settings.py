"""The engine's settings: all that differ from its defaults."""

from __future__ import annotations

from typing import Any

from genlabel.credentials.trust import AnchorKind, Trust

# The extended key usages that a claim signer's certificate may carry (C2PA 2.4 §14.5.1.1). The
# engine takes them from the top level of its trust settings only, and without them it calls the
# first two invalid.
_KEY_USAGES = (
    "1.3.6.1.4.1.62558.2.1",  # c2pa-kp-claimSigning
    "1.3.6.1.5.5.7.3.36",  # documentSigning
    "1.3.6.1.5.5.7.3.4",  # emailProtection
    "1.3.6.1.4.1.311.76.59.1.9",  # Microsoft's own, on the frozen interim list
)
_KINDS = {
    AnchorKind.SIGNER: "manifest",
    AnchorKind.TSA: "tsa",
    AnchorKind.IDENTITY: "cawg",
}


def settings_under(trust: Trust, *, identities: bool = False) -> dict[str, Any]:
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
        "core": {
            "allowed_network_hosts": [],
            "decode_identity_assertions": identities,
        },
        "builder": {
            "thumbnail": {"enabled": False},  # else small pictures grow tenfold
            # beside the actions that refer to them; they have no ``created`` of their own
            "created_assertion_labels": ["c2pa.ingredient"],
        },
    }
