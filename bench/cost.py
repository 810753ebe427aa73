"""Time a cost beside two other calculators, and a log of a million requests on one core.

Run as ``python -m bench.cost [LINES]`` from the checkout. All are asked for the same raw usages;
the others are also timed without reading the raw usage, which ours always does.
"""

import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from itertools import cycle, islice, product
from time import process_time

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"  # else it asks the network while imported

import genai_prices
import litellm

from catalog.cost import bundled, price
from catalog.cost.log import entries
from catalog.cost.reprice import Repriced
from tests.catalog.cost.grid import Usage
from tests.catalog.cost.peers import AT, GenaiPrices

ROUNDS, CALLS = 7, 2000
OURS = "ours, from the raw usage"
LINES = 1_000_000
OPENAI: Usage = {
    "prompt_tokens": 1200,
    "completion_tokens": 300,
    "total_tokens": 1500,
    "prompt_tokens_details": {"cached_tokens": 1024},
    "completion_tokens_details": {"reasoning_tokens": 100},
}
ANTHROPIC: Usage = {
    "input_tokens": 1200,
    "output_tokens": 300,
    "cache_read_input_tokens": 5000,
    "cache_creation_input_tokens": 200,
}
PLAIN: Usage = {"input_tokens": 1200, "output_tokens": 300}
CASES = (
    ("gpt-4o", "openai", OPENAI, (1200, 300, 1024, 0)),
    ("claude-opus-4-6", "anthropic", ANTHROPIC, (6400, 300, 5000, 200)),
    ("claude-opus-4-6", "anthropic", PLAIN, (1200, 300, 0, 0)),
)


Call = Callable[[], object]


def microseconds(calls: Mapping[str, Call]) -> dict[str, float]:
    """The least time of each call, in turns; of the processor: other programs count less."""
    rounds = [{name: _round(call) for name, call in calls.items()} for _ in range(ROUNDS)]
    return {name: min(times[name] for times in rounds) / CALLS * 1e6 for name in calls}


def _round(call: Call) -> float:
    start = process_time()
    for _ in range(CALLS):
        call()
    return process_time() - start


def compare(model: str, maker: str, usage: Usage, sizes: tuple[int, int, int, int]) -> None:
    """Print what one usage takes each calculator, and how many times ours that is."""
    tokens, output, read, written = sizes
    genai = genai_prices.Usage(
        input_tokens=tokens,
        output_tokens=output,
        cache_read_tokens=read,
        cache_write_tokens=written,
    )
    peer, counted = GenaiPrices(), price(model, usage, at=AT).counted
    calls: dict[str, Call] = {
        OURS: lambda: price(model, usage, at=AT).total,
        "genai-prices, usage read beforehand": lambda: (
            genai_prices.calc_price(genai, model, provider_id=maker).total_price
        ),
        "genai-prices, from the raw usage": lambda: peer.total(model, maker, usage, counted),
        "litellm, usage read beforehand": lambda: litellm.cost_per_token(
            model=model,
            prompt_tokens=tokens,
            completion_tokens=output,
            cache_read_input_tokens=read,
            cache_creation_input_tokens=written,
        ),
    }
    times = microseconds(calls)
    print(f"{model}, a usage of {len(usage)} fields")
    for name, took in times.items():
        print(f"  {name:40}{took:8.1f} us  {took / times[OURS]:6.1f} times ours")


def reprice(lines: int) -> None:
    """Print how long a log takes, at its own prices, on one core."""
    with tempfile.NamedTemporaryFile("w+b", suffix=".jsonl") as file:
        file.writelines(islice(_log(), lines))
        file.seek(0)
        start = process_time()
        priced = Repriced(bundled(), AT)
        priced.take(entries(file, as_csv=False))
        took = process_time() - start
    requests = sum(tally.requests for tally in priced.tallies.values())
    print(
        f"{requests:,} log lines repriced in {took:.1f} s of one core; the limit is 60 s a million"
    )


def _log() -> Iterator[bytes]:
    hours = product(range(1, 29), range(24), CASES)
    for day, hour, (model, _, usage, _) in cycle(hours):
        at = f"2026-08-{day:02}T{hour:02}:00:00Z"
        yield json.dumps({"model": model, "at": at, "usage": usage}).encode() + b"\n"


def main() -> None:
    """Compare each case, then reprice a log."""
    for case in CASES:
        compare(*case)
    reprice(int(sys.argv[1]) if len(sys.argv) > 1 else LINES)


if __name__ == "__main__":
    main()
