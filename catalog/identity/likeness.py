"""Which known names look like one that is not known: a hint for a person, never a match."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

from catalog.identity.spelling import pointed, skeleton

HUNDRED = 100
ALIKE = 40
"""So much in a hundred of what the parts of both names weigh must be common to them."""
START = 3
"""A part at the start of a name weighs so many times as much: there stands what is run."""
SIGNS = "-:@/."
"""What may stand in front of and behind a name that is part of another."""


@dataclass(frozen=True)
class Likeness:
    """Known names by the three-letter parts they have; the rarer a part, the more it weighs."""

    names: Collection[str]

    def nearest(self, wanted: str, limit: int) -> list[str]:
        """Give the names that hold it or that it holds, then those most alike; best first."""
        parts = _parts(skeleton(wanted))
        shared: Counter[str] = Counter()
        for part in parts:
            weight = self._weight(part)
            for name in self._by_part.get(part, ()):
                shared[name] += weight
        weighs = sum(map(self._weight, parts))
        rated = [
            (
                _unrelated(pointed(wanted), pointed(name)),
                -common * 2 * HUNDRED // (weighs + self._weighs[name]),
                name,
            )
            for name, common in shared.items()
        ]
        close = sorted(
            (apart, alike, len(name), name)
            for apart, alike, name in rated
            if not apart or alike <= -ALIKE
        )
        return [name for *_, name in close[:limit]]

    @cached_property
    def _weighs(self) -> Mapping[str, int]:
        """What the parts of each name weigh together."""
        return {name: sum(map(self._weight, _parts(skeleton(name)))) for name in self.names}

    @cached_property
    def _by_part(self) -> Mapping[str, list[str]]:
        by_part: dict[str, list[str]] = {}
        for name in self.names:
            for part in _parts(skeleton(name)):
                by_part.setdefault(part, []).append(name)
        return by_part

    def _weight(self, part: str) -> int:
        held_by = len(self._by_part.get(part, ())) or 1
        return (len(self.names) // held_by).bit_length() * (START if part.startswith(" ") else 1)


def _unrelated(wanted: str, name: str) -> bool:
    """Whether neither name is in the other; the known one from sign to sign."""
    if wanted in name:
        return False
    before, found, after = wanted.partition(name)
    return not found or before[-1:] not in SIGNS or after[:1] not in SIGNS


def _parts(name: str) -> set[str]:
    padded = f" {name} "
    return {padded[at : at + 3] for at in range(len(padded) - 2)}
