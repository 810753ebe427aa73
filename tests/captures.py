"""Captured pages beside this checkout: read in place by what tries them, where they are at hand."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from catalog.settings import environment_settings

CAPTURES = (Path(__file__).parents[1] / environment_settings().captures).resolve()
TRUTH = CAPTURES.parent / "truth"
"""What a person found on some of them."""
NO_CAPTURES = f"no captures in {CAPTURES}; TOKENTAPE_CAPTURES names their folder"


@dataclass(frozen=True)
class Capture:
    """A page as its manifest names it."""

    source: str
    file: str
    captured_at: str
    truth: str
    """The file of its checked prices; empty where nobody checked them."""

    @property
    def path(self) -> Path:
        """Where it lies."""
        return CAPTURES / self.file


def captured() -> Iterator[Capture]:
    """Give every captured page, of sources that nobody reads, too."""
    manifest = CAPTURES / "MANIFEST.tsv"
    if not manifest.exists():
        return
    with manifest.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            yield Capture(row["source"], row["file"], row["captured_at"], row["truth"])
