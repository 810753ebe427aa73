"""Cells of several prices become rows of one each, and nothing is lost on the way."""

import pytest

from catalog.reading import NotRead
from spiders.dividing import by_label, by_line
from spiders.grid import Cell, Grid


def _grid(columns: tuple[str, ...], *rows: tuple[str, ...]) -> Grid:
    return Grid((), columns, tuple(tuple(map(Cell, row)) for row in rows), "table 1")


def _texts(grid: Grid) -> list[tuple[str, ...]]:
    return [tuple(cell.text for cell in row) for row in grid.rows]


def _typed(_labels: set[str]) -> str:
    return "Type"


def test_each_labelled_line_becomes_a_row_at_the_place_of_its_row() -> None:
    grid = _grid(("Model", "Price"), ("A", "Input: $1\nCache Hit: $0.1"), ("B", "Input: $2"))
    divided = by_label(grid, [1], _typed)
    assert divided.columns == ("Model", "Price", "Type")
    assert _texts(divided) == [
        ("A", "$1", "Input"),
        ("A", "$0.1", "Cache Hit"),
        ("B", "$2", "Input"),
    ]
    assert divided.places == (0, 0, 1)


def test_one_label_in_two_columns_is_one_row() -> None:
    grid = _grid(("Model", "Short", "Long"), ("A", "Input: $1\nOutput: $2", "Input: $3"))
    assert _texts(by_label(grid, [1, 2], _typed)) == [
        ("A", "$1", "$3", "Input"),
        ("A", "$2", "", "Output"),
    ]


def test_a_label_that_comes_twice_is_two_rows_even_on_one_line() -> None:
    grid = _grid(("Model", "Price"), ("A", "Input: $1\nCache Hit: $0.1 Input: $6.60"))
    assert [row[1] for row in _texts(by_label(grid, [1], _typed))] == ["$1", "$0.1", "$6.60"]


def test_an_amount_beside_the_labels_is_refused() -> None:
    grid = _grid(("Model", "Price"), ("A", "$5 Input: $1"))
    with pytest.raises(NotRead, match="more than labelled prices"):
        by_label(grid, [1], _typed)


def test_labels_beside_a_column_of_them_are_refused() -> None:
    grid = _grid(("Type", "Price"), ("A", "Input: $1"))
    with pytest.raises(NotRead, match="has a column 'Type'"):
        by_label(grid, [1], _typed)


def test_struck_prices_among_labelled_ones_are_refused() -> None:
    row = (Cell("A"), Cell("Input: $1", struck="$2"))
    with pytest.raises(NotRead, match="struck"):
        by_label(Grid((), ("Model", "Price"), (row,), "table 1"), [1], _typed)


def test_a_table_without_labels_stays_as_it_is() -> None:
    grid = _grid(("Model", "Price"), ("A", "$1"))
    assert by_label(grid, [1], _typed) is grid


def test_lines_of_type_and_prices_go_together() -> None:
    grid = _grid(
        ("Type", "Price", "Long"), ("Image\nText:", "$1 / image\n$2", ""), ("Audio", "$3", "$4")
    )
    assert _texts(by_line(grid, "Type", [1, 2])) == [
        ("Image", "$1 / image", ""),
        ("Text", "$2", ""),
        ("Audio", "$3", "$4"),
    ]


def test_lines_that_do_not_match_are_left_together() -> None:
    grid = _grid(("Type", "Price"), ("Image\nText", "$1"))
    assert _texts(by_line(grid, "Type", [1])) == [("Image\nText", "$1")]
