"""Labels for pictures that a machine made or changed: write them, check them, miss them when gone.

The face of the library: these names are what users may rely on. They load at first use, so that
importing genlabel costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from genlabel.version import __version__ as __version__

if TYPE_CHECKING:
    from genlabel.credentials.signer import KeySigner as KeySigner
    from genlabel.credentials.signer import Signer as Signer
    from genlabel.errors import (
        ConfigurationError as ConfigurationError,
    )
    from genlabel.errors import (
        CredentialError as CredentialError,
    )
    from genlabel.errors import (
        EngineError as EngineError,
    )
    from genlabel.errors import (
        ExistingManifest as ExistingManifest,
    )
    from genlabel.errors import (
        GenlabelError as GenlabelError,
    )
    from genlabel.errors import (
        LabelError as LabelError,
    )
    from genlabel.errors import (
        MalformedAsset as MalformedAsset,
    )
    from genlabel.errors import (
        MalformedMetadata as MalformedMetadata,
    )
    from genlabel.errors import (
        PolicyFailure as PolicyFailure,
    )
    from genlabel.errors import (
        SigningError as SigningError,
    )
    from genlabel.errors import (
        TrustError as TrustError,
    )
    from genlabel.errors import (
        UnsupportedFormat as UnsupportedFormat,
    )
    from genlabel.functions import (
        inspect as inspect,
    )
    from genlabel.functions import (
        inspect_file as inspect_file,
    )
    from genlabel.functions import (
        sign as sign,
    )
    from genlabel.functions import (
        sign_file as sign_file,
    )
    from genlabel.functions import (
        strip_check as strip_check,
    )
    from genlabel.functions import (
        strip_check_file as strip_check_file,
    )
    from genlabel.functions import (
        verify as verify,
    )
    from genlabel.functions import (
        verify_file as verify_file,
    )
    from genlabel.inspecting import Inspection as Inspection
    from genlabel.label import Element as Element
    from genlabel.label import Generator as Generator
    from genlabel.label import Label as Label
    from genlabel.label import Licensor as Licensor
    from genlabel.label import Producer as Producer
    from genlabel.label import Rights as Rights
    from genlabel.labeller import Labeller as Labeller
    from genlabel.policies import Policy as Policy
    from genlabel.policies import policy as policy
    from genlabel.report import (
        Declaration as Declaration,
    )
    from genlabel.report import (
        Finding as Finding,
    )
    from genlabel.report import (
        Integrity as Integrity,
    )
    from genlabel.report import (
        Lineage as Lineage,
    )
    from genlabel.report import (
        Mark as Mark,
    )
    from genlabel.report import (
        Outcome as Outcome,
    )
    from genlabel.report import (
        Report as Report,
    )
    from genlabel.report import (
        Severity as Severity,
    )
    from genlabel.report import (
        SignReport as SignReport,
    )
    from genlabel.report import (
        StripReport as StripReport,
    )
    from genlabel.report import (
        Survival as Survival,
    )
    from genlabel.report import (
        TrustLevel as TrustLevel,
    )
    from genlabel.report import (
        ValidationState as ValidationState,
    )
    from genlabel.signing import Existing as Existing
    from genlabel.signing import Signed as Signed
    from genlabel.trust import Trust as Trust
    from genlabel.vocabulary import DataMining as DataMining
    from genlabel.vocabulary import DigitalSourceType as DigitalSourceType
    from genlabel.vocabulary import Role as Role

_HOMES = {
    "credentials.signer": ("KeySigner", "Signer"),
    "errors": (
        "ConfigurationError",
        "CredentialError",
        "EngineError",
        "ExistingManifest",
        "GenlabelError",
        "LabelError",
        "MalformedAsset",
        "MalformedMetadata",
        "PolicyFailure",
        "SigningError",
        "TrustError",
        "UnsupportedFormat",
    ),
    "functions": (
        "inspect",
        "inspect_file",
        "sign",
        "sign_file",
        "strip_check",
        "strip_check_file",
        "verify",
        "verify_file",
    ),
    "inspecting": ("Inspection",),
    "label": ("Element", "Generator", "Label", "Licensor", "Producer", "Rights"),
    "labeller": ("Labeller",),
    "policies": ("Policy", "policy"),
    "report": (
        "Declaration",
        "Finding",
        "Integrity",
        "Lineage",
        "Mark",
        "Outcome",
        "Report",
        "Severity",
        "SignReport",
        "StripReport",
        "Survival",
        "TrustLevel",
        "ValidationState",
    ),
    "signing": ("Existing", "Signed"),
    "trust": ("Trust",),
    "vocabulary": ("DataMining", "DigitalSourceType", "Role"),
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
