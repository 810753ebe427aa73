"""The blocks of an HTML page in document order: its tables as grids, and the prose between."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from lxml.html import HtmlElement

from catalog.reading import fold
from spiders.grid import Block, Grid, Prose
from spiders.html_layouts import (
    Cards,
    Layout,
    Lines,
    Tabs,
    card_grid,
    line_grid,
    side_by_side,
    tab_labels,
)
from spiders.html_tables import table_grid
from spiders.html_words import BREAKING, INVISIBLE, is_struck, words
from spiders.markdown import COMPONENT_TAG

_HEADING = re.compile(r"h[1-6]")
_HEADING_CLASS = re.compile(r"(?:^|\s)heading-h([1-6])(?:\s|$)")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_LABELLED = ("title", "label", "aria-label")
"""Attributes that name the content of a tab, an accordion or a tab panel."""

JsxReader = Callable[[str], Sequence[Grid]]
"""Reads the source of a JSX component as grids (headings and number are put in afterwards)."""


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
                for elements in side_by_side(self._root.cssselect(row)):
                    self._put(elements, line_grid(elements))
            case Tabs():
                self._labels.update(tab_labels(self._root, declared))

    def _put(self, elements: Sequence[HtmlElement], grid: Grid) -> None:
        """Put one grid in the place of the first element; the others are part of it."""
        if elements:
            self._cards[elements[0]] = grid
            self._in_cards.update(elements[1:])

    def _visit(self, element: HtmlElement) -> None:
        tag = element.tag
        if not isinstance(tag, str) or tag in INVISIBLE or element in self._in_cards:
            return
        if is_struck(element):
            return
        breaks = tag in BREAKING
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
