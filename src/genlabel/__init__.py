"""Labels for pictures that a machine made or changed: write them, check them, miss them when gone.

The face of the library: these names are what users may rely on. They load at first use, so that
importing genlabel costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from genlabel.model.version import __version__ as __version__

if TYPE_CHECKING:
    from genlabel.credentials.identity import Identity as Identity
    from genlabel.credentials.key_check import KeyCheck as KeyCheck
    from genlabel.credentials.signer import KeySigner as KeySigner, Signer as Signer
    from genlabel.credentials.signers.callback import CallbackSigner as CallbackSigner
    from genlabel.credentials.timestamps.authorities import TimeAuthorities as TimeAuthorities
    from genlabel.credentials.trust import Trust as Trust
    from genlabel.credentials.trust.update import (
        add_trust as add_trust,
        remove_trust as remove_trust,
        show_trust as show_trust,
        update_trust as update_trust,
    )
    from genlabel.model.asset import Asset as Asset
    from genlabel.model.errors import (
        ConfigurationError as ConfigurationError,
        CredentialError as CredentialError,
        EngineError as EngineError,
        ExistingManifest as ExistingManifest,
        GenlabelError as GenlabelError,
        LabelError as LabelError,
        MalformedAsset as MalformedAsset,
        MalformedMetadata as MalformedMetadata,
        NetworkError as NetworkError,
        PolicyFailure as PolicyFailure,
        SigningError as SigningError,
        TimeStampError as TimeStampError,
        TrustError as TrustError,
        UnsupportedFormat as UnsupportedFormat,
    )
    from genlabel.model.label import Element as Element, Label as Label
    from genlabel.model.parties import (
        Generator as Generator,
        Licensor as Licensor,
        Producer as Producer,
        Rights as Rights,
    )
    from genlabel.model.report import (
        Declaration as Declaration,
        Finding as Finding,
        Integrity as Integrity,
        Lineage as Lineage,
        Mark as Mark,
        NamedActor as NamedActor,
        Report as Report,
        Severity as Severity,
        Survival as Survival,
        TrustLevel as TrustLevel,
        ValidationState as ValidationState,
    )
    from genlabel.model.results import (
        Outcome as Outcome,
        Signed as Signed,
        SignReport as SignReport,
        StripReport as StripReport,
    )
    from genlabel.model.vocabulary import (
        DataMining as DataMining,
        DigitalSourceType as DigitalSourceType,
        Role as Role,
    )
    from genlabel.operations.explain import Explanation as Explanation
    from genlabel.operations.functions import (
        doctor as doctor,
        explain as explain,
        explain_file as explain_file,
        in_words as in_words,
        inspect as inspect,
        inspect_file as inspect_file,
        sign as sign,
        sign_file as sign_file,
        sign_files as sign_files,
        stamp_file as stamp_file,
        strip_check as strip_check,
        strip_check_file as strip_check_file,
        verify as verify,
        verify_file as verify_file,
        verify_files as verify_files,
    )
    from genlabel.operations.inspect import Inspection as Inspection
    from genlabel.operations.keys import (
        check_keys as check_keys,
        new_keys as new_keys,
        new_request as new_request,
        signer as signer,
    )
    from genlabel.operations.labeller import Labeller as Labeller
    from genlabel.operations.options import (
        Existing as Existing,
        SignOptions as SignOptions,
        Stamp as Stamp,
        VerifyOptions as VerifyOptions,
    )
    from genlabel.policies import Policy as Policy, policy as policy

_HOMES = {
    "credentials.signers.callback": ("CallbackSigner",),
    "credentials.key_check": ("KeyCheck",),
    "credentials.identity": ("Identity",),
    "credentials.signer": ("KeySigner", "Signer"),
    "credentials.timestamps.authorities": ("TimeAuthorities",),
    "model.errors": (
        "ConfigurationError",
        "CredentialError",
        "EngineError",
        "ExistingManifest",
        "GenlabelError",
        "LabelError",
        "MalformedAsset",
        "MalformedMetadata",
        "NetworkError",
        "PolicyFailure",
        "SigningError",
        "TimeStampError",
        "TrustError",
        "UnsupportedFormat",
    ),
    "operations.explain": ("Explanation",),
    "operations.functions": (
        "doctor",
        "explain",
        "explain_file",
        "in_words",
        "inspect",
        "inspect_file",
        "sign",
        "sign_file",
        "sign_files",
        "stamp_file",
        "strip_check",
        "strip_check_file",
        "verify",
        "verify_file",
        "verify_files",
    ),
    "operations.inspect": ("Inspection",),
    "credentials.trust.update": ("add_trust", "remove_trust", "show_trust", "update_trust"),
    "operations.keys": ("check_keys", "new_keys", "new_request", "signer"),
    "model.label": ("Element", "Label"),
    "operations.labeller": ("Labeller",),
    "model.asset": ("Asset",),
    "model.results": ("Outcome", "Signed", "SignReport", "StripReport"),
    "model.parties": ("Generator", "Licensor", "Producer", "Rights"),
    "policies": ("Policy", "policy"),
    "model.report": (
        "Declaration",
        "Finding",
        "Integrity",
        "Lineage",
        "Mark",
        "NamedActor",
        "Report",
        "Severity",
        "Survival",
        "TrustLevel",
        "ValidationState",
    ),
    "operations.options": ("Existing", "SignOptions", "Stamp", "VerifyOptions"),
    "credentials.trust": ("Trust",),
    "model.vocabulary": ("DataMining", "DigitalSourceType", "Role"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = sorted([*_HOME_OF, "__version__"])


def __getattr__(name: str) -> object:
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module 'genlabel' has no attribute {name!r}")
    value = getattr(import_module(f"genlabel.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
