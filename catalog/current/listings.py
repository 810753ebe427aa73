"""A model as a list shows it: how it stands, who sells it, what it takes, how fresh that is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from catalog.current.facts import FactSeen
from catalog.current.retirement import Notice, notices, retired_from
from catalog.current.traits import Capability, capabilities, open_weights, several, stated
from catalog.identity import Model
from catalog.past.history import Price
from catalog.ranking.standing import Standing

CONTEXT = "context_tokens"
MAX_OUTPUT = "max_output_tokens"
INPUTS = "input_modalities"
OUTPUTS = "output_modalities"


@dataclass(frozen=True)
class Listing:
    """A model as a list shows it: how it stands, who sells it, and how fresh that is."""

    standing: Standing
    context: int | None
    """The context window in tokens, as its maker states it, else as anyone does."""
    inputs: frozenset[str]
    """What it takes (text, image, audio …), as stated in the same way; empty: not known."""
    outputs: frozenset[str]
    """What it gives, in the same way."""
    capabilities: frozenset[Capability]
    """What it is said to do; what nobody speaks of is left out."""
    max_output: int | None
    """The longest answer in tokens, as stated in the same way."""
    open_weights: bool | None
    """Whether its weights can be had; None: not known, or sources differ."""
    providers: tuple[str, ...]
    tiers: tuple[str, ...]
    """The service tiers that there is a price of."""
    regions: tuple[str, ...]
    changed: datetime | None
    """When a price of it last changed, was added or was withdrawn; None: not since first seen."""
    confirmed_at: datetime | None
    """The oldest last sighting among its reference amounts, or all its prices if it has none."""
    seen_at: datetime | None
    """The oldest knowledge among the same: a sighting, or the page that announced a price."""
    notices: tuple[Notice, ...]
    """What sources state of its end, earliest first."""
    retired: datetime | None
    """From when on its maker sells it no more; it may lie ahead."""
    currencies: tuple[str, ...] = ()
    """Those that its prices are stated in."""
    best_for: tuple[str, ...] = ()
    """The declared rankings that it is first in, among those it was ranked with."""

    @property
    def model(self) -> Model:
        """The model that is listed."""
        return self.standing.model


def listing(
    standing: Standing,
    prices: Sequence[Price],
    facts: Sequence[FactSeen],
    changed: datetime | None,
) -> Listing:
    """Show how a model stands, with its prices, and the facts known of it."""
    model = standing.model
    by_series = {price.series: price for price in prices}
    amounts = standing.reference.amounts.values()
    used = [by_series[one.quote.series] for one in amounts] or prices
    confirmed = [price.confirmed_at for price in used if price.confirmed_at]
    found = notices(facts)
    return Listing(
        standing=standing,
        context=_tokens(model, CONTEXT, facts),
        inputs=several(stated(model, INPUTS, facts)),
        outputs=several(stated(model, OUTPUTS, facts)),
        capabilities=capabilities(model, facts),
        max_output=_tokens(model, MAX_OUTPUT, facts),
        open_weights=open_weights(facts),
        providers=tuple(sorted({price.provider for price in prices})),
        tiers=tuple(sorted({price.tier for price in prices})),
        regions=tuple(sorted({price.region for price in prices})),
        currencies=tuple(sorted({price.currency for price in prices})),
        changed=changed,
        confirmed_at=min(confirmed, default=None),
        seen_at=min((seen_at(price) for price in used), default=None),
        notices=found,
        retired=retired_from(model, found),
    )


def seen_at(price: Price) -> datetime:
    """Give the last sighting of a price, else the time of the page that is its evidence."""
    return price.confirmed_at or price.evidence.fetched_at


def _tokens(model: Model, name: str, facts: Iterable[FactSeen]) -> int | None:
    value = stated(model, name, facts)
    return int(value) if value.isdigit() else None
