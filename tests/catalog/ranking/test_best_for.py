"""The declared rankings: whom a rule admits, in which order, and who is tagged."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from catalog.current.facts import FactSeen
from catalog.current.listings import Listing, listing
from catalog.exchange import Rates
from catalog.identity import Model
from catalog.ranking import Question, Quote, Scored, Standing, Subject, basis, stand
from catalog.ranking.best_for import BEST_FOR, RULES, Order, ranked, rule_named, tags

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)


def quotes(price: str, tier: str = "standard", cached: str | None = None) -> Iterator[Quote]:
    amounts = {"input_tokens": price, "output_tokens": price, "cache_read_tokens": cached}
    for meter, amount in amounts.items():
        if amount is not None:
            yield Quote(
                series=f"{tier} {meter}",
                provider="acme",
                official=True,
                tier=tier,
                region="global",
                context_over=0,
                variant="",
                window="",
                meter=meter,
                unit="1M tokens",
                currency="USD",
                amount=Decimal(amount),
            )


def a_model(
    name: str, price: str, *more: Quote, coding: str | None = None, **facts: str
) -> Listing:
    model = Model(f"acme/{name}", "acme", name, "acme", "model")
    stated = tuple(
        FactSeen("acme", model.id, name, "", fact, value, value, NOON)
        for fact, value in facts.items()
    )
    scores = (
        (Scored("aider polyglot (%)", name, Decimal(coding), "aider", None, NOON),)
        if coding
        else ()
    )
    priced = Subject(model, (*quotes(price), *more), scores)
    return replace(listing(_standing(Subject(model)), [], stated, None), standing=_standing(priced))


def _standing(subject: Subject) -> Standing:
    return stand(basis(subject, Rates(()), NOON), Question(NOON))


def order(name: str, *listings: Listing, at: datetime = NOON) -> list[tuple[int, str]]:
    rule = rule_named(name)
    assert rule is not None
    return [
        (one.place, one.listing.model.name) for one in ranked(rule, listings, at, {"acme/b": 5})
    ]


def test_the_cheapest_with_vision_takes_images_and_says_so() -> None:
    found = order(
        "cheapest-vision",
        a_model("blind", "1", input_modalities="text"),
        a_model("unknown", "1"),
        a_model("dear", "9", input_modalities="text, image"),
        a_model("seeing", "2", input_modalities="image, text"),
        a_model("able", "3", vision="yes"),
    )
    assert found == [(1, "seeing"), (2, "able"), (3, "dear")]


def test_a_million_tokens_of_context_are_enough_and_one_less_is_not() -> None:
    found = order(
        "cheapest-1m-context",
        a_model("enough", "2", context_tokens="1000000"),
        a_model("less", "1", context_tokens="999999"),
    )
    assert found == [(1, "enough")]


def test_equals_share_a_place() -> None:
    found = order("cheapest", a_model("b", "1"), a_model("c", "2"), a_model("a", "1"))
    assert found == [(1, "a"), (1, "b"), (3, "c")]


def test_the_best_coder_under_a_dollar_costs_less_than_one() -> None:
    found = order(
        "best-coder-under-1-dollar",
        a_model("dear", "1", coding="90"),
        a_model("good", "0.99", coding="80"),
        a_model("worse", "0.5", coding="70"),
        a_model("unscored", "0.1"),
    )
    assert found == [(1, "good"), (2, "worse")]


def test_a_retired_model_is_in_no_ranking_from_that_day_on() -> None:
    one = a_model("one", "1", retired_on="2026-08-01")
    assert order("cheapest", one) == [(1, "one")]
    assert order("cheapest", one, at=datetime(2026, 8, 1, tzinfo=UTC)) == []


def test_batch_and_cached_prices_are_the_makers_own() -> None:
    batch = a_model("batch", "4", *quotes("2", tier="batch"))
    cached = a_model("cached", "5", *list(quotes("5", cached="0.1"))[2:])
    assert order("cheapest-batch", batch, cached) == [(1, "batch")]
    assert order("cheapest-cached-input", batch, cached) == [(1, "cached")]


def test_risk_orders_by_the_points_given_fewest_first() -> None:
    assert order("risk", a_model("a", "1"), a_model("b", "1")) == [(1, "b")]


def test_a_tag_goes_to_whoever_is_first() -> None:
    some = [
        a_model("cheap", "1", context_tokens="8000"),
        a_model("long", "2", context_tokens="1000000"),
    ]
    found = tags(some, NOON)
    assert found["acme/cheap"] == ("cheapest-paid",)
    assert found["acme/long"] == ("cheapest-1m-context", "longest-context")


def test_nobody_is_tagged_by_a_rule_that_admits_nobody() -> None:
    assert tags([], NOON) == {}


def test_every_ranking_has_a_name_of_its_own_and_every_order_a_ranking() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)
    assert {rule.order for rule in RULES} == set(Order)
    assert set(BEST_FOR) < set(RULES)
    assert rule_named("no such") is None
