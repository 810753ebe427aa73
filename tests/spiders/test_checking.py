"""Looking into a page: the reading beside its tables, what is ignored, what is unaccounted for."""

import json
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner, Result

from catalog.vocabulary import Meter, Outcome
from spiders.check_report import show
from spiders.checking import Check, TableCheck, examine
from spiders.commands import commands
from spiders.price_table import Choice, Ignored, Model, Price, PriceTable
from spiders.source import read, source_named
from spiders.table_reading import TableReading
from spiders.terms import Terms, coordinates
from tests.spiders.expectations import PAGES, pages
from tests.spiders.tables import markdown_page, only_grid

DOCS = PAGES / "anthropic" / "2026-08-08-docs.md"
ISLANDS = PAGES / "openai" / "2026-08-21-islands.html"
TURNED = PAGES / "google" / "2025-12-07-markdown.md"
MODELS = PAGES / "openrouter" / "2026-08-21-models.json"


def look(page: Path, *changes: tuple[str, str]) -> Check:
    """Examine a page after some replacements, each of which must change something."""
    text = page.read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return examine(source_named(page.parent.name), text.encode())


def table(check: Check, heading: str) -> TableCheck:
    [found] = [table for table in check.tables if heading in table.grid.headings]
    return found


def widened(markdown: str) -> str:
    """Give every table of a text a further column."""
    lines = markdown.split("\n")
    return "\n".join(_wider(line) if line.startswith("|") else line for line in lines)


def _wider(line: str) -> str:
    return f"{line} {'---' if '---' in line else 'x'} |"


def printed(check: Check, *, whole: bool = False) -> str:
    out = StringIO()
    show(check, Console(file=out, width=100), whole=whole)
    return out.getvalue()


def call(*words: str) -> Result:
    return CliRunner().invoke(commands, words)


@pytest.mark.parametrize("page", pages(), ids=lambda page: f"{page.parent.name}/{page.name}")
def test_it_shows_what_is_read_and_nothing_else(page: Path) -> None:
    source = source_named(page.parent.name)
    check = examine(source, page.read_bytes())
    reading = read(source, page.read_bytes())
    assert check.verdict.outcome is Outcome.OK
    assert check.form == reading.form
    assert {coordinates(p) for p in check.found.points} == set(map(coordinates, reading.points))
    assert not check.lacks
    assert not sum(table.unclaimed for table in check.tables)
    assert max(map(len, printed(check).splitlines())) <= 100


def test_each_cell_has_the_prices_read_from_it() -> None:
    models = table(look(DOCS), "Model pricing")
    [price] = models.points[(3, 2)]
    assert models.grid.rows[2][1].text == "$5 / MTok"
    assert (price.model, price.meter, str(price.amount)) == ("Claude Opus 5", "input_tokens", "5")
    assert models.roles[0] == "model"


def test_columns_and_paragraphs_are_ignored_by_named_rules() -> None:
    check = look(DOCS)
    assert table(check, "Session runtime").roles[2] == "ignored: says when the session counts"
    rules = {entry.rule.reason for entry in check.entries if entry.rule}
    assert "a worked example" in rules
    assert "a worked example" in printed(check)


def test_columns_of_a_turned_table_are_ignored_by_named_rules() -> None:
    first = look(PAGES / "google" / "2025-12-07-markdown.md").tables[0]
    assert first.is_turned
    assert first.ignored == {2: "the free plan"}
    assert {column for _, column in first.points} == {3}


def test_rows_are_ignored_by_named_rules() -> None:
    declared = PriceTable(
        None,
        {
            "Model": Model(),
            "Plan": Choice({"Pay": Terms(), "Free": Ignored("the free plan")}),
            "Input {unit}": Price(Meter.INPUT_TOKENS, currency="USD"),
        },
    )
    text = "|Model|Plan|Input / 1M tokens|\n|-|-|-|\n|a|Free|$0|\n|a|Pay|$2|\n"
    reading = TableReading(declared, only_grid(markdown_page(text)))
    assert [str(price.amount) for price in reading.found().points] == ["2"]
    assert reading.ignored == {0: "the free plan"}


def test_a_renamed_column_is_shown_with_the_table_that_it_belongs_to() -> None:
    check = look(DOCS, ("Base Input Tokens", "Entry Tokens"))
    models = table(check, "Model pricing")
    assert check.verdict.outcome is Outcome.PAGE_CHANGED
    assert (check.form, check.lacks) == ("docs", ())
    assert models.roles[1] == "not declared"
    assert "it lacks the columns 'Base input tokens'" in models.likeness
    assert models.unclaimed == 60
    assert len(table(check, "Batch processing").points) == 10
    assert "Declare what is new in spiders/sources/anthropic.py" in check.next_step


def test_an_unmapped_column_is_shown_and_the_other_tables_still_read() -> None:
    head, batch = DOCS.read_text("utf-8").split("### Batch processing", 1)
    body = f"{head}### Batch processing{widened(batch)}"
    check = examine(source_named("anthropic"), body.encode())
    batch_table = table(check, "Batch processing")
    assert batch_table.roles[3] == "not declared"
    assert "column 4 'x' is neither mapped nor ignored" in batch_table.troubles[0]
    assert len(table(check, "Model pricing").points) == 60
    assert "not declared" in printed(check)


def test_a_page_of_no_known_form_is_shown_by_the_nearest() -> None:
    check = look(DOCS, ("Batch processing", "Bulk processing"))
    assert check.verdict.outcome is Outcome.PAGE_CHANGED
    assert (check.document, check.form) == ("docs", "docs")
    assert check.lacks == ("has no heading 'Batch (?:processing|API)(?: pricing)?'",)
    [batch] = [part for part in check.parts if part.trouble]
    assert batch.hint.startswith("table 5 comes nearest: it does not stand under 'Batch ")
    assert "It is of no known form. The nearest is docs" in printed(check)


def test_an_amount_that_nothing_accounts_for_is_shown_where_it_stands() -> None:
    check = look(DOCS, ("## Prompt caching", "## Prompt caching\n\nNow $7 per 1M tokens.\n"))
    assert check.verdict.outcome is Outcome.UNCLAIMED_PRICES
    assert "spiders/sources/anthropic.py" in check.next_step
    assert "1 unclaimed" in printed(check)
    assert "Now $7 per 1M tokens." in printed(check)


def test_a_lists_fields_are_mapped_ignored_or_unknown() -> None:
    check = look(MODELS, ('"completion":', '"surprise": "0.1", "completion":'))
    fields = {field.path: field for field in check.fields}
    assert check.verdict.outcome is Outcome.PAGE_CHANGED
    assert fields["pricing.prompt"].role == "price"
    assert fields["pricing.prompt"].says == "input_tokens, USD per 1M tokens, x1000000"
    assert fields["context_length"].role == "fact"
    assert (fields["pricing.surprise"].role, fields["pricing.surprise"].example.printed) == (
        "unknown",
        '"0.1"',
    )
    assert "neither mapped nor" in printed(check)


def test_a_field_that_is_priced_shows_what_its_example_is_read_as() -> None:
    fields = {field.path: field for field in look(MODELS).fields}
    cached = fields["pricing.input_cache_read"]
    assert (cached.count, cached.example.printed) == (5, '"0.000001"')
    assert [str(price.amount) for price in cached.read] == ["1"]


def test_fields_and_records_that_are_ignored_are_counted_by_rule() -> None:
    check = look(PAGES / "together" / "2025-07-25-models.json")
    ignored = [field for field in check.fields if field.role == "ignored"]
    assert ignored or check.skipped
    assert all(field.says and field.count for field in ignored)


@pytest.mark.parametrize("body", [b"", b"\xff\xfe\x00\xd8", b"{", b"<html></html>", b"# Prices"])
def test_whatever_comes_instead_of_a_page_is_shown_as_refused(body: bytes) -> None:
    check = examine(source_named("anthropic"), body)
    assert check.verdict.reading is None
    assert f"anthropic: {check.verdict.outcome}" in printed(check)


@pytest.mark.parametrize("page", [DOCS, MODELS, ISLANDS, TURNED], ids=lambda page: page.name)
@pytest.mark.parametrize("share", [10, 45, 70, 97])
def test_a_page_cut_off_anywhere_is_shown(page: Path, share: int) -> None:
    body = page.read_bytes()
    check = examine(source_named(page.parent.name), body[: len(body) * share // 100])
    assert check.verdict.detail[:40] in " ".join(printed(check).split())


def test_words_of_a_page_cannot_steer_the_terminal() -> None:
    check = look(DOCS, ("| Claude Fable 5 ", "| Claude [bold]Fable[/bold] \x1b[31m5 "))
    assert "\x1b" not in printed(check)
    assert "[bold]" in printed(check)


def test_a_challenge_is_nothing_to_be_mended() -> None:
    body = b"<!doctype html><title>Just a moment...</title><body></body></html>"
    check = examine(source_named("anthropic"), body)
    assert check.verdict.outcome is Outcome.BLOCKED
    assert check.next_step == "Nothing is wrong with the reader: fetch the page again later."


def test_tables_without_prices_or_trouble_are_shown_when_asked_for() -> None:
    check = look(DOCS)
    assert "Claude Platform on AWS pricing" not in printed(check).split("Ignored by name")[0]
    assert "4 more tables hold neither prices nor trouble; see --all" in printed(check)
    assert "more tables" not in printed(check, whole=True)


def test_a_wide_table_is_shown_as_a_list_of_its_rows() -> None:
    check = look(DOCS)
    out = StringIO()
    show(check, Console(file=out, width=60), whole=False)
    assert max(map(len, out.getvalue().splitlines())) <= 60
    assert "Cache Hits & Refreshes" in out.getvalue()


def test_a_pipe_gets_all_of_it_as_json_lines() -> None:
    result = call("check", "anthropic", str(DOCS))
    assert result.exit_code == 0
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert lines[0]["is"] == "page"
    assert (lines[0]["outcome"], lines[0]["form"]) == ("ok", "docs")
    assert {line["is"] for line in lines} == {"page", "reader", "table", "price", "amount"}
    prices = [line for line in lines if line["is"] == "price"]
    assert (prices[0]["cell"], prices[0]["amount"]) == ("$10 / MTok", "10")
    states = {line["state"] for line in lines if line["is"] == "amount"}
    assert states == {"claimed", "ignored"}


def test_a_refused_page_exits_3_with_all_that_can_be_shown(tmp_path: Path) -> None:
    saved = tmp_path / "page.md"
    saved.write_text(DOCS.read_text().replace("Base Input Tokens", "Entry Tokens"))
    result = call("check", "anthropic", str(saved))
    assert result.exit_code == 3
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert lines[0]["outcome"] == "page_changed"
    assert any(line["is"] == "price" for line in lines)


def test_it_needs_no_database_and_only_its_own_source(tmp_path: Path) -> None:
    program = (
        "import sys; from spiders.commands import commands\n"
        f"commands(['check', 'anthropic', {str(DOCS)!r}], standalone_mode=False)\n"
        "print(*[name for name in sys.modules if name.startswith('spiders.sources.')"
        " or name in {'sqlalchemy', 'playwright', 'fastapi'}], file=sys.stderr)"
    )
    done = subprocess.run(  # noqa: S603 our own program
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert done.stderr.split() == ["spiders.sources.anthropic"]
