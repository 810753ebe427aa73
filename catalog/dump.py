"""The canonical dump: all history in a stable order, whatever way it came in.

It holds what pages said and what that means, and nothing of when or in which order we came to
know it: no recording times, run numbers, sequence numbers or identifiers. Two stores that took
the same visits have the same dump.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from catalog.current.facts import adjustments, facts, rates, scores
from catalog.current.lifecycle import explain_facts
from catalog.documents.sources import CORRECTIONS, Document, RunDocument, Source
from catalog.events.explain import (
    Offer,
    Told,
    declared_renamings,
    explain,
    explain_model,
    explain_offer,
    explain_renamings,
)
from catalog.events.kin import offer_of
from catalog.events.publish import Folded
from catalog.identity import Identity
from catalog.moments import print_moment
from catalog.money import from_pico, plain
from catalog.past.folding import Past
from catalog.past.revisions import Revision, columns_of, entry_of, revisions_in_force
from catalog.past.series import Key, Series
from catalog.past.timeline import Entry
from catalog.past.visited import in_effect, load_visits
from catalog.review.holds import holds_in_effect

Value = str | int | bool | None
Line = dict[str, Value]


def dump_canonical(session: Session, identity: Identity) -> Iterator[str]:
    """Print all history, one JSON object a line, in a stable order."""
    firsts: dict[str, list[Entry]] = {}
    for source in session.scalars(select(Source).order_by(col(Source.name))).all():
        one = _SourceDump(session, source, identity)
        yield from _printed(one.visits())
        yield from _printed(one.prices())
        yield from _printed(one.events())
        one.first_prices(firsts)
    models = {m: prices for m, prices in firsts.items() if identity.models[m].kind == "model"}
    yield from _printed(_model_events(models))
    yield from _printed(_observations(session))


def _printed(lines: Iterable[Line]) -> Iterator[str]:
    return iter(sorted(json.dumps(line, ensure_ascii=False, sort_keys=True) for line in lines))


class _SourceDump:
    """One source's part of the dump."""

    def __init__(self, session: Session, source: Source, identity: Identity) -> None:
        self.session = session
        self.source = source
        self.declared = declared_renamings(identity, source.name)
        past = Past(session, source, identity)
        series = session.scalars(select(Series).filter_by(source_id=source.id)).all()
        self.series = {row.id: row for row in series}
        holds = holds_in_effect(session, source.id)
        self.folded: Folded = past.fold(past.chains, self.series, holds)
        self.seen = {visit.id: (visit.at, visit.sha256) for visit in past.visits}
        self.seen |= {row.id: (row.fetched_at, row.sha256 or "") for row in self._corrected()}
        self.last = max((visit.at for visit in past.visits), default=None)

    def visits(self) -> Iterator[Line]:
        """Give all visits and corrections, without those whose page was read again."""
        read = {visit.id for visit in in_effect(load_visits(self.session, self.source.id))}
        query = (
            select(RunDocument, col(Document.name))
            .join(Document, col(Document.id) == RunDocument.document_id)
            .where(col(Document.source_id) == self.source.id)
        )
        for visit, document in self.session.execute(query):
            if visit.reading_id is None or visit.id in read:
                yield {
                    "kind": "visit",
                    "source": self.source.name,
                    "document": document,
                    "fetched_at": print_moment(visit.fetched_at),
                    "outcome": visit.outcome,
                    "sha256": visit.sha256,
                }

    def prices(self) -> Iterator[Line]:
        """Give all revisions in force, as they are stored."""
        for series, revisions in revisions_in_force(self.session, self.series).items():
            for revision in revisions:
                yield self._price(self.series[series], revision)

    def _price(self, row: Series, revision: Revision) -> Line:
        columns = columns_of(entry_of(revision))
        said = {name: _value(value) for name, value in columns.items() if name != "visit_id"}
        said["amount"] = _amount(revision.amount)
        said["list_amount"] = _amount(revision.list_amount)
        printed = {"label": said.pop("label"), "printed_tier": said.pop("tier")}
        about = {"kind": "price", **self._about(row)}
        return {**about, **said, **printed, **self._visit(revision.visit_id)}

    def _about(self, row: Series) -> Line:
        key = {name: getattr(row, name) for name in Key._fields}
        return {"source": self.source.name, "model": row.model, **key}

    def _visit(self, number: int) -> Line:
        at, sha256 = self.seen[number]
        return {"fetched_at": print_moment(at), "sha256": sha256}

    def _corrected(self) -> Iterable[RunDocument]:
        """Give what stands for the evidence of corrections."""
        query = (
            select(RunDocument)
            .join(Document, col(Document.id) == RunDocument.document_id)
            .where(col(Document.source_id) == self.source.id, col(Document.name) == CORRECTIONS)
        )
        return self.session.scalars(query)

    def events(self) -> Iterator[Line]:
        """Give the events that explain the timelines in force."""
        for series, timeline in self.folded.timelines.items():
            for told in explain(timeline):
                yield from self._event(told, self._about(self.series[series]))
        for offer, members in self._offers().items():
            timelines = [self.folded.timelines[series] for series in members]
            for told in explain_offer(offer, timelines):
                yield from self._event(told, {"source": self.source.name})
        offers = {series: offer_of(row) for series, row in self.series.items()}
        for _, told in explain_renamings(self.folded.chains, offers, self.declared):
            yield from self._event(told, {"source": self.source.name})
        for model, told in explain_facts(self.session, self.source.name):
            yield from self._event(told, {"source": self.source.name, "model": model})

    def _event(self, told: Told, about: Mapping[str, Value]) -> Iterator[Line]:
        if told.arrives and (self.last is None or told.valid_from > self.last):
            return
        yield {**about, **_event(told), **self._visit(told.visit)}

    def _offers(self) -> dict[Offer, list[int]]:
        offers: dict[Offer, list[int]] = {}
        for series, row in self.series.items():
            offers.setdefault(offer_of(row), []).append(series)
        return offers

    def first_prices(self, firsts: dict[str, list[Entry]]) -> None:
        """Note the first price of each series under its model."""
        for series, timeline in self.folded.timelines.items():
            model = self.series[series].model
            if model and timeline.entries:
                entry = timeline.entries[0]
                firsts.setdefault(model, []).append(entry)


def _model_events(firsts: Mapping[str, list[Entry]]) -> Iterator[Line]:
    for model, prices in firsts.items():
        for told in explain_model(prices):
            yield {"model": model, **_event(told)}


def _event(told: Told) -> Line:
    return {
        "kind": "event",
        "type": told.type.value,
        "valid_from": print_moment(told.valid_from),
        "old": _amount(told.old),
        "new": _amount(told.new),
        "initial": told.initial,
        "all_time_low": told.low,
        "detail": told.detail,
        "text": told.text,
    }


def _observations(session: Session) -> Iterator[Line]:
    for fact in facts(session):
        yield _line("fact", asdict(fact))
    for score in scores(session):
        yield _line("score", asdict(score))
    for adjustment in adjustments(session):
        yield _line("adjustment", asdict(adjustment))
    for rate in rates(session):
        yield _line("rate", dict(rate))


def _line(kind: str, columns: Mapping[str, object]) -> Line:
    return {"kind": kind, **{name: _value(value) for name, value in columns.items()}}


def _amount(pico: int | None) -> str | None:
    return None if pico is None else plain(from_pico(pico))


def _value(value: object) -> Value:
    if isinstance(value, datetime):
        return print_moment(value)
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, date):
        return value.isoformat()
    return value if value is None or isinstance(value, str | int | bool) else str(value)
