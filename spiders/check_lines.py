"""A page looked into, as JSON objects for a pipe: always all of it."""

from collections.abc import Iterator

from catalog.reading import PricePoint
from spiders.checking import Check, FieldCheck, Part, TableCheck
from spiders.ledger import Entry

Line = dict[str, object]


def lines(check: Check) -> Iterator[Line]:
    """Give the page, its readers, tables, prices, fields and amounts; ``is`` says which."""
    yield _page(check)
    yield from map(_reader, check.parts)
    yield from map(_table, check.tables)
    cells = {id(p): words for table in check.tables for p, words in _cells(table)}
    for point in check.found.points:
        yield {"is": "price", "cell": cells.get(id(point), ""), **point.model_dump(mode="json")}
    yield from map(_field, check.fields)
    for reason, count in check.skipped.items():
        yield {"is": "skipped", "reason": reason, "records": count}
    yield from map(_amount, check.entries)


def _page(check: Check) -> Line:
    return {
        "is": "page",
        "source": check.source.name,
        "document": check.document,
        "form": check.form,
        "lacks": list(check.lacks),
        "outcome": check.verdict.outcome.value,
        "detail": check.verdict.detail,
        "next_step": check.next_step,
        "page": check.seen,
    }


def _reader(part: Part) -> Line:
    return {
        "is": "reader",
        "name": part.name,
        "points": len(part.found.points),
        "facts": len(part.found.facts),
        "scores": len(part.found.scores),
        "trouble": part.trouble,
        "hint": part.hint,
    }


def _table(table: TableCheck) -> Line:
    return {
        "is": "table",
        "locator": table.grid.locator,
        "headings": list(table.grid.headings),
        "columns": list(table.grid.columns),
        "holds": list(table.roles.values()),
        "rows": len(table.grid.rows),
        "readers": list(table.readers),
        "prices": sum(map(len, table.points.values())),
        "ignored_rows": {str(row): why for row, why in table.ignored.items()},
        "ignored": table.rule,
        "unclaimed": table.unclaimed,
        "troubles": list(table.troubles),
        "likeness": table.likeness,
    }


def _cells(table: TableCheck) -> Iterator[tuple[PricePoint, str]]:
    """Give each price with the words of its cell on the page."""
    grid = table.grid
    rows = dict(zip(grid.places or range(len(grid.rows)), grid.rows, strict=True))
    for (row, column), points in table.points.items():
        for point in points:
            yield point, rows[row - 1][column - 1].text if row - 1 in rows else ""


def _field(field: FieldCheck) -> Line:
    return {
        "is": "field",
        "path": field.path,
        "role": field.role,
        "says": field.says,
        "count": field.count,
        "example": field.example.printed,
        "locator": field.example.locator,
    }


def _amount(entry: Entry) -> Line:
    rule = entry.rule.reason if entry.rule and not entry.is_claimed else ""
    return {
        "is": "amount",
        "state": "claimed" if entry.is_claimed else "ignored" if rule else "unclaimed",
        "rule": rule,
        "number": entry.amount.number,
        "context": entry.amount.context,
        "locator": entry.amount.locator,
        "headings": list(entry.block.headings),
    }
