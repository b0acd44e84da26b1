"""From a label to the definition of a C2PA manifest (claim v2, specification 2.4).

The table of what is said and what is written stands in the contract §1; the official rubric for
conformance 0.2 judges the result in the tests.
"""
