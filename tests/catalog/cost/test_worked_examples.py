"""Sums that people of the field reckon by hand, on prices that pages stated."""

from decimal import Decimal

from catalog.cost import Tokens, bundled, charge, price
from catalog.moments import parse_moment
from catalog.vocabulary import Meter
from tests.catalog.cost.rates import book, rate

AT = "2026-08-08"


def total(model: str, usage: dict[str, object]) -> Decimal:
    found = price(model, usage, at=AT).total
    assert found is not None
    return found


def test_ten_million_replies_of_500_tokens_a_month() -> None:
    reply: dict[str, object] = {"input_tokens": 0, "output_tokens": 500}
    assert total("claude-opus-4-6", reply) * 10_000_000 == 125_000
    assert total("claude-haiku-4-5", reply) * 10_000_000 == 25_000
    assert total("gpt-4o-mini", reply) * 10_000_000 == 3_000


def test_three_cents_a_thousand_is_thirty_dollars_a_million() -> None:
    of = book(rate("30"))
    thousand: dict[str, object] = {"input_tokens": 1000}
    assert price("claude-opus-4-7", thousand, at="2026-01-02", book=of).total == Decimal("0.03")
    assert price("claude-opus-4-7", {"input_tokens": 10**6}, at="2026-01-02", book=of).total == 30


def test_batch_and_cache_together_at_anthropics_published_rates() -> None:
    """Opus 4.6: input $5, output $25, 5m write 1.25x, 1h write 2x, read 0.1x, all of it halved."""
    usage: dict[str, object] = {
        "input_tokens": 10**6,
        "output_tokens": 10**6,
        "cache_read_input_tokens": 10**6,
        "cache_creation_input_tokens": 2 * 10**6,
        "cache_creation": {
            "ephemeral_5m_input_tokens": 10**6,
            "ephemeral_1h_input_tokens": 10**6,
        },
    }
    amounts = {line.meter: line.amount for line in price("claude-opus-4-6", usage, at=AT).lines}
    assert amounts == {
        "input_tokens": 5,
        "output_tokens": 25,
        "cache_read_tokens": Decimal("0.5"),
        "cache_write_tokens": Decimal("6.25"),
        "cache_write_1h_tokens": 10,
    }
    assert total("claude-opus-4-6", usage) == Decimal("46.75")
    assert total("claude-opus-4-6", usage | {"service_tier": "batch"}) == Decimal("23.375")
    in_us = usage | {"service_tier": "batch", "inference_geo": "us"}
    assert total("claude-opus-4-6", in_us) == Decimal("25.7125")


def test_fifteen_thousand_support_conversations_a_day_over_three_models() -> None:
    """70 % on Haiku, 25 % on Sonnet, 5 % on Opus; 2,000 tokens in and 400 out; 30 days."""
    conversation: dict[str, object] = {"input_tokens": 2000, "output_tokens": 400}
    monthly = 15_000 * 30
    haiku = total("claude-haiku-4-5", conversation)
    sonnet = total("claude-sonnet-4-6", conversation)
    opus = total("claude-opus-4-6", conversation)
    assert (str(haiku.normalize()), str(sonnet.normalize())) == ("0.004", "0.012")
    assert str(opus.normalize()) == "0.02"
    routed = monthly * (70 * haiku + 25 * sonnet + 5 * opus) / 100
    assert routed == Decimal(3060)
    assert monthly * opus - routed == Decimal(5940)


def test_counts_that_no_api_returned_are_priced_alike() -> None:
    held = bundled()
    offer = held.offer(held.sold("claude-opus-4-6", None, parse_moment(AT)), "batch", "")
    counted = Tokens(input=1000, output=100, cache_read=5000).counted()
    priced = charge(held, offer, counted, parse_moment(AT))
    assert priced.total == Decimal("0.005")
    assert counted.amounts[Meter.CACHE_READ_TOKENS] == 5000
