"""Rule books that a result has to pass: asked before it is signed, and of what was read back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from genlabel.model.asset import Asset
from genlabel.model.errors import ConfigurationError
from genlabel.model.label import Label
from genlabel.model.results import Signed
from genlabel.operations.sign_options import SignOptions, time_stamping
from genlabel.policies.evidence import Evidence
from genlabel.policies.needs import Need, Order, told
from genlabel.policies.rule import required


def require_order(asset: Asset, label: Label, options: SignOptions) -> None:
    """Raise `ConfigurationError` where something is not given that a rule book needs."""
    if not options.require_policy:
        return
    order = Order(
        label=label,
        declarations=options.declarations.at(asset.path),
        stamped=time_stamping(options).authorities is not None,
        identified=options.identity is not None,
        visible=options.visible is not None,
    )
    day = options.as_of or datetime.now(UTC).date()
    lacking: dict[Need, list[str]] = {}
    for book in options.require_policy:
        for need, rules in book.lacking(order, day).items():
            lacking.setdefault(need, []).extend(rules)
    if lacking:
        asking = dict.fromkeys(rule for several in lacking.values() for rule in several)
        raise ConfigurationError(
            f"{asset.called}: lacks what is asked for by {', '.join(asking)}",
            remedy=f"give {told(lacking)}",
        )


def passed(asset: Asset, signed: Signed, options: SignOptions) -> Signed:
    """The result with its judgements. Raises `PolicyFailure` where it does not pass."""
    if not options.require_policy:
        return signed
    report = replace(signed.report, path=asset.path)
    reads = any(book.reads_crjson for book in options.require_policy)
    evidence = Evidence(
        report,
        crjson=report.crjson() if reads else None,
        declarations=options.declarations.at(asset.path),
    )
    judged = required(options.require_policy, evidence.as_of(options.as_of))
    return replace(signed, report=replace(judged, path=signed.report.path))
