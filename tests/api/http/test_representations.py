"""Every address in every format and coding: tagged, dated, answered 304, HEAD without a body."""

import gzip
from collections.abc import Callable, Iterator

import pytest
from backports import zstd
from fastapi import FastAPI
from httpx2 import Response
from starlette.testclient import TestClient

from api.http.caching import FRESH, LASTING
from api.http.representation import canonical_query
from api.listing import columns_by_path
from catalog.vocabulary import Meter
from tests.api.http.addresses import addresses
from tests.api.http.conftest import asking
from tests.catalog.builders import Catalog, point, visit

CODINGS = ("identity", "gzip", "zstd")
FORMATS = ("json", "csv", "ndjson", "parquet")
DECODE: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.decompress,
    "zstd": zstd.decompress,
}
UNKEPT = ("/healthz", "/livez", "/readyz", "/metrics")


def raw(client: TestClient, url: str, coding: str, **headers: str) -> Response:
    """Ask, and leave the body in its coding."""
    request = client.build_request("GET", url, headers={"accept-encoding": coding, **headers})
    response = client.send(request, stream=True)
    response._content = b"".join(response.iter_raw())  # noqa: SLF001 what came, before it is decoded
    return response


def kept(app: FastAPI) -> Iterator[str]:
    """Give every question whose answer may be kept; of lists in every format."""
    for url in addresses(app):
        if url in UNKEPT:
            continue
        yield url
        if url.partition("?")[0] in columns_by_path():
            join = "&" if "?" in url else "?"
            yield from (f"{url}{join}format={format_}" for format_ in FORMATS)


def test_every_address_is_tagged_and_answered_304_and_head_in_every_format_and_coding(
    app: FastAPI, client: TestClient
) -> None:
    asked = list(kept(app))
    assert len(asked) > 60
    for url in asked:
        answers = {coding: raw(client, url, coding) for coding in CODINGS}
        assert answers["identity"].status_code == 200, f"{url}: {answers['identity'].text}"
        for coding, answer in answers.items():
            _check(client, url, coding, answer)
            assert _decoded(answer) == answers["identity"].content, f"{url} as {coding}"
        tags = {answer.headers["etag"] for answer in answers.values()}
        assert len(tags) in {1, len(CODINGS)}, f"{url} has one tag for several codings"


def _check(client: TestClient, url: str, coding: str, answer: Response) -> None:
    headers, tag = answer.headers, answer.headers.get("etag", "")
    where = f"{url} as {coding}"
    assert tag.startswith('"'), where
    assert "Accept-Encoding" in headers["vary"], where
    assert headers["cache-control"] in {FRESH, LASTING}, where
    assert headers["last-modified"].endswith(" GMT"), where
    _check_not_modified(client, url, coding, answer)
    head = client.head(url, headers={"accept-encoding": coding})
    assert (head.status_code, head.content) == (200, b""), where
    assert {**head.headers, "x-request-id": ""} == {**headers, "x-request-id": ""}, where


def _check_not_modified(client: TestClient, url: str, coding: str, answer: Response) -> None:
    tag, dated = answer.headers["etag"], answer.headers["last-modified"]
    by_tag, by_date = {"if-none-match": tag}, {"if-modified-since": dated}
    for held in (by_tag, by_date) if coding == "identity" else (by_tag,):
        again = raw(client, url, coding, **held)
        assert (again.status_code, again.content) == (304, b""), f"{url} as {coding}: {held}"
        assert again.headers["etag"] == tag
        assert again.headers["cache-control"] == answer.headers["cache-control"]
        assert again.headers["vary"] == answer.headers["vary"]
        assert "content-type" not in again.headers


def _decoded(answer: Response) -> bytes:
    coding = answer.headers.get("content-encoding")
    return answer.content if coding is None else DECODE[coding](answer.content)


def test_what_is_long_is_sent_short(client: TestClient) -> None:
    plain = raw(client, "/meta", "identity")
    for coding in ("gzip", "zstd"):
        short = raw(client, "/meta", coding)
        assert short.headers["content-encoding"] == coding
        assert int(short.headers["content-length"]) == len(short.content) < len(plain.content) / 2


def test_what_is_short_is_sent_as_it_is_unless_that_is_refused(client: TestClient) -> None:
    url = "/resolve?id=x9"
    assert "content-encoding" not in raw(client, url, "gzip").headers
    assert raw(client, url, "gzip, identity;q=0").headers["content-encoding"] == "gzip"


def test_where_no_coding_is_accepted_the_answer_is_406(client: TestClient) -> None:
    answer = client.get("/models", headers={"accept-encoding": "br, *;q=0"})
    assert answer.status_code == 406
    assert answer.json()["detail"].startswith("Accept-Encoding leaves nothing")


@pytest.mark.parametrize("url", ["/prices", "/prices?format=csv", "/changes?format=ndjson"])
def test_a_tag_moves_with_what_it_is_of(app: FastAPI, filled: Catalog, url: str) -> None:
    client = asking(app, filled)
    held = client.get(url).headers["etag"]
    assert client.get(url, headers={"if-none-match": held}).status_code == 304
    output = point("Claude Opus 4.7", "25", meter=Meter.OUTPUT_TOKENS)
    filled.take(visit("2026-07-01", point("Claude Opus 4.7", "3"), output))
    client = asking(app, filled)
    assert client.get(url, headers={"if-none-match": held}).status_code == 200


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("/models?sort=name&limit=2", "/models?limit=2&sort=name"),
        ("/prices?provider=a%2Cb&format=csv", "/prices?format=csv&provider=a,b"),
        ("/prices?provider=a%20b&format=csv", "/prices?format=csv&&provider=a+b"),
    ],
)
def test_one_question_has_one_tag_however_it_is_written(
    client: TestClient, one: str, other: str
) -> None:
    assert client.get(one).headers["etag"] == client.get(other).headers["etag"]


def test_several_values_keep_their_order_in_a_canonical_query() -> None:
    assert canonical_query("b=2&a=z&b=1&a=&c") == "a=z&a=&b=2&b=1&c="


def test_what_is_not_held_is_sent(client: TestClient) -> None:
    for url in ("/models", "/prices?format=csv"):
        assert client.get(url, headers={"if-none-match": '"other"'}).status_code == 200


def test_what_is_held_no_more_is_refused(client: TestClient) -> None:
    answer = client.get("/models", headers={"if-match": '"other"'})
    assert answer.status_code == 412
    assert answer.json()["type"] == "/problems/precondition-failed"
    held = client.get("/models").headers["etag"]
    assert client.get("/models", headers={"if-match": held}).status_code == 200


def test_a_state_that_may_move_within_its_second_has_no_date(app: FastAPI, filled: Catalog) -> None:
    client = asking(app, filled)
    assert "last-modified" in client.get("/models").headers
    app.state.views.now = filled.now
    assert "last-modified" not in client.get("/models").headers
    assert "last-modified" not in client.get("/rankings/value").headers


def test_a_moment_that_was_asked_for_is_no_date_of_a_change(client: TestClient) -> None:
    asked = client.get("/prices?as_of=2026-05-02").headers
    assert asked["last-modified"] == client.get("/prices").headers["last-modified"]
