"""Tables that a page's markup does not call tables, and tab labels that stand apart."""

import pytest
from lxml.html import document_fromstring

from catalog.reading import NotRead
from spiders.grid import Grid
from spiders.html_grids import blocks
from spiders.html_layouts import Layout, Lines, Tabs
from spiders.markdown import to_html

JSX_CELL = "| a |\n| - |\n| <div style={{minWidth:'240px'}}>H3</div> |\n"
ROWS = Lines(row="div.row")
REGIONS = Tabs(box=".tabs", label=".tab", panel=".panel")


def grids(html: str, *layouts: Layout) -> list[Grid]:
    """Read the tables of a page."""
    return [b for b in blocks(document_fromstring(html), cards=layouts) if isinstance(b, Grid)]


def test_a_tag_with_a_jsx_attribute_is_markup_in_markdown() -> None:
    [grid] = grids(to_html(JSX_CELL))
    assert grid.rows[0][0].text == "H3"


def test_rows_of_divs_are_a_table_under_its_heading() -> None:
    [grid] = grids(
        "<h2>LLM</h2><div><div class=row><div>Model</div><div><b>Input</b><i> 1M</i></div></div>"
        "<div class=row><div>m3</div><div><s>¥4</s><span>¥2</span></div></div></div>",
        ROWS,
    )
    assert grid.headings == ("LLM",)
    assert grid.columns == ("Model", "Input 1M")
    assert [(cell.text, cell.struck) for cell in grid.rows[0]] == [("m3", ""), ("¥2", "¥4")]


def test_rows_of_two_elements_are_two_tables_and_a_row_alone_is_none() -> None:
    row = "<div class=row><div>a</div></div>"
    page = f"<div>{row}{row}</div><div>{row}{row}</div><div>{row}</div>"
    assert [len(grid.rows) for grid in grids(page, ROWS)] == [1, 1]


def test_a_row_of_divs_with_a_cell_too_many_is_refused() -> None:
    page = (
        "<div><div class=row><p>Model</p><p>Input</p></div>"
        "<div class=row><p>m3</p><p>¥2</p><p>¥4</p></div></div>"
    )
    with pytest.raises(NotRead, match="3 cells under 2 headings"):
        grids(page, ROWS)


def test_a_panels_label_is_the_innermost_heading_of_its_table_alone() -> None:
    page = (
        "<h2>Models</h2><div class=tabs><div class=tab>North</div><div class=tab>South</div>"
        "<div class=panel><table><tr><td>a<tr><td>1</table></div>"
        "<div class=panel><table><tr><td>a<tr><td>2</table></div></div>"
        "<table><tr><td>a<tr><td>3</table>"
    )
    assert [grid.headings for grid in grids(page, REGIONS)] == [
        ("Models", "North"),
        ("Models", "South"),
        ("Models",),
    ]


def test_a_tab_within_a_tab_is_labelled_within_it() -> None:
    page = (
        "<div class=tabs><p class=tab>North</p><div class=panel>"
        "<div class=tabs><p class=tab>Batch</p><div class=panel><table><tr><td>a<tr><td>1</table>"
        "</div></div></div></div>"
    )
    assert grids(page, REGIONS)[0].headings == ("North", "Batch")


def test_tabs_with_fewer_panels_than_labels_are_refused() -> None:
    page = (
        "<div class=tabs><p class=tab>North</p><p class=tab>South</p><div class=panel></div></div>"
    )
    with pytest.raises(NotRead, match="1 panels of the tabs North, South"):
        grids(page, REGIONS)
