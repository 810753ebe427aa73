"""The words of an HTML element as a person sees them."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from lxml.html import HtmlElement

from catalog.reading import fold
from spiders.grid import Cell

INVISIBLE = {"script", "style", "template", "noscript", "svg", "head", "colgroup", "iframe"}
BREAKING = {
    *[
        "address",
        "article",
        "aside",
        "blockquote",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figure",
        "footer",
        "form",
    ],
    *[
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tr",
        "ul",
    ],
    *[
        "td",
        "th",
        "label",
        "button",
        "option",
        "tab",
        "tabs",
        "accordion",
        "note",
        "tip",
        "warning",
        "info",
    ],
}
_STRIKE = "line-through"
_STRUCK = {"s", "del", "strike"}
_BREAKING_LINES = {*BREAKING, "br"}
_FOOTNOTE = re.compile(r"[\s()\[\]{}*†‡§¶#,\d⁰¹²³⁴-⁹①-⑳注]+")
_BREAK = "\x1e"


def words(element: HtmlElement) -> Cell:
    """Give an element's visible words, without footnote marks, and apart what is struck."""
    text: list[str] = []
    struck: list[str] = []
    _collect(element, text, struck)
    return Cell(_lines(text), _lines(struck) if struck else "")


def _collect(element: HtmlElement, text: list[str], struck: list[str]) -> None:
    text.append(element.text or "")
    for child in element:
        if is_text(child):
            into = struck if is_struck(child) else text
            edge = _BREAK if child.tag in _BREAKING_LINES else ""
            into.append(edge)
            _collect(child, into, struck)
            into.append(edge)
        text.append(child.tail or "")


def is_text(element: HtmlElement) -> bool:
    """Tell whether a person sees an element's words, and they are no footnote's mark."""
    tag = element.tag
    if not isinstance(tag, str) or tag in INVISIBLE:
        return False
    return not (tag == "sup" and _FOOTNOTE.fullmatch(element.text_content()))


def is_struck(element: HtmlElement) -> bool:
    """Tell whether an element's words are struck through."""
    if element.tag in _STRUCK:
        return True
    style, classes = element.get("style"), element.get("class")
    return bool((style and _STRIKE in style) or (classes and _STRIKE in classes))


def _lines(parts: Sequence[str]) -> str:
    """Fold white space within lines; source line breaks are white space, <br> is a line."""
    lines = (fold(line) for line in "".join(parts).split(_BREAK) if line)
    return "\n".join(line for line in lines if line)


def joined(levels: Iterator[str]) -> str:
    """Join a heading's levels, each said once."""
    return " / ".join(text for text, _ in groupby(fold(level) for level in levels) if text)
