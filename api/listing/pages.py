"""A page of a list as JSON: its rows, the cursor of the next one, and what it is of."""

from pydantic_core import to_json

from api.listing.asking import Part
from api.listing.columns import Item
from api.listing.rows import Rows
from api.shapes import Meta


def as_page(part: Part[Item], rows: Rows[Item]) -> dict[str, object]:
    """Give the object that goes out."""
    return {
        "data": [rows.nested(item) for item in part.items],
        "next": part.next,
        "meta": part.meta.model_dump(mode="json"),
    }


def write_page(part: Part[Item], rows: Rows[Item], *, whole: bool) -> bytes:
    """Write the object; rows of all columns that were written before are taken as they are."""
    if not whole or part.held is None:
        return to_json(as_page(part, rows))
    written = part.held.write(part.items, rows)
    following = to_json(part.next)
    return b'{"data":[%b],"next":%b,"meta":%b}' % (written, following, _meta(part.meta))


_LAST: list[tuple[Meta, bytes]] = []
"""The metas that were written last: each is of many pages."""
METAS_HELD = 16


def _meta(meta: Meta) -> bytes:
    for known, written in _LAST:
        if known is meta:
            return written
    written = to_json(meta.model_dump(mode="json"))
    _LAST[METAS_HELD - 1 :] = []
    _LAST.insert(0, (meta, written))
    return written
