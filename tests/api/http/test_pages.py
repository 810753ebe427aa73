"""Health, metrics, the guide for language models, what problems mean, and what will go."""

import re
from datetime import date, timedelta

import pytest
from fastapi import FastAPI
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from api.http.deprecations import DEPRECATED, Deprecated, deprecation_headers
from api.http.problem_types import TYPES, ProblemType
from api.http.route_table import route_table
from catalog.current.view import Views
from tests.api.http.conftest import LATER, asking
from tests.catalog.builders import Catalog

Sample = tuple[str, frozenset[tuple[str, str]]]


def samples(client: TestClient) -> dict[Sample, float]:
    answer = client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=")
    families = text_string_to_metric_families(answer.text)
    return {
        (one.name, frozenset(one.labels.items())): one.value
        for family in families
        for one in family.samples
    }


def test_requests_are_counted_by_template_and_never_by_what_clients_make_up(
    client: TestClient, app: FastAPI
) -> None:
    named = {("route", "/models/{maker}/{name}"), ("method", "GET"), ("status", "404")}
    nowhere = {("route", "none"), ("method", "GET"), ("status", "404")}
    made_up = {("route", "/models"), ("method", "none"), ("status", "405")}
    kinds = [("tokentape_requests_total", frozenset(one)) for one in (named, nowhere, made_up)]
    before = samples(client)
    client.get("/models/anthropic/secret-plan")
    client.get("/secret-path")
    client.request("SECRET", "/models")
    after = samples(client)
    assert [after[kind] - before.get(kind, 0) for kind in kinds] == [1, 1, 1]
    assert "secret" not in client.get("/metrics").text.lower()
    routes = {dict(labels)["route"] for name, labels in after if name.endswith("requests_total")}
    assert routes <= {one.path for one in route_table(app).served} | {"none"}


def test_answers_are_timed(client: TestClient) -> None:
    client.get("/v1/models")
    told = samples(client)
    assert told["tokentape_request_seconds_count", frozenset({("route", "/v1/models")})] >= 1


def test_the_catalogs_state_is_told(client: TestClient, shared: Catalog) -> None:
    told = {name: value for (name, labels), value in samples(client).items() if not labels}
    view = Views(shared.engine, now=lambda: shared.clock + LATER).look().view
    assert told["tokentape_store_readable"] == 1
    assert told["tokentape_view_version"] == view.version
    assert told["tokentape_sequence"] == view.sequence
    assert told["tokentape_open_holds"] == 0


def test_the_age_of_each_source_is_told(client: TestClient) -> None:
    told = samples(client)
    name = "tokentape_source_staleness_seconds"
    assert told[name, frozenset({("source", "epoch")})] > timedelta(days=200).total_seconds()


def test_metrics_are_told_while_the_store_cannot_be_read(app: FastAPI, filled: Catalog) -> None:
    client = asking(app, filled)
    with filled.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE sequence RENAME TO hidden")
    told = {name: value for (name, labels), value in samples(client).items() if not labels}
    assert told["tokentape_store_readable"] == 0
    assert "tokentape_sequence" not in told


def test_a_server_lives_without_its_store_and_is_not_ready(app: FastAPI, filled: Catalog) -> None:
    client = asking(app, filled)
    assert client.get("/readyz").json()["status"] == "ok"
    with filled.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE change_events RENAME TO hidden")
    assert client.get("/livez").json() == {"status": "ok"}
    answer = client.get("/v1/readyz")
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/unavailable")


def test_a_store_of_another_version_is_not_ready(app: FastAPI, filled: Catalog) -> None:
    client = asking(app, filled)
    with filled.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0'")
    problem = client.get("/readyz").json()
    assert (problem["status"], "tokentape migrate" in problem["detail"]) == (503, True)


def test_the_guide_names_every_described_address(client: TestClient, app: FastAPI) -> None:
    answer = client.get("/llms.txt")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.text.startswith("# Tokentape\n\n> ")
    listed = set(re.findall(r"^- \[[A-Z|]+ (\S+)\]\(\1\): \S", answer.text, re.MULTILINE))
    described = {one.path for one in route_table(app).served if one.described}
    assert listed == {path for path in described if not path.startswith("/v1/")}
    assert "- [POST /cost](/cost): " in answer.text
    assert "- [/healthz](/healthz): answers until 2027-06-01; use `/readyz`" in answer.text


def test_the_guides_sections_hold_links_alone_as_llms_txt_wants(client: TestClient) -> None:
    _, *sections = re.split(r"(?m)^## .+\n", client.get("/llms.txt").text)
    lines = [line for section in sections for line in section.splitlines() if line]
    assert len(lines) > 40
    assert all(re.fullmatch(r"- \[[^\]]+\]\([^)]+\): .+", line) for line in lines)


@pytest.mark.parametrize("kind", TYPES, ids=lambda kind: kind.name)
def test_every_type_of_problem_has_a_page(client: TestClient, kind: ProblemType) -> None:
    page = client.get(kind.uri)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert f"<h1>{int(kind.status)} " in page.text


def test_every_status_has_one_type() -> None:
    assert len({kind.status for kind in TYPES}) == len({kind.name for kind in TYPES}) == len(TYPES)


def test_the_page_of_all_problems_leads_to_each(client: TestClient) -> None:
    links = re.findall(r'href="([^"]+)"', client.get("/problems").text)
    assert links == [kind.uri for kind in TYPES]
    assert client.get("/problems/nothing").status_code == 404


@pytest.mark.parametrize("prefix", ["", "/v1"])
def test_what_will_go_says_since_when_until_when_and_what_instead(
    client: TestClient, prefix: str
) -> None:
    headers = client.get(f"{prefix}/healthz").headers
    assert headers["deprecation"] == "@1795305600"
    assert headers["sunset"] == "Tue, 01 Jun 2027 00:00:00 GMT"
    assert f'<{prefix}/readyz>; rel="successor-version"' in headers["link"]
    assert '</llms.txt>; rel="deprecation"' in headers["link"]
    assert "deprecation" not in client.get("/livez").headers


def test_what_will_go_is_answered_for_half_a_year(app: FastAPI) -> None:
    served = {one.path for one in route_table(app).served}
    for one in DEPRECATED:
        assert one.until - one.since >= timedelta(days=180)
        assert {one.path, one.instead} <= served


def test_only_what_is_declared_is_said_to_go() -> None:
    table = (Deprecated("/old", since=date(2026, 1, 1), until=date(2026, 9, 1), instead="/new"),)
    assert dict(deprecation_headers("/old", table))["Deprecation"] == "@1767225600"
    assert deprecation_headers("/older", table) == deprecation_headers(None, table) == ()


def test_what_will_go_is_marked_in_the_description(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    marked = {path for path, item in paths.items() if item.get("get", {}).get("deprecated")}
    assert {path.removeprefix("/v1") for path in marked} == {one.path for one in DEPRECATED}
