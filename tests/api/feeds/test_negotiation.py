"""One address for the log: /changes answers in the form that ``Accept`` asks for."""

import json

import feedparser
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from api.feeds.streams import Streams
from catalog.current.view import Views
from catalog.vocabulary import Cause
from tests.catalog.builders import Catalog, point, visit

EVENTS, ATOM, JSON_FEED = "text/event-stream", "application/atom+xml", "application/feed+json"
JSON = "application/json"


@pytest.fixture
def client(app: FastAPI, catalog: Catalog) -> TestClient:
    """Ask about one price that moved once; streams end at once."""
    catalog.take(visit("2026-05-01", point("Claude Opus 4.7", "5")))
    catalog.take(visit("2026-05-02", point("Claude Opus 4.7", "4"), cause=Cause.OBSERVED))
    app.state.views = Views(catalog.engine, now=catalog.now)
    app.state.streams = Streams(life=0, poll=0.01)
    return TestClient(app, raise_server_exceptions=False)


@pytest.mark.parametrize(
    ("accept", "answered"),
    [
        ("*/*", JSON),
        ("application/*", JSON),
        (f"{EVENTS}, {JSON}", JSON),
        (f"{JSON};q=0.5, {EVENTS}", EVENTS),
        (EVENTS, EVENTS),
        ("text/*", "text/csv"),
        (f"{ATOM}, application/rss+xml, application/xml;q=0.9, */*;q=0.8", ATOM),
        (JSON_FEED, JSON_FEED),
    ],
)
@pytest.mark.parametrize("path", ["/changes", "/v1/changes"])
def test_the_form_is_the_one_that_accept_weighs_most(
    client: TestClient, path: str, accept: str, answered: str
) -> None:
    response = client.get(path, headers={"Accept": accept})
    assert response.status_code == 200, response.text
    assert response.headers["content-type"].partition(";")[0] == answered
    assert "Accept" in response.headers["vary"].split(", ")


def test_every_form_has_the_same_number(client: TestClient) -> None:
    (event,) = client.get("/changes?cause=observed").json()["data"]
    stream = client.get("/changes?since=0", headers={"Accept": EVENTS}).text
    (streamed,) = [line for line in stream.splitlines() if line.startswith("data: ")]
    assert json.loads(streamed.removeprefix("data: ")) == event
    assert f"id: {event['sequence']}\n" in stream
    feed = client.get("/changes", headers={"Accept": JSON_FEED}).json()
    assert [one["_tokentape"]["sequence"] for one in feed["items"]] == [event["sequence"]]
    atom = feedparser.parse(client.get("/changes", headers={"Accept": ATOM}).content)
    assert f"since={event['sequence'] - 1}&" in atom.entries[0].links[0].href


def test_a_stream_goes_on_after_the_last_event_id(client: TestClient) -> None:
    last = client.get("/changes?cause=observed").json()["data"][0]["sequence"]
    headers = {"Accept": EVENTS, "Last-Event-ID": str(last - 1)}
    assert f"id: {last}\n" in client.get("/changes", headers=headers).text
    headers["Last-Event-ID"] = str(last)
    assert "data: " not in client.get("/changes", headers=headers).text


def test_a_feed_at_the_lists_address_is_kept_as_at_its_own(client: TestClient) -> None:
    own = client.get("/changes.atom")
    here = client.get("/changes", headers={"Accept": ATOM})
    assert (here.content, here.headers["etag"]) == (own.content, own.headers["etag"])
    held = {"Accept": ATOM, "If-None-Match": here.headers["etag"]}
    assert client.get("/changes", headers=held).status_code == 304
    assert client.get("/changes", headers=held | {"Accept": JSON}).status_code == 200


def test_a_format_that_is_named_comes_before_accept(client: TestClient) -> None:
    response = client.get("/changes?format=csv", headers={"Accept": EVENTS})
    assert response.headers["content-type"].startswith("text/csv")


def test_a_parameter_that_the_form_has_not_is_refused_by_name(client: TestClient) -> None:
    response = client.get("/changes?cursor=x", headers={"Accept": EVENTS})
    (error,) = response.json()["errors"]
    assert (response.status_code, error["parameter"]) == (422, "cursor")
