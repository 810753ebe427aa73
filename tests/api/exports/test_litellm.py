"""LiteLLM's cost map keeps its rules, and says each price in the field that LiteLLM reads."""

import json
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from api.exports import litellm
from api.exports.ledger import Exported, Loss
from api.exports.litellm import OURS, TOOL
from api.exports.material import Material
from api.exports.trees import to_json
from catalog.current.listed import Listed, Listing
from catalog.vocabulary import Meter, Unit
from tests.api.exports.litellm_rules import read, unread
from tests.api.exports.offering import Stated, chat, material_of

pytestmark = pytest.mark.xdist_group("exports")
KEY = "claude-opus-4-7"
INPUT, OUTPUT = "input_cost_per_token", "output_cost_per_token"
READ, WRITE = "cache_read_input_token_cost", "cache_creation_input_token_cost"


def entry(material: Material, *stated: Stated, key: str = KEY) -> dict[str, Any]:
    """Give the entry that some prices come to, with exact numbers."""
    return read(to_json(litellm.official(material_of(material, stated)).tree))[key]


def test_the_maps_keep_the_rules_and_have_no_field_that_litellm_does_not_read(
    made: Mapping[str, Exported],
) -> None:
    whole, ours = (read(to_json(made[name].tree)) for name in ("litellm", "litellm.official"))
    assert len(whole) > 2120
    assert {key: one for key, one in whole.items() if one["prices_from"] == OURS} == ours
    assert {one["prices_from"] for one in whole.values()} == {OURS, TOOL}
    assert set().union(*map(unread, ours.values())) == set()


@pytest.mark.parametrize(
    "change",
    [
        {"litellm_provider": None},
        {"mode": "chatting"},
        {INPUT: "0.000002"},
        {INPUT: -1},
        {INPUT: None},
        {"deprecation_date": "2026-02-30"},
        {"deprecation_date": "next May"},
        {"supported_modalities": ["text", "smell"]},
        {"max_tokens": Decimal("4096.5")},
        {"tiered_pricing": [{"range": [0, 5], "price": 1}]},
        {"tiered_pricing": [{"range": [0, 5]}, {"range": [6, 9]}]},
    ],
)
def test_what_litellm_refuses_is_refused_here(
    material: Material, change: Mapping[str, object]
) -> None:
    whole = json.loads(to_json(litellm.official(material_of(material, chat())).tree))
    read(json.dumps(whole).encode())
    whole[KEY] |= change
    with pytest.raises(ValueError, match=KEY):
        read(json.dumps(whole, default=float).encode())


@pytest.mark.parametrize("text", [b'{"a": {}, "a": {}}', b'{"sample_spec": {}}'])
def test_a_key_twice_and_a_reserved_one_are_refused(text: bytes) -> None:
    with pytest.raises(ValueError, match=r"twice|sample_spec"):
        read(text)


def test_costs_are_exact_numbers_for_one_token_without_an_exponent(material: Material) -> None:
    stated = [Stated(Meter.INPUT_TOKENS, "0.0375"), Stated(Meter.OUTPUT_TOKENS, "0.1")]
    text = to_json(litellm.official(material_of(material, stated)).tree).decode()
    assert f'"{INPUT}":0.0000000375,' in text
    assert f'"{OUTPUT}":0.0000001,' in text


def test_a_free_cache_costs_zero_and_one_that_nobody_prices_what_input_does(
    material: Material,
) -> None:
    """LiteLLM takes a cost that is absent for zero."""
    found = entry(material, *chat(), Stated(Meter.CACHE_READ_TOKENS, "0"))
    assert (found[READ], found[WRITE]) == (0, Decimal("0.000002"))


def test_a_price_in_no_tier_of_the_model_leaves_no_field(material: Material) -> None:
    found = entry(material, *chat())
    assert not [name for name in found if name.endswith(("_flex", "_batches", "_above_1hr"))]


def test_prices_of_long_prompts_stand_in_fields_by_their_length(material: Material) -> None:
    found = entry(
        material,
        *chat(),
        Stated(Meter.CACHE_WRITE_TOKENS, "2.5"),
        Stated(Meter.CACHE_WRITE_1H_TOKENS, "4"),
        Stated(Meter.INPUT_TOKENS, "4", over=200_000),
        Stated(Meter.CACHE_WRITE_TOKENS, "5", over=200_000),
        Stated(Meter.CACHE_WRITE_1H_TOKENS, "8", over=200_000),
    )
    assert found[f"{INPUT}_above_200k_tokens"] == Decimal("0.000004")
    assert found[f"{WRITE}_above_200k_tokens"] == Decimal("0.000005")
    assert found[f"{WRITE}_above_1hr"] == Decimal("0.000004")
    assert found[f"{WRITE}_above_1hr_above_200k_tokens"] == Decimal("0.000008")


def test_a_length_without_a_field_stands_in_a_table_of_ranges(material: Material) -> None:
    found = entry(material, *chat(), Stated(Meter.INPUT_TOKENS, "4", over=32_000))
    first, second = found["tiered_pricing"]
    assert (first["range"], second["range"]) == ([0, 32_000], [32_000, 10_000_000])
    assert (first[INPUT], second[INPUT]) == (Decimal("0.000002"), Decimal("0.000004"))
    assert second[OUTPUT] == Decimal("0.00001")


def test_xais_long_prompts_stand_in_ranges_because_their_fields_begin_at_the_bound_itself(
    material: Material,
) -> None:
    stated = [
        *chat("xai/grok-4", "xai", label="grok-4"),
        Stated(
            Meter.INPUT_TOKENS,
            "4",
            model="xai/grok-4",
            provider="xai",
            label="grok-4",
            over=200_000,
        ),
    ]
    found = entry(material, *stated, key="xai/grok-4")
    assert not [name for name in found if "_above_" in name]
    assert [one["range"][0] for one in found["tiered_pricing"]] == [0, 200_000]


@pytest.mark.parametrize(
    ("tier", "suffix"), [("batch", "_batches"), ("flex", "_flex"), ("priority", "_priority")]
)
def test_a_tier_stands_in_fields_of_its_own(material: Material, tier: str, suffix: str) -> None:
    own = [Stated(one.meter, "1", tier=tier) for one in chat()]
    found = entry(material, *chat(), *own)
    assert found[f"{INPUT}{suffix}"] == found[f"{OUTPUT}{suffix}"] == Decimal("0.000001")


def test_fast_is_priority_at_openai_and_nowhere_else(material: Material) -> None:
    for model, provider, there in (
        ("openai/gpt-5.4", "openai", True),
        ("anthropic/claude-opus-4.7", "anthropic", False),
    ):
        label = model.partition("/")[2]
        plain = chat(model, provider, label=label)
        fast = [replace(one, amount="9", tier="fast") for one in plain]
        exported = litellm.official(material_of(material, [*plain, *fast]))
        text = to_json(exported.tree).decode()
        assert (f"{INPUT}_priority" in text) is there
        assert (set(exported.account.lost.values()) == {Loss.TIER}) is not there


@pytest.mark.parametrize(
    ("window", "hours"),
    [
        ("16:30-00:30 UTC", {"hours_utc": ["16:30-00:30"]}),
        (
            "Sat-Sun 01:00-05:00 UTC",
            {"windows": [{"hours_utc": ["01:00-05:00"], "weekdays": [6, 7]}]},
        ),
    ],
)
def test_prices_of_some_hours_replace_the_others_in_a_block(
    material: Material, window: str, hours: Mapping[str, object]
) -> None:
    cheap = Stated(Meter.INPUT_TOKENS, "1", window=window)
    found = entry(material, *chat(), cheap)
    less = Decimal("0.000001")
    assert found["off_peak_pricing"] == {**hours, INPUT: less, READ: less, WRITE: less}
    assert found[INPUT] == Decimal("0.000002")


@pytest.mark.parametrize("window", ["nights", "Fri 22:00-02:00 UTC"])
def test_hours_that_a_block_cannot_say_are_lost(material: Material, window: str) -> None:
    cheap = Stated(Meter.INPUT_TOKENS, "1", window=window)
    exported = litellm.official(material_of(material, [*chat(), cheap]))
    assert [*exported.account.lost.values()] == [Loss.WINDOW]


@pytest.mark.parametrize(
    ("columns", "loss"),
    [
        ({"currency": "CNY"}, Loss.CURRENCY),
        ({"region": "eu"}, Loss.REGION),
        ({"variant": "thinking"}, Loss.VARIANT),
        ({"tier": "weekend"}, Loss.TIER),
    ],
)
def test_what_the_map_has_no_field_for_is_lost_by_name(
    material: Material, columns: dict[str, Any], loss: Loss
) -> None:
    """Not in dollars, of a region, of a variant, in a tier: never written as the plain price."""
    other = replace(chat()[1], amount="7", **columns)
    exported = litellm.official(material_of(material, [*chat(), other]))
    assert loss in exported.account.lost.values()
    assert "0.000007" not in to_json(exported.tree).decode()


def listing(key: str, provider: str, **facts: str) -> Listing:
    """Write down what LiteLLM's own list says of one key."""
    said = Listed(
        key,
        provider,
        "standard",
        "global",
        0,
        "",
        Meter.INPUT_TOKENS,
        Unit.MILLION_TOKENS,
        "USD",
        Decimal(9),
        f"{key}.{INPUT}",
    )
    return Listing((said,), {(key, provider): facts})


def overlaid(material: Material, theirs: Listing, *stated: Stated) -> dict[str, Any]:
    """Give the map with some prices of ours over one entry of theirs."""
    some = replace(material_of(material, stated), listings={TOOL: theirs})
    return read(to_json(litellm.overlaid(some).tree))


def test_a_listed_model_keeps_what_litellm_says_of_it_beside_our_prices(
    material: Material,
) -> None:
    theirs = listing(
        KEY,
        "anthropic",
        vision="True",
        reasoning="false",
        input_modalities="text,image",
        listed_deprecated_on="2027-01-31",
    )
    found = overlaid(material, theirs, *chat())[KEY]
    assert (found["prices_from"], found[INPUT]) == (OURS, Decimal("0.000002"))
    assert (found["supports_vision"], found["supports_reasoning"]) == (True, False)
    assert found["supported_modalities"] == ["image", "text"]
    assert found["deprecation_date"] == "2027-01-31"


def test_a_key_of_another_seller_stays_the_others(material: Material) -> None:
    """A key that our prices would have stands for somebody else's offer in LiteLLM's list."""
    found = overlaid(material, listing(KEY, "azure_ai"), *chat())[KEY]
    assert (found["prices_from"], found["litellm_provider"]) == (TOOL, "azure_ai")
    assert found[INPUT] == Decimal("0.000009")


def test_a_model_that_we_do_not_price_keeps_litellms_price(material: Material) -> None:
    found = overlaid(material, listing("some/other", "somebody"), *chat())["some/other"]
    assert (found["prices_from"], found[INPUT]) == (TOOL, Decimal("0.000009"))
