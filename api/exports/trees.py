"""JSON whose numbers are exact: decimals are written as the decimals that they are."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from json.encoder import encode_basestring

from catalog.money import plain

Tree = None | bool | int | str | Decimal | Mapping[str, "Tree"] | Sequence["Tree"]
"""A JSON value; a number that is no whole one is a decimal, never a float."""


def to_json(tree: Tree) -> bytes:
    """Print a tree, without spaces; a decimal has no exponent and no trailing zeros."""
    return "".join(_parts(tree)).encode()


def _parts(tree: Tree) -> Iterator[str]:
    if isinstance(tree, str):
        yield encode_basestring(tree)
    elif isinstance(tree, Mapping):
        yield from _object(tree)
    elif isinstance(tree, Sequence):
        yield from _array(tree)
    else:
        yield _atom(tree)


def _atom(atom: bool | int | Decimal | None) -> str:  # noqa: FBT001 a JSON value may be a truth value
    if isinstance(atom, Decimal):
        return plain(atom)
    if atom is None:
        return "null"
    return str(atom).lower() if isinstance(atom, bool) else str(atom)


def _object(tree: Mapping[str, Tree]) -> Iterator[str]:
    before = "{"
    for name, value in tree.items():
        yield f"{before}{encode_basestring(name)}:"
        yield from _parts(value)
        before = ","
    yield "}" if tree else "{}"


def _array(tree: Sequence[Tree]) -> Iterator[str]:
    before = "["
    for value in tree:
        yield before
        yield from _parts(value)
        before = ","
    yield "]" if tree else "[]"
