"""Aider: its polyglot coding benchmark, as the file its leaderboard is made from (YAML)."""

from spiders import kit

URL = "https://raw.githubusercontent.com/Aider-AI/aider/main/aider/website/_data/polyglot_leaderboard.yml"
USED = ("prompt_tokens", "completion_tokens", "thinking_tokens")
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
        **kit.ignore("of the run", "dirname", "command", "edit_format", "reasoning_effort"),
        **kit.ignore("of the tool", "commit_hash", "versions"),
        **kit.ignore("of the second model of two", "editor_model", "editor_edit_format"),
        "total_cost": "what the run cost, which is no price",
        **kit.ignore(
            "counted in the shares, or in how the runs went",
            *("test_cases", "total_tests", "test_timeouts", "pass_num_1", "pass_num_2"),
            *("error_outputs", "num_malformed_responses", "num_with_malformed_responses"),
            *("user_asks", "lazy_comments", "syntax_errors", "indentation_errors"),
            *("exhausted_context_windows", *USED),
        ),
    },
    optional=("total_cost", "editor_model", "editor_edit_format", "reasoning_effort", *USED),
)
FILE = kit.Form("runs", kit.has_text(r"(?m)^- dirname: ", r"(?m)^  pass_rate_2: "), (RUNS,))


class Aider(kit.Benchmark):
    """One entry a run: a model, the day, and the share of exercises it solved."""

    document = kit.Document("polyglot", URL, (FILE,), minimum_models=3, minimum_points=6)
