"""Captures from any folder come into history in order of their dates, and once."""

from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import Engine

from catalog import bundle
from catalog.documents.sources import declare
from catalog.identity import load
from catalog.vocabulary import Cause
from spiders.backfill import BackfillResult, ManifestError, backfill, bundle_from, read_manifest
from spiders.source import Source, declaration, source_named
from tests.spiders.shop import NOON, gallery, shop, table, visits

ADDRESS = "https://shop.example.org/pricing"
RUNS = Path(__file__).parent.parent / "pages" / "aider" / "2025-06-09-runs.yml"
COLUMNS = ("file", "source", "url", "captured_at", "date_precision", "sha256", "notes")


@pytest.fixture(autouse=True)
def shop_is_declared(sqlite_store: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let backfill find the shop, and nothing else."""
    source = shop(ADDRESS, "https://shop.example.org/images")

    def find(name: str) -> Source:
        return {"shop": source}[name]

    monkeypatch.setattr("spiders.backfill.source_named", find)
    declare(sqlite_store, [declaration(source)], now=lambda: NOON)


def row(file: str, day: str, source: str = "shop", url: str = ADDRESS, digest: str = "") -> str:
    return f'{file}\t{source}\t{url}\t{day}\texact\t{digest}\ta "note'


def manifest(folder: Path, *rows: str, columns: Sequence[str] = COLUMNS) -> Path:
    path = folder / "MANIFEST.tsv"
    path.write_text("\n".join(["\t".join(columns), *rows]) + "\n", encoding="utf-8")
    return path


def pages(folder: Path, **bodies: str) -> None:
    (folder / "shop").mkdir(exist_ok=True)
    for name, body in bodies.items():
        (folder / "shop" / f"{name}.html").write_text(body, encoding="utf-8")


def take(store: Engine, path: Path) -> list[BackfillResult]:
    return list(backfill(store, read_manifest(path), identity=load(), now=lambda: NOON))


def test_captures_are_taken_in_order_of_their_dates(sqlite_store: Engine, tmp_path: Path) -> None:
    pages(tmp_path, new=table("$2"), old=table("$3"))
    path = manifest(
        tmp_path,
        row("shop/new.html", "2026-08-21"),
        row("shop/old.html", "2026-07-15"),
    )
    assert [result.file for result in take(sqlite_store, path)] == [
        "shop/old.html",
        "shop/new.html",
    ]
    first, second = visits(sqlite_store)
    assert first.fetched_at == datetime(2026, 7, 15, tzinfo=UTC)
    assert second.fetched_at == datetime(2026, 8, 21, tzinfo=UTC)
    assert first.cause == Cause.BACKFILLED
    assert first.sha256 == sha256(table("$3").encode()).hexdigest()
    assert first.url == ADDRESS


def test_a_second_backfill_of_the_same_pages_adds_nothing(
    sqlite_store: Engine, tmp_path: Path
) -> None:
    pages(tmp_path, page=table())
    path = manifest(tmp_path, row("shop/page.html", "2026-07-15"))
    [first] = take(sqlite_store, path)
    [second] = take(sqlite_store, path)
    assert (first.outcome, first.points, first.detail) == ("ok", 2, "")
    assert (second.outcome, second.points, second.detail) == ("ok", 2, "in the catalog already")
    assert len(visits(sqlite_store)) == 1


def test_the_document_is_told_by_the_bytes_and_not_by_the_address(
    sqlite_store: Engine, tmp_path: Path
) -> None:
    pages(tmp_path, page=gallery())
    path = manifest(tmp_path, row("shop/page.html", "2026-07-15", url="found on a disk"))
    [result] = take(sqlite_store, path)
    assert (result.outcome, result.points) == ("ok", 1)
    assert visits(sqlite_store)[0].url == "found on a disk"


def test_a_page_that_is_not_read_is_kept_as_a_visit_with_its_outcome(
    sqlite_store: Engine, tmp_path: Path
) -> None:
    pages(tmp_path, page="<!doctype html><title>Just a moment...</title><body></body></html>")
    path = manifest(tmp_path, row("shop/page.html", "2026-07-15"))
    [result] = take(sqlite_store, path)
    assert result.outcome == "blocked"
    assert visits(sqlite_store)[0].outcome == "blocked"


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (row("shop/page.html", "2026-07-15", source="other"), "no source is named 'other'"),
        (row("shop/lost.html", "2026-07-15"), "lost.html cannot be read: No such file"),
        (row("shop/page.html", "July 15"), "'July 15' is no date; write 2026-01-31"),
        (row("shop/page.html", "2026-07-15", digest="00" * 32), "does not have the sha256"),
        (row("", "2026-07-15"), "cannot be read: Is a directory"),
    ],
)
def test_what_cannot_be_taken_is_skipped_with_the_reason_and_the_rest_goes_on(
    sqlite_store: Engine, tmp_path: Path, wrong: str, why: str
) -> None:
    pages(tmp_path, page=table())
    path = manifest(tmp_path, wrong, row("shop/page.html", "2026-08-21"))
    skipped, taken = take(sqlite_store, path)
    assert skipped.outcome == "skipped"
    assert why in skipped.detail
    assert taken.outcome == "ok"


def test_a_stated_sha256_that_is_right_is_taken(sqlite_store: Engine, tmp_path: Path) -> None:
    pages(tmp_path, page=table())
    digest = sha256(table().encode()).hexdigest()
    path = manifest(tmp_path, row("shop/page.html", "2026-07-15", digest=digest))
    assert [result.outcome for result in take(sqlite_store, path)] == ["ok"]


def test_a_manifest_needs_its_columns(tmp_path: Path) -> None:
    path = manifest(tmp_path, columns=("file", "source"))
    with pytest.raises(ManifestError, match="lacks the columns url, captured_at; add them"):
        read_manifest(path)


def test_a_manifest_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match=r"cannot be read: .*No such file"):
        read_manifest(tmp_path / "MANIFEST.tsv")


def test_a_manifest_needs_only_four_columns_in_any_order(
    sqlite_store: Engine, tmp_path: Path
) -> None:
    pages(tmp_path, page=table())
    cells = ("2026-07-15T10:00:00+02:00", ADDRESS, "shop", "shop/page.html")
    columns = ("captured_at", "url", "source", "file")
    path = manifest(tmp_path, "\t".join(cells), columns=columns)
    assert [result.outcome for result in take(sqlite_store, path)] == ["ok"]
    assert visits(sqlite_store)[0].fetched_at == datetime(2026, 7, 15, 8, tzinfo=UTC)


def test_a_bundle_made_from_captures_loads_as_what_backfill_takes(
    sqlite_store: Engine, tmp_path: Path
) -> None:
    pages(tmp_path, old=table("$3"), new=table("$2"))
    path = manifest(
        tmp_path,
        row("shop/old.html", "2026-07-15"),
        row("shop/new.html", "2026-08-21"),
    )
    assert [made.outcome for made in bundle_from(path, tmp_path / "bundle")] == ["ok", "ok"]
    loaded = bundle.load(
        sqlite_store, tmp_path / "bundle", identity=load(), now=lambda: NOON, progress=None
    )
    assert (loaded.files, loaded.added) == (2, 2)
    assert [taken.detail for taken in take(sqlite_store, path)] == ["in the catalog already"] * 2


def test_a_packed_bundle_of_prices_only_loads_the_same_prices(
    sqlite_store: Engine, tmp_path: Path
) -> None:
    pages(tmp_path, old=table("$3"), new=table("$2"))
    path = manifest(
        tmp_path, row("shop/old.html", "2026-07-15"), row("shop/new.html", "2026-08-21")
    )
    folder = tmp_path / "bundle"
    made = list(bundle_from(path, folder, packed=True, prices_only=True))
    assert [(one.outcome, one.points) for one in made] == [("ok", 2), ("ok", 2)]
    assert sorted(file.name for file in folder.iterdir()) == ["SHA256SUMS", "shop.tsv.xz"]
    loaded = bundle.load(sqlite_store, folder, identity=load(), now=lambda: NOON)
    assert (loaded.files, loaded.added) == (2, 2)


def test_a_bundle_holds_no_page_that_was_made_up_or_not_read(tmp_path: Path) -> None:
    pages(tmp_path, synthetic=table(), strange="<!doctype html><p>Hello</p></html>")
    columns = ("file", "source", "url", "captured_at", "faithful")
    made_up = f"shop/synthetic.html\tshop\t{ADDRESS}\t2026-07-15\tsynthetic"
    strange = f"shop/strange.html\tshop\t{ADDRESS}\t2026-07-15\traw"
    lost = f"shop/lost.html\tshop\t{ADDRESS}\t2026-07-15\traw"
    path = manifest(tmp_path, made_up, strange, lost, columns=columns)
    outcomes = {made.file: made.outcome for made in bundle_from(path, tmp_path / "bundle")}
    assert outcomes == {
        "shop/synthetic.html": "skipped",
        "shop/strange.html": "empty",
        "shop/lost.html": "skipped",
    }
    assert not (tmp_path / "bundle").exists()


def test_a_bundle_keeps_of_benchmarks_the_results_that_rankings_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("spiders.backfill.source_named", source_named)
    (tmp_path / "runs.yml").write_bytes(RUNS.read_bytes())
    path = manifest(tmp_path, row("runs.yml", "2025-06-09", "aider", "https://aider.chat"))
    assert [made.outcome for made in bundle_from(path, tmp_path / "bundle")] == ["ok"]
    kept = (tmp_path / "bundle" / "aider" / "2025-06-09-runs.tsv").read_text()
    assert "aider polyglot (%)" in kept
    assert "aider polyglot first try (%)" not in kept
