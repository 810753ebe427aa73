"""Finding models by part of any name they have: id, name, maker, or as a source prints it."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from catalog.identity import Identity, slug

BETWEEN = "\n"
"""Stands between two names, so that nothing is found across them."""


@dataclass(frozen=True)
class Search:
    """Every model's names, folded as names are compared."""

    texts: Mapping[str, str]

    def named(self, asked: str) -> frozenset[str]:
        """Give the ids of the models of which a name contains this, however it is spelt."""
        wanted = slug(asked)
        return frozenset(model for model, text in self.texts.items() if wanted in text)


def search_in(identity: Identity) -> Search:
    """Fold all names once."""
    names = {model.id: {model.id, model.name, model.maker} for model in identity.models.values()}
    for alias in identity.aliases:
        names[alias.model].add(alias.printed)
    folded = {model: BETWEEN.join(sorted(map(slug, some))) for model, some in names.items()}
    return Search(MappingProxyType(folded))
