"""Identity signers: whose identity is signed beside the claim, with a credential of its own.

CAWG Identity 1.3: the named actor attests the assertions that it references, by a signature that is
not the claim generator's.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from genlabel.credentials.signer import Signer
from genlabel.model.vocabulary import Role


@dataclass(frozen=True, slots=True)
class Identity:
    """A person or company that signs what the label says, beside whoever signs the claim.

    Raises `LabelError` for a role that CAWG does not know.
    """

    signer: Signer
    """The identity's own key and certificates; may be the claim's, but says little then."""
    roles: tuple[Role, ...] = field(default=(), kw_only=True)
    """What it did for the picture; none: the role of the label's producer. Their names do, too."""

    def __post_init__(self) -> None:
        roles = dict.fromkeys(Role.parse(each) for each in self.roles)
        object.__setattr__(self, "roles", tuple(roles))

    def or_role(self, role: Role) -> Identity:
        """The same with `role` where no role was named."""
        return self if self.roles else replace(self, roles=(role,))
