"""Tables of benchmark results (CSV, YAML): every column is read or ignored by name."""

import csv
import io
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import yaml

from catalog.reading import Fact, Score, stated_score
from spiders.exact_json import number
from spiders.facts import Says, iso_day
from spiders.page import Page, changed
from spiders.reader import Found

Row = Mapping[str, str]

BEYOND = "(beyond the heading)"


def csv_rows(page: Page) -> Sequence[Row]:
    """Read a CSV file, its first line the columns; cells beyond them are a column of their own."""
    text = io.StringIO(page.text, newline="")
    return list(csv.DictReader(text, restkey=BEYOND))


def yaml_rows(page: Page) -> Sequence[Row]:
    """Read a YAML list of objects, every value as the text that it is."""
    try:
        rows = yaml.load(page.text, yaml.BaseLoader)  # noqa: S506 it makes texts, lists and dicts alone
    except yaml.YAMLError as problem:
        raise changed(f"this is no YAML: {problem}") from None
    if not isinstance(rows, list) or not all(map(_is_row, rows)):
        raise changed("a list of objects with plain values is expected, and this is none")
    return rows


def _is_row(row: object) -> bool:
    return isinstance(row, dict) and all(isinstance(value, str) for value in row.values())


@dataclass(frozen=True, kw_only=True)
class ScoreTable:
    """How one table is read; an empty cell states nothing."""

    model: str
    """The column that names the model."""
    scores: Mapping[str, str] = field(default_factory=dict)
    """By column: the benchmark whose result it holds."""
    further: str = ""
    """What the benchmark of every other column is called, where each holds a result: "bench {}"."""
    date: str = ""
    """The column with the day of a row's results."""
    facts: Mapping[str, Says | str | tuple[Says | str, ...]] = field(default_factory=dict)
    ignored: Mapping[str, str] = field(default_factory=dict)
    """Columns that are not read, and why."""
    optional: Collection[str] = ()
    """Columns that may be missing."""
    short: str = ""
    """Why rows with too few cells are left out: nobody can tell which ones they lack."""
    rows: Callable[[Page], Sequence[Row]] = csv_rows

    def read(self, page: Page) -> Found:
        """Read all rows; an unknown or missing column is a page that changed."""
        rows = [row for row in self.rows(page) if not (self.short and None in row.values())]
        for row in rows:
            self._check(row)
        return Found(
            scores=tuple(score for row in rows for score in self._scores(row)),
            facts=tuple(fact for row in rows for fact in self._facts(row)),
        )

    def _check(self, row: Row) -> None:
        known = {self.model, self.date, *self.scores, *self.facts, *self.ignored} - {""}
        unknown = set(row) & {BEYOND} if self.further else set(row) - known
        missing = known - set(row) - set(self.optional)
        if unknown or missing or None in row.values():
            raise changed(
                f"the row of {row.get(self.model)!r} has the unknown columns {sorted(unknown)} and"
                f" lacks {sorted(missing)}; read or ignore each column by name"
            )

    def _scores(self, row: Row) -> Iterator[Score]:
        stated = row.get(self.date, "")
        day = date.fromisoformat(iso_day(stated)) if stated else None
        for column, benchmark in self._benchmarks(row):
            if row.get(column, "").strip():
                yield stated_score(
                    model=row[self.model],
                    benchmark=benchmark,
                    score=number(row[column], f"{column} of {row[self.model]}"),
                    date=day,
                    evidence=f"{column}: {row[column]}",
                )

    def _benchmarks(self, row: Row) -> Iterator[tuple[str, str]]:
        yield from self.scores.items()
        known = {self.model, self.date, *self.scores, *self.facts, *self.ignored}
        yield from ((c, self.further.format(c)) for c in row if self.further and c not in known)

    def _facts(self, row: Row) -> Iterator[Fact]:
        for column, said in self.facts.items():
            text = row.get(column, "").strip()
            for one in said if isinstance(said, tuple) else (said,):
                says = Says(one) if isinstance(one, str) else one
                value = says.value(text) if text else ""
                if value:
                    evidence = f"{column}: {text}"
                    yield Fact(
                        model=row[self.model], name=says.name, value=value, evidence=evidence
                    )
