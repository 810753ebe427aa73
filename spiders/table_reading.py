"""The reading of one table by its declaration."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from pydantic import ValidationError

from catalog.reading import Fact, NotRead, PricePoint, fold
from spiders.bounds import read_bound
from spiders.columns import (
    Ignored,
    Model,
    Price,
    Role,
    Says,
    States,
    choose,
    matches,
    stated,
)
from spiders.grid import Cell, Grid
from spiders.measures import QuoteError
from spiders.names import Names, listed_names
from spiders.page import changed
from spiders.quotes import Quote, Setting, absence, read_quotes
from spiders.reader import Claim, Found
from spiders.row_reading import Row, all_of, held, joined, said
from spiders.terms import Terms, coordinates, meanings, point

if TYPE_CHECKING:
    from spiders.price_table import PriceTable


def turned(grid: Grid) -> Grid:
    """Turn a table whose row labels are headings: its rows become columns."""
    table = [tuple(Cell(column) for column in grid.columns), *grid.rows]
    leading = _leading(grid)
    columns = tuple(_label(row[:leading]) for row in table)
    rows = tuple(zip(*(row[leading:] for row in table), strict=True))
    return replace(grid, columns=columns, rows=rows, short={})


def _leading(grid: Grid) -> int:
    """Count the leading columns that hold a turned table's headings: its first cell's span."""
    first = grid.columns[0] if grid.columns else ""
    return next((i for i, text in enumerate(grid.columns) if text != first), len(grid.columns))


def _label(cells: Sequence[Cell]) -> str:
    return " / ".join(dict.fromkeys(fold(cell.text) for cell in cells if cell.text))


@dataclass(frozen=True)
class _Column:
    """One column of one table: its place, its heading, and its declared role."""

    index: int
    heading: str
    role: Role
    terms: Terms
    """What the role and the heading's placeholders say."""


class TableReading:
    """One table, read once; whatever is not as declared raises NotRead and says where."""

    def __init__(self, table: "PriceTable", written: Grid) -> None:
        """Map the columns; raises NotRead at one that is neither mapped nor ignored."""
        self._table = table
        self._grid = turned(written) if table.transposed else written
        self._leading = _leading(written) if table.transposed else None
        self._columns: list[_Column] = []
        self._above: tuple[Cell, ...] | None = None
        self._has_long = False
        self._read: list[Row] = []
        self.ignored: dict[int, str] = {}
        """The rows that a rule says state no price, by index, and why; filled by the reading."""

    def found(self) -> Found:
        """Read all rows; the table is then accounted for as a whole."""
        try:
            return self._found()
        except NotRead as problem:
            under = " > ".join(self._grid.headings)
            raise changed(f"{self._grid.locator} under {under!r}: {problem.detail}") from None

    def _found(self) -> Found:
        claims = (Claim(self._grid.locator),)
        terms = self._table_terms()
        if isinstance(terms, Ignored):
            self.ignored = dict.fromkeys(range(len(self._grid.rows)), terms.reason)
            return Found(claims=claims)
        self._columns = [self._column(i, text) for i, text in enumerate(self._grid.columns)]
        self._has_long = any(getattr(column.role, "long", False) for column in self._columns)
        rows = self._read = list(self._rows(terms))
        points = tuple(price for row in rows for price in self._row_points(row))
        facts = tuple(dict.fromkeys(fact for row in rows for fact in self._row_facts(row)))
        return Found(points, facts, claims=claims)

    def _column(self, index: int, heading: str) -> _Column:
        for pattern, role in self._table.columns.items():
            if found := matches(pattern, heading):
                terms = stated(found)
                said = terms.under(role) if isinstance(role, Price) else terms
                return _Column(index, fold(heading), role, said)
        raise changed(
            f"column {index + 1} {heading!r} is neither mapped nor ignored; look at the page and "
            "declare it"
        )

    def _table_terms(self) -> Terms | Ignored:
        """Put together what the declaration, the headings and the labels say."""
        levels, headings = self._table.levels, self._grid.headings
        if len(headings) < len(levels):
            raise changed(f"{len(levels)} headings are declared to stand above it")
        innermost = headings[len(headings) - len(levels) :]
        said = [
            *(choose(says, h, "heading") for says, h in zip(levels, innermost, strict=True)),
            *_said_above(self._table.headings, headings),
            *(
                choose(says, self._grid.labels.get(name, ""), f"label {name}")
                for name, says in self._table.labels.items()
            ),
        ]
        return all_of(self._table.terms, said)

    def _rows(self, terms: Terms) -> Iterator[Row]:
        """Give the rows that hold prices, with what the rows above say of them."""
        names, words = self._named_above()
        grouped: Terms | Ignored = terms
        grouping = ""
        for index, written in enumerate(self._grid.rows):
            if not any(cell.text or cell.struck for cell in written):
                continue
            if group := _group(written, self._table.groups):
                grouped, grouping = (
                    all_of(terms, [choose(self._table.groups, group, "row")]),
                    group,
                )
                continue
            self._above = self._carried(written, index)
            if isinstance(grouped, Ignored):
                self.ignored[index] = grouped.reason
            else:
                row = Row(index, self._above, grouped, names, words, grouping, self._has_long)
                if self._qualify(row):
                    yield row

    def _carried(self, cells: tuple[Cell, ...], index: int) -> tuple[Cell, ...]:
        """Fill in what the row leaves to the row above."""
        written = self._grid.short.get(index)
        if written is not None:
            if self._above is None or not self._may_write(written):
                raise changed(f"row {index + 1} has only {written} cells; declare short_rows")
            cells = self._above[: len(cells) - written] + cells[:written]
        return tuple(
            self._above[column.index]
            if self._above and getattr(column.role, "carried", False) and not cell.text
            else cell
            for column, cell in zip(self._columns, cells, strict=True)
        )

    def _may_write(self, cells: int) -> bool:
        """Tell whether a row may have fewer cells than columns, and so many."""
        allowed = self._table.short_rows
        return allowed if isinstance(allowed, bool) else cells == allowed

    def _named_above(self) -> tuple[Names | None, str]:
        """Read the models from the words above, where the table has no column of them."""
        above = self._table.model
        if above is None or any(isinstance(column.role, Model) for column in self._columns):
            return None, ""
        for text in (*reversed(self._grid.above), *reversed(self._grid.headings)):
            if found := re.search(above.pattern, text):
                return Names(listed_names(found["names"], prefix=above.prefix)), found.group()
        raise changed(f"no text above it matches {above.pattern!r}, which names the model")

    def _qualify(self, row: Row) -> bool:
        """Read what the row's own cells say of its prices; tell whether it holds any."""
        told = [self._said(column, row) for column in self._columns]
        terms = all_of(row.terms, told)
        if isinstance(terms, Ignored):
            self.ignored[row.index] = terms.reason
            return False
        row.terms = terms
        if not all(row.models):
            raise changed(f"row {row.index + 1} names no model")
        return True

    def _said(self, column: _Column, row: Row) -> Terms | Ignored:
        what = f"{column.heading!r} in row {row.index + 1}"
        return said(column.role, row.cells[column.index], row, what)

    def _row_facts(self, row: Row) -> Iterator[Fact]:
        yield from row.names.facts if row.names else ()
        for column in self._columns:
            text = row.cells[column.index].text
            if isinstance(column.role, States) and not absence(text):
                yield from _facts(column.role, row.models, f"{column.heading}: {text}", text)

    def _row_points(self, row: Row) -> Iterator[PricePoint]:
        stated: dict[tuple[object, ...], PricePoint] = {}
        for column in self._columns:
            if isinstance(column.role, Price):
                for price in self._cell_points(column.role, column, row):
                    _refuse_contradiction(price, stated.setdefault(coordinates(price), price))
                    yield price

    def _cell_points(self, role: Price, column: _Column, row: Row) -> Sequence[PricePoint]:
        """Give a cell's prices; two of them for one thing contradict each other."""
        cell = row.cells[column.index]
        if any(matches(pattern, cell.text) for pattern in role.absent):
            return ()
        place = self._place(row, column)
        terms = self._cell_terms(role, column, row)
        setting = Setting(
            terms.currency, terms.measure, role.own_words, role.own_measures, role.thousands
        )
        evidence = joined(row.group, row.named, _quotation(column.heading, cell))
        try:
            quotes = read_quotes(cell.text, setting, struck=cell.struck)
            _check_free(role, quotes, cell)
            points = [
                point(said, quote, evidence=evidence, locator=place)
                for position, quote in enumerate(quotes)
                for meant in _quoted(role, terms, quote, position, len(quotes))
                for said in (meant.under(_of_model(model)) for model in row.models)
            ]
        except (QuoteError, ValidationError, NotRead) as problem:
            raise changed(f"{place} ({column.heading}): {problem}") from None
        if len(points) != len({coordinates(price) for price in points}):
            raise changed(f"{place} ({column.heading}): {cell.text!r} prices one thing twice")
        return points

    def _cell_terms(self, role: Price, column: _Column, row: Row) -> Terms:
        """Put together what the row and the column say of a cell."""
        terms = row.terms.under(column.terms)
        for pattern, nearer in row.said_of:
            terms = terms.under(nearer) if matches(pattern, column.heading) else terms
        if row.text_apart and "text" in terms.said and self._is_beside(column, row):
            terms = replace(terms, said=terms.said - {"text"} | {"text alone"})
        if not role.long:
            return terms
        bound = row.names.context_over if row.names else None
        bound = self._long if bound is None else bound
        if bound is None and not absence(row.cells[column.index].text):
            raise changed(f"row {row.index + 1} does not say from which length a prompt is long")
        return terms.under(held(bound, None, None))

    def _is_beside(self, column: _Column, row: Row) -> bool:
        """Tell whether another row of the model states a price in a column."""
        cells = (
            o.cells[column.index] for o in self._read if o.models == row.models and o is not row
        )
        return any(absence(cell.text) is None for cell in cells)

    @cached_property
    def _long(self) -> int | None:
        """Give from where on prompts are long, as a label says; 1 where it tells no number."""
        label = self._grid.labels.get("long", "")
        return 1 if label == "long" else read_bound(label)

    def _place(self, row: Row, column: _Column) -> str:
        """Say where a cell stands on the page, also where the table was turned to be read."""
        places = self._grid.places
        across, down = column.index + 1, (places[row.index] if places else row.index) + 1
        if self._leading is not None:
            across, down = self._leading + row.index + 1, column.index
        return f"{self._grid.locator}, row {down}, column {across}"


def _refuse_contradiction(price: PricePoint, other: PricePoint) -> None:
    """Refuse two amounts for one thing in one row: what tells their columns apart is not read."""
    if price.amount != other.amount:
        raise changed(
            f"{price.locator}: {price.evidence!r} and {other.evidence!r} price one thing; declare "
            "what tells their columns apart"
        )


def _said_above(says: Says, headings: Sequence[str]) -> Iterator[Terms | Ignored]:
    """Give what the innermost heading says that the patterns know; one must be known."""
    if not says:
        return
    known = (h for h in reversed(headings) if any(matches(pattern, h) for pattern in says))
    yield choose(says, next(known, " > ".join(headings)), "no heading above it:")


def _group(cells: Sequence[Cell], groups: Says) -> str:
    """Give what a row says of those below: one text across all columns, or its outermost ones.

    Two equal cells may be two equal prices.
    """
    first, *between, last = (cell.text for cell in cells) if len(cells) > 2 else ("", "")  # noqa: PLR2004 as said
    if {first, *between} == {last}:
        return "" if absence(first) else first
    ends = f"{first} / {last}"
    known = not any(between) and any(matches(pattern, ends) for pattern in groups)
    return ends if known else ""


def _facts(role: States, models: Sequence[str], evidence: str, text: str) -> Iterator[Fact]:
    value = role.worded(text)
    for model in models if value else ():
        yield Fact(model=model, name=role.name, value=value, evidence=evidence)


def _check_free(role: Price, quotes: Sequence[Quote], cell: Cell) -> None:
    if role.only_free and any(quote.amount for quote in quotes):
        raise changed(f"{cell.text!r} is no longer free; see what it is per")


def _quoted(role: Price, terms: Terms, quote: Quote, position: int, count: int) -> Iterator[Terms]:
    """Give what a cell's quote is the price of: one for each meter it names."""
    if role.meters and terms.meter is None:
        if count != len(role.meters):
            raise changed(f"{count} prices stand in it; {len(role.meters)} expected")
        terms = terms.under(Terms(role.meters[position]))
    declared = quote.words & set(role.words)
    for word in declared:
        terms = terms.under(role.words[word])
    holds = held(quote.context_over, quote.valid_from, quote.valid_to)
    yield from meanings(terms.under(holds), quote.words - declared, quote.unit)


@lru_cache
def _of_model(model: str) -> Terms:
    return Terms(model=model)


def _quotation(heading: str, cell: Cell) -> str:
    return f"{heading}: {fold(cell.text)}" if heading else fold(cell.text)
