"""CSV files of benchmark results: every column is read or ignored by name."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from catalog.reading import Fact, Score
from spiders.page import Page, changed
from spiders.price_list import Says, number
from spiders.reader import Found

Row = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class ScoreTable:
    """How one CSV file is read; an empty cell states nothing."""

    model: str
    """The column that names the model."""
    scores: Mapping[str, str]
    """By column: the benchmark whose result it holds."""
    facts: Mapping[str, Says | tuple[Says, ...]] = field(default_factory=dict)
    ignored: Mapping[str, str] = field(default_factory=dict)
    """Columns that are not read, and why."""
    optional: frozenset[str] = frozenset()
    """Columns that may be missing."""

    def read(self, page: Page) -> Found:
        """Read all rows; an unknown or missing column is a page that changed."""
        rows = list(
            csv.DictReader(io.StringIO(page.text, newline=""), restkey="(beyond the heading)")
        )
        for row in rows:
            self._check(row)
        return Found(
            scores=tuple(score for row in rows for score in self._scores(row)),
            facts=tuple(fact for row in rows for fact in self._facts(row)),
        )

    def _check(self, row: Row) -> None:
        known = {self.model, *self.scores, *self.facts, *self.ignored}
        unknown = set(row) - known
        missing = known - set(row) - self.optional
        if unknown or missing or None in row.values():
            raise changed(
                f"the row of {row.get(self.model)!r} has the unknown columns {sorted(unknown)} and"
                f" lacks {sorted(missing)}; read or ignore each column by name"
            )

    def _scores(self, row: Row) -> Iterator[Score]:
        for column, benchmark in self.scores.items():
            if row[column].strip():
                yield Score(
                    model=row[self.model],
                    benchmark=benchmark,
                    score=number(row[column], f"{column} of {row[self.model]}"),
                    evidence=f"{column}: {row[column]}",
                )

    def _facts(self, row: Row) -> Iterator[Fact]:
        for column, said in self.facts.items():
            text = row.get(column, "").strip()
            for says in (said,) if isinstance(said, Says) else said:
                value = says.worded(text) if says.worded and text else text
                if value:
                    evidence = f"{column}: {text}"
                    yield Fact(
                        model=row[self.model], name=says.name, value=value, evidence=evidence
                    )
