"""What all faults came to: the numbers of docs/evidence/faults.json, kept part by part.

A long form may be run in parts, and one that broke off goes on where it was: what a part came to
is kept in ``var/faults`` under the seed and the commit, and the evidence is the sum of all parts
of one seed and commit.
"""

import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, astuple, dataclass
from pathlib import Path

from tests.faults.cycle import Change

HOUSE = Path(__file__).parent.parent.parent
EVIDENCE = HOUSE / "docs" / "evidence" / "faults.json"
KEPT = HOUSE / "var" / "faults"
STORES = ("postgresql", "sqlite")
PARTS = (
    "clocks",
    "full_disk",
    "one_run",
    "steps-database",
    "steps-file",
    "steps-network",
    "two_times",
    "writers",
)
"""The parts of a long form on each store: the test modules, and the kinds of steps."""


@dataclass
class Tally:
    """One store's numbers; ``changes`` are events looked for after faults."""

    seed: int
    commit: str
    store: str
    kills: int = 0
    faults: int = 0
    changes: int = 0
    lost: int = 0
    phantom: int = 0
    duplicated: int = 0
    seconds: int = 0

    def count(self, wanted: Counter[Change], found: Counter[Change]) -> "Surprise":
        """Compare the events that should be in a log with those that are, and count them."""
        surprise = compare(wanted, found)
        self.changes += sum(wanted.values())
        self.lost += sum(surprise.lost.values())
        self.phantom += sum(surprise.phantom.values())
        self.duplicated += sum(surprise.duplicated.values())
        return surprise


@dataclass(frozen=True)
class Surprise:
    """Events that a log lacks, that it should not have, and that it has too often."""

    lost: Counter[Change]
    phantom: Counter[Change]
    duplicated: Counter[Change]

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self.lost or self.phantom or self.duplicated)


def compare(wanted: Counter[Change], found: Counter[Change]) -> Surprise:
    """Tell two counts of events apart."""
    more = found - wanted
    return Surprise(
        lost=wanted - found,
        phantom=Counter({event: n for event, n in more.items() if event not in wanted}),
        duplicated=Counter({event: n for event, n in more.items() if event in wanted}),
    )


def kept(part: str, like: Tally) -> Path:
    """Say where a part's numbers are kept."""
    return KEPT / f"{like.commit}-{like.seed}" / f"{part}-{like.store}.json"


def keep(part: str, tally: Tally) -> None:
    """Keep what a part came to; write the evidence once there are all parts of both stores."""
    file = kept(part, tally)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(asdict(tally)), "utf-8")
    files = {store: [file.parent / f"{part}-{store}.json" for part in PARTS] for store in STORES}
    if lacking := [one.stem for some in files.values() for one in some if not one.exists()]:
        say(f"still to be run: {', '.join(lacking)}")
        return
    write_evidence([total([_read(one) for one in some]) for some in files.values()])


def _read(file: Path) -> Tally:
    return Tally(**json.loads(file.read_text("utf-8")))


def total(parts: Sequence[Tally]) -> Tally:
    """Add up the parts of one seed, commit and store."""
    [named] = {(part.seed, part.commit, part.store) for part in parts}
    counts = zip(*(astuple(part)[len(named) :] for part in parts), strict=True)
    return Tally(*named, *(sum(count) for count in counts))


def write_evidence(tallies: Sequence[Tally]) -> None:
    """Write the numbers, one object a store."""
    rows = [asdict(tally) for tally in tallies]
    EVIDENCE.write_text(json.dumps(rows, indent=2) + "\n", "utf-8")


def say(line: str) -> None:
    """Show progress, where output is not captured."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
