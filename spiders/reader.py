"""What each reader of a part of a page hands back, and the contract that all of them keep."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Protocol

from catalog.reading import Adjustment, Fact, PricePoint, Rate, Score
from spiders.page import Page

EVERYTHING = "*"
"""Claims all amounts of a block."""


@dataclass(frozen=True)
class Claim:
    """An amount on the page that a reader has read, or accounts for by a rule of its own."""

    locator: str
    number: str = EVERYTHING


@dataclass(frozen=True)
class Found:
    """What one reader read, in the page's order, and the amounts it accounts for."""

    points: tuple[PricePoint, ...] = ()
    facts: tuple[Fact, ...] = ()
    scores: tuple[Score, ...] = ()
    rates: tuple[Rate, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    claims: tuple[Claim, ...] = ()


class Reader(Protocol):
    """One declared part of a page: a PriceTable, a PriceList, a Sentence."""

    def read(self, page: Page) -> Found:
        """Read its part; raises NotRead where the part isn't as declared."""


def together(found: Iterable[Found]) -> Found:
    """Put what several readers found one after the other."""
    every = list(found)
    return Found(*(tuple(x for f in every for x in getattr(f, n.name)) for n in fields(Found)))
