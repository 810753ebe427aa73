"""A model as a list shows it: how it stands, who sells it, what it takes, how fresh that is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from catalog.facts import FactSeen
from catalog.history import Price
from catalog.identity import Model
from catalog.own_offers import own_offers
from catalog.ranking.standing import Standing
from catalog.retirement import Notice, notices, retired_from

CONTEXT = "context_tokens"


@dataclass(frozen=True)
class Listing:
    """A model as a list shows it: how it stands, who sells it, and how fresh that is."""

    standing: Standing
    context: int | None
    """The context window in tokens, as its maker states it, else as anyone does."""
    inputs: frozenset[str]
    """What it takes (text, image, audio …), as stated in the same way; empty: not known."""
    open_weights: bool | None
    """Whether its weights can be had; None: not known, or sources differ."""
    providers: tuple[str, ...]
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
        context=_context(model, facts),
        inputs=_inputs(model, facts),
        open_weights=_open_weights(facts),
        providers=tuple(sorted({price.provider for price in prices})),
        changed=changed,
        confirmed_at=min(confirmed, default=None),
        seen_at=min((seen_at(price) for price in used), default=None),
        notices=found,
        retired=retired_from(model, found),
    )


def seen_at(price: Price) -> datetime:
    """Give the last sighting of a price, else the time of the page that is its evidence."""
    return price.confirmed_at or price.evidence.fetched_at


def _context(model: Model, facts: Iterable[FactSeen]) -> int | None:
    value = _stated(model, CONTEXT, facts)
    return int(value) if value.isdigit() else None


def _inputs(model: Model, facts: Iterable[FactSeen]) -> frozenset[str]:
    value = _stated(model, "input_modalities", facts)
    return frozenset(word for part in value.split(",") if (word := part.strip().lower()))


def _stated(model: Model, name: str, facts: Iterable[FactSeen]) -> str:
    """Take what its maker states of something, else the latest that anyone does."""
    own = {model.maker, *(offer.provider for offer in own_offers(model.maker))}
    stated = [fact for fact in facts if fact.name == name]
    ranked = max(
        stated, key=lambda fact: ((fact.provider or fact.source) in own, fact.seen_at), default=None
    )
    return ranked.value if ranked else ""


def _open_weights(facts: Iterable[FactSeen]) -> bool | None:
    said = {fact.value for fact in facts if fact.name == "open_weights"}
    return said == {"yes"} if len(said) == 1 else None
