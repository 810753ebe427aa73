"""One <table> of HTML as a grid: spans filled in, headings joined, placeholders left out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lxml.html import HtmlElement

from spiders.grid import Cell, Grid
from spiders.html_words import joined, words

_HIDDEN_STYLE = re.compile(r"display\s*:\s*none")
_MOST_SPAN = 200


@dataclass(frozen=True, slots=True)
class _Span:
    """A source cell and the rows that it still reaches down."""

    cell: Cell
    rows_left: int


def table_grid(table: HtmlElement) -> Grid:
    """Read one <table>: spans filled in, hidden placeholders left out, headings joined.

    Headings are the rows of <thead>, or the leading rows of <th>; else the first row. A table
    without any, whose neighbour holds them, keeps empty ones when it marks all rows as body.
    """
    rows = [row for row in table.iter("tr") if _own_table(row) is table]
    cells = _filled(rows)
    heads = _heading_rows(rows)
    width = max((len(row) for row in cells), default=0)
    padded = [row + [Cell("")] * (width - len(row)) for row in cells]
    columns = tuple(joined(level[i].text for level in padded[:heads]) for i in range(width))
    short = {
        index: int(row.get("data-cells"))
        for index, row in enumerate(rows[heads:])
        if row.get("data-cells")
    }
    body = tuple(tuple(row) for row in padded[heads:])
    return Grid((), columns, body, "table", {}, (), short)


def _own_table(row: HtmlElement) -> HtmlElement | None:
    return next(row.iterancestors("table"), None)


def _heading_rows(rows: Sequence[HtmlElement]) -> int:
    """Count the heading rows; a heading that spans rows takes those below it along."""
    stated = _stated_heading_rows(rows)
    reach = (i + _span(cell, "rowspan", 1) for i, row in enumerate(rows[:stated]) for cell in row)
    return min(max(reach, default=0), len(rows)) if stated else 0


def _stated_heading_rows(rows: Sequence[HtmlElement]) -> int:
    in_head = len([row for row in rows if row.getparent().tag == "thead"])
    if in_head:
        return in_head
    only_headings = [bool(len(row)) and all(cell.tag == "th" for cell in row) for row in rows]
    leading = next((i for i, only in enumerate(only_headings) if not only), len(rows))
    if leading:
        return leading
    return 0 if _follows_headings(rows) else 1


def _follows_headings(rows: Sequence[HtmlElement]) -> bool:
    """Tell whether the table before this one, in the same container, holds only headings."""
    table = _own_table(rows[0]) if rows else None
    if table is None:
        return False
    before = table.xpath("preceding::table[1]")
    return bool(before) and not before[0].xpath(".//td") and bool(before[0].xpath(".//th"))


def _filled(rows: Sequence[HtmlElement]) -> list[list[Cell]]:
    """Give each row's cells; a cell reaches down to the end of its row group at most."""
    filled: list[list[Cell]] = []
    hanging: dict[int, _Span] = {}
    group: HtmlElement | None = None
    for index, row in enumerate(rows):
        if row.getparent() is not group:
            hanging, group = {}, row.getparent()
        written = [cell for cell in row if cell.tag in ("td", "th") and not _is_hidden(cell)]
        hanging = _fill_row(written, hanging, len(rows) - index)
        filled.append([hanging[column].cell for column in sorted(hanging)])
        hanging = {c: _Span(s.cell, s.rows_left - 1) for c, s in hanging.items() if s.rows_left > 1}
    return filled


def _fill_row(
    written: Sequence[HtmlElement], hanging: dict[int, _Span], rows_left: int
) -> dict[int, _Span]:
    """Put a row's cells into the columns that no cell from above still reaches into."""
    filled = dict(hanging)
    column = 0
    for element in written:
        cell = words(element)
        down = _span(element, "rowspan", rows_left)
        for _ in range(_span(element, "colspan", 1)):
            while column in filled:
                column += 1
            filled[column] = _Span(cell, down)
    last = max(filled, default=-1)
    return {c: filled.get(c, _Span(Cell(""), 1)) for c in range(last + 1)}


def _span(element: HtmlElement, name: str, whole: int) -> int:
    """Give a span; 0 reaches to the table's end, and what is no number is 1."""
    written = element.get(name)
    if written is None or written == "1":
        return 1
    digits = re.match(r"\d+", written.strip())
    stated = int(digits[0]) if digits else 1
    return min(stated or whole, _MOST_SPAN)


def _is_hidden(cell: HtmlElement) -> bool:
    placeholder = "0" in (cell.get("rowspan"), cell.get("colspan"))
    return placeholder or bool(_HIDDEN_STYLE.search(cell.get("style", "")))
