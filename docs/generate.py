"""Writes the reference tables under docs/reference/ from the code; --check says whether they are.

Run as ``python docs/generate.py`` from the checkout.
"""

import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from catalog import vocabulary
from catalog.reading import PricePoint
from catalog.vocabulary import Word

REFERENCE = Path(__file__).parent / "reference"


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Lay rows out as a markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(_cell(value) for value in line) + " |" for line in lines)


def _cell(value: object) -> str:
    return " ".join(str(value).split()).replace("|", "\\|")


def vocabulary_page() -> str:
    """Every closed list and what its members mean."""
    lists = [kind for kind in vars(vocabulary).values() if _is_list_of_words(kind)]
    parts = [f"## {kind.__name__}\n\n{kind.__doc__}\n\n{_words(kind)}" for kind in lists]
    return "# Words\n\n" + "\n\n".join(parts)


def _is_list_of_words(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, Word) and kind is not Word


def _words(kind: type[Word]) -> str:
    return table(("value", "means"), ((f"`{word.value}`", word.meaning) for word in kind))


def columns_page() -> str:
    """The columns of a price point, in their order."""
    rows = ((f"`{name}`", column.description) for name, column in PricePoint.model_fields.items())
    return "# Columns of a price\n\n" + table(("column", "holds"), rows)


PAGES: dict[str, Callable[[], str]] = {"columns.md": columns_page, "words.md": vocabulary_page}


def main(*, check: bool) -> int:
    """Write every page, or say which are not what the code says."""
    stale = [name for name, page in PAGES.items() if _stale(name, page() + "\n", write=not check)]
    if check and stale:
        print(f"docs/reference/ is behind the code: {', '.join(stale)}; run: make docs")
        return 1
    return 0


def _stale(name: str, text: str, *, write: bool) -> bool:
    path = REFERENCE / name
    if path.exists() and path.read_text() == text:
        return False
    if write:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return True


if __name__ == "__main__":
    sys.exit(main(check="--check" in sys.argv))
