"""Names that move: they sell whichever model is newest, so their price is no one model's."""

from functools import cache

from catalog.identity import Model
from catalog.identity.tables import pointers

MOVING = "latest"
"""A word of the name: ``mistral-large-latest``."""


def moves(model: Model) -> bool:
    """Whether a name that is sold as a model moves from one model to the next."""
    name = model.id.partition("/")[2]
    return MOVING in name.split("-") or model.id in _pointing()


@cache
def _pointing() -> frozenset[str]:
    """Give the names declared to point at models of their maker, and never at one so called.

    ``deepseek-chat`` pointed at V3.1 and then at V3.2; ``deepseek-v4-flash`` is a model itself.
    """
    declared = [(_called(one.model, one.printed), one.model) for one in pointers()]
    themselves = {called for called, model in declared if called == model}
    return frozenset(called for called, _ in declared) - themselves


def _called(model: str, name: str) -> str:
    return f"{model.partition('/')[0]}/{name}"
