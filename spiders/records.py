"""Records in JSON: the objects that a path leads to, each with its key and what is around it.

A path names a field from a record on: ``pricing.prompt``, ``pricing.overrides[].prompt`` (any
element of a list), ``tiers.*.price`` (any value of an object). In front of it ``^`` means the
object around the record, and ``@`` alone is the key that a record (``^@``: the object around
it) stands under.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from spiders.exact_json import Json, Repeating, as_printed
from spiders.facts import worded
from spiders.page import changed

_STEP = re.compile(r"\[\]|\*|[^.\[\]*^@]+|@")


@dataclass(frozen=True, slots=True)
class Record:
    """One entry of a list: its object, its key, and the record around it."""

    value: Mapping[str, Json]
    locator: str
    key: str = ""
    around: "Record | None" = None

    def at(self, path: str) -> Json:
        """Give what stands at a path without lists; None where nothing does."""
        if path.startswith("^"):
            return self.around.at(path[1:]) if self.around else None
        if path == "@":
            return self.key
        found: Json = self.value
        for name in path.split("."):
            found = found.get(name) if isinstance(found, Mapping) else None
        return found

    def text(self, path: str) -> str:
        """Give the text at a path; "" where nothing stands there."""
        found = self.at(path)
        return "" if found is None else worded(found)


def other_than(path: str, *texts: str) -> Callable[[Record], bool]:
    """Tell the records whose field says something else than one of these texts."""
    return lambda record: record.text(path) not in texts


def part_of(
    path: str, pattern: str, *, form: str = "{}", otherwise: str = "", lower: bool = False
) -> Callable[[Record], str]:
    """Read the part of a field's text that the pattern's group finds; otherwise the other text."""

    def read(record: Record) -> str:
        text = record.text(path)
        found = re.search(pattern, text.lower() if lower else text)
        return form.format(found[1]) if found else otherwise

    return read


def values(top: Json, path: str) -> Iterator[tuple[Json, Record]]:
    """Find what stands at a path, of whatever kind, with where it stands as a record."""
    yield from _walk(top, _STEP.findall(path), Record(_fields(top), ""))


def records(top: Json, path: str) -> Iterator[Record]:
    """Find the objects at a path, in the page's order; a step that leads nowhere is refused."""
    for value, here in values(top, path):
        if not isinstance(value, Mapping):
            raise changed(f"{here.locator or 'the answer'} is no object, as a record must be")
        yield here if here.value is value else replace(here, value=value)


def _walk(value: Json, steps: Sequence[str], here: Record) -> Iterator[tuple[Json, Record]]:
    if not steps:
        yield value, here
        return
    step, rest = steps[0], steps[1:]
    for key, inner in _stepped(value, step, here.locator):
        there = _entered(here, step, key, inner)
        if rest:
            yield from _walk(inner, rest, there)
        else:
            yield inner, there


def _entered(here: Record, step: str, key: str, inner: Json) -> Record:
    """Go one step down: into an entry of a list or an object, or only into a field."""
    if step == "[]":
        return Record(_fields(inner), f"{here.locator}[{key}]", key, here)
    locator = join(here.locator, key)
    if step == "*":
        return Record(_fields(inner), locator, key, here)
    return Record(here.value, locator, here.key, here.around)


def _fields(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, Mapping) else {}


def _stepped(value: Json, step: str, locator: str) -> Iterator[tuple[str, Json]]:
    where = locator or "the answer"
    if step == "[]" and isinstance(value, Sequence) and not isinstance(value, str):
        yield from ((str(index), inner) for index, inner in enumerate(value))
    elif step == "*" and isinstance(value, Mapping):
        yield from value.items()
        if isinstance(value, Repeating):
            yield from value.repeated
    elif isinstance(value, Mapping) and step.rstrip("?") in value:
        yield step.rstrip("?"), value[step.rstrip("?")]
    elif step.endswith("?"):
        return
    else:
        raise changed(f"{where} has no {step!r}; it is {as_printed(value)[:60]}")


def join(path: str, name: str) -> str:
    """Put a name behind a path."""
    return f"{path}.{name}" if path else name
