"""JSON read exactly: every number is a decimal with the page's own digits, nothing is dropped."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import NoReturn, Self, TypeAlias

from catalog.reading import NotRead
from catalog.vocabulary import Outcome

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_NUMBERS = (Decimal, int)
_CONSTANTS = {None: "null", True: "true", False: "false"}
_QUOTED = json.encoder.encode_basestring

Json: TypeAlias = "str | Decimal | int | bool | Sequence[Json] | Mapping[str, Json] | None"

SCALAR = (str, Decimal, int, type(None))
"""What holds nothing further."""


class Printed(Decimal):
    """A number that remembers how the page writes it: ``5e-07``."""

    text: str = ""

    def __new__(cls, text: str) -> Self:
        """Make the number of its text."""
        made = super().__new__(cls, text)
        made.text = text
        return made


_printed = lru_cache(maxsize=1 << 14)(Printed)
"""Lists say the same few numbers over and over."""


class Repeating(dict[str, Json]):
    """An object that states one field several times, with differing values.

    It reads like any object, with the last value; ``repeated`` holds the earlier ones.
    """

    repeated: tuple[tuple[str, Json], ...] = ()


def parse_json(text: str) -> Json:
    """Read one JSON text; anything malformed, and NaN, is a page that changed."""
    try:
        value: Json = json.loads(
            text,
            parse_float=_printed,
            parse_int=_printed,
            parse_constant=_refuse_constant,
            object_pairs_hook=_object,
        )
    except ValueError as error:
        detail = f"this is no JSON: {error}; see {text[:60]!r}"
        raise NotRead(Outcome.PAGE_CHANGED, detail) from error
    return value


def parse_json_lines(text: str) -> tuple[Json, ...]:
    """Read one JSON value a line; empty lines are skipped."""
    return tuple(parse_json(line) for line in text.split("\n") if line.strip())


def as_printed(value: Json) -> str:
    """Write a value as the page does: numbers in their own digits, texts in quotes."""
    if isinstance(value, Printed):
        return value.text
    if isinstance(value, str):
        return _QUOTED(value)
    if value is None or isinstance(value, bool):
        return _CONSTANTS[value]
    if isinstance(value, _NUMBERS):
        return str(value)
    if isinstance(value, Mapping):
        fields = [f"{_QUOTED(name)}: {as_printed(inner)}" for name, inner in value.items()]
        return f"{{{', '.join(fields)}}}"
    return f"[{', '.join(map(as_printed, value))}]"


def number(value: Json, where: str) -> Decimal:
    """Read a JSON number, or a string that is one; anything else is refused, naming the place."""
    if isinstance(value, Printed):
        return value
    text = str(value).strip()
    if isinstance(value, bool) or not _NUMBER.fullmatch(text):
        what = f"{where} is {as_printed(value)[:60]}, which is no number"
        raise NotRead(Outcome.PAGE_CHANGED, what)
    return Decimal(text)


def objects(value: Json, *fields: str) -> Iterator[Mapping[str, Json]]:
    """Find every object, at any depth and in the page's order, that has all these fields."""
    if isinstance(value, SCALAR):
        return
    if isinstance(value, Mapping) and all(field in value for field in fields):
        yield value
    for inner in value.values() if isinstance(value, Mapping) else value:
        if not isinstance(inner, SCALAR):
            yield from objects(inner, *fields)


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    plain = dict(pairs)
    if len(plain) == len(pairs):
        return plain
    earlier = tuple((field, value) for field, value in pairs if plain[field] != value)
    if not earlier:
        return plain
    repeating = Repeating(plain)
    repeating.repeated = earlier
    return repeating


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")
