"""Results in lists: named by the record, read with their unit, and none where none is meant."""

from decimal import Decimal

import pytest

from catalog.reading import NotRead, Score
from spiders.exact_json import parse_json
from spiders.price_list import PriceList
from spiders.results import Result

SPEEDS = PriceList(
    records="[].providers[]",
    model="^model",
    scores={
        "latency": Result("latency (s) at {name}", "s", frozenset({"--s"})),
        "evals.big_*": "big {*}",
        "evals.*": Result("bench {*}", none=frozenset({"0"})),
    },
)


def results(fields: str) -> dict[str, Decimal]:
    page = parse_json(f'[{{"model": "m", "providers": [{{"name": "host", {fields}}}]}}]')
    scores: tuple[Score, ...] = SPEEDS.listing(page).scores
    return {score.benchmark: score.score for score in scores}


def test_the_record_names_the_benchmark_and_the_unit_is_taken_off() -> None:
    assert results('"latency": "1,234.5s"') == {"latency (s) at host": Decimal("1234.5")}


def test_a_star_puts_the_rest_of_a_fields_name_into_words() -> None:
    assert results('"evals": {"big_code_index": 5, "math_500": 0.5}') == {
        "big code index": 5,
        "bench math 500": Decimal("0.5"),
    }


@pytest.mark.parametrize(
    "fields", ['"latency": "--s"', '"latency": null', '"evals": {"math": 0}', '"evals": {}']
)
def test_what_means_no_result_is_none(fields: str) -> None:
    assert results(fields) == {}


@pytest.mark.parametrize("printed", ["12", "12ms", "1,23s", "fast"])
def test_a_number_in_another_unit_is_refused(printed: str) -> None:
    with pytest.raises(NotRead, match="say in which unit"):
        results(f'"latency": "{printed}"')
