"""``tokentape review``, as a person in a terminal or a pipe meets it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from catalog.review.review_commands import commands
from catalog.store import open_store
from catalog.vocabulary import Cause
from tests.catalog.builders import Catalog, point, visit

OPUS, SONNET = "Claude Opus 4.7", "Claude Sonnet 5"


@pytest.fixture
def catalog(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Catalog:
    """Hold Opus from $5 to $50 and Sonnet from $3 to nothing."""
    monkeypatch.setenv("TOKENTAPE_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("TOKENTAPE_ARCHIVE", str(tmp_path / "archive"))
    catalog = Catalog(open_store(sqlite_url))
    later = point(OPUS, "60", valid_from="2027-01-01", locator="row 1")
    page = (point(OPUS, "50", valid_to="2027-01-01", locator="row 1"), later, point(SONNET, "0"))
    catalog.take(
        visit("2026-05-01", point(OPUS, "5"), point(SONNET, "3"), cause=Cause.OBSERVED),
        visit("2026-05-02", *page, cause=Cause.OBSERVED, archived=True),
    )
    return catalog


def call(*arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(commands, list(arguments), input=typed, env={"COLUMNS": "160"})


def rows(result: Result) -> list[dict[str, object]]:
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.mark.usefixtures("catalog")
def test_a_pipe_gets_one_object_for_each_hold() -> None:
    first, second = rows(call())
    assert (first["guard"], first["holds"], first["source"]) == (
        "large_factor",
        "model",
        "anthropic",
    )
    assert {first["about"], second["about"]} == {
        "anthropic/claude-opus-4.7",
        "anthropic/claude-sonnet-5",
    }
    assert first["url"] == "https://anthropic.example/docs"


@pytest.mark.usefixtures("catalog")
def test_a_hold_is_shown_beside_the_page(tmp_path: Path) -> None:
    [opus] = [one for one in rows(call()) if "opus" in str(one["about"])]
    [shown] = rows(call(str(opus["hold"])))
    prices = shown["prices"]
    assert isinstance(prices, list)
    assert [(one["last_good"], one["held"], one["ratio"], one["since"]) for one in prices] == [
        ("5", "50", "10", None),
        ("5", "60", "12", "2027-01-01T00:00:00Z"),
    ]
    assert (prices[0]["words"], prices[0]["locator"]) == (f"{OPUS}: $50", "row 1")
    assert prices[0]["series"] == "anthropic:anthropic-claude-opus-4.7:input_tokens"
    assert str(shown["archived"]) == str(
        tmp_path / "archive" / str(shown["sha256"])[:2] / f"{shown['sha256']}.warc.gz"
    )
    assert "two resellers" in str(shown["lifted_by"])


def test_several_holds_are_decided_at_once(catalog: Catalog) -> None:
    opus, sonnet = (str(one["hold"]) for one in rows(call()))
    result = call("--approve", opus, "--reject", sonnet)
    assert result.exit_code == 0
    assert "approved" in result.stderr
    assert rows(call()) == []
    assert sorted(str(price.amount) for price in catalog.prices()) == ["3", "50"]


@pytest.mark.usefixtures("catalog")
def test_a_number_that_is_no_open_hold_decides_nothing() -> None:
    number = str(rows(call())[0]["hold"])
    result = call("--approve", number, "--approve", "99")
    assert result.exit_code == 1
    assert "99: no such open hold" in result.stderr
    assert len(rows(call())) == 2


def test_a_person_is_asked_until_they_leave(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    opus, sonnet = (str(one["hold"]) for one in rows(call()))
    monkeypatch.setattr("catalog.review.review_commands.is_terminal", lambda: True)
    typed = f"{opus}\nnonsense\n99\na {opus} {sonnet}\n"
    result = call(typed=typed)
    assert result.exit_code == 0, result.output
    assert f"Hold {opus}" in result.stdout
    assert "Write numbers" in result.stdout
    assert "Nothing waits for a person." in result.stdout
    assert sorted(str(price.amount) for price in catalog.prices()) == ["0", "50"]
