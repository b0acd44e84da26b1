"""Labels for pictures that a machine made or changed: write them, check them, miss them when gone.

The face of the library: these names are what users may rely on, and no other module is. They load
at first use, so that importing genlabel costs next to nothing. `__init__.pyi`, which type checkers
and editors read, is made from the table below by `docs/generate.py`.
"""

from __future__ import annotations

import sys
from importlib import import_module

from genlabel.model.version import __version__ as __version__

FACE = {
    "credentials.identity": "Identity IdentityForm",
    "formats.tiff.manifest_place": "TiffManifest",
    "credentials.key_check": "KeyCheck",
    "credentials.signer": "KeySigner Signer",
    "credentials.signers.callback": "CallbackSigner",
    "credentials.signers.key_source": "KeyOptions",
    "credentials.signers.uri": "UriSigner",
    "credentials.timestamps.authorities": "TimeAuthorities",
    "credentials.timestamps.token": "Token",
    "credentials.trust": "Trust",
    "credentials.trust.anchor_pem": "AnchorKind",
    "credentials.trust.anchors": "Anchors",
    "credentials.trust.describe": "Anchor",
    "credentials.trust.lists": "TrustList",
    "credentials.trust.update": "ListUpdate add_trust remove_trust show_trust update_trust",
    "credentials.x509.certificate": "Certificate",
    "credentials.x509.csr": "WrittenRequest",
    "credentials.x509.delivery": "ChainStep",
    "credentials.x509.files": "WrittenKeys",
    "credentials.x509.profile_rule": "Problem",
    "formats.edits": "Block",
    "metadata.generator_traces": "Trace",
    "model.assertion": "Assertion",
    "model.asset": "Asset",
    "model.errors": (
        "ConfigurationError CredentialError EngineError ExistingManifest GenlabelError "
        "LabelError MalformedAsset MalformedMetadata NetworkError PolicyFailure SigningError "
        "TimeStampError TrustError UnsupportedFormat"
    ),
    "model.ai": "Ai",
    "model.attribution": "Attribution",
    "model.details": "Details PromptedDetails",
    "model.element": "Element Relationship",
    "model.element_rights": "ElementRights RightsBasis Training",
    "model.inputs": "Input InputKind WrittenAs",
    "model.judgement": "Basis Judgement Level ReadFrom RuleSource Verdict",
    "model.label": "History Label",
    "model.moments": "Created",
    "model.mining": "Mining MiningSignals Permission",
    "model.parties": "Generator Licensor Producer ProducerBasis Rights",
    "model.report": (
        "Declaration Declared Finding Form Ingredient Integrity Lineage Mark NamedActor Report "
        "Severity SignedBy SigningTime Survival Trouble TrustLevel ValidationState Validity Vouched"
    ),
    "model.pixels": "Crop Frame Frames Overlay Pixels Turned",
    "model.plus": "DataMining MinorModelAge ModelRelease PropertyRelease",
    "model.recorded_steps": "RecordedRegion RecordedStep",
    "model.regions": "Region RegionUnit",
    "model.results": "MatchedBy Outcome PublicWord SignReport Signed StripReport Withheld",
    "model.sources": "SourceLine SourceRights",
    "model.step_by": "StepBy",
    "model.steps": "Oversight Step",
    "model.visible": "Box Position Visible VisibleLabel VisibleStyle",
    "model.vocabulary": "DigitalSourceType Role",
    "model.words.sentences": "Spoken",
    "operations.doctor": "Check Diagnosis State",
    "operations.explain": "Derived Explanation Reception in_words",
    "operations.functions": "doctor sign sign_file sign_files stamp_file",
    "operations.inspect": "Inspection ManifestFacts",
    "operations.keys": "CredentialKeywords check_keys new_keys new_request renew_keys signer",
    "operations.labeller": "Labeller",
    "operations.marking": "VisibleKeywords mark mark_file",
    "operations.looking_functions": (
        "explain explain_file inspect inspect_file strip_check strip_check_file "
        "strip_check_files verify verify_file verify_files"
    ),
    "operations.keywords": "VerifyKeywords",
    "operations.options": "Trusted VerifyOptions",
    "operations.sign_keywords": (
        "Progress SignFileKeywords SignFilesKeywords SignKeywords WritingKeywords"
    ),
    "operations.sign_options": "Authorities Existing SealedBy SignOptions Stamp",
    "policies": "Books Policy Rule policy",
    "policies.declaration_files": "declarations",
    "policies.declarations": "Answer Approval Declarations Override Question QuestionKind",
    "policies.declaration_form": "ask_policies",
    "policies.described": (
        "DescribedBook DescribedQuestion DescribedRule explain_rule show_policies"
    ),
    "policies.evidence": "Evidence",
    "policies.needs": "Need Order",
    "policies.platforms": "ReceptionStatus Source SourceKind",
    "rendering.formats": "render",
    "rendering.json": "AnyReport",
    "storage.assets": "Picture",
}
"""Module below genlabel → the public names that live there."""
_HOME_OF = {name: home for home, names in FACE.items() for name in names.split()}

__all__ = sorted([*_HOME_OF, "__version__"])


def __getattr__(name: str) -> object:
    home = _HOME_OF.get(name)
    if name == "testing":
        return import_module("genlabel.testing")
    if home is None:
        module = sys.modules[__name__]  # Python looks there for what may have been meant
        raise AttributeError(f"module 'genlabel' has no attribute {name!r}", name=name, obj=module)
    value = getattr(import_module(f"genlabel.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*__all__, "testing"]
