"""What each generation of a line of models cost from its release on, and the step to the next.

Pure. A line is what a model's id keeps when its version is taken out: ``anthropic/claude-opus``
of ``claude-opus-4.6``, ``openai/gpt-mini`` of ``gpt-5-mini``.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from catalog.current.facts import FactSeen
from catalog.exchange import Rates
from catalog.identity import Model
from catalog.identity.moving_names import moves
from catalog.moments import at_midnight
from catalog.past.price_paths import Path
from catalog.ranking.exact import CONTEXT
from catalog.ranking.reference import Reference, reference_price
from catalog.ranking.worth import Mix, blend
from catalog.vocabulary import Meter

STEP = Decimal("0.0001")
_VERSION = re.compile(r"^(?P<word>[a-z]*?)\d+(\.\d+)*$")
_DATED = re.compile(r"(^|-)(\d{4}-\d{2}-\d{2}|\d{2}-\d{2,4}|\d{4,8})(-|$)")
_PREVIEW = "preview"


@dataclass(frozen=True)
class Priced:
    """What a model cost from a moment on, by its maker's own reference price."""

    since: datetime
    input: Decimal
    """USD per 1M tokens."""
    output: Decimal
    blended: Decimal


@dataclass(frozen=True)
class Change:
    """New price / old price - 1."""

    input: Decimal | None
    """None: the old one was zero."""
    output: Decimal | None
    blended: Decimal | None


@dataclass(frozen=True)
class Generation:
    """One model of a line, when it came, and what it cost since."""

    model: Model
    released: date | None
    """The day that most sources state; None: none does, and its first price dates it."""
    prices: tuple[Priced, ...]
    """In order of time; the first is its price at first sight, which may lie after the release."""
    retired: datetime | None
    before: str | None
    """The generation before it that has a price."""
    step: Change | None
    """From that one's price, as it last was by then, to its own first."""
    since_first: Change | None
    """From the first price of the line's first generation that has one to its own first."""


@dataclass(frozen=True)
class Line:
    """The generations of a line, in order of release."""

    maker: str
    name: str
    generations: tuple[Generation, ...]


@dataclass(frozen=True)
class Known:
    """What lines are made from."""

    paths: Mapping[str, Sequence[Path]]
    """Of official sources, by model."""
    facts: Mapping[str, Sequence[FactSeen]]
    retired: Mapping[str, datetime]
    rates: Rates


def line_of(model: Model) -> str | None:
    """Name the line of a model; None of a dated release, a name that moves, and a tool."""
    name = model.id.removeprefix(f"{model.maker}/")
    if model.kind != "model" or moves(model) or _DATED.search(name):
        return None
    words = [_unversioned(word) for word in name.split("-") if word != _PREVIEW]
    return "-".join(word for word in words if word) or None


def members(models: Iterable[Model], maker: str, family: str) -> Mapping[str, list[Model]]:
    """Find the lines of this name, else those of the family of this name, and their models."""
    own = [(line, model) for model in models if model.maker == maker and (line := line_of(model))]
    named = {line for line, _ in own if line == family}
    lines = named or {line for line, model in own if model.family == family}
    found: dict[str, list[Model]] = {line: [] for line in sorted(lines)}
    for line, model in own:
        if line in found:
            found[line].append(model)
    return found


def line(name: str, models: Sequence[Model], known: Known, at: datetime) -> Line:
    """Put a line's generations in order and compare each with the one before it."""
    dated = [_dated(model, known, at) for model in models]
    there = [one for one in dated if one.prices or one.released]
    ordered = sorted(there, key=lambda one: (_came(one), one.model.id))
    generations: list[Generation] = []
    priced: list[Generation] = []
    for one in ordered:
        generations.append(_compared(one, priced) if one.prices else one)
        priced.extend([one] if one.prices else [])
    return Line(models[0].maker, name, tuple(generations))


def released_on(facts: Iterable[FactSeen]) -> date | None:
    """Take the day that most statements give; of equally many, the later one."""
    stated = (_day(fact.value) for fact in facts if fact.name == "released_on")
    counted = Counter(day for day in stated if day)
    return max(counted, key=lambda day: (counted[day], day), default=None)


def _unversioned(word: str) -> str:
    found = _VERSION.match(word)
    if found is None:
        return word
    return found["word"] if len(found["word"]) > 1 else ""


def _dated(model: Model, known: Known, at: datetime) -> Generation:
    released = released_on(known.facts.get(model.id, ()))
    return Generation(
        model=model,
        released=released if released and at_midnight(released) <= at else None,
        prices=tuple(_prices(model, known.paths.get(model.id, ()), known.rates, at)),
        retired=known.retired.get(model.id),
        before=None,
        step=None,
        since_first=None,
    )


def _prices(model: Model, paths: Sequence[Path], rates: Rates, at: datetime) -> Iterable[Priced]:
    """Give the reference price each time it became another."""
    last: tuple[Decimal, Decimal] | None = None
    moments = {step.since for path in paths for step in path.steps if step.since <= at}
    for moment in sorted(moments):
        quotes = [quote for path in paths if (quote := path.quote(moment))]
        priced = _priced(moment, reference_price(model, quotes, rates, moment.date()))
        if priced and (priced.input, priced.output) != last:
            last = (priced.input, priced.output)
            yield priced


def _priced(moment: datetime, reference: Reference) -> Priced | None:
    plain, output = reference.amount(Meter.INPUT_TOKENS), reference.amount(Meter.OUTPUT_TOKENS)
    price = blend(reference, Mix())
    if plain is None or output is None or price is None:
        return None
    return Priced(moment, plain, output, price)


def _came(one: Generation) -> datetime:
    if one.released:
        return at_midnight(one.released)
    return one.prices[0].since


def _compared(one: Generation, earlier: Sequence[Generation]) -> Generation:
    if not earlier:
        return one
    mine, before, first = one.prices[0], earlier[-1], earlier[0]
    return replace(
        one,
        before=before.model.id,
        step=_change(_last_by(before.prices, mine.since), mine),
        since_first=_change(first.prices[0], mine),
    )


def _last_by(prices: Sequence[Priced], moment: datetime) -> Priced:
    """Take the price in force by a moment, else the first ever seen."""
    held = [price for price in prices if price.since <= moment]
    return held[-1] if held else prices[0]


def _change(old: Priced, new: Priced) -> Change:
    return Change(
        input=_relative(old.input, new.input),
        output=_relative(old.output, new.output),
        blended=_relative(old.blended, new.blended),
    )


def _relative(old: Decimal, new: Decimal) -> Decimal | None:
    if not old:
        return None
    return CONTEXT.divide(new, old).quantize(STEP, context=CONTEXT) - 1


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None
