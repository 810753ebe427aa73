"""Rankings, the index, comparisons, families and risk over HTTP: on any day, by their rules."""

from typing import cast

import pytest
from starlette.testclient import TestClient

from catalog.documents.sources import declare
from catalog.reading import Fact, Reading, Score
from catalog.vocabulary import SourceKind
from tests.api.bodies import Body, get, of, rows
from tests.catalog.builders import Catalog, pair, source, visit

OPUS, HAIKU = "anthropic/claude-opus-4.7", "anthropic/claude-haiku-4.5"


@pytest.fixture
def filled(catalog: Catalog) -> Catalog:
    """Opus at $5/$25, from June at $0.40/$2; Haiku at $1/$5, with vision; both scored in April."""
    vision = Fact(
        model="Claude Haiku 4.5", name="input_modalities", value="text, image", evidence="sees"
    )
    declared = source("epoch", documents=("csv",)).model_copy(update={"kind": SourceKind.BENCHMARK})
    declare(catalog.engine, (declared,), now=catalog.now)
    scores = tuple(
        Score(model=name, benchmark="epoch-capabilities-index", score=score, evidence=name)
        for name, score in (("claude-opus-4-7", "150"), ("claude-haiku-4-5", "140"))
    )
    haiku = pair("Claude Haiku 4.5", "1", "5")
    may = Reading(form="a", points=(*pair("Claude Opus 4.7", "5", "25"), *haiku), facts=(vision,))
    catalog.take(
        visit(
            "2026-04-10",
            source="epoch",
            document="csv",
            reading=Reading(form="a", scores=scores),
        ),
        visit("2026-05-01", reading=may),
        visit("2026-06-10", *pair("Claude Opus 4.7", "0.4", "2"), *haiku),
    )
    return catalog


@pytest.mark.usefixtures("filled")
def test_the_rankings_are_listed_with_their_rules_and_who_is_first(client: TestClient) -> None:
    declared = {str(row["name"]): row for row in rows(get(client, "/rankings"))}
    assert declared["value"]["first"] == [OPUS]
    vision = declared["cheapest-vision"]
    assert (vision["first"], vision["orders_by"]) == ([HAIKU], "price")
    assert "takes images" in cast("list[str]", vision["conditions"])
    assert declared["best-coder"]["first"] == []


@pytest.mark.usefixtures("filled")
def test_a_ranking_of_a_past_day_is_the_one_of_that_day(client: TestClient) -> None:
    now = get(client, "/rankings/cheapest")
    then = get(client, "/rankings/cheapest?as_of=2026-05-20")
    assert [(row["place"], row["model"]) for row in rows(now)] == [(1, OPUS), (2, HAIKU)]
    assert [(row["key"], row["model"]) for row in rows(then)] == [("2", HAIKU), ("10", OPUS)]
    assert of(of(then, "meta"), "rule")["orders_by"] == "price"


@pytest.mark.usefixtures("filled")
def test_a_ranking_says_what_each_model_is_best_for_and_takes_filters(client: TestClient) -> None:
    (row,) = rows(get(client, "/rankings/value?band=mid"))
    assert (row["model"], row["place"]) == (HAIKU, 2)
    assert "cheapest-vision" in cast("list[str]", row["best_for"])


@pytest.mark.usefixtures("filled")
def test_a_ranking_nobody_declared_is_not_found_and_the_others_are_named(
    client: TestClient,
) -> None:
    problem = get(client, "/rankings/fastest", 404)
    assert "cheapest-vision" in str(problem["detail"])


@pytest.mark.usefixtures("filled")
def test_the_index_follows_the_same_models_and_says_whose_prices(client: TestClient) -> None:
    body = get(client, "/index?band=all&as_of=2026-07-15")
    points = rows(body)
    assert [point["at"] for point in points] == [
        "2026-05-01T00:00:00Z",
        "2026-06-01T00:00:00Z",
        "2026-07-01T00:00:00Z",
        "2026-07-15T00:00:00Z",
    ]
    assert [point["index"] for point in points] == ["100", "100", "28.2843", "28.2843"]
    assert points[2]["sources"] == ["anthropic"]
    assert points[2]["members"] == [HAIKU, OPUS]
    assert points[2]["moved"] == [
        {"model": OPUS, "before": "10", "after": "0.8", "currency": "USD", "ratio": "0.08"}
    ]
    method = cast("list[Body]", of(body, "meta")["method"])
    assert {"basket", "link", "index"} <= {rule["about"] for rule in method}


@pytest.mark.usefixtures("filled")
def test_a_change_is_in_the_band_it_came_from(client: TestClient) -> None:
    premium = rows(get(client, "/index?band=premium&as_of=2026-07-01"))
    mid = rows(get(client, "/index?band=mid&as_of=2026-07-01"))
    assert (premium[-1]["index"], mid[-1]["index"]) == ("8", "100")


@pytest.mark.usefixtures("filled")
def test_the_lowest_price_of_a_quality_is_followed(client: TestClient) -> None:
    found = rows(get(client, "/index/qualities?quality=80&as_of=2026-07-01"))
    assert [(row["at"], row["price"], row["model"]) for row in found] == [
        ("2026-05-01T00:00:00Z", "2", HAIKU),
        ("2026-06-01T00:00:00Z", "2", HAIKU),
        ("2026-07-01T00:00:00Z", "0.8", OPUS),
    ]


@pytest.mark.usefixtures("filled")
def test_an_index_by_a_source_without_prices_is_refused(client: TestClient) -> None:
    problem = get(client, "/index?source=nobody", 422)
    assert "/sources lists the sources" in str(problem["detail"])


def test_an_empty_catalog_has_no_index(client: TestClient) -> None:
    assert rows(get(client, "/index")) == []


@pytest.mark.usefixtures("filled")
def test_a_catalogs_history_answers_only_where_it_is_asked(
    client: TestClient, filled: Catalog
) -> None:
    declared = source("list", documents=("json",)).model_copy(update={"kind": SourceKind.CATALOG})
    declare(filled.engine, (declared,), now=filled.now)
    for day, price in (("2026-03-01", "8"), ("2026-05-15", "2")):
        points = [
            one.model_copy(update={"provider": "anthropic"})
            for one in pair("Claude Haiku 4.5", price, price)
        ]
        filled.take(visit(day, *points, source="list", document="json"))
    asked = rows(get(client, "/index?band=all&source=list&as_of=2026-06-01"))
    assert [point["index"] for point in asked] == ["100", "100", "100", "25"]
    assert asked[-1]["sources"] == ["list"]
    official = rows(get(client, "/index?band=all&as_of=2026-06-01"))
    assert {tuple(cast("list[str]", point["sources"])) for point in official} == {("anthropic",)}


@pytest.mark.usefixtures("filled")
def test_models_are_compared_side_by_side_and_what_differs_is_named(client: TestClient) -> None:
    body = get(client, "/compare?models=claude-opus-4-7,claude-haiku-4.5")
    assert body["models"] == [OPUS, HAIKU]
    price = next(row for row in rows(body) if row["name"] == "standard input_tokens")
    assert price["values"] == {OPUS: "0.4", HAIKU: "1"}
    assert "standard input_tokens" in cast("list[str]", body["differs"])


@pytest.mark.parametrize(
    ("models", "status", "told"),
    [
        ("claude-opus-4-7,claude-ode", 404, "no known model: claude-ode"),
        ("claude-opus-4-7", 422, "name 2 to 12 different models"),
        ("claude-opus-4-7,claude-opus-4.7", 422, f"names {OPUS}; "),
        (",", 422, "names nothing; "),
    ],
)
@pytest.mark.usefixtures("filled")
def test_what_cannot_be_compared_is_refused(
    client: TestClient, models: str, status: int, told: str
) -> None:
    assert told in str(get(client, f"/compare?models={models}", status)["detail"])


@pytest.mark.usefixtures("filled")
def test_a_family_shows_each_generation_and_its_prices(client: TestClient) -> None:
    body = get(client, "/families/Anthropic/Claude%20Opus")
    assert (body["maker"], body["family"]) == ("anthropic", "claude-opus")
    (opus,) = rows(body)
    (generation,) = cast("list[Body]", opus["generations"])
    assert generation["model"] == OPUS
    assert [price["input"] for price in cast("list[Body]", generation["prices"])] == ["5", "0.4"]


def test_a_family_that_is_none_is_not_found_and_the_makers_lines_are_named(
    client: TestClient,
) -> None:
    assert "claude-opus" in str(get(client, "/families/anthropic/ode", 404)["detail"])
    unknown = str(get(client, "/families/nobody/x", 404)["detail"])
    assert unknown.startswith("nobody is no known maker; there are ")
    assert "anthropic" in unknown


@pytest.mark.usefixtures("filled")
def test_models_are_listed_with_what_they_are_best_for(client: TestClient) -> None:
    (listed,) = rows(get(client, "/models?best_for=cheapest-paid,longest-context"))
    assert (listed["model"], listed["best_for"]) == (
        OPUS,
        get(client, f"/models/{OPUS}")["best_for"],
    )
    vision = rows(get(client, "/models?best_for=cheapest-vision"))
    assert [row["model"] for row in vision] == [HAIKU]
    assert rows(get(client, "/models?best_for=nothing")) == []


@pytest.mark.usefixtures("filled")
def test_a_model_shows_the_risk_of_its_price_and_what_it_is_best_for(client: TestClient) -> None:
    body = get(client, f"/models/{OPUS}")
    risk = of(body, "risk")
    assert (risk["moves_in_a_year"], risk["largest_fall"]) == (1, "0.08")
    assert "one seller" in [hazard["name"] for hazard in cast("list[Body]", risk["hazards"])]
    assert "cheapest-paid" in cast("list[str]", body["best_for"])
    calm = rows(get(client, "/rankings/risk"))
    assert [row["place"] for row in calm] == [1, 1]


@pytest.mark.usefixtures("filled")
def test_a_model_that_nobody_prices_has_a_record_without_a_price(client: TestClient) -> None:
    risk = of(get(client, "/models/anthropic/claude-opus-4"), "risk")
    assert (risk["watched_since"], risk["evidence_days"]) == (None, None)
