"""One authority for all tests of signers."""

import hand_made_chains as made

ROOT = made.root()
MIDDLE = made.intermediate(ROOT)
