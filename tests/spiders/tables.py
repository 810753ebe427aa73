"""Small pages and grids for the tests of readers."""

from collections.abc import Sequence

from spiders.grid import Cell, Grid
from spiders.page import Page


def html_page(body: str) -> Page:
    """Make a page of HTML."""
    return Page.of(f"<html><body>{body}</body></html>".encode())


def markdown_page(text: str) -> Page:
    """Make a page of markdown."""
    return Page.of(text.encode())


def only_grid(page: Page) -> Grid:
    """Give the one table of a page."""
    (grid,) = page.grids
    return grid


def texts(rows: Sequence[Sequence[Cell]]) -> list[list[str]]:
    """Give the visible words of rows."""
    return [[cell.text for cell in row] for row in rows]
