"""``tokentape resolve``."""

import json

from typer.testing import CliRunner

from catalog.identity.model_commands import commands


def test_a_typed_name_resolves_to_its_model() -> None:
    result = CliRunner().invoke(commands, ["claude-opus-4-7"])
    assert result.exit_code == 0
    assert json.loads(result.stdout)["model"] == "anthropic/claude-opus-4.7"


def test_a_sources_name_resolves_as_the_source_means_it() -> None:
    result = CliRunner().invoke(commands, ["Web search", "--source", "openai"])
    assert json.loads(result.stdout)["model"] == "openai/web-search"


def test_an_unknown_name_exits_1_with_no_model_and_what_looks_alike() -> None:
    result = CliRunner().invoke(commands, ["claude-opsu-4.7"])
    assert result.exit_code == 1
    said = json.loads(result.stdout)
    assert said["model"] is None
    assert said["candidates"][0] == "anthropic/claude-opus-4.7"


def test_many_ids_are_read_from_standard_input_and_answered_in_order() -> None:
    result = CliRunner().invoke(commands, ["-"], input="azure/gpt-5\n\nnobodys-model\n")
    said = [json.loads(line) for line in result.stdout.splitlines()]
    assert [(one["id"], one["model"], one["provider"]) for one in said] == [
        ("azure/gpt-5", "openai/gpt-5", "azure"),
        ("nobodys-model", None, None),
    ]
    assert result.exit_code == 1


def test_a_moving_name_tells_what_it_pointed_at() -> None:
    result = CliRunner().invoke(commands, ["deepseek-chat"])
    targets = json.loads(result.stdout)["targets"]
    assert (targets[0]["model"], targets[0]["since"]) == ("deepseek/deepseek-v3.1", "2025-08-25")


def test_a_moving_name_is_asked_for_at_a_day() -> None:
    asked = ["~anthropic/claude-opus-latest", "--as-of"]
    then = CliRunner().invoke(commands, [*asked, "2026-08-21"])
    assert json.loads(then.stdout)["model"] == "anthropic/claude-opus-5"
    before = CliRunner().invoke(commands, [*asked, "2026-08-20"])
    assert (before.exit_code, json.loads(before.stdout)["model"]) == (1, None)


def test_a_day_that_is_none_is_refused_with_how_to_write_one() -> None:
    result = CliRunner().invoke(commands, ["gpt-5", "--as-of", "yesterday"])
    assert result.exit_code == 2
    assert "2026-01-31" in result.output
