"""What may show why two prices differ: pure functions of a case, each saying what it found.

Those of time are in ``moves``.
"""

from collections.abc import Callable, Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal

from catalog.discrepancies.case import Case
from catalog.money import plain
from catalog.past.history import Price
from catalog.vocabulary import Meter, SourceKind

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


def currency(case: Case) -> str | None:
    """Find the number of the official price under another currency."""
    if case.same_currency or case.amount != case.own_amount:
        return None
    return f"the number is the price in {case.official.currency}, given as {case.stated.currency}"


def slip(case: Case) -> str | None:
    """Find an official price, now or earlier, off by a factor of units."""
    for amount, words in _official_amounts(case):
        for factor, how in SLIPS.items():
            if amount and case.amount in (amount * factor, amount / factor):
                return f"it is {words}, {plain(amount)}, by a factor of {factor:,}: {how}"
    return None


def _official_amounts(case: Case) -> Iterator[tuple[Decimal, str]]:
    yield case.own_amount, "the official price"
    for step in case.before():
        if step.amount is not None:
            yield step.amount, "an earlier official price"


def resold(case: Case) -> str | None:
    """Find a reseller that charges, or charged, what a catalog states as the maker's price."""
    if case.stated.kind is not SourceKind.CATALOG:
        return None
    for source, steps in case.resold.items():
        step = next((one for one in steps if one.amount == case.amount), None)
        if step is not None:
            verb = "charges" if steps[-1].amount == case.amount else "charged"
            return f"it is what {source} {verb} from {step.since.date()} on"
    return None


def retired(case: Case) -> str | None:
    """Hold where the model has ended: what its name costs now is another's price."""
    told = _ended(case)
    if told is None:
        return None
    also = relative(case)
    return f"{told}; {also}" if also else told


def _ended(case: Case) -> str | None:
    last = case.stated_seen_at
    if case.retired is not None and case.retired <= last:
        return f"the maker sells it no more since {case.retired.date()}"
    if case.delisted is not None and case.official_seen_at < case.delisted <= last:
        return f"{case.stated.source} itself has it as deprecated on {case.delisted.date()}"
    return None


def zero(case: Case) -> str | None:
    """Tell whether nothing is charged by the list's word."""
    return "it states zero where the maker charges" if not case.amount else None


def swapped(case: Case) -> str | None:
    """Find the amount among the other cache prices, input included."""
    meter = case.stated.meter
    if meter not in CACHE:
        return None
    others = (*(one for one in CACHE if one != meter), Meter.INPUT_TOKENS)
    found = next((p for p in _plain(case) if p.meter in others and p.amount == case.amount), None)
    return f"it is the official price of {found.meter}" if found else None


def other_meter(case: Case) -> str | None:
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


def tier(case: Case) -> str | None:
    """Find the amount in another tier."""
    found = _differing(case, lambda price: price.tier)
    return f"it is the official price in the tier {found.tier}" if found else None


def context(case: Case) -> str | None:
    """Find the amount at another threshold of context."""
    found = _differing(case, lambda price: str(price.context_over))
    if found is None:
        return None
    return f"it is the official price of prompts over {found.context_over} tokens"


def variant(case: Case) -> str | None:
    """Find the amount on another condition."""
    found = _differing(case, lambda price: f"{price.variant}, {price.window}".strip(", "))
    if found is None:
        return None
    on = f"{found.variant} {found.window}".strip() or "no condition"
    return f"it is the official price on the condition: {on}"


def one_region(case: Case) -> str | None:
    """Hold where the official price is known of one region, and the claim is of everywhere.

    Lists that tell the two apart state this one for everywhere, and the official one for a region.
    """
    if case.official.region == case.stated.region:
        return None
    told = next(iter(case.regional.items()), None)
    if told is None:
        return None
    list_, place = told
    return f"{list_} states it for everywhere, and the official price for the region {place}"


def region(case: Case) -> str | None:
    """Find the amount in another region."""
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


def relative(case: Case) -> str | None:
    """Hold where what is stated of the offer is what the maker states of others of the family."""
    by_meters: dict[tuple[Meter, ...], list[str]] = {}
    for name, amounts in sorted(case.relatives.items()):
        shared = _shared(case, amounts)
        if shared:
            by_meters.setdefault(shared, []).append(name)
    if not by_meters:
        return None
    meters = max(by_meters, key=len)
    names = " or ".join(by_meters[meters])
    return f"it has the official prices of {names} for {', '.join(meters)}"


def _shared(case: Case, amounts: Mapping[Meter, Decimal]) -> tuple[Meter, ...]:
    """Give the meters that both have, where the amounts are equal and not the model's own too."""
    shared = case.said.keys() & amounts.keys()
    equal = len(shared) >= FEWEST_SHARED and all(case.said[one] == amounts[one] for one in shared)
    own = all(_is_own(case, meter) for meter in shared - {case.stated.meter})
    return tuple(sorted(shared)) if equal and not own else ()


def _is_own(case: Case, meter: Meter) -> bool:
    """Tell whether what is stated of a meter is what the maker states."""
    return any(p.meter == meter and p.amount == case.said[meter] for p in _plain(case))


def rounded(case: Case) -> str | None:
    """Hold where one amount is the other, rounded to fewer digits; a reseller's is its own."""
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


def discount(case: Case) -> str | None:
    """Tell whether the seller shows the official price as its regular one, and charges less."""
    if case.stated.list_amount != case.own_amount or case.amount > case.own_amount:
        return None
    return f"its own list shows {plain(case.own_amount)} as the regular price"


def margin(case: Case) -> str | None:
    """Tell whether the seller charges this factor of many models."""
    if not case.is_reseller or case.margins < FEWEST_ALIKE or not case.own_amount:
        return None
    factor = plain((case.amount / case.own_amount).quantize(Decimal("0.0001")))
    return f"it charges {factor} times the maker's price for {case.margins} models"


def other_seller(case: Case) -> str | None:
    """Tell whether others may run the model that is resold."""
    if case.is_reseller and case.open_weights:
        return "its weights are open: the reseller's offer may be run by others than the maker"
    return None


def reseller_terms(case: Case) -> str | None:
    """Tell whether the seller speaks of an offer of its own."""
    if case.is_reseller and case.stated.kind is SourceKind.RESELLER:
        return "a reseller sets its own prices"
    return None


def other_offer(case: Case) -> str | None:
    """Find the amount on the maker's other platform."""
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
