"""What the long form came to is written down, and the README quotes only that."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from tests.faults.cycle import Change
from tests.faults.operations import Kind
from tests.faults.tally import EVIDENCE, HOUSE, PARTS, Tally, compare, total

NUMBER = re.compile(r"\d+(?:,\d{3})*")
NAME = "docs/evidence/faults.json"


def rows() -> list[dict[str, str | int]]:
    if not EVIDENCE.exists():
        pytest.skip("make faults was not run yet")
    read: list[dict[str, str | int]] = json.loads(EVIDENCE.read_text("utf-8"))
    return read


def test_each_store_has_one_object_of_what_was_broken_and_nothing_lost() -> None:
    assert [row["store"] for row in rows()] == ["postgresql", "sqlite"]
    for row in rows():
        assert list(row) == list(Tally.__dataclass_fields__)
        assert (row["lost"], row["phantom"], row["duplicated"]) == (0, 0, 0)
        assert int(row["kills"]) > 500


def test_the_readme_quotes_only_numbers_of_the_evidence() -> None:
    known = {f"{value:,}" for row in rows() for value in row.values() if isinstance(value, int)}
    paragraphs = (HOUSE / "README.md").read_text("utf-8").split("\n\n")
    for paragraph in paragraphs:
        if NAME in paragraph:
            quoted = set(NUMBER.findall(re.sub(r"`[^`]*`", "", paragraph)))
            assert quoted <= known, f"{NAME} does not hold {quoted - known}"


def change(detail: str) -> Change:
    return ("price.changed", "observed", False, None, "", 1, 2, detail)


def test_events_are_told_apart_as_lost_phantom_and_duplicated() -> None:
    a, b, c = change("a"), change("b"), change("c")
    surprise = compare(Counter([a, b]), Counter([b, b, c]))
    assert surprise.lost == Counter([a])
    assert surprise.phantom == Counter([c])
    assert surprise.duplicated == Counter([b])


def test_the_evidence_is_the_sum_of_its_parts() -> None:
    first = Tally(1, "abc", "sqlite", kills=2, faults=3, changes=40, seconds=5)
    second = Tally(1, "abc", "sqlite", kills=10, lost=1, seconds=7)
    assert total([first, second]) == Tally(
        1, "abc", "sqlite", kills=12, faults=3, changes=40, lost=1, seconds=12
    )


def test_every_part_of_the_long_form_is_a_test_here() -> None:
    modules = {file.stem.removeprefix("test_") for file in Path(__file__).parent.glob("test_*.py")}
    assert {part.partition("-")[0] for part in PARTS} == modules - {"evidence"}
    assert {f"steps-{kind}" for kind in Kind} <= set(PARTS)
