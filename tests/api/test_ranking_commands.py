"""``tokentape rankings`` and ``index``: the routes' answers, tables in a terminal, and a chart."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from PIL import Image, ImageColor
from typer.testing import CliRunner

from api.chart import COLOURS, Series, draw
from api.ranking_commands import commands
from catalog.vocabulary import Meter
from tests.catalog.builders import Catalog, point, visit


@pytest.fixture(autouse=True)
def _own_store(monkeypatch: pytest.MonkeyPatch, sqlite_url: str) -> None:
    monkeypatch.setenv("TOKENTAPE_DATABASE_URL", sqlite_url)


@pytest.fixture
def filled(catalog: Catalog) -> Catalog:
    """Opus at $5/$25 from May, at $4/$20 from June."""
    for day, amount, output in (("2026-05-01", "5", "25"), ("2026-06-01", "4", "20")):
        points = (
            point("Claude Opus 4.7", amount),
            point("Claude Opus 4.7", output, meter=Meter.OUTPUT_TOKENS),
        )
        catalog.take(visit(day, *points))
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


def test_a_line_ends_where_its_last_amount_is(tmp_path: Path) -> None:
    run = [
        (datetime(2026, month, 1, tzinfo=UTC), Decimal(amount))
        for month, amount in ((1, 100), (6, 100))
    ]
    draw(tmp_path / "one.png", "One", "flat", [Series("one", [run])])
    with Image.open(tmp_path / "one.png") as drawn:
        middle = drawn.getpixel((500, (675 - 90 + 70) // 2))
    assert middle == ImageColor.getrgb(COLOURS[0])
