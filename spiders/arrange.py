"""Tables put in a shape that can be declared: every price in a column that says what it is."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from spiders.grid import Cell, Grid
from spiders.page import changed

Row = Mapping[str, Cell]
Naming = Callable[[Row, Sequence[Row]], Mapping[str, str]]
"""From a row, and all rows of its table, to new names for some of the row's columns."""


def filled(grid: Grid) -> Grid:
    """Put in front of each row that was written without its first cell that of the row above.

    A row that lacks more is refused: it is no continuation, it is cut off.
    """
    rows: list[tuple[Cell, ...]] = []
    for index, row in enumerate(grid.rows):
        missing = len(row) - grid.short.get(index, len(row))
        if missing > 1 or (missing and not rows):
            raise changed(f"{grid.locator}, row {index + 1} lacks {missing} of {len(row)} cells")
        rows.append((rows[-1][0], *row[:-1]) if missing else row)
    return replace(grid, rows=tuple(rows), short={})


def with_second_headings(grid: Grid, first: str) -> Grid:
    """Join the first row to the headings, where it begins with the text that only headings have.

    An empty heading repeats the one to its left, as a span over several columns is flattened.
    """
    if not grid.rows or grid.rows[0][0].text != first:
        return grid
    spanning = ""
    columns = []
    for above, cell in zip(grid.columns, grid.rows[0], strict=True):
        spanning = above or spanning
        columns.append(" / ".join(text for text in (spanning, cell.text) if text))
    short = {index - 1: written for index, written in grid.short.items() if index}
    return replace(grid, columns=tuple(columns), rows=grid.rows[1:], short=short)


def kept(grid: Grid, wanted: Callable[[str], bool]) -> Grid:
    """Keep only the columns whose headings are wanted."""
    places = [place for place, column in enumerate(grid.columns) if wanted(column)]
    rows = tuple(tuple(row[place] for place in places) for row in grid.rows)
    return replace(grid, columns=tuple(grid.columns[place] for place in places), rows=rows)


def spread(grid: Grid, naming: Naming) -> Grid:
    """Give each row's cells the columns that a rule names for them; a new name is a new column."""
    rows = [dict(zip(grid.columns, row, strict=True)) for row in grid.rows]
    spreads = [dict(_renamed(row, naming(row, rows))) for row in rows]
    columns = tuple(dict.fromkeys(column for row in spreads for column in row))
    cells = tuple(tuple(row.get(column, Cell("")) for column in columns) for row in spreads)
    return replace(grid, columns=columns or grid.columns, rows=cells)


def _renamed(row: Row, names: Mapping[str, str]) -> Iterator[tuple[str, Cell]]:
    yield from ((names.get(column, column), cell) for column, cell in row.items())
