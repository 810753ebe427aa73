"""Which format a request asks for: ``format=`` first, else ``Accept``, by its weights."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from http import HTTPStatus
from typing import TypeVar

from api.http.weights import weighed
from api.listing.questions import Format
from api.problems import Refused

MEDIA_TYPES: dict[Format, tuple[str, ...]] = {
    Format.JSON: ("application/json",),
    Format.CSV: ("text/csv",),
    Format.NDJSON: ("application/x-ndjson", "application/ndjson", "application/jsonl"),
    Format.PARQUET: ("application/vnd.apache.parquet",),
}
"""What each format is called, by the name it is sent under first; in our own order."""
ACCEPTED_HELD = 256
"""What so many ways to accept ask for is held."""
Range = tuple[str, Decimal]
Offered = TypeVar("Offered")


@lru_cache(ACCEPTED_HELD)
def choose(accept: str | None, asked: Format | None) -> Format:
    """Choose a format; raise a problem that names what there is where none is acceptable."""
    best = asked or best_of(accept, MEDIA_TYPES)
    if best is None:
        raise _not_acceptable(accept or "")
    return best


def best_of(accept: str | None, offered: Mapping[Offered, Iterable[str]]) -> Offered | None:
    """Choose what weighs most of what is offered under some names; of equal ones the first.

    None: nothing of it is acceptable.
    """
    ranges = list(_ranges(accept or "*/*"))
    weights = {one: _weight(ranges, names) for one, names in offered.items()}
    best = max(weights, key=lambda one: weights[one])
    return best if weights[best] else None


def _ranges(accept: str) -> Iterator[Range]:
    """Read the media ranges with their weights; what is no range is left out."""
    return ((name, weight) for name, weight in weighed(accept) if name.count("/") == 1)


def _weight(ranges: Iterable[Range], names: Iterable[str]) -> Decimal:
    """Give the weight of the closest range that any of a format's names falls in."""
    known = dict(ranges)
    weights = [_closest(known, name) for name in names]
    return max(weights)


def _closest(ranges: dict[str, Decimal], name: str) -> Decimal:
    for wanted in (name, f"{name.partition('/')[0]}/*", "*/*"):
        if wanted in ranges:
            return ranges[wanted]
    return Decimal(0)


def _not_acceptable(accept: str) -> Refused:
    offered = ", ".join(names[0] for names in MEDIA_TYPES.values())
    return Refused(
        HTTPStatus.NOT_ACCEPTABLE,
        f"nothing here is {accept}; ask for one of {offered}, or with ?format= for one of "
        f"{', '.join(MEDIA_TYPES)}",
    )
