"""tokencost, asked what usages cost, on the map that it fetched: it knows no lengths and tiers."""

import json
import sys
from decimal import Decimal
from typing import Any

from tokencost import constants  # type: ignore[import-untyped] # it carries no types
from tokencost.costs import calculate_cost_by_tokens  # type: ignore[import-untyped] # the same

PARTS = (("input", "input"), ("output", "output"), ("cache_read", "cached"))


def total(case: dict[str, Any]) -> str:
    """Give what a usage costs, exactly; why not, where it raises."""
    try:
        parts = (
            calculate_cost_by_tokens(case["tokens"][counted], case["name"], kind)
            for counted, kind in PARTS
            if case["tokens"][counted]
        )
        return str(sum(parts, Decimal(0)))
    except Exception as error:  # noqa: BLE001 whatever it raises is its answer
        return repr(error)


def main() -> None:
    """Answer the cases of the standard input."""
    constants.PRICES_URL = sys.argv[1]
    fetched = constants.refresh_prices(write_file=False)
    totals = [total(case) for case in json.loads(sys.stdin.read())]
    sys.stdout.write(json.dumps({"fetched": [len(fetched)], "totals": totals}) + "\n")


main()
