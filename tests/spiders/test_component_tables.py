"""Tables of components: their rows under their headings, or a refusal."""

from decimal import Decimal

import pytest

from catalog.reading import NotRead
from spiders.component_tables import CUT, ComponentTables
from spiders.embedded import Component
from spiders.exact_json import Json
from spiders.page import Page

TABLES = ComponentTables(
    names=("Prices",),
    columns={"Prices": ("Model", "Input", "Cache writes", "Output")},
    may_lack="Cache writes",
    known=frozenset({"hidden"}),
    note="footnote",
)
GROUPED = ComponentTables(names=("Prices",))


def texts(tables: ComponentTables, **props: Json) -> list[str]:
    (grid,) = tables.grids(Component("Prices", props))
    return ["|".join(cell.text for cell in row) for row in grid.rows]


def test_a_row_may_leave_out_the_one_cell_that_is_declared() -> None:
    rows: Json = [["a", Decimal(1), Decimal(2), Decimal(3)], ["b", Decimal(4), Decimal("5.50")]]
    assert texts(TABLES, rows=rows) == ["a|1|2|3", "b|4||5.5"]


def test_a_row_that_lacks_more_is_refused() -> None:
    with pytest.raises(NotRead, match="2 values where 4 columns are known"):
        texts(TABLES, rows=[["a", Decimal(1)]])


def test_groups_stand_in_front_of_their_rows() -> None:
    groups: Json = [{"model": "a", "rows": [["Audio", Decimal(32)], ["Text", None]]}]
    headings: Json = ["Model", "Modality", "Input"]
    assert texts(GROUPED, headings=headings, groups=groups) == ["a|Audio|32", "a|Text|"]


def test_tier_footnote_and_tab_are_labels_of_the_table() -> None:
    component = Component(
        "Prices", {"tier": "batch", "footnote": "A note", "rows": []}, {"pane": "b"}
    )
    (grid,) = TABLES.grids(component)
    assert grid.labels == {"tier": "batch", "note": "A note", "pane": "b"}


def test_a_component_without_rows_is_no_table_and_an_unknown_one_with_rows_is_refused() -> None:
    assert TABLES.grids(Component("Menu", {"options": ["a"]})) == ()
    with pytest.raises(NotRead, match="'Menu' holds rows"):
        TABLES.grids(Component("Menu", {"rows": []}))


def test_unknown_data_of_a_table_is_refused() -> None:
    assert texts(TABLES, rows=[], hidden=["a"], width="22%") == []
    with pytest.raises(NotRead, match="unknown data 'longRows'"):
        texts(TABLES, rows=[], longRows=[["a", Decimal(1)]])


def test_what_is_left_of_a_cut_table_begins_with_the_rows_of_the_lost_group() -> None:
    rest: Json = [[], [["Image search", "$10"]], [{"model": "Files", "rows": [["Storage", "$1"]]}]]
    (grid,) = TABLES.grids(Component(CUT, {"rest": rest}))
    assert [[cell.text for cell in row] for row in grid.rows] == [
        ["", "Image search", "$10"],
        ["Files", "Storage", "$1"],
    ]
    assert not any(grid.columns)


def test_a_cut_table_with_anything_else_left_is_refused() -> None:
    with pytest.raises(NotRead, match="neither rows nor groups"):
        TABLES.grids(Component(CUT, {"rest": [["5", Decimal(10)], [{"model": "a", "rows": []}]]}))


def test_a_component_comes_after_the_table_that_it_shows() -> None:
    page = Page.of(
        b"""<html><body><main><p>Batch</p><astro-island component-export="Prices"
        props='{"rows":[1,[[1,[[0,"a"],[0,1],[0,2],[0,3]]]]]}'><table><tr><th>Model</th></tr>
        <tr><td>a</td></tr></table></astro-island><p>End</p></main></body></html>"""
    )
    blocks = TABLES.beside_visible(page, "main").blocks
    assert [block.locator for block in blocks][1:3] == ["table 1", "Prices of table 1"]


def test_a_component_with_rows_that_shows_no_table_is_refused() -> None:
    page = Page.of(
        b"""<html><body><main><p>Batch</p><astro-island component-export="Prices"
        props='{"rows":[1,[]]}'></astro-island></main></body></html>"""
    )
    with pytest.raises(NotRead, match="Prices holds rows and shows no table"):
        TABLES.beside_visible(page, "main")
