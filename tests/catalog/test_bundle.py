"""The bundled history: what is written is read back, loads once, and survives being killed."""

import os
import signal
import time
from decimal import Decimal
from hashlib import sha256
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from catalog.bundle import (
    BUNDLED,
    CATALOGS,
    BundleError,
    files_with_sums,
    load,
    pack,
    read_head,
    read_page,
    write_page,
)
from catalog.documents.sources import Run
from catalog.identity import load as load_identity
from catalog.reading import Fact, Rate, Reading, Score
from catalog.store import open_store, reading
from tests.catalog.builders import NOW, Catalog, failed, point, visit

OPUS = "Claude Opus 4.7"


def bundle(folder: Path, pages: int) -> Path:
    """Write a bundle in which a price moves every day."""
    for day in range(1, pages + 1):
        models = [point(f"Model {n}", f"{day}.{n}") for n in range(30)]
        write_page(folder, visit(f"2026-05-{day:02}", *models))
    return folder


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    page = visit(
        "2026-05-01", point(OPUS, "5", variant="1024x1024 high", list_amount=Decimal("7.5"))
    )
    assert page.reading is not None
    everything = Reading(
        form="a",
        points=page.reading.points,
        facts=(Fact(model=OPUS, name="context_tokens", value="200000", evidence="200K"),),
        scores=(Score(model=OPUS, benchmark="eci", score=Decimal("150.5"), evidence="150.5"),),
        rates=(Rate.model_validate({"currency": "USD", "rate": "1.08", "date": "2026-05-01"}),),
    )
    full = page.model_copy(update={"reading": everything})
    assert read_page(write_page(tmp_path, full)) == full


def test_a_file_says_which_page_it_is(tmp_path: Path) -> None:
    path = write_page(tmp_path, visit("2026-05-01", point(OPUS, "5")), date_precision="at_most")
    assert path == tmp_path / "anthropic" / "2026-05-01-a.tsv"
    head = read_head(path)
    assert (head.document, head.date_precision) == ("docs", "at_most")
    assert path.read_text().splitlines()[:5] == [
        "# source: anthropic",
        "# document: docs",
        "# form: a",
        "# url: https://anthropic.example/docs",
        "# date: 2026-05-01",
    ]


def test_a_visit_that_read_nothing_is_not_bundled(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="nothing was read"):
        write_page(tmp_path, failed("2026-05-01"))


def test_a_file_of_another_kind_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "notes.tsv"
    path.write_text("model\tamount\n")
    with pytest.raises(BundleError, match=r"notes\.tsv"):
        read_head(path)


def test_loading_again_adds_nothing(store: Engine, tmp_path: Path) -> None:
    catalog, folder = Catalog(store), bundle(tmp_path, 3)
    first = load(store, folder, identity=catalog.identity, now=catalog.now)
    before = catalog.dump()
    second = load(store, folder, identity=catalog.identity, now=catalog.now)
    assert (first.files, first.added) == (3, 3)
    assert (second.files, second.added, second.events) == (3, 0, 0)
    assert catalog.dump() == before


def test_a_backfill_of_a_bundled_page_adds_nothing(store: Engine, tmp_path: Path) -> None:
    catalog, folder = Catalog(store), bundle(tmp_path, 1)
    load(store, folder, identity=catalog.identity, now=catalog.now)
    [result] = catalog.take(read_page(folder / "anthropic" / "2026-05-01-a.tsv"))
    assert result.known


def test_packed_pages_load_as_those_in_files_of_their_own(
    sqlite_store: Engine, tmp_path: Path, migrated_sqlite: Path
) -> None:
    folder, packed = bundle(tmp_path / "pages", 4), tmp_path / "packed"
    assert [path.name for path in pack(folder, packed)] == ["anthropic.tsv.xz"]
    catalog = Catalog(sqlite_store)
    loaded = load(sqlite_store, packed, identity=catalog.identity, now=catalog.now)
    again = load(sqlite_store, packed, identity=catalog.identity, now=catalog.now)
    assert (loaded.files, loaded.added, again.added) == (4, 4, 0)
    other = tmp_path / "other.db"
    other.write_bytes(migrated_sqlite.read_bytes())
    assert catalog.dump() == dump_after(f"sqlite:///{other}", folder)


def test_a_load_of_packed_pages_that_was_interrupted_goes_on(
    sqlite_store: Engine, tmp_path: Path
) -> None:
    pack(bundle(tmp_path / "pages", 4), tmp_path / "packed")
    catalog = Catalog(sqlite_store)

    def stop(done: int, *_: object) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load(
            sqlite_store,
            tmp_path / "packed",
            identity=catalog.identity,
            now=catalog.now,
            progress=stop,
        )
    rest = load(sqlite_store, tmp_path / "packed", identity=catalog.identity, now=catalog.now)
    assert (rest.files, rest.added) == (4, 2)


@pytest.mark.parametrize("folder", [BUNDLED, CATALOGS])
def test_the_sums_are_those_of_all_the_files_that_ship(folder: Path) -> None:
    sums = files_with_sums(folder)
    assert set(sums) == {path for path in folder.rglob("*.tsv*") if path.is_file()}
    assert all(sha256(path.read_bytes()).hexdigest() == digest for path, digest in sums.items())


def test_progress_is_told_file_by_file(sqlite_store: Engine, tmp_path: Path) -> None:
    catalog, told = Catalog(sqlite_store), []
    load(
        sqlite_store,
        bundle(tmp_path, 2),
        identity=catalog.identity,
        now=catalog.now,
        progress=lambda done, of, name: told.append((done, of, name)),
    )
    assert told == [(1, 2, "2026-05-01-a.tsv"), (2, 2, "2026-05-02-a.tsv")]


def load_all(url: str, folder: str) -> None:
    """Load a bundle from a process of its own."""
    engine = open_store(url)
    load(engine, Path(folder), identity=load_identity(), now=lambda: NOW)
    engine.dispose()


def test_a_load_that_is_killed_and_run_again_ends_in_the_same_dump(
    store_url: str, migrated_sqlite: Path, tmp_path: Path
) -> None:
    folder = bundle(tmp_path / "bundle", 12)
    undisturbed = tmp_path / "undisturbed.db"
    undisturbed.write_bytes(migrated_sqlite.read_bytes())
    wanted = dump_after(f"sqlite:///{undisturbed}", folder)
    Catalog(open_store(store_url)).engine.dispose()
    for pages in (1, 5, 9):
        loading = get_context("spawn").Process(target=load_all, args=(store_url, str(folder)))
        loading.start()
        wait_for(store_url, pages, loading)
        assert loading.pid is not None
        os.kill(loading.pid, signal.SIGKILL)
        loading.join()
    assert dump_after(store_url, folder) == wanted


def wait_for(url: str, pages: int, loading: BaseProcess) -> None:
    """Wait until a process has loaded some pages."""
    engine = open_store(url)
    deadline = time.monotonic() + 60
    loaded = 0
    while loaded < pages and loading.is_alive() and time.monotonic() < deadline:
        time.sleep(0.01)
        with reading(engine) as session:
            loaded = session.scalars(select(func.count()).select_from(Run)).one()
    engine.dispose()
    assert loaded >= pages


def dump_after(url: str, folder: Path) -> list[str]:
    engine = open_store(url)
    catalog = Catalog(engine)
    load(engine, folder, identity=catalog.identity, now=catalog.now)
    lines = catalog.dump()
    engine.dispose()
    return lines
