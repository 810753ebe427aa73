"""What a dollar buys: the mix of tokens that is asked for, its blended price, value, bands."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from catalog.ranking.exact import CONTEXT, PICO, VALUE_STEP, RankingError
from catalog.ranking.reference import Reference
from catalog.vocabulary import Meter, Word

PRICE_FLOOR = Decimal("0.01")
"""USD per 1M tokens: a blended price below it counts as this, so that free models stay finite."""
FORMULA = "value = quality / max(blended, floor) ^ alpha"
BLENDED_FORMULA = (
    "blended = (input_parts * ((1 - cached_share) * input + cached_share * cache_read)"
    " + output_parts * output) / (input_parts + output_parts)"
)


class Band(Word):
    """A market tier, by the reference price of input in USD per 1M tokens."""

    FREE = "free", "nothing"
    BUDGET = "budget", "below 0.50"
    MID = "mid", "from 0.50 to below 2.50"
    PREMIUM = "premium", "from 2.50 to below 10"
    FRONTIER = "frontier", "10 and more"


HALF = Decimal("0.5")
"""The usual alpha; a root is quicker than a power."""
BAND_BOUNDS = (
    (Decimal("0.50"), Band.BUDGET),
    (Decimal("2.50"), Band.MID),
    (Decimal(10), Band.PREMIUM),
)
"""Each band ends, exclusive, at its bound; nothing is free, and above the last is frontier."""


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
    alpha: Decimal = HALF
    """0 ignores the price; 1 is quality for a dollar."""

    def __post_init__(self) -> None:
        """Refuse an exponent that ranks nothing."""
        largest = Decimal(4)
        if not 0 <= self.alpha <= largest:
            raise RankingError("alpha lies between 0 and 4")


def parse_mix(text: str, cached_share: Decimal = Decimal(0)) -> Mix:
    """Read ``3:1`` as three parts of input to one of output; raise RankingError else."""
    parts = text.split(":")
    if len(parts) != len(("input", "output")) or not all(_is_plain(part) for part in parts):
        raise RankingError(f"{text!r} is no mix; write input and output parts, as in 3:1")
    return Mix(Decimal(parts[0]), Decimal(parts[1]), cached_share)


def blend(reference: Reference, mix: Mix) -> Decimal | None:
    """Price 1M tokens at a mix, in USD; None where a reference is not whole, and says why."""
    plain = reference.amount(Meter.INPUT_TOKENS)
    output = reference.amount(Meter.OUTPUT_TOKENS)
    if reference.reason or plain is None or output is None:
        return None
    return blended(plain, output, reference.amount(Meter.CACHE_READ_TOKENS), mix)


def blended(plain: Decimal, output: Decimal, cached: Decimal | None, mix: Mix) -> Decimal:
    """Price 1M tokens at a mix, in the currency of the amounts given, each per 1M tokens."""
    read = plain if cached is None else cached
    prompt = (1 - mix.cached_share) * plain + mix.cached_share * read
    total = mix.input_parts * prompt + mix.output_parts * output
    return CONTEXT.divide(total, mix.input_parts + mix.output_parts).quantize(PICO, context=CONTEXT)


def worth(quality: Decimal, price: Decimal, alpha: Decimal) -> Decimal:
    """Weigh quality against a blended price: quality / max(blended, floor) ^ alpha."""
    counted = max(price, PRICE_FLOOR)
    weighed = CONTEXT.sqrt(counted) if alpha == HALF else CONTEXT.power(counted, alpha)
    return CONTEXT.divide(quality, weighed).quantize(VALUE_STEP, context=CONTEXT)


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
