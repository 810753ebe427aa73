"""HTML as browsers mend it, where the parser does not."""

import re
from collections import Counter

_TAG = re.compile(
    r"<!--.*?-->|<(?P<raw>script|style|template)\b.*?</(?P=raw)\s*>"
    r"|<(?P<end>/?)(?P<tag>table|caption|thead|tbody|tfoot|tr|td|th)\b",
    re.DOTALL | re.IGNORECASE,
)
_TABLE = re.compile(r"<(/?)[tT][aA][bB][lL][eE]")
_CELLS = ("td", "th", "caption")


def close_tables(html: str) -> str:
    """End a table that was left open where the next one begins outside its cells."""
    ends = Counter(_TABLE.findall(html))
    return html if ends[""] == ends["/"] else "".join(_closed(html))


def _closed(html: str) -> list[str]:
    parts: list[str] = []
    done = 0
    in_cell: list[bool] = []
    for tag in _TAG.finditer(html):
        name = (tag["tag"] or "").lower()
        starts = not tag["end"]
        if name == "table" and starts and in_cell and not in_cell[-1]:
            parts += [html[done : tag.start()], "</table>"]
            done = tag.start()
        elif name == "table" and starts:
            in_cell.append(False)
        elif name == "table" and in_cell:
            in_cell.pop()
        elif name and in_cell:
            in_cell[-1] = starts and name in _CELLS
    return [*parts, html[done:]]
