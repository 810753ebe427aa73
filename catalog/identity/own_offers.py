"""Who sells for which maker: the offers whose price counts as the maker's own.

``identity/own_offers.tsv`` lists the makers that sell under another provider's name, under
several, or by region. Every other maker sells under its own name, everywhere alike.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType


@dataclass(frozen=True)
class OwnOffer:
    """A provider whose price of a maker's models is the maker's own word."""

    maker: str
    provider: str
    home_region: str | None
    """The region whose price is the reference where there is no global one."""
    why: str


def own_offers(maker: str) -> tuple[OwnOffer, ...]:
    """Give a maker's own offers, in the order in which their prices count."""
    return declared().get(maker) or (OwnOffer(maker, maker, None, "it sells under its own name"),)


@cache
def declared() -> Mapping[str, tuple[OwnOffer, ...]]:
    """Read the table, once."""
    text = files("catalog.identity").joinpath("own_offers.tsv").read_text(encoding="utf-8")
    by_maker: dict[str, tuple[OwnOffer, ...]] = {}
    for row in csv.DictReader(text.splitlines(), delimiter="\t", strict=True):
        offer = OwnOffer(row["maker"], row["provider"], row["home_region"] or None, row["why"])
        by_maker[offer.maker] = (*by_maker.get(offer.maker, ()), offer)
    return MappingProxyType(by_maker)
