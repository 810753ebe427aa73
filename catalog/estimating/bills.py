"""A bill: what a part of a month's requests costs in one tier, and the items it is made of."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from catalog.cost import Cost, Line
from catalog.cost.pricing import in_units
from catalog.cost.rates import Rate
from catalog.cost.rules import LONG_CONTEXT, Multiplier, Stack


@dataclass(frozen=True)
class Adjustment:
    """A multiplier that somebody states, and their words."""

    name: str
    factor: Fraction
    says: str
    url: str
    seen_at: datetime | None


@dataclass(frozen=True)
class Item:
    """What so much of one meter costs, or why that is not known."""

    tier: str
    meter: str
    quantity: int
    rate: Rate | None
    adjustments: tuple[Adjustment, ...]
    """What the rate is multiplied with."""
    amount: Decimal | None
    """In the currency of the rate, adjustments taken in; None: not known."""
    currency: str | None
    reason: str
    """Why it is not known."""


@dataclass(frozen=True, eq=False)
class Bill:
    """What a part of the requests costs in one tier."""

    tier: str
    requests: int
    cost: Cost
    pieces: tuple[Line, ...] = ()
    """What is priced by the image."""
    warnings: tuple[str, ...] = ()
    """Beside those of the cost."""

    @property
    def atto(self) -> int | None:
        """Atto-units of the currency; None where any part of it is not known."""
        counted = self.cost.atto if self._is_counted else 0
        if counted is None or any(line.atto is None for line in self.pieces):
            return None
        return counted + sum(line.atto or 0 for line in self.pieces)

    @property
    def currency(self) -> str | None:
        """The currency it is in; None where nothing has a price."""
        return self.cost.currency or next(
            (one.rate.currency for one in self.pieces if one.rate), None
        )

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why it has no total, where it has none; each once."""
        lines = (*self._lines, *self.pieces)
        return tuple(dict.fromkeys(line.reason for line in lines if line.atto is None))

    def items(self) -> Iterator[Item]:
        """Give what it is made of, a surcharge taken into the items that it is on."""
        lines = self._lines
        on_all = next((n for n, line in enumerate(lines) if _is_surcharge(line)), None)
        for number, line in enumerate(lines):
            if number != on_all:
                covering = lines[on_all] if on_all is not None and number < on_all else None
                yield self._item(line, covering)
        for line in self.pieces:
            yield self._item(line, None)

    @property
    def _is_counted(self) -> bool:
        """Whether anything but images is used."""
        return bool(self.cost.counted.amounts or self.cost.counted.tools)

    @property
    def _lines(self) -> tuple[Line, ...]:
        return self.cost.lines if self._is_counted else ()

    def _item(self, line: Line, covering: Line | None) -> Item:
        adjustments = tuple(self._adjustments(line, covering))
        return Item(
            self.tier,
            str(line.meter),
            line.quantity,
            line.rate,
            adjustments,
            self._amount(line, covering),
            line.rate.currency if line.rate else None,
            line.reason,
        )

    def _adjustments(self, line: Line, covering: Line | None) -> Iterator[Adjustment]:
        if line.factor is not None and isinstance(line.rule, Stack):
            stack = line.rule
            name = "long prompts" if stack in LONG_CONTEXT else f"{self.tier} cache"
            yield Adjustment(name, line.factor, stack.says, stack.url, None)
        if covering is not None and isinstance(covering.rule, Multiplier):
            yield _stated(covering.rule)

    def _amount(self, line: Line, covering: Line | None) -> Decimal | None:
        if line.atto is None:
            return None
        if covering is None or covering.factor is None:
            return in_units(line.atto)
        return in_units(round(line.atto * covering.factor))


def _is_surcharge(line: Line) -> bool:
    return isinstance(line.rule, Multiplier) and line.atto is not None


def _stated(rule: Multiplier) -> Adjustment:
    return Adjustment(rule.name, Fraction(rule.factor), rule.text, rule.url, rule.seen_at)
