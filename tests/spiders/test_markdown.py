"""Markdown as sites serve it becomes the same grids as HTML."""

from collections.abc import Sequence

import pytest

from spiders.grid import Cell, Grid
from spiders.page import Shape
from tests.spiders.tables import markdown_page, only_grid, texts


def test_front_matter_is_no_part_of_the_page() -> None:
    page = markdown_page("---\nurl: https://a.example\nprice: $5\n---\n\n# Pricing\n\nWords\n")
    assert [block.text for block in page.prose] == ["Pricing", "Words"]


def test_escaped_signs_are_plain() -> None:
    grid = only_grid(markdown_page("| Model | Price |\n|--|--|\n| a | \\$15 / MTok |\n"))
    assert texts(grid.rows) == [["a", "$15 / MTok"]]


def test_struck_words_are_apart() -> None:
    grid = only_grid(markdown_page("| Model | Price |\n|--|--|\n| a | ~~\\$0.60~~ \\$0.30 |\n"))
    assert grid.rows[0][1] == Cell("$0.30", "$0.60")


def test_a_table_in_a_component_is_read_under_its_title() -> None:
    page = markdown_page(
        """## LLM

<Tabs>
  <Tab title="Standard">
    | Model | Input |
    | :---- | :---- |
    | **M3**<br />≤ 512k | $0.3 |
  </Tab>

  <Tab title="Priority">
    | Model | Input |
    | :---- | :---- |
    | M3 | $0.45 |
  </Tab>
</Tabs>
"""
    )
    assert [(g.headings, texts(g.rows)) for g in page.grids] == [
        (("LLM", "Standard"), [["M3\n≤ 512k", "$0.3"]]),
        (("LLM", "Priority"), [["M3", "$0.45"]]),
    ]


def test_a_row_written_with_fewer_cells_says_how_many() -> None:
    grid = only_grid(
        markdown_page("| Model | Kind | Price |\n|--|--|--|\n| a | in | $1 |\n| out | $2 |\n")
    )
    assert grid.short == {1: 2}


def test_a_row_with_empty_cells_is_not_short() -> None:
    grid = only_grid(
        markdown_page("| Model | Kind | Price |\n|--|--|--|\n|  | in | $1 |\n| b | | |\n")
    )
    assert grid.short == {}


def test_what_stands_in_code_is_not_read_as_markup() -> None:
    page = markdown_page('# A\n\n```html\n<Tab title="x">\n| a | b |\n|--|--|\n```\n\nwords\n')
    assert not page.grids
    assert page.headings == ("A",)


def reader(source: str) -> Sequence[Grid]:
    """Read nothing but the source itself."""
    return (Grid((), ("source",), ((Cell(source),),), "Prices"),)


COMPONENT = '<Prices tier="batch" note={f("a > b")} rows={[\n  ["gpt_x_y", 5, "<b>"],\n]} />'


def test_a_component_with_data_is_handed_to_the_form_s_reader_as_written() -> None:
    page = markdown_page(f"# P\n\n<div>\n  {COMPONENT}\n</div>\n\n| a |\n|--|\n| 1 |\n")
    component, table = page.shaped(Shape(jsx=reader)).grids
    assert component.rows[0][0].text == COMPONENT
    assert component.locator == "Prices 1"
    assert component.headings == table.headings == ("P",)


def test_a_component_that_nobody_reads_is_prose_for_the_ledger() -> None:
    page = markdown_page("<Prices rows={['$5']} />")
    assert [block.text for block in page.prose] == ["<Prices rows={['$5']} />"]


def test_a_footnote_right_below_a_table_is_no_row_of_it() -> None:
    page = markdown_page("| a | b |\n|--|--|\n| 1 | 2 |\n† costs $5\n")
    assert len(page.grids[0].rows) == 1
    assert [block.text for block in page.prose] == ["† costs $5"]


def test_a_row_without_edges_below_a_table_is_still_one() -> None:
    (table,) = markdown_page("| a | b |\n|--|--|\n| 1 | 2 |\n3 | 4\n").grids
    assert [cell.text for cell in table.rows[1]] == ["3", "4"]


GROUPED = """| Model | Short | Long |
| --- | --- | --- |
| In | Out | In | Out |
| a | $1 | $2 | $3 | $4 |
"""


def test_headings_over_several_columns_are_joined_with_those_below_them() -> None:
    grid = only_grid(markdown_page(GROUPED))
    assert grid.columns == ("Model", "Short / In", "Short / Out", "Long / In", "Long / Out")
    assert texts(grid.rows) == [["a", "$1", "$2", "$3", "$4"]]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("| In | Out | In | Out |", "| In | Out | Out | In |"),
        ("| In | Out | In | Out |", "| In | Out | In |"),
        ("| $4 |", "| $4 | $5 |"),
    ],
)
def test_headings_that_do_not_stand_alike_are_left_as_they_are(old: str, new: str) -> None:
    assert "/" not in "".join(only_grid(markdown_page(GROUPED.replace(old, new))).columns)
