"""Sources: what each declares of itself, and the pure reading of a page by those declarations."""

import gc
import importlib
import pkgutil
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import KW_ONLY, dataclass, field
from datetime import date, timedelta
from functools import cache
from typing import ClassVar

import scrapy

from catalog.declaration import DocumentDeclaration, SourceDeclaration
from catalog.reading import NotRead, PricePoint, Reading, whole_reading
from catalog.vocabulary import Outcome, SourceKind
from spiders import ledger
from spiders.grid import Grid
from spiders.html_grids import JsxReader
from spiders.html_layouts import Layout
from spiders.keys import Key
from spiders.ledger import Unread
from spiders.page import Kind, Page, Shape, changed
from spiders.paging import Parts
from spiders.reader import EVERYTHING, Claim, Found, Reader, together
from spiders.signs import Test
from spiders.terms import coordinates


@dataclass(frozen=True)
class Form:
    """One layout that a document has had, and how it is read."""

    name: str
    recognise: Test
    tables: Sequence[Reader] = ()
    """Its readers; points come in this order."""
    _: KW_ONLY
    ignored: Sequence[Unread] = ()
    """Parts whose amounts are no prices of models."""
    inside: tuple[str, ...] = ()
    """The keys under which a JSON answer holds the page as a string."""
    part: str | None = None
    """A CSS selector of the one element that is read."""
    cards: tuple[Layout, ...] = ()
    jsx: JsxReader | None = None
    sections: bool = False
    """Whether headings hold to the end of their <section>, whatever their levels."""
    grids: Callable[[Page], Sequence[Grid]] | None = None
    """Further tables, from data in the page; they come after the page's own."""
    prepare: Callable[[Page], Page] | None = None
    """Puts a page as its tables declare it: damage mended, data in the markup made tables."""
    read: Callable[[Page, date | None], Found] | None = None
    """The last rung: reads the page (on the day it was seen), under the same ledger."""

    def page(self, page: Page) -> Page:
        """Give the page as this form sees it."""
        inner = page.at(*self.inside) if self.inside else page
        shaped = inner.shaped(Shape(self.part, self.cards, self.jsx, self.sections))
        prepared = self.prepare(shaped) if self.prepare else shaped
        return prepared.with_grids(self.grids(prepared)) if self.grids else prepared

    def holds(self, page: Page) -> bool:
        """Tell whether a page is of this form."""
        try:
            return self.recognise(self.page(page) if self.inside else page)
        except NotRead:
            return False


@dataclass(frozen=True)
class Document:
    """One URL in the layouts it has had, newest first."""

    name: str
    url: str
    forms: tuple[Form, ...]
    _: KW_ONLY
    minimum_models: int = 1
    minimum_points: int = 1
    headers: Mapping[str, str] = field(default_factory=dict)
    """Request headers that the site needs to answer in this form."""
    key: Key | None = None
    """The key that the site asks for."""
    browser: bool = False
    """Whether the prices are there only once a browser has run the page's scripts."""
    wait_for: str | None = None
    """A CSS selector that shows on the rendered page once its prices are there."""
    parts: Parts | None = None
    """How the parts, of which the URL is the first, make the one answer that is read."""
    every: timedelta | None = None
    """How long a good reading is enough, where that is longer than the source's cadence."""


DAILY = timedelta(days=1)
TWICE_A_DAY = timedelta(hours=12)
_WORD = re.compile(r"[A-Z][a-z\d]*")


class PriceSource(scrapy.Spider):
    """One publisher of prices, scores or rates: a subclass declares it and needs no function.

    Its name is that of its class: LlmPrices, in llm_prices.py, is llm-prices. One that has a single
    document declares it as ``document``.
    """

    kind: ClassVar[SourceKind]
    provider: ClassVar[str] = ""
    """Who sells what is listed, unless a point says otherwise; by default the source's name."""
    cadence: ClassVar[timedelta] = timedelta(hours=6)
    reader_version: ClassVar[int] = 1
    """To be raised with every change that reads an old page differently."""
    document: ClassVar[Document]
    documents: ClassVar[tuple[Document, ...]]

    def __init_subclass__(cls) -> None:
        """Take the source's name from the class, unless it states one, and its one document."""
        super().__init_subclass__()
        if "name" not in vars(cls):
            cls.name = "-".join(_WORD.findall(cls.__name__)).lower()
        if "document" in vars(cls):
            cls.documents = (cls.document,)


class Official(PriceSource):
    """A provider's own prices."""

    kind = SourceKind.OFFICIAL


class Reseller(PriceSource):
    """Prices of a host or gateway for models that others make."""

    kind = SourceKind.RESELLER


class Catalog(PriceSource):
    """Someone's list of other people's prices: for comparison, never as official ones."""

    kind = SourceKind.CATALOG


class Benchmark(PriceSource):
    """Results of models in tests, or measurements of them."""

    kind = SourceKind.BENCHMARK
    cadence = DAILY


Source = type[PriceSource]


def declaration(source: Source) -> SourceDeclaration:
    """Say what the store keeps of a source."""
    return SourceDeclaration(
        name=source.name,
        kind=source.kind,
        provider=source.provider or source.name,
        cadence=source.cadence,
        reader_version=source.reader_version,
        documents=tuple(_declared(document) for document in source.documents),
    )


def _declared(document: Document) -> DocumentDeclaration:
    return DocumentDeclaration(
        name=document.name,
        url=document.url,
        forms=tuple(form.name for form in document.forms),
        minimum_models=document.minimum_models,
        minimum_points=document.minimum_points,
    )


def source_names() -> list[str]:
    """List the sources there are, by their files alone."""
    package = importlib.import_module("spiders.sources")
    return [found.name.replace("_", "-") for found in pkgutil.iter_modules(package.__path__)]


def source_named(name: str) -> Source:
    """Find one source without importing the others; raises KeyError where there is none."""
    if name not in source_names():
        raise KeyError(name)
    return _made_in(f"spiders.sources.{name.replace('-', '_')}")[0]


@cache
def sources() -> Mapping[str, Source]:
    """Find every source under spiders/sources, by name."""
    return {name: source_named(name) for name in sorted(source_names())}


def _made_in(module: str) -> list[Source]:
    members = vars(importlib.import_module(module)).values()
    return [m for m in members if isinstance(m, type) and m.__module__ == module and _is_one(m)]


def _is_one(made: type) -> bool:
    return issubclass(made, PriceSource)


def document_of(source: Source, form: str) -> Document:
    """Give the document that a form belongs to; raises KeyError where none has it."""
    for document in source.documents:
        if any(known.name == form for known in document.forms):
            return document
    raise KeyError(f"{source.name} has no form {form!r}")


@contextmanager
def _uncollected() -> Iterator[None]:
    """Put off the search for garbage in circles: a reading makes none, and half its time went.

    What it made then counts as old, or the next search would go through all of it at once.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.unfreeze()
        gc.enable()


@_uncollected()
def read(
    source: Source,
    body: bytes,
    *,
    content_type: str | None = None,
    seen_at: date | None = None,
) -> Reading:
    """Read one fetched body: all that it states, or NotRead by a named outcome; never half.

    The document and its form are recognised from the bytes. Nothing is asked of clock, network
    or database.
    """
    if not body.strip(b" \t\r\n\0"):
        raise NotRead(Outcome.EMPTY, "the body is empty")
    page = Page.of(body, content_type=content_type)
    document, form = _recognised(source, page)
    _whole(page)
    found = _found(form, form.page(page), seen_at)
    _enough(document, found)
    return whole_reading(
        form.name,
        points=_once(found.points),
        facts=tuple(dict.fromkeys(found.facts)),
        scores=found.scores,
        rates=found.rates,
        adjustments=tuple(dict.fromkeys(found.adjustments)),
    )


def _recognised(source: Source, page: Page) -> tuple[Document, Form]:
    for document in source.documents:
        for form in document.forms:
            if form.holds(page):
                return document, form
    _refuse_substitute(page)
    known = ", ".join(form.name for document in source.documents for form in document.forms)
    raise changed(
        f"the page has none of the known forms ({known}). It is {page.kind} with the headings "
        f"{', '.join(page.headings[:6]) or 'none'}; compare it with an earlier page"
    )


_CHALLENGE = re.compile(
    r"just a moment|attention required|checking your browser|verify (?:that )?you are (?:a )?human"
    r"|enable javascript and cookies|access denied|are you a robot|captcha|unusual traffic"
    r"|request blocked|security check",
    re.IGNORECASE,
)
_LOGIN = re.compile(
    r"""<input[^>]+type=["']?password|(?:log|sign) in to (?:continue|your)""", re.IGNORECASE
)
_SHELL = 300
"""A page with fewer characters of words holds nothing to read."""


def _refuse_substitute(page: Page) -> None:
    """Refuse what a site serves instead of its page."""
    start = page.text[:20_000]
    if page.kind is Kind.HTML and (said := _CHALLENGE.search(start)):
        raise NotRead(Outcome.BLOCKED, f"a challenge page came: it says {said.group()!r}")
    if page.kind is Kind.HTML and _LOGIN.search(page.text):
        raise NotRead(Outcome.BLOCKED, "a login page came instead of the prices")
    if page.kind is Kind.HTML and not page.grids and len(page.words) < _SHELL:
        raise NotRead(Outcome.EMPTY, "the page is an empty shell; its content comes by script")


_CUT_ROW = re.compile(r"\|[ \t]*\n[ \t]*\|[^\n]*[^|\s][ \t]*\Z")


def _whole(page: Page) -> None:
    cut = page.kind is Kind.HTML and re.match(r"(?i)<!doctype|<html", page.text)
    if cut and not re.search(r"(?i)</html>", page.text[-2000:]):
        raise changed("the page is cut off: it has no </html>")
    if page.kind is Kind.MARKDOWN and _CUT_ROW.search(page.text):
        raise changed("the page is cut off: its last table row does not end like the others")


def _found(form: Form, page: Page, seen_at: date | None) -> Found:
    readings = [reader.read(page) for reader in form.tables]
    if form.read:
        readings.append(form.read(page, seen_at))
    found = together(readings)
    _read_once(found.claims)
    ledger.balance(page.blocks, found.claims, form.ignored)
    return found


def _read_once(claims: Sequence[Claim]) -> None:
    whole = Counter(claim.locator for claim in claims if claim.number == EVERYTHING)
    if twice := [locator for locator, times in whole.items() if times > 1]:
        raise changed(f"{', '.join(twice)} fit more than one declared table; narrow them")


def _enough(document: Document, found: Found) -> None:
    entries = len(found.points) + len(found.scores) + len(found.rates)
    models = {price.model for price in found.points} | {score.model for score in found.scores}
    if entries < document.minimum_points or (
        len(models) < document.minimum_models and not found.rates
    ):
        raise NotRead(
            Outcome.EMPTY,
            f"{entries} prices of {len(models)} models; at least {document.minimum_points} of "
            f"{document.minimum_models} expected",
        )


def _once(points: Sequence[PricePoint]) -> tuple[PricePoint, ...]:
    """Keep the first of prices that the page states twice alike."""
    kept: dict[tuple[object, ...], PricePoint] = {}
    for price in points:
        kept.setdefault((*coordinates(price), price.amount), price)
    return tuple(kept.values())
