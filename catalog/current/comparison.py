"""Models side by side: each thing that is known of them in one row, and whether it differs."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from catalog.current.facts import FactSeen
from catalog.current.listings import Listing
from catalog.current.traits import stated
from catalog.exchange import Rates
from catalog.money import plain
from catalog.ranking.exact import CURRENCY
from catalog.ranking.quality import BENCHMARKS, CODING_BENCHMARKS
from catalog.ranking.reference import STANDARD, Quote, Terms, reference_price
from catalog.ranking.standing import Standing
from catalog.vocabulary import Meter, Word

PER_MILLION = f"{CURRENCY} per 1M tokens"
FACTS = (
    *("context_tokens", "max_output_tokens", "input_modalities", "output_modalities"),
    *("reasoning", "function_calling", "structured_output", "knowledge_cutoff"),
    *("open_weights", "licence", "released_on"),
)


class Topic(Word):
    """What a row of a comparison is about."""

    PRICE = "price", "what the maker's own offer costs, without conditions, by tier and meter"
    WORTH = "worth", "how the models stand"
    SCORE = "score", "the results that quality and coding rest on"
    FACT = "fact", "what the maker states, else the latest that anyone does"


@dataclass(frozen=True)
class Side:
    """One of the models compared."""

    listing: Listing
    quotes: Sequence[Quote]
    facts: Sequence[FactSeen]


@dataclass(frozen=True)
class Row:
    """One thing, and what it is for each model, in the order in which they were named."""

    topic: Topic
    name: str
    unit: str
    values: tuple[str | None, ...]
    """As text; None: not known."""

    @property
    def differs(self) -> bool:
        """Whether two models are known to differ in it; what is not known is no difference."""
        return len(set(self.values) - {None}) > 1


def compare(sides: Sequence[Side], rates: Rates, at: datetime) -> tuple[Row, ...]:
    """Put models side by side; what is known of none of them is no row."""
    rows = (*_prices(sides, rates, at), *_worth(sides), *_scores(sides), *_facts(sides))
    return tuple(row for row in rows if set(row.values) != {None})


def _prices(sides: Sequence[Side], rates: Rates, at: datetime) -> Iterator[Row]:
    tiers = {quote.tier for side in sides for quote in side.quotes}
    for tier in sorted(tiers, key=lambda one: (one != STANDARD, one)):
        terms = Terms(tier, tuple(Meter))
        found = [
            reference_price(side.listing.model, side.quotes, rates, at.date(), terms)
            for side in sides
        ]
        for meter in Meter:
            amounts = (reference.amount(meter) for reference in found)
            values = tuple(_text(amount) for amount in amounts)
            yield Row(Topic.PRICE, f"{tier} {meter}", PER_MILLION, values)


def _worth(sides: Sequence[Side]) -> Iterator[Row]:
    numbers: tuple[tuple[str, str, Callable[[Standing], Decimal | None]], ...] = (
        ("price", PER_MILLION, lambda one: one.blended),
        ("value", "", lambda one: one.value),
        ("quality", "", lambda one: one.quality.index if one.quality else None),
        ("coverage", "", lambda one: one.quality.coverage if one.quality else None),
        ("coding", "", lambda one: one.coding.index if one.coding else None),
    )
    for name, unit, of in numbers:
        yield Row(
            Topic.WORTH, name, unit, tuple(_text(of(side.listing.standing)) for side in sides)
        )
    standings = [side.listing.standing for side in sides]
    yield Row(Topic.WORTH, "band", "", tuple(one.band for one in standings))
    yield Row(Topic.WORTH, "pareto", "", tuple("yes" if one.pareto else "no" for one in standings))


def _scores(sides: Sequence[Side]) -> Iterator[Row]:
    for mark in (*BENCHMARKS, *CODING_BENCHMARKS):
        best = [_score(side.listing.standing, mark.id) for side in sides]
        yield Row(Topic.SCORE, mark.id, "", tuple(_text(one) for one in best))


def _score(standing: Standing, benchmark: str) -> Decimal | None:
    found = [one for index in (standing.quality, standing.coding) if index for one in index.scores]
    return next((one.score for one in found if one.benchmark == benchmark), None)


def _facts(sides: Sequence[Side]) -> Iterator[Row]:
    for name in FACTS:
        values = (stated(side.listing.model, name, side.facts) or None for side in sides)
        yield Row(Topic.FACT, name, "", tuple(values))
    days = (side.listing.retired for side in sides)
    yield Row(
        Topic.FACT, "retired", "", tuple(day.date().isoformat() if day else None for day in days)
    )
    sold = (side.listing.providers for side in sides)
    yield Row(Topic.FACT, "providers", "", tuple(str(len(some)) for some in sold))


def _text(number: Decimal | None) -> str | None:
    return None if number is None else plain(number)
