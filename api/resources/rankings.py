"""The declared rankings: which there are and by which rules, and the models in each."""

from dataclasses import dataclass, replace
from itertools import takewhile
from typing import cast

from fastapi import APIRouter

from api.listing import Ask, Best, Column, Found, Kind, ListResource, Test, Timed, meta_of, mount
from api.problems import not_found
from api.resources import model_list
from api.resources.ranking import Ranked, RankedMeta, question, ranked_meta
from api.shapes import Shape
from catalog.current.listings import Listing
from catalog.current.look import Look
from catalog.current.view import Views
from catalog.ranking import CURRENCY
from catalog.ranking.best_for import RULES, SOLD, Order, Rule, ranked, rule_named
from catalog.ranking.best_for import Ranked as Placed
from catalog.trends.risk import records


class RankingAsked(Ranked, Timed):
    """Of a ranking, beside what its columns give it."""


class RuleOut(Shape):
    """A ranking, and the rule it is made by."""

    name: str
    title: str
    orders_by: Order
    in_words: str
    """What it orders by, and which end is best."""
    conditions: list[str]
    """Which models it admits."""


class RankingMeta(RankedMeta):
    """Which state of the catalog was asked, how it was ranked, and by which rule."""

    rule: RuleOut


@dataclass(frozen=True)
class Declared:
    """A declared ranking, and who is first in it."""

    rule: Rule
    first: tuple[str, ...]


def told(rule: Rule) -> RuleOut:
    """Give a rule."""
    return RuleOut(
        name=rule.name,
        title=rule.title,
        orders_by=rule.order,
        in_words=rule.order.meaning,
        conditions=conditions(rule),
    )


def conditions(rule: Rule) -> list[str]:
    """Say in words which models a rule admits."""
    return [SOLD, *(condition.words for condition in rule.conditions)]


def placed(
    views: Views, look: Look, rule: Rule, listings: tuple[Listing, ...]
) -> tuple[Placed, ...]:
    """Rank by a rule; the points of hazards are worked out where it orders by them."""
    risks = risk_points(views, look, listings) if rule.order is Order.RISK else {}
    return ranked(rule, listings, look.as_of, risks)


def risk_points(views: Views, look: Look, listings: tuple[Listing, ...]) -> dict[str, int]:
    """Sum the points of the hazards that hold for each model."""
    found = records(listings, views.paths(look), look.view.by_model, look.as_of)
    return {one.model.id: one.points for one in found}


def _find_declared(ask: Ask[RankingAsked]) -> Found[Declared]:
    look = ask.look()
    listings = look.view.rank(question(look, ask.question))
    every = (Declared(rule, _first(placed(ask.views, look, rule, listings))) for rule in RULES)
    return Found(every, meta_of(look))


def _first(some: tuple[Placed, ...]) -> tuple[str, ...]:
    return tuple(one.listing.model.id for one in takewhile(lambda one: one.place == 1, some))


def _find(ask: Ask[RankingAsked]) -> Found[Placed]:
    rule = rule_named(ask.path["name"])
    if rule is None:
        known = ", ".join(one.name for one in RULES)
        raise not_found(f"{ask.path['name']} is no ranking; there are {known}")
    look = ask.look()
    asked = question(look, ask.question)
    listings = look.view.rank(asked)
    rows = iter(placed(ask.views, look, rule, listings))
    meta = ranked_meta(look, asked, CURRENCY).model_dump() | {"rule": told(rule)}
    return Found(rows, RankingMeta.model_validate(meta))


DECLARED_COLUMNS: tuple[Column[Declared], ...] = (
    Column(
        "name",
        Kind.TEXT,
        "Its name in /rankings/{name}.",
        "cheapest-vision",
        of=lambda one: one.rule.name,
        tests=(Test.ANY_OF,),
    ),
    Column(
        "title",
        Kind.TEXT,
        "What it answers.",
        "Cheapest with vision",
        of=lambda one: one.rule.title,
    ),
    Column(
        "orders_by",
        Kind.TEXT,
        "What it orders by.",
        "price",
        of=lambda one: one.rule.order,
        words=Order,
        tests=(Test.ANY_OF,),
    ),
    Column(
        "in_words",
        Kind.TEXT,
        "The same in words.",
        "the blended reference price; lowest first",
        of=lambda one: one.rule.order.meaning,
    ),
    Column(
        "conditions",
        Kind.TEXTS,
        "Which models it admits.",
        ["takes images"],
        of=lambda one: conditions(one.rule),
    ),
    Column(
        "first",
        Kind.TEXTS,
        "The model that is first; several where they are equal.",
        ["zai/glm-4.6v-flash"],
    ),
)


def _of_listing(column: Column[Listing]) -> Column[Placed]:
    """Take a column of lists of models from the model in a row."""
    taken = replace(column, of=lambda placed: column.take(placed.listing))  # type: ignore[attr-defined] # it has one
    return cast("Column[Placed]", taken)


COLUMNS: tuple[Column[Placed], ...] = (
    Column(
        "place",
        Kind.INTEGER,
        "Its place; equals share one.",
        1,
        tests=(Test.MAX,),
    ),
    Column(
        "key",
        Kind.DECIMAL,
        "What it is ordered by.",
        "0.175",
        best=Best.HIGHEST,
    ),
    *(_of_listing(column) for column in model_list.COLUMNS),
)
DECLARED = ListResource(
    "Ranking",
    DECLARED_COLUMNS,
    lambda one: one.rule.name,
    _find_declared,
    RankingAsked,
    sort="name",
)
RANKING = ListResource(
    "RankedModel",
    COLUMNS,
    lambda one: one.listing.model.id,
    _find,
    RankingAsked,
    sort="place",
    meta=RankingMeta,
)
router = APIRouter()
mount(router, "/rankings", DECLARED, "List the declared rankings, their rules, and who is first.")
mount(router, "/rankings/{name}", RANKING, "Rank the models by a declared rule, best first.")
