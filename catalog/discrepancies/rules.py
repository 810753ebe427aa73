"""The likely reasons of a disagreement: one table of rules, each a pure function of the case.

A rule holds by exact equality with something that is on record, never by likeness alone. The first
one that holds is the likely reason; the others that hold are told beside it.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

from catalog.discrepancies.case import Case
from catalog.history import Price
from catalog.money import plain
from catalog.vocabulary import Meter, Precision, SourceKind

GRACE = timedelta(days=7)
"""Between two sightings so close to each other a price is not taken to have moved."""
MILLION = 10**6
SLIPS = {
    Decimal(1000): "per 1K instead of per 1M, or the other way round",
    Decimal(10**6): "per token instead of per 1M, or the other way round",
}
CACHE = (Meter.CACHE_READ_TOKENS, Meter.CACHE_WRITE_TOKENS, Meter.CACHE_WRITE_1H_TOKENS)
FEWEST_ALIKE = 3
"""A factor that a reseller charges for so many models is its margin."""
FEWEST_SHARED = 2
"""A relative is told by the prices of so many meters or more."""
LAST_DIGITS = 2
"""A rounded price keeps at least so many digits, or it is rounded to whole cents."""
CENTS = -2
Because = Callable[[Case], str | None]


@dataclass(frozen=True)
class Rule:
    """A likely reason: its name, what it means, and the function that says why it holds."""

    name: str
    means: str
    because: Because
    of_the_list: bool = True
    """Whether there is something for the other list to correct."""


def _currency(case: Case) -> str | None:
    if case.same_currency or case.amount != case.own_amount:
        return None
    return f"the number is the price in {case.official.currency}, given as {case.stated.currency}"


def _seen_earlier(case: Case) -> str | None:
    """Hold where we saw the list last before the maker moved, at the price of then."""
    last = case.stated_seen_at
    if last >= case.official.valid_from:
        return None
    then = next((step for step in case.before() if step.since <= last), None)
    if then is None or then.amount != case.amount:
        return None
    day = case.official.valid_from.date()
    return f"it was last seen on {last.date()}, before the price changed by {day}, and right then"


def _slip(case: Case) -> str | None:
    for amount, words in _official_amounts(case):
        for factor, slip in SLIPS.items():
            if amount and case.amount in (amount * factor, amount / factor):
                return f"it is {words}, {plain(amount)}, by a factor of {factor:,}: {slip}"
    return None


def _official_amounts(case: Case) -> Iterator[tuple[Decimal, str]]:
    yield case.own_amount, "the official price"
    for step in case.before():
        if step.amount is not None:
            yield step.amount, "an earlier official price"


def _promotion(case: Case) -> str | None:
    if case.official.list_amount == case.amount:
        return "it is the regular price, which the maker states beside its promotion"
    for step in case.steps:
        if step.list_amount is not None and step.amount == case.amount:
            return f"it is the promotional price from {step.since.date()} on"
    return _limited(case)


def _limited(case: Case) -> str | None:
    """Hold where the maker had said beforehand until when the price that is stated holds."""
    last = next(iter(case.before()), None)
    if last is None or last.amount != case.amount:
        return None
    if case.official.evidence.fetched_at >= case.official.valid_from:
        return None
    return f"it held until {case.official.valid_from.date()}, as the maker had announced"


def _announced(case: Case) -> str | None:
    step = next((step for step in case.ahead() if step.amount == case.amount), None)
    return f"it is the price that starts on {step.since.date()}" if step else None


def _stale(case: Case) -> str | None:
    step = next((step for step in case.before() if step.amount == case.amount), None)
    if step is None:
        return None
    until = case.official.valid_from.date()
    return f"it was the official price from {step.since.date()}, and is not since {until}"


def _stale_elsewhere(case: Case) -> str | None:
    for source, steps in case.elsewhere.items():
        step = next((one for one in steps if one.amount == case.amount), None)
        if step is not None:
            now = steps[-1].amount == case.own_amount
            then = "it stated the official price" if now else "the official price was first seen"
            return f"{source} stated it from {step.since.date()} on, before {then}"
    return None


def _resold(case: Case) -> str | None:
    """Find a reseller that charges, or charged, what a catalog states as the maker's price."""
    if case.stated.kind is not SourceKind.CATALOG:
        return None
    for source, steps in case.resold.items():
        step = next((one for one in steps if one.amount == case.amount), None)
        if step is not None:
            return f"it is what {source} charges, or charged from {step.since.date()} on"
    return None


def _retired(case: Case) -> str | None:
    """Hold where the maker has retired the model: what its name costs now is another's price."""
    if case.retired is None or case.stated_seen_at < case.retired:
        return None
    told = _relative(case)
    day = f"the maker sells it no more since {case.retired.date()}"
    return f"{day}; {told}" if told else day


def _zero(case: Case) -> str | None:
    return "it states zero where the maker charges" if not case.amount else None


def _swapped(case: Case) -> str | None:
    """Find the amount among the other cache prices, input included."""
    meter = case.stated.meter
    if meter not in CACHE:
        return None
    others = (*(one for one in CACHE if one != meter), Meter.INPUT_TOKENS)
    found = next((p for p in _plain(case) if p.meter in others and p.amount == case.amount), None)
    return f"it is the official price of {found.meter}" if found else None


def _other_meter(case: Case) -> str | None:
    """Find the amount at a meter of the same way, in or out; or the two swapped."""
    meter = case.stated.meter
    way = meter.partition("_")[0]
    others = [price for price in _plain(case) if price.meter != meter]
    same = [price for price in others if price.meter.startswith(f"{way}_")]
    found = next((price for price in same if price.amount == case.amount), None)
    if found is not None:
        return f"it is the official price of {found.meter}"
    other = SWAPPED.get(meter)
    swapped = [p for p in others if p.meter == other and p.amount == case.amount]
    if swapped and other and case.said.get(other) == case.own_amount:
        return f"it is the official price of {other}, and that one is this one's"
    return None


SWAPPED = {
    Meter.INPUT_TOKENS: Meter.OUTPUT_TOKENS,
    Meter.OUTPUT_TOKENS: Meter.INPUT_TOKENS,
}


def _plain(case: Case) -> Iterator[Price]:
    """Give the maker's other prices on the terms of the official one."""
    for price in case.own:
        if _terms(price) == _terms(case.official) and price.unit == case.official.unit:
            yield price


def _terms(price: Price) -> tuple[str, str, str, int, str]:
    return (price.provider, price.tier, price.region, price.context_over, price.variant)


def _tier(case: Case) -> str | None:
    found = _differing(case, lambda price: price.tier)
    return f"it is the official price in the tier {found.tier}" if found else None


def _context(case: Case) -> str | None:
    found = _differing(case, lambda price: str(price.context_over))
    if found is None:
        return None
    return f"it is the official price of prompts over {found.context_over} tokens"


def _variant(case: Case) -> str | None:
    found = _differing(case, lambda price: f"{price.variant}, {price.window}".strip(", "))
    if found is None:
        return None
    on = f"{found.variant} {found.window}".strip() or "no condition"
    return f"it is the official price on the condition: {on}"


def _region(case: Case) -> str | None:
    found = _differing(case, lambda price: price.region)
    return f"it is the official price in the region {found.region}" if found else None


def _differing(case: Case, by: Callable[[Price], str]) -> Price | None:
    """Find the amount at the same meter where that one thing is different, and nothing else."""
    return next(
        (
            price
            for price in case.own
            if (price.meter, price.unit) == (case.stated.meter, case.stated.unit)
            and price.amount == case.amount
            and by(price) != by(case.official)
            and _distance(price, case.official) <= 1
        ),
        None,
    )


def _distance(price: Price, official: Price) -> int:
    return sum(a != b for a, b in zip(_terms(price), _terms(official), strict=True))


def _relative(case: Case) -> str | None:
    """Hold where all that is stated of the offer is what the maker states of one relative."""
    for name, amounts in case.relatives.items():
        shared = case.said.keys() & amounts.keys()
        if (
            len(shared) >= FEWEST_SHARED
            and all(case.said[meter] == amounts[meter] for meter in shared)
            and not all(_is_own(case, meter) for meter in shared - {case.stated.meter})
        ):
            return f"all that it states is the official price of {name}"
    return None


def _is_own(case: Case, meter: Meter) -> bool:
    """Tell whether what is stated of a meter is what the maker states."""
    return any(p.meter == meter and p.amount == case.said[meter] for p in _plain(case))


def _rounded(case: Case) -> str | None:
    """Hold where one amount is the other, rounded to fewer digits; a reseller's is its own."""
    if abs(case.own_amount - case.amount) * MILLION < case.own_amount:
        return f"{plain(case.amount)} and {plain(case.own_amount)} are the same but for noise"
    if case.stated.kind is SourceKind.RESELLER:
        return None
    for exact, short in ((case.own_amount, case.amount), (case.amount, case.own_amount)):
        _, digits, exponent = short.normalize().as_tuple()
        if not isinstance(exponent, int) or not short:
            continue
        enough = len(digits) >= LAST_DIGITS or exponent == CENTS
        step = Decimal(1).scaleb(exponent)
        if enough and exact.quantize(step, rounding=ROUND_HALF_UP) == short:
            return f"{plain(short)} is {plain(exact)}, rounded"
    return None


def _discount(case: Case) -> str | None:
    if case.stated.list_amount != case.own_amount:
        return None
    return f"its own list shows {plain(case.own_amount)} as the regular price"


def _margin(case: Case) -> str | None:
    if not case.is_reseller or case.margins < FEWEST_ALIKE or not case.own_amount:
        return None
    factor = plain((case.amount / case.own_amount).quantize(Decimal("0.0001")))
    return f"it charges {factor} times the maker's price for {case.margins} models"


def _other_seller(case: Case) -> str | None:
    if case.is_reseller and case.open_weights:
        return "its weights are open: the reseller's offer may be run by others than the maker"
    return None


def _reseller_terms(case: Case) -> str | None:
    if case.is_reseller and case.stated.kind is SourceKind.RESELLER:
        return "a reseller sets its own prices"
    return None


def _seen_before(case: Case) -> str | None:
    """Hold where nothing is known of the official price at the time the list was last seen."""
    own, last = case.official, case.stated_seen_at
    known = own.precision == Precision.EXACT or any(step.since <= last for step in case.before())
    if known or last >= own.valid_from:
        return None
    return (
        f"it was last seen on {last.date()}; the official price, first on {own.valid_from.date()}"
    )


def _unseen(case: Case) -> str | None:
    """Hold where nothing shows that the maker still charged its price when the other began."""
    last, since = case.official_seen_at, case.stated.valid_from
    if last + GRACE >= since:
        return None
    return f"the official price was last seen on {last.date()}; this one, first on {since.date()}"


def _other_offer(case: Case) -> str | None:
    found = next(
        (
            price
            for price in case.own
            if _terms(price)[1:] == _terms(case.official)[1:]
            and (price.meter, price.unit) == (case.stated.meter, case.stated.unit)
            and price.amount == case.amount
            and price.provider != case.official.provider
        ),
        None,
    )
    return f"it is the price of the maker's other offer, {found.provider}" if found else None


RULES: tuple[Rule, ...] = (
    Rule("currency", "the number is right, the currency is not", _currency),
    Rule(
        "not seen since",
        "the list was last seen before the maker moved, and was right then: it may have followed",
        _seen_earlier,
        of_the_list=False,
    ),
    Rule("unit slip", "the official price, now or earlier, by a factor of 1e3 or 1e6", _slip),
    Rule(
        "promotion",
        "the regular price where a promotion holds, or a promotional one where it does not",
        _promotion,
    ),
    Rule("announced", "the official price that starts on a later day", _announced),
    Rule("stale", "an earlier official price", _stale),
    Rule("zero", "zero where the maker charges: unknown or included taken for free", _zero),
    Rule(
        "retired",
        "the maker has retired the model: its last price is on record, not what the name costs now",
        _retired,
        of_the_list=False,
    ),
    Rule("other release", "all of it is the price of another model of the family", _relative),
    Rule("rounded", "the same price, rounded on one side", _rounded),
    Rule("cache mixed up", "the price of another cache meter, or of plain input", _swapped),
    Rule("other offer", "the price of the maker's other platform", _other_offer),
    Rule("other tier", "the official price of another service tier", _tier),
    Rule("long context", "the official price above or below a threshold of context", _context),
    Rule("other condition", "the official price on a condition: a mode, an hour", _variant),
    Rule("other region", "the official price in another region", _region),
    Rule("other meter", "the official price of another meter", _other_meter),
    Rule(
        "discount",
        "a promotion of its own on the maker's price, which it shows beside it",
        _discount,
        of_the_list=False,
    ),
    Rule(
        "margin",
        f"the factor of a reseller, which {FEWEST_ALIKE} or more of its models have",
        _margin,
        of_the_list=False,
    ),
    Rule(
        "other seller",
        "a reseller's offer of an open model, which others run, too",
        _other_seller,
        of_the_list=False,
    ),
    Rule(
        "seen before",
        "the list was last seen before the official price was first seen: it may have followed",
        _seen_before,
        of_the_list=False,
    ),
    Rule(
        "stale elsewhere",
        "what another list stated before, of the same offer",
        _stale_elsewhere,
    ),
    Rule("reseller's price", "what a reseller charges for the model, or charged", _resold),
    Rule(
        "official unseen",
        f"the official price was last seen {GRACE.days} days or more before this one began",
        _unseen,
        of_the_list=False,
    ),
    Rule(
        "own terms",
        "a reseller's own price, for which nothing on record is a reason",
        _reseller_terms,
        of_the_list=False,
    ),
)
"""In the order in which they are asked."""
UNEXPLAINED = Rule("unexplained", "no rule holds", lambda _case: "nothing on record equals it")


def reasons(case: Case, rules: Iterable[Rule] = RULES) -> tuple[tuple[Rule, str], ...]:
    """Give the rules that hold, the likely one first, each with why; at least the last resort."""
    held = ((rule, rule.because(case)) for rule in rules)
    found = tuple((rule, why) for rule, why in held if why is not None)
    return found or ((UNEXPLAINED, UNEXPLAINED.because(case) or ""),)
