"""OpenRouter's SDK, asked for its list of models, and what usages cost by its documented rules."""

import json
import sys
from decimal import Decimal
from typing import Any

from openrouter import OpenRouter
from openrouter.components import PublicPricing

KEYS = {
    "input": "prompt",
    "output": "completion",
    "cache_read": "input_cache_read",
    "cache_write": "input_cache_write",
    "cache_write_1h": "input_cache_write_1h",
}


def total(pricing: PublicPricing, tokens: dict[str, int]) -> str | None:
    """Give what a usage costs: of the overrides that hold, later ones win; None: no such key."""
    prompt = sum(n for name, n in tokens.items() if name.startswith(("input", "cache")))
    prices = pricing.model_dump()
    for override in prices.pop("overrides", None) or []:
        over = override.pop("min_prompt_tokens", None)
        if over is not None and prompt > over:
            prices |= {key: price for key, price in override.items() if price is not None}
    counted = {KEYS[name]: n for name, n in tokens.items() if n}
    if any(prices.get(key) is None for key in counted):
        return None
    return str(sum((Decimal(prices[key]) * n for key, n in counted.items()), Decimal(0)))


def models_of(listed: Any) -> Any:  # noqa: ANN401 its shape is the SDK's
    """Give the models of an answer."""
    return getattr(listed, "data", None) or listed.result.data


def refusal(client: OpenRouter) -> str:
    """Give the error for a parameter that the catalog cannot answer."""
    try:
        client.models.list(category="programming")
    except Exception as error:  # noqa: BLE001 whatever it raises is its answer
        return str(getattr(error, "status_code", error))
    return ""


def main() -> None:
    """Answer the cases of the standard input."""
    with OpenRouter(api_key="none", server_url=sys.argv[1]) as client:
        data = models_of(client.models.list())
        asked = models_of(client.models.list(q="claude", max_price=1.0, output_modalities="all"))
        refused = refusal(client)
    models = {model.id: model for model in data}
    cases = json.loads(sys.stdin.read())
    totals = [total(models[case["name"]].pricing, case["tokens"]) for case in cases]
    told = {"models": sorted(models), "totals": totals, "refused": [refused]}
    told["asked"] = sorted(model.id for model in asked)
    sys.stdout.write(json.dumps(told) + "\n")


main()
