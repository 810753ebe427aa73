"""The price book as a file: what is written is read back, and the bundled one is of the history."""

from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from catalog.cost import price
from catalog.cost.book_file import BookError, read_book, write_book
from catalog.cost.cost_commands import commands
from catalog.cost.stored import StoredBook, write_stored
from catalog.identity import load as load_identity
from catalog.vocabulary import Meter
from tests.catalog.builders import Catalog, point, visit
from tests.catalog.cost.rates import rate, surcharge

OPUS = "anthropic/claude-opus-4.7"
USAGE: dict[str, object] = {"input_tokens": 1000}


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "book.tsv"
    rates = [
        rate("5"),
        rate("4", valid_from="2026-02-01", not_before="2026-01-15"),
        rate(None, Meter.OUTPUT_TOKENS, context_over=200_000, variant="thinking"),
    ]
    multiplier = surcharge("1.1", source="anthropic", name="us-only inference", scope="“all”")
    write_book(path, {OPUS: rates}, [multiplier])
    book = read_book(path, load_identity())
    assert book.rates_of(OPUS) == rates
    assert book.rates_of("openai/gpt-5") == []
    assert book.multipliers == (multiplier,)


def test_another_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("nothing\n")
    with pytest.raises(BookError, match="tokentape price-book"):
        read_book(path, load_identity())


def test_a_stores_book_follows_the_store(store: Engine, tmp_path: Path) -> None:
    catalog = Catalog(store)
    catalog.take(visit("2026-01-01", point("Claude Opus 4.7", "5")))
    book = StoredBook(store, catalog.identity, now=catalog.now)
    before = book.current()
    assert price(OPUS, USAGE, at="2026-01-01", book=before).total == Decimal("0.005")
    assert book.current() is before
    catalog.take(visit("2026-02-01", point("Claude Opus 4.7", "4")))
    assert price(OPUS, USAGE, at="2026-02-01", book=book.current()).total == Decimal("0.004")
    path = tmp_path / "book.tsv"
    assert write_stored(store, path, now=catalog.now) == 1
    written = read_book(path, catalog.identity)
    assert written.rates_of(OPUS) == book.current().rates_of(OPUS)


def test_the_command_writes_the_stores_book(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOKENTAPE_DATABASE_URL", sqlite_url)
    path = tmp_path / "book.tsv"
    done = CliRunner().invoke(commands, ["price-book", str(path)])
    assert (done.exit_code, done.stdout) == (0, f"{path}: 0 models\n")
