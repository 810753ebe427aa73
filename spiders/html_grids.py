"""The blocks of an HTML page in document order: its tables as grids, and the prose between."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TypeAlias

from lxml.html import HtmlElement

from catalog.reading import NotRead, fold
from catalog.vocabulary import Outcome
from spiders.grid import Block, Cell, Grid, Prose
from spiders.markdown import COMPONENT_TAG

_INVISIBLE = {"script", "style", "template", "noscript", "svg", "head", "colgroup", "iframe"}
_BREAKING = {
    *[
        "address",
        "article",
        "aside",
        "blockquote",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figure",
        "footer",
        "form",
    ],
    *[
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tr",
        "ul",
    ],
    *[
        "td",
        "th",
        "label",
        "button",
        "option",
        "tab",
        "tabs",
        "accordion",
        "note",
        "tip",
        "warning",
        "info",
    ],
}
_STRIKE = "line-through"
_STRUCK = {"s", "del", "strike"}
_BREAKING_LINES = {*_BREAKING, "br"}
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none")
_FOOTNOTE = re.compile(r"[\s()\[\]{}*†‡§¶#,\d⁰¹²³⁴-⁹①-⑳注]+")
_HEADING = re.compile(r"h[1-6]")
_HEADING_CLASS = re.compile(r"(?:^|\s)heading-h([1-6])(?:\s|$)")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_LABELLED = ("title", "label", "aria-label")
"""Attributes that name the content of a tab, an accordion or a tab panel."""
_MOST_SPAN = 200
_BREAK = "\x1e"

JsxReader = Callable[[str], Sequence[Grid]]
"""Reads the source of a JSX component as grids (headings and number are put in afterwards)."""


@dataclass(frozen=True, kw_only=True)
class Cards:
    """Cards made of <div>s as one grid: a row for each card, a column for each label.

    All are CSS selectors. A labelled row without a value names the rows nested beside it
    ("Prompt caching" over "Write" gives the column "Prompt caching / Write").
    """

    card: str
    title: str
    row: str
    label: str
    value: str
    title_column: str = "Model"


@dataclass(frozen=True, kw_only=True)
class Lines:
    """Tables made of <div>s: the rows in one element are one table, their children its cells.

    The first row holds the headings; one row alone is no table.
    """

    row: str
    """A CSS selector."""


@dataclass(frozen=True, kw_only=True)
class Tabs:
    """Tab labels that stand apart from their panels: the first label is the first panel's.

    All are CSS selectors; a box with another number of labels than of panels is refused.
    """

    box: str
    label: str
    panel: str


Layout: TypeAlias = "Cards | Lines | Tabs"
"""What the markup of a page doesn't say of itself, and its form declares."""


def blocks(
    root: HtmlElement,
    *,
    cards: Sequence[Layout] = (),
    jsx: JsxReader | None = None,
    sections: bool = False,
) -> Iterator[Block]:
    """Walk a page's visible content (hidden tabs included) and give its blocks in order.

    With ``sections`` a heading holds to the end of its <section>, below those around it, whatever
    the headings' levels.
    """
    walk = _Walk(root, cards, jsx, sections=sections)
    return _joined_halves(iter(walk.blocks))


@dataclass(frozen=True)
class _Heading:
    level: int
    text: str


class _Walk:
    """One pass over a tree, with the headings and labels that hold at each place."""

    def __init__(
        self, root: HtmlElement, cards: Sequence[Layout], jsx: JsxReader | None, *, sections: bool
    ) -> None:
        self.blocks: list[Block] = []
        self._sections = sections
        self._barrier = 0
        self._root = root
        self._jsx = jsx
        self._cards: dict[HtmlElement, Grid] = {}
        self._in_cards: set[HtmlElement] = set()
        self._labels: dict[HtmlElement, str] = {}
        for declared in cards:
            self._find(declared)
        self._headings: list[_Heading] = []
        self._above: list[str] = []
        self._words: list[str] = []
        self._tables = 0
        self._visit(root)
        self._end_paragraph()

    def _find(self, declared: Layout) -> None:
        match declared:
            case Cards(card=card):
                elements = self._root.cssselect(card)
                self._put(elements, card_grid(declared, elements))
            case Lines(row=row):
                for elements in _side_by_side(self._root.cssselect(row)):
                    self._put(elements, line_grid(elements))
            case Tabs():
                self._labels.update(_tab_labels(self._root, declared))

    def _put(self, elements: Sequence[HtmlElement], grid: Grid) -> None:
        """Put one grid in the place of the first element; the others are part of it."""
        if elements:
            self._cards[elements[0]] = grid
            self._in_cards.update(elements[1:])

    def _visit(self, element: HtmlElement) -> None:
        tag = element.tag
        if not isinstance(tag, str) or tag in _INVISIBLE or element in self._in_cards:
            return
        if _is_struck(element):
            return
        breaks = tag in _BREAKING
        if breaks or tag == "br":
            self._end_paragraph()
        if self._is_grid(element):
            return
        if level := _heading_level(element):
            self._add_heading(level, words(element).text)
            return
        label = self._label(element)
        if label:
            self._inside(element, [_Heading(0, label)])
        elif self._sections and tag == "section":
            self._inside(element, [])
        else:
            self._children(element)
        if breaks:
            self._end_paragraph()

    def _is_grid(self, element: HtmlElement) -> bool:
        if element in self._cards:
            self._add(self._cards[element])
        elif element.tag == COMPONENT_TAG and self._jsx:
            for grid in self._jsx(element.text_content()):
                self._add(grid)
        elif element.tag == "table":
            self._add(table_grid(element))
            for inner in element.iterfind(".//table"):
                self._add(table_grid(inner))
        else:
            return False
        return True

    def _add(self, grid: Grid) -> None:
        self._end_paragraph()
        self._tables += 1
        locator = f"{grid.locator or 'table'} {self._tables}"
        headings, above = self._headings_now(), tuple(self._above)
        self.blocks.append(replace(grid, headings=headings, above=above, locator=locator))

    def _inside(self, element: HtmlElement, labels: list[_Heading]) -> None:
        """Read what a label or section holds for; the headings in it end with it."""
        outside, barrier = self._headings, self._barrier
        self._headings = [*outside, *labels]
        self._barrier = len(self._headings)
        if labels:
            self._above = []
        self._children(element)
        self._end_paragraph()
        self._headings, self._barrier = outside, barrier

    def _children(self, element: HtmlElement) -> None:
        self._words.append(element.text or "")
        for child in element:
            self._visit(child)
            self._words.append(child.tail or "")

    def _label(self, element: HtmlElement) -> str:
        if element in self._labels:
            return self._labels[element]
        if element.tag in ("tab", "accordion", "tabitem", "expandable"):
            return next((fold(element.get(a, "")) for a in _LABELLED if element.get(a)), "")
        if element.tag == "details" and (summary := element.find("summary")) is not None:
            return words(summary).text
        if element.tag == "section" and _is_tab(element):
            return next((words(heading).text for heading in element.iter(*_HEADINGS)), "")
        if element.get("role") != "tabpanel":
            return ""
        tab = element.get("aria-labelledby")
        named = self._root.xpath("//*[@id=$tab]", tab=tab) if tab else []
        return words(named[0]).text if named else fold(element.get("aria-label", ""))

    def _add_heading(self, level: int, text: str) -> None:
        kept = [h for h in self._headings[self._barrier :] if h.level < level]
        self._headings = [*self._headings[: self._barrier], *kept, _Heading(level, text)]
        self._above = []
        self._add_prose(text)

    def _headings_now(self) -> tuple[str, ...]:
        return tuple(heading.text for heading in self._headings)

    def _end_paragraph(self) -> None:
        if not any(self._words):
            return
        text = fold("".join(self._words))
        self._words = []
        if text:
            self._above.append(text)
            self._add_prose(text)

    def _add_prose(self, text: str) -> None:
        locator = f"paragraph {len(self.blocks) - self._tables + 1}"
        self.blocks.append(Prose(self._headings_now(), text, locator))


def _is_tab(section: HtmlElement) -> bool:
    """Tell whether a section is one tab of those that the site's script makes of its siblings."""
    above = section.getparent()
    return above is not None and above.tag == "devsite-selector"


def _heading_level(element: HtmlElement) -> int:
    """Give 1 to 6 for a heading, be it an element or a class of one; else 0."""
    if _HEADING.fullmatch(element.tag):
        return int(element.tag[1])
    classed = _HEADING_CLASS.search(element.get("class", ""))
    return int(classed[1]) if classed else 0


def _joined_halves(walked: Iterator[Block]) -> Iterator[Block]:
    """Join a table that holds only headings with the table of bare rows that follows it."""
    pending: Grid | None = None
    for block in walked:
        if pending and isinstance(block, Grid) and _is_body_of(block, pending):
            yield replace(block, columns=pending.columns, headings=pending.headings)
            pending = None
            continue
        if pending:
            yield pending
        pending = block if isinstance(block, Grid) and not block.rows else None
        if not pending:
            yield block
    if pending:
        yield pending


def _is_body_of(body: Grid, head: Grid) -> bool:
    return not any(body.columns) and len(body.columns) == len(head.columns)


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
    columns = tuple(_joined(level[i].text for level in padded[:heads]) for i in range(width))
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


def _joined(levels: Iterator[str]) -> str:
    """Join a heading's levels, each said once."""
    return " / ".join(text for text, _ in groupby(fold(level) for level in levels) if text)


def card_grid(cards: Cards, elements: Sequence[HtmlElement]) -> Grid:
    """Read all cards as one grid; a card without a label has an empty cell in its column."""
    read = [_card(cards, element) for element in elements]
    columns = tuple(dict.fromkeys(label for card in read for label in card))
    rows = tuple(tuple(card.get(label, Cell("")) for label in columns) for card in read)
    return Grid((), columns, rows, "cards")


def _card(cards: Cards, element: HtmlElement) -> dict[str, Cell]:
    title = element.cssselect(cards.title)
    read = {cards.title_column: words(title[0]) if title else Cell("")}
    groups: list[tuple[HtmlElement, str]] = []
    for row in element.cssselect(cards.row):
        label = _joined(words(found).text for found in row.cssselect(cards.label))
        values = row.cssselect(cards.value)
        if values:
            above = [text for group, text in groups if group in set(row.iterancestors())]
            read[" / ".join([*above, label])] = words(values[0])
        else:
            groups.append((row.getparent(), label))
    return read


def _side_by_side(rows: Sequence[HtmlElement]) -> Iterator[list[HtmlElement]]:
    """Give the rows of each element that holds more than one; rows within rows are cells."""
    outer = [row for row in rows if not set(row.iterancestors()) & set(rows)]
    for _, siblings in groupby(outer, key=HtmlElement.getparent):
        group = list(siblings)
        if len(group) > 1:
            yield group


def line_grid(elements: Sequence[HtmlElement]) -> Grid:
    """Read rows of <div>s; raises NotRead where one has not as many cells as headings."""
    rows = [tuple(words(cell) for cell in row if _is_text(cell)) for row in elements]
    if odd := next((row for row in rows if len(row) != len(rows[0])), None):
        said = " | ".join(cell.text for cell in odd)
        raise _changed(f"a row has {len(odd)} cells under {len(rows[0])} headings: {said[:80]!r}")
    return Grid((), tuple(fold(cell.text) for cell in rows[0]), tuple(rows[1:]), "lines")


def _tab_labels(root: HtmlElement, tabs: Tabs) -> Iterator[tuple[HtmlElement, str]]:
    boxes = root.cssselect(tabs.box)
    for box in boxes:
        labels = [words(found).text for found in _own(box, tabs.label, boxes)]
        panels = _own(box, tabs.panel, boxes)
        if len(labels) != len(panels):
            raise _changed(f"{len(panels)} panels of the tabs {', '.join(labels)} are there")
        yield from zip(panels, labels, strict=True)


def _own(box: HtmlElement, selector: str, boxes: Sequence[HtmlElement]) -> list[HtmlElement]:
    """Give what a selector finds in a box and in no box within it."""
    found = box.cssselect(selector)
    return [element for element in found if _nearest(element, boxes) is box]


def _nearest(element: HtmlElement, boxes: Sequence[HtmlElement]) -> HtmlElement | None:
    return next((above for above in element.iterancestors() if above in boxes), None)


def _changed(what: str) -> NotRead:
    return NotRead(Outcome.PAGE_CHANGED, what)


def words(element: HtmlElement) -> Cell:
    """Give an element's visible words, without footnote marks, and apart what is struck."""
    text: list[str] = []
    struck: list[str] = []
    _collect(element, text, struck)
    return Cell(_lines(text), _lines(struck) if struck else "")


def _collect(element: HtmlElement, text: list[str], struck: list[str]) -> None:
    text.append(element.text or "")
    for child in element:
        if _is_text(child):
            into = struck if _is_struck(child) else text
            edge = _BREAK if child.tag in _BREAKING_LINES else ""
            into.append(edge)
            _collect(child, into, struck)
            into.append(edge)
        text.append(child.tail or "")


def _is_text(element: HtmlElement) -> bool:
    tag = element.tag
    if not isinstance(tag, str) or tag in _INVISIBLE:
        return False
    return not (tag == "sup" and _FOOTNOTE.fullmatch(element.text_content()))


def _is_struck(element: HtmlElement) -> bool:
    if element.tag in _STRUCK:
        return True
    style, classes = element.get("style"), element.get("class")
    return bool((style and _STRIKE in style) or (classes and _STRIKE in classes))


def _lines(parts: Sequence[str]) -> str:
    """Fold white space within lines; source line breaks are white space, <br> is a line."""
    lines = (fold(line) for line in "".join(parts).split(_BREAK) if line)
    return "\n".join(line for line in lines if line)
