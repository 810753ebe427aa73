"""Which known names look like one that is not known: a hint for a person, never a match."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

HUNDRED = 100
ALIKE = 40
"""So many in a hundred three-letter parts must be common to both names."""


@dataclass(frozen=True)
class Likeness:
    """Known names by the three-letter parts they have."""

    names: Iterable[str]

    def nearest(self, wanted: str, limit: int) -> list[str]:
        """Give the names that hold the wanted one, then those most alike; best first."""
        parts = _parts(wanted)
        shared = Counter(name for part in parts for name in self._by_part.get(part, ()))
        rated = [
            (-common * 2 * HUNDRED // (len(parts) + len(_parts(name))), len(name), name)
            for name, common in shared.most_common(limit * 8)
        ]
        close = sorted(row for row in rated if row[0] <= -ALIKE or wanted in row[2])
        return [name for _, _, name in sorted(close, key=lambda row: wanted not in row[2])][:limit]

    @cached_property
    def _by_part(self) -> Mapping[str, list[str]]:
        by_part: dict[str, list[str]] = {}
        for name in self.names:
            for part in _parts(name):
                by_part.setdefault(part, []).append(name)
        return by_part


def _parts(name: str) -> set[str]:
    padded = f" {name} "
    return {padded[at : at + 3] for at in range(len(padded) - 2)}
