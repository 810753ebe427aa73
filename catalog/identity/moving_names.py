"""Names that move: they sell whichever model is newest, so their price is no one model's."""

from catalog.identity import Model

MOVING = "latest"
"""A word of the name: ``mistral-large-latest``."""


def moves(model: Model) -> bool:
    """Whether a name that is sold as a model moves from one model to the next."""
    return MOVING in model.id.partition("/")[2].split("-")
