"""Rule books: named sets of small rules, each with its source."""

from genlabel.model.errors import ConfigurationError
from genlabel.policies.labelled import LABELLED
from genlabel.policies.rule import Policy, Rule

POLICIES: tuple[Policy, ...] = (LABELLED,)


def policy(name: str) -> Policy:
    """The rule book called `name`. Raises `ConfigurationError` for an unknown one."""
    for each in POLICIES:
        if each.name == name:
            return each
    raise ConfigurationError(
        f"{name!r}: no rule book",
        remedy="choose one of " + ", ".join(each.name for each in POLICIES),
    )


__all__ = ["POLICIES", "Policy", "Rule", "policy"]
