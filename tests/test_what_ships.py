"""The history that comes with the project: loaded once, whole, and every price of it proven."""

import importlib
import lzma
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Engine
from starlette.testclient import TestClient

from api.app import create_app
from catalog.bundle import BETWEEN, CATALOGS, load
from catalog.cost.book_file import BUNDLED as BUNDLED_BOOK
from catalog.cost.stored import write_stored
from catalog.current.facts import rates
from catalog.current.view import Views
from catalog.documents.sources import find_source
from catalog.exchange import Rates
from catalog.identity import load as load_identity
from catalog.migrating import migrate
from catalog.moments import parse_moment
from catalog.past.history import Price, prices, series_history
from catalog.sealing.proof import verify
from catalog.store import open_store, reading
from catalog.vocabulary import Meter, Precision, SourceKind
from spiders.loading import load_history
from spiders.source import source_names

NOW = datetime(2026, 11, 22, tzinfo=UTC)
FIRST_LISTS = 4
REFERENCE = Path(__file__).parent.parent / "docs" / "reference"
pytestmark = pytest.mark.xdist_group("what ships")


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A store with the history that comes with the project, loaded once for all tests."""
    engine = open_store(f"sqlite:///{tmp_path_factory.mktemp('ships')}/tokentape.db")
    migrate(engine)
    load_history(engine, now=lambda: NOW)
    yield engine
    engine.dispose()


@pytest.fixture
def copied(loaded: Engine, tmp_path: Path) -> Iterator[Engine]:
    """A copy of that store, to write into."""
    with closing(sqlite3.connect(str(loaded.url.database))) as connection:
        connection.execute("VACUUM INTO ?", [str(tmp_path / "copy.db")])
    engine = open_store(f"sqlite:///{tmp_path}/copy.db")
    yield engine
    engine.dispose()


def test_every_source_is_declared_and_past_days_can_be_converted(loaded: Engine) -> None:
    with reading(loaded) as session:
        assert all(find_source(session, name).name == name for name in source_names())
        known = Rates(rates(session))
    converted = known.convert(Decimal(7), "CNY", to="USD", at=date(2024, 3, 5))
    assert converted is not None
    assert Decimal("0.95") < converted.amount < Decimal("1.00")


def test_loading_again_adds_nothing(loaded: Engine, tmp_path: Path) -> None:
    before = verify(loaded, tmp_path)
    again = load_history(loaded, now=lambda: NOW)
    assert (again.files > 0, again.added, again.events) == (True, 0, 0)
    assert verify(loaded, tmp_path) == before
    assert before.is_whole


def test_the_bundled_price_book_is_that_of_the_bundled_history(
    loaded: Engine, tmp_path: Path
) -> None:
    """Where this fails, the history or the names have changed: run ``make book``."""
    path = tmp_path / "book.tsv"
    write_stored(loaded, path, now=lambda: NOW)
    same = path.read_bytes() == BUNDLED_BOOK.read_bytes()
    assert same, "run `make book`"


def test_the_page_of_exports_counts_the_bundled_history(
    loaded: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where this fails, the history or an export has changed: run ``make docs``."""
    monkeypatch.syspath_prepend(str(REFERENCE.parent))
    written = importlib.import_module("export_pages").page_of(loaded)
    same = (REFERENCE / "exports.md").read_text("utf-8") == f"{written}\n"
    assert same, "run `make docs`"


def pages_of_prices(client: TestClient, query: str) -> Iterator[dict[str, object]]:
    """Walk a list of prices to its end."""
    cursor: str | None = ""
    while cursor is not None:
        answer = client.get(f"/prices?limit=500{query}{cursor}").json()
        yield from answer["data"]
        cursor = f"&cursor={answer['next']}" if answer["next"] else None


@pytest.mark.parametrize("query", ["", "&as_of=2026-01-01"])
def test_every_published_price_leads_to_its_page_in_two_steps(
    loaded: Engine, tmp_path: Path, query: str
) -> None:
    app = create_app(loaded, archive=tmp_path)
    app.state.views = Views(loaded, now=lambda: NOW)
    client = TestClient(app)
    snapshots: dict[str, tuple[str, str]] = {}
    walked = 0
    for price in pages_of_prices(client, query):
        evidence = price["evidence"]
        assert isinstance(evidence, dict)
        assert evidence["text"], price["series"]
        assert evidence["reader_version"] >= 1
        assert (evidence["archived"], evidence["snapshot"], evidence["status"]) == (
            False,
            None,
            None,
        )
        snapshots[evidence["sha256"]] = (evidence["url"], evidence["fetched_at"])
        walked += 1
    assert walked > 300
    for sha256, (url, fetched_at) in snapshots.items():
        answer = client.get(f"/snapshots/{sha256}")
        problem = answer.json()
        assert answer.status_code == 404
        assert problem["detail"].startswith(f"not archived: {url} was fetched on {fetched_at[:10]}")
        assert problem["sha256"] == sha256


def first_lists(folder: Path) -> Path:
    """Keep the first of LiteLLM's lists, and llm-prices', in a bundle of their own."""
    folder.mkdir()
    text = lzma.decompress((CATALOGS / "litellm.tsv.xz").read_bytes()).decode()
    first = BETWEEN.join(text.split(BETWEEN)[:FIRST_LISTS])
    (folder / "litellm.tsv.xz").write_bytes(lzma.compress(first.encode(), preset=0))
    (folder / "llm-prices.tsv.xz").write_bytes((CATALOGS / "llm-prices.tsv.xz").read_bytes())
    return folder


def official(engine: Engine) -> list[Price]:
    """Give all that official sources ever stated, with its evidence."""
    with reading(engine) as session:
        return series_history(session, now=NOW, kind=SourceKind.OFFICIAL)


def ranking(engine: Engine) -> list[object]:
    app = create_app(engine)
    app.state.views = Views(engine, now=lambda: NOW)
    listed = TestClient(app).get("/models?sort=value&limit=500").json()["data"]
    return [(one["model"], one["value"], one["price"]) for one in listed if one["value"]]


def test_other_catalogs_lists_are_their_own_word_and_leave_the_official_ones_as_they_were(
    loaded: Engine, copied: Engine, tmp_path: Path
) -> None:
    folder = first_lists(tmp_path / "catalogs")
    identity = load_identity()
    taken = load(copied, folder, identity=identity, now=lambda: NOW)
    assert (taken.files, taken.added) == (8, 8)
    assert official(copied) == official(loaded)
    assert ranking(copied) == ranking(loaded)
    with reading(copied) as session:
        in_september = parse_moment("2024-09-01")
        then = prices(session, now=NOW, as_of=in_september, source="litellm", provider="openai")
    [price] = [p for p in then if (p.label, p.meter) == ("gpt-4o", Meter.INPUT_TOKENS)]
    assert (price.amount, price.kind, price.source) == (Decimal(5), SourceKind.CATALOG, "litellm")
    assert (price.precision, price.not_before) == (Precision.BETWEEN, parse_moment("2023-12-18"))
    assert price.evidence.text == '"input_cost_per_token": 5e-06'
    assert not price.evidence.archived
    assert verify(copied, tmp_path).is_whole
