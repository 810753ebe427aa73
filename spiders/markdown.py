"""Markdown as documentation sites serve it (front matter, JSX components) rendered to HTML."""

import re
from collections.abc import Iterator
from itertools import pairwise

from lxml.html import HtmlElement
from markdown_it import MarkdownIt
from markdown_it.common.utils import isStrSpace
from markdown_it.rules_block.table import escapedSplit
from markdown_it.token import Token

_FRONT_MATTER = re.compile(r"\A---\n(?:[\w-]+:.*\n|[ \t]+.*\n)+---\n")
_LONE_TAG = re.compile(
    r"^[ \t]*(</?(?:[A-Z][\w.]*|div|section|details|article)(?:\s[^<>\n]*)?/?>)[ \t]*$",
    re.MULTILINE,
)
_FENCE = re.compile(r"^[ \t]*(```|~~~)[^\n]*\n.*?^[ \t]*\1[ \t]*$", re.MULTILINE | re.DOTALL)
_COMPONENT = re.compile(r"<([A-Za-z][\w.]*)(?=\s)")
_BRACED = re.compile(
    r"(?P<tag><[a-z]\w*[^<>{}]*?)\s+[\w-]+=\{(?:[^{}<>]|\{[^{}<>]*\})*\}(?=[^<>{}]*>)"
)
"""A tag with a JSX attribute, ``<div style={{…}}>``, which is no HTML until that is gone."""
_NOTE_BELOW = re.compile(
    r"(?P<row>^[ \t]*\|.*\|[ \t]*)\n(?=[ \t]*(?:[†‡§¹²³]|\\?\*)[^|\n]*$)", re.MULTILINE
)
"""A footnote right below a table; without a blank line it would be a row of it."""
_HEX = re.compile(r"(?:[0-9a-f]{2})+")
_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""Characters that no element may hold."""
_ROW = r"^\|[^\n]*\|[ \t]*$"
_FLATTENED = re.compile(
    rf"(?P<over>{_ROW})\n^\|[ \t:|-]+$\n(?P<under>{_ROW})\n(?=(?P<body>{_ROW}))", re.MULTILINE
)
"""A table whose rule stands below the first of its two rows of headings."""
_QUOTES = "\"'`"
COMPONENT_TAG = "jsx-component"
"""The element that stands where a component with JSX data was; its text is the component."""

# Indented code does not exist in MDX, and sites indent their tables inside components.
_MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
_MARKDOWN.disable("code")


def to_html(text: str) -> str:
    """Render a page; each table row that was written short says how many cells it has."""
    joined = _FLATTENED.sub(_joined_headings, _FRONT_MATTER.sub("", text))
    lifted = _BRACED.sub(r"\g<tag>", _lift_components(joined))
    spaced = _outside_fences(_NOTE_BELOW.sub(r"\g<row>\n\n", lifted))
    tokens = _MARKDOWN.parse(spaced)
    _mark_short_rows(tokens, spaced.split("\n"))
    rendered: str = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    return f"<html><body>{rendered}</body></html>"


def _joined_headings(table: re.Match[str]) -> str:
    """Join headings over several columns with those below them, where readers wrote too few.

    The last ones must each stand over the same headings, as many as the rows below have cells for.
    """
    over, under, body = (_split_row(table[name]) for name in ("over", "under", "body"))
    groups = len(over) + len(under) - len(body)
    if not 1 < groups < len(over) or len(under) % groups:
        return table.group()
    each = len(under) // groups
    if under != under[:each] * groups:
        return table.group()
    joined = [f"{group} / {name}" for group in over[-groups:] for name in under[:each]]
    columns = [*over[:-groups], *joined]
    return f"| {' | '.join(columns)} |\n{'|---' * len(columns)}|\n"


def _split_row(line: str) -> list[str]:
    """Give the cells of a row that begins and ends with a bar."""
    return [cell.strip() for cell in escapedSplit(line.strip())[1:-1]]


def _outside_fences(text: str) -> str:
    """Put blank lines around lone tags, so that what stands inside them is still markdown."""
    parts: list[str] = []
    end = 0
    for fence in _FENCE.finditer(text):
        parts += [_LONE_TAG.sub(r"\n\1\n", text[end : fence.start()]), fence.group()]
        end = fence.end()
    return "".join([*parts, _LONE_TAG.sub(r"\n\1\n", text[end:])])


def _lift_components(text: str) -> str:
    """Replace each self-closing tag that holds JSX data by an element with its source in hex.

    Nothing in that is markdown.
    """
    parts: list[str] = []
    end = 0
    for start, stop in _components(text):
        source = text[start:stop].encode().hex()
        parts += [text[end:start], f"\n\n<{COMPONENT_TAG}>{source}</{COMPONENT_TAG}>\n\n"]
        end = stop
    return "".join([*parts, text[end:]])


def unveil_components(tree: HtmlElement) -> None:
    """Give the elements that stand for components their source as text."""
    for element in tree.iter(COMPONENT_TAG):
        if _HEX.fullmatch(element.text or ""):
            source = bytes.fromhex(element.text).decode(errors="replace")
            element.text = _NO_TEXT.sub("\ufffd", source)


def _components(text: str) -> Iterator[tuple[int, int]]:
    position = 0
    while match := _COMPONENT.search(text, position):
        position = match.end()
        stop = _end_of_tag(text, match.end())
        if stop and text[stop - 2] == "/" and "={" in text[match.start() : stop]:
            yield match.start(), stop
            position = stop


def _end_of_tag(text: str, position: int) -> int | None:
    """Find the end of a tag whose attributes may hold braces and strings."""
    depth = 0
    while position < len(text):
        character = text[position]
        if character in _QUOTES:
            closing = text.find(character, position + 1)
            if closing < 0:
                return None
            position = closing
        depth += (character == "{") - (character == "}")
        if character in "<>" and depth == 0:
            return position + 1 if character == ">" else None
        position += 1
    return None


def _mark_short_rows(tokens: list[Token], lines: list[str]) -> None:
    width = 0
    for row, first_cell in pairwise(tokens):
        if row.type != "tr_open" or row.map is None:
            continue
        written = _cells_in(lines[row.map[0]])
        width = written if first_cell.type == "th_open" else width
        if written < width:
            row.attrSet("data-cells", str(written))


def _cells_in(line: str) -> int:
    cells = escapedSplit(line.strip())
    first_is_edge = bool(cells) and not cells[0].strip(" \t")
    last_is_edge = len(cells) > 1 and all(isStrSpace(c) for c in cells[-1])
    return len(cells) - first_is_edge - last_is_edge
