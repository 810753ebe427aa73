"""Tables that pages leave open, rows that reach too far, and tabs that are plain sections."""

import time

from spiders.html_repair import close_tables
from spiders.page import Page

OPEN = "<table><tr><th>A</th></tr><tr><td>1</td></tr>"


def _rows(html: str) -> list[list[list[str]]]:
    grids = Page.of(f"<html><body>{html}</body></html>".encode()).grids
    return [[[cell.text for cell in row] for row in grid.rows] for grid in grids]


def test_a_table_left_open_ends_where_the_next_one_begins() -> None:
    html = f"{OPEN}<table><tr><th>B</th></tr><tr><td>2</td></tr></table>"
    assert _rows(html) == [[["1"]], [["2"]]]


def test_a_heading_after_a_table_left_open_stands_above_the_next_table() -> None:
    html = f"{OPEN}{OPEN}</table><h2>C</h2>{OPEN}</table>"
    assert Page.of(f"<html>{html}</html>".encode()).grids[-1].headings == ("C",)


def test_a_table_inside_a_cell_ends_nothing() -> None:
    html = "<table><tr><td>a<table><tr><td>b</td></tr></table></td></tr>"
    assert close_tables(html) == html


def test_tables_in_scripts_and_comments_are_no_tables() -> None:
    html = "<table><tr><td>a</td></tr><script>'<table>'</script><!-- <table> -->"
    assert close_tables(html) == html


def test_a_page_full_of_open_tables_is_mended_in_a_moment() -> None:
    started = time.monotonic()
    close_tables("<table><tr><td>1</td></tr>" * 20_000)
    assert time.monotonic() - started < 2


def test_a_cell_reaches_no_further_than_its_row_group() -> None:
    head = "<tr><th>Model</th><th>Price</th></tr>"
    html = (
        f"<table><thead>{head}</thead><tbody><tr><td rowspan=3>a</td><td>1</td></tr></tbody>"
        "<tbody><tr><td>b</td><td>2</td></tr></tbody></table>"
    )
    assert _rows(html) == [[["a", "1"], ["b", "2"]]]


def test_the_heading_of_a_tab_holds_for_the_tab_alone() -> None:
    table = "<table><tr><th>A</th></tr><tr><td>1</td></tr></table>"
    html = (
        f"<h2>Prices</h2><devsite-selector><section><h3>Batch</h3>{table}</section>"
        f"</devsite-selector>{table}"
    )
    inside, after = Page.of(f"<html>{html}</html>".encode()).grids
    assert inside.headings[-1] == "Batch"
    assert after.headings == ("Prices",)
