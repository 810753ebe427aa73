"""What a change of the API's description breaks for whoever holds the earlier one.

Answers may gain, questions may be asked with more: that is added. Taken away or narrowed may only
be what said so before: what was `deprecated`, with an `x-sunset` day that has come.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

Part = dict[str, Any]
"""An object of a description: its form is OpenAPI's own."""
METHODS = ("get", "post", "put", "patch", "delete")
SMALLEST = ("minimum", "exclusiveMinimum", "minLength", "minItems")
LARGEST = ("maximum", "exclusiveMaximum", "maxLength", "maxItems")
OWN_WORDS = ("type", "format", "pattern", "const")
GOOD = "2"
_WORDS = re.compile(r"\^(?P<sign>(-\?)?)\((?P<words>[^()]+)\)\(,(?P=sign)\((?P=words)\)\)\*\$")
"""A pattern of the words that ``fields`` and ``sort`` take: each column of a list adds one."""


class Break(NamedTuple):
    """One thing that no longer is as it was."""

    where: str
    what: str

    def __str__(self) -> str:
        """Say it in a line."""
        return f"{self.where}: {self.what}"


@dataclass(frozen=True)
class Side:
    """One thing in the earlier and in the later description."""

    where: str
    old: Part
    new: Part
    taken_in: bool = False
    """Whether it is of questions, which may not be narrowed; else of answers, which may."""

    def at(self, name: str, old: Part, new: Part) -> Side:
        """Go on with a part of it."""
        return Side(f"{self.where} {name}", old, new, self.taken_in)

    def broke(self, what: str) -> Break:
        """Say what is not as it was."""
        return Break(self.where, what)


class Comparison:
    """Two descriptions of one API."""

    def __init__(self, old: Part, new: Part, *, today: date) -> None:
        """Take the earlier and the later one, and the day on which that happens."""
        self.old, self.new, self.today = old, new, today
        self._seen: set[tuple[str, str, bool]] = set()

    def breaks(self) -> Iterator[Break]:
        """Give all that is broken."""
        for path, item in self.old["paths"].items():
            for method in (name for name in METHODS if name in item):
                yield from self._operation(f"{method.upper()} {path}", path, method)
        for name, item in self.old.get("webhooks", {}).items():
            yield from self._message(Side(f"webhook {name}", item, self._webhook(name)))

    def _webhook(self, name: str) -> Part:
        found: Part = self.new.get("webhooks", {}).get(name, {})
        return found

    def _operation(self, where: str, path: str, method: str) -> Iterator[Break]:
        old = self.old["paths"][path][method]
        new = self.new["paths"].get(path, {}).get(method)
        side = Side(where, old, new or {})
        if new is None:
            yield from self._unless_ended(side, "removed")
            return
        if old["operationId"] != new["operationId"]:
            yield side.broke(f"operationId {old['operationId']} is {new['operationId']}")
        if not old.get("security") and new.get("security"):
            yield side.broke("asks for a key now")
        yield from self._parameters(side)
        yield from self._body(side)
        yield from self._answers(side)

    def _unless_ended(self, side: Side, what: str) -> Iterator[Break]:
        """Break, unless it was deprecated and its last day has come."""
        sunset = side.old.get("x-sunset")
        if not side.old.get("deprecated") or sunset is None:
            yield side.broke(f"{what}; first declare it deprecated, with x-sunset")
        elif date.fromisoformat(sunset) > self.today:
            yield side.broke(f"{what} before its sunset on {sunset}")

    def _parameters(self, side: Side) -> Iterator[Break]:
        old, new = _named(side.old), _named(side.new)
        for name, parameter in old.items():
            if name not in new:
                gone = Side(f"{side.where} {name}", parameter, {})
                yield from self._unless_ended(gone, "removed")
            else:
                schemas = parameter["schema"], new[name]["schema"]
                yield from self._schema(Side(f"{side.where} {name}", *schemas, taken_in=True))
        for name, parameter in new.items():
            was = old.get(name, {}).get("required", False)
            if parameter.get("required") and not was:
                yield side.broke(f"{name} is required now")

    def _body(self, side: Side) -> Iterator[Break]:
        old, new = side.old.get("requestBody"), side.new.get("requestBody")
        if new and new.get("required") and not (old or {}).get("required"):
            yield side.broke("a body is required now")
        if old and not new:
            yield side.broke("takes no body any more")
        if old and new:
            yield from self._contents(Side(f"{side.where} body", old, new, taken_in=True))

    def _answers(self, side: Side) -> Iterator[Break]:
        for code, old in side.old["responses"].items():
            new = side.new["responses"].get(code)
            if new is None and code.startswith(GOOD):
                yield side.broke(f"does not answer {code} any more")
            elif new is not None:
                answers = self._resolved(self.old, old), self._resolved(self.new, new)
                yield from self._contents(Side(f"{side.where} {code}", *answers))

    def _contents(self, side: Side) -> Iterator[Break]:
        new = side.new.get("content", {})
        for media_type, content in side.old.get("content", {}).items():
            if media_type not in new:
                yield side.broke(f"{media_type} is gone")
            elif "schema" in content:
                schemas = content["schema"], new[media_type].get("schema", {})
                yield from self._schema(side.at(media_type, *schemas))

    def _message(self, side: Side) -> Iterator[Break]:
        if not side.new:
            yield from self._unless_ended(side, "removed")
            return
        bodies = side.old["post"]["requestBody"], side.new["post"]["requestBody"]
        yield from self._contents(side.at("body", *bodies))

    def _schema(self, side: Side) -> Iterator[Break]:
        pair = str(side.old.get("$ref")), str(side.new.get("$ref")), side.taken_in
        if "$ref" in side.old and pair in self._seen:
            return
        self._seen.add(pair)
        old, new = self._resolved(self.old, side.old), self._resolved(self.new, side.new)
        side = Side(side.where, old, new, side.taken_in)
        yield from self._words(side)
        yield from self._choices(side)
        yield from self._properties(side)
        if "items" in old:
            yield from self._schema(side.at("[]", old["items"], new.get("items", {})))

    def _words(self, side: Side) -> Iterator[Break]:
        old, new = side.old, side.new
        for word in OWN_WORDS:
            if _differs(old.get(word), new.get(word), word, taken_in=side.taken_in):
                yield side.broke(f"{word} {old.get(word)!r} is {new.get(word)!r}")
        if "enum" in old and (lost := set(old["enum"]) - set(new.get("enum", old["enum"]))):
            yield side.broke(f"values are gone: {', '.join(map(str, sorted(lost)))}")
        if side.taken_in:
            yield from _narrower(side)

    def _choices(self, side: Side) -> Iterator[Break]:
        """Compare what may be one of several: none may go from questions, nor come to answers."""
        old, new = side.old.get("anyOf"), side.new.get("anyOf")
        if old is None and new is None:
            return
        before, after = old or [side.old], new or [side.new]
        had, more = (before, after) if side.taken_in else (after, before)
        lost = [one for one in had if one not in more]
        known = {_kind(one) for one in more}
        if any(_kind(one) not in known for one in lost):
            yield side.broke("may be null now" if _null(lost) else "is of other types than it was")
        for one in before:
            for other in (it for it in after if _kind(it) == _kind(one)):
                yield from self._schema(side.at("", one, other))

    def _properties(self, side: Side) -> Iterator[Break]:
        old, new = side.old.get("properties", {}), side.new.get("properties", {})
        for name, property_ in old.items():
            if name in new:
                yield from self._schema(side.at(f".{name}", property_, new[name]))
            else:
                gone = Side(f"{side.where} .{name}", property_, {})
                yield from self._unless_ended(gone, "removed")
        was, is_ = set(side.old.get("required", ())), set(side.new.get("required", ()))
        for name in sorted((is_ - was) if side.taken_in else (was - is_) & new.keys()):
            yield side.broke(f".{name} is {'required' if side.taken_in else 'optional'} now")

    def _resolved(self, description: Part, part: Part) -> Part:
        reference = part.get("$ref")
        if reference is None:
            return part
        found: Any = description
        for name in reference.removeprefix("#/").split("/"):
            found = found[name]
        return self._resolved(description, found)


def breaks(old: Part, new: Part, *, today: date) -> list[Break]:
    """Give what a later description takes from who holds the earlier one; nothing where it adds."""
    return list(Comparison(old, new, today=today).breaks())


def _named(operation: Part) -> dict[str, Part]:
    return {one["name"]: one for one in operation.get("parameters", ())}


def _kind(schema: Part) -> str:
    return str(schema.get("$ref") or (schema.get("type"), schema.get("format")))


def _null(schemas: list[Part]) -> bool:
    return any(one.get("type") == "null" for one in schemas)


def _differs(old: object, new: object, word: str, *, taken_in: bool) -> bool:
    """Whether a word that stands for itself is another: of questions it may be left out."""
    if old == new or (word == "pattern" and taken_in and _takes_more(old, new)):
        return False
    if taken_in:
        return new is not None
    return old is not None and word != "pattern"


def _takes_more(old: object, new: object) -> bool:
    """Whether both are patterns of words with commas between, and the later has all words of it."""
    before, after = (_WORDS.fullmatch(one) if isinstance(one, str) else None for one in (old, new))
    if before is None or after is None or before["sign"] != after["sign"]:
        return False
    words, more = (str(one["words"]).split("|") for one in (before, after))
    return frozenset(words) <= frozenset(more)


def _narrower(side: Side) -> Iterator[Break]:
    """Compare bounds of what is taken in: none may come, nor come closer."""
    for words, closer in ((SMALLEST, 1), (LARGEST, -1)):
        for word in words:
            old, new = side.old.get(word), side.new.get(word)
            if new is not None and (old is None or (new - old) * closer > 0):
                yield side.broke(f"{word} {old} is {new}")
    if "enum" in side.new and "enum" not in side.old:
        yield side.broke("only some values are taken now")
