"""Prompt lengths in all the ways that pages write them."""

import pytest

from spiders.bounds import read_bound


@pytest.mark.parametrize(
    ("text", "over"),
    [
        ("≤ 200K input tokens", 0),
        ("> 200K input tokens", 200_000),
        ("prompts <= 200k tokens", 0),
        ("prompts > 200k", 200_000),
        ("=< 128K input tokens", 0),
        ("over 200,000 tokens", 200_000),
        ("up to 272K", 0),
        ("32K < input <= 128K", 32_000),
        ("0<Token≤1M", 0),
        ("128K<Token≤256K", 128_000),
        ("32K-128K", 32_000),
        ("(0, 16k]", 0),
        ("(16k, 32k]", 16_000),
        ("[32k+)", 32_000),
        ("输入长度 32k+", 32_000),
        ("输入长度（32k, 128k]".replace("（", "("), 32_000),
        ("无阶梯计价", 0),
    ],
)
def test_a_bound_gives_the_tokens_that_prompts_are_longer_than(text: str, over: int) -> None:
    assert read_bound(text) == over


@pytest.mark.parametrize(
    ("text", "over"), [("[0, 32]", 0), ("(32, 128]", 32_000), ("输入长度 (128, 256]", 128_000)]
)
def test_bare_numbers_count_thousands_where_the_column_says_so(text: str, over: int) -> None:
    assert read_bound(text, thousands=True) == over


@pytest.mark.parametrize("text", ["many", "200K", "> 200K input tokens and images", ""])
def test_what_is_no_bound_is_none(text: str) -> None:
    assert read_bound(text) is None
