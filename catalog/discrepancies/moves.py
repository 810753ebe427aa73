"""What may show that a price has moved on one side alone: pure functions of a case."""

from collections.abc import Iterator
from datetime import timedelta

from catalog.discrepancies.case import Case
from catalog.discrepancies.earlier import Step
from catalog.vocabulary import Precision

GRACE = timedelta(days=7)
"""Between two sightings so close to each other a price is not taken to have moved."""


def seen_earlier(case: Case) -> str | None:
    """Hold where we saw the list last before the maker moved, at the price of then."""
    last = case.stated_seen_at
    if last >= case.official.valid_from:
        return None
    then = next((step for step in case.before() if step.since <= last), None)
    if then is None or then.amount != case.amount:
        return None
    day = case.official.valid_from.date()
    return f"it was last seen on {last.date()}, before the price changed by {day}, and right then"


def regular(case: Case) -> str | None:
    """Hold where a promotion of the maker's is left out."""
    if case.official.list_amount != case.amount:
        return None
    return "it is the regular price, which the maker states beside its promotion"


def promotion(case: Case) -> str | None:
    """Find a promotional price where no promotion holds."""
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


def announced(case: Case) -> str | None:
    """Find the amount among the prices that are announced."""
    step = next((one for one in _ahead(case) if one.announced), None)
    return f"it is the price that starts on {step.since.date()}" if step else None


def ahead(case: Case) -> str | None:
    """Find the amount among the prices that were seen to hold later: it may have begun before."""
    step = next((one for one in _ahead(case) if not one.announced), None)
    if step is None:
        return None
    last = case.official_seen_at.date()
    return f"the maker was seen to charge it by {step.since.date()}, and not yet on {last}"


def _ahead(case: Case) -> Iterator[Step]:
    return (step for step in case.ahead() if step.amount == case.amount)


def stale(case: Case) -> str | None:
    """Find the amount among the earlier official prices."""
    step = next((step for step in case.before() if step.amount == case.amount), None)
    if step is None:
        return None
    until = case.official.valid_from.date()
    return f"it was the official price from {step.since.date()}, and is not since {until}"


def stale_elsewhere(case: Case) -> str | None:
    """Find the amount among what other lists stated of the offer before."""
    for source, steps in case.elsewhere.items():
        step = next((one for one in steps if one.amount == case.amount), None)
        if step is not None:
            now = steps[-1].amount == case.own_amount
            then = "it stated the official price" if now else "the official price was first seen"
            return f"{source} stated it from {step.since.date()} on, before {then}"
    return None


def held_at_once(case: Case) -> bool:
    """Tell whether anything shows that the two were stated at one time."""
    return unseen(case) is None and seen_before(case) is None


def seen_before(case: Case) -> str | None:
    """Hold where nothing is known of the official price at the time the list was last seen."""
    own, last = case.official, case.stated_seen_at
    known = own.precision == Precision.EXACT or any(step.since <= last for step in case.before())
    if known or last >= own.valid_from:
        return None
    return (
        f"it was last seen on {last.date()}; the official price, first on {own.valid_from.date()}"
    )


def unseen(case: Case) -> str | None:
    """Hold where nothing shows that the maker still charged its price when the other began."""
    last, since = case.official_seen_at, case.stated.valid_from
    if last + GRACE >= since:
        return None
    return f"the official price was last seen on {last.date()}; this one, first on {since.date()}"
