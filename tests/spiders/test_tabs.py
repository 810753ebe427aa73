"""Labels above tables: the nearest one counts, and it must be known."""

import re

import pytest

from catalog.reading import NotRead
from spiders.grid import Grid, Prose
from spiders.tabs import Tabs

TABS = Tabs(
    tabs={"Standard": "standard", "Batch": "batch"},
    title=re.compile(r".+ models"),
    per=re.compile(r"Prices per .+"),
    tier=re.compile(r"(?:(\w+) pricing|Table) data"),
)
TABLE = Grid((), ("Model",), (), "table 1")


def labelled(*said: str | Grid) -> list[dict[str, str]]:
    blocks = [Prose((), text, "p") if isinstance(text, str) else text for text in said]
    return [dict(block.labels) for block in TABS.labelled(blocks) if isinstance(block, Grid)]


def test_a_table_stands_in_the_tab_whose_label_is_nearest() -> None:
    page = labelled("Text models", "Prices per token.", "Standard", TABLE, "All", "Batch", TABLE)
    assert page == [
        {"tier": "standard", "per": "Prices per token.", "title": "Text models"},
        {"tier": "batch", "per": "Prices per token.", "title": "Text models"},
    ]


def test_a_title_after_tabs_means_no_tab() -> None:
    assert labelled("Batch", TABLE, "Image models", TABLE)[1]["tier"] == "standard"


def test_a_title_ends_what_prices_are_per() -> None:
    assert labelled("A models", "Prices per token.", TABLE, "B models", TABLE)[1]["per"] == ""


def test_sentences_and_headings_of_data_are_no_labels() -> None:
    assert labelled("Batch", "A note of one sentence.", "Table data", TABLE)[0]["tier"] == "batch"


def test_two_tables_under_one_label_stand_in_one_tab() -> None:
    assert [labels["tier"] for labels in labelled("Batch", TABLE, TABLE)] == ["batch", "batch"]


@pytest.mark.parametrize("said", [["Scale"], ["Standard", TABLE, "Scale"], ["Batch", "Beta"], []])
def test_an_unknown_label_is_refused(said: list[str | Grid]) -> None:
    with pytest.raises(NotRead, match="neither a known tier nor the title"):
        labelled(*said, TABLE)


def test_what_the_table_says_itself_must_agree_with_its_tab() -> None:
    batch = Grid((), ("Model",), (), "table 1", {"pane": "batch"})
    headed = Grid(("Batch pricing data",), ("Model",), (), "table 1")
    assert labelled("Batch", batch)[0]["tier"] == labelled("Batch", headed)[0]["tier"] == "batch"
    for table in (batch, headed):
        with pytest.raises(NotRead, match=r"says \['batch'\] and stands under 'standard'"):
            labelled("Standard", table)
