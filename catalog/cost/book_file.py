"""A price book as a file: one line a model, read when it is asked for, and no store needed."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import TypedDict

from catalog.cost.book import Book
from catalog.cost.rates import Proof, Rate
from catalog.cost.rules import Multiplier
from catalog.identity import Identity, load
from catalog.moments import parse_moment, print_moment
from catalog.money import plain
from catalog.vocabulary import Meter, Precision, SourceKind, Unit

BUNDLED = Path(__file__).with_name("book.tsv")
HEAD = "#"
"""The name of the first line, which holds what is not of one model."""

Page = tuple[str, str, str | None]
"""A page's address, when it was fetched, and its sha256."""
Held = tuple[str | None, str, str, str, str | None, str | None, int, str, str]
"""A rate in its series: amount, reason, valid_from, precision, not_before, confirmed_at, the
place of its page, text and locator."""
Series = tuple[str, str, str, str, str, str, int, str, str, str, str, str, list[Held]]
"""A series: its coordinates, then its rates in order of time."""


class Head(TypedDict):
    """What is not of one model."""

    pages: list[Page]
    multipliers: list[tuple[str, str, str, str, str, str, str]]


class BookError(ValueError):
    """A file that is no price book."""


@cache
def bundled() -> Book:
    """Give the book of the bundled history."""
    return read_book(BUNDLED, load())


def read_book(path: Path, identity: Identity) -> Book:
    """Open a price book; its models are read when they are asked for. Raises BookError."""
    lines = path.read_text(encoding="utf-8").splitlines()
    by_model = dict(_named(line) for line in lines)
    if HEAD not in by_model:
        raise BookError(f"{path} is no price book; write one with `tokentape price-book`")
    head: Head = json.loads(by_model.pop(HEAD))
    multipliers = tuple(_multiplier(row) for row in head["multipliers"])
    return Book(_reading(by_model, head["pages"]), identity, multipliers)


def _named(line: str) -> tuple[str, str]:
    name, _, rest = line.partition("\t")
    return name, rest


def _reading(by_model: Mapping[str, str], pages: Sequence[Page]) -> Callable[[str], list[Rate]]:
    def rates_of(model: str) -> list[Rate]:
        series: list[Series] = json.loads(by_model.get(model, "[]"))
        return [rate for one in series for rate in _rates(one, pages)]

    return rates_of


def _rates(one: Series, pages: Sequence[Page]) -> Iterator[Rate]:
    name, source, kind, provider, tier, region, over, variant, window, *units, held = one
    meter, unit, currency = map(str, units)
    for amount, reason, start, precision, not_before, confirmed_at, page, text, locator in held:
        url, fetched_at, sha256 = pages[page]
        yield Rate(
            series=name,
            source=source,
            kind=SourceKind(kind),
            provider=provider,
            tier=tier,
            region=region,
            context_over=over,
            variant=variant,
            window=window,
            meter=Meter(meter),
            unit=Unit(unit),
            currency=currency,
            amount=None if amount is None else Decimal(amount),
            reason=reason,
            valid_from=parse_moment(start),
            precision=Precision(precision),
            not_before=_moment(not_before),
            confirmed_at=_moment(confirmed_at),
            proof=Proof(url, parse_moment(fetched_at), sha256, text, locator),
        )


def _moment(text: str | None) -> datetime | None:
    return parse_moment(text) if text else None


def _multiplier(row: Sequence[str]) -> Multiplier:
    source, name, factor, scope, seen_at, url, text = row
    return Multiplier(source, name, Decimal(factor), scope, parse_moment(seen_at), url, text)


def write_book(
    path: Path, models: Mapping[str, Sequence[Rate]], multipliers: Iterable[Multiplier]
) -> None:
    """Write a price book of models' rates, each model's in order of series and time."""
    pages: dict[Page, int] = {}
    lines = [f"{model}\t{_as_json(_as_series(models[model], pages))}" for model in sorted(models)]
    head: Head = {"pages": list(pages), "multipliers": [_as_row(one) for one in multipliers]}
    path.write_text("\n".join([f"{HEAD}\t{_as_json(head)}", *lines]) + "\n", encoding="utf-8")


def _as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _as_series(rates: Iterable[Rate], pages: dict[Page, int]) -> list[Series]:
    grouped = groupby(rates, key=lambda rate: rate.series)
    return [_one_series(list(some), pages) for _, some in grouped]


def _one_series(rates: Sequence[Rate], pages: dict[Page, int]) -> Series:
    one = rates[0]
    held = [_held(rate, pages) for rate in rates]
    where = (one.series, one.source, one.kind.value, one.provider, one.tier, one.region)
    when = (one.context_over, one.variant, one.window)
    return (*where, *when, one.meter.value, one.unit.value, one.currency, held)


def _held(rate: Rate, pages: dict[Page, int]) -> Held:
    proof = rate.proof
    page = (proof.url, print_moment(proof.fetched_at), proof.sha256)
    return (
        None if rate.amount is None else plain(rate.amount),
        rate.reason,
        print_moment(rate.valid_from),
        rate.precision.value,
        None if rate.not_before is None else print_moment(rate.not_before),
        None if rate.confirmed_at is None else print_moment(rate.confirmed_at),
        pages.setdefault(page, len(pages)),
        proof.text,
        proof.locator,
    )


def _as_row(one: Multiplier) -> tuple[str, str, str, str, str, str, str]:
    seen = print_moment(one.seen_at)
    return (one.source, one.name, plain(one.factor), one.scope, seen, one.url, one.text)
