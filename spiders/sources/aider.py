"""Aider: its polyglot coding benchmark, as the file its leaderboard is made from (YAML)."""

from spiders import kit

COUNTED = "counted in the shares, or in how the runs went"
RUNS = kit.ScoreTable(
    rows=kit.yaml_rows,
    model="model",
    date="date",
    scores={
        "pass_rate_1": "aider polyglot first try (%)",
        "pass_rate_2": "aider polyglot (%)",
        "percent_cases_well_formed": "aider polyglot well formed (%)",
        "seconds_per_case": "aider polyglot time per case (s)",
    },
    ignored={
        "dirname": "the name of the run",
        "edit_format": "how the model was asked to edit",
        "commit_hash": "of the tool",
        "command": "how the run was started",
        "versions": "of the tool",
        "total_cost": "what the run cost, which is no price",
        "editor_model": "the second model of a run with two",
        "editor_edit_format": "how the second model was asked to edit",
        **dict.fromkeys(
            (
                *("test_cases", "total_tests", "test_timeouts", "pass_num_1", "pass_num_2"),
                *("error_outputs", "num_malformed_responses", "num_with_malformed_responses"),
                *("user_asks", "lazy_comments", "syntax_errors", "indentation_errors"),
                *("exhausted_context_windows", "prompt_tokens", "completion_tokens"),
                *("thinking_tokens", "reasoning_effort"),
            ),
            COUNTED,
        ),
    },
    optional=frozenset(
        {
            *("total_cost", "editor_model", "editor_edit_format", "reasoning_effort"),
            *("prompt_tokens", "completion_tokens", "thinking_tokens"),
        }
    ),
)


class Aider(kit.Benchmark):
    """One entry a run: a model, the day, and the share of exercises it solved."""

    document = kit.Document(
        "polyglot",
        "https://raw.githubusercontent.com/Aider-AI/aider/main/aider/website/_data/polyglot_leaderboard.yml",
        forms=(
            kit.Form(
                "runs",
                recognise=kit.has_text(r"(?m)^- dirname: ", r"(?m)^  pass_rate_2: "),
                tables=(RUNS,),
            ),
        ),
        minimum_models=3,
        minimum_points=6,
    )
