"""What every answer says, whatever it is: ids, rights, and nothing of the inside."""

import logging
import re
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.responses import StreamingResponse
from starlette.testclient import TestClient

from api.http.answering import Answered
from catalog.current.view import Views
from tests.api.http.conftest import asking
from tests.catalog.builders import Catalog

CANARY = "canary-5f2b: password=hunter2 at /srv/secret.py"
FAILURES = (ValueError, KeyError, RuntimeError, OSError, ExceptionGroup, UnicodeError)
REFUSED = [
    ("GET", "/nothing", 404),
    ("GET", "/models/anthropic/nothing", 406),
    ("POST", "/models", 405),
    ("DELETE", "/v1/cost", 405),
    ("GET", "/prices", 406),
    ("POST", "/cost", 415),
    ("GET", "/models?sort=best", 422),
    ("GET", "/models/%ff", 400),
]


@pytest.mark.parametrize(("method", "url", "status"), REFUSED)
def test_every_refusal_is_a_problem_with_its_own_page(
    client: TestClient, method: str, url: str, status: int
) -> None:
    sent = {"accept": "image/png", "content-type": "text/csv", "x-request-id": "mine-1"}
    answer = client.request(method, url, headers=sent)
    problem = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["status"] == answer.status_code == status
    assert problem["request_id"] == answer.headers["x-request-id"] == "mine-1"
    assert client.get(problem["type"]).status_code == 200
    assert problem["instance"][:5] == url[:5]
    assert (problem["title"], problem["detail"]) != ("", "")


def test_what_is_not_in_the_catalog_is_a_problem(client: TestClient) -> None:
    answer = client.get("/models/anthropic/nothing")
    assert (answer.status_code, answer.json()["status"]) == (404, 404)
    assert answer.headers["content-type"] == "application/problem+json"


def test_another_method_is_refused_with_those_there_are(client: TestClient) -> None:
    assert client.post("/models").headers["allow"] == "GET, HEAD, OPTIONS"
    assert client.get("/v1/cost").headers["allow"] == "POST, OPTIONS"
    assert client.put("/subscriptions").headers["allow"] == "GET, HEAD, POST, OPTIONS"


@pytest.fixture(params=FAILURES)
def failing(request: pytest.FixtureRequest, app: FastAPI, shared: Catalog) -> Iterator[TestClient]:
    """Ask of views that fail with what must not get out."""
    kind = request.param
    error = kind(CANARY, [ValueError(CANARY)]) if kind is ExceptionGroup else kind(CANARY)

    class Failing(Views):
        def look(self, *_: object) -> None:  # type: ignore[override] # it fails
            raise error

    app.state.views = Failing(shared.engine)
    yield TestClient(app, raise_server_exceptions=False)
    asking(app, shared)


def test_what_fails_inside_is_in_the_log_and_not_in_the_answer(
    failing: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    for url in ("/models", "/v1/prices?format=csv", "/models/anthropic/claude-opus-4.7", "/index"):
        with caplog.at_level(logging.ERROR, "tokentape.api"):
            answer = failing.get(url)
        assert answer.status_code == 500
        assert answer.json()["type"] == "/problems/internal-error"
        said = answer.text + str(answer.headers)
        assert not re.search("canary|hunter2|secret|Traceback|Error:", said)
        assert answer.headers["x-request-id"] in caplog.text
        assert CANARY in caplog.text


def test_head_of_what_fails_has_no_body(failing: TestClient) -> None:
    answer = failing.head("/models")
    assert (answer.status_code, answer.content) == (500, b"")


def test_what_fails_after_its_beginning_is_broken_off() -> None:
    app = FastAPI()
    app.add_middleware(Answered)

    @app.get("/")
    async def begin() -> StreamingResponse:
        return StreamingResponse(_half())

    with pytest.raises(RuntimeError, match="canary"):
        TestClient(app).get("/")


def _half() -> Iterator[bytes]:
    yield b"half"
    raise RuntimeError(CANARY)


@pytest.mark.parametrize("given", ["abc", "0af7651916cd43dd", "a.b_c~d-e:f"])
def test_a_request_keeps_its_id(client: TestClient, given: str) -> None:
    answer = client.get("/livez", headers={"x-request-id": given})
    assert answer.headers["x-request-id"] == given


@pytest.mark.parametrize("given", ["", "a b", "x" * 129, "<script>", "-a", "a\tb", "ü", "a,b"])
def test_an_id_that_is_not_safe_to_repeat_is_replaced(client: TestClient, given: str) -> None:
    answer = client.get("/livez", headers=[(b"x-request-id", given.encode())])
    assert re.fullmatch("[0-9a-f]{32}", answer.headers["x-request-id"])


def test_every_request_without_an_id_gets_one_of_its_own(client: TestClient) -> None:
    ids = {client.get("/livez").headers["x-request-id"] for _ in range(3)}
    assert len(ids) == 3


@pytest.mark.parametrize("url", ["/models", "/v1/prices?format=csv", "/nothing", "/livez", "/docs"])
def test_every_answer_may_be_read_from_anywhere_and_runs_nothing(
    client: TestClient, url: str
) -> None:
    headers = client.get(url).headers
    assert headers["access-control-allow-origin"] == "*"
    assert "ETag" in headers["access-control-expose-headers"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert ("script-src" in headers["content-security-policy"]) is (url == "/docs")


def test_options_says_what_an_address_takes(client: TestClient) -> None:
    answer = client.options("/models")
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS"
    assert "access-control-allow-methods" not in answer.headers
    assert client.options("/nothing").status_code == 404


def test_pages_of_other_origins_may_ask_but_send_no_keys(client: TestClient) -> None:
    wish = {"origin": "https://example.org", "access-control-request-method": "POST"}
    headers = client.options("/v1/cost", headers=wish).headers
    assert headers["access-control-allow-origin"] == "*"
    assert headers["access-control-allow-methods"] == "POST, OPTIONS"
    assert "Content-Type" in headers["access-control-allow-headers"]
    assert "authorization" not in headers["access-control-allow-headers"].lower()
    assert "access-control-allow-credentials" not in headers
