"""Tables in markdown."""

from collections.abc import Iterable, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Lay rows out as a markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(_cell(value) for value in line) + " |" for line in lines)


def _cell(value: object) -> str:
    return " ".join(str(value).split()).replace("|", "\\|")


def listed(values: Iterable[object]) -> str:
    """List code words in one line."""
    return ", ".join(f"`{value}`" for value in values)


def page(title: str, *parts: str) -> str:
    """Put a page together; a blank line stands between its parts."""
    return "\n\n".join((f"# {title}", *parts))


def section(title: str, *parts: str) -> str:
    """Put a section of a page together."""
    return "\n\n".join((f"## {title}", *parts))
