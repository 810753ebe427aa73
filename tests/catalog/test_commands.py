"""The catalog's own commands, as a person or a pipe meets them."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from catalog.commands import commands
from catalog.store import open_store
from tests.catalog.builders import Catalog, point, visit

OPUS = "Claude Opus 4.7"


@pytest.fixture
def catalog(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Catalog:
    monkeypatch.setenv("TOKENTAPE_DATABASE_URL", sqlite_url)
    return Catalog(open_store(sqlite_url))


def run(*arguments: str) -> list[dict[str, object]]:
    """Run a command with its output piped; give the JSON lines it printed."""
    result = CliRunner().invoke(commands, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_migrate_makes_a_store_and_may_be_repeated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOKENTAPE_DATABASE_URL", f"sqlite:///{tmp_path}/new/tokentape.db")
    for _ in range(2):
        result = CliRunner().invoke(commands, ["migrate"], catch_exceptions=False)
        assert result.exit_code == 0
        assert "is ready" in result.stdout


def test_a_store_that_is_not_migrated_names_the_next_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOKENTAPE_DATABASE_URL", f"sqlite:///{tmp_path}/new.db")
    result = CliRunner().invoke(commands, ["changes"])
    assert result.exit_code == 1
    assert "tokentape migrate" in result.stderr


def test_changes_are_listed_without_what_was_there_at_first(catalog: Catalog) -> None:
    catalog.take(visit("2026-05-01", point(OPUS, "5")), visit("2026-05-02", point(OPUS, "4")))
    [change] = run("changes")
    assert (change["type"], change["old"], change["new"]) == ("price.changed", "5", "4")
    assert change["valid_from"] == "2026-05-02T00:00:00Z"
    assert [line["type"] for line in run("changes", "--initial")] == [
        "price.added",
        "price.changed",
    ]
    assert run("changes", "--since", "2") == []


def test_sources_are_listed_with_their_state(catalog: Catalog) -> None:
    catalog.take(visit("2026-05-01", point(OPUS, "5")))
    [line] = run("sources")
    assert (line["source"], line["outcome"]) == ("anthropic", "ok")
    assert line["cadence"] == 86400


def test_unmapped_names_are_listed_by_source(catalog: Catalog) -> None:
    catalog.take(visit("2026-05-01", point("Mystery 1", "5")))
    assert run("sources", "--unmapped") == [{"source": "anthropic", "printed": "Mystery 1"}]


def test_the_dump_is_json_lines_in_a_stable_order(catalog: Catalog) -> None:
    catalog.take(visit("2026-05-01", point(OPUS, "5")))
    lines = run("dump", "--canonical")
    assert [line["kind"] for line in lines] == ["visit", "price", "event"]
    assert run("dump", "--canonical") == lines


def test_a_dump_of_no_named_form_is_refused(catalog: Catalog) -> None:
    assert catalog.prices() == []
    result = CliRunner().invoke(commands, ["dump"])
    assert result.exit_code == 2
