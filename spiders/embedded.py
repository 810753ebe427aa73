"""Data that pages carry inside their markup: component props, page state, streamed payloads.

Everything is found in a page's text and read exactly (decimals, never floats). What a page holds
in a form that is not known here is refused by name, never skipped.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from lxml.html import HtmlElement, document_fromstring, fragment_fromstring

from catalog.money import plain
from catalog.reading import NotRead
from catalog.vocabulary import Outcome
from spiders.exact_json import SCALAR, Json, objects, parse_json
from spiders.grid import Cell, Grid
from spiders.html_words import words
from spiders.literals import Call, LiteralReader
from spiders.page import Page

_SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script>", re.DOTALL | re.IGNORECASE)
_PUSH = re.compile(r'self\.__next_f\.push\(\[1,\s*("(?:[^"\\]|\\.)*")\s*\]\)', re.DOTALL)
_RSC_ROW = re.compile(rb"([0-9a-f]*):(T[0-9a-f]+,|[A-Z][A-Z]?(?=[\[{\":])|)")
_ATTRIBUTE = re.compile(r"[A-Za-z_][\w:.-]*")
_TAG_NAME = re.compile(r"<([A-Za-z][\w.]*)")
_VALUE, _ARRAY, _DATE, _URL = Decimal(0), Decimal(1), Decimal(3), Decimal(7)
_CUT_STRING = re.compile(r"[\"'`]\s*(?=[)\],])")
_CUT_END = re.compile(r"[\])}]\s*\}\s*/>")


class Markup(str):
    """Text of a page's data that is HTML; read as a cell, its visible words count."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Component:
    """One component of a page and what the page hands it."""

    name: str
    props: Mapping[str, Json]
    labels: Mapping[str, str] = field(default_factory=dict)
    """What stands around it: {"pane": "batch"}, the nearest tab panel's value."""


def state_of(text: str, marker: str) -> Json:
    """Read the one JSON script whose opening tag holds the marker: ``id="__NEXT_DATA__"``."""
    found = [body for opening, body in _SCRIPT.findall(text) if marker in opening]
    if len(found) != 1:
        raise _changed(f"{len(found)} scripts hold {marker!r}, where one is expected")
    return parse_json(found[0])


def next_data(text: str) -> Json:
    """Read the state of a Next.js page with a pages router."""
    return state_of(text, 'id="__NEXT_DATA__"')


def json_scripts(text: str) -> tuple[Json, ...]:
    """Read every script of the type application/json, in the page's order."""
    return tuple(
        parse_json(body) for opening, body in _SCRIPT.findall(text) if "application/json" in opening
    )


def streamed(text: str) -> Mapping[str, Json]:
    """Read the rows that a Next.js page with an app router streams, by their id.

    ``$$`` at a string's start is ``$`` again and ``$undefined`` is none; references to other rows
    (``$L1f``, ``$17:props:messages``) stay as they are. Rows of code and hints are left out.
    """
    chunks = [parse_json(chunk) for chunk in _PUSH.findall(text)]
    if not chunks:
        raise _changed("no self.__next_f.push([1, …]) is in the page")
    payload = "".join(str(chunk) for chunk in chunks).encode()
    return {key: row for key, row in _rsc_rows(payload) if key}


def streamed_object(what: str, *fields: str) -> Callable[[Page], Json]:
    """Find the one object with these fields that a page streams; more or none are refused."""

    def find(page: Page) -> Json:
        found = list(objects(list(streamed(page.text).values()), *fields))
        if len(found) != 1:
            raise _changed(f"the page streams {len(found)} {what}s; 1 was expected")
        return found[0]

    return find


def _rsc_rows(payload: bytes) -> Iterator[tuple[str, Json]]:
    at = 0
    while at < len(payload):
        head = _RSC_ROW.match(payload, at)
        if head is None:
            raise _changed(f"a streamed row begins with {payload[at : at + 40]!r}")
        tag = head[2].decode()
        if tag.startswith("T"):
            at = head.end() + int(tag[1:-1], 16)
            yield head[1].decode(), payload[head.end() : at].decode()
            continue
        stop = payload.find(b"\n", head.end())
        at = len(payload) if stop < 0 else stop + 1
        if not tag:
            row = payload[head.end() : at].decode()
            yield head[1].decode(), _unescaped(parse_json(row))


def _unescaped(value: Json) -> Json:
    if isinstance(value, str):
        return _unescaped_text(value)
    if isinstance(value, SCALAR):
        return value
    if isinstance(value, Mapping):
        return {name: _unescaped(inner) for name, inner in value.items()}
    return [_unescaped(inner) for inner in value]


def _unescaped_text(text: str) -> Json:
    if text == "$undefined":
        return None
    return text[1:] if text.startswith("$$") else text


def astro_islands(page: HtmlElement | str) -> tuple[Component, ...]:
    """Read every astro-island of a page (or of a part of it), in order, with its tab panel."""
    root = document_fromstring(page) if isinstance(page, str) else page
    return tuple(astro_island(element) for element in root.iter("astro-island"))


def astro_island(element: HtmlElement) -> Component:
    """Read one astro-island: its name and its props, Astro's type tags taken off."""
    props = parse_json(element.get("props", "{}"))
    if not isinstance(props, Mapping):
        raise _changed("the props of an astro-island are no object")
    panes = (a.get("data-value", "") for a in element.iterancestors() if a.get("data-value"))
    pane = next(panes, "")
    read = {name: _untagged(tagged) for name, tagged in props.items()}
    return Component(_island_name(element), read, {"pane": pane} if pane else {})


def _island_name(element: HtmlElement) -> str:
    exported: str = element.get("component-export", "default")
    if exported != "default":
        return exported
    file: str = element.get("component-url", "").rsplit("/", 1)[-1]
    return file.split(".", 1)[0]


def _untagged(tagged: Json) -> Json:
    """Take off Astro's tags: [0, value] is a value or an object, [1, list] a list."""
    match tagged:
        case [tag]:
            value: Json = None
        case [tag, value]:
            pass
        case _:
            raise _changed(f"an astro-island's props hold {str(tagged)[:60]!r} without a type tag")
    if tag == _ARRAY and isinstance(value, Sequence):
        return [_untagged(inner) for inner in value]
    if tag == _VALUE and isinstance(value, Mapping):
        return {name: _untagged(inner) for name, inner in value.items()}
    if tag in (_VALUE, _DATE, _URL):
        return value
    raise _changed(f"an astro-island's props hold a value of the unknown type {tag}")


def jsx_component(source: str, calls: Mapping[str, Call] | None = None) -> Component:
    """Read the source of one JSX tag, ``<Table rows={[…]} />``, its literals and known calls."""
    reader = LiteralReader(source.strip(), calls=calls or {})
    name = _TAG_NAME.match(reader.text)
    if name is None:
        raise _changed(f"{source[:60]!r} is no component")
    reader.at = name.end()
    props: dict[str, Json] = {}
    while not (reader.take("/>") or reader.take(">")):
        _read_attribute(reader, props)
    return Component(name[1], props)


def _read_attribute(reader: LiteralReader, props: dict[str, Json]) -> None:
    found = _ATTRIBUTE.match(reader.text, reader.at)
    if found is None or found[0] in props:
        reader.refuse("an attribute is expected that was not there before")
    reader.at = found.end()
    props[found[0]] = _attribute_value(reader) if reader.take("=") else True


def _attribute_value(reader: LiteralReader) -> Json:
    if not reader.take("{"):
        return reader.value()
    value = reader.value()
    reader.expect("}")
    return value


def compiled_components(
    text: str, name: str, calls: Mapping[str, Call] | None = None
) -> tuple[Component, ...]:
    """Read the props of each ``_jsx(Name, {…})`` of compiled page code, in order."""
    found = []
    for call in re.finditer(rf"_jsxs?\({re.escape(name)},\s*(?=\{{)", text):
        props = LiteralReader(text, call.end(), calls=calls or {}).value()
        if isinstance(props, Mapping):
            found.append(Component(name, props))
    return tuple(found)


def mend_cut_components(text: str, name: str = "CutComponent") -> str:
    """Make whole again what a mirror cut off of JSX components whose data holds ``<br />``.

    Such a page keeps only what follows the first ``/>`` inside the component: the end of a text,
    the rest of the arrays around it, and ``/>``. The rest becomes ``<name rest={[…]} />``: a list
    of what was left of each array or object that had been open, the innermost first.
    """
    parts = []
    end = 0
    for start, stop in _cut_components(text):
        parts += [text[end:start], f"\n<{name} rest={{{_rest(text[start:stop])}}} />\n"]
        end = stop
    return "".join([*parts, text[end:]])


def _cut_components(text: str) -> Iterator[tuple[int, int]]:
    whole = list(_whole_tags(text))
    for ending in _CUT_END.finditer(text):
        if any(start <= ending.start() < stop for start, stop in whole):
            continue
        before = max((stop for _, stop in whole if stop <= ending.start()), default=0)
        yield _start_of_cut(text, before, ending.end()), ending.end()


def _whole_tags(text: str) -> Iterator[tuple[int, int]]:
    """Find the tags that hold data in braces and have both their ends."""
    at = 0
    while found := _TAG_NAME.search(text, at):
        stop = _end_of_tag(text, found.end())
        at = stop or found.end()
        if stop and "={" in text[found.start() : stop]:
            yield found.start(), stop


def _end_of_tag(text: str, at: int) -> int | None:
    reader = LiteralReader(text, at, calls=_AnyCall())
    try:
        while not (reader.take("/>") or reader.take(">")):
            _read_attribute(reader, {})
    except NotRead:
        return None
    return reader.at


class _AnyCall(dict[str, Call]):
    """Stands for every function: only where a tag ends is asked."""

    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> Call:
        return lambda *_: None


def _start_of_cut(text: str, start: int, stop: int) -> int:
    """Find where the cut text ends: the first quote from which the rest reads to its end."""
    for quote in _CUT_STRING.finditer(text, start, stop):
        try:
            _levels(text[quote.end() : stop])
        except NotRead:
            continue
        return quote.end()
    raise _changed(f"a component has no beginning: {text[max(start, stop - 60) : stop]!r}")


def _rest(source: str) -> str:
    return "[" + ",".join(f"[{','.join(level)}]" for level in _levels(source)) + "]"


def _levels(source: str) -> list[list[str]]:
    """Give the sources of the values that each closing bracket without an opening one ends."""
    reader = LiteralReader(source, calls=_AnyCall())
    levels: list[list[str]] = [[]]
    while not reader.take("/>"):
        if any(reader.take(closing) for closing in ")]}"):
            levels.append([])
        elif not reader.take(","):
            reader.skip_blank()
            start = reader.at
            reader.value()
            levels[-1].append(source[start : reader.at])
    return levels


def cell(value: Json) -> Cell:
    """Make a table's cell of a value of a page's data: numbers as printed, markup as its words."""
    match value:
        case Markup():
            return words(fragment_fromstring(value, create_parent="div"))
        case str():
            return Cell(value)
        case bool():
            return Cell("true" if value else "false")
        case Decimal():
            return Cell(plain(value))
        case None:
            return Cell("")
        case _:
            raise _changed(f"a table's cell holds {str(value)[:60]!r}, which is no text or number")


def grid(columns: Sequence[str], rows: Json, locator: str, **labels: str) -> Grid:
    """Make a grid of a list of rows; each row must have a value for each column."""
    return Grid((), tuple(columns), tuple(_cells(columns, rows)), locator, labels)


def grouped_rows(groups: Json, label: str, rows: str = "rows") -> list[Json]:
    """Put each group's label in front of each of its rows."""
    return [
        [_member(group, label), *_list(row)]
        for group in _list(groups)
        for row in _list(_member(group, rows))
    ]


def _cells(columns: Sequence[str], rows: Json) -> Iterator[tuple[Cell, ...]]:
    for row in _list(rows):
        values = _list(row)
        if len(values) != len(columns):
            raise _changed(
                f"a row has {len(values)} values where {len(columns)} columns are known"
                f" ({', '.join(columns)}): {str(row)[:80]}"
            )
        yield tuple(cell(value) for value in values)


def _list(value: Json) -> Sequence[Json]:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return value
    raise _changed(f"a list is expected where the page has {str(value)[:60]!r}")


def _member(value: Json, name: str) -> Json:
    if isinstance(value, Mapping) and name in value:
        return value[name]
    raise _changed(f"an object with {name!r} is expected where the page has {str(value)[:60]!r}")


def _changed(what: str) -> NotRead:
    return NotRead(Outcome.PAGE_CHANGED, what)
