"""The likely reasons of a disagreement: one table of rules, each a pure function of the case.

A rule holds by equality with something that is on record, never by likeness alone. The first one
that holds is the likely reason; the others that hold are told beside it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from catalog.discrepancies import findings, moves
from catalog.discrepancies.case import Case
from catalog.discrepancies.findings import FEWEST_ALIKE
from catalog.discrepancies.moves import GRACE

Because = Callable[[Case], str | None]


@dataclass(frozen=True)
class Rule:
    """A likely reason: its name, what it means, and the function that says why it holds."""

    name: str
    means: str
    because: Because
    of_the_list: bool = True
    """Whether there is something for the other list to correct."""
    of_a_seller: bool = False
    """Whether there is where it states a price of its own, too: nobody means such a price."""
    at_any_time: bool = False
    """Whether there is where nothing shows what the maker charged then, too."""


RULES: tuple[Rule, ...] = (
    Rule(
        "currency",
        "the number is right, the currency is not",
        findings.currency,
        of_a_seller=True,
        at_any_time=True,
    ),
    Rule(
        "not seen since",
        "the list was last seen before the maker moved, and was right then: it may have followed",
        moves.seen_earlier,
        of_the_list=False,
    ),
    Rule(
        "unit slip",
        "an official price, now or earlier, times 1e3 or 1e6",
        findings.slip,
        of_a_seller=True,
        at_any_time=True,
    ),
    Rule(
        "regular price",
        "the maker's regular price, where a promotion of its own holds",
        moves.regular,
        of_the_list=False,
    ),
    Rule(
        "promotion",
        "a promotional price, where the promotion does not hold",
        moves.promotion,
        at_any_time=True,
    ),
    Rule("announced", "the official price that starts on a later day", moves.announced),
    Rule(
        "ahead",
        "the official price that was first seen later: the list may have followed before we looked",
        moves.ahead,
        of_the_list=False,
    ),
    Rule("stale", "an earlier official price", moves.stale, at_any_time=True),
    Rule(
        "zero",
        "zero where the maker charges: unknown or included taken for free",
        findings.zero,
        at_any_time=True,
    ),
    Rule(
        "retired",
        "the model has ended: its last price is on record, not what the name costs now",
        findings.retired,
        of_the_list=False,
    ),
    Rule("other release", "the prices of another of the family", findings.relative),
    Rule("rounded", "the same price, rounded on one side", findings.rounded, of_the_list=False),
    Rule(
        "one region",
        "the price of everywhere, where the official one is known of a region alone",
        findings.one_region,
        of_the_list=False,
    ),
    Rule("cache mixed up", "the price of another cache meter, or of plain input", findings.swapped),
    Rule("other offer", "the price of the maker's other platform", findings.other_offer),
    Rule("other tier", "the official price of another service tier", findings.tier),
    Rule("long context", "the official price beyond a threshold of context", findings.context),
    Rule("other condition", "the official price on a condition: a mode, an hour", findings.variant),
    Rule("other region", "the official price in another region", findings.region),
    Rule(
        "other meter",
        "the official price of another meter",
        findings.other_meter,
        of_a_seller=True,
    ),
    Rule(
        "discount",
        "a promotion of its own on the maker's price, which it shows beside it",
        findings.discount,
        of_the_list=False,
    ),
    Rule(
        "margin",
        f"the factor of a reseller, which {FEWEST_ALIKE} or more of its models have",
        findings.margin,
        of_the_list=False,
    ),
    Rule(
        "other seller",
        "a reseller's offer of an open model, which others run, too",
        findings.other_seller,
        of_the_list=False,
    ),
    Rule(
        "seen before",
        "the list was last seen before the official price was first seen: it may have followed",
        moves.seen_before,
        of_the_list=False,
    ),
    Rule(
        "stale elsewhere",
        "what another list stated before, of the same offer",
        moves.stale_elsewhere,
    ),
    Rule("reseller's price", "what a reseller charges for the model, or charged", findings.resold),
    Rule(
        "official unseen",
        f"the official price was last seen {GRACE.days} days or more before this one began",
        moves.unseen,
        of_the_list=False,
    ),
    Rule(
        "own terms",
        "a reseller's own price, for which nothing on record is a reason",
        findings.reseller_terms,
        of_the_list=False,
    ),
)
"""In the order in which they are asked."""
UNEXPLAINED = Rule(
    "unexplained", "nothing on record tells why", lambda _case: "nothing on record equals it"
)


def reasons(case: Case, rules: Iterable[Rule] = RULES) -> tuple[tuple[Rule, str], ...]:
    """Give the rules that hold, the likely one first, each with why; at least the last resort."""
    held = ((rule, rule.because(case)) for rule in rules)
    found = tuple((rule, why) for rule, why in held if why is not None)
    return found or ((UNEXPLAINED, UNEXPLAINED.because(case) or ""),)
