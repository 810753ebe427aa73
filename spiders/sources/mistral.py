"""Mistral AI: its pricing page, whose API prices are streamed data alone, in USD and in EUR."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from catalog.reading import Adjustment, fold
from catalog.vocabulary import Meter, SourceKind, Unit
from spiders.embedded import Markup, cell, streamed
from spiders.exact_json import Json, objects
from spiders.facts import token_count
from spiders.grid import Cell, Grid
from spiders.ledger import Unread
from spiders.page import Kind, Page, changed
from spiders.price_table import NONE_OR_MORE, ONE_OR_MORE, Ignored, Model, Price, PriceTable, States
from spiders.reader import Found
from spiders.source import Document, Form, PriceSource, all_of, has_text, is_kind
from spiders.terms import Terms

AMOUNTS = {"price_dollar": ("USD", "€"), "price_euro": ("EUR", "$")}
"""The fields that hold an amount: their currency, and the sign that may not stand in them."""
PARTS = ("price", "fine_tuning")
"""The lists of prices that a product may have."""
A_PRICE = re.compile(r"pric|cost|tariff|discount|batch|cache", re.IGNORECASE)
COUNTED = re.compile(r"\b(calls|images|tokens|pages|searches)\b", re.IGNORECASE)
BATCH = re.compile(r"\+ (?P<off>\d+)% off with batch-APIs")
SLASHED = re.compile(r"/\s*(?=per )")

Product = Mapping[str, Json]


def tables(page: Page) -> Sequence[Grid]:
    """Give for each product, list of prices and currency a table of one row."""
    rows = list(streamed(page.text).values())
    priced = [p for row in rows for p in objects(row, "name", "price")]
    _refuse_others(rows, priced)
    shared = _names_by_endpoint(priced)
    return [
        replace(made, locator=f"product {number}, {made.locator}")
        for number, product in enumerate(priced, 1)
        for part in PARTS
        for made in _tables(product, part, _model(product, shared))
    ]


def _refuse_others(rows: Sequence[Json], priced: Sequence[Product]) -> None:
    """Refuse amounts in objects that are neither products nor subscriptions."""
    known = sum(len(_entries(product, part)) for product in priced for part in PARTS)
    stated = [o for row in rows for o in objects(row, "price_dollar")]
    others = [o for o in stated if "pricing_plans_id" not in o]
    if len(others) != known:
        raise changed(f"{len(others)} objects hold a price, {known} are in lists of prices")


def _names_by_endpoint(priced: Sequence[Product]) -> Mapping[str, set[str]]:
    names = defaultdict(set)
    for product in priced:
        names[_endpoint(product)].add(_name(product))
    return names


def _endpoint(product: Product) -> str:
    return str(product.get("api_endpoint") or product.get("api") or "")


def _name(product: Product) -> str:
    return fold(str(product["name"]))


def _model(product: Product, names: Mapping[str, set[str]]) -> str:
    """Give the API id, or the name where several products share an id or it has none."""
    endpoint = _endpoint(product)
    return endpoint if endpoint and len(names[endpoint]) == 1 else _name(product)


def _entries(product: Product, part: str) -> Sequence[Mapping[str, Json]]:
    listed = product.get(part) or []
    if not isinstance(listed, list) or not all(isinstance(entry, dict) for entry in listed):
        raise changed(f"{part} of {_name(product)} is no list: {str(listed)[:60]}")
    return listed


def _tables(product: Product, part: str, model: str) -> Iterator[Grid]:
    if odd := [n for n in product if A_PRICE.search(n) and n not in PARTS and product[n]]:
        raise changed(f"{_name(product)} has the unknown fields {', '.join(odd)}")
    entries = _entries(product, part)
    for field, (currency, foreign) in AMOUNTS.items() if entries else ():
        priced = [p for e in entries for p in _priced(product, e, _text(e, field, foreign))]
        columns, cells = zip(("Model", Cell(model)), *_facts(product), *priced, strict=True)
        if len(set(columns)) < len(columns):
            raise changed(f"{_name(product)} has two prices of one name: {', '.join(columns)}")
        locator = f"{part} of {_name(product)} in {currency}"
        yield Grid((part,), columns, (cells,), locator, {"currency": currency})


def _facts(product: Product) -> Iterator[tuple[str, Cell]]:
    yield "name", Cell(_name(product))
    yield "licence", Cell(str(product.get("licence") or ""))
    yield "context", Cell(str(product.get("context") or ""))
    able = (str(o["value"]) for o in objects(product.get("capabilities"), "icon", "value"))
    yield "capabilities", Cell(", ".join(able))


def _text(entry: Mapping[str, Json], field: str, foreign: str) -> str:
    if odd := [name for name in entry if A_PRICE.search(name) and name not in AMOUNTS]:
        raise changed(f"a price has the unknown fields {', '.join(odd)}")
    shown = cell(Markup(entry.get(field) or "")).text
    if foreign in shown:
        raise changed(f"{shown!r} stands in {field}")
    return SLASHED.sub(" ", shown)


def _priced(product: Product, entry: Mapping[str, Json], text: str) -> Iterator[tuple[str, Cell]]:
    """Give a price the column that says what it is; a label in its place states none."""
    label = fold(str(entry.get("value")))
    tool = product.get("type") == "Tools"
    counted = COUNTED.search(text) if tool and label == "Price" else None
    if label == "API endpoint" and text == "Free":
        yield "Free input", Cell(text)
        yield "Free output", Cell(text)
    elif counted:
        yield f"{_name(product)}: {counted[0].lower()}", Cell(text)
    else:
        yield f"Tools: {label}" if tool else label, Cell("" if text == label else text)


def licence(text: str) -> str:
    """Say of a licence whether the weights are open; the page has other words for paid ones."""
    return "yes" if text.casefold() == "open model" else ""


MONTHLY = {"(?:/|per) month per model": Terms()}
TOKENS_OR_MINUTES = Price(
    Meter.INPUT_TOKENS,
    unit=Unit.MILLION_TOKENS,
    words={"audio": Terms(Meter.AUDIO, unit=Unit.MINUTE)},
    optional=True,
)
CURRENCIES = {"currency": {c: Terms(currency=c) for c, _ in AMOUNTS.values()}}
FACTS = {
    "name": States("display_name"),
    "licence": States("open_weights", licence),
    "context": States("context_tokens", token_count),
    "capabilities": States("capabilities"),
}
STORAGE = Price(
    Meter.OTHER, variant="fine-tuned storage", unit=Unit.OTHER, words=MONTHLY, optional=True
)
TRAINING = Price(Meter.TRAINING_TOKENS, optional=True)
PRODUCTS = PriceTable(
    "price",
    {
        "Model": Model(),
        **FACTS,
        r"Input \(per min / per M tok\)": TOKENS_OR_MINUTES,
        r"Input \({unit}\)": Price(Meter.INPUT_TOKENS, optional=True),
        r"Cached input \({unit}\)": Price(Meter.CACHE_READ_TOKENS, optional=True),
        r"Output \({unit}\)": Price(Meter.OUTPUT_TOKENS, optional=True),
        "Free input": Price(Meter.INPUT_TOKENS, unit=Unit.MILLION_TOKENS, optional=True),
        "Free output": Price(Meter.OUTPUT_TOKENS, unit=Unit.MILLION_TOKENS, optional=True),
        r"Audio Input ?{unit}": Price(Meter.AUDIO, optional=True),
        "Audio generation": Price(Meter.CHARACTERS, optional=True),
        r"Training Cost \({unit}\)": TRAINING,
        "Storage Cost": STORAGE,
        "OCR": Price(Meter.PAGES, words={BATCH.pattern: Terms()}, optional=True),
        "Annotations": Price(Meter.PAGES, variant="annotations", optional=True),
        "Tools: OCR": Price(Meter.PAGES, variant="ocr", optional=True),
        "Tools: Indexing": Price(Meter.OTHER, variant="indexing", optional=True),
        "Tools: Call": Price(Meter.REQUESTS, optional=True),
        ".*search: calls": Price(Meter.SEARCHES, optional=True),
        ".*: calls": Price(Meter.REQUESTS, optional=True),
        ".*: images": Price(Meter.IMAGES, optional=True),
        ".*: tokens": Price(Meter.OTHER, optional=True),
        "Tools: Price": Price(absent=(r"Model cost per M token \+ Tool call",), optional=True),
        "Available on": Ignored("the addresses of the API"),
    },
    labels=CURRENCIES,
    expect=ONE_OR_MORE,
)
TUNING = PriceTable(
    "fine_tuning",
    {
        "Model": Model(),
        **FACTS,
        r"Training Cost \({unit}\)": TRAINING,
        "Storage Cost": STORAGE,
        r"Input \({unit}\)": Price(Meter.INPUT_TOKENS, variant="fine-tuned", optional=True),
        r"Output \({unit}\)": Price(Meter.OUTPUT_TOKENS, variant="fine-tuned", optional=True),
    },
    labels=CURRENCIES,
    expect=NONE_OR_MORE,
)


class BatchDiscounts:
    """What a price says of batches behind its amount: "+ 50% off with batch-APIs"."""

    def read(self, page: Page) -> Found:
        """Read each such note, once for each model."""
        said = [self._adjustment(grid, c) for grid in page.grids for row in grid.rows for c in row]
        return Found(adjustments=tuple(dict.fromkeys(a for a in said if a)))

    def _adjustment(self, table: Grid, priced: Cell) -> Adjustment | None:
        off = BATCH.search(priced.text)
        if off is None:
            return None
        factor = 1 - Decimal(off["off"]) / 100
        scope = table.rows[0][0].text
        return Adjustment(name="batch", factor=factor, scope=scope, evidence=off.group())


class Mistral(PriceSource):
    """Mistral's models and tools, sold by their maker in two currencies."""

    name = "mistral"
    kind = SourceKind.OFFICIAL
    cadence = timedelta(hours=6)
    documents = (
        Document(
            "pricing",
            "https://mistral.ai/pricing",
            forms=(
                Form(
                    "pricing",
                    recognise=all_of(is_kind(Kind.HTML), has_text("__next_f", "price_dollar")),
                    grids=tables,
                    tables=(PRODUCTS, TUNING, BatchDiscounts()),
                    ignored=(Unread("subscriptions", section="Plans|Pro|Team|Student|Enterprise"),),
                ),
            ),
            minimum_models=2,
            minimum_points=4,
        ),
    )
