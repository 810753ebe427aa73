"""JSON that lists prices: which field is which price, declared; every other price field refused.

Paths are as in spiders.records.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import attrgetter

from pydantic import ValidationError

from catalog.reading import (
    Fact,
    PricePoint,
    Score,
    fold,
    priced_at,
    priced_like,
    stated_fact,
    stated_score,
    told_of,
)
from spiders import listed_prices
from spiders.declared_fields import Declares, Fields, Leaf, Level, Scored, leaves
from spiders.exact_json import Json, as_printed
from spiders.facts import Says
from spiders.field_price import FieldPrice
from spiders.page import Page, changed
from spiders.reader import Found
from spiders.records import Record, records
from spiders.results import Result

_PRICED_NAME = r"(?i)pric|cost"


_DAYS = ("valid_from", "valid_to")

Columns = Mapping[str, Callable[[Record], str] | str]


@dataclass(slots=True)
class _Entry:
    """A record, and what it states of all its prices; worked out once, when it is needed."""

    record: Record
    declared: "PriceList"
    alike: dict[tuple[object, ...], PricePoint]
    """Prices with all that does not depend on the number, by field and columns."""
    model: str
    _said: Mapping[str, str] | None = None

    @property
    def said(self) -> Mapping[str, str]:
        """The columns that the record states for all its prices."""
        if self._said is None:
            sources = self.declared.columns.items()
            self._said = {name: _column(self.record, source) for name, source in sources}
        return self._said

    def like(self, price: FieldPrice) -> PricePoint:
        """Give a price like those of one field in this record."""
        key = (id(price), *self.said.values())
        if key not in self.alike:
            self.alike[key] = _like(price, self.said)
        return self.alike[key]


@dataclass(frozen=True, slots=True)
class Seen:
    """One value in a list, where it stands, and what is declared of its path."""

    path: str
    locator: str
    printed: str
    prices: Sequence[FieldPrice]
    fact: str
    scored: bool
    rule: str
    """Why it is no price; "" where none says so."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What a list of prices states, and how many fields each rule ignored."""

    points: tuple[PricePoint, ...] = ()
    facts: tuple[Fact, ...] = ()
    scores: tuple[Score, ...] = ()
    ignored: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class PriceList:
    """How one list of records is read."""

    records: str = "data[]"
    """The path of the records from the top: "data[]", "*.models.*", "" for the one object.

    A step that some records lack ends in a question mark: "data[].benchmarks?.arena?[]".
    """
    model: str = "id"
    """The path of the model's name in a record."""
    prices: Mapping[str, FieldPrice | Sequence[FieldPrice]] = field(default_factory=dict)
    """By path; a field that is the price of several meters names each."""
    ignored: Mapping[str, str] = field(default_factory=dict)
    """Price fields (or objects with all in them) that are no prices of models, and why."""
    facts: Mapping[str, Says | str] = field(default_factory=dict)
    scores: Mapping[str, Scored] = field(default_factory=dict)
    """Fields that hold a benchmark's result, and the benchmark.

    ``{path}`` in its name is what the record says there. One ``*`` in a path stands for any
    part of one, which ``{*}`` in the name puts in words; the first path that fits counts.
    """
    columns: Columns = field(default_factory=dict)
    """Price point columns that the record states: provider, tier, region, valid_from …"""
    skipped: Mapping[str, Callable[[Record], bool]] = field(default_factory=dict)
    """Records that state no price of a model, by the reason."""
    filled: Callable[[Record], bool] | None = None
    """Tells records in which a zero only fills a field, and is no price."""
    named: Callable[[str, str], FieldPrice | str | None] | None = None
    """Says of a price field that no other rule names what it is, by the parts of its path.

    It gives a price, the reason why it is none, or None; the record's kind is the second argument.
    """
    kind: str = ""
    """The path of the field that says of which kind a record is, where names depend on it."""
    priced_names: str = _PRICED_NAME
    """Fields of such names, wherever in a record, are declared or the page has changed."""
    data: Callable[[Page], Json] = attrgetter("data")
    """Finds the JSON in the page; its own text, unless it is embedded."""

    def read(self, page: Page) -> Found:
        """Read a page's list; every price field in it is read or ignored by name."""
        listing = self.listing(self.data(page))
        return Found(points=listing.points, facts=listing.facts, scores=listing.scores)

    def listing(self, top: Json) -> Listing:
        """Read all records; a price field that is not declared raises ``page_changed``."""
        stated = _Stated()
        ignored: Counter[str] = Counter()
        for entry, leaf in self._kept(top, ignored):
            if leaf.field.rule != "":
                _check_rule(leaf, ignored)
            else:
                stated.take(entry, leaf)
        return Listing(tuple(stated.points), tuple(stated.facts), tuple(stated.scores), ignored)

    def seen(self, page: Page, skipped: Counter[str]) -> Iterator[Seen]:
        """Give what stands in a page's list, the unknown too; count skipped records by reason."""
        for entry, leaf in self._kept(self.data(page), skipped):
            known = leaf.field
            if known.rule is not None or not _is_unfilled(leaf):
                yield Seen(
                    path=known.path,
                    locator=_locator(entry, leaf),
                    printed=as_printed(leaf.value),
                    prices=known.prices,
                    fact=known.says.name if known.says else "",
                    scored=known.result is not None,
                    rule=known.rule or "",
                )

    def _kept(self, top: Json, ignored: Counter[str]) -> Iterator[tuple[_Entry, Leaf]]:
        """Give the values, of every record that is not skipped, that something is declared of."""
        alike: dict[tuple[object, ...], PricePoint] = {}
        for record in records(top, self.records):
            reason = next((why for why, holds in self.skipped.items() if holds(record)), None)
            if reason:
                ignored[reason] += 1
                continue
            entry = _Entry(record, self, alike, fold(record.text(self.model)))
            filled = self.filled is not None and self.filled(record)
            level = self._level(record.text(self.kind) if self.kind else "", filled=filled)
            for leaf in leaves(record.value, level):
                yield entry, leaf

    def _level(self, kind: str, *, filled: bool) -> Level:
        """Give what is declared of records of a kind; it is worked out once."""
        if (kind, filled) not in self._levels:
            declares = Declares(
                prices=self.prices,
                ignored=self.ignored,
                facts=self.facts,
                scores=self.scores,
                named=self.named,
                priced_names=self.priced_names,
                kind=kind,
                filled=filled,
            )
            self._levels[kind, filled] = Level(Fields(declares))
        return self._levels[kind, filled]

    @cached_property
    def _levels(self) -> dict[tuple[str, bool], Level]:
        return {}


def _check_rule(leaf: Leaf, ignored: Counter[str]) -> None:
    """Count what a rule ignores; refuse a price field that none names."""
    if leaf.field.rule:
        ignored[leaf.field.rule] += 1
    elif not _is_unfilled(leaf):
        raise changed(
            f"{leaf.found} holds {as_printed(leaf.value)[:60]}, and no rule names"
            f" {leaf.field.path!r}; map it to a meter, or ignore it by name"
        )


def _is_empty(value: Json) -> bool:
    return not value and value in (None, "", [], {})


def _is_unfilled(leaf: Leaf) -> bool:
    """Tell an empty object or list in which prices would stand."""
    return leaf.field.holds_prices and leaf.value in (None, [], {})


class _Stated:
    """What the values of a list state; equal values state it in equal words."""

    def __init__(self) -> None:
        self.points: list[PricePoint] = []
        self.facts: list[Fact] = []
        self.scores: list[Score] = []
        self._prices: dict[tuple[int, str, str], PricePoint] = {}
        self._facts: dict[tuple[str, ...], Fact] = {}
        self._scores: dict[tuple[str, ...], Score] = {}

    def take(self, entry: _Entry, leaf: Leaf) -> None:
        """Take what a value states: prices, a fact, a result."""
        known, printed = leaf.field, as_printed(leaf.value)
        for price in known.prices:
            self._take_price(entry, leaf, price, printed)
        if known.says:
            self._take_fact(entry, leaf, known.says, printed)
        if known.result:
            self._take_score(entry, leaf, known.result, printed)

    def _take_price(self, entry: _Entry, leaf: Leaf, price: FieldPrice, printed: str) -> None:
        key = (id(price), leaf.field.path, printed)
        quoted = self._prices.get(key)
        if quoted and entry.model:
            place = _locator(entry, leaf)
            made = priced_at(entry.like(price), quoted, model=entry.model, locator=place)
            self.points.append(made)
        elif not listed_prices.is_none(leaf.value, price):
            made = _point(entry, leaf, price, printed)
            self.points.append(made)
            if listed_prices.stands_alone(price):
                self._prices[key] = made

    def _take_fact(self, entry: _Entry, leaf: Leaf, says: Says, printed: str) -> None:
        provider = entry.said.get("provider", "")
        key = (leaf.field.path, printed, provider)
        like = self._facts.get(key)
        if like:
            self.facts.append(told_of(like, entry.model))
        elif not _is_empty(leaf.value) and (value := says.value(leaf.value)):
            self._facts[key] = stated_fact(
                model=entry.model,
                name=says.name,
                value=value,
                evidence=_evidence(leaf, printed),
                provider=provider,
            )
            self.facts.append(self._facts[key])

    def _take_score(self, entry: _Entry, leaf: Leaf, result: Result, printed: str) -> None:
        benchmark = result.benchmark_of(entry.record)
        key = (leaf.field.path, printed, benchmark)
        like = self._scores.get(key)
        if like is None:
            score = result.read(leaf.value, leaf.found)
            if score is None:
                return
            like = self._scores[key] = stated_score(
                model=entry.model,
                benchmark=benchmark,
                score=score,
                date=None,
                evidence=_evidence(leaf, printed),
            )
        self.scores.append(told_of(like, entry.model))


def _point(entry: _Entry, leaf: Leaf, price: FieldPrice, printed: str) -> PricePoint:
    amount = listed_prices.amount(leaf.value, leaf.found, price)
    locator = _locator(entry, leaf)
    try:
        like = entry.like(price)
        return priced_like(
            like,
            model=entry.model,
            context_over=listed_prices.context(entry.record, leaf.found, price)
            or like.context_over,
            amount=amount,
            list_amount=listed_prices.list_amount(entry.record, leaf.found, price, amount),
            evidence=_evidence(leaf, printed),
            locator=locator,
        )
    except ValidationError as error:
        why = error.errors()[0]["msg"]
        raise changed(f"{locator} gives no price: {why}") from error


def _like(price: FieldPrice, said: Mapping[str, str]) -> PricePoint:
    """Make a price with all that does not depend on the number."""
    return PricePoint.model_validate(
        {
            "model": "any",
            "tier": price.tier,
            "region": price.region,
            "variant": price.variant,
            "meter": price.meter,
            "unit": price.unit,
            "currency": price.currency,
            "amount": 0,
            "evidence": "",
            **said,
            **{name: said[name][:10] or None for name in _DAYS if name in said},
            **({"context_over": price.context_over} if _has_length(price) else {}),
        }
    )


def _has_length(price: FieldPrice) -> bool:
    return isinstance(price.context_over, int) and price.context_over > 0


def _evidence(leaf: Leaf, printed: str) -> str:
    return f'"{leaf.field.name}": {printed}'


def _locator(entry: _Entry, leaf: Leaf) -> str:
    return f"{entry.record.locator}.{leaf.found}".lstrip(".")


def _column(record: Record, source: Callable[[Record], str] | str) -> str:
    return record.text(source) if isinstance(source, str) else source(record)
