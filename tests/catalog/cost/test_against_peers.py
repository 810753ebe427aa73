"""Every difference to two other calculators is one of price data, or a named error of theirs."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

import pytest

from catalog.cost import Book, price
from catalog.identity import load
from tests.catalog.cost.grid import Usage, models, usages
from tests.catalog.cost.peers import AT, PEERS, GenaiPrices, LiteLLM, Peer

SAME, DATA = "the same", "price data: on its prices our arithmetic gives its sum"


@dataclass(frozen=True)
class NamedError:
    """A way in which a peer is wrong: what it makes of a usage instead."""

    peer: str
    maker: str
    says: str
    reads: Callable[[Usage], Usage]


def _without_cached(usage: Usage) -> Usage:
    return usage | {"prompt_tokens_details": {"cached_tokens": 0}}


ERRORS = (
    NamedError("genai-prices", "xai", "reads no cached tokens in xAI's usage", _without_cached),
)
ZERO_FOR_UNKNOWN = "a model without a price in its data costs 0"


def verdict(peer: Peer, model: str, name: str, usage: Usage, on_its: Book) -> str:
    """Say why a peer's sum is the same as ours or another; nothing where nothing explains it."""
    maker = model.partition("/")[0]
    ours = price(model, usage, at=AT)
    theirs = peer.total(name, maker, usage, ours.counted)

    def alike(total: Decimal | None) -> bool:
        near = peer.tolerance * max(theirs, Decimal("1e-6"))
        return total is not None and abs(total - theirs) <= near

    if alike(ours.total):
        return SAME
    if alike(price(model, usage, at=AT, book=on_its).total):
        return DATA
    if theirs == 0 and not on_its.rates_of(model):
        return ZERO_FOR_UNKNOWN
    for error in ERRORS:
        misread = price(model, error.reads(usage), at=AT, book=on_its).total
        if (error.peer, error.maker) == (peer.name, maker) and alike(misread):
            return error.says
    return ""


def compare(peer: Peer) -> tuple[Counter[str], list[tuple[str, Usage]], set[str]]:
    """Ask a peer the whole grid; give the verdicts, what nothing explains, and the models."""
    verdicts: Counter[str] = Counter()
    unexplained: list[tuple[str, Usage]] = []
    asked: set[str] = set()
    for model in models():
        name = peer.knows(model)
        if name is None:
            continue
        asked.add(model)
        rates = peer.rates(name, model.partition("/")[0])
        on_its = Book(lambda _, rates=rates: rates, load())  # type: ignore[misc] # bound now, not when it is asked
        for usage in usages(model):
            found = verdict(peer, model, name, usage, on_its)
            verdicts[found] += 1
            if not found:
                unexplained.append((model, usage))
    return verdicts, unexplained, asked


@pytest.mark.parametrize(
    ("peer", "says"),
    [
        (GenaiPrices(), {SAME, DATA, ZERO_FOR_UNKNOWN, ERRORS[0].says}),
        (LiteLLM(), {SAME, DATA}),
    ],
    ids=[peer.name for peer in PEERS],
)
def test_every_difference_is_explained(peer: Peer, says: set[str]) -> None:
    verdicts, unexplained, asked = compare(peer)
    assert unexplained == []
    assert verdicts.keys() <= says
    assert len(asked) >= 60
    assert verdicts.total() >= 2000
    assert verdicts[SAME] > verdicts.total() / 2
