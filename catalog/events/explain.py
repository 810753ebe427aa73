"""What timelines tell: the events that explain them, as a pure function of what they say."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NamedTuple, TypeVar

from catalog.identity import Identity
from catalog.moments import at_midnight
from catalog.past.series import Key
from catalog.past.timeline import Cancelled, Chain, Entry, Timeline
from catalog.vocabulary import EventType

T = TypeVar("T")


class Offer(NamedTuple):
    """One model as one provider sells it, as one source says."""

    provider: str
    subject: str
    tier: str
    region: str

    @classmethod
    def of(cls, key: Key) -> "Offer":
        """Give the offer that a series belongs to."""
        return cls(key.provider, key.subject, key.tier, key.region)

    def __str__(self) -> str:
        """Print it readably: anthropic anthropic/claude-opus-4.7 batch us."""
        named = [part for part in self[2:] if part not in {"standard", "global"}]
        return " ".join([self.provider, self.subject, *named])


@dataclass(frozen=True)
class Told:
    """One event, as far as the timelines alone tell it."""

    type: EventType
    valid_from: datetime
    old: int | None
    new: int | None
    visit: int = field(compare=False)
    initial: bool = field(default=False, compare=False)
    low: bool = field(default=False, compare=False)
    """Lower than the price ever was."""
    arrives: bool = field(default=False, compare=False)
    """It was announced: it happens when the day comes."""
    text: str = field(default="", compare=False)
    locator: str = field(default="", compare=False)
    detail: str = ""

    @property
    def undated(self) -> tuple[EventType, int | None, int | None, str]:
        """What the event says, apart from when."""
        return (self.type, self.old, self.new, self.detail)


def explain(timeline: Timeline) -> list[Told]:
    """Tell one series' events, in order of time; announcements before what was announced."""
    told = [event for cancelled in timeline.cancelled for event in _cancelled(cancelled)]
    running: int | None = None
    lowest = timeline.earlier.lowest if timeline.earlier else None
    for entry in timeline.entries:
        told += _entered(entry, running, lowest)
        running = entry.amount
        if running is not None:
            lowest = running if lowest is None else min(lowest, running)
    return sorted(told, key=_when)


def _when(told: Told) -> datetime:
    return told.valid_from


def _cancelled(cancelled: Cancelled) -> Iterator[Told]:
    entry = cancelled.entry
    if entry.amount is None:
        return
    yield replace(_of(EventType.PRICE_ANNOUNCED, entry, cancelled.old), initial=entry.initial)
    yield Told(
        EventType.PRICE_CANCELLED,
        entry.valid_from,
        cancelled.old,
        entry.amount,
        visit=cancelled.visit,
    )


def _entered(entry: Entry, old: int | None, lowest: int | None) -> Iterator[Told]:
    if entry.amount is None:
        kind = EventType.PRICE_CORRECTED if entry.corrected else EventType.PRICE_WITHDRAWN
        yield replace(_of(kind, entry, old), arrives=entry.announced)
        return
    if entry.announced:
        yield _of(EventType.PRICE_ANNOUNCED, entry, old)
    low = lowest is not None and entry.amount < lowest
    yield replace(_of(_kind(entry, old), entry, old), low=low, arrives=entry.announced)


def _kind(entry: Entry, old: int | None) -> EventType:
    if entry.corrected and not entry.announced:
        return EventType.PRICE_CORRECTED
    return EventType.PRICE_ADDED if old is None else EventType.PRICE_CHANGED


def _of(kind: EventType, entry: Entry, old: int | None) -> Told:
    segment = entry.segment
    return Told(
        kind,
        entry.valid_from,
        old,
        entry.amount,
        visit=entry.visit,
        initial=entry.initial,
        text=segment.text if segment else "",
        locator=segment.locator if segment else "",
    )


def news(before: Iterable[Told], after: Iterable[Told]) -> list[Told]:
    """Give what is told now and was not before; the same event at another date is not news."""
    old, new = Counter(before), list(after)
    unmatched = [event for event in new if not _take(old, event)]
    redated = Counter(event.undated for event in old.elements())
    return [event for event in unmatched if not _take(redated, event.undated)]


def _take(counter: Counter[T], item: T) -> bool:
    """Use up one of an item, if there is one."""
    if counter[item] <= 0:
        return False
    counter[item] -= 1
    return True


def corrections(before: Timeline, after: Timeline, visit: int) -> list[Told]:
    """Tell where a better reading gives another amount than was published for the same time."""
    moments = sorted({entry.valid_from for t in (before, after) for entry in t.entries})
    told: list[Told] = []
    last: tuple[int | None, int | None] = (None, None)
    for moment in moments:
        pair = (before.amount_at(moment), after.amount_at(moment))
        if pair[0] != pair[1] and pair != last:
            told.append(_corrected(after, moment, pair, visit))
        last = pair
    return told


def _corrected(
    after: Timeline, moment: datetime, amounts: tuple[int | None, int | None], visit: int
) -> Told:
    old, new = amounts
    entry = next((e for e in reversed(after.entries) if e.valid_from <= moment), None)
    segment = entry.segment if entry else None
    found = old is None and not (entry and entry.corrected)
    return Told(
        EventType.PRICE_ADDED if found else EventType.PRICE_CORRECTED,
        moment,
        old,
        new,
        visit=visit,
        initial=found,
        text=segment.text if segment else "",
        locator=segment.locator if segment else "",
    )


def explain_offer(offer: Offer, timelines: Iterable[Timeline]) -> list[Told]:
    """Tell when an offer came to have a price, and when its last price ended."""
    told: list[Told] = []
    held = 0
    for moment in _moments(timelines):
        before, held = held, held + sum(step for step, _ in moment.steps)
        if before == 0 < held and not moment.initial:
            told.append(_offered(EventType.OFFER_ADDED, offer, moment))
        if held == 0 < before:
            told.append(_offered(EventType.OFFER_WITHDRAWN, offer, moment))
    return told


@dataclass
class _Moment:
    """All that begins or ends at one moment."""

    steps: list[tuple[int, Entry]]

    @property
    def initial(self) -> bool:
        return any(entry.initial for _, entry in self.steps)

    @property
    def entry(self) -> Entry:
        return self.steps[0][1]


def _moments(timelines: Iterable[Timeline]) -> list[_Moment]:
    moments: dict[datetime, list[tuple[int, Entry]]] = {}
    for timeline in timelines:
        running = False
        for entry in timeline.entries:
            priced = entry.amount is not None
            moments.setdefault(entry.valid_from, []).append((priced - running, entry))
            running = priced
    return [_Moment(moments[moment]) for moment in sorted(moments)]


def _offered(kind: EventType, offer: Offer, moment: _Moment) -> Told:
    entry = moment.entry
    return Told(
        kind,
        entry.valid_from,
        None,
        None,
        visit=entry.visit,
        arrives=entry.announced,
        detail=str(offer),
    )


def explain_model(firsts: Iterable[Entry]) -> list[Told]:
    """Tell when a model was first priced; nothing where it was there at first sight.

    ``firsts`` are the first entries of all series of the model, of all sources.
    """
    ordered = sorted(firsts, key=lambda entry: entry.valid_from)
    if not ordered:
        return []
    first = ordered[0]
    if any(e.initial for e in ordered if e.valid_from == first.valid_from):
        return []
    told = Told(EventType.MODEL_ADDED, first.valid_from, None, None, visit=first.visit)
    return [replace(told, arrives=first.announced)]


@dataclass(frozen=True)
class Renamed:
    """A document prints another word for a tier than it did before."""

    old: str
    new: str
    at: datetime
    visit: int


Declared = Mapping[tuple[str, str], datetime]
"""A source's renamings of tiers, by old and new word, and the day each began."""


def declared_renamings(identity: Identity, source: str) -> Declared:
    """Give the renamings that the identity tables declare; other aliases are but spellings."""
    return {
        (label.printed.casefold(), label.normal.casefold()): at_midnight(label.since)
        for label in identity.labels
        if label.source == source and label.column == "tier" and label.since is not None
    }


def renamings(chains: Sequence[Chain]) -> Iterator[Renamed]:
    """Tell where a document came to print another word for one series' tier; case is none."""
    for document in sorted({chain.document for chain in chains}):
        printed = ""
        for tier, at, visit in _printed_tiers([c for c in chains if c.document == document]):
            if printed and tier.casefold() != printed.casefold():
                yield Renamed(printed, tier, at, visit)
            printed = tier


def _printed_tiers(chains: Iterable[Chain]) -> list[tuple[str, datetime, int]]:
    printed = [
        (segments[0].tier, chain.visits[index].at, chain.visits[index].visit)
        for chain in chains
        for index, segments in chain.stated
        if segments
    ]
    return sorted(printed, key=lambda one: one[1])


def explain_renamings(
    chains: Mapping[int, Sequence[Chain]], offers: Mapping[int, Offer], declared: Declared
) -> list[tuple[int, Told]]:
    """Tell each declared renaming of an offer's tier once, when a page is first seen to show it."""
    first: dict[tuple[Offer, str, str], tuple[int, Renamed]] = {}
    for series in sorted(chains):
        for renamed in renamings(chains[series]):
            key = (offers[series], renamed.old.casefold(), renamed.new.casefold())
            if key[1:] not in declared:
                continue
            known = first.get(key)
            if known is None or renamed.at < known[1].at:
                first[key] = (series, renamed)
    return [(series, _renamed(key, one, declared[key[1:]])) for key, (series, one) in first.items()]


def _renamed(key: tuple[Offer, str, str], renamed: Renamed, since: datetime) -> Told:
    offer, old, new = key
    return Told(
        EventType.OFFER_RENAMED,
        since,
        None,
        None,
        visit=renamed.visit,
        detail=f"{offer}: {old} -> {new}",
    )
