"""The access log: a line of JSON a request, that says how it went and nothing secret."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from api.app import create_app
from api.delivery.tokens import new_api_key
from api.http.access_log import writer_of
from catalog.current.view import Views
from catalog.settings import Settings, environment_settings, read_settings
from tests.catalog.builders import Catalog

Line = dict[str, object]


@pytest.fixture
def logged(shared: Catalog, tmp_path: Path) -> tuple[TestClient, Callable[[], list[Line]]]:
    """Ask an application that logs to a file, and read it."""
    path = tmp_path / "logs" / "access.jsonl"
    app = create_app(shared.engine, settings=_settings(str(path)))
    app.state.views = Views(shared.engine, now=shared.now)
    client = TestClient(app, raise_server_exceptions=False)
    return client, lambda: [json.loads(line) for line in path.read_text().splitlines()]


def _settings(access_log: str) -> Settings:
    return replace(environment_settings(), rate_limit=0, access_log=access_log)


def test_a_line_says_how_a_request_was_answered(
    logged: tuple[TestClient, Callable[[], list[Line]]],
) -> None:
    client, lines = logged
    answer = client.get(
        "/models/anthropic/claude-opus-4.7",
        headers={"X-Request-Id": "mine", "Accept-Encoding": "identity"},
    )
    (line,) = lines()
    assert str(line.pop("time")).startswith("20")
    assert float(str(line.pop("seconds"))) > 0
    assert line == {
        "method": "GET",
        "route": "/models/{maker}/{name}",
        "status": 200,
        "bytes": len(answer.content),
        "request_id": "mine",
        "key": None,
    }


@pytest.mark.parametrize(
    ("method", "path", "status", "route"),
    [
        ("GET", "/nothing", 404, None),
        ("POST", "/models", 405, "/models"),
        ("GET", "/models?sort=best", 422, "/models"),
        ("OPTIONS", "/models", 204, "/models"),
        ("HEAD", "/v1/models", 200, "/v1/models"),
        ("GET", "/%zz", 400, None),
    ],
)
def test_refusals_are_logged_too(
    logged: tuple[TestClient, Callable[[], list[Line]]],
    method: str,
    path: str,
    status: int,
    route: str | None,
) -> None:
    client, lines = logged
    answer = client.request(method, path)
    (line,) = lines()
    assert (line["method"], line["status"], line["route"]) == (method, status, route)
    assert line["request_id"] == answer.headers["x-request-id"]
    assert line["bytes"] == len(answer.content)


def test_of_a_key_only_its_beginning_is_logged_and_of_a_query_nothing(
    logged: tuple[TestClient, Callable[[], list[Line]]], tmp_path: Path
) -> None:
    client, lines = logged
    key = new_api_key()
    client.get(f"/subscriptions?{key}=1&limit=77123", headers={"Authorization": f"Bearer {key}"})
    client.get("/models", headers={"Authorization": "Bearer not-one-of-ours"})
    client.get(f"/{key}")
    assert [line["key"] for line in lines()] == [key[:8], None, None]
    text = (tmp_path / "logs" / "access.jsonl").read_text()
    for secret in (key, key[8:], "77123", "not-one-of-ours"):
        assert secret not in text


def test_a_request_that_fails_inside_is_logged_as_it_was_answered(
    logged: tuple[TestClient, Callable[[], list[Line]]],
) -> None:
    client, lines = logged
    failing = client.app
    assert isinstance(failing, FastAPI)
    failing.state.views = None
    assert client.get("/models").status_code == 500
    assert lines()[0]["status"] == 500


def test_a_log_that_was_moved_away_is_begun_anew(tmp_path: Path) -> None:
    path = tmp_path / "access.jsonl"
    write = writer_of(str(path))
    write("first")
    path.rename(tmp_path / "yesterday.jsonl")
    write("second")
    assert path.read_text() == "second\n"


def test_a_line_goes_to_standard_output_where_that_is_set(
    capsys: pytest.CaptureFixture[str],
) -> None:
    writer_of(read_settings({"TOKENTAPE_ACCESS_LOG": "-"}).access_log)("a line")
    assert capsys.readouterr().out == "a line\n"


def test_nothing_is_logged_unless_it_is_set() -> None:
    assert read_settings({}).access_log == ""
