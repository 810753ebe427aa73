"""The quote grammar reads what pages print, exactly, and refuses everything else."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.money import plain
from catalog.vocabulary import Unit
from spiders.dates import print_dates
from spiders.measures import Measure, QuoteError, read_currency, read_measure, whole
from spiders.quotes import (
    Absence,
    Quote,
    Setting,
    absence,
    read_quotes,
)

TOKENS = Setting("USD", whole(Unit.MILLION_TOKENS))
NOTHING_STATED = Setting()
A_MILLION = Decimal(10) ** 6


def amounts(text: str, setting: Setting = TOKENS, struck: str = "") -> list[str]:
    """Read a cell and give each amount in words: amount, currency, unit."""
    quotes = read_quotes(text, setting, struck=struck)
    return [f"{quote.amount} {quote.currency} / {quote.unit}" for quote in quotes]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("$0.15 / 1M tokens", "0.15 USD / 1M tokens"),
        ("$5 / MTok", "5 USD / 1M tokens"),
        ("$0.3 / M tokens", "0.3 USD / 1M tokens"),
        ("$0.0011 per token", "1100 USD / 1M tokens"),
        ("0.004元/千tokens", "4 CNY / 1M tokens"),
        ("2元/百万tokens", "2 CNY / 1M tokens"),
        ("0.5 美元/百万tokens", "0.5 USD / 1M tokens"),
        ("¥3.5 / 万字符", "350 CNY / 1M characters"),
        ("3.5 元/每万字符", "350 CNY / 1M characters"),
        ("0.25 元/首", "0.25 CNY / other"),
        ("¥9.9 / 音色", "9.9 CNY / other"),
        ("$1.5 per voice", "1.5 USD / other"),
        ("$1.5 / 10K characters", "150 USD / 1M characters"),
        ("$40.00 per 1M characters", "40 USD / 1M characters"),
        ("$10 per 1,000 searches", "10 USD / 1K requests"),
        ("$0.035 per search", "35 USD / 1K requests"),
        ("$14 / 1,000 search queries", "14 USD / 1K requests"),
        ("$0.03 / image", "0.03 USD / image"),
        ("0.2 元/张", "0.2 CNY / image"),
        ("$0.40 per second", "0.4 USD / second"),
        ("$0.006 / minute", "0.006 USD / minute"),
        ("$0.08 per session-hour", "0.08 USD / hour"),
        ("$0.05 USD per hour, per container", "0.05 USD / hour"),
        ("$0.10 / GB per day", "0.1 USD / GB day"),
        ("$4 / 1K pages", "4 USD / 1K pages"),
        ("$4.50 / 1,000,000 tokens per hour", "4.5 USD / 1M tokens hour"),
        ("US$2 / 1M input tokens", "2 USD / 1M tokens"),
        ("€1.80 / 1M tokens", "1.8 EUR / 1M tokens"),
    ],
)
def test_a_price_is_read_to_its_whole_unit(text: str, read: str) -> None:
    assert amounts(text, NOTHING_STATED) == [read]


@pytest.mark.parametrize(
    "text", ["$$1.5", "\\$1.5", "$ 1.5", "\uff041.5", "1.5 USD", "$1.50*", "$1.5¹"]
)
def test_an_odd_sign_changes_no_amount(text: str) -> None:
    (quote,) = read_quotes(text, TOKENS)
    assert quote.amount == Decimal("1.5")


@pytest.mark.parametrize("text", ["", "-", "–", "—", "N/A", "Not available", "\\", "/", "无", "--"])
def test_a_cell_may_state_that_there_is_no_price(text: str) -> None:
    assert absence(text) is Absence.NONE
    assert read_quotes(text, TOKENS) == ()


@pytest.mark.parametrize("text", ["Contact sales", "ContactSales", "Contact us", "联系销售"])
def test_contact_sales_is_neither_none_nor_free(text: str) -> None:
    assert absence(text) is Absence.CONTACT
    assert read_quotes(text, TOKENS) == ()


@pytest.mark.parametrize(
    "text", ["Free", "Free of charge", "免费", "限时免费", "Limited-time Free"]
)
def test_free_is_a_price_of_zero(text: str) -> None:
    assert amounts(text) == ["0 USD / 1M tokens"]


def test_prompt_lengths_tell_two_prices_apart() -> None:
    short, long = read_quotes("$1.25, prompts <= 200k tokens\n$2.50, prompts > 200k", TOKENS)
    assert (short.amount, short.context_over) == (Decimal("1.25"), 0)
    assert (long.amount, long.context_over) == (Decimal("2.5"), 200_000)


def test_modalities_tell_two_prices_apart() -> None:
    shared, audio = read_quotes("$0.30 (text / image / video) $1.00 (audio)", TOKENS)
    assert shared.words == {"text", "image", "video"}
    assert audio.words == {"audio"}


def test_dates_tell_two_prices_apart() -> None:
    now, then = read_quotes(
        "$3.75 through December 31, 2026. $7.50 starting January 1, 2027.", TOKENS
    )
    assert (now.valid_from, now.valid_to) == (None, date(2027, 1, 1))
    assert (then.valid_from, then.valid_to) == (date(2027, 1, 1), None)


def test_a_label_before_the_first_amount_leads_each() -> None:
    first, second = read_quotes("Input: $5 / MTok\nOutput: $25 / MTok", NOTHING_STATED)
    assert f"{first.amount} {set(first.words)}" == "5 {'input'}"
    assert f"{second.amount} {set(second.words)}" == "25 {'output'}"


def test_a_label_glued_behind_an_amount_follows_each() -> None:
    first, second = read_quotes("$0.15 input$0.60 output", TOKENS)
    assert f"{first.amount} {set(first.words)}" == "0.15 {'input'}"
    assert f"{second.amount} {set(second.words)}" == "0.6 {'output'}"


def test_a_leading_direction_holds_for_all_amounts_up_to_the_next_one() -> None:
    first, second = read_quotes("Input: $5 (text), $3 (audio)", TOKENS)
    assert first.words == {"input", "text"}
    assert second.words == {"input", "audio"}


def test_amounts_without_words_keep_their_order() -> None:
    assert amounts("$3.00 / $0.30 / $15.00") == [
        "3 USD / 1M tokens",
        "0.3 USD / 1M tokens",
        "15 USD / 1M tokens",
    ]


def test_a_sign_behind_an_amount_is_not_the_next_amount_s() -> None:
    assert amounts("0.004元 0.008元 0.5美元", Setting(measure=whole(Unit.IMAGE))) == [
        "0.004 CNY / image",
        "0.008 CNY / image",
        "0.5 USD / image",
    ]


def test_an_hourly_price_stands_beside_one_per_token() -> None:
    read, storage = read_quotes(
        "$0.20, prompts <= 200k $4.50 / 1,000,000 tokens per hour (storage price)", TOKENS
    )
    assert read.unit is Unit.MILLION_TOKENS
    assert storage.unit is Unit.MILLION_TOKEN_HOURS
    assert storage.words == {"storage"}


def test_a_struck_price_is_the_list_price_in_the_same_unit() -> None:
    (quote,) = read_quotes("0.002元/千tokens", struck="0.004元", setting=NOTHING_STATED)
    assert (str(quote.amount), str(quote.list_amount)) == ("2", "4")


def test_as_many_struck_prices_as_prices_are_wanted() -> None:
    with pytest.raises(QuoteError, match="2 struck amounts stand beside 1 prices"):
        read_quotes("¥2.1", Setting("CNY"), struck="¥4.2 ¥3.0")


@pytest.mark.parametrize(
    "text",
    [
        "2,50 $",
        "$0,075",
        "$3,125",
        "$1.234.567",
        "$5 / furlong",
        "$5 and a bit",
        "1.1x",
        "10%",
        "$5M",
        "$5 million",
        "1万元",
        "$5 €",
        "from $5",
        "about $5",
        "$5 - $10",
        "$5 20",
        "$10/50",
        "$5 / 1M tokens / 1K tokens",
        "prompts > 200k",
        "$5, prompts > 200k, prompts > 100k",
    ],
)
def test_what_is_not_understood_is_refused(text: str) -> None:
    with pytest.raises(QuoteError):
        read_quotes(text, TOKENS)


def test_a_bare_number_is_money_only_where_the_column_says_so() -> None:
    assert amounts("2.4", Setting("CNY", whole(Unit.MILLION_TOKENS))) == ["2.4 CNY / 1M tokens"]
    with pytest.raises(QuoteError, match="no one currency"):
        read_quotes("2.4", Setting(None, whole(Unit.MILLION_TOKENS)))


def test_a_price_without_a_unit_has_none() -> None:
    (quote,) = read_quotes("$2.4")
    assert quote.unit is None


def test_thousands_are_read_where_the_column_says_so() -> None:
    (quote,) = read_quotes("$1,250", Setting(thousands=True))
    assert quote.amount == 1250


def test_a_cell_s_own_unit_wins_over_its_column_s() -> None:
    assert amounts("$0.15 / 1K tokens") == ["150 USD / 1M tokens"]


def test_a_bare_count_means_the_column_s_things() -> None:
    assert amounts("$5 / 1M") == ["5 USD / 1M tokens"]
    with pytest.raises(QuoteError):
        read_quotes("$5 / 1K", TOKENS)


def test_further_words_are_declared() -> None:
    words: Mapping[str, str] = {"global": "everywhere", "non-global": "elsewhere", "list": ""}
    setting = Setting("USD", whole(Unit.MILLION_TOKENS), words)
    first, second = read_quotes("list $0.25 (Global)\n\n$0.275 (Non-global)*", setting)
    assert first.words == {"everywhere"}
    assert second.words == {"elsewhere"}


@pytest.mark.parametrize(
    ("text", "measure"),
    [
        ("1M tokens", Measure(Unit.MILLION_TOKENS, A_MILLION)),
        ("百万tokens", Measure(Unit.MILLION_TOKENS, A_MILLION)),
        ("/ 1K tokens", Measure(Unit.MILLION_TOKENS, Decimal(1000))),
        ("1M INPUT TOKENS", Measure(Unit.MILLION_TOKENS, A_MILLION)),
        ("per image", Measure(Unit.IMAGE, Decimal(1))),
    ],
)
def test_a_heading_s_unit_is_read(text: str, measure: Measure) -> None:
    assert read_measure(text) == measure


@pytest.mark.parametrize("text", ["1M", "tonnes", "1M tokens or so", ""])
def test_a_heading_that_names_no_unit_is_refused(text: str) -> None:
    with pytest.raises(QuoteError):
        read_measure(text)


def test_a_currency_other_than_the_declared_one_is_refused() -> None:
    with pytest.raises(QuoteError, match="stands where prices are in USD"):
        read_quotes("€3.00", Setting("USD"))


def test_an_unknown_currency_is_refused() -> None:
    with pytest.raises(QuoteError, match="no known currency"):
        read_currency("zł")


def test_a_price_without_an_exact_decimal_is_refused() -> None:
    with pytest.raises(QuoteError, match="no exact decimal"):
        read_quotes("$1 / 3 tokens")


quotes = st.builds(
    Quote,
    amount=st.decimals(0, 10**6, allow_nan=False, places=6),
    currency=st.sampled_from(["USD", "CNY", "EUR", "KRW"]),
    unit=st.sampled_from([None, *(unit for unit in Unit if unit is not Unit.OTHER)]),
    context_over=st.none() | st.just(0) | st.integers(1, 2_000_000),
    valid_from=st.none() | st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    valid_to=st.none() | st.dates(date(2030, 1, 2), date(2040, 1, 1)),
    words=st.frozensets(st.sampled_from(["text", "image", "video", "audio", "input", "output"])),
)


PRINTED = {
    **{unit: str(unit) for unit in Unit},
    Unit.MILLION_TOKEN_HOURS: "1M tokens per hour",
    Unit.GB_DAY: "GB per day",
}


def print_bound(over: int) -> str:
    """Print a bound in words that read back."""
    return f"prompts > {over} tokens" if over else "any prompt length"


def print_quote(quote: Quote) -> str:
    """Print a quote in words that read back as the same quote (its struck price apart)."""
    parts = [f"{quote.currency or ''} {plain(quote.amount)}".strip()]
    if quote.unit:
        parts.append(f"per {PRINTED[quote.unit]}")
    if quote.context_over is not None:
        parts.append(print_bound(quote.context_over))
    if quote.words:
        parts.append(f"({' / '.join(sorted(quote.words))})")
    return " ".join(parts) + print_dates(quote.valid_from, quote.valid_to)


@given(quotes)
def test_every_printed_quote_reads_back(quote: Quote) -> None:
    (read,) = read_quotes(print_quote(quote))
    assert (
        Quote(
            read.amount,
            read.currency,
            read.unit,
            read.list_amount,
            read.context_over,
            read.valid_from,
            read.valid_to,
            read.words,
        )
        == quote
    )


PIECES = """$ ¥ € 元 美元 0.5 12 1,250 2,5 . , / per 1M tokens 千tokens image > <= 200k ( ) input
output audio through starting January 1, 2027 Free - 10% x ~ each maybe \\ 万 原价 5折"""
pieces = st.sampled_from(PIECES.split())


@given(st.lists(pieces, max_size=12).map(" ".join) | st.text(max_size=40))
def test_no_cell_makes_the_grammar_guess(text: str) -> None:
    """Either it refuses, or each amount is a number that the cell prints, in a stated currency."""
    try:
        read = read_quotes(text)
    except QuoteError:
        return
    for quote in read:
        assert quote.currency or not quote.amount
        assert quote.written in text or not quote.amount


@given(st.lists(pieces, max_size=12).map(" ".join))
def test_a_unit_is_read_only_where_it_is_printed(text: str) -> None:
    try:
        read = read_quotes(text)
    except QuoteError:
        return
    assert all(quote.unit is None for quote in read) or any(
        thing in text for thing in ("tokens", "image", "次", "页")
    )


def test_a_footnote_s_number_glued_to_the_end_of_a_cell_is_no_amount() -> None:
    (quote,) = read_quotes("$0.25 / MTok1")
    assert (str(quote.amount), quote.unit) == ("0.25", Unit.MILLION_TOKENS)
    with pytest.raises(QuoteError):
        read_quotes("$0.25 / MTok12")
