"""A table of prices, read by its headings: every column, row and section is mapped or refused."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field, replace
from decimal import Decimal

from catalog.reading import PricePoint
from spiders.columns import (
    Choice,
    Condition,
    Context,
    Ignored,
    Model,
    Per,
    Price,
    Role,
    Says,
    States,
    is_needed,
    matches,
    whole_pattern,
)
from spiders.dates import find_day
from spiders.grid import Grid
from spiders.page import Page, changed
from spiders.reader import Found, together
from spiders.table_reading import TableReading, turned
from spiders.terms import Terms

__all__ = [
    "NONE_OR_MORE",
    "NONE_OR_ONE",
    "ONE_OR_MORE",
    "Above",
    "Choice",
    "Condition",
    "Context",
    "Ignored",
    "Model",
    "Per",
    "Price",
    "PriceTable",
    "States",
    "Terms",
]

NONE_OR_ONE = range(2)
NONE_OR_MORE = range(1000)
ONE_OR_MORE = range(1, 1000)


@dataclass(frozen=True)
class Above:
    """The models are named in a paragraph, or in the heading, above the table."""

    pattern: str
    """With a group ``names``; the nearest text above that has it counts."""
    _: KW_ONLY
    prefix: str = ""
    """Put before each name that lacks it: "Claude "."""


@dataclass(frozen=True)
class PriceTable:
    """All tables of one layout in one kind of section."""

    section: str | None
    """A pattern of one of the headings above it, whole, in any case; none is anywhere."""
    columns: Mapping[str, Role]
    """Patterns of whole column headings, in any case, the first that fits; others are refused.

    A table without one of them isn't this one, unless it is ignored, a fact, or optional. What
    {unit}, {currency}, {context}, {window}, {region} or {variant} stands for, the heading states.
    """
    _: KW_ONLY
    terms: Terms = field(default_factory=Terms)
    """What holds for all its prices."""
    levels: tuple[Says, ...] = ()
    """What the innermost headings say: one mapping a level, the last for the innermost."""
    headings: Says = field(default_factory=dict)
    """What one of the headings says, however far above: the innermost that fits; one must."""
    labels: Mapping[str, Says] = field(default_factory=dict)
    """What the markup's own labels say: {"tier": {"batch": Terms(tier="batch")}}."""
    model: Above | None = None
    """Where the models are named, where no column does."""
    groups: Says = field(default_factory=dict)
    """Rows that hold one text in all columns, and what it says of the rows below.

    Or a text in the first and in the last alone: "Language models / Per {unit}".
    """
    expect: int | range = 1
    """How many such tables the page has."""
    says: tuple[str, ...] = ()
    """Patterns that the page's prose must hold, on which a declared unit or currency rests."""
    has: str | None = None
    """A pattern of a column heading that tells its tables from others, where no one role does."""
    after: str | None = None
    """A pattern of one of the three paragraphs before it, whole."""
    transposed: bool = False
    """Models stand in columns, and the leading cells of each row are its heading."""
    short_rows: bool | int = False
    """Rows written with fewer cells (or just so many) continue the leading ones of that above."""
    innermost: bool = False
    """The section is the nearest heading above it."""
    dated: str = ""
    """A pattern of prose with a group ``day``, from which on its prices hold, where prose says so.

    Where a group ``free`` is found they are zero before that day.
    """

    def read(self, page: Page) -> Found:
        """Read every table that fits; raises NotRead at the first surprise."""
        for needed in self.says:
            if not re.search(needed, page.words, re.IGNORECASE):
                raise changed(f"no text says {needed!r}, on which the unit or currency rests")
        chosen = self.select(page.grids)
        return self.as_dated(page, together(TableReading(self, grid).found() for grid in chosen))

    def as_dated(self, page: Page, found: Found) -> Found:
        """Give what was read the day that prose says, where it is so declared."""
        said = re.search(self.dated, page.words) if self.dated else None
        return replace(found, points=_dated(found.points, said)) if said else found

    def select(self, grids: Sequence[Grid]) -> tuple[Grid, ...]:
        """Choose the tables that fit; their number must be as expected."""
        chosen = tuple(grid for grid in grids if self.fits(grid))
        expected = self.expect
        if len(chosen) not in (
            range(expected, expected + 1) if isinstance(expected, int) else expected
        ):
            raise changed(
                f"{len(chosen)} tables in section {self.section!r} have the columns "
                f"{', '.join(self.columns)}; {expected} expected. {_seen(grids, self.section)}"
            )
        return chosen

    def fits(self, grid: Grid) -> bool:
        """Tell whether a table is one of those that are declared."""
        return self.stands_as_declared(grid) and not any(self.lacking(grid))

    def stands_as_declared(self, grid: Grid) -> bool:
        """Tell whether a table stands under the section and after the paragraph declared."""
        nearest = replace(grid, headings=grid.headings[-1:]) if self.innermost else grid
        return _is_under(self.section, nearest) and _is_after(self.after, grid)

    def lacking(self, grid: Grid) -> Iterator[str]:
        """Give the needed columns that a table has not, by their patterns."""
        columns = turned(grid).columns if self.transposed else grid.columns
        needed = [pattern for pattern, role in self.columns.items() if is_needed(role)]
        needed += [self.has] if self.has else []
        for pattern in needed:
            if not any(matches(pattern, column) for column in columns):
                yield pattern


def _dated(prices: Sequence[PricePoint], said: re.Match[str]) -> tuple[PricePoint, ...]:
    """Give prices the day from which on prose says that they hold, and what holds before it."""
    day = find_day(said["day"])
    if day is None:
        raise changed(f"{said.group()!r} names no day")
    free = {"amount": Decimal(0), "valid_to": day, "evidence": f"prose only: {said.group()}"}
    before = prices if said.groupdict().get("free") else ()
    return (
        *(_other(price, {"valid_from": day}) for price in prices),
        *(_other(price, free) for price in before),
    )


def _other(price: PricePoint, said: Mapping[str, object]) -> PricePoint:
    return PricePoint.model_validate({**dict(price), **said})


def _is_under(section: str | None, grid: Grid) -> bool:
    return section is None or any(whole_pattern(section).fullmatch(h) for h in grid.headings)


def _is_after(pattern: str | None, grid: Grid) -> bool:
    return pattern is None or any(whole_pattern(pattern).fullmatch(t) for t in grid.above[-3:])


def _seen(grids: Sequence[Grid], section: str | None) -> str:
    """Say which tables stand there instead."""
    under = [grid for grid in grids if _is_under(section, grid)] or grids
    lines = [f"{g.locator} under {' > '.join(g.headings)}: {', '.join(g.columns)}" for g in under]
    return "Seen: " + ("; ".join(lines[:6]) or "no table")
