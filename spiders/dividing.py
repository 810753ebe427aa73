"""Rows divided where one cell holds several prices: a row a line, or a row a label."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from spiders.grid import Cell, Grid
from spiders.page import changed

Row = tuple[Cell, ...]
Placed = tuple[int, Row]
"""A row, and the index of the page's row that it was made of."""

_LABEL = r"(?:\d+[mh] )?[A-Z][A-Za-z ]*"
_LABELLED = re.compile(
    rf"(?P<label>{_LABEL}):\s*(?P<price>(?:\$|No charge).*?)(?=\s+{_LABEL}:|\n|$)", re.DOTALL
)
_AMOUNT = re.compile(r"\d|free|charge", re.IGNORECASE)


def placed_rows(grid: Grid) -> list[Placed]:
    """Give a table's rows with their places on the page."""
    return list(zip(grid.places or range(len(grid.rows)), grid.rows, strict=True))


def with_rows(grid: Grid, rows: Sequence[Placed]) -> Grid:
    """Give a table other rows, made of those at these places."""
    return replace(grid, rows=tuple(row for _, row in rows), places=tuple(p for p, _ in rows))


def by_line(grid: Grid, leading: str, prices: Sequence[int]) -> Grid:
    """Divide each row whose leading column and stated prices stand in equally many lines."""
    if leading not in grid.columns:
        return grid
    place = grid.columns.index(leading)
    divided = [(p, x) for p, row in placed_rows(grid) for x in _lines(row, place, prices)]
    return with_rows(grid, divided)


def _lines(row: Row, leading: int, prices: Sequence[int]) -> Iterator[Row]:
    lines = {p: row[p].text.split("\n") for p in (leading, *prices) if row[p].text}
    counts = {len(texts) for texts in lines.values()}
    if counts == {1} or len(counts) != 1:
        yield row
        return
    for texts in zip(*lines.values(), strict=True):
        said = dict(zip(lines, texts, strict=True))
        yield tuple(
            replace(_unstruck(cell), text=said[i].strip().rstrip(":")) if i in said else cell
            for i, cell in enumerate(row)
        )


def by_label(grid: Grid, prices: Sequence[int], name: Callable[[set[str]], str]) -> Grid:
    """Give each labelled line ("Cache Hit: $0.50") its row, and a last column of the labels.

    A label that comes twice in a cell is two rows: they contradict each other, or are for things
    that the page leaves out. The rule names the column by the labels it holds.
    """
    rows = placed_rows(grid)
    texts = [row[place].text for _, row in rows for place in prices]
    labels = {found["label"] for text in texts for found in _LABELLED.finditer(text)}
    if not labels:
        return grid
    if name(labels) in grid.columns:
        raise changed(f"{grid.locator} has a column {name(labels)!r} and labels of its own, too")
    divided = [(place, line) for place, row in rows for line in _labelled(row, prices)]
    return with_rows(replace(grid, columns=(*grid.columns, name(labels))), divided)


def _labelled(row: Row, prices: Sequence[int]) -> Iterator[Row]:
    said: dict[tuple[str, int], dict[int, str]] = {}
    for place in prices:
        text = row[place].text
        if _AMOUNT.search(_LABELLED.sub("", text)):
            raise changed(f"{text!r} holds more than labelled prices")
        labels: list[str] = []
        for line in _LABELLED.finditer(text):
            key = line["label"], labels.count(line["label"])
            said.setdefault(key, {})[place] = line["price"]
            labels.append(line["label"])
    for (label, _), texts in said.items():
        rest = (
            replace(_unstruck(cell), text=texts.get(i, "")) if i in prices else cell
            for i, cell in enumerate(row)
        )
        yield (*rest, Cell(label))


def _unstruck(cell: Cell) -> Cell:
    if cell.struck:
        raise changed(f"{cell.struck!r} is struck in {cell.text!r}; say beside which price")
    return cell
