"""The board of disagreements as it is asked for: over HTTP, as CSV, and by its command."""

import csv
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient
from typer.testing import CliRunner

from api.command_line import part_of
from api.discrepancy_commands import HEADS, commands, row
from api.resources.discrepancies import DISCREPANCIES
from catalog.current.view import Views
from catalog.documents.sources import declare
from catalog.store import open_store
from catalog.vocabulary import Meter, SourceKind
from tests.catalog.builders import Catalog, point, source, visit

OPUS = "Claude Opus 4.7"
OUTPUT = {"meter": Meter.OUTPUT_TOKENS}


@pytest.fixture(scope="module")
def filled(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalog]:
    """Opus at $5 and $25, once at $15; LiteLLM with $15 and $0, OpenRouter with $20."""
    path = tmp_path_factory.mktemp("board") / "tokentape.db"
    shutil.copy(migrated_sqlite, path)
    catalog = Catalog(open_store(f"sqlite:///{path}"))
    kinds = {"litellm": SourceKind.CATALOG, "openrouter": SourceKind.RESELLER}
    for name, kind in kinds.items():
        declared = source(name).model_copy(update={"kind": kind})
        declare(catalog.engine, (declared,), now=catalog.now)
    now = (point(OPUS, "5"), point(OPUS, "25", **OUTPUT))
    theirs = point("anthropic/claude-opus-4.7", "20", provider="openrouter", **OUTPUT)
    listed = (
        point("claude-opus-4-7", "15", provider="anthropic"),
        point("claude-opus-4-7", "0", provider="anthropic", **OUTPUT),
    )
    catalog.take(
        visit("2026-01-01", point(OPUS, "15")),
        visit("2026-03-01", *now),
        visit("2026-06-10", *now),
        visit("2026-06-08", *listed, source="litellm", url="https://litellm.example/docs"),
        visit("2026-06-09", theirs, source="openrouter", url="https://openrouter.example/docs"),
    )
    yield catalog
    catalog.engine.dispose()


@pytest.fixture
def client(app: FastAPI, filled: Catalog) -> TestClient:
    app.state.views = Views(filled.engine, now=filled.now)
    return TestClient(app)


def board(client: TestClient, query: str = "") -> list[dict[str, Any]]:
    answer = client.get(f"/discrepancies?{query}")
    assert answer.status_code == 200, answer.text
    data: list[dict[str, Any]] = answer.json()["data"]
    return data


def test_the_largest_stand_first_each_with_its_reason_and_whether_to_correct_it(
    client: TestClient,
) -> None:
    told = [
        (one["source"], one["size"], one["reason"], one["correctable"]) for one in board(client)
    ]
    assert told == [
        ("litellm", "1", "zero", True),
        ("litellm", "0.666667", "stale", True),
        ("openrouter", "0.2", "own terms", False),
    ]


@pytest.mark.parametrize(
    ("query", "sources"),
    [
        ("kind=reseller", ["openrouter"]),
        ("correctable=false", ["openrouter"]),
        ("reason=stale,zero&sort=-size", ["litellm", "litellm"]),
        ("sort=ratio", ["litellm", "openrouter", "litellm"]),
        ("max_size=0.5", ["openrouter"]),
        ("meter=output_tokens&sort=source", ["litellm", "openrouter"]),
        ("as_of=2026-06-08", ["litellm", "litellm"]),
        ("as_of=2026-06-07", []),
    ],
)
def test_it_is_sorted_and_filtered(client: TestClient, query: str, sources: list[str]) -> None:
    assert [one["source"] for one in board(client, query)] == sources


def test_as_csv_it_has_the_same_rows(client: TestClient) -> None:
    text = client.get("/discrepancies?format=csv").text
    rows = list(csv.DictReader(text.splitlines()))
    assert [one["reason"] for one in rows if one["reason"]] == ["zero", "stale", "own terms"]
    assert rows[0]["official.amount"] == "25"


def test_the_command_prints_what_the_route_answers(
    client: TestClient, filled: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOKENTAPE_DATABASE_URL", str(filled.engine.url))
    printed = CliRunner().invoke(commands, ["--correctable", "--limit", "1"])
    (one,) = json.loads(printed.stdout)["data"]
    assert one == board(client)[0]


def test_a_terminal_shows_both_prices_with_their_days(
    filled: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOKENTAPE_DATABASE_URL", str(filled.engine.url))
    found = part_of(DISCREPANCIES, {"limit": 3}).items
    cells = [dict(zip(HEADS, row(one), strict=True)) for one in found]
    assert [one["source"] for one in cells] == ["litellm: anthropic"] * 2 + ["openrouter"]
    assert (cells[0]["official"], cells[0]["stated"]) == ("25 USD, 2026-06-10", "0 USD, 2026-06-08")
    assert [one["to correct"] for one in cells] == ["yes", "yes", ""]


def test_a_reason_that_there_is_not_is_refused_by_name() -> None:
    refused = CliRunner().invoke(commands, ["--reason", "stale,bad luck"])
    assert refused.exit_code == 2
    assert "bad luck is none; they are" in " ".join(refused.output.replace("│", " ").split())
