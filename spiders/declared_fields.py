"""What a list of prices declares of each path in its records; every price field has a rule."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from spiders.exact_json import SCALAR, Json, Repeating
from spiders.facts import Says
from spiders.field_price import ZERO, FieldPrice
from spiders.listed_prices import length_path
from spiders.page import changed
from spiders.records import Record, join
from spiders.results import Result

Scored = Callable[[Record], str] | str | Result
"""What a field holds a result of."""


class Declares(NamedTuple):
    """The parts of a declared list that say what its fields are, in one kind of its records."""

    prices: Mapping[str, FieldPrice | Sequence[FieldPrice]]
    ignored: Mapping[str, str]
    facts: Mapping[str, Says | str]
    scores: Mapping[str, Scored]
    named: Callable[[str, str], FieldPrice | str | None] | None
    priced_names: str
    kind: str
    """Of the records, as fields are named in them."""
    filled: bool
    """Whether a zero only fills a field of theirs."""


@dataclass(frozen=True, slots=True)
class Field:
    """What is declared of one path."""

    path: str
    name: str
    prices: Sequence[FieldPrice] = ()
    says: Says | None = None
    result: Result | None = None
    rule: str | None = ""
    """Why it is no price; "" is read or needs no reason, None is an unknown price field."""
    holds_prices: bool = False
    """Whether prices are declared below it, or may be by their names."""
    matters: bool = True
    """Whether anything follows from it."""


class Fields:
    """Finds what is declared of a path."""

    def __init__(self, declares: Declares) -> None:
        """Find what this list declares."""
        prices = declares.prices
        lengths = {length_path(price) for found in prices.values() for price in _each(found)}
        self._declares = declares
        self._names = re.compile(declares.priced_names)
        self._known = {*prices, *declares.facts, *declares.scores, *lengths}
        self._parents = {path.rpartition(".")[0] for path in prices} - {""}

    def of(self, path: str) -> Field:
        """Say what is declared of a path."""
        declares = self._declares
        price, rule = declares.prices.get(path, ()), self._rule(path)
        if rule is None and declares.named:
            named = declares.named(path, declares.kind)
            price, rule = ((), named) if named is None or isinstance(named, str) else (named, "")
        says, result = declares.facts.get(path), self._result(path)
        return Field(
            path=path,
            name=path.rpartition(".")[2],
            prices=_filled(price) if declares.filled else _each(price),
            says=Says(says) if isinstance(says, str) else says,
            result=result,
            rule=rule,
            holds_prices=bool(declares.named)
            or any(_is_in(below, path) for below in declares.prices),
            matters=bool(price or says or result or rule != ""),
        )

    def _result(self, path: str) -> Result | None:
        """Find what a field holds a result of, by the first path that fits; * stands for any."""
        for pattern, scored in self._declares.scores.items():
            begins, star, ends = pattern.partition("*")
            if path == pattern or (star and path.startswith(begins) and path.endswith(ends)):
                of = scored if isinstance(scored, Result) else Result(scored)
                return of.named(path.removeprefix(begins).removesuffix(ends)) if star else of
        return None

    def _rule(self, path: str) -> str | None:
        if path in self._known:
            return ""
        ignored = (why for outer, why in self._declares.ignored.items() if _is_in(path, outer))
        return next(ignored, None if self._is_priced(path) else "")

    def _is_priced(self, path: str) -> bool:
        return any(_is_in(path, p) for p in self._parents) or bool(self._names.search(path))


class Level(dict[str, "Level"]):
    """A path in a record, and the levels below it by name ("[]" is any element of a list)."""

    __slots__ = ("_fields", "_path", "known")

    def __init__(self, fields: Fields, path: str = "") -> None:
        """Begin at a path; "" is the record itself."""
        super().__init__()
        self._fields = fields
        self._path = path
        self.known: Field | None = None
        """What is declared of the path; None until a value is found there."""

    def __missing__(self, name: str) -> "Level":
        path = self._path + name if name == "[]" else join(self._path, name)
        below = self[name] = Level(self._fields, path)
        return below

    def field(self) -> Field:
        """Find what is declared of the path, once."""
        if self.known is None:
            self.known = self._fields.of(self._path)
        return self.known


class Leaf(NamedTuple):
    """One value in a record: what is declared of it, and where it was found (with indexes)."""

    field: Field
    found: str
    value: Json


def leaves(value: Json, level: Level) -> list[Leaf]:
    """List the values in a record that hold no further ones and that something is declared of.

    Empty lists and objects are such values, too.
    """
    every: list[Leaf] = []
    _gather(value, level, "", every)
    return every


def _gather(value: Json, level: Level, found: str, every: list[Leaf]) -> None:
    if isinstance(value, Repeating):
        twice = value.repeated[0][0]
        raise changed(f"{found or 'a record'} states {twice!r} twice, differently")
    if isinstance(value, Mapping) and value:
        _gather_fields(value, level, found, every)
    elif isinstance(value, Sequence) and _holds_more(value):
        for index, inner in enumerate(value):
            _gather(inner, level["[]"], f"{found}[{index}]", every)
    elif (field := level.field()).matters:
        every.append(Leaf(field, found, value))


def _gather_fields(value: Mapping[str, Json], level: Level, found: str, every: list[Leaf]) -> None:
    for name, inner in value.items():
        below = level[name]
        if not isinstance(inner, SCALAR):
            _gather(inner, below, join(found, name), every)
        elif (field := below.known or below.field()).matters:
            every.append(Leaf(field, join(found, name), inner))


def _holds_more(items: Sequence[Json]) -> bool:
    return any(isinstance(item, Mapping | list) for item in items)


def _is_in(path: str, outer: str) -> bool:
    return path == outer or path.startswith((f"{outer}.", f"{outer}["))


def _filled(prices: FieldPrice | Sequence[FieldPrice]) -> Sequence[FieldPrice]:
    return [replace(price, none=price.none | ZERO) for price in _each(prices)]


def _each(prices: FieldPrice | Sequence[FieldPrice]) -> Sequence[FieldPrice]:
    return (prices,) if isinstance(prices, FieldPrice) else prices
