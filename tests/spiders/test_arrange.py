"""Tables put in another shape keep every cell, or are refused."""

from collections.abc import Sequence

import pytest

from catalog.reading import NotRead
from spiders import arrange
from spiders.grid import Cell, Grid


def table(columns: str, *rows: str, short: dict[int, int] | None = None) -> Grid:
    cells = tuple(tuple(Cell(text) for text in row.split("|")) for row in rows)
    return Grid((), tuple(columns.split("|")), cells, "table 1", short=short or {})


def texts(grid: Grid) -> list[str]:
    return ["|".join(cell.text for cell in row) for row in grid.rows]


def test_a_row_without_its_first_cell_continues_the_row_above() -> None:
    grid = table("Model|Modality|Input", "a|Audio|32", "Text|4|", "b|Text|5", short={1: 2})
    assert texts(arrange.filled(grid)) == ["a|Audio|32", "a|Text|4", "b|Text|5"]


@pytest.mark.parametrize(("row", "written"), [("4||", 1), ("||", 0)])
def test_a_row_that_lacks_more_is_cut_off(row: str, written: int) -> None:
    with pytest.raises(NotRead, match="row 2 lacks"):
        arrange.filled(table("Model|Modality|Input", "a|Audio|32", row, short={1: written}))


def test_a_first_row_that_lacks_a_cell_continues_nothing() -> None:
    with pytest.raises(NotRead, match="row 1 lacks 1 of 2 cells"):
        arrange.filled(table("Model|Input", "32|", short={0: 1}))


def test_a_row_of_headings_joins_those_above_it() -> None:
    grid = table("|Short||Long|", "Model|In|Out|In|Out", "a|1|2|3|4")
    headed = arrange.with_second_headings(grid, "Model")
    assert headed.columns == ("Model", "Short / In", "Short / Out", "Long / In", "Long / Out")
    assert texts(headed) == ["a|1|2|3|4"]


def test_a_table_with_one_row_of_headings_stays_as_it_is() -> None:
    grid = table("Model|In", "a|1")
    assert arrange.with_second_headings(grid, "Model") == grid


def test_columns_are_kept_by_their_headings() -> None:
    kept = arrange.kept(table("Model|Short|Long", "a|1|2"), lambda column: column != "Long")
    assert (kept.columns, texts(kept)) == (("Model", "Short"), ["a|1"])


def test_a_cell_moves_to_the_column_that_names_it() -> None:
    def by_modality(row: arrange.Row, _: Sequence[arrange.Row]) -> dict[str, str]:
        return {"Input": f"{row['Modality'].text} / Input"}

    spread = arrange.spread(table("Modality|Input", "Audio|32", "Text|4"), by_modality)
    assert spread.columns == ("Modality", "Audio / Input", "Text / Input")
    assert texts(spread) == ["Audio|32|", "Text||4"]
