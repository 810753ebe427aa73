"""A page looked into: what each declared reader makes of it, table by table, amount by amount.

Unlike a reading, which is whole or not at all, this goes on where a part cannot be read: it is for
the person who has to say why, and what to declare.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, partial
from typing import TypeAlias, TypeVar

from catalog.reading import NotRead, PricePoint
from catalog.vocabulary import Outcome
from spiders import ledger
from spiders.declared_words import (
    column_roles,
    differs,
    field_words,
    nearest_declared,
    nearest_grid,
    reader_name,
)
from spiders.grid import Grid
from spiders.page import Page
from spiders.price_list import PriceList, Seen
from spiders.price_table import PriceTable
from spiders.reader import Found, Reader, together
from spiders.signs import missing
from spiders.source import Document, Form, Source
from spiders.table_reading import TableReading, turned
from spiders.verdict import Verdict, judge

T = TypeVar("T")
Cells: TypeAlias = "Mapping[tuple[int, int], Sequence[PricePoint]]"

NEXT_STEPS: Mapping[Outcome, str] = {
    Outcome.PAGE_CHANGED: "Declare what is new in {file}, or ignore it by name with the reason; "
    "where an old page then reads differently, raise reader_version.",
    Outcome.UNCLAIMED_PRICES: "Read the unclaimed amounts by a table or a sentence in {file}, or "
    "say in an Unread rule there why they are no prices of models.",
    Outcome.BLOCKED: "Nothing is wrong with the reader: fetch the page again later.",
    Outcome.EMPTY: "If the page is a shell, its document in {file} needs browser=True; if it "
    "really holds so little, lower minimum_models and minimum_points.",
}


@dataclass(frozen=True)
class Part:
    """What one declared reader read, or why it could not."""

    name: str
    found: Found
    trouble: str = ""
    hint: str = ""
    """Which table of the page comes nearest to it, and how that differs."""


@dataclass(frozen=True)
class TableCheck:
    """One table of the page, and what was made of it."""

    grid: Grid
    readers: tuple[str, ...]
    roles: Mapping[int, str]
    """What its columns hold, by index; of a turned table, its rows."""
    is_turned: bool
    points: Cells
    """By row and column of the page's table, counted from 1."""
    ignored: Mapping[int, str]
    """Rows (of a turned table: columns) that a rule says hold no price, counted from 1."""
    entries: tuple[ledger.Entry, ...]
    troubles: tuple[str, ...]
    likeness: str = ""
    """Which declared table it comes nearest to where none fits, and how it differs."""

    @property
    def unclaimed(self) -> int:
        """Count the amounts that nothing reads or ignores."""
        return sum(is_unclaimed(entry) for entry in self.entries)

    @property
    def rule(self) -> str:
        """Give the reason of the rule that ignores it as a whole; "" where none does."""
        return next((entry.rule.reason for entry in self.entries if entry.rule), "")

    @property
    def matters(self) -> bool:
        """Tell whether it holds prices, or trouble."""
        return bool(self.points or self.troubles or self.unclaimed)


@dataclass(frozen=True)
class FieldCheck:
    """One field of a JSON list: what it is declared to be, how often it is there, an example."""

    path: str
    role: str
    """price, fact, score, ignored or unknown."""
    says: str
    """Which price or fact it is, or why it is none."""
    count: int
    example: Seen
    read: tuple[PricePoint, ...]
    """The prices read from the example."""


@dataclass(frozen=True)
class Check:
    """Everything that can be shown of a page."""

    source: Source
    verdict: Verdict
    document: str = ""
    form: str = ""
    lacks: tuple[str, ...] = ()
    """What the page lacks of what the nearest form is known by; empty: it is of that form."""
    parts: tuple[Part, ...] = ()
    tables: tuple[TableCheck, ...] = ()
    fields: tuple[FieldCheck, ...] = ()
    skipped: Mapping[str, int] = field(default_factory=dict)
    """Records of JSON lists that state no price of a model, by the reason."""
    entries: tuple[ledger.Entry, ...] = ()
    seen: str = ""
    """What the page is, in words."""

    @property
    def found(self) -> Found:
        """Give all that the readers which went through read."""
        return together(part.found for part in self.parts)

    @property
    def elsewhere(self) -> tuple[PricePoint, ...]:
        """Give the prices that stand in no table and no list: those of prose."""
        listed = {entry.locator for entry in self.found.claims}
        placed = {id(p) for table in self.tables for some in table.points.values() for p in some}
        return tuple(p for p in self.found.points if id(p) not in placed and p.locator in listed)

    @property
    def next_step(self) -> str:
        """Say what a person does next; "" where nothing is to be done."""
        file = f"{self.source.__module__.replace('.', '/')}.py"
        return NEXT_STEPS.get(self.verdict.outcome, "").format(file=file)


def is_unclaimed(entry: ledger.Entry) -> bool:
    """Tell an amount that nothing reads or ignores."""
    return not entry.is_claimed and entry.rule is None


def examine(source: Source, body: bytes, *, seen_at: date | None = None) -> Check:
    """Judge a page as a crawl would, and look into it by the form that is nearest."""
    verdict = judge(source, body, seen_at=seen_at)
    try:
        tried = [
            _Attempt(document, form, Page.of(body), seen_at)
            for document in source.documents
            for form in document.forms
        ]
    except NotRead:
        return Check(source, verdict)
    nearest = next((one for one in tried if not one.lacks), None)
    return (nearest or max(tried, key=_nearness)).check(source, verdict)


def _nearness(tried: "_Attempt") -> tuple[int, int]:
    read = sum(len(part.found.points) + len(part.found.scores) for part in tried.parts)
    return read, -len(tried.lacks)


class _Attempt:
    """One form tried on a page."""

    def __init__(self, document: Document, form: Form, fetched: Page, seen_at: date | None) -> None:
        self._document = document
        self._form = form
        self._fetched = fetched
        self.page, self._trouble = _tried(lambda: _walked(form.page(fetched)), fetched)
        if self._trouble:
            self.page, _ = _tried(lambda: _walked(fetched), fetched.with_blocks(()))
        self.lacks = tuple(self._lacking())
        self._seen_at = seen_at
        self._ignored: dict[str, dict[int, str]] = defaultdict(dict)
        self._troubles: dict[str, list[str]] = defaultdict(list)

    def _lacking(self) -> Iterator[str]:
        if _tried(lambda: self._form.holds(self._fetched), otherwise=False)[0]:
            return
        asked = self.page if self._form.inside else self._fetched
        nothing: list[str] = []
        lacks, trouble = _tried(lambda: missing(self._form.recognise, asked), nothing)
        yield from lacks or [trouble or self._trouble or "is of another form"]

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """Read by each declared reader."""
        return tuple(self._read())

    def _read(self) -> Iterator[Part]:
        if self._trouble:
            yield Part(f"the layout {self._form.name}", Found(), self._trouble)
            return
        for reader in self._form.tables:
            yield self._table(reader) if isinstance(reader, PriceTable) else self._part(reader)
        if hook := self._form.read:
            found, trouble = _tried(lambda: hook(self.page, self._seen_at), Found())
            yield Part(f"function {hook.__name__}", found, trouble)

    def _part(self, reader: Reader) -> Part:
        found, trouble = _tried(lambda: reader.read(self.page), Found())
        return Part(reader_name(reader), found, trouble)

    def _table(self, table: PriceTable) -> Part:
        """Read the tables that fit, each for itself, so that one in trouble hides no other."""
        _, trouble = _tried(lambda: table.read(self.page), Found())
        fitting = [grid for grid in self.page.grids if table.fits(grid)]
        found = together(self._grid(table, grid) for grid in fitting)
        nearest = None if fitting or not trouble else nearest_grid(table, self.page.grids)
        hint = f"{nearest.locator} comes nearest: {differs(table, nearest)}" if nearest else ""
        return Part(reader_name(table), found, trouble, hint)

    def _grid(self, table: PriceTable, grid: Grid) -> Found:
        reading = TableReading(table, grid)
        found, trouble = _tried(lambda: table.as_dated(self.page, reading.found()), Found())
        first = 1 + (len(grid.columns) - len(turned(grid).rows) if table.transposed else 0)
        self._ignored[grid.locator] |= {first + i: why for i, why in reading.ignored.items()}
        self._troubles[grid.locator] += [trouble] if trouble else []
        return found

    def check(self, source: Source, verdict: Verdict) -> Check:
        """Put together what this form makes of the page."""
        parts = self.parts
        claims = together(part.found for part in parts).claims
        entries = tuple(ledger.entries(self.page.blocks, claims, self._form.ignored))
        skipped: Counter[str] = Counter()
        return Check(
            source=source,
            verdict=verdict,
            document=self._document.name,
            form=self._form.name,
            lacks=self.lacks,
            parts=parts,
            tables=tuple(self._tables(entries)),
            fields=tuple(self._fields(skipped)),
            skipped=skipped,
            entries=entries,
            seen=_described(self._fetched),
        )

    def _tables(self, entries: Iterable[ledger.Entry]) -> Iterator[TableCheck]:
        accounts: dict[str, list[ledger.Entry]] = defaultdict(list)
        for entry in entries:
            accounts[entry.block.locator].append(entry)
        cells = _by_cell(point for part in self.parts for point in part.found.points)
        for grid in self.page.grids:
            yield self._table_check(grid, cells[grid.locator], tuple(accounts[grid.locator]))

    def _table_check(
        self, grid: Grid, cells: Cells, entries: tuple[ledger.Entry, ...]
    ) -> TableCheck:
        declared = [reader for reader in self._form.tables if isinstance(reader, PriceTable)]
        fitting = [table for table in declared if table.fits(grid)]
        alike = next(iter(fitting), None)
        if alike is None and any(map(is_unclaimed, entries)):
            alike = nearest_declared(declared, grid)
        nearest = alike if alike and not fitting else None
        return TableCheck(
            grid=grid,
            readers=tuple(reader_name(table) for table in fitting) or self._claimants(grid.locator),
            roles=column_roles(alike, grid) if alike else {},
            is_turned=bool(alike and alike.transposed),
            points=cells,
            ignored=self._ignored[grid.locator],
            entries=entries,
            troubles=tuple(self._troubles[grid.locator]),
            likeness=f"{reader_name(nearest)}: {differs(nearest, grid)}" if nearest else "",
        )

    def _claimants(self, locator: str) -> tuple[str, ...]:
        """Name the readers of other kinds that account for a table."""
        return tuple(
            part.name
            for part in self.parts
            if any(claim.locator == locator for claim in part.found.claims)
        )

    @cached_property
    def _by_locator(self) -> Mapping[str, list[PricePoint]]:
        places: dict[str, list[PricePoint]] = defaultdict(list)
        for point in (point for part in self.parts for point in part.found.points):
            places[point.locator].append(point)
        return places

    def _fields(self, skipped: Counter[str]) -> Iterator[FieldCheck]:
        for reader in self._form.tables:
            if isinstance(reader, PriceList):
                nothing: list[Seen] = []
                seen = partial(_seen, reader, self.page, skipped)
                yield from _fields(_tried(seen, nothing)[0], self._by_locator)


def _tried(do: Callable[[], T], otherwise: T) -> tuple[T, str]:
    """Give what comes of it, or the other thing and the reason in words."""
    try:
        return do(), ""
    except NotRead as refusal:
        return otherwise, refusal.detail
    except Exception as mistake:  # noqa: BLE001 a broken reader is shown like a changed page
        return otherwise, f"the reader broke ({type(mistake).__name__}: {mistake})"


_CELL = re.compile(r"(?P<table>.+), row (?P<row>\d+), column (?P<column>\d+)")


def _by_cell(
    points: Iterable[PricePoint],
) -> Mapping[str, Mapping[tuple[int, int], list[PricePoint]]]:
    """Put prices of tables under their table and cell."""
    cells: dict[str, dict[tuple[int, int], list[PricePoint]]] = defaultdict(dict)
    for point in points:
        if found := _CELL.fullmatch(point.locator):
            place = int(found["row"]), int(found["column"])
            cells[found["table"]].setdefault(place, []).append(point)
    return cells


def _walked(page: Page) -> Page:
    """Give a page whose blocks are made; raises NotRead where they can't be."""
    return page.with_blocks(page.blocks)


def _seen(reader: PriceList, page: Page, skipped: Counter[str]) -> list[Seen]:
    return list(reader.seen(page, skipped))


def _fields(
    seen: Iterable[Seen], points: Mapping[str, Sequence[PricePoint]]
) -> Iterator[FieldCheck]:
    values: dict[str, list[Seen]] = defaultdict(list)
    for value in seen:
        values[value.path].append(value)
    for path, some in values.items():
        role, says = field_words(some[0])
        filled = (value for value in some if value.printed != "null")
        example = next((v for v in some if v.locator in points), next(filled, some[0]))
        read = tuple(points.get(example.locator, ()))
        yield FieldCheck(path, role, says, len(some), example, read)


def _described(page: Page) -> str:
    """Say what the bytes are, and which headings they hold."""
    headings = ", ".join(page.headings[:6])
    return f"{page.kind} with the headings {headings}" if headings else str(page.kind)
