"""Tables of HTML become grids with one cell for every column, whatever their markup."""

from spiders.grid import Grid, Prose
from spiders.html_layouts import Cards
from spiders.page import Page, Shape
from tests.spiders.tables import html_page, only_grid, texts


def rows(body: str) -> list[list[str]]:
    return texts(only_grid(html_page(body)).rows)


def test_a_row_span_fills_the_rows_below() -> None:
    table = """<table><tr><th>Model<th>Kind<th>Price</tr>
      <tr><td rowspan=2>kimi<td>in<td>$1</tr><tr><td>out<td>$2</tr>
      <tr><td>k2<td>in<td>$3</tr></table>"""
    assert rows(table) == [["kimi", "in", "$1"], ["kimi", "out", "$2"], ["k2", "in", "$3"]]


def test_a_column_span_fills_the_columns_beside() -> None:
    grid = only_grid(
        html_page(
            "<table><tr><td colspan=2>MODEL<td>a<td>b<tr><td colspan=2>x<td colspan=2>1M</table>"
        )
    )
    assert grid.columns == ("MODEL", "MODEL", "a", "b")
    assert texts(grid.rows) == [["x", "x", "1M", "1M"]]


def test_spans_in_both_directions_meet() -> None:
    table = """<table><tr><th>a<th>b<th>c</tr>
      <tr><td rowspan=2 colspan=2>x<td>1</tr><tr><td>2</tr></table>"""
    assert rows(table) == [["x", "x", "1"], ["x", "x", "2"]]


def test_a_hidden_placeholder_of_a_span_is_no_cell() -> None:
    table = """<table><tr><th>Model<th>Price</tr><tr><td rowspan=2>a<td>1</tr>
      <tr><td rowspan="0" style="display:none">\ufeff<td>2</tr>
      <tr><td rowspan=2>b<td>3</tr><tr><td style="display: none">\u200b<td>4</tr></table>"""
    assert rows(table) == [["a", "1"], ["a", "2"], ["b", "3"], ["b", "4"]]


def test_two_heading_levels_are_joined() -> None:
    grid = only_grid(
        html_page(
            """<table><thead><tr><th rowspan=2>Model<th colspan=2>Short context</tr>
            <tr><th>Input<th>Output</tr></thead><tbody><tr><td>a<td>1<td>2</tr></tbody></table>"""
        )
    )
    assert grid.columns == ("Model", "Short context / Input", "Short context / Output")


def test_headings_of_plain_cells_that_span_rows_take_the_next_row_along() -> None:
    grid = only_grid(
        html_page(
            """<table><tr><td rowspan=2>Model<td colspan=2>Output</tr>
            <tr><td>plain<td>thinking</tr><tr><td>a<td>1<td>2</tr></table>"""
        )
    )
    assert grid.columns == ("Model", "Output / plain", "Output / thinking")
    assert texts(grid.rows) == [["a", "1", "2"]]


def test_a_table_of_headings_is_joined_with_the_table_of_rows_after_it() -> None:
    page = html_page(
        """<table><thead><tr><th>Model<th>Price</tr></thead></table>
        <table><tbody><tr><td>a<td>$1</tr><tr><td>b<td>$2</tr></tbody></table>"""
    )
    grid = only_grid(page)
    assert grid.columns == ("Model", "Price")
    assert texts(grid.rows) == [["a", "$1"], ["b", "$2"]]


def test_struck_words_are_apart_and_footnote_marks_are_gone() -> None:
    page = html_page(
        """<table><tr><td>Model<td>Price<sup>(1)</sup></tr><tr><td>a<sup>*</sup>
        <td><s>$1.36</s> $<!-- -->0.68</tr><tr><td>b
        <td><span style="text-decoration: line-through">¥4.2</span> ¥2.1</tr></table>"""
    )
    grid = only_grid(page)
    assert grid.columns == ("Model", "Price")
    assert texts(grid.rows) == [["a", "$0.68"], ["b", "¥2.1"]]
    assert [row[1].struck for row in grid.rows] == ["$1.36", "¥4.2"]


def test_a_line_break_of_the_page_is_a_new_line_and_one_of_the_source_is_not() -> None:
    assert rows(
        "<table><tr><td>a<td>b<tr><td>$1,\n up to 200k<br>$2<td><p>x</p><p>y</p></table>"
    ) == [["$1, up to 200k\n$2", "x\ny"]]


def test_headings_above_a_table_are_those_that_hold_there() -> None:
    page = html_page(
        """<h1>Pricing</h1><h2>Text</h2><h3>Batch</h3><h2>Images</h2><p>Per image.</p>
        <table><tr><td>Model<tr><td>a</table>"""
    )
    grid = only_grid(page)
    assert grid.headings == ("Pricing", "Images")
    assert grid.above == ("Per image.",)


def test_tab_labels_stand_among_the_headings_and_end_with_their_panel() -> None:
    page = html_page(
        """<h2>Models</h2><div role=tablist><button id=t1>Standard</button>
        <button id=t2>Batch</button></div>
        <div role=tabpanel aria-labelledby=t1><h3>Text</h3><table><tr><td>a<tr><td>1</table></div>
        <div role=tabpanel aria-labelledby=t2 hidden><table><tr><td>a<tr><td>2</table></div>
        <table><tr><td>a<tr><td>3</table>"""
    )
    assert [grid.headings for grid in page.grids] == [
        ("Models", "Standard", "Text"),
        ("Models", "Batch"),
        ("Models",),
    ]


def test_scripts_and_styles_hold_no_words() -> None:
    page = html_page("<style>p{}</style><script>$5</script><p>Prices <b>in</b> USD</p>")
    assert [block.text for block in page.prose] == ["Prices in USD"]


def test_blocks_come_in_the_page_s_order() -> None:
    page = html_page("<p>one</p><table><tr><td>a<tr><td>1</table>two<br>three")
    kinds = [block.text if isinstance(block, Prose) else block.locator for block in page.blocks]
    assert kinds == ["one", "table 1", "two", "three"]


CARDS = Cards(card=".card", title="h3", row=".row", label=".label", value=".value")


def cards_of(body: str) -> Grid:
    page = html_page(body).shaped(Shape(cards=(CARDS,)))
    return only_grid(page)


def card(model: str, *labelled: tuple[str, str]) -> str:
    made = "".join(
        f"<div class=row><i class=label>{label}</i><b class=value>{value}</b></div>"
        for label, value in labelled
    )
    return f"<div class=card><h3>{model}</h3>{made}</div>"


def test_cards_are_one_grid_with_a_row_each() -> None:
    grid = cards_of(
        card("Opus", ("Input", "$5"), ("Output", "$25")) + card("Haiku", ("Input", "$1"))
    )
    assert grid.columns == ("Model", "Input", "Output")
    assert texts(grid.rows) == [["Opus", "$5", "$25"], ["Haiku", "$1", ""]]


def test_a_label_without_a_value_names_the_rows_nested_beside_it() -> None:
    grid = cards_of(
        """<div class=card><h3>Opus</h3><section><div class=row><i class=label>Caching</i></div>
        <div class=row><i class=label>Write</i><b class=value>$6.25</b></div></section>
        <div class=row><i class=label>Output</i><b class=value>$25</b></div></div>"""
    )
    assert grid.columns == ("Model", "Caching / Write", "Output")


def test_the_words_of_cards_are_no_prose() -> None:
    page: Page = html_page(card("Opus", ("Input", "$5")) + "<p>and prose</p>")
    assert [block.text for block in page.shaped(Shape(cards=(CARDS,))).prose] == ["and prose"]
