"""The pure fold: what documents said at their visits becomes what the price was, and since when.

Nothing here knows a clock or a store. A timeline is a function of the set of visits alone: in
whatever order they come to be known, the same visits give the same timeline.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise

from catalog.vocabulary import Precision

STALE_AFTER = timedelta(days=7)
"""A document not visited for this long no longer overrules what a later one newly states."""

WITHDRAWN = "withdrawn"
ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Segment:
    """One amount a page states for a series, from a moment on, to a moment, exclusive."""

    amount: int
    """Pico-units of the currency per unit."""
    valid_from: datetime | None
    valid_to: datetime | None
    label: str
    """The model as printed."""
    tier: str
    """The tier as printed."""
    list_amount: int | None = None
    text: str = ""
    locator: str = ""

    @property
    def says(self) -> tuple[int, datetime | None, datetime | None]:
        """What counts for the price: the amount and its days."""
        return (self.amount, self.valid_from, self.valid_to)

    def holds_at(self, moment: datetime) -> bool:
        """Whether the segment covers a moment."""
        begun = self.valid_from is None or self.valid_from <= moment
        return begun and (self.valid_to is None or moment < self.valid_to)


Assertion = tuple[Segment, ...]
"""What one reading says of one series, in order of time; empty: it does not show it."""


class ContradictionError(ValueError):
    """One reading states two amounts for one series at one time."""


def assertion(segments: Iterable[Segment]) -> Assertion:
    """Put segments in order; one with no stated end ends where the next one starts.

    Raises ContradictionError where two amounts would hold at one time.
    """
    distinct = {segment.says: segment for segment in reversed(list(segments))}
    ordered = sorted(distinct.values(), key=_start)
    closed = [_until(segment, after) for segment, after in pairwise(ordered)]
    return tuple(closed + ordered[-1:])


def _start(segment: Segment) -> tuple[bool, str, int]:
    start = segment.valid_from
    return (start is not None, start.isoformat() if start else "", segment.amount)


def _until(segment: Segment, after: Segment) -> Segment:
    if segment.valid_from == after.valid_from or after.valid_from is None:
        raise ContradictionError(f"{segment.text} | {after.text}")
    if segment.valid_to is None:
        return replace(segment, valid_to=after.valid_from)
    if segment.valid_to > after.valid_from and segment.amount != after.amount:
        raise ContradictionError(f"{segment.text} | {after.text}")
    return segment


@dataclass(frozen=True, slots=True)
class Seen:
    """One complete visit of a document in one form, by its identifier in the store."""

    at: datetime
    visit: int


@dataclass(frozen=True, slots=True)
class Chain:
    """All visits of one document in one form, and what they say of one series.

    ``stated`` gives, in order of time, the visits from which on the chain says something else,
    by index into ``visits``: an assertion, an empty one for absence, None for silence (held).
    """

    document: int
    """The document's place in its source's declared order."""
    form: str
    visits: Sequence[Seen]
    stated: Sequence[tuple[int, Assertion | None]]


@dataclass(frozen=True, slots=True)
class Entry:
    """From ``valid_from`` on the price is ``amount``; without an amount, it has come to an end."""

    valid_from: datetime
    amount: int | None
    reason: str
    """Why there is no amount: withdrawn or ended; empty where there is one."""
    precision: Precision
    not_before: datetime | None
    visit: int
    """The visit that proves it."""
    segment: Segment | None
    announced: bool = False
    """Stated before it came."""
    initial: bool = False
    """First seen at the first visit of its document's form."""
    corrected: bool = field(default=False, compare=False)
    """From a correction, or where one ends: our knowledge changed, not the price."""


@dataclass(frozen=True, slots=True)
class Cancelled:
    """A price that was announced and then no longer stated."""

    entry: Entry
    old: int | None
    """The amount that held when it was cancelled."""
    at: datetime
    visit: int


@dataclass(frozen=True, slots=True)
class Earlier:
    """What is left out before the first entry, where only the recent past was folded."""

    by: datetime
    """A moment at which the first entry held."""
    lowest: int | None
    """The lowest amount of what is left out."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """A series' prices in order of time, and the announcements that came to nothing."""

    entries: tuple[Entry, ...] = ()
    cancelled: tuple[Cancelled, ...] = ()
    earlier: Earlier | None = None
    """None: nothing is left out."""

    def amount_at(self, moment: datetime) -> int | None:
        """Give the amount in force at a moment; None where there is none."""
        place = bisect_right([entry.valid_from for entry in self.entries], moment)
        return self.entries[place - 1].amount if place else None


def fold(chains: Sequence[Chain]) -> Timeline:
    """Fold one series' chains into its timeline."""
    shown = [chain for chain in chains if chain.stated]
    every = len(shown) > 1
    documents = sorted({chain.document for chain in shown})
    spoken = [
        _document_marks(_points([c for c in shown if c.document == document], every=every))
        for document in documents
    ]
    return _Sweep().run(_spoken(spoken))


@dataclass(frozen=True, slots=True)
class _Point:
    at: datetime
    visit: int
    document: int
    form: str
    segments: Assertion
    first: bool


def _points(chains: Iterable[Chain], *, every: bool) -> list[_Point]:
    points = [point for chain in chains for point in _chain_points(chain, every=every)]
    return sorted(points, key=lambda point: (point.at, point.form))


def _chain_points(chain: Chain, *, every: bool) -> Iterator[_Point]:
    starts = [0, *(index for index, _ in chain.stated), len(chain.visits)]
    says: list[Assertion | None] = [(), *(said for _, said in chain.stated)]
    for (start, end), segments in zip(pairwise(starts), says, strict=True):
        if segments is None:
            continue
        for index in _worth_seeing(start, end, every=every):
            seen = chain.visits[index]
            yield _Point(seen.at, seen.visit, chain.document, chain.form, segments, index == 0)


def _worth_seeing(start: int, end: int, *, every: bool) -> Iterable[int]:
    """Choose the visits of a span that can matter: alone, its first two and its last do."""
    if every or end - start <= len("ABC"):
        return range(start, end)
    return (start, start + 1, end - 1)


@dataclass(frozen=True, slots=True)
class _Mark:
    """One document shows a series at a moment, or (without segments) ceased to show it."""

    at: datetime
    visit: int
    document: int
    segments: Assertion
    last: datetime
    """The document's last sighting by then: this one, or the one before it was gone."""
    without: datetime | None = None
    """Where the series appears: the last complete visit of this form that did not show it."""
    first: bool = False


@dataclass(slots=True)
class _Watch:
    """What a sweep over one document's visits remembers."""

    showing: bool = False
    last: datetime | None = None
    forms: set[str] = field(default_factory=set)
    absent: dict[str, _Point] = field(default_factory=dict)
    without: dict[str, datetime] = field(default_factory=dict)


def _document_marks(points: Iterable[_Point]) -> list[_Mark]:
    watch = _Watch()
    marks = (_sighted(watch, p) if p.segments else _missed(watch, p) for p in points)
    return [mark for mark in marks if mark is not None]


def _sighted(watch: _Watch, point: _Point) -> _Mark:
    without = None if watch.showing else watch.without.get(point.form)
    watch.showing, watch.last = True, point.at
    watch.forms.add(point.form)
    watch.absent.clear()
    return _Mark(
        point.at,
        point.visit,
        point.document,
        point.segments,
        last=point.at,
        without=without,
        first=point.first,
    )


def _missed(watch: _Watch, point: _Point) -> _Mark | None:
    watch.without[point.form] = point.at
    if not watch.showing or point.form not in watch.forms or watch.last is None:
        return None
    first = watch.absent.setdefault(point.form, point)
    if first is point:
        return None
    watch.showing = False
    watch.absent.clear()
    return _Mark(first.at, first.visit, first.document, (), last=watch.last)


def _says(segments: Assertion) -> tuple[object, ...]:
    return tuple(segment.says for segment in segments)


def _holding(segments: Assertion, moment: datetime) -> Segment | None:
    return next((segment for segment in segments if segment.holds_at(moment)), None)


def amount_at(segments: Assertion, moment: datetime) -> int | None:
    """Give the amount an assertion says is in force at a moment; None: none is."""
    segment = _holding(segments, moment)
    return segment.amount if segment else None


def _spoken(documents: Sequence[list[_Mark]]) -> list[_Mark]:
    """Choose who is heard where several documents of a source show one series."""
    if len(documents) == 1:
        return documents[0]
    return _Choir(documents).sing()


@dataclass(slots=True)
class _Choir:
    """Several documents of one source: the first by declared order that shows a series counts.

    A later document is heard only where it newly states another amount, and either the one in
    force has not been visited for long, or its next visit says the same. So two documents that
    disagree make no change, and one that is visited more often dates a change more closely.
    """

    documents: Sequence[list[_Mark]]
    showing: dict[int, _Mark] = field(default_factory=dict)
    speaker: int | None = None
    heard: list[_Mark] = field(default_factory=list)

    def sing(self) -> list[_Mark]:
        marks = sorted(
            (mark for marks in self.documents for mark in marks),
            key=lambda mark: (mark.at, mark.document),
        )
        for mark in marks:
            if mark.segments:
                self._shows(mark)
            else:
                self._gone(mark)
        return self.heard

    def _shows(self, mark: _Mark) -> None:
        before = self.showing.get(mark.document)
        self.showing[mark.document] = mark
        outranked = self.speaker is not None and self.speaker < mark.document
        repeats = before is not None and _says(before.segments) == _says(mark.segments)
        if outranked and (repeats or not self._overrules(mark)):
            return
        self.speaker = mark.document
        self.heard.append(mark)

    def _overrules(self, mark: _Mark) -> bool:
        force = self.showing[self.speaker] if self.speaker is not None else mark
        stated = amount_at(mark.segments, mark.at)
        if stated == amount_at(force.segments, mark.at):
            return False
        later = self._next(force.document, mark.at)
        if later is None:
            return mark.at - force.at > STALE_AFTER
        return bool(later.segments) and amount_at(later.segments, mark.at) == stated

    def _next(self, document: int, moment: datetime) -> _Mark | None:
        marks = next(m for m in self.documents if m and m[0].document == document)
        place = bisect_right([mark.at for mark in marks], moment)
        return marks[place] if place < len(marks) else None

    def _gone(self, mark: _Mark) -> None:
        del self.showing[mark.document]
        if self.speaker != mark.document:
            return
        self.speaker = min(self.showing, default=None)
        if self.speaker is None:
            self.heard.append(mark)
        else:
            heir = self.showing[self.speaker]
            self.heard.append(replace(heir, at=mark.at, last=mark.at))


@dataclass(frozen=True, slots=True)
class _Step:
    """From a day on that a page states, this segment holds; none: the price ends."""

    day: datetime
    segment: Segment | None

    @property
    def amount(self) -> int | None:
        return self.segment.amount if self.segment else None


def _steps(segments: Assertion) -> list[_Step]:
    """List the days on which an assertion says that the price starts or ends."""
    starts = [_Step(s.valid_from, s) for s in segments if s.valid_from is not None]
    ends = [
        _Step(s.valid_to, None)
        for s in segments
        if s.valid_to is not None and _holding(segments, s.valid_to) is None
    ]
    return sorted(starts + ends, key=lambda step: step.day)


@dataclass(slots=True)
class _Sweep:
    """One pass over what is heard of a series, in order of time."""

    entries: list[Entry] = field(default_factory=list)
    cancelled: list[Cancelled] = field(default_factory=list)
    pending: list[Entry] = field(default_factory=list)
    before: _Mark | None = None

    def run(self, marks: Iterable[_Mark]) -> Timeline:
        for mark in marks:
            self._hear(mark)
        for entry in self.pending:
            self._add(entry)
        return Timeline(tuple(self.entries), tuple(self.cancelled))

    def _hear(self, mark: _Mark) -> None:
        if mark.segments:
            self._settle(mark)
            self._show(mark)
            self._look_ahead(mark)
        else:
            self._withdraw(mark)
        self.before = mark

    @property
    def _running(self) -> int | None:
        return self.entries[-1].amount if self.entries else None

    @property
    def _latest(self) -> datetime | None:
        return self.entries[-1].valid_from if self.entries else None

    def _add(self, entry: Entry) -> None:
        if entry.amount == self._running:
            return
        if self.entries and entry.valid_from <= self.entries[-1].valid_from:
            # Two visits of one moment: the later document's word replaces the earlier's.
            self.entries.pop()
            self._add(entry)
            return
        self.entries.append(entry)

    def _cancel(self, entry: Entry, mark: _Mark) -> None:
        self.cancelled.append(Cancelled(entry, self._running, mark.at, mark.visit))

    def _settle(self, mark: _Mark) -> None:
        """Decide which announced prices came between the visit before and this one."""
        due = [entry for entry in self.pending if entry.valid_from <= mark.at]
        self.pending = self.pending[len(due) :]
        if not due:
            return
        own = self._own_steps(mark)
        first = own[0].day if own else None
        came = [entry for entry in due if first is None or entry.valid_from < first]
        denied = bool(came) and self._denies(mark, first, came[-1])
        for entry in due:
            if denied or entry not in came:
                self._unless_restated(entry, own, mark)
            else:
                self._add(entry)

    def _unless_restated(self, entry: Entry, own: list[_Step], mark: _Mark) -> None:
        if any((step.day, step.amount) == (entry.valid_from, entry.amount) for step in own):
            self._add(entry)
        else:
            self._cancel(entry, mark)

    def _denies(self, mark: _Mark, first: datetime | None, predicted: Entry) -> bool:
        """Whether the page shows the old amount after the announced day, or until a later one."""
        if first is None:
            shown = _holding(mark.segments, mark.at)
        else:
            shown = next((s for s in mark.segments if s.valid_to == first), None)
        return shown is not None and shown.amount == self._running != predicted.amount

    def _own_steps(self, mark: _Mark) -> list[_Step]:
        """List the days this page states between the last sighting and itself.

        A stated start before the last sighting of the old price loses to the sighting.
        """
        since = self.before.at if self.before else None
        return [
            step
            for step in _steps(mark.segments)
            if step.day <= mark.at and (since is None or step.day > since)
        ]

    def _show(self, mark: _Mark) -> None:
        appears = self._running is None and not (self.before and self.before.segments)
        for step in self._own_steps(mark):
            if step.segment is not None or self._running is not None:
                self._add(_stated(mark, step, appears=appears))
        segment = _holding(mark.segments, mark.at)
        if segment is not None:
            self._add(self._seen(mark, segment, appears=appears))
        elif self._running is not None and _is_over(mark):
            self._add(self._ceased(mark, ENDED))

    def _seen(self, mark: _Mark, segment: Segment, *, appears: bool) -> Entry:
        known = mark.without if appears else self._last_known(mark.at)
        precision = Precision.AT_MOST if known is None else Precision.BETWEEN
        return Entry(
            mark.at,
            segment.amount,
            "",
            precision,
            known,
            mark.visit,
            segment,
            initial=appears and mark.first,
        )

    def _last_known(self, by: datetime) -> datetime | None:
        """Give the last moment at which the old state was known to hold."""
        known = [moment for moment in (self._latest, self.before and self.before.last) if moment]
        return max((moment for moment in known if moment <= by), default=None)

    def _ceased(self, mark: _Mark, reason: str) -> Entry:
        known = self._last_known(mark.at)
        return Entry(mark.at, None, reason, Precision.BETWEEN, known, mark.visit, None)

    def _look_ahead(self, mark: _Mark) -> None:
        """Take what the page says of days to come; what it no longer says is cancelled."""
        stated = {(entry.valid_from, entry.amount): entry for entry in self.pending}
        steps = [step for step in _steps(mark.segments) if step.day > mark.at]
        ahead = {(step.day, step.amount): _stated(mark, step, announced=True) for step in steps}
        for key, entry in stated.items():
            if key in ahead:
                ahead[key] = entry
            else:
                self._cancel(entry, mark)
        self.pending = list(ahead.values())

    def _withdraw(self, mark: _Mark) -> None:
        due = bisect_left([entry.valid_from for entry in self.pending], mark.at)
        for entry in self.pending[:due]:
            self._add(entry)
        for entry in self.pending[due:]:
            self._cancel(entry, mark)
        self.pending = []
        if self._running is not None:
            self._add(self._ceased(mark, WITHDRAWN))


def _is_over(mark: _Mark) -> bool:
    return all(s.valid_to is not None and s.valid_to <= mark.at for s in mark.segments)


def _stated(mark: _Mark, step: _Step, *, announced: bool = False, appears: bool = False) -> Entry:
    return Entry(
        step.day,
        step.amount,
        "" if step.segment else ENDED,
        Precision.EXACT,
        None,
        mark.visit,
        step.segment,
        announced=announced,
        initial=appears and mark.first,
    )
