"""One question of a list as the function that finds its items gets it, and what it gives back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Generic

from api.listing.arranged import Arranged
from api.listing.columns import Item
from api.listing.orders import Cursor
from api.listing.questions import Asked
from api.shapes import Meta
from catalog.current.look import Look
from catalog.current.view import Views


@dataclass(frozen=True)
class Ask(Generic[Asked]):
    """A question, where it is asked, and from where on."""

    views: Views
    question: Asked
    path: Mapping[str, str]
    """What stands in the braces of the path."""
    cursor: Cursor | None = None

    @property
    def as_of(self) -> datetime | None:
        """The moment asked for, else that of the first page of this walk; None is now."""
        asked: datetime | None = getattr(self.question, "as_of", None)
        return asked or (self.cursor.moments()[0] if self.cursor else None)

    @property
    def known_at(self) -> datetime | None:
        """The same of what was known."""
        asked: datetime | None = getattr(self.question, "known_at", None)
        return asked or (self.cursor.moments()[1] if self.cursor else None)

    @property
    def after(self) -> str | None:
        """The id after which a list in order goes on; None is its start."""
        return self.cursor.id if self.cursor else None

    def look(self) -> Look:
        """What held at the moment, as known at the moment."""
        return self.views.look(self.as_of, self.known_at)


@dataclass(frozen=True)
class Found(Generic[Item]):
    """The items of a list, its filters not asked yet, and the state of the catalog they are of."""

    items: Iterable[Item]
    """A tuple that a view holds is arranged once for each order, however often it is asked."""
    meta: Meta


@dataclass(frozen=True)
class Part(Generic[Item]):
    """The items to answer with, and the cursor of the next part, if any."""

    items: Iterable[Item]
    """Taken once; a part without a limit may be long, and comes as it is taken."""
    next: str | None
    meta: Meta
    held: Arranged[Item] | None = None
    """What is made ready of them, where a view holds them."""


def meta_of(look: Look) -> Meta:
    """Say which state of the catalog a look is of."""
    return Meta(sequence=look.view.sequence, as_of=look.as_of, known_at=look.known_at)
