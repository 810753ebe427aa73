"""A report to a list about one of its prices: a title and a body, ready to be sent by a person."""

from dataclasses import dataclass

from catalog.cost.book import GLOBAL
from catalog.discrepancies.board import Discrepancy
from catalog.discrepancies.case import Case, seen_at
from catalog.discrepancies.claims import is_plain
from catalog.money import plain
from catalog.past.history import Price
from catalog.vocabulary import Precision


@dataclass(frozen=True)
class Report:
    """A ready text, in Markdown."""

    title: str
    body: str


def report(one: Discrepancy) -> Report:
    """Write what a list may want to correct, with both prices, where they stand, and when."""
    case = one.case
    offer = f"{case.model.name} ({case.official.meter})"
    official = f"{case.official.provider} states {_money(case.official)}"
    title = f"{offer}: listed at {_money(case.stated)}, {official}"
    return Report(title, "\n\n".join(_paragraphs(one, offer)))


def _paragraphs(one: Discrepancy, offer: str) -> list[str]:
    case = one.case
    asked = (
        "Would you check this entry?"
        if one.correctable
        else "This may be as you mean it; the difference is told for completeness."
    )
    sold = f"The price of {offer}, as sold by {case.stated.provider}"
    return [
        f"{sold}, differs from the one that {case.official.provider} states itself.",
        f"- Listed (`{case.stated.label}`): {_stood(case.stated)}",
        f"- Official: {_stood(case.official)}{_also(case)}",
        f"Likely reason: {one.rule.name} ({one.rule.means}). Here: {one.because}.",
        asked,
    ]


def _stood(price: Price) -> str:
    proof = price.evidence
    words = " ".join(proof.text.split()).replace("`", "'")
    where = f", at {proof.locator}" if proof.locator else ""
    place = "" if price.region == GLOBAL else f" in the region {price.region}"
    return f"**{_money(price)}**{place}, {_when(price)}: <{proof.url}>{where}, “{words}”"


def _also(case: Case) -> str:
    """Name the maker's other amounts of plain use: by the hour, or by the mode."""
    own = case.official
    where = (own.provider, own.region, own.meter, own.unit)
    others = [
        f"{plain(one.amount)} ({one.window or one.variant or 'else'})"
        for one in case.own
        if (one.provider, one.region, one.meter, one.unit) == where
        and is_plain(one)
        and one.amount is not None
        and one.amount != own.amount
    ]
    return f"; and {', '.join(sorted(others))}" if others else ""


def _when(price: Price) -> str:
    """Tell when a price was seen; when it began, only where its page says so."""
    since, seen = price.valid_from.date(), seen_at(price).date()
    if seen < since:
        return f"from {since} on, as announced on {seen}"
    if price.precision == Precision.EXACT:
        return f"from {since} on, last seen on {seen}"
    return f"seen on {seen}" if seen == since else f"seen from {since} to {seen}"


def _money(price: Price) -> str:
    amount = "nothing" if price.amount is None else plain(price.amount)
    return f"{amount} {price.currency} per {price.unit}"
