"""Change pages at random and print what came of them: python -m tests.spiders.mutation SEED."""

import argparse
import json
import logging
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random

from tests.checkout import commit
from tests.spiders.mutation.judge import Came
from tests.spiders.mutation.kinds import KINDS, MutationKind
from tests.spiders.mutation.run import Judged, counted, judged
from tests.spiders.mutation.sheets import Specimen, specimens

EVIDENCE = Path(__file__).parents[3] / "docs" / "evidence" / "mutations.json"
_MANY = 1000
_FEW = 2
COLUMNS = ("pages", *(came.value for came in Came), "needless", "wrong")


def main(arguments: Sequence[str]) -> int:
    """Run; 1 where a page was published as stating what it does not state."""
    asked = _asked(arguments)
    logging.disable(logging.CRITICAL)
    every: list[Judged] = []
    for page in _chosen(asked.seed, asked.pages):
        every += judged([page], asked.seed, _tried(page, asked.seed))
        _show(every[-1:], f"{page.name}: {len(every)} mutations")
    counts = counted(every)
    _show(every, "")
    sys.stdout.write(printed(counts))
    if asked.write:
        EVIDENCE.parent.mkdir(exist_ok=True)
        EVIDENCE.write_text(_summary(asked.seed, every, counts), "utf-8")
    return int(any(count["wrong"] for count in counts.values()))


def _asked(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.spiders.mutation", description=__doc__)
    parser.add_argument("seed", type=int)
    parser.add_argument(
        "--pages", type=int, default=120, help="at most so many, chosen by the seed"
    )
    parser.add_argument("--write", action="store_true", help=f"write {EVIDENCE.name}, too")
    return parser.parse_args(arguments)


def _chosen(seed: int, most: int) -> Sequence[Specimen]:
    every = list(specimens())
    random = Random(seed)  # noqa: S311 a repeatable choice, no secret
    return random.sample(every, min(most, len(every)))


def _tried(page: Specimen, seed: int) -> Sequence[MutationKind]:
    """Give all kinds, but a few of them where a page states so much that each takes seconds."""
    random = Random(f"{seed} {page.name}")  # noqa: S311 a repeatable choice, no secret
    return random.sample(KINDS, _FEW) if len(page.reading.points) > _MANY else KINDS


def _show(every: Sequence[Judged], line: str) -> None:
    sys.stderr.write(f"\r\x1b[K{line}")
    for one in every:
        for wrong in one.verdict.wrong:
            sys.stderr.write(f"\nWRONG {one.kind.name}, {one.page}, {one.what}: {wrong}")


def printed(counts: Mapping[str, Counter[str]]) -> str:
    """Print the counts of each kind, a line each, and their sums."""
    total: Counter[str] = sum(counts.values(), Counter())
    lines = [("kind", COLUMNS)]
    rows = {**counts, "all": total}
    lines += [(name, tuple(str(count[c]) for c in COLUMNS)) for name, count in rows.items()]
    return "".join(
        f"{name:28}" + "".join(f"{cell:>14}" for cell in cells) + "\n" for name, cells in lines
    )


def _summary(seed: int, every: Sequence[Judged], counts: Mapping[str, Counter[str]]) -> str:
    total: Counter[str] = sum(counts.values(), Counter())
    told = {
        "seed": seed,
        "commit": commit(),
        "pages": len({one.page for one in every}),
        "mutations": total["pages"],
        "all": {column: total[column] for column in COLUMNS},
        "kinds": {name: {c: count[c] for c in COLUMNS} for name, count in counts.items()},
    }
    return json.dumps(told, indent=2) + "\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
