"""The recent past: from where folding a series comes to what folding all of it would.

That is a visit which found one plain price, of no stated days, in the only form that ever showed
the series. Nothing said before bears on what comes after it, but for the revision in force then
and the lowest amount so far. So a visit that comes after all others costs what is new.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import TypeGuard

from sqlalchemy import exists, select
from sqlalchemy.orm import Session
from sqlmodel import col

from catalog.documents.document_forms import DocumentForm, forms_of
from catalog.documents.readings import StoredReading
from catalog.documents.sources import RunDocument, Source
from catalog.past.assertions import StatedSince, stated_since, unpack
from catalog.past.last_words import Told, last_words
from catalog.past.revisions import Revision, entry_of, lowest_by, revisions_since
from catalog.past.sweep import fold
from catalog.past.timeline import Assertion, Chain, Earlier, Entry, Seen, Timeline
from catalog.past.visited import Chains, Visited, in_effect
from catalog.review.guards import HoldScope, Lift
from catalog.review.holds import Decision, Hold, lifts

VISITS = 4
"""So many visits of a document before the last one are looked at."""
JUST_BEFORE = timedelta(microseconds=1)


def recent_since(
    session: Session, document: int, visit: int, holds: Iterable[Hold]
) -> datetime | None:
    """Say since when a source's past matters to a stored visit; None: all of it does.

    It does where the visit is not the last one of its document, where there are few, where the
    document has several forms, and where what is held since earlier may be let through.
    """
    query = (
        select(col(RunDocument.id), col(RunDocument.fetched_at), col(StoredReading.form))
        .join(StoredReading, col(StoredReading.id) == RunDocument.reading_id)
        .where(col(RunDocument.document_id) == document)
        .order_by(col(RunDocument.fetched_at).desc(), col(RunDocument.id).desc())
        .limit(1 + VISITS)
    )
    lasts = [(number, at, form) for number, at, form in session.execute(query)]
    if len(lasts) <= VISITS or lasts[0][0] != visit or lasts[0][1] == lasts[1][1]:
        return None
    forms = set(session.scalars(select(col(DocumentForm.form)).filter_by(document_id=document)))
    if len(forms | {form for _, _, form in lasts}) > 1:
        return None
    since = lasts[-1][1]
    several = list(holds)
    refused = {hold.visit_id for hold in several if hold.scope == HoldScope.DOCUMENT}
    if all(number in refused for number, _, _ in lasts[1:]) or _waits(session, several, since):
        return None
    return since


def _waits(session: Session, holds: Iterable[Hold], since: datetime) -> bool:
    """Whether a further identical reading may let through what was held by a moment."""
    waiting = [
        hold.visit_id
        for hold in holds
        if hold.decision == Decision.OPEN and lifts(Lift.REPEATS, hold)
    ]
    earlier = col(RunDocument.id).in_(waiting) & (col(RunDocument.fetched_at) <= since)
    return bool(waiting) and bool(session.scalar(select(exists().where(earlier))))


@dataclass(frozen=True)
class Start:
    """Where the recent past of a series begins."""

    chain: tuple[int, str]
    visit: int
    said: Assertion = ()
    """What that visit said."""
    entry: Entry | None = None
    """What was in force then; None: all that was ever said of the series is recent."""
    earlier: Earlier | None = None


Said = Mapping[int, Assertion | None]
"""What visits newly say of one series."""
Silent = Collection[tuple[int, int]]
"""Series and visits whose word is held."""


@dataclass(frozen=True)
class Lately:
    """What was said of some series since a moment, and last before it."""

    this: int
    """The visit that comes after all others of its document; no past begins there."""
    chains: Chains
    """Of the visits since."""
    forms: Mapping[int, tuple[int, str]]
    """The source's chains, by the number of their form."""
    words: Told
    rows: Mapping[int, Sequence[StatedSince]]
    stored: Mapping[int, Sequence[Revision]]
    lowest: Mapping[int, int]

    def visits(self) -> dict[int, list[tuple[int, object]]]:
        """Name the visits that said something of each series."""
        named: dict[int, list[tuple[int, object]]] = {}
        for series in self.stored:
            words = [word for word in self.words.get(series, {}).values() if word]
            named[series] = [(word.visit, word.segments) for word in words]
            named[series] += [(row.visit, row.segments) for row in self.rows.get(series, ())]
        return named

    def said(self, series: int) -> Said:
        """Give what visits newly say of a series."""
        return {row.visit: unpack(row.segments) for row in self.rows.get(series, ())}

    def start(self, series: int, silent: Silent) -> Start | None:
        """Find where the recent past of a series is enough; None where it is not."""
        words = self.words.get(series, {})
        heard = {*words, *(row.form for row in self.rows.get(series, ()))}
        if len(heard) != 1:
            return None
        form = heard.pop()
        visits = self.chains.visits.get(self.forms[form], ())
        if form not in words:
            return self._all_of_it(series, self.forms[form], visits)
        word = words[form]
        if word is None or (series, word.visit) in silent:
            return None
        return self._plain(series, unpack(word.segments), visits, silent)

    def _all_of_it(
        self, series: int, chain: tuple[int, str], visits: Sequence[Visited]
    ) -> Start | None:
        """Begin with the first visit, where it says nothing yet: it may not be its form's first."""
        if not visits or visits[0].id in self.said(series):
            return None
        return Start(chain, visits[0].id)

    def _plain(
        self, series: int, state: Assertion | None, visits: Sequence[Visited], silent: Silent
    ) -> Start | None:
        said = self.said(series)
        for visit, after in zip_longest(visits, visits[1:]):
            if visit.id == self.this or (series, visit.id) in silent:
                return None
            state = said.get(visit.id, state)
            if _is_plain(state) and (after is None or after.at > visit.at):
                return self._in_force(series, visit, state)
        return None

    def _in_force(self, series: int, visit: Visited, state: Assertion) -> Start | None:
        begun = [known for known in self.stored[series] if known.valid_from <= visit.at]
        if not begun or begun[-1].amount != state[0].amount:
            return None
        amounts = [known.amount for known in begun if known.amount is not None]
        lowest = min([*amounts, self.lowest.get(series, amounts[-1])])
        return Start(visit.chain, visit.id, state, entry_of(begun[-1]), Earlier(visit.at, lowest))


def _is_plain(state: Assertion | None) -> TypeGuard[Assertion]:
    """Whether one price is stated, and no day on which it starts or ends."""
    return bool(state) and all((s.valid_from, s.valid_to) == (None, None) for s in state or ())


def look_back(
    session: Session, source: Source, visits: Sequence[Visited], this: int, series: Iterable[int]
) -> Lately:
    """Read what was said of some series since the first of some visits, and last before it."""
    wanted, since = sorted(series), visits[0].at
    forms = forms_of(session, source.id)
    rows: dict[int, list[StatedSince]] = {}
    for row in stated_since(session, wanted, list(forms), since):
        rows.setdefault(row.series, []).append(row)
    return Lately(
        this=this,
        chains=Chains.of(in_effect(visits)),
        forms=forms,
        words=last_words(session, wanted, since - JUST_BEFORE),
        rows=rows,
        stored=revisions_since(session, wanted, since),
        lowest=lowest_by(session, wanted, since),
    )


def fold_from(
    start: Start, series: int, said: Said, visits: Sequence[Visited], silent: Silent
) -> tuple[Chain, Timeline]:
    """Fold what visits of a chain say of a series from its start."""
    chain = _chain(start, series, said, visits, silent)
    timeline = fold([chain])
    if start.entry is None:
        return chain, timeline
    entries = (start.entry, *timeline.entries[1:])
    return chain, replace(timeline, entries=entries, earlier=start.earlier)


def _chain(
    start: Start, series: int, said: Said, visits: Sequence[Visited], silent: Silent
) -> Chain:
    place = next(place for place, visit in enumerate(visits) if visit.id == start.visit)
    recent = visits[place:]
    stated = {
        index: None if (series, visit.id) in silent else said[visit.id]
        for index, visit in enumerate(recent)
        if visit.id in said
    }
    if start.entry is not None:
        stated[0] = start.said
    seen = tuple(Seen(visit.at, visit.id) for visit in recent)
    return Chain(recent[0].place, recent[0].form, seen, sorted(stated.items(), key=_index))


def _index(stated: tuple[int, Assertion | None]) -> int:
    return stated[0]
