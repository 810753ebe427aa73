"""Models side by side: each thing that is known of them in one row, and whether it differs."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from catalog.current.facts import FactSeen
from catalog.current.listings import Listing
from catalog.current.traits import Capability, released_on, said_of, stated
from catalog.exchange import Rates
from catalog.money import plain
from catalog.ranking.exact import CURRENCY
from catalog.ranking.quality import BENCHMARKS, CODING_BENCHMARKS
from catalog.ranking.reference import STANDARD, Quote, Terms, reference_price
from catalog.ranking.standing import Standing
from catalog.vocabulary import Meter, Unit, Word

PER_MILLION = f"{CURRENCY} per {Unit.MILLION_TOKENS}"
STATED = ("knowledge_cutoff", "licence")
"""The facts that are shown in the words they are stated in."""


class Topic(Word):
    """What a row of a comparison is about."""

    PRICE = "price", "what the maker's own offer costs, without conditions, by tier, unit and meter"
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
    """Give a row for each tier, unit and meter: standard use first, and tokens first in each."""
    for tier, unit in _kinds(sides):
        terms = Terms(tier, tuple(Meter), unit)
        found = [
            reference_price(side.listing.model, side.quotes, rates, at.date(), terms)
            for side in sides
        ]
        for meter in Meter:
            amounts = (reference.amount(meter) for reference in found)
            values = tuple(_text(amount) for amount in amounts)
            yield Row(Topic.PRICE, f"{tier} {meter}", f"{CURRENCY} per {unit}", values)


def _kinds(sides: Sequence[Side]) -> list[tuple[str, Unit]]:
    """Give the tiers and units that anything is priced in; an unnamed unit compares with none."""
    units = list(Unit)
    kinds = {(quote.tier, Unit(quote.unit)) for side in sides for quote in side.quotes}
    named = [kind for kind in kinds if kind[1] is not Unit.OTHER]
    return sorted(named, key=lambda one: (one[0] != STANDARD, one[0], units.index(one[1])))


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
    yield Row(Topic.WORTH, "reason", "", tuple(one.reason for one in standings))
    yield Row(Topic.WORTH, "band", "", tuple(one.band for one in standings))
    yield Row(Topic.WORTH, "pareto", "", tuple(_is_pareto(one) for one in standings))


def _is_pareto(one: Standing) -> str | None:
    return None if one.value is None else _yes_or_no(one.pareto)


def _scores(sides: Sequence[Side]) -> Iterator[Row]:
    for mark in (*BENCHMARKS, *CODING_BENCHMARKS):
        best = [_score(side.listing.standing, mark.id) for side in sides]
        yield Row(Topic.SCORE, mark.id, "", tuple(_text(one) for one in best))


def _score(standing: Standing, benchmark: str) -> Decimal | None:
    found = [one for index in (standing.quality, standing.coding) if index for one in index.scores]
    return next((one.score for one in found if one.benchmark == benchmark), None)


def _facts(sides: Sequence[Side]) -> Iterator[Row]:
    listings = [side.listing for side in sides]
    numbers: tuple[tuple[str, Callable[[Listing], int | None]], ...] = (
        ("context_tokens", lambda one: one.context),
        ("max_output_tokens", lambda one: one.max_output),
    )
    for name, count in numbers:
        yield _fact(name, (_text(count(one)) for one in listings))
    yield _fact("input_modalities", (_words(one.inputs) for one in listings))
    yield _fact("output_modalities", (_words(one.outputs) for one in listings))
    said = [said_of(side.listing.model, side.facts) for side in sides]
    for capability in Capability:
        yield _fact(capability, (_yes_or_no(one.get(capability)) for one in said))
    for name in STATED:
        yield _fact(name, (stated(side.listing.model, name, side.facts) or None for side in sides))
    yield _fact("open_weights", (_yes_or_no(one.open_weights) for one in listings))
    yield _fact("released_on", (_day(released_on(side.facts)) for side in sides))
    yield _fact("retired", (_day(one.retired and one.retired.date()) for one in listings))
    yield _fact("providers", (str(len(one.providers)) for one in listings))


def _fact(name: str, values: Iterable[str | None]) -> Row:
    return Row(Topic.FACT, name, "", tuple(values))


def _yes_or_no(is_so: bool | None) -> str | None:  # noqa: FBT001 it is what is told
    return None if is_so is None else ("yes" if is_so else "no")


def _words(some: Iterable[str]) -> str | None:
    return ", ".join(sorted(some)) or None


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _text(number: Decimal | int | None) -> str | None:
    return None if number is None else plain(Decimal(number))
