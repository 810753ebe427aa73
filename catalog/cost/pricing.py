"""Pricing: a counted usage, an offer and a moment make lines, a total and warnings."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Context, Decimal
from fractions import Fraction
from typing import NamedTuple

from catalog.cost.batches import BATCH
from catalog.cost.book import Book, Offer, Surcharge
from catalog.cost.counted import Counted
from catalog.cost.formats import GATEWAYS
from catalog.cost.rates import Found, Rate
from catalog.cost.rules import CACHE, Multiplier, Stack
from catalog.cost.sheet import Sheet
from catalog.money import plain
from catalog.vocabulary import Meter

ATTO = -18
EXACT = Context(prec=60)


class Line(NamedTuple):
    """What so much of one meter costs, by which rate; or why that is not known."""

    meter: str
    """A meter; where the usage has a field that no format knows, that field."""
    quantity: int
    atto: int | None = None
    """Atto-units (1e-18) of the currency; None: not known."""
    rate: Rate | None = None
    reason: str = ""
    """Why it is not known."""
    doubt: Rate | None = None
    """The rate that may have held already, where the moment lies between two sightings."""
    doubt_atto: int | None = None
    """What it costs by that one."""
    candidates: tuple[str, ...] = ()
    """What could be asked for instead."""
    factor: Fraction | None = None
    """What the rate is multiplied with, by a stated rule."""
    rule: Stack | Multiplier | None = None
    """That rule; a multiplier is a line of its own, on the lines of tokens before it."""

    @property
    def amount(self) -> Decimal | None:
        """The exact amount, in the currency."""
        return in_units(self.atto)

    @property
    def other_amount(self) -> Decimal | None:
        """The exact amount by the rate that may have held already."""
        return in_units(self.doubt_atto)


class _Bill(NamedTuple):
    """What lines beside tokens are made from."""

    book: Book
    offer: Offer
    currency: str
    counted: Counted
    at: datetime


class Cost(NamedTuple):
    """What a usage costs."""

    offer: Offer
    at: datetime
    counted: Counted
    currency: str | None
    atto: int | None
    """Atto-units (1e-18) of the currency; None where any line is not known."""
    found: tuple[tuple[Meter, int, Found], ...]
    """How much of which meter, and the rate that was found for it."""
    more: tuple[Line, ...]
    """Lines that are no rate times a quantity."""
    warnings: tuple[str, ...]
    doubt_atto: int | None = None
    """The total if the prices seen next held already; None where there is no doubt."""

    @property
    def total(self) -> Decimal | None:
        """The exact total, in the currency; None where any part of it is not known."""
        return in_units(self.atto)

    @property
    def other_total(self) -> Decimal | None:
        """The total if the prices seen next held already; None where there is no doubt."""
        return in_units(self.doubt_atto)

    @property
    def lines(self) -> tuple[Line, ...]:
        """What the total is made of, meter by meter."""
        return (*(_line(*one) for one in self.found), *self.more)


def in_units(atto: int | None) -> Decimal | None:
    """Turn atto-units into the amount they stand for, exactly."""
    return None if atto is None else Decimal(atto).scaleb(ATTO, EXACT)


def in_digits(factor: Fraction) -> str:
    """Print a factor as a decimal where that is exact, else as a fraction."""
    decimal = EXACT.divide(factor.numerator, factor.denominator)
    return plain(decimal) if Fraction(decimal) == factor else str(factor)


def _line(meter: Meter, quantity: int, found: Found) -> Line:
    return Line(
        meter,
        quantity,
        None if found.atto is None else found.atto * quantity,
        found.rate,
        found.reason,
        found.doubt,
        None if found.doubt_atto is None else found.doubt_atto * quantity,
    )


def charge(book: Book, offer: Offer, counted: Counted, at: datetime) -> Cost:
    """Price a counted usage at an offer: in the first of its currencies that prices all of it."""
    if not offer.sheets:
        return _unpriced(offer, counted, at)
    first = _charged(book, offer, offer.sheets[0], counted, at)
    if first.atto is not None or len(offer.sheets) == 1:
        return first
    others = (_charged(book, offer, sheet, counted, at) for sheet in offer.sheets[1:])
    return next((one for one in others if one.atto is not None), first)


def _charged(book: Book, offer: Offer, sheet: Sheet, counted: Counted, at: datetime) -> Cost:
    total, plain, odd = 0, True, sheet.odd(counted)
    warnings = offer.warnings + counted.warnings
    if counted.format in GATEWAYS:
        warnings += _elsewhere(offer, counted)
    found: list[tuple[Meter, int, Found]] = []
    more: list[Line] = []
    for meter, quantity in counted.amounts.items():
        slot = sheet.slots.get(meter)
        if slot is None or meter in odd:
            line, told = _odd_line(sheet, meter, quantity, at, counted)
            more.append(line)
            warnings += told
            continue
        one = slot.find(at, counted)
        found.append((meter, quantity, one))
        warnings += one.warnings
        if one.atto is None or one.doubt is not None:
            plain = False
        else:
            total += one.atto * quantity
    known = tuple(dict.fromkeys(warnings)) if warnings else ()
    cost = Cost(offer, at, counted, sheet.currency, total, tuple(found), (), known)
    if plain and not (more or offer.surcharge or offer.batch or counted.tools or counted.unknown):
        return cost
    return _with_the_odd(cost, _Bill(book, offer, sheet.currency, counted, at), more)


def _elsewhere(offer: Offer, counted: Counted) -> tuple[str, ...]:
    sellers = GATEWAYS[counted.format]
    if offer.sold.provider in sellers:
        return ()
    names = ", ".join(sorted(sellers))
    return (f"the usage is as {names} returns it; priced is {offer.sold.provider}'s own offer",)


def _with_the_odd(cost: Cost, bill: _Bill, more: Sequence[Line]) -> Cost:
    """Finish a cost that is not merely rates times quantities."""
    priced = (*cost.lines, *more)
    extra = (*more, *_more_lines(bill, priced))
    lines = (*cost.lines, *extra)
    atto, doubt_atto = _sums(lines)
    return cost._replace(atto=atto, more=extra, doubt_atto=doubt_atto)


def _sums(lines: Sequence[Line]) -> tuple[int | None, int | None]:
    """Give the total, and what it would be by the rates in doubt; None where that is not known."""
    known = [line.atto for line in lines if line.atto is not None]
    if len(known) < len(lines):
        return None, None
    if not any(line.doubt for line in lines):
        return sum(known), None
    other = [_if_held(line) for line in lines]
    certain = [atto for atto in other if atto is not None]
    return sum(known), sum(certain) if len(certain) == len(other) else None


def _if_held(line: Line) -> int | None:
    """Give what a line costs if the rate that may have held already did."""
    return line.doubt_atto if line.doubt or line.doubt_atto is not None else line.atto


def _odd_line(
    sheet: Sheet, meter: Meter, quantity: int, at: datetime, counted: Counted
) -> tuple[Line, tuple[str, ...]]:
    """Price a meter by what its price follows from, if anything; give warnings with it."""
    if meter in counted.untold and meter in sheet.texts:
        reason = f"what of {meter} is text is not told; other modalities have other prices"
        return Line(meter, quantity, reason=reason), ()
    stacked = sheet.stacked.get(meter) or sheet.longer.get(meter)
    if stacked is None:
        return Line(meter, quantity, reason=f"no price of {meter} is stated for this offer"), ()
    found = stacked.find(at, counted)
    rate, each, factor = found.base.rate, found.base.atto, found.factor
    if each is None or factor is None:
        return Line(meter, quantity, reason=found.reason), ()
    other = None if found.doubt_atto is None else _rounded(found.doubt_atto * quantity)
    atto = _rounded(factor * each * quantity)
    shown = factor if found.by else None
    line = Line(meter, quantity, atto, rate, "", found.doubt, other, (), shown, found.by)
    return line, found.warnings


def _rounded(exact: Fraction) -> int:
    """Round to a whole atto-unit, half to even."""
    return round(exact)


def _more_lines(bill: _Bill, tokens: Sequence[Line]) -> Iterator[Line]:
    """Give the lines beside tokens: what they are multiplied with, tools, what nobody knows."""
    if bill.offer.surcharge is not None:
        yield from _surcharged(bill.offer.surcharge, bill, tokens)
    if bill.offer.batch:
        yield _in_batch(bill, tokens)
    for tool, calls in bill.counted.tools.items():
        yield _tool_line(bill, tool, calls)
    for name, number in bill.counted.unknown:
        reason = f"a usage of the format {bill.counted.format} has no such field"
        yield Line(name, number, reason=reason)


def _surcharged(surcharge: Surcharge, bill: _Bill, tokens: Sequence[Line]) -> Iterator[Line]:
    name, model = surcharge.rule.name, bill.offer.sold.model or ""
    stated = [one for one in surcharge.stated if one.seen_at <= bill.at]
    verdicts = [surcharge.rule.covers(model, one.scope) for one in stated]
    if True in verdicts:
        yield _multiplied(name, stated[-1], tokens)
    elif False not in verdicts:
        reason = f"whether {name} is charged for it in this region is not known"
        yield Line(name, 1, reason=reason)


def _in_batch(bill: _Bill, tokens: Sequence[Line]) -> Line:
    """Take off what batches cost less; of cached tokens in them nothing is stated."""
    stated = [one for one in bill.offer.batch if one.seen_at <= bill.at]
    if not stated:
        reason = f"no price of batches is known to be stated by {bill.at.date()}"
        return Line(BATCH, 1, reason=reason)
    if not CACHE.isdisjoint(bill.counted.amounts):
        return Line(BATCH, 1, reason="what cached tokens cost in batches is not stated")
    return _multiplied(BATCH, stated[-1], tokens)


def _multiplied(name: str, by: Multiplier, tokens: Sequence[Line]) -> Line:
    factor = Fraction(by.factor)
    base, other = _sums(tokens)
    if base is None:
        reason = "what it is charged on is not known"
        return Line(name, 1, reason=reason, factor=factor, rule=by)
    atto = _rounded(base * (factor - 1))
    doubt_atto = None if other is None else _rounded(other * (factor - 1))
    return Line(name, 1, atto, doubt_atto=doubt_atto, factor=factor, rule=by)


def _tool_line(bill: _Bill, tool: str, calls: int) -> Line:
    """Price the calls of a tool where the model's provider sells it, in the model's currency."""
    found = bill.book.offer(bill.book.sold(tool, bill.offer.sold.provider, bill.at), "", "")
    plain = Counted("", {Meter.SEARCHES: calls}, {}, 0, 0, None, "", "", (), ())
    for sheet in found.sheets:
        slot = sheet.slots.get(Meter.SEARCHES)
        if slot is not None and sheet.currency == bill.currency:
            return _line(Meter.SEARCHES, calls, slot.find(bill.at, plain))
    reason = found.reason or f"no price in {bill.currency} is stated"
    return Line(Meter.SEARCHES, calls, reason=f"{tool}: {reason}")


def _unpriced(offer: Offer, counted: Counted, at: datetime) -> Cost:
    """Give the lines of a usage that has no price at all, each with the reason."""
    counts = [*counted.amounts.items(), *counted.tools.items(), *counted.unknown]
    lines = [
        Line(str(name), number, reason=offer.reason, candidates=offer.candidates)
        for name, number in counts or [("usage", 0)]
    ]
    return Cost(offer, at, counted, None, None, (), tuple(lines), counted.warnings)
