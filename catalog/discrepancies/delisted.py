"""What lists themselves say has ended: entries that they keep past their day."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from types import MappingProxyType

from catalog.current.facts import FactSeen
from catalog.moments import at_midnight

ENDS = "listed_deprecated_on"
Entry = tuple[str, str]
"""A source, and the name that it prints."""


def delisted(facts: Iterable[FactSeen]) -> Mapping[Entry, datetime]:
    """Give from when on sources have an entry as ended; a day that is none says nothing."""
    return MappingProxyType(dict(_ends(facts)))


def _ends(facts: Iterable[FactSeen]) -> Iterator[tuple[Entry, datetime]]:
    for fact in facts:
        if fact.name == ENDS:
            try:
                day = date.fromisoformat(fact.value)
            except ValueError:
                continue
            yield (fact.source, fact.printed), at_midnight(day)
