"""Batch prices that a list states as a factor of its standard ones: whose, and for which models."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from catalog.cost.rules import Multiplier
from catalog.identity import Identity

BATCH = "batch"


@dataclass(frozen=True)
class Where:
    """One offer that may be sold in batches."""

    model: str
    region: str
    identity: Identity


@dataclass(frozen=True)
class Halved:
    """A provider whose batch prices are its standard ones times a stated factor."""

    provider: str
    covers: Callable[[str, Where], bool]
    """By the scope in the page's words."""
    why: str


def _named(scope: str, where: Where) -> bool:
    """Tell whether a scope like ``qwen-plus, 新加坡`` names a model and its region."""
    name, _, region = scope.partition(", ")
    match = where.identity.resolve(name, "qwen")
    return (
        match is not None
        and match.model.id == where.model
        and where.identity.normal("qwen", "region", region) == where.region
    )


HALVED = (
    Halved("fireworks", lambda _scope, _where: True, "of all that it serves by the token"),
    Halved("qwen", _named, "of the models and regions that it names"),
)


def stated_batches(
    multipliers: Iterable[Multiplier], provider: str, where: Where
) -> tuple[Multiplier, ...]:
    """Give the factors that a provider states for a model's batches, in order of time."""
    rule = next((one for one in HALVED if one.provider == provider), None)
    if rule is None:
        return ()
    stated = [
        one
        for one in multipliers
        if (one.source, one.name) == (provider, BATCH) and rule.covers(one.scope, where)
    ]
    return tuple(sorted(stated, key=lambda one: one.seen_at))
