"""How many printed names mean a known model, source by source, and how fast a name is looked up.

Reads the newest capture of every source. The peer of a lookup is that of a plain dictionary with
the same names. Run as ``python -m bench.identity`` from the checkout; ``--write`` renews
docs/evidence/identity.json, from which docs/reference/identity.md takes its coverage.
"""

import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from catalog.identity import Identity, load
from spiders.source import source_named
from spiders.verdict import judge
from tests.captures import captured
from tests.catalog.listed_ids import CATALOGS, chat_ids

EVIDENCE = Path(__file__).parent.parent / "docs/evidence/identity.json"
PAIRS = Path(__file__).parent.parent / "tests/catalog/identity_pairs.tsv"
TURNS = 3


class Share(NamedTuple):
    """How many names of a source are known, and some that are not."""

    names: int
    known: int
    unknown: Sequence[str]


def printed() -> Iterator[tuple[str, list[str]]]:
    """Give every name in the newest capture of each source, once, in order."""
    for source, capture in sorted(_newest().items()):
        read = judge(source_named(source), capture.read_bytes(), seen_at=None).reading
        if read is None:
            continue
        names = {one.model for one in read.points} | {one.model for one in read.scores}
        if names:
            yield source, sorted(names)


def _newest() -> dict[str, Path]:
    return {one.source: one.path for one in sorted(captured(), key=lambda one: one.captured_at)}


def share(identity: Identity, source: str, names: Sequence[str]) -> Share:
    """Count the names that mean a known model."""
    unknown = [name for name in names if identity.resolve(name, source) is None]
    return Share(len(names), len(names) - len(unknown), unknown)


def verdicts(identity: Identity) -> dict[str, int]:
    """Count the pairs of the checked table, and what is wrong about them."""
    counts = {"same": 0, "different": 0, "false merges": 0, "false splits": 0}
    for line in PAIRS.read_text("utf-8").splitlines()[1:]:
        a, source_a, b, source_b, verdict, _ = line.split("\t")
        left, right = identity.resolve(a, source_a or None), identity.resolve(b, source_b or None)
        one = left is not None and right is not None and left.model == right.model
        counts[verdict] += 1
        counts["false merges"] += verdict == "different" and one
        counts["false splits"] += verdict == "same" and not one
    return counts


def per_second(look_up: Callable[[str], object], names: Sequence[str]) -> int:
    """Say how many names are looked up in a second of the processor, at the best of some turns."""
    best = min(_seconds(look_up, names) for _ in range(TURNS))
    return round(len(names) / best)


def _seconds(look_up: Callable[[str], object], names: Sequence[str]) -> float:
    start = time.process_time()
    for name in names:
        look_up(name)
    return time.process_time() - start


def speeds(names: Sequence[str]) -> dict[str, float]:
    """Time reading the tables, lookups of names never seen before, and of the same again."""
    loads, firsts, agains = [], [], []
    for _ in range(TURNS):
        load.cache_clear()
        start = time.process_time()
        identity = load()
        loads.append(time.process_time() - start)
        firsts.append(_seconds(identity.resolve, names))
        agains.append(_seconds(identity.resolve, names))
    plain = dict.fromkeys(names)
    again = round(len(names) / min(agains))
    return {
        "milliseconds to read the tables": round(min(loads) * 1000, 1),
        "first lookups a second": round(len(names) / min(firsts)),
        "repeated lookups a second": again,
        "times as long as a plain dictionary": round(per_second(plain.get, names) / again, 1),
    }


def measured() -> dict[str, object]:
    """Measure everything."""
    identity = load()
    chat = {source: share(identity, source, chat_ids(source)) for source in CATALOGS}
    every = {source: share(identity, source, names) for source, names in printed()}
    names = [name for source in CATALOGS for name in chat_ids(source)]
    return {
        "models": sum(model.kind == "model" for model in identity.models.values()),
        "makers": len({model.maker for model in identity.models.values()}),
        "names": len(identity.aliases),
        "chat models": {source: found._asdict() for source, found in chat.items()},
        "printed names": {source: found._asdict() for source, found in every.items()},
        "pairs": verdicts(identity),
        "speed": speeds(names),
    }


def show(found: dict[str, object]) -> None:
    """Print a table for people."""
    for part in ("chat models", "printed names"):
        print(f"{part} known, by source")
        shares: dict[str, dict[str, object]] = found[part]  # type: ignore[assignment] # of JSON
        for source, one in shares.items():
            known, names = int(str(one["known"])), int(str(one["names"]))
            print(f"  {source:<22}{known:>6} of {names:>6}  {known / names:7.2%}")
    print(json.dumps({"pairs": found["pairs"], "speed": found["speed"]}, indent=2))


if __name__ == "__main__":
    result = measured()
    show(result)
    if "--write" in sys.argv:
        EVIDENCE.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", "utf-8")
