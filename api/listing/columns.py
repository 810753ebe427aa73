"""The columns of a list: what each holds, which values are best, and what may be asked of it."""

from collections.abc import Callable, Sequence
from dataclasses import KW_ONLY, dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum, auto
from functools import cached_property
from operator import attrgetter
from typing import Generic, TypeVar

from pydantic import BaseModel

from catalog.vocabulary import Word

Item = TypeVar("Item")
Scalar = str | int | Decimal | datetime | date | None
"""What can be put in order; a truth value is an int."""
Value = Scalar | Sequence[str] | Sequence[BaseModel]
Json = str | int | None | Sequence["Json"] | dict[str, "Json"]
"""What goes out as JSON; amounts, moments and days are text by then."""


class Kind(Enum):
    """What a column holds, and so how each format writes it."""

    TEXT = auto()
    INTEGER = auto()
    DECIMAL = auto()
    """Exact; decimal text in JSON, NDJSON and CSV, a decimal in Parquet."""
    BOOLEAN = auto()
    MOMENT = auto()
    DAY = auto()
    TEXTS = auto()
    """A list of texts; where it is flat, JSON text in CSV and a list in Parquet."""
    ITEMS = auto()
    """A list of objects; JSON text where it is flat."""


IN_ORDER = frozenset(set(Kind) - {Kind.TEXTS, Kind.ITEMS})
"""What holds one value, and so can be sorted by."""


class Best(Enum):
    """Which values stand first where a list is sorted by a column."""

    LOWEST = auto()
    HIGHEST = auto()


class Test(Enum):
    """How a parameter asks of a column."""

    __test__ = False  # no test of pytest's
    EQUALS = auto()
    """Its parameter is the column's name; of a truth value, ``true`` or ``false``."""
    ANY_OF = auto()
    """The same, for one of several values, repeated or with commas between."""
    ALL_OF = auto()
    """Of a list of texts: it holds every value, repeated or with commas between."""
    MIN = auto()
    """``min_`` before the column's name."""
    MAX = auto()
    CONTAINS = auto()
    """The column's name before ``_contains``; upper and lower case are one."""


@dataclass(frozen=True)
class Column(Generic[Item]):
    """One column of a list of items."""

    name: str
    """Dots make objects: ``evidence.url`` is the ``url`` in the ``evidence`` of JSON."""
    kind: Kind
    meaning: str
    """A sentence, as documentation prints it."""
    example: Json
    _: KW_ONLY
    of: Callable[[Item], Value] | None = None
    """How it is taken from an item, where that is not its attribute of the same name."""
    unit: str = ""
    """Of a number: what one of it is."""
    nullable: bool = False
    words: type[Word] | None = None
    """The closed list that a text is of."""
    shape: type[BaseModel] | None = None
    """What each of a list of objects looks like."""
    best: Best = Best.LOWEST
    tests: tuple[Test, ...] = ()
    """The parameters that the list gets from this column."""
    asked_as: str = ""
    """Its name in ``sort`` and in parameters, where that is another."""

    @cached_property
    def take(self) -> Callable[[Item], Value]:
        """How it is taken from an item."""
        return self.of or attrgetter(self.name)

    @property
    def key(self) -> str:
        """Its name in ``sort`` and in parameters."""
        return self.asked_as or self.name.replace(".", "_")

    @property
    def path(self) -> tuple[str, ...]:
        """Its name in parts: the objects it is in, and itself."""
        return tuple(self.name.split("."))
