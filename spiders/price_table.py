"""A table of prices, read by its headings: every column, row and section is mapped or refused."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field, replace
from functools import cache
from typing import TypeAlias

from pydantic import ValidationError

from catalog.reading import Fact, PricePoint, fold
from catalog.vocabulary import Meter
from spiders.bounds import read_bound
from spiders.grid import Cell, Grid
from spiders.names import Names, listed_names, read_names
from spiders.page import Page, changed
from spiders.quotes import (
    Quote,
    QuoteError,
    Setting,
    absence,
    read_currency,
    read_measure,
    read_quotes,
)
from spiders.reader import Claim, Found, together
from spiders.terms import Terms, meters_for, point

NONE_OR_ONE = range(2)
NONE_OR_MORE = range(1000)
ONE_OR_MORE = range(1, 1000)


@dataclass(frozen=True)
class Ignored:
    """A column, row or section that is no price of a model, and why."""

    reason: str


@dataclass(frozen=True)
class Price(Terms):
    """A column of prices: what all its cells are the price of."""

    _: KW_ONLY
    meters: tuple[Meter, ...] = ()
    """For cells that list several prices by position: "$3.00 / $0.30 / $15.00"."""
    words: Mapping[str, Terms] = field(default_factory=dict)
    """Further words its cells may hold (patterns), and what they say of their price."""
    thousands: bool = False
    """Whether "1,250" in it is an amount, and not perhaps 1.25 with a decimal comma."""
    optional: bool = False
    """Whether the column may be missing."""


@dataclass(frozen=True)
class Model:
    """The column that names the model."""

    _: KW_ONLY
    read: Callable[[str], Names] = read_names
    carried: bool = False
    """An empty cell means the model of the row above."""
    notes: Mapping[str, Terms | Ignored] = field(default_factory=dict)
    """Patterns of further lines in the cell, and what they say; others are refused."""
    optional: bool = False
    """Whether the column may be missing, the model then being named above the table."""


@dataclass(frozen=True)
class Choice:
    """A column whose words say something of the row's prices; unknown words are refused."""

    says: Mapping[str, Terms | Ignored]
    """Patterns of whole cells. Placeholders as in column headings."""
    _: KW_ONLY
    carried: bool = False
    """An empty cell means the word of the row above."""
    optional: bool = False


@dataclass(frozen=True)
class Context:
    """A column of prompt-length bounds: "(32K, 128K]"."""

    _: KW_ONLY
    thousands: bool = False
    """Whether bare numbers count thousands of tokens."""
    carried: bool = False
    optional: bool = False


@dataclass(frozen=True)
class Per:
    """A column that says what the row's prices are per: "1M tokens"."""


@dataclass(frozen=True)
class States:
    """A column that states a fact of the model."""

    name: str
    """context_tokens, max_output_tokens …"""
    worded: Callable[[str], str] = fold
    """From the cell's words to the fact's value; an empty value states nothing."""


Role: TypeAlias = "Price | Model | Choice | Context | Per | States | Ignored"

_PLACEHOLDERS = {
    "{unit}": r"(?P<unit>.+?)",
    "{currency}": r"(?P<currency>US\$|\$|¥|￥|€|USD|CNY|RMB|EUR|美元|元|人民币)",
    "{context}": r"(?P<context>.+?)",
    "{window}": r"(?P<window>\d\d:\d\d ?- ?\d\d:\d\d|off-peak|peak|非高峰|高峰)",
}
"""What a heading may itself state of its prices; each is read by its own grammar."""
_PEAKS = {"peak": "peak", "off-peak": "off-peak", "高峰": "peak", "非高峰": "off-peak"}


@dataclass(frozen=True)
class Above:
    """The model is not in the table but in a paragraph, or in the heading, above it."""

    pattern: str
    """With a group ``names``; the nearest text above that has it counts."""
    _: KW_ONLY
    prefix: str = ""
    """Put before each name that lacks it: "Claude "."""


@dataclass(frozen=True)
class PriceTable:
    """All tables of one layout in a page's sections."""

    section: str | None
    """A pattern of one of the headings above it, whole, in any case; none is anywhere."""
    columns: Mapping[str, Role]
    """Patterns of whole column headings, in any case, the first that fits; all others refused.

    Every declared column must be there, but ignored and optional ones.
    """
    _: KW_ONLY
    terms: Terms = field(default_factory=Terms)
    """What holds for the whole table."""
    levels: tuple[Mapping[str, Terms | Ignored], ...] = ()
    """What the innermost headings say, one mapping a level, the last for the innermost."""
    labels: Mapping[str, Mapping[str, Terms]] = field(default_factory=dict)
    """What the markup's own labels say: {"tier": {"batch": Terms(tier="batch")}}."""
    model: Above | None = None
    """Where the models are named, where no column does."""
    groups: Mapping[str, Terms | Ignored] = field(default_factory=dict)
    """Rows that hold one text in all columns, and what it says of the rows below."""
    expect: int | range = 1
    """How many such tables the page has."""
    says: tuple[str, ...] = ()
    """Patterns that the page's prose must hold for the declared unit or currency to be true."""
    transposed: bool = False
    """Models stand in columns, and the leading cells of each row are its heading."""
    short_rows: bool = False
    """Rows written with fewer cells continue the leading cells of the row above."""

    def read(self, page: Page) -> Found:
        """Read every table that fits; raises NotRead at the first surprise."""
        for needed in self.says:
            if not re.search(needed, page.words, re.IGNORECASE):
                raise changed(f"no text says {needed!r}, on which the unit or currency rests")
        return together(self._read(grid) for grid in self.select(page.grids))

    def select(self, grids: Sequence[Grid]) -> tuple[Grid, ...]:
        """Choose the tables of the section; their number must be as expected."""
        chosen = tuple(grid for grid in grids if self._fits(grid))
        wanted = (
            self.expect if isinstance(self.expect, range) else range(self.expect, self.expect + 1)
        )
        if len(chosen) not in wanted:
            raise changed(
                f"{len(chosen)} tables fit {self.section!r} with columns "
                f"{', '.join(self.columns)}; {self.expect} expected. {_seen(grids, self.section)}"
            )
        return chosen

    def _fits(self, grid: Grid) -> bool:
        """Tell whether a table is this one: by a heading above it, and by its needed columns."""
        if not _is_under(self.section, grid):
            return False
        columns = _turned(grid).columns if self.transposed else grid.columns
        needed = (p for p, role in self.columns.items() if _is_needed(role))
        return all(any(_matches(p, column) for column in columns) for p in needed)

    def _read(self, grid: Grid) -> Found:
        return _GridReading(self, grid).found()


def _is_needed(role: Role) -> bool:
    return not isinstance(role, Ignored | States) and not getattr(role, "optional", False)


def _window(words: str | None) -> str | None:
    """Give hours or the page's "peak" in the words of price points."""
    if words is None or not words[0].isdigit():
        return _PEAKS.get(words.casefold()) if words else None
    return f"{words.replace(' ', '')} UTC"


def _is_under(section: str | None, grid: Grid) -> bool:
    return section is None or any(_whole(section).fullmatch(text) for text in grid.headings)


def _seen(grids: Sequence[Grid], section: str | None) -> str:
    """Say which tables stand there instead."""
    under = [grid for grid in grids if _is_under(section, grid)] or grids
    lines = [f"{g.locator} under {' > '.join(g.headings)}: {', '.join(g.columns)}" for g in under]
    return "Seen: " + ("; ".join(lines[:6]) or "no table")


@cache
def _whole(pattern: str) -> re.Pattern[str]:
    for placeholder, group in _PLACEHOLDERS.items():
        pattern = pattern.replace(placeholder, group)
    return re.compile(pattern, re.IGNORECASE)


_MARKS = re.compile(r"(?:\s*(?:\[\d+\]|\^[^\s^]*\^|[*†‡§⁰¹²³⁴-⁹①-⑳]))+$")


def _matches(pattern: str, heading: str) -> re.Match[str] | None:
    return _whole(pattern).fullmatch(_MARKS.sub("", fold(heading)))


def _turned(grid: Grid) -> Grid:
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


@dataclass
class _Row:
    """One row while it is read."""

    index: int
    cells: tuple[Cell, ...]
    locator: str
    terms: Terms
    names: Names | None = None
    named: str = ""
    """The model cell's words, where they also say when or what the price is for."""


class _GridReading:
    """The reading of one table by its declaration."""

    def __init__(self, table: PriceTable, written: Grid) -> None:
        grid = _turned(written) if table.transposed else written
        self._table = table
        self._grid = grid
        self._leading = _leading(written) if table.transposed else None
        self._columns = [self._column(i, heading) for i, heading in enumerate(grid.columns)]
        self._above: tuple[Cell, ...] | None = None
        self._facts: list[Fact] = []

    def found(self) -> Found:
        """Read all rows; the table is then accounted for as a whole."""
        claims = (Claim(self._grid.locator),)
        terms = self._table_terms()
        if isinstance(terms, Ignored):
            return Found(claims=claims)
        points = tuple(p for row in self._rows(terms) for p in self._row_points(row))
        return Found(points, tuple(dict.fromkeys(self._facts)), claims=claims)

    def _changed(self, detail: str) -> Exception:
        under = " > ".join(self._grid.headings)
        return changed(f"{self._grid.locator} under {under!r}: {detail}")

    def _column(self, index: int, heading: str) -> _Column:
        for pattern, role in self._table.columns.items():
            if found := _matches(pattern, heading):
                terms = self._stated(found)
                if isinstance(role, Price):
                    terms = terms.under(role)
                return _Column(index, fold(heading), role, terms)
        raise self._changed(
            f"column {index + 1} {heading!r} is neither mapped nor ignored; look at the page and "
            "declare it"
        )

    def _stated(self, found: re.Match[str]) -> Terms:
        """Read what the placeholders of a pattern caught."""
        caught = {name: text for name, text in found.groupdict().items() if text}
        context = read_bound(caught["context"]) if "context" in caught else None
        if "context" in caught and context is None:
            raise self._changed(f"{caught['context']!r} is no prompt length")
        try:
            return Terms(
                unit=read_measure(caught["unit"]) if "unit" in caught else None,
                currency=read_currency(caught["currency"]) if "currency" in caught else None,
                context_over=context,
                window=_window(caught.get("window")),
            )
        except QuoteError as problem:
            raise self._changed(str(problem)) from None

    def _table_terms(self) -> Terms | Ignored:
        """Put together what the declaration, the headings and the labels say."""
        terms = self._table.terms
        innermost = self._grid.headings[len(self._grid.headings) - len(self._table.levels) :]
        if len(innermost) < len(self._table.levels):
            raise self._changed("fewer headings stand above it than are declared")
        for heading, says in zip(innermost, self._table.levels, strict=True):
            said = self._chosen(says, heading, "heading")
            if isinstance(said, Ignored):
                return said
            terms = terms.under(said)
        for name, by_label in self._table.labels.items():
            label = self._grid.labels.get(name, "")
            said = self._chosen(by_label, label, f"label {name}")
            terms = said if isinstance(said, Ignored) else terms.under(said)
        return terms

    def _chosen(
        self, says: Mapping[str, Terms | Ignored] | Mapping[str, Terms], text: str, what: str
    ) -> Terms | Ignored:
        for pattern, said in says.items():
            if found := _matches(pattern, text):
                return said if isinstance(said, Ignored) else self._stated(found).under(said)
        raise self._changed(f"{what} {text!r} is neither mapped nor ignored; declare it")

    def _rows(self, terms: Terms) -> Iterator[_Row]:
        """Give the rows that hold prices, with what the rows above say of them."""
        named = self._named_above()
        grouped: Terms | Ignored = terms
        for index, written in enumerate(self._grid.rows):
            locator = f"{self._grid.locator}, row {index + 1}"
            if self._is_group(written):
                said = self._chosen(self._table.groups, written[0].text, "row")
                grouped = said if isinstance(said, Ignored) else terms.under(said)
                continue
            cells = self._carried(written, index)
            self._above = cells
            if isinstance(grouped, Terms):
                row = _Row(index, cells, locator, grouped, named)
                if self._qualify(row):
                    yield row

    def _is_group(self, cells: Sequence[Cell]) -> bool:
        texts = {cell.text for cell in cells}
        return len(cells) > 2 and len(texts) == 1 and absence(cells[0].text) is None  # noqa: PLR2004 two equal cells may be two equal prices

    def _carried(self, cells: tuple[Cell, ...], index: int) -> tuple[Cell, ...]:
        """Fill in what the row leaves to the row above."""
        written = self._grid.short.get(index)
        if written is not None:
            if not self._table.short_rows or self._above is None:
                raise self._changed(f"row {index + 1} has only {written} cells; declare short_rows")
            cells = self._above[: len(cells) - written] + cells[:written]
        return tuple(
            self._above[column.index]
            if self._above and getattr(column.role, "carried", False) and not cells[i].text
            else cells[i]
            for i, column in enumerate(self._columns)
        )

    def _named_above(self) -> Names | None:
        """Read the models from the text above, where the table has no column of them."""
        above = self._table.model
        if above is None or any(isinstance(column.role, Model) for column in self._columns):
            return None
        for text in (*reversed(self._grid.above), *reversed(self._grid.headings)):
            if found := re.search(above.pattern, text):
                return Names(listed_names(found["names"], prefix=above.prefix))
        raise self._changed(f"no text above it matches {above.pattern!r}, which names the model")

    def _qualify(self, row: _Row) -> bool:
        """Read what the row's own cells say of its prices; tell whether it holds any."""
        for column in self._columns:
            cell = row.cells[column.index]
            said = self._says(column, cell, row)
            if isinstance(said, Ignored):
                return False
            row.terms = row.terms.under(said)
        if row.names is None and not row.terms.model:
            raise self._changed(f"{row.locator} names no model")
        return True

    def _says(self, column: _Column, cell: Cell, row: _Row) -> Terms | Ignored:
        match column.role:
            case Model() as role:
                return self._read_model(role, cell, row)
            case Choice(says=says):
                return self._chosen(says, fold(cell.text), f"{row.locator}, {column.heading}")
            case Context(thousands=thousands):
                return self._read_context(cell, row, thousands=thousands)
            case Per():
                return self._read_per(cell, row)
            case _:
                return Terms()

    def _read_context(self, cell: Cell, row: _Row, *, thousands: bool) -> Terms:
        bound = read_bound(fold(cell.text), thousands=thousands)
        if bound is None and not absence(cell.text):
            raise self._changed(f"{row.locator}: {cell.text!r} is no prompt length")
        return Terms(context_over=bound or 0)

    def _read_per(self, cell: Cell, row: _Row) -> Terms:
        try:
            return Terms(unit=read_measure(cell.text))
        except QuoteError as problem:
            raise self._changed(f"{row.locator}: {problem}") from None

    def _read_model(self, role: Model, cell: Cell, row: _Row) -> Terms | Ignored:
        first, *further = cell.text.split("\n")
        row.names = role.read(first)
        if not all(row.names.names):
            raise self._changed(f"{row.locator}: {cell.text!r} names no model")
        terms = Terms(valid_from=row.names.valid_from, valid_to=row.names.valid_to)
        row.named = fold(cell.text) if terms != Terms() or further else ""
        for note in further:
            said = self._chosen(role.notes, note, f"{row.locator}, note")
            if isinstance(said, Ignored):
                return said
            terms = terms.under(said)
        return terms

    def _row_points(self, row: _Row) -> Iterator[PricePoint]:
        if row.names:
            self._facts += row.names.facts
        for column in self._columns:
            cell = row.cells[column.index]
            if isinstance(column.role, States):
                self._state(column.role, column, cell, row)
            elif isinstance(column.role, Price):
                yield from self._cell_points(column.role, column, cell, row)

    def _state(self, role: States, column: _Column, cell: Cell, row: _Row) -> None:
        value = "" if absence(cell.text) else role.worded(cell.text)
        evidence = f"{column.heading}: {cell.text}"
        for name in self._models(row) if value else ():
            self._facts.append(Fact(model=name, name=role.name, value=value, evidence=evidence))

    def _models(self, row: _Row) -> tuple[str, ...]:
        return row.names.names if row.names else (row.terms.model or "",)

    def _cell_points(
        self, role: Price, column: _Column, cell: Cell, row: _Row
    ) -> Iterator[PricePoint]:
        terms = row.terms.under(column.terms)
        locator = self._place(row, column)
        try:
            quotes = read_quotes(cell.text, self._setting(role, terms), struck=cell.struck)
        except QuoteError as problem:
            raise self._changed(f"{locator} ({column.heading}): {problem}") from None
        evidence = " | ".join(x for x in (row.named, _quotation(column.heading, cell)) if x)
        if role.meters and quotes and len(quotes) != len(role.meters):
            raise self._changed(f"{locator}: {len(quotes)} prices; {len(role.meters)} expected")
        for place, quote in enumerate(quotes):
            nearer = terms.under(Terms(role.meters[place])) if role.meters else terms
            yield from self._quote_points(role, nearer, quote, row, evidence, locator)

    def _place(self, row: _Row, column: _Column) -> str:
        """Say where a cell stands on the page, also where the table was turned to be read."""
        if self._leading is None:
            return f"{row.locator}, column {column.index + 1}"
        return f"{self._grid.locator}, row {column.index}, column {self._leading + row.index + 1}"

    def _setting(self, role: Price, terms: Terms) -> Setting:
        words = {pattern: pattern for pattern in role.words}
        return Setting(terms.currency, terms.measure, words, role.thousands)

    def _quote_points(
        self, role: Price, terms: Terms, quote: Quote, row: _Row, evidence: str, locator: str
    ) -> Iterator[PricePoint]:
        for word in quote.words & set(role.words):
            terms = terms.under(role.words[word])
        terms = terms.under(
            Terms(
                context_over=quote.context_over,
                valid_from=quote.valid_from,
                valid_to=quote.valid_to,
            )
        )
        for meter in meters_for(terms.meter, quote.words - set(role.words)):
            for name in self._models(row):
                named = terms.under(Terms(meter, model=name))
                try:
                    yield point(named, quote, evidence=evidence, locator=locator)
                except ValidationError as problem:
                    raise self._changed(f"{locator}: {problem}") from None


def _quotation(heading: str, cell: Cell) -> str:
    return f"{heading}: {fold(cell.text)}" if heading else fold(cell.text)
