"""The log as Atom and JSON Feed, read as feed readers read them."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from ipaddress import ip_network
from typing import cast
from urllib.parse import urlsplit

import feedparser
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from catalog.moments import parse_moment
from catalog.vocabulary import Cause
from tests.catalog.builders import Catalog, point, visit

Body = dict[str, object]
FEEDS = ("/changes.atom", "/changes.json")


@pytest.fixture
def filled(catalog: Catalog) -> Catalog:
    """Opus seen first at $10 in May, and a dollar less each day after."""
    catalog.take(visit("2026-05-01", point("Claude Opus 4.7", "10")))
    for day in range(2, 8):
        move(catalog, day)
    return catalog


@pytest.fixture
def proxied(app: FastAPI, client: TestClient) -> Iterator[TestClient]:
    """Ask the same through a proxy that speaks HTTPS with who asks, and that is trusted."""
    del client
    app.state.trusted = (ip_network("127.0.0.1"),)
    yield TestClient(app, client=("127.0.0.1", 1), headers={"x-forwarded-proto": "https"})
    app.state.trusted = ()


def move(catalog: Catalog, day: int) -> None:
    catalog.clock += timedelta(minutes=1)
    moved = point("Claude Opus 4.7", str(11 - day))
    catalog.take(visit(f"2026-05-{day:02}", moved, cause=Cause.OBSERVED))


def atom(client: TestClient, path: str = "/changes.atom") -> feedparser.FeedParserDict:
    response = client.get(path)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"].startswith("application/atom+xml")
    read = feedparser.parse(response.content)
    assert not read.bozo, read.bozo_exception
    assert read.version == "atom10"
    return read


def json_feed(client: TestClient, path: str = "/changes.json") -> Body:
    response = client.get(path)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"].startswith("application/feed+json")
    return cast("Body", json.loads(response.content))


def items(feed: Body) -> list[Body]:
    return cast("list[Body]", feed["items"])


def sequences(feed: Body) -> list[int]:
    rows = (cast("Body", one["_tokentape"]) for one in items(feed))
    return [cast("int", row["sequence"]) for row in rows]


def pages(client: TestClient, path: str) -> Iterator[Body]:
    following: str | None = path
    while following:
        page = json_feed(client, following)
        yield page
        following = cast("str | None", page.get("next_url"))


@pytest.mark.usefixtures("filled")
def test_a_feed_reader_reads_a_change_with_its_words_and_its_page(client: TestClient) -> None:
    latest = atom(client).entries[0]
    assert latest.title.endswith("price changed: 5 → 4 USD per 1M tokens")
    assert "The page says: Claude Opus 4.7: $4" in latest.content[0].value
    links = {link.rel: link.href for link in latest.links}
    assert links["via"] == "https://anthropic.example/docs"
    change = client.get(links["alternate"]).json()["data"][0]
    assert (change["old"], change["new"]) == ("5", "4")


@pytest.mark.usefixtures("filled")
def test_atom_and_json_feed_hold_the_same_entries_in_the_same_order(client: TestClient) -> None:
    entries = [(one.id, one.title, one.updated) for one in atom(client).entries]
    shown = [(one["id"], one["title"], one["date_published"]) for one in items(json_feed(client))]
    assert len(entries) == 6
    assert entries == shown
    numbers = [int(one.tokentape_sequence) for one in atom(client).entries]
    assert numbers == sequences(json_feed(client)) == sorted(numbers, reverse=True)


@pytest.mark.usefixtures("filled")
def test_a_feed_holds_what_changes_holds_latest_first(client: TestClient) -> None:
    listed = client.get("/changes?initial=false&type=price.changed").json()["data"]
    feed = json_feed(client, "/changes.json?type=price.changed")
    rows = [one["_tokentape"] for one in items(feed)]
    assert rows == list(reversed(listed))


@pytest.mark.usefixtures("filled")
def test_first_sights_are_left_out_unless_asked_for(client: TestClient) -> None:
    usual = json_feed(client)
    everything = json_feed(client, "/changes.json?everything=true")
    asked = json_feed(client, "/changes.json?initial=true")
    assert len(items(usual)) == 6
    assert set(sequences(asked)).isdisjoint(sequences(usual))
    assert sorted(sequences(asked) + sequences(usual)) == sorted(sequences(everything))


def test_what_was_read_from_older_captures_is_left_out_unless_asked_for(
    client: TestClient, catalog: Catalog
) -> None:
    catalog.take(
        visit("2026-05-01", point("Claude Opus 4.7", "5")),
        visit("2026-05-02", point("Claude Opus 4.7", "4")),
    )
    assert items(json_feed(client)) == []
    asked = items(json_feed(client, "/changes.json?cause=backfilled"))
    assert [cast("Body", one["_tokentape"])["new"] for one in asked] == ["4"]


def test_pages_hold_each_older_change_once_while_the_log_grows(
    client: TestClient, filled: Catalog
) -> None:
    before = sequences(json_feed(client))
    met: list[int] = []
    for day, page in enumerate(pages(client, "/changes.json?limit=2"), start=8):
        met.extend(sequences(page))
        move(filled, day)
    assert met == before


@pytest.mark.usefixtures("filled")
def test_atom_pages_are_linked_as_paged_feeds_are(client: TestClient) -> None:
    read = atom(client, "/changes.atom?limit=4")
    links = {link.rel: link.href for link in read.feed.links}
    older = atom(client, links["next"])
    assert links["self"] == links["first"] == read.feed.id
    assert len(older.entries) == 2
    assert "next" not in {link.rel for link in older.feed.links}
    assert older.feed.id == read.feed.id


@pytest.mark.usefixtures("filled")
def test_behind_a_trusted_proxy_links_have_the_scheme_that_readers_use(
    client: TestClient, proxied: TestClient
) -> None:
    feed = json_feed(proxied, "/changes.json?limit=1")
    own = json_feed(client, "/changes.json?limit=1")
    assert feed["feed_url"] == "https://testserver/changes.json?limit=1"
    assert feed["next_url"] == str(own["next_url"]).replace("http:", "https:")
    assert own["feed_url"] == "http://testserver/changes.json?limit=1"


@pytest.mark.parametrize("path", FEEDS)
def test_entries_stay_as_they_are_when_more_becomes_known(
    client: TestClient, filled: Catalog, path: str
) -> None:
    def entries() -> dict[str, tuple[object, ...]]:
        read = feedparser.parse(client.get(path).content) if "atom" in path else None
        if read:
            return {one.id: (one.title, one.updated, one.content) for one in read.entries}
        shown = items(json_feed(client))
        return {
            str(one["id"]): (one["title"], one["date_published"], one["content_text"])
            for one in shown
        }

    before = entries()
    filled.take(visit("2026-05-03", point("Claude Opus 4.7", "70"), form="b"))
    move(filled, 9)
    after = entries()
    assert before.items() <= after.items()
    assert len(after) > len(before)


def test_an_empty_log_is_an_empty_feed(client: TestClient) -> None:
    read = atom(client)
    assert read.entries == []
    assert parse_moment(read.feed.updated) > parse_moment("2026-01-01")
    assert items(json_feed(client)) == []


def test_signs_that_no_xml_can_hold_are_replaced(client: TestClient, catalog: Catalog) -> None:
    words = "now $4 \x1b <b>&amp;"
    catalog.take(
        visit("2026-05-01", point("Claude Opus 4.7", "5")),
        visit("2026-05-02", point("Claude Opus 4.7", "4", evidence=words), cause=Cause.OBSERVED),
    )
    (entry,) = atom(client).entries
    assert "The page says: now $4 \ufffd <b>&amp;" in entry.content[0].value


@pytest.mark.usefixtures("filled")
def test_a_json_feed_keeps_the_rules_of_version_1_1(client: TestClient) -> None:
    for page in pages(client, "/changes.json?limit=4&everything=true"):
        assert page["version"] == "https://jsonfeed.org/version/1.1"
        assert isinstance(page["title"], str)
        addresses = [page[name] for name in ("home_page_url", "feed_url")]
        assert all(urlsplit(str(one)).scheme == "http" for one in addresses)
        assert all(cast("Body", one)["name"] for one in cast("list[object]", page["authors"]))
        for item in items(page):
            assert isinstance(item["id"], str)
            assert item["content_text"]
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+Z", str(item["date_published"]))
            assert all(isinstance(tag, str) for tag in cast("list[object]", item["tags"]))
            extensions = {name for name in item if name.startswith("_")}
            assert item.keys() - extensions <= {
                *("id", "url", "external_url", "title", "content_text", "date_published", "tags")
            }


@pytest.mark.parametrize("path", [*FEEDS, "/changes/stream"])
@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("until=-1", "until"),
        ("since=99", "since"),
        ("sort=sequence", "sort"),
        ("type=price.moved", "type"),
        ("initial=true&initial=false", "initial"),
    ],
)
def test_a_wrong_question_is_refused_by_name(
    client: TestClient, path: str, query: str, parameter: str
) -> None:
    response = client.get(f"{path}?{query}")
    assert response.status_code == 422
    assert response.json()["errors"][0]["parameter"] == parameter
