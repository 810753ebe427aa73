"""What the guards are shown of a visit: what it newly says, beside what is in force."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from catalog.assertions import Visited, series_stated_at
from catalog.folding import Past
from catalog.guards import Held, Judged, Move, Scope, judge
from catalog.holds import Hold
from catalog.publish import Folded
from catalog.readings import Row
from catalog.series import Key, assert_of, key_of
from catalog.timeline import amount_at


def judge_visit(past: Past, this: Visited, before: Folded, holds: Sequence[Hold]) -> list[Held]:
    """Ask the guards about a visit that newly says something."""
    stated = series_stated_at(past.session, [this.id]) & before.timelines.keys()
    if not stated:
        return []
    newly = {key_of(row): row.id for row in past.series(stated)}
    return judge(_Judging(past, this, before, newly, holds).judged())


@dataclass(frozen=True)
class _Judging:
    past: Past
    this: Visited
    before: Folded
    newly: Mapping[Key, int]
    holds: Sequence[Hold]

    @property
    def said(self) -> Mapping[Key, Sequence[Row]]:
        return self.past.said(self.this.reading)

    def judged(self) -> Judged:
        last = self._last_good()
        said = self.past.said(last.reading) if last else {}
        known = [s for s in self.newly.values() if self._in_force(s) is not None]
        return Judged(
            models_before=len({key.subject for key in said}),
            models=len({key.subject for key in self.said}),
            prices_before=len(said) or len(known),
            moves=list(self._moves()),
            amounts=self._amounts(),
            contradictions=[
                key for key in self.newly if key in self.said and assert_of(self.said[key]) is None
            ],
        )

    def _last_good(self) -> Visited | None:
        """Find the last visit before this one of which the document is not held."""
        held = {hold.visit_id for hold in self.holds if hold.scope == Scope.DOCUMENT}
        earlier = [
            visit
            for visit in self.past.chains.visits[self.this.chain]
            if visit.order < self.this.order and visit.id not in held
        ]
        return earlier[-1] if earlier else None

    def _moves(self) -> Iterator[Move]:
        for key, series in self.newly.items():
            old = self._in_force(series)
            new = self._amount(key)
            if old is not None and new is not None and old != new:
                yield Move(key, old, new)

    def _in_force(self, series: int) -> int | None:
        return self.before.timelines[series].amount_at(self.this.at)

    def _amounts(self) -> dict[Key, int]:
        subjects = {key.subject for key in self.newly}
        found = {key: self._amount(key) for key in self.said if key.subject in subjects}
        return {key: amount for key, amount in found.items() if amount is not None}

    def _amount(self, key: Key) -> int | None:
        return amount_at(assert_of(self.said.get(key, ())) or (), self.this.at)
