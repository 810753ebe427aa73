"""Questions nobody asked before: random filters and sorts, the same for both servers, by seed."""

import random
from collections.abc import Iterator
from pathlib import Path

SEED = 1
OF_A_THREAD = 50_000
"""So many lines are for one thread of wrk in one round: it comes to no line of another's."""
OF_A_ROUND = 2 * OF_A_THREAD
COUNT = 3 * OF_A_ROUND
WITHOUT_MORE = "&_nofacet=1&_nosuggest=1&_nocount=1"
"""Asks Datasette for the rows alone: it else looks for facets and counts, which ours does not."""
SORTS = ("value", "price", "-context", "quality", "name", "-input", "output", "-max_output")
COLUMN = {"quality": "quality_index"}
BEST_FIRST = frozenset({"value", "context", "quality", "max_output"})
"""Where a larger value is better: ours puts it first, and so must the other."""


def write(folder: Path) -> None:
    """Write distinct questions, a line each: of ours and of Datasette, as it comes and for rows."""
    pairs = dict(_questions(random.Random(SEED)))  # noqa: S311 a benchmark's chances
    (folder / "ours.txt").write_text("\n".join(pairs) + "\n", encoding="ascii")
    theirs = pairs.values()
    (folder / "datasette.txt").write_text("\n".join(theirs) + "\n", encoding="ascii")
    alone = (f"{one}{WITHOUT_MORE}" for one in theirs)
    (folder / "datasette-rows.txt").write_text("\n".join(alone) + "\n", encoding="ascii")


def _questions(chance: random.Random) -> Iterator[tuple[str, str]]:
    for _ in range(COUNT + COUNT // 100):  # some are drawn twice
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
