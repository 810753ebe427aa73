"""What Accept leaves: a form that there is, or a problem that names it."""

import pytest
from starlette.testclient import TestClient

OPUS = "/models/anthropic/claude-opus-4.7"


@pytest.mark.parametrize("path", [OPUS, f"/v1{OPUS}", "/meta", "/sources/anthropic", "/exports"])
@pytest.mark.parametrize("accept", ["text/csv", "image/*", "application/json;q=0", "x"])
def test_what_is_json_alone_is_refused_to_who_takes_none(
    client: TestClient, path: str, accept: str
) -> None:
    answer = client.get(path, headers={"Accept": accept})
    assert (answer.status_code, answer.headers["content-type"]) == (406, "application/problem+json")
    assert answer.json()["detail"].endswith("this address answers with application/json alone")


@pytest.mark.parametrize(
    "accept", ["*/*", "application/*", "application/json", "text/html, */*;q=0.1", ""]
)
def test_who_takes_json_among_others_gets_it(client: TestClient, accept: str) -> None:
    answer = client.get(OPUS, headers={"Accept": accept})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")


@pytest.mark.parametrize(
    ("path", "accept"),
    [
        ("/models?format=csv", "application/json;q=0"),
        ("/changes.atom", "application/json"),
        ("/changes.json", "application/json"),
        ("/metrics", "application/openmetrics-text"),
        ("/llms.txt", "text/markdown"),
        ("/livez", "text/html"),
        ("/readyz", "text/html"),
    ],
)
def test_what_has_a_form_of_its_own_is_given_in_it(
    client: TestClient, path: str, accept: str
) -> None:
    assert client.get(path, headers={"Accept": accept}).status_code == 200


def test_what_is_accepted_may_be_said_in_several_lines(client: TestClient) -> None:
    lines = [("Accept", "text/html"), ("Accept", "text/csv;q=0.5"), ("Accept", "*/*;q=0.1")]
    assert client.get("/models", headers=lines).headers["content-type"].startswith("text/csv")
    assert client.get(OPUS, headers=lines).headers["content-type"] == "application/json"
    feeds = [("Accept", "text/html"), ("Accept", "application/atom+xml")]
    answer = client.get("/changes", headers=feeds)
    assert answer.headers["content-type"].startswith("application/atom+xml")
