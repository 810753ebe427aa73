"""Lists as they are asked for: filters, several keys, fields, pages and formats, over HTTP."""

import json
import shutil
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from api.listing.orders import read_cursor
from catalog.current.view import Views
from catalog.documents.sources import declare
from catalog.reading import Fact, Rate, Reading
from catalog.store import open_store
from catalog.vocabulary import Meter, SourceKind
from tests.catalog.builders import Catalog, point, source, visit

Body = dict[str, object]
OPUS, HAIKU = "anthropic/claude-opus-4.7", "anthropic/claude-haiku-4.5"
NAMES = {"Claude Opus 4.7": ("5", "25"), "Claude Haiku 4.5": ("1", "5")}


@pytest.fixture(scope="module")
def filled(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalog]:
    """Opus at $5/$25, in batch at half of it, and Haiku at $1/$5; what each can do.

    One euro buys 1.25 dollars.
    """
    path = tmp_path_factory.mktemp("lists") / "tokentape.db"
    shutil.copy(migrated_sqlite, path)
    catalog = Catalog(open_store(f"sqlite:///{path}"))
    points = [point(name, amount) for name, (amount, _) in NAMES.items()]
    points += [point(name, out, meter=Meter.OUTPUT_TOKENS) for name, (_, out) in NAMES.items()]
    points += [point("Claude Opus 4.7", "2.5", tier="batch", region="us")]
    facts = (
        *facts_of("Claude Opus 4.7", reasoning="yes", vision="yes", context_tokens="1000000"),
        *facts_of("Claude Opus 4.7", input_modalities="text, image", open_weights="no"),
        *facts_of("Claude Haiku 4.5", reasoning="no", vision="yes", context_tokens="200000"),
    )
    catalog.take(visit("2026-05-01", reading=Reading(form="a", points=points, facts=facts)))
    _rate(catalog)
    yield catalog
    catalog.engine.dispose()


def _rate(catalog: Catalog) -> None:
    ecb = source("ecb", documents=("csv",)).model_copy(update={"kind": SourceKind.FX})
    declare(catalog.engine, (ecb,), now=catalog.now)
    read = Reading(form="a", rates=(Rate(currency="USD", rate="1.25", date="2026-05-01"),))
    catalog.take(visit("2026-05-01", source="ecb", document="csv", reading=read))


@pytest.fixture
def client(app: FastAPI, filled: Catalog) -> TestClient:
    """Ask about the one catalog that all tests here read."""
    app.state.views = Views(filled.engine, now=filled.now)
    return TestClient(app, raise_server_exceptions=False)


def facts_of(model: str, **values: str) -> Iterator[Fact]:
    return (Fact(model=model, name=n, value=v, evidence=v) for n, v in values.items())


def rows(client: TestClient, path: str) -> list[Body]:
    response = client.get(path)
    assert response.status_code == 200, response.text
    return cast("list[Body]", response.json()["data"])


def models(client: TestClient, query: str) -> list[object]:
    return [one["model"] for one in rows(client, f"/models?sort=name&{query}")]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("maker=anthropic", [HAIKU, OPUS]),
        ("maker=openai", []),
        ("family=claude-opus", [OPUS]),
        ("model=" + HAIKU, [HAIKU]),
        (f"model={HAIKU},{OPUS}", [HAIKU, OPUS]),
        (f"model={HAIKU}&model={OPUS}", [HAIKU, OPUS]),
        ("tier=batch", [OPUS]),
        ("region=us", [OPUS]),
        ("stated_in=USD", [HAIKU, OPUS]),
        ("stated_in=CNY,EUR", []),
        ("band=mid", [HAIKU]),
        ("band=mid,premium", [HAIKU, OPUS]),
        ("capability=vision", [HAIKU, OPUS]),
        ("capability=vision,reasoning", [OPUS]),
        ("input_modality=image", [OPUS]),
        ("input_modality=image&input_modality=text", [OPUS]),
        ("open_weights=false", [OPUS]),
        ("open_weights=true", []),
        ("min_context=200001", [OPUS]),
        ("max_context=200000", [HAIKU]),
        ("max_input=1", [HAIKU]),
        ("min_output=5.000001", [OPUS]),
        ("max_price=2", [HAIKU]),
        ("min_price=2.1&max_price=9", []),
        ("min_quality=1", []),
        ("updated_since=2026-05-02", []),
        ("q=opus", [OPUS]),
        ("q=Opus 4.7", [OPUS]),
        ("q=ANTHROPIC", [HAIKU, OPUS]),
        ("q=anthropic opus", [OPUS]),
    ],
)
def test_models_are_filtered(client: TestClient, query: str, found: list[str]) -> None:
    assert models(client, query) == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("tier=batch", 1),
        ("tier=batch,standard", 5),
        ("meter=output_tokens&meter=input_tokens", 5),
        ("max_amount=2.5", 2),
        ("min_amount=25", 1),
        ("printed_contains=OPUS", 3),
        ("variant=", 5),
        ("variant=thinking", 0),
        ("context_over=0", 5),
        ("currency=CNY", 0),
        ("updated_since=2026-11-22T12:00:00Z", 5),
        ("updated_since=2026-11-22T12:00:01Z", 0),
        ("min_valid_from=2026-05-02", 0),
        ("mapped=true", 5),
        ("maker=anthropic", 5),
        ("maker=openai,google", 0),
        ("family=claude-opus", 3),
        ("family=claude-opus&tier=batch", 1),
        ("family=claude", 0),
        ("q=HAIKU", 2),
        ("q=opus 4.7", 3),
        ("q=4.7 opus", 3),
        ("q=nothing", 0),
    ],
)
def test_prices_are_filtered(client: TestClient, query: str, found: int) -> None:
    assert len(rows(client, f"/prices?{query}")) == found


@pytest.mark.parametrize(
    ("sort", "first", "last"),
    [
        ("meter,-amount", "5", "5"),
        ("-meter,amount", "5", "5"),
        ("tier,amount", "2.5", "25"),
        ("-amount", "25", "1"),
        ("amount,amount", "1", "25"),
    ],
)
def test_a_list_is_sorted_by_several_keys(
    client: TestClient, sort: str, first: str, last: str
) -> None:
    amounts = [one["amount"] for one in rows(client, f"/prices?sort={sort}")]
    assert (amounts[0], amounts[-1]) == (first, last)


def test_only_the_fields_asked_for_are_given(client: TestClient) -> None:
    first = rows(client, "/prices?fields=amount,evidence.url,model&sort=amount")[0]
    assert first == {
        "model": HAIKU,
        "amount": "1",
        "evidence": {"url": "https://anthropic.example/docs"},
    }
    assert client.get("/prices?fields=evidence&format=csv").text.startswith("evidence.url,")


@pytest.mark.parametrize(
    ("query", "parameter", "allowed"),
    [
        ("fields=price", "fields", "amount"),
        ("fields=", "fields", "amount"),
        ("sort=", "sort", "amount"),
        ("sort=--amount", "sort", "amount"),
        ("sort=evidence", "sort", "evidence_url"),
        ("format=xlsx", "format", "'parquet'"),
        ("tier=batch&limit=1&limit=2", "limit", "give it once"),
        ("min_amount=cheap", "min_amount", "decimal"),
        ("max_amount=NaN", "max_amount", "finite"),
        ("meter=input_tokens,tokens", "meter", "'output_tokens'"),
        ("provider=" + ",".join(["x"] * 101), "provider", "100"),
    ],
)
def test_what_a_list_has_not_is_refused_by_name(
    client: TestClient, query: str, parameter: str, allowed: str
) -> None:
    response = client.get(f"/prices?{query}")
    assert response.status_code == 422
    (error,) = response.json()["errors"]
    assert error["parameter"] == parameter
    assert allowed in error["detail"]


@pytest.mark.parametrize("id_", ["x", "", "-1", "²", "9" * 30, "7"])
def test_a_cursor_of_the_log_that_names_no_number_is_refused(client: TestClient, id_: str) -> None:
    given = client.get("/changes?limit=1").json()["next"]
    forged = read_cursor(given, _mark(given)).model_copy(update={"id": id_}).print()
    assert client.get(f"/changes?cursor={forged}").status_code == (200 if id_ == "7" else 422)


def _mark(cursor: str) -> int:
    padded = cursor + "=" * (-len(cursor) % 4)
    mark: int = json.loads(urlsafe_b64decode(padded))["question"]
    return mark


@pytest.mark.parametrize("sort", ["-sequence", "recorded_at", "sequence,type"])
def test_the_log_is_given_in_its_own_order_alone(client: TestClient, sort: str) -> None:
    (error,) = client.get(f"/changes?sort={sort}").json()["errors"]
    assert (error["parameter"], "allowed: sequence" in error["detail"]) == ("sort", True)
    assert client.get("/changes?sort=sequence").status_code == 200


def test_what_is_not_acceptable_is_a_problem(client: TestClient) -> None:
    response = client.get("/prices", headers={"Accept": "image/png"})
    assert response.status_code == 406
    assert response.headers["content-type"] == "application/problem+json"


def test_links_lead_to_the_next_page_and_the_first(client: TestClient) -> None:
    first = client.get("/v1/prices?limit=3&tier=standard&sort=-amount")
    second = client.get(first.links["next"]["url"])
    assert len(second.json()["data"]) == 1
    assert "next" not in second.links
    assert client.get(second.links["first"]["url"]).json() == first.json()


def test_other_formats_give_all_rows_or_the_page_asked_for(client: TestClient) -> None:
    whole = client.get("/prices?format=ndjson")
    assert len(whole.text.splitlines()) == 5
    assert whole.headers["content-disposition"] == 'attachment; filename="prices.ndjson"'
    page = client.get("/prices?format=ndjson&limit=2")
    rest = client.get(page.links["next"]["url"]).text
    assert (page.text + rest).splitlines() == whole.text.splitlines()[:4]
    assert whole.headers["tokentape-sequence"] == page.headers["tokentape-sequence"]


def test_prices_of_a_model_are_listed_as_they_hold(client: TestClient) -> None:
    listed = rows(client, f"/models/{OPUS}/prices?tier=batch")
    assert [one["amount"] for one in listed] == ["2.5"]
    assert client.get("/models/anthropic/claude-nothing/prices").status_code == 404


def test_a_models_offers_say_who_sells_it_for_what(client: TestClient) -> None:
    batch, standard = rows(client, f"/models/{OPUS}/offers")
    assert (batch["tier"], batch["region"], batch["input"]) == ("batch", "us", "2.5")
    assert (standard["provider"], standard["input"], standard["output"]) == ("anthropic", "5", "25")
    assert (standard["kind"], standard["prices"]) == ("official", 2)


def test_declared_tables_are_shown(client: TestClient) -> None:
    body = client.get("/meta").json()
    assert {"value": "input_tokens", "meaning": body["meters"][0]["meaning"]} == body["meters"][0]
    assert body["tiers"] == [{"value": "standard", "prices": 4}, {"value": "batch", "prices": 1}]
    assert {one["guard"] for one in body["guards"]} >= {"large_factor", "few_models"}
    assert body["sources"][0] == {
        "source": "anthropic",
        "kind": "official",
        "provider": "anthropic",
    }


def test_prices_are_told_in_a_currency_by_the_days_rate(client: TestClient) -> None:
    body = client.get("/models?currency=EUR&sort=name").json()
    opus = body["data"][1]
    assert (opus["input"], opus["output"], opus["band"]) == ("4", "20", "premium")
    assert opus["reference"][0]["conversion"]["rate_date"] == "2026-05-01"
    assert body["meta"]["ranking"]["told_in"] == "EUR"


def test_a_currency_without_a_rate_is_refused_with_those_that_have_one(client: TestClient) -> None:
    (error,) = client.get("/models?currency=XAU").json()["errors"]
    assert error["parameter"] == "currency"
    assert error["detail"].endswith("there are rates of EUR, USD")
