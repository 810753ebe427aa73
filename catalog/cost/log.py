"""A log of usages as lines of JSON or CSV: one request a line, read one after another."""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from catalog.cost.counted import Usage
from catalog.moments import MomentError, parse_moment

WORDS = ("provider", "tier", "region", "format")
COLUMNS = ("model", "at", *WORDS, "usage")
"""Of a CSV: ``usage`` holds JSON; or its fields are columns, with dots for what is nested."""
PLAIN = 2
"""A line that has no more than a model and a usage names none of the words."""


class LogError(ValueError):
    """A line, or a file, that is no log of usages; the message says what one looks like."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One request: which model, when, at which offer, and what it used."""

    model: str
    usage: Usage
    at: datetime | None = None
    provider: str | None = None
    tier: str | None = None
    region: str | None = None
    format: str | None = None


@dataclass(frozen=True, slots=True)
class Bad:
    """A line that is no request, with its number, from 1."""

    number: int
    why: str


def entries(lines: Iterable[bytes], *, as_csv: bool) -> Iterator[tuple[int, Entry | Bad]]:
    """Read a log's lines, with their numbers: each a request, or why it is none.

    Raises LogError for a CSV without a head that can be read.
    """
    return _csv_entries(lines) if as_csv else _json_entries(lines)


def _json_entries(lines: Iterable[bytes]) -> Iterator[tuple[int, Entry | Bad]]:
    for number, line in enumerate(lines, start=1):
        if line.isspace():
            continue
        try:
            yield number, entry(json.loads(line))
        except (ValueError, RecursionError) as error:
            yield number, Bad(number, _why(error))


def _why(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return f"no UTF-8: {error}"
    if isinstance(error, json.JSONDecodeError):
        return f"no JSON: {error}"
    return "nested too deeply" if isinstance(error, RecursionError) else str(error)


def entry(line: object) -> Entry:
    """Read one request of a log from its JSON; raise LogError or MomentError."""
    if not isinstance(line, dict):
        raise LogError('a line is an object: {"model": …, "at": …, "usage": {…}}')
    model, usage, at = line.get("model"), line.get("usage"), line.get("at")
    if not isinstance(model, str) or not isinstance(usage, dict):
        raise LogError("a line names a model in a word, and holds usage, the object an API gave")
    if at is not None and not isinstance(at, str):
        raise MomentError(f"at is {at!r}; write 2026-01-31T12:00:00Z")
    return Entry(model, usage, parse_moment(at) if at else None, *_words(line))


def _words(line: Mapping[str, object]) -> tuple[str | None, ...]:
    return tuple(_word(name, line.get(name)) for name in WORDS) if len(line) > PLAIN else ()


def _word(name: str, word: object) -> str | None:
    if word is None or isinstance(word, str):
        return word or None
    raise LogError(f"{name} is {word!r}; name it in a word")


class _Texts(Iterator[str]):
    """A file's lines as texts: one that is none raises, and the next one follows."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        """Stand before the first line."""
        self._lines = iter(lines)
        self.number = 0

    def __next__(self) -> str:
        """Give the next line; raise UnicodeDecodeError."""
        line = next(self._lines)
        self.number += 1
        return line.decode("utf-8-sig")


def _csv_entries(lines: Iterable[bytes]) -> Iterator[tuple[int, Entry | Bad]]:
    texts = _Texts(lines)
    rows = csv.reader(texts, strict=True)
    try:
        heads = next(rows, [])
    except (ValueError, csv.Error) as error:
        raise LogError(f"its head cannot be read: {_why(error)}") from None
    if "model" not in heads or len(set(heads)) != len(heads):
        raise LogError(f"a CSV log has a head with the columns {', '.join(COLUMNS)}, each once")
    while True:
        try:
            row = next(rows, None)
            if row is None:
                return
            if row:
                yield texts.number, entry(_as_line(heads, row))
        except (ValueError, csv.Error) as error:
            yield texts.number, Bad(texts.number, _why(error))


def _as_line(heads: Sequence[str], row: Sequence[str]) -> dict[str, object]:
    if len(row) != len(heads):
        raise LogError(f"the row has {len(row)} cells, the head {len(heads)}")
    cells = {head: cell for head, cell in zip(heads, row, strict=True) if cell}
    line: dict[str, object] = {name: cells[name] for name in COLUMNS[:-1] if name in cells}
    line["usage"] = json.loads(cells["usage"]) if "usage" in cells else _nested(cells)
    return line


def _nested(cells: Mapping[str, str]) -> dict[str, object]:
    """Make the columns of a usage an object; whole numbers are numbers, the rest is words."""
    usage: dict[str, object] = {}
    for head, cell in cells.items():
        if head in COLUMNS:
            continue
        *above, last = head.removeprefix("usage.").split(".")
        level = usage
        for key in above:
            below = level.setdefault(key, {})
            if not isinstance(below, dict):
                raise LogError(f"the column {head} lies in a column that holds a value")
            level = below
        level[last] = int(cell) if cell.isascii() and cell.isdigit() else cell
    return usage
