"""A source's past, opened for one ingest: what differs between visits, and what that folds to."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from catalog.current.observations import keep_news
from catalog.documents.readings import Row, stored_rows
from catalog.documents.sources import Source
from catalog.events.explain import declared_renamings
from catalog.events.publish import Folded
from catalog.identity import Identity
from catalog.past.assertions import ABSENT, keep_assertions, load_stated, series_stated_at
from catalog.past.recent import Said, Start, fold_from, look_back
from catalog.past.series import CHUNK, Identifier, Key, Series, assert_of, key_of, open_series, says
from catalog.past.visited import Chains, Visited, in_effect, load_visits
from catalog.review.corrections import Said as SaidByPerson
from catalog.review.corrections import corrections_of
from catalog.review.holds import Hold, kept_out


@dataclass
class Past:
    """A source's visits and readings, as far as this ingest opens them."""

    session: Session
    source: Source
    identity: Identity
    restated: set[int] = field(default_factory=set)
    """The visits of which something was stored anew."""
    since: datetime | None = None
    """Only visits since then are opened; None: all are."""
    starts: dict[int, Start] = field(default_factory=dict)
    """From where the past of some series is enough to fold them."""
    lately: dict[int, Said] = field(default_factory=dict)
    """What was said of those since."""
    sections: dict[int, Mapping[str, list[Row]]] = field(default_factory=dict)
    groups: dict[int, dict[Key, list[Row]]] = field(default_factory=dict)

    @cached_property
    def visits(self) -> list[Visited]:
        """The complete visits, in order of time."""
        return load_visits(self.session, self.source.id, since=self.since)

    @cached_property
    def whole(self) -> "Past":
        """The same past with all of its visits."""
        return Past(self.session, self.source, self.identity)

    @cached_property
    def chains(self) -> Chains:
        """The chains of all visits in effect."""
        return Chains.of(in_effect(self.visits))

    def chains_without(self, visit: int) -> Chains:
        """Give the chains as they were before a visit was known."""
        return Chains.of(in_effect(other for other in self.visits if other.id != visit))

    @cached_property
    def identifier(self) -> Identifier:
        """What finds the series of this source's rows."""
        return Identifier(self.identity, self.source.name, self.source.provider)

    @cached_property
    def corrections(self) -> Mapping[int, Sequence[SaidByPerson]]:
        """What persons said of this source's prices, by series."""
        return corrections_of(self.session, self.source.id, self.identifier)

    def said(self, reading: int) -> dict[Key, list[Row]]:
        """Give a reading's points by series."""
        if reading not in self.groups:
            self.groups[reading] = self.identifier.group(self.rows(reading)["points"])
        return self.groups[reading]

    def rows(self, reading: int | None) -> Mapping[str, list[Row]]:
        """Give a reading's rows by section."""
        number = reading or 0
        if number not in self.sections:
            self.sections[number] = stored_rows(self.session, reading)
        return self.sections[number]

    def mend(self, visit: Visited, held: Collection[int]) -> list[Visited]:
        """Store what differs between visits that are neighbours now; give those neighbours."""
        neighbours: list[Visited] = []
        touched = {visit.chain} | {v.chain for v in self.visits if v.page == visit.page}
        for chain in sorted(touched):
            before, after = self.chains.around(chain, visit)
            line = [before, visit, after] if chain == visit.chain else [before, after]
            for one, other in pairwise(line):
                self.compare(one, other, held)
            neighbours += [one for one in (before, after) if one is not None]
        return neighbours

    def compare(
        self, before: Visited | None, after: Visited | None, held: Collection[int] = ()
    ) -> None:
        """Store what a visit newly says, compared with the one before it in its chain.

        After a visit of which something is held, all of that is said anew.
        """
        if after is None or (before is not None and before.reading == after.reading):
            return
        old = self.said(before.reading) if before else {}
        new = self.said(after.reading)
        keys = old.keys() | new.keys()
        moved = {key for key in keys if says(old.get(key, ())) != says(new.get(key, ()))}
        if before is not None and before.id in held:
            moved |= self._keys(series_stated_at(self.session, [before.id]))
        self._keep(after, moved, new)
        self._keep_news(before, after)

    def _keep(self, visit: Visited, moved: Iterable[Key], new: Mapping[Key, Sequence[Row]]) -> None:
        wanted = sorted(moved)
        series = open_series(
            self.session, (self.source.id, self.source.name), wanted, self.identifier.models
        )
        said = {series[key]: assert_of(new.get(key, ())) for key in wanted}
        keep_assertions(self.session, visit.id, said)
        self.restated.add(visit.id)

    def _keep_news(self, before: Visited | None, after: Visited) -> None:
        old = self.rows(before.reading if before else None)
        new = self.rows(after.reading)
        labels = {str(row[0]) for name in ("facts", "scores") for row in new[name]}
        keep_news(self.session, after.id, old, new, self.identifier.models_of(labels))

    def _keys(self, series: Iterable[int]) -> set[Key]:
        return {key_of(row) for row in self.series(series)}

    def series(self, numbers: Iterable[int]) -> list[Series]:
        """Give stored series by their identifiers."""
        wanted = sorted(numbers)
        found: list[Series] = []
        for start in range(0, len(wanted), CHUNK):
            part = wanted[start : start + CHUNK]
            found += self.session.scalars(select(Series).where(col(Series.id).in_(part)))
        return found

    def near(self, visit: Visited, neighbours: Iterable[Visited]) -> set[int]:
        """Give the series of which anything is newly said between a visit's neighbours.

        Of the visit before, only an absence matters: this one may be the second.

        Where a visit reads a page again, any series may be concerned.
        """
        if any(one.page == visit.page for one in self.visits if one.id != visit.id):
            return series_stated_at(self.session, (one.id for one in self.visits))
        earlier = [one for one in neighbours if one.order < visit.order]
        later = [one for one in neighbours if one.order > visit.order]
        start = max((one.order for one in earlier), default=visit.order)
        end = max((one.order for one in later), default=None)
        between = [
            one.id
            for one in self.visits
            if start < one.order <= (end or one.order) or one.id == visit.id
        ]
        if self._has_several_forms(visit.document):
            earlier = [one for one in self.visits if one.document == visit.document]
        missing = series_stated_at(self.session, (one.id for one in earlier), only=ABSENT)
        return series_stated_at(self.session, between) | missing

    def _has_several_forms(self, document: int) -> bool:
        """Whether a sighting in one form can stand between two absences in another."""
        return sum(number == document for number, _ in self.chains.visits) > 1

    def begin(self, this: Visited, series: Collection[int], holds: Sequence[Hold]) -> None:
        """Find from where the past of some series is enough, for a visit after all others."""
        if self.since is None:
            return
        left = set(series) - self.corrections.keys() - self._renamed(series)
        opened = look_back(self.session, self.source, self.visits, this.id, left)
        silent = self._silent(opened.visits(), holds)
        for number in left:
            start = opened.start(number, silent)
            if start is not None:
                self.starts[number], self.lately[number] = start, opened.said(number)

    def _renamed(self, series: Collection[int]) -> set[int]:
        """Choose the series of tiers that the source is declared to have renamed."""
        names = {new for _, new in declared_renamings(self.identity, self.source.name)}
        rows = self.series(series) if names else []
        return {row.id for row in rows if row.tier.casefold() in names}

    def fold(self, chains: Chains, series: Iterable[int], holds: Sequence[Hold]) -> Folded:
        """Fold some series, leaving out what is held, and corrected where a person did."""
        stated = load_stated(self.session, series)
        return Folded.of(chains.ready(stated, self._silent(stated, holds)), self.corrections)

    def fold_recent(
        self, series: Iterable[int], holds: Sequence[Hold], *, without: int | None = None
    ) -> Folded:
        """Fold some series each from where its past is enough; where none is, all of it.

        ``without`` is a visit that is left out as if it were not known.
        """
        wanted = set(series)
        past = self if self.since is None else self.whole
        left = wanted - self.starts.keys()
        rest = past.fold(past.chains_but(without), left, holds) if left else Folded({}, {})
        visits = self.chains_but(without).visits
        silent = self._silent({n: list(said.items()) for n, said in self.lately.items()}, holds)
        chains, timelines = dict(rest.chains), dict(rest.timelines)
        for number in sorted(wanted & self.starts.keys()):
            start = self.starts[number]
            chain, timelines[number] = fold_from(
                start, number, self.lately[number], visits[start.chain], silent
            )
            chains[number] = [chain]
        return Folded(
            {n: chains[n] for n in sorted(chains)}, {n: timelines[n] for n in sorted(chains)}
        )

    def chains_but(self, without: int | None) -> Chains:
        """Give the chains, as they were before one visit was known where one is named."""
        return self.chains if without is None else self.chains_without(without)

    def _silent(
        self, stated: Mapping[int, Sequence[tuple[int, object]]], holds: Sequence[Hold]
    ) -> set[tuple[int, int]]:
        out = kept_out(holds)
        pairs = [(s, v) for s, rows in stated.items() for v, _ in rows if v in out]
        known = {row.id: key_of(row) for row in self.series({series for series, _ in pairs})}
        return {(series, visit) for series, visit in pairs if out[visit].covers(known[series])}
