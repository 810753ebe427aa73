"""What an amount in a column of tokens is the price of: sizes, alternatives, other units."""

from decimal import Decimal

import pytest

from catalog.reading import NotRead
from catalog.vocabulary import Meter, Unit
from spiders.columns import choose
from spiders.grid import Cell, Grid
from spiders.measures import Measure, QuoteError
from spiders.names import read_names
from spiders.page import Page
from spiders.price_table import Model, Price, PriceTable
from spiders.quotes import Setting, absence, read_quotes
from spiders.terms import Terms, meanings

TOKENS = Setting("USD", Measure(Unit.MILLION_TOKENS, Decimal(10**6)))
SIZED = Setting(
    "USD", words={"per 4K image": "4k"}, measures={"4k": Measure(Unit.IMAGE, Decimal(1))}
)


def test_a_word_may_say_what_its_amount_is_per() -> None:
    (quote,) = read_quotes("$0.24 per 4K image", SIZED)
    assert (str(quote.amount), quote.unit, quote.words) == ("0.24", Unit.IMAGE, frozenset({"4k"}))


def test_a_size_before_one_image_is_no_count_of_images() -> None:
    with pytest.raises(QuoteError, match="per 8K image"):
        read_quotes("$0.24 per 8K image", TOKENS)


def test_a_count_before_images_is_a_count() -> None:
    (quote,) = read_quotes("$24 per 1K images", TOKENS)
    assert quote.amount == Decimal("0.024")


def test_amounts_with_or_between_them_are_for_the_same_thing() -> None:
    quotes = read_quotes("$0.75 (text) $3.00 or $0.005/min (audio)", TOKENS)
    assert [(quote.unit, quote.words) for quote in quotes] == [
        (Unit.MILLION_TOKENS, frozenset({"text"})),
        (Unit.MILLION_TOKENS, frozenset({"audio"})),
        (Unit.MINUTE, frozenset({"audio"})),
    ]


def test_a_bracketed_alternative_is_for_what_was_named_before() -> None:
    quotes = read_quotes(
        "Input: $0.30 / million tokens (or $0.0003/page)\nOutput: $1.20 / million tokens", TOKENS
    )
    assert [(str(quote.amount), quote.words) for quote in quotes] == [
        ("0.3", frozenset({"input"})),
        ("0.3", frozenset({"input"})),
        ("1.2", frozenset({"output"})),
    ]


def test_a_leading_direction_holds_until_the_next_one() -> None:
    quotes = read_quotes("Input: $0.35 (text), $2.10 (audio), Output: $1.50 (text), $8.50", TOKENS)
    assert [sorted(quote.words) for quote in quotes] == [
        ["input", "text"],
        ["audio", "input"],
        ["output", "text"],
        ["output"],
    ]


def test_a_reason_beside_not_available_changes_nothing() -> None:
    assert absence("Not available (shut down)")
    assert not absence("Not available ($5)")


def test_an_amount_per_minute_of_audio_input_is_audio_and_says_its_direction() -> None:
    (terms,) = meanings(Terms(Meter.INPUT_TOKENS), {"audio"}, Unit.MINUTE)
    assert (terms.meter, terms.variant) == (Meter.AUDIO, "input")


def test_an_amount_per_image_of_output_is_for_images() -> None:
    (terms,) = meanings(Terms(Meter.OUTPUT_TOKENS), (), Unit.IMAGE)
    assert (terms.meter, terms.variant) == (Meter.IMAGES, None)


def test_words_of_row_and_column_together_name_the_meter() -> None:
    row = Terms(Meter.INPUT_TOKENS, said=frozenset({"audio"}))
    (terms,) = meanings(row.under(Terms(said=frozenset({"cached"}))), (), Unit.MILLION_TOKENS)
    assert terms.meter is Meter.CACHE_READ_AUDIO_TOKENS


def test_an_amount_per_hour_beside_cached_tokens_is_for_keeping_them() -> None:
    (terms,) = meanings(Terms(Meter.CACHE_READ_TOKENS), (), Unit.MILLION_TOKEN_HOURS)
    assert terms.meter is Meter.CACHE_STORAGE


def test_a_pattern_may_leave_region_and_variant_to_the_text() -> None:
    assert choose({"tab {region}": Terms()}, "tab us-east5", "heading") == Terms(region="us-east5")
    assert choose({"with {variant}": Terms()}, "with Maps", "row") == Terms(variant="maps")


def test_storage_of_cached_input_is_storage_whatever_is_kept() -> None:
    row = Terms(Meter.INPUT_TOKENS, said=frozenset({"storage", "audio"}))
    (terms,) = meanings(row, (), Unit.MILLION_TOKEN_HOURS)
    assert terms.meter is Meter.CACHE_STORAGE


def test_tok_per_hour_is_storage() -> None:
    (quote,) = read_quotes("$4.5 /M Tok/hr", TOKENS)
    assert (str(quote.amount), quote.unit) == ("4.5", Unit.MILLION_TOKEN_HOURS)


def test_a_release_in_brackets_belongs_to_the_name_and_a_footnote_does_not() -> None:
    assert read_names("DeepSeek-R1 (0528)").names == ("DeepSeek-R1 (0528)",)
    assert read_names("DeepSeek-V4 (2)").names == ("DeepSeek-V4",)


def test_a_divided_row_is_found_at_its_place_on_the_page() -> None:
    rows = tuple((Cell("A"), Cell(amount)) for amount in ("$1", "$2"))
    grid = Grid((), ("Model", "Price"), rows, "table 1", places=(4, 4))
    table = PriceTable(
        None, {"Model": Model(), "Price": Price(Meter.INPUT_TOKENS, unit=Unit.MILLION_TOKENS)}
    )
    page = Page.of(b"# A page").with_blocks([grid])
    places = [price.locator for price in table.read(page).points]
    assert places == ["table 1, row 5, column 2", "table 1, row 5, column 2"]


def test_cached_output_is_refused() -> None:
    row = Terms(Meter.OUTPUT_TOKENS, said=frozenset({"cached"}))
    with pytest.raises(NotRead, match="cached"):
        list(meanings(row, (), Unit.MILLION_TOKENS))
