"""What is heard of a series: the visits at which documents show it, and which of them counts."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise

from catalog.past.timeline import Assertion, Chain, amount_at

STALE_AFTER = timedelta(days=7)
"""A document not visited for this long no longer overrules what a later one newly states."""


@dataclass(frozen=True, slots=True)
class Mark:
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


def marks_of(chains: Sequence[Chain]) -> list[Mark]:
    """Give what is heard of one series, in order of time."""
    shown = [chain for chain in chains if chain.stated]
    every = len(shown) > 1
    documents = sorted({chain.document for chain in shown})
    spoken = [
        _document_marks(_points([c for c in shown if c.document == document], every=every))
        for document in documents
    ]
    return _spoken(spoken)


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


@dataclass(slots=True)
class _Watch:
    """What a sweep over one document's visits remembers."""

    showing: bool = False
    last: datetime | None = None
    forms: set[str] = field(default_factory=set)
    absent: dict[str, _Point] = field(default_factory=dict)
    without: dict[str, datetime] = field(default_factory=dict)


def _document_marks(points: Iterable[_Point]) -> list[Mark]:
    watch = _Watch()
    marks = (_sighted(watch, p) if p.segments else _missed(watch, p) for p in points)
    return [mark for mark in marks if mark is not None]


def _sighted(watch: _Watch, point: _Point) -> Mark:
    without = None if watch.showing else watch.without.get(point.form)
    watch.showing, watch.last = True, point.at
    watch.forms.add(point.form)
    watch.absent.clear()
    return Mark(
        point.at,
        point.visit,
        point.document,
        point.segments,
        last=point.at,
        without=without,
        first=point.first,
    )


def _missed(watch: _Watch, point: _Point) -> Mark | None:
    watch.without[point.form] = point.at
    if not watch.showing or point.form not in watch.forms or watch.last is None:
        return None
    first = watch.absent.setdefault(point.form, point)
    if first is point:
        return None
    watch.showing = False
    watch.absent.clear()
    return Mark(first.at, first.visit, first.document, (), last=watch.last)


def _says(segments: Assertion) -> tuple[object, ...]:
    return tuple(segment.says for segment in segments)


def _spoken(documents: Sequence[list[Mark]]) -> list[Mark]:
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

    documents: Sequence[list[Mark]]
    showing: dict[int, Mark] = field(default_factory=dict)
    speaker: int | None = None
    heard: list[Mark] = field(default_factory=list)

    def sing(self) -> list[Mark]:
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

    def _shows(self, mark: Mark) -> None:
        before = self.showing.get(mark.document)
        self.showing[mark.document] = mark
        outranked = self.speaker is not None and self.speaker < mark.document
        repeats = before is not None and _says(before.segments) == _says(mark.segments)
        if outranked and (repeats or not self._overrules(mark)):
            return
        self.speaker = mark.document
        self.heard.append(mark)

    def _overrules(self, mark: Mark) -> bool:
        force = self.showing[self.speaker] if self.speaker is not None else mark
        stated = amount_at(mark.segments, mark.at)
        if stated == amount_at(force.segments, mark.at):
            return False
        later = self._next(force.document, mark.at)
        if later is None:
            return mark.at - force.at > STALE_AFTER
        return bool(later.segments) and amount_at(later.segments, mark.at) == stated

    def _next(self, document: int, moment: datetime) -> Mark | None:
        marks = next(m for m in self.documents if m and m[0].document == document)
        place = bisect_right([mark.at for mark in marks], moment)
        return marks[place] if place < len(marks) else None

    def _gone(self, mark: Mark) -> None:
        del self.showing[mark.document]
        if self.speaker != mark.document:
            return
        self.speaker = min(self.showing, default=None)
        if self.speaker is None:
            self.heard.append(mark)
        else:
            heir = self.showing[self.speaker]
            self.heard.append(replace(heir, at=mark.at, last=mark.at))
