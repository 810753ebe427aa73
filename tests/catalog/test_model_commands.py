"""``tokentape resolve``."""

import json

from typer.testing import CliRunner

from catalog.model_commands import commands


def test_a_typed_name_resolves_to_its_model() -> None:
    result = CliRunner().invoke(commands, ["claude-opus-4-7"])
    assert result.exit_code == 0
    assert json.loads(result.stdout)["model"] == "anthropic/claude-opus-4.7"


def test_a_sources_name_resolves_as_the_source_means_it() -> None:
    result = CliRunner().invoke(commands, ["Web search", "--source", "openai"])
    assert json.loads(result.stdout)["model"] == "openai/web-search"


def test_an_unknown_name_exits_1_and_names_what_looks_alike() -> None:
    result = CliRunner().invoke(commands, ["claude-opsu-4.7"])
    assert result.exit_code == 1
    assert "anthropic/claude-opus-4.7" in result.stderr
    assert result.stdout == ""
