"""A declared table maps every column, row and section by name, or refuses the page."""

from dataclasses import replace
from datetime import date

import pytest

from catalog.reading import NotRead
from catalog.vocabulary import Meter, Outcome, Unit
from spiders.columns import Role, Says
from spiders.facts import token_count
from spiders.names import Names
from spiders.price_table import (
    NONE_OR_ONE,
    ONE_OR_MORE,
    Above,
    Choice,
    Context,
    Ignored,
    Model,
    Per,
    Price,
    PriceTable,
    States,
    Terms,
)
from spiders.reader import Claim, Found
from tests.spiders.tables import html_page, markdown_page

IN, OUT, READ = Meter.INPUT_TOKENS, Meter.OUTPUT_TOKENS, Meter.CACHE_READ_TOKENS
PER_MILLION = Terms(currency="USD", unit=Unit.MILLION_TOKENS)
SIMPLE = PriceTable(
    "Prices", {"Model": Model(), "Input": Price(IN), "Output": Price(OUT)}, terms=PER_MILLION
)


def page_of(*rows: str, heading: str = "Prices") -> str:
    head, *body = rows
    rule = "|--" * (head.count("|") - 1) + "|"
    return "\n".join([f"## {heading}", "", head, rule, *body, ""])


def found(table: PriceTable, *rows: str, heading: str = "Prices") -> Found:
    return table.read(markdown_page(page_of(*rows, heading=heading)))


def prices(read: Found, *columns: str) -> list[str]:
    """Give each point in words: model, meter, amount, and the columns asked for."""
    wanted = ("model", "meter", "amount", *columns)
    return [" ".join(str(getattr(point, c)) for c in wanted) for point in read.points]


def test_each_price_has_its_words_and_its_place() -> None:
    read = found(SIMPLE, "| Model | Input | Output |", "| a | $1 | $2 |", "| b | $3 | - |")
    assert prices(read, "evidence", "locator") == [
        "a input_tokens 1 Input: $1 table 1, row 1, column 2",
        "a output_tokens 2 Output: $2 table 1, row 1, column 3",
        "b input_tokens 3 Input: $3 table 1, row 2, column 2",
    ]
    assert read.claims == (Claim("table 1"),)


def test_columns_are_found_by_their_heading_in_any_order() -> None:
    read = found(SIMPLE, "| OUTPUT* | Model | Input |", "| $2 | a | $1 |")
    assert prices(read) == ["a output_tokens 2", "a input_tokens 1"]


def test_a_column_that_nobody_declared_stops_the_reading() -> None:
    with pytest.raises(NotRead, match="column 4 'Cached' is neither mapped nor ignored") as refusal:
        found(SIMPLE, "| Model | Input | Output | Cached |", "| a | $1 | $2 | $3 |")
    assert refusal.value.outcome is Outcome.PAGE_CHANGED


def test_a_column_may_be_ignored_for_a_reason() -> None:
    table = replace(SIMPLE, columns={**SIMPLE.columns, "Notes": Ignored("no price")})
    assert prices(found(table, "| Model | Input | Output | Notes |", "| a | $1 | $2 | $9 |")) == [
        "a input_tokens 1",
        "a output_tokens 2",
    ]


def test_one_price_for_input_and_output_is_of_both() -> None:
    undivided = Price(said=frozenset({"input", "output"}))
    table = PriceTable("Prices", {"Model": Model(), "Price": undivided}, terms=PER_MILLION)
    read = found(table, "| Model | Price |", "| a | $0.1 |")
    assert prices(read) == ["a input_tokens 0.1", "a output_tokens 0.1"]


def test_a_column_that_may_only_say_free_refuses_an_amount() -> None:
    storage = Price(Meter.CACHE_STORAGE, unit=Unit.MILLION_TOKEN_HOURS, only_free=True)
    table = PriceTable("Prices", {"Model": Model(), "Storage": storage}, terms=PER_MILLION)
    assert prices(found(table, "| Model | Storage |", "| a | Free |")) == ["a cache_storage 0"]
    with pytest.raises(NotRead, match="is no longer free"):
        found(table, "| Model | Storage |", "| a | $0.01 |")


def test_a_table_that_lost_a_column_is_missed_by_its_count() -> None:
    with pytest.raises(
        NotRead, match=r"0 tables in section 'Prices' .* 1 expected\. Seen: table 1"
    ):
        found(SIMPLE, "| Model | Input |", "| a | $1 |")


def test_a_table_of_another_section_is_another_table() -> None:
    with pytest.raises(NotRead, match="0 tables in section 'Prices'"):
        found(SIMPLE, "| Model | Input | Output |", "| a | $1 | $2 |", heading="Examples")


def test_more_tables_than_expected_stop_the_reading() -> None:
    text = page_of("| Model | Input | Output |", "| a | $1 | $2 |")
    with pytest.raises(NotRead, match="2 tables in section"):
        SIMPLE.read(markdown_page(text + "\n" + text))
    assert len(replace(SIMPLE, expect=ONE_OR_MORE).read(markdown_page(text + text)).points) == 4


def test_a_table_that_may_be_missing_states_nothing() -> None:
    assert replace(SIMPLE, expect=NONE_OR_ONE).read(markdown_page("## Prices\n")) == Found()


def test_a_word_that_the_grammar_does_not_know_stops_the_reading_and_says_where() -> None:
    with pytest.raises(NotRead, match=r"table 1, row 1, column 2 \(Input\): 'about \$1'"):
        found(SIMPLE, "| Model | Input | Output |", "| a | about $1 | $2 |")


def test_two_columns_that_price_one_thing_differently_contradict_each_other() -> None:
    loose = PriceTable("Prices", {"Model": Model(), "Input.*": Price(IN)}, terms=PER_MILLION)
    rows = ("| Model | Input | Input in batches |", "| a | $2 | $2 |", "| b | $2 | $1 |")
    with pytest.raises(NotRead, match="what tells their columns apart"):
        found(loose, *rows)
    assert prices(found(loose, *rows[:2])) == ["a input_tokens 2", "a input_tokens 2"]


def test_two_amounts_for_one_thing_in_a_cell_contradict_each_other() -> None:
    with pytest.raises(NotRead, match="prices one thing twice"):
        found(SIMPLE, "| Model | Input | Output |", "| a | $1 $2 | $3 |")


def test_amounts_listed_by_position_are_declared() -> None:
    table = PriceTable(
        "Prices", {"Model": Model(), "All": Price(meters=(IN, READ, OUT))}, terms=PER_MILLION
    )
    assert prices(found(table, "| Model | All |", "| a | $3 / $0.3 / $15 |")) == [
        "a input_tokens 3",
        "a cache_read_tokens 0.3",
        "a output_tokens 15",
    ]
    with pytest.raises(NotRead, match="2 prices stand in it; 3 expected"):
        found(table, "| Model | All |", "| a | $3 / $15 |")


def test_modalities_choose_the_meter() -> None:
    table = PriceTable("Prices", {"Model": Model(), "Input": Price(IN)}, terms=PER_MILLION)
    read = found(table, "| Model | Input |", "| a | $0.30 (text / image / video) $1 (audio) |")
    assert prices(read) == ["a input_tokens 0.3", "a input_audio_tokens 1"]


def test_a_word_of_the_other_direction_contradicts_the_column() -> None:
    with pytest.raises(
        NotRead, match=r"a cell for \['output'\] stands in a column of input_tokens"
    ):
        found(SIMPLE, "| Model | Input | Output |", "| a | $1 output | $2 |")


def test_declared_words_say_something_of_their_price() -> None:
    words = {"global": Terms(region="global"), "non-global": Terms(region="non-global")}
    table = PriceTable(
        "Prices", {"Model": Model(), "Input": Price(IN, words=words)}, terms=PER_MILLION
    )
    read = found(table, "| Model | Input |", "| a | $0.25 (Global) $0.275 (Non-global)* |")
    assert prices(read, "region") == [
        "a input_tokens 0.25 global",
        "a input_tokens 0.275 non-global",
    ]


def test_the_heading_states_unit_currency_and_prompt_length() -> None:
    table = PriceTable(
        "Prices",
        {"Model": Model(), r"Price \({currency}/{unit}\) {context} input tokens": Price(IN)},
    )
    per = "Price (¥/1K tokens)"
    head = f"| Model | {per} <= 200K input tokens | {per} > 200K input tokens |"
    assert prices(found(table, head, "| a | 0.1 | 0.2 |"), "unit", "currency", "context_over") == [
        "a input_tokens 100 1M tokens CNY 0",
        "a input_tokens 200 1M tokens CNY 200000",
    ]


def test_a_heading_whose_unit_is_not_known_stops_the_reading() -> None:
    table = PriceTable("Prices", {"Model": Model(), "Input per {unit}": Price(IN)})
    with pytest.raises(NotRead, match="'parsec' names no unit"):
        found(table, "| Model | Input per parsec |", "| a | $1 |")


def test_a_declared_unit_may_rest_on_words_of_the_page() -> None:
    table = replace(SIMPLE, says=("per 1M tokens",))
    text = page_of("| Model | Input | Output |", "| a | $1 | $2 |")
    assert table.read(markdown_page("Prices per 1M tokens.\n\n" + text)).points
    with pytest.raises(NotRead, match="no text says 'per 1M tokens'"):
        table.read(markdown_page("Prices per 1K tokens.\n\n" + text))


def test_a_unit_that_its_meter_is_not_counted_in_is_refused() -> None:
    with pytest.raises(NotRead, match="is per GB day, which input_tokens is not counted in"):
        found(SIMPLE, "| Model | Input | Output |", "| a | $1 / GB per day | $2 |")


def test_a_price_without_unit_or_currency_is_refused() -> None:
    table = replace(SIMPLE, terms=Terms())
    with pytest.raises(NotRead, match="states no unit"):
        found(table, "| Model | Input | Output |", "| a | $1 | $2 |")
    with pytest.raises(NotRead, match="names no one currency"):
        found(table, "| Model | Input | Output |", "| a | 1 / 1M tokens | $2 |")


def test_a_column_of_units_says_what_the_row_is_per() -> None:
    table = PriceTable(
        "Prices", {"Model": Model(), "Unit": Per(), "Input": Price(IN)}, terms=Terms(currency="USD")
    )
    assert prices(found(table, "| Model | Unit | Input |", "| a | 1K tokens | 0.1 |")) == [
        "a input_tokens 100"
    ]


def test_a_column_of_prompt_lengths_bounds_the_row() -> None:
    table = PriceTable(
        "Prices", {"Model": Model(), "Length": Context(), "Input": Price(IN)}, terms=PER_MILLION
    )
    read = found(
        table, "| Model | Length | Input |", "| a | (0, 32k] | $1 |", "| a | (32k, 128k] | $2 |"
    )
    assert prices(read, "context_over") == ["a input_tokens 1 0", "a input_tokens 2 32000"]
    with pytest.raises(NotRead, match="'many' is no prompt length"):
        found(table, "| Model | Length | Input |", "| a | many | $1 |")


def test_a_column_of_choices_maps_or_ignores_each_word() -> None:
    kinds: Says = {"Input": Terms(IN), "Output": Terms(OUT), "Rate limit": Ignored("no price")}
    table = PriceTable(
        "Prices", {"Model": Model(), "Kind": Choice(kinds), "Price": Price()}, terms=PER_MILLION
    )
    head = "| Model | Kind | Price |"
    read = found(table, head, "| a | Input | $1 |", "| a | Rate limit | 500 RPM |")
    assert prices(read) == ["a input_tokens 1"]
    with pytest.raises(NotRead, match="'Kind' in row 1 'Cached' is neither mapped nor ignored"):
        found(table, head, "| a | Cached | $1 |")


def test_an_empty_model_cell_is_carried_down_only_where_declared() -> None:
    rows = ("| Model | Input | Output |", "| a | $1 | $2 |", "|  | $3 | $4 |")
    with pytest.raises(NotRead, match="row 2 names no model"):
        found(SIMPLE, *rows)
    table = replace(SIMPLE, columns={**SIMPLE.columns, "Model": Model(carried=True)})
    assert prices(found(table, *rows))[2:] == ["a input_tokens 3", "a output_tokens 4"]


def test_a_short_row_continues_the_row_above_only_where_declared() -> None:
    kinds = Choice({"Text": Terms(IN), "Audio": Terms(Meter.INPUT_AUDIO_TOKENS)})
    table = PriceTable(
        "Prices", {"Model": Model(), "Kind": kinds, "Price": Price()}, terms=PER_MILLION
    )
    rows = ("| Model | Kind | Price |", "| a | Text | $1 |", "| Audio | $4 |")
    with pytest.raises(NotRead, match="row 2 has only 2 cells; declare short_rows"):
        found(table, *rows)
    assert prices(found(replace(table, short_rows=True), *rows)) == [
        "a input_tokens 1",
        "a input_audio_tokens 4",
    ]


def test_a_row_of_one_text_heads_the_rows_below() -> None:
    page = html_page(
        """<h2>Prices</h2><table><tr><th>Model<th>Input<th>Output</tr>
        <tr><td colspan=3>Batch</tr><tr><td>a<td>$1<td>$2</tr>
        <tr><td colspan=3>Old</tr><tr><td>b<td>$3<td>$4</tr></table>"""
    )
    with pytest.raises(NotRead, match="row 'Batch' is neither mapped nor ignored"):
        SIMPLE.read(page)
    table = replace(SIMPLE, groups={"Batch": Terms(tier="batch"), "Old": Ignored("gone")})
    assert prices(table.read(page), "tier") == ["a input_tokens 1 batch", "a output_tokens 2 batch"]


def test_headings_say_the_tier_or_are_refused() -> None:
    table = replace(SIMPLE, levels=({"Standard": Terms(), "Batch": Terms(tier="batch")},))
    rows = page_of("| Model | Input | Output |", "| a | $1 | $2 |", heading="Batch")
    text = f"# Prices\n\n{rows}"
    assert prices(table.read(markdown_page(text)), "tier")[0] == "a input_tokens 1 batch"
    with pytest.raises(NotRead, match="heading 'Turbo' is neither mapped nor ignored"):
        table.read(markdown_page(text.replace("Batch", "Turbo")))


def test_a_row_may_name_several_models() -> None:
    read = found(SIMPLE, "| Model | Input | Output |", "| Opus 5 / Opus 4.8 | $1 | - |")
    assert prices(read, "evidence") == [
        "Opus 5 input_tokens 1 Opus 5 / Opus 4.8 | Input: $1",
        "Opus 4.8 input_tokens 1 Opus 5 / Opus 4.8 | Input: $1",
    ]


def test_dates_beside_the_name_bound_the_price() -> None:
    read = found(
        SIMPLE,
        "| Model | Input | Output |",
        "| Sonnet 5 through August 31, 2026 | $2 | - |",
        "| Sonnet 5 starting September 1, 2026 | $3 | - |",
    )
    now, then = read.points
    assert (now.model, now.valid_from, now.valid_to) == ("Sonnet 5", None, date(2026, 9, 1))
    assert (then.valid_from, then.valid_to) == (date(2026, 9, 1), None)
    assert now.evidence == "Sonnet 5 through August 31, 2026 | Input: $2"


def test_further_lines_beside_the_name_are_declared() -> None:
    notes: Says = {"{context} input tokens": Terms(), "Sold out": Ignored("not sold")}
    table = replace(SIMPLE, columns={**SIMPLE.columns, "Model": Model(notes=notes)})
    rows = ("| Model | Input | Output |", "| M3<br>> 512k input tokens | $1 | - |")
    assert prices(found(table, *rows), "context_over") == ["M3 input_tokens 1 512000"]
    assert not found(table, rows[0], "| M3<br>Sold out | $1 | - |").points
    with pytest.raises(NotRead, match="the note in row 1 'Hot' is neither mapped nor ignored"):
        found(table, rows[0], "| M3<br>Hot | $1 | - |")


def test_a_source_may_read_its_model_cells_itself() -> None:
    role = Model(read=lambda text: Names((text.lower(),)))
    table = replace(SIMPLE, columns={**SIMPLE.columns, "Model": role})
    assert prices(found(table, "| Model | Input | Output |", "| GPT | $1 | - |")) == [
        "gpt input_tokens 1"
    ]


def test_a_table_without_a_model_column_is_of_the_models_named_above() -> None:
    table = PriceTable(
        "Prices",
        {"Input": Price(IN)},
        terms=PER_MILLION,
        model=Above(r"supported on (?P<names>[^:]+):", prefix="Claude "),
    )
    text = "## Prices\n\nNow supported on Opus 4.6 and Sonnet 4.6:\n\n| Input |\n|--|\n| $30 |\n"
    assert prices(table.read(markdown_page(text)), "evidence") == [
        "Claude Opus 4.6 input_tokens 30 supported on Opus 4.6 and Sonnet 4.6: | Input: $30",
        "Claude Sonnet 4.6 input_tokens 30 supported on Opus 4.6 and Sonnet 4.6: | Input: $30",
    ]
    with pytest.raises(NotRead, match="which names the model"):
        table.read(markdown_page(text.replace("supported", "offered")))


def test_a_table_with_models_in_columns_is_turned() -> None:
    page = html_page(
        """<table><tr><td colspan=2>MODEL<td>a<td>b</tr>
        <tr><td rowspan=2>PRICE<td>INPUT<td>$1<td>$2</tr><tr><td>OUTPUT<td>$3<td>$4</tr></table>"""
    )
    columns: dict[str, Role] = {
        "MODEL": Model(),
        "PRICE / INPUT": Price(IN),
        "PRICE / OUTPUT": Price(OUT),
    }
    table = PriceTable(None, columns, terms=PER_MILLION, transposed=True)
    assert prices(table.read(page), "locator") == [
        "a input_tokens 1 table 1, row 1, column 3",
        "a output_tokens 3 table 1, row 2, column 3",
        "b input_tokens 2 table 1, row 1, column 4",
        "b output_tokens 4 table 1, row 2, column 4",
    ]


def test_a_struck_price_is_the_list_price() -> None:
    read = found(SIMPLE, "| Model | Input | Output |", "| a | ~~$0.60~~ $0.30 | - |")
    assert prices(read, "list_amount") == ["a input_tokens 0.3 0.6"]


def test_facts_are_read_beside_prices() -> None:
    columns = {**SIMPLE.columns, "Context": States("context_tokens", token_count)}
    table = replace(SIMPLE, columns=columns)
    read = found(
        table,
        "| Model | Input | Output | Context |",
        "| a (deprecated) | $1 | - | 128K |",
        "| b | $1 | - | - |",
    )
    assert [f"{fact.model} {fact.name} {fact.value}" for fact in read.facts] == [
        "a status deprecated",
        "a context_tokens 128000",
    ]
