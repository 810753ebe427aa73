"""What all faults came to: the numbers of docs/evidence/faults.json."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.faults.cycle import Change

HOUSE = Path(__file__).parent.parent.parent
EVIDENCE = HOUSE / "docs" / "evidence" / "faults.json"


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


def write_evidence(tallies: Mapping[str, Tally]) -> None:
    """Write the numbers, one object a store."""
    rows = [asdict(tallies[store]) for store in sorted(tallies)]
    EVIDENCE.write_text(json.dumps(rows, indent=2) + "\n", "utf-8")


def commit() -> str:
    """Name the commit that is tested."""
    asked = ["git", "-C", str(HOUSE), "describe", "--always", "--dirty", "--abbrev=12"]
    return subprocess.run(asked, check=True, capture_output=True, text=True).stdout.strip()  # noqa: S603 git itself


def say(line: str) -> None:
    """Show progress, where output is not captured."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
