"""What the cells of one row say of its prices: models, choices, prompt lengths, measures."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from catalog.reading import fold
from spiders.bounds import read_bound
from spiders.columns import Choice, Condition, Context, Ignored, Model, Per, Role, choose
from spiders.grid import Cell
from spiders.measures import QuoteError, read_measure
from spiders.names import Names, is_note
from spiders.page import changed
from spiders.quotes import absence
from spiders.terms import UNSAID, Terms


@dataclass
class Row:
    """One row while it is read."""

    index: int
    cells: tuple[Cell, ...]
    terms: Terms
    names: Names | None = None
    named: str = ""
    """The words that name the models, where they say more than one model's name."""
    group: str = ""
    """The words of the row above that groups it with others."""
    bounds_long: bool = False
    """Whether a prompt length in the model's cell is where the prices of long prompts begin."""
    text_apart: bool = False
    """Whether text is a modality apart where another row prices another one."""
    said_of: list[tuple[str, Terms]] = field(default_factory=list)
    """What cells say of one column's prices alone: the column's pattern, and what."""

    @property
    def models(self) -> tuple[str, ...]:
        """Give the models that the row's prices are for."""
        return self.names.names if self.names else (self.terms.model or "",)


def said(role: Role, cell: Cell, row: Row, what: str) -> Terms | Ignored:
    """Read what a cell says of its row's prices; raises NotRead where it is not understood."""
    match role:
        case Model():
            return _read_model(role, cell, row)
        case Choice():
            return _read_choice(role, cell, row, what)
        case Condition(read=read):
            return _read_condition(read(cell.text), cell, what)
        case Context(thousands=thousands):
            return _read_context(cell, what, thousands=thousands)
        case Per():
            return _read_per(cell, what)
        case _:
            return UNSAID


def all_of(terms: Terms, said: Sequence[Terms | Ignored]) -> Terms | Ignored:
    """Put terms under each other, unless something says that there is no price."""
    for nearer in said:
        if isinstance(nearer, Ignored):
            return nearer
        terms = terms.under(nearer)
    return terms


def _read_model(role: Model, cell: Cell, row: Row) -> Terms | Ignored:
    first, *further = cell.text.split("\n")
    if further and is_note(further[0]):
        first = f"{first} {further.pop(0)}"
    row.names = role.read(first)
    over = None if row.bounds_long else row.names.context_over
    dates = held(over, row.names.valid_from, row.names.valid_to)
    said = [choose(role.notes, note, f"the note in row {row.index + 1}") for note in further]
    by_name = choose(role.says, first, f"the name in row {row.index + 1}") if role.says else UNSAID
    bounded = row.names.context_over is not None or dates is not UNSAID or by_name is not UNSAID
    says_more = further or bounded or len(row.names.names) > 1
    said.append(by_name)
    row.named = fold(cell.text) if says_more else ""
    return all_of(dates, said)


def _read_choice(role: Choice, cell: Cell, row: Row, what: str) -> Terms | Ignored:
    row.named = joined(row.named, fold(cell.text)) if role.quoted else row.named
    row.text_apart = row.text_apart or role.apart
    said = choose(role.says, cell.text, what)
    if role.of is None or isinstance(said, Ignored):
        return said
    row.said_of.append((role.of, said))
    return UNSAID


def _read_condition(read: Terms | None, cell: Cell, what: str) -> Terms:
    if read is None:
        raise changed(f"{what}: {cell.text!r} is no known condition")
    return read


def _read_context(cell: Cell, what: str, *, thousands: bool) -> Terms:
    bound = read_bound(fold(cell.text), thousands=thousands)
    if bound is None and not absence(cell.text):
        raise changed(f"{what}: {cell.text!r} is no prompt length")
    return Terms(context_over=bound or 0)


def _read_per(cell: Cell, what: str) -> Terms:
    try:
        return Terms(unit=read_measure(cell.text))
    except QuoteError as problem:
        raise changed(f"{what}: {problem}") from None


@lru_cache
def held(context_over: int | None, valid_from: date | None, valid_to: date | None) -> Terms:
    """Say for which prompts and when a price holds."""
    held = Terms(context_over=context_over, valid_from=valid_from, valid_to=valid_to)
    return UNSAID if held == UNSAID else held


def joined(*words: str) -> str:
    """Join the words of an evidence."""
    return " | ".join(filter(None, words))
