"""The real clients load our exports over HTTP, and give our price for every model they cover."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal

import pytest

from api.exports import genai_prices, litellm, openrouter
from api.exports.ledger import Exported
from api.exports.material import Material
from api.exports.trees import Tree
from catalog.cost import Book
from tests.api.exports.comparing import differences
from tests.api.exports.grid import Case, ask, grid

pytestmark = pytest.mark.xdist_group("exports")
SHORT = 12
"""Tokens of the shortest usage of the grid."""
FLOATS = Decimal("1e-9")
"""By how much of a sum LiteLLM's arithmetic may be off: it reckons in floats."""


def first_part(place: str) -> str:
    """Give the key of a map that a place is under."""
    return place.split("/")[1].replace("~1", "/").replace("~0", "~")


def cases_of(
    exported: Exported, material: Material, name_of: Callable[[str], str] = first_part
) -> list[Case]:
    """Give the grid over an export."""
    return list(grid(exported, material.view.by_series, name_of))


def has_no_field_in_litellm(case: Case) -> bool:
    """Tell whether a usage has a part that LiteLLM has no field for in its tier."""
    whole = case.tokens.input + case.tokens.cache_read + case.tokens.cache_write
    hour = case.tier != "standard" and case.tokens.cache_write_1h > 0
    written = case.tier == "priority" and whole > 200_000 and case.tokens.cache_write > 0
    return hour or written


def test_litellm_takes_the_map_from_its_url_and_gives_our_prices(
    material: Material, served: str, book: Book
) -> None:
    cases = [
        case
        for case in cases_of(litellm.overlaid(material), material)
        if not has_no_field_in_litellm(case)
    ]
    url = f"{served}/exports/litellm.json"
    answer = ask(
        "litellm",
        "-",
        cases,
        LITELLM_MODEL_COST_MAP_URL=url,
    )
    [source] = answer["source"]
    assert isinstance(source, dict)
    assert (source["source"], source["url"], source["fallback_reason"]) == ("remote", url, None)
    assert re.fullmatch('"[^"]+"', str(source["etag"]))
    assert int(str(answer["models"][0])) > 2120
    priced, wrong = differences(cases, answer["totals"], book, tolerance=FLOATS)
    assert wrong == []
    assert priced > 1500
    assert len({case.name for case in cases}) > 300
    assert {case.tier for case in cases} >= {"standard", "batch", "flex", "priority"}


def test_litellm_registers_ours_alone_where_a_smaller_map_is_allowed(
    material: Material, served: str, book: Book
) -> None:
    cases = [
        case
        for case in cases_of(litellm.official(material), material)
        if case.tier == "standard" and case.tokens.input == SHORT
        if case.provider != "vertex"  # registered under keys with its name before them
    ]
    answer = ask(
        "litellm",
        f"{served}/exports/litellm.official.json",
        cases,
        LITELLM_MODEL_COST_MAP_URL=f"{served}/exports/litellm.json",
        MODEL_COST_MAP_MAX_SHRINK_RATIO="0",
    )
    priced, wrong = differences(cases, answer["registered"], book, tolerance=FLOATS)
    assert wrong == []
    assert priced > 200


def test_tokencost_gives_our_prices(material: Material, served: str, book: Book) -> None:
    cases = [
        case
        for case in cases_of(litellm.overlaid(material), material)
        if case.tier == "standard" and not case.tokens.cache_write and _is_short(case)
        if case.name == case.name.lower()
    ]
    answer = ask("tokencost", f"{served}/exports/litellm.json", cases)
    priced, wrong = differences(cases, answer["totals"], book, tolerance=FLOATS)
    assert wrong == []
    assert priced > 400


def _is_short(case: Case) -> bool:
    return case.tokens.input + case.tokens.cache_read <= 3_000


def test_genai_prices_gives_our_prices(material: Material, served: str, book: Book) -> None:
    exported = genai_prices.export(material)
    cases = cases_of(exported, material, lambda place: _genai_name(exported.tree, place))
    answer = ask("genai_prices", f"{served}/exports/genai-prices/data.json", cases)
    priced, wrong = differences(cases, answer["totals"], book)
    assert wrong == []
    assert answer["updated"] == [True]
    assert priced > 800
    assert {case.tier for case in cases} >= {"standard", "batch", "flex", "priority"}


def _genai_name(tree: Tree, place: str) -> str:
    _, seller, _, model, *_ = place.split("/")
    assert isinstance(tree, list)
    provider = tree[int(seller)]
    assert isinstance(provider, Mapping)
    models = provider["models"]
    assert isinstance(models, list)
    return f"{provider['id']}|{models[int(model)]['id']}"


def test_openrouters_sdk_lists_our_models_at_our_prices(
    material: Material, served: str, book: Book
) -> None:
    exported = openrouter.export(material)
    assert isinstance(exported.tree, Mapping)
    data = exported.tree["data"]
    assert isinstance(data, list)
    cases = cases_of(exported, material, lambda place: str(data[int(place.split("/")[2])]["id"]))
    answer = ask("openrouter", f"{served}/exports/openrouter/v1", cases)
    assert answer["models"] == sorted(one["id"] for one in data)
    priced, wrong = differences(cases, answer["totals"], book)
    assert wrong == []
    assert priced > 300
