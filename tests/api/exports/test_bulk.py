"""The whole history as SQLite, Parquet and NDJSON: the same exact decimals, over HTTP."""

import json
import sqlite3
from contextlib import closing
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from pyarrow import parquet
from starlette.testclient import TestClient

from tests.catalog.builders import Catalog, point, visit

TINY = "0.000000000001"
FILES = {
    "history.sqlite": "application/vnd.sqlite3",
    "history.parquet": "application/vnd.apache.parquet",
    "changes.ndjson": "application/x-ndjson",
}


@pytest.fixture
def history(catalog: Catalog) -> Catalog:
    """A price that changed twice, one of a trillionth of a dollar, and one that is free."""
    others = (point("Claude Haiku 4.5", TINY), point("Claude Sonnet 4.6", "0"))
    for day, amount in (("2026-05-01", "5"), ("2026-06-01", "2.50"), ("2026-07-01", "1.1")):
        catalog.take(visit(day, point("Claude Opus 4.7", amount), *others))
    return catalog


def amounts(history: Catalog) -> list[tuple[str, str, Decimal | None]]:
    """Give what the store says, in its order."""
    return [(one.series, one.valid_from.isoformat(), one.amount) for one in history.history()]


def stored(body: bytes, folder: Path, query: str) -> list[tuple[object, ...]]:
    """Ask a SQLite file that was downloaded."""
    (folder / "history.sqlite").write_bytes(body)
    with closing(sqlite3.connect(folder / "history.sqlite")) as store:
        return store.execute(query).fetchall()


def _moment(text: str) -> str:
    return text.replace("Z", "+00:00")


def test_sqlite_holds_every_price_of_all_time_as_exact_text(
    history: Catalog, client: TestClient, tmp_path: Path
) -> None:
    body = client.get("/exports/history.sqlite").content
    rows = stored(body, tmp_path, "SELECT series, valid_from, amount, typeof(amount) FROM prices")
    found = [(str(series), _moment(str(since)), Decimal(str(n))) for series, since, n, _ in rows]
    assert sorted(found) == sorted(amounts(history))
    assert {kind for *_, kind in rows} == {"text"}
    assert {str(n) for _, _, n, _ in rows} == {"5", "2.5", "1.1", TINY, "0"}


def test_sqlite_holds_the_log_the_models_and_what_it_is(
    history: Catalog, client: TestClient, tmp_path: Path
) -> None:
    body = client.get("/exports/history.sqlite").content
    events = stored(body, tmp_path, "SELECT sequence FROM changes ORDER BY 1")
    assert [one for (one,) in events] == [event.sequence for event in history.events()]
    about = stored(body, tmp_path, "SELECT name, value FROM about")
    assert ("sequence", str(len(events))) in about
    assert ("licence", "CC0-1.0") in about
    named = stored(body, tmp_path, "SELECT name FROM models WHERE id = 'anthropic/claude-opus-4.7'")
    assert named == [("Claude Opus 4.7",)]
    assert stored(body, tmp_path, "PRAGMA integrity_check") == [("ok",)]


def test_parquet_holds_the_same_decimals(history: Catalog, client: TestClient) -> None:
    body = client.get("/exports/history.parquet").content
    rows = parquet.read_table(BytesIO(body)).to_pylist()
    found = [(row["series"], row["valid_from"].isoformat(), row["amount"]) for row in rows]
    assert sorted(found) == sorted(amounts(history))
    assert all(isinstance(amount, Decimal) for *_, amount in found)


def test_changes_after_a_number_are_one_object_a_line_with_the_same_decimals(
    history: Catalog, client: TestClient
) -> None:
    events = history.events()
    since = events[2].sequence
    text = client.get(f"/exports/changes.ndjson?since={since}").text
    lines = [json.loads(line) for line in text.splitlines()]
    assert [line["sequence"] for line in lines] == [one.sequence for one in events[3:]]
    told = [(line["old"], line["new"]) for line in lines]
    due = [(one.old, one.new) for one in events[3:]]
    assert [tuple(None if one is None else Decimal(one) for one in pair) for pair in told] == due


def test_after_the_last_change_there_is_nothing(history: Catalog, client: TestClient) -> None:
    last = history.events()[-1].sequence
    answer = client.get(f"/exports/changes.ndjson?since={last}")
    assert (answer.status_code, answer.content) == (200, b"")


def test_a_moment_leaves_out_what_began_later(
    history: Catalog, client: TestClient, tmp_path: Path
) -> None:
    assert len(amounts(history)) == 5
    body = client.get("/exports/history.sqlite?as_of=2026-06-15").content
    rows = stored(body, tmp_path, "SELECT amount FROM prices WHERE model LIKE '%opus%'")
    assert sorted(str(one) for (one,) in rows) == ["2.5", "5"]


@pytest.mark.usefixtures("history")
@pytest.mark.parametrize("name", FILES)
def test_a_file_names_its_type_and_state_and_is_not_sent_twice(
    client: TestClient, name: str
) -> None:
    first = client.get(f"/exports/{name}")
    assert first.headers["content-type"].partition(";")[0] == FILES[name]
    assert int(first.headers["tokentape-sequence"]) == 5
    assert first.headers["tokentape-known-at"].endswith("Z")
    etag = first.headers["etag"]
    again = client.get(f"/exports/{name}", headers={"if-none-match": etag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
    assert client.get(f"/exports/{name}").content == first.content


@pytest.mark.usefixtures("history")
@pytest.mark.parametrize("name", FILES)
def test_head_gives_the_headers_alone_and_a_part_is_not_promised(
    client: TestClient, name: str
) -> None:
    whole, head = client.get(f"/exports/{name}"), client.head(f"/exports/{name}")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["etag"] == whole.headers["etag"]
    part = client.get(f"/exports/{name}", headers={"range": "bytes=0-9"})
    assert (part.status_code, part.content) == (200, whole.content)
    assert "accept-ranges" not in whole.headers


def test_a_new_price_makes_a_new_tag(history: Catalog, client: TestClient) -> None:
    before = client.get("/exports/history.parquet").headers["etag"]
    history.take(visit("2026-08-01", point("Claude Opus 4.7", "9")))
    after = client.get("/exports/history.parquet", headers={"if-none-match": before})
    assert after.status_code == 200
    assert after.headers["etag"] != before


@pytest.mark.parametrize("name", FILES)
def test_the_whole_history_loses_nothing_and_so_has_no_account(
    client: TestClient, name: str
) -> None:
    listed = {one["path"]: one["loss"] for one in client.get("/exports").json()["data"]}
    assert listed[f"/exports/{name}"] is None
    refused = client.get(f"/exports/{name}/loss")
    assert refused.status_code == 404
    assert "litellm" in refused.json()["candidates"]
