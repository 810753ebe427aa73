"""What is declared of a page, in the words of whoever looks into its reading."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from spiders.columns import Ignored, Model, Price, Role, States, is_needed, matches
from spiders.field_price import FieldPrice
from spiders.grid import Grid
from spiders.price_list import PriceList, Seen
from spiders.price_table import PriceTable
from spiders.reader import Reader
from spiders.sentence import Multiplier, Sentence
from spiders.table_reading import turned

Words: TypeAlias = "tuple[str, str]"
"""What a field is (price, fact, score, ignored, unknown), and which one, or why."""

UNDECLARED = "not declared"


def reader_name(reader: Reader) -> str:
    """Name one declared reader as its source file would be searched for it."""
    match reader:
        case PriceTable(section=section, columns=columns):
            return f"PriceTable {section!r} ({', '.join(columns)})"
        case PriceList(records=records):
            return f"PriceList {records!r}"
        case Sentence(pattern=pattern):
            return f"Sentence {pattern!r}"
        case Multiplier(name=name):
            return f"Multiplier {name!r}"
        case _:
            return type(reader).__name__


def column_roles(table: PriceTable, grid: Grid) -> Mapping[int, str]:
    """Say what each column of a table is declared to hold, by index."""
    columns = turned(grid).columns if table.transposed else grid.columns
    return {index: _role(table, heading) for index, heading in enumerate(columns)}


def _role(table: PriceTable, heading: str) -> str:
    roles = (role for pattern, role in table.columns.items() if matches(pattern, heading))
    found = next(roles, None)
    return role_words(found) if found else UNDECLARED


def role_words(role: Role) -> str:
    """Say what a column is declared to hold."""
    match role:
        case Price():
            return "price"
        case Model():
            return "model"
        case Ignored(reason=reason):
            return f"ignored: {reason}"
        case States(name=name):
            return f"fact {name}"
        case _:
            return type(role).__name__.lower()


def field_words(seen: Seen) -> Words:
    """Say what a field of a list is declared to be."""
    if seen.prices:
        return "price", "; ".join(_listed(price) for price in seen.prices)
    if seen.fact:
        return "fact", seen.fact
    if seen.scored:
        return "score", ""
    return ("ignored", seen.rule) if seen.rule else ("unknown", "neither mapped nor ignored")


def _listed(price: FieldPrice) -> str:
    return ", ".join(filter(None, _listed_parts(price)))


def _listed_parts(price: FieldPrice) -> Iterator[str]:
    yield f"{price.meter}, {price.currency} per {price.unit}"
    yield f"x{price.scale}" if price.scale != 1 else ""
    yield price.tier if price.tier != "standard" else ""
    yield price.region if price.region != "global" else ""
    yield price.variant
    length = price.context_from or price.context_over
    yield f"over {length} tokens" if length else ""


def nearest_grid(table: PriceTable, grids: Sequence[Grid]) -> Grid | None:
    """Find the table of a page that comes nearest to a declared one; None where none does."""
    likely = [grid for grid in grids if _resembles(table, grid)]
    return min(likely, key=lambda grid: _distance(table, grid), default=None)


def nearest_declared(tables: Sequence[PriceTable], grid: Grid) -> PriceTable | None:
    """Find the declared table that a page's comes nearest to; None where it is like none."""
    likely = [table for table in tables if _resembles(table, grid)]
    return min(likely, key=lambda table: _distance(table, grid), default=None)


def _resembles(table: PriceTable, grid: Grid) -> bool:
    """Tell whether half of the needed columns are there."""
    needed = sum(is_needed(role) for role in table.columns.values())
    return 2 * len(list(table.lacking(grid))) <= needed


def _distance(table: PriceTable, grid: Grid) -> tuple[int, bool]:
    return len(list(table.lacking(grid))), not table.stands_as_declared(grid)


def differs(table: PriceTable, grid: Grid) -> str:
    """Say how a page's table differs from a declared one."""
    return "; ".join(_differences(table, grid))


def _differences(table: PriceTable, grid: Grid) -> Iterator[str]:
    if lacking := list(table.lacking(grid)):
        yield f"it lacks the columns {', '.join(map(repr, lacking))}"
    roles = column_roles(table, grid)
    unknown = [roles[index] == UNDECLARED for index in roles]
    if any(unknown) and not table.transposed:
        columns = [grid.columns[index] for index, is_new in enumerate(unknown) if is_new]
        yield f"nothing is declared of its columns {', '.join(map(repr, columns))}"
    if not table.stands_as_declared(grid):
        after = f" and after {table.after!r}" if table.after else ""
        yield f"it does not stand under {table.section!r}{after}"
