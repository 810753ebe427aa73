"""JSON that lists prices: which field is which price, declared; every other price field refused.

A path names a field from a record on: ``pricing.prompt``, ``pricing.overrides[].prompt`` (any
element of a list), ``tiers.*.price`` (any value of an object). In front of it ``^`` means the
object around the record, and ``@`` alone is the key that a record (``^@``: the object around
it) stands under.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cached_property
from operator import attrgetter

from pydantic import ValidationError

from catalog.reading import Fact, NotRead, PricePoint, Score
from catalog.vocabulary import Meter, Outcome, Unit
from spiders.exact_json import Json, Printed, Repeating, as_printed
from spiders.page import Page
from spiders.reader import Found

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_ZERO = re.compile(r"0(?:\.0*)?(?:[eE][+-]?\d+)?")
_STEP = re.compile(r"\[\]|\*|[^.\[\]*^@]+|@")
_PRICED_NAME = r"(?i)pric|cost"
_NOISE = Decimal("1e-9")
"""The largest share of a printed binary number that may be noise behind its decimal digits."""

_SCALAR = (str, Decimal, int, type(None))

_DAYS = ("valid_from", "valid_to")

Columns = Mapping[str, Callable[["Record"], str] | str]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldPrice:
    """What the number in one field is the price of."""

    meter: Meter
    unit: Unit = Unit.MILLION_TOKENS
    scale: Decimal | int = 1
    """The printed number times this is the currency per unit: 1000000 for "USD per token"."""
    currency: str = "USD"
    tier: str = "standard"
    region: str = "global"
    variant: str = ""
    context_over: int | str = 0
    """Tokens, or the path of the field that holds them (or a list: from, to)."""
    context_from: str = ""
    """The path of the field that holds the fewest tokens it is for.

    200001 is over 200000, and so is the round 200000, as everywhere where pages say "from".
    """
    none: frozenset[str] = frozenset()
    """Printed values that mean that there is no such price: "-1", or "0" where the page says so.

    "0" is any zero, however many places it is printed with.
    """
    places: int | None = None
    """Decimal places to trust where the page prints binary noise (2.5999999999999996)."""
    regular: tuple[str, str] | None = None
    """Two steps: where its path goes through the first one, the regular price goes the second."""


@dataclass(frozen=True, slots=True)
class Says:
    """What a field states about a model, and how its value is worded."""

    name: str
    """context_tokens, max_output_tokens, input_modalities, released_on, open_weights …"""
    worded: Callable[[Json], str] | None = None
    """Gives the fact's value; an empty one states nothing."""


@dataclass(frozen=True, slots=True)
class Record:
    """One entry of a list: its object, its key, and the record around it."""

    value: Mapping[str, Json]
    locator: str
    key: str = ""
    around: "Record | None" = None

    def at(self, path: str) -> Json:
        """Give what stands at a path without lists; None where nothing does."""
        if path.startswith("^"):
            return self.around.at(path[1:]) if self.around else None
        if path == "@":
            return self.key
        found: Json = self.value
        for name in path.split("."):
            found = found.get(name) if isinstance(found, Mapping) else None
        return found

    def text(self, path: str) -> str:
        """Give the text at a path; "" where nothing stands there."""
        found = self.at(path)
        return "" if found is None else worded(found)


@dataclass(frozen=True, slots=True)
class _Field:
    """What is declared of one path."""

    path: str
    name: str
    prices: Sequence[FieldPrice] = ()
    says: Says | None = None
    benchmark: Callable[[Record], str] | str = ""
    rule: str | None = ""
    """Why it is no price; "" is read or needs no reason, None is an unknown price field."""

    @property
    def is_nothing(self) -> bool:
        """Tell whether nothing follows from such a field."""
        return self.rule == "" and not (self.prices or self.says or self.benchmark)


@dataclass(frozen=True, slots=True)
class _Leaf:
    """One value in a record: what is declared of it, and where it was found (with indexes)."""

    field: _Field
    found: str
    value: Json

    @property
    def name(self) -> str:
        return self.field.name


class _Level(dict[str, "_Level"]):
    """A path's field, and the levels below it by name ("[]" is any element of a list)."""

    def __init__(self, fields: "_Fields", path: str) -> None:
        super().__init__()
        self._fields = fields
        self.path = path

    def __missing__(self, name: str) -> "_Level":
        path = self.path + name if name == "[]" else _join(self.path, name)
        self[name] = _Level(self._fields, path)
        return self[name]

    @cached_property
    def field(self) -> _Field:
        return self._fields.of(self.path)

    @cached_property
    def matters(self) -> bool:
        return not self.field.is_nothing


class _Fields:
    """What a list declares of each path in one kind of its records."""

    def __init__(self, declared: "PriceList", kind: str) -> None:
        self._declared = declared
        self._kind = kind
        self._names = re.compile(declared.priced_names)
        lengths = {_length(p) for found in declared.prices.values() for p in _each(found)}
        self._known = {*declared.prices, *declared.facts, *declared.scores, *lengths}
        self._parents = {path.rpartition(".")[0] for path in declared.prices} - {""}

    def of(self, path: str) -> _Field:
        """Say what is declared of a path."""
        declared = self._declared
        price, rule = declared.prices.get(path, ()), self._rule(path)
        if rule is None:
            named = declared.named(path, self._kind)
            price, rule = ((), named) if named is None or isinstance(named, str) else (named, "")
        says = declared.facts.get(path)
        return _Field(
            path=path,
            name=path.rpartition(".")[2],
            prices=_each(price),
            says=Says(says) if isinstance(says, str) else says,
            benchmark=declared.scores.get(path, ""),
            rule=rule,
        )

    def _rule(self, path: str) -> str | None:
        if path in self._known:
            return ""
        ignored = (r for outer, r in self._declared.ignored.items() if _is_in(path, outer))
        return next(ignored, None if self._is_priced(path) else "")

    def _is_priced(self, path: str) -> bool:
        return any(_is_in(path, p) for p in self._parents) or bool(self._names.search(path))


def _unnamed(path: str, kind: str) -> None:
    """Know no field by the parts of its name."""


class _Entry:
    """A record, and what it states of all its prices; worked out once, when it is needed."""

    def __init__(self, record: Record, declared: "PriceList") -> None:
        self.record = record
        self._declared = declared

    @cached_property
    def model(self) -> str:
        return self.record.text(self._declared.model)

    @cached_property
    def columns(self) -> Mapping[str, object]:
        sources = self._declared.columns.items()
        return _days({name: _column(self.record, source) for name, source in sources})

    @cached_property
    def provider(self) -> str:
        return str(self.columns.get("provider", ""))


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

    @property
    def is_unknown(self) -> bool:
        """Tell a price field that nothing names."""
        return not (self.prices or self.fact or self.scored or self.rule)


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

    records: str
    """The path of the records from the top: "data[]", "*.models.*", "" for the one object.

    A step that some records lack ends in a question mark: "data[].benchmarks?.arena?[]".
    """
    model: str
    prices: Mapping[str, FieldPrice | Sequence[FieldPrice]]
    """By path; a field that is the price of several meters names each."""
    ignored: Mapping[str, str] = field(default_factory=dict)
    """Price fields (or objects with all in them) that are no prices of models, and why."""
    facts: Mapping[str, Says | str] = field(default_factory=dict)
    scores: Mapping[str, Callable[[Record], str] | str] = field(default_factory=dict)
    """Fields that hold a benchmark's result, and the benchmark, or how the record names it."""
    columns: Columns = field(default_factory=dict)
    """Price point columns that the record states: provider, tier, region, valid_from …"""
    skipped: Mapping[str, Callable[[Record], bool]] = field(default_factory=dict)
    """Records that state no price of a model, by the reason."""
    named: Callable[[str, str], FieldPrice | str | None] = _unnamed
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
        ignored: Counter[str] = Counter()
        kept = [
            (entry, leaf)
            for entry, leaf in self._kept(top, ignored)
            if not self._ignores(leaf, ignored)
        ]
        return Listing(
            tuple(point for entry, leaf in kept for point in self._points(entry, leaf)),
            tuple(fact for entry, leaf in kept for fact in self._facts(entry, leaf)),
            tuple(score for entry, leaf in kept for score in self._scores(entry, leaf)),
            ignored,
        )

    def seen(self, page: Page, skipped: Counter[str]) -> Iterator[Seen]:
        """Give what stands in a page's list, the unknown too; count skipped records by reason."""
        for entry, leaf in self._kept(self.data(page), skipped):
            known = leaf.field
            if known.rule is not None or not self._is_unfilled(leaf):
                yield Seen(
                    path=known.path,
                    locator=f"{entry.record.locator}.{leaf.found}".lstrip("."),
                    printed=as_printed(leaf.value),
                    prices=known.prices,
                    fact=known.says.name if known.says else "",
                    scored=bool(known.benchmark),
                    rule=known.rule or "",
                )

    def _kept(self, top: Json, ignored: Counter[str]) -> Iterator[tuple[_Entry, _Leaf]]:
        """Give the values, of every record that is not skipped, that something is declared of."""
        levels: dict[str, _Level] = {}
        for record in records(top, self.records):
            reason = next((why for why, holds in self.skipped.items() if holds(record)), None)
            if reason:
                ignored[reason] += 1
                continue
            kind = record.text(self.kind) if self.kind else ""
            if kind not in levels:
                levels[kind] = _Level(_Fields(self, kind), "")
            entry = _Entry(record, self)
            yield from ((entry, leaf) for leaf in _leaves(record.value, levels[kind], ""))

    def _ignores(self, leaf: _Leaf, ignored: Counter[str]) -> bool:
        """Tell whether a rule ignores a value; refuse a price field that none names."""
        rule = leaf.field.rule
        if rule:
            ignored[rule] += 1
            return True
        if rule is None and not self._is_unfilled(leaf):
            raise _changed(
                f"{leaf.found} holds {as_printed(leaf.value)[:60]}, and no rule names"
                f" {leaf.field.path!r}; map it to a meter, or ignore it by name"
            )
        return rule is None

    def _is_unfilled(self, leaf: _Leaf) -> bool:
        """Tell an empty object or list in which prices would stand."""
        inside = any(_is_in(path, leaf.field.path) for path in self.prices)
        return inside and leaf.value in (None, [], {})

    def _points(self, entry: _Entry, leaf: _Leaf) -> Iterator[PricePoint]:
        for price in leaf.field.prices:
            if leaf.value is not None and not _is_none(leaf.value, price.none):
                yield self._point(entry, leaf, price)

    def _point(self, entry: _Entry, leaf: _Leaf, price: FieldPrice) -> PricePoint:
        locator = f"{entry.record.locator}.{leaf.found}".lstrip(".")
        columns: dict[str, object] = {
            "model": entry.model,
            "tier": price.tier,
            "region": price.region,
            "context_over": _context(price, entry.record, leaf),
            "variant": price.variant,
            "meter": price.meter,
            "unit": price.unit,
            "currency": price.currency,
            "amount": _amount(leaf.value, leaf.found, price),
            "list_amount": _list_amount(entry.record, leaf, price),
            "evidence": f'"{leaf.name}": {as_printed(leaf.value)}',
            "locator": locator,
            **entry.columns,
        }
        try:
            return PricePoint.model_validate(columns)
        except ValidationError as error:
            why = error.errors()[0]["msg"]
            raise _changed(f"{locator} gives no price: {why}") from error

    def _facts(self, entry: _Entry, leaf: _Leaf) -> Iterator[Fact]:
        says = leaf.field.says
        if says is None or leaf.value in (None, "", [], {}):
            return
        value = (says.worded or worded)(leaf.value)
        if value:
            yield Fact(
                model=entry.model,
                name=says.name,
                value=value,
                evidence=f'"{leaf.name}": {as_printed(leaf.value)}',
                provider=entry.provider,
            )

    def _scores(self, entry: _Entry, leaf: _Leaf) -> Iterator[Score]:
        benchmark = leaf.field.benchmark
        if benchmark and leaf.value is not None:
            yield Score(
                model=entry.model,
                benchmark=benchmark if isinstance(benchmark, str) else benchmark(entry.record),
                score=number(leaf.value, leaf.found),
                evidence=f'"{leaf.name}": {as_printed(leaf.value)}',
            )


def records(top: Json, path: str) -> Iterator[Record]:
    """Find the objects at a path, in the page's order; a step that leads nowhere is refused."""
    for value, record in _walk(top, _STEP.findall(path), Record(_fields(top), "")):
        if not isinstance(value, Mapping):
            raise _changed(f"{record.locator or 'the answer'} is no object, as a record must be")
        yield replace(record, value=value)


def _walk(value: Json, steps: Sequence[str], here: Record) -> Iterator[tuple[Json, Record]]:
    if not steps:
        yield value, here
        return
    step, rest = steps[0], steps[1:]
    for key, inner in _stepped(value, step, here.locator):
        yield from _walk(inner, rest, _entered(here, step, key, inner))


def _entered(here: Record, step: str, key: str, inner: Json) -> Record:
    """Go one step down: into an entry of a list or an object, or only into a field."""
    if step == "[]":
        return Record(_fields(inner), f"{here.locator}[{key}]", key, here)
    locator = _join(here.locator, key)
    if step == "*":
        return Record(_fields(inner), locator, key, here)
    return replace(here, locator=locator)


def _fields(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, Mapping) else {}


def _stepped(value: Json, step: str, locator: str) -> Iterator[tuple[str, Json]]:
    where = locator or "the answer"
    if step == "[]" and isinstance(value, Sequence) and not isinstance(value, str):
        yield from ((str(index), inner) for index, inner in enumerate(value))
    elif step == "*" and isinstance(value, Mapping):
        yield from value.items()
        if isinstance(value, Repeating):
            yield from value.repeated
    elif isinstance(value, Mapping) and step.rstrip("?") in value:
        yield step.rstrip("?"), value[step.rstrip("?")]
    elif step.endswith("?"):
        return
    else:
        raise _changed(f"{where} has no {step!r}; it is {as_printed(value)[:60]}")


def _leaves(value: Json, level: _Level, found: str) -> Iterator[_Leaf]:
    """Give the values that hold no further ones and that something is declared of.

    Empty lists and objects are such values, too.
    """
    if isinstance(value, Repeating):
        twice = value.repeated[0][0]
        raise _changed(f"{found or 'a record'} states {twice!r} twice, differently")
    if isinstance(value, Mapping) and value:
        for name, inner in value.items():
            below = level[name]
            if not isinstance(inner, _SCALAR):
                yield from _leaves(inner, below, _join(found, name))
            elif below.matters:
                yield _Leaf(below.field, _join(found, name), inner)
    elif isinstance(value, Sequence) and _holds_more(value):
        for index, inner in enumerate(value):
            yield from _leaves(inner, level["[]"], f"{found}[{index}]")
    elif level.matters:
        yield _Leaf(level.field, found, value)


def _holds_more(items: Sequence[Json]) -> bool:
    return any(isinstance(item, Mapping | list) for item in items)


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _is_in(path: str, outer: str) -> bool:
    return path == outer or path.startswith((f"{outer}.", f"{outer}["))


def _each(prices: FieldPrice | Sequence[FieldPrice]) -> Sequence[FieldPrice]:
    return (prices,) if isinstance(prices, FieldPrice) else prices


def _is_none(value: Json, none: frozenset[str]) -> bool:
    if not none:
        return False
    printed = as_printed(value).strip('"')
    return printed in none or ("0" in none and _ZERO.fullmatch(printed) is not None)


def _amount(value: Json, found: str, price: FieldPrice) -> Decimal:
    printed = number(value, found)
    amount = printed * price.scale
    if price.places is None:
        return amount
    rounded = round(amount, price.places)
    if abs(rounded - amount) > abs(amount) * _NOISE:
        raise _changed(f"{found} is {printed}, more exact than {price.places} decimal places")
    return rounded


def _list_amount(record: Record, leaf: _Leaf, price: FieldPrice) -> Decimal | None:
    """Give the regular price beside a lower one, where the list has both."""
    if price.regular is None:
        return None
    found = leaf.found.replace(*price.regular)
    printed = _at(record.value, found)
    if printed is None:
        return None
    regular = _amount(printed, found, price)
    return None if regular == _amount(leaf.value, leaf.found, price) else regular


def _at(value: Json, found: str) -> Json:
    """Give what stands at a path with indexes; None where nothing does."""
    for step in re.findall(r"[^.\[\]]+", found):
        if isinstance(value, Mapping):
            value = value.get(step)
        elif isinstance(value, Sequence) and step.isdigit() and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value


def number(value: Json, where: str) -> Decimal:
    """Read a JSON number, or a string that is one; anything else is refused, naming the place."""
    if isinstance(value, Printed):
        return value
    text = str(value).strip()
    if isinstance(value, bool) or not _NUMBER.fullmatch(text):
        raise _changed(f"{where} is {as_printed(value)[:60]}, which is no number")
    return Decimal(text)


def _length(price: FieldPrice) -> str:
    return price.context_from or str(price.context_over)


def _context(price: FieldPrice, record: Record, leaf: _Leaf) -> int:
    if isinstance(price.context_over, int) and not price.context_from:
        return price.context_over
    tokens = _tokens(_length(price), record, leaf)
    is_round = tokens % 1000 == 0 or tokens % 1024 == 0
    return tokens if is_round or not price.context_from else tokens - 1


def _tokens(path: str, record: Record, leaf: _Leaf) -> int:
    name = path.rpartition(".")[2]
    stated = _at(record.value, _placed(path, leaf.found))
    lowest = stated[0] if isinstance(stated, list) and stated else stated
    tokens = number(lowest, f"{leaf.found} needs {name!r} beside it, which")
    if tokens != tokens.to_integral_value():
        raise _changed(f"{name!r} beside {leaf.found} is {tokens}, no whole number of tokens")
    return int(tokens)


def _placed(path: str, found: str) -> str:
    """Put the indexes of the place where a price was found into a path."""
    indexes = iter(re.findall(r"\[\d+\]", found))
    return re.sub(r"\[\]", lambda _: next(indexes, "[]"), path)


def _column(record: Record, source: Callable[[Record], str] | str) -> str:
    return record.text(source) if isinstance(source, str) else source(record)


def _days(stated: Mapping[str, str]) -> Mapping[str, object]:
    days = {
        name: stated[name][:10] or None for name in ("valid_from", "valid_to") if name in stated
    }
    return {**stated, **days}


def worded(value: Json) -> str:
    """Word a value as a fact does: lists joined by commas, booleans as yes and no."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Sequence):
        return ", ".join(worded(item) for item in value)
    return as_printed(value)


def above_zero(value: Json) -> str:
    """Word a count; zero stands for "not said" where a list has every field for every model."""
    return worded(value) if number(value, "a count") > 0 else ""


def unix_day(value: Json) -> str:
    """Word seconds since 1970 as their day."""
    seconds = number(value, "a date")
    return datetime.fromtimestamp(int(seconds), UTC).date().isoformat()


def iso_day(value: Json) -> str:
    """Word a date or moment as its day; anything else is refused."""
    try:
        return date.fromisoformat(worded(value)[:10]).isoformat()
    except ValueError:
        raise _changed(f"{as_printed(value)[:60]} is no date") from None


def _changed(what: str) -> NotRead:
    return NotRead(Outcome.PAGE_CHANGED, what)
