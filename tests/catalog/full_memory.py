"""A memory that keeps everything, and answers the naive way: what held, as it was known then.

It knows nothing of chains, folds and revisions. For every question it goes through all pages known
by then, in order of time, and paints what each states over a line of half days.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

FIRST, LAST = -12, 64
"""The line's half days: an even one is the midnight of a day, an odd one its noon."""


class Span(NamedTuple):
    """An amount that a page states, from a half day on, to another, exclusive; None: unstated."""

    amount: int
    start: int | None
    end: int | None

    def covers(self, slot: int) -> bool:
        """Whether it is said of a half day."""
        return (self.start is None or self.start <= slot) and (self.end is None or slot < self.end)


Says = tuple[Span, ...]
"""What one page states of one price, in order of time; empty: it does not show it."""
Line = dict[int, int | None]
"""What held on each half day."""


@dataclass(frozen=True)
class Remembered:
    """One page, as one version of its reader read it, and the number under which it was learnt."""

    learnt: int
    slot: int
    version: int
    says: Mapping[int, Says]
    """By price; a price that it does not show is not there."""


@dataclass(frozen=True)
class Overruled:
    """What a person said of one price, and the number under which it was learnt."""

    learnt: int
    price: int
    amount: int | None
    start: int
    end: int | None


def held(pages: Iterable[Remembered], overruled: Iterable[Overruled], price: int) -> Line:
    """Paint one price's line from all that is known of it."""
    line: Line = dict.fromkeys(range(FIRST, LAST))
    read: dict[int, Remembered] = {}
    for page in sorted(pages, key=lambda page: page.version):
        read[page.slot] = page
    _paint_pages(line, [(slot, read[slot].says.get(price, ())) for slot in sorted(read)])
    for said in sorted(overruled, key=lambda said: said.learnt):
        if said.price == price:
            end = LAST if said.end is None else said.end
            line.update(dict.fromkeys(range(said.start, end), said.amount))
    return line


def _paint_pages(line: Line, pages: Sequence[tuple[int, Says]]) -> None:
    last: int | None = None
    missed: int | None = None
    showing = False
    for slot, says in pages:
        if says:
            _paint_page(line, last, slot, says)
            last, missed, showing = slot, None, True
        elif showing and missed is None:
            missed = slot
        elif showing and missed is not None:
            _paint(line, missed, None)
            last, missed, showing = missed, None, False


def _paint(line: Line, start: int, amount: int | None, end: int = LAST) -> None:
    line.update(dict.fromkeys(range(max(start, FIRST), end), amount))


def _paint_page(line: Line, last: int | None, slot: int, says: Says) -> None:
    """Paint what a page states; ``last`` is when the price was seen, or found gone, before."""
    steps = sorted(_steps(says))
    own = [(day, amount) for day, amount in steps if day <= slot and (last is None or day > last)]
    if last is not None and _denies(line, last, slot, says, own):
        _paint(line, last, line[last], slot)
    for day, amount in own:
        _paint(line, day, amount)
    now = [span.amount for span in says if span.covers(slot)]
    over = all(span.end is not None and span.end <= slot for span in says)
    _paint(line, slot, now[0] if now else None if over else line[slot])
    for day, amount in steps:
        if day > slot:
            _paint(line, day, amount)


def _steps(says: Says) -> Iterator[tuple[int, int | None]]:
    """Give the half days on which a page says that a price starts or ends."""
    for span in says:
        if span.start is not None:
            yield span.start, span.amount
        if span.end is not None and not any(other.covers(span.end) for other in says):
            yield span.end, None


def _denies(
    line: Line, last: int, slot: int, says: Says, own: Sequence[tuple[int, int | None]]
) -> bool:
    """Whether a page shows the old amount after the day that another one was announced for."""
    if own:
        first = own[0][0]
        shown = [span.amount for span in says if span.end == first]
        announced = line[first - 1]
    else:
        shown = [span.amount for span in says if span.covers(slot)]
        announced = line[slot]
    return bool(shown) and shown[0] == line[last] != announced
