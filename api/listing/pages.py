"""A page of a list as JSON: its rows, the cursor of the next one, and what it is of."""

from api.listing.asking import Part
from api.listing.columns import Item
from api.listing.rows import Rows


def as_page(part: Part[Item], rows: Rows[Item]) -> dict[str, object]:
    """Give the object that goes out."""
    return {
        "data": [rows.nested(item) for item in part.items],
        "next": part.next,
        "meta": part.meta.model_dump(mode="json"),
    }
