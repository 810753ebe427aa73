"""Every price is carried, and stands where the account says, or is lost for a declared reason."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from api.exports.formats import FORMATS, Format
from api.exports.ledger import Exported, Loss, report
from api.exports.material import Material, gather
from api.exports.trees import Tree
from catalog.current.view import Views
from catalog.past.history import Price
from catalog.past.price_paths import Step

pytestmark = pytest.mark.xdist_group("exports")
SCALES = (Decimal(1), Decimal("1e-6"), Decimal("1e-3"))
"""A number in an export is for the unit of the price, or for one."""


def at(tree: Tree, place: str) -> object:
    """Give what stands at a JSON pointer."""
    found: Any = tree
    for part in place.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        found = found[int(name)] if isinstance(found, Sequence) else found[name]
    return found


def assert_accounted(exported: Exported, prices: Mapping[str, Price]) -> None:
    """Assert that each price is carried or lost, never both, and stands where it is said to."""
    carried, lost = exported.account.carried, exported.account.lost
    assert carried.keys() & lost.keys() == set()
    assert carried.keys() | lost.keys() == prices.keys()
    for series, places in carried.items():
        amount = prices[series].amount
        assert amount is not None
        for place in places:
            assert Decimal(str(at(exported.tree, place))) in {amount * one for one in SCALES}


@pytest.mark.parametrize("format_", FORMATS, ids=lambda one: one.name)
def test_each_price_is_carried_or_lost(
    format_: Format, made: Mapping[str, Exported], material: Material
) -> None:
    exported = made[format_.name]
    assert_accounted(exported, material.view.by_series)
    assert len(exported.account.carried) > 200


def test_each_price_of_another_day_is_carried_or_lost(views: Views) -> None:
    day = datetime(2026, 5, 20, tzinfo=UTC)
    then = gather(views, views.look(day), as_of=day)
    for format_ in FORMATS:
        assert_accounted(format_.make(then), then.view.by_series)


def _twisted(price: Price, chance: Random) -> Price:
    """Give a price as some page might state it: two of its columns otherwise."""
    amount = price.amount or Decimal(1)
    otherwise = [
        lambda: replace(price, amount=chance.choice((None, Decimal(0), amount * 2))),
        lambda: replace(price, amount=Decimal("0.000000000001")),
        lambda: replace(price, tier=chance.choice(TIERS)),
        lambda: replace(price, region=chance.choice(("global", "eu"))),
        lambda: replace(price, context_over=chance.choice((0, 1, 32_000, 128_000, 200_000))),
        lambda: replace(price, variant="thinking"),
        lambda: replace(price, window=chance.choice(WINDOWS)),
        lambda: replace(price, currency="CNY"),
        lambda: replace(price, provider=chance.choice(("xai", "nobody"))),
        lambda: price,
        lambda: price,
    ]
    return chance.choice(otherwise)()


def _step(price: Price) -> Step:
    return Step(price.valid_from, price.amount, price.precision, price.not_before)


TIERS = ("standard", "batch", "flex", "priority", "fast", "weekend")
WINDOWS = ("16:30-00:30 UTC", "Mon-Fri 01:00-05:00 UTC", "off-peak")


@pytest.mark.parametrize("seed", range(10))
def test_whatever_prices_are_like_each_is_carried_or_lost(material: Material, seed: int) -> None:
    chance = Random(seed)  # noqa: S311 no secret
    of_models = [one for one in material.view.prices if one.kind == "official" and one.model]
    start = chance.randrange(len(of_models) - 60)
    some = [_twisted(one, chance) for one in of_models[start : start + 60]]
    view = replace(material.view, prices=tuple(some))
    steps = {one.series: (_step(one),) for one in some}
    twisted = replace(material, view=view, steps=steps)
    for format_ in FORMATS:
        assert_accounted(format_.make(twisted), twisted.view.by_series)


def test_the_report_counts_what_it_lists(made: Mapping[str, Exported], material: Material) -> None:
    told: Any = report("litellm", made["litellm"])
    assert told["carried"] + told["lost"] == told["prices"] == len(material.view.prices)
    assert len(told["carried_prices"]) == told["carried"]
    assert sum(one["prices"] for one in told["reasons"]) == told["lost"]
    assert {one["reason"] for one in told["reasons"]} <= {one.value for one in Loss}
