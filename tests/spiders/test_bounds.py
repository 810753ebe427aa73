"""Prompt lengths as pages word them."""

import pytest

from spiders.bounds import read_bound


@pytest.mark.parametrize(
    ("words", "over"),
    [
        ("≤ 512k input tokens", 0),
        ("> 512k input tokens", 512_000),
        ("上下文 ≤ 512K", 0),
        ("上下文 512K ~ 1M", 512_000),
        ("输入长度（0, 16k）", 0),
        ("输入长度 [16k, 32k）", 16_000),
        ("输入长度 [32k+）", 32_000),
        ("输入长度 32k+", 32_000),
        ("输入长度（256k, 1M]", 256_000),
        ("0 ≤ 输入长度 \uff1c 32k", 0),
        ("输入长度 ≥ 32k", 32_000),
    ],
)
def test_a_bound_is_the_length_that_prompts_are_longer_than(words: str, over: int) -> None:
    assert read_bound(words) == over


@pytest.mark.parametrize("words", ["", "-", "512k", "上下文", "输出长度 32k+", "（0, 16k", "¥4.2"])
def test_what_is_no_prompt_length_is_none(words: str) -> None:
    assert read_bound(words) is None
