"""The real clients load our exports over HTTP, and give our price for every model they cover."""

import json
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import pytest

from api.exports.ledger import Exported
from api.exports.trees import Tree
from catalog.cost import Book, price
from catalog.current.view import Views
from tests.api.exports.comparing import differences
from tests.api.exports.conftest import NOW
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
    exported: Exported, views: Views, name_of: Callable[[str], str] = first_part
) -> list[Case]:
    """Give the grid over an export."""
    return list(grid(exported, views.look().view.by_series, name_of))


ANSWERS: tuple[dict[str, Any], ...] = (
    {
        "provider": "anthropic",
        "flavor": "default",
        "model": "claude-opus-4-7",
        "usage": {
            "input_tokens": 100,
            "output_tokens": 50,
            "cache_read_input_tokens": 2000,
            "cache_creation_input_tokens": 300,
            "cache_creation": {"ephemeral_5m_input_tokens": 200, "ephemeral_1h_input_tokens": 100},
        },
    },
    {
        "provider": "openai",
        "flavor": "chat",
        "model": "gpt-5.4",
        "usage": {
            "prompt_tokens": 1200,
            "completion_tokens": 90,
            "total_tokens": 1290,
            "prompt_tokens_details": {"cached_tokens": 1000},
            "completion_tokens_details": {"reasoning_tokens": 60},
        },
    },
    {
        "provider": "openai",
        "flavor": "responses",
        "model": "gpt-5.4",
        "usage": {
            "input_tokens": 1200,
            "output_tokens": 90,
            "input_tokens_details": {"cached_tokens": 1000},
            "output_tokens_details": {"reasoning_tokens": 60},
        },
    },
    {
        "provider": "google",
        "flavor": "default",
        "model": "gemini-2.5-pro",
        "usage": {
            "promptTokenCount": 1000,
            "cachedContentTokenCount": 400,
            "candidatesTokenCount": 70,
            "thoughtsTokenCount": 30,
            "totalTokenCount": 1100,
        },
    },
    {
        "provider": "x-ai",
        "flavor": "chat",
        "model": "grok-4.3",
        "usage": {
            "prompt_tokens": 500,
            "completion_tokens": 20,
            "total_tokens": 600,
            "prompt_tokens_details": {"cached_tokens": 0},
            "completion_tokens_details": {"reasoning_tokens": 80},
        },
    },
)
"""Answers of APIs: what a client finds in them costs what our own reckoning of them does."""


def has_no_field_in_litellm(case: Case) -> bool:
    """Tell whether a usage has a part that LiteLLM has no field for in its tier."""
    whole = case.tokens.input + case.tokens.cache_read + case.tokens.cache_write
    hour = case.tier != "standard" and case.tokens.cache_write_1h > 0
    written = case.tier == "priority" and whole > 200_000 and case.tokens.cache_write > 0
    return hour or written


@pytest.fixture(scope="module")
def of_litellm(made: Mapping[str, Exported], views: Views) -> list[Case]:
    """Give the grid over what we price of LiteLLM's map, without what it has no field for.

    Of several names for the same offer one has the whole grid, and the others its shortest usage.
    """
    cases = [case for case in cases_of(made["litellm"], views) if not has_no_field_in_litellm(case)]
    first = {(case.provider, case.model, case.tier): case.name for case in reversed(cases)}
    return [
        case
        for case in cases
        if case.tokens.input == SHORT or first[case.provider, case.model, case.tier] == case.name
    ]


def test_litellm_takes_the_map_from_its_url_and_gives_our_prices(
    of_litellm: list[Case], served: str, book: Book
) -> None:
    url = f"{served}/exports/litellm.json"
    alone = f"{served}/exports/litellm.official.json"
    answer = ask("litellm", "-", of_litellm, LITELLM_MODEL_COST_MAP_URL=url, TOO_SMALL=alone)
    [source], [small] = answer["source"], answer["too small"]
    assert isinstance(source, dict)
    assert (source["source"], source["url"], source["fallback_reason"]) == ("remote", url, None)
    assert re.fullmatch('"[^"]+"', str(source["etag"]))
    assert int(str(answer["models"][0])) > 2120
    priced, wrong = differences(of_litellm, answer["totals"], book, tolerance=FLOATS)
    assert wrong == []
    assert priced > 1500
    assert len({case.name for case in of_litellm}) > 300
    assert {case.tier for case in of_litellm} >= {"standard", "batch", "flex", "priority"}
    assert isinstance(small, dict)
    assert small["source"] == "local", "a map of less than half of LiteLLM's own is refused"


def test_litellm_registers_ours_alone_where_a_smaller_map_is_allowed(
    of_litellm: list[Case], served: str, book: Book
) -> None:
    """Of every seller, those of Vertex AI under bare names, too."""
    cases = [case for case in of_litellm if case.tier == "standard" and case.tokens.input == SHORT]
    answer = ask(
        "litellm",
        f"{served}/exports/litellm.official.json",
        cases,
        LITELLM_MODEL_COST_MAP_URL=f"{served}/exports/litellm.json",
        MODEL_COST_MAP_MAX_SHRINK_RATIO="0",
    )
    priced, wrong = differences(cases, answer["totals"], book, tolerance=FLOATS)
    assert wrong == []
    assert priced > 500
    assert {"vertex", "google", "openai", "anthropic"} <= {case.provider for case in cases}


def test_tokencost_gives_our_prices(
    made: Mapping[str, Exported], views: Views, served: str, book: Book
) -> None:
    cases = [
        case
        for case in cases_of(made["litellm"], views)
        if case.tier == "standard" and not case.tokens.cache_write and _is_short(case)
        if case.name == case.name.lower()
    ]
    answer = ask("tokencost", f"{served}/exports/litellm.json", cases)
    priced, wrong = differences(cases, answer["totals"], book, tolerance=FLOATS)
    assert wrong == []
    assert priced > 400


def _is_short(case: Case) -> bool:
    return case.tokens.input + case.tokens.cache_read <= 3_000


def test_genai_prices_gives_our_prices_and_finds_usage_in_answers(
    made: Mapping[str, Exported], views: Views, served: str, book: Book
) -> None:
    exported = made["genai-prices"]
    cases = cases_of(exported, views, lambda place: _genai_name(exported.tree, place))
    url = f"{served}/exports/genai-prices/data.json"
    answer = ask("genai_prices", url, cases, ANSWERS=json.dumps(ANSWERS))
    priced, wrong = differences(cases, answer["totals"], book)
    assert wrong == []
    assert answer["updated"] == [True]
    assert answer["warnings"] == []
    assert priced > 800
    assert {case.tier for case in cases} >= {"standard", "batch", "flex", "priority"}
    due = [price(said["model"], said["usage"], at=NOW, book=book).total for said in ANSWERS]
    assert [Decimal(str(total)) for total in answer["extracted"]] == due
    assert None not in due


def _genai_name(tree: Tree, place: str) -> str:
    _, seller, _, model, *_ = place.split("/")
    assert isinstance(tree, list)
    provider = tree[int(seller)]
    assert isinstance(provider, Mapping)
    models = provider["models"]
    assert isinstance(models, list)
    return f"{provider['id']}|{models[int(model)]['id']}"


def test_openrouters_sdk_lists_our_models_at_our_prices(
    made: Mapping[str, Exported], views: Views, served: str, book: Book
) -> None:
    exported = made["openrouter"]
    assert isinstance(exported.tree, Mapping)
    data = exported.tree["data"]
    assert isinstance(data, list)
    cases = cases_of(exported, views, lambda place: str(data[int(place.split("/")[2])]["id"]))
    answer = ask("openrouter", f"{served}/exports/openrouter/v1", cases)
    assert answer["models"] == sorted(one["id"] for one in data)
    priced, wrong = differences(cases, answer["totals"], book)
    assert wrong == []
    assert priced > 300
    cheap = [one["id"] for one in data if Decimal(one["pricing"]["prompt"]) <= Decimal("1e-6")]
    claudes = [name for name in cheap if "claude" in name]
    assert answer["asked"] == sorted(claudes)
    assert answer["refused"] == ["422"]
