"""genai-prices, asked what usages cost, on the data that its updater fetched."""

import json
import os
import sys
import warnings
from datetime import UTC, datetime
from typing import Any

from genai_prices import UpdatePrices, Usage, calc_price, extract_usage

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
CONTEXTS = {
    "standard": None,
    "batch": {"processing": "batch"},
    "flex": {"service_tier": "flex"},
    "priority": {"service_tier": "priority"},
    "fast": {"service_tier": "priority"},
}


def total(case: dict[str, Any]) -> str:
    """Give what a usage costs, exactly; why not, where it raises."""
    tokens = case["tokens"]
    written = tokens["cache_write"] + tokens["cache_write_1h"]
    usage = Usage(
        input_tokens=tokens["input"] + tokens["cache_read"] + written,
        output_tokens=tokens["output"],
        cache_read_tokens=tokens["cache_read"],
        cache_write_tokens=written,
        cache_write_1h_tokens=tokens["cache_write_1h"],
    )
    provider, _, name = case["name"].partition("|")
    at = datetime.fromisoformat(case["at"]) if case.get("at") else AT
    try:
        priced = calc_price(
            usage,
            name,
            provider_id=provider,
            genai_request_timestamp=at,
            price_context=CONTEXTS[case["tier"]],
        )
    except Exception as error:  # noqa: BLE001 whatever it raises is its answer
        return repr(error)
    return str(priced.total_price)


def extracted(said: dict[str, Any]) -> str:
    """Give what an answer of an API costs, by the usage that is found in it."""
    of_gemini = said["provider"] == "google"
    model, usage = ("modelVersion", "usageMetadata") if of_gemini else ("model", "usage")
    answer = {model: said["model"], usage: said["usage"]}
    found = extract_usage(answer, provider_id=said["provider"], api_flavor=said["flavor"])
    return str(found.calc_price(genai_request_timestamp=AT).total_price)


def main() -> None:
    """Answer the cases of the standard input, and the answers of APIs in ANSWERS."""
    with warnings.catch_warnings(record=True) as warned, UpdatePrices(url=sys.argv[1]) as updater:
        warnings.simplefilter("always")
        updated = updater.wait()
        cases = json.loads(sys.stdin.read())
        told = {
            "updated": [updated],
            "totals": [total(case) for case in cases],
            "extracted": [extracted(one) for one in json.loads(os.environ["ANSWERS"])],
        }
    told["warnings"] = [str(one.message) for one in warned]
    sys.stdout.write(json.dumps(told) + "\n")


main()
