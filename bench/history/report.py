"""What was measured, as a table, and as the evidence that is kept."""

import json
import os
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.history.shape import Shape
from tests.checkout import commit

Measured = Mapping[str, float]
"""Seconds, by case."""
THOUSAND = 1000


@dataclass(frozen=True)
class Report:
    """What a large store and a small one of one kind took."""

    store: str
    small: Shape
    large: Shape
    few: Measured
    many: Measured
    naive: Measured
    """What the naive design took on the large one, of the cases that it can answer."""
    written: Mapping[str, int]
    """How many rows of each table a crawl with no change wrote."""

    def table(self) -> str:
        """Print it in milliseconds."""
        heads = f"{self.small.revisions:>12,}{self.large.revisions:>12,}{'times':>8}"
        lines = [f"{self.store + ', milliseconds':44}{heads}{'naive':>12}{'times':>8}"]
        lines += [
            _line(name, self.few[name], self.many[name], self.naive.get(name)) for name in self.many
        ]
        return "\n".join([*lines, f"a crawl with no change wrote, by table: {dict(self.written)}"])

    def evidence(self) -> dict[str, object]:
        """Give what is kept: milliseconds, and how many times as long one took as another."""
        return {
            "store": self.store,
            "commit": commit(),
            "date": datetime.now(UTC).date().isoformat(),
            "machine": _machine(),
            "series": self.large.series,
            "revisions": {"small": self.small.revisions, "large": self.large.revisions},
            "cases": {name: self._case(name) for name in self.many},
            "written by a crawl with no change": dict(self.written),
        }

    def _case(self, name: str) -> dict[str, float]:
        few, many, naive = self.few[name], self.many[name], self.naive.get(name)
        case = {
            "small": round(few * THOUSAND, 3),
            "large": round(many * THOUSAND, 3),
            "ratio": round(many / few, 2),
        }
        if naive is None:
            return case
        return case | {"naive": round(naive * THOUSAND, 3), "faster": round(naive / many, 1)}


def _line(name: str, few: float, many: float, naive: float | None) -> str:
    line = f"{name:44}{few * THOUSAND:12.2f}{many * THOUSAND:12.2f}{many / few:8.2f}"
    return line + (f"{naive * THOUSAND:12.2f}{naive / many:8.1f}" if naive else "")


def _machine() -> str:
    load = os.getloadavg()[0]
    return (
        f"{platform.machine()}, {os.cpu_count()} processors, load {load:.1f}, "
        f"Python {platform.python_version()}"
    )


def write(report: Report, path: Path) -> None:
    """Write a report beside those of other kinds of store."""
    known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    every = json.dumps(known | {report.store: report.evidence()}, indent=2)
    path.write_text(f"{every}\n", encoding="utf-8")
