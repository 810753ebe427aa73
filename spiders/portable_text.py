"""Portable Text: a page's words as data, as content systems stream them; its tables as grids."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from spiders import embedded
from spiders.exact_json import Json, objects
from spiders.grid import Grid
from spiders.names import status_in
from spiders.page import Page, changed

_FOOTNOTE = re.compile(r"^(\*+)\s*([^*\n]+?)[.\s]*$", re.MULTILINE)
_NAMED = re.compile(r"(?:\[\w+\])?\s*(?P<name>[^\[\]*]+?)\s*(?P<mark>\**)")
"""A row's first cell: the key of a picture, a name, a footnote's mark."""


def tables(page: Page) -> Sequence[Grid]:
    """Give the tables of the texts that a page streams, each under its heading.

    Footnotes on availability are put behind the names that they are of.
    """
    found = [made for text in embedded.streamed(page.text).values() for made in _tables(text)]
    return [replace(made, locator=f"streamed table {n}") for n, made in enumerate(found, 1)]


def _tables(text: Json) -> Iterator[Grid]:
    blocks = list(objects(text, "_key", "_type"))
    notes = dict(_FOOTNOTE.findall("\n".join(map(_words, blocks))))
    heading = ""
    for block in blocks:
        if str(block.get("style")).startswith("h"):
            heading = _words(block)
        if block["_type"] == "table" and (rows := [_cells(r) for r in objects(block, "cells")]):
            columns = [str(column) for column in rows[0]]
            noted = [[_noted(row[0], notes), *row[1:]] for row in rows[1:]]
            yield replace(embedded.grid(columns, noted, ""), headings=(heading,))


def _words(block: Mapping[str, Json]) -> str:
    return "".join(str(span["text"]) for span in objects(block, "text"))


def _cells(row: Mapping[str, Json]) -> Sequence[Json]:
    match row["cells"]:
        case [_, *_] as cells:
            return cells
    raise changed(f"a row of a streamed table has no cells: {str(row)[:60]}")


def _noted(named: Json, notes: Mapping[str, str]) -> str:
    found = _NAMED.fullmatch(str(named))
    if found is None:
        raise changed(f"a row begins with {named!r}, which names no model")
    note = notes.get(found["mark"], "")
    return f"{found['name']} ({note})" if status_in(note) else found["name"]
