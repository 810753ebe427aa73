"""Results in lists: which benchmark a field holds one of, and the number that it prints."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal

from spiders.exact_json import Json, number
from spiders.facts import worded
from spiders.page import changed
from spiders.records import Record

_NUMBER = r"(?P<number>\d{1,3}(?:,\d{3})*(?:\.\d+)?)"


@dataclass(frozen=True, slots=True)
class Result:
    """What a field holds a result of."""

    benchmark: Callable[[Record], str] | str
    """Its name; ``{path}`` in it is what the record says there."""
    unit: str = ""
    """Printed behind the number, where it is: "12.5tps"."""
    none: frozenset[str] = frozenset()
    """Printed values that mean that there is no result; "0" is any zero."""

    def named(self, field: str) -> "Result":
        """Put a field's words into the benchmark's name where it has ``{*}``."""
        if not isinstance(self.benchmark, str):
            return self
        return replace(self, benchmark=self.benchmark.replace("{*}", field.replace("_", " ")))

    def benchmark_of(self, record: Record) -> str:
        """Name the benchmark as a record does."""
        if not isinstance(self.benchmark, str):
            return self.benchmark(record)
        return re.sub(r"\{(.+?)\}", lambda path: record.text(path[1]), self.benchmark)

    def read(self, value: Json, where: str) -> Decimal | None:
        """Read the number; None where there is no result."""
        if value is None or worded(value) in self.none:
            return None
        found = number(self._without_unit(worded(value), where) if self.unit else value, where)
        return None if not found and "0" in self.none else found

    def _without_unit(self, printed: str, where: str) -> str:
        found = re.fullmatch(_NUMBER + re.escape(self.unit), printed)
        if found is None:
            raise changed(f"{where} is {printed!r}; say in which unit that is")
        return found["number"].replace(",", "")
