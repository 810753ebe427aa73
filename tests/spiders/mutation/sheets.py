"""Pages that can be edited, and which of a reading's prices stand in which of their cells."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property
from pathlib import Path

import lxml.html
from lxml.html import HtmlElement

from catalog.reading import NotRead, PricePoint, Reading
from spiders.exact_json import Json, as_printed, parse_json
from spiders.html_repair import close_tables
from spiders.page import Kind, Page
from spiders.reader import together
from spiders.source import Form, Source, read, source_named, source_names
from tests.captures import captured
from tests.spiders.expectations import pages
from tests.spiders.mutation.tables import GONE, Table, html_tables, markdown_tables

Points = tuple[PricePoint, ...]
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True)
class Specimen:
    """A page that is read well as it is: what the mutator starts from."""

    source: Source
    name: str
    seen_on: date
    page: Page
    """Envelopes opened; of a page within a JSON answer, that answer."""
    reading: Reading

    @property
    def form(self) -> Form:
        """Give the form that the page is of."""
        forms = (form for document in self.source.documents for form in document.forms)
        return next(form for form in forms if form.name == self.reading.form)

    @cached_property
    def inner(self) -> Page:
        """Give the page that is read, out of the answer around it."""
        return self.page.at(*self.form.inside) if self.form.inside else self.page

    @cached_property
    def shaped(self) -> Page:
        """Give the page as its form sees it."""
        return self.form.page(self.page)

    @cached_property
    def points(self) -> Points:
        """Give every price where it stands, also those that the page states twice."""
        found = together(reader.read(self.shaped) for reader in self.form.tables)
        prose = self.form.read(self.shaped, self.seen_on).points if self.form.read else ()
        return (*found.points, *prose)

    @property
    def kind(self) -> Kind:
        """Tell what the page that is read is."""
        return self.inner.kind

    def body(self, text: str) -> bytes:
        """Put a changed page back into the answer around it."""
        return (
            _around(self.page.data, self.form.inside, text) if self.form.inside else text.encode()
        )


def _around(answer: Json, inside: Sequence[str], text: str) -> bytes:
    held: Json = text
    for depth in range(len(inside) - 1, -1, -1):
        outer = answer
        for key in inside[:depth]:
            assert isinstance(outer, dict)
            outer = outer[key]
        assert isinstance(outer, dict)
        held = {**outer, inside[depth]: held}
    return as_printed(held).encode()


def specimens(*, captures: bool = True) -> Iterator[Specimen]:
    """Give our own pages and, where they are at hand, the captures, as far as they are readable."""
    for path in pages():
        yield from _specimen(path.parent.name, path)
    for one in captured() if captures else ():
        if one.source in source_names() and one.path.exists():
            yield from _specimen(one.source, one.path)


def _specimen(name: str, path: Path) -> Iterator[Specimen]:
    source = source_named(name)
    day = date.fromisoformat(_DAY.findall(path.name)[0])
    try:
        reading = read(source, path.read_bytes(), seen_at=day)
    except NotRead:
        return
    if reading.points:
        shown = f"{path.parent.name}/{path.name}"
        yield Specimen(source, shown, day, Page.of(path.read_bytes()), reading)


def _data(page: Page) -> Json:
    """Read a JSON page's data anew, so that it can be changed; JSON Lines are left alone."""
    return None if isinstance(page.data, tuple) else parse_json(page.text)


@dataclass
class Sheet:
    """A specimen opened for one mutation."""

    specimen: Specimen
    root: HtmlElement | None = None
    lines: list[str] = field(default_factory=list)
    data: Json = None

    @classmethod
    def of(cls, specimen: Specimen) -> "Sheet":
        """Open a page as what it is."""
        sheet, page = cls(specimen), specimen.inner
        if specimen.kind is Kind.HTML:
            parser = lxml.html.HTMLParser(huge_tree=True)
            sheet.root = lxml.html.document_fromstring(close_tables(page.text), parser=parser)
        elif specimen.kind is Kind.JSON:
            sheet.data = _data(page)
        else:
            sheet.lines = page.text.split("\n")
        return sheet

    @property
    def text(self) -> str:
        """Write the page as it is now."""
        if self.root is not None:
            written: str = lxml.html.tostring(
                self.root, encoding="unicode", doctype="<!DOCTYPE html>"
            )
            return written
        if self.data is not None:
            return as_printed(self.data)
        if self.specimen.kind is Kind.JSON:
            return self.specimen.inner.text
        return "\n".join(line for line in self.lines if line != GONE)

    @property
    def points(self) -> Points:
        """Give what the page states as it is."""
        return self.specimen.points

    @cached_property
    def placed(self) -> list["Placed"]:
        """Give the tables that prices of the reading surely stand in."""
        tables: Sequence[Table] = (
            html_tables(self.root) if self.root is not None else markdown_tables(self.lines)
        )
        by_number: dict[int, list[PricePoint]] = {}
        for price in self.points:
            if found := _CELL.fullmatch(price.locator):
                by_number.setdefault(int(found["table"]), []).append(price)
        return list(_placed(tables, by_number))


_CELL = re.compile(r"table (?P<table>\d+), row (?P<row>\d+), column (?P<column>\d+)")


@dataclass(frozen=True)
class Placed:
    """A table, and the prices by the row (of all, from 0) and the column they stand in."""

    table: Table
    prices: tuple[tuple[int, int, PricePoint], ...]

    @property
    def points(self) -> Points:
        """Give the table's prices."""
        return tuple(price for _, _, price in self.prices)

    def of(self, *, rows: Sequence[int] = (), columns: Sequence[int] = ()) -> Points:
        """Give the prices in some rows or columns."""
        return tuple(p for row, column, p in self.prices if row in rows or column in columns)


_Texts = Sequence[Sequence[str]]


def _placed(tables: Sequence[Table], numbered: dict[int, list[PricePoint]]) -> Iterator[Placed]:
    """Match the reading's tables with the page's, each after the one before it."""
    start = 0
    texts = [table.texts for table in tables]
    for number in sorted(numbered):
        for place in range(start, len(tables)):
            if placed := _fitting(tables[place], texts[place], numbered[number]):
                yield placed
                start = place + 1
                break


def _fitting(table: Table, texts: _Texts, points: Sequence[PricePoint]) -> Placed | None:
    for heads in dict.fromkeys((table.heads, 0)):
        cells = [(_at(price, heads), price) for price in points]
        if all(_states(texts, row, column, price) for (row, column), price in cells):
            table.heads = heads
            return Placed(table, tuple((row, column, price) for (row, column), price in cells))
    return None


def _at(price: PricePoint, heads: int) -> tuple[int, int]:
    found = _CELL.fullmatch(price.locator)
    assert found
    return int(found["row"]) - 1 + heads, int(found["column"]) - 1


def _states(texts: _Texts, row: int, column: int, price: PricePoint) -> bool:
    """Tell whether the cell holds the words that the evidence quotes last."""
    if row >= len(texts) or column >= len(texts[row]):
        return False
    said, quoted = _words(texts[row][column]), _words(price.evidence)
    shown = price.evidence
    whole = shown.rpartition(" ")[0] if shown.endswith("…") else shown
    last = _words(whole.rpartition(": ")[2])
    return bool(said) and (said in quoted or last in said)


@cache
def _words(text: str) -> str:
    words = re.findall(r"\d+(?:[.,]\d+)*|[^\W\d_]+", text.casefold())
    return f" {' '.join(words)} " if words else ""


def without(points: Points, gone: Sequence[PricePoint]) -> Points:
    """Give what a page still states when some prices are gone from it."""
    away = {id(price) for price in gone}
    return tuple(price for price in points if id(price) not in away)


def restated(points: Points, some: Sequence[PricePoint], **columns: object) -> Points:
    """Give what a page states when some prices have other coordinates."""
    changed = {id(price) for price in some}
    return tuple(
        price.model_copy(update=columns) if id(price) in changed else price for price in points
    )


__all__ = [
    "Placed",
    "Points",
    "Sheet",
    "Specimen",
    "restated",
    "specimens",
    "without",
]
