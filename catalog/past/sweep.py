"""The pure fold: what documents said at their visits becomes what the price was, and since when.

Nothing here knows a clock or a store. A timeline is a function of the set of visits alone: in
whatever order they come to be known, the same visits give the same timeline.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from catalog.past.marks import Mark, marks_of
from catalog.past.timeline import Assertion, Cancelled, Chain, Entry, Segment, Timeline, holding
from catalog.vocabulary import Precision

WITHDRAWN = "withdrawn"
ENDED = "ended"


def fold(chains: Sequence[Chain]) -> Timeline:
    """Fold one series' chains into its timeline."""
    return _Sweep().run(marks_of(chains))


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
        if s.valid_to is not None and holding(segments, s.valid_to) is None
    ]
    return sorted(starts + ends, key=lambda step: step.day)


@dataclass(slots=True)
class _Sweep:
    """One pass over what is heard of a series, in order of time."""

    entries: list[Entry] = field(default_factory=list)
    cancelled: list[Cancelled] = field(default_factory=list)
    pending: list[Entry] = field(default_factory=list)
    before: Mark | None = None

    def run(self, marks: Iterable[Mark]) -> Timeline:
        for mark in marks:
            self._hear(mark)
        for entry in self.pending:
            self._add(entry)
        return Timeline(tuple(self.entries), tuple(self.cancelled))

    def _hear(self, mark: Mark) -> None:
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

    def _cancel(self, entry: Entry, mark: Mark) -> None:
        self.cancelled.append(Cancelled(entry, self._running, mark.at, mark.visit))

    def _settle(self, mark: Mark) -> None:
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

    def _unless_restated(self, entry: Entry, own: list[_Step], mark: Mark) -> None:
        if any((step.day, step.amount) == (entry.valid_from, entry.amount) for step in own):
            self._add(entry)
        else:
            self._cancel(entry, mark)

    def _denies(self, mark: Mark, first: datetime | None, predicted: Entry) -> bool:
        """Whether the page shows the old amount after the announced day, or until a later one."""
        if first is None:
            shown = holding(mark.segments, mark.at)
        else:
            shown = next((s for s in mark.segments if s.valid_to == first), None)
        return shown is not None and shown.amount == self._running != predicted.amount

    def _own_steps(self, mark: Mark) -> list[_Step]:
        """List the days this page states between the last sighting and itself.

        A stated start before the last sighting of the old price loses to the sighting.
        """
        since = self.before.at if self.before else None
        return [
            step
            for step in _steps(mark.segments)
            if step.day <= mark.at and (since is None or step.day > since)
        ]

    def _show(self, mark: Mark) -> None:
        appears = self._running is None and not (self.before and self.before.segments)
        for step in self._own_steps(mark):
            if step.segment is not None or self._running is not None:
                self._add(_stated(mark, step, appears=appears))
        segment = holding(mark.segments, mark.at)
        if segment is not None:
            self._add(self._seen(mark, segment, appears=appears))
        elif self._running is not None and _is_over(mark):
            self._add(self._ceased(mark, ENDED))

    def _seen(self, mark: Mark, segment: Segment, *, appears: bool) -> Entry:
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

    def _ceased(self, mark: Mark, reason: str) -> Entry:
        known = self._last_known(mark.at)
        return Entry(mark.at, None, reason, Precision.BETWEEN, known, mark.visit, None)

    def _look_ahead(self, mark: Mark) -> None:
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

    def _withdraw(self, mark: Mark) -> None:
        due = bisect_left([entry.valid_from for entry in self.pending], mark.at)
        for entry in self.pending[:due]:
            self._add(entry)
        for entry in self.pending[due:]:
            self._cancel(entry, mark)
        self.pending = []
        if self._running is not None:
            self._add(self._ceased(mark, WITHDRAWN))


def _is_over(mark: Mark) -> bool:
    return all(s.valid_to is not None and s.valid_to <= mark.at for s in mark.segments)


def _stated(mark: Mark, step: _Step, *, announced: bool = False, appears: bool = False) -> Entry:
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
