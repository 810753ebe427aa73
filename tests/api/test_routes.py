"""The REST API: shapes, filters, both clocks, and refusals by name."""

import json
from typing import cast

import pytest
from starlette.testclient import TestClient

from catalog.declaration import SourceDeclaration
from catalog.documents.sources import declare
from catalog.reading import Reading, Score
from catalog.vocabulary import Meter, SourceKind
from tests.api.bodies import Body, get, of, rows
from tests.catalog.builders import Catalog, pair, point, source, visit

OPUS = "anthropic/claude-opus-4.7"
EVERY_LIST = ("/models", "/prices", "/providers", "/sources", "/changes")


@pytest.fixture
def filled(catalog: Catalog) -> Catalog:
    """Opus at $5/$25 from May, $4/$20 from June; Haiku at $1/$5; a name nobody knows."""
    haiku = pair("Claude Haiku 4.5", "1", "5")
    unknown = point("Claude Ode 1", "7")
    tool = point("Web search tool", "10", meter=Meter.SEARCHES, unit="1K requests")
    may = visit("2026-05-01", *pair("Claude Opus 4.7", "5", "25"), *haiku, unknown, tool)
    june = visit("2026-06-01", *pair("Claude Opus 4.7", "4", "20"), *haiku, unknown, tool)
    catalog.take(may, june)
    return catalog


@pytest.fixture
def scored(filled: Catalog) -> Catalog:
    """The same, with Opus at 150 and Haiku at 140 on the index, seen in April."""
    epoch = source("epoch", documents=("csv",)).model_copy(update={"kind": SourceKind.BENCHMARK})
    scores = [
        Score(model=name, benchmark="epoch-capabilities-index", score=score, evidence=name)
        for name, score in (("claude-opus-4-7_32K", "150"), ("claude-haiku-4-5-20251001", "140"))
    ]
    return _with(filled, epoch, Reading(form="a", scores=tuple(scores)), "2026-04-10")


def _with(catalog: Catalog, declared: SourceDeclaration, reading: Reading, day: str) -> Catalog:
    declare(catalog.engine, (declared,), now=catalog.now)
    document = declared.documents[0].name
    catalog.take(visit(day, source=declared.name, document=document, reading=reading))
    return catalog


def test_an_empty_catalog_answers_empty_lists(client: TestClient) -> None:
    for path in ("/models", "/prices", "/providers", "/changes"):
        body = get(client, path)
        assert (body["data"], body["next"]) == ([], None)
        assert {"sequence", "as_of", "known_at"} <= of(body, "meta").keys()


@pytest.mark.usefixtures("filled")
def test_a_price_shows_its_columns_and_its_proof(client: TestClient) -> None:
    (price,) = rows(get(client, f"/prices?model={OPUS}&meter=input_tokens"))
    assert price["amount"] == "4"
    assert (price["model"], price["printed"]) == (OPUS, "Claude Opus 4.7")
    assert (price["tier"], price["region"], price["context_over"]) == ("standard", "global", 0)
    assert (price["variant"], price["window"]) == ("", "")
    assert (price["unit"], price["currency"]) == ("1M tokens", "USD")
    assert (price["precision"], price["not_before"]) == ("between", "2026-05-01T00:00:00Z")
    assert price["valid_from"] == price["confirmed_at"] == "2026-06-01T00:00:00Z"
    evidence = of(price, "evidence")
    assert evidence["text"] == "Claude Opus 4.7: $4"
    assert evidence["url"] == "https://anthropic.example/docs"
    assert evidence["fetched_at"] == "2026-06-01T00:00:00Z"
    assert len(str(evidence["sha256"])) == 64


@pytest.mark.usefixtures("filled")
def test_a_price_says_how_old_it_is(client: TestClient) -> None:
    body = get(client, f"/prices?model={OPUS}&meter=input_tokens")
    (price,) = rows(body)
    assert price["confirmed_at"] == "2026-06-01T00:00:00Z"
    assert str(of(body, "meta")["known_at"]).startswith("2026-11-22T12:00:00.")


@pytest.mark.usefixtures("filled")
def test_as_of_asks_what_held_then(client: TestClient) -> None:
    path = f"/prices?model={OPUS}&meter=input_tokens&as_of=2026-05-20"
    (price,) = rows(get(client, path))
    assert (price["amount"], price["valid_to"]) == ("5", "2026-06-01T00:00:00Z")
    assert rows(get(client, "/prices?as_of=2026-01-01")) == []


@pytest.mark.usefixtures("filled")
def test_known_at_asks_what_was_recorded_then(client: TestClient) -> None:
    body = get(client, "/prices?known_at=2026-01-01")
    assert body["data"] == []
    assert of(body, "meta")["known_at"] == "2026-01-01T00:00:00Z"


@pytest.mark.usefixtures("filled")
def test_unmapped_names_and_tools_are_prices_but_no_models(client: TestClient) -> None:
    unmapped = rows(get(client, "/prices?mapped=false"))
    assert [(one["model"], one["printed"]) for one in unmapped] == [(None, "Claude Ode 1")]
    assert rows(get(client, "/prices?model=anthropic/web-search"))
    listed = [one["model"] for one in rows(get(client, "/models?sort=name"))]
    assert listed == ["anthropic/claude-haiku-4.5", OPUS]


@pytest.mark.usefixtures("scored")
def test_models_are_ranked_by_value_with_everything_it_rests_on(client: TestClient) -> None:
    body = get(client, "/models?sort=value")
    first, second = rows(body)
    assert [first["model"], second["model"]] == ["anthropic/claude-haiku-4.5", OPUS]
    assert (first["price"], first["input"], first["output"]) == ("2", "1", "5")
    assert of(first, "quality")["index"] == "80"
    assert first["value"] == "56.568542"
    assert (first["stars"], second["stars"]) == (5, 3)
    assert (first["pareto"], second["pareto"]) == (True, True)
    ranking = of(of(body, "meta"), "ranking")
    assert ranking["value"] == "value = quality / max(blended, floor) ^ alpha"
    assert (ranking["mix"], ranking["alpha"], ranking["floor"]) == ("3:1", "0.5", "0.01")


@pytest.mark.usefixtures("scored")
def test_the_mix_and_the_weight_of_price_are_the_callers(client: TestClient) -> None:
    first = rows(get(client, "/models?mix=1:0&alpha=0"))[0]
    assert (first["model"], first["price"], first["value"]) == (OPUS, "4", "100")


@pytest.mark.usefixtures("filled")
def test_a_model_without_a_score_is_listed_with_the_reason(client: TestClient) -> None:
    first = rows(get(client, "/models"))[0]
    assert first["value"] is None
    assert first["reason"] == "no benchmark of the index has a score for it by then"


@pytest.mark.parametrize(
    ("sort", "first"),
    [
        ("price", "anthropic/claude-haiku-4.5"),
        ("-price", OPUS),
        ("input", "anthropic/claude-haiku-4.5"),
        ("-output", OPUS),
        ("-name", OPUS),
        ("changed", OPUS),
        ("quality", OPUS),
        ("-value", OPUS),
    ],
)
@pytest.mark.usefixtures("scored")
def test_sorting_puts_the_best_first_and_a_dash_reverses(
    client: TestClient, sort: str, first: str
) -> None:
    assert rows(get(client, f"/models?sort={sort}"))[0]["model"] == first


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=OPUS 4.7", [OPUS]),
        ("q=claude_opus", [OPUS]),
        ("q=gpt", []),
        ("provider=anthropic", ["anthropic/claude-haiku-4.5", OPUS]),
        ("provider=openai", []),
    ],
)
@pytest.mark.usefixtures("filled")
def test_models_are_found_by_name_and_provider(
    client: TestClient, query: str, found: list[str]
) -> None:
    assert [one["model"] for one in rows(get(client, f"/models?sort=name&{query}"))] == found


@pytest.mark.usefixtures("scored")
def test_a_filter_changes_nobodys_stars(client: TestClient) -> None:
    (opus,) = rows(get(client, "/models?q=opus"))
    assert opus["stars"] == 3


@pytest.mark.usefixtures("scored")
def test_a_model_is_shown_with_its_prices_and_names(client: TestClient) -> None:
    body = get(client, f"/models/{OPUS}")
    assert (body["model"], body["input"]) == (OPUS, "4")
    prices = cast("list[Body]", body["prices"])
    assert {one["meter"] for one in prices} == {"input_tokens", "output_tokens"}
    aliases = cast("list[Body]", body["aliases"])
    assert "Opus 4.7" in {alias["printed"] for alias in aliases}


@pytest.mark.usefixtures("filled")
def test_a_model_is_found_under_the_name_people_type(client: TestClient) -> None:
    assert get(client, "/models/anthropic/claude-opus-4-7")["model"] == OPUS
    assert get(client, "/models/Anthropic/Claude%20Opus%204.7")["model"] == OPUS
    assert get(client, "/models/anthropic%2Fclaude-opus-4.7")["model"] == OPUS


def test_an_unknown_model_is_a_problem_that_names_what_looks_alike(client: TestClient) -> None:
    problem = get(client, "/models/anthropic/claude-opsu-4.7", 404)
    assert problem["detail"] == "anthropic/claude-opsu-4.7 is no known model"
    assert cast("list[str]", problem["candidates"])[0] == OPUS


@pytest.mark.usefixtures("filled")
def test_a_models_history_has_every_revision_in_order(client: TestClient) -> None:
    body = get(client, f"/models/{OPUS}/history?meter=input_tokens")
    told = [(one["amount"], one["valid_from"], one["valid_to"]) for one in rows(body)]
    assert told == [
        ("5", "2026-05-01T00:00:00Z", "2026-06-01T00:00:00Z"),
        ("4", "2026-06-01T00:00:00Z", None),
    ]


@pytest.mark.usefixtures("filled")
def test_a_list_is_walked_page_by_page(client: TestClient) -> None:
    met: list[object] = []
    path: str | None = "/prices?limit=2"
    while path:
        body = get(client, path)
        met += [one["series"] for one in rows(body)]
        path = f"/prices?limit=2&cursor={body['next']}" if body["next"] else None
    whole = [one["series"] for one in rows(get(client, "/prices"))]
    assert met == whole
    assert len(whole) == 6


@pytest.mark.usefixtures("filled")
def test_providers_say_how_much_is_known_of_them(client: TestClient) -> None:
    (one,) = rows(get(client, "/providers"))
    assert (one["provider"], one["name"]) == ("anthropic", "Anthropic")
    assert (one["models"], one["prices"], one["sources"]) == (3, 6, ["anthropic"])


@pytest.mark.usefixtures("filled")
def test_sources_say_how_their_last_run_went_and_what_is_unmapped(client: TestClient) -> None:
    (one,) = rows(get(client, "/sources"))
    assert (one["source"], one["kind"], one["outcome"]) == ("anthropic", "official", "ok")
    assert one["unmapped"] == ["Claude Ode 1"]
    assert get(client, "/sources/anthropic")["source"] == "anthropic"
    assert get(client, "/sources/nobody", 404)["status"] == 404


@pytest.mark.usefixtures("filled")
def test_changes_go_on_after_a_sequence_number(client: TestClient) -> None:
    everything = rows(get(client, "/changes?limit=1000"))
    numbers = [cast("int", one["sequence"]) for one in everything]
    assert numbers == sorted(numbers)
    rest = rows(get(client, f"/changes?since={numbers[2]}&limit=1000"))
    assert [one["sequence"] for one in rest] == numbers[3:]


@pytest.mark.usefixtures("filled")
def test_changes_are_filtered_by_type_and_walked_by_cursor(client: TestClient) -> None:
    changed = rows(get(client, f"/changes?type=price.changed&model={OPUS}"))
    assert {(one["old"], one["new"], one["ratio"]) for one in changed} == {
        ("5", "4", "0.8"),
        ("25", "20", "0.8"),
    }
    first = get(client, "/changes?type=price.changed&limit=1")
    second = get(client, f"/changes?type=price.changed&limit=1&cursor={first['next']}")
    assert rows(second)[0]["sequence"] == changed[1]["sequence"]
    assert second["next"] is None


def test_a_name_is_resolved_with_its_edge(client: TestClient) -> None:
    body = get(client, "/resolve?id=claude-opus-4-7")
    assert (body["model"], body["edge"] in {"exact", "alias"}) == (OPUS, True)
    assert body["candidates"] == []


def test_a_name_that_means_no_model_is_no_guess(client: TestClient) -> None:
    body = get(client, "/resolve?id=claude-opsu-4.7")
    assert (body["model"], body["edge"]) == (None, None)
    assert cast("list[str]", body["candidates"])[0] == OPUS


def test_a_moving_name_is_resolved_at_a_moment(client: TestClient) -> None:
    moved = "/resolve?id=~anthropic/claude-opus-latest"
    assert get(client, f"{moved}&as_of=2026-08-21")["model"] == "anthropic/claude-opus-5"
    before = get(client, f"{moved}&as_of=2026-08-20")
    assert (before["model"], before["points_at"]) == (None, None)
    assert before["why"] == (
        "a name that its owner moves; nobody states what it pointed at on that day"
    )
    chat = get(client, "/resolve?id=deepseek-chat&as_of=2025-09-01")
    assert (chat["model"], chat["points_at"]) == (
        "deepseek/deepseek-chat",
        "deepseek/deepseek-v3.1",
    )


def test_health_reads_the_store(client: TestClient) -> None:
    assert get(client, "/healthz") == {"status": "ok", "sequence": 0}


@pytest.mark.parametrize("path", [*EVERY_LIST, "/healthz", "/resolve?id=opus 4.7"])
def test_the_frozen_contract_serves_the_same_paths(client: TestClient, path: str) -> None:
    plain, frozen = get(client, path), get(client, f"/v1{path}")
    plain.pop("meta", None)
    frozen.pop("meta", None)
    assert plain == frozen


@pytest.mark.parametrize("path", [*EVERY_LIST, "/healthz", "/docs", "/openapi.json"])
def test_head_answers_every_get_without_a_body(client: TestClient, path: str) -> None:
    head = client.head(path)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-type"] == client.get(path).headers["content-type"]


@pytest.mark.parametrize(
    ("path", "parameter", "allowed"),
    [
        ("/models?sotr=value", "sotr", "sort"),
        ("/models?sort=cheapest", "sort", "price"),
        ("/models?limit=0", "limit", "greater than or equal to 1"),
        ("/models?limit=many", "limit", "integer"),
        ("/models?as_of=yesterday", "as_of", "write 2026-01-31"),
        ("/models?as_of=2026-01-01T00:00:00", "as_of", "add Z for UTC"),
        ("/models?as_of=0001-01-01T00:00:00%2B23:59", "as_of", "outside the years"),
        ("/models?known_at=2999-01-01", "known_at", "lies ahead"),
        ("/models?mix=3", "mix", "as in 3:1"),
        ("/models?mix=0:0", "mix", "0:0 has neither"),
        ("/models?alpha=5", "alpha", "less than or equal to 4"),
        ("/models?alpha=NaN", "alpha", "finite"),
        ("/models?as_of=2026-05-01T12:00:00+02:00", "as_of", "lost a +; write it as %2B"),
        ("/models?pareto=maybe", "pareto", "write true or false"),
        ("/models?cursor=x", "cursor", "pass `next`"),
        ("/prices?meter=tokens", "meter", "'input_tokens'"),
        ("/prices?known_at=2999-01-01", "known_at", "lies ahead"),
        ("/prices?page=2", "page", "cursor"),
        ("/providers?x=1", "x", "as_of"),
        ("/sources?x=1", "x", "kind"),
        ("/sources/anthropic?x=1", "x", "allowed: as_of, known_at"),
        ("/changes?since=-1", "since", "greater than or equal to 0"),
        ("/changes?since=99999999999999999999", "since", "less than or equal"),
        ("/changes?type=price.moved", "type", "'price.changed'"),
        ("/changes?model=%00", "model", "pattern"),
        ("/changes?cursor=x", "cursor", "pass `next`"),
        ("/resolve", "id", "required"),
        ("/healthz?x=1", "x", "allowed: none"),
        (f"/models/{OPUS}?sort=value", "sort", "as_of"),
        (f"/models/{OPUS}/history?when=2026-01-01", "when", "known_at"),
    ],
)
def test_what_cannot_be_asked_is_refused_by_name_with_what_can(
    client: TestClient, path: str, parameter: str, allowed: str
) -> None:
    response = client.get(path)
    assert response.headers["content-type"] == "application/problem+json"
    problem = cast("Body", json.loads(response.text))
    assert problem["status"] == response.status_code == 422
    (error,) = cast("list[Body]", problem["errors"])
    assert error["parameter"] == parameter
    assert allowed in str(error["detail"])


def test_a_store_that_cannot_be_read_is_unavailable(client: TestClient, catalog: Catalog) -> None:
    with catalog.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE change_events RENAME TO hidden")
    problem = get(client, "/healthz", 503)
    assert problem["detail"] == "the store cannot be read; is it migrated and reachable?"


def test_the_description_says_that_errors_are_problems(client: TestClient) -> None:
    described = get(client, "/openapi.json")
    for path in cast("dict[str, Body]", described["paths"]).values():
        for operation in cast("dict[str, Body]", path).values():
            refused = {code for code in of(operation, "responses") if code >= "400"}
            assert {"400", "422", "429", "500"} <= refused


def test_an_unknown_path_is_a_problem(client: TestClient) -> None:
    problem = get(client, "/nothing", 404)
    assert problem["title"] == "Not Found"
    assert problem["detail"] == "nothing is served at /nothing; see /docs"


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("/models/", "/models"),
        ("//models", "/models"),
        ("/v1/prices/", "/v1/prices"),
        (f"/models/{OPUS}/prices//", f"/models/{OPUS}/prices"),
    ],
)
def test_a_path_with_a_slash_too_many_is_told_the_one_that_is_meant(
    client: TestClient, path: str, meant: str
) -> None:
    problem = get(client, f"http://testserver{path}", 404)
    assert problem["detail"] == f"nothing is served at {path}; ask {meant}"


def test_another_method_is_a_problem(client: TestClient) -> None:
    response = client.post("/models")
    assert response.status_code == 405
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["allow"] == "GET, HEAD, OPTIONS"
    assert response.json()["detail"] == "POST is not served at /models; GET, HEAD, OPTIONS are"


def test_a_store_that_cannot_be_read_says_nothing_of_the_inside(
    client: TestClient, catalog: Catalog
) -> None:
    with catalog.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE sequence RENAME TO hidden")
    response = client.get("/models")
    assert response.status_code == 503
    assert response.headers["content-type"] == "application/problem+json"
    assert "hidden" not in response.text
    assert "sqlite" not in response.text.lower()


def test_a_cursor_of_one_list_is_refused_by_another(client: TestClient, filled: Catalog) -> None:
    del filled
    cursor = get(client, "/prices?limit=1")["next"]
    assert client.get(f"/prices?limit=1&cursor={cursor}").status_code == 200
    assert client.get(f"/prices?limit=1&tier=standard&cursor={cursor}").status_code == 422
    assert client.get(f"/providers?limit=1&cursor={cursor}").status_code == 422


def test_a_new_reading_shows_at_once(client: TestClient, catalog: Catalog) -> None:
    assert rows(get(client, "/models")) == []
    catalog.take(visit("2026-05-01", *pair("Claude Opus 4.7", "5", "25")))
    assert [one["model"] for one in rows(get(client, "/models"))] == [OPUS]
