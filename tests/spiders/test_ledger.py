"""The ledger names every amount of a page that nothing reads and no rule ignores."""

import pytest

from catalog.reading import NotRead
from catalog.vocabulary import Outcome
from spiders.ledger import Unread, amounts, balance
from spiders.page import Page
from spiders.reader import Claim
from tests.spiders.tables import html_page, markdown_page

PAGE = markdown_page(
    """# Prices

Searching costs $10 per 1,000 searches.

| Model | Price |
|--|--|
| a | $1 |

## Examples

| Step | Cost |
|--|--|
| think | 0.25 |
"""
)
EXAMPLES = Unread("a worked example", "Examples")
SEARCH = Claim("paragraph 2", "10")
TABLE = Claim("table 1")


def seen(page: Page) -> list[str]:
    return [amount.number for block in page.blocks for amount in amounts(block)]


def test_a_page_whose_amounts_are_read_or_ignored_balances() -> None:
    balance(PAGE.blocks, (SEARCH, TABLE), (EXAMPLES,))


def test_an_amount_that_nothing_reads_is_named_with_its_words_and_its_place() -> None:
    with pytest.raises(NotRead) as refusal:
        balance(PAGE.blocks, (TABLE,), (EXAMPLES,))
    assert refusal.value.outcome is Outcome.UNCLAIMED_PRICES
    assert "1 amounts are neither read nor ignored: 10 in 'Searching costs $10" in str(
        refusal.value
    )
    assert "(paragraph 2)" in str(refusal.value)


def test_a_claim_holds_for_its_own_number_alone() -> None:
    with pytest.raises(NotRead, match="10 in"):
        balance(PAGE.blocks, (Claim("paragraph 2", "11"), TABLE), (EXAMPLES,))


def test_a_table_that_no_reader_took_is_unclaimed() -> None:
    with pytest.raises(NotRead, match=r"1 in '\$1'"):
        balance(PAGE.blocks, (SEARCH,), (EXAMPLES,))


def test_each_claim_takes_one_amount() -> None:
    page = html_page("<p>It is $5, and $5 again</p>")
    balance(page.blocks, (Claim("paragraph 1", "5"), Claim("paragraph 1", "5")), ())
    with pytest.raises(NotRead, match="1 amounts"):
        balance(page.blocks, (Claim("paragraph 1", "5"),), ())


@pytest.mark.parametrize(
    ("heading", "cell", "numbers"),
    [
        ("价格", "5元", ["5"]),
        ("Price", "0.5", ["0.5"]),
        ("Input", "5", ["5"]),
        ("Input", "128K", []),
        ("Additional input tokens", "700", []),
        ("Rate limits", "500 RPM", []),
        ("Notes", "5", []),
    ],
)
def test_a_number_alone_is_an_amount_where_its_heading_names_a_price(
    heading: str, cell: str, numbers: list[str]
) -> None:
    assert seen(markdown_page(f"| Model | {heading} |\n|--|--|\n| a | {cell} |\n")) == numbers


def test_a_bare_number_under_a_heading_of_prices_is_an_amount() -> None:
    with pytest.raises(NotRead, match=r"0\.25 in '0\.25' \(table 2\)"):
        balance(PAGE.blocks, (SEARCH, TABLE), ())


def test_a_rule_may_hold_for_words_alone() -> None:
    rule = Unread("one search", None, "^Searching costs")
    balance(PAGE.blocks, (TABLE,), (rule, EXAMPLES))
    with pytest.raises(NotRead):
        balance(PAGE.blocks, (TABLE,), (Unread("no", None, "^Finding costs"), EXAMPLES))


@pytest.mark.parametrize(
    "text",
    ["$5", "US$5", "¥5", "￥5", "€5", "5 USD", "5元", "5 美元", "$ 5", "$<b>5</b>", "5 cents"],
)
def test_an_amount_with_a_currency_is_seen(text: str) -> None:
    assert seen(html_page(f"<p>It costs {text} now</p>")) == ["5"]


@pytest.mark.parametrize("text", ["5 tokens", "gpt-5", "5%", "in 2026", "v5.1"])
def test_a_number_without_a_currency_is_no_amount_in_prose(text: str) -> None:
    assert seen(html_page(f"<p>About {text}</p>")) == []


def test_a_struck_amount_is_no_amount() -> None:
    assert seen(html_page("<p><s>$6</s> $5</p>")) == ["5"]


NEWS = "Most teams spend less than $5.00 in their first month of building with our models."


def test_sentences_under_a_heading_of_their_own_are_no_prices() -> None:
    page = markdown_page(
        f"# Prices\n\n| Model | Price |\n|--|--|\n| a | $1 |\n\n## News\n\n{NEWS}\n"
    )
    balance(page.blocks, (TABLE,), ())


def test_sums_under_a_heading_of_their_own_are_no_prices() -> None:
    page = markdown_page(
        "# Prices\n\n| Model | Price |\n|--|--|\n| a | $1 |\n\n## A day\n\n- 2M tokens × $3 = $6\n"
    )
    balance(page.blocks, (TABLE,), ())


@pytest.mark.parametrize(
    "further",
    [
        NEWS,
        "## Batch\n\n$0.50 / 1M tokens",
        "## Batch\n\nInput: $0.50, cached input: $0.05, output: $2.50 per million tokens",
        "## Batch\n\n| Model | Price |\n|--|--|\n| a | $0.50 |",
    ],
    ids=["beside a table that is read", "a price alone", "a list of prices", "a table"],
)
def test_whatever_else_states_an_amount_is_loud(further: str) -> None:
    page = markdown_page(f"# Prices\n\n| Model | Price |\n|--|--|\n| a | $1 |\n\n{further}\n")
    with pytest.raises(NotRead, match="neither read nor ignored"):
        balance(page.blocks, (TABLE,), ())
