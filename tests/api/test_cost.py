"""POST /cost: one usage or many, priced by the price that held; the unknown has its reason."""

import json
from datetime import timedelta
from typing import cast

import pytest
from fastapi.testclient import TestClient

from catalog.vocabulary import Meter
from tests.catalog.builders import Catalog, point, visit

OPUS = "Claude Opus 4.7"
USAGE = {"input_tokens": 1000, "output_tokens": 100}
NDJSON = {"content-type": "application/x-ndjson"}
Answer = dict[str, object]


@pytest.fixture
def _prices(catalog: Catalog) -> None:
    output = {"meter": Meter.OUTPUT_TOKENS}
    catalog.take(
        visit("2026-01-01", point(OPUS, "15"), point(OPUS, "75", **output)),
        visit("2026-03-01", point(OPUS, "5"), point(OPUS, "25", **output)),
        visit("2026-11-20", point(OPUS, "5"), point(OPUS, "25", **output)),
    )


def ask(client: TestClient, **question: object) -> tuple[int, Answer]:
    answer = client.post("/cost", json={"model": OPUS, "usage": USAGE} | question)
    return answer.status_code, cast("Answer", answer.json())


def lines(answer: Answer) -> list[Answer]:
    return cast("list[Answer]", answer["lines"])


@pytest.mark.usefixtures("_prices")
def test_the_price_of_now_with_its_evidence(client: TestClient) -> None:
    status, answer = ask(client)
    assert status == 200
    assert answer["total"] == {"amount": "0.0075", "currency": "USD"}
    assert answer["warnings"] == []
    first = lines(answer)[0]
    assert (first["meter"], first["quantity"], first["price"], first["unit"], first["amount"]) == (
        *("input_tokens", 1000, "5", "1M tokens", "0.005"),
    )
    assert first["series"] == "anthropic:anthropic-claude-opus-4.7:input_tokens"
    evidence = cast("Answer", first["evidence"])
    assert evidence["url"] == "https://anthropic.example/docs"
    assert evidence["text"] == f"{OPUS}: $5"
    assert evidence["fetched_at"] == "2026-03-01T00:00:00Z"
    assert len(str(evidence["sha256"])) == 64


@pytest.mark.usefixtures("_prices")
def test_the_price_of_another_day(client: TestClient) -> None:
    assert ask(client, at="2026-01-01")[1]["total"] == {"amount": "0.0225", "currency": "USD"}


def test_what_was_known_then_is_what_would_have_been_billed(
    client: TestClient, catalog: Catalog
) -> None:
    usage = {"usage": {"input_tokens": 1000}}
    catalog.take(visit("2026-01-01", point(OPUS, "15")))
    then = catalog.clock.isoformat()
    catalog.clock += timedelta(days=1)
    catalog.take(visit("2026-03-01", point(OPUS, "5")))
    known = ask(client, at="2026-03-15", known_at=then, **usage)[1]
    assert known["total"] == {"amount": "0.015", "currency": "USD"}
    assert ask(client, at="2026-03-15", **usage)[1]["total"] == {
        "amount": "0.005",
        "currency": "USD",
    }
    assert ask(client, known_at=then, **usage)[1]["at"] == then.replace("+00:00", "Z")
    status, refused = ask(client, known_at="2030-01-01", **usage)
    assert status == 422
    assert "lies ahead" in str(refused["errors"])


@pytest.mark.usefixtures("_prices")
def test_between_two_sightings_both_totals(client: TestClient) -> None:
    _, answer = ask(client, at="2026-02-01T00:00:00Z")
    assert answer["total"] == {"amount": "0.0225", "currency": "USD"}
    assert answer["other_total"] == {"amount": "0.0075", "currency": "USD"}
    assert lines(answer)[0]["other"] == {
        "price": "5",
        "amount": "0.005",
        "valid_from": "2026-03-01T00:00:00Z",
    }
    assert "this was between" in str(answer["warnings"])


@pytest.mark.usefixtures("_prices")
def test_an_unknown_model_is_an_answer_without_a_total(client: TestClient) -> None:
    status, answer = ask(client, model="claude-opus-99")
    assert (status, answer["total"]) == (200, None)
    assert lines(answer)[0]["reason"] == "no known model is called 'claude-opus-99'"
    assert lines(answer)[0]["candidates"]


@pytest.mark.usefixtures("_prices")
def test_new_prices_are_in_the_next_answer(client: TestClient, catalog: Catalog) -> None:
    ask(client)
    catalog.take(
        visit("2026-11-21", point(OPUS, "4"), point(OPUS, "20", meter=Meter.OUTPUT_TOKENS))
    )
    assert ask(client)[1]["total"] == {"amount": "0.006", "currency": "USD"}


@pytest.mark.parametrize(
    ("body", "parameter"),
    [
        (b"{", "body"),
        (b"[]", "body"),
        (b'{"model":"x"}', "usage"),
        (b'{"model":"x","usage":{"prompt_tokens":1},"when":1}', "when"),
        (b'{"model":"x","usage":{"prompt_tokens":1},"at":"soon"}', "at"),
        (b'{"model":"x","usage":{"prompt_tokens":1},"at":1767225600}', "at"),
        (b'{"model":"x","usage":{"prompt_tokens":1.5}}', "usage"),
        (b'{"model":"x","usage":{"prompt_tokens":true}}', "usage"),
        (b'{"model":"x","usage":{"prompt_tokens":' + b"9" * 5000 + b"}}", "body"),
        (b'{"model":"x","usage":{"prompt_tokens":1},"format":"cohere"}', "usage"),
        (b'{"model":"\\ud800","usage":{"prompt_tokens":1}}', "body"),
        (b'{"model":"x","usage":' + b'{"a":' * 5000 + b"1" + b"}" * 5001, "body"),
    ],
)
def test_a_wrong_question_is_refused_by_name(
    client: TestClient, body: bytes, parameter: str
) -> None:
    answer = client.post("/cost", content=body)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert [fault["parameter"] for fault in answer.json()["errors"]] == [parameter]


def test_a_body_too_long_or_of_another_kind_is_refused(client: TestClient) -> None:
    long = b'{"model":"' + b"x" * 300_000 + b'"}'
    assert client.post("/cost", content=long).status_code == 413
    assert client.post("/cost", content=iter([long])).status_code == 413
    text = client.post("/cost", content=b"hello", headers={"content-type": "text/plain"})
    assert text.status_code == 415


@pytest.mark.usefixtures("_prices")
def test_many_are_answered_in_order_with_errors_in_their_place(client: TestClient) -> None:
    good = json.dumps({"model": OPUS, "usage": USAGE, "at": "2026-03-01"})
    body = "\n".join([good, "{", json.dumps({"model": "x", "usage": USAGE}), good])
    answer = client.post("/cost", content=body, headers=NDJSON)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/x-ndjson")
    each = [json.loads(line) for line in answer.text.splitlines()]
    assert [one.get("total") for one in each] == [
        {"amount": "0.0075", "currency": "USD"},
        None,
        None,
        {"amount": "0.0075", "currency": "USD"},
    ]
    assert each[1]["error"]["status"] == 422
    assert each[1]["error"]["detail"].startswith("line 2: ")


@pytest.mark.usefixtures("_prices")
def test_lines_come_in_any_pieces(client: TestClient) -> None:
    body = (json.dumps({"model": OPUS, "usage": USAGE}) + "\n").encode() * 3
    pieces = iter([body[at : at + 7] for at in range(0, len(body), 7)])
    answer = client.post("/cost", content=pieces, headers=NDJSON)
    assert [json.loads(line)["total"]["amount"] for line in answer.text.splitlines()] == [
        "0.0075"
    ] * 3


@pytest.mark.usefixtures("_prices")
def test_a_line_too_long_is_an_error_in_its_place(client: TestClient) -> None:
    good = json.dumps({"model": OPUS, "usage": USAGE}).encode()
    long = b'{"model":"' + b"x" * 300_000 + b'"}'
    answer = client.post("/cost", content=b"\n".join([good, long]), headers=NDJSON)
    assert [
        json.loads(line).get("error", {}).get("status") for line in answer.text.splitlines()
    ] == [None, 413]


@pytest.mark.usefixtures("_prices")
def test_the_frozen_path_answers_the_same(client: TestClient) -> None:
    question = {"model": OPUS, "usage": USAGE, "at": "2026-03-01"}
    assert (
        client.post("/v1/cost", json=question).content
        == client.post("/cost", json=question).content
    )
