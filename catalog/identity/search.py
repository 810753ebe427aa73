"""Finding models by any name they have: id, name, maker, or as a source prints it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from catalog.identity import Identity, slug

BETWEEN = "\n"
"""Stands between two names, so that nothing is found across them."""
NO_LETTER, NO_NUMBER = r"(?<![^\W\d_])", r"(?<![\d.])"
"""What a word of letters, and a number, may stand behind."""


@dataclass(frozen=True)
class Search:
    """Every model's names, folded as names are compared."""

    texts: Mapping[str, str]

    def named(self, asked: str) -> frozenset[str]:
        """Give the ids of the models of which a name is found by this, however it is spelt."""
        found = finding(asked)
        return frozenset(model for model, text in self.texts.items() if found(text))


def search_in(identity: Identity) -> Search:
    """Fold all names once."""
    names = {model.id: {model.id, model.name, model.maker} for model in identity.models.values()}
    for alias in identity.aliases:
        names[alias.model].add(alias.printed)
    folded = {model: BETWEEN.join(sorted(map(slug, some))) for model, some in names.items()}
    return Search(MappingProxyType(folded))


def finding(asked: str) -> Callable[[str], bool]:
    """Make the test of names, folded and a line each: whether one is found by what is asked.

    It is where it contains all of it as it stands, or where each word of it begins a word there.
    """
    wanted, words = slug(asked), [slug(word) for word in asked.split()]
    if len(words) < 2:  # noqa: PLR2004 one word has no order
        return lambda text: wanted in text
    begun = re.compile("(?m)^" + "".join(f"(?=.*{_begun(word)})" for word in words if word))
    return lambda text: wanted in text or begun.search(text) is not None


def _begun(word: str) -> str:
    """Give the pattern of the beginning of a word; a number is found whole: 4 in 4.7, not in 40."""
    before = NO_NUMBER if word[0].isdigit() else NO_LETTER
    after = r"(?!\d)" if word.isdigit() else ""
    return f"{before}{re.escape(word)}{after}"
