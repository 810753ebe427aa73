"""Mistral AI: its pricing page, whose API prices are streamed data alone, in USD and in EUR."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from catalog.reading import Adjustment, fold
from catalog.vocabulary import Meter, Unit
from spiders import embedded, kit

AMOUNTS = {"price_dollar": ("USD", "€"), "price_euro": ("EUR", "$")}
"""The fields that hold an amount: their currency, and the sign that may not stand in them."""
PARTS = ("price", "fine_tuning")
"""The lists of prices that a product may have."""
A_PRICE = re.compile(r"pric|cost|tariff|discount|batch|cache", re.IGNORECASE)
COUNTED = re.compile(r"\b(calls|images|tokens|pages|searches)\b", re.IGNORECASE)
BATCH = re.compile(r"\+ (?P<off>\d+)% off with batch-APIs")
SLASHED = re.compile(r"/\s*(?=per )")

Product = Mapping[str, kit.Json]


def tables(page: kit.Page) -> Sequence[kit.Grid]:
    """Give for each product, list of prices and currency a table of one row."""
    rows = list(embedded.streamed(page.text).values())
    priced = [p for row in rows for p in kit.objects(row, "name", "price")]
    _refuse_others(rows, priced)
    shared = _names_by_endpoint(priced)
    return [
        replace(made, locator=f"product {number}, {made.locator}")
        for number, product in enumerate(priced, 1)
        for part in PARTS
        for made in _tables(product, part, _model(product, shared))
    ]


def _refuse_others(rows: Sequence[kit.Json], priced: Sequence[Product]) -> None:
    """Refuse amounts in objects that are neither products nor subscriptions."""
    known = sum(len(_entries(product, part)) for product in priced for part in PARTS)
    stated = [o for row in rows for o in kit.objects(row, "price_dollar")]
    others = [o for o in stated if "pricing_plans_id" not in o]
    if len(others) != known:
        raise kit.changed(f"{len(others)} objects hold a price, {known} are in lists of prices")


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


def _entries(product: Product, part: str) -> Sequence[Mapping[str, kit.Json]]:
    listed = product.get(part) or []
    if not isinstance(listed, list) or not all(isinstance(entry, dict) for entry in listed):
        raise kit.changed(f"{part} of {_name(product)} is no list: {str(listed)[:60]}")
    return listed


def _tables(product: Product, part: str, model: str) -> Iterator[kit.Grid]:
    if odd := [n for n in product if A_PRICE.search(n) and n not in PARTS and product[n]]:
        raise kit.changed(f"{_name(product)} has the unknown fields {', '.join(odd)}")
    entries = _entries(product, part)
    for field, (currency, foreign) in AMOUNTS.items() if entries else ():
        priced = [p for e in entries for p in _priced(product, e, _text(e, field, foreign))]
        columns, cells = zip(("Model", kit.Cell(model)), *_facts(product), *priced, strict=True)
        if len(set(columns)) < len(columns):
            raise kit.changed(f"{_name(product)} has two prices of one name: {', '.join(columns)}")
        locator = f"{part} of {_name(product)} in {currency}"
        yield kit.Grid((part,), columns, (cells,), locator, {"currency": currency})


def _facts(product: Product) -> Iterator[tuple[str, kit.Cell]]:
    yield "name", kit.Cell(_name(product))
    yield "licence", kit.Cell(str(product.get("licence") or ""))
    yield "context", kit.Cell(str(product.get("context") or ""))
    able = (str(o["value"]) for o in kit.objects(product.get("capabilities"), "icon", "value"))
    yield "capabilities", kit.Cell(", ".join(able))


def _text(entry: Mapping[str, kit.Json], field: str, foreign: str) -> str:
    if odd := [name for name in entry if A_PRICE.search(name) and name not in AMOUNTS]:
        raise kit.changed(f"a price has the unknown fields {', '.join(odd)}")
    shown = embedded.cell(embedded.Markup(entry.get(field) or "")).text
    if foreign in shown:
        raise kit.changed(f"{shown!r} stands in {field}")
    return SLASHED.sub(" ", shown)


def _priced(
    product: Product, entry: Mapping[str, kit.Json], text: str
) -> Iterator[tuple[str, kit.Cell]]:
    """Give a price the column that says what it is; a label in its place states none."""
    label = fold(str(entry.get("value")))
    tool = product.get("type") == "Tools"
    counted = COUNTED.search(text) if tool and label == "Price" else None
    if label == "API endpoint" and text == "Free":
        yield "Free input", kit.Cell(text)
        yield "Free output", kit.Cell(text)
    elif counted:
        yield f"{_name(product)}: {counted[0].lower()}", kit.Cell(text)
    else:
        yield f"Tools: {label}" if tool else label, kit.Cell("" if text == label else text)


def licence(text: str) -> str:
    """Say of a licence whether the weights are open; the page has other words for paid ones."""
    return "yes" if text.casefold() == "open model" else ""


MONTHLY = {"(?:/|per) month per model": kit.Terms()}
TOKENS_OR_MINUTES = kit.Price(
    Meter.INPUT_TOKENS,
    unit=Unit.MILLION_TOKENS,
    words={"audio": kit.Terms(Meter.AUDIO, unit=Unit.MINUTE)},
    optional=True,
)
CURRENCIES = {"currency": {c: kit.Terms(currency=c) for c, _ in AMOUNTS.values()}}
FACTS = {
    "name": kit.States("display_name"),
    "licence": kit.States("open_weights", licence),
    "context": kit.States("context_tokens", kit.token_count),
    "capabilities": kit.States("capabilities"),
}
STORAGE = kit.Price(
    Meter.OTHER, variant="fine-tuned storage", unit=Unit.OTHER, words=MONTHLY, optional=True
)
TRAINING = kit.Price(Meter.TRAINING_TOKENS, optional=True)
PRODUCTS = kit.PriceTable(
    "price",
    {
        "Model": kit.Model(),
        **FACTS,
        r"Input \(per min / per M tok\)": TOKENS_OR_MINUTES,
        r"Input \({unit}\)": kit.Price(Meter.INPUT_TOKENS, optional=True),
        r"Cached input \({unit}\)": kit.Price(Meter.CACHE_READ_TOKENS, optional=True),
        r"Output \({unit}\)": kit.Price(Meter.OUTPUT_TOKENS, optional=True),
        "Free input": kit.Price(Meter.INPUT_TOKENS, unit=Unit.MILLION_TOKENS, optional=True),
        "Free output": kit.Price(Meter.OUTPUT_TOKENS, unit=Unit.MILLION_TOKENS, optional=True),
        r"Audio Input ?{unit}": kit.Price(Meter.AUDIO, optional=True),
        "Audio generation": kit.Price(Meter.CHARACTERS, optional=True),
        r"Training Cost \({unit}\)": TRAINING,
        "Storage Cost": STORAGE,
        "OCR": kit.Price(Meter.PAGES, words={BATCH.pattern: kit.Terms()}, optional=True),
        "Annotations": kit.Price(Meter.PAGES, variant="annotations", optional=True),
        "Tools: OCR": kit.Price(Meter.PAGES, variant="ocr", optional=True),
        "Tools: Indexing": kit.Price(Meter.OTHER, variant="indexing", optional=True),
        "Tools: Call": kit.Price(Meter.REQUESTS, optional=True),
        ".*search: calls": kit.Price(Meter.SEARCHES, optional=True),
        ".*: calls": kit.Price(Meter.REQUESTS, optional=True),
        ".*: images": kit.Price(Meter.IMAGES, optional=True),
        ".*: tokens": kit.Price(Meter.OTHER, optional=True),
        "Tools: Price": kit.Price(absent=(r"Model cost per M token \+ Tool call",), optional=True),
        "Available on": kit.Ignored("the addresses of the API"),
    },
    labels=CURRENCIES,
    expect=kit.ONE_OR_MORE,
)
TUNING = kit.PriceTable(
    "fine_tuning",
    {
        "Model": kit.Model(),
        **FACTS,
        r"Training Cost \({unit}\)": TRAINING,
        "Storage Cost": STORAGE,
        r"Input \({unit}\)": kit.Price(Meter.INPUT_TOKENS, variant="fine-tuned", optional=True),
        r"Output \({unit}\)": kit.Price(Meter.OUTPUT_TOKENS, variant="fine-tuned", optional=True),
    },
    labels=CURRENCIES,
    expect=kit.NONE_OR_MORE,
)


class BatchDiscounts:
    """What a price says of batches behind its amount: "+ 50% off with batch-APIs"."""

    def read(self, page: kit.Page) -> kit.Found:
        """Read each such note, once for each model."""
        said = [self._adjustment(grid, c) for grid in page.grids for row in grid.rows for c in row]
        return kit.Found(adjustments=tuple(dict.fromkeys(a for a in said if a)))

    def _adjustment(self, table: kit.Grid, priced: kit.Cell) -> Adjustment | None:
        off = BATCH.search(priced.text)
        if off is None:
            return None
        factor = 1 - Decimal(off["off"]) / 100
        scope = table.rows[0][0].text
        return Adjustment(name="batch", factor=factor, scope=scope, evidence=off.group())


SUBSCRIPTIONS = kit.Unread("subscriptions", section="Plans|Pro|Team|Student|Enterprise")
PAGE = kit.Form(
    "pricing",
    kit.html_with("__next_f", "price_dollar"),
    (PRODUCTS, TUNING, BatchDiscounts()),
    grids=tables,
    ignored=(SUBSCRIPTIONS,),
)


class Mistral(kit.Official):
    """Mistral's models and tools, sold by their maker in two currencies."""

    document = kit.Document(
        "pricing", "https://mistral.ai/pricing", (PAGE,), minimum_models=2, minimum_points=4
    )
