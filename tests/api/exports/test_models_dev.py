"""models.dev's api.json keeps models.dev's rules, and its readers get our prices from it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any
from urllib.request import urlopen

import pytest

from api.exports import models_dev
from api.exports.ledger import Exported, Loss
from api.exports.material import Material
from api.exports.trees import to_json
from catalog.cost import Book
from catalog.current.view import Views
from catalog.vocabulary import Meter
from tests.api.exports.comparing import differences
from tests.api.exports.grid import Case, grid
from tests.api.exports.models_dev_rules import Provider, read, total
from tests.api.exports.offering import Stated, chat, material_of

pytestmark = pytest.mark.xdist_group("exports")


@pytest.fixture(scope="module")
def loaded(served: str) -> Mapping[str, Provider]:
    """What models.dev's rules read over HTTP."""
    with urlopen(f"{served}/exports/models.dev/api.json") as answer:  # noqa: S310 our own server
        assert answer.headers["content-type"] == "application/json"
        return read(answer.read())


def test_it_gives_our_price_for_every_model_it_covers(
    loaded: Mapping[str, Provider], made: Mapping[str, Exported], views: Views, book: Book
) -> None:
    cases = list(grid(made["models.dev"], views.look().view.by_series, _named))
    totals = [_total(loaded, case) for case in cases]
    priced, wrong = differences(cases, totals, book)
    assert wrong == []
    assert priced > 1000
    assert {case.tier for case in cases} == {"standard", "flex", "priority", "fast"}
    covered = {f"{one.id}|{model}" for one in loaded.values() for model in one.models}
    assert {case.name for case in cases} == covered


def _named(place: str) -> str:
    _, seller, _, model, *_ = place.split("/")
    return f"{seller}|{model.replace('~1', '/').replace('~0', '~')}"


def _total(loaded: Mapping[str, Provider], case: Case) -> object:
    seller, _, model = case.name.partition("|")
    return total(loaded[seller].models[model], case.tier, case.tokens)


def _wrong(**fields: object) -> Callable[[dict[str, Any]], None]:
    """Make what changes fields of the model; ``cost_`` begins those of its cost."""

    def change(provider: dict[str, Any]) -> None:
        model = next(iter(provider["models"].values()))
        for name, value in fields.items():
            outer, _, inner = name.partition("__")
            if inner:
                model[outer][inner] = value
            else:
                model[outer] = value

    return change


def _lacks(name: str) -> Callable[[dict[str, Any]], None]:
    return lambda provider: next(iter(provider["models"].values())).pop(name)


@pytest.mark.parametrize(
    "change",
    [
        _wrong(unheard="of"),
        _wrong(cost__unheard=1),
        _wrong(cost__input="2"),
        _wrong(cost__input=-1),
        _wrong(cost__reasoning=10),
        _wrong(reasoning_options=[]),
        _wrong(reasoning=True),
        _wrong(release_date="1 May 2026"),
        _wrong(status="retired"),
        _wrong(modalities__input=["file"]),
        _wrong(limit__context=200_000.5),
        _wrong(cost__context_over_200k={"input": 9, "output": 9}),
        _wrong(cost__tiers=[{"input": 1, "output": 1, "tier": {"type": "context", "size": 5}}] * 2),
        _wrong(cost__tiers=[{"input": 1, "output": 1, "tier": {"type": "hours", "size": 5}}]),
        *map(_lacks, ("attachment", "tool_call", "modalities", "open_weights", "limit", "name")),
        lambda provider: provider.update(api="https://api.anthropic.example"),
        lambda provider: provider.update(npm="@ai-sdk/openai-compatible"),
        lambda provider: provider.update(env=[]),
        lambda provider: provider.update(id="another"),
    ],
)
def test_what_models_dev_refuses_is_refused_here(
    material: Material, change: Callable[[dict[str, Any]], None]
) -> None:
    api = json.loads(to_json(models_dev.export(material_of(material, chat())).tree))
    read(json.dumps(api).encode())
    api["anthropic"]["npm"] = "@ai-sdk/groq"
    change(api["anthropic"])
    with pytest.raises(ValueError, match=r"."):
        read(json.dumps(api, default=str).encode())


def only(material: Material, *stated: Stated) -> Any:  # noqa: ANN401 it is JSON
    """Give the one model that some prices come to, with exact numbers."""
    text = to_json(models_dev.export(material_of(material, stated)).tree)
    (provider,) = json.loads(text, parse_float=Decimal).values()
    return next(iter(provider["models"].values()))


def test_numbers_are_dollars_for_a_million_tokens(material: Material) -> None:
    cost = only(material, *chat(), Stated(Meter.CACHE_READ_TOKENS, "0.2"))["cost"]
    assert cost == {"input": 2, "output": 10, "cache_read": Decimal("0.2"), "cache_write": 2}


def test_a_free_cache_costs_zero_and_one_that_nobody_prices_what_input_does(
    material: Material,
) -> None:
    """Readers add cached tokens to input and take an absent price for zero."""
    cost = only(material, *chat(), Stated(Meter.CACHE_WRITE_TOKENS, "0"))["cost"]
    assert (cost["cache_read"], cost["cache_write"]) == (2, 0)


def test_a_model_without_a_price_of_output_is_lost_not_free(material: Material) -> None:
    exported = models_dev.export(material_of(material, chat()[:1]))
    assert exported.tree == {}
    assert set(exported.account.lost.values()) == {Loss.INCOMPLETE}


def test_long_prompts_stand_in_tiers_each_whole_and_above_200k_a_second_time(
    material: Material,
) -> None:
    cost = only(
        material,
        *chat(),
        Stated(Meter.CACHE_READ_TOKENS, "0.2"),
        Stated(Meter.CACHE_WRITE_TOKENS, "2.5"),
        Stated(Meter.INPUT_TOKENS, "4", over=200_000),
        Stated(Meter.OUTPUT_TOKENS, "15", over=512_000),
    )["cost"]
    cached = {"cache_read": Decimal("0.2"), "cache_write": Decimal("2.5")}
    first = {"input": 4, "output": 10} | cached
    assert cost["tiers"] == [
        first | {"tier": {"type": "context", "size": 200_000}},
        first | {"output": 15, "tier": {"type": "context", "size": 512_000}},
    ]
    assert cost["context_over_200k"] == first


def test_flex_is_a_mode_and_batch_and_hour_long_writes_are_lost(material: Material) -> None:
    flex = [Stated(one.meter, "1", tier="flex") for one in chat()]
    batch = [Stated(one.meter, "1", tier="batch") for one in chat()]
    hour = Stated(Meter.CACHE_WRITE_1H_TOKENS, "4")
    stated = material_of(material, [*chat(), *flex, *batch, hour])
    exported = models_dev.export(stated)
    modes = only(material, *chat(), *flex)["experimental"]["modes"]
    cached = {"cache_read": 1, "cache_write": 1}
    assert modes == {"flex": {"cost": {"input": 1, "output": 1} | cached}}
    assert sorted(exported.account.lost.values()) == [Loss.METER, Loss.TIER, Loss.TIER]


def test_reasoning_has_no_cost_where_the_model_is_not_said_to_reason(material: Material) -> None:
    stated = material_of(material, [*chat(), Stated(Meter.REASONING_TOKENS, "20")])
    silent = replace(stated, view=replace(stated.view, facts=()))
    exported = models_dev.export(silent)
    text = to_json(exported.tree)
    (model, *_) = json.loads(text)["anthropic"]["models"].values()
    assert "reasoning" not in model["cost"]
    assert [*exported.account.lost.values()] == [Loss.METER]


@pytest.mark.parametrize(("provider", "named"), [("deepseek", True), ("anthropic", False)])
def test_only_packages_that_need_an_address_have_one(
    material: Material, provider: str, *, named: bool
) -> None:
    stated = material_of(material, chat(provider=provider, label="deepseek-chat"))
    (one,) = json.loads(to_json(models_dev.export(stated).tree)).values()
    assert ("api" in one) is named
