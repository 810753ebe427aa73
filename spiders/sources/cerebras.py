"""Cerebras: its public list of models (JSON), and its pricing page with a table in its data."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from catalog.vocabulary import Meter
from spiders import embedded, kit

PER_TOKEN = 1_000_000
FOOTNOTE = re.compile(r"^(\*+)\s*([^*\n]+?)[.\s]*$", re.MULTILINE)
NAMED = re.compile(r"(?:\[\w+\])?\s*(?P<name>[^\[\]*]+?)\s*(?P<mark>\**)")
"""A model's cell: the key of its maker's picture, its name, a footnote's mark."""


def modalities(value: kit.Json) -> str:
    """Word "text+vision" as a list of modalities."""
    return ", ".join("image" if part == "vision" else part for part in str(value).split("+"))


def status(word: str) -> kit.Says:
    """State a status where the list's flag is set, and nothing where it isn't."""
    return kit.Says("status", lambda flag: word if flag is True else "")


MODELS = kit.PriceList(
    records="data[]",
    model="id",
    prices={
        "pricing.prompt": kit.FieldPrice(meter=Meter.INPUT_TOKENS, scale=PER_TOKEN),
        "pricing.completion": kit.FieldPrice(meter=Meter.OUTPUT_TOKENS, scale=PER_TOKEN),
    },
    facts={
        "limits.max_context_length": kit.Says("context_tokens", kit.above_zero),
        "limits.max_completion_tokens": kit.Says("max_output_tokens", kit.above_zero),
        "architecture.modality": kit.Says("input_modalities", modalities),
        "hugging_face_id": kit.Says("open_weights", lambda name: "yes" if name else ""),
        "quantization": "quantization",
        "deprecated": status("deprecated"),
        "capabilities.vision": "vision",
        "capabilities.reasoning": "reasoning",
        "capabilities.function_calling": "function_calling",
    },
)


def tables(page: kit.Page) -> Sequence[kit.Grid]:
    """Give the tables of the streamed texts, each under its heading."""
    found = [made for text in embedded.streamed(page.text).values() for made in _tables(text)]
    return [replace(made, locator=f"streamed table {n}") for n, made in enumerate(found, 1)]


def _tables(text: kit.Json) -> Iterator[kit.Grid]:
    blocks = list(kit.objects(text, "_key", "_type"))
    notes = dict(FOOTNOTE.findall("\n".join(map(_words, blocks))))
    heading = ""
    for block in blocks:
        if str(block.get("style")).startswith("h"):
            heading = _words(block)
        if block["_type"] == "table" and (rows := [_cells(r) for r in kit.objects(block, "cells")]):
            columns = [str(column) for column in rows[0]]
            noted = [[_noted(row[0], notes), *row[1:]] for row in rows[1:]]
            yield replace(embedded.grid(columns, noted, ""), headings=(heading,))


def _words(block: Mapping[str, kit.Json]) -> str:
    return "".join(str(span["text"]) for span in kit.objects(block, "text"))


def _cells(row: Mapping[str, kit.Json]) -> Sequence[kit.Json]:
    match row["cells"]:
        case [_, *_] as cells:
            return cells
    raise kit.changed(f"a row of a streamed table has no cells: {str(row)[:60]}")


def _noted(named: kit.Json, notes: Mapping[str, str]) -> str:
    """Put a footnote on a model's availability behind its name, and take the marks off."""
    found = NAMED.fullmatch(str(named))
    if found is None:
        raise kit.changed(f"a row begins with {named!r}, which names no model")
    note = notes.get(found["mark"], "")
    return f"{found['name']} ({note})" if kit.status_in(note) else found["name"]


PAGE = kit.PriceTable(
    r"(?:developer|exploration)(?: tier)? pricing",
    {
        "Model": kit.Model(),
        "Speed": kit.Ignored("how fast it answers"),
        "Input": kit.Price(Meter.INPUT_TOKENS),
        "Output": kit.Price(Meter.OUTPUT_TOKENS),
    },
)


class Cerebras(kit.Official):
    """Open models on Cerebras' own chips."""

    documents = (
        kit.Document(
            "models",
            "https://api.cerebras.ai/public/v1/models",
            forms=(
                kit.Form(
                    "models",
                    recognise=kit.json_with("pricing", "datacenter_locations"),
                    tables=(MODELS,),
                ),
            ),
            minimum_points=2,
        ),
        kit.Document(
            "pricing",
            "https://www.cerebras.ai/pricing",
            forms=(
                kit.Form(
                    "pricing",
                    recognise=kit.html_with(r"__next_f", r"tableRow"),
                    grids=tables,
                    tables=(PAGE,),
                    ignored=(
                        kit.Unread("subscriptions of a coding plan", section="Cerebras Code"),
                        kit.Unread(
                            "the least that is paid in advance", text=r"payment starting at"
                        ),
                    ),
                ),
            ),
            minimum_points=2,
        ),
    )
