"""A subscription is told what all of its conditions hold for, and nothing else."""

import pytest
from pydantic import ValidationError

from api.delivery.conditions import (
    CONDITIONS,
    UnknownNameError,
    Wanted,
    check_names,
    matches,
)
from catalog.identity import load
from catalog.subscribing.notices import Notice
from catalog.vocabulary import EventType, SourceKind
from tests.api.delivery.notices import notice

DOWN = notice("5", "4")
UP = notice("4", "5")
ADDED = notice(None, "4", type=EventType.PRICE_ADDED)
GONE = notice("4", None, type=EventType.PRICE_WITHDRAWN)
FROM_FREE = notice("0", "1", direction="up")
DEPRECATED = notice(None, None, tier=None, type=EventType.MODEL_DEPRECATED, meter=None)
RESOLD = notice(provider="openrouter", kind=SourceKind.RESELLER)
LOW = notice(all_time_low=True)
BATCH = notice(tier="batch")
DEGRADED = notice(None, None, tier=None, model=None, meter=None, type=EventType.SOURCE_DEGRADED)
YUAN = notice(currency="CNY")
PER_IMAGE = notice("0.05", "0.04", unit="image", meter="images")


@pytest.mark.parametrize(
    ("wanted", "told", "not_told"),
    [
        ({}, [DOWN, UP, ADDED, GONE, DEPRECATED, DEGRADED, RESOLD], []),
        ({"providers": ["anthropic"]}, [DOWN, DEGRADED], [RESOLD]),
        ({"models": ["anthropic/claude-opus-4.7"]}, [DOWN, RESOLD, DEPRECATED], [DEGRADED]),
        ({"makers": ["anthropic"]}, [DOWN, RESOLD], [DEGRADED, notice(model="openai/gpt-5")]),
        ({"tiers": ["batch"]}, [BATCH], [DOWN, DEPRECATED]),
        ({"meters": ["input_tokens"]}, [DOWN, ADDED], [PER_IMAGE, DEPRECATED]),
        ({"types": ["price.changed"]}, [DOWN, UP], [ADDED, GONE, DEPRECATED]),
        ({"direction": "down"}, [DOWN], [UP, ADDED, GONE, DEPRECATED]),
        ({"direction": "up"}, [UP, FROM_FREE], [DOWN, ADDED]),
        ({"minimum_percent": "20"}, [DOWN, UP, FROM_FREE], [ADDED, GONE, DEPRECATED]),
        ({"minimum_percent": "20.0001"}, [UP, FROM_FREE], [DOWN]),
        ({"minimum_percent": "5"}, [], [notice("0", "0"), notice("100", "95.001")]),
        ({"all_time_low": True}, [LOW], [DOWN]),
        ({"price_under": {"amount": "4.01"}}, [DOWN, ADDED], [UP, GONE, YUAN, PER_IMAGE]),
        ({"price_under": {"amount": "4"}}, [notice("4", "0")], [DOWN]),
        ({"price_under": {"amount": "0.1", "unit": "image"}}, [PER_IMAGE], [DOWN]),
        ({"price_under": {"amount": "9", "currency": "CNY"}}, [YUAN], [DOWN]),
        ({"official_only": True}, [DOWN], [RESOLD, notice(kind=SourceKind.CATALOG)]),
        ({"direction": "down", "providers": ["openrouter"]}, [RESOLD], [DOWN, UP]),
    ],
)
def test_what_is_told(
    wanted: dict[str, object], told: list[Notice], not_told: list[Notice]
) -> None:
    asked = Wanted.model_validate(wanted)
    assert all(matches(asked, one) for one in told)
    assert not any(matches(asked, one) for one in not_told)


def test_every_field_of_a_filter_is_a_declared_condition() -> None:
    assert [one.name for one in CONDITIONS] == list(Wanted.model_fields)


@pytest.mark.parametrize(
    "wrong",
    [
        {"model": ["a"]},
        {"direction": "sideways"},
        {"minimum_percent": "0"},
        {"minimum_percent": "NaN"},
        {"price_under": {"amount": "-1"}},
        {"price_under": {"amount": "1", "currency": "usd"}},
        {"types": ["price.exploded"]},
        {"models": ["x"] * 201},
        {"models": ["a\x00"]},
    ],
)
def test_a_filter_that_means_nothing_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Wanted.model_validate(wrong)


def test_a_filter_names_only_what_is_known() -> None:
    identity = load()
    check_names(Wanted(models=("anthropic/claude-opus-4.7",), makers=("openai",)), identity)
    with pytest.raises(UnknownNameError, match="did you mean") as caught:
        check_names(Wanted(models=("claude-opus-4.7",)), identity)
    assert "anthropic/claude-opus-4.7" in caught.value.candidates
    for wanted in (Wanted(makers=("nobody",)), Wanted(providers=("nobody",))):
        with pytest.raises(UnknownNameError, match="nothing is known as nobody"):
            check_names(wanted, identity)
