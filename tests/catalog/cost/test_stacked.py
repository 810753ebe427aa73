"""Prices that follow from others: of cached tokens in a tier, and of long prompts anywhere."""

from decimal import Decimal
from fractions import Fraction

import pytest

from catalog.cost import Cost, price
from catalog.vocabulary import Meter, Precision
from tests.catalog.cost.rates import book, rate

M = Meter
LONG: dict[str, object] = {
    "input_tokens": 100_000,
    "output_tokens": 1000,
    "cache_read_input_tokens": 100_001,
    "cache_creation_input_tokens": 10_000,
}


def sonnet(at: str, **where: str) -> Cost:
    return price("claude-sonnet-4-5", LONG, at=at, **where)  # type: ignore[arg-type] # a test names what it asks


def amounts(cost: Cost) -> dict[str, str]:
    return {line.meter: f"{line.amount.normalize():f}" for line in cost.lines if line.amount}


def test_cached_tokens_of_long_prompts_cost_more_by_as_much_as_input() -> None:
    """Sonnet 4.5 in January 2026: $6 and $22.50 above 200K; the cache multipliers on top."""
    assert amounts(sonnet("2026-01-15")) == {
        "input_tokens": "0.6",
        "output_tokens": "0.0225",
        "cache_read_tokens": "0.0600006",
        "cache_write_tokens": "0.075",
    }


def test_long_prompts_in_batches_cost_half_of_long_prompts() -> None:
    long = sonnet("2026-01-15", tier="batch")
    assert amounts(long) == {
        "input_tokens": "0.3",
        "output_tokens": "0.01125",
        "cache_read_tokens": "0.0300003",
        "cache_write_tokens": "0.0375",
    }
    line = long.lines[0]
    assert line.factor == 2
    assert "Batch API 50% discount applies to long context" in str(line.rule)


def test_they_cost_the_same_again_once_long_prompts_do() -> None:
    assert sonnet("2026-06-01").total == Decimal("0.3825003")
    assert sonnet("2026-06-01", tier="batch").total == Decimal("0.19125015")


def test_while_the_end_of_a_long_price_is_in_doubt_both_totals_are_given() -> None:
    between = sonnet("2026-03-20")
    assert between.total == Decimal("0.7575006")
    assert between.other_total == Decimal("0.3825003")
    doubt = between.lines[0].doubt
    assert doubt is not None
    assert (doubt.stated, doubt.valid_from.date().isoformat()) == (
        "3 USD per 1M tokens",
        "2026-03-31",
    )
    assert between.warnings[0] == (
        "the price of input_tokens became 3 USD per 1M tokens after 2026-03-10 and by 2026-03-31:"
        " this was between; it is reckoned at 6 USD per 1M tokens"
    )
    assert sonnet("2026-03-20", tier="batch").other_total == Decimal("0.19125015")


def test_a_surcharge_is_in_doubt_with_what_it_is_on() -> None:
    between = price("claude-opus-4-6", LONG, at="2026-03-20", region="us")
    assert between.total == Decimal("1.3887511")
    assert between.other_total == Decimal("0.70125055")


def test_a_tiers_own_long_price_is_not_multiplied_again() -> None:
    """Fast mode stated $60 above 200K by itself: a cached token is a tenth of that."""
    fast = price("claude-opus-4-6", LONG, at="2026-02-18", tier="fast")
    assert amounts(fast)["cache_read_tokens"] == "0.600006"
    assert fast.lines[2].factor == Fraction(12)


@pytest.mark.parametrize("tier", ["standard", "fast"])
def test_where_nobody_states_that_they_multiply_it_is_not_known(tier: str) -> None:
    """A cached price beside a long one, and a tier beside a standard long price."""
    own: dict[str, object] = {"source": "xai", "provider": "xai"}
    of = book(
        others={
            "xai/grok-4": (
                rate("3", M.INPUT_TOKENS, **own),
                rate("6", M.INPUT_TOKENS, context_over=128_000, **own),
                rate("0.75", M.CACHE_READ_TOKENS, **own),
                rate("5", M.INPUT_TOKENS, tier="fast", **own),
            )
        }
    )

    def cost(tokens: int, cached: int) -> Cost:
        usage = {"prompt_tokens": tokens, "prompt_tokens_details": {"cached_tokens": cached}}
        return price("grok-4", usage, at="2026-01-02", book=of, tier=tier)

    cached = 5 if tier == "standard" else 0
    assert cost(128_000, cached).total is not None
    long = cost(128_001, cached)
    assert long.total is None
    assert "in prompts longer than 128000 is stated" in long.lines[-1].reason


def test_a_long_price_that_is_no_other_leaves_the_tier_as_it_is() -> None:
    of = book(
        rate("5"),
        rate("5", context_over=200_000),
        rate("2.5", tier="batch"),
    )
    usage: dict[str, object] = {"input_tokens": 10**6}
    cost = price("claude-opus-4-7", usage, at="2026-01-02", book=of, tier="batch")
    assert (cost.total, cost.lines[0].factor) == (Decimal("2.5"), None)


def test_a_long_price_that_may_have_begun_is_the_other_total() -> None:
    begun = rate(
        "6",
        context_over=200_000,
        valid_from="2026-02-01",
        precision=Precision.BETWEEN,
        not_before="2026-01-10",
    )
    of = book(rate("3"), begun)
    usage: dict[str, object] = {"input_tokens": 10**6}

    def totals(at: str) -> list[Decimal | None]:
        cost = price("claude-opus-4-7", usage, at=at, book=of)
        return [cost.total, cost.other_total]

    assert totals("2026-01-05") == [3, None]
    assert totals("2026-01-20") == [3, 6]
    assert totals("2026-02-01") == [6, None]
