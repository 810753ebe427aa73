"""What a client says of usages, beside what they cost by our own prices."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from catalog.cost import Book
from tests.api.exports.grid import Case, ours


def differences(
    cases: Sequence[Case],
    totals: Sequence[object],
    book: Book,
    *,
    tolerance: Decimal = Decimal(0),
) -> tuple[int, list[tuple[Case, object, Decimal]]]:
    """Count the usages that we price, and give those of them that a client prices otherwise."""
    known = [
        (case, told, due)
        for case, told in zip(cases, totals, strict=True)
        if (due := ours(book, case)) is not None
    ]
    wrong = [
        (case, told, due)
        for case, told, due in known
        if not _is(told, due, tolerance * max(abs(due), Decimal("1e-6")))
    ]
    return len(known), wrong


def _is(told: object, due: Decimal, near: Decimal) -> bool:
    try:
        return abs(Decimal(str(told)) - due) <= near
    except InvalidOperation:
        return False
