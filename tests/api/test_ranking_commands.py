"""``tokentape rankings`` and ``index``: the routes' answers, tables in a terminal, and a chart."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from PIL import Image, ImageColor
from typer.testing import CliRunner

from api.chart import BOTTOM, COLOURS, TOP, Series, draw, ticks
from api.ranking_commands import commands
from tests.catalog.builders import Catalog, pair, visit


@pytest.fixture(autouse=True)
def _own_store(monkeypatch: pytest.MonkeyPatch, sqlite_url: str) -> None:
    monkeypatch.setenv("TOKENTAPE_DATABASE_URL", sqlite_url)


@pytest.fixture
def filled(catalog: Catalog) -> Catalog:
    """Opus at $5/$25 from May, at $4/$20 from June."""
    for day, amount, output in (("2026-05-01", "5", "25"), ("2026-06-01", "4", "20")):
        catalog.take(visit(day, *pair("Claude Opus 4.7", amount, output)))
    return catalog


def run(*arguments: str) -> str:
    result = CliRunner().invoke(commands, arguments)
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.mark.usefixtures("filled")
def test_the_rankings_and_the_models_of_one_are_printed_as_the_api_answers_them() -> None:
    names = [row["name"] for row in json.loads(run("rankings"))["data"]]
    assert "cheapest-vision" in names
    (row,) = json.loads(run("rankings", "cheapest", "--as-of", "2026-05-20"))["data"]
    assert (row["model"], row["key"]) == ("anthropic/claude-opus-4.7", "10")


@pytest.mark.usefixtures("filled")
def test_the_index_is_printed_as_the_api_answers_it() -> None:
    points = json.loads(run("index", "--band", "all", "--as-of", "2026-07-01"))["data"]
    assert [one["index"] for one in points] == ["100", "80", "80"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("rankings", "fastest"), "no ranking"),
        (("rankings", "--alpha", "9"), "--alpha"),
        (("index", "--band", "dear"), "--band"),
        (("index", "--source", "nobody"), "states no price"),
    ],
)
@pytest.mark.usefixtures("filled")
def test_what_cannot_be_asked_exits_2_by_name(arguments: tuple[str, ...], told: str) -> None:
    result = CliRunner().invoke(commands, arguments)
    assert result.exit_code == 2
    assert told in " ".join(result.output.split())


@pytest.mark.usefixtures("filled")
def test_the_index_is_drawn(tmp_path: Path) -> None:
    run("index", "--png", str(tmp_path / "index.png"), "--as-of", "2026-09-01")
    with Image.open(tmp_path / "index.png") as drawn:
        assert (drawn.format, drawn.size) == ("PNG", (1200, 675))


@pytest.mark.usefixtures("catalog")
def test_nothing_is_drawn_of_nothing(tmp_path: Path) -> None:
    result = CliRunner().invoke(commands, ["index", "--png", str(tmp_path / "index.png")])
    assert result.exit_code == 1
    assert "fewer than two points" in result.output


def a_line(name: str, first: str, last: str) -> Series:
    points = ((1, first), (6, last))
    run = [(datetime(2026, month, 1, tzinfo=UTC), Decimal(amount)) for month, amount in points]
    return Series(name, [run])


def test_a_line_is_where_its_amounts_are(tmp_path: Path) -> None:
    draw(tmp_path / "one.png", "One", "flat", [], [a_line("one", "100", "100")])
    with Image.open(tmp_path / "one.png") as drawn:
        middle = drawn.getpixel((500, (675 - BOTTOM + TOP) // 2))
    assert middle == ImageColor.getrgb(COLOURS[0])


def test_no_line_leaves_the_picture_and_those_in_one_place_are_all_seen(tmp_path: Path) -> None:
    lines = [
        a_line("one", "100", "127.8"),
        a_line("two", "100", "127.8"),
        a_line("low", "100", "3"),
    ]
    draw(tmp_path / "three.png", "Three", "apart", ["a note"], lines)
    with Image.open(tmp_path / "three.png") as drawn:
        above = drawn.convert("RGB").crop((100, 0, 1200, TOP))
        seen = {colour for _, colour in drawn.convert("RGB").getcolors(maxcolors=100_000) or []}
    assert {colour for _, colour in above.getcolors(maxcolors=100_000) or []}.isdisjoint(
        ImageColor.getrgb(colour) for colour in COLOURS[1:]
    )
    assert {ImageColor.getrgb(colour) for colour in COLOURS[:3]} <= seen


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        ("98.4", "100", ["94", "96", "98", "100", "102", "104", "106"]),
        ("20.8", "127.8", ["20", "40", "60", "80", "100", "120", "140"]),
        ("0", "3", ["0", "2", "4", "6", "8"]),
    ],
)
def test_an_axis_has_round_amounts_and_small_moves_look_small(
    low: str, high: str, expected: list[str]
) -> None:
    assert [f"{one:f}" for one in ticks(Decimal(low), Decimal(high))] == expected
