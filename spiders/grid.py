"""One table as every reader sees it, whatever it was made of: HTML, markdown, or JSON in a page."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its visible words, and what was struck through in it."""

    text: str
    """White space folded, except that a line break of the page is a newline. Struck text is out."""
    struck: str = ""
    """What the page shows crossed out."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with spans filled in: every row has one cell for every column."""

    headings: tuple[str, ...]
    """The page's headings and tab labels above the table, outermost first."""
    columns: tuple[str, ...]
    """Column headings; the levels of a two-level heading joined by " / "."""
    rows: tuple[tuple[Cell, ...], ...]
    locator: str
    """Where it stands: "table 3", "TextTokenPricingTables 2"."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """What the page's markup says of the whole table: {"tier": "batch"}."""
    above: tuple[str, ...] = ()
    """The paragraphs between the last heading and the table: units, or models named in prose."""
    short: Mapping[int, int] = field(default_factory=dict)
    """Rows that the page wrote with fewer cells than columns: row index -> cells written."""
    places: tuple[int, ...] = ()
    """Where rows were divided: for each, the index on the page of the row it was made of."""


@dataclass(frozen=True, slots=True)
class Prose:
    """One paragraph, list item or other run of text outside tables."""

    headings: tuple[str, ...]
    text: str
    locator: str


Block = Grid | Prose
