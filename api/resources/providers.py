"""Who sells inference, and how much is known of them."""

from fastapi import APIRouter

from api.listing import (
    Ask,
    Best,
    Column,
    Found,
    Kind,
    ListResource,
    Test,
    Timed,
    meta_of,
    mount,
)
from catalog.current.look import Selling

BOUNDS = (Test.MIN, Test.MAX)
MODELS = "How many known models it has a price for."

COLUMNS: tuple[Column[Selling], ...] = (
    Column("provider", Kind.TEXT, "Its id.", "anthropic", tests=(Test.ANY_OF,)),
    Column("name", Kind.TEXT, "Its name.", "Anthropic", tests=(Test.CONTAINS,)),
    Column("models", Kind.INTEGER, MODELS, 14, best=Best.HIGHEST, tests=BOUNDS),
    Column("prices", Kind.INTEGER, "How many prices of it hold.", 212, best=Best.HIGHEST),
    Column("sources", Kind.TEXTS, "Who says so.", ["anthropic"]),
)


def _find(ask: Ask[Timed]) -> Found[Selling]:
    look = ask.look()
    return Found(look.view.providers(), meta_of(look))


PROVIDERS = ListResource(
    "Provider", COLUMNS, lambda one: one.provider, _find, Timed, sort="provider"
)
router = APIRouter()
mount(router, "/providers", PROVIDERS, "List who sells what there is a price of.")
