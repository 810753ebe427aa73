"""Cerebras: its public list of models (JSON), and its pricing page with a table in its data."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from catalog.vocabulary import Meter, SourceKind
from spiders.embedded import grid, streamed
from spiders.exact_json import Json, objects
from spiders.grid import Grid
from spiders.ledger import Unread
from spiders.names import status_in
from spiders.page import Kind, Page, changed
from spiders.price_list import Price as Field
from spiders.price_list import PriceList, Says, above_zero
from spiders.price_table import Ignored, Model, Price, PriceTable
from spiders.source import Document, Form, PriceSource, all_of, has_text, is_kind

PER_TOKEN = 1_000_000
FOOTNOTE = re.compile(r"^(\*+)\s*([^*\n]+?)[.\s]*$", re.MULTILINE)
NAMED = re.compile(r"(?:\[\w+\])?\s*(?P<name>[^\[\]*]+?)\s*(?P<mark>\**)")
"""A model's cell: the key of its maker's picture, its name, a footnote's mark."""


def modalities(value: Json) -> str:
    """Word "text+vision" as a list of modalities."""
    return ", ".join("image" if part == "vision" else part for part in str(value).split("+"))


def status(word: str) -> Says:
    """State a status where the list's flag is set, and nothing where it isn't."""
    return Says("status", lambda flag: word if flag is True else "")


MODELS = PriceList(
    records="data[]",
    model="id",
    prices={
        "pricing.prompt": Field(meter=Meter.INPUT_TOKENS, scale=PER_TOKEN),
        "pricing.completion": Field(meter=Meter.OUTPUT_TOKENS, scale=PER_TOKEN),
    },
    facts={
        "limits.max_context_length": Says("context_tokens", above_zero),
        "limits.max_completion_tokens": Says("max_output_tokens", above_zero),
        "architecture.modality": Says("input_modalities", modalities),
        "hugging_face_id": Says("open_weights", lambda name: "yes" if name else ""),
        "quantization": "quantization",
        "deprecated": status("deprecated"),
        "capabilities.vision": "vision",
        "capabilities.reasoning": "reasoning",
        "capabilities.function_calling": "function_calling",
    },
)


def tables(page: Page) -> Sequence[Grid]:
    """Give the tables of the streamed texts, each under its heading."""
    found = [made for text in streamed(page.text).values() for made in _tables(text)]
    return [replace(made, locator=f"streamed table {n}") for n, made in enumerate(found, 1)]


def _tables(text: Json) -> Iterator[Grid]:
    blocks = list(objects(text, "_key", "_type"))
    notes = dict(FOOTNOTE.findall("\n".join(map(_words, blocks))))
    heading = ""
    for block in blocks:
        if str(block.get("style")).startswith("h"):
            heading = _words(block)
        if block["_type"] == "table" and (rows := [_cells(r) for r in objects(block, "cells")]):
            columns = [str(column) for column in rows[0]]
            noted = [[_noted(row[0], notes), *row[1:]] for row in rows[1:]]
            yield replace(grid(columns, noted, ""), headings=(heading,))


def _words(block: Mapping[str, Json]) -> str:
    return "".join(str(span["text"]) for span in objects(block, "text"))


def _cells(row: Mapping[str, Json]) -> Sequence[Json]:
    match row["cells"]:
        case [_, *_] as cells:
            return cells
    raise changed(f"a row of a streamed table has no cells: {str(row)[:60]}")


def _noted(named: Json, notes: Mapping[str, str]) -> str:
    """Put a footnote on a model's availability behind its name, and take the marks off."""
    found = NAMED.fullmatch(str(named))
    if found is None:
        raise changed(f"a row begins with {named!r}, which names no model")
    note = notes.get(found["mark"], "")
    return f"{found['name']} ({note})" if status_in(note) else found["name"]


PAGE = PriceTable(
    r"(?:developer|exploration)(?: tier)? pricing",
    {
        "Model": Model(),
        "Speed": Ignored("how fast it answers"),
        "Input": Price(Meter.INPUT_TOKENS),
        "Output": Price(Meter.OUTPUT_TOKENS),
    },
)


class Cerebras(PriceSource):
    """Open models on Cerebras' own chips."""

    name = "cerebras"
    kind = SourceKind.OFFICIAL
    cadence = timedelta(hours=6)
    documents = (
        Document(
            "models",
            "https://api.cerebras.ai/public/v1/models",
            forms=(
                Form(
                    "models",
                    recognise=all_of(
                        is_kind(Kind.JSON), has_text(r'"pricing"', r'"datacenter_locations"')
                    ),
                    tables=(MODELS,),
                ),
            ),
            minimum_points=2,
        ),
        Document(
            "pricing",
            "https://www.cerebras.ai/pricing",
            forms=(
                Form(
                    "pricing",
                    recognise=all_of(is_kind(Kind.HTML), has_text(r"__next_f", r"tableRow")),
                    grids=tables,
                    tables=(PAGE,),
                    ignored=(
                        Unread("subscriptions of a coding plan", section="Cerebras Code"),
                        Unread("the least that is paid in advance", text=r"payment starting at"),
                    ),
                ),
            ),
            minimum_points=2,
        ),
    )
