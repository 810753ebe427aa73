"""Requests that are too long or cannot be read: an answer of their own, and never a 500."""

import json
import random
import socket
from collections.abc import Iterator
from http.client import HTTPResponse
from urllib.parse import quote

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from api.http.asking import LONGEST_BODY, LONGEST_HEADERS, LONGEST_TARGET
from tests.api.http.conftest import asking
from tests.api.serving import served
from tests.catalog.builders import Catalog

LISTED = 200


@pytest.mark.parametrize(
    ("url", "part"),
    [
        ("/models/%zz", "the path has a %"),
        ("/models?sort=%", "the query has a %"),
        ("/models?%4=x", "the query has a %"),
        ("/models/%ff", "the path is no UTF-8"),
        ("/models?q=%c3%28", "the query is no UTF-8"),
        ("/models?q=%ed%a0%80", "the query is no UTF-8"),
        ("/sources/%00", "the path has a control character"),
        ("/snapshots/a%0a", "the path has a control character"),
    ],
)
def test_an_address_that_cannot_be_read_is_refused(client: TestClient, url: str, part: str) -> None:
    answer = client.get(url)
    assert answer.status_code == 400
    assert answer.json()["detail"].startswith(part)
    assert answer.json()["type"] == "/problems/malformed-request"


def test_an_address_that_is_too_long_is_refused(client: TestClient) -> None:
    answer = client.get("/models?provider=" + "x" * LONGEST_TARGET)
    assert answer.status_code == 414
    assert answer.json()["type"] == "/problems/uri-too-long"


def test_headers_that_are_too_long_are_refused(client: TestClient) -> None:
    answer = client.get("/models", headers={"x-long": "x" * LONGEST_HEADERS})
    assert answer.status_code == 431
    assert answer.json()["type"] == "/problems/headers-too-large"


def test_a_body_that_is_too_long_is_refused_by_its_stated_length(client: TestClient) -> None:
    answer = client.post("/subscriptions", content=b" " * (LONGEST_BODY + 1))
    assert answer.status_code == 413
    assert answer.json()["type"] == "/problems/content-too-large"


def test_a_body_that_does_not_state_its_length_is_counted(client: TestClient) -> None:
    def pieces() -> Iterator[bytes]:
        yield b'{"model":"' + b"x" * LONGEST_BODY
        yield b'"}'

    answer = client.post("/cost", content=pieces(), headers={"content-type": "application/json"})
    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("url", "parameter"),
    [
        ("/meta?as_of=2026-01-01&as_of=2026-01-02", "as_of"),
        ("/resolve?id=a&id=b", "id"),
        ("/livez?x=1&x=2", "x"),
        ("/v1/models?limit=1&limit=2", "limit"),
    ],
)
def test_a_parameter_given_twice_is_refused_by_name(
    client: TestClient, url: str, parameter: str
) -> None:
    answer = client.get(url)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["parameter"] == parameter


def test_what_takes_several_values_takes_them(client: TestClient) -> None:
    assert client.get("/models?provider=anthropic&provider=openai").status_code == LISTED


def test_addresses_made_of_anything_are_answered_and_never_with_a_500(client: TestClient) -> None:
    chance = random.Random(6)  # noqa: S311 the same addresses each time
    paths = (
        "/models/",
        "/sources/",
        "/rankings/",
        "/snapshots/",
        "/families/",
        "/models?",
        "/prices?",
    )
    names = ("q", "sort", "fields", "cursor", "as_of", "format", "provider", "limit", "min_context")
    for _ in range(400):
        path = chance.choice(paths)
        noise = _noise(chance)
        name = f"{chance.choice(names)}=" if path.endswith("?") else ""
        answer = client.get(f"{path}{name}{noise}")
        assert answer.status_code < 500, f"{path}{name}{noise}: {answer.text}"


def _noise(chance: random.Random) -> str:
    """Make bytes of all kinds, most of them percent-encoded."""
    kinds = (
        lambda: quote(bytes(chance.randrange(256) for _ in range(4))),
        lambda: quote(chr(chance.choice([0, 0x2028, 0x1F600, 0xFFFF, 0x202E, 0x130]))),
        lambda: chance.choice(
            ["%", "%u0041", "..", "/", "//", "&", "=", "+", "'", "\\", ";", "{}"]
        ),
        lambda: "a" * chance.randrange(400),
    )
    return "".join(chance.choice(kinds)() for _ in range(chance.randrange(1, 4)))


@pytest.mark.parametrize(
    "line",
    [
        b"GET /models/\xff\xfe HTTP/1.1",
        b"GET /models?q=\xff HTTP/1.1",
        b"GET /models/%00 HTTP/1.1",
        b"GET /models/%zz HTTP/1.1",
        b"GET http://example.org/models/%ff HTTP/1.1",
        b"GET " + b"/" * 20_000 + b" HTTP/1.1",
        b"BREW /models HTTP/1.1",
        b"OPTIONS * HTTP/1.1",
        b"nonsense",
    ],
)
def test_over_a_real_connection_what_cannot_be_read_is_the_clients_fault(
    app: FastAPI, shared: Catalog, line: bytes
) -> None:
    asking(app, shared)
    with served(app) as address:
        answer = _ask(address, line)
    assert 400 <= answer.status < 500
    assert answer.headers["content-type"] == "application/problem+json"
    problem = json.load(answer)
    assert problem["status"] == answer.status
    assert problem["request_id"] == answer.headers["x-request-id"]
    assert answer.headers["access-control-allow-origin"] == "*"


def _ask(address: str, line: bytes) -> HTTPResponse:
    host, _, port = address.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=5) as connection:
        connection.sendall(line + b"\r\nHost: x\r\nConnection: close\r\n\r\n")
        answer = HTTPResponse(connection)
        answer.begin()
        return answer
