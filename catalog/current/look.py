"""What the catalog says at one moment, read once and held: the answers to current questions.

A view never changes; what it works out is held with it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from types import MappingProxyType
from typing import Protocol, TypeVar

from catalog.current.facts import AdjustmentSeen, FactSeen, ScoreSeen
from catalog.current.listings import Listing, listing
from catalog.current.retirement import notices, retired_from
from catalog.exchange import Rates
from catalog.identity import Identity, Model
from catalog.past.history import Price
from catalog.past.price_paths import Path
from catalog.ranking import Basis, Mix, Question, Quote, Scored, Subject, basis, rank, stand
from catalog.ranking.best_for import tags
from catalog.trends.market import Market
from catalog.vocabulary import SourceKind

RANKINGS_HELD = 8


class OfModel(Protocol):
    """Something that may be of a known model."""

    @property
    def model(self) -> str | None:
        """The model's id."""


About = TypeVar("About", bound=OfModel)


@dataclass(frozen=True)
class Selling:
    """Who sells inference, and how much of it is known."""

    provider: str
    name: str
    models: int
    """How many known models it has a price for."""
    prices: int
    sources: tuple[str, ...]


@dataclass(frozen=True)
class View:
    """Everything that holds at one moment, as known at one moment."""

    version: int
    """The catalog's version that it was read at."""
    ingest: int
    """The last ingest that it takes in: what is read later by this number is of the same state."""
    sequence: int
    """The last event that it takes in."""
    as_of: datetime
    known_at: datetime
    prices: tuple[Price, ...]
    """In the order of their series; unmapped ones and tools included."""
    facts: tuple[FactSeen, ...]
    scores: tuple[ScoreSeen, ...]
    adjustments: tuple[AdjustmentSeen, ...]
    rates: Rates
    changed: Mapping[str, datetime]
    """When a price of each model last changed, was added or was withdrawn, by its id."""
    good_until: datetime | None
    """When something already known comes to hold; None: nothing is announced."""
    identity: Identity

    @property
    def state(self) -> tuple[int, datetime]:
        """Which state of the catalog it is: a later one of the same store is greater."""
        return self.version, self.as_of

    def rank(self, question: Question) -> tuple[Listing, ...]:
        """Rank every model that has a price, best value first; tools are priced, not ranked.

        The last few rankings asked for are held.
        """
        asked = (question.at.date(), question.mix, question.alpha)
        ranked = self._ranked.get(asked)
        if ranked is None:
            shown = self._listed(question.at)
            standings = rank((one for one, _ in shown.values()), question)
            ranked = _tagged(
                tuple(replace(shown[one.model.id][1], standing=one) for one in standings),
                question.at,
            )
            if len(self._ranked) >= RANKINGS_HELD:
                self._ranked.clear()
            self._ranked[asked] = ranked
        return ranked

    @cached_property
    def by_model(self) -> Mapping[str, tuple[Price, ...]]:
        """The prices of each known model, by its id; another version may have known more."""
        known = self.identity.models
        return _by_model(price for price in self.prices if price.model in known)

    @cached_property
    def by_series(self) -> Mapping[str, Price]:
        """Every price by its series."""
        return MappingProxyType({price.series: price for price in self.prices})

    @cached_property
    def facts_of(self) -> Mapping[str, tuple[FactSeen, ...]]:
        """The facts of each known model, by its id."""
        return _by_model(self.facts)

    @cached_property
    def scores_of(self) -> Mapping[str, tuple[ScoreSeen, ...]]:
        """The scores of each known model, by its id."""
        return _by_model(self.scores)

    def subject(self, model: Model) -> Subject:
        """Give what ranking needs of one model."""
        return Subject(
            model,
            tuple(_quote(price) for price in self.by_model.get(model.id, ())),
            tuple(_scored(score) for score in self.scores_of.get(model.id, ())),
            retired_from(model, notices(self.facts_of.get(model.id, ()))),
        )

    def show(self, model: Model, question: Question) -> Listing:
        """Show one model alone, with who sells it and how fresh that is."""
        return self._shown(basis(self.subject(model), self.rates, question.at), question)

    def _shown(self, one: Basis, question: Question) -> Listing:
        model = one.model.id
        return listing(
            stand(one, question),
            self.by_model.get(model, ()),
            self.facts_of.get(model, ()),
            self.changed.get(model),
        )

    def _listed(self, at: datetime) -> Mapping[str, tuple[Basis, Listing]]:
        """Find, once a day, what each model's standing rests on; within the day nothing moves."""
        held = self._listed_on.get(at.date())
        if held is None:
            known = (self.identity.models[model] for model in self.by_model)
            subjects = [self.subject(model) for model in known if model.kind == "model"]
            bases = [basis(subject, self.rates, at) for subject in subjects]
            held = {one.model.id: (one, self._shown(one, Question(at))) for one in bases}
            self._listed_on.clear()
            self._listed_on[at.date()] = held
        return held

    def market(self, paths: tuple[Path, ...], rates: Rates, at: datetime) -> Market:
        """Put together what an index rests on, with what is known of the models."""
        listed = [one for _, one in self._listed(at).values()]
        return Market(
            models=self.identity.models,
            paths=paths,
            rates=rates,
            retired={one.model.id: one.retired for one in listed if one.retired},
            qualities={
                one.model.id: one.standing.quality.index for one in listed if one.standing.quality
            },
        )

    @cached_property
    def held_paths(self) -> list[tuple[Path, ...]]:
        """The paths of everything, once they were asked for."""
        return []

    @cached_property
    def held_markets(self) -> dict[str | None, Market]:
        """What indices rest on, by source, once it was asked for."""
        return {}

    @cached_property
    def _ranked(self) -> dict[tuple[date, Mix, Decimal], tuple[Listing, ...]]:
        return {}

    @cached_property
    def _listed_on(self) -> dict[date, Mapping[str, tuple[Basis, Listing]]]:
        return {}

    def providers(self) -> tuple[Selling, ...]:
        """List who sells what there is a price of, by name."""
        by_provider: dict[str, list[Price]] = {}
        for price in self.prices:
            by_provider.setdefault(price.provider, []).append(price)
        return tuple(
            Selling(
                provider=provider,
                name=self._provider_name(provider),
                models=len({price.model for price in prices if price.model}),
                prices=len(prices),
                sources=tuple(sorted({price.source for price in prices})),
            )
            for provider, prices in sorted(by_provider.items())
        )

    def _provider_name(self, provider: str) -> str:
        known = self.identity.providers.get(provider)
        return known.name if known else provider


@dataclass(frozen=True)
class Look:
    """A view, and the moments it was asked about; of the current one, since when it has been so."""

    view: View
    as_of: datetime
    known_at: datetime

    def question(self, mix: Mix, alpha: Decimal) -> Question:
        """Ask how models stand at this moment."""
        return Question(self.as_of, mix, alpha)

    def listing(self, model: Model, question: Question) -> Listing:
        """Show one model as it stands among all, or, where it has no price, alone."""
        ranked = (one for one in self.view.rank(question) if one.model == model)
        return next(ranked, None) or self.view.show(model, question)


def _tagged(listed: tuple[Listing, ...], at: datetime) -> tuple[Listing, ...]:
    """Say of each model what it is the best for."""
    best = tags(listed, at)
    return tuple(
        replace(one, best_for=best[one.model.id]) if one.model.id in best else one for one in listed
    )


def _by_model(things: Iterable[About]) -> Mapping[str, tuple[About, ...]]:
    grouped: dict[str, list[About]] = {}
    for thing in things:
        if thing.model is not None:
            grouped.setdefault(thing.model, []).append(thing)
    return MappingProxyType({model: tuple(some) for model, some in grouped.items()})


def _quote(price: Price) -> Quote:
    return Quote(
        series=price.series,
        provider=price.provider,
        official=price.kind is SourceKind.OFFICIAL,
        tier=price.tier,
        region=price.region,
        context_over=price.context_over,
        variant=price.variant,
        window=price.window,
        meter=price.meter,
        unit=price.unit,
        currency=price.currency,
        amount=price.amount,
    )


def _scored(score: ScoreSeen) -> Scored:
    return Scored(
        benchmark=score.benchmark,
        printed=score.printed,
        score=score.score,
        source=score.source,
        stated=score.date,
        seen=score.seen_at,
    )
