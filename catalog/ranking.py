"""What a model is worth: its maker's reference price against dated benchmarks, in exact decimals.

Pure: it takes models, the prices that hold, the scores known and the exchange rates, and gives
standings that carry everything they were made from. ``quality`` of one model never depends on
another; stars and the Pareto frontier, by their nature, do.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Context, Decimal
from types import MappingProxyType

from catalog.exchange import Conversion, Rates
from catalog.identity import Model
from catalog.moments import at_midnight
from catalog.vocabulary import Meter, Unit, Word

CURRENCY = "USD"
CONTEXT = Context(prec=28, rounding=ROUND_HALF_EVEN)
"""All arithmetic here has 28 digits and rounds half to even, as the steps below then do."""
PICO = Decimal("1E-12")
"""Blended prices are rounded to whole pico-dollars."""
QUALITY_STEP = Decimal("0.0001")
VALUE_STEP = Decimal("0.000001")
PRICE_FLOOR = Decimal("0.01")
"""USD per 1M tokens: a blended price below it counts as this, so that free models stay finite."""
FORMULA = "value = quality / max(blended, floor) ^ alpha"
BLENDED_FORMULA = (
    "blended = (input_parts * ((1 - cached_share) * input + cached_share * cache_read)"
    " + output_parts * output) / (input_parts + output_parts)"
)
QUALITY_FORMULA = (
    "quality = weighted mean of max(0, 100 * (score - low) / (high - low))"
    " over the benchmarks that have a score"
)
STARS = 5
REFERENCE_METERS = (Meter.INPUT_TOKENS, Meter.OUTPUT_TOKENS, Meter.CACHE_READ_TOKENS)


class RankingError(ValueError):
    """A mix, share or exponent that no ranking can be made with."""


class Band(Word):
    """A market tier, by the reference price of input in USD per 1M tokens."""

    FREE = "free", "nothing"
    BUDGET = "budget", "below 0.50"
    MID = "mid", "from 0.50 to below 2.50"
    PREMIUM = "premium", "from 2.50 to below 10"
    FRONTIER = "frontier", "10 and more"


BAND_BOUNDS = (
    (Decimal("0.50"), Band.BUDGET),
    (Decimal("2.50"), Band.MID),
    (Decimal(10), Band.PREMIUM),
)
"""Each band ends, exclusive, at its bound; nothing is free, and above the last is frontier."""


@dataclass(frozen=True)
class Benchmark:
    """A public benchmark, the two scores that anchor it, and its weight in the index.

    Where a source scores one model several times (reasoning efforts, token budgets), the best
    result counts; names of what no API sells are mapped to no model, and so never count.
    """

    id: str
    low: Decimal
    """The score that is quality 0; anything lower is 0, too."""
    high: Decimal
    """The score that is quality 100; a better one is more than 100."""
    weight: Decimal
    why: str


BENCHMARKS = (
    Benchmark(
        id="epoch-capabilities-index",
        low=Decimal(100),
        high=Decimal(150),
        weight=Decimal(1),
        why=(
            "Epoch fixes 150 as GPT-5 and 130 as Claude 3.5 Sonnet; 100 is below GPT-3.5. Of a"
            " model's reasoning efforts the best counts: each is on sale at the same price a token"
        ),
    ),
)


@dataclass(frozen=True)
class Quote:
    """A price that holds, in normal form, as ranking needs it."""

    series: str
    provider: str
    official: bool
    tier: str
    region: str
    context_over: int
    variant: str
    window: str
    meter: str
    unit: str
    currency: str
    amount: Decimal | None
    """None where the series has ended, or its price is on request."""


@dataclass(frozen=True)
class Scored:
    """One result of a model as a source prints it."""

    benchmark: str
    printed: str
    """The name, effort included, that the source gives the result to."""
    score: Decimal
    source: str
    stated: date | None
    """The day the source gives the result, where it gives one."""
    seen: datetime

    @property
    def counts_from(self) -> datetime:
        """Give the first instant of the stated day, else when the result was seen."""
        return at_midnight(self.stated) if self.stated else self.seen


@dataclass(frozen=True)
class Mix:
    """What tokens are bought: parts of input to parts of output, and how much input is cached."""

    input_parts: Decimal = Decimal(3)
    output_parts: Decimal = Decimal(1)
    cached_share: Decimal = Decimal(0)
    """Of the input, read from a cache; priced as input where a model has no cache price."""

    def __post_init__(self) -> None:
        """Refuse what is no mix, by name."""
        largest = Decimal(1000)
        if not all(0 <= part <= largest for part in (self.input_parts, self.output_parts)):
            raise RankingError("the parts of a mix lie between 0 and 1000, as in 3:1")
        if not self.input_parts + self.output_parts:
            raise RankingError("a mix has input or output; 0:0 has neither")
        if not 0 <= self.cached_share <= 1:
            raise RankingError("the cached share lies between 0 and 1")


@dataclass(frozen=True)
class Question:
    """What is asked: at which moment, for which mix, and how much price weighs."""

    at: datetime
    mix: Mix = Mix()
    alpha: Decimal = Decimal("0.5")
    """0 ignores the price; 1 is quality for a dollar."""

    def __post_init__(self) -> None:
        """Refuse an exponent that ranks nothing."""
        largest = Decimal(4)
        if not 0 <= self.alpha <= largest:
            raise RankingError("alpha lies between 0 and 4")


@dataclass(frozen=True)
class Subject:
    """A model with the prices that hold for it and the scores known of it."""

    model: Model
    quotes: tuple[Quote, ...] = ()
    scores: tuple[Scored, ...] = ()


@dataclass(frozen=True)
class ReferenceAmount:
    """One amount of a reference price, in USD per 1M tokens, and the price it is taken from."""

    amount: Decimal
    quote: Quote
    conversion: Conversion | None = None
    """How it was converted, where the quote is in another currency."""


@dataclass(frozen=True)
class Reference:
    """The maker's own standard price of a model; and why an amount is missing, where one is."""

    amounts: Mapping[Meter, ReferenceAmount]
    reason: str | None = None

    def amount(self, meter: Meter) -> Decimal | None:
        """Give the USD amount for a meter, per 1M tokens."""
        found = self.amounts.get(meter)
        return found.amount if found else None


@dataclass(frozen=True)
class Quality:
    """The index of a model, the share of the benchmarks' weight it rests on, and the scores."""

    index: Decimal
    coverage: Decimal
    scores: tuple[Scored, ...]


@dataclass(frozen=True)
class Standing:
    """How one model stands, and everything that says why."""

    model: Model
    reference: Reference
    quality: Quality | None
    blended: Decimal | None
    """USD for 1M tokens at the mix asked for."""
    value: Decimal | None
    reason: str | None
    """Why there is no value, where there is none."""
    band: Band | None
    pareto: bool = False
    """Whether no other model is at least as good for at most this price, and better in one."""
    stars: int | None = None
    """5 for the best fifth of all models with a value, down to 1."""


def parse_mix(text: str, cached_share: Decimal = Decimal(0)) -> Mix:
    """Read ``3:1`` as three parts of input to one of output; raise RankingError else."""
    parts = text.split(":")
    if len(parts) != len(("input", "output")) or not all(_is_plain(part) for part in parts):
        raise RankingError(f"{text!r} is no mix; write input and output parts, as in 3:1")
    return Mix(Decimal(parts[0]), Decimal(parts[1]), cached_share)


def rank(subjects: Iterable[Subject], rates: Rates, question: Question) -> tuple[Standing, ...]:
    """Rank models by value, best first; those without one last, in the order of their ids."""
    alone = [stand(subject, rates, question) for subject in subjects]
    ordered = sorted(alone, key=lambda one: (_descending(one.value), one.model.id))
    frontier = _frontier(ordered)
    valued = [one.value for one in ordered if one.value is not None]
    return tuple(
        replace(one, pareto=one.model.id in frontier, stars=_stars(one.value, valued))
        for one in ordered
    )


def stand(subject: Subject, rates: Rates, question: Question) -> Standing:
    """Say how one model stands, alone; stars and the frontier need the others."""
    reference = reference_price(subject, rates, question.at.date())
    quality = quality_index(subject.scores, question.at)
    blended = blend(reference, question.mix)
    value = (
        worth(quality.index, blended, question.alpha) if quality and blended is not None else None
    )
    return Standing(
        model=subject.model,
        reference=reference,
        quality=quality,
        blended=blended,
        value=value,
        reason=None if value is not None else _reason(reference, blended, quality),
        band=band(reference.amount(Meter.INPUT_TOKENS)),
    )


def reference_price(subject: Subject, rates: Rates, day: date) -> Reference:
    """Take the maker's own official offer: standard, no conditions, the dearest window, in USD."""
    own = [quote for quote in subject.quotes if _is_makers_own(quote, subject.model)]
    quotes = [quote for quote in own if _is_plain_standard(quote)]
    quotes = _in_reference_region(quotes, subject.model)
    found = {meter: _dearest(quotes, meter, rates, day) for meter in REFERENCE_METERS}
    amounts = {meter: amount for meter, amount in found.items() if amount}
    return Reference(MappingProxyType(amounts), _missing(own, quotes, amounts, day))


def blend(reference: Reference, mix: Mix) -> Decimal | None:
    """Price 1M tokens at a mix, in USD; None where a part of the mix has no price."""
    plain = reference.amount(Meter.INPUT_TOKENS)
    output = reference.amount(Meter.OUTPUT_TOKENS)
    if plain is None or output is None:
        return None
    cached = reference.amount(Meter.CACHE_READ_TOKENS)
    read = plain if cached is None else cached
    prompt = (1 - mix.cached_share) * plain + mix.cached_share * read
    total = mix.input_parts * prompt + mix.output_parts * output
    return CONTEXT.divide(total, mix.input_parts + mix.output_parts).quantize(PICO, context=CONTEXT)


def quality_index(scores: Iterable[Scored], at: datetime) -> Quality | None:
    """Average the benchmarks' mapped scores, as known at a moment; None without any."""
    counted = [score for score in scores if score.counts_from <= at]
    best = {mark: _best(counted, mark.id) for mark in BENCHMARKS}
    found = {mark: score for mark, score in best.items() if score}
    if not found:
        return None
    weight = sum((mark.weight for mark in found), Decimal(0))
    total = sum(
        (mark.weight * _mapped(mark, score.score) for mark, score in found.items()), Decimal(0)
    )
    return Quality(
        index=CONTEXT.divide(total, weight).quantize(QUALITY_STEP, context=CONTEXT),
        coverage=CONTEXT.divide(weight, _whole_weight()).quantize(QUALITY_STEP, context=CONTEXT),
        scores=tuple(found.values()),
    )


def worth(quality: Decimal, blended: Decimal, alpha: Decimal) -> Decimal:
    """Weigh quality against price: quality / max(blended, floor) ^ alpha."""
    price = CONTEXT.power(max(blended, PRICE_FLOOR), alpha)
    return CONTEXT.divide(quality, price).quantize(VALUE_STEP, context=CONTEXT)


def band(price: Decimal | None) -> Band | None:
    """Place a reference price of input, in USD per 1M tokens."""
    if price is None:
        return None
    if not price:
        return Band.FREE
    return next((name for bound, name in BAND_BOUNDS if price < bound), Band.FRONTIER)


def _is_plain(part: str) -> bool:
    whole, _, fraction = part.partition(".")
    return part.isascii() and whole.isdigit() and (fraction.isdigit() or "." not in part)


def _is_makers_own(quote: Quote, model: Model) -> bool:
    return quote.official and quote.provider == model.maker and quote.amount is not None


def _is_plain_standard(quote: Quote) -> bool:
    unconditional = not quote.context_over and not quote.variant
    return quote.tier == "standard" and unconditional and quote.unit == Unit.MILLION_TOKENS


def _in_reference_region(quotes: Sequence[Quote], model: Model) -> list[Quote]:
    everywhere = [quote for quote in quotes if quote.region == "global"]
    return everywhere or [quote for quote in quotes if quote.region == model.home_region]


def _dearest(
    quotes: Iterable[Quote], meter: Meter, rates: Rates, day: date
) -> ReferenceAmount | None:
    """Take the dearest window's amount, stated in USD, else converted."""
    metered = [quote for quote in quotes if quote.meter == meter]
    stated = [quote for quote in metered if quote.currency == CURRENCY]
    amounts = [_in_usd(quote, rates, day) for quote in stated or metered]
    return max(filter(None, amounts), key=lambda one: one.amount, default=None)


def _in_usd(quote: Quote, rates: Rates, day: date) -> ReferenceAmount | None:
    if quote.amount is None:
        return None
    if quote.currency == CURRENCY:
        return ReferenceAmount(quote.amount, quote)
    made = rates.convert(quote.amount, quote.currency, to=CURRENCY, at=day)
    return ReferenceAmount(made.amount, quote, made) if made else None


def _missing(
    own: Sequence[Quote],
    quotes: Sequence[Quote],
    amounts: Mapping[Meter, ReferenceAmount],
    day: date,
) -> str | None:
    if not own:
        return "its maker states no price of its own that holds"
    if not quotes:
        return "its maker states no standard price per 1M tokens without conditions"
    for meter in (Meter.INPUT_TOKENS, Meter.OUTPUT_TOKENS):
        if meter not in amounts:
            return _missing_meter(quotes, meter, day)
    return None


def _missing_meter(quotes: Sequence[Quote], meter: Meter, day: date) -> str:
    currencies = sorted({quote.currency for quote in quotes if quote.meter == meter})
    if not currencies:
        return f"its maker states no standard price of {meter}"
    return f"no exchange rate from {', '.join(currencies)} to {CURRENCY} on or before {day}"


def _reason(reference: Reference, blended: Decimal | None, quality: Quality | None) -> str:
    reasons = [
        reference.reason if blended is None else None,
        None if quality else "no benchmark of the index has a score for it by then",
    ]
    return "; ".join(reason for reason in reasons if reason)


def _best(scores: Iterable[Scored], benchmark: str) -> Scored | None:
    """Take the latest result under each printed name, then the best of them."""
    latest: dict[tuple[str, str], Scored] = {}
    for score in sorted(scores, key=lambda one: (one.counts_from, one.seen)):
        if score.benchmark == benchmark:
            latest[(score.source, score.printed)] = score
    return max(latest.values(), key=lambda one: (one.score, one.printed), default=None)


def _mapped(mark: Benchmark, score: Decimal) -> Decimal:
    points = CONTEXT.divide(100 * (score - mark.low), mark.high - mark.low)
    return max(Decimal(0), points)


def _whole_weight() -> Decimal:
    return sum((mark.weight for mark in BENCHMARKS), Decimal(0))


def _descending(value: Decimal | None) -> tuple[bool, Decimal]:
    return (value is None, -(value or Decimal(0)))


def _frontier(standings: Iterable[Standing]) -> set[str]:
    """Walk from the cheapest: on the frontier is what is better than everything cheaper."""
    both = [
        (one.blended, one.quality.index, one.model.id)
        for one in standings
        if one.blended is not None and one.quality
    ]
    best: tuple[Decimal, Decimal] | None = None
    frontier: set[str] = set()
    for price, quality, model in sorted(both, key=lambda one: (one[0], -one[1])):
        if best is None or quality > best[1] or (price, quality) == best:
            best = (price, quality)
            frontier.add(model)
    return frontier


def _stars(value: Decimal | None, valued: Sequence[Decimal]) -> int | None:
    """Place a value by how many are better: equal values have equal stars."""
    if value is None:
        return None
    return STARS - valued.index(value) * STARS // len(valued)
