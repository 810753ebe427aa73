"""Archived pages over HTTP: the very bytes, and nothing that a browser would run."""

from hashlib import sha256
from pathlib import Path

import pytest
from fastapi import FastAPI
from scrapy.http import Response
from starlette.testclient import TestClient

from spiders.fetching.archive import Archive, ArchivedSnapshot
from tests.catalog.builders import NOW, Catalog, point, visit

PAGE = b"<html><script>alert(document.domain)</script>Opus: $5</html>"
DIGEST = sha256(PAGE).hexdigest()


@pytest.fixture
def kept(app: FastAPI, tmp_path: Path) -> ArchivedSnapshot:
    """Archive a page that would run a script."""
    app.state.archive = tmp_path / "archive"
    response = Response("https://anthropic.example/docs", body=PAGE)
    return Archive(app.state.archive).store(response, NOW)


def take(catalog: Catalog, *, archived: bool) -> None:
    read = visit("2026-05-01", point("Claude Opus 4.7", "5"), sha256=DIGEST, archived=archived)
    catalog.take(read)


@pytest.mark.parametrize("prefix", ["", "/v1"])
@pytest.mark.usefixtures("kept")
def test_a_page_is_served_as_fetched_and_runs_nothing(
    client: TestClient, catalog: Catalog, prefix: str
) -> None:
    take(catalog, archived=True)
    answer = client.get(f"{prefix}/snapshots/{DIGEST}")
    assert (answer.status_code, answer.content) == (200, PAGE)
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-disposition"] == f'attachment; filename="{DIGEST}.bin"'
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


@pytest.mark.usefixtures("kept")
def test_head_gives_the_headers_alone(client: TestClient, catalog: Catalog) -> None:
    take(catalog, archived=True)
    answer = client.head(f"/snapshots/{DIGEST}")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-length"] == str(len(PAGE))


@pytest.mark.parametrize("archived", [False, True], ids=["bundled", "archive moved away"])
def test_a_page_that_is_not_archived_is_told_by_address_date_and_sha256(
    client: TestClient, catalog: Catalog, app: FastAPI, tmp_path: Path, *, archived: bool
) -> None:
    app.state.archive = tmp_path / "empty"
    take(catalog, archived=archived)
    answer = client.get(f"/snapshots/{DIGEST}")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    problem = answer.json()
    assert problem["detail"].startswith(
        "not archived: https://anthropic.example/docs was fetched on 2026-05-01"
    )
    assert problem["url"] == "https://anthropic.example/docs"
    assert problem["fetched_at"] == "2026-05-01T00:00:00Z"
    assert problem["sha256"] == DIGEST


@pytest.mark.usefixtures("kept")
def test_bytes_that_no_visit_fetched_are_unknown_even_where_the_archive_holds_them(
    client: TestClient,
) -> None:
    answer = client.get(f"/snapshots/{DIGEST}")
    assert answer.status_code == 404
    assert answer.json()["detail"] == f"nothing was fetched that has the sha256 {DIGEST}"


@pytest.mark.parametrize("asked", ["abc", DIGEST.upper(), DIGEST + "0", f"{DIGEST}%20"])
def test_what_is_no_sha256_is_refused_by_name(client: TestClient, asked: str) -> None:
    answer = client.get(f"/snapshots/{asked}")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["parameter"] == "sha256"


@pytest.mark.parametrize("damage", [b"", b"no gzip at all", None], ids=["empty", "no warc", "cut"])
def test_damaged_bytes_are_not_given_out(
    client: TestClient, catalog: Catalog, kept: ArchivedSnapshot, damage: bytes | None
) -> None:
    take(catalog, archived=True)
    kept.path.write_bytes(kept.path.read_bytes()[:300] if damage is None else damage)
    answer = client.get(f"/snapshots/{DIGEST}")
    assert answer.status_code == 500
    assert "is damaged and is not given out" in answer.json()["detail"]


@pytest.mark.usefixtures("kept")
def test_a_prices_and_an_events_evidence_lead_to_the_archived_page(
    client: TestClient, catalog: Catalog
) -> None:
    take(catalog, archived=True)
    for path in ("/prices", "/changes"):
        evidence = client.get(path).json()["data"][-1]["evidence"]
        assert (evidence["archived"], evidence["snapshot"]) == (True, f"/snapshots/{DIGEST}")
        assert client.get(evidence["snapshot"]).content == PAGE


def test_evidence_of_a_bundled_reading_says_that_it_is_not_archived(
    client: TestClient, catalog: Catalog
) -> None:
    take(catalog, archived=False)
    for path in ("/prices", "/changes"):
        evidence = client.get(path).json()["data"][-1]["evidence"]
        assert (evidence["archived"], evidence["snapshot"]) == (False, None)
        assert evidence["sha256"] == DIGEST
