"""A page as fetched: its decoded text, what it is, and its tables and prose in order."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from typing import Self

import lxml.etree
import lxml.html
from lxml.html import HtmlElement

from catalog.reading import NotRead
from catalog.vocabulary import Outcome
from spiders import html_grids, markdown
from spiders.envelope import opened
from spiders.exact_json import Json, parse_json, parse_json_lines
from spiders.grid import Block, Grid, Prose
from spiders.html_grids import JsxReader
from spiders.html_layouts import Layout
from spiders.html_repair import close_tables


class Kind(StrEnum):
    """What a page's bytes are."""

    HTML = "html"
    MARKDOWN = "markdown"
    JSON = "json"
    XML = "xml"
    CSV = "csv"


_CHARSET = re.compile(rb"""charset=["']?\s*([\w-]+)""", re.IGNORECASE)
_HTML = re.compile(
    r"<(!doctype html|html|head|body|main|div|table|section|article)\b", re.IGNORECASE
)
_TABLE_RULE = re.compile(r"^[ \t]*(?:\|[ \t]*)?:?-{3,}:?[ \t]*\|", re.MULTILINE)
_CSV = re.compile(r"[^\n|#<{]*,[^\n|#<{]*\n[^\n]*,")
_XML = re.compile(r"<\?xml\b[^>]*\?>\s*")
_HTML_PARSER = lxml.html.HTMLParser(huge_tree=True, remove_comments=True, remove_pis=True)


@dataclass(frozen=True)
class Shape:
    """How a form asks for its blocks: the part read, cards, JSX components."""

    part: str | None = None
    """A CSS selector of the one element that is read; none is the whole page."""
    cards: tuple[Layout, ...] = ()
    jsx: JsxReader | None = None
    sections: bool = False
    """Whether headings hold to the end of their <section>, whatever their levels."""


@dataclass(frozen=True)
class Page:
    """One page; its tree and blocks are made when they are first asked for."""

    text: str
    """Decoded; line ends are \\n; byte order mark and NULs are gone."""
    shape: Shape = field(default_factory=Shape)
    kind_hint: Kind | None = None

    @classmethod
    def of(cls, body: bytes, *, content_type: str | None = None) -> Self:
        """Decode a response's body; a collector's envelope around it is opened."""
        page = cls(_decoded(body, content_type))
        return page._without_envelope()

    def shaped(self, shape: Shape) -> Self:
        """Give the same page, its blocks made as a form asks for."""
        return self if shape == self.shape else self._alike(shape=shape)

    @cached_property
    def kind(self) -> Kind:
        """Tell what the bytes are, from the bytes."""
        return self.kind_hint or _sniffed(self.text)

    @cached_property
    def data(self) -> Json:
        """Read the JSON document, or JSON Lines as a list; numbers are integers and decimals."""
        return _json(self.text)

    @cached_property
    def tree(self) -> HtmlElement:
        """Parse the HTML, or the HTML that the markdown renders to."""
        if self.kind is not Kind.MARKDOWN:
            return _parsed(self.text)
        tree = _parsed(markdown.to_html(self.text))
        markdown.unveil_components(tree)
        return tree

    @cached_property
    def xml(self) -> lxml.etree._Element:
        """Parse the XML document, without network and without entities."""
        parser = lxml.etree.XMLParser(resolve_entities=False, no_network=True)
        try:
            return lxml.etree.fromstring(_XML.sub("", self.text).encode(), parser)
        except lxml.etree.XMLSyntaxError as problem:
            raise changed(f"the XML cannot be parsed: {problem}") from None

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """Give headings, prose and tables of the part that is read, in document order."""
        if self.kind not in (Kind.HTML, Kind.MARKDOWN):
            return ()
        shape = self.shape
        walked = html_grids.blocks(
            self._part, cards=shape.cards, jsx=shape.jsx, sections=shape.sections
        )
        return tuple(walked)

    @cached_property
    def grids(self) -> tuple[Grid, ...]:
        """Give the tables in document order."""
        return tuple(block for block in self.blocks if isinstance(block, Grid))

    @cached_property
    def prose(self) -> tuple[Prose, ...]:
        """Give headings and paragraphs in document order."""
        return tuple(block for block in self.blocks if isinstance(block, Prose))

    @cached_property
    def words(self) -> str:
        """Give all prose, a block a line."""
        return "\n".join(block.text for block in self.prose)

    @cached_property
    def headings(self) -> tuple[str, ...]:
        """Give the headings and tab labels, each once, in order."""
        every = (heading for block in self.blocks for heading in block.headings)
        return tuple(dict.fromkeys(every))

    def at(self, *path: str) -> Self:
        """Give the page that a JSON answer holds as a string under these keys."""
        inner = self.data
        for key in path:
            inner = inner.get(key) if isinstance(inner, Mapping) else None
        if not isinstance(inner, str):
            raise changed(f"the JSON holds no text at {'.'.join(path)}; look at its keys")
        return replace(self, text=inner, kind_hint=None)

    def with_grids(self, further: Sequence[Grid]) -> Self:
        """Give the same page with further tables after its own."""
        return self.with_blocks((*self.blocks, *further))

    def with_blocks(self, blocks: Sequence[Block]) -> Self:
        """Give the same page with other blocks: its own, put as the tables declare them."""
        page = self._alike(shape=self.shape)
        page.__dict__["blocks"] = tuple(blocks)
        return page

    def _alike(self, *, shape: Shape) -> Self:
        """Give the same page in another shape; what its text was parsed to is kept."""
        page = replace(self, shape=shape)
        parsed = (name for name in ("kind", "data", "tree", "xml") if name in self.__dict__)
        page.__dict__.update((name, self.__dict__[name]) for name in parsed)
        return page

    def _without_envelope(self) -> Self:
        if not self.text.startswith("{") or self.kind is not Kind.JSON:
            return self
        try:
            inner = opened(self.data)
        except NotRead:
            return self
        if inner is self.data:
            return self
        if isinstance(inner, str):
            return replace(self, text=inner)
        text = self.text if _is_part(inner, self.data) else f'{{"data": {self.text}}}'
        page = replace(self, text=text)
        page.__dict__["data"] = inner
        return page

    @property
    def _part(self) -> HtmlElement:
        if self.shape.part is None:
            return self.tree
        found = self.tree.cssselect(self.shape.part)
        if len(found) != 1:
            raise changed(f"{len(found)} elements match {self.shape.part!r}; 1 was expected")
        return found[0]


def _is_part(inner: Json, whole: Json) -> bool:
    """Tell whether an answer stands in its envelope as it is; then the text tells of both."""
    if not isinstance(inner, Mapping) or not isinstance(whole, Mapping):
        return False
    return all(whole.get(name) is value for name, value in inner.items())


def changed(detail: str) -> NotRead:
    """Make the refusal of a page that is not laid out as its reader knows it."""
    return NotRead(Outcome.PAGE_CHANGED, detail)


def _decoded(body: bytes, content_type: str | None) -> str:
    stripped = body.rstrip(b"\0").removeprefix(b"\xef\xbb\xbf")
    try:
        text = stripped.decode()
    except UnicodeDecodeError:
        text = _in_declared_charset(stripped, content_type)
    lines = text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
    return lines.replace("\0", "").strip("\ufeff \n\t")


def _in_declared_charset(body: bytes, content_type: str | None) -> str:
    declared = _CHARSET.search((content_type or "").encode()) or _CHARSET.search(body[:2048])
    try:
        return body.decode(declared[1].decode() if declared else "utf-8")
    except (UnicodeDecodeError, LookupError) as problem:
        raise changed(f"the body is no text in its character set: {problem}") from None


def _sniffed(text: str) -> Kind:
    if text[:1] in "{[" and _looks_like_json(text):
        return Kind.JSON
    if text.startswith("<?xml") and not _HTML.search(text[:500]):
        return Kind.XML
    if _HTML.match(text) and ("</html>" in text or not _has_table_rule(text)):
        return Kind.HTML
    return Kind.CSV if _CSV.match(text) else Kind.MARKDOWN


def _has_table_rule(text: str) -> bool:
    return "---" in text and bool(_TABLE_RULE.search(text))


def _looks_like_json(text: str) -> bool:
    return bool(re.match(r"""[{\[]\s*["{\[\]}\d-]""", text)) and not text.startswith("[![")


def _json(text: str) -> Json:
    first, _, rest = text.partition("\n")
    is_lines = first.startswith("{") and first.endswith("}") and rest.startswith("{")
    return parse_json_lines(text) if is_lines else parse_json(text)


def _parsed(text: str) -> HtmlElement:
    content = close_tables(_XML.sub("", text)) or "<html></html>"
    try:
        return lxml.html.document_fromstring(content, parser=_HTML_PARSER)
    except lxml.etree.ParserError as problem:
        raise changed(f"the HTML cannot be parsed: {problem}") from None
