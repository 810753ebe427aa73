"""A page looked into, as a person reads it in a terminal."""

import re
from collections import Counter
from collections.abc import Iterator

from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from catalog.money import plain
from catalog.reading import fold
from catalog.vocabulary import Outcome
from spiders.check_words import Shared, price_words
from spiders.checking import Check, TableCheck, is_unclaimed
from spiders.declared_words import UNDECLARED
from spiders.grid import Cell
from spiders.ledger import Entry

ROWS_SHOWN = 5
"""So many rows of a table that is read are shown at first."""
ROWS_IN_TROUBLE = 20
"""So many rows of a table in trouble are shown at first, and each that the trouble names."""
NARROWEST = 12
"""A table whose columns would be narrower than this is shown as a list of its rows."""
EXAMPLES = 3
"""Of one block, so many unclaimed amounts are shown."""
LONGEST = 160
"""No more characters of a cell or an example are shown."""
_CONTROLS = {code: "\ufffd" for code in (*range(32), *range(127, 160)) if code != ord("\n")}
_COLORS = {"price": "green", "unknown": "red", "ignored": "yellow"}


def show(check: Check, console: Console, *, whole: bool) -> None:
    """Print it: tables, fields, what was ignored, the ledger, and the outcome last."""
    wanted = [table for table in check.tables if whole or table.matters]
    for table in wanted:
        console.print(_TableReport(table, console.width, whole=whole).shown())
    if hidden := len(check.tables) - len(wanted):
        console.print(_text(f"{hidden} more tables hold neither prices nor trouble; see --all\n"))
    for part in (_fields(check), _prose(check), _ignored(check), _ledger(check), _readers(check)):
        if part:
            console.print(part, "")
    console.print(_verdict(check))


class _TableReport:
    """One table, its cells beside what was read in them."""

    def __init__(self, table: TableCheck, width: int, *, whole: bool) -> None:
        self._table = table
        self._grid = table.grid
        self._shared = Shared(table.points)
        self._width = width
        self._rows = [i for i in range(len(self._grid.rows)) if whole or self._is_shown(i)]

    def _is_shown(self, index: int) -> bool:
        table, named = self._table, rf"\brow {self._place(index)}\b"
        shown = ROWS_IN_TROUBLE if table.troubles or table.unclaimed else ROWS_SHOWN
        return index < shown or any(re.search(named, said) for said in table.troubles)

    def _place(self, index: int) -> int:
        """Give a row's number on the page."""
        return (self._grid.places[index] if self._grid.places else index) + 1

    def shown(self) -> RenderableType:
        """Lay it out as wide as the terminal is."""
        fits = (len(self._grid.columns) + 1) * NARROWEST <= self._width
        body = self._as_table() if fits else self._as_list()
        return Group(*self._title(), body, *self._rest(), "")

    def _title(self) -> Iterator[RenderableType]:
        table = self._table
        under = _clean(" > ".join(self._grid.headings))
        yield Text.assemble((_clean(self._grid.locator), "bold"), "  ", under)
        if common := self._shared.of_all:
            yield _text(f"each price: {common}", "green")
        if not table.readers:
            said = f"ignored: {table.rule}" if table.rule else "no declared table fits it"
            yield _text(said, "yellow" if table.rule else "red" if table.unclaimed else "dim")
        yield from (_text(trouble, "red") for trouble in table.troubles)
        if table.likeness:
            yield _text(f"it is most like {table.likeness}", "red")

    def _rest(self) -> Iterator[RenderableType]:
        if more := len(self._grid.rows) - len(self._rows):
            yield _text(
                f"{more} of its {len(self._grid.rows)} rows are not shown; see --all", "dim"
            )

    def _as_table(self) -> Table:
        said = [self._row_words(index) for index in self._rows]
        body = Table(show_lines=True, border_style="dim")
        body.add_column("row", justify="right", style="dim")
        for index, heading in enumerate(self._grid.columns):
            head = Group(_text(_short(heading), "bold"), self._column_words(index))
            body.add_column(head, overflow="fold")
        if any(said):
            body.add_column(_text("read as", "green"), overflow="fold")
        for index, words in zip(self._rows, said, strict=True):
            cells = (self._cell(index, column) for column in range(len(self._grid.columns)))
            body.add_row(str(self._place(index)), *cells, *([words] if any(said) else []))
        return body

    def _as_list(self) -> Table:
        body = Table.grid(padding=(0, 1), collapse_padding=True)
        body.add_column(justify="right", style="dim")
        body.add_column(style="bold", ratio=1, overflow="fold")
        body.add_column(ratio=3, overflow="fold")
        for index in self._rows:
            words = self._row_words(index)
            body.add_row(str(self._place(index)), "read as" if words else "", words)
            for column, heading in enumerate(self._grid.columns):
                if self._grid.rows[index][column].text:
                    head = Group(_text(_short(heading)), self._column_words(column))
                    body.add_row("", head, self._cell(index, column))
        return body

    def _column_words(self, index: int) -> Text:
        if self._table.is_turned:
            why = self._table.ignored.get(index + 1)
            return _role(f"ignored: {why}" if why else self._shared.of_column(index + 1))
        return _role(self._shared.of_column(index + 1) or self._table.roles.get(index, ""))

    def _row_words(self, index: int) -> Text:
        place, is_turned = self._place(index), self._table.is_turned
        common = self._shared.of_row(place)
        if common in {fold(cell.text) for cell in self._grid.rows[index]}:
            return Text()
        why = "" if is_turned else self._table.ignored.get(index + 1)
        role = self._table.roles.get(place, "") if is_turned else ""
        return _role(f"ignored: {why}" if why else common or role)

    def _cell(self, index: int, column: int) -> RenderableType:
        cell, place = self._grid.rows[index][column], self._place(index)
        read = self._shared.of_cell(place, column + 1)
        wrong = any(f"row {place}, column {column + 1} " in said for said in self._table.troubles)
        words = _text(_printed(cell), "red" if wrong else "" if read else "dim")
        return Group(words, *(_text(f"= {price}", "green") for price in read)) if read else words


def _text(words: str, style: str = "") -> Text:
    return Text(_clean(words), style)


def _clean(words: str) -> str:
    """Replace what would steer the terminal: the words are those of somebody else's page."""
    return words.translate(_CONTROLS)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _printed(cell: Cell) -> str:
    return _short(f"{cell.text} [struck: {cell.struck}]" if cell.struck else cell.text)


def _role(words: str) -> Text:
    wrong, skipped = words == UNDECLARED, words.startswith("ignored")
    return _text(words, "red" if wrong else "yellow" if skipped else "green")


def _fields(check: Check) -> Table | None:
    if not check.fields:
        return None
    body = _listing("The list's fields (others hold no prices)", "field", "is", "times", "example")
    for field in check.fields:
        said = _text(f"{field.role}: {field.says}".rstrip(": "), _COLORS.get(field.role, ""))
        read = "".join(f"\n= {plain(price.amount)}" for price in field.read)
        example = Text.assemble((_clean(_short(field.example.printed)), "dim"), (read, "green"))
        body.add_row(_text(field.path), said, str(field.count), example)
    for reason, count in check.skipped.items():
        body.add_row("(whole records)", _text(f"skipped: {reason}", "yellow"), str(count), "")
    return body


def _prose(check: Check) -> Table | None:
    if not check.elsewhere:
        return None
    body = _listing("Prices outside tables", "where", "evidence", "read as")
    for point in check.elsewhere:
        words = _text(price_words(point), "green")
        body.add_row(_text(point.locator), _text(_short(point.evidence)), words)
    return body


def _ignored(check: Check) -> Table | None:
    rules = Counter(
        (e.rule.reason, e.rule.section or "anywhere", e.rule.text or "")
        for e in check.entries
        if e.rule and not e.is_claimed
    )
    columns = Counter(
        (words.removeprefix("ignored: "), table.grid.locator, table.grid.columns[index])
        for table in check.tables
        if not table.is_turned
        for index, words in table.roles.items()
        if words.startswith("ignored: ")
    )
    if not rules and not columns:
        return None
    body = _listing("Ignored by name", "because", "where", "what", "amounts")
    for (reason, where, what), count in rules.items():
        body.add_row(_text(reason, "yellow"), _text(where), _text(what), str(count))
    for reason, where, what in columns:
        body.add_row(_text(reason, "yellow"), _text(where), _text(f"column {what}"), "")
    return body


def _ledger(check: Check) -> RenderableType | None:
    if not check.entries:
        return None
    claimed = sum(entry.is_claimed for entry in check.entries)
    unclaimed = [entry for entry in check.entries if is_unclaimed(entry)]
    ignored = len(check.entries) - claimed - len(unclaimed)
    total = f"{len(check.entries)} amounts on the page: {claimed} read, {ignored} ignored by name, "
    said = Text.assemble(total, (f"{len(unclaimed)} unclaimed", "red" if unclaimed else "green"))
    return Group(said, _unclaimed(unclaimed)) if unclaimed else said


def _unclaimed(entries: list[Entry]) -> Table:
    body = _listing("", "unclaimed", "times", "where")
    blocks = {entry.block.locator: entry.block for entry in entries}
    for locator, block in blocks.items():
        texts = [entry.amount.context for entry in entries if entry.amount.locator == locator]
        distinct = list(dict.fromkeys(texts))
        more = ["…"] if len(distinct) > EXAMPLES else []
        where = " > ".join((*block.headings, locator))
        examples = _text("\n".join(distinct[:EXAMPLES] + more), "red")
        body.add_row(examples, str(len(texts)), _text(where))
    return body


def _readers(check: Check) -> Table | None:
    """Show the declared readers that could not read, where nothing else shows why."""
    shown = {check.verdict.detail, *(said for table in check.tables for said in table.troubles)}
    failed = [(part, part.hint or part.trouble) for part in check.parts if part.trouble]
    failed = [(part, why) for part, why in failed if why not in shown]
    if not failed:
        return None
    body = _listing("Declared, and not read", "what", "why")
    for part, why in failed:
        body.add_row(_text(_short(part.name)), _text(why, "red"))
    return body


def _listing(title: str, *columns: str) -> Table:
    body = Table(title=title or None, title_justify="left", border_style="dim")
    for column in columns:
        body.add_column(column, overflow="fold")
    return body


def _verdict(check: Check) -> Panel:
    is_read = check.verdict.outcome is Outcome.OK
    return Panel(
        Group(*_said(check)),
        title=f"{check.source.name}: {check.verdict.outcome}",
        title_align="left",
        border_style="green" if is_read else "red",
    )


def _said(check: Check) -> Iterator[Text]:
    """Say what came of it: the form, the counts, the refusal, and what to do."""
    read = check.verdict.reading or check.found
    kinds = {"prices": read.points, "facts": read.facts, "scores": read.scores}
    kinds |= {"rates": read.rates, "adjustments": read.adjustments}
    counts = ", ".join(f"{len(some)} {kind}" for kind, some in kinds.items() if some)
    known = "Its form is" if not check.lacks else "It is of no known form. The nearest is"
    if check.form:
        yield _text(f"{known} {check.form} of the document {check.document}: {counts or 'nothing'}")
    if check.lacks:
        yield _text(f"It {'; '.join(check.lacks)}. It is {check.seen}.")
    if check.verdict.detail:
        yield _text(check.verdict.detail, "red")
    if check.next_step:
        yield _text(check.next_step, "bold")
