"""The declared rankings: by what models are ordered, and which of them a rule admits.

One table of rules. Each takes the models as they stand, so that a ranking of any past day is made
as today's is. A rule never guesses: a model whose fact is not known is not admitted by it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import takewhile

from catalog.current.listings import Listing
from catalog.current.traits import Capability
from catalog.vocabulary import Meter, Word


class Order(Word):
    """What a ranking orders by."""

    VALUE = "value", "quality for what it costs; highest first"
    QUALITY = "quality", "the index of general quality; highest first"
    CODING = "coding", "the index of coding; highest first"
    PRICE = "price", "the blended reference price; lowest first"
    CACHED = "cached_input", "the reference price of cached input; lowest first"
    BATCH = "batch", "the maker's own batch price, blended in the same mix; lowest first"
    CONTEXT = "context", "the context window; largest first"
    RISK = "risk", "the points of the hazards that hold; fewest first"


HIGHEST_FIRST = frozenset({Order.VALUE, Order.QUALITY, Order.CODING, Order.CONTEXT})


@dataclass(frozen=True)
class Condition:
    """What a rule admits, in words and as a test."""

    words: str
    admits: Callable[[Listing], bool]


@dataclass(frozen=True)
class Rule:
    """A ranking: its name in addresses, what it answers, its order and its conditions."""

    name: str
    title: str
    order: Order
    conditions: tuple[Condition, ...] = ()

    def admits(self, listing: Listing) -> bool:
        """Whether all conditions hold."""
        return all(condition.admits(listing) for condition in self.conditions)


@dataclass(frozen=True)
class Ranked:
    """A model's place in a ranking; equals share a place."""

    place: int
    key: Decimal
    """What it is ordered by."""
    listing: Listing


LARGE_CONTEXT = 1_000_000
GOOD, FRONTIER = Decimal(80), Decimal(110)
LITTLE = Decimal(1)


def _price_at_most(most: Decimal) -> Condition:
    return Condition(
        f"a blended price below {most} USD per 1M tokens",
        lambda one: one.standing.blended is not None and one.standing.blended < most,
    )


def _quality_from(least: Decimal, words: str) -> Condition:
    return Condition(
        f"a quality of at least {least} ({words})",
        lambda one: one.standing.quality is not None and one.standing.quality.index >= least,
    )


LONG = Condition(
    f"a context window of at least {LARGE_CONTEXT:,} tokens",
    lambda one: one.context is not None and one.context >= LARGE_CONTEXT,
)
VISION = Condition(
    "takes images", lambda one: "image" in one.inputs or Capability.VISION in one.capabilities
)
AUDIO = Condition("takes audio", lambda one: "audio" in one.inputs)
OPEN = Condition("its weights can be had", lambda one: one.open_weights is True)
PRICED = Condition(
    "its maker's own offer prices input and output",
    lambda one: one.standing.blended is not None,
)
NOT_FREE = Condition("costs something", lambda one: bool(one.standing.blended))
CHEAP = _price_at_most(LITTLE)
FRONTIER_QUALITY = _quality_from(FRONTIER, "a tenth above GPT-5's")
GOOD_QUALITY = _quality_from(GOOD, "four fifths of GPT-5's")

RANKINGS = (
    Rule("value", "Most quality for what it costs", Order.VALUE),
    Rule("quality", "Highest quality", Order.QUALITY),
    Rule("cheapest", "Lowest price", Order.PRICE, (PRICED,)),
    Rule("coding", "Best at coding", Order.CODING),
    Rule("risk", "Least likely to surprise by its price", Order.RISK, (PRICED,)),
)
BEST_FOR = (
    Rule("cheapest-paid", "Cheapest that is not free", Order.PRICE, (NOT_FREE,)),
    Rule("cheapest-1m-context", "Cheapest with 1M context", Order.PRICE, (PRICED, LONG)),
    Rule("cheapest-vision", "Cheapest with vision", Order.PRICE, (PRICED, VISION)),
    Rule("cheapest-audio", "Cheapest that hears", Order.PRICE, (PRICED, AUDIO)),
    Rule("cheapest-open-weights", "Cheapest with open weights", Order.PRICE, (PRICED, OPEN)),
    Rule("cheapest-good-quality", "Cheapest of good quality", Order.PRICE, (PRICED, GOOD_QUALITY)),
    Rule(
        "cheapest-frontier-quality",
        "Cheapest of frontier quality",
        Order.PRICE,
        (PRICED, FRONTIER_QUALITY),
    ),
    Rule("cheapest-cached-input", "Cheapest cached input", Order.CACHED, (NOT_FREE,)),
    Rule("cheapest-batch", "Cheapest in batches", Order.BATCH, (NOT_FREE,)),
    Rule("best-under-1-dollar", "Best quality under $1", Order.QUALITY, (CHEAP,)),
    Rule("best-coder", "Best coder", Order.CODING, (PRICED,)),
    Rule("best-coder-under-1-dollar", "Best coder under $1", Order.CODING, (CHEAP,)),
    Rule("best-value-1m-context", "Best value with 1M context", Order.VALUE, (LONG,)),
    Rule("longest-context", "Longest context", Order.CONTEXT, (PRICED,)),
)
"""The rules whose first model is tagged as best for it. Declared on 22 November 2026."""
RULES = (*RANKINGS, *BEST_FOR)
SOLD = "not retired by its maker at the moment asked about"
"""What every ranking admits, beside its own conditions."""


def rule_named(name: str) -> Rule | None:
    """Find a declared ranking."""
    return next((rule for rule in RULES if rule.name == name), None)


def ranked(
    rule: Rule, listings: Iterable[Listing], at: datetime, risks: Mapping[str, int]
) -> tuple[Ranked, ...]:
    """Rank the models that a rule admits and that have what it orders by, best first.

    ``risks`` gives the points of hazards by model, where the rule orders by them. Equals share a
    place, and stand in the order of their ids.
    """
    admitted = [one for one in listings if is_sold(one, at) and rule.admits(one)]
    keyed = [(key, one) for one in admitted if (key := _key(rule.order, one, risks)) is not None]
    sign = -1 if rule.order in HIGHEST_FIRST else 1
    keyed.sort(key=lambda pair: (sign * pair[0], pair[1].model.id))
    places: dict[Decimal, int] = {}
    for place, (key, _) in enumerate(keyed, start=1):
        places.setdefault(key, place)
    return tuple(Ranked(places[key], key, one) for key, one in keyed)


def tags(listings: Iterable[Listing], at: datetime) -> Mapping[str, tuple[str, ...]]:
    """Name the rules that each model is first by, by its id."""
    every = tuple(listings)
    found: dict[str, tuple[str, ...]] = {}
    for rule in BEST_FOR:
        for one in takewhile(lambda one: one.place == 1, ranked(rule, every, at, {})):
            model = one.listing.model.id
            found[model] = (*found.get(model, ()), rule.name)
    return found


def is_sold(listing: Listing, at: datetime) -> bool:
    """Whether its maker has not retired a model by a moment."""
    return listing.retired is None or at < listing.retired


def _key(order: Order, listing: Listing, risks: Mapping[str, int]) -> Decimal | None:
    standing = listing.standing
    keys: dict[Order, Decimal | None] = {
        Order.VALUE: standing.value,
        Order.QUALITY: standing.quality.index if standing.quality else None,
        Order.CODING: standing.coding.index if standing.coding else None,
        Order.PRICE: standing.blended,
        Order.CACHED: standing.reference.amount(Meter.CACHE_READ_TOKENS),
        Order.BATCH: standing.batch,
        Order.CONTEXT: None if listing.context is None else Decimal(listing.context),
        Order.RISK: _of(risks, listing),
    }
    return keys[order]


def _of(risks: Mapping[str, int], listing: Listing) -> Decimal | None:
    points = risks.get(listing.model.id)
    return None if points is None else Decimal(points)
