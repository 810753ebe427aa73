"""The JSON shapes of a list, made from its columns: what the OpenAPI description shows."""

from collections.abc import Sequence
from itertools import groupby
from typing import Annotated

from pydantic import BaseModel, Field, create_model

from api.listing.columns import Column, Item, Kind
from api.shapes import Amount, Made, Moment, Shape

Fields = dict[str, tuple[object, object]]
_TYPES: dict[Kind, object] = {
    Kind.TEXT: str,
    Kind.INTEGER: int,
    Kind.DECIMAL: Amount,
    Kind.BOOLEAN: bool,
    Kind.MOMENT: Moment,
    Kind.DAY: Annotated[str, Field(json_schema_extra={"format": "date"})],
    Kind.TEXTS: list[str],
}


def row_shape(name: str, columns: Sequence[Column[Item]], depth: int = 0) -> type[BaseModel]:
    """Make the shape of one item: an object for each dotted name."""
    fields: Fields = {}
    for part, some in groupby(columns, key=lambda column: column.path[depth]):
        below = list(some)
        leaf = below[0].path[depth + 1 :] == ()
        fields[part] = _field(below[0]) if leaf else _object(name, part, below, depth)
    return _make(name, fields)


def page_shape(row: type[BaseModel], meta: type[BaseModel]) -> type[BaseModel]:
    """Make the shape of a page of a list."""
    following = Field(description="Pass it as `cursor` for the next page; null on the last.")
    data = (list[row], ...)  # type: ignore[valid-type] # a type made at run time
    fields: Fields = {"data": data, "next": (str | None, following), "meta": (meta, ...)}
    return _make(f"{row.__name__}List", fields)


def _make(name: str, fields: Fields) -> type[BaseModel]:
    made: type[BaseModel] = create_model(name, __base__=(Shape, Made), **fields)  # type: ignore[call-overload] # fields made at run time
    return made


def _object(
    name: str, part: str, columns: Sequence[Column[Item]], depth: int
) -> tuple[object, object]:
    shape = row_shape(f"{name}{part.title().replace('_', '')}", columns, depth + 1)
    return (shape | None if all(column.nullable for column in columns) else shape, Field())


def _field(column: Column[Item]) -> tuple[object, object]:
    takes = _type(column)
    unit = f" In {column.unit}." if column.unit else ""
    field = Field(description=f"{column.meaning}{unit}", examples=[column.example])
    return (takes | None if column.nullable else takes, field)  # type: ignore[operator] # types made at run time


def _type(column: Column[Item]) -> object:
    if column.kind is Kind.ITEMS:
        return list[column.shape]  # type: ignore[name-defined] # a type made at run time
    if column.kind is Kind.TEXTS and column.words:
        return list[column.words]  # type: ignore[name-defined] # a type made at run time
    return column.words or _TYPES[column.kind]
