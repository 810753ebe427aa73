"""A report to a list about one of its prices: a title and a body, ready to be sent by a person."""

from dataclasses import dataclass

from catalog.discrepancies.board import Discrepancy
from catalog.discrepancies.case import seen_at
from catalog.money import plain
from catalog.past.history import Price


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
        if one.rule.of_the_list
        else "This may be as you mean it; the difference is told for completeness."
    )
    sold = f"The price of {offer}, as sold by {case.stated.provider}"
    return [
        f"{sold}, differs from the one that {case.official.provider} states itself.",
        f"- Listed (`{case.stated.label}`): {_stood(case.stated)}",
        f"- Official: {_stood(case.official)}",
        f"Likely reason: {one.rule.name}. {one.because[:1].upper()}{one.because[1:]}.",
        asked,
    ]


def _stood(price: Price) -> str:
    proof = price.evidence
    words = " ".join(proof.text.split()).replace("`", "'")
    where = f", at {proof.locator}" if proof.locator else ""
    return (
        f"**{_money(price)}**, since {price.valid_from.date()}, last seen on"
        f" {seen_at(price).date()}: <{proof.url}>{where}, “{words}”"
    )


def _money(price: Price) -> str:
    amount = "nothing" if price.amount is None else plain(price.amount)
    return f"{amount} {price.currency} per {price.unit}"
