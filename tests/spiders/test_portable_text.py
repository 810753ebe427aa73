"""Portable Text: tables that a page streams as data, under their headings, with footnotes."""

import json

import pytest

from catalog.reading import NotRead
from spiders.grid import Grid
from spiders.page import Page
from spiders.portable_text import tables


def block(style: str, *words: str) -> dict[str, object]:
    spans = [{"text": word} for word in words]
    return {"_key": "k", "_type": "block", "style": style, "children": spans}


def streamed(*rows: list[str]) -> Grid:
    table = {"_key": "t", "_type": "table", "rows": [{"cells": row} for row in rows]}
    text = [block("h2", "Developer ", "pricing"), table, block("normal", "*Deprecated in May.")]
    push = json.dumps(f"1:{json.dumps(text)}\n")
    page = f"<html><script>self.__next_f.push([1,{push}])</script></html>"
    return tables(Page.of(page.encode()))[0]


def test_a_table_stands_under_its_heading_with_its_footnotes_behind_the_names() -> None:
    grid = streamed(["Model", "Input"], ["[meta] Llama 4*", "$0.10"], ["Qwen 3", "$0.20"])
    assert (grid.headings, grid.columns) == (("Developer pricing",), ("Model", "Input"))
    assert [cell.text for row in grid.rows for cell in row] == [
        *("Llama 4 (Deprecated in May)", "$0.10"),
        *("Qwen 3", "$0.20"),
    ]


def test_a_row_that_names_no_model_is_refused() -> None:
    with pytest.raises(NotRead, match="names no model"):
        streamed(["Model", "Input"], ["[a][b]", "$0.10"])
