"""Tables of a page as their markup has them, edited in place: HTML's and markdown's."""

import re
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Protocol

from lxml.html import HtmlElement, fromstring

Edit = Callable[[str], str]


class Table(Protocol):
    """One table: its cells by row and column, heading rows first; edits change the page."""

    heads: int

    @property
    def texts(self) -> Sequence[Sequence[str]]:
        """Give the words of each cell, spans filled in."""

    def swap(self, one: int, other: int) -> bool:
        """Swap two columns with their headings; False where spans or short rows forbid it."""

    def insert(self, heading: str, values: Sequence[str]) -> bool:
        """Put one more column at the end."""

    def rename(self, column: int, heading: str) -> bool:
        """Give a column another heading."""

    def drop(self, rows: Sequence[int]) -> Sequence[int]:
        """Take away those of some rows that stand alone; give which."""

    def edit(self, row: int, column: int, edit: Edit) -> bool:
        """Change a cell's words; False where nothing changed."""

    def fill(self, other: "Table") -> bool:
        """Put another table's rows in the place of this one's."""

    def remove(self) -> None:
        """Take the table off the page."""


@dataclass
class HtmlTable:
    """A <table>."""

    element: HtmlElement
    heads: int = 1
    rows: list[HtmlElement] = field(default_factory=list)
    slots: list[dict[int, HtmlElement]] = field(default_factory=list)
    """By row, what stands in each column; a spanning cell stands in all that it covers."""

    def __post_init__(self) -> None:
        """Lay the cells out."""
        every = self.element.iter("tr")
        self.rows = [r for r in every if next(r.iterancestors("table"), None) is self.element]
        self.slots = _laid_out(self.rows)
        in_head = [row for row in self.rows if row.getparent().tag == "thead"]
        only_headings = [bool(len(r)) and all(c.tag == "th" for c in r) for r in self.rows]
        leading = next((i for i, only in enumerate(only_headings) if not only), len(self.rows))
        self.heads = len(in_head) or leading or 1

    @property
    def texts(self) -> Sequence[Sequence[str]]:
        """Give the words of each cell, spans filled in."""
        return [
            [row[c].text_content() if c in row else "" for c in self.columns] for row in self.slots
        ]

    @property
    def columns(self) -> range:
        """Give the columns of the widest row."""
        return range(1 + max((column for row in self.slots for column in row), default=-1))

    def swap(self, one: int, other: int) -> bool:
        """Swap two columns with their headings; False where a span covers only one of them."""
        if not all(_stands_free(row, one, other) for row in self.slots):
            return False
        for place, (row, slots) in enumerate(zip(self.rows, self.slots, strict=True)):
            swapped = {{one: other, other: one}.get(c, c): cell for c, cell in slots.items()}
            own = list(dict.fromkeys(swapped[c] for c in sorted(swapped)))
            written = [cell for cell in own if cell.getparent() is row]
            hidden = [cell for cell in row if cell not in written]
            row[:] = [*written, *hidden]
            self.slots[place] = swapped
        return True

    def insert(self, heading: str, values: Sequence[str]) -> bool:
        """Put one more column at the end."""
        given = iter(values)
        for place, row in enumerate(self.rows):
            is_heading = place < self.heads
            words = heading if is_heading else next(given, "")
            row.append(fromstring(f"<th>{words}</th>" if is_heading else f"<td>{words}</td>"))
        return True

    def rename(self, column: int, heading: str) -> bool:
        """Give a column another heading; False where the heading is also that of others."""
        cell = self.slots[self.heads - 1].get(column)
        shared = [c for c, other in self.slots[self.heads - 1].items() if other is cell]
        if cell is None or len(shared) > 1:
            return False
        for inner in list(cell):
            cell.remove(inner)
        cell.text = heading
        return True

    def drop(self, rows: Sequence[int]) -> Sequence[int]:
        """Take away those of some rows whose cells span no other row; give which."""
        alone = [row for row in rows if self._is_alone(row)]
        for row in alone:
            self.rows[row].getparent().remove(self.rows[row])
        return alone

    def _is_alone(self, row: int) -> bool:
        cells = self.slots[row].values()
        return all(c.getparent() is self.rows[row] and c.get("rowspan", "1") == "1" for c in cells)

    def edit(self, row: int, column: int, edit: Edit) -> bool:
        """Change the words of each text in a cell."""
        cell = self.slots[row].get(column)
        if cell is None:
            return False
        before = cell.text_content()
        for inner in cell.iter():
            inner.text = edit(inner.text) if inner.text else inner.text
            if inner is not cell:
                inner.tail = edit(inner.tail) if inner.tail else inner.tail
        return bool(cell.text_content() != before)

    def fill(self, other: Table) -> bool:
        """Put another table's rows in the place of this one's."""
        if not isinstance(other, HtmlTable) or len(other.rows) <= other.heads:
            return False
        after = self.rows[self.heads - 1].getparent()
        body = self.rows[self.heads].getparent() if len(self.rows) > self.heads else after
        for row in self.rows[self.heads :]:
            row.getparent().remove(row)
        for row in other.rows[other.heads :]:
            body.append(deepcopy(row))
        return True

    def remove(self) -> None:
        """Take the table off the page."""
        self.element.drop_tree()


def _laid_out(rows: Sequence[HtmlElement]) -> list[dict[int, HtmlElement]]:
    laid: list[dict[int, HtmlElement]] = []
    hanging: dict[int, tuple[HtmlElement, int]] = {}
    group: HtmlElement | None = None
    for row in rows:
        if row.getparent() is not group:
            hanging, group = {}, row.getparent()
        slots, hanging = _row(row, hanging)
        laid.append(slots)
    return laid


_Hanging = dict[int, tuple[HtmlElement, int]]


def _row(row: HtmlElement, hanging: _Hanging) -> tuple[dict[int, HtmlElement], _Hanging]:
    slots = {column: cell for column, (cell, _) in hanging.items()}
    further = {c: (cell, left - 1) for c, (cell, left) in hanging.items() if left > 1}
    column = 0
    for cell in row:
        if cell.tag not in ("td", "th") or _is_placeholder(cell):
            continue
        for _ in range(_number(cell, "colspan")):
            while column in slots:
                column += 1
            slots[column] = cell
            if (down := _number(cell, "rowspan")) > 1:
                further[column] = (cell, down - 1)
    return slots, further


def _is_placeholder(cell: HtmlElement) -> bool:
    hidden = re.search(r"display\s*:\s*none", cell.get("style", ""))
    return bool(hidden) or "0" in (cell.get("rowspan"), cell.get("colspan"))


def _number(cell: HtmlElement, name: str) -> int:
    found = re.match(r"\d+", cell.get(name, "1").strip())
    return int(found[0]) if found else 1


def _stands_free(row: dict[int, HtmlElement], one: int, other: int) -> bool:
    """Tell whether what stands in two columns of a row covers both of them, or nothing else."""
    if one not in row or other not in row:
        return False
    if row[one] is row[other]:
        return True
    return all(sum(cell is row[c] for cell in row.values()) == 1 for c in (one, other))


_PIPE = re.compile(r"(?<!\\)\|")
_RULE = re.compile(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*")


@dataclass
class MarkdownTable:
    """A pipe table: some lines of the page."""

    lines: list[str]
    """The page's, shared by its tables; a line that is gone is None's place, "\0"."""
    start: int
    stop: int
    heads: int = 1

    def _places(self) -> list[int]:
        rows = [self.start, *range(self.start + 2, self.stop)]
        return [place for place in rows if self.lines[place] != GONE]

    @property
    def texts(self) -> Sequence[Sequence[str]]:
        """Give the words of each cell."""
        return [self._cells(place) for place in self._places()]

    def _cells(self, place: int) -> list[str]:
        line = self.lines[place].strip().removeprefix("|")
        return [cell.strip() for cell in _PIPE.split(re.sub(r"(?<!\\)\|$", "", line))]

    def _write(self, place: int, cells: Sequence[str]) -> None:
        line = self.lines[place]
        indent = line[: len(line) - len(line.lstrip())]
        self.lines[place] = f"{indent}| {' | '.join(cells)} |"

    def _is_regular(self) -> bool:
        return len({len(row) for row in self.texts}) == 1

    def swap(self, one: int, other: int) -> bool:
        """Swap two columns with their headings; False where rows are short."""
        if not self._is_regular():
            return False
        for place in (*self._places(), self.start + 1):
            cells = self._cells(place)
            cells[one], cells[other] = cells[other], cells[one]
            self._write(place, cells)
        return True

    def insert(self, heading: str, values: Sequence[str]) -> bool:
        """Put one more column at the end; False where rows are short."""
        if not self._is_regular():
            return False
        self._write(self.start + 1, [*self._cells(self.start + 1), "---"])
        for place, words in zip(self._places(), [heading, *values], strict=False):
            self._write(place, [*self._cells(place), words])
        return True

    def rename(self, column: int, heading: str) -> bool:
        """Give a column another heading."""
        cells = self._cells(self.start)
        cells[column] = heading
        self._write(self.start, cells)
        return True

    def drop(self, rows: Sequence[int]) -> Sequence[int]:
        """Take away those of some rows that no short or unnamed row continues; give which."""
        texts, places = self.texts, self._places()
        full = len(texts[0])
        alone = [
            row
            for row in rows
            if row + 1 == len(texts) or (len(texts[row + 1]) == full and texts[row + 1][0])
        ]
        alone = [row for row in alone if len(texts[row]) == full and texts[row][0]]
        for row in alone:
            self.lines[places[row]] = GONE
        return alone

    def edit(self, row: int, column: int, edit: Edit) -> bool:
        """Change a cell's words; False where nothing changed, or the row is short."""
        place = self._places()[row]
        cells = self._cells(place)
        if len(cells) != len(self._cells(self.start)):
            return False
        before = cells[column]
        cells[column] = edit(before)
        self._write(place, cells)
        return cells[column] != before

    def fill(self, other: Table) -> bool:
        """Put another table's rows in the place of this one's."""
        if not isinstance(other, MarkdownTable):
            return False
        body = "\n".join(other.lines[place] for place in other._places()[1:])  # noqa: SLF001 one of its own kind
        first, *further = self._places()[1:]
        self.lines[first] = body
        for place in further:
            self.lines[place] = GONE
        return True

    def remove(self) -> None:
        """Take the table off the page."""
        for place in range(self.start, self.stop):
            self.lines[place] = GONE


GONE = "\0"


def markdown_tables(lines: list[str]) -> list[MarkdownTable]:
    """Find the pipe tables of a page, in order."""
    found: list[MarkdownTable] = []
    for place in range(1, len(lines)):
        if "|" in lines[place] and _RULE.fullmatch(lines[place]) and "|" in lines[place - 1]:
            stop = place + 1
            while stop < len(lines) and "|" in lines[stop] and lines[stop].strip():
                stop += 1
            found.append(MarkdownTable(lines, place - 1, stop))
    return found


def html_tables(root: HtmlElement) -> list[HtmlTable]:
    """Find the tables of a page that hold rows, in order."""
    tables = [HtmlTable(element) for element in root.iter("table")]
    return [table for table in tables if table.rows]
