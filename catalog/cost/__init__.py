"""What a usage costs: counted by its provider's rules, at the price that held, exactly.

``from catalog.cost import price`` reckons in process and offline, on the bundled history.
"""

from datetime import datetime
from typing import TypedDict, Unpack

from catalog.cost.book import Book
from catalog.cost.book_file import bundled
from catalog.cost.counted import Counted, Tokens, Usage, UsageError
from catalog.cost.pricing import Cost, Line, charge
from catalog.cost.usage import count
from catalog.moments import MomentError, parse_moment, utc_now

__all__ = [
    "Book",
    "Cost",
    "Counted",
    "Line",
    "Tokens",
    "Usage",
    "UsageError",
    "Where",
    "bundled",
    "charge",
    "count",
    "price",
]


class Where(TypedDict, total=False):
    """Which offer a usage is priced at, and its format; what is not named is the usual one."""

    provider: str | None
    """Who sells it; its maker."""
    tier: str | None
    """The service tier; what the usage names, else standard."""
    region: str | None
    """What the usage names, else global, else the maker's home."""
    format: str | None
    """Whose usage it is: openai-chat, anthropic …; what its fields show."""


def price(
    model: str,
    usage: Usage,
    *,
    at: datetime | str | None = None,
    book: Book | None = None,
    **where: Unpack[Where],
) -> Cost:
    """Price a raw usage object of a model by any of its names.

    By default at its maker's own standard offer, now, on the bundled history. Where anything of
    it has no known price the total is None and the line says why. Raises UsageError for a usage
    that cannot be counted and MomentError for a text that is no moment.
    """
    book = bundled() if book is None else book
    when = moment(at)
    sold = book.sold(model, where.get("provider"), when)
    counted = count(usage, where.get("format"), sold.provider or "")
    tier, region = where.get("tier"), where.get("region")
    offer = book.offer(sold, tier or counted.tier, region or counted.region)
    cost = charge(book, offer, counted, when)
    return _with_contradictions(cost, tier, region) if tier or region else cost


def moment(at: datetime | str | None) -> datetime:
    """Read when a usage was; None is now. Raises MomentError."""
    if at is None:
        return utc_now()
    if isinstance(at, str):
        return parse_moment(at)
    if at.tzinfo is None:
        raise MomentError(f"{at} names no time zone; give it tzinfo=UTC")
    return at


def _with_contradictions(cost: Cost, tier: str | None, region: str | None) -> Cost:
    """Tell where a usage says another tier or region than is asked for."""
    said = ((tier, cost.counted.tier, "tier"), (region, cost.counted.region, "region"))
    told = tuple(
        f"the usage names the {what} {counted}; priced is {asked}, as asked for"
        for asked, counted, what in said
        if asked and counted and asked.lower() != counted
    )
    return cost._replace(warnings=cost.warnings + told) if told else cost
