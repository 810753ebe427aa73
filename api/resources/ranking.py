"""How models are weighed, as it is asked, and as every ranked answer says it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Annotated

from pydantic import Field

from api.problems import refuse_parameter
from api.questions import Question, Times
from api.shapes import Amount, Meta, Shape
from catalog import ranking
from catalog.current.listings import Listing
from catalog.current.look import Look
from catalog.money import plain
from catalog.ranking import RankingError, parse_mix
from catalog.ranking.converted import Into, converted

METAS_HELD = 64
"""Of so many states and ways to weigh, what answers say of themselves is held."""
Listings = tuple[Listing, ...]

MIX = "^[1-9][0-9]{0,2}:[1-9][0-9]{0,2}$"
"""The forms of mixes that are written down; others that mean the same are taken, too."""


class Ranked(Question):
    """How models are weighed."""

    mix: Annotated[
        str, Field(max_length=40, examples=["3:1"], json_schema_extra={"pattern": MIX})
    ] = "3:1"
    """Parts of input to parts of output."""
    cached_share: Annotated[Decimal, Field(ge=0, le=1, max_digits=8)] = Decimal(0)
    """The share of input that is read from a cache."""
    alpha: Annotated[Decimal, Field(ge=0, le=4, max_digits=8)] = Decimal("0.5")
    """How much the price weighs: 0 not at all, 1 is quality for a dollar."""


class InCurrency(Ranked):
    """How models are weighed, and in which currency their prices are told."""

    currency: Annotated[str, Field(pattern="^[A-Z]{3}$", max_length=3, examples=["EUR"])] = (
        ranking.CURRENCY
    )
    """That prices are told in, by the last reference rates by as_of; value and band stay in USD."""


class RankedThen(InCurrency, Times):
    """How one model is weighed, and when."""


class BenchmarkOut(Shape):
    """How a benchmark enters the quality index."""

    id: str
    low: str
    """The score that is quality 0."""
    high: str
    """The score that is quality 100."""
    weight: str
    since: str | None
    """Results that count from before this day are on another scale, and are left out."""
    why: str


class RankingOut(Shape):
    """The formula and everything in it that is declared or was asked for."""

    value: str
    blended: str
    quality: str
    mix: str
    cached_share: str
    alpha: str
    floor: Amount
    currency: str
    """That value, stars, band and floor are of."""
    told_in: str
    """The currency that prices are told in."""
    benchmarks: list[BenchmarkOut]
    """Of quality."""
    coding_benchmarks: list[BenchmarkOut]
    """Of coding, which enters no value."""


class RankedMeta(Meta):
    """Which state of the catalog was asked, and how it was ranked."""

    ranking: RankingOut


def question(look: Look, asked: Ranked) -> ranking.Question:
    """Ask a look how models stand; raise a problem for a mix that is none."""
    try:
        return look.question(parse_mix(asked.mix, asked.cached_share), asked.alpha)
    except RankingError as error:
        raise refuse_parameter("mix", str(error)) from None


def told_in(look: Look, asked: ranking.Question, currency: str) -> Callable[[Listings], Listings]:
    """Give what tells listings' prices in a currency; raise a problem where it has no rate."""
    if currency == ranking.CURRENCY:
        return lambda listings: listings
    into = Into(currency, look.view.rates, look.as_of.date())
    known = into.rates.currencies(into.day)
    if currency not in known:
        detail = f"no reference rate of {currency} on or before {into.day}; there are rates of "
        raise refuse_parameter("currency", detail + (", ".join(known) or "none"))
    return lambda listings: tuple(
        replace(one, standing=converted(one.standing, asked.mix, into)) for one in listings
    )


def ranked_meta(look: Look, asked: ranking.Question, currency: str) -> RankedMeta:
    """Say which state was asked, with which formula it was ranked, and in which currency told."""
    return _ranked_meta(look.view.sequence, look.as_of, look.known_at, asked, currency)


@lru_cache(METAS_HELD)
def _ranked_meta(
    sequence: int, as_of: datetime, known_at: datetime, asked: ranking.Question, currency: str
) -> RankedMeta:
    told = ranking_of(asked, currency)
    return RankedMeta(sequence=sequence, as_of=as_of, known_at=known_at, ranking=told)


def ranking_of(asked: ranking.Question, currency: str) -> RankingOut:
    """Give the formula with what is declared in it and what was asked for."""
    mix = asked.mix
    return RankingOut(
        value=ranking.FORMULA,
        blended=ranking.BLENDED_FORMULA,
        quality=ranking.QUALITY_FORMULA,
        mix=f"{plain(mix.input_parts)}:{plain(mix.output_parts)}",
        cached_share=plain(mix.cached_share),
        alpha=plain(asked.alpha),
        floor=plain(ranking.PRICE_FLOOR),
        currency=ranking.CURRENCY,
        told_in=currency,
        benchmarks=[benchmark(one) for one in ranking.BENCHMARKS],
        coding_benchmarks=[benchmark(one) for one in ranking.CODING_BENCHMARKS],
    )


def benchmark(one: ranking.Benchmark) -> BenchmarkOut:
    """Give how a benchmark is weighed."""
    return BenchmarkOut(
        id=one.id,
        low=plain(one.low),
        high=plain(one.high),
        weight=plain(one.weight),
        since=one.since.isoformat() if one.since else None,
        why=one.why,
    )
