"""GET /estimate and /estimate/routing: a month of use on every model, and routed over several."""

import json
import shutil
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import cast

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient
from typer.testing import CliRunner

from api.estimate_commands import commands
from catalog.current.view import Views
from catalog.documents.sources import declare
from catalog.reading import Adjustment, Fact, PricePoint, Rate, Reading, Score
from catalog.store import open_store
from catalog.vocabulary import Meter, SourceKind, Unit
from tests.api.bodies import Body, get
from tests.catalog.builders import Catalog, point, source, visit

OPUS, SONNET, HAIKU = (
    "anthropic/claude-opus-4.6",
    "anthropic/claude-sonnet-4.6",
    "anthropic/claude-haiku-4.5",
)
MONTH = "requests=450000&input_tokens=2000&output_tokens=400"


def prices(model: str, *amounts: str, **columns: object) -> tuple[PricePoint, ...]:
    """State input, output, cache read, cache write and one-hour write, as far as given."""
    meters = (
        Meter.INPUT_TOKENS,
        Meter.OUTPUT_TOKENS,
        Meter.CACHE_READ_TOKENS,
        Meter.CACHE_WRITE_TOKENS,
        Meter.CACHE_WRITE_1H_TOKENS,
    )
    pairs = zip(meters, amounts, strict=False)
    return tuple(point(model, amount, meter=meter, **columns) for meter, amount in pairs)


@pytest.fixture(scope="module")
def filled(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalog]:
    """Anthropic's published prices, a regional surcharge, search, quality, and a euro at $1.25."""
    path = tmp_path_factory.mktemp("estimate") / "tokentape.db"
    shutil.copy(migrated_sqlite, path)
    catalog = Catalog(open_store(f"sqlite:///{path}"))
    kinds = {"epoch": SourceKind.BENCHMARK, "fx": SourceKind.FX, "openrouter": SourceKind.RESELLER}
    for name, kind in kinds.items():
        declared = source(name, documents=("csv",)).model_copy(update={"kind": kind})
        declare(catalog.engine, (declared,), now=catalog.now)
    us_only = Adjustment(
        name="us-only inference",
        factor=Decimal("1.1"),
        scope="Claude Opus 4.6 and newer models",
        evidence="a 1.1x multiplier",
    )
    short = Fact(model="Claude Haiku 4.5", name="context_tokens", value="200000", evidence="200K")
    sees = Fact(model="Claude Opus 4.6", name="input_modalities", value="text, image", evidence="i")
    points = (
        *prices("Claude Opus 4.6", "5", "25", "0.5", "6.25", "10"),
        *prices("Claude Opus 4.6", "2.5", "12.5", tier="batch"),
        *prices("Claude Opus 4.6", "10", "37.5", context_over=200_000),
        *prices("Claude Sonnet 4.6", "3", "15"),
        *prices("Claude Haiku 4.5", "1", "5"),
        point("Claude Haiku 3", "0.25"),
        point("Web search", "10", meter=Meter.SEARCHES, unit=Unit.THOUSAND_REQUESTS),
    )
    read = Reading(form="a", points=points, facts=(short, sees), adjustments=(us_only,))
    scores = tuple(
        Score(model=model, benchmark="epoch-capabilities-index", score=score, evidence=score)
        for model, score in (
            ("claude-opus-4-6", "150"),
            ("claude-sonnet-4-6", "145"),
            ("claude-haiku-4-5", "140"),
        )
    )
    scored = Reading(form="a", scores=scores)
    euro = Rate(currency="USD", rate=Decimal("1.25"), date=date(2026, 4, 30))
    resold = prices("anthropic/claude-haiku-4.5", "0.9", "4", provider="openrouter")
    catalog.take(
        visit("2026-04-10", source="epoch", document="csv", reading=scored),
        visit("2026-04-30", source="fx", document="csv", reading=Reading(form="a", rates=(euro,))),
        visit("2026-05-01", reading=read),
        visit("2026-05-01", *resold, source="openrouter", document="csv"),
    )
    yield catalog
    catalog.engine.dispose()


@pytest.fixture
def client(app: FastAPI, filled: Catalog) -> TestClient:
    """Ask about the one catalog that all tests here read."""
    app.state.views = Views(filled.engine, now=filled.now)
    return TestClient(app, raise_server_exceptions=False)


def estimated(client: TestClient, query: str) -> dict[str, Body]:
    """Give the rows by model; of one model alone."""
    rows = cast("list[Body]", get(client, f"/estimate?{query}")["data"])
    return {str(row["model"]): row for row in rows}


def items(row: Body) -> dict[tuple[object, object], Body]:
    return {(one["tier"], one["meter"]): one for one in cast("list[Body]", row["items"])}


def test_models_are_ranked_by_what_a_month_costs(client: TestClient) -> None:
    rows = estimated(client, MONTH)
    assert [(model, row["total"]) for model, row in rows.items()] == [
        (HAIKU, "1800"),
        (SONNET, "5400"),
        (OPUS, "9000"),
        ("anthropic/claude-haiku-3", None),
    ]
    assert rows[OPUS]["per_request"] == "0.02"


def test_a_model_without_a_needed_price_comes_last_with_the_reason(client: TestClient) -> None:
    last = list(estimated(client, MONTH).values())[-1]
    assert last["total"] is None
    assert last["reason"] == "standard: no price of output_tokens is stated for this offer"
    assert items(last)["standard", "output_tokens"]["amount"] is None
    assert items(last)["standard", "input_tokens"]["amount"] == "225"


def test_every_item_has_its_price_and_the_words_that_state_it(client: TestClient) -> None:
    row = estimated(client, f"{MONTH}&models=claude-opus-4-6")[OPUS]
    item = items(row)["standard", "output_tokens"]
    assert (item["quantity"], item["price"], item["unit"], item["amount"]) == (
        *(180_000_000, "25", "1M tokens", "4500"),
    )
    evidence = cast("Body", item["evidence"])
    assert evidence["url"] == "https://anthropic.example/docs"
    assert evidence["text"] == "Claude Opus 4.6: $25"


def test_ten_million_replies_of_500_tokens(client: TestClient) -> None:
    rows = estimated(client, "requests=10000000&output_tokens=500")
    assert (rows[HAIKU]["total"], rows[OPUS]["total"]) == ("25000", "125000")


def test_batch_and_cache_together_at_anthropics_published_rates(client: TestClient) -> None:
    """A million of each: input $5, output $25, read $0.50, written $6.25 and $10; all halved."""
    shares = "cached_share=0.25&written_share=0.25&written_1h_share=0.25"
    query = f"requests=1000&input_tokens=4000&output_tokens=1000&{shares}&models={OPUS}"
    assert estimated(client, query)[OPUS]["total"] == "46.75"
    row = estimated(client, f"{query}&batch_share=1")[OPUS]
    assert row["total"] == "23.375"
    (halved,) = cast("list[Body]", items(row)["batch", "cache_read_tokens"]["adjustments"])
    assert (halved["factor"], "stack" in str(halved["says"])) == ("0.5", True)
    assert estimated(client, f"{query}&batch_share=0.5")[OPUS]["total"] == "35.0625"


def test_a_region_that_costs_more_is_taken_into_each_item(client: TestClient) -> None:
    row = estimated(client, f"{MONTH}&region=us&models={OPUS}")[OPUS]
    assert row["total"] == "9900"
    item = items(row)["standard", "input_tokens"]
    (by,) = cast("list[Body]", item["adjustments"])
    assert (item["amount"], item["price"], by["name"], by["factor"], by["says"]) == (
        *("4950", "5", "us-only inference", "1.1", "a 1.1x multiplier"),
    )


def test_the_price_goes_by_the_input_of_one_request(client: TestClient) -> None:
    query = f"requests=1000&output_tokens=0&models={OPUS}"
    assert estimated(client, f"{query}&input_tokens=200000")[OPUS]["total"] == "1000"
    row = estimated(client, f"{query}&input_tokens=200001")[OPUS]
    assert (row["total"], items(row)["standard", "input_tokens"]["context_over"]) == (
        *("2000.01", 200_000),
    )


def test_a_request_that_does_not_fit_has_no_total(client: TestClient) -> None:
    row = estimated(client, "requests=1&input_tokens=300000&models=claude-haiku-4-5")[HAIKU]
    assert row["total"] is None
    assert row["reason"] == "a request of 300000 tokens does not fit its context of 200000"


def test_searches_cost_what_the_sellers_tool_costs(client: TestClient) -> None:
    row = estimated(client, f"{MONTH}&searches=0.1&models={HAIKU}")[HAIKU]
    assert (row["total"], items(row)["standard", "searches"]["quantity"]) == ("2250", 45_000)


def test_reasoning_is_paid_as_output(client: TestClient) -> None:
    row = estimated(client, f"{MONTH}&reasoning_tokens=400&models={HAIKU}")[HAIKU]
    assert row["total"] == "2700"


def test_a_price_by_the_image_that_is_not_stated_leaves_no_total(client: TestClient) -> None:
    row = estimated(client, f"{MONTH}&input_images=1&models={HAIKU}")[HAIKU]
    assert (row["total"], "count those" in str(row["reason"])) == (None, True)


def test_totals_are_told_in_another_currency_by_the_days_rate(client: TestClient) -> None:
    row = estimated(client, f"{MONTH}&currency=EUR&models={HAIKU}")[HAIKU]
    assert (row["total"], row["currency"]) == ("1440", "EUR")
    (made,) = cast("list[Body]", row["conversions"])
    assert (made["rate"], made["rate_date"]) == ("0.8", "2026-04-30")


def test_other_sellers_are_asked_by_name(client: TestClient) -> None:
    assert estimated(client, f"{MONTH}&provider=openrouter")[HAIKU]["total"] == "1530"
    everyone = get(client, f"/estimate?{MONTH}&provider=any&models={HAIKU}")
    sold = [(row["seller"], row["total"]) for row in cast("list[Body]", everyone["data"])]
    assert sold == [("openrouter", "1530"), ("anthropic", "1800")]


def test_only_models_that_are_good_enough_or_can_do_what_is_asked(client: TestClient) -> None:
    assert list(estimated(client, f"{MONTH}&min_quality=85")) == [SONNET, OPUS]
    assert list(estimated(client, f"{MONTH}&input_modality=image")) == [OPUS]
    assert list(estimated(client, f"{MONTH}&max_total=2000")) == [HAIKU]


def test_what_it_cost_on_another_day_is_known_or_not(client: TestClient) -> None:
    assert estimated(client, f"{MONTH}&as_of=2026-04-01") == {}
    assert estimated(client, f"{MONTH}&as_of=2026-05-02")[HAIKU]["total"] == "1800"


ROUTES = "route=0.7:0&route=0.25:85&route=0.05:95"


def test_fifteen_thousand_conversations_a_day_routed_over_three_models(client: TestClient) -> None:
    """70 % on Haiku, 25 % on Sonnet, 5 % on Opus; 2,000 tokens in and 400 out; 30 days."""
    body = get(client, f"/estimate/routing?{MONTH}&{ROUTES}")
    routes = cast("list[Body]", body["routes"])
    assert [(one["model"], one["requests"], one["total"]) for one in routes] == [
        (HAIKU, 315_000, "1260"),
        (SONNET, 112_500, "1350"),
        (OPUS, 22_500, "450"),
    ]
    assert (body["total"], body["saving"], body["saving_share"]) == ("3060", "5940", "0.66")
    assert cast("Body", body["single"])["model"] == OPUS


def test_a_route_may_have_tokens_of_its_own_and_be_set_against_a_model(client: TestClient) -> None:
    query = f"{MONTH}&route=0.9:0&route=0.1:85:4000:800&against=claude-sonnet-4-6"
    body = get(client, f"/estimate/routing?{query}")
    assert [one["total"] for one in cast("list[Body]", body["routes"])] == ["1620", "1080"]
    assert cast("Body", body["single"]) == {
        "model": SONNET,
        "seller": "anthropic",
        "quality": "90",
        "total": "5940",
    }


def test_a_route_that_no_model_is_good_enough_for_leaves_no_total(client: TestClient) -> None:
    body = get(client, f"/estimate/routing?{MONTH}&route=0.5:0&route=0.5:140")
    assert (body["total"], body["single"], body["saving"]) == (None, None, None)
    assert cast("list[Body]", body["routes"])[1]["reason"] == (
        "no model of quality 140 or more has a known total for it"
    )


@pytest.mark.parametrize(
    ("path", "status", "told"),
    [
        ("/estimate", 422, "requests"),
        ("/estimate?requests=10", 422, "a request holds something"),
        (f"/estimate?{MONTH}&models=claude-ode-9", 404, "no known model: claude-ode-9"),
        (f"/estimate?{MONTH}&provider=nobody", 422, "sells nothing here"),
        (f"/estimate?{MONTH}&currency=XXX", 422, "no reference rate of XXX"),
        (f"/estimate?{MONTH}&cached_share=0.8&written_share=0.3", 422, "more than the input"),
        (f"/estimate/routing?{MONTH}&route=0.5:0&route=0.4:0", 422, "the shares sum to 0.9"),
        (f"/estimate/routing?{MONTH}&route=1:0&capability=flying", 422, "flying is no capability"),
        (f"/estimate/routing?{MONTH}&route=half:0", 422, "is no route; write a share"),
        (f"/estimate/routing?{MONTH}&route=1:0&against=ode", 404, "no known model is called ode"),
    ],
)
def test_what_cannot_be_is_refused_by_name(
    client: TestClient, path: str, status: int, told: str
) -> None:
    assert told in str(get(client, path, status)["detail"])


def test_the_command_prints_what_the_route_answers(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, filled: Catalog
) -> None:
    monkeypatch.setenv("TOKENTAPE_DATABASE_URL", str(filled.engine.url))
    use = ["--requests", "450000", "--input-tokens", "2000", "--output-tokens", "400"]
    listed = CliRunner().invoke(commands, [*use, "--limit", "1"])
    assert json.loads(listed.stdout)["data"][0]["total"] == "1800"
    routed = CliRunner().invoke(commands, [*use, *(f"--{part}" for part in ROUTES.split("&"))])
    assert json.loads(routed.stdout) == get(client, f"/estimate/routing?{MONTH}&{ROUTES}")
    wrong = CliRunner().invoke(commands, [*use, "--route", "0.5:1"])
    assert (wrong.exit_code, "must sum to" in wrong.output) == (2, True)
