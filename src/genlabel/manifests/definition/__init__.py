"""From a label to the definition of a C2PA manifest (claim v2, specification 2.4).

The table of what is said and what is written stands in the contract §1; the official rubric for
conformance 0.2 judges the result in the tests.
"""

from genlabel.manifests.definition.claim import definition
from genlabel.manifests.definition.ingredients import PARENT, PREVIOUS, element_label, ingredient
from genlabel.manifests.definition.plot import Attribution, Plot

__all__ = ["PARENT", "PREVIOUS", "Attribution", "Plot", "definition", "element_label", "ingredient"]
