"""What the guards are shown of a visit: what it newly says, beside what is in force."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from catalog.documents.readings import Row
from catalog.events.publish import Folded
from catalog.past.assertions import series_stated_at
from catalog.past.folding import Past
from catalog.past.series import Key, assert_of, key_of
from catalog.past.timeline import Assertion, amount_at
from catalog.past.visited import Visited
from catalog.reading import COLUMNS
from catalog.review.agreement import witnesses
from catalog.review.guards import OF_MODELS, Held, HoldScope, Judged, Move, agreed, judge
from catalog.review.holds import Hold

_FROM = COLUMNS.index("valid_from")


def judge_visit(
    past: Past, this: Visited, before: Folded, holds: Sequence[Hold], *, now: datetime
) -> list[Held]:
    """Ask the guards about a visit that newly says something, of today and of days it states.

    ``now`` is when other sources are asked whether they state the same.
    """
    stated = series_stated_at(past.session, [this.id]) & before.timelines.keys()
    if not stated:
        return []
    newly = {key_of(row): row.id for row in past.series(stated)}
    judging = _Judging(past, this, before, newly, holds, now)
    held = judge(judging.judged())
    for day in judging.days():
        held += judge(judging.announced(day), OF_MODELS)
    return list(_merged(held))


def _merged(held: Iterable[Held]) -> Iterator[Held]:
    """Put together what one guard holds of one thing, on whatever day."""
    found: dict[tuple[str, str], Held] = {}
    for one in held:
        known = found.setdefault((one.guard.name, one.about), one)
        reasons = tuple(dict.fromkeys(known.reasons + one.reasons))
        found[one.guard.name, one.about] = replace(known, reasons=reasons)
    yield from found.values()


@dataclass(frozen=True)
class _Judging:
    past: Past
    this: Visited
    before: Folded
    newly: Mapping[Key, int]
    holds: Sequence[Hold]
    now: datetime

    @property
    def said(self) -> Mapping[Key, Sequence[Row]]:
        return self.past.said(self.this.reading)

    def judged(self) -> Judged:
        last = self._last_good()
        said = self.past.said(last.reading) if last else {}
        known = [s for s in self.newly.values() if self._in_force(s, self.this.at) is not None]
        moves = list(self._moves(self.this.at))
        return Judged(
            models_before=len({key.subject for key in said}),
            models=len({key.subject for key in self.said}),
            prices_before=len(said) or len(known),
            moves=moves,
            amounts=self._amounts(self.this.at),
            contradictions=[
                key for key in self.newly if key in self.said and assert_of(self.said[key]) is None
            ],
            agreed=self._agreed(moves),
        )

    def announced(self, day: datetime) -> Judged:
        """Show what newly holds from a later day on, beside what was published for it."""
        today = self._amounts(self.this.at)
        new = [move for move in self._moves(day) if today.get(move.key) != move.new]
        return Judged(
            models_before=0,
            models=0,
            prices_before=0,
            moves=new,
            amounts=self._amounts(day),
            contradictions=(),
            agreed=self._agreed(new),
        )

    def days(self) -> list[datetime]:
        """List the later days from which on the visit newly states a price."""
        days = {
            segment.valid_from
            for key in self.newly
            if any(row[_FROM] for row in self.said.get(key, ()))
            for segment in self._asserted(key)
            if segment.valid_from is not None and segment.valid_from > self.this.at
        }
        return sorted(days)

    def _last_good(self) -> Visited | None:
        """Find the last visit before this one of which the document is not held."""
        held = {hold.visit_id for hold in self.holds if hold.scope == HoldScope.DOCUMENT}
        earlier = [
            visit
            for visit in self.past.chains.visits[self.this.chain]
            if visit.order < self.this.order and visit.id not in held
        ]
        return earlier[-1] if earlier else None

    def _moves(self, moment: datetime) -> Iterator[Move]:
        for key, series in self.newly.items():
            old = self._in_force(series, moment)
            new = self._amount(key, moment)
            if old is not None and new is not None and old != new:
                yield Move(key, old, new)

    def _agreed(self, moves: Iterable[Move]) -> frozenset[Move]:
        """Find the large moves of models whose new amount other sources state."""
        models = self.past.identifier.models
        large = [move for move in moves if move.is_large and move.key.subject in models]
        if not large:
            return frozenset()
        keys = [move.key for move in large]
        others = witnesses(self.past, keys, since=self.this.at, now=self.now)
        return frozenset(move for move in large if agreed(move, others[move.key]))

    def _in_force(self, series: int, moment: datetime) -> int | None:
        return self.before.timelines[series].amount_at(moment)

    def _amounts(self, moment: datetime) -> dict[Key, int]:
        subjects = {key.subject for key in self.newly}
        found = {key: self._amount(key, moment) for key in self.said if key.subject in subjects}
        return {key: amount for key, amount in found.items() if amount is not None}

    def _amount(self, key: Key, moment: datetime) -> int | None:
        return amount_at(self._asserted(key), moment)

    def _asserted(self, key: Key) -> Assertion:
        return assert_of(self.said.get(key, ())) or ()
