"""Questions nobody asked before: random filters and sorts, the same for both servers, by seed."""

import random
from collections.abc import Iterator
from pathlib import Path

SEED = 1
COUNT = 120_000
SORTS = ("value", "price", "-context", "quality", "name", "-input", "output", "-max_output")
COLUMN = {"quality": "quality_index"}
BEST_FIRST = frozenset({"value", "context", "quality", "max_output"})
"""Where a larger value is better: ours puts it first, and so must the other."""


def write(folder: Path) -> None:
    """Write distinct questions, a line each: of ours and of Datasette."""
    pairs = dict(_questions(random.Random(SEED)))  # noqa: S311 a benchmark's chances
    (folder / "ours.txt").write_text("\n".join(pairs) + "\n", encoding="ascii")
    (folder / "datasette.txt").write_text("\n".join(pairs.values()) + "\n", encoding="ascii")


def _questions(chance: random.Random) -> Iterator[tuple[str, str]]:
    for _ in range(COUNT):
        sort = chance.choice(SORTS)
        context, price = chance.randrange(1, 400_000), f"{chance.uniform(0.1, 60):.4f}"
        ours = f"/models?limit=100&sort={sort}&min_context={context}&max_price={price}"
        key = sort.removeprefix("-")
        column = COLUMN.get(key, key)
        descending = (key in BEST_FIRST) is not sort.startswith("-")
        theirs = (
            f"/models/models.json?_shape=objects&_size=100&context__gte={context}"
            f"&price__lte={price}&_sort{'_desc' if descending else ''}={column}"
        )
        yield ours, theirs
