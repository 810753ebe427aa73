"""The names in a header such as ``Accept``, with the weights that a request gives them."""

from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation


def weighed(header: str) -> Iterator[tuple[str, Decimal]]:
    """Read each name in lower case with its weight, 0 to 1; what has no such weight is left out."""
    for part in header.split(","):
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        weight = _weight(parameters)
        if name and weight is not None:
            yield name, weight


def _weight(parameters: Iterable[str]) -> Decimal | None:
    stated = [text.removeprefix("q=") for text in parameters if text.startswith("q=")]
    try:
        weight = Decimal(stated[0]) if stated else Decimal(1)
        acceptable = 0 <= weight <= 1
    except InvalidOperation:
        return None
    return weight if acceptable else None
