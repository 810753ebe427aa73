"""LiteLLM, asked what usages cost, on the map that LITELLM_MODEL_COST_MAP_URL names.

TOO_SMALL names a map that it is to be offered then.
"""

import json
import os
import sys
from typing import Any

import litellm
from litellm.cost_calculator import batch_cost_calculator
from litellm.litellm_core_utils.get_model_cost_map import (
    get_model_cost_map,
    get_model_cost_map_source_info,
)
from litellm.types.utils import Usage

litellm.suppress_debug_info = True
NOTHING = "-"
"""To register."""
WRONG = {"mode": "chat", "input_cost_per_token": 1, "output_cost_per_token": 1}
"""What each name costs before ours are registered."""


def total(case: dict[str, Any], sellers: dict[str, str]) -> float | str:
    """Give what a usage costs of who sells the model; why not, where it raises."""
    tokens = case["tokens"]
    written = tokens["cache_write"] + tokens["cache_write_1h"]
    prompt = tokens["input"] + tokens["cache_read"] + written
    usage = Usage(
        prompt_tokens=prompt,
        completion_tokens=tokens["output"],
        total_tokens=prompt + tokens["output"],
        prompt_tokens_details={
            "cached_tokens": tokens["cache_read"],
            "cache_creation_tokens": written,
            "cache_creation_token_details": {
                "ephemeral_5m_input_tokens": tokens["cache_write"],
                "ephemeral_1h_input_tokens": tokens["cache_write_1h"],
            },
        },
        cache_creation_input_tokens=written,
        cache_read_input_tokens=tokens["cache_read"],
    )
    try:
        provider = sellers[case["name"]].partition("-")[0]
        if case["tier"] == "batch":
            sides = batch_cost_calculator(usage, case["name"], provider)
        else:
            tier = None if case["tier"] == "standard" else case["tier"]
            sides = litellm.cost_per_token(
                model=case["name"],
                custom_llm_provider=provider,
                usage_object=usage,
                service_tier=tier,
            )
        return sum(sides)
    except Exception as error:  # noqa: BLE001 whatever it raises is its answer
        return repr(error)


def main() -> None:
    """Answer the cases of the standard input; where a map is registered, by its prices alone."""
    cases = json.loads(sys.stdin.read())
    names = {case["name"] for case in cases} & litellm.model_cost.keys()
    sellers = {name: litellm.model_cost[name]["litellm_provider"] for name in names}
    told: dict[str, list[object]] = {
        "source": [dict(get_model_cost_map_source_info())],
        "models": [len(litellm.model_cost)],
    }
    if sys.argv[1] != NOTHING:
        for name, seller in sellers.items():
            litellm.model_cost[name] = {"litellm_provider": seller} | WRONG
        litellm.register_model(sys.argv[1])
    told["totals"] = [total(case, sellers) for case in cases]
    if small := os.environ.get("TOO_SMALL"):
        get_model_cost_map(url=small)
        told["too small"] = [dict(get_model_cost_map_source_info())]
    sys.stdout.write(json.dumps(told) + "\n")


main()
