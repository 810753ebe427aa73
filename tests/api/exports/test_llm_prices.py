"""llm-prices' files keep its rules, and its page gets our prices from them, of every day."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from urllib.request import urlopen

import pytest

from api.exports import llm_prices
from api.exports.ledger import Exported, Loss
from api.exports.material import Material
from api.exports.trees import to_json
from catalog.cost import Book
from catalog.current.view import Views
from catalog.vocabulary import Meter
from tests.api.exports.comparing import differences
from tests.api.exports.grid import Case, grid, ours
from tests.api.exports.llm_prices_rules import Historical, read_current, read_historical, total
from tests.api.exports.offering import OPUS, Stated, chat, material_of

pytestmark = pytest.mark.xdist_group("exports")
CHANGED = ("2026-03-01", "2026-05-01")


def fetched(served: str, name: str) -> bytes:
    """Load a file over HTTP."""
    with urlopen(f"{served}/exports/llm-prices/{name}") as answer:  # noqa: S310 our own server
        assert answer.headers["content-type"] == "application/json"
        body: bytes = answer.read()
        return body


@pytest.fixture(scope="module")
def dated(served: str) -> Historical:
    """The file with the days."""
    return read_historical(fetched(served, "historical-v1.json"))


def cases_of(made: Mapping[str, Exported], name: str, views: Views) -> list[Case]:
    """Give the grid over a file, without what no row can say: a write, a read at no price."""
    exported: Any = made[name]
    rows = exported.tree["prices"]
    cases = grid(
        exported, views.look().view.by_series, lambda at: str(rows[int(at.split("/")[2])]["id"])
    )
    priced = {row["id"] for row in rows if row["input_cached"] is not None}
    return [
        one
        for one in cases
        if not one.tokens.cache_write and (not one.tokens.cache_read or one.name in priced)
    ]


def test_the_current_file_gives_our_price_for_every_model_it_covers(
    served: str, made: Mapping[str, Exported], views: Views, book: Book
) -> None:
    rows = {row.id: row for row in read_current(fetched(served, "current-v1.json")).prices}
    cases = cases_of(made, "llm-prices", views)
    totals = [total(rows[case.name], case.tokens) for case in cases]
    priced, wrong = differences(cases, totals, book)
    assert wrong == []
    assert priced > 200
    assert {case.name for case in cases} == rows.keys()


def test_each_dated_price_is_ours_on_its_first_and_on_its_last_day(
    dated: Historical, made: Mapping[str, Exported], views: Views, book: Book
) -> None:
    cases = cases_of(made, "llm-prices.historical", views)
    today = views.look().as_of.date()
    checked = 0
    for row in dated.prices:
        for case in (one for one in cases if one.name == row.id):
            for moment in _ends(row.from_date, row.to_date, today):
                due = ours(book, case, moment)
                if due is not None:
                    assert total(row, case.tokens) == due, (row, case, moment)
                    checked += 1
    assert checked > 400
    assert any(row.to_date for row in dated.prices)


def _ends(first: date | None, end: date | None, today: date) -> list[datetime]:
    """Give the last moments of the first day and of the last: a day has what held as it ended."""
    assert first
    last = end - timedelta(days=1) if end else today
    return [datetime.combine(day, time(23, 59, 59), UTC) for day in {first, max(first, last)}]


def test_what_holds_today_is_the_current_file(served: str, dated: Historical) -> None:
    current = {row.id: row for row in read_current(fetched(served, "current-v1.json")).prices}
    held = {row.id: row for row in dated.prices if row.to_date is None}
    assert held.keys() == current.keys()
    for name, row in current.items():
        assert row.model_dump() == held[name].model_dump(exclude={"from_date", "to_date"})


Change = Callable[[dict[str, Any]], object]
BROKEN: tuple[Change, ...] = (
    lambda file: file["prices"].reverse(),
    lambda file: file["prices"][0].update(id=file["prices"][1]["id"]),
    lambda file: file["prices"][0].update(input="2"),
    lambda file: file["prices"][0].update(input=-1),
    lambda file: file["prices"][0].update(output=None),
    lambda file: file["prices"][0].pop("input_cached"),
    lambda file: file["prices"][0].update(unheard=1),
)


def two(material: Material) -> Material:
    """Two models, of two makers."""
    return material_of(material, [*chat(), *chat("openai/gpt-4o", "openai", label="gpt-4o")])


@pytest.mark.parametrize("change", [*BROKEN, lambda file: file.update(updated_at="yesterday")])
def test_a_current_file_that_breaks_the_rules_is_refused(
    material: Material, change: Change
) -> None:
    file = json.loads(to_json(llm_prices.current(two(material)).tree))
    read_current(json.dumps(file).encode())
    change(file)
    with pytest.raises(ValueError, match=r"."):
        read_current(json.dumps(file).encode())


def changed(material: Material) -> Material:
    """One model that changed its price twice."""
    first, second = CHANGED
    inputs = Stated(
        Meter.INPUT_TOKENS, "2", before=(("2026-01-01", "4"), (first, "3")), since=second
    )
    return material_of(material, [inputs, Stated(Meter.OUTPUT_TOKENS, "10")])


@pytest.mark.parametrize(
    "change",
    [
        *BROKEN[2:],
        lambda file: file["prices"].reverse(),
        lambda file: file["prices"][0].update(from_date="2026-04-30"),
        lambda file: file["prices"][0].update(from_date=None),
        lambda file: file["prices"][1].update(to_date=None),
        lambda file: file["prices"][1].update(from_date="2026-05-01"),
        lambda file: file["prices"][2].update(vendor="nobody"),
    ],
)
def test_a_historical_file_that_breaks_the_rules_is_refused(
    material: Material, change: Change
) -> None:
    file = json.loads(to_json(llm_prices.historical(changed(material)).tree))
    read_historical(json.dumps(file).encode())
    change(file)
    with pytest.raises(ValueError, match=r"."):
        read_historical(json.dumps(file).encode())


def rows_of(exported: Exported) -> list[Any]:
    """Give the rows, with exact numbers."""
    found: list[Any] = json.loads(to_json(exported.tree), parse_float=Decimal)["prices"]
    return found


def test_numbers_are_dollars_for_a_million_and_an_unpriced_cache_is_null(
    material: Material,
) -> None:
    (row,) = rows_of(llm_prices.current(material_of(material, chat())))
    assert (row["input"], row["output"], row["input_cached"]) == (2, 10, None)
    free = Stated(Meter.CACHE_READ_TOKENS, "0")
    (row,) = rows_of(llm_prices.current(material_of(material, [*chat(), free])))
    assert row["input_cached"] == 0


def test_days_begin_with_from_and_end_before_to_and_the_newest_is_first(
    material: Material,
) -> None:
    rows = rows_of(llm_prices.historical(changed(material)))
    first, second = CHANGED
    assert [(row["input"], row["from_date"], row["to_date"]) for row in rows] == [
        (2, second, None),
        (3, first, second),
        (4, "2026-01-01", first),
    ]


def test_an_announced_price_has_a_row_of_its_own(material: Material) -> None:
    inputs = Stated(Meter.INPUT_TOKENS, "2")
    stated = material_of(material, [inputs, Stated(Meter.OUTPUT_TOKENS, "10")])
    series = next(iter(stated.steps))
    ahead = material_of(
        material,
        [
            Stated(Meter.INPUT_TOKENS, "3", before=(("2026-01-01", "2"),), since="2027-01-01"),
            inputs,
        ],
    )
    steps = {**stated.steps, series: next(iter(ahead.steps.values()))}
    exported = llm_prices.historical(replace(stated, steps=steps))
    rows = rows_of(exported)
    assert [(row["input"], row["from_date"]) for row in rows] == [
        (3, "2027-01-01"),
        (2, "2026-01-01"),
    ]
    assert exported.account.carried[series] == ["/prices/1/input"]


def test_an_id_stands_once_and_the_models_own_maker_gives_the_price(material: Material) -> None:
    others = chat(provider="openrouter", label=OPUS)
    exported = llm_prices.current(material_of(material, [*chat(), *others]))
    assert [row["vendor"] for row in rows_of(exported)] == ["anthropic"]
    assert {*exported.account.lost.values()} == {Loss.MAKER}
