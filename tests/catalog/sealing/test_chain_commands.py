"""Verifying as a person or a script meets it: what is printed, and the exit code."""

import json
from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner, Result

from catalog.sealing.chain_commands import commands
from catalog.store import open_store
from tests.catalog.builders import Catalog, point, visit


@pytest.fixture
def catalog(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Catalog:
    monkeypatch.setenv("TOKENTAPE_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("TOKENTAPE_ARCHIVE", str(tmp_path / "archive"))
    catalog = Catalog(open_store(sqlite_url))
    catalog.take(visit("2026-05-01", point("Claude Opus 4.7", "5")))
    return catalog


def verify(*arguments: str) -> Result:
    return CliRunner().invoke(commands, arguments)


def test_a_whole_store_exits_0_and_gives_its_head(catalog: Catalog) -> None:
    result = verify()
    said = json.loads(result.stdout)
    assert result.exit_code == 0
    assert (said["whole"], said["altered"], said["first"]) == (True, 0, None)
    assert said["head"].startswith(f"{catalog.events()[-1].sequence}:")
    assert verify("--expect", said["head"]).exit_code == 0


def test_what_was_altered_first_is_named_and_exits_1(catalog: Catalog) -> None:
    with catalog.engine.begin() as connection:
        connection.execute(text("DROP TRIGGER revisions_refuse_update"))
        connection.execute(text("UPDATE revisions SET amount = 1"))
    result = verify()
    assert result.exit_code == 1
    assert json.loads(result.stdout)["first"] == "revision 1 (Claude Opus 4.7) is altered"


@pytest.mark.usefixtures("catalog")
def test_a_head_that_the_chain_does_not_lead_to_exits_1() -> None:
    result = verify("--expect", f"1:{'a' * 64}")
    assert result.exit_code == 1
    assert "its end was cut off or written anew" in json.loads(result.stdout)["first"]


@pytest.mark.usefixtures("catalog")
def test_what_is_no_head_is_refused() -> None:
    result = verify("--expect", "latest")
    assert result.exit_code == 2
    assert "is no anchor" in result.stderr
