"""``tokentape correct`` and ``tokentape report``, as a person or a pipe meets them."""

import json

import pytest
from typer.testing import CliRunner, Result

from catalog.review.correct_commands import commands
from catalog.store import open_store
from tests.catalog.builders import Catalog, point, visit

OPUS = "Claude Opus 4.7"
SERIES = "anthropic:anthropic-claude-opus-4.7:input_tokens"
EVIDENCE = ("--reason", "a slip", "--url", "https://anthropic.example/docs", "--words", "Opus: $4")


@pytest.fixture(autouse=True)
def catalog(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Catalog:
    """Take Opus at $5, in two tiers."""
    monkeypatch.setenv("TOKENTAPE_DATABASE_URL", sqlite_url)
    catalog = Catalog(open_store(sqlite_url))
    catalog.take(visit("2026-05-01", point(OPUS, "5"), point(OPUS, "2.5", tier="batch")))
    return catalog


def call(*arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(commands, list(arguments), input=typed, env={"COLUMNS": "160"})


def correct(*arguments: str, typed: str = "") -> Result:
    return call("correct", *arguments, "--from", "2026-05-02", *EVIDENCE, typed=typed)


def amounts(catalog: Catalog) -> list[str]:
    return sorted(str(price.amount) for price in catalog.prices())


def test_a_correction_shows_before_and_after_and_is_taken(catalog: Catalog) -> None:
    result = correct(SERIES, "--amount", "4", "--yes")
    assert result.exit_code == 0, result.output
    assert [json.loads(line) for line in result.stdout.splitlines()] == [
        {"from": "2026-05-01T00:00:00Z", "before": "5", "after": "5"},
        {"from": "2026-05-02T00:00:00Z", "before": "5", "after": "4"},
    ]
    assert "1 events told" in result.stderr
    assert amounts(catalog) == ["2.5", "4"]


def test_a_correction_asks_first_and_no_leaves_all_as_it_was(catalog: Catalog) -> None:
    result = correct(SERIES, "--amount", "4", typed="n\n")
    assert result.exit_code == 1
    assert amounts(catalog) == ["2.5", "5"]
    assert correct(SERIES, "--amount", "4", typed="y\n").exit_code == 0
    assert amounts(catalog) == ["2.5", "4"]


def test_a_price_is_named_by_its_coordinates(catalog: Catalog) -> None:
    named = ("--source", "anthropic", "--model", "opus 4.7", "--tier", "batch")
    result = correct(*named, "--withdrawn", "--yes")
    assert result.exit_code == 0, result.output
    assert amounts(catalog) == ["5"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--source", "anthropic", "--model", OPUS, "--amount", "4"), "More than one"),
        (("--source", "anthropic", "--model", "Nothing", "--amount", "4"), "No such series"),
        (("--model", OPUS, "--amount", "4"), "--source"),
        ((SERIES,), "--amount AMOUNT, or --withdrawn"),
        ((SERIES, "--amount", "4", "--withdrawn"), "--amount AMOUNT, or --withdrawn"),
        ((SERIES, "--amount", "four"), "amount"),
        ((SERIES, "--amount", "-4"), "amount"),
        ((SERIES, "--amount", "4", "--to", "2026-05-01"), "valid_to must be after"),
        ((SERIES, "--amount", "4", "--sha256", "abc"), "sha256"),
        ((SERIES, "--amount", "5"), "says already"),
        (("no:series", "--amount", "5"), "no series"),
    ],
)
def test_what_cannot_be_corrected_is_refused_by_name(
    catalog: Catalog, arguments: tuple[str, ...], says: str
) -> None:
    result = correct(*arguments, "--yes")
    assert result.exit_code in {1, 2}
    assert says in " ".join(result.stderr.replace("│", " ").split())
    assert amounts(catalog) == ["2.5", "5"]


def test_a_report_is_printed_with_its_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKENTAPE_REPORT_URL", "https://t.example/new?title={title}&body={body}")
    result = call(
        "report", f"http://localhost:8000/prices?series={SERIES}", "--as-of", "2026-05-03"
    )
    [line] = [json.loads(line) for line in result.stdout.splitlines()]
    assert line["title"] == f"Wrong price: {SERIES}"
    assert f"its words: {OPUS}: $5" in line["body"]
    assert line["url"].startswith("https://t.example/new?title=Wrong%20price%3A%20anthropic")


def test_a_person_is_told_that_nobody_takes_reports(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalog.review.correct_commands.is_terminal", lambda: True)
    result = call("report", SERIES)
    assert "as of" in result.stdout
    assert "TOKENTAPE_REPORT_URL" in result.stdout


def test_a_report_of_no_price_exits_1() -> None:
    result = call("report", SERIES, "--as-of", "2026-04-01")
    assert result.exit_code == 1
    assert "no price at 2026-04-01" in result.stderr
