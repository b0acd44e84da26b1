"""Identity signers: whose identity is signed beside the claim, with a credential of its own.

CAWG Identity 1.3: the named actor attests the assertions that it references, by a signature that is
not the claim generator's.
"""

from __future__ import annotations

from dataclasses import field, replace
from enum import StrEnum

from genlabel.credentials.signer import Signer
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import ConfigurationError
from genlabel.model.vocabulary import Role


class IdentityForm(StrEnum):
    """Over which encoding of its payload an identity signs: readers disagree (decision 125)."""

    STANDARD = "standard"
    """Core Deterministic Encoding (RFC 8949 §4.2.1), as every version of CAWG Identity asks for."""
    C2PA_RS = "c2pa-rs"
    """The order in which c2pa-rs writes, which is the only one that it accepts."""


@dataclass(frozen=True, slots=True)
class Identity:
    """A person or company that signs what the label says, beside whoever signs the claim.

    Raises `LabelError` for a role that CAWG does not know, `ConfigurationError` for another form.
    """

    signer: Signer
    """The identity's own key and certificates; may be the claim's, but says little then."""
    roles: tuple[Role, ...] = field(default=(), kw_only=True)
    """What it did for the picture; none: the role of the label's producer. Their names do, too."""
    form: IdentityForm = field(default=IdentityForm.STANDARD, kw_only=True)
    """What is signed: ``standard`` unless given, or ``c2pa-rs``; their names do, too."""

    def __post_init__(self) -> None:
        if not callable(getattr(self.signer, "sign", None)):
            raise TypeError(f"signer: {type(self.signer).__name__} is no Signer")
        roles = dict.fromkeys(Role.parse(each) for each in self.roles)
        object.__setattr__(self, "roles", tuple(roles))
        try:
            object.__setattr__(self, "form", IdentityForm(self.form))
        except ValueError as error:
            raise ConfigurationError(
                f"identity form: {self.form!r} is none",
                remedy="choose " + " or ".join(IdentityForm),
            ) from error

    def or_role(self, role: Role) -> Identity:
        """The same with `role` where no role was named."""
        return self if self.roles else replace(self, roles=(role,))
