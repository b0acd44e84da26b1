"""The rules of the rubrics, each with what to do about it, in the order of C2PA 2.4's."""

from __future__ import annotations

from genlabel.policies.conformance import findings
from genlabel.policies.conformance.rubric import Made, rule
from genlabel.policies.rule import Level

_ANEW = "label the picture anew, with manifests as they are written now: genlabel sign"
_MENDED = "have it signed anew by a program whose manifests keep C2PA's rules of form"
_AS_SIGNED = "take the file as it was signed, and keep it from what changes it afterwards"

VALIDATED: tuple[Made, ...] = (
    rule(
        "well_formed_data_present",
        findings.data_present,
        asks="the manifest was validated for its form",
        otherwise="the manifest was not validated: there is no {0}",
        fix="sign the picture: genlabel sign",
        without=True,
    ),
    rule(
        "well_formed_success",
        asks="validating the manifest found nothing malformed",
        otherwise="not well formed: {0}",
        section="C2PA 2.4 §15.2.2.3",
        fix=_MENDED,
    ),
    rule(
        "valid_data_present",
        findings.data_present,
        asks="the manifest was validated for its integrity",
        otherwise="the manifest was not validated: there is no {0}",
        fix="sign the picture: genlabel sign",
        without=True,
    ),
    rule(
        "valid_success",
        asks="validating the manifest found nothing changed",
        otherwise="not as it was signed: {0}",
        section="C2PA 2.4 §15.2.2.3",
        fix=_AS_SIGNED,
    ),
)
TRUSTED: tuple[Made, ...] = (
    rule(
        "trusted_data_present",
        findings.data_present,
        asks="the manifest was validated for who signed it",
        otherwise="the manifest was not validated: there is no {0}",
        fix="sign the picture: genlabel sign",
        without=True,
    ),
    rule(
        "trusted_success",
        asks="the signer is on a list that was given, with a certificate that was valid",
        otherwise="the signer is not trusted: {0}",
        section="C2PA 2.4 §14.3",
        fix="give the lists that name the signer with --trust and --trust-tsa, or sign with a "
        "certificate of an authority that they name, and a time-stamp",
    ),
)
PROGRAMME: tuple[Made, ...] = (
    rule(
        "mandatory_dst_for_perceptible_transformations",
        asks="every standard action that changes what is shown has a digital source type",
        otherwise="actions without a digital source type: {0}",
        section="Conformance Program 0.2",
        fix="state the digitalSourceType of each of these actions",
    ),
    rule(
        "mandatory_spec_version",
        asks="the claim generator says which version of C2PA it keeps, and that is this one",
        otherwise="specVersion is not that of this rule book: {0}",
        section="Conformance Program 0.2; C2PA 2.4 §10.2.3.2",
        fix="write specVersion into claim_generator_info, as genlabel sign does; a manifest of "
        "another version is judged by the rule book of that one",
    ),
    rule(
        "mandatory_all_actions_included",
        asks="every list of actions says whether it is complete",
        otherwise="assertions without allActionsIncluded: {0}",
        section="Conformance Program 0.2; C2PA 2.4 §18.15.3",
        fix="state allActionsIncluded, true or false, in every list of actions",
    ),
    rule(
        "no_dst_for_opened_action",
        asks="what was opened has no digital source type at the action: the ingredient has it",
        otherwise="source types of pictures that were opened: {0}",
        section="Conformance Program 0.2",
        fix="leave digitalSourceType out of c2pa.opened",
    ),
)
OF_2_2: tuple[Made, ...] = (
    rule(
        "inception_action_position",
        asks="the history begins in the first list of actions that the signer created",
        otherwise="the history does not begin with c2pa.created or c2pa.opened: {0}",
        section="C2PA 2.2 §18.14.2",
        fix="write the beginning first, into c2pa.actions.v2, among the created assertions",
    ),
    rule(
        "no_deprecated_assertions",
        asks="no assertion is of a kind that is not written any more",
        otherwise="deprecated assertions: {0}",
        section="C2PA 2.2 §6.3, App. C.1",
        fix=_ANEW,
    ),
    rule(
        "no_unsupported_assertions",
        asks="every assertion with a label of C2PA is one that C2PA knows",
        otherwise="assertions that C2PA does not know: {0}",
        section="C2PA 2.2 §6.2, §6.2.2, §6.3",
        fix="give assertions of your own a label with a domain of yours",
    ),
    rule(
        "no_deprecated_actions",
        asks="no action is of a kind that is not written any more",
        otherwise="deprecated actions: {0}",
        section="C2PA 2.2 §18.14.11, App. C.1",
        fix="state the action by which C2PA has replaced it",
    ),
    rule(
        "no_unsupported_actions",
        asks="every action with a name of C2PA is one that C2PA knows",
        otherwise="actions that C2PA does not know: {0}",
        section="C2PA 2.2 §18.14, §18.14.12",
        fix="give actions of your own a name with a domain of yours",
    ),
    rule(
        "no_unrecognized_custom_assertions",
        asks="every assertion of others has a label that says whose it is",
        otherwise="labels of assertions that say not whose they are: {0}",
        section="C2PA 2.2 §6.2.2",
        fix="give assertions of your own a label with a domain of yours",
    ),
    rule(
        "no_unrecognized_custom_actions",
        asks="every action of others has a name that says whose it is",
        otherwise="names of actions that say not whose they are: {0}",
        section="C2PA 2.2 §18.14, §18.14.12",
        fix="give actions of your own a name with a domain of yours",
    ),
    rule(
        "no_unrecognized_custom_action_parameters",
        asks="every parameter of others has a name that says whose it is",
        otherwise="names of parameters that say not whose they are: {0}",
        section="C2PA 2.2 §18.14.4.7",
        fix="give parameters of your own a name with a domain of yours",
    ),
    rule(
        "discouraged_legacy_action_parameters",
        asks="descriptions and ingredients of actions stand where C2PA 2 wants them",
        otherwise="actions with parameters of old: {0}",
        section="C2PA 2.2 §18.14.4.1, §18.14.12",
        level=Level.SHOULD,
        fix="move the description beside the parameters, and the ingredient into ingredients",
    ),
    rule(
        "active_manifest_urn",
        asks="the active manifest has a name that begins with urn:c2pa:",
        otherwise="the manifest has a name of old: {0}",
        section="C2PA 2.2 §8.1, §10.2.1",
        fix=_ANEW,
    ),
    rule(
        "review_ratings_datasource",
        asks="nothing that a human has entered is rated",
        otherwise="ratings of what a human has entered: {0}",
        section="C2PA 2.2 §18.3.3",
        fix="leave reviewRatings out of assertions that a human has entered",
    ),
    rule(
        "ingredient_v3_no_active_manifest",
        asks="an ingredient without a manifest has no results of validating one",
        otherwise="ingredients with results and without a manifest: {0}",
        section="C2PA 2.2 §18.15.12.4.3",
        fix="leave validationResults out of ingredients without activeManifest",
    ),
    rule(
        "ingredient_v3_mandatory_validation_results",
        asks="an ingredient with a manifest has the results of validating it",
        otherwise="ingredients with a manifest and without results: {0}",
        section="C2PA 2.2 §18.15.12.4.3",
        fix="validate each ingredient when it is added, and record validationResults",
    ),
    rule(
        "ingredient_relationship_values",
        asks="every ingredient is a parent, a component or an input",
        otherwise="relationships that there are none: {0}",
        section="C2PA 2.2 §18.15.3",
        fix="state parentOf, componentOf or inputTo",
    ),
    rule(
        "mandatory_dst_for_created_action",
        asks="what was created has a digital source type",
        otherwise="created without a digital source type: {0}",
        section="C2PA 2.2 §18.14.2, §18.14.4.5",
        fix="state the digitalSourceType at c2pa.created, as genlabel sign does",
    ),
)
OF_2_4: tuple[Made, ...] = (
    rule(
        "no_deprecated_claim_fields",
        asks="the claim has no field that stands elsewhere now",
        otherwise="deprecated fields of the claim: {0}",
        section="C2PA 2.4 §10.2.3.2, §10.2.1",
        fix="write specVersion into claim_generator_info and not into the claim",
    ),
    rule(
        "ingredient_v3_choice",
        asks="an ingredient has a manifest or a digital source type, and not both",
        otherwise="ingredients with a manifest and a digital source type: {0}",
        section="C2PA 2.4 §18.16.12.3",
        fix="leave digitalSourceType out of ingredients that have a manifest",
    ),
    rule(
        "alternative_content_representation_choice",
        asks="a preserved original lies in one place, in another part or in the file",
        otherwise="preserved originals with no place or with two: {0}",
        section="C2PA 2.4 §15.10.3.2.7",
        fix="name multiAssetPartIndex or embeddedOriginalPreservationImage, one of the two",
    ),
    rule(
        "forbidden_labels_in_external_references",
        asks="hashes, actions and ingredients lie in the manifest and nowhere else",
        otherwise="references to what must lie in the manifest: {0}",
        section="C2PA 2.4 §15.10.3.2.2, §18.24.1",
        fix="put these assertions into the manifest itself",
    ),
    rule(
        "no_url_in_hashes",
        asks="no hash says where what it hashes would be",
        otherwise="hashes with a field url: {0}",
        section="C2PA 2.4 §18.5, §18.6",
        fix="leave url out of the hash",
    ),
    rule(
        "all_actions_included_opened",
        asks="of a picture that was opened and nothing else, it is said that this was all",
        otherwise="allActionsIncluded is not true where nothing but opening is told: {0}",
        section="C2PA 2.4 §18.15.3",
        fix="state allActionsIncluded as true, or the actions that came after opening",
    ),
    rule(
        "opened_action_ingredient_reference",
        asks="each opening refers to the one ingredient that was opened",
        otherwise="openings that do not refer to one ingredient: {0}",
        section="C2PA 2.4 §15.10.3.2.3, §18.15.4.7",
        fix="refer to the parent by parameters.ingredients, as genlabel sign does",
    ),
    rule(
        "no_box_hash_for_tiff",
        asks="no TIFF is bound by a hash of boxes",
        otherwise="hashes of boxes over a TIFF: {0}",
        section="C2PA 2.4 §18.7.3.3, §15.10.1.2",
        fix="bind TIFF files by c2pa.hash.data, as genlabel sign does",
    ),
)
