"""Pricing a log again: as it was, at another date, on another model; what is wrong is numbered."""

import csv
import json
from pathlib import Path

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from catalog.cost.cost_commands import commands

ANTHROPIC = {"input_tokens": 1000, "output_tokens": 100}
OPENAI = {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100}


@pytest.fixture(autouse=True)
def _no_store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Price by the bundled history."""
    monkeypatch.setenv("TOKENTAPE_DATABASE_URL", f"sqlite:///{tmp_path / 'none.db'}")


def log(folder: Path, *lines: object) -> Path:
    path = folder / "usage.jsonl"
    path.write_text(
        "".join(f"{one if isinstance(one, str) else json.dumps(one)}\n" for one in lines)
    )
    return path


def line(model: str, usage: dict[str, int], at: str = "2026-08-08") -> dict[str, object]:
    return {"model": model, "at": at, "usage": usage}


def repriced(path: Path, *options: str) -> tuple[int, list[list[str]], str, str]:
    """Run the command; give its exit code, the rows of its CSV, and what it printed."""
    out = path.parent / "table.csv"
    done = CliRunner().invoke(commands, ["reprice", str(path), "--csv", str(out), *options])
    rows = list(csv.reader(out.read_text().splitlines())) if out.exists() else []
    return done.exit_code, rows, done.stdout, done.stderr


def test_a_log_is_priced_as_it_was_by_model_with_totals(tmp_path: Path) -> None:
    path = log(tmp_path, *[line("claude-opus-4-6", ANTHROPIC)] * 2, line("gpt-4o", OPENAI))
    code, rows, shown, _ = repriced(path)
    assert code == 0
    assert rows == [
        ["model", "currency", "requests", "not priced", "input tokens", "output tokens", "cost"],
        ["anthropic/claude-opus-4.6", "USD", "2", "0", "2000", "200", "0.015"],
        ["openai/gpt-4o", "USD", "1", "0", "1000", "100", "0.0035"],
        ["total", "USD", "3", "0", "3000", "300", "0.0185"],
    ]
    assert all(cell in shown for row in rows[1:] for cell in row)


def test_no_cell_of_the_table_is_cut_in_a_narrow_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    path = log(tmp_path, line("claude-opus-4-6", {"input_tokens": 123_456_789}))
    _, rows, shown, _ = repriced(path, "--at", "2026-09-05")
    assert all(cell in shown for row in rows[1:] for cell in row)
    assert "anthropic/claude-opus-4.6" in shown


def test_a_log_is_priced_at_another_date_beside(tmp_path: Path) -> None:
    path = log(tmp_path, line("gpt-5.6-luna", {"input_tokens": 10**5}, "2026-07-15"))
    code, rows, _, _ = repriced(path, "--at", "2026-09-05")
    assert code == 0
    assert rows[0][7:] == ["currency otherwise", "not priced otherwise", "cost otherwise", "change"]
    assert rows[1][6:] == ["0.1", "USD", "0", "0.02", "-0.08"]


def test_a_log_is_priced_on_another_model_beside(tmp_path: Path) -> None:
    path = log(tmp_path, line("gpt-4o", OPENAI), line("claude-opus-4-6", ANTHROPIC))
    _, rows, _, _ = repriced(path, "--model", "claude-haiku-4-5")
    assert [row[-2:] for row in rows[1:]] == [
        ["0.0015", "-0.006"],
        ["0.0015", "-0.002"],
        ["0.003", "-0.008"],
    ]


def test_bad_lines_are_numbered_and_counted_and_the_exit_code_says_so(tmp_path: Path) -> None:
    path = log(
        tmp_path,
        line("gpt-4o", OPENAI),
        "{",
        {"model": "gpt-4o"},
        line("gpt-4o", {"prompt_tokens": -1}),
        line("gpt-4o", OPENAI, "yesterday"),
        line("gpt-4o", OPENAI),
    )
    code, rows, _, errors = repriced(path)
    assert code == 1
    assert rows[-1][2] == "2"
    assert [one.partition(":")[0] for one in errors.splitlines() if one.startswith("line")] == [
        *("line 2", "line 3", "line 4", "line 5")
    ]
    assert "4 lines are not priced: they are no usages" in errors


def test_what_has_no_price_is_counted_apart_and_never_zero(tmp_path: Path) -> None:
    path = log(tmp_path, line("gpt-4o", OPENAI), line("gpt-99", OPENAI))
    code, rows, _, errors = repriced(path)
    assert code == 1
    assert ["gpt-99", "", "1", "1", "1000", "100", ""] in rows
    assert "not priced, 1 requests: unknown: no known model is called 'gpt-99'" in errors


def test_what_no_request_comes_to_is_no_amount(tmp_path: Path) -> None:
    """Opus 4.6 had no price in 2025, and no price of its images is known in any year."""
    path = log(
        tmp_path,
        line("claude-opus-4-6", ANTHROPIC),
        line("gpt-4o", OPENAI | {"images": 1}),
    )
    _, rows, _, _ = repriced(path, "--at", "2025-12-01")
    assert [row[6:] for row in rows[1:]] == [
        ["0.0075", "USD", "1", "", ""],
        ["", "USD", "1", "", ""],
        ["0.0075", "USD", "2", "", ""],
    ]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--model", "gpt-99"), "no known model is called 'gpt-99'; there are openai/gpt-4"),
        (("--model", "gpt-4o", "--provider", "azure"), "name one of its providers: openai"),
        (("--provider", "azure"), "name the --model that it sells"),
        (("--at", "gestern"), "is no date"),
    ],
)
def test_what_nobody_sells_is_refused_before_the_log_is_read(
    tmp_path: Path, options: tuple[str, ...], says: str
) -> None:
    code, rows, _, errors = repriced(log(tmp_path, line("gpt-4o", OPENAI)), *options)
    assert (code, rows) == (2, [])
    assert says in " ".join(errors.replace("│", "").split())


def test_a_csv_log_gives_the_same_in_either_form(tmp_path: Path) -> None:
    path = tmp_path / "usage.csv"
    path.write_text(
        "model,at,tier,prompt_tokens,completion_tokens,prompt_tokens_details.cached_tokens\n"
        "gpt-4o,2026-08-08,batch,1000,100,400\n"
        "gpt-4o,2026-08-08,,1000,100,\n"
        "gpt-4o,2026-08-08,,1000,many,\n"
        "gpt-4o,2026-08-08\n"
    )
    code, _, _, errors = repriced(path)
    assert code == 1
    assert "line 4: completion_tokens is 'many'" in errors
    assert "line 5: the row has 2 cells, the head 6" in errors
    as_json = tmp_path / "json.csv"
    usage = json.dumps({"prompt_tokens": 1000, "completion_tokens": 100}).replace('"', '""')
    as_json.write_text(f'model,at,usage\ngpt-4o,2026-08-08,"{usage}"\n')
    assert repriced(as_json)[1][1][6] == "0.0035"


def test_a_line_in_another_encoding_hides_no_line_after_it(tmp_path: Path) -> None:
    path = tmp_path / "usage.csv"
    row = b"gpt-4o,2026-08-08,1000\n"
    path.write_bytes(b"model,at,prompt_tokens\n" + row + b"caf\xe9,2026-08-08,1\n" + row + b"a\n")
    code, rows, _, errors = repriced(path)
    assert code == 1
    assert rows[-1][2] == "2"
    assert "line 3: no UTF-8" in errors
    assert "line 5: the row has 1 cells" in errors


@pytest.mark.parametrize(
    ("head", "says"),
    [
        (b"gpt-4o,2026-08-08,1000", "each once"),
        (b"", "each once"),
        (b"mod\xe9l,usage", "its head cannot be read: no UTF-8"),
    ],
)
def test_a_csv_without_a_head_is_refused(tmp_path: Path, head: bytes, says: str) -> None:
    path = tmp_path / "usage.csv"
    path.write_bytes(head)
    code, _, _, errors = repriced(path)
    assert code == 2
    assert says in " ".join(errors.replace("│", "").split())


def test_a_store_without_prices_is_as_good_as_none(
    sqlite_store: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TOKENTAPE_DATABASE_URL", str(sqlite_store.url))
    code, rows, _, errors = repriced(log(tmp_path, line("gpt-4o", OPENAI)))
    assert (code, rows[1][6]) == (0, "0.0035")
    assert "priced by the bundled history" in errors
