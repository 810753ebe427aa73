"""What the prices of one table have in common, so that each cell need only say the rest."""

from collections.abc import Mapping, Sequence
from itertools import chain

from catalog.money import plain
from catalog.reading import PricePoint

_DEFAULTS = {"tier": "standard", "region": "global", "context_over": 0}
_COORDINATES = (
    *("provider", "model", "tier", "region", "context_over", "variant", "window", "meter"),
    *("currency", "unit", "valid_from", "valid_to"),
)
_OF_COLUMNS = frozenset({"meter", "currency", "unit"})
"""Said of a column rather than of a row, where either could say it."""
_OF_ROWS = frozenset({"model"})

_LIKE = {"context_over": ">{} tokens", "valid_from": "from {}", "valid_to": "until {}"}


class Shared:
    """What prices have in common: all of them, those of a column, those of a row."""

    def __init__(self, points: Mapping[tuple[int, int], Sequence[PricePoint]]) -> None:
        """Take prices by row and column."""
        self._points = points
        self._all = _common(list(chain.from_iterable(points.values())))
        self._rows = self._common_by(0, _OF_COLUMNS)
        self._columns = self._common_by(1, _OF_ROWS)

    def _common_by(self, part: int, without: frozenset[str]) -> Mapping[int, frozenset[str]]:
        groups: dict[int, list[PricePoint]] = {}
        for place, points in self._points.items():
            groups.setdefault(place[part], []).extend(points)
        return {n: _common(points) - self._all - without for n, points in groups.items()}

    @property
    def of_all(self) -> str:
        """Word what all prices have in common; "" without prices."""
        return _words(next(chain.from_iterable(self._points.values()), None), self._all)

    def of_row(self, row: int) -> str:
        """Word what else the prices of a row have in common."""
        return _words(self._first(0, row), self._rows.get(row, frozenset()))

    def of_column(self, column: int) -> str:
        """Word what else the prices of a column have in common."""
        return _words(self._first(1, column), self._columns.get(column, frozenset()))

    def _first(self, part: int, number: int) -> PricePoint | None:
        found = (points for place, points in self._points.items() if place[part] == number)
        return next(chain.from_iterable(found), None)

    def of_cell(self, row: int, column: int) -> list[str]:
        """Word each price of a cell: its amount, and what nothing else says of it."""
        said = self._all | self._rows.get(row, frozenset()) | self._columns.get(column, frozenset())
        points = self._points.get((row, column), ())
        return [price_words(point, frozenset(_COORDINATES) - said) for point in points]


def price_words(point: PricePoint, names: frozenset[str] = frozenset(_COORDINATES)) -> str:
    """Word a price by its amount and some of its coordinates."""
    regular = f" (regular {plain(point.list_amount)})" if point.list_amount else ""
    return f"{plain(point.amount)}{regular} {_words(point, names)}".rstrip()


def _common(points: Sequence[PricePoint]) -> frozenset[str]:
    return frozenset(n for n in _COORDINATES if len({getattr(p, n) for p in points}) == 1)


def _words(point: PricePoint | None, names: frozenset[str]) -> str:
    """Word some coordinates of a price; those that go without saying are left out."""
    if point is None:
        return ""
    said = {name: getattr(point, name) for name in _COORDINATES if name in names}
    stated = {name: v for name, v in said.items() if v and v != _DEFAULTS.get(name)}
    if "meter" in stated:
        stated["meter"] = point.meter.replace("_", " ")
    words = [_LIKE.get(name, "{}").format(v) for name, v in stated.items() if name != "unit"]
    if "unit" in stated:
        place = next((i for i, name in enumerate(stated) if name == "unit"), 0)
        words.insert(place, f"per {stated['unit']}")
    return ", ".join(map(str, words)).replace(", per ", " per ")
