"""Which known names look like one that is not known: a hint for a person, never a match."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from catalog.identity.spelling import skeleton

HUNDRED = 100
ALIKE = 40
"""So much in a hundred of what the parts of both names weigh must be common to them."""
START = 3
"""A part at the start of a name weighs so many times as much: there stands what is run."""
SIGNS = "-:@/."
"""What may stand behind a name that goes on."""


@dataclass(frozen=True)
class Likeness:
    """Known names by the three-letter parts they have; the rarer a part, the more it weighs."""

    names: Iterable[str]

    def nearest(self, wanted: str, limit: int) -> list[str]:
        """Give the names that it is part of or goes on from, then those most alike; best first."""
        wanted = skeleton(wanted)
        parts = _parts(wanted)
        shared: Counter[str] = Counter()
        for part in parts:
            weight = self._weight(part)
            for name in self._by_part.get(part, ()):
                shared[name] += weight
        weighs = sum(map(self._weight, parts))
        rated = [
            (_unrelated(wanted, spelled), -common * 2 * HUNDRED // (weighs + total), name)
            for name, common in shared.items()
            for spelled, total in [self._known[name]]
        ]
        close = sorted(
            (apart, alike, len(name), name)
            for apart, alike, name in rated
            if not apart or alike <= -ALIKE
        )
        return [name for *_, name in close[:limit]]

    @cached_property
    def _known(self) -> Mapping[str, tuple[str, int]]:
        """Each name as it is compared, and what its parts weigh together."""
        spelled = {name: skeleton(name) for name in self.names}
        return {name: (s, sum(map(self._weight, _parts(s)))) for name, s in spelled.items()}

    @cached_property
    def _by_part(self) -> Mapping[str, list[str]]:
        by_part: dict[str, list[str]] = {}
        for name in self.names:
            for part in _parts(skeleton(name)):
                by_part.setdefault(part, []).append(name)
        return by_part

    @cached_property
    def _count(self) -> int:
        return len({name for names in self._by_part.values() for name in names})

    def _weight(self, part: str) -> int:
        held_by = len(self._by_part.get(part, ())) or 1
        return (self._count // held_by).bit_length() * (START if part.startswith(" ") else 1)


def _unrelated(wanted: str, name: str) -> bool:
    """Whether neither name is the beginning or a part of the other."""
    goes_on = wanted.startswith(name) and wanted[len(name) :][:1] in SIGNS
    return not (goes_on or wanted in name)


def _parts(name: str) -> set[str]:
    padded = f" {name} "
    return {padded[at : at + 3] for at in range(len(padded) - 2)}
