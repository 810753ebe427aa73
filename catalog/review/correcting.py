"""Taking a person's correction into history, and saying beforehand what it would make of it."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from catalog.documents.sources import Source
from catalog.events.explain import corrections
from catalog.events.publish import Folded, Publisher
from catalog.identity import Identity
from catalog.past.folding import Past
from catalog.past.series import Series
from catalog.past.sweep import fold
from catalog.past.timeline import Timeline
from catalog.review.corrections import Correction, CorrectionError, correct, keep_correction, says
from catalog.review.holds import holds_in_effect
from catalog.store import Clock, writing
from catalog.vocabulary import Cause


@dataclass(frozen=True)
class Corrected:
    """What a correction makes of a series' prices."""

    series: Series
    before: Timeline
    after: Timeline
    events: int = 0


def weigh(
    session: Session, correction: Correction, *, identity: Identity, now: datetime
) -> Corrected:
    """Say what a correction would make of its series; nothing is written.

    Raises CorrectionError where there is no such series, or nothing would be otherwise.
    """
    series = session.scalars(select(Series).filter_by(slug=correction.series)).one_or_none()
    if series is None:
        raise CorrectionError(f"{correction.series} is no series; /prices names each price's")
    past = Past(session, session.get_one(Source, series.source_id), identity)
    folded = past.fold(past.chains, [series.id], holds_in_effect(session, series.source_id))
    page = fold(folded.chains[series.id])
    said = [*past.corrections.get(series.id, ()), says(correction, at=now, visit=0)]
    found = Corrected(series, folded.timelines[series.id], correct(page, said))
    if not corrections(found.before, found.after, 0):
        raise CorrectionError(f"{correction.series}: that is what the tape says already")
    return found


def correct_price(
    engine: Engine, correction: Correction, *, identity: Identity, now: Clock
) -> Corrected:
    """Take a person's correction into history; raise CorrectionError as ``weigh`` does."""
    with writing(engine, now=now) as turn:
        session = turn.session
        weighed = weigh(session, correction, identity=identity, now=turn.recorded_at)
        series = weighed.series
        source = session.get_one(Source, series.source_id)
        visit = keep_correction(turn, source, series.id, correction)
        past = Past(session, source, identity)
        after = past.fold(past.chains, [series.id], holds_in_effect(session, source.id))
        publisher = Publisher(turn, source, Cause.CORRECTED)
        publisher.publish(Folded({}, {series.id: weighed.before}), after, reread=visit)
        return replace(weighed, after=after.timelines[series.id], events=publisher.tell())
