"""Pages whose tables are components: what these are handed, as tables beside the visible ones."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from lxml.html import HtmlElement

from catalog.reading import fold
from spiders.embedded import (
    Component,
    astro_island,
    cell,
    grid,
    grouped_rows,
    jsx_component,
    mend_cut_components,
)
from spiders.exact_json import Json
from spiders.grid import Block, Grid
from spiders.literals import Call
from spiders.page import Page, changed

CUT = "CutComponent"
"""The name of a component of which the page has lost the beginning; its table has no headings."""
_DATA = frozenset({"rows", "groups", "rest"})


@dataclass(frozen=True, kw_only=True)
class ComponentTables:
    """The components that hold tables, and what their properties mean.

    A table's rows are in ``rows``, or in ``groups`` of a ``model`` and its ``rows``; its columns
    are its ``headings``, unless declared. Labels: ``tier`` and ``note`` as handed, and ``pane``.
    """

    names: tuple[str, ...]
    """The components that are tables; any other one with rows is refused."""
    columns: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """The columns of components that are handed no headings."""
    may_lack: str = ""
    """The declared column whose cell a row may leave out."""
    known: frozenset[str] = frozenset()
    """Further properties; unknown ones that hold lists or objects are refused."""
    note: str = ""
    """The property that holds the footnote."""
    calls: Mapping[str, Call] = field(default_factory=dict)
    """The functions that JSX calls in properties."""
    wrapped: Callable[[Json], Json] = lambda value: value
    """Takes one of the page's own wrappers off a value."""

    def jsx(self, source: str) -> Sequence[Grid]:
        """Read one tag of markdown; those of plain HTML hold no table."""
        component = jsx_component(source, self.calls)
        return self.grids(component) if component.name[0].isupper() else ()

    def mended(self, page: Page) -> Page:
        """Give a markdown page with its cut components made whole; all must read to their end."""
        mended = mend_cut_components(page.text, CUT)
        whole = page if mended == page.text else replace(page, text=mended)
        begun = len(re.findall(rf"<(?:{'|'.join((*self.names, CUT))})\b", whole.text))
        if begun != len(whole.grids):
            raise changed(f"{begun} tables begin, and {len(whole.grids)} read to their end")
        return whole

    def beside_visible(self, page: Page, part: str) -> Page:
        """Give an HTML page where after each visible table comes what its component holds."""
        (read,) = page.tree.cssselect(part)
        behind = self._islands(read)
        if len(behind) != len(page.grids):
            raise changed(f"{len(behind)} tables are in the HTML, {len(page.grids)} were read")
        return page.with_blocks(tuple(self._with_held(page, iter(behind))))

    def grids(self, component: Component) -> Sequence[Grid]:
        """Make the table of one component; a component without rows makes none."""
        if component.name not in (*self.names, CUT):
            if not _DATA & set(component.props):
                return ()
            raise changed(f"the component {component.name!r} holds rows; declare what they are")
        self._refuse_unknown(component)
        columns, rows = self._columns_and_rows(component)
        labels = {
            "tier": self._text(component.props.get("tier")),
            "note": self._text(component.props.get(self.note)),
        }
        made = grid(columns, rows, component.name)
        return (replace(made, labels={**labels, **component.labels}),)

    def _with_held(self, page: Page, behind: Iterator[Sequence[Component]]) -> Iterator[Block]:
        for block in page.blocks:
            yield block
            if isinstance(block, Grid):
                held = (made for component in next(behind) for made in self.grids(component))
                yield from (replace(h, locator=f"{h.locator} of {block.locator}") for h in held)

    def _islands(self, read: HtmlElement) -> list[Sequence[Component]]:
        """Give for each table the component around it, at its first table."""
        behind: list[Sequence[Component]] = []
        seen = set()
        for table in read.iter("table"):
            island = next(table.iterancestors("astro-island"), None)
            new = island is not None and island not in seen
            behind.append([astro_island(island)] if new else [])
            seen.add(island)
        hidden = (i for i in read.iter("astro-island") if i not in seen)
        if lost := [i.get("component-export") for i in hidden if self.grids(astro_island(i))]:
            raise changed(f"{', '.join(lost)} holds rows and shows no table")
        return behind

    def _refuse_unknown(self, component: Component) -> None:
        known = {*_DATA, *self.known, "tier", "headings", self.note}
        for name, value in component.props.items():
            if name not in known and isinstance(value, list | dict) and value:
                raise changed(f"{component.name} has the unknown data {name!r}; declare what it is")

    def _columns_and_rows(self, component: Component) -> tuple[Sequence[str], list[Json]]:
        props = {name: self._unwrapped(value) for name, value in component.props.items()}
        if component.name == CUT:
            rows = _cut_rows(props["rest"])
            return [""] * len(rows[0]), list(rows)
        if columns := self.columns.get(component.name):
            return columns, [self._filled(columns, row) for row in _rows(props.get("rows"))]
        headings = [self._text(heading) for heading in _items(props.get("headings"))]
        if "groups" in props:
            return headings, grouped_rows(props["groups"], "model")
        return headings, list(_rows(props.get("rows")))

    def _filled(self, columns: Sequence[str], row: Sequence[Json]) -> Json:
        lacks = len(row) == len(columns) - 1 and self.may_lack in columns
        place = columns.index(self.may_lack) if lacks else 0
        return [*row[:place], None, *row[place:]] if lacks else row

    def _unwrapped(self, value: Json) -> Json:
        bare = self.wrapped(value)
        if isinstance(bare, Mapping):
            return {name: self._unwrapped(inner) for name, inner in bare.items()}
        return [self._unwrapped(inner) for inner in bare] if isinstance(bare, list) else bare

    def _text(self, value: Json) -> str:
        words = self._unwrapped(value)
        return fold(cell(words).text) if isinstance(words, str) else ""


def _cut_rows(rest: Json) -> list[Sequence[Json]]:
    """Give the rows that are left: first those of the group whose name is lost."""
    left = [value for level in _items(rest) for value in _items(level)]
    unnamed = [row for row in left if isinstance(row, list)]
    groups = [group for group in left if isinstance(group, dict)]
    if len(unnamed) + len(groups) != len(left) or not groups:
        raise changed(f"what is left of a cut table is neither rows nor groups: {str(left)[:80]}")
    return list(_rows(grouped_rows([{"model": "", "rows": unnamed}, *groups], "model")))


def _items(value: Json) -> Sequence[Json]:
    if not isinstance(value, list):
        raise changed(f"a component has {str(value)[:60]!r} where a list is expected")
    return value


def _rows(value: Json) -> Iterator[Sequence[Json]]:
    yield from (_items(row) for row in _items(value))
