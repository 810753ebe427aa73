"""The account of an export: each price is carried, and where, or lost, and why."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from api.exports.trees import Tree
from catalog.past.history import Price
from catalog.vocabulary import Word


class Loss(Word):
    """Why a price is not in an export."""

    ENDED = "ended", "the price has come to an end"
    HEARSAY = "hearsay", "another catalog's word of somebody else's price, not a seller's own"
    OUTRANKED = "outranked", "another source's word of the same offer counts more"
    UNMAPPED = "unmapped", "no known model has the label it is printed under"
    TOOL = "tool", "of a tool beside the models; the format has models only"
    SELLER = "seller", "the format, or its readers, know no such seller"
    MAKER = "maker", "not the maker's own offer; the format has one price a model"
    NO_ID = "no_id", "the id that the seller's API takes is not known"
    CURRENCY = "currency", "not in US dollars, which the format means"
    REGION = "region", "of another region than the usual one; the format has one price a model"
    VARIANT = "variant", "under a condition or of a variant that the format has no field for"
    TIER = "tier", "in a service tier that the format has no field for"
    THRESHOLD = "threshold", "from a length of prompt that the format has no field for"
    WINDOW = "window", "in hours or on days that the format cannot say"
    METER = "meter", "of something counted that the format has no field for"
    TWICE = "twice", "a second price of what the format has one field for"
    INCOMPLETE = "incomplete", "the offer lacks a price that clients would take for zero"


@dataclass(frozen=True)
class Account:
    """What becomes of each price, filled as an export is made."""

    carried: dict[str, list[str]] = field(default_factory=dict)
    """JSON pointers of the places that a series' price stands at."""
    lost: dict[str, Loss] = field(default_factory=dict)
    filled: dict[str, str] = field(default_factory=dict)
    """By pointer: why a number stands where no price is stated."""

    def carry(self, price: Price, *place: str | int) -> None:
        """Note where a price stands; what was lost elsewhere is lost no more."""
        self.lost.pop(price.series, None)
        self.carried.setdefault(price.series, []).append(pointer(*place))

    def lose(self, prices: Iterable[Price], loss: Loss) -> None:
        """Note why prices stand nowhere; the first reason stays."""
        for price in prices:
            if price.series not in self.carried:
                self.lost.setdefault(price.series, loss)

    def fill(self, why: str, *place: str | int) -> None:
        """Note a number that is worked out by a declared rule, because clients would take zero."""
        self.filled[pointer(*place)] = why


@dataclass(frozen=True)
class Exported:
    """An export: what clients read, and the account of it."""

    tree: Tree
    account: Account


def pointer(*place: str | int) -> str:
    """Give the JSON pointer (RFC 6901) of a place."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in place)


def report(name: str, exported: Exported) -> Mapping[str, Tree]:
    """Tell what an export carries and what it loses, price by price."""
    account = exported.account
    reasons = Counter(account.lost.values())
    return {
        "export": name,
        "prices": len(account.carried) + len(account.lost),
        "carried": len(account.carried),
        "lost": len(account.lost),
        "reasons": [
            {"reason": loss.value, "meaning": loss.meaning, "prices": reasons[loss]}
            for loss in Loss
            if reasons[loss]
        ],
        "carried_prices": [
            {"series": series, "at": places} for series, places in sorted(account.carried.items())
        ],
        "lost_prices": [
            {"series": series, "reason": loss.value}
            for series, loss in sorted(account.lost.items())
        ],
        "filled": [{"at": at, "why": why} for at, why in sorted(account.filled.items())],
    }
