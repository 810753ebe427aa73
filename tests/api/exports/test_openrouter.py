"""OpenRouter's list of models has its shape, and answers the parameters that its own API takes."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest

from api.exports import openrouter
from api.exports.ledger import Exported, Loss
from api.exports.material import Material
from api.exports.trees import to_json
from catalog.current.facts import FactSeen
from catalog.vocabulary import Meter, Unit
from tests.api.exports.offering import OPUS, SINCE, Stated, chat, material_of

pytestmark = pytest.mark.xdist_group("exports")
Model = dict[str, Any]
Fits = Callable[[Model], object]
REQUIRED = {
    *("id", "canonical_slug", "name", "created", "context_length", "architecture", "pricing"),
    *("top_provider", "per_request_limits", "supported_parameters", "default_parameters"),
    *("supported_voices", "links"),
}
CONDITIONS = {"min_prompt_tokens", "utc_start", "utc_end", "utc_days"}


def only(material: Material, *stated: Stated) -> dict[str, Any]:
    """Give the one model that some prices come to."""
    exported = openrouter.export(material_of(material, stated))
    (model,) = json.loads(to_json(exported.tree))["data"]
    found: dict[str, Any] = model
    return found


def test_each_model_has_the_demanded_fields_and_prices_that_are_no_less_than_zero(
    made: Mapping[str, Exported],
) -> None:
    """A router's price of -1 is no price of anything."""
    tree = json.loads(to_json(made["openrouter"].tree))
    assert tree["total_count"] == len(tree["data"]) > 100
    for model in tree["data"]:
        assert model.keys() == REQUIRED
        assert model["pricing"].keys() >= {"prompt", "completion"}
        for override in [model["pricing"], *model["pricing"].pop("overrides", ())]:
            prices = [value for name, value in override.items() if name not in CONDITIONS]
            assert all(isinstance(price, str) and Decimal(price) >= 0 for price in prices)
            assert not any("e" in price.lower() for price in prices)


def test_prices_are_texts_of_dollars_for_one_without_an_exponent(material: Material) -> None:
    image = Stated(Meter.INPUT_IMAGES, "0.005", unit=Unit.IMAGE)
    calls = Stated(Meter.REQUESTS, "5", unit=Unit.THOUSAND_REQUESTS)
    tiny = Stated(Meter.CACHE_READ_TOKENS, "0.0375")
    assert only(material, *chat(), image, calls, tiny)["pricing"] == {
        "prompt": "0.000002",
        "completion": "0.00001",
        "input_cache_read": "0.0000000375",
        "input_cache_write": "0.000002",
        "image": "0.005",
        "request": "0.005",
    }


def test_a_free_price_is_zero_and_a_price_that_is_not_stated_leaves_no_key(
    material: Material,
) -> None:
    pricing = only(material, *chat(), Stated(Meter.CACHE_READ_TOKENS, "0"))["pricing"]
    assert pricing["input_cache_read"] == "0"
    assert "input_cache_write_1h" not in pricing
    assert "internal_reasoning" not in pricing


def test_a_model_without_a_price_of_output_is_lost_not_free(material: Material) -> None:
    exported = openrouter.export(material_of(material, chat()[:1]))
    assert json.loads(to_json(exported.tree))["data"] == []
    assert [*exported.account.lost.values()] == [Loss.INCOMPLETE]


def test_writes_for_an_hour_have_a_key_of_their_own(material: Material) -> None:
    writes = (Stated(Meter.CACHE_WRITE_TOKENS, "2.5"), Stated(Meter.CACHE_WRITE_1H_TOKENS, "4"))
    pricing = only(material, *chat(), *writes)["pricing"]
    assert pricing["input_cache_write"] == "0.0000025"
    assert pricing["input_cache_write_1h"] == "0.000004"


def test_long_prompts_and_hours_are_overrides_and_the_later_one_wins(material: Material) -> None:
    long = Stated(Meter.INPUT_TOKENS, "4", over=200_000)
    cheap = Stated(Meter.INPUT_TOKENS, "1", window="Sat-Sun 22:00-02:30 UTC")
    cached = (Stated(Meter.CACHE_READ_TOKENS, "1"), Stated(Meter.CACHE_WRITE_TOKENS, "3"))
    assert only(material, *chat(), *cached, long, cheap)["pricing"]["overrides"] == [
        {"min_prompt_tokens": 200_000, "prompt": "0.000004"},
        {
            "utc_start": 2200,
            "utc_end": 230,
            "utc_days": ["saturday", "sunday"],
            "prompt": "0.000001",
        },
    ]


def test_in_cheap_hours_a_cache_that_nobody_prices_costs_what_input_does_then(
    material: Material,
) -> None:
    cheap = Stated(Meter.INPUT_TOKENS, "1", window="22:00-02:30 UTC")
    (override,) = only(material, *chat(), cheap)["pricing"]["overrides"]
    assert override["prompt"] == override["input_cache_read"] == "0.000001"
    assert override["input_cache_write"] == "0.000001"


def test_tiers_and_other_sellers_offers_are_lost(material: Material) -> None:
    flex = Stated(Meter.INPUT_TOKENS, "1", tier="flex")
    others = chat(provider="azure", label=OPUS)
    exported = openrouter.export(material_of(material, [*chat(), flex, *others]))
    assert sorted(exported.account.lost.values()) == [Loss.MAKER, Loss.MAKER, Loss.TIER]


def test_a_pdf_is_a_file_and_modalities_that_nobody_states_are_none(material: Material) -> None:
    assert only(material, *chat())["architecture"] == {
        "modality": None,
        "input_modalities": [],
        "output_modalities": [],
    }
    facts = tuple(
        _said(f"{way}_modalities", words)
        for way, words in (("input", "text, pdf"), ("output", "text"))
    )
    told = replace(material, view=replace(material.view, facts=facts))
    assert only(told, *chat())["architecture"]["modality"] == "text+file->text"


def _said(name: str, value: str) -> FactSeen:
    return FactSeen("anthropic", OPUS, OPUS, "anthropic", name, value, "", SINCE)


def asked(served: str, **parameters: object) -> dict[str, Any]:
    """Ask for the list over HTTP."""
    url = f"{served}/exports/openrouter/v1/models?{urlencode(parameters)}"
    with urlopen(url) as answer:  # noqa: S310 our own server
        assert answer.headers["content-type"] == "application/json"
        found: dict[str, Any] = json.load(answer)
        return found


@pytest.fixture(scope="module")
def whole(served: str) -> list[dict[str, Any]]:
    """All models."""
    found: list[dict[str, Any]] = asked(served)["data"]
    return found


def dollars(model: dict[str, Any], name: str) -> Decimal:
    """Give a price for a million tokens."""
    return Decimal(model["pricing"][name]) * 1_000_000


@pytest.mark.parametrize(
    ("parameters", "fits"),
    [
        ({"q": "HAIKU"}, lambda one: "haiku" in one["id"].lower()),
        ({"model_authors": "x-ai, google"}, lambda one: one["id"].startswith(("x-ai/", "google/"))),
        ({"max_price": "0.5"}, lambda one: dollars(one, "prompt") <= Decimal("0.5")),
        ({"min_price": 5}, lambda one: dollars(one, "prompt") >= 5),
        ({"max_output_price": 1}, lambda one: dollars(one, "completion") <= 1),
        ({"min_output_price": 50}, lambda one: dollars(one, "completion") >= 50),
        ({"context": 1_000_000}, lambda one: (one["context_length"] or 0) >= 1_000_000),
        (
            {"supported_parameters": "tools,reasoning"},
            lambda one: {"tools", "reasoning"} <= {*one["supported_parameters"]},
        ),
        (
            {"input_modalities": "image,text"},
            lambda one: {"image", "text"} <= {*one["architecture"]["input_modalities"]},
        ),
        (
            {"output_modalities": "image,audio"},
            lambda one: {"image", "audio"} & {*one["architecture"]["output_modalities"]},
        ),
        ({"output_modalities": "all"}, lambda _: True),
    ],
)
def test_a_filter_gives_exactly_the_models_that_fit(
    served: str, whole: list[dict[str, Any]], parameters: dict[str, object], fits: Fits
) -> None:
    found = asked(served, **parameters)
    assert found["data"] == [one for one in whole if fits(one)]
    assert found["total_count"] == len(found["data"])


def test_a_filter_with_bounds_on_age_goes_by_created(
    served: str, whole: list[dict[str, Any]]
) -> None:
    young = asked(served, max_age_days=200)["data"]
    old = asked(served, min_age_days=201)["data"]
    assert len(young) + len(old) == len(whole)
    assert young
    assert min(one["created"] for one in young) > max(one["created"] for one in old)


@pytest.mark.parametrize(
    ("sort", "by"),
    [
        ("pricing-low-to-high", lambda one: dollars(one, "prompt") + dollars(one, "completion")),
        ("pricing-high-to-low", lambda one: -dollars(one, "prompt") - dollars(one, "completion")),
        ("newest", lambda one: -one["created"]),
        ("context-high-to-low", lambda one: -(one["context_length"] or 0)),
    ],
)
def test_the_list_is_sorted_and_what_is_not_known_stands_last(
    served: str, whole: list[dict[str, Any]], sort: str, by: Callable[[Model], Any]
) -> None:
    assert asked(served, sort=sort)["data"] == sorted(whole, key=by)


def test_pages_follow_one_another_and_keep_what_was_asked(
    served: str, whole: list[dict[str, Any]]
) -> None:
    first = asked(served, limit=3, q="claude")
    assert first["links"]["next"].startswith("/exports/openrouter/v1/models?")
    with urlopen(served + first["links"]["next"]) as answer:  # noqa: S310 our own server
        second = json.load(answer)
    claudes = [one for one in whole if "claude" in one["id"]]
    assert first["data"] + second["data"] == claudes[:6]
    assert first["total_count"] == second["total_count"] == len(claudes)


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("category", "programming"),
        ("arch", "Claude"),
        ("providers", "anthropic"),
        ("zdr", "true"),
        ("region", "eu"),
        ("distillable", "true"),
        ("min_intelligence_index", "50"),
        ("min_tool_success_rate", "0.9"),
        ("sort", "most-popular"),
        ("sort", "latency-low-to-high"),
        ("supported_parameters", "temperature"),
        ("input_modalities", "smell"),
        ("input_modalities", ","),
        ("max_price", "cheap"),
        ("limit", "1001"),
    ],
)
def test_what_the_catalog_cannot_answer_is_refused_by_name_never_ignored(
    served: str, parameter: str, value: str
) -> None:
    with pytest.raises(HTTPError) as refused:
        asked(served, **{parameter: value})
    with refused.value as answer:
        problem = json.load(answer)
    assert answer.code == 422
    assert parameter in {fault["parameter"] for fault in problem["errors"]}
