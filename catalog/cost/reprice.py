"""Pricing a log again: as it was, and beside it at another date or on another model."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import datetime

from catalog.cost.book import Book, Sold
from catalog.cost.counted import Counted, UsageError
from catalog.cost.log import Bad, Entry
from catalog.cost.pricing import Cost, charge, in_units
from catalog.cost.usage import count
from catalog.money import plain

COLUMNS = ("model", "currency", "requests", "not priced", "input tokens", "output tokens", "cost")
OTHERWISE = ("currency otherwise", "not priced otherwise", "cost otherwise", "change")
"""Beside them where a log is also priced otherwise; change is over what is priced both ways, in
one currency."""
TOTAL = "total"
MOST_REASONS = 1000
"""So many different reasons and warnings are told apart."""


@dataclass(frozen=True)
class Otherwise:
    """How else a log is to be priced."""

    at: datetime | None = None
    """At the prices of this moment; None: of each request's own."""
    model: str | None = None
    """On this model, in the request's tier; None: on its own, where it was."""
    provider: str | None = None
    """Who sells that model; None: its maker."""


@dataclass(slots=True)
class Tally:
    """What some requests come to; amounts in atto-units (1e-18) of a currency."""

    requests: int = 0
    unpriced: int = 0
    input: int = 0
    output: int = 0
    atto: int = 0
    unpriced_otherwise: int = 0
    atto_otherwise: int = 0
    both: int = 0
    """Requests that are priced both ways, in one currency."""
    change: int = 0

    def add(self, counted: Counted, atto: int | None) -> None:
        """Take in one request."""
        self.requests += 1
        self.input += counted.whole_input
        self.output += counted.whole_output
        if atto is None:
            self.unpriced += 1
        else:
            self.atto += atto

    def add_otherwise(self, before: int | None, after: int | None, *, alike: bool) -> None:
        """Take in what the request costs otherwise; ``alike``: in the same currency."""
        if after is None:
            self.unpriced_otherwise += 1
            return
        self.atto_otherwise += after
        if alike and before is not None:
            self.both += 1
            self.change += after - before

    def sum(self, other: "Tally") -> None:
        """Take in another tally."""
        for one in fields(self):
            setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))


Place = tuple[str, str, str]
"""A model, the currency it is priced in, and the one it is priced in otherwise."""


@dataclass
class Repriced:
    """What a log comes to, by model, with all that is wrong or to be known of it."""

    book: Book
    now: datetime
    """When a request that names no moment was."""
    otherwise: Otherwise | None = None
    tallies: dict[Place, Tally] = field(default_factory=dict)
    bad: list[Bad] = field(default_factory=list)
    reasons: Counter[str] = field(default_factory=Counter)
    """Why requests are not priced, and how many."""
    warnings: Counter[str] = field(default_factory=Counter)

    @property
    def whole(self) -> bool:
        """Whether every line is a request, and every request is priced."""
        return not self.bad and not self.reasons

    @property
    def columns(self) -> tuple[str, ...]:
        """The heads of the rows."""
        return COLUMNS if self.otherwise is None else COLUMNS + OTHERWISE

    def rows(self) -> list[tuple[str, ...]]:
        """Give a row a model and currency, then a total a currency; amounts are exact."""
        totals: dict[Place, Tally] = {}
        for (_, currency, other), tally in sorted(self.tallies.items(), key=_place):
            totals.setdefault((TOTAL, currency, other), Tally()).sum(tally)
        every = [*sorted(self.tallies.items(), key=_place), *totals.items()]
        return [_row(place, tally)[: len(self.columns)] for place, tally in every]

    def take(self, lines: Iterable[tuple[int, Entry | Bad]]) -> None:
        """Price lines of a log, each with its number, one after another."""
        for number, line in lines:
            if isinstance(line, Bad):
                self.bad.append(line)
                continue
            try:
                self._price(line)
            except UsageError as error:
                self.bad.append(Bad(number, str(error)))

    def _price(self, line: Entry) -> None:
        at = line.at or self.now
        sold = self.book.sold(line.model, line.provider, at)
        counted = count(line.usage, line.format, sold.provider or "")
        offer = self.book.offer(sold, line.tier or counted.tier, line.region or counted.region)
        cost = charge(self.book, offer, counted, at)
        name = sold.model or line.model
        if self.otherwise is None:
            self._tally(name, cost.currency, None).add(counted, cost.atto)
            self._note(cost)
            return
        again = self._priced_otherwise(self.otherwise, line, sold, counted)
        tally = self._tally(name, cost.currency, again.currency)
        tally.add(counted, cost.atto)
        alike = cost.currency == again.currency
        tally.add_otherwise(cost.atto, again.atto, alike=alike)
        self._note(cost)
        self._note(again)

    def _priced_otherwise(self, how: Otherwise, line: Entry, sold: Sold, counted: Counted) -> Cost:
        tier, region = line.tier or counted.tier, line.region or counted.region
        at = how.at or line.at or self.now
        if how.model is not None:
            sold, region = self.book.sold(how.model, how.provider, at), ""
        offer = self.book.offer(sold, tier, region)
        return charge(self.book, offer, counted, at)

    def _tally(self, model: str, currency: str | None, otherwise: str | None) -> Tally:
        place = (model, currency or "", otherwise or "")
        found = self.tallies.get(place)
        if found is None:
            found = self.tallies[place] = Tally()
        return found

    def _note(self, cost: Cost) -> None:
        if cost.warnings:
            for warning in cost.warnings:
                _tell(self.warnings, f"{cost.offer.sold.model}: {warning}")
        if cost.atto is None:
            reasons = dict.fromkeys(line.reason for line in cost.lines if line.reason)
            _tell(self.reasons, f"{cost.offer.sold.model or 'unknown'}: {'; '.join(reasons)}")


def _tell(told: Counter[str], text: str) -> None:
    told[text if text in told or len(told) < MOST_REASONS else "and others"] += 1


def _place(one: tuple[Place, Tally]) -> Place:
    return one[0]


def _row(place: Place, tally: Tally) -> tuple[str, ...]:
    model, currency, otherwise = place
    return (
        model,
        currency,
        str(tally.requests),
        str(tally.unpriced),
        str(tally.input),
        str(tally.output),
        _amount(tally.atto, tally.requests - tally.unpriced),
        otherwise,
        str(tally.unpriced_otherwise),
        _amount(tally.atto_otherwise, tally.requests - tally.unpriced_otherwise),
        _amount(tally.change, tally.both),
    )


def _amount(atto: int, requests: int) -> str:
    """Print what so many requests come to; nothing where there are none."""
    amount = in_units(atto)
    return plain(amount) if requests and amount is not None else ""
