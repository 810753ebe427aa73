"""``tokentape models``: the API's answer, piped; a table in a terminal; refusals by name."""

import json
import os
import subprocess
import sys
import termios

import pytest
from typer.testing import CliRunner

from api.commands import commands
from tests.catalog.builders import Catalog, pair, visit


@pytest.fixture(autouse=True)
def _own_store(monkeypatch: pytest.MonkeyPatch, sqlite_url: str) -> None:
    monkeypatch.setenv("TOKENTAPE_DATABASE_URL", sqlite_url)


@pytest.fixture
def filled(catalog: Catalog) -> Catalog:
    """Opus at $5/$25 from May, $4/$20 from June."""
    for day, amount, output in (("2026-05-01", "5", "25"), ("2026-06-01", "4", "20")):
        catalog.take(visit(day, *pair("Claude Opus 4.7", amount, output)))
    return catalog


@pytest.mark.usefixtures("filled")
def test_models_are_printed_as_the_api_answers_them_when_piped() -> None:
    result = CliRunner().invoke(commands, ["models", "--sort", "value", "--as-of", "2026-05-20"])
    assert result.exit_code == 0, result.output
    (model,) = json.loads(result.stdout)["data"]
    assert (model["model"], model["input"]) == ("anthropic/claude-opus-4.7", "5")


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--sort", "cheapest"], "--sort"),
        (["--as-of", "yesterday"], "--as-of"),
        (["--known-at", "2999-01-01"], "--known-at"),
        (["--mix", "3"], "3:1"),
        (["--alpha", "9"], "--alpha"),
    ],
)
@pytest.mark.usefixtures("catalog")
def test_a_wrong_option_exits_2_by_name(arguments: list[str], named: str) -> None:
    result = CliRunner().invoke(commands, ["models", *arguments])
    assert result.exit_code == 2
    assert named in result.output


@pytest.mark.usefixtures("filled")
def test_models_are_a_table_in_a_terminal(sqlite_url: str) -> None:
    terminal, inside = os.openpty()
    termios.tcsetwinsize(inside, (50, 100))
    environ = os.environ | {"TOKENTAPE_DATABASE_URL": sqlite_url, "TERM": "xterm"}
    command = [sys.executable, "-c", "from api.commands import commands; commands()", "models"]
    subprocess.run(command, env=environ, stdout=inside, check=True)  # noqa: S603 our own command
    os.close(inside)
    shown = os.read(terminal, 100_000).decode()
    os.close(terminal)
    assert "value = quality / max(blended, floor) ^ alpha" in shown
    assert "anthropic/claude-opus-4.7" in shown
    assert "premium" in shown
