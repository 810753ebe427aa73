"""How models stand: alone by price and quality; among each other by stars and the frontier."""

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from catalog.exchange import Rates
from catalog.identity import Model
from catalog.ranking.quality import CODING_BENCHMARKS, Quality, Scored, quality_index
from catalog.ranking.reference import Quote, Reference, Terms, reference_price
from catalog.ranking.worth import Band, Question, band, blend, worth
from catalog.vocabulary import Meter

STARS = 5
BATCH = Terms(tier="batch")


@dataclass(frozen=True)
class Subject:
    """A model with the prices that hold for it, the scores known of it, and its end."""

    model: Model
    quotes: tuple[Quote, ...] = ()
    scores: tuple[Scored, ...] = ()
    retired: datetime | None = None
    """From when on its maker sells it no more."""


@dataclass(frozen=True)
class Standing:
    """How one model stands, and everything that says why."""

    model: Model
    reference: Reference
    quality: Quality | None
    coding: Quality | None
    """The same kind of index over the benchmarks of programming; it enters no value."""
    blended: Decimal | None
    """USD for 1M tokens at the mix asked for."""
    batch: Decimal | None
    """The same in the maker's own batch tier."""
    value: Decimal | None
    reason: str | None
    """Why there is no value, where there is none."""
    band: Band | None
    pareto: bool = False
    """Whether no other with a value is at least as good for at most its price, better in one."""
    stars: int | None = None
    """5 for the best fifth of all models with a value, down to 1."""


@dataclass(frozen=True)
class Basis:
    """What a model's standing rests on, whatever the mix and the weight of the price."""

    model: Model
    reference: Reference
    quality: Quality | None
    coding: Quality | None
    batch: Reference
    """The same price in the batch tier."""
    retired: datetime | None = None
    """From when on its maker sells it no more."""


def rank(bases: Iterable[Basis], question: Question) -> tuple[Standing, ...]:
    """Rank models by value, best first; those without one last, in the order of their ids."""
    alone = [stand(basis, question) for basis in bases]
    ordered = sorted(alone, key=lambda one: (_descending(one.value), one.model.id))
    frontier = _frontier(ordered)
    stars = _stars([one.value for one in ordered if one.value is not None])
    return tuple(
        one if one.value is None else _among(one, frontier, stars[one.value]) for one in ordered
    )


def basis(subject: Subject, rates: Rates, at: datetime) -> Basis:
    """Find what a model's standing at a moment rests on."""
    return Basis(
        model=subject.model,
        reference=reference_price(subject.model, subject.quotes, rates, at.date()),
        quality=quality_index(subject.scores, at),
        coding=quality_index(subject.scores, at, CODING_BENCHMARKS),
        batch=reference_price(subject.model, subject.quotes, rates, at.date(), BATCH),
        retired=subject.retired,
    )


def stand(one: Basis, question: Question) -> Standing:
    """Say how one model stands, alone; stars and the frontier need the others."""
    price, quality = blend(one.reference, question.mix), one.quality
    reasons = tuple(_reasons(one, price, question.at))
    value = None
    if quality and price is not None and not reasons:
        value = worth(quality.index, price, question.alpha)
    return Standing(
        model=one.model,
        reference=one.reference,
        quality=quality,
        coding=one.coding,
        blended=price,
        batch=blend(one.batch, question.mix),
        value=value,
        reason="; ".join(reasons) or None,
        band=band(one.reference.amount(Meter.INPUT_TOKENS)),
    )


def _among(one: Standing, frontier: Container[str], stars: int) -> Standing:
    return replace(one, pareto=one.model.id in frontier, stars=stars)


def _reasons(one: Basis, price: Decimal | None, at: datetime) -> Iterator[str]:
    """Say why a model has no value; it has one where there is no reason."""
    if one.retired is not None and one.retired <= at:
        yield f"its maker has not sold it since {one.retired:%Y-%m-%d}"
    if price is None and one.reference.reason:
        yield one.reference.reason
    if one.quality is None:
        yield "no benchmark of the index has a score for it by then"


def _descending(value: Decimal | None) -> tuple[bool, Decimal]:
    return (value is None, -(value or Decimal(0)))


def _frontier(standings: Iterable[Standing]) -> set[str]:
    """Walk from the cheapest: on the frontier is what is better than everything cheaper."""
    both = [
        (one.blended, one.quality.index, one.model.id)
        for one in standings
        if one.value is not None and one.blended is not None and one.quality
    ]
    best: tuple[Decimal, Decimal] | None = None
    frontier: set[str] = set()
    for price, quality, model in sorted(both, key=lambda one: (one[0], -one[1])):
        if best is None or quality > best[1] or (price, quality) == best:
            best = (price, quality)
            frontier.add(model)
    return frontier


def _stars(valued: Sequence[Decimal]) -> dict[Decimal, int]:
    """Place each value, best first, by how many are better: equal values have equal stars."""
    stars: dict[Decimal, int] = {}
    for better, value in enumerate(valued):
        stars.setdefault(value, STARS - better * STARS // len(valued))
    return stars
