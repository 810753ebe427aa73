"""Data inside pages: found, exact, or refused by name."""

from decimal import Decimal
from html import escape

import pytest

from catalog.reading import NotRead
from spiders.embedded import (
    Markup,
    astro_islands,
    cell,
    compiled_components,
    grid,
    grouped_rows,
    json_scripts,
    jsx_component,
    mend_cut_components,
    next_data,
    state_of,
    streamed,
)
from spiders.grid import Cell

PROPS = (
    '{"tier":[0,"batch"],"note":[0],"legacy":[0,null],"rows":[1,[[1,[[0,"gpt-5.5"],[0,2.50]]]]],'
    '"label":[0,{"__pricingHtml":[0,"a<br />b"]}]}'
)
ISLAND = f"""<div data-value="batch" hidden><p>Batch</p>
<astro-island component-export="TextTokenPricingTables" component-url="/_astro/pricing.D.js"
 props="{escape(PROPS)}"><table><tr><td>$2.50</td></tr></table></astro-island></div>
<astro-island component-export="default" component-url="/_astro/TableOfContents.DW-g.js"
 props="{{}}"></astro-island>"""


def push(*chunks: str) -> str:
    return "".join(f"<script>self.__next_f.push([1,{chunk}])</script>" for chunk in chunks)


def test_an_astro_islands_props_lose_their_type_tags_and_keep_their_digits() -> None:
    island = astro_islands(ISLAND)[0]
    assert island.name == "TextTokenPricingTables"
    assert island.labels == {"pane": "batch"}
    assert island.props == {
        "tier": "batch",
        "note": None,
        "legacy": None,
        "rows": [["gpt-5.5", Decimal("2.50")]],
        "label": {"__pricingHtml": "a<br />b"},
    }


def test_an_island_without_an_export_is_named_by_its_file() -> None:
    assert astro_islands(ISLAND)[1].name == "TableOfContents"


@pytest.mark.parametrize("props", ['{"a":[4,[]]}', '{"a":1}', '{"a":[0,1,2]}', "[]", "{"])
def test_props_of_another_encoding_are_refused(props: str) -> None:
    with pytest.raises(NotRead, match="page_changed"):
        astro_islands(f'<astro-island props="{escape(props)}"></astro-island>')


def test_a_jsx_tag_gives_its_literals_and_what_known_functions_make() -> None:
    source = """<GroupedPricingTable
        client:load
        tier="standard"
        style={{ marginTop: "16px" }}
        groups={[{ model: "Web search", rows: [["All models", pricingHtml("$10<br />per 1k")]] }]}
    />"""
    read = jsx_component(source, {"pricingHtml": Markup})
    assert read.name == "GroupedPricingTable"
    assert read.props["client:load"] is True
    assert grouped_rows(read.props["groups"], "model") == [
        ["Web search", "All models", "$10<br />per 1k"]
    ]


@pytest.mark.parametrize(
    "source",
    ["<A rows={rows} />", "<A rows={[1]", "<A x=1 x=2 />", "<A {...props} />", "<A x={f()}/>"],
)  # fmt: skip
def test_a_jsx_tag_that_computes_is_refused(source: str) -> None:
    with pytest.raises(NotRead, match="page_changed"):
        jsx_component(source)


def test_compiled_components_give_their_props() -> None:
    code = 'children: _jsx(DocTable, {columns: [{title: "模型"}], rows: [["kimi-k2.6", "¥1.10"]]})'
    assert compiled_components(code, "DocTable")[0].props["rows"] == [["kimi-k2.6", "¥1.10"]]


def test_streamed_rows_are_joined_over_chunks_and_their_dollars_unescaped() -> None:
    rows = streamed(
        push(
            r'"1:\"$Sreact.fragment\"\n:HL[\"/a.css\",\"style\"]\n2:I[3,[],\"x\"]\n3:{\"price\":\"$$1"',
            r'".5\",\"none\":\"$undefined\",\"at\":\"$17:props\"}\n4:T5,é $$"',
            r'"5:[0.10]\n"',
        )
    )
    assert rows["3"] == {"price": "$1.5", "none": None, "at": "$17:props"}
    assert rows["4"] == "é $$"
    assert rows["5"] == [Decimal("0.10")]
    assert "2" not in rows


def test_a_page_that_streams_nothing_or_another_form_is_refused() -> None:
    with pytest.raises(NotRead, match=r"no self\.__next_f"):
        streamed("<html></html>")
    with pytest.raises(NotRead, match="a streamed row begins with"):
        streamed(push(r'"no row"'))


def test_the_state_of_a_page_is_the_one_script_that_is_marked() -> None:
    page = '<script id="__NEXT_DATA__" type="application/json">{"a": 0.30}</script>'
    assert next_data(page) == {"a": Decimal("0.3")}
    assert json_scripts(page + "<script>var a = 1</script>") == ({"a": Decimal("0.3")},)
    with pytest.raises(NotRead, match="2 scripts hold"):
        state_of(page + page, "__NEXT_DATA__")


CUT = """<div data-value="standard"><div class="hidden">Standard</div>

<Table tier={"standard"} rows={[["a", 1]]} />

<small>+ tokens billed at model rates.</small>"
          ),
        ],
        ["Image search", pricingHtml("$10 / 1k calls<br /><small>+ tokens</small>")],
      ],
    },
    { model: "File search", rows: [["Storage", "$0.10 / GB per day"]] },
  ]}
/>
</div>
"""


def test_what_is_left_of_a_component_that_was_cut_off_is_made_whole() -> None:
    mended = mend_cut_components(CUT)
    before, _, rest = mended.partition("<CutComponent")
    tag = "<CutComponent" + rest.partition("/>\n</div>")[0] + "/>"
    read = jsx_component(tag, {"pricingHtml": Markup})
    assert read.props["rest"] == [
        [],
        [],
        [["Image search", "$10 / 1k calls<br /><small>+ tokens</small>"]],
        [],
        [{"model": "File search", "rows": [["Storage", "$0.10 / GB per day"]]}],
        [],
        [],
    ]
    assert before.rstrip().endswith('+ tokens billed at model rates.</small>"')


def test_a_page_with_whole_components_stays_as_it_is() -> None:
    page = 'text "quoted", <b>bold</b> <Table rows={[["a <br /> b", {c: 1}]]} />\nmore'
    assert mend_cut_components(page) == page


def test_a_cut_component_that_does_not_read_is_refused() -> None:
    with pytest.raises(NotRead, match="has no beginning"):
        mend_cut_components('x"), ], rows.map(f) ]}\n/>')


def test_cells_show_numbers_as_printed_and_markup_as_its_words() -> None:
    assert cell(Decimal("0.50")) == Cell("0.5")
    assert cell(None) == Cell("")
    assert cell(Markup("a<br /><small>b</small> <s>$2</s>")) == Cell("a\nb", struck="$2")
    with pytest.raises(NotRead, match="which is no text or number"):
        cell([])


def test_a_row_of_another_width_is_refused() -> None:
    assert grid(("Model", "Input"), [["a", Decimal(1)]], "Table", tier="batch").rows == (
        (Cell("a"), Cell("1")),
    )
    with pytest.raises(NotRead, match="a row has 3 values where 2 columns are known"):
        grid(("Model", "Input"), [["a", 1, 2]], "Table")
