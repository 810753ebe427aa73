"""What the markup of an HTML page doesn't say of itself: cards, tables and tabs made of <div>s."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TypeAlias

from lxml.html import HtmlElement

from catalog.reading import NotRead, fold
from catalog.vocabulary import Outcome
from spiders.grid import Cell, Grid
from spiders.html_words import is_text, joined, words


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
        label = joined(words(found).text for found in row.cssselect(cards.label))
        values = row.cssselect(cards.value)
        if values:
            above = [text for group, text in groups if group in set(row.iterancestors())]
            read[" / ".join([*above, label])] = words(values[0])
        else:
            groups.append((row.getparent(), label))
    return read


def side_by_side(rows: Sequence[HtmlElement]) -> Iterator[list[HtmlElement]]:
    """Give the rows of each element that holds more than one; rows within rows are cells."""
    outer = [row for row in rows if not set(row.iterancestors()) & set(rows)]
    for _, siblings in groupby(outer, key=HtmlElement.getparent):
        group = list(siblings)
        if len(group) > 1:
            yield group


def line_grid(elements: Sequence[HtmlElement]) -> Grid:
    """Read rows of <div>s; raises NotRead where one has not as many cells as headings."""
    rows = [tuple(words(cell) for cell in row if is_text(cell)) for row in elements]
    if odd := next((row for row in rows if len(row) != len(rows[0])), None):
        said = " | ".join(cell.text for cell in odd)
        raise _changed(f"a row has {len(odd)} cells under {len(rows[0])} headings: {said[:80]!r}")
    return Grid((), tuple(fold(cell.text) for cell in rows[0]), tuple(rows[1:]), "lines")


def tab_labels(root: HtmlElement, tabs: Tabs) -> Iterator[tuple[HtmlElement, str]]:
    """Give each panel with its label; raises NotRead where they are not as many."""
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
