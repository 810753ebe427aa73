"""Gateways' lists of models in the forms that they have had: what is a price in which of them."""

from decimal import Decimal

import pytest

from catalog.reading import NotRead, PricePoint
from spiders.exact_json import parse_json
from spiders.sources.novita import tables
from spiders.sources.vercel import MODELS

Key = tuple[str, str, int, str]


def keyed(points: tuple[PricePoint, ...]) -> dict[Key, Decimal]:
    return {(p.tier, p.region, p.context_over, p.meter): p.amount for p in points}


def vercel(pricing: str, kind: str = "language") -> dict[Key, Decimal]:
    listed = parse_json(f'{{"data": [{{"id": "m", "type": "{kind}", "pricing": {pricing}}}]}}')
    return keyed(MODELS.listing(listed).points)


def test_vercel_prices_each_service_tier_and_its_long_prompts() -> None:
    tiers = '{"service_tiers": {"priority": {"input": "0.000005", "long_context": %s}}}'
    assert vercel(tiers % '{"threshold": 272000, "input": "0.00001"}') == {
        ("priority", "global", 0, "input_tokens"): Decimal(5),
        ("priority", "global", 272000, "input_tokens"): Decimal(10),
    }


def test_vercel_prices_a_region_and_its_fast_mode_apart() -> None:
    eu = '{"input_tiers": [{"cost": "0.0000055", "min": 200001}], "fast": {"input": "0.00001"}}'
    assert vercel(f'{{"regional": {{"eu": {eu}}}}}') == {
        ("standard", "eu", 200000, "input_tokens"): Decimal("5.5"),
        ("fast", "eu", 0, "input_tokens"): Decimal(10),
    }


def test_vercel_refuses_a_service_tier_that_it_does_not_know() -> None:
    with pytest.raises(NotRead, match="service_tiers"):
        vercel('{"service_tiers": {"night": {"input": "0.000001"}}}')


def test_a_zero_is_a_price_of_words_and_none_of_what_is_counted_otherwise() -> None:
    assert vercel('{"input": "0"}') == {("standard", "global", 0, "input_tokens"): Decimal(0)}
    assert vercel('{"input": "0"}', "reranking") == {}


@pytest.mark.parametrize(
    ("digits", "number"), [("price_per_m", "1500"), ("price_per_m_decimal", '"0.15"')]
)
def test_novita_says_a_price_in_two_ways(digits: str, number: str) -> None:
    listed = parse_json(
        '{"data": [{"id": "m", "input_token_price_per_m": 1500,'
        f' "pricing": {{"prompt": {{"{digits}": {number}}}}}}}]}}'
    )
    points = [point for table in tables(digits) for point in table.listing(listed).points]
    assert keyed(tuple(points)) == {("standard", "global", 0, "input_tokens"): Decimal("0.15")}
