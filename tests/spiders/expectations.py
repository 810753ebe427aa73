"""Expectation files: what a page of ours states, a row each, beside the page.

Price points, or the scores or rates of sources that publish those; all columns but the locator.
"""

from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel

from catalog.reading import Reading

PAGES = Path(__file__).parent.parent / "pages"
SUFFIX = ".expected.tsv"

Rows = list[tuple[str, ...]]


def pages() -> list[Path]:
    """Give every page of ours that a source reads."""
    return sorted(p for p in PAGES.glob("*/*") if p.is_file() and not p.name.endswith(SUFFIX))


def rows(reading: Reading) -> Rows:
    """Give what a reading states as the rows of an expectation file, the columns first."""
    stated: Sequence[BaseModel] = reading.points or reading.scores or reading.rates or reading.facts
    columns = tuple(name for name in type(stated[0]).model_fields if name != "locator")
    return [columns, *(_row(one, columns) for one in stated)]


def _row(stated: BaseModel, columns: tuple[str, ...]) -> tuple[str, ...]:
    dumped = stated.model_dump(mode="json")
    return tuple("" if dumped[name] is None else str(dumped[name]) for name in columns)


def printed(reading: Reading) -> str:
    """Print an expectation file, in the page's order."""
    return "".join("\t".join(cells) + "\n" for cells in rows(reading))


def expected(page: Path) -> Rows:
    """Read the expectation beside a page."""
    text = page.with_name(page.stem + SUFFIX).read_text("utf-8")
    return [tuple(line.split("\t")) for line in text.splitlines()]
