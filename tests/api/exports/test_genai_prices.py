"""genai-prices' data keeps its rules, and says dates, lengths and hours as clients read them."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from api.exports import genai_prices
from api.exports.ledger import Exported, Loss
from api.exports.material import Material
from api.exports.trees import to_json
from catalog.vocabulary import Meter
from tests.api.exports.genai_rules import read
from tests.api.exports.offering import Stated, chat, material_of

pytestmark = pytest.mark.xdist_group("exports")


def only(material: Material, *stated: Stated) -> dict[str, Any]:
    """Give the one model that some prices come to."""
    (provider,) = read(to_json(genai_prices.export(material_of(material, stated)).tree))
    (model,) = provider["models"]
    found: dict[str, Any] = model
    return found


def test_the_data_keeps_the_rules(made: Mapping[str, Exported]) -> None:
    providers = read(to_json(made["genai-prices"].tree))
    assert {one["id"] for one in providers} >= {"anthropic", "google", "openai", "x-ai"}
    assert all(one["extractors"] for one in providers)


def _in_model(change: Callable[[dict[str, Any]], object]) -> Callable[[list[Any]], object]:
    return lambda data: change(data[0]["models"][0])


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data[0].update(unheard=1),
        lambda data: data[0].pop("api_pattern"),
        lambda data: data[0]["models"].append(data[0]["models"][0]),
        lambda data: data[0]["extractors"].append(
            {
                "api_flavor": "x",
                "mappings": [{"path": "completion_tokens", "dest": "output_tokens"}],
            }
        ),
        _in_model(lambda model: model.update(unheard=1)),
        _in_model(lambda model: model.pop("prices")),
        _in_model(lambda model: model.update(match={"equals": "a", "contains": "b"})),
        _in_model(lambda model: model.update(match={"equals": "another"})),
        _in_model(lambda model: model["prices"].update(input_mtok="2")),
        _in_model(lambda model: model["prices"].update(input_mtok=-1)),
        _in_model(lambda model: model["prices"].update(unheard_mtok=1)),
        _in_model(lambda model: model["prices"].update(cache_write_1h_mtok=1)),
        _in_model(lambda model: model["prices"].update(input_audio_mtok=1, cache_read_mtok=1)),
        _in_model(
            lambda model: model["prices"].update(
                input_mtok={"base": 1, "tiers": [{"start": 9, "price": 1}] * 2}
            )
        ),
        _in_model(
            lambda model: model.update(
                prices=[{"constraint": {"until": "noon"}, "prices": {"input_mtok": 1}}]
            )
        ),
    ],
)
def test_what_genai_prices_refuses_is_refused_here(
    material: Material, change: Callable[[list[Any]], object]
) -> None:
    data = json.loads(to_json(genai_prices.export(material_of(material, chat())).tree))
    del data[0]["models"][0]["prices"]["cache_write_mtok"]
    read(json.dumps(data).encode())
    change(data)
    with pytest.raises(ValueError, match=r"."):
        read(json.dumps(data).encode())


def test_an_object_is_refused() -> None:
    with pytest.raises(ValueError, match="list"):
        read(b"{}")


def test_numbers_are_dollars_for_a_million_tokens_and_zero_is_a_price(material: Material) -> None:
    prices = only(material, *chat(), Stated(Meter.CACHE_READ_TOKENS, "0"))["prices"]
    assert prices == {
        "input_mtok": 2,
        "output_mtok": 10,
        "cache_read_mtok": 0,
        "cache_write_mtok": 2,
    }


def test_long_prompts_stand_in_tiers_above_a_start(material: Material) -> None:
    prices = only(
        material,
        *chat(),
        Stated(Meter.INPUT_TOKENS, "6", over=400_000),
        Stated(Meter.INPUT_TOKENS, "4", over=200_000),
    )["prices"]
    tiers = [{"start": 200_000, "price": 4}, {"start": 400_000, "price": 6}]
    assert prices["input_mtok"] == {"base": 2, "tiers": tiers}


def test_of_dated_prices_the_last_holds_and_the_first_has_no_date(material: Material) -> None:
    inputs = Stated(Meter.INPUT_TOKENS, "2", before=(("2026-01-01", "4"),), since="2026-05-01")
    prices = only(material, inputs, chat()[1])["prices"]
    assert [one.get("constraint") for one in prices] == [None, {"start_date": "2026-05-01"}]
    assert [one["prices"]["input_mtok"] for one in prices] == [4, 2]
    assert [one["prices"]["output_mtok"] for one in prices] == [10, 10]


def test_hours_of_every_day_stand_after_the_plain_price_with_all_other_prices(
    material: Material,
) -> None:
    cheap = Stated(Meter.INPUT_TOKENS, "1", window="16:30-00:30 UTC")
    read = Stated(Meter.CACHE_READ_TOKENS, "0.2")
    plain, night = only(material, *chat(), read, cheap)["prices"]
    assert night["constraint"] == {"start_time": "16:30:00Z", "end_time": "00:30:00Z"}
    assert night["prices"] == plain["prices"] | {"input_mtok": 1, "cache_write_mtok": 1}


@pytest.mark.parametrize("window", ["Sat-Sun 01:00-05:00 UTC", "nights"])
def test_hours_of_some_days_are_lost(material: Material, window: str) -> None:
    cheap = Stated(Meter.INPUT_TOKENS, "1", window=window)
    exported = genai_prices.export(material_of(material, [*chat(), cheap]))
    assert [*exported.account.lost.values()] == [Loss.WINDOW]


def test_hours_beside_dates_are_lost_because_they_would_hold_before_the_date_too(
    material: Material,
) -> None:
    inputs = Stated(Meter.INPUT_TOKENS, "2", before=(("2026-01-01", "4"),), since="2026-05-01")
    cheap = Stated(Meter.INPUT_TOKENS, "1", window="16:30-00:30 UTC")
    exported = genai_prices.export(material_of(material, [inputs, chat()[1], cheap]))
    assert [*exported.account.lost.values()] == [Loss.WINDOW]
    assert "start_time" not in to_json(exported.tree).decode()


def test_a_part_without_its_whole_is_lost_and_what_joins_two_parts_is_priced(
    material: Material,
) -> None:
    alone = genai_prices.export(
        material_of(material, [chat()[1], Stated(Meter.CACHE_READ_TOKENS, "1")])
    )
    assert alone.tree == []
    assert set(alone.account.lost.values()) == {Loss.METER}
    prices = only(material, *chat(), Stated(Meter.INPUT_AUDIO_TOKENS, "8"))["prices"]
    assert (prices["input_audio_mtok"], prices["cache_audio_read_mtok"]) == (8, 2)


def test_tiers_are_variants_that_name_what_a_request_says(material: Material) -> None:
    flex = [replace(one, amount="1", tier="flex") for one in chat()]
    batch = [replace(one, amount="1", tier="batch") for one in chat()]
    variants = only(material, *chat(), *flex, *batch)["price_variants"]
    assert [one["when"] for one in variants] == [{"processing": "batch"}, {"service_tier": "flex"}]
    assert all(one["prices"]["input_mtok"] == 1 for one in variants)


def test_an_id_leads_to_one_model_and_only_that_id_does(material: Material) -> None:
    model = only(material, *chat())
    assert {"equals": "claude-opus-4-7"} in model["match"]["or"]
    assert {*map(frozenset, model["match"]["or"])} == {frozenset({"equals"})}


def test_numbers_are_exact(material: Material) -> None:
    fine = [Stated(Meter.INPUT_TOKENS, "0.0000375"), chat()[1]]
    assert only(material, *fine)["prices"]["input_mtok"] == Decimal("0.0000375")
