"""Prices whose fields are named for tier, region and prompt length; others stay unknown."""

import pytest

from catalog.vocabulary import Meter
from spiders.field_price import FieldPrice
from spiders.token_paths import token_paths

NAMED = token_paths(
    r"(?:(?P<region>us|eu)\.)?(?:{tier}\.)?{name}(?:_above_{over}_tokens)?",
    r"(?P<longer>tiers\[\])\.{name}",
    r"(?P<band>{name}_bands\[\])\.cost",
    names={"in": "input", "out": "output"},
    tiers={"batches": "batch"},
    over="size.tokens",
    least="min",
    bounds=r"tiers\[\]\.size\.tokens|{name}_bands\[\]\.(?:min|max)",
    scale=1000,
)
INPUT, OUTPUT = Meter.INPUT_TOKENS, Meter.OUTPUT_TOKENS


@pytest.mark.parametrize(
    ("path", "price"),
    [
        ("in", FieldPrice(meter=INPUT, scale=1000)),
        ("eu.batches.out", FieldPrice(meter=OUTPUT, scale=1000, region="eu", tier="batch")),
        ("in_above_200k_tokens", FieldPrice(meter=INPUT, scale=1000, context_over=200_000)),
        ("in_above_1m_tokens", FieldPrice(meter=INPUT, scale=1000, context_over=1_000_000)),
        (
            "tiers[].out",
            FieldPrice(meter=OUTPUT, scale=1000, context_over="tiers[].size.tokens"),
        ),
        (
            "in_bands[].cost",
            FieldPrice(meter=INPUT, scale=1000, context_from="in_bands[].min"),
        ),
    ],
)
def test_the_parts_of_a_path_say_what_its_price_is_for(path: str, price: FieldPrice) -> None:
    assert NAMED(path) == price


@pytest.mark.parametrize("path", ["tiers[].size.tokens", "out_bands[].max"])
def test_a_bound_is_no_price(path: str) -> None:
    assert NAMED(path) == "the tokens that the prices beside it are for"


@pytest.mark.parametrize("path", ["asia.in", "nights.in", "in_above_9_tokens", "in_max", "inn"])
def test_a_path_with_another_part_is_unknown(path: str) -> None:
    assert NAMED(path) is None
