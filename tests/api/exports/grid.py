"""A grid of usages over all that an export carries, and what each costs by our own prices."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal

from api.exports.ledger import Exported
from catalog.cost import Book, Tokens, charge
from catalog.past.history import Price
from catalog.vocabulary import Meter
from tests.api.exports.conftest import NOW

USAGES = (
    (12, 0, 0, 0),
    (3_000, 50, 0, 0),
    (200_000, 10, 10, 20),
    (200_001, 30, 20, 0),
    (600_000, 90, 5, 5),
)
"""Tokens of input, and the percent of it read from a cache, written to it, and for an hour."""
OUTPUT = 700


@dataclass(frozen=True)
class Case:
    """A usage of a model under the name that a client knows."""

    name: str
    provider: str
    model: str
    tier: str
    tokens: Tokens


def grid(
    exported: Exported, prices: Mapping[str, Price], name_of: Callable[[str], str]
) -> Iterator[Case]:
    """Give the usages of every model and tier whose prices of tokens an export carries.

    ``name_of`` says of a place in the export which name it stands under.
    """
    offers: dict[tuple[str, str, str, str], set[Meter]] = {}
    for series, places in exported.account.carried.items():
        price = prices[series]
        for place in places:
            offer = (name_of(place), price.provider, price.model or "", price.tier)
            offers.setdefault(offer, set()).add(price.meter)
    longest = dict(_bounds(exported, prices))
    for (name, provider, model, tier), meters in sorted(offers.items()):
        if not meters & {Meter.INPUT_TOKENS, Meter.INPUT_TEXT_TOKENS}:
            continue
        bound = longest.get((provider, model, tier))
        for size, *shares in USAGES:
            if bound is None or size <= bound:
                yield Case(name, provider, model, tier, _tokens(size, shares, meters))


def _bounds(
    exported: Exported, prices: Mapping[str, Price]
) -> Iterator[tuple[tuple[str, str, str], int]]:
    """Give the lengths of prompt above which an export says that it lacks a price."""
    found: dict[tuple[str, str, str], int] = {}
    for series in exported.account.lost:
        price = prices[series]
        if price.context_over:
            key = (price.provider, price.model or "", price.tier)
            found[key] = min(found.get(key, price.context_over), price.context_over)
    yield from found.items()


def _tokens(size: int, shares: Sequence[int], meters: set[Meter]) -> Tokens:
    read, written, hour = (size * share // 100 for share in shares)
    if Meter.CACHE_WRITE_1H_TOKENS not in meters:
        hour = 0
    output = OUTPUT if meters & {Meter.OUTPUT_TOKENS, Meter.OUTPUT_TEXT_TOKENS} else 0
    return Tokens(size - read - written - hour, output, read, written, hour)


def ours(book: Book, case: Case, at: datetime = NOW) -> Decimal | None:
    """Give what a usage costs in dollars by our prices; None where something has none."""
    offer = book.offer(book.sold(case.model, case.provider, at), case.tier, "")
    cost = charge(book, offer, case.tokens.counted(), at)
    return cost.total if cost.currency == "USD" else None


ONLY_LOCAL = "LITELLM_LOCAL_MODEL_COST_MAP"
"""Set where other tests keep LiteLLM from asking for its map."""


def ask(client: str, url: str, cases: list[Case], **environ: str) -> dict[str, list[object]]:
    """Ask a client in a process of its own, because it is slow to import and changes globals."""
    answer = subprocess.run(  # noqa: S603 our own module
        [sys.executable, "-W", "ignore", "-m", f"tests.api.exports.ask_{client}", url],
        input=json.dumps([asdict(case) for case in cases]),
        capture_output=True,
        text=True,
        check=False,
        env={name: value for name, value in os.environ.items() if name != ONLY_LOCAL} | environ,
    )
    assert answer.returncode == 0, answer.stderr[-3000:]
    answered: dict[str, list[object]] = json.loads(answer.stdout.splitlines()[-1])
    return answered
