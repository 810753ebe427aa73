"""What is declared of a format of usage: its fields, what each counts, and how it is known."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from catalog.vocabulary import Meter


@dataclass(frozen=True)
class Field:
    """One field of a usage object that counts something."""

    path: str
    """Keys, joined with dots; in a list of modalities or lifetimes, the last one is its name."""
    meter: Meter
    inside: tuple[str, ...] = ()
    """The fields whose numbers hold this one; it is taken out of each of them."""
    same_as: str = ""
    """Another field of the format that says the same number."""
    tool: str = ""
    """The tool whose price it has, where it is not the model's."""


@dataclass(frozen=True)
class Format:
    """How one API counts, recognised by its fields."""

    name: str
    about: str
    marks: tuple[frozenset[str], ...]
    """It is this format where all fields of one of these are there."""
    fields: tuple[Field, ...]
    required: frozenset[str] = frozenset()
    """Of these at least one must be there."""
    totals: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Sums the object states, and the fields that they are of: told where they differ."""
    words: Mapping[str, str] = field(default_factory=dict)
    """Fields that name the tier or the region."""
    passes: Mapping[str, str] = field(default_factory=dict)
    """Lists of passes over the model, and the type of those that the counts are of."""
    unread: frozenset[str] = frozenset()
    """Fields that say nothing a price is asked for."""
    providers: frozenset[str] = frozenset()
    """Whose answers have it, where the fields alone do not tell."""
    respelled: Callable[[str], str] = str
    """How else a library writes a key."""
