"""What each key of a usage object stands for, level by level."""

from collections.abc import Sequence
from dataclasses import dataclass, field

CALLS = frozenset({"server_tool_use"})
"""Objects that count calls of tools: each has a price of its own, or none."""


@dataclass(frozen=True, slots=True)
class Again:
    """A field that says the same number as another."""

    path: str


@dataclass(frozen=True, slots=True)
class Word:
    """A field that names the tier or the region."""

    kind: str


@dataclass(frozen=True, slots=True)
class Passes:
    """A list of passes over the model: those of this type are in the numbers beside it."""

    known: str


Rule = str | Again | Word | Passes | None
"""What a key stands for, if not for a level."""


@dataclass(frozen=True, slots=True)
class Level:
    """What each key of an object stands for; a text is the path of a number, None is unread."""

    above: str = ""
    is_sum: bool = False
    """Whether its numbers stand beside each other; else they are parts of one above."""
    keys: "dict[str, str | Again | Word | Passes | Level | None]" = field(default_factory=dict)

    def put(self, path: Sequence[str], rule: Rule) -> None:
        """Set what a path of keys stands for."""
        if len(path) == 1:
            self.keys[path[0]] = rule
            return
        below = self.keys.get(path[0])
        if not isinstance(below, Level):
            calls = path[0] in CALLS
            below = self.keys[path[0]] = Level(f"{self.above}{path[0]}.", calls)
        below.put(path[1:], rule)
